#include "semantics/c0/check.h"

static const char *const unary_names[] = {
    [C0_UNARY_MINUS] = "-",
    [C0_UNARY_COMPLEMENT] = "~",
    [C0_UNARY_NOT] = "!",
};

static const char *const binary_names[] = {
    [C0_BINARY_ADD] = "+",  [C0_BINARY_SUB] = "-",       [C0_BINARY_MUL] = "*",
    [C0_BINARY_DIV] = "/",  [C0_BINARY_REM] = "%",       [C0_BINARY_AND] = "&",
    [C0_BINARY_OR] = "|",   [C0_BINARY_XOR] = "^",       [C0_BINARY_SHL] = "<<",
    [C0_BINARY_SHR] = ">>", [C0_BINARY_EQ] = "==",       [C0_BINARY_NE] = "!=",
    [C0_BINARY_LT] = "<",   [C0_BINARY_LE] = "<=",       [C0_BINARY_GT] = ">",
    [C0_BINARY_GE] = ">=",  [C0_BINARY_LAZY_AND] = "&&", [C0_BINARY_LAZY_OR] = "||",
};

static const struct c0_type *basic(struct c0_unit *unit, enum c0_type_kind kind)
{
    return c0_type_basic(&unit->front->types, kind);
}

static const char *name_of(struct c0_unit *unit, const struct c0_type *type)
{
    return c0_type_is_null(&unit->front->types, type) ? "NULL" : c0_type_name(unit->arena, type);
}

static bool is_null(struct c0_unit *unit, const struct c0_expr *expr)
{
    return c0_type_is_null(&unit->front->types, expr->type);
}

static bool is_word(const struct c0_type *type)
{
    return type->kind == C0_TYPE_INT || type->kind == C0_TYPE_UNSIGNED;
}

static uint32_t nesting_of(const struct c0_expr *expr)
{
    return expr == NULL ? 0 : ((const struct c0_expr_node *)expr)->nesting;
}

/* An expression above the two operands (or NULL); NULL with a report if the tree gets too deep. */
static struct c0_expr *expr_new(struct c0_unit *unit, enum c0_expr_kind kind, struct location where,
                                const struct c0_type *type, const struct c0_expr *base,
                                const struct c0_expr *index)
{
    struct c0_expr_node *node = ARENA_NEW(unit->arena, struct c0_expr_node);
    uint32_t left = nesting_of(base), right = nesting_of(index);
    node->nesting = (left > right ? left : right) + 1;
    if (node->nesting > C0_MAX_NESTING) {
        c0_error(unit, where, "the expression is nested more than %d deep", C0_MAX_NESTING);
        return NULL;
    }
    node->expr =
        (struct c0_expr){.kind = kind, .type = type, .where = where, .base = base, .index = index};
    return &node->expr;
}

struct c0_expr *c0_check_constant(struct c0_unit *unit, struct location where,
                                  const struct c0_type *type, uint32_t word)
{
    struct c0_expr *expr = expr_new(unit, C0_EXPR_CONSTANT, where, type, NULL, NULL);
    expr->word = word;
    return expr;
}

static struct c0_expr *variable_expr(struct c0_unit *unit, struct location where,
                                     const struct c0_variable *variable, const struct c0_type *type)
{
    if (type == NULL)
        return NULL;
    struct c0_expr *expr = expr_new(unit, C0_EXPR_VARIABLE, where, type, NULL, NULL);
    expr->variable = variable;
    return expr;
}

/* A name stands for a parameter or local, else for a global or an enum constant. */
struct c0_expr *c0_check_name(struct c0_unit *unit, struct location where, const char *name)
{
    struct c0_variable *local = c0_names_find(&unit->locals, text_of(name));
    if (local != NULL)
        return variable_expr(unit, where, local, local->type);
    struct c0_symbol *symbol = c0_symbol_find(unit, name);
    if (symbol == NULL) {
        c0_error(unit, where, "%s is not declared", name);
        c0_declare_unknown(unit, name);
        return NULL;
    }
    switch (symbol->kind) {
    case C0_SYMBOL_UNKNOWN:
        return NULL;
    case C0_SYMBOL_TYPE:
        c0_error(unit, where, "%s is a type, not a value", name);
        return NULL;
    case C0_SYMBOL_FUNCTION:
        c0_error(unit, where, "%s is a function: function pointers are not part of C0", name);
        return NULL;
    case C0_SYMBOL_CONSTANT:
        return c0_check_constant(unit, where, basic(unit, C0_TYPE_INT), symbol->word);
    case C0_SYMBOL_GLOBAL:
        c0_symbol_use(symbol, where);
        return variable_expr(unit, where, symbol->entity->variable, symbol->type);
    }
    return NULL;
}

/* e.f: e is a struct (place) with a field f. */
struct c0_expr *c0_check_field(struct c0_unit *unit, struct location where, struct c0_expr *base,
                               const char *name)
{
    if (base == NULL)
        return NULL;
    if (base->type->kind != C0_TYPE_STRUCT) {
        bool points = base->type->kind == C0_TYPE_POINTER && !is_null(unit, base) &&
                      base->type->element->kind == C0_TYPE_STRUCT;
        c0_error(unit, where, "the left side of . has type %s, which is no struct%s",
                 name_of(unit, base->type), points ? "; use ->" : "");
        return NULL;
    }
    if (!base->type->is_complete) {
        c0_error(unit, where, "struct %s is declared but not defined", base->type->tag);
        return NULL;
    }
    const struct c0_field *field = c0_type_field(base->type, name);
    if (field == NULL) {
        c0_error(unit, where, "struct %s has no field %s", base->type->tag, name);
        return NULL;
    }
    struct c0_expr *expr = expr_new(unit, C0_EXPR_FIELD, where, field->type, base, NULL);
    if (expr != NULL)
        expr->field = field;
    return expr;
}

/* p->f is (*p).f. */
struct c0_expr *c0_check_arrow(struct c0_unit *unit, struct location where, struct c0_expr *base,
                               const char *name)
{
    if (base == NULL)
        return NULL;
    if (base->type->kind != C0_TYPE_POINTER || is_null(unit, base) ||
        base->type->element->kind != C0_TYPE_STRUCT) {
        c0_error(unit, where, "the left side of -> has type %s, which is no pointer to a struct%s",
                 name_of(unit, base->type), base->type->kind == C0_TYPE_STRUCT ? "; use ." : "");
        return NULL;
    }
    return c0_check_field(unit, where, c0_check_deref(unit, where, base), name);
}

/* a[i]: a is an array (place), i an int or unsigned int. */
struct c0_expr *c0_check_index(struct c0_unit *unit, struct location where, struct c0_expr *base,
                               struct c0_expr *index)
{
    if (base == NULL || index == NULL)
        return NULL;
    if (base->type->kind != C0_TYPE_ARRAY) {
        c0_error(unit, where, "only arrays have elements; this has type %s",
                 name_of(unit, base->type));
        return NULL;
    }
    if (!is_word(index->type)) {
        c0_error(unit, index->where, "an array index is int or unsigned int, not %s",
                 name_of(unit, index->type));
        return NULL;
    }
    return expr_new(unit, C0_EXPR_INDEX, where, base->type->element, base, index);
}

/* *p: p is a pointer. */
struct c0_expr *c0_check_deref(struct c0_unit *unit, struct location where, struct c0_expr *base)
{
    if (base == NULL)
        return NULL;
    if (base->type->kind != C0_TYPE_POINTER || is_null(unit, base)) {
        c0_error(unit, where, "unary * needs a pointer; this has type %s",
                 name_of(unit, base->type));
        return NULL;
    }
    return expr_new(unit, C0_EXPR_DEREF, where, base->type->element, base, NULL);
}

/* &lv: lv is a place in a global, or one reached through a pointer. */
struct c0_expr *c0_check_address(struct c0_unit *unit, struct location where, struct c0_expr *base)
{
    if (base == NULL)
        return NULL;
    if (!c0_expr_is_place(base)) {
        c0_error(unit, where, "unary & needs a place in memory, not a value");
        return NULL;
    }
    const struct c0_expr *root = base;
    while (root->kind == C0_EXPR_FIELD || root->kind == C0_EXPR_INDEX)
        root = root->base;
    if (root->kind == C0_EXPR_VARIABLE && root->variable->scope != C0_SCOPE_GLOBAL) {
        c0_error(unit, where, "%s is local: only globals and heap objects have an address",
                 root->variable->name);
        return NULL;
    }
    if (c0_type_node(base->type)->nesting >= C0_MAX_NESTING) {
        c0_error(unit, where, "the type is nested more than %d deep", C0_MAX_NESTING);
        return NULL;
    }
    return expr_new(unit, C0_EXPR_ADDRESS, where, c0_type_pointer(&unit->front->types, base->type),
                    base, NULL);
}

/* sizeof(T): T has objects. */
struct c0_expr *c0_check_sizeof(struct c0_unit *unit, struct location where,
                                const struct c0_type *type)
{
    if (type == NULL)
        return NULL;
    if (!c0_type_is_object(type)) {
        c0_error(unit, where, "%s has no size", name_of(unit, type));
        return NULL;
    }
    struct c0_expr *expr =
        expr_new(unit, C0_EXPR_SIZEOF, where, basic(unit, C0_TYPE_UNSIGNED), NULL, NULL);
    expr->operand_type = type;
    return expr;
}

/* -e and ~e: int or unsigned int; !e: bool. The type stays. */
struct c0_expr *c0_check_unary(struct c0_unit *unit, struct location where, enum c0_unary op,
                               struct c0_expr *base)
{
    if (base == NULL)
        return NULL;
    bool fits = op == C0_UNARY_NOT ? base->type->kind == C0_TYPE_BOOL : is_word(base->type);
    if (!fits) {
        c0_error(unit, where, "unary %s does not apply to %s", unary_names[op],
                 name_of(unit, base->type));
        return NULL;
    }
    struct c0_expr *expr = expr_new(unit, C0_EXPR_UNARY, where, base->type, base, NULL);
    if (expr != NULL)
        expr->unary = op;
    return expr;
}

/* The type of `left op right` by its operands' common type (that of the left for shifts); NULL if
 * the operator does not apply:
 *     + - * / % & | ^ << >>   int or unsigned int, which it gives
 *     == !=                   elementary, giving bool
 *     < <= > >=               int, unsigned int or char, giving bool
 *     && ||                   bool */
static const struct c0_type *binary_type(struct c0_unit *unit, enum c0_binary op,
                                         const struct c0_type *type)
{
    const struct c0_type *type_bool = basic(unit, C0_TYPE_BOOL);
    switch (op) {
    case C0_BINARY_ADD:
    case C0_BINARY_SUB:
    case C0_BINARY_MUL:
    case C0_BINARY_DIV:
    case C0_BINARY_REM:
    case C0_BINARY_AND:
    case C0_BINARY_OR:
    case C0_BINARY_XOR:
    case C0_BINARY_SHL:
    case C0_BINARY_SHR:
        return is_word(type) ? type : NULL;
    case C0_BINARY_EQ:
    case C0_BINARY_NE:
        return c0_type_is_elementary(type) ? type_bool : NULL;
    case C0_BINARY_LT:
    case C0_BINARY_LE:
    case C0_BINARY_GT:
    case C0_BINARY_GE:
        return is_word(type) || type->kind == C0_TYPE_CHAR ? type_bool : NULL;
    case C0_BINARY_LAZY_AND:
    case C0_BINARY_LAZY_OR:
        return type->kind == C0_TYPE_BOOL ? type_bool : NULL;
    }
    return NULL;
}

static bool is_comparison(enum c0_binary op)
{
    return op == C0_BINARY_EQ || op == C0_BINARY_NE;
}

/* NULL beside a pointer takes the pointer's type. */
static void type_null(struct c0_unit *unit, struct c0_expr *expr, const struct c0_type *type)
{
    if (is_null(unit, expr) && type->kind == C0_TYPE_POINTER)
        expr->type = type;
}

struct c0_expr *c0_check_binary(struct c0_unit *unit, struct location where, enum c0_binary op,
                                struct c0_expr *left, struct c0_expr *right)
{
    if (left == NULL || right == NULL)
        return NULL;
    if (is_comparison(op)) {
        type_null(unit, left, right->type);
        type_null(unit, right, left->type);
    }
    const struct c0_type *type = is_null(unit, left) ? NULL : binary_type(unit, op, left->type);
    bool is_shift = op == C0_BINARY_SHL || op == C0_BINARY_SHR;
    bool fits = is_shift ? is_word(right->type) : left->type == right->type;
    if (left->type != right->type && !(is_shift && fits && type != NULL)) {
        c0_error(unit, where, "operands of %s have types %s and %s", binary_names[op],
                 name_of(unit, left->type), name_of(unit, right->type));
        return NULL;
    }
    if (type == NULL) {
        c0_error(unit, where, "%s does not apply to %s", binary_names[op],
                 name_of(unit, left->type));
        return NULL;
    }
    struct c0_expr *expr = expr_new(unit, C0_EXPR_BINARY, where, type, left, right);
    if (expr != NULL)
        expr->binary = op;
    return expr;
}

/* (T)e: among int, unsigned int and char, and from bool to int. */
struct c0_expr *c0_check_cast(struct c0_unit *unit, struct location where,
                              const struct c0_type *type, struct c0_expr *base)
{
    if (type == NULL || base == NULL)
        return NULL;
    if (type->kind == C0_TYPE_POINTER) {
        c0_error(unit, where, "casts to pointer types are not part of C0");
        return NULL;
    }
    bool is_to_number = is_word(type) || type->kind == C0_TYPE_CHAR;
    bool is_from_number = is_word(base->type) || base->type->kind == C0_TYPE_CHAR;
    bool is_bool_to_int = type->kind == C0_TYPE_INT && base->type->kind == C0_TYPE_BOOL;
    if (!(is_to_number && is_from_number) && !is_bool_to_int) {
        c0_error(unit, where, "there is no cast from %s to %s", name_of(unit, base->type),
                 name_of(unit, type));
        return NULL;
    }
    return expr_new(unit, C0_EXPR_CAST, where, type, base, NULL);
}

struct c0_expr *c0_check_condition(struct c0_unit *unit, struct c0_expr *condition)
{
    if (condition == NULL || condition->type->kind == C0_TYPE_BOOL)
        return condition;
    c0_error(unit, condition->where, "a condition is bool, not %s", name_of(unit, condition->type));
    return NULL;
}

struct c0_expr *c0_check_value(struct c0_unit *unit, struct c0_expr *value,
                               const struct c0_type *type, const char *what)
{
    if (value == NULL || type == NULL)
        return NULL;
    type_null(unit, value, type);
    if (value->type == type)
        return value;
    bool decays = type->kind == C0_TYPE_POINTER && value->type->kind == C0_TYPE_ARRAY &&
                  value->type->element == type->element;
    c0_error(unit, value->where, "%s has type %s, not %s%s", what, name_of(unit, value->type),
             name_of(unit, type), decays ? "; the first element's address is &a[0]" : "");
    return NULL;
}
