#include "physical/store.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena *arena;
static char folder[64], path[96];

static void set_up(void)
{
    arena = arena_new();
    snprintf(folder, sizeof folder, "/tmp/vouch-store-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/disk", folder);
}

static void tear_down(void)
{
    unlink(path);
    rmdir(folder);
    arena_free(arena);
}

/* A file of this size, byte i being i mod 251. */
static void make_file(off_t size)
{
    FILE *out = fopen(path, "wb");
    cr_assert_not_null(out);
    for (off_t i = 0; i < size; i++)
        fputc((int)(i % 251), out);
    cr_assert_eq(fclose(out), 0);
}

static struct store_file *open_store(enum store_mode mode, struct device_store *store)
{
    struct fault fault = {0};
    struct store_file *file = store_file_open(arena, path, mode, store, &fault);
    cr_assert_not_null(file, "%s", fault.message);
    cr_assert_not(fault.is_set);
    return file;
}

static void refuse(const char *what, enum store_mode mode, const char *message)
{
    struct fault fault = {0};
    struct device_store store;
    cr_expect_null(store_file_open(arena, what, mode, &store, &fault), "%s", what);
    cr_expect_str_eq(fault.file, what);
    cr_expect_not_null(strstr(fault.message, message), "%s", fault.message);
}

static void expect_file_bytes(const struct device_store *store, uint32_t sector)
{
    unsigned char bytes[DEVICE_SECTOR_BYTES];
    cr_assert(store->read(store->self, sector, bytes));
    for (unsigned i = 0; i < DEVICE_SECTOR_BYTES; i++)
        cr_assert_eq(bytes[i], (sector * DEVICE_SECTOR_BYTES + i) % 251);
}

static void expect_filled(const struct device_store *store, uint32_t sector, int byte)
{
    unsigned char bytes[DEVICE_SECTOR_BYTES];
    cr_assert(store->read(store->self, sector, bytes));
    for (unsigned i = 0; i < DEVICE_SECTOR_BYTES; i++)
        cr_assert_eq(bytes[i], byte);
}

static bool fill(const struct device_store *store, uint32_t sector, int byte)
{
    unsigned char bytes[DEVICE_SECTOR_BYTES];
    memset(bytes, byte, sizeof bytes);
    return store->write(store->self, sector, bytes);
}

TestSuite(store, .init = set_up, .fini = tear_down);

Test(store, file_is_read_by_sectors)
{
    struct device_store store;
    make_file(4 * 512);
    struct store_file *file = open_store(STORE_READ_WRITE, &store);
    cr_expect_eq(store.sector_count, 4);
    for (uint32_t sector = 0; sector < 4; sector++)
        expect_file_bytes(&store, sector);
    store_file_close(file);
}

Test(store, write_is_in_the_file_when_it_returns)
{
    struct device_store store;
    unsigned char bytes[4 * 512];
    make_file(sizeof bytes);
    struct store_file *file = open_store(STORE_READ_WRITE, &store);
    cr_expect(fill(&store, 2, 0xEE));
    FILE *in = fopen(path, "rb");
    cr_assert_eq(fread(bytes, 1, sizeof bytes, in), sizeof bytes);
    cr_expect_eq(fgetc(in), EOF, "the file keeps its size");
    fclose(in);
    for (unsigned i = 0; i < sizeof bytes; i++)
        cr_assert_eq(bytes[i], i / 512 == 2 ? 0xEE : i % 251);
    cr_expect(store.flush(store.self));
    store_file_close(file);
}

Test(store, file_keeps_what_was_written)
{
    struct device_store store;
    make_file(3 * 512);
    struct store_file *file = open_store(STORE_READ_WRITE, &store);
    cr_expect(fill(&store, 1, 7));
    store_file_close(file);
    file = open_store(STORE_READ_WRITE, &store);
    expect_filled(&store, 1, 7);
    expect_file_bytes(&store, 0);
    expect_file_bytes(&store, 2);
    store_file_close(file);
}

Test(store, file_of_the_wrong_size_is_refused)
{
    off_t sizes[] = {0, 1, 511, 513, 1000};
    for (unsigned i = 0; i < 5; i++) {
        make_file(sizes[i]);
        refuse(path, STORE_READ_WRITE, "positive multiple of 512");
    }
}

Test(store, file_of_2_to_the_28_sectors_is_the_largest)
{
    struct device_store store;
    make_file(512);
    cr_assert_eq(truncate(path, (off_t)1 << 37), 0);
    struct store_file *file = open_store(STORE_READ_WRITE, &store);
    cr_expect_eq(store.sector_count, 1 << 28);
    cr_expect(fill(&store, (1 << 28) - 1, 3));
    expect_filled(&store, (1 << 28) - 1, 3);
    store_file_close(file);
    cr_assert_eq(truncate(path, ((off_t)1 << 37) + 512), 0);
    refuse(path, STORE_READ_WRITE, "at most 2^28 sectors");
}

Test(store, what_is_no_regular_file_is_refused)
{
    refuse(folder, STORE_READ_ONLY, "regular file");
    refuse("/dev/null", STORE_READ_WRITE, "regular file");
    cr_assert_eq(mkfifo(path, 0600), 0);
    refuse(path, STORE_READ_WRITE, "regular file");
    refuse(path, STORE_READ_ONLY, "regular file");
}

Test(store, file_that_is_not_there_is_refused)
{
    refuse(path, STORE_READ_WRITE, "cannot open");
    refuse("", STORE_READ_WRITE, "cannot open");
}

Test(store, second_writer_is_refused_as_long_as_the_first_is_there)
{
    struct device_store store;
    make_file(512);
    struct store_file *file = open_store(STORE_READ_WRITE, &store);
    refuse(path, STORE_READ_WRITE, "another machine");
    refuse(path, STORE_READ_ONLY, "another machine");
    refuse(path, STORE_SNAPSHOT, "another machine");
    store_file_close(file);
    store_file_close(open_store(STORE_READ_WRITE, &store));
}

Test(store, readers_may_be_many)
{
    struct device_store one, two;
    make_file(512);
    struct store_file *first = open_store(STORE_READ_ONLY, &one);
    struct store_file *second = open_store(STORE_SNAPSHOT, &two);
    refuse(path, STORE_READ_WRITE, "another machine");
    store_file_close(first);
    store_file_close(second);
}

Test(store, file_that_was_refused_is_not_locked)
{
    make_file(100);
    refuse(path, STORE_READ_WRITE, "multiple");
    struct device_store store;
    make_file(512);
    store_file_close(open_store(STORE_READ_WRITE, &store));
}

Test(store, read_only_store_takes_no_write)
{
    struct device_store store;
    make_file(2 * 512);
    cr_assert_eq(chmod(path, 0400), 0);
    struct store_file *file = open_store(STORE_READ_ONLY, &store);
    cr_expect_not(fill(&store, 1, 9));
    expect_file_bytes(&store, 1);
    cr_expect(store.flush(store.self));
    store_file_close(file);
}

Test(store, snapshot_keeps_writes_to_itself)
{
    struct device_store store;
    make_file(3 * 512);
    struct store_file *file = open_store(STORE_SNAPSHOT, &store);
    cr_expect(fill(&store, 1, 9));
    expect_filled(&store, 1, 9);
    expect_file_bytes(&store, 2);
    cr_expect(store.flush(store.self));
    store_file_close(file);
    file = open_store(STORE_READ_WRITE, &store);
    expect_file_bytes(&store, 1);
    store_file_close(file);
}

Test(store, file_that_shrinks_has_errors_where_it_ended)
{
    struct device_store store;
    make_file(3 * 512);
    struct store_file *file = open_store(STORE_READ_WRITE, &store);
    cr_assert_eq(truncate(path, 512 + 100), 0);
    unsigned char bytes[DEVICE_SECTOR_BYTES];
    expect_file_bytes(&store, 0);
    cr_expect_not(store.read(store.self, 1, bytes));
    cr_expect_not(store.read(store.self, 2, bytes));
    store_file_close(file);
}

Test(store, write_that_the_host_refuses_fails)
{
    struct device_store store;
    make_file(3 * 512);
    struct store_file *file = open_store(STORE_READ_WRITE, &store);
    struct rlimit limit = {2 * 512, RLIM_INFINITY};
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    cr_expect(fill(&store, 1, 1));
    cr_expect_not(fill(&store, 2, 2));
    expect_file_bytes(&store, 2);
    store_file_close(file);
}

Test(store, memory_is_0_until_it_is_written)
{
    struct device_store store = store_memory_new(arena, 1 << 28);
    uint32_t sectors[] = {0, 1, 1023, 1024, 1 << 20, (1 << 28) - 1};
    for (unsigned i = 0; i < 6; i++) {
        expect_filled(&store, sectors[i], 0);
        cr_expect(fill(&store, sectors[i], (int)i + 1));
    }
    for (unsigned i = 0; i < 6; i++)
        expect_filled(&store, sectors[i], (int)i + 1);
    expect_filled(&store, 2, 0);
    cr_expect(store.flush(store.self));
}

Test(store, overlay_leaves_what_is_under_it)
{
    struct device_store under = store_memory_new(arena, 10);
    cr_expect(fill(&under, 3, 33));
    struct device_store over = store_overlay_new(arena, under);
    cr_expect_eq(over.sector_count, 10);
    expect_filled(&over, 3, 33);
    cr_expect(fill(&over, 3, 44));
    expect_filled(&over, 3, 44);
    expect_filled(&under, 3, 33);
}

Test(store, defects_fail_where_and_how_they_say)
{
    struct device_store inner = store_memory_new(arena, 100);
    struct store_defect defects[] = {
        {10, 2, true, false}, {11, 3, false, true}, {99, 1, true, true}};
    struct device_store store = store_defective_new(arena, inner, defects, 3);
    unsigned char bytes[DEVICE_SECTOR_BYTES];
    cr_expect_eq(store.sector_count, 100);
    for (uint32_t sector = 0; sector < 100; sector++) {
        bool reads = sector != 10 && sector != 11 && sector != 99;
        bool writes = !(sector >= 11 && sector <= 13) && sector != 99;
        cr_expect_eq(store.read(store.self, sector, bytes), reads, "sector %u", sector);
        cr_expect_eq(fill(&store, sector, 5), writes, "sector %u", sector);
        expect_filled(&inner, sector, writes ? 5 : 0);
    }
    cr_expect(store.flush(store.self));
}

/* Recording and replay. */

static struct store_record records[64];
static size_t record_count;

static void keep_record(void *self, const struct store_record *record)
{
    (void)self;
    cr_assert_lt(record_count, 64);
    records[record_count++] = *record;
}

static const struct store_observer observer = {NULL, keep_record};

Test(store, observer_is_told_of_first_reads_alone)
{
    struct device_store inner = store_memory_new(arena, 5000);
    cr_expect(fill(&inner, 4500, 45));
    struct device_store store = store_observed_new(arena, inner, observer);
    cr_expect_eq(store.sector_count, 5000);
    expect_filled(&store, 4500, 45); /* 0: told */
    expect_filled(&store, 4500, 45);
    cr_expect(fill(&store, 1, 1));
    expect_filled(&store, 1, 1); /* 3: known, it was written */
    expect_filled(&store, 2, 0); /* 4: told */
    cr_expect(fill(&store, 4500, 6));
    expect_filled(&store, 4500, 6);
    cr_assert_eq(record_count, 2);
    cr_expect_eq(records[0].operation, 0);
    cr_expect_eq(records[0].sector, 4500);
    cr_expect_eq(records[0].bytes[511], 45);
    cr_expect_not(records[0].is_failure);
    cr_expect_eq(records[1].operation, 4);
    cr_expect_eq(records[1].sector, 2);
}

Test(store, observer_is_told_of_every_failure)
{
    struct store_defect defects[] = {{1, 1, true, false}, {2, 1, false, true}};
    struct device_store inner = store_memory_new(arena, 10);
    inner = store_defective_new(arena, inner, defects, 2);
    struct device_store store = store_observed_new(arena, inner, observer);
    unsigned char bytes[DEVICE_SECTOR_BYTES];
    cr_expect(store.flush(store.self));
    cr_expect_not(store.read(store.self, 1, bytes));
    cr_expect_not(store.read(store.self, 1, bytes));
    cr_expect_not(fill(&store, 2, 1));
    cr_assert_eq(record_count, 3);
    for (unsigned i = 0; i < 3; i++) {
        cr_expect(records[i].is_failure);
        cr_expect_eq(records[i].operation, 1 + i);
    }
}

static bool flush_fails(void *self)
{
    (void)self;
    return false;
}

Test(store, flush_that_failed_fails_again_in_the_replay)
{
    struct device_store inner = store_memory_new(arena, 10);
    inner.flush = flush_fails;
    struct device_store store = store_observed_new(arena, inner, observer);
    cr_expect(fill(&store, 1, 1));
    cr_expect_not(store.flush(store.self));
    cr_assert_eq(record_count, 1);
    cr_expect(records[0].is_failure);
    cr_expect_eq(records[0].operation, 1);
    store = store_replayed_new(arena, 10, records, record_count);
    cr_expect(fill(&store, 1, 1));
    cr_expect_not(store.flush(store.self));
    cr_expect(store.flush(store.self));
}

Test(store, sector_is_unknown_after_a_write_that_failed)
{
    struct store_defect defect = {2, 1, false, true};
    struct device_store inner = store_memory_new(arena, 10);
    struct device_store store =
        store_observed_new(arena, store_defective_new(arena, inner, &defect, 1), observer);
    expect_filled(&store, 2, 0);
    cr_expect_not(fill(&store, 2, 1));
    cr_expect(fill(&inner, 2, 77), "half of it may have been written");
    expect_filled(&store, 2, 77);
    cr_assert_eq(record_count, 3);
    cr_expect_eq(records[2].bytes[0], 77);
}

/* Any operations at all: a function of `seed` on a store of 20 sectors; a digest of the answers. */
static uint64_t use_at_random(const struct device_store *store, uint64_t seed, unsigned count)
{
    uint64_t digest = 0;
    unsigned char bytes[DEVICE_SECTOR_BYTES];
    for (unsigned i = 0; i < count; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        uint32_t draw = (uint32_t)(seed >> 33), sector = draw / 16 % 20;
        bool is_done;
        memset(bytes, 0, sizeof bytes);
        if (draw % 16 == 0)
            is_done = store->flush(store->self);
        else if (draw % 16 < 8)
            is_done = fill(store, sector, (int)(draw >> 16 & 0xFF));
        else
            is_done = store->read(store->self, sector, bytes);
        digest = digest * 31 + (is_done ? bytes[draw % 512] + 1u : 0);
    }
    return digest;
}

Test(store, replay_answers_as_the_recorded_store_did)
{
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct store_defect defects[] = {{3, 1, true, false}, {17, 1, false, true}};
        struct device_store inner = store_memory_new(arena, 20);
        for (uint32_t sector = 0; sector < 20; sector++)
            cr_assert(fill(&inner, sector, 100 + (int)sector));
        record_count = 0;
        inner = store_defective_new(arena, inner, defects, 2);
        struct device_store recorded = store_observed_new(arena, inner, observer);
        uint64_t digest = use_at_random(&recorded, seed, 60);
        struct device_store replayed = store_replayed_new(arena, 20, records, record_count);
        cr_expect_eq(replayed.sector_count, 20);
        cr_assert_eq(use_at_random(&replayed, seed, 60), digest, "seed %u", (unsigned)seed);
    }
}

Test(store, replay_of_another_run_fails_to_read_what_nobody_recorded)
{
    struct store_record record = {.operation = 0, .sector = 4};
    struct device_store store = store_replayed_new(arena, 10, &record, 1);
    unsigned char bytes[DEVICE_SECTOR_BYTES];
    cr_expect_not(store.read(store.self, 5, bytes));
    cr_expect_not(store.read(store.self, 4, bytes));
}
