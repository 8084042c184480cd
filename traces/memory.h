/* A machine's memory as a trace knows it: words from address 0 on, 0 at first, of which only what
 * is written takes room; it remembers the lines in use and those written since it was last asked.
 */
#ifndef TRACES_MEMORY_H
#define TRACES_MEMORY_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { TRACE_LINE_WORDS = 64 };

struct trace_lines {
    uint32_t *at; /* numbers of lines, each once */
    uint32_t count;
};

struct trace_memory {
    uint32_t word_count;
    uint32_t *words;            /* read only */
    struct trace_lines used;    /* written at all; all other lines are 0 */
    struct trace_lines changed; /* written since trace_memory_settle */
    uint8_t *flags;             /* of each line: in which of the two it is */
};

struct trace_memory *trace_memory_new(struct arena *arena, uint32_t size_bytes);
/* `index` is below word_count. */
void trace_memory_write(struct trace_memory *memory, uint32_t index, uint32_t word);
/* No line counts as changed any more. */
void trace_memory_settle(struct trace_memory *memory);
/* All is 0 again. */
void trace_memory_clear(struct trace_memory *memory);
/* Makes `to` equal to `from`, which has the same size. */
void trace_memory_copy(struct trace_memory *to, const struct trace_memory *from);
/* The lowest index at which the two differ within the lines that `lines` lists; UINT32_MAX: none.
 */
uint32_t trace_memory_difference(const struct trace_memory *left, const struct trace_memory *right,
                                 const struct trace_lines *lines);

#endif
