/* The worst-case use of the stack along the call graph. */
#ifndef VALIDATOR_CHECK_STACK_H
#define VALIDATOR_CHECK_STACK_H

#include "validator/check/verdict.h"

#include "base/arena.h"

/* A call from one routine to another, whose frame base lies `displacement_bytes` above. */
struct stack_call {
    uint32_t callee;
    uint32_t displacement_bytes;
};

struct stack_routine {
    const char *name;
    uint32_t frame_bytes;
    const struct stack_call *calls;
    size_t call_count;
    bool is_root; /* something outside may call it on an empty stack */
};

/* The deepest chain from a root, each cycle of calls gone through once: no single call may lead
 * beyond the stack, recursive or not. If a root reaches a cycle there is no bound: the finding says
 * so, its chain is the cycle, and `bound_bytes` is what the calls need at least. */
struct stack_finding stack_bound(struct arena *arena, const struct stack_routine *routines,
                                 size_t count, uint32_t limit_bytes);

#endif
