#include "base/array.h"

#include <string.h>

void *array_grown(struct arena *arena, void *at, size_t count, size_t *capacity, size_t size_bytes)
{
    if (count < *capacity)
        return at;
    size_t larger = *capacity == 0 ? 8 : *capacity * 2;
    void *moved = arena_array(arena, larger, size_bytes);
    if (count != 0)
        memcpy(moved, at, count * size_bytes);
    *capacity = larger;
    return moved;
}
