#include "base/arena.h"

#include "base/require.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE_BYTES = 64 * 1024, ALIGNMENT_BYTES = 16 };

struct block {
    struct block *next;
    size_t size_bytes, used_bytes;
    /* the bytes follow, aligned */
};

struct arena {
    struct block *blocks;
    size_t used_bytes;
};

static size_t align_up(size_t size_bytes)
{
    return (size_bytes + (ALIGNMENT_BYTES - 1)) & ~(size_t)(ALIGNMENT_BYTES - 1);
}

struct arena *arena_new(void)
{
    struct arena *arena = calloc(1, sizeof *arena);
    require(arena != NULL, "out of memory");
    return arena;
}

static struct block *block_new(size_t size_bytes)
{
    struct block *block = calloc(1, align_up(sizeof *block) + size_bytes);
    require(block != NULL, "out of memory");
    block->size_bytes = size_bytes;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size_bytes)
{
    require(size_bytes <= SIZE_MAX / 4, "allocation too large");
    size_t need_bytes = align_up(size_bytes == 0 ? 1 : size_bytes);
    struct block *block = arena->blocks;
    if (block == NULL || block->size_bytes - block->used_bytes < need_bytes) {
        if (need_bytes > BLOCK_SIZE_BYTES / 4 && block != NULL) {
            /* A large piece gets a block of its own behind the current one, which stays in use. */
            struct block *own = block_new(need_bytes);
            own->next = block->next;
            block->next = own;
            block = own;
        } else {
            block = block_new(need_bytes > BLOCK_SIZE_BYTES ? need_bytes : BLOCK_SIZE_BYTES);
            block->next = arena->blocks;
            arena->blocks = block;
        }
    }
    void *memory = (char *)block + align_up(sizeof *block) + block->used_bytes;
    block->used_bytes += need_bytes;
    arena->used_bytes += need_bytes;
    return memory;
}

void *arena_array(struct arena *arena, size_t count, size_t size_bytes)
{
    require(size_bytes == 0 || count <= SIZE_MAX / size_bytes, "allocation too large");
    return arena_alloc(arena, count * size_bytes);
}

char *arena_copy(struct arena *arena, const char *bytes, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    if (length != 0)
        memcpy(copy, bytes, length);
    return copy;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    require(length >= 0, "bad format");
    char *string = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(string, (size_t)length + 1, format, again);
    va_end(again);
    return string;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *string = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return string;
}

size_t arena_used_bytes(const struct arena *arena)
{
    return arena->used_bytes;
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    for (struct block *block = arena->blocks; block != NULL;) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    free(arena);
}
