/* Sectors in memory, by number: room is taken for those that are there. */
#ifndef PHYSICAL_STORE_MAP_H
#define PHYSICAL_STORE_MAP_H

#include "base/arena.h"

#include <stdint.h>

struct store_map;
struct store_map *store_map_new(struct arena *arena, uint32_t sector_count);

/* The bytes of a sector, or NULL if it is not there. */
unsigned char *store_map_find(const struct store_map *map, uint32_t sector);
/* Puts a sector there, in place of what was there before. */
void store_map_put(struct store_map *map, uint32_t sector, const unsigned char *bytes);

#endif
