/* C0 against code: the C0 machine of the whole concrete kernel, asm blocks included, beside the
 * processor that runs its image (docs/COSIM.md, "C0 against code").
 *
 * The processor goes first. Wherever it comes to a cut of a certificate, to a call, a return or the
 * kernel's rfe, the C0 machine follows to the same place, and the relation that was proved there is
 * evaluated on the two states: memory through the allocation function, parameters, results, kept
 * registers, frames, and in asm blocks special registers and the devices' answers.
 *
 * Whoever runs the physical machine beside another one calls consis_run wherever it would call
 * physical_run: consis finds the kernel's runs in it by itself. */
#ifndef COSIM_CONSIS_H
#define COSIM_CONSIS_H

#include "cosim/cosim.h"

/* The relations of a program and its image: read, or searched for. Made once, used by any number
 * of runs. */
struct consis_certificates;

/* `directory` is as `vouch check --proofs` writes it: <function>/certificate. Nothing in them is
 * believed: one that is wrong leads to a divergence. NULL: they are searched for, and those are
 * taken that can be proved; that takes as long as `vouch check` does. Functions without any are
 * compared at their calls and returns only. NULL, with a fault. */
const struct consis_certificates *
consis_certificates_new(struct arena *arena, const struct c0_program *program,
                        const struct image *image, const char *directory, struct fault *fault);

struct consis_counts {
    uint64_t runs;   /* of the kernel, or of the function */
    uint64_t resets; /* runs that were cut off by a reset of the processor */
    uint64_t cuts;   /* at loops */
    uint64_t calls, returns;
    uint64_t steps;  /* of C0 */
    uint64_t values; /* compared */
};

struct consis_setup {
    const struct consis_certificates *certificates; /* of kernel->concrete and kernel->image */
    const struct cosim_kernel *kernel;
    /* Stops at its own places of the kernel's code in system mode (vamp_machine_add_breakpoint),
     * none of which anybody else may remove. */
    struct physical *physical;
    /* A stop of whoever calls consis_run: it returns there, after it has done its own. */
    bool (*is_stop)(void *self, uint32_t address);
    void *self;
};

struct consis;

/* After the image was loaded, before the first step. NULL, with a fault. */
struct consis *consis_new(struct arena *arena, const struct consis_setup *setup,
                          struct fault *fault);

/* To be told of each access to a device as the physical machine's observer is: also of the swap
 * disk's. */
void consis_device_read(struct consis *consis, uint32_t address, uint32_t word);
void consis_device_write(struct consis *consis, uint32_t address, uint32_t word);

/* physical_run, with the C0 machine following. False: they diverge (COSIM_CONSIS); of the
 * divergence only conjunct, place, address, values and text are set. */
bool consis_run(struct consis *consis, uint64_t max_steps, bool is_plain,
                struct physical_outcome *outcome, struct cosim_divergence *divergence,
                struct fault *fault);

struct consis_counts consis_counts(const struct consis *consis);

#endif
