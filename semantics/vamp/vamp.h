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

/* The causes of interrupts, by their bit in CA: one VAMP_INTERRUPT_<NAME> for each line of
 * interrupts.def. Device d is VAMP_INTERRUPT_DEVICE_0 + d. */
enum vamp_interrupt {
#define VAMP_INTERRUPT(number, name, ...) VAMP_INTERRUPT_##name = (number),
#include "semantics/vamp/interrupts.def"
#undef VAMP_INTERRUPT
    VAMP_INTERRUPT_COUNT
};

/* Addresses from here up are devices. */
#define VAMP_DEVICES UINT32_C(0xFFFF8000)

/* Whatever answers physical addresses, word by word; addresses are aligned. False: nothing is
 * there, and nothing has happened. Memory is [0, size_bytes), all of which answers, and a read of
 * it changes nothing; what answers from VAMP_DEVICES on, beyond memory, is a device, reached by
 * whole words and in system mode only. 2^32: everything is memory. */
struct vamp_memory {
    void *self;
    uint64_t size_bytes;
    bool (*read)(void *self, uint32_t address, uint32_t *word);
    bool (*write)(void *self, uint32_t address, uint32_t word);
};

/* Why the machine does not execute an instruction. A page table or a physical address outside
 * memory is an error of the machine's configuration. */
enum vamp_stop {
    VAMP_STOP_NONE,
    VAMP_STOP_BUS_ERROR_FETCH,
    VAMP_STOP_BUS_ERROR,
    VAMP_STOP_PAGE_TABLE_FETCH,
    VAMP_STOP_PAGE_TABLE,
    VAMP_STOP_PHYSICAL_ADDRESS_FETCH,
    VAMP_STOP_PHYSICAL_ADDRESS,
    /* These two are not the step's: it was undone (vamp_machine_stop_at_interrupts). */
    VAMP_STOP_INTERRUPT,
    VAMP_STOP_RFE,
};
enum { VAMP_STOP_COUNT = VAMP_STOP_RFE + 1 };

struct vamp_diagnosis {
    enum vamp_stop stop;
    uint32_t dpc;        /* of the instruction */
    uint32_t word;       /* the instruction; 0 if it could not be fetched */
    uint32_t address;    /* of the fetch or access that stops (PHYSICAL_ADDRESS: the physical one)
                            or interrupts (mal, pff, pfls) */
    uint32_t interrupts; /* MCA: the causes of the interrupt that was taken; 0 if none was */
};

/* One step of the processor: an instruction, an interrupt, or both. `lines`: the causes from
 * outside, as they are before the step: bit 0 reset, bit 13+d device d; other bits are ignored.
 * False: the machine stops (bus error, machine configuration error); the state is unchanged. */
bool vamp_step(struct vamp_state *state, const struct vamp_memory *memory, uint32_t lines,
               struct vamp_diagnosis *diagnosis);

/* The physical address of an aligned fetch, load or store in the present mode. False: a page fault,
 * or its page table entry lies outside memory. Nothing changes. */
bool vamp_translate(const struct vamp_state *state, const struct vamp_memory *memory,
                    uint32_t address, bool is_store, uint32_t *physical);

/* The register as software sees it: numbers without a meaning read 0 and ignore writes. */
bool vamp_spr_exists(unsigned number);
const char *vamp_spr_name(unsigned number); /* "SR", ...; NULL for one without a meaning */
bool vamp_is_user_mode(const struct vamp_state *state);

/* "illegal-instruction", "misaligned", "page-fault", "trap", "overflow", "device-0" ... */
const char *vamp_interrupt_name(enum vamp_interrupt interrupt);
/* Which of some causes (not 0) has priority. */
enum vamp_interrupt vamp_first_interrupt(uint32_t causes);

/* "bus-error", "page-table", "physical-address", "interrupt", "rfe" */
const char *vamp_stop_name(enum vamp_stop stop);
/* The same; of an undone interrupt the name of the cause that has priority. */
const char *vamp_diagnosis_name(const struct vamp_diagnosis *diagnosis);
/* "misaligned: lw r1,r2,3 at 0x00000040 accesses 0x00001003" */
void vamp_diagnosis_print(const struct vamp_diagnosis *diagnosis, char *buffer, size_t size_bytes);

#endif
