#include "validator/propose/liveness.h"

#include <string.h>

static void use_expr(bool *live, const struct c0_expr *expr)
{
    if (expr == NULL)
        return;
    if (expr->kind == C0_EXPR_VARIABLE && expr->variable->scope != C0_SCOPE_GLOBAL)
        live[expr->variable->index] = true;
    use_expr(live, expr->base);
    use_expr(live, expr->index);
}

/* The local that an assignment to `place` replaces as a whole; NULL if it is a part of one. */
static const struct c0_variable *replaced(const struct c0_expr *place)
{
    if (place == NULL || place->kind != C0_EXPR_VARIABLE ||
        place->variable->scope == C0_SCOPE_GLOBAL)
        return NULL;
    return place->variable;
}

/* [x] of an asm block: sw replaces x as a whole, lw uses it. Which it is does not matter here: what
 * is live too long does no harm. */
static void transfer_block(const struct c0_asm_step *step, bool *live)
{
    if (step->variable != NULL && step->variable->scope != C0_SCOPE_GLOBAL)
        live[step->variable->index] = true;
}

static void transfer(const struct c0_flow_node *node, bool *live)
{
    const struct c0_stmt *stmt = node->stmt;
    if (stmt == NULL)
        return;
    if (node->kind == C0_FLOW_ASM) {
        transfer_block(c0_flow_asm_step(node), live);
        return;
    }
    const struct c0_variable *killed = replaced(stmt->place);
    if (killed != NULL)
        live[killed->index] = false;
    else
        use_expr(live, stmt->place);
    use_expr(live, stmt->value);
    for (uint32_t i = 0; i < stmt->argument_count; i++)
        use_expr(live, stmt->arguments[i]);
}

static bool has_first(const struct c0_flow_node *node)
{
    return node->kind != C0_FLOW_RETURN &&
           !(node->kind == C0_FLOW_ASM && c0_flow_asm_step(node)->kind == C0_ASM_STEP_END);
}

static bool has_second(const struct c0_flow_node *node)
{
    return node->kind == C0_FLOW_BRANCH ||
           (node->kind == C0_FLOW_ASM && c0_flow_asm_step(node)->kind == C0_ASM_STEP_BRANCH);
}

struct liveness liveness_of(struct arena *arena, const struct c0_function *function,
                            const struct c0_flow *flow)
{
    uint32_t width = function->variable_count;
    bool *before = ARENA_ARRAY(arena, bool, (size_t)flow->count * width);
    bool *live = ARENA_ARRAY(arena, bool, width);
    bool changes = width != 0;
    while (changes) {
        changes = false;
        for (uint32_t i = flow->count; i-- > 0;) {
            const struct c0_flow_node *node = &flow->nodes[i];
            bool *here = before + (size_t)i * width;
            memset(live, 0, width);
            if (has_first(node))
                memcpy(live, before + (size_t)node->next * width, width);
            for (uint32_t v = 0; has_second(node) && v < width; v++)
                live[v] = live[v] || before[(size_t)node->otherwise * width + v];
            transfer(node, live);
            if (memcmp(live, here, width) != 0) {
                memcpy(here, live, width);
                changes = true;
            }
        }
    }
    return (struct liveness){before, width};
}

bool liveness_at(const struct liveness *liveness, const struct c0_flow *flow, uint32_t node,
                 bool after_call, uint32_t variable)
{
    const struct c0_flow_node *at = &flow->nodes[node];
    if (!after_call)
        return liveness->before[(size_t)node * liveness->variable_count + variable];
    const struct c0_variable *result = replaced(at->stmt->place);
    if (result != NULL && result->index == variable)
        return false;
    return liveness->before[(size_t)at->next * liveness->variable_count + variable];
}
