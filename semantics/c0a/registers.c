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

/* `nop`, or another register's like: its value does not matter, nor does it get one. */
static bool is_no_op(const struct vamp_insn *insn)
{
    return insn->op == VAMP_OP_ORI && insn->rd == insn->rs1 && insn->immediate == 0;
}

unsigned c0a_register_written(const struct c0a_instruction *instruction)
{
    if (is_no_op(&instruction->insn))
        return 0;
    return names(instruction, VAMP_OPERAND_RD) && !is_store(instruction) ? instruction->insn.rd : 0;
}

uint32_t c0a_registers_read(const struct c0a_instruction *instruction)
{
    uint32_t read = 0;
    if (is_no_op(&instruction->insn))
        return 0;
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

static const struct c0a_instruction *instruction_of(const struct c0a_binder *binder,
                                                    const struct c0_asm *block, uint32_t step)
{
    return &binder->instructions.at[block->steps[step].instruction];
}

static unsigned reserved_written(const struct c0a_binder *binder, const struct c0_asm *block,
                                 uint32_t step)
{
    unsigned number = c0a_register_written(instruction_of(binder, block, step));
    return number > C0A_SCRATCH_LAST ? number : 0;
}

/* Per step: behind it control may come to the block's end. */
static bool *find_leaving(struct c0a_binder *binder, const struct c0_asm *block)
{
    bool *leaves = ARENA_ARRAY(binder->arena, bool, block->step_count);
    for (bool has_changed = true; has_changed;) {
        has_changed = false;
        for (uint32_t i = block->step_count; i-- > 0;) {
            uint32_t next[2];
            unsigned ways = successors(&block->steps[i], next);
            for (unsigned k = 0; k < ways && !leaves[i]; k++) {
                leaves[i] = next[k] == block->step_count || leaves[next[k]];
                has_changed = has_changed || leaves[i];
            }
        }
    }
    return leaves;
}

/* Per step: one of the compiler's registers that some path to it has written, or 0. */
static uint8_t *find_reserved(struct c0a_binder *binder, const struct c0_asm *block)
{
    uint8_t *before = ARENA_ARRAY(binder->arena, uint8_t, block->step_count);
    for (bool has_changed = true; has_changed;) {
        has_changed = false;
        for (uint32_t i = 0; i < block->step_count; i++) {
            unsigned written = reserved_written(binder, block, i);
            uint8_t after = written != 0 ? (uint8_t)written : before[i];
            uint32_t next[2];
            unsigned ways = successors(&block->steps[i], next);
            for (unsigned k = 0; k < ways; k++) {
                if (after == 0 || next[k] == block->step_count || before[next[k]] != 0)
                    continue;
                before[next[k]] = after;
                has_changed = true;
            }
        }
    }
    return before;
}

/* What follows a write to one of the compiler's registers: no way out, and no [x]. */
static void check_reserved(struct c0a_binder *binder, const struct c0_asm *block)
{
    const bool *leaves = find_leaving(binder, block);
    const uint8_t *reserved = find_reserved(binder, block);
    for (uint32_t i = 0; i < block->step_count; i++) {
        const struct c0a_instruction *instruction = instruction_of(binder, block, i);
        unsigned written = reserved_written(binder, block, i);
        if (written != 0 && leaves[i])
            c0a_refuse(binder, instruction->where,
                       "r%u is the compiler's: it may be written only where rfe ends every path",
                       written);
        else if (reserved[i] != 0 && instruction->operand == C0A_VARIABLE)
            c0a_refuse(binder, instruction->where, "[%s] after r%u was written",
                       instruction->variable->name, (unsigned)reserved[i]);
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
    if (block->step_count == 0)
        return;
    check_reads(binder, block);
    if (!binder->is_refused)
        check_reserved(binder, block);
}
