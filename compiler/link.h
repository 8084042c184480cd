/* Objects to an image: places them, finds their symbols, fills in what waited for addresses. */
#ifndef COMPILER_LINK_H
#define COMPILER_LINK_H

#include "base/fault.h"
#include "compiler/map.h"
#include "compiler/object.h"

struct link_input {
    struct object *const *objects;
    size_t object_count;
    struct map map;
    const char *declarations; /* of the whole program; NULL: merged from those of the objects */
};

/* The bytes of the executable file. Start-up code and the runtime routines that are wanted are
 * added. The objects are used up. Refused: undefined and duplicate symbols, fields that cannot
 * hold their values, maps that do not fit. */
bool link_image(struct arena *arena, const struct link_input *input, struct text *image,
                struct fault *fault);

/* link_symbols.c: the global definitions of a list of objects, by name. */
struct link_definition {
    const char *name;
    uint32_t object, symbol; /* numbers */
};
struct link_definitions {
    struct link_definition *at;
    size_t count;
};
bool link_collect(struct arena *arena, struct object *const *objects, size_t object_count,
                  struct link_definitions *definitions, struct fault *fault);
const struct link_definition *link_find(const struct link_definitions *definitions,
                                        const char *name);

/* link_tables.c: the sections for tools. */
void link_merge_declarations(struct text_builder *merged, struct text declarations);

#endif
