/* Which statements of the kernel the runs have executed: of the abstract kernel as the C0 machine
 * counts them, of the CVM layer as the processor has executed their code (docs/COSIM.md,
 * "Coverage"). Figures for people; no check rests on them. */
#ifndef COSIM_COVERAGE_H
#define COSIM_COVERAGE_H

#include "cosim/cosim.h"

enum coverage_part { COVERAGE_ABSTRACT, COVERAGE_LAYER, COVERAGE_PART_COUNT };
const char *coverage_part_name(enum coverage_part part); /* "kernel/abstract", "kernel/cvm" */

/* A statement that can be executed. */
struct coverage_statement {
    const char *file; /* as the sources are called in the image's line table, where it has them */
    uint32_t line, column;
    const char *function;
    uint64_t count; /* abstract: executions; layer: runs in which it was executed */
};

/* Ordered by file, line and column. */
struct coverage_statements {
    struct coverage_statement *at;
    size_t count;
    /* Left out, because no run can execute them: in functions that nobody calls, and without code
     * of their own. */
    size_t uncalled, without_code;
};

struct cosim_coverage {
    const struct cosim_kernel *kernel;
    uint64_t runs;
    struct coverage_statements parts[COVERAGE_PART_COUNT];
    uint64_t primitives[CVM_PRIMITIVE_COUNT];
    uint64_t transitions[CVM_TRANSITION_COUNT];
    struct coverage_places *places; /* how statements are found in machines */
};

/* Of no run. NULL, with a fault: the image has no line table (c0c -g), or one of other sources. */
struct cosim_coverage *cosim_coverage_new(struct arena *arena, const struct cosim_kernel *kernel,
                                          struct fault *fault);

/* Adds a run, as it stands at its end (cosim_observer.finished). */
void cosim_coverage_add(struct cosim_coverage *coverage, struct cosim *cosim,
                        const struct cosim_result *result);
/* The same, for who has the machines. */
void cosim_coverage_add_machines(struct cosim_coverage *coverage, const struct c0_machine *kernel,
                                 const struct vamp_machine *processor,
                                 const struct cosim_counts *counts);

/* From a process to another one that has made its coverage of the same kernel: the text of one, and
 * the other adds what it reads off the front of `rest`. False: cut short, damaged, or of another
 * kernel; nothing was added. */
void cosim_coverage_send(const struct cosim_coverage *coverage, struct text_builder *out);
bool cosim_coverage_receive(struct cosim_coverage *coverage, struct text *rest);

size_t coverage_covered(const struct coverage_statements *statements);

/* Tables of files, primitives and transitions, and a list of what was not covered. */
void cosim_coverage_print(const struct cosim_coverage *coverage, FILE *out);

#endif
