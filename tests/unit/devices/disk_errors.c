/* How commands of a disk fail: ATA/ATAPI-5 clause 8 under "Error outputs". */
#include "disk_bench.h"

#include <criterion/criterion.h>

static struct bench bench;

static void set_up(void)
{
    bench = bench_new();
}

static void tear_down(void)
{
    bench_free(&bench);
}

TestSuite(disk_errors, .init = set_up, .fini = tear_down);

/* The command has ended with an error and an interrupt. */
static void expect_failure(struct bench *of, uint32_t status, uint32_t error)
{
    cr_expect(line(of));
    cr_expect_eq(get(of, STATUS), WELL | status, "status %02x", get(of, ALTERNATE));
    cr_expect_not(line(of));
    cr_expect_eq(get(of, ERROR), error, "error %02x", get(of, ERROR));
    cr_expect_eq(of->disk->class->awaits(of->disk), DEVICE_EVENT_NONE);
    cr_expect_eq(get(of, DATA), 0);
}

static struct bench bench_broken(const struct store_defect *defects, size_t count)
{
    return bench_with(bench.arena, store_defective_new(bench.arena, bench.store, defects, count));
}

Test(disk_errors, every_command_that_is_not_there_is_aborted)
{
    static const unsigned char known[] = {0x20, 0x21, 0x30, 0x31, 0x40, 0x41, 0x70, 0x90, 0x91,
                                          0xE0, 0xE1, 0xE2, 0xE3, 0xE5, 0xE6, 0xE7, 0xEC, 0xEF};
    unsigned aborted = 0;
    for (uint32_t opcode = 0; opcode < 256; opcode++) {
        bool is_known = false;
        for (unsigned i = 0; i < sizeof known; i++)
            is_known = is_known || known[i] == opcode;
        if (is_known)
            continue;
        aim(&bench, 1, 1);
        command(&bench, opcode);
        expect_failure(&bench, ERR, ABRT);
        cr_expect_eq(aimed(&bench), 1);
        cr_expect_eq(get(&bench, COUNT), 1);
        aborted++;
    }
    cr_expect_eq(aborted, 256 - sizeof known);
}

Test(disk_errors, nop_is_aborted)
{
    command(&bench, 0x00);
    expect_failure(&bench, ERR, ABRT);
}

Test(disk_errors, next_command_clears_the_error)
{
    command(&bench, 0x00);
    cr_expect_eq(get(&bench, STATUS), WELL | ERR);
    command(&bench, 0xE7);
    cr_expect_eq(get(&bench, STATUS), WELL);
    cr_expect_eq(get(&bench, ERROR), 0);
}

Test(disk_errors, sectors_beyond_the_end_are_not_found)
{
    uint32_t opcodes[] = {0x20, 0x21, 0x30, 0x31, 0x40, 0x41, 0x70};
    uint32_t sectors[] = {BENCH_SECTORS, 0x10000, 0x0FFFFFFF};
    for (unsigned i = 0; i < 7; i++)
        for (unsigned k = 0; k < 3; k++) {
            aim(&bench, sectors[k], 1);
            command(&bench, opcodes[i]);
            expect_failure(&bench, ERR, IDNF);
            cr_expect_eq(aimed(&bench), sectors[k]);
            cr_expect_eq(get(&bench, COUNT), 1);
        }
}

Test(disk_errors, read_over_the_end_gives_the_sectors_that_are_there)
{
    store_put(&bench.store, BENCH_SECTORS - 1, 7);
    aim(&bench, BENCH_SECTORS - 1, 3);
    command(&bench, 0x20);
    cr_expect_eq(get(&bench, STATUS), WITH_DATA);
    expect_sector(&bench, 7);
    finish(&bench);
    expect_failure(&bench, ERR, IDNF);
    cr_expect_eq(aimed(&bench), BENCH_SECTORS);
    cr_expect_eq(get(&bench, COUNT), 2);
}

Test(disk_errors, write_over_the_end_stores_the_sectors_that_are_there)
{
    aim(&bench, BENCH_SECTORS - 1, 3);
    command(&bench, 0x30);
    put_sector(&bench, 7);
    finish(&bench);
    expect_failure(&bench, ERR, IDNF);
    store_expect(&bench.store, BENCH_SECTORS - 1, 7);
    cr_expect_eq(aimed(&bench), BENCH_SECTORS);
    cr_expect_eq(get(&bench, COUNT), 2);
}

Test(disk_errors, verify_over_the_end_names_the_first_sector_that_is_not_there)
{
    aim(&bench, BENCH_SECTORS - 10, 20);
    command(&bench, 0x40);
    expect_failure(&bench, ERR, IDNF);
    cr_expect_eq(aimed(&bench), BENCH_SECTORS);
    cr_expect_eq(get(&bench, COUNT), 10);
}

Test(disk_errors, error_register_is_0_again_as_soon_as_a_command_has_data)
{
    command(&bench, 0x00);
    cr_expect_eq(get(&bench, ERROR), ABRT);
    aim(&bench, 1, 1);
    command(&bench, 0x30);
    cr_expect_eq(get(&bench, ERROR), 0);
}

Test(disk_errors, write_outside_the_translation_asks_for_no_data)
{
    put(&bench, COUNT, 1);
    put(&bench, LOW, 1);
    put(&bench, MID, 4);
    put(&bench, HIGH, 0);
    put(&bench, HEAD, 0);
    command(&bench, 0x30);
    expect_failure(&bench, ERR, IDNF);
}

/* cylinder, head, sector of 4 cylinders, 16 heads, 63 sectors */
static void expect_no_chs(uint32_t cylinder, uint32_t head, uint32_t sector)
{
    put(&bench, COUNT, 1);
    put(&bench, LOW, sector);
    put(&bench, MID, cylinder & 0xFF);
    put(&bench, HIGH, cylinder >> 8);
    put(&bench, HEAD, head);
    command(&bench, 0x20);
    expect_failure(&bench, ERR, IDNF);
    cr_expect_eq(get(&bench, LOW), sector);
    cr_expect_eq(get(&bench, MID), cylinder & 0xFF);
    cr_expect_eq(get(&bench, HIGH), cylinder >> 8);
    cr_expect_eq(get(&bench, HEAD), head);
}

Test(disk_errors, chs_addresses_outside_the_translation_are_not_found)
{
    expect_no_chs(0, 0, 0);
    expect_no_chs(0, 0, 64);
    expect_no_chs(4, 0, 1);
    expect_no_chs(0xFFFF, 15, 63);
    put(&bench, COUNT, 63);
    put(&bench, HEAD, 7);
    command(&bench, 0x91);
    cr_expect_eq(get(&bench, STATUS), WELL);
    expect_no_chs(0, 8, 1);
}

Test(disk_errors, chs_read_over_the_last_cylinder_ends_not_found)
{
    put(&bench, COUNT, 2);
    put(&bench, LOW, 63);
    put(&bench, MID, 3);
    put(&bench, HIGH, 0);
    put(&bench, HEAD, 15);
    command(&bench, 0x20);
    for (unsigned i = 0; i < 128; i++)
        get(&bench, DATA);
    finish(&bench);
    expect_failure(&bench, ERR, IDNF);
    cr_expect_eq(get(&bench, MID), 4);
    cr_expect_eq(get(&bench, LOW), 1);
}

Test(disk_errors, bad_sector_is_uncorrectable)
{
    struct bench broken = bench_broken(&(struct store_defect){50, 1, true, false}, 1);
    uint32_t opcodes[] = {0x20, 0x21, 0x40, 0x41};
    for (unsigned i = 0; i < 4; i++) {
        aim(&broken, 50, 1);
        command(&broken, opcodes[i]);
        expect_failure(&broken, ERR, UNC);
        cr_expect_eq(aimed(&broken), 50);
        cr_expect_eq(get(&broken, COUNT), 1);
    }
}

Test(disk_errors, read_stops_at_a_bad_sector_and_names_it)
{
    struct bench broken = bench_broken(&(struct store_defect){50, 1, true, false}, 1);
    store_put(&bench.store, 48, 48);
    store_put(&bench.store, 49, 49);
    aim(&broken, 48, 10);
    put(&broken, COMMAND, 0x20);
    for (uint32_t i = 0; i < 2; i++) {
        finish(&broken);
        expect_sector(&broken, 48 + i);
    }
    finish(&broken);
    expect_failure(&broken, ERR, UNC);
    cr_expect_eq(aimed(&broken), 50);
    cr_expect_eq(get(&broken, COUNT), 8);
}

Test(disk_errors, verify_stops_at_a_bad_sector_and_names_it)
{
    struct bench broken = bench_broken(&(struct store_defect){300, 5, true, false}, 1);
    aim(&broken, 200, 0);
    command(&broken, 0x40);
    expect_failure(&broken, ERR, UNC);
    cr_expect_eq(aimed(&broken), 300);
    cr_expect_eq(get(&broken, COUNT), 156);
}

Test(disk_errors, sector_that_cannot_be_written_is_a_device_fault)
{
    struct bench broken = bench_broken(&(struct store_defect){21, 1, false, true}, 1);
    store_put(&bench.store, 21, 1000);
    aim(&broken, 20, 3);
    command(&broken, 0x30);
    put_sector(&broken, 20);
    finish(&broken);
    cr_expect_eq(get(&broken, STATUS), WITH_DATA);
    put_sector(&broken, 21);
    finish(&broken);
    expect_failure(&broken, ERR | DF, ABRT);
    cr_expect_eq(aimed(&broken), 21);
    cr_expect_eq(get(&broken, COUNT), 2);
    store_expect(&bench.store, 20, 20);
    store_expect(&bench.store, 21, 1000);
}

Test(disk_errors, disk_works_on_after_a_device_fault)
{
    struct bench broken = bench_broken(&(struct store_defect){21, 1, false, true}, 1);
    aim(&broken, 21, 1);
    command(&broken, 0x30);
    put_sector(&broken, 21);
    finish(&broken);
    cr_expect_eq(get(&broken, STATUS), WELL | ERR | DF);
    aim(&broken, 22, 1);
    command(&broken, 0x30);
    cr_expect_eq(get(&broken, STATUS), WITH_DATA);
    put_sector(&broken, 22);
    finish(&broken);
    cr_expect_eq(get(&broken, STATUS), WELL);
    store_expect(&bench.store, 22, 22);
}

static bool flush_fails(void *self)
{
    (void)self;
    return false;
}

Test(disk_errors, flush_that_fails_is_a_device_fault)
{
    struct device_store store = bench.store;
    store.flush = flush_fails;
    struct bench broken = bench_with(bench.arena, store);
    command(&broken, 0xE7);
    expect_failure(&broken, ERR | DF, ABRT);
}

Test(disk_errors, translations_that_do_not_fit_are_aborted_and_change_nothing)
{
    put(&bench, COUNT, 0);
    put(&bench, HEAD, 3);
    command(&bench, 0x91);
    expect_failure(&bench, ERR, ABRT);

    struct bench small = bench_with(bench.arena, store_memory_new(bench.arena, 100));
    put(&small, COUNT, 51);
    put(&small, HEAD, 1);
    command(&small, 0x91);
    expect_failure(&small, ERR, ABRT);
    put(&small, COUNT, 1);
    put(&small, LOW, 63);
    put(&small, MID, 0);
    put(&small, HIGH, 0);
    put(&small, HEAD, 0);
    command(&small, 0x40);
    cr_expect_eq(get(&small, STATUS), WELL);
}

Test(disk_errors, features_and_modes_that_are_not_there_are_aborted)
{
    for (uint32_t features = 0; features < 256; features++) {
        if (features == 0x03 || features == 0x66 || features == 0xCC)
            continue;
        put(&bench, FEATURES, features);
        command(&bench, 0xEF);
        expect_failure(&bench, ERR, ABRT);
    }
    for (uint32_t mode = 0; mode < 256; mode++) {
        if (mode <= 0x01 || (mode >= 0x08 && mode <= 0x0C))
            continue;
        put(&bench, FEATURES, 0x03);
        put(&bench, COUNT, mode);
        command(&bench, 0xEF);
        expect_failure(&bench, ERR, ABRT);
    }
}

Test(disk_errors, nien_keeps_the_interrupt_of_an_error_back)
{
    put(&bench, CONTROL, NIEN);
    command(&bench, 0x00);
    cr_expect_not(line(&bench));
    cr_expect_eq(get(&bench, ALTERNATE), WELL | ERR);
    put(&bench, CONTROL, 0);
    expect_failure(&bench, ERR, ABRT);
}
