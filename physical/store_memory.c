/* Stores that keep what is written in memory: alone, or over another store. */
#include "base/require.h"
#include "physical/store.h"
#include "physical/store_map.h"

#include <string.h>

struct store_memory {
    struct store_map *written;
    bool has_inner;
    struct device_store inner;
};

static bool memory_read(void *self, uint32_t sector, unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct store_memory *memory = self;
    const unsigned char *written = store_map_find(memory->written, sector);
    if (written != NULL)
        memcpy(bytes, written, DEVICE_SECTOR_BYTES);
    else if (memory->has_inner)
        return memory->inner.read(memory->inner.self, sector, bytes);
    else
        memset(bytes, 0, DEVICE_SECTOR_BYTES);
    return true;
}

static bool memory_write(void *self, uint32_t sector,
                         const unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct store_memory *memory = self;
    store_map_put(memory->written, sector, bytes);
    return true;
}

static bool memory_flush(void *self)
{
    (void)self;
    return true;
}

static struct device_store memory_new(struct arena *arena, uint32_t sector_count,
                                      const struct device_store *inner)
{
    require(sector_count >= 1 && sector_count <= STORE_MAX_SECTORS, "a store of 1 to 2^28 sectors");
    struct store_memory *memory = ARENA_NEW(arena, struct store_memory);
    memory->written = store_map_new(arena, sector_count);
    memory->has_inner = inner != NULL;
    if (inner != NULL)
        memory->inner = *inner;
    return (struct device_store){memory, sector_count, memory_read, memory_write, memory_flush};
}

struct device_store store_memory_new(struct arena *arena, uint32_t sector_count)
{
    return memory_new(arena, sector_count, NULL);
}

struct device_store store_overlay_new(struct arena *arena, struct device_store inner)
{
    return memory_new(arena, inner.sector_count, &inner);
}
