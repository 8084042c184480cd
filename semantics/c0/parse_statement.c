#include "base/array.h"
#include "base/require.h"
#include "semantics/c0/check.h"
#include "semantics/c0/parse.h"

struct statements {
    const struct c0_stmt **at;
    size_t count, capacity;
};

static struct c0_stmt *statement(struct c0_unit *unit);

static struct c0_stmt *stmt_new(struct c0_unit *unit, enum c0_stmt_kind kind, struct location where)
{
    struct c0_stmt *stmt = ARENA_NEW(unit->arena, struct c0_stmt);
    stmt->kind = kind;
    stmt->where = where;
    return stmt;
}

static struct c0_stmt *block_of(struct c0_unit *unit, struct location where,
                                const struct statements *statements)
{
    struct c0_stmt *block = stmt_new(unit, C0_STMT_BLOCK, where);
    block->stmts = statements->at;
    block->stmt_count = (uint32_t)statements->count;
    return block;
}

static bool starts_storage(struct c0_unit *unit)
{
    enum c0_token_kind kind = c0_peek(unit);
    return kind == C0_TOKEN_STATIC || kind == C0_TOKEN_EXTERN || kind == C0_TOKEN_TYPEDEF;
}

/* local ::= specifier declarator { , declarator } ; */
static void local(struct c0_unit *unit)
{
    if (starts_storage(unit)) {
        const struct c0_token *token = c0_token(unit);
        c0_syntax_error(unit, token->where, "%.*s stands only outside functions",
                        (int)token->text.length, token->text.at);
        return;
    }
    const struct c0_type *base = c0_parse_type_specifier(unit);
    do {
        struct c0_declarator declarator = c0_parse_declarator(unit, base);
        const struct c0_type *type = declarator.type;
        if (declarator.name == NULL || declarator.is_function) {
            c0_syntax_error(unit, declarator.where,
                            declarator.is_function ? "functions are declared outside functions"
                                                   : "expected the name of a variable");
            break;
        }
        if (type != NULL && !c0_type_is_object(type)) {
            c0_error(unit, declarator.where, "%s has type %s, which is not complete",
                     declarator.name, c0_type_name(unit->arena, type));
            type = NULL;
        }
        if (c0_check_name_is_free(unit, declarator.where, declarator.name))
            c0_declare_local(unit, declarator.where, declarator.name, type, C0_SCOPE_LOCAL);
        if (c0_peek(unit) == C0_TOKEN_ASSIGN)
            c0_syntax_error(unit, c0_here(unit),
                            "a local variable has no initial value; assign to it");
    } while (c0_accept(unit, C0_TOKEN_COMMA));
    c0_expect(unit, C0_TOKEN_SEMICOLON, "after the declaration");
}

/* A declaration stands here: no statement starts with the name of a type, known or not. */
static bool starts_local(struct c0_unit *unit)
{
    const struct c0_token *token = c0_token(unit);
    if (token->kind != C0_TOKEN_IDENTIFIER || c0_starts_type(unit, token))
        return c0_starts_type(unit, token);
    const struct c0_symbol *symbol = c0_symbol_find(unit, token->name);
    bool is_unknown = c0_names_find(&unit->locals, text_of(token->name)) == NULL &&
                      (symbol == NULL || symbol->kind == C0_SYMBOL_UNKNOWN);
    enum c0_token_kind second = c0_second(unit)->kind;
    return is_unknown && (second == C0_TOKEN_IDENTIFIER || second == C0_TOKEN_STAR);
}

/* A line starts with what stands outside functions: a function, a struct's definition, or a
 * declaration with a storage class. */
static bool is_behind_function(struct c0_unit *unit)
{
    if (c0_here(unit).column != 1)
        return false;
    for (const struct c0_token *token = c0_token(unit);; token++) {
        switch ((int)token->kind) {
        case C0_TOKEN_STATIC:
        case C0_TOKEN_EXTERN:
        case C0_TOKEN_TYPEDEF:
        case C0_TOKEN_OPEN:
        case C0_TOKEN_OPEN_BRACE:
            return true;
        case C0_TOKEN_END:
        case C0_TOKEN_SEMICOLON:
        case C0_TOKEN_ASSIGN:
            return false;
        default:
            break;
        }
    }
}

/* A declaration where none may stand: reported, and read so that its names are known. */
static struct c0_stmt *misplaced_local(struct c0_unit *unit)
{
    if (is_behind_function(unit)) {
        c0_syntax_error(unit, c0_here(unit),
                        "a declaration inside the function %s; is a } missing?",
                        unit->function->name);
        unit->is_abandoned = true;
        return NULL;
    }
    if (!starts_storage(unit))
        c0_error(unit, c0_here(unit), "local variables are declared at the start of the function");
    local(unit);
    return NULL;
}

/* { statement } up to the '}', with a recovery behind each that is wrong. */
static struct statements statements_to_brace(struct c0_unit *unit)
{
    struct statements statements = {0};
    while (c0_peek(unit) != C0_TOKEN_CLOSE_BRACE && c0_peek(unit) != C0_TOKEN_END) {
        const struct c0_stmt *stmt = statement(unit);
        require(stmt != NULL || unit->front->diagnostics.count != 0, "a dropped statement");
        if (unit->is_panicking && !unit->is_abandoned)
            c0_recover(unit);
        else if (stmt != NULL)
            ARRAY_PUSH(unit->arena, &statements, stmt);
    }
    return statements;
}

/* A body without braces is reported, and read so that the reading goes on behind it. */
static struct c0_stmt *block_without_braces(struct c0_unit *unit)
{
    c0_error(unit, c0_here(unit), "the body stands in braces");
    return c0_accept(unit, C0_TOKEN_SEMICOLON) ? NULL : statement(unit);
}

/* block ::= { { statement } } */
static struct c0_stmt *block(struct c0_unit *unit)
{
    struct location where = c0_here(unit);
    if (!c0_enter(unit))
        return NULL;
    unit->block_depth++;
    struct c0_stmt *stmt = NULL;
    if (c0_accept(unit, C0_TOKEN_OPEN_BRACE)) {
        struct statements statements = statements_to_brace(unit);
        stmt = block_of(unit, where, &statements);
        c0_expect(unit, C0_TOKEN_CLOSE_BRACE, "at the end of the block");
    } else if (c0_peek(unit) != C0_TOKEN_END && c0_peek(unit) != C0_TOKEN_CLOSE_BRACE) {
        stmt = block_without_braces(unit);
    } else {
        c0_expect(unit, C0_TOKEN_OPEN_BRACE, "around the body");
    }
    unit->block_depth--;
    c0_leave(unit);
    return stmt;
}

/* condition ::= ( expression ) */
static struct c0_expr *condition(struct c0_unit *unit, const char *after)
{
    if (!c0_expect(unit, C0_TOKEN_OPEN, after))
        return NULL;
    struct c0_expr *expr = c0_check_condition(unit, c0_parse_expression(unit));
    c0_expect(unit, C0_TOKEN_CLOSE, "after the condition");
    return expr;
}

/* if ::= if condition block [ else ( if | block ) ] */
static struct c0_stmt *if_statement(struct c0_unit *unit)
{
    struct c0_stmt *stmt = stmt_new(unit, C0_STMT_IF, c0_here(unit));
    c0_advance(unit);
    if (!c0_enter(unit))
        return NULL;
    stmt->value = condition(unit, "after if");
    stmt->body = block(unit);
    if (c0_accept(unit, C0_TOKEN_ELSE)) {
        struct location where = c0_here(unit);
        if (c0_peek(unit) == C0_TOKEN_IF) {
            struct statements statements = {0};
            ARRAY_PUSH(unit->arena, &statements, if_statement(unit));
            stmt->otherwise = block_of(unit, where, &statements);
        } else {
            stmt->otherwise = block(unit);
        }
    }
    c0_leave(unit);
    return stmt;
}

/* while ::= while condition block */
static struct c0_stmt *while_statement(struct c0_unit *unit)
{
    struct c0_stmt *stmt = stmt_new(unit, C0_STMT_WHILE, c0_here(unit));
    c0_advance(unit);
    stmt->value = condition(unit, "after while");
    stmt->body = block(unit);
    return stmt;
}

/* return ::= return expression ; at the end of a body of a function with a result */
static struct c0_stmt *return_statement(struct c0_unit *unit)
{
    struct c0_stmt *stmt = stmt_new(unit, C0_STMT_RETURN, c0_here(unit));
    bool is_first = !unit->has_return;
    unit->has_return = true;
    c0_advance(unit);
    const struct c0_type *result = unit->function->type; /* NULL after a report */
    if (result != NULL && result->kind == C0_TYPE_VOID) {
        c0_syntax_error(unit, stmt->where, "function %s has no result and so no return statement",
                        unit->function->name);
        return NULL;
    }
    struct c0_expr *value = c0_parse_expression(unit);
    stmt->value = c0_check_value(unit, value, result, "the result");
    c0_expect(unit, C0_TOKEN_SEMICOLON, "after the result");
    bool is_last = unit->block_depth == 0 && c0_peek(unit) == C0_TOKEN_CLOSE_BRACE;
    if (!is_last && is_first && !unit->is_panicking)
        c0_error(unit, stmt->where, "return stands only at the end of the function");
    return stmt;
}

struct arguments {
    struct c0_expr **at;
    size_t count, capacity;
};

/* call ::= identifier ( [ expression { , expression } ] ) ;
 * The result goes to `place` if it has one; that is NULL after a report, too. */
static struct c0_stmt *call(struct c0_unit *unit, struct location where, bool has_place,
                            struct c0_expr *place)
{
    const struct c0_token *name = c0_token(unit);
    c0_advance(unit);
    c0_expect(unit, C0_TOKEN_OPEN, "after the function");
    struct arguments arguments = {0};
    if (c0_peek(unit) != C0_TOKEN_CLOSE) {
        do {
            struct c0_expr *argument = c0_parse_expression(unit);
            ARRAY_PUSH(unit->arena, &arguments, argument);
        } while (c0_accept(unit, C0_TOKEN_COMMA));
    }
    if (!c0_expect(unit, C0_TOKEN_CLOSE, "after the arguments"))
        return NULL;
    if (c0_peek(unit) != C0_TOKEN_SEMICOLON && c0_peek(unit) != C0_TOKEN_FOREIGN &&
        c0_here(unit).line == name->where.line)
        c0_syntax_error(unit, c0_here(unit),
                        "a call is a statement of its own, or stands alone "
                        "on the right of an assignment");
    if (!c0_expect(unit, C0_TOKEN_SEMICOLON, "after the call"))
        return NULL;
    struct c0_stmt *stmt = c0_check_call(unit, where, place, name->name, name->where, arguments.at,
                                         (uint32_t)arguments.count);
    return has_place && place == NULL ? NULL : stmt;
}

/* new ::= place = new ( type ) ; */
static struct c0_stmt *new_statement(struct c0_unit *unit, struct location where,
                                     struct c0_expr *place)
{
    c0_advance(unit);
    if (!c0_expect(unit, C0_TOKEN_OPEN, "after new"))
        return NULL;
    const struct c0_type *type = c0_parse_type_name(unit);
    if (!c0_expect(unit, C0_TOKEN_CLOSE, "after the type") ||
        !c0_expect(unit, C0_TOKEN_SEMICOLON, "after new(...)"))
        return NULL;
    return c0_check_new(unit, where, place, type);
}

/* assignment ::= place = expression ; | identifier = call ; | new */
static struct c0_stmt *assignment(struct c0_unit *unit, struct location where)
{
    struct c0_expr *place = c0_parse_unary(unit);
    if (c0_peek(unit) == C0_TOKEN_FOREIGN)
        c0_unexpected(unit, "=");
    if (c0_peek(unit) != C0_TOKEN_ASSIGN) {
        if (place != NULL && c0_peek(unit) != C0_TOKEN_END)
            c0_syntax_error(unit, where, "expected a statement; an expression alone is none");
        else if (place != NULL)
            c0_expect(unit, C0_TOKEN_ASSIGN, "after the left side of an assignment");
        unit->is_panicking = true;
        return NULL;
    }
    c0_advance(unit);
    if (c0_peek(unit) == C0_TOKEN_NEW)
        return new_statement(unit, where, place);
    bool is_call = c0_peek(unit) == C0_TOKEN_IDENTIFIER && c0_second(unit)->kind == C0_TOKEN_OPEN &&
                   !c0_starts_type(unit, c0_token(unit));
    if (is_call) {
        return call(unit, where, true, place);
    }
    struct c0_expr *value = c0_parse_expression(unit);
    if (c0_peek(unit) == C0_TOKEN_COMMA)
        c0_syntax_error(unit, c0_here(unit), "the comma operator is not part of C0");
    if (!c0_expect(unit, C0_TOKEN_SEMICOLON, "after the assignment"))
        return NULL;
    return c0_check_assign(unit, where, place, value);
}

/* statement ::= if | while | return | block | asm | call ; | assignment */
static struct c0_stmt *statement(struct c0_unit *unit)
{
    const struct c0_token *token = c0_token(unit);
    struct location where = token->where;
    switch ((int)token->kind) {
    case C0_TOKEN_IF:
        return if_statement(unit);
    case C0_TOKEN_WHILE:
        return while_statement(unit);
    case C0_TOKEN_RETURN:
        return return_statement(unit);
    case C0_TOKEN_OPEN_BRACE:
        return block(unit);
    case C0_TOKEN_ASM:
        return c0_parse_asm(unit);
    case C0_TOKEN_SEMICOLON:
        c0_error(unit, where, "an empty statement is not part of C0");
        c0_advance(unit);
        return NULL;
    case C0_TOKEN_ELSE:
        c0_syntax_error(unit, where, "else without an if before it");
        return NULL;
    default:
        break;
    }
    if (starts_local(unit) || starts_storage(unit))
        return misplaced_local(unit);
    if (token->kind == C0_TOKEN_FOREIGN) {
        c0_unexpected(unit, "a statement");
        return NULL;
    }
    if (token->kind == C0_TOKEN_IDENTIFIER && c0_second(unit)->kind == C0_TOKEN_COLON) {
        c0_error(unit, where, "labels are not part of C0");
        c0_advance(unit);
        c0_advance(unit);
        return NULL;
    }
    if (token->kind == C0_TOKEN_IDENTIFIER && c0_second(unit)->kind == C0_TOKEN_OPEN)
        return call(unit, where, false, NULL);
    return assignment(unit, where);
}

/* body ::= { { local } { statement } } */
const struct c0_stmt *c0_parse_function_body(struct c0_unit *unit, const struct c0_symbol *function)
{
    struct location where = c0_here(unit);
    unit->function = function;
    unit->has_return = false;
    unit->block_depth = 0;
    c0_advance(unit);
    while (starts_local(unit) || (starts_storage(unit) && !is_behind_function(unit))) {
        local(unit);
        if (unit->is_panicking)
            c0_recover(unit);
    }
    struct statements statements = statements_to_brace(unit);
    bool has_result = function->type != NULL && function->type->kind != C0_TYPE_VOID;
    if (c0_peek(unit) == C0_TOKEN_CLOSE_BRACE && has_result && !unit->has_return)
        c0_error(unit, c0_here(unit), "function %s must end in a return statement", function->name);
    c0_expect(unit, C0_TOKEN_CLOSE_BRACE, "at the end of the function");
    return block_of(unit, where, &statements);
}
