/* The text of one function's body while it is written, with what is known where it stands. */
#ifndef TESTS_GENERATE_BODY_H
#define TESTS_GENERATE_BODY_H

#include "tests/generate/model.h"

struct body {
    struct program *program;
    struct function *function;
    ARRAY(struct variable *) variables; /* parameters and locals */
    struct text_builder out;
    uint32_t indent;  /* blanks before a statement */
    uint32_t nesting; /* of if and while */
    uint64_t multiplier, cost, budget;
    uint32_t recursions; /* calls of itself or its partner that may still be written */
};

/* An expression and how tightly its outermost operator binds (LEVEL_). */
struct expression {
    const char *text;
    int level;
};

enum {
    LEVEL_OR = 1,
    LEVEL_AND,
    LEVEL_BIT_OR,
    LEVEL_BIT_XOR,
    LEVEL_BIT_AND,
    LEVEL_EQUAL,
    LEVEL_LESS,
    LEVEL_SHIFT,
    LEVEL_SUM,
    LEVEL_PRODUCT,
    LEVEL_UNARY,
    LEVEL_POSTFIX
};

/* expression.c */
struct expression random_expression(struct body *body, const struct type *type, uint32_t depth);
/* The text of random_expression, in parentheses if need be so that it binds at `level`. */
const char *random_operand(struct body *body, const struct type *type, uint32_t depth, int level);
/* An expression whose value is in 0 .. limit - 1. */
const char *random_bounded(struct body *body, const struct type *type, uint32_t limit,
                           uint32_t depth);

/* place.c */
enum place_use {
    PLACE_READ,    /* it is initialised */
    PLACE_WRITE,   /* it may be assigned to */
    PLACE_ADDRESS, /* it lies in a global or in what a pointer points to */
};
/* A place of that type, a postfix expression or (for *p) a unary one; NULL if none was found. */
bool random_place(struct body *body, const struct type *type, enum place_use use, uint32_t depth,
                  struct expression *place);

/* statement.c */
struct variable *add_local(struct body *body, const struct type *type, const char *prefix);
void write_line(struct body *body, const char *format, ...) __attribute__((format(printf, 2, 3)));
void write_statements(struct body *body, uint32_t count);
/* Assigns to every part of a local, which may be read from then on. */
void write_initialisation(struct body *body, struct variable *variable);
void open_block(struct body *body);
void close_block(struct body *body);

/* What is known of each variable, to be restored where a block ends. */
struct facts *save_facts(struct body *body);
void restore_facts(struct body *body, const struct facts *saved);
/* After a block that may not have run: what was known before it and is still so at its end. */
void merge_facts(struct body *body, const struct facts *saved);

/* call.c: false if no function could be called here. */
bool write_call(struct body *body);
void write_recursion(struct body *body);
void write_call_of(struct body *body, const struct function *callee, const char *fuel);

/* loop.c */
bool write_loop(struct body *body); /* false: no budget or no counter is left */

#endif
