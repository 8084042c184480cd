/* A bitmap allocator: numbers 0 .. size - 1, each free (0) or taken (1). The kernel hands out
 * process numbers and swap slots with it. Pointer parameters must not be NULL. */
#ifndef KERNEL_LIB_BITMAP_H
#define KERNEL_LIB_BITMAP_H

#include <c0.h>

#include "config.h"
#include "status.h"

#define BITMAP_BITS (BITMAP_WORDS * 32u)
#define BITMAP_NONE 0xffffffffu /* the answer of a search that found nothing */

struct bitmap {
    unsigned int size;  /* numbers in use: at most BITMAP_BITS */
    unsigned int taken; /* how many of them are taken */
    unsigned int word[BITMAP_WORDS];
};

int bitmap_init(struct bitmap *map, unsigned int size);
bool bitmap_is_taken(struct bitmap *map, unsigned int number);
unsigned int bitmap_free_count(struct bitmap *map);
bool bitmap_run_is_free(struct bitmap *map, unsigned int first, unsigned int count);
unsigned int bitmap_find_free(struct bitmap *map);
unsigned int bitmap_find_free_run(struct bitmap *map, unsigned int count);
unsigned int bitmap_next_taken(struct bitmap *map, unsigned int from);
int bitmap_take(struct bitmap *map, unsigned int number);
int bitmap_release(struct bitmap *map, unsigned int number);
unsigned int bitmap_allocate(struct bitmap *map);
unsigned int bitmap_allocate_run(struct bitmap *map, unsigned int count);
int bitmap_release_run(struct bitmap *map, unsigned int first, unsigned int count);
bool bitmap_is_sound(struct bitmap *map);

#endif
