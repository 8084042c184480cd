/* Globals as JSON by their types, for any machine that holds C0 objects: the C0 machine shows its
 * cells, `vouch call` shows words of an image's memory. */
#ifndef SEMANTICS_C0_SHOW_H
#define SEMANTICS_C0_SHOW_H

#include "base/arena.h"
#include "semantics/c0/program.h"

#include <jansson.h>

/* The object that a pointer word points into. */
struct c0_pointee {
    const char *global;         /* NULL for a heap object */
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

#endif
