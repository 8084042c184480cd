/* The registers of a disk, one by one: ATA/ATAPI-5 clause 7, 9.12 (signature), 9.16.1 (a lone
 * device 0). */
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

static void expect_signature(void)
{
    cr_expect_eq(get(&bench, ERROR), 0x01);
    cr_expect_eq(get(&bench, COUNT), 0x01);
    cr_expect_eq(get(&bench, LOW), 0x01);
    cr_expect_eq(get(&bench, MID), 0x00);
    cr_expect_eq(get(&bench, HIGH), 0x00);
    cr_expect_eq(get(&bench, HEAD), 0x00);
}

TestSuite(disk_registers, .init = set_up, .fini = tear_down);

Test(disk_registers, disk_is_ready_and_signed_at_power_on)
{
    cr_expect_eq(get(&bench, STATUS), WELL);
    cr_expect_eq(get(&bench, ALTERNATE), WELL);
    expect_signature();
    cr_expect_not(line(&bench));
    cr_expect_eq(bench.disk->class->awaits(bench.disk), DEVICE_EVENT_NONE);
}

Test(disk_registers, command_block_registers_hold_8_bits_each)
{
    for (uint32_t value = 0; value < 256; value++) {
        for (uint32_t port = COUNT; port <= HIGH; port++)
            put(&bench, port, 0xABCDEF00 | (value ^ port));
        put(&bench, HEAD, 0xABCDEF00 | (value & ~(uint32_t)DEV));
        for (uint32_t port = COUNT; port <= HIGH; port++)
            cr_expect_eq(get(&bench, port), value ^ port);
        cr_expect_eq(get(&bench, HEAD), value & ~(uint32_t)DEV);
    }
}

Test(disk_registers, writing_the_features_does_not_change_the_error)
{
    command(&bench, 0x00);
    cr_expect_eq(get(&bench, ERROR), ABRT);
    put(&bench, FEATURES, 0x55);
    cr_expect_eq(get(&bench, ERROR), ABRT);
}

Test(disk_registers, other_ports_read_0_and_ignore_writes)
{
    for (uint32_t port = 9; port < 1024; port++) {
        put(&bench, port, 0xFFFFFFFF);
        cr_expect_eq(get(&bench, port), 0);
    }
    cr_expect_eq(get(&bench, STATUS), WELL);
    expect_signature();
}

Test(disk_registers, writing_a_command_sets_bsy)
{
    put(&bench, COMMAND, 0xE7);
    cr_expect_eq(get(&bench, STATUS), BSY);
    cr_expect_eq(get(&bench, ALTERNATE), BSY);
    cr_expect_not(line(&bench));
    cr_expect_eq(bench.disk->class->awaits(bench.disk), DEVICE_EVENT_DONE);
}

Test(disk_registers, only_the_low_byte_of_a_command_counts)
{
    put(&bench, COMMAND, 0xFFFFFFE7);
    finish(&bench);
    cr_expect_eq(get(&bench, STATUS), WELL);
}

Test(disk_registers, every_command_block_register_reads_as_the_status_while_bsy)
{
    aim(&bench, 0x0123456 % BENCH_SECTORS, 3);
    put(&bench, COMMAND, 0x20);
    for (uint32_t port = ERROR; port <= ALTERNATE; port++)
        cr_expect_eq(get(&bench, port), BSY, "port %u", port);
    cr_expect_eq(get(&bench, DATA), 0);
}

Test(disk_registers, writes_are_ignored_while_bsy)
{
    aim(&bench, 7, 2);
    store_put(&bench.store, 7, 70);
    put(&bench, COMMAND, 0x20);
    for (uint32_t port = DATA; port <= HEAD; port++)
        put(&bench, port, 0xFF);
    put(&bench, COMMAND, 0x00);
    finish(&bench);
    cr_expect_eq(get(&bench, STATUS), WITH_DATA);
    cr_expect_eq(aimed(&bench), 7);
    cr_expect_eq(get(&bench, COUNT), 2);
    expect_sector(&bench, 70);
}

Test(disk_registers, writes_are_ignored_while_drq)
{
    aim(&bench, 7, 1);
    store_put(&bench.store, 7, 70);
    command(&bench, 0x20);
    for (uint32_t port = DATA; port <= HEAD; port++)
        put(&bench, port, 0xFF);
    put(&bench, COMMAND, 0x00);
    cr_expect_eq(get(&bench, STATUS), WITH_DATA);
    cr_expect_eq(aimed(&bench), 7);
    expect_sector(&bench, 70);
}

Test(disk_registers, data_read_without_drq_is_0_and_written_is_lost)
{
    cr_expect_eq(get(&bench, DATA), 0);
    put(&bench, DATA, 0x12345678);
    cr_expect_eq(get(&bench, STATUS), WELL);
}

Test(disk_registers, data_moves_in_the_direction_of_the_command_alone)
{
    store_put(&bench.store, 5, 50);
    aim(&bench, 5, 1);
    command(&bench, 0x20);
    for (unsigned i = 0; i < 200; i++)
        put(&bench, DATA, 0xFFFFFFFF);
    expect_sector(&bench, 50);

    aim(&bench, 5, 1);
    command(&bench, 0x30);
    for (unsigned i = 0; i < 200; i++)
        cr_expect_eq(get(&bench, DATA), 0);
    put_sector(&bench, 51);
    finish(&bench);
    store_expect(&bench.store, 5, 51);
}

Test(disk_registers, data_port_carries_two_words_little_endian)
{
    unsigned char bytes[DEVICE_SECTOR_BYTES] = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88};
    cr_assert(bench.store.write(bench.store.self, 9, bytes));
    aim(&bench, 9, 1);
    command(&bench, 0x20);
    cr_expect_eq(get(&bench, DATA), 0x44332211);
    cr_expect_eq(get(&bench, DATA), 0x88776655);
}

Test(disk_registers, reading_the_status_takes_the_interrupt_back)
{
    command(&bench, 0xE7);
    cr_expect(line(&bench));
    cr_expect_eq(get(&bench, STATUS), WELL);
    cr_expect_not(line(&bench));
    cr_expect_eq(get(&bench, STATUS), WELL);
}

Test(disk_registers, reading_anything_else_leaves_the_interrupt)
{
    command(&bench, 0xE7);
    for (uint32_t port = 0; port < 1024; port++)
        if (port != STATUS) {
            get(&bench, port);
            cr_expect(line(&bench), "port %u", port);
        }
    cr_expect_eq(get(&bench, ALTERNATE), WELL);
    cr_expect(line(&bench));
}

Test(disk_registers, writing_a_command_takes_the_interrupt_back)
{
    command(&bench, 0xE7);
    put(&bench, COMMAND, 0xE7);
    cr_expect_not(line(&bench));
    finish(&bench);
    cr_expect(line(&bench));
}

Test(disk_registers, nien_hides_the_interrupt_and_does_not_lose_it)
{
    put(&bench, CONTROL, NIEN);
    command(&bench, 0xE7);
    cr_expect_not(line(&bench));
    put(&bench, CONTROL, 0);
    cr_expect(line(&bench));
    put(&bench, CONTROL, NIEN);
    cr_expect_not(line(&bench));
    cr_expect_eq(get(&bench, STATUS), WELL);
    put(&bench, CONTROL, 0);
    cr_expect_not(line(&bench));
}

Test(disk_registers, nien_does_not_change_what_a_command_does)
{
    put(&bench, CONTROL, NIEN);
    store_put(&bench.store, 1, 10);
    aim(&bench, 1, 1);
    command(&bench, 0x20);
    expect_sector(&bench, 10);
    cr_expect_not(line(&bench));
}

Test(disk_registers, device_control_is_written_while_bsy)
{
    put(&bench, COMMAND, 0xE7);
    put(&bench, CONTROL, NIEN);
    finish(&bench);
    cr_expect_not(line(&bench));
}

Test(disk_registers, bits_of_device_control_other_than_srst_and_nien_do_nothing)
{
    put(&bench, CONTROL, 0xFFFFFFFF & ~(uint32_t)(SRST | NIEN));
    cr_expect_eq(get(&bench, STATUS), WELL);
    command(&bench, 0xE7);
    cr_expect(line(&bench));
}

/* Software reset. */

Test(disk_registers, disk_is_busy_as_long_as_srst_is_set)
{
    put(&bench, CONTROL, SRST);
    cr_expect_eq(get(&bench, STATUS), BSY);
    cr_expect_eq(bench.disk->class->awaits(bench.disk), DEVICE_EVENT_NONE);
    done(&bench);
    cr_expect_eq(get(&bench, STATUS), BSY);
    put(&bench, CONTROL, SRST);
    cr_expect_eq(get(&bench, STATUS), BSY);
}

Test(disk_registers, reset_ends_after_srst_is_cleared_with_the_signature_and_no_interrupt)
{
    aim(&bench, 0x123456, 0x77);
    put(&bench, CONTROL, SRST);
    put(&bench, CONTROL, 0);
    finish(&bench);
    cr_expect_not(line(&bench));
    cr_expect_eq(get(&bench, STATUS), WELL);
    expect_signature();
}

Test(disk_registers, reset_takes_a_waiting_interrupt_back)
{
    command(&bench, 0xE7);
    cr_expect(line(&bench));
    put(&bench, CONTROL, SRST);
    cr_expect_not(line(&bench));
    put(&bench, CONTROL, 0);
    finish(&bench);
    cr_expect_not(line(&bench));
}

Test(disk_registers, reset_ends_a_command_in_every_phase)
{
    aim(&bench, 5, 1);
    put(&bench, COMMAND, 0x20); /* BSY */
    put(&bench, CONTROL, SRST);
    put(&bench, CONTROL, 0);
    finish(&bench);
    cr_expect_eq(get(&bench, STATUS), WELL);

    aim(&bench, 5, 1);
    command(&bench, 0x20); /* DRQ for the driver to read */
    put(&bench, CONTROL, SRST);
    cr_expect_eq(get(&bench, DATA), 0);
    put(&bench, CONTROL, 0);
    finish(&bench);
    cr_expect_eq(get(&bench, STATUS), WELL);

    store_put(&bench.store, 5, 50);
    aim(&bench, 5, 1);
    command(&bench, 0x30); /* DRQ for the driver to write */
    put(&bench, DATA, 0xFFFFFFFF);
    put(&bench, CONTROL, SRST);
    put(&bench, CONTROL, 0);
    finish(&bench);
    cr_expect_eq(get(&bench, STATUS), WELL);
    store_expect(&bench.store, 5, 50);
}

Test(disk_registers, reset_clears_an_error)
{
    command(&bench, 0x00);
    cr_expect_eq(get(&bench, STATUS), WELL | ERR);
    put(&bench, CONTROL, SRST);
    put(&bench, CONTROL, 0);
    finish(&bench);
    cr_expect_eq(get(&bench, STATUS), WELL);
    cr_expect_eq(get(&bench, ERROR), 0x01);
}

Test(disk_registers, reset_again_while_resetting_starts_over)
{
    put(&bench, CONTROL, SRST);
    put(&bench, CONTROL, 0);
    put(&bench, CONTROL, SRST | NIEN);
    done(&bench);
    cr_expect_eq(get(&bench, STATUS), BSY);
    put(&bench, CONTROL, NIEN);
    finish(&bench);
    cr_expect_eq(get(&bench, STATUS), WELL);
}

/* Device 1, which is not there. */

Test(disk_registers, status_of_the_missing_device_is_0)
{
    put(&bench, HEAD, DEV);
    cr_expect_eq(get(&bench, STATUS), 0);
    cr_expect_eq(get(&bench, ALTERNATE), 0);
    put(&bench, HEAD, 0);
    cr_expect_eq(get(&bench, STATUS), WELL);
}

Test(disk_registers, registers_are_device_0s_while_the_missing_device_is_selected)
{
    put(&bench, HEAD, DEV | LBA | 0x0A);
    put(&bench, COUNT, 0x12);
    put(&bench, LOW, 0x34);
    cr_expect_eq(get(&bench, HEAD), DEV | LBA | 0x0A);
    cr_expect_eq(get(&bench, COUNT), 0x12);
    put(&bench, HEAD, LBA);
    cr_expect_eq(get(&bench, COUNT), 0x12);
    cr_expect_eq(get(&bench, LOW), 0x34);
}

Test(disk_registers, commands_to_the_missing_device_are_lost)
{
    put(&bench, HEAD, DEV);
    for (uint32_t opcode = 0; opcode < 256; opcode++)
        if (opcode != 0x90) {
            put(&bench, COMMAND, opcode);
            cr_expect_eq(get(&bench, STATUS), 0, "command %02x", opcode);
            done(&bench);
            cr_expect_not(line(&bench));
        }
    put(&bench, HEAD, 0);
    cr_expect_eq(get(&bench, STATUS), WELL);
    cr_expect_not(line(&bench));
}

Test(disk_registers, interrupt_is_signalled_only_while_device_0_is_selected)
{
    command(&bench, 0xE7);
    put(&bench, HEAD, DEV);
    cr_expect_not(line(&bench));
    cr_expect_eq(get(&bench, STATUS), 0);
    put(&bench, HEAD, 0);
    cr_expect(line(&bench), "reading the missing device's status does not take it back");
    cr_expect_eq(get(&bench, STATUS), WELL);
    cr_expect_not(line(&bench));
}

Test(disk_registers, reset_is_for_both_devices_and_selects_device_0)
{
    put(&bench, HEAD, DEV);
    put(&bench, CONTROL, SRST);
    cr_expect_eq(get(&bench, STATUS), BSY);
    put(&bench, CONTROL, 0);
    finish(&bench);
    cr_expect_eq(get(&bench, STATUS), WELL);
    expect_signature();
}

/* Events. */

Test(disk_registers, done_finds_nothing_to_do_while_the_disk_rests_or_transfers)
{
    done(&bench);
    cr_expect_eq(get(&bench, ALTERNATE), WELL);
    cr_expect_not(line(&bench));
    store_put(&bench.store, 3, 30);
    aim(&bench, 3, 1);
    command(&bench, 0x20);
    done(&bench);
    expect_sector(&bench, 30);
}

Test(disk_registers, events_other_than_done_are_faults)
{
    enum device_event_kind kinds[] = {DEVICE_EVENT_NONE, DEVICE_EVENT_TICK, DEVICE_EVENT_BYTE,
                                      DEVICE_EVENT_FRAME, DEVICE_EVENT_MESSAGE};
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct fault fault = {0};
        struct device_event event = {.kind = kinds[i]};
        put(&bench, COMMAND, 0xE7);
        cr_expect_not(bench.disk->class->input(bench.disk, &event, &fault));
        cr_expect(fault.is_set);
        cr_expect_eq(get(&bench, ALTERNATE), BSY);
    }
}
