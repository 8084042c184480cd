/* Where two traces part. States that both hold are compared as they are recorded, and so is what
 * came from outside; only from the last state in which they agree on are both played, step by
 * step. So traces with different intervals can be compared too. */
#ifndef TRACES_DIFF_H
#define TRACES_DIFF_H

#include "traces/trace.h"

enum trace_difference_kind {
    TRACE_SAME,              /* every state, everything from outside, the end */
    TRACE_DIFFERENT_MACHINE, /* other memory, or the traces begin at different steps */
    TRACE_DIFFERENT_START,   /* the first states */
    TRACE_DIFFERENT_STEP,    /* up to `step` all was the same; what it received or did is not */
    TRACE_DIFFERENT_END,     /* one ends or is cut off before `step`, or they end otherwise */
};

struct trace_difference {
    enum trace_difference_kind kind;
    uint64_t step;
    char what[512]; /* "r5 becomes 0x00000001 in A, 0x00000002 in B" */
};

/* False: with a fault, one of them is damaged or does not follow from the semantics. */
bool trace_diff(const struct trace *a, const struct trace *b, struct trace_difference *difference,
                struct fault *fault);

#endif
