#include "semantics/c0/parse.h"

#include <stdarg.h>

void c0_error(struct c0_unit *unit, struct location where, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *message = arena_vprintf(unit->arena, format, arguments);
    va_end(arguments);
    c0_diagnose(&unit->front->diagnostics, where, "%s", message);
}

void c0_syntax_error(struct c0_unit *unit, struct location where, const char *format, ...)
{
    if (unit->is_panicking)
        return;
    va_list arguments;
    va_start(arguments, format);
    const char *message = arena_vprintf(unit->arena, format, arguments);
    va_end(arguments);
    c0_diagnose(&unit->front->diagnostics, where, "%s", message);
    unit->is_panicking = true;
}

/* Bytes that start no token are reported and passed over, as if they were not there. */
static void pass_bad_tokens(struct c0_unit *unit)
{
    while (unit->tokens.at[unit->at].kind == C0_TOKEN_BAD) {
        const struct c0_token *bad = &unit->tokens.at[unit->at++];
        c0_error(unit, bad->where, "%s", bad->message);
    }
    if (c0_diagnostics_are_full(&unit->front->diagnostics))
        unit->at = unit->tokens.count - 1;
}

const struct c0_token *c0_token(struct c0_unit *unit)
{
    if (unit->is_panicking)
        return &unit->tokens.at[unit->tokens.count - 1];
    pass_bad_tokens(unit);
    return &unit->tokens.at[unit->at];
}

enum c0_token_kind c0_peek(struct c0_unit *unit)
{
    return c0_token(unit)->kind;
}

const struct c0_token *c0_second(struct c0_unit *unit)
{
    const struct c0_token *token = c0_token(unit);
    return token->kind == C0_TOKEN_END ? token : token + 1;
}

struct location c0_here(struct c0_unit *unit)
{
    return c0_token(unit)->where;
}

void c0_advance(struct c0_unit *unit)
{
    enum c0_token_kind kind = c0_peek(unit);
    if (kind == C0_TOKEN_OPEN_BRACE)
        unit->open_braces++;
    else if (kind == C0_TOKEN_CLOSE_BRACE && unit->open_braces != 0)
        unit->open_braces--;
    if (kind != C0_TOKEN_END)
        unit->at++;
}

bool c0_accept(struct c0_unit *unit, enum c0_token_kind kind)
{
    if (c0_peek(unit) != kind)
        return false;
    c0_advance(unit);
    return true;
}

static const char *token_name(struct c0_unit *unit, const struct c0_token *token)
{
    if (token->kind == C0_TOKEN_END)
        return "the end of the file";
    int shown = token->text.length > 40 ? 40 : (int)token->text.length;
    return arena_printf(unit->arena, "'%.*s'", shown, token->text.at);
}

static const char *kind_name(struct c0_unit *unit, enum c0_token_kind kind)
{
    if (kind == C0_TOKEN_IDENTIFIER)
        return "an identifier";
    return arena_printf(unit->arena, "'%s'", c0_token_kind_name(kind));
}

/* Where something is missing before the next token: right there, or at the end of the token
 * before it if that stands on an earlier line. */
static struct location gap(struct c0_unit *unit)
{
    struct location where = c0_here(unit);
    if (unit->is_panicking || unit->at == 0)
        return where;
    const struct c0_token *last = &unit->tokens.at[unit->at - 1];
    if (last->where.file != where.file || last->where.line == where.line)
        return where;
    where = last->where;
    where.column += (uint32_t)last->text.length;
    return where;
}

void c0_unexpected(struct c0_unit *unit, const char *what)
{
    const struct c0_token *token = c0_token(unit);
    if (token->message != NULL)
        c0_syntax_error(unit, token->where, "%s", token->message);
    else
        c0_syntax_error(unit, token->where, "expected %s, found %s", what, token_name(unit, token));
}

bool c0_expect(struct c0_unit *unit, enum c0_token_kind kind, const char *where)
{
    if (c0_accept(unit, kind))
        return true;
    const struct c0_token *token = c0_token(unit);
    if (token->message != NULL)
        c0_syntax_error(unit, token->where, "%s", token->message);
    else
        c0_syntax_error(unit, gap(unit), "expected %s %s", kind_name(unit, kind), where);
    return false;
}

bool c0_enter(struct c0_unit *unit)
{
    if (unit->nesting == C0_MAX_NESTING) {
        c0_syntax_error(unit, c0_here(unit), "nested more than %d deep", C0_MAX_NESTING);
        return false;
    }
    unit->nesting++;
    return true;
}

void c0_leave(struct c0_unit *unit)
{
    unit->nesting--;
}

/* Passes a block from its '{' to the matching '}'. */
static void pass_block(struct c0_unit *unit)
{
    size_t depth = 0;
    do {
        if (c0_peek(unit) == C0_TOKEN_OPEN_BRACE)
            depth++;
        else if (c0_peek(unit) == C0_TOKEN_CLOSE_BRACE)
            depth--;
        c0_advance(unit);
    } while (depth != 0 && c0_peek(unit) != C0_TOKEN_END);
}

/* A new declaration seems to start, whatever braces are open. */
static bool is_at_declaration(struct c0_unit *unit)
{
    const struct c0_token *token = c0_token(unit);
    bool has_storage = token->kind == C0_TOKEN_STATIC || token->kind == C0_TOKEN_EXTERN ||
                       token->kind == C0_TOKEN_TYPEDEF;
    return token->where.column == 1 && (has_storage || c0_starts_type(unit, token));
}

/* The rest of a declaration ends where all braces are closed, with a ';' or the last '}', at the
 * latest where a line starts with a declaration. */
void c0_recover_declaration(struct c0_unit *unit)
{
    bool is_abandoned = unit->is_abandoned;
    unit->is_panicking = false;
    unit->is_abandoned = false;
    if (is_abandoned) {
        unit->open_braces = 0;
        return;
    }
    while (c0_peek(unit) != C0_TOKEN_END) {
        enum c0_token_kind kind = c0_peek(unit);
        c0_advance(unit);
        if (unit->open_braces == 0 &&
            (kind == C0_TOKEN_SEMICOLON || kind == C0_TOKEN_CLOSE_BRACE)) {
            c0_accept(unit, C0_TOKEN_SEMICOLON); /* behind the '}' of a struct */
            return;
        }
        if (is_at_declaration(unit)) {
            unit->open_braces = 0;
            return;
        }
    }
}

/* The rest of a statement ends with a ';' outside parentheses, or with a block that no `else`
 * and no `while (...);` of a do loop follows; at the latest before the '}' around it. */
void c0_recover(struct c0_unit *unit)
{
    unit->is_panicking = false;
    bool is_do = c0_peek(unit) == C0_TOKEN_FOREIGN && text_is(c0_token(unit)->text, "do");
    size_t open = 0;
    for (;;) {
        enum c0_token_kind kind = c0_peek(unit);
        if (kind == C0_TOKEN_END || kind == C0_TOKEN_CLOSE_BRACE)
            return;
        if (kind == C0_TOKEN_OPEN_BRACE) {
            pass_block(unit);
            open = 0;
            bool goes_on =
                c0_peek(unit) == C0_TOKEN_ELSE || (is_do && c0_peek(unit) == C0_TOKEN_WHILE);
            if (!goes_on)
                return;
            continue;
        }
        c0_advance(unit);
        if (kind == C0_TOKEN_SEMICOLON && open == 0)
            return;
        if (kind == C0_TOKEN_OPEN)
            open++;
        else if (kind == C0_TOKEN_CLOSE && open != 0)
            open--;
    }
}
