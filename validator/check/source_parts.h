/* Inside the source's walk: its state, and what its part for asm blocks (source_block.c) does. */
#ifndef VALIDATOR_CHECK_SOURCE_PARTS_H
#define VALIDATOR_CHECK_SOURCE_PARTS_H

#include "validator/check/block.h"
#include "validator/check/path.h"
#include "validator/check/source_walk.h"

/* A state on its way along an edge. */
struct edge {
    const struct path *path;
    struct source_state state;
};

/* A node of the flow graph during the walk: what reached it, and what that comes to. */
struct node_state {
    ARRAY(struct edge) edges;
    const struct path *path;
    term guard;
    struct source_state state;
};

struct source_walker {
    struct arena *arena;
    struct terms *terms;
    const struct subject *subject;
    const struct c0_function *function;
    const struct c0_flow *flow;
    uint32_t value_count; /* of a state: block.h */
    struct source_segment *segment;
    bool *is_cut;
    struct node_state *nodes;
    uint32_t node;              /* of a block, being executed */
    struct source_state *state; /* of the node being executed */
    term guard;                 /* of the path, lazy operands included */
    ARRAY(term) lazy_guards;    /* to return to */
};

/* What holds if the source does not fault here. */
void source_assume(struct source_walker *walk, term condition);
/* The word is touched on this path. */
void source_record(struct source_walker *walk, const struct c0_variable *local, term address,
                   bool is_load_only);

/* A block's access through a register (source_block.c). */
term source_block_load(struct source_walker *walk, const struct effect *effect);
void source_block_store(struct source_walker *walk, const struct effect *effect);

#endif
