#include "semantics/c0/flow.h"

#include "base/array.h"
#include "base/require.h"

/* An edge whose target is not known yet: the node that comes next in source order. */
struct loose_edge {
    uint32_t node;
    bool is_otherwise;
};

struct flow_builder {
    struct arena *arena;
    ARRAY(struct c0_flow_node) nodes;
    ARRAY(struct loose_edge) loose;
};

/* The edges that are loose lead to `target`. */
static void tie_edges(struct flow_builder *builder, uint32_t target)
{
    for (size_t i = 0; i < builder->loose.count; i++) {
        struct loose_edge edge = builder->loose.at[i];
        struct c0_flow_node *node = &builder->nodes.at[edge.node];
        *(edge.is_otherwise ? &node->otherwise : &node->next) = target;
    }
    builder->loose.count = 0;
}

static void loosen_edge(struct flow_builder *builder, uint32_t node, bool is_otherwise)
{
    struct loose_edge edge = {node, is_otherwise};
    ARRAY_PUSH(builder->arena, &builder->loose, edge);
}

/* Appends a node; the edges of the statements before it lead there. */
static uint32_t add_node(struct flow_builder *builder, enum c0_flow_kind kind,
                         const struct c0_stmt *stmt)
{
    uint32_t number = (uint32_t)builder->nodes.count;
    tie_edges(builder, number);
    struct c0_flow_node node = {.kind = kind, .stmt = stmt};
    ARRAY_PUSH(builder->arena, &builder->nodes, node);
    if (kind != C0_FLOW_RETURN && kind != C0_FLOW_ASM)
        loosen_edge(builder, number, false);
    return number;
}

static void add_stmt(struct flow_builder *builder, const struct c0_stmt *stmt);

/* Both branches end where the next statement begins: edges that are loose after the first one are
 * laid aside while the second is built. */
static void add_if(struct flow_builder *builder, const struct c0_stmt *stmt)
{
    uint32_t test = add_node(builder, C0_FLOW_BRANCH, stmt);
    add_stmt(builder, stmt->body);
    ARRAY(struct loose_edge) after_body = {0};
    for (size_t i = 0; i < builder->loose.count; i++)
        ARRAY_PUSH(builder->arena, &after_body, builder->loose.at[i]);
    builder->loose.count = 0;
    loosen_edge(builder, test, true);
    if (stmt->otherwise != NULL)
        add_stmt(builder, stmt->otherwise);
    for (size_t i = 0; i < after_body.count; i++)
        ARRAY_PUSH(builder->arena, &builder->loose, after_body.at[i]);
}

static void add_while(struct flow_builder *builder, const struct c0_stmt *stmt)
{
    uint32_t head = add_node(builder, C0_FLOW_BRANCH, stmt);
    builder->nodes.at[head].is_loop_head = true;
    add_stmt(builder, stmt->body);
    tie_edges(builder, head);
    loosen_edge(builder, head, true);
}

/* An edge of an asm step: to another step, or loose where it leaves the block. */
static void add_asm_edge(struct flow_builder *builder, const struct c0_asm *block, uint32_t first,
                         uint32_t node, uint32_t step, bool is_otherwise)
{
    if (step == block->step_count) {
        loosen_edge(builder, node, is_otherwise);
        return;
    }
    struct c0_flow_node *from = &builder->nodes.at[node];
    *(is_otherwise ? &from->otherwise : &from->next) = first + step;
    if (first + step <= node)
        builder->nodes.at[first + step].is_loop_head = true;
}

/* A node for each step, in their order: the block is entered at its first. */
static void add_asm(struct flow_builder *builder, const struct c0_stmt *stmt)
{
    const struct c0_asm *block = stmt->assembly;
    uint32_t first = (uint32_t)builder->nodes.count;
    for (uint32_t i = 0; i < block->step_count; i++) {
        uint32_t node = add_node(builder, C0_FLOW_ASM, stmt);
        builder->nodes.at[node].step = i;
    }
    for (uint32_t i = 0; i < block->step_count; i++) {
        const struct c0_asm_step *step = &block->steps[i];
        if (step->kind != C0_ASM_STEP_END)
            add_asm_edge(builder, block, first, first + i, step->next, false);
        if (step->kind == C0_ASM_STEP_BRANCH)
            add_asm_edge(builder, block, first, first + i, step->otherwise, true);
    }
}

static void add_stmt(struct flow_builder *builder, const struct c0_stmt *stmt)
{
    switch (stmt->kind) {
    case C0_STMT_ASSIGN:
        add_node(builder, C0_FLOW_ASSIGN, stmt);
        return;
    case C0_STMT_CALL:
        add_node(builder, C0_FLOW_CALL, stmt);
        return;
    case C0_STMT_NEW:
        add_node(builder, C0_FLOW_NEW, stmt);
        return;
    case C0_STMT_IF:
        add_if(builder, stmt);
        return;
    case C0_STMT_WHILE:
        add_while(builder, stmt);
        return;
    case C0_STMT_BLOCK:
        for (uint32_t i = 0; i < stmt->stmt_count; i++)
            add_stmt(builder, stmt->stmts[i]);
        return;
    case C0_STMT_RETURN:
        add_node(builder, C0_FLOW_RETURN, stmt);
        return;
    case C0_STMT_ASM:
        add_asm(builder, stmt);
        return;
    }
    require(false, "a statement of C0");
}

struct c0_flow c0_flow_of(struct arena *arena, const struct c0_function *function)
{
    require(function->body != NULL, "the function has a body");
    struct flow_builder builder = {.arena = arena};
    add_stmt(&builder, function->body);
    if (function->result->kind == C0_TYPE_VOID)
        add_node(&builder, C0_FLOW_RETURN, NULL);
    require(builder.loose.count == 0, "a function ends with its return");
    return (struct c0_flow){builder.nodes.at, (uint32_t)builder.nodes.count};
}

bool c0_flow_has_blocks(const struct c0_flow *flow)
{
    for (uint32_t i = 0; i < flow->count; i++)
        if (flow->nodes[i].kind == C0_FLOW_ASM)
            return true;
    return false;
}
