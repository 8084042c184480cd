/* A medium with defects. */
#include "physical/store.h"

#include <string.h>

struct store_defective {
    struct device_store inner;
    struct store_defect *defects;
    size_t count;
};

static const struct store_defect *find_defect(const struct store_defective *store, uint32_t sector,
                                              bool is_write)
{
    for (size_t i = 0; i < store->count; i++) {
        const struct store_defect *defect = &store->defects[i];
        bool fails = is_write ? defect->fails_write : defect->fails_read;
        if (fails && sector >= defect->first && sector - defect->first < defect->count)
            return defect;
    }
    return NULL;
}

static bool defective_read(void *self, uint32_t sector, unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct store_defective *store = self;
    return find_defect(store, sector, false) == NULL &&
           store->inner.read(store->inner.self, sector, bytes);
}

static bool defective_write(void *self, uint32_t sector,
                            const unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct store_defective *store = self;
    return find_defect(store, sector, true) == NULL &&
           store->inner.write(store->inner.self, sector, bytes);
}

static bool defective_flush(void *self)
{
    struct store_defective *store = self;
    return store->inner.flush(store->inner.self);
}

struct device_store store_defective_new(struct arena *arena, struct device_store inner,
                                        const struct store_defect *defects, size_t count)
{
    struct store_defective *store = ARENA_NEW(arena, struct store_defective);
    store->inner = inner;
    store->defects = ARENA_ARRAY(arena, struct store_defect, count);
    if (count != 0)
        memcpy(store->defects, defects, count * sizeof *defects);
    store->count = count;
    return (struct device_store){store, inner.sector_count, defective_read, defective_write,
                                 defective_flush};
}
