#include "semantics/c0/check.h"
#include "semantics/c0/parse.h"

/* What may not follow a whole expression, although C knows it there. */
static void check_end(struct c0_unit *unit)
{
    if (c0_peek(unit) == C0_TOKEN_ASSIGN)
        c0_syntax_error(unit, c0_here(unit),
                        "an assignment inside an expression is not part of C0");
    else if (c0_peek(unit) == C0_TOKEN_FOREIGN)
        c0_unexpected(unit, "the end of the expression");
}

/* Passes a call's parenthesis to go on behind it. */
static void pass_parenthesis(struct c0_unit *unit)
{
    size_t depth = 0;
    do {
        if (c0_peek(unit) == C0_TOKEN_OPEN)
            depth++;
        else if (c0_peek(unit) == C0_TOKEN_CLOSE)
            depth--;
        else if (c0_peek(unit) == C0_TOKEN_SEMICOLON || c0_peek(unit) == C0_TOKEN_END)
            return;
        c0_advance(unit);
    } while (depth != 0);
}

/* number | character */
static struct c0_expr *literal(struct c0_unit *unit)
{
    const struct c0_token *token = c0_token(unit);
    c0_advance(unit);
    if (token->message != NULL) {
        c0_error(unit, token->where, "%s", token->message);
        return NULL;
    }
    enum c0_type_kind kind = token->is_unsigned ? C0_TYPE_UNSIGNED : C0_TYPE_INT;
    if (token->kind == C0_TOKEN_CHARACTER)
        kind = C0_TYPE_CHAR;
    return c0_check_constant(unit, token->where, c0_type_basic(&unit->front->types, kind),
                             token->word);
}

/* identifier, which no call may follow */
static struct c0_expr *name(struct c0_unit *unit)
{
    const struct c0_token *token = c0_token(unit);
    c0_advance(unit);
    if (c0_peek(unit) == C0_TOKEN_OPEN) {
        c0_error(unit, token->where,
                 "calls inside expressions are not part of C0; a call is a statement");
        pass_parenthesis(unit);
        return NULL;
    }
    return c0_check_name(unit, token->where, token->name);
}

/* parenthesis ::= ( expression ) */
static struct c0_expr *parenthesis(struct c0_unit *unit)
{
    c0_advance(unit);
    struct c0_expr *expr = c0_parse_expression(unit);
    if (c0_peek(unit) == C0_TOKEN_COMMA)
        c0_syntax_error(unit, c0_here(unit), "the comma operator is not part of C0");
    c0_expect(unit, C0_TOKEN_CLOSE, "after the expression");
    return expr;
}

static struct c0_expr *word(struct c0_unit *unit, const struct c0_type *type, uint32_t value)
{
    struct location where = c0_here(unit);
    c0_advance(unit);
    return c0_check_constant(unit, where, type, value);
}

/* primary ::= number | character | true | false | NULL | identifier | parenthesis */
static struct c0_expr *primary(struct c0_unit *unit)
{
    struct c0_types *types = &unit->front->types;
    enum c0_token_kind kind = c0_peek(unit);
    if (kind == C0_TOKEN_NUMBER || kind == C0_TOKEN_CHARACTER || kind == C0_TOKEN_STRING)
        return literal(unit);
    if (kind == C0_TOKEN_TRUE || kind == C0_TOKEN_FALSE)
        return word(unit, c0_type_basic(types, C0_TYPE_BOOL), kind == C0_TOKEN_TRUE);
    if (kind == C0_TOKEN_NULL)
        return word(unit, &types->null->type, 0);
    if (kind == C0_TOKEN_IDENTIFIER)
        return name(unit);
    if (kind == C0_TOKEN_OPEN)
        return parenthesis(unit);
    if (kind == C0_TOKEN_NEW)
        c0_syntax_error(unit, c0_here(unit), "new stands alone on the right of an assignment");
    c0_unexpected(unit, "an expression");
    return NULL;
}

/* The field name after '.' or '->', which no call may follow. */
static const char *field_name(struct c0_unit *unit)
{
    const struct c0_token *token = c0_token(unit);
    if (!c0_expect(unit, C0_TOKEN_IDENTIFIER, "as the name of a field"))
        return NULL;
    return token->name;
}

/* postfix ::= primary { . identifier | -> identifier | [ expression ] } */
static struct c0_expr *postfix(struct c0_unit *unit)
{
    struct c0_expr *expr = primary(unit);
    for (;;) {
        enum c0_token_kind kind = c0_peek(unit);
        struct location where = c0_here(unit);
        if (kind == C0_TOKEN_DOT || kind == C0_TOKEN_ARROW) {
            c0_advance(unit);
            const char *field = field_name(unit);
            if (field == NULL)
                return NULL;
            expr = kind == C0_TOKEN_DOT ? c0_check_field(unit, where, expr, field)
                                        : c0_check_arrow(unit, where, expr, field);
        } else if (kind == C0_TOKEN_OPEN_BRACKET) {
            c0_advance(unit);
            struct c0_expr *index = c0_parse_expression(unit);
            if (!c0_expect(unit, C0_TOKEN_CLOSE_BRACKET, "after the index"))
                return NULL;
            expr = c0_check_index(unit, where, expr, index);
        } else if (kind == C0_TOKEN_OPEN) {
            c0_syntax_error(unit, where, "calls through an expression are not part of C0");
            return NULL;
        } else {
            return expr;
        }
    }
}

/* cast ::= ( type ) unary */
static struct c0_expr *cast(struct c0_unit *unit)
{
    struct location where = c0_here(unit);
    c0_advance(unit);
    const struct c0_type *type = c0_parse_type_name(unit);
    c0_expect(unit, C0_TOKEN_CLOSE, "after the type");
    return c0_check_cast(unit, where, type, c0_parse_unary(unit));
}

/* sizeof ::= sizeof ( type ) */
static struct c0_expr *size_of(struct c0_unit *unit)
{
    struct location where = c0_here(unit);
    c0_advance(unit);
    if (c0_peek(unit) == C0_TOKEN_OPEN) {
        c0_advance(unit);
        if (c0_starts_type(unit, c0_token(unit))) {
            const struct c0_type *type = c0_parse_type_name(unit);
            c0_expect(unit, C0_TOKEN_CLOSE, "after the type");
            return c0_check_sizeof(unit, where, type);
        }
    }
    c0_syntax_error(unit, where, "sizeof takes a type in parentheses");
    return NULL;
}

/* unary ::= ( - | ~ | ! | * | & ) unary | sizeof | cast | postfix */
static struct c0_expr *unary_inner(struct c0_unit *unit)
{
    enum c0_token_kind kind = c0_peek(unit);
    struct location where = c0_here(unit);
    if (kind == C0_TOKEN_SIZEOF)
        return size_of(unit);
    if (kind == C0_TOKEN_OPEN)
        return c0_starts_type(unit, c0_second(unit)) ? cast(unit) : postfix(unit);
    if (kind == C0_TOKEN_PLUS) {
        c0_syntax_error(unit, where, "unary + is not part of C0");
        return NULL;
    }
    bool is_operator = kind == C0_TOKEN_MINUS || kind == C0_TOKEN_COMPLEMENT ||
                       kind == C0_TOKEN_NOT || kind == C0_TOKEN_STAR || kind == C0_TOKEN_AND;
    if (!is_operator)
        return postfix(unit);
    c0_advance(unit);
    struct c0_expr *base = c0_parse_unary(unit);
    if (kind == C0_TOKEN_STAR)
        return c0_check_deref(unit, where, base);
    if (kind == C0_TOKEN_AND)
        return c0_check_address(unit, where, base);
    if (kind == C0_TOKEN_NOT)
        return c0_check_unary(unit, where, C0_UNARY_NOT, base);
    return c0_check_unary(unit, where,
                          kind == C0_TOKEN_MINUS ? C0_UNARY_MINUS : C0_UNARY_COMPLEMENT, base);
}

struct c0_expr *c0_parse_unary(struct c0_unit *unit)
{
    if (!c0_enter(unit))
        return NULL;
    struct c0_expr *expr = unary_inner(unit);
    c0_leave(unit);
    return expr;
}

struct operator
{
    enum c0_token_kind token;
    enum c0_binary op;
};

/* operand { operator operand }, grouped from the left; the list of operators ends in END. */
static struct c0_expr *left_associative(struct c0_unit *unit, const struct operator* operators,
                                        struct c0_expr *(*operand)(struct c0_unit *unit))
{
    struct c0_expr *left = operand(unit);
    for (;;) {
        const struct operator* found = operators;
        while (found->token != C0_TOKEN_END && found->token != c0_peek(unit))
            found++;
        if (found->token == C0_TOKEN_END)
            return left;
        struct location where = c0_here(unit);
        c0_advance(unit);
        left = c0_check_binary(unit, where, found->op, left, operand(unit));
    }
}

/* product ::= unary { ( * | / | % ) unary } */
static struct c0_expr *product(struct c0_unit *unit)
{
    static const struct operator operators[] = {{C0_TOKEN_STAR, C0_BINARY_MUL},
                                                {C0_TOKEN_SLASH, C0_BINARY_DIV},
                                                {C0_TOKEN_PERCENT, C0_BINARY_REM},
                                                {C0_TOKEN_END, C0_BINARY_ADD}};
    return left_associative(unit, operators, c0_parse_unary);
}

/* sum ::= product { ( + | - ) product } */
static struct c0_expr *sum(struct c0_unit *unit)
{
    static const struct operator operators[] = {{C0_TOKEN_PLUS, C0_BINARY_ADD},
                                                {C0_TOKEN_MINUS, C0_BINARY_SUB},
                                                {C0_TOKEN_END, C0_BINARY_ADD}};
    return left_associative(unit, operators, product);
}

/* shift ::= sum { ( << | >> ) sum } */
static struct c0_expr *shift(struct c0_unit *unit)
{
    static const struct operator operators[] = {{C0_TOKEN_SHL, C0_BINARY_SHL},
                                                {C0_TOKEN_SHR, C0_BINARY_SHR},
                                                {C0_TOKEN_END, C0_BINARY_ADD}};
    return left_associative(unit, operators, sum);
}

/* relation ::= shift { ( < | <= | > | >= ) shift } */
static struct c0_expr *relation(struct c0_unit *unit)
{
    static const struct operator operators[] = {{C0_TOKEN_LT, C0_BINARY_LT},
                                                {C0_TOKEN_LE, C0_BINARY_LE},
                                                {C0_TOKEN_GT, C0_BINARY_GT},
                                                {C0_TOKEN_GE, C0_BINARY_GE},
                                                {C0_TOKEN_END, C0_BINARY_ADD}};
    return left_associative(unit, operators, shift);
}

/* equality ::= relation { ( == | != ) relation } */
static struct c0_expr *equality(struct c0_unit *unit)
{
    static const struct operator operators[] = {
        {C0_TOKEN_EQ, C0_BINARY_EQ}, {C0_TOKEN_NE, C0_BINARY_NE}, {C0_TOKEN_END, C0_BINARY_ADD}};
    return left_associative(unit, operators, relation);
}

/* bit-and ::= equality { & equality } */
static struct c0_expr *bit_and(struct c0_unit *unit)
{
    static const struct operator operators[] = {{C0_TOKEN_AND, C0_BINARY_AND},
                                                {C0_TOKEN_END, C0_BINARY_ADD}};
    return left_associative(unit, operators, equality);
}

/* bit-xor ::= bit-and { ^ bit-and } */
static struct c0_expr *bit_xor(struct c0_unit *unit)
{
    static const struct operator operators[] = {{C0_TOKEN_XOR, C0_BINARY_XOR},
                                                {C0_TOKEN_END, C0_BINARY_ADD}};
    return left_associative(unit, operators, bit_and);
}

/* bit-or ::= bit-xor { | bit-xor } */
static struct c0_expr *bit_or(struct c0_unit *unit)
{
    static const struct operator operators[] = {{C0_TOKEN_OR, C0_BINARY_OR},
                                                {C0_TOKEN_END, C0_BINARY_ADD}};
    return left_associative(unit, operators, bit_xor);
}

/* conjunction ::= bit-or { && bit-or } */
static struct c0_expr *conjunction(struct c0_unit *unit)
{
    static const struct operator operators[] = {{C0_TOKEN_LAZY_AND, C0_BINARY_LAZY_AND},
                                                {C0_TOKEN_END, C0_BINARY_ADD}};
    return left_associative(unit, operators, bit_or);
}

/* expression ::= conjunction { || conjunction } */
struct c0_expr *c0_parse_expression(struct c0_unit *unit)
{
    static const struct operator operators[] = {{C0_TOKEN_LAZY_OR, C0_BINARY_LAZY_OR},
                                                {C0_TOKEN_END, C0_BINARY_ADD}};
    if (!c0_enter(unit))
        return NULL;
    struct c0_expr *expr = left_associative(unit, operators, conjunction);
    check_end(unit);
    c0_leave(unit);
    return unit->is_panicking ? NULL : expr;
}
