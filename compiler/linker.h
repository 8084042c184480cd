/* A run of the linker: what link.c and link_write.c share. Private. */
#ifndef COMPILER_LINKER_H
#define COMPILER_LINKER_H

#include "base/array.h"
#include "compiler/link.h"

/* Where the sections of an object went. */
struct placed {
    uint32_t text, data, bss;
};

struct absolute {
    const char *name;
    uint32_t value;
};

enum { ABSOLUTE_COUNT = 8 };

struct linker {
    struct arena *arena;
    struct fault *fault;
    ARRAY(struct object *) objects;
    struct link_definitions definitions;
    struct placed *placed;
    struct map_regions regions;
    uint32_t data_bytes, bss_bytes;
    struct absolute absolutes[ABSOLUTE_COUNT];
};

struct location linker_at(const struct object *object);

/* link_write.c: the address of a symbol that the object of that number defines, and the file. */
uint32_t linker_address(const struct linker *linker, uint32_t object,
                        const struct object_symbol *symbol);
bool linker_write(struct linker *linker, const char *declarations, struct text *image);

#endif
