/* The structure of a runtime routine: its loop heads in the order in which control passes them, the
 * places that still hold at a loop head what entry has left there, the segments between the heads,
 * and the places whose values matter. Untrusted: a help for contract_search.h. */
#ifndef VALIDATOR_PROPOSE_CONTRACT_SHAPE_H
#define VALIDATOR_PROPOSE_CONTRACT_SHAPE_H

#include "validator/check/contract_state.h"

/* A place that changes while control loops, and is looked at. */
struct contract_variable {
    struct place place;
    term symbol; /* its value at the cut */
};

struct contract_shape {
    struct arena *arena;
    struct terms *terms;
    struct contract_reader reader; /* names no shifts */
    const struct subject *subject;
    const struct contract *contract;
    const struct image_symbol *code;
    struct contract_relation relation; /* cuts with equalities only */
    /* [0] is the entry, [1 + i] is cut i */
    struct contract_start *starts;
    struct machine_segment *segments;
    struct contract_variable **variables; /* by cut */
    size_t *variable_counts;
};

/* The cut at which a segment arrives. False: it arrives elsewhere (at the exit, or in a loop that
 * no run seems to reach). */
bool contract_shape_cut(const struct contract_shape *shape, const struct machine_arrival *arrival,
                        size_t *cut);

/* False, with a fault, if the code cannot be followed; the relation then says as much as is known
 * of the cuts. */
bool contract_shape_find(struct arena *arena, struct terms *terms, const struct subject *subject,
                         const struct contract *contract, struct contract_shape *shape,
                         struct fault *fault);

#endif
