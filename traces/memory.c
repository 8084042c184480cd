#include "traces/memory.h"

#include <string.h>

enum { LINE_USED = 1, LINE_CHANGED = 2 };

struct trace_memory *trace_memory_new(struct arena *arena, uint32_t size_bytes)
{
    struct trace_memory *memory = ARENA_NEW(arena, struct trace_memory);
    uint32_t line_count = size_bytes / 4 / TRACE_LINE_WORDS + 1;
    memory->word_count = size_bytes / 4;
    memory->words = ARENA_ARRAY(arena, uint32_t, (size_t)line_count * TRACE_LINE_WORDS);
    memory->used.at = ARENA_ARRAY(arena, uint32_t, line_count);
    memory->changed.at = ARENA_ARRAY(arena, uint32_t, line_count);
    memory->flags = ARENA_ARRAY(arena, uint8_t, line_count);
    return memory;
}

static void mark(struct trace_memory *memory, uint32_t line)
{
    if ((memory->flags[line] & LINE_USED) == 0)
        memory->used.at[memory->used.count++] = line;
    if ((memory->flags[line] & LINE_CHANGED) == 0)
        memory->changed.at[memory->changed.count++] = line;
    memory->flags[line] = LINE_USED | LINE_CHANGED;
}

void trace_memory_write(struct trace_memory *memory, uint32_t index, uint32_t word)
{
    uint32_t line = index / TRACE_LINE_WORDS;
    if (memory->flags[line] != (LINE_USED | LINE_CHANGED))
        mark(memory, line);
    memory->words[index] = word;
}

void trace_memory_settle(struct trace_memory *memory)
{
    for (uint32_t i = 0; i < memory->changed.count; i++)
        memory->flags[memory->changed.at[i]] = LINE_USED;
    memory->changed.count = 0;
}

static uint32_t *line_at(const struct trace_memory *memory, uint32_t line)
{
    return &memory->words[(size_t)line * TRACE_LINE_WORDS];
}

void trace_memory_clear(struct trace_memory *memory)
{
    for (uint32_t i = 0; i < memory->used.count; i++) {
        memset(line_at(memory, memory->used.at[i]), 0, TRACE_LINE_WORDS * sizeof(uint32_t));
        memory->flags[memory->used.at[i]] = 0;
    }
    memory->used.count = memory->changed.count = 0;
}

void trace_memory_copy(struct trace_memory *to, const struct trace_memory *from)
{
    trace_memory_clear(to);
    for (uint32_t i = 0; i < from->used.count; i++) {
        uint32_t line = from->used.at[i];
        mark(to, line);
        memcpy(line_at(to, line), line_at(from, line), TRACE_LINE_WORDS * sizeof(uint32_t));
    }
    trace_memory_settle(to);
}

uint32_t trace_memory_difference(const struct trace_memory *left, const struct trace_memory *right,
                                 const struct trace_lines *lines)
{
    uint32_t lowest = UINT32_MAX;
    for (uint32_t i = 0; i < lines->count; i++) {
        const uint32_t *a = line_at(left, lines->at[i]), *b = line_at(right, lines->at[i]);
        if (memcmp(a, b, TRACE_LINE_WORDS * sizeof *a) == 0)
            continue;
        uint32_t word = 0;
        while (a[word] == b[word])
            word++;
        word += lines->at[i] * TRACE_LINE_WORDS;
        lowest = word < lowest ? word : lowest;
    }
    return lowest;
}
