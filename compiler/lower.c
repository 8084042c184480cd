/* Expressions to trees: C0's operators become machine operations, its places addresses. */
#include "compiler/unit.h"

#include "base/require.h"

static const struct tree *word(struct function *function, enum vamp_op op, const struct tree *left,
                               const struct tree *right)
{
    return tree_word(function->arena, op, left, right);
}

static const struct tree *constant(struct function *function, uint32_t value)
{
    return tree_constant(function->arena, value);
}

static bool is_unsigned(const struct c0_expr *expr)
{
    return expr->type->kind == C0_TYPE_UNSIGNED;
}

/* Unsigned order is signed order with the sign bits inverted. */
static const struct tree *lower_order(struct function *function, enum vamp_op op,
                                      const struct c0_expr *expr)
{
    const struct tree *left = lower_value(function, expr->base);
    const struct tree *right = lower_value(function, expr->index);
    if (is_unsigned(expr->base)) {
        const struct tree *sign = constant(function, UINT32_C(1) << 31);
        left = word(function, VAMP_OP_XOR, left, sign);
        right = word(function, VAMP_OP_XOR, right, sign);
    }
    return word(function, op, left, right);
}

static const struct tree *lower_routine(struct function *function, const char *name,
                                        const struct c0_expr *expr)
{
    uint32_t symbol = object_symbol_named(function->unit->object, name);
    return tree_routine(function->arena, symbol, lower_value(function, expr->base),
                        lower_value(function, expr->index));
}

/* A factor of few digits is multiplied by shifts and additions, others by the routine. */
static const struct tree *lower_product(struct function *function, const struct c0_expr *expr)
{
    enum { INLINE_DIGITS = 3 };
    const struct tree *left = lower_value(function, expr->base);
    const struct tree *right = lower_value(function, expr->index);
    const struct tree *factor = right->kind == TREE_CONSTANT ? right : left;
    int8_t digits[32];
    if (factor->kind == TREE_CONSTANT && tree_factor_digits(factor->word, digits) <= INLINE_DIGITS)
        return tree_scale(function->arena, factor == right ? left : right, factor->word);
    uint32_t symbol = object_symbol_named(function->unit->object, "__mul");
    return tree_routine(function->arena, symbol, left, right);
}

static const struct tree *lower_plain(struct function *function, enum vamp_op op,
                                      const struct c0_expr *expr)
{
    return word(function, op, lower_value(function, expr->base),
                lower_value(function, expr->index));
}

static const struct tree *lower_lazy(struct function *function, enum tree_kind kind,
                                     const struct c0_expr *expr)
{
    return tree_lazy(function->arena, kind, lower_value(function, expr->base),
                     lower_value(function, expr->index));
}

static const struct tree *lower_binary(struct function *function, const struct c0_expr *expr)
{
    bool is_natural = is_unsigned(expr->base);
    switch (expr->binary) {
    case C0_BINARY_ADD:
        return lower_plain(function, VAMP_OP_ADD, expr);
    case C0_BINARY_SUB:
        return lower_plain(function, VAMP_OP_SUB, expr);
    case C0_BINARY_MUL:
        return lower_product(function, expr);
    case C0_BINARY_DIV:
        return lower_routine(function, is_natural ? "__udiv" : "__sdiv", expr);
    case C0_BINARY_REM:
        return lower_routine(function, is_natural ? "__urem" : "__srem", expr);
    case C0_BINARY_AND:
        return lower_plain(function, VAMP_OP_AND, expr);
    case C0_BINARY_OR:
        return lower_plain(function, VAMP_OP_OR, expr);
    case C0_BINARY_XOR:
        return lower_plain(function, VAMP_OP_XOR, expr);
    case C0_BINARY_SHL:
        return lower_plain(function, VAMP_OP_SLL, expr);
    case C0_BINARY_SHR:
        return lower_plain(function, is_natural ? VAMP_OP_SRL : VAMP_OP_SRA, expr);
    case C0_BINARY_EQ:
        return lower_plain(function, VAMP_OP_SEQ, expr);
    case C0_BINARY_NE:
        return lower_plain(function, VAMP_OP_SNE, expr);
    case C0_BINARY_LT:
        return lower_order(function, VAMP_OP_SLS, expr);
    case C0_BINARY_LE:
        return lower_order(function, VAMP_OP_SLE, expr);
    case C0_BINARY_GT:
        return lower_order(function, VAMP_OP_SGR, expr);
    case C0_BINARY_GE:
        return lower_order(function, VAMP_OP_SGE, expr);
    case C0_BINARY_LAZY_AND:
        return lower_lazy(function, TREE_AND, expr);
    case C0_BINARY_LAZY_OR:
        return lower_lazy(function, TREE_OR, expr);
    }
    require(false, "a binary operator");
    return NULL;
}

static const struct tree *lower_unary(struct function *function, const struct c0_expr *expr)
{
    const struct tree *operand = lower_value(function, expr->base);
    switch (expr->unary) {
    case C0_UNARY_MINUS:
        return word(function, VAMP_OP_SUB, constant(function, 0), operand);
    case C0_UNARY_COMPLEMENT:
        return word(function, VAMP_OP_XOR, operand, constant(function, UINT32_MAX));
    case C0_UNARY_NOT:
        return tree_not(function->arena, operand);
    }
    require(false, "a unary operator");
    return NULL;
}

/* Only a cast to char changes the word: the low 8 bits, sign-extended. */
static const struct tree *lower_cast(struct function *function, const struct c0_expr *expr)
{
    const struct tree *operand = lower_value(function, expr->base);
    if (expr->type->kind != C0_TYPE_CHAR || expr->base->type->kind == C0_TYPE_CHAR)
        return operand;
    const struct tree *distance = constant(function, 24);
    return word(function, VAMP_OP_SRA, word(function, VAMP_OP_SLL, operand, distance), distance);
}

const struct tree *lower_value(struct function *function, const struct c0_expr *expr)
{
    switch (expr->kind) {
    case C0_EXPR_CONSTANT:
        return constant(function, expr->word);
    case C0_EXPR_SIZEOF:
        return constant(function, expr->operand_type->size_cells * WORD_BYTES);
    case C0_EXPR_VARIABLE:
    case C0_EXPR_FIELD:
    case C0_EXPR_INDEX:
    case C0_EXPR_DEREF:
        return tree_load(function->arena, lower_place(function, expr));
    case C0_EXPR_ADDRESS:
        return tree_of_address(function->arena, lower_place(function, expr->base));
    case C0_EXPR_UNARY:
        return lower_unary(function, expr);
    case C0_EXPR_BINARY:
        return lower_binary(function, expr);
    case C0_EXPR_CAST:
        return lower_cast(function, expr);
    }
    require(false, "an expression");
    return NULL;
}

static struct tree_address place_of_variable(struct function *function,
                                             const struct c0_variable *variable)
{
    struct arena *arena = function->arena;
    if (variable->scope != C0_SCOPE_GLOBAL)
        return (struct tree_address){tree_register(arena, REG_FRAME), TREE_NO_SYMBOL,
                                     function->slots[variable->index]};
    uint32_t symbol = unit_global(function->unit, variable);
    if (function->unit->has_far_globals)
        return (struct tree_address){tree_symbol(arena, symbol), TREE_NO_SYMBOL, 0};
    return (struct tree_address){tree_register(arena, REG_GLOBALS), symbol, 0};
}

/* A constant index within bounds is part of the offset. One out of bounds is computed like any
 * other, for the instruction's fields could not hold it; no run gets there without a fault. */
static struct tree_address place_of_element(struct function *function, const struct c0_expr *expr)
{
    struct tree_address place = lower_place(function, expr->base);
    const struct tree *index = lower_value(function, expr->index);
    uint32_t size_bytes = expr->type->size_cells * WORD_BYTES;
    if (index->kind == TREE_CONSTANT && index->word < expr->base->type->length) {
        place.offset += index->word * size_bytes;
        return place;
    }
    place.base =
        word(function, VAMP_OP_ADD, tree_scale(function->arena, index, size_bytes), place.base);
    return place;
}

struct tree_address lower_place(struct function *function, const struct c0_expr *expr)
{
    require(c0_expr_is_place(expr), "a place");
    if (expr->kind == C0_EXPR_VARIABLE)
        return place_of_variable(function, expr->variable);
    if (expr->kind == C0_EXPR_INDEX)
        return place_of_element(function, expr);
    if (expr->kind == C0_EXPR_FIELD) {
        struct tree_address place = lower_place(function, expr->base);
        place.offset += expr->field->offset_cells * WORD_BYTES;
        return place;
    }
    if (expr->base->kind == C0_EXPR_ADDRESS)
        return lower_place(function, expr->base->base);
    return (struct tree_address){lower_value(function, expr->base), TREE_NO_SYMBOL, 0};
}
