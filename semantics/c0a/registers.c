/* Rules about registers: none is read before the block has written it; r28 to r31 are the
 * compiler's, unless control never comes back: before rfe the whole register file is filled for
 * the interrupted process. */
#include "semantics/c0a/bind.h"
#include "semantics/c0a/uses.h"

#include "semantics/vamp/format.h"

#include <string.h>

static bool names(const struct c0a_instruction *instruction, enum vamp_operand operand)
{
    return strchr(vamp_format(instruction->insn.op)->operands, operand) != NULL;
}

static bool is_store(const struct c0a_instruction *instruction)
{
    enum vamp_op op = instruction->insn.op;
    return op == VAMP_OP_SW || op == VAMP_OP_SH || op == VAMP_OP_SB;
}

unsigned c0a_register_written(const struct c0a_instruction *instruction)
{
    return names(instruction, VAMP_OPERAND_RD) && !is_store(instruction) ? instruction->insn.rd : 0;
}

uint32_t c0a_registers_read(const struct c0a_instruction *instruction)
{
    uint32_t read = 0;
    if (names(instruction, VAMP_OPERAND_RS1))
        read |= UINT32_C(1) << instruction->insn.rs1;
    if (names(instruction, VAMP_OPERAND_RS2))
        read |= UINT32_C(1) << instruction->insn.rs2;
    if (is_store(instruction))
        read |= UINT32_C(1) << instruction->insn.rd;
    return read;
}

static unsigned successors(const struct c0_asm_step *step, uint32_t next[2])
{
    next[0] = step->next;
    next[1] = step->otherwise;
    return step->kind == C0_ASM_STEP_END ? 0 : step->kind == C0_ASM_STEP_BRANCH ? 2 : 1;
}

/* Marks all steps after `step`; true if the block's end is among them. */
static bool mark_after(struct c0a_binder *binder, const struct c0_asm *block, uint32_t step,
                       bool *is_after)
{
    ARRAY(uint32_t) pending = {0};
    ARRAY_PUSH(binder->arena, &pending, step);
    bool leaves = false;
    while (pending.count != 0) {
        const struct c0_asm_step *from = &block->steps[pending.at[--pending.count]];
        uint32_t next[2];
        unsigned ways = successors(from, next);
        for (unsigned i = 0; i < ways; i++) {
            if (next[i] == block->step_count)
                leaves = true;
            else if (!is_after[next[i]])
                ARRAY_PUSH(binder->arena, &pending, next[i]);
            if (next[i] != block->step_count)
                is_after[next[i]] = true;
        }
    }
    return leaves;
}

static const struct c0a_instruction *instruction_of(const struct c0a_binder *binder,
                                                    const struct c0_asm *block, uint32_t step)
{
    return &binder->instructions.at[block->steps[step].instruction];
}

/* What follows a write to one of the compiler's registers: no way out, and no [x]. */
static void check_write(struct c0a_binder *binder, const struct c0_asm *block, uint32_t step)
{
    const struct c0a_instruction *writer = instruction_of(binder, block, step);
    bool *is_after = ARENA_ARRAY(binder->arena, bool, block->step_count);
    if (mark_after(binder, block, step, is_after)) {
        c0a_refuse(binder, writer->where,
                   "r%u is the compiler's: it may be written only where rfe ends every path",
                   c0a_register_written(writer));
        return;
    }
    for (uint32_t i = 0; i < block->step_count; i++) {
        const struct c0a_instruction *later = instruction_of(binder, block, i);
        if (is_after[i] && later->operand == C0A_VARIABLE)
            c0a_refuse(binder, later->where, "[%s] after r%u was written", later->variable->name,
                       c0a_register_written(writer));
    }
}

/* The registers that every path to each step has written, r0 among them. */
static uint32_t *definitely_written(struct c0a_binder *binder, const struct c0_asm *block)
{
    uint32_t *before = ARENA_ARRAY(binder->arena, uint32_t, block->step_count);
    for (uint32_t i = 1; i < block->step_count; i++)
        before[i] = UINT32_MAX;
    before[0] = 1;
    for (bool has_changed = true; has_changed;) {
        has_changed = false;
        for (uint32_t i = 0; i < block->step_count; i++) {
            const struct c0_asm_step *step = &block->steps[i];
            unsigned number = c0a_register_written(instruction_of(binder, block, i));
            uint32_t after = before[i] | UINT32_C(1) << number, next[2];
            unsigned ways = successors(step, next);
            for (unsigned k = 0; k < ways; k++) {
                if (next[k] == block->step_count || (before[next[k]] & ~after) == 0)
                    continue;
                before[next[k]] &= after;
                has_changed = true;
            }
        }
    }
    return before;
}

static void check_reads(struct c0a_binder *binder, const struct c0_asm *block)
{
    const uint32_t *written = definitely_written(binder, block);
    for (uint32_t i = 0; i < block->step_count; i++) {
        const struct c0a_instruction *instruction = instruction_of(binder, block, i);
        uint32_t unknown = c0a_registers_read(instruction) & ~written[i];
        if (unknown != 0) {
            c0a_refuse(binder, instruction->where, "the block may read r%d before it writes it",
                       __builtin_ctz(unknown));
            return;
        }
    }
}

void c0a_check_registers(struct c0a_binder *binder, const struct c0_asm *block)
{
    if (block->step_count != 0)
        check_reads(binder, block);
    for (uint32_t i = 0; i < block->step_count && !binder->is_refused; i++) {
        if (c0a_register_written(instruction_of(binder, block, i)) > C0A_SCRATCH_LAST)
            check_write(binder, block, i);
    }
}
