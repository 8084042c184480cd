/* The relations, evaluated on the two machines as they stand (docs/COSIM.md). Incremental: what
 * was written since the last check, on either side; the sweep compares everything. */
#ifndef COSIM_RELATION_H
#define COSIM_RELATION_H

#include "cosim/cosim.h"

/* Where control is. It says where the registers of the running process are. */
enum cosim_point {
    COSIM_AT_ENTRY,   /* the processor is at address 0: registers in it, counters in EDPC, EPC */
    COSIM_IN_KERNEL,  /* at a primitive: all registers in control blocks */
    COSIM_AT_EXIT,    /* at rfe: registers in the processor, counters in EDPC, EPC, SR in ESR */
    COSIM_IN_PROCESS, /* between two instructions of the process, or waiting */
};

struct relation;

struct relation_setup {
    const struct cosim_kernel *kernel;
    struct cvm *abstract;
    struct vamp_machine *processor; /* changes are tracked, and this is who asks for them */
    struct bus *devices;            /* of the physical machine */
    struct device_store swap;       /* what the swap disk holds, whether or not it would give it to
                                       the machine; reading it disturbs nothing */
    struct cosim_counts *counts;    /* compared: counted here */
};
struct relation *relation_new(struct arena *arena, const struct relation_setup *setup);

/* What the incremental check is told besides the changed lines that it asks for itself. */
void relation_note_swap_write(struct relation *relation, uint32_t sector);
void relation_note_device(struct relation *relation, unsigned device);

/* False: the divergence has conjunct, process, address, place, values and text; the next check
 * compares everything. Not at the entry that a reset has made: there nothing need hold. */
bool relation_check(struct relation *relation, enum cosim_point point,
                    struct cosim_divergence *divergence);
/* Everything from scratch. Does not disturb the incremental check. */
bool relation_sweep(struct relation *relation, enum cosim_point point,
                    struct cosim_divergence *divergence);

#endif
