/* From a scenario that diverges to a small one that diverges in the same conjunct (docs/COSIM.md,
 * "Replay files and the minimiser"): programs and instructions become nothing, then what comes from
 * outside becomes a list that loses its events, and the run ends at the divergence. Equal inputs,
 * equal results. */
#ifndef COSIM_MINIMISE_H
#define COSIM_MINIMISE_H

#include "cosim/scenario.h"

struct minimise_size {
    uint32_t programs, instructions; /* that are not empty; words that are not 0 */
    size_t events;                   /* of the list; of a drawn oracle all that came */
    uint64_t steps;                  /* to the divergence */
};

struct minimise_stats {
    uint64_t runs;
    struct minimise_size before, after;
};

/* The result is a replay file's scenario, with a listed oracle and what it shows; it lives in
 * `arena`, and shares kernel and base disk with `scenario`. NULL, with a fault: the scenario does
 * not diverge in `conjunct`, or does not twice. At most so many runs, and a few. */
struct scenario *minimise(struct arena *arena, const struct scenario *scenario,
                          enum cosim_conjunct conjunct, uint64_t max_runs,
                          struct minimise_stats *stats, struct fault *fault);

#endif
