/* The commands of a disk, one by one: ATA/ATAPI-5 clauses 8 and 9. Errors are in disk_errors.c,
 * IDENTIFY DEVICE in disk_identify.c. */
#include "disk_bench.h"

#include <criterion/criterion.h>
#include <string.h>

static struct bench bench;

static void set_up(void)
{
    bench = bench_new();
}

static void tear_down(void)
{
    bench_free(&bench);
}

/* The command ended well: no ERR, no DRQ, and an interrupt that the status takes back. */
static void expect_success(void)
{
    cr_expect(line(&bench));
    cr_expect_eq(get(&bench, STATUS), WELL);
    cr_expect_not(line(&bench));
    cr_expect_eq(get(&bench, ERROR), 0);
}

static void reset(void)
{
    put(&bench, CONTROL, SRST);
    put(&bench, CONTROL, 0);
    finish(&bench);
}

TestSuite(disk_commands, .init = set_up, .fini = tear_down);

/* READ SECTOR(S) 20h, 21h */

Test(disk_commands, read_gives_a_sector_with_one_interrupt)
{
    for (uint32_t opcode = 0x20; opcode <= 0x21; opcode++) {
        store_put(&bench.store, 4321, opcode);
        aim(&bench, 4321, 1);
        command(&bench, opcode);
        cr_expect(line(&bench), "an interrupt with DRQ");
        cr_expect_eq(get(&bench, STATUS), WITH_DATA);
        cr_expect_not(line(&bench));
        expect_sector(&bench, opcode);
        cr_expect_eq(get(&bench, ALTERNATE), WELL);
        cr_expect_not(line(&bench), "no interrupt at the end");
        cr_expect_eq(bench.disk->class->awaits(bench.disk), DEVICE_EVENT_NONE);
    }
}

Test(disk_commands, read_of_many_sectors_has_bsy_and_an_interrupt_before_each)
{
    for (uint32_t i = 0; i < 5; i++)
        store_put(&bench.store, 250 + i, 1000 + i);
    aim(&bench, 250, 5);
    put(&bench, COMMAND, 0x20);
    for (uint32_t i = 0; i < 5; i++) {
        finish(&bench);
        cr_expect(line(&bench));
        cr_expect_eq(get(&bench, STATUS), WITH_DATA);
        cr_expect_not(line(&bench));
        cr_expect_eq(aimed(&bench), 250 + i);
        cr_expect_eq(get(&bench, COUNT), 5 - i);
        expect_sector(&bench, 1000 + i);
    }
    cr_expect_eq(get(&bench, STATUS), WELL);
    cr_expect_eq(aimed(&bench), 254, "the last sector that was read");
    cr_expect_eq(get(&bench, COUNT), 0);
}

Test(disk_commands, read_of_0_sectors_is_of_256)
{
    aim(&bench, 100, 0);
    put(&bench, COMMAND, 0x20);
    for (uint32_t i = 0; i < 256; i++) {
        finish(&bench);
        cr_assert_eq(get(&bench, STATUS), WITH_DATA, "sector %u", i);
        for (unsigned word = 0; word < 128; word++)
            cr_assert_eq(get(&bench, DATA), 0);
    }
    cr_expect_eq(get(&bench, STATUS), WELL);
    cr_expect_eq(aimed(&bench), 355);
}

Test(disk_commands, read_by_a_driver_that_never_reads_the_status_keeps_the_line_up)
{
    aim(&bench, 0, 2);
    command(&bench, 0x20);
    for (unsigned word = 0; word < 128; word++)
        get(&bench, DATA);
    cr_expect_eq(get(&bench, ALTERNATE), BSY);
    cr_expect(line(&bench));
}

Test(disk_commands, reading_does_not_change_the_medium)
{
    store_put(&bench.store, 8, 80);
    for (unsigned i = 0; i < 3; i++) {
        aim(&bench, 8, 1);
        command(&bench, 0x20);
        expect_sector(&bench, 80);
    }
    store_expect(&bench.store, 8, 80);
}

/* WRITE SECTOR(S) 30h, 31h */

Test(disk_commands, write_stores_a_sector_with_one_interrupt_at_the_end)
{
    for (uint32_t opcode = 0x30; opcode <= 0x31; opcode++) {
        aim(&bench, 4999, 1);
        command(&bench, opcode);
        cr_expect_not(line(&bench), "no interrupt for the first sector");
        cr_expect_eq(get(&bench, STATUS), WITH_DATA);
        put_sector(&bench, opcode);
        cr_expect_eq(get(&bench, ALTERNATE), BSY);
        cr_expect_not(line(&bench));
        finish(&bench);
        store_expect(&bench.store, 4999, opcode);
        expect_success();
        cr_expect_eq(get(&bench, COUNT), 0);
        cr_expect_eq(aimed(&bench), 4999);
    }
}

Test(disk_commands, write_of_many_sectors_has_an_interrupt_for_all_but_the_first_and_at_the_end)
{
    aim(&bench, 0x3FE, 4);
    command(&bench, 0x30);
    cr_expect_not(line(&bench));
    for (uint32_t i = 0; i < 4; i++) {
        cr_expect_eq(aimed(&bench), 0x3FE + i);
        cr_expect_eq(get(&bench, COUNT), 4 - i);
        cr_expect_eq(get(&bench, STATUS), WITH_DATA);
        cr_expect_not(line(&bench));
        put_sector(&bench, 40 + i);
        finish(&bench);
        cr_expect(line(&bench));
        store_expect(&bench.store, 0x3FE + i, 40 + i);
    }
    expect_success();
    cr_expect_eq(aimed(&bench), 0x401);
    cr_expect_eq(get(&bench, COUNT), 0);
}

Test(disk_commands, write_of_0_sectors_is_of_256)
{
    aim(&bench, 0, 0);
    command(&bench, 0x30);
    for (uint32_t i = 0; i < 256; i++) {
        cr_assert_eq(get(&bench, STATUS), WITH_DATA, "sector %u", i);
        put_sector(&bench, i);
        finish(&bench);
    }
    expect_success();
    for (uint32_t i = 0; i < 256; i++)
        store_expect(&bench.store, i, i);
}

Test(disk_commands, sector_is_not_stored_before_it_is_whole)
{
    store_put(&bench.store, 3, 30);
    aim(&bench, 3, 1);
    command(&bench, 0x30);
    for (unsigned i = 0; i < 127; i++)
        put(&bench, DATA, 0xFFFFFFFF);
    done(&bench);
    store_expect(&bench.store, 3, 30);
    cr_expect_eq(get(&bench, STATUS), WITH_DATA);
}

Test(disk_commands, what_was_written_is_read_back)
{
    aim(&bench, 77, 2);
    command(&bench, 0x30);
    put_sector(&bench, 5);
    finish(&bench);
    put_sector(&bench, 6);
    finish(&bench);
    expect_success();
    aim(&bench, 77, 2);
    command(&bench, 0x20);
    expect_sector(&bench, 5);
    finish(&bench);
    expect_sector(&bench, 6);
}

Test(disk_commands, last_sector_is_read_and_written)
{
    aim(&bench, BENCH_SECTORS - 1, 1);
    command(&bench, 0x30);
    put_sector(&bench, 9);
    finish(&bench);
    expect_success();
    aim(&bench, BENCH_SECTORS - 1, 1);
    command(&bench, 0x20);
    expect_sector(&bench, 9);
}

Test(disk_commands, largest_disk_is_addressed_by_28_bits)
{
    struct arena *arena = arena_new();
    struct bench large = bench_with(arena, store_memory_new(arena, UINT32_C(1) << 28));
    aim(&large, 0x0FFFFFFF, 1);
    cr_expect_eq(get(&large, HEAD), LBA | 0x0F);
    command(&large, 0x30);
    put_sector(&large, 11);
    finish(&large);
    cr_expect_eq(get(&large, STATUS), WELL);
    store_expect(&large.store, 0x0FFFFFFF, 11);
    arena_free(arena);
}

/* From `sector` to the next one, with the registers `before` and `after` that name them. */
static void cross(struct bench *of, uint32_t before, uint32_t after)
{
    aim(of, before, 2);
    command(of, 0x30);
    cr_expect_eq(aimed(of), before);
    put_sector(of, before);
    finish(of);
    cr_expect_eq(aimed(of), after, "%07x", aimed(of));
    cr_expect_eq(get(of, HEAD) & 0xF0, LBA);
    put_sector(of, after);
    finish(of);
    cr_expect_eq(get(of, STATUS), WELL);
    store_expect(&of->store, before, before);
    store_expect(&of->store, after, after);
}

Test(disk_commands, address_is_carried_from_register_to_register)
{
    struct arena *arena = arena_new();
    struct bench large = bench_with(arena, store_memory_new(arena, UINT32_C(1) << 28));
    cross(&large, 0xFF, 0x100);
    cross(&large, 0xFFFF, 0x10000);
    cross(&large, 0xFFFFFF, 0x1000000);
    cross(&large, 0x0EFFFFFF, 0x0F000000);
    arena_free(arena);
}

/* CHS */

Test(disk_commands, chs_cylinder_has_16_bits)
{
    struct arena *arena = arena_new();
    struct bench large = bench_with(arena, store_memory_new(arena, UINT32_C(1) << 24));
    put(&large, COUNT, 2);
    put(&large, LOW, 63);
    put(&large, MID, 0xFF);
    put(&large, HIGH, 0x12);
    put(&large, HEAD, 15);
    command(&large, 0x30);
    put_sector(&large, 1);
    finish(&large);
    cr_expect_eq(get(&large, LOW), 1);
    cr_expect_eq(get(&large, MID), 0x00);
    cr_expect_eq(get(&large, HIGH), 0x13);
    cr_expect_eq(get(&large, HEAD), 0);
    put_sector(&large, 2);
    finish(&large);
    store_expect(&large.store, 0x1300 * 16 * 63 - 1, 1);
    store_expect(&large.store, 0x1300 * 16 * 63, 2);
    arena_free(arena);
}

Test(disk_commands, chs_addresses_count_sectors_then_heads_then_cylinders)
{
    /* 5000 sectors: 63 a track, 16 tracks a cylinder, 4 cylinders. */
    uint32_t cylinder = 3, head = 5, sector = 42;
    uint32_t number = (cylinder * 16 + head) * 63 + sector - 1;
    store_put(&bench.store, number, 123);
    put(&bench, COUNT, 1);
    put(&bench, LOW, sector);
    put(&bench, MID, cylinder);
    put(&bench, HIGH, 0);
    put(&bench, HEAD, head);
    command(&bench, 0x20);
    expect_sector(&bench, 123);
}

Test(disk_commands, chs_registers_go_on_over_heads_and_cylinders)
{
    put(&bench, COUNT, 3);
    put(&bench, LOW, 62);
    put(&bench, MID, 1);
    put(&bench, HIGH, 0);
    put(&bench, HEAD, 15);
    uint32_t number = (1 * 16 + 15) * 63 + 61;
    command(&bench, 0x30);
    put_sector(&bench, 1);
    finish(&bench);
    cr_expect_eq(get(&bench, LOW), 63);
    cr_expect_eq(get(&bench, HEAD), 15);
    cr_expect_eq(get(&bench, MID), 1);
    put_sector(&bench, 2);
    finish(&bench);
    cr_expect_eq(get(&bench, LOW), 1);
    cr_expect_eq(get(&bench, HEAD), 0);
    cr_expect_eq(get(&bench, MID), 2);
    put_sector(&bench, 3);
    finish(&bench);
    expect_success();
    for (uint32_t i = 0; i < 3; i++)
        store_expect(&bench.store, number + i, 1 + i);
}

/* READ VERIFY SECTOR(S) 40h, 41h */

Test(disk_commands, verify_reads_without_data)
{
    for (uint32_t opcode = 0x40; opcode <= 0x41; opcode++) {
        aim(&bench, 300, 200);
        command(&bench, opcode);
        expect_success();
        cr_expect_eq(aimed(&bench), 499);
        cr_expect_eq(get(&bench, COUNT), 0);
    }
}

/* SEEK 70h */

Test(disk_commands, seek_ends_well_on_a_sector_of_the_disk)
{
    aim(&bench, BENCH_SECTORS - 1, 0);
    command(&bench, 0x70);
    expect_success();
    cr_expect_eq(aimed(&bench), BENCH_SECTORS - 1);
}

/* EXECUTE DEVICE DIAGNOSTIC 90h */

Test(disk_commands, diagnostic_leaves_the_signature_and_code_1_with_an_interrupt)
{
    aim(&bench, 0xABCDE, 0x55);
    command(&bench, 0x90);
    cr_expect(line(&bench));
    cr_expect_eq(get(&bench, STATUS), WELL);
    cr_expect_eq(get(&bench, ERROR), 0x01);
    cr_expect_eq(get(&bench, COUNT), 0x01);
    cr_expect_eq(aimed(&bench), 0x01);
    cr_expect_eq(get(&bench, HEAD), 0x00);
}

Test(disk_commands, diagnostic_runs_when_the_missing_device_is_selected)
{
    put(&bench, HEAD, DEV);
    command(&bench, 0x90);
    cr_expect(line(&bench));
    cr_expect_eq(get(&bench, STATUS), WELL);
    cr_expect_eq(get(&bench, ERROR), 0x01);
}

/* INITIALIZE DEVICE PARAMETERS 91h */

static void initialize(uint32_t heads, uint32_t sectors)
{
    put(&bench, COUNT, sectors);
    put(&bench, HEAD, heads - 1);
    command(&bench, 0x91);
}

/* Reads the sector at cylinder 1, head 0, sector 1. */
static void expect_second_cylinder_at(uint32_t number)
{
    store_put(&bench.store, number, number);
    put(&bench, COUNT, 1);
    put(&bench, LOW, 1);
    put(&bench, MID, 1);
    put(&bench, HIGH, 0);
    put(&bench, HEAD, 0);
    command(&bench, 0x20);
    cr_assert_eq(get(&bench, STATUS), WITH_DATA);
    expect_sector(&bench, number);
}

Test(disk_commands, initialize_chooses_heads_and_sectors_of_chs)
{
    initialize(4, 17);
    expect_success();
    expect_second_cylinder_at(4 * 17);
}

Test(disk_commands, reset_brings_the_default_translation_back)
{
    initialize(4, 17);
    reset();
    expect_second_cylinder_at(16 * 63);
}

/* SET FEATURES EFh */

static void set_features(uint32_t features, uint32_t count)
{
    put(&bench, FEATURES, features);
    put(&bench, COUNT, count);
    command(&bench, 0xEF);
}

Test(disk_commands, feature_66_keeps_settings_over_a_reset_and_feature_cc_does_not)
{
    set_features(0x66, 0);
    expect_success();
    initialize(4, 17);
    reset();
    expect_second_cylinder_at(4 * 17);
    set_features(0xCC, 0);
    reset();
    expect_second_cylinder_at(16 * 63);
}

Test(disk_commands, set_features_takes_the_pio_modes_0_to_4)
{
    uint32_t modes[] = {0x00, 0x01, 0x08, 0x09, 0x0A, 0x0B, 0x0C};
    for (unsigned i = 0; i < sizeof modes / sizeof *modes; i++) {
        set_features(0x03, modes[i]);
        expect_success();
    }
}

/* Power management: STANDBY IMMEDIATE E0h, IDLE IMMEDIATE E1h, STANDBY E2h, IDLE E3h, CHECK POWER
 * MODE E5h, SLEEP E6h */

static uint32_t power_mode(void)
{
    command(&bench, 0xE5);
    expect_success();
    return get(&bench, COUNT);
}

Test(disk_commands, check_power_mode_gives_ff_for_idle_and_0_for_standby)
{
    cr_expect_eq(power_mode(), 0xFF);
    uint32_t opcodes[] = {0xE0, 0xE1, 0xE2, 0xE3};
    for (unsigned i = 0; i < 4; i++) {
        command(&bench, opcodes[i]);
        expect_success();
        cr_expect_eq(power_mode(), opcodes[i] % 2 == 0 ? 0x00 : 0xFF);
    }
}

Test(disk_commands, access_to_the_medium_ends_standby)
{
    uint32_t opcodes[] = {0x20, 0x40, 0x70};
    for (unsigned i = 0; i < 3; i++) {
        command(&bench, 0xE0);
        aim(&bench, 1, 1);
        command(&bench, opcodes[i]);
        for (unsigned word = 0; word < 128; word++)
            get(&bench, DATA);
        cr_expect_eq(power_mode(), 0xFF);
    }
}

Test(disk_commands, standby_stays_over_a_reset)
{
    command(&bench, 0xE0);
    reset();
    cr_expect_eq(power_mode(), 0x00);
}

Test(disk_commands, sleeping_disk_takes_no_command_until_a_reset)
{
    command(&bench, 0xE6);
    expect_success();
    for (uint32_t opcode = 0; opcode < 256; opcode++) {
        put(&bench, COMMAND, opcode);
        cr_expect_eq(get(&bench, STATUS), WELL, "command %02x", opcode);
        done(&bench);
        cr_expect_not(line(&bench));
    }
    reset();
    cr_expect_eq(power_mode(), 0x00);
}

/* FLUSH CACHE E7h */

Test(disk_commands, flush_ends_when_the_store_is_flushed)
{
    command(&bench, 0xE7);
    expect_success();
}

/* All of the state. */

static const char *describe(struct bench *of)
{
    struct text_builder builder = {.arena = of->arena};
    of->disk->class->describe(of->disk, &builder);
    return text_built(&builder);
}

static void expect_described(const char *start)
{
    const char *is = describe(&bench);
    cr_expect_eq(strncmp(is, start, strlen(start)), 0, "%s", is);
}

Test(disk_commands, description_of_a_resting_disk_is_one_line)
{
    const char *rest = " translation=4/16/63 keeps=0 power=0 written=0:cbf29ce484222325\n";
    const char *first = arena_printf(bench.arena,
                                     "disk error=01 features=00 count=01 lba=000001 "
                                     "head=00 failure=00 quiet=0 pending=0 "
                                     "phase=rest%s",
                                     rest);
    cr_expect_str_eq(describe(&bench), first);
    put(&bench, CONTROL, SRST | NIEN);
    const char *held = arena_printf(bench.arena,
                                    "disk error=01 features=00 count=01 lba=000001 "
                                    "head=00 failure=00 quiet=1 pending=0 "
                                    "phase=held%s",
                                    rest);
    cr_expect_str_eq(describe(&bench), held);
}

Test(disk_commands, description_of_a_disk_at_work_has_the_command_and_the_buffer)
{
    struct text_builder expected = {.arena = bench.arena};
    aim(&bench, 0x123, 2);
    command(&bench, 0x30);
    put(&bench, DATA, 0x44332211);
    text_append(&expected,
                "disk error=00 features=00 count=02 lba=000123 head=40 failure=00 quiet=0 "
                "pending=0 phase=data-out translation=4/16/63 keeps=0 power=0 "
                "written=0:cbf29ce484222325\n"
                "disk command=30 sector=291 remaining=2 position=4 buffer=11223344");
    for (unsigned i = 4; i < DEVICE_SECTOR_BYTES; i++)
        text_append(&expected, "00");
    text_append(&expected, "\n");
    cr_expect_str_eq(describe(&bench), text_built(&expected));
}

Test(disk_commands, description_names_the_phase)
{
    const char *start = "disk error=00 features=00 count=01 lba=000005 head=40 failure=00 quiet=0 "
                        "pending=";
    aim(&bench, 5, 1);
    put(&bench, COMMAND, 0x20);
    expect_described(arena_printf(bench.arena, "%s0 phase=beginning ", start));
    finish(&bench);
    expect_described(arena_printf(bench.arena, "%s1 phase=data-in ", start));
    for (unsigned i = 0; i < 128; i++)
        get(&bench, DATA);
    aim(&bench, 5, 1);
    command(&bench, 0x30);
    put_sector(&bench, 1);
    expect_described(arena_printf(bench.arena, "%s0 phase=proceeding ", start));
    put(&bench, CONTROL, SRST);
    put(&bench, CONTROL, 0);
    cr_expect_not_null(strstr(describe(&bench), " phase=resetting "));
}

Test(disk_commands, description_does_not_depend_on_what_the_buffer_held_before)
{
    struct bench other = bench_new();
    store_put(&bench.store, 1, 77);
    aim(&bench, 1, 1);
    command(&bench, 0x20);
    expect_sector(&bench, 77);
    get(&bench, STATUS);
    struct bench *both[] = {&bench, &other};
    for (unsigned i = 0; i < 2; i++) {
        aim(both[i], 1, 1);
        command(both[i], 0x30);
    }
    cr_expect_str_eq(describe(&bench), describe(&other));
    bench_free(&other);
}

Test(disk_commands, description_has_the_number_and_the_digest_of_what_was_written)
{
    uint64_t digest = UINT64_C(0xcbf29ce484222325);
    for (uint32_t version = 1; version <= 2; version++) {
        unsigned char bytes[4 + DEVICE_SECTOR_BYTES] = {0x02, 0x01, 0x00, 0x00};
        for (unsigned i = 0; i < DEVICE_SECTOR_BYTES; i++)
            bytes[4 + i] = (unsigned char)(pattern(version, i / 4) >> (8 * (i % 4)));
        for (unsigned i = 0; i < sizeof bytes; i++)
            digest = (digest ^ bytes[i]) * UINT64_C(0x100000001b3);
        aim(&bench, 0x102, 1);
        command(&bench, 0x30);
        put_sector(&bench, version);
        finish(&bench);
    }
    const char *written =
        arena_printf(bench.arena, " written=2:%016llx\n", (unsigned long long)digest);
    cr_expect_not_null(strstr(describe(&bench), written), "%s", describe(&bench));
}

Test(disk_commands, description_depends_on_what_was_written)
{
    struct bench other = bench_new();
    struct bench *both[] = {&bench, &other};
    for (unsigned i = 0; i < 2; i++) {
        aim(both[i], 1, 1);
        command(both[i], 0x30);
        put_sector(both[i], i);
        finish(both[i]);
    }
    cr_expect_str_neq(describe(&bench), describe(&other));
    bench_free(&other);
}
