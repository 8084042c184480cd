#include "semantics/c0/check.h"

static struct c0_stmt *stmt_new(struct c0_unit *unit, enum c0_stmt_kind kind, struct location where,
                                const struct c0_expr *place)
{
    struct c0_stmt *stmt = ARENA_NEW(unit->arena, struct c0_stmt);
    stmt->kind = kind;
    stmt->where = where;
    stmt->place = place;
    return stmt;
}

static bool is_place(struct c0_unit *unit, const struct c0_expr *expr)
{
    if (c0_expr_is_place(expr))
        return true;
    c0_error(unit, expr->where, "the left side of = is a value, not a place in memory");
    return false;
}

/* lv = e: lv is a place, e a value of its type; elementary or a whole struct. */
struct c0_stmt *c0_check_assign(struct c0_unit *unit, struct location where, struct c0_expr *place,
                                struct c0_expr *value)
{
    if (place == NULL || value == NULL || !is_place(unit, place))
        return NULL;
    if (place->type->kind == C0_TYPE_ARRAY) {
        c0_error(unit, where, "arrays are assigned only as parts of structs");
        return NULL;
    }
    if (!c0_type_is_object(place->type)) {
        c0_error(unit, where, "%s is declared but not defined",
                 c0_type_name(unit->arena, place->type));
        return NULL;
    }
    struct c0_stmt *stmt = stmt_new(unit, C0_STMT_ASSIGN, where, place);
    stmt->value = c0_check_value(unit, value, place->type, "the assigned value");
    return stmt->value == NULL ? NULL : stmt;
}

/* lv = new(T): T has objects, lv is a place of type T *. */
struct c0_stmt *c0_check_new(struct c0_unit *unit, struct location where, struct c0_expr *place,
                             const struct c0_type *type)
{
    if (place == NULL || type == NULL || !is_place(unit, place))
        return NULL;
    if (!c0_type_is_object(type)) {
        c0_error(unit, where, "%s has no objects to make", c0_type_name(unit->arena, type));
        return NULL;
    }
    if (place->type->kind != C0_TYPE_POINTER || place->type->element != type) {
        c0_error(unit, where, "new(%s) gives a pointer to it; the left side has type %s",
                 c0_type_name(unit->arena, type), c0_type_name(unit->arena, place->type));
        return NULL;
    }
    struct c0_stmt *stmt = stmt_new(unit, C0_STMT_NEW, where, place);
    stmt->allocated = type;
    return stmt;
}

static struct c0_symbol *callee_of(struct c0_unit *unit, const char *name, struct location where)
{
    bool is_local = c0_names_find(&unit->locals, text_of(name)) != NULL;
    struct c0_symbol *symbol = is_local ? NULL : c0_symbol_find(unit, name);
    if (symbol == NULL && !is_local) {
        c0_error(unit, where, "function %s is not declared", name);
        c0_declare_unknown(unit, name);
        return NULL;
    }
    if (is_local || (symbol->kind != C0_SYMBOL_FUNCTION && symbol->kind != C0_SYMBOL_UNKNOWN)) {
        c0_error(unit, where, "%s is not a function", name);
        return NULL;
    }
    return symbol->kind == C0_SYMBOL_FUNCTION ? symbol : NULL;
}

/* x = f(...): x is a scalar variable of f's result type, and f has one. */
static bool check_result(struct c0_unit *unit, const struct c0_expr *place,
                         const struct c0_symbol *callee, struct location name_where)
{
    if (callee->type->kind == C0_TYPE_VOID) {
        c0_error(unit, name_where, "function %s has no result", callee->name);
        return false;
    }
    if (place->kind != C0_EXPR_VARIABLE || !c0_type_is_elementary(place->type)) {
        c0_error(unit, place->where, "the result of a call goes to a scalar variable");
        return false;
    }
    if (place->type != callee->type) {
        c0_error(unit, name_where, "the result of %s has type %s, not %s", callee->name,
                 c0_type_name(unit->arena, callee->type), c0_type_name(unit->arena, place->type));
        return false;
    }
    return true;
}

static struct c0_expr *check_argument(struct c0_unit *unit, struct c0_expr *argument,
                                      const struct c0_symbol *callee, uint32_t i)
{
    const struct c0_type *type = callee->parameters[i];
    if (argument == NULL || argument->type == type)
        return argument;
    return c0_check_value(
        unit, argument, type,
        arena_printf(unit->arena, "argument %u of %s", (unsigned)i + 1, callee->name));
}

/* f(e, ...): as many values as f has parameters, each of the parameter's type. */
struct c0_stmt *c0_check_call(struct c0_unit *unit, struct location where, struct c0_expr *place,
                              const char *name, struct location name_where,
                              struct c0_expr *const *arguments, uint32_t argument_count)
{
    struct c0_symbol *callee = callee_of(unit, name, name_where);
    if (callee == NULL)
        return NULL;
    c0_symbol_use(callee, name_where);
    if (argument_count != callee->parameter_count) {
        c0_error(unit, name_where, "function %s takes %u argument%s, not %u", name,
                 (unsigned)callee->parameter_count, callee->parameter_count == 1 ? "" : "s",
                 (unsigned)argument_count);
        return NULL;
    }
    const struct c0_expr **values =
        ARENA_ARRAY(unit->arena, const struct c0_expr *, argument_count);
    bool fits = place == NULL || check_result(unit, place, callee, name_where);
    for (uint32_t i = 0; i < argument_count; i++) {
        values[i] = check_argument(unit, arguments[i], callee, i);
        fits = fits && values[i] != NULL;
    }
    struct c0_stmt *stmt = stmt_new(unit, C0_STMT_CALL, where, place);
    stmt->callee = callee->entity->function;
    stmt->arguments = values;
    stmt->argument_count = argument_count;
    return fits ? stmt : NULL;
}
