/* Memory maps. */
#include "compiler/map.h"

#include <ctype.h>

struct map map_default(void)
{
    return (struct map){
        .heap_bytes = 1 << 20, .stack_bytes = 256 << 10, .memory_bytes = UINT64_C(4) << 20};
}

/* A number, with K or M for 2^10 or 2^20. */
static bool parse_size(struct text text, uint64_t *size_bytes)
{
    uint32_t number;
    unsigned shift = 0;
    if (text.length != 0) {
        char last = text.at[text.length - 1];
        shift = last == 'K' ? 10 : last == 'M' ? 20 : 0;
    }
    text.length -= shift != 0;
    if (text.length == 0 || text.at[0] == '-' || !text_to_word(text, &number))
        return false;
    *size_bytes = (uint64_t)number << shift;
    return *size_bytes <= UINT64_C(1) << 32;
}

static bool parse_address(struct text text, uint32_t *address)
{
    uint64_t number;
    if (!parse_size(text, &number) || number > UINT32_MAX || number % 4 != 0)
        return false;
    *address = (uint32_t)number;
    return true;
}

/* SIZE or SIZE@ADDRESS */
static bool parse_region(struct text text, uint32_t *size_bytes, bool *has_address,
                         uint32_t *address)
{
    size_t at = 0;
    uint64_t size;
    while (at < text.length && text.at[at] != '@')
        at++;
    if (!parse_size((struct text){text.at, at}, &size) || size > UINT32_MAX || size % 4 != 0 ||
        size == 0)
        return false;
    *size_bytes = (uint32_t)size;
    *has_address = at < text.length;
    return !*has_address ||
           parse_address((struct text){text.at + at + 1, text.length - at - 1}, address);
}

static bool set(struct map *map, struct text key, struct text value)
{
    if (text_is(key, "code"))
        return parse_address(value, &map->code);
    if (text_is(key, "globals")) {
        map->has_globals = true;
        return parse_address(value, &map->globals);
    }
    if (text_is(key, "heap"))
        return parse_region(value, &map->heap_bytes, &map->has_heap, &map->heap);
    if (text_is(key, "stack"))
        return parse_region(value, &map->stack_bytes, &map->has_stack, &map->stack);
    if (text_is(key, "memory"))
        return parse_size(value, &map->memory_bytes);
    return false;
}

static bool is_separator(char c)
{
    return c == ',' || isspace((unsigned char)c);
}

bool map_parse(struct map *map, struct text text, struct location where, struct fault *fault)
{
    for (size_t i = 0; i < text.length;) {
        if (text.at[i] == '\n' && where.line != 0)
            where.line++;
        if (is_separator(text.at[i])) {
            i++;
            continue;
        }
        size_t end = i;
        if (text.at[i] == '#') {
            while (i < text.length && text.at[i] != '\n')
                i++;
            continue;
        }
        while (end < text.length && !is_separator(text.at[end]) && text.at[end] != '#')
            end++;
        struct text item = {text.at + i, end - i};
        size_t equals = 0;
        while (equals < item.length && item.at[equals] != '=')
            equals++;
        if (equals == item.length ||
            !set(map, (struct text){item.at, equals},
                 (struct text){item.at + equals + 1, item.length - equals - 1}))
            return fault_at(fault, where,
                            "bad memory map at '%.*s': code=ADDRESS, globals=ADDRESS, "
                            "heap=SIZE[@ADDRESS], stack=SIZE[@ADDRESS], memory=SIZE are known",
                            (int)item.length, item.at);
        i = end;
    }
    return true;
}

struct placement {
    const char *name;
    bool has_start;
    uint64_t start, size_bytes;
    struct map_region *region;
};

bool map_place(const struct map *map, uint64_t code_bytes, uint64_t globals_bytes,
               struct map_regions *regions, struct fault *fault)
{
    const struct placement placements[] = {
        {"code", true, map->code, code_bytes, &regions->code},
        {"globals", map->has_globals, map->globals, globals_bytes, &regions->globals},
        {"heap", map->has_heap, map->heap, map->heap_bytes, &regions->heap},
        {"stack", map->has_stack, map->stack, map->stack_bytes, &regions->stack},
    };
    uint64_t end = 0;
    for (size_t i = 0; i < sizeof placements / sizeof placements[0]; i++) {
        const struct placement *placement = &placements[i];
        uint64_t start = (end + MAP_PAGE_BYTES - 1) / MAP_PAGE_BYTES * MAP_PAGE_BYTES;
        if (placement->has_start)
            start = placement->start;
        if (start < end)
            return fault_at(fault, (struct location){0},
                            "memory map: the %s at 0x%llx overlaps or precedes the %s, which ends "
                            "at 0x%llx",
                            placement->name, (unsigned long long)start, placements[i - 1].name,
                            (unsigned long long)end);
        end = start + placement->size_bytes;
        if (end > map->memory_bytes || end > UINT32_MAX)
            return fault_at(fault, (struct location){0},
                            "memory map: the %s, %llu bytes at 0x%llx, end beyond the memory of "
                            "%llu bytes",
                            placement->name, (unsigned long long)placement->size_bytes,
                            (unsigned long long)start, (unsigned long long)map->memory_bytes);
        *placement->region = (struct map_region){(uint32_t)start, (uint32_t)end};
    }
    return true;
}
