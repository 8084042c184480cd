/* What vouch cosim prints of its runs. */
#ifndef TOOLS_VOUCH_COSIM_REPORT_H
#define TOOLS_VOUCH_COSIM_REPORT_H

#include "cosim/minimise.h"
#include "tools/vouch_cosim_job.h"

/* All that there is to say of a divergence; `replay` reaches it again. */
void report_divergence(struct arena *arena, const struct scenario *replay,
                       const struct job_outcome *outcome, FILE *out);

/* What the minimiser has made of it, in the file. */
void report_small(const struct minimise_stats *stats, const char *path, FILE *out);

/* The table: its head, a line a run, and the report of one that diverged. */
void report_head(bool is_timed, FILE *out);
void report_run(const struct job_outcome *outcome, bool is_timed, FILE *out);

/* Sums over all runs. */
struct report_sum {
    uint64_t runs, statuses[COSIM_FAILED + 1];
    uint64_t otherwise; /* replays that were not as recorded */
    uint64_t steps, abstract_steps, kernel_runs, checks;
    double seconds;
    uint64_t compared[COSIM_CONJUNCT_COUNT];
};
void report_add(struct report_sum *sum, const struct job_outcome *outcome);
void report_sum(const struct report_sum *sum, bool is_timed, FILE *out);

#endif
