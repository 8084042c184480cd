/* The memory map of an image: where its regions lie. */
#ifndef COMPILER_MAP_H
#define COMPILER_MAP_H

#include "base/fault.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum { MAP_PAGE_BYTES = 4096 };

/* What the user asked for. A region without an address starts on the page after the one before. */
struct map {
    uint32_t code;
    bool has_globals, has_heap, has_stack; /* an address is given */
    uint32_t globals, heap, stack;
    uint32_t heap_bytes, stack_bytes;
    uint64_t memory_bytes; /* everything lies below */
};

struct map map_default(void);

/* Reads "code=0x1000,globals=0x8000,heap=64K@0x10000,stack=16K,memory=4M": any of them, separated
 * by commas, blanks or line ends, with comments from '#' on. `where` locates faults. */
bool map_parse(struct map *map, struct text text, struct location where, struct fault *fault);

/* Regions as they are: [start, end), ends rounded up to a word. */
struct map_region {
    uint32_t start, end;
};
struct map_regions {
    struct map_region code, globals, heap, stack;
};

/* Refuses regions that overlap, are out of order or beyond the memory. */
bool map_place(const struct map *map, uint64_t code_bytes, uint64_t globals_bytes,
               struct map_regions *regions, struct fault *fault);

#endif
