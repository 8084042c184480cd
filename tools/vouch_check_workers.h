/* Functions decided by worker processes. A worker that dies costs its functions their proof, never
 * the run its honesty: what no worker reported is `undecided`. */
#ifndef TOOLS_VOUCH_CHECK_WORKERS_H
#define TOOLS_VOUCH_CHECK_WORKERS_H

#include "report/progress.h"
#include "validator/propose/decide.h"

/* Decides functions[i] into decisions[i] with `workers` processes. False, with a fault, if a worker
 * could not read or write a file, or could not be started. */
bool workers_decide(struct arena *arena, const struct subject *subject,
                    const struct c0_function *const *functions, size_t count, unsigned workers,
                    const struct decide_options *options, struct progress *progress,
                    struct decision *decisions, struct fault *fault);

#endif
