/* The rules of docs/C0.md ("Expressions", "Assignment"), over any domain. */
#include "semantics/c0/rules.h"

#include "base/require.h"

#include <stddef.h>

static const uint32_t int_min = 0x80000000u, minus_one = 0xffffffffu;

const char *c0_rule_name(enum c0_rule rule)
{
    switch (rule) {
    case C0_RULE_NULL_DEREFERENCE:
        return "null-dereference";
    case C0_RULE_INDEX_BOUNDS:
        return "index-bounds";
    case C0_RULE_DIVISION:
        return "division";
    case C0_RULE_SHIFT_AMOUNT:
        return "shift-amount";
    case C0_RULE_UNINITIALISED:
        return "uninitialised";
    case C0_RULE_ASM_ADDRESS:
        return "asm-address";
    case C0_RULE_ASM_TYPE:
        return "asm-type";
    case C0_RULE_ASM_INTERRUPT:
        return "asm-interrupt";
    case C0_RULE_PRECONDITION:
        return "precondition";
    case C0_RULE_STACK_EXHAUSTED:
        return "stack-exhausted";
    }
    require(false, "a rule of C0");
    return NULL;
}

/* The run goes on only if `condition` holds. (The parentheses keep base/require.h's macro away.) */
static void demand(const struct c0_domain *domain, void *self, struct c0_value condition,
                   enum c0_rule rule, const struct c0_expr *expr)
{
    (domain->require)(self, condition, rule, expr->where);
}

/* `-e` is 0 - e and `~e` flips every bit, modulo 2^32; `!e` is 1 exactly if e is 0. */
static struct c0_value unary_value(const struct c0_domain *domain, void *self,
                                   const struct c0_expr *expr)
{
    struct c0_value operand = c0_rule_value(domain, self, expr->base);
    switch (expr->unary) {
    case C0_UNARY_MINUS:
        return domain->word(self, C0_WORD_SUB, domain->constant(self, 0), operand);
    case C0_UNARY_COMPLEMENT:
        return domain->word(self, C0_WORD_XOR, operand, domain->constant(self, minus_one));
    case C0_UNARY_NOT:
        return domain->word(self, C0_WORD_EQ, operand, domain->constant(self, 0));
    }
    require(false, "a unary operator of C0");
    return operand;
}

/* `e1 && e2`: e2 is evaluated only if e1 is true. `e1 || e2`: only if e1 is false. */
static struct c0_value lazy_value(const struct c0_domain *domain, void *self,
                                  const struct c0_expr *expr)
{
    bool is_and = expr->binary == C0_BINARY_LAZY_AND;
    struct c0_value left = c0_rule_value(domain, self, expr->base), right = left;
    if (domain->lazy_begin(self, is_and, left))
        right = c0_rule_value(domain, self, expr->index);
    return domain->lazy_end(self, is_and, left, right);
}

/* `/` and `%` truncate toward zero. A zero divisor faults; so does INT_MIN / -1 (and %) on int. */
static struct c0_value division_value(const struct c0_domain *domain, void *self,
                                      const struct c0_expr *expr, struct c0_value left,
                                      struct c0_value right)
{
    bool is_quotient = expr->binary == C0_BINARY_DIV;
    struct c0_value is_nonzero = domain->word(self, C0_WORD_NE, right, domain->constant(self, 0));
    demand(domain, self, is_nonzero, C0_RULE_DIVISION, expr);
    if (expr->type->kind == C0_TYPE_UNSIGNED)
        return domain->word(self, is_quotient ? C0_WORD_UDIV : C0_WORD_UREM, left, right);
    struct c0_value is_other_dividend =
        domain->word(self, C0_WORD_NE, left, domain->constant(self, int_min));
    struct c0_value is_other_divisor =
        domain->word(self, C0_WORD_NE, right, domain->constant(self, minus_one));
    struct c0_value fits = domain->word(self, C0_WORD_OR, is_other_dividend, is_other_divisor);
    demand(domain, self, fits, C0_RULE_DIVISION, expr);
    return domain->word(self, is_quotient ? C0_WORD_SDIV : C0_WORD_SREM, left, right);
}

/* `<<` and `>>` fault on an amount outside 0..31, read as unsigned; `>>` copies the sign of an int
 * and shifts zeros into an unsigned int. */
static struct c0_value shift_value(const struct c0_domain *domain, void *self,
                                   const struct c0_expr *expr, struct c0_value left,
                                   struct c0_value right)
{
    struct c0_value is_amount = domain->word(self, C0_WORD_ULE, right, domain->constant(self, 31));
    demand(domain, self, is_amount, C0_RULE_SHIFT_AMOUNT, expr);
    if (expr->binary == C0_BINARY_SHL)
        return domain->word(self, C0_WORD_SHL, left, right);
    bool is_logical = expr->type->kind == C0_TYPE_UNSIGNED;
    return domain->word(self, is_logical ? C0_WORD_LSHR : C0_WORD_ASHR, left, right);
}

/* The operators that never fault. Arithmetic wraps modulo 2^32; an ordering compares unsigned int
 * as unsigned, int and char as signed; `a > b` is `b < a`. */
static struct c0_value total_value(const struct c0_domain *domain, void *self,
                                   const struct c0_expr *expr, struct c0_value left,
                                   struct c0_value right)
{
    bool is_unsigned = expr->base->type->kind == C0_TYPE_UNSIGNED;
    enum c0_word_op less = is_unsigned ? C0_WORD_ULT : C0_WORD_SLT;
    enum c0_word_op less_or_equal = is_unsigned ? C0_WORD_ULE : C0_WORD_SLE;
    switch (expr->binary) {
    case C0_BINARY_ADD:
        return domain->word(self, C0_WORD_ADD, left, right);
    case C0_BINARY_SUB:
        return domain->word(self, C0_WORD_SUB, left, right);
    case C0_BINARY_MUL:
        return domain->word(self, C0_WORD_MUL, left, right);
    case C0_BINARY_AND:
        return domain->word(self, C0_WORD_AND, left, right);
    case C0_BINARY_OR:
        return domain->word(self, C0_WORD_OR, left, right);
    case C0_BINARY_XOR:
        return domain->word(self, C0_WORD_XOR, left, right);
    case C0_BINARY_EQ:
        return domain->word(self, C0_WORD_EQ, left, right);
    case C0_BINARY_NE:
        return domain->word(self, C0_WORD_NE, left, right);
    case C0_BINARY_LT:
        return domain->word(self, less, left, right);
    case C0_BINARY_LE:
        return domain->word(self, less_or_equal, left, right);
    case C0_BINARY_GT:
        return domain->word(self, less, right, left);
    case C0_BINARY_GE:
        return domain->word(self, less_or_equal, right, left);
    case C0_BINARY_DIV:
    case C0_BINARY_REM:
    case C0_BINARY_SHL:
    case C0_BINARY_SHR:
    case C0_BINARY_LAZY_AND:
    case C0_BINARY_LAZY_OR:
        break;
    }
    require(false, "a total binary operator of C0");
    return left;
}

/* Both operands, the left one first; then the operator. */
static struct c0_value binary_value(const struct c0_domain *domain, void *self,
                                    const struct c0_expr *expr)
{
    if (expr->binary == C0_BINARY_LAZY_AND || expr->binary == C0_BINARY_LAZY_OR)
        return lazy_value(domain, self, expr);
    struct c0_value left = c0_rule_value(domain, self, expr->base);
    struct c0_value right = c0_rule_value(domain, self, expr->index);
    if (expr->binary == C0_BINARY_DIV || expr->binary == C0_BINARY_REM)
        return division_value(domain, self, expr, left, right);
    if (expr->binary == C0_BINARY_SHL || expr->binary == C0_BINARY_SHR)
        return shift_value(domain, self, expr, left, right);
    return total_value(domain, self, expr, left, right);
}

/* A cast to char keeps the low 8 bits, sign-extended; every other cast keeps the word. */
static struct c0_value cast_value(const struct c0_domain *domain, void *self,
                                  const struct c0_expr *expr)
{
    struct c0_value value = c0_rule_value(domain, self, expr->base);
    if (expr->type->kind != C0_TYPE_CHAR || expr->base->type->kind == C0_TYPE_CHAR)
        return value;
    return domain->word(self, C0_WORD_SEXT8, value, domain->constant(self, 0));
}

/* A place stands for the value of its cell, which must be initialised; `&e` is the place itself,
 * found as it would be for a load, faults included. */
struct c0_value c0_rule_value(const struct c0_domain *domain, void *self,
                              const struct c0_expr *expr)
{
    switch (expr->kind) {
    case C0_EXPR_CONSTANT:
        return domain->constant(self, expr->word);
    case C0_EXPR_SIZEOF:
        return domain->size_of(self, expr->operand_type);
    case C0_EXPR_VARIABLE:
    case C0_EXPR_FIELD:
    case C0_EXPR_INDEX:
    case C0_EXPR_DEREF:
        return domain->load(self, c0_rule_place(domain, self, expr), expr->type, expr->where);
    case C0_EXPR_ADDRESS:
        return domain->address(self, c0_rule_place(domain, self, expr->base));
    case C0_EXPR_UNARY:
        return unary_value(domain, self, expr);
    case C0_EXPR_BINARY:
        return binary_value(domain, self, expr);
    case C0_EXPR_CAST:
        return cast_value(domain, self, expr);
    }
    require(false, "an expression of C0");
    return (struct c0_value){0};
}

/* `e1[e2]`: the place of e1, then the value of e2, which must be below the array's length. A
 * negative int is a large unsigned word, so that one comparison serves both bounds. */
static struct c0_place element_place(const struct c0_domain *domain, void *self,
                                     const struct c0_expr *expr)
{
    struct c0_place base = c0_rule_place(domain, self, expr->base);
    struct c0_value index = c0_rule_value(domain, self, expr->index);
    struct c0_value length = domain->constant(self, expr->base->type->length);
    struct c0_value is_inside = domain->word(self, C0_WORD_ULT, index, length);
    demand(domain, self, is_inside, C0_RULE_INDEX_BOUNDS, expr);
    return domain->element(self, base, index, expr->base->type);
}

/* `*e`: the object that e points to; NULL faults here, whatever is done with the place. */
static struct c0_place pointed_place(const struct c0_domain *domain, void *self,
                                     const struct c0_expr *expr)
{
    struct c0_value pointer = c0_rule_value(domain, self, expr->base);
    struct c0_value is_object = domain->word(self, C0_WORD_NE, pointer, domain->constant(self, 0));
    demand(domain, self, is_object, C0_RULE_NULL_DEREFERENCE, expr);
    return domain->object(self, pointer, expr->type);
}

/* A variable is the place of its object, `e.f` the field f of the place e. */
struct c0_place c0_rule_place(const struct c0_domain *domain, void *self,
                              const struct c0_expr *expr)
{
    require(c0_expr_is_place(expr), "the expression denotes a place");
    if (expr->kind == C0_EXPR_VARIABLE)
        return domain->variable(self, expr->variable);
    if (expr->kind == C0_EXPR_INDEX)
        return element_place(domain, self, expr);
    if (expr->kind == C0_EXPR_DEREF)
        return pointed_place(domain, self, expr);
    struct c0_place base = c0_rule_place(domain, self, expr->base);
    return domain->field(self, base, expr->field, expr->base->type);
}

/* `e1 = e2;`: the value of e2, then the place of e1, then the store. Of a struct or array, the
 * place of e2 stands for the value and its cells are copied with their marks. */
void c0_rule_assign(const struct c0_domain *domain, void *self, const struct c0_stmt *stmt)
{
    const struct c0_type *type = stmt->place->type;
    if (c0_type_is_elementary(type)) {
        struct c0_value value = c0_rule_value(domain, self, stmt->value);
        domain->store(self, c0_rule_place(domain, self, stmt->place), type, value);
        return;
    }
    struct c0_place from = c0_rule_place(domain, self, stmt->value);
    domain->copy(self, c0_rule_place(domain, self, stmt->place), from, type);
}
