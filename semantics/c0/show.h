/* C0 values in and out, by their types, for any machine that holds C0 objects: the C0 machine
 * shows its cells, `vouch call` shows words of an image's memory. */
#ifndef SEMANTICS_C0_SHOW_H
#define SEMANTICS_C0_SHOW_H

#include "base/fault.h"
#include "base/text.h"
#include "semantics/c0/program.h"

#include <jansson.h>

/* The object that a pointer word points into. */
struct c0_pointee {
    const char *global;         /* its c0_show_name; NULL for a heap object */
    uint32_t heap_number;       /* order of allocation, from 0 */
    const struct c0_type *type; /* of the whole object */
    uint32_t offset_cells;      /* of the pointed-to cell within it */
};

struct c0_memory_view {
    void *self;
    /* The word of cell number `offset_cells` of a global. */
    uint32_t (*read)(void *self, const struct c0_variable *global, uint32_t offset_cells);
    /* False: the word points to no object. */
    bool (*resolve)(void *self, uint32_t pointer, struct c0_pointee *pointee);
};

/* An object: name to value. int, char and unsigned are numbers, bool is true or false, arrays and
 * structs nest, a pointer is null, "global+path" or "heap#k+path" (path empty for the whole
 * object: then no '+'), or "invalid:0x..." if it points to no object. A path reads like C:
 * ".next", "[3].key". Statics whose name occurs in two files are shown as "file:name". */
json_t *c0_show_globals(const struct c0_program *program, const struct c0_memory_view *view);

/* The name by which c0_show_globals shows a global. */
const char *c0_show_name(struct arena *arena, const struct c0_program *program,
                         const struct c0_variable *global);

/* One word of elementary type, as c0_show_globals shows it. */
json_t *c0_show_value(const struct c0_type *type, uint32_t word, const struct c0_memory_view *view);

/* The result of a call: the same, but a bool is the number 0 or 1; null for a void function (and
 * where `word` is NULL, because the call did not return). */
json_t *c0_show_result(const struct c0_type *type, const uint32_t *word,
                       const struct c0_memory_view *view);

/* What `vouch interp` and `vouch call` print of a run. */
struct c0_run {
    const char *status; /* "returned", "fault" or "limit" */
    json_t *result;     /* c0_show_result; the reference is taken over */
    uint64_t steps;
    json_t *globals;       /* c0_show_globals; the reference is taken over */
    const char *rule;      /* of a fault; else NULL */
    struct location where; /* of a fault; parts that are not known are left out */
};

/* The object with those members and, on a fault, "fault": {"rule", "location": {"file", "line",
 * "column"}}. */
json_t *c0_show_run(const struct c0_run *run);

/* Prints it with sorted keys, two blanks of indentation and a newline, and releases it. False if
 * the file did not take it. */
bool c0_print_json(json_t *json, FILE *out);

/* Reads a value of elementary `type` as a user writes it: a decimal or 0x number (with an optional
 * sign), true, false, a character such as 'a' or '\n', NULL or null. int takes -2^31..2^31-1 (in
 * hexadecimal the bit pattern: up to 0xffffffff), unsigned 0..2^32-1, char -128..127, bool true,
 * false, 0, 1; a pointer only NULL, null, 0. False if it is not a value of that type. */
bool c0_parse_value(const struct c0_type *type, struct text text, uint32_t *word);

/* Resolves a path such as g[2].f or next.c0:g to a global and the place in it. Like C, it goes
 * through fields and elements; it does not follow pointers. False if there is no such place. */
bool c0_resolve_path(const struct c0_program *program, struct text path,
                     const struct c0_variable **global, uint32_t *offset_cells,
                     const struct c0_type **type);

/* GLOBAL=VALUE of the option --set, where GLOBAL is a path to an elementary place. */
struct c0_setting {
    const struct c0_variable *global;
    uint32_t offset_cells;
    uint32_t word;
};
bool c0_parse_setting(const struct c0_program *program, struct text text,
                      struct c0_setting *setting, struct fault *fault);

/* The arguments of a call: as many values as `function` has parameters, each of its type. */
bool c0_parse_arguments(const struct c0_function *function, const char *const *values,
                        uint32_t value_count, uint32_t *words, struct fault *fault);

/* The function that `name` denotes, a plain name or file:name for a static one; with a body. */
const struct c0_function *c0_resolve_function(const struct c0_program *program, struct text name,
                                              struct fault *fault);

#endif
