/* The symbolic reading of isa.def, translation.def and step.def: what one instruction does to
 * symbolic registers, and the whole step with its interrupts, translation and memory. */
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

/* One instruction of a program in system mode. Memory, control and interrupts are described, not
 * performed: the caller owns memory and the walk. `registers[0]` is ignored: r0 reads
 * 0. dpc and pcp are the addresses of the instruction and of the one after it. */
struct vamp_effect vamp_symbolic(struct terms *terms, const struct vamp_insn *insn,
                                 const term registers[VAMP_GPR_COUNT], uint32_t dpc, uint32_t pcp);

/* The processor and its memory as terms: 32-bit words, and a memory. */
struct vamp_symbolic_state {
    term dpc, pcp;
    term gpr[VAMP_GPR_COUNT], spr[VAMP_SPR_COUNT]; /* gpr[0] is 0 */
    term memory;
};

/* What is around the processor in one step. */
struct vamp_symbolic_given {
    uint64_t memory_bytes; /* as in struct vamp_memory */
    uint32_t word;         /* the instruction, should its fetch succeed */
    term lines;            /* the causes from outside */
    term device_word;      /* what a device answers, should one be read */
};

/* What a step does. It is said under the assumption, and but for `stops` where none stops it. */
struct vamp_symbolic_step {
    term assumption; /* a fetch that succeeds finds the given word */
    /* By reason: the step does not happen. A device that is not there is another bus error. */
    term stops[VAMP_STOP_COUNT];
    term interrupts; /* MCA, as a word; 0: none is taken */
    struct vamp_symbolic_state after;

    /* The access to a device: not performed, but told. */
    term reads_device, writes_device; /* Booleans */
    term device_address;              /* of the whole word */
    term written_word;
};

/* `state` may hold any terms; numbers of spr without a meaning are not looked at. */
struct vamp_symbolic_step vamp_symbolic_step(struct terms *terms,
                                             const struct vamp_symbolic_state *state,
                                             const struct vamp_symbolic_given *given);

#endif
