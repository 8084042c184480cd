/* The VAMP processor: state and one step, the plain reading of isa.def (docs/VAMP.md). */
#ifndef SEMANTICS_VAMP_VAMP_H
#define SEMANTICS_VAMP_VAMP_H

#include "base/arena.h"
#include "base/fault.h"

#include <stdbool.h>
#include <stdint.h>

enum { VAMP_GPR_COUNT = 32, VAMP_SPR_COUNT = 32, VAMP_PAGE_BYTES = 4096 };

/* Special registers with a meaning; all other numbers read 0 and ignore writes. */
enum vamp_spr {
    VAMP_SPR_SR = 0,
    VAMP_SPR_ESR = 1,
    VAMP_SPR_ECA = 2,
    VAMP_SPR_EPC = 3,
    VAMP_SPR_EDPC = 4,
    VAMP_SPR_EDATA = 5,
    VAMP_SPR_RM = 6,
    VAMP_SPR_IEEEF = 7,
    VAMP_SPR_FCC = 8,
    VAMP_SPR_PTO = 9,
    VAMP_SPR_PTL = 10,
    VAMP_SPR_EMODE = 11,
    VAMP_SPR_MODE = 16,
};

/* One VAMP_OP_<NAME> for each line of isa.def, in its order. */
enum vamp_op {
#define VAMP_INSTRUCTION(name, ...) VAMP_OP_##name,
#include "semantics/vamp/isa.def"
#undef VAMP_INSTRUCTION
    VAMP_OP_COUNT
};

struct vamp_insn {
    enum vamp_op op;
    uint8_t rs1, rs2, rd, sa; /* as far as the format has them */
    uint32_t immediate;       /* sign-extended */
};

/* False: an illegal instruction. Every decoded instruction encodes back to a word that decodes to
 * the same instruction. */
bool vamp_decode(uint32_t word, struct vamp_insn *insn);
uint32_t vamp_encode(const struct vamp_insn *insn);
const char *vamp_mnemonic(enum vamp_op op);
/* "addi r1,r2,-4", as the assembler reads it. */
void vamp_print(const struct vamp_insn *insn, char *buffer, size_t size_bytes);

#endif
