#include "tests/kernel/machine/hostile.h"

#include "cosim/programs.h"

#include <stdio.h>
#include <string.h>

enum {
    PAGES_MAX = 2,
    WORDS_MAX = PAGES_MAX * PAGE_BYTES / 4,
    DIRECTORY = 0x4B534944,
    DIRECTORY_WORDS = 9,
};

/* Deeds, again and again; some programs do without clones. */
static void draw_program(struct program_code *program, struct random *random)
{
    enum { DEED_WORDS_MAX = 400 };
    bool has_clones = random_chance(random, 85);
    program->count = 0;
    program->limit = WORDS_MAX;
    while (program->count + DEED_WORDS_MAX < program->limit) {
        if (has_clones)
            program_hostile_clone(program, random);
        else
            program_calls(program, random);
    }
    program_immediate(program, PROGRAM_JR, 0, 0, 0);
    program_emit(program, 0);
}

static uint32_t get(const unsigned char *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void put(unsigned char *bytes, uint32_t word)
{
    for (unsigned i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(word >> 8 * i);
}

/* The directory's entry for program i of the disk, without bounds: the disk is this project's. */
static unsigned char *entry_at(unsigned char *directory, uint32_t i)
{
    return directory + 8 + (size_t)i * DIRECTORY_WORDS * 4;
}

bool hostile_draw(struct arena *arena, struct text disk, struct random *random,
                  struct device_store *store)
{
    enum { ROOM = 8 * PAGES_MAX * PAGE_BYTES };
    size_t size = disk.length + ROOM;
    unsigned char *bytes = ARENA_ARRAY(arena, unsigned char, size);
    memcpy(bytes, disk.at, disk.length);
    if (disk.length < PAGE_BYTES || disk.length % PAGE_BYTES != 0 || get(bytes) != DIRECTORY)
        return false;
    unsigned char *init = entry_at(bytes, 0);
    size_t copy = (size_t)get(init + 16) * DEVICE_SECTOR_BYTES + (get(init + 20) - 1) * PAGE_BYTES;
    size_t end = disk.length;
    struct program_code program = {.words = ARENA_ARRAY(arena, uint32_t, WORDS_MAX)};
    for (uint32_t i = 0; i < get(bytes + 4); i++) {
        unsigned char *entry = entry_at(bytes, i);
        if (memcmp(entry, "hostile", 7) != 0)
            continue;
        draw_program(&program, random);
        for (uint32_t w = 0; w < program.count; w++)
            put(bytes + end + 4 * w, program.words[w]);
        put(entry + 16, (uint32_t)(end / DEVICE_SECTOR_BYTES));
        put(entry + 20, PAGES_MAX);
        put(entry + 24, random_between(random, PAGES_MAX, 4));
        end += PAGES_MAX * PAGE_BYTES;
    }
    if (end == disk.length || end > size || copy + PAGE_BYTES > disk.length)
        return false;
    memcpy(bytes + copy, bytes, PAGE_BYTES);
    *store = store_memory_new(arena, (uint32_t)(size / DEVICE_SECTOR_BYTES));
    for (uint32_t s = 0; s < store->sector_count; s++)
        store->write(store->self, s, bytes + (size_t)s * DEVICE_SECTOR_BYTES);
    return true;
}
