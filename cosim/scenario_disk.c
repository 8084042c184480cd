#include "cosim/scenario_disk.h"

#include "base/require.h"

#include <string.h>

enum {
    MAGIC = 0x4B534944, /* "DISK" */
    ENTRY_BYTES = 36,
    DIRECTORY_BYTES = VAMP_PAGE_BYTES,
    ENTRIES_MAX = (DIRECTORY_BYTES - 8) / ENTRY_BYTES,
    /* An empty disk has room for the pages that the kernel asks for, however short its first
     * program is. */
    EMPTY_BYTES = 32 * VAMP_PAGE_BYTES,
};

static uint32_t get(const unsigned char *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void put(unsigned char *bytes, uint32_t word)
{
    for (unsigned i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(word >> 8 * i);
}

static bool is_directory(struct text base)
{
    const unsigned char *bytes = (const unsigned char *)base.at;
    return base.length >= DIRECTORY_BYTES && get(bytes) == MAGIC && get(bytes + 4) <= ENTRIES_MAX;
}

bool scenario_disk_has_room(struct text base, size_t program_count)
{
    size_t present = base.length == 0 ? 0 : get((const unsigned char *)base.at + 4);
    return (base.length == 0 || is_directory(base)) && program_count <= ENTRIES_MAX - present;
}

uint32_t scenario_disk_end(struct text base)
{
    size_t pages = (base.length + VAMP_PAGE_BYTES - 1) / VAMP_PAGE_BYTES;
    return base.length == 0 ? SCENARIO_FIRST_SECTOR : (uint32_t)(pages * SECTORS_OF_PAGE);
}

static size_t disk_bytes(const struct scenario *scenario)
{
    size_t end = scenario->base.length == 0 ? EMPTY_BYTES : scenario->base.length;
    for (size_t i = 0; i < scenario->program_count; i++) {
        const struct scenario_program *program = &scenario->programs[i];
        size_t behind = (size_t)program->sector * DEVICE_SECTOR_BYTES +
                        (size_t)program->pages * VAMP_PAGE_BYTES;
        end = behind > end ? behind : end;
    }
    return end;
}

static void put_program(unsigned char *disk, const struct scenario_program *program)
{
    unsigned char *at = disk + (size_t)program->sector * DEVICE_SECTOR_BYTES;
    memset(at, 0, (size_t)program->pages * VAMP_PAGE_BYTES);
    for (uint32_t w = 0; w < program->word_count && w < program->pages * (VAMP_PAGE_BYTES / 4); w++)
        put(at + 4 * (size_t)w, program->words[w]);
}

static void put_entry(unsigned char *entry, const struct scenario_program *program)
{
    memcpy(entry, program->name, strnlen(program->name, SCENARIO_NAME_BYTES));
    const uint32_t words[] = {program->sector, program->pages, program->memory_pages,
                              program->priority, program->flags};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        put(entry + SCENARIO_NAME_BYTES + 4 * i, words[i]);
}

/* The first program of a disk with a directory, init, finds it also in its own last page. */
static void put_directory(unsigned char *disk, size_t size, const struct scenario *scenario)
{
    bool has_base = scenario->base.length != 0;
    uint32_t count = has_base ? get(disk + 4) : 0;
    put(disk, MAGIC);
    put(disk + 4, count + (uint32_t)scenario->program_count);
    for (size_t i = 0; i < scenario->program_count; i++)
        put_entry(disk + 8 + (count + i) * ENTRY_BYTES, &scenario->programs[i]);
    if (!has_base || count == 0)
        return;
    const unsigned char *init = disk + 8;
    size_t copy = (size_t)get(init + 16) * DEVICE_SECTOR_BYTES +
                  ((size_t)get(init + 20) - 1) * VAMP_PAGE_BYTES;
    if (copy < size && size - copy >= DIRECTORY_BYTES && get(disk + copy) == MAGIC)
        memcpy(disk + copy, disk, DIRECTORY_BYTES);
}

void scenario_make_disk(struct arena *arena, struct scenario *scenario)
{
    if (scenario->program_count == 0 && scenario->base.length != 0) {
        scenario->disk = scenario->base;
        return;
    }
    require(scenario_disk_has_room(scenario->base, scenario->program_count), "room for programs");
    size_t size = disk_bytes(scenario);
    unsigned char *bytes = ARENA_ARRAY(arena, unsigned char, size);
    if (scenario->base.length != 0)
        memcpy(bytes, scenario->base.at, scenario->base.length);
    put_directory(bytes, size, scenario);
    for (size_t i = 0; i < scenario->program_count; i++)
        put_program(bytes, &scenario->programs[i]);
    scenario->disk = (struct text){(const char *)bytes, size};
}

/* --- As a store --- */

struct text_store {
    struct text text;
};

static bool text_read(void *self, uint32_t sector, unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    const struct text_store *store = self;
    memcpy(bytes, store->text.at + (size_t)sector * DEVICE_SECTOR_BYTES, DEVICE_SECTOR_BYTES);
    return true;
}

static bool text_write(void *self, uint32_t sector, const unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    (void)self, (void)sector, (void)bytes;
    return false;
}

static bool text_flush(void *self)
{
    (void)self;
    return true;
}

struct device_store scenario_store(struct arena *arena, struct text disk)
{
    require(disk.length >= DEVICE_SECTOR_BYTES && disk.length % DEVICE_SECTOR_BYTES == 0,
            "a disk of whole sectors");
    struct text_store *store = ARENA_NEW(arena, struct text_store);
    store->text = disk;
    return (struct device_store){store, (uint32_t)(disk.length / DEVICE_SECTOR_BYTES), text_read,
                                 text_write, text_flush};
}
