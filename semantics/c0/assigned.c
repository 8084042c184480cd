/* Definite assignment: on every path to a read of an elementary local stands an assignment to it.
 * A condition may turn out either way; a loop's body may run or not. */
#include "semantics/c0/check.h"

/* The locals that are assigned where the walk stands. `trail` lists them in the order they came,
 * so that leaving a branch costs no more than what it assigned. */
struct walk {
    struct c0_unit *unit;
    bool *is_assigned;
    uint32_t *trail;
    uint32_t trail_count;
};

static void mark(struct walk *walk, const struct c0_variable *variable)
{
    if (variable->scope == C0_SCOPE_GLOBAL || walk->is_assigned[variable->index])
        return;
    walk->is_assigned[variable->index] = true;
    walk->trail[walk->trail_count++] = variable->index;
}

static void unmark_to(struct walk *walk, uint32_t trail_count)
{
    while (walk->trail_count > trail_count)
        walk->is_assigned[walk->trail[--walk->trail_count]] = false;
}

static void read_variable(struct walk *walk, const struct c0_variable *variable,
                          struct location where)
{
    if (variable->scope != C0_SCOPE_LOCAL || !c0_type_is_elementary(variable->type) ||
        walk->is_assigned[variable->index])
        return;
    c0_error(walk->unit, where, "%s may be read before it is assigned", variable->name);
    mark(walk, variable);
}

/* Every variable read in the expression; an index and a pointer are read even in a place. */
static void read_expr(struct walk *walk, const struct c0_expr *expr)
{
    if (expr->kind == C0_EXPR_VARIABLE) {
        read_variable(walk, expr->variable, expr->where);
        return;
    }
    if (expr->base != NULL)
        read_expr(walk, expr->base);
    if (expr->index != NULL)
        read_expr(walk, expr->index);
}

/* An assignment to a whole variable reads nothing of it. */
static void assign_place(struct walk *walk, const struct c0_expr *place)
{
    if (place->kind == C0_EXPR_VARIABLE)
        mark(walk, place->variable);
    else
        read_expr(walk, place);
}

static void walk_stmt(struct walk *walk, const struct c0_stmt *stmt);

/* Assigned after an if is what both branches assign. */
static void walk_if(struct walk *walk, const struct c0_stmt *stmt)
{
    uint32_t before = walk->trail_count;
    walk_stmt(walk, stmt->body);
    uint32_t count = walk->trail_count - before;
    uint32_t *by_body = ARENA_ARRAY(walk->unit->arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++)
        by_body[i] = walk->trail[before + i];
    unmark_to(walk, before);
    if (stmt->otherwise == NULL)
        return;
    walk_stmt(walk, stmt->otherwise);
    uint32_t kept = before;
    for (uint32_t i = before; i < walk->trail_count; i++)
        walk->is_assigned[walk->trail[i]] = false;
    uint32_t end = walk->trail_count;
    for (uint32_t i = 0; i < count; i++)
        walk->is_assigned[by_body[i]] = true;
    for (uint32_t i = before; i < end; i++) {
        if (walk->is_assigned[walk->trail[i]])
            walk->trail[kept++] = walk->trail[i];
    }
    for (uint32_t i = 0; i < count; i++)
        walk->is_assigned[by_body[i]] = false;
    walk->trail_count = kept;
    for (uint32_t i = before; i < kept; i++)
        walk->is_assigned[walk->trail[i]] = true;
}

/* An asm block may read each variable that it names, and need not write any. */
static void read_operands(struct walk *walk, const struct c0_asm *block)
{
    for (uint32_t i = 0; i < block->line_count; i++)
        for (uint32_t k = 0; k < block->lines[i].operand_count; k++) {
            const struct c0_asm_operand *operand = &block->lines[i].operands[k];
            if (operand->kind == C0_ASM_VARIABLE)
                read_variable(walk, operand->variable, operand->where);
        }
}

static void walk_stmt(struct walk *walk, const struct c0_stmt *stmt)
{
    if (stmt->value != NULL)
        read_expr(walk, stmt->value);
    for (uint32_t i = 0; i < stmt->argument_count; i++)
        read_expr(walk, stmt->arguments[i]);
    if (stmt->place != NULL)
        assign_place(walk, stmt->place);
    for (uint32_t i = 0; i < stmt->stmt_count; i++)
        walk_stmt(walk, stmt->stmts[i]);
    if (stmt->kind == C0_STMT_ASM)
        read_operands(walk, stmt->assembly);
    if (stmt->kind == C0_STMT_IF)
        walk_if(walk, stmt);
    if (stmt->kind == C0_STMT_WHILE) {
        uint32_t before = walk->trail_count;
        walk_stmt(walk, stmt->body);
        unmark_to(walk, before);
    }
}

void c0_check_assigned(struct c0_unit *unit, const struct c0_function *function)
{
    struct walk walk = {.unit = unit};
    walk.is_assigned = ARENA_ARRAY(unit->arena, bool, function->variable_count);
    walk.trail = ARENA_ARRAY(unit->arena, uint32_t, function->variable_count);
    walk_stmt(&walk, function->body);
}
