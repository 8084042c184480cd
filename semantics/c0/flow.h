/* A function's body as a graph of steps: the program rest of the C0 machine is a node of this
 * graph and a stack of frames. `while` unfolds to a branch whose taken side comes back. */
#ifndef SEMANTICS_C0_FLOW_H
#define SEMANTICS_C0_FLOW_H

#include "base/arena.h"
#include "semantics/c0/program.h"

enum c0_flow_kind {
    C0_FLOW_ASSIGN, /* stmt, then next */
    C0_FLOW_NEW,    /* stmt, then next */
    C0_FLOW_CALL,   /* stmt, then next once the callee has returned */
    C0_FLOW_BRANCH, /* stmt (IF or WHILE) condition: next if true, otherwise if false */
    C0_FLOW_RETURN, /* stmt, or NULL where a void function's body ends */
    C0_FLOW_ASM,    /* step `step` of the block, of any kind: then next, or otherwise, or the end */
};

struct c0_flow_node {
    enum c0_flow_kind kind;
    const struct c0_stmt *stmt;
    uint32_t next, otherwise; /* node numbers */
    uint32_t step;            /* ASM */
    bool is_loop_head;        /* an edge leads back here: every cycle passes through one */
};

/* Nodes are numbered in source order; the only edges to a smaller or equal number are those back
 * to loop heads: the BRANCH of a `while`, or steps of an asm block. Node 0 is the entry. */
struct c0_flow {
    const struct c0_flow_node *nodes;
    uint32_t count;
};

struct c0_flow c0_flow_of(struct arena *arena, const struct c0_function *function);

static inline bool c0_flow_is_loop_head(const struct c0_flow_node *node)
{
    return node->is_loop_head;
}

/* Some node is a step of an asm block. */
bool c0_flow_has_blocks(const struct c0_flow *flow);

/* The step of an ASM node. */
static inline const struct c0_asm_step *c0_flow_asm_step(const struct c0_flow_node *node)
{
    return &node->stmt->assembly->steps[node->step];
}

#endif
