/* The symbolic reading of isa.def: what one system-mode instruction does to symbolic registers.
 * Memory and control are described, not performed: the caller owns memory and the walk. */
#ifndef SEMANTICS_VAMP_SYMBOLIC_H
#define SEMANTICS_VAMP_SYMBOLIC_H

#include "semantics/vamp/effect.h"
#include "semantics/vamp/vamp.h"
#include "smt/term.h"

struct vamp_effect {
    bool writes_register;
    uint8_t destination; /* never 0 when writes_register; r31 for a link */
    term value;          /* what is written, unless access is LOAD or special is READ;
                            of a special WRITE, what the special register gets; of a trap, EDATA */

    enum vamp_access access;
    uint8_t size_bytes; /* 1, 2 or 4 */
    bool is_signed;     /* LOAD of 1 or 2 bytes: sign-extended */
    term address;       /* effective address, 32 bits; misaligned ones interrupt */
    term data;          /* STORE: the register's 32 bits; the low size_bytes count */

    enum vamp_control control;
    bool links;  /* jal, jalr: value is the return address */
    term taken;  /* BRANCH: a Boolean */
    term target; /* BRANCH, JUMP: 32 bits, a constant unless by register */

    bool may_overflow; /* addo and kin: interrupts iff `overflow` and SR allows it */
    term overflow;     /* a Boolean */

    enum vamp_special special; /* movs2i, movi2s */
    uint8_t special_register;
};

/* `registers[0]` is ignored: r0 reads 0. dpc and pcp are the addresses of the instruction and of
 * the one after it. */
struct vamp_effect vamp_symbolic(struct terms *terms, const struct vamp_insn *insn,
                                 const term registers[VAMP_GPR_COUNT], uint32_t dpc, uint32_t pcp);

#endif
