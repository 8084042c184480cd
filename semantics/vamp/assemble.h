/* One line of assembly to an instruction. Labels, directives, sections and comments belong to the
 * caller; so do symbols: an operand that is not a number is handed to the caller's resolver. */
#ifndef SEMANTICS_VAMP_ASSEMBLE_H
#define SEMANTICS_VAMP_ASSEMBLE_H

#include "base/text.h"
#include "semantics/vamp/vamp.h"

/* What a symbolic operand stands for. */
enum vamp_symbolic_operand {
    VAMP_SYMBOLIC_IMMEDIATE, /* 16 bits, signed: addi, lw, sw, ... */
    VAMP_SYMBOLIC_HIGH_HALF, /* 16 bits, signed or unsigned: lhgi */
    VAMP_SYMBOLIC_BRANCH,    /* 16 bits, signed: a byte distance from pcp; beqz, bnez */
    VAMP_SYMBOLIC_JUMP,      /* 26 bits, signed: a byte distance from pcp; j, jal */
    VAMP_SYMBOLIC_TRAP_CODE, /* 26 bits, signed */
};

struct vamp_resolver {
    void *self;
    /* The number that `expression` stands for in this operand, as a 32-bit word: for BRANCH and
     * JUMP the distance itself, counted from pcp, which is the address of the instruction + 4. A
     * caller that leaves it to a relocation answers 0. False: refused, with a fault. */
    bool (*resolve)(void *self, struct text expression, enum vamp_symbolic_operand operand,
                    struct location where, uint32_t *value, struct fault *fault);
};

/* Reads "addi r1,r2,-4", "lw r1,r2,4", "lw r1,4(r2)", "movs2i r1,SR", "nop", ... Operands are in
 * the order in which vamp_print writes them; sw names the data register first. Numbers are decimal
 * or 0x. A number that its field cannot hold is refused, never truncated. `where` is the place of
 * the first character of `line`; faults point at the operand. Without a resolver (NULL) symbolic
 * operands are refused. */
bool vamp_assemble(struct text line, struct location where, const struct vamp_resolver *resolver,
                   struct vamp_insn *insn, struct fault *fault);

#endif
