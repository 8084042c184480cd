/* Which locals a function may still read: only those need a relation at a cut. */
#ifndef VALIDATOR_PROPOSE_LIVENESS_H
#define VALIDATOR_PROPOSE_LIVENESS_H

#include "semantics/c0/flow.h"

struct liveness {
    const bool *before; /* before[node * variable_count + variable] */
    uint32_t variable_count;
};

struct liveness liveness_of(struct arena *arena, const struct c0_function *function,
                            const struct c0_flow *flow);

/* Live before `node` is executed; with `after_call`, live once the call of `node` has returned
 * and before its result is stored. */
bool liveness_at(const struct liveness *liveness, const struct c0_flow *flow, uint32_t node,
                 bool after_call, uint32_t variable);

#endif
