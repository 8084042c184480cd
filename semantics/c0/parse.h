/* The parser: recursive descent, one function a grammar rule (docs/C0.md, "Grammar"). It checks
 * as it reads (check.h), so what it makes is typed. After a syntax error the tokens seem to end,
 * which unwinds the rules to the nearest recovery; a construct with an error is NULL, and NULL
 * among the operands of a construct makes it NULL without a further report. */
#ifndef SEMANTICS_C0_PARSE_H
#define SEMANTICS_C0_PARSE_H

#include "semantics/c0/unit.h"

/* parse.c: tokens and recovery */
const struct c0_token *c0_token(struct c0_unit *unit);
enum c0_token_kind c0_peek(struct c0_unit *unit);
/* The token after the next one. */
const struct c0_token *c0_second(struct c0_unit *unit);
struct location c0_here(struct c0_unit *unit);
void c0_advance(struct c0_unit *unit);
bool c0_accept(struct c0_unit *unit, enum c0_token_kind kind);
/* Passes the token or reports "expected … <where>". */
bool c0_expect(struct c0_unit *unit, enum c0_token_kind kind, const char *where);
/* Reports "expected <what>, found …" or what is to be said about the token; then panics. */
void c0_unexpected(struct c0_unit *unit, const char *what);
/* Reports a syntax error and panics. */
void c0_syntax_error(struct c0_unit *unit, struct location where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Bounds the nesting of what is read. False after a report. */
bool c0_enter(struct c0_unit *unit);
void c0_leave(struct c0_unit *unit);
/* Ends a panic: passes the rest of the statement, up to its ';' or block. */
void c0_recover(struct c0_unit *unit);
/* Ends a panic outside functions: passes the rest of the declaration. */
void c0_recover_declaration(struct c0_unit *unit);

/* parse_expression.c */
struct c0_expr *c0_parse_expression(struct c0_unit *unit);
struct c0_expr *c0_parse_unary(struct c0_unit *unit);

/* parse_type.c */
struct c0_declarator {
    const char *name; /* NULL where there is none */
    struct location where;
    const struct c0_type *type; /* NULL after a report */
    bool is_function;           /* of this result type */
    size_t parameters;          /* of a function: the token with which its parameters start */
};
/* A type name may start with the token. */
bool c0_starts_type(struct c0_unit *unit, const struct c0_token *token);
/* NULL after a report. In a function or its parameters, structs and enums are not declared. */
const struct c0_type *c0_parse_type_specifier(struct c0_unit *unit);
struct c0_declarator c0_parse_declarator(struct c0_unit *unit, const struct c0_type *base);
const struct c0_type *c0_parse_type_name(struct c0_unit *unit);

/* parse_struct.c: what starts with `struct` or `enum` */
const struct c0_type *c0_parse_struct(struct c0_unit *unit);
const struct c0_type *c0_parse_enum(struct c0_unit *unit);

/* parse_statement.c */
const struct c0_stmt *c0_parse_function_body(struct c0_unit *unit,
                                             const struct c0_symbol *function);

/* parse_asm.c: `asm` { ... }; NULL after a report */
struct c0_stmt *c0_parse_asm(struct c0_unit *unit);

/* parse_initial.c: the initial value of a global, all its cells; NULL after a report */
struct c0_initial *c0_parse_initial(struct c0_unit *unit, const struct c0_type *type);

/* parse_declaration.c: a whole file */
void c0_parse_unit(struct c0_unit *unit);

#endif
