/* The instructions reachable from a point, up to the next cuts, as a graph in topological order.
 * Only bytes and the target's decoder decide; symbols and line tables are not looked at. */
#ifndef VALIDATOR_CHECK_CODE_GRAPH_H
#define VALIDATOR_CHECK_CODE_GRAPH_H

#include "base/array.h"
#include "validator/check/order.h"
#include "validator/check/relation.h"

/* What the instruction before left pending: it takes effect after this one (a delay slot). */
enum pending_transfer {
    TRANSFER_NONE,
    TRANSFER_INDIRECT, /* control goes to the machine state's `target` */
    TRANSFER_CALL,     /* control goes to the routine at point.next */
};

struct code_node {
    struct point point;
    enum pending_transfer transfer;
    struct decoded decoded;
    bool is_cut; /* a cut's point: control ends here */
    struct successors successors; /* BRANCH: taken, not taken */
};

struct code_graph {
    ARRAY(struct code_node) nodes;
    uint32_t *order;
    uint32_t order_count;
};

/* The address to which the call that `node` completes returns. */
uint32_t code_return_address(const struct target *target, const struct code_node *node);
/* The node's instruction ends with a call, or with an indirect jump, once executed. */
bool code_calls(const struct target *target, const struct code_node *node, uint32_t *callee);
bool code_leaves_indirectly(const struct target *target, const struct code_node *node);

/* Where walks over the code end, besides returns and calls of source functions. */
struct code_ends {
    const struct point *points;
    size_t point_count;
    /* Calls of the allocator that end a walk, by the point to which they come back; all of them if
     * `all_allocations`. */
    const struct point *allocations;
    size_t allocation_count;
    bool all_allocations;
    bool allows_system; /* the code is that of a function with asm blocks */
};
bool code_ends_at_allocation(const struct code_ends *ends, struct point back);

/* The points in `ends` end the walk; `start` itself does at its beginning only if `may_stop_at_start`. Refuses what cannot
 * be followed: undecodable words, control outside [code_start, code_end), a transfer of control
 * in a delay slot. A cycle without a cut gets one where it closes. */
bool code_graph_build(struct arena *arena, const struct subject *subject, uint32_t code_start,
                      uint32_t code_end, const struct code_ends *ends, struct point start,
                      bool may_stop_at_start, struct code_graph *graph, struct fault *fault);

/* The points of the whole function at which cycles close (in a depth-first walk from the entry):
 * cutting there breaks every cycle. Calls are passed over. A hint for those who look for cuts. */
bool code_graph_loop_heads(struct arena *arena, const struct subject *subject,
                           uint32_t code_start, uint32_t code_end, bool allows_system,
                           struct point **heads, size_t *count, struct fault *fault);

/* Reports `message` at an instruction. Always false. */
bool code_refuse(const struct subject *subject, struct fault *fault, uint32_t pc,
                 const char *message);

#endif
