#include "semantics/c0/check.h"

static bool not_constant(struct c0_unit *unit, const struct c0_expr *expr)
{
    c0_error(unit, expr->where, "this is not a constant expression");
    return false;
}

/* An operand that must be a word: addresses do not take part in arithmetic. */
static bool word_of(struct c0_unit *unit, const struct c0_expr *expr, uint32_t *word)
{
    struct c0_initial value = {0};
    if (!c0_constant(unit, expr, &value))
        return false;
    *word = value.word;
    return value.target == NULL || not_constant(unit, expr);
}

static bool is_signed(const struct c0_expr *expr)
{
    return expr->type->kind == C0_TYPE_INT || expr->type->kind == C0_TYPE_CHAR;
}

/* The address of a place in a global: the global and the cell within it. */
static bool address_of(struct c0_unit *unit, const struct c0_expr *place, struct c0_initial *value)
{
    uint32_t index;
    if (place->kind == C0_EXPR_VARIABLE && place->variable->scope == C0_SCOPE_GLOBAL) {
        *value = (struct c0_initial){.target = place->variable};
        return true;
    }
    if (place->kind == C0_EXPR_DEREF) {
        if (!c0_constant(unit, place->base, value))
            return false;
        return value->target != NULL || not_constant(unit, place);
    }
    if (place->kind == C0_EXPR_FIELD) {
        if (!address_of(unit, place->base, value))
            return false;
        value->target_cell += place->field->offset_cells;
        return true;
    }
    if (place->kind != C0_EXPR_INDEX)
        return not_constant(unit, place);
    if (!address_of(unit, place->base, value) || !word_of(unit, place->index, &index))
        return false;
    if (index >= place->base->type->length) {
        c0_error(unit, place->index->where, "the index is outside the array, which has length %u",
                 (unsigned)place->base->type->length);
        return false;
    }
    value->target_cell += index * place->type->size_cells;
    return true;
}

static bool unary(struct c0_unit *unit, const struct c0_expr *expr, uint32_t *word)
{
    uint32_t operand;
    if (!word_of(unit, expr->base, &operand))
        return false;
    switch (expr->unary) {
    case C0_UNARY_MINUS:
        *word = 0u - operand;
        break;
    case C0_UNARY_COMPLEMENT:
        *word = ~operand;
        break;
    case C0_UNARY_NOT:
        *word = operand == 0;
        break;
    }
    return true;
}

/* / and % truncate toward zero; a zero divisor and INT_MIN / -1 (or %) are errors. */
static bool divide(struct c0_unit *unit, const struct c0_expr *expr, uint32_t left, uint32_t right,
                   uint32_t *word)
{
    bool is_quotient = expr->binary == C0_BINARY_DIV;
    bool is_int = is_signed(expr->base);
    if (right == 0 || (is_int && left == 0x80000000u && right == UINT32_MAX)) {
        c0_error(unit, expr->where,
                 right == 0 ? "division by zero in a constant expression"
                            : "the division of INT_MIN by -1 overflows");
        return false;
    }
    if (is_int) {
        int32_t quotient = (int32_t)left / (int32_t)right;
        *word = is_quotient ? (uint32_t)quotient : left - (uint32_t)quotient * right;
    } else {
        *word = is_quotient ? left / right : left % right;
    }
    return true;
}

/* >> is arithmetic on int, logical on unsigned int; an amount outside 0..31 is an error. */
static bool shift(struct c0_unit *unit, const struct c0_expr *expr, uint32_t left, uint32_t right,
                  uint32_t *word)
{
    if (right > 31) {
        c0_error(unit, expr->where, "a shift amount is between 0 and 31");
        return false;
    }
    if (expr->binary == C0_BINARY_SHL)
        *word = left << right;
    else if (is_signed(expr->base) && left >> 31 != 0)
        *word = ~(~left >> right);
    else
        *word = left >> right;
    return true;
}

static bool is_less(const struct c0_expr *expr, uint32_t left, uint32_t right)
{
    return is_signed(expr->base) ? (int32_t)left < (int32_t)right : left < right;
}

static bool binary(struct c0_unit *unit, const struct c0_expr *expr, uint32_t left, uint32_t right,
                   uint32_t *word)
{
    switch (expr->binary) {
    case C0_BINARY_ADD:
        *word = left + right;
        return true;
    case C0_BINARY_SUB:
        *word = left - right;
        return true;
    case C0_BINARY_MUL:
        *word = left * right;
        return true;
    case C0_BINARY_DIV:
    case C0_BINARY_REM:
        return divide(unit, expr, left, right, word);
    case C0_BINARY_AND:
    case C0_BINARY_LAZY_AND:
        *word = left & right;
        return true;
    case C0_BINARY_OR:
    case C0_BINARY_LAZY_OR:
        *word = left | right;
        return true;
    case C0_BINARY_XOR:
        *word = left ^ right;
        return true;
    case C0_BINARY_SHL:
    case C0_BINARY_SHR:
        return shift(unit, expr, left, right, word);
    case C0_BINARY_EQ:
        *word = left == right;
        return true;
    case C0_BINARY_NE:
        *word = left != right;
        return true;
    case C0_BINARY_LT:
        *word = is_less(expr, left, right);
        return true;
    case C0_BINARY_LE:
        *word = !is_less(expr, right, left);
        return true;
    case C0_BINARY_GT:
        *word = is_less(expr, right, left);
        return true;
    case C0_BINARY_GE:
        *word = !is_less(expr, left, right);
        return true;
    }
    return false;
}

/* && and || evaluate the right operand only when needed. */
static bool binary_expr(struct c0_unit *unit, const struct c0_expr *expr, uint32_t *word)
{
    uint32_t left, right;
    if (!word_of(unit, expr->base, &left))
        return false;
    *word = left;
    if ((expr->binary == C0_BINARY_LAZY_AND && left == 0) ||
        (expr->binary == C0_BINARY_LAZY_OR && left != 0))
        return true;
    return word_of(unit, expr->index, &right) && binary(unit, expr, left, right, word);
}

/* A cast to char keeps the low 8 bits, sign-extended; the others keep the word. */
static bool cast(struct c0_unit *unit, const struct c0_expr *expr, uint32_t *word)
{
    if (!word_of(unit, expr->base, word))
        return false;
    if (expr->type->kind == C0_TYPE_CHAR)
        *word = ((*word & 0xffu) ^ 0x80u) - 0x80u;
    return true;
}

bool c0_constant(struct c0_unit *unit, const struct c0_expr *expr, struct c0_initial *value)
{
    *value = (struct c0_initial){0};
    switch (expr->kind) {
    case C0_EXPR_CONSTANT:
        value->word = expr->word;
        return true;
    case C0_EXPR_SIZEOF:
        value->word = expr->operand_type->size_cells * C0_BYTES_A_CELL;
        return true;
    case C0_EXPR_ADDRESS:
        return address_of(unit, expr->base, value);
    case C0_EXPR_UNARY:
        return unary(unit, expr, &value->word);
    case C0_EXPR_BINARY:
        return binary_expr(unit, expr, &value->word);
    case C0_EXPR_CAST:
        return cast(unit, expr, &value->word);
    case C0_EXPR_VARIABLE:
    case C0_EXPR_FIELD:
    case C0_EXPR_INDEX:
    case C0_EXPR_DEREF:
        return not_constant(unit, expr);
    }
    return false;
}

bool c0_constant_word(struct c0_unit *unit, const struct c0_expr *expr, uint32_t *word)
{
    return word_of(unit, expr, word);
}
