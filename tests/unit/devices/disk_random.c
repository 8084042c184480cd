/* Random drivers: one that does anything at any time, and one that knows what it is doing. */
#include "disk_bench.h"

#include <criterion/criterion.h>
#include <string.h>

enum { SECTORS = 300, ACCESSES = 400000, TRANSFERS = 3000 };

static uint64_t random_state;

static uint32_t random_below(uint32_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 20) % limit;
}

/* A store that must not be asked for what it has not, and counts what it is asked for. */
struct strict {
    struct device_store inner;
    unsigned accesses;
};

static bool strict_read(void *self, uint32_t sector, unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct strict *strict = self;
    cr_assert_lt(sector, strict->inner.sector_count);
    strict->accesses++;
    return random_below(50) != 0 && strict->inner.read(strict->inner.self, sector, bytes);
}

static bool strict_write(void *self, uint32_t sector,
                         const unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct strict *strict = self;
    cr_assert_lt(sector, strict->inner.sector_count);
    strict->accesses++;
    return random_below(50) != 0 && strict->inner.write(strict->inner.self, sector, bytes);
}

static bool strict_flush(void *self)
{
    ((struct strict *)self)->accesses++;
    return random_below(10) != 0;
}

/* What an observer knows of the disk from the outside. */
struct watch {
    bool is_quiet, is_reset; /* nIEN, SRST as last written */
};

static void check_invariants(struct bench *bench, const struct watch *watch)
{
    uint32_t status = get(bench, ALTERNATE);
    bool is_selected = (status & BSY) != 0 || (get(bench, HEAD) & DEV) == 0;
    bool awaits = bench->disk->class->awaits(bench->disk) == DEVICE_EVENT_DONE;
    cr_assert_eq(status & ~(uint32_t)(BSY | DRDY | DF | DSC | DRQ | ERR), 0);
    cr_assert((status & BSY) == 0 || status == BSY, "BSY stands alone: %02x", status);
    cr_assert((status & DRQ) == 0 || (status & ERR) == 0, "data or an error: %02x", status);
    cr_assert((status & DF) == 0 || (status & ERR) != 0);
    cr_assert(is_selected || status == 0);
    cr_assert(!line(bench) || (is_selected && !watch->is_quiet && !watch->is_reset));
    cr_assert(!watch->is_reset || status == BSY);
    cr_assert_eq(awaits, status == BSY && !watch->is_reset);
    for (uint32_t port = ERROR; port <= HEAD; port++)
        cr_assert_leq(get(bench, port), 0xFF);
}

static const char *describe(struct bench *bench, struct arena *arena)
{
    struct text_builder builder = {.arena = arena};
    bench->disk->class->describe(bench->disk, &builder);
    return text_built(&builder);
}

/* Looks that must leave everything as it is: alternate status, registers, ports that are not. */
static void check_looking(struct bench *bench)
{
    struct arena *arena = arena_new();
    const char *before = describe(bench, arena);
    for (uint32_t port = ERROR; port < 20; port++)
        if (port != STATUS)
            get(bench, port);
    cr_assert_str_eq(before, describe(bench, arena));
    arena_free(arena);
}

static void write_any(struct bench *bench, struct watch *watch)
{
    static const unsigned char often[] = {0x20, 0x30, 0x30, 0x40, 0xEC, 0x90, 0x91, 0xE7, 0xEF};
    uint32_t port = random_below(10), word = random_below(0x10000) * random_below(0x10000);
    if (port == HEAD && random_below(4) != 0)
        word = LBA | (word & 0xF0000000);
    if ((port == MID || port == HIGH || port == COUNT) && random_below(4) != 0)
        word = random_below(3);
    if (port == COMMAND && random_below(8) != 0)
        word = often[random_below(sizeof often)];
    if (port == CONTROL && random_below(20) != 0)
        word &= ~(uint32_t)SRST;
    if (port == CONTROL) {
        watch->is_quiet = (word & NIEN) != 0;
        watch->is_reset = (word & SRST) != 0;
    }
    put(bench, port, word);
}

static void move_any(struct bench *bench, struct watch *watch)
{
    struct fault fault = {0};
    struct device_event any = {.kind = (enum device_event_kind)random_below(6),
                               .number = random_below(1000)};
    switch (random_below(8)) {
    case 0:
    case 1:
    case 2:
        write_any(bench, watch);
        break;
    case 3:
    case 4:
        done(bench);
        cr_assert((get(bench, ALTERNATE) & BSY) == 0 || watch->is_reset, "`done` ends BSY");
        break;
    case 5:
        for (uint32_t i = random_below(300); i > 0; i--)
            random_below(2) ? get(bench, DATA) : (put(bench, DATA, i), 0);
        break;
    case 6:
        bench->disk->class->input(bench->disk, &any, &fault);
        cr_assert_eq(fault.is_set, any.kind != DEVICE_EVENT_DONE);
        break;
    case 7:
        get(bench, random_below(12));
        break;
    }
}

static void drive_at_random(uint64_t seed)
{
    random_state = seed;
    struct arena *arena = arena_new();
    struct strict strict = {.inner = store_memory_new(arena, SECTORS)};
    struct device_store store = {&strict, SECTORS, strict_read, strict_write, strict_flush};
    struct bench bench = bench_with(arena, store);
    struct watch watch = {false, false};
    for (unsigned i = 0; i < ACCESSES / 4; i++) {
        move_any(&bench, &watch);
        check_invariants(&bench, &watch);
        if (random_below(100) == 0)
            check_looking(&bench);
        if (random_below(3) == 0 && (get(&bench, ALTERNATE) & BSY) == 0) {
            bool is_selected = (get(&bench, HEAD) & DEV) == 0;
            get(&bench, STATUS);
            cr_assert(!line(&bench) || !is_selected);
        }
        if (random_below(2000) == 0) { /* it may sleep */
            put(&bench, CONTROL, SRST);
            put(&bench, CONTROL, 0);
            watch = (struct watch){false, false};
        }
    }
    cr_expect_gt(strict.accesses, 100, "the medium was reached");
    arena_free(arena);
}

Test(disk_random, no_driver_brings_it_out_of_its_states_1)
{
    drive_at_random(0x9E3779B97F4A7C15);
}

Test(disk_random, no_driver_brings_it_out_of_its_states_2)
{
    drive_at_random(0xD1B54A32D192ED03);
}

Test(disk_random, no_driver_brings_it_out_of_its_states_3)
{
    drive_at_random(0x2545F4914F6CDD1D);
}

Test(disk_random, no_driver_brings_it_out_of_its_states_4)
{
    drive_at_random(0x123456789ABCDEF1);
}

/* The other driver: what it should find, by sector; 0 before anything was written. */
static uint32_t shadow[SECTORS];

static void expect_shadow(struct bench *bench, uint32_t sector)
{
    for (unsigned i = 0; i < 128; i++)
        cr_assert_eq(get(bench, DATA), shadow[sector] == 0 ? 0 : pattern(shadow[sector], i),
                     "sector %u word %u", sector, i);
}

static void transfer(struct bench *bench, bool is_write, uint32_t sector, uint32_t count,
                     uint32_t seed)
{
    aim(bench, sector, count);
    command(bench, is_write ? 0x30 : 0x20);
    for (uint32_t i = 0; i < count; i++) {
        cr_assert_eq(get(bench, STATUS), WITH_DATA);
        if (is_write) {
            put_sector(bench, seed + i);
            finish(bench);
            shadow[sector + i] = seed + i;
        } else {
            expect_shadow(bench, sector + i);
            if (i + 1 < count)
                finish(bench);
        }
    }
    cr_assert_eq(get(bench, STATUS), WELL);
    cr_assert_eq(get(bench, COUNT), 0);
    cr_assert_eq(aimed(bench), sector + count - 1);
}

Test(disk_random, driver_finds_what_it_wrote_last)
{
    random_state = 88172645463325252;
    struct arena *arena = arena_new();
    struct bench bench = bench_with(arena, store_memory_new(arena, SECTORS));
    uint32_t seed = 1;
    memset(shadow, 0, sizeof shadow);
    for (unsigned i = 0; i < TRANSFERS; i++) {
        uint32_t sector = random_below(SECTORS);
        uint32_t most = SECTORS - sector < 8 ? SECTORS - sector : 8;
        uint32_t count = 1 + random_below(most);
        transfer(&bench, random_below(2) != 0, sector, count, seed);
        seed += count;
    }
    arena_free(arena);
}
