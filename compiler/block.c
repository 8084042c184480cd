/* asm blocks of C0A: the instructions as they stand, with the places of variables filled in. */
#include "base/require.h"
#include "compiler/unit.h"
#include "semantics/c0a/c0a.h"

static struct location location_of(const struct c0a_instruction *instruction)
{
    return instruction->where;
}

/* [x]: a local in its slot, a global from r28. */
static bool add_variable(struct function *function, const struct c0a_instruction *instruction)
{
    const struct c0_variable *variable = instruction->variable;
    struct vamp_insn insn = instruction->insn;
    if (variable->scope == C0_SCOPE_GLOBAL) {
        insn.rs1 = REG_GLOBALS;
        code_add_reloc(function->code, insn, OBJECT_RELOC_GLOBAL16,
                       unit_global(function->unit, variable), 0);
        return true;
    }
    insn.rs1 = REG_FRAME;
    insn.immediate = function->slots[variable->index];
    if (insn.immediate > INT16_MAX)
        return fault_at(function->fault, location_of(instruction),
                        "[%s] lies %u bytes from the frame base, beyond the reach of %s",
                        variable->name, (unsigned)insn.immediate, vamp_mnemonic(insn.op));
    code_add(function->code, insn);
    return true;
}

static bool add_instruction(struct function *function, const struct c0a_instruction *instruction)
{
    switch (instruction->operand) {
    case C0A_PLAIN:
        code_add(function->code, instruction->insn);
        return true;
    case C0A_VARIABLE:
        return add_variable(function, instruction);
    case C0A_HIGH_HALF:
        code_add_reloc(function->code, instruction->insn, OBJECT_RELOC_HI16,
                       unit_global(function->unit, instruction->variable), 0);
        return true;
    case C0A_LOW_HALF:
        code_add_reloc(function->code, instruction->insn, OBJECT_RELOC_LO16,
                       unit_global(function->unit, instruction->variable), 0);
        return true;
    }
    require(false, "an instruction of a block");
    return false;
}

bool compile_asm(struct function *function, const struct c0_asm *block, bool *goes_on)
{
    const struct c0a_code *code = block->code;
    for (uint32_t i = 0; i < code->count; i++) {
        if (!add_instruction(function, &code->at[i]))
            return false;
    }
    /* Behind a label nothing takes the last instruction for its delay slot. */
    code_bind(function->code, code_new_label(function->code));
    *goes_on = block->step_count == 0;
    for (uint32_t i = 0; i < block->step_count; i++) {
        const struct c0_asm_step *step = &block->steps[i];
        *goes_on = *goes_on || (step->kind == C0_ASM_STEP_NEXT && step->next == block->step_count);
    }
    return true;
}
