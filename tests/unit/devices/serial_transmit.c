/* The 16550A's transmitter: THR, its FIFO, the shift register, THRE and TEMT, loopback, break. */
#include "serial_rig.h"

#include <criterion/criterion.h>

Test(serial_transmit, byte_leaves_when_its_time_is_over)
{
    struct rig *rig = serial_new();
    rig_write(rig, THR, 'a');
    cr_assert_eq(rig->sent_count, 0u);
    cr_assert_eq(rig_awaits(rig), DEVICE_EVENT_DONE);
    rig_done(rig);
    cr_assert(text_is(serial_sent(rig), "a"));
    cr_assert_eq(rig_awaits(rig), DEVICE_EVENT_NONE);
    rig_free(rig);
}

Test(serial_transmit, end_of_work_that_was_not_in_progress_sends_nothing)
{
    struct rig *rig = serial_new();
    const char *before = rig_describe(rig);
    rig_done(rig);
    cr_assert_eq(rig->sent_count, 0u);
    cr_assert_str_eq(rig_describe(rig), before);
    rig_free(rig);
}

Test(serial_transmit, holding_register_waits_behind_the_shift_register)
{
    struct rig *rig = serial_new();
    rig_write(rig, THR, 'a');
    cr_assert_eq(rig_read(rig, LSR), (uint32_t)THRE, "in the shift register");
    rig_write(rig, THR, 'b');
    cr_assert_eq(rig_read(rig, LSR), 0u);
    rig_done(rig);
    cr_assert_eq(rig_read(rig, LSR), (uint32_t)THRE);
    rig_done(rig);
    cr_assert_eq(rig_read(rig, LSR), (uint32_t)(THRE | TEMT));
    cr_assert(text_is(serial_sent(rig), "ab"));
    rig_free(rig);
}

Test(serial_transmit, full_holding_register_is_overwritten)
{
    struct rig *rig = serial_new();
    rig_write(rig, THR, 'a');
    rig_write(rig, THR, 'b');
    rig_write(rig, THR, 'c');
    for (unsigned i = 0; i < 3; i++)
        rig_done(rig);
    cr_assert(text_is(serial_sent(rig), "ac"));
    rig_free(rig);
}

Test(serial_transmit, fifo_holds_sixteen_bytes_behind_the_shift_register_and_no_more)
{
    struct rig *rig = serial_new_with_fifos(0);
    for (unsigned i = 0; i < 20; i++)
        rig_write(rig, THR, 'a' + i);
    for (unsigned i = 0; i < 20; i++)
        rig_done(rig);
    cr_assert(text_is(serial_sent(rig), "abcdefghijklmnopq"));
    rig_free(rig);
}

Test(serial_transmit, whole_bytes_go_whatever_line_control_says)
{
    struct rig *rig = serial_new();
    for (unsigned lcr = 0; lcr < 64; lcr++) {
        rig_write(rig, LCR, lcr);
        rig_write(rig, THR, 0xFF);
        rig_done(rig);
    }
    struct text sent = serial_sent(rig);
    cr_assert_eq(sent.length, 64u);
    for (size_t i = 0; i < sent.length; i++)
        cr_assert_eq(sent.at[i], '\xFF');
    rig_free(rig);
}

Test(serial_transmit, empty_fifo_is_noted_at_once_if_two_bytes_were_waiting)
{
    struct rig *rig = serial_new_with_fifos(0);
    for (unsigned i = 0; i < 3; i++)
        rig_write(rig, THR, 'a' + i);
    rig_done(rig);
    cr_assert_eq(rig_read(rig, LSR), 0u, "one byte is waiting");
    rig_done(rig);
    cr_assert_eq(rig_read(rig, LSR), (uint32_t)THRE, "the last byte is being sent");
    rig_done(rig);
    cr_assert_eq(rig_read(rig, LSR), (uint32_t)(THRE | TEMT));
    rig_free(rig);
}

Test(serial_transmit, empty_fifo_is_noted_a_character_later_if_only_one_byte_was_waiting)
{
    struct rig *rig = serial_new_with_fifos(0);
    rig_write(rig, THR, 'a');
    cr_assert_eq(rig_read(rig, LSR), (uint32_t)THRE, "the first time after FCR0 changed");
    rig_write(rig, THR, 'b');
    rig_done(rig);
    cr_assert_eq(rig_read(rig, LSR), 0u, "held back");
    rig_done(rig);
    cr_assert_eq(rig_read(rig, LSR), (uint32_t)(THRE | TEMT));
    rig_write(rig, THR, 'c');
    cr_assert_eq(rig_read(rig, LSR), 0u, "held back");
    rig_done(rig);
    cr_assert_eq(rig_read(rig, LSR), (uint32_t)(THRE | TEMT));
    cr_assert(text_is(serial_sent(rig), "abc"));
    rig_free(rig);
}

Test(serial_transmit, first_empty_fifo_is_noted_at_once_also_if_the_same_write_resets_it)
{
    struct rig *rig = serial_new();
    rig_write(rig, FCR, 0x07);
    rig_write(rig, THR, 'a');
    cr_assert_eq(rig_read(rig, LSR), (uint32_t)THRE);
    rig_free(rig);
}

Test(serial_transmit, transmitter_reset_empties_its_fifo_and_spares_the_shift_register)
{
    struct rig *rig = serial_new_with_fifos(0);
    serial_receive(rig, 'r');
    for (unsigned i = 0; i < 4; i++)
        rig_write(rig, THR, 'a' + i);
    rig_write(rig, FCR, 0x05);
    cr_assert_eq(rig_read(rig, LSR), (uint32_t)(DR | THRE));
    rig_done(rig);
    cr_assert_eq(rig_read(rig, LSR), (uint32_t)(DR | THRE | TEMT));
    cr_assert(text_is(serial_sent(rig), "a"));
    cr_assert_eq(rig_read(rig, RBR), (uint32_t)'r', "the receiver is left alone");
    rig_free(rig);
}

Test(serial_transmit, switching_the_fifos_empties_the_transmitters)
{
    struct rig *rig = serial_new_with_fifos(0);
    for (unsigned i = 0; i < 4; i++)
        rig_write(rig, THR, 'a' + i);
    rig_write(rig, FCR, 0x00);
    cr_assert_eq(rig_read(rig, LSR), (uint32_t)THRE);
    rig_done(rig);
    rig_done(rig);
    cr_assert(text_is(serial_sent(rig), "a"));
    rig_free(rig);
}

Test(serial_transmit, nothing_is_seen_outside_during_a_break)
{
    struct rig *rig = serial_new();
    rig_write(rig, LCR, EIGHT_BITS | SET_BREAK);
    rig_write(rig, THR, 'a');
    rig_done(rig);
    cr_assert_eq(rig->sent_count, 0u);
    cr_assert_eq(rig_read(rig, LSR), (uint32_t)(THRE | TEMT), "the transmitter works all the same");
    rig_write(rig, LCR, EIGHT_BITS);
    rig_write(rig, THR, 'b');
    rig_done(rig);
    cr_assert(text_is(serial_sent(rig), "b"));
    rig_free(rig);
}

Test(serial_transmit, loopback_gives_the_bytes_to_the_receiver_and_to_nobody_else)
{
    struct rig *rig = serial_new_with_fifos(0);
    rig_write(rig, MCR, LOOP);
    rig_write(rig, THR, 0x5A);
    rig_write(rig, THR, 0xA5);
    cr_assert_eq(rig_read(rig, LSR) & DR, 0u);
    rig_done(rig);
    cr_assert_eq(rig_read(rig, LSR) & DR, (uint32_t)DR);
    rig_done(rig);
    cr_assert_eq(rig_read(rig, RBR), 0x5Au);
    cr_assert_eq(rig_read(rig, RBR), 0xA5u);
    cr_assert_eq(rig->sent_count, 0u);
    rig_free(rig);
}

Test(serial_transmit, loopback_cuts_the_receiver_off_from_the_line)
{
    struct rig *rig = serial_new();
    rig_write(rig, MCR, LOOP);
    serial_receive(rig, 'a');
    cr_assert_eq(rig_read(rig, LSR) & DR, 0u);
    rig_write(rig, MCR, 0);
    serial_receive(rig, 'b');
    cr_assert_eq(rig_read(rig, RBR), (uint32_t)'b');
    rig_free(rig);
}

Test(serial_transmit, loopback_overruns_as_the_line_does)
{
    struct rig *rig = serial_new();
    rig_write(rig, MCR, LOOP);
    for (unsigned i = 0; i < 2; i++) {
        rig_write(rig, THR, 'a' + i);
        rig_done(rig);
    }
    cr_assert_eq(rig_read(rig, LSR) & OE, (uint32_t)OE);
    cr_assert_eq(rig_read(rig, RBR), (uint32_t)'b');
    rig_free(rig);
}

Test(serial_transmit, device_without_anyone_outside_still_sends)
{
    struct arena *arena = arena_new();
    struct device *device = device_new_serial(arena, (struct device_outlet){0});
    device->class->write(device, THR, 'a');
    struct device_event done = {.kind = DEVICE_EVENT_DONE};
    struct fault fault = {0};
    cr_assert(device->class->input(device, &done, &fault));
    cr_assert_eq(device->class->awaits(device), DEVICE_EVENT_NONE);
    arena_free(arena);
}
