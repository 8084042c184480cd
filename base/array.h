/* Typed growable arrays whose elements live in an arena.
 *
 *     ARRAY(uint32_t) addresses = {0};
 *     ARRAY_PUSH(arena, &addresses, 0x40);
 *     for (size_t i = 0; i < addresses.count; i++) use(addresses.at[i]);
 *
 * Growing moves the elements; keep indices, not addresses of elements. */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include "base/arena.h"

#include <stddef.h>

#define ARRAY(type)                                                                                \
    struct {                                                                                       \
        type *at;                                                                                  \
        size_t count, capacity;                                                                    \
    }

#define ARRAY_PUSH(arena, array, ...)                                                              \
    ((array)->at = array_grown((arena), (array)->at, (array)->count, &(array)->capacity,           \
                               sizeof *(array)->at),                                               \
     (array)->at[(array)->count++] = (__VA_ARGS__))

/* The elements with room for one more. */
void *array_grown(struct arena *arena, void *at, size_t count, size_t *capacity,
                  size_t size_bytes);

#endif
