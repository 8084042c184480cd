/* What comes from outside through a store: told to an observer, and replayed from its records. */
#include "base/require.h"
#include "physical/store.h"
#include "physical/store_map.h"

#include <string.h>

/* Sectors whose content the records and writes so far determine, by chapters. */
enum { CHAPTER_SECTORS = 4096 };

struct store_observed {
    struct arena *arena;
    struct device_store inner;
    struct store_observer observer;
    uint64_t operation;
    bool **is_known;
};

static bool *observed_known(struct store_observed *store, uint32_t sector)
{
    require(sector < store->inner.sector_count, "a sector of the store");
    bool **chapter = &store->is_known[sector / CHAPTER_SECTORS];
    if (*chapter == NULL)
        *chapter = ARENA_ARRAY(store->arena, bool, CHAPTER_SECTORS);
    return &(*chapter)[sector % CHAPTER_SECTORS];
}

static bool observed_tell(struct store_observed *store, struct store_record *record, bool is_done)
{
    record->operation = store->operation;
    record->is_failure = !is_done;
    store->observer.record(store->observer.self, record);
    return is_done;
}

static bool observed_read(void *self, uint32_t sector, unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct store_observed *store = self;
    struct store_record record = {.sector = sector};
    bool *is_known = observed_known(store, sector);
    bool is_done = store->inner.read(store->inner.self, sector, bytes);
    if (is_done && !*is_known)
        memcpy(record.bytes, bytes, DEVICE_SECTOR_BYTES);
    if (!is_done || !*is_known)
        observed_tell(store, &record, is_done);
    *is_known = *is_known || is_done;
    store->operation++;
    return is_done;
}

static bool observed_write(void *self, uint32_t sector,
                           const unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct store_observed *store = self;
    struct store_record record = {.sector = sector};
    bool is_done = store->inner.write(store->inner.self, sector, bytes);
    if (!is_done)
        observed_tell(store, &record, false);
    /* After a write that failed nobody knows what the sector holds. */
    *observed_known(store, sector) = is_done;
    store->operation++;
    return is_done;
}

static bool observed_flush(void *self)
{
    struct store_observed *store = self;
    struct store_record record = {0};
    bool is_done = store->inner.flush(store->inner.self);
    if (!is_done)
        observed_tell(store, &record, false);
    store->operation++;
    return is_done;
}

struct device_store store_observed_new(struct arena *arena, struct device_store inner,
                                       struct store_observer observer)
{
    struct store_observed *store = ARENA_NEW(arena, struct store_observed);
    store->arena = arena;
    store->inner = inner;
    store->observer = observer;
    store->is_known = ARENA_ARRAY(arena, bool *, (size_t)inner.sector_count / CHAPTER_SECTORS + 1);
    return (struct device_store){store, inner.sector_count, observed_read, observed_write,
                                 observed_flush};
}

struct store_replayed {
    struct store_map *known;
    const struct store_record *records;
    size_t count, next;
    uint64_t operation;
};

/* The record of the operation that begins now, or NULL. */
static const struct store_record *replayed_begin(struct store_replayed *store)
{
    uint64_t operation = store->operation++;
    if (store->next == store->count || store->records[store->next].operation != operation)
        return NULL;
    return &store->records[store->next++];
}

static bool replayed_read(void *self, uint32_t sector, unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct store_replayed *store = self;
    const struct store_record *record = replayed_begin(store);
    if (record != NULL && (record->is_failure || record->sector != sector))
        return false;
    if (record != NULL)
        store_map_put(store->known, sector, record->bytes);
    const unsigned char *known = store_map_find(store->known, sector);
    if (known != NULL)
        memcpy(bytes, known, DEVICE_SECTOR_BYTES);
    return known != NULL;
}

static bool replayed_write(void *self, uint32_t sector,
                           const unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct store_replayed *store = self;
    if (replayed_begin(store) != NULL)
        return false;
    store_map_put(store->known, sector, bytes);
    return true;
}

static bool replayed_flush(void *self)
{
    return replayed_begin(self) == NULL;
}

struct device_store store_replayed_new(struct arena *arena, uint32_t sector_count,
                                       const struct store_record *records, size_t count)
{
    require(sector_count >= 1 && sector_count <= STORE_MAX_SECTORS, "a store of 1 to 2^28 sectors");
    struct store_replayed *store = ARENA_NEW(arena, struct store_replayed);
    store->known = store_map_new(arena, sector_count);
    store->records = records;
    store->count = count;
    return (struct device_store){store, sector_count, replayed_read, replayed_write,
                                 replayed_flush};
}
