#include "disk_bench.h"

#include <criterion/criterion.h>

struct bench bench_with(struct arena *arena, struct device_store store)
{
    return (struct bench){arena, store, device_new_disk(arena, store)};
}

struct bench bench_new(void)
{
    struct arena *arena = arena_new();
    return bench_with(arena, store_memory_new(arena, BENCH_SECTORS));
}

void bench_free(struct bench *bench)
{
    arena_free(bench->arena);
}

uint32_t get(struct bench *bench, uint32_t port)
{
    return bench->disk->class->read(bench->disk, port);
}

void put(struct bench *bench, uint32_t port, uint32_t word)
{
    bench->disk->class->write(bench->disk, port, word);
}

bool line(const struct bench *bench)
{
    return bench->disk->class->line(bench->disk);
}

void done(struct bench *bench)
{
    struct fault fault = {0};
    struct device_event event = {.kind = DEVICE_EVENT_DONE};
    cr_assert(bench->disk->class->input(bench->disk, &event, &fault), "%s", fault.message);
}

void finish(struct bench *bench)
{
    cr_assert_eq(get(bench, ALTERNATE), BSY);
    cr_assert_eq(bench->disk->class->awaits(bench->disk), DEVICE_EVENT_DONE);
    done(bench);
    cr_assert_eq(get(bench, ALTERNATE) & BSY, 0);
    cr_assert_eq(bench->disk->class->awaits(bench->disk), DEVICE_EVENT_NONE);
}

void aim(struct bench *bench, uint32_t sector, uint32_t count)
{
    put(bench, COUNT, count);
    put(bench, LOW, sector & 0xFF);
    put(bench, MID, sector >> 8 & 0xFF);
    put(bench, HIGH, sector >> 16 & 0xFF);
    put(bench, HEAD, LBA | sector >> 24);
}

uint32_t aimed(struct bench *bench)
{
    return get(bench, LOW) | get(bench, MID) << 8 | get(bench, HIGH) << 16 |
           (get(bench, HEAD) & 0x0F) << 24;
}

void command(struct bench *bench, uint32_t opcode)
{
    put(bench, COMMAND, opcode);
    finish(bench);
}

uint32_t pattern(uint32_t seed, unsigned i)
{
    return (seed * 128 + i) * UINT32_C(2654435761);
}

void put_sector(struct bench *bench, uint32_t seed)
{
    for (unsigned i = 0; i < 128; i++) {
        cr_assert_eq(get(bench, ALTERNATE), WITH_DATA, "word %u", i);
        put(bench, DATA, pattern(seed, i));
    }
    cr_assert_eq(get(bench, ALTERNATE) & DRQ, 0);
}

void expect_sector(struct bench *bench, uint32_t seed)
{
    for (unsigned i = 0; i < 128; i++) {
        cr_assert_eq(get(bench, ALTERNATE), WITH_DATA, "word %u", i);
        cr_assert_eq(get(bench, DATA), pattern(seed, i), "word %u", i);
    }
    cr_assert_eq(get(bench, ALTERNATE) & DRQ, 0);
}

void store_put(struct device_store *store, uint32_t sector, uint32_t seed)
{
    unsigned char bytes[DEVICE_SECTOR_BYTES];
    for (unsigned i = 0; i < DEVICE_SECTOR_BYTES; i++)
        bytes[i] = (unsigned char)(pattern(seed, i / 4) >> (8 * (i % 4)));
    cr_assert(store->write(store->self, sector, bytes));
}

void store_expect(struct device_store *store, uint32_t sector, uint32_t seed)
{
    unsigned char bytes[DEVICE_SECTOR_BYTES];
    cr_assert(store->read(store->self, sector, bytes));
    for (unsigned i = 0; i < DEVICE_SECTOR_BYTES; i++)
        cr_assert_eq(bytes[i], (unsigned char)(pattern(seed, i / 4) >> (8 * (i % 4))), "byte %u",
                     i);
}
