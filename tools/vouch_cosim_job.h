/* One run of vouch cosim, with all that is wanted of it. */
#ifndef TOOLS_VOUCH_COSIM_JOB_H
#define TOOLS_VOUCH_COSIM_JOB_H

#include "cosim/coverage.h"
#include "cosim/scenario.h"
#include "tools/vouch_cosim_options.h"

/* What the runs of one command have in common. */
struct job_setting {
    const struct cosim_options *options;
    const struct cosim_kernel *kernel;              /* of drawn scenarios, and of coverage */
    struct cosim_coverage *coverage;                /* NULL: not wanted */
};

struct job {
    const struct scenario *scenario; /* NULL: drawn from the seed */
    uint64_t seed;
    const struct consis_certificates *certificates; /* NULL: not wanted */
};

/* How it ended. All strings may be NULL. */
struct job_outcome {
    struct cosim_result result; /* without the divergence's calls, which are in the report */
    struct cosim_checks checks;
    uint64_t max_steps;
    bool has_expectation, is_as_expected; /* of a replay */
    double seconds;
    const char *name, *disk_digest;
    const char *reason; /* FAILED */
    const char *replay; /* the file */
    const char *report; /* DIVERGED: what to print of it */
};

/* False, with a fault: a file that was asked for could not be written. */
bool job_run(struct arena *arena, const struct job_setting *setting, const struct job *job,
             struct job_outcome *outcome, struct fault *fault);

#endif
