#include "physical/store_map.h"

#include "base/require.h"
#include "semantics/devices/device.h"

#include <string.h>

/* A table of chapters, each a table of sectors. */
enum { CHAPTER_SECTORS = 1024 };

struct store_map {
    struct arena *arena;
    uint32_t sector_count;
    unsigned char ***chapters;
};

struct store_map *store_map_new(struct arena *arena, uint32_t sector_count)
{
    struct store_map *map = ARENA_NEW(arena, struct store_map);
    map->arena = arena;
    map->sector_count = sector_count;
    map->chapters =
        ARENA_ARRAY(arena, unsigned char **, (size_t)sector_count / CHAPTER_SECTORS + 1);
    return map;
}

unsigned char *store_map_find(const struct store_map *map, uint32_t sector)
{
    require(sector < map->sector_count, "a sector of the store");
    unsigned char **chapter = map->chapters[sector / CHAPTER_SECTORS];
    return chapter == NULL ? NULL : chapter[sector % CHAPTER_SECTORS];
}

void store_map_put(struct store_map *map, uint32_t sector, const unsigned char *bytes)
{
    unsigned char *there = store_map_find(map, sector);
    if (there == NULL) {
        unsigned char ***chapter = &map->chapters[sector / CHAPTER_SECTORS];
        if (*chapter == NULL)
            *chapter = ARENA_ARRAY(map->arena, unsigned char *, CHAPTER_SECTORS);
        there = (*chapter)[sector % CHAPTER_SECTORS] = arena_alloc(map->arena, DEVICE_SECTOR_BYTES);
    }
    memcpy(there, bytes, DEVICE_SECTOR_BYTES);
}
