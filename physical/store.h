/* What stands behind a disk (struct device_store): a file of the host, memory alone, and wrappers
 * that keep writes back, break sectors, or watch and replay what comes from outside. */
#ifndef PHYSICAL_STORE_H
#define PHYSICAL_STORE_H

#include "semantics/devices/device.h"

enum { STORE_MAX_SECTORS = 1 << 28 }; /* what 28 bits of an ATA address reach */

enum store_mode {
    STORE_READ_WRITE, /* no second writer or reader; a write is in the file when it returns */
    STORE_READ_ONLY,  /* every write is an error of the medium */
    STORE_SNAPSHOT,   /* writes are kept in memory, the file stays as it is */
};

/* A regular file whose size is a positive multiple of 512 bytes, locked as long as it is open.
 * NULL, with a fault that names the path: it is none, or another machine has it open. */
struct store_file;
struct store_file *store_file_open(struct arena *arena, const char *path, enum store_mode mode,
                                   struct device_store *store, struct fault *fault);
/* The store must not be used any more. */
void store_file_close(struct store_file *file);

/* In memory, all zero at first; takes room for the sectors that were written. */
struct device_store store_memory_new(struct arena *arena, uint32_t sector_count);

/* Reads from `inner` what was not written; writes stay here. */
struct device_store store_overlay_new(struct arena *arena, struct device_store inner);

/* Sectors that a broken medium does not give or does not take. */
struct store_defect {
    uint32_t first, count;
    bool fails_read, fails_write;
};
struct device_store store_defective_new(struct arena *arena, struct device_store inner,
                                        const struct store_defect *defects, size_t count);

/* What a recording must hold so that a run can be replayed without its medium: every failure, and
 * the content of each sector that is read before it was read or written. `operation` numbers the
 * reads, writes and flushes of the store from 0. */
struct store_record {
    uint64_t operation;
    bool is_failure;                          /* the operation failed; else it read ... */
    uint32_t sector;                          /* this sector (0 for a flush that failed) */
    unsigned char bytes[DEVICE_SECTOR_BYTES]; /* and found this */
};
struct store_observer {
    void *self;
    void (*record)(void *self, const struct store_record *record);
};
struct device_store store_observed_new(struct arena *arena, struct device_store inner,
                                       struct store_observer observer);

/* A store that answers from `records`, in the order of their operations, and from what is written
 * to it. A read of a sector that it knows nothing of fails: that is not the run that was recorded.
 * The records must live as long as the store. */
struct device_store store_replayed_new(struct arena *arena, uint32_t sector_count,
                                       const struct store_record *records, size_t count);

#endif
