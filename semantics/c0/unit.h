/* The state of the front end: what one file declares while it is read (struct c0_unit), and what
 * the files share (struct c0_front). Private to the front end. */
#ifndef SEMANTICS_C0_UNIT_H
#define SEMANTICS_C0_UNIT_H

#include "semantics/c0/diagnostic.h"
#include "semantics/c0/front.h"
#include "semantics/c0/scan.h"
#include "semantics/c0/types.h"

/* A function or global as the program has it; several files may declare it. */
struct c0_entity {
    struct c0_variable *variable; /* one of the two */
    struct c0_function *function;
    const struct c0_symbol *definition; /* NULL until defined */
    const struct c0_symbol *first;      /* the first declaration */
    bool is_used;
    struct location first_use;
};

enum c0_symbol_kind {
    C0_SYMBOL_UNKNOWN, /* an error was reported about the name: nothing more is said about it */
    C0_SYMBOL_TYPE,
    C0_SYMBOL_CONSTANT,
    C0_SYMBOL_GLOBAL,
    C0_SYMBOL_FUNCTION,
};

/* A file-scope identifier as one file declares it. */
struct c0_symbol {
    enum c0_symbol_kind kind;
    const char *name;
    struct location where;
    const struct c0_type *type;        /* TYPE, GLOBAL; the result of a FUNCTION */
    uint32_t word;                     /* CONSTANT */
    struct c0_entity *entity;          /* GLOBAL, FUNCTION */
    const struct c0_type **parameters; /* FUNCTION */
    uint32_t parameter_count;
    bool is_static;
    uint32_t unit;
};

/* A tag of this file: of a struct, or of an enum (type NULL). */
struct c0_tag {
    struct c0_type_node *type;
    struct location where;
    bool is_defined; /* its definition was seen, or is being read */
};

struct c0_front {
    struct arena *arena;
    const struct c0_front_options *options;
    struct c0_diagnostics diagnostics;
    struct c0_sources sources;
    struct c0_types types;
    struct c0_names identifiers; /* every name once */
    struct c0_names shared;      /* the entities that are not private to a file */
    struct {
        struct c0_entity **at;
        size_t count, capacity;
    } functions, globals;
    struct {
        struct c0_symbol **at; /* every GLOBAL and FUNCTION symbol of every file */
        size_t count, capacity;
    } symbols;
    uint64_t global_cells;
    uint32_t unit_count;
};

struct c0_unit {
    struct c0_front *front;
    struct arena *arena;
    uint32_t number;
    struct c0_tokens tokens;
    size_t at;         /* the next token */
    bool is_panicking; /* after a syntax error, until the recovery: the tokens seem to end */
    bool is_abandoned; /* panicking, and the function being read ends here */
    uint32_t nesting;  /* of the construct being read */
    uint32_t open_braces;
    struct c0_names symbols, tags;
    bool is_in_function;              /* or in its parameters */
    const struct c0_symbol *function; /* whose body is being read */
    uint32_t block_depth;             /* of statements within its body */
    bool has_return;
    struct c0_names locals; /* of the function being read: to its variables */
    uint64_t local_cells;
    struct {
        struct c0_variable **at;
        size_t count, capacity;
    } variables;
};

/* Reports an error of the static rules; reading goes on. */
void c0_error(struct c0_unit *unit, struct location where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Makes the program from the units that were read; false after a report. */
const struct c0_program *c0_link(struct c0_front *front);

#endif
