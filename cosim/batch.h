/* Many random scenarios, one after the other, and what came of them all. */
#ifndef COSIM_BATCH_H
#define COSIM_BATCH_H

#include "cosim/coverage.h"
#include "cosim/scenario.h"

enum { BATCH_STATUS_COUNT = COSIM_FAILED + 1 };

struct batch_totals {
    uint64_t runs[BATCH_STATUS_COUNT]; /* by how they ended */
    struct cosim_counts counts;        /* summed up */
};

struct batch {
    const struct cosim_kernel *kernel;
    uint64_t first_seed, stride, count; /* seeds first, first + stride, ...: a share of several */
    uint64_t max_steps;                 /* of each */
    const struct cosim_checks *checks;  /* NULL: drawn as well */
    struct cosim_coverage *coverage;    /* NULL: none is wanted */
    void *self;
    /* After each run, before its scenario is forgotten; may be NULL. False: the batch ends there.
     */
    bool (*ran)(void *self, uint64_t seed, const struct scenario *scenario,
                const struct cosim_result *result, const struct fault *fault);
};

/* Each in an arena of its own; the kernel is shared. Adds to `totals`. */
void batch_run(const struct batch *batch, struct batch_totals *totals);

void batch_add(struct batch_totals *totals, const struct batch_totals *more);
/* At least one run, and all agreed. */
bool batch_agrees(const struct batch_totals *totals);
uint64_t batch_runs(const struct batch_totals *totals);

void cosim_counts_add(struct cosim_counts *counts, const struct cosim_counts *more);

#endif
