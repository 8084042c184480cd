/* The symbolic walk of the C0 side: from one point of a function's flow graph to the next cuts,
 * along all paths at once (states are merged where paths join, under their guards).
 *
 * This is a reading of semantics/c0/rules.h. Rules that a run could break become `asserts`: the
 * validator proves nothing about runs that fault, so they are assumptions. What typing promises
 * of loaded words becomes `facts`. */
#ifndef VALIDATOR_CHECK_SOURCE_WALK_H
#define VALIDATOR_CHECK_SOURCE_WALK_H

#include "base/array.h"
#include "semantics/c0/flow.h"
#include "validator/check/subject.h"

struct source_state {
    /* By variable: a word, or a memory indexed by byte offset for an aggregate; then, in a function
     * with asm blocks, what block.h lists. */
    term *values;
    term memory; /* shared: globals and heap, and what else blocks reach */
};

enum arrival_kind {
    ARRIVAL_LOOP,
    ARRIVAL_CALL,
    ARRIVAL_EXIT,
    ARRIVAL_LEAVE, /* the kernel's run ends: the whole processor is handed on */
};

struct source_arrival {
    enum arrival_kind kind;
    uint32_t node;
    term guard; /* control comes here iff this holds */
    struct source_state state;
    const term *arguments; /* CALL; of `new` the size in bytes */
    term result;           /* EXIT of a non-void function */
};

/* A word that the source touches, so that it is known to lie inside an object. */
struct source_access {
    const struct c0_variable *local; /* NULL: shared memory */
    term address;                    /* a byte offset within `local`, or an address */
    term guard;
    bool is_load_only; /* a block loads there, perhaps from code: nothing is said about storing */
};

/* What the source has to be shown to do in a block for this walk to be right. */
struct source_obligation {
    const char *what;
    uint32_t node;
    term guard, goal;
    /* The assumptions that were there before: what comes later rests on this. */
    size_t assumption_count;
};

struct source_segment {
    ARRAY(struct source_arrival) arrivals;
    ARRAY(term) assumptions; /* asserts and facts, each under its guard */
    ARRAY(struct source_obligation) obligations;
    ARRAY(struct source_access) accesses;
    uint32_t *access_index; /* hash of (local, address) to the newest access + 1 */
    uint32_t access_slots;
    uint32_t *access_next; /* by access: the next older of the same hash, + 1 */
    size_t access_next_capacity;
};

enum start_kind {
    START_AT,     /* the node is executed */
    START_BEFORE, /* the node is executed, unless it is a cut: then the walk ends at once */
    START_AFTER,  /* the call (or `new`) of the node has returned: its result is `result` */
};

struct source_start {
    enum start_kind kind;
    uint32_t node;
    term result; /* AFTER; unused if the callee is void */
    struct source_state state;
};

/* `is_cut[node]`: walks end there; at a `new`, as at a call of the allocator. Calls and returns always end a walk, and so does the node at
 * which a cycle closes that passes no cut. */
void source_walk(struct arena *arena, struct terms *terms, const struct subject *subject,
                 const struct c0_function *function, bool has_blocks,
                 const struct c0_flow *flow, const bool *is_cut,
                 const struct source_start *start, struct source_segment *segment);

/* A `while` whose condition is a constant that is false: no loop at all. */
bool source_never_loops(const struct c0_flow_node *node);

/* Under what condition the source has touched that word; false if it never did. `may_store`: so
 * that the code may store there. */
term source_touches(struct terms *terms, const struct source_segment *segment,
                    const struct c0_variable *local, term address, bool may_store);

#endif
