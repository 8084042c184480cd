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

/* What the processor itself holds. gpr[0] is 0. */
struct vamp_state {
    uint32_t dpc, pcp;
    uint32_t gpr[VAMP_GPR_COUNT], spr[VAMP_SPR_COUNT];
};

/* Whatever answers physical addresses, word by word; addresses are aligned. False: nothing is
 * there, and nothing has happened. Memory is [0, size_bytes); what answers beyond it is a device,
 * reached by whole words and in system mode only. 2^32: everything is memory. */
struct vamp_memory {
    void *self;
    uint64_t size_bytes;
    bool (*read)(void *self, uint32_t address, uint32_t *word);
    bool (*write)(void *self, uint32_t address, uint32_t word);
};

/* Why the machine does not execute an instruction. */
enum vamp_stop {
    VAMP_STOP_NONE,
    VAMP_STOP_ILLEGAL_INSTRUCTION,
    VAMP_STOP_MISALIGNED_FETCH,
    VAMP_STOP_MISALIGNED_ACCESS,
    VAMP_STOP_BUS_ERROR_FETCH,
    VAMP_STOP_BUS_ERROR,
    VAMP_STOP_TRAP,
    VAMP_STOP_RFE,
    VAMP_STOP_OVERFLOW,
    VAMP_STOP_USER_MODE,
};

struct vamp_diagnosis {
    enum vamp_stop stop;
    uint32_t dpc;     /* of the instruction */
    uint32_t word;    /* the instruction; 0 if it could not be fetched */
    uint32_t address; /* of the fetch or access that is at fault */
};

/* One instruction in system mode. False: the machine stops there; the state is unchanged. */
bool vamp_step(struct vamp_state *state, const struct vamp_memory *memory,
               struct vamp_diagnosis *diagnosis);

/* The register as software sees it: numbers without a meaning read 0 and ignore writes. */
bool vamp_spr_exists(unsigned number);
bool vamp_is_user_mode(const struct vamp_state *state);

/* "illegal-instruction", "misaligned", "bus-error", "trap", "rfe", "overflow", "user-mode" */
const char *vamp_stop_name(enum vamp_stop stop);
/* "misaligned: lw r1,r2,3 at 0x00000040 accesses 0x00001003" */
void vamp_diagnosis_print(const struct vamp_diagnosis *diagnosis, char *buffer, size_t size_bytes);

#endif
