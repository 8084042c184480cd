/* Runs shared among worker processes. Their outcomes come back in the order of the jobs, so that
 * what is printed does not depend on how many workers there are. */
#ifndef TOOLS_VOUCH_COSIM_WORKERS_H
#define TOOLS_VOUCH_COSIM_WORKERS_H

#include "tools/vouch_cosim_job.h"

struct job_source {
    void *self;
    uint64_t count;
    struct job (*at)(void *self, uint64_t number);
    /* Called in order; the outcome's strings live until it returns. */
    void (*done)(void *self, const struct job *job, const struct job_outcome *outcome);
};

/* Coverage of all runs is added to the setting's. False, with a fault: a file could not be written,
 * or a worker died; all outcomes before were told. */
bool workers_run(const struct job_setting *setting, const struct job_source *source,
                 uint64_t workers, struct fault *fault);

#endif
