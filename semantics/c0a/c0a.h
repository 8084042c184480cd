/* C0A on the VAMP: what an asm block of C0 is in instructions (docs/C0.md, "Inline assembler").
 *
 * Each line of a block becomes one instruction, `li` one or two. The block's steps (struct c0_asm)
 * refer to them by number; an instruction in a delay slot is a step on each path through it. */
#ifndef SEMANTICS_C0A_C0A_H
#define SEMANTICS_C0A_C0A_H

#include "semantics/c0/assembler.h"
#include "semantics/vamp/vamp.h"

enum { C0A_SCRATCH_LAST = 27 }; /* r1 to r27 are the block's own */

enum c0a_operand {
    C0A_PLAIN,     /* the instruction as it stands */
    C0A_VARIABLE,  /* lw, sw: the address is that of the variable's word; rs1 and immediate are 0 */
    C0A_HIGH_HALF, /* lhgi: the immediate is to be the high half of the global's address, such that
                      xori with the sign-extended low half gives the address */
    C0A_LOW_HALF,  /* xori: the low half */
};

struct c0a_instruction {
    struct vamp_insn insn; /* of a branch, the distance in bytes from pcp, as in the block alone */
    enum c0a_operand operand;
    const struct c0_variable *variable; /* unless PLAIN */
    struct location where;
};

struct c0a_code {
    const struct c0a_instruction *at;
    uint32_t count;
};

/* For c0_front_options. Refused, with the line: unknown instructions and operands; jal, jr, jalr
 * and trap; a branch to anything but a label of the block, or with no ordinary instruction in its
 * delay slot; a register read before the block wrote it on every path; a write to r28 to r31,
 * unless all that follows ends in rfe; the ABI's base registers in use by
 * [x] after they were written; a store to [x] where x is not int or unsigned int. */
extern const struct c0_assembler c0a_assembler;

static inline const struct c0a_instruction *c0a_instruction(const struct c0_asm *block,
                                                            uint32_t step)
{
    const struct c0a_code *code = block->code;
    return &code->at[block->steps[step].instruction];
}

#endif
