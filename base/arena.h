/* Memory by lifetime: everything taken from an arena is released at once, with the arena.
 * Memory is zeroed. Running out of memory ends the process (require.h): no caller can go on. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);

/* Zeroed memory, aligned for any type. A size of 0 gives a valid, unique address. */
void *arena_alloc(struct arena *arena, size_t size_bytes);

/* `count` elements of `size_bytes` each; an overflowing product ends the process. */
void *arena_array(struct arena *arena, size_t count, size_t size_bytes);

/* A NUL-terminated copy of `length` bytes. */
char *arena_copy(struct arena *arena, const char *bytes, size_t length);

/* A formatted, NUL-terminated string. */
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* Bytes handed out so far. */
size_t arena_used_bytes(const struct arena *arena);

void arena_free(struct arena *arena);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_array((arena), (count), sizeof(type)))

#endif
