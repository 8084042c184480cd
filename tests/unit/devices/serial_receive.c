/* The 16550A's receiver: RBR, its FIFO, the status of each character, trigger levels, time-out. */
#include "serial_rig.h"

#include <criterion/criterion.h>

Test(serial_receive, received_byte_is_ready_until_it_is_read)
{
    struct rig *rig = serial_new();
    cr_assert_eq(rig_read(rig, LSR) & DR, 0u);
    serial_receive(rig, 0xA5);
    cr_assert_eq(rig_read(rig, LSR) & DR, (uint32_t)DR);
    cr_assert_eq(rig_read(rig, LSR) & DR, (uint32_t)DR, "reading LSR leaves it");
    cr_assert_eq(rig_read(rig, RBR), 0xA5u);
    cr_assert_eq(rig_read(rig, LSR) & DR, 0u);
    rig_free(rig);
}

Test(serial_receive, empty_receiver_gives_the_last_byte_once_more)
{
    struct rig *rig = serial_new();
    cr_assert_eq(rig_read(rig, RBR), 0u);
    serial_receive(rig, 0x77);
    cr_assert_eq(rig_read(rig, RBR), 0x77u);
    cr_assert_eq(rig_read(rig, RBR), 0x77u);
    rig_free(rig);
}

Test(serial_receive, overrun_without_fifos_destroys_the_byte_that_was_not_read)
{
    struct rig *rig = serial_new();
    serial_receive(rig, 'a');
    serial_receive(rig, 'b');
    cr_assert_eq(rig_read(rig, LSR), (uint32_t)(DR | OE | THRE | TEMT));
    cr_assert_eq(rig_read(rig, LSR), (uint32_t)(DR | THRE | TEMT), "OE is taken back by reading");
    cr_assert_eq(rig_read(rig, RBR), (uint32_t)'b');
    cr_assert_eq(rig_read(rig, LSR) & DR, 0u);
    rig_free(rig);
}

Test(serial_receive, overrun_with_fifos_loses_the_seventeenth_byte)
{
    struct rig *rig = serial_new_with_fifos(0);
    serial_receive_many(rig, 'a', 16);
    cr_assert_eq(rig_read(rig, LSR) & OE, 0u);
    serial_receive(rig, 'Z');
    cr_assert_eq(rig_read(rig, LSR) & OE, (uint32_t)OE);
    cr_assert_eq(rig_read(rig, LSR) & OE, 0u);
    for (unsigned i = 0; i < 16; i++)
        cr_assert_eq(rig_read(rig, RBR), 'a' + i);
    cr_assert_eq(rig_read(rig, LSR) & DR, 0u, "the byte too many never came");
    rig_free(rig);
}

Test(serial_receive, device_accepts_bytes_as_long_as_there_is_room)
{
    struct rig *rig = serial_new();
    rig_read(rig, LSR);
    cr_assert(rig_accepts(rig));
    serial_receive(rig, 'a');
    cr_assert_not(rig_accepts(rig));
    rig_write(rig, FCR, 0x01);
    for (unsigned i = 0; i < 16; i++) {
        cr_assert(rig_accepts(rig));
        serial_receive(rig, i);
    }
    cr_assert_not(rig_accepts(rig));
    cr_assert_eq(rig_read(rig, LSR) & OE, 0u);
    rig_read(rig, RBR);
    cr_assert(rig_accepts(rig));
    rig_write(rig, MCR, LOOP);
    cr_assert_not(rig_accepts(rig), "in loopback mode the line is cut off");
    rig_free(rig);
}

Test(serial_receive, whole_bytes_come_whatever_line_control_says)
{
    struct rig *rig = serial_new();
    for (unsigned lcr = 0; lcr < 128; lcr++) {
        rig_write(rig, LCR, lcr);
        serial_receive(rig, 0xFF);
        cr_assert_eq(rig_read(rig, RBR), 0xFFu);
    }
    rig_free(rig);
}

Test(serial_receive, device_accepts_nothing_before_the_driver_listens)
{
    static const struct {
        uint32_t port, word;
        bool is_write, is_listening;
    } accesses[] = {{LSR, 0, false, true},     {RBR, 0, false, true},    {IER, ERBFI, true, true},
                    {IER, ETBEI, true, false}, {FCR, 0x07, true, false}, {LCR, 3, true, false},
                    {IIR, 0, false, false},    {MSR, 0, false, false},   {THR, 'a', true, false}};
    for (unsigned i = 0; i < sizeof accesses / sizeof *accesses; i++) {
        struct rig *rig = serial_new();
        cr_assert_not(rig_accepts(rig));
        if (accesses[i].is_write)
            rig_write(rig, accesses[i].port, accesses[i].word);
        else
            rig_read(rig, accesses[i].port);
        cr_assert_eq(rig_accepts(rig), accesses[i].is_listening);
        rig_free(rig);
    }
}

/* PE, FE and BI are each set by a character that has the error, and taken back by reading LSR. */
static void check_character_error(uint32_t bit)
{
    struct rig *rig = serial_new();
    serial_receive(rig, 'x' | bit << 8);
    cr_assert_eq(rig_read(rig, LSR) & (OE | PE | FE | BI), bit);
    cr_assert_eq(rig_read(rig, LSR) & (OE | PE | FE | BI), 0u);
    cr_assert_eq(rig_read(rig, RBR), bit == BI ? 0u : 'x', "a break is a character of zeros");
    rig_free(rig);
}

Test(serial_receive, parity_error_shows_until_line_status_is_read)
{
    check_character_error(PE);
}

Test(serial_receive, framing_error_shows_until_line_status_is_read)
{
    check_character_error(FE);
}

Test(serial_receive, break_shows_until_line_status_is_read)
{
    check_character_error(BI);
}

Test(serial_receive, without_fifos_bit_7_of_line_status_stays_0)
{
    struct rig *rig = serial_new();
    serial_receive(rig, 'x' | PE << 8);
    cr_assert_eq(rig_read(rig, LSR) & FIFO_ERROR, 0u);
    rig_free(rig);
}

Test(serial_receive, error_shows_when_its_character_is_the_next_to_be_read)
{
    struct rig *rig = serial_new_with_fifos(0);
    serial_receive(rig, 'a');
    serial_receive(rig, 'b' | FE << 8);
    serial_receive(rig, 'c');
    cr_assert_eq(rig_read(rig, LSR) & (FE | FIFO_ERROR), (uint32_t)FIFO_ERROR);
    cr_assert_eq(rig_read(rig, LSR) & FIFO_ERROR, (uint32_t)FIFO_ERROR, "it is still in there");
    cr_assert_eq(rig_read(rig, RBR), (uint32_t)'a');
    cr_assert_eq(rig_read(rig, LSR) & (FE | FIFO_ERROR), (uint32_t)(FE | FIFO_ERROR));
    cr_assert_eq(rig_read(rig, LSR) & (FE | FIFO_ERROR), 0u, "no later errors in the FIFO");
    cr_assert_eq(rig_read(rig, RBR), (uint32_t)'b');
    cr_assert_eq(rig_read(rig, RBR), (uint32_t)'c');
    rig_free(rig);
}

Test(serial_receive, bit_7_of_line_status_stays_while_later_characters_have_errors)
{
    struct rig *rig = serial_new_with_fifos(0);
    serial_receive(rig, 'a' | PE << 8);
    serial_receive(rig, 'b' | BI << 8);
    cr_assert_eq(rig_read(rig, LSR) & (PE | BI | FIFO_ERROR), (uint32_t)(PE | FIFO_ERROR));
    cr_assert_eq(rig_read(rig, LSR) & (PE | BI | FIFO_ERROR), (uint32_t)FIFO_ERROR);
    rig_read(rig, RBR);
    cr_assert_eq(rig_read(rig, LSR) & (PE | BI | FIFO_ERROR), (uint32_t)(BI | FIFO_ERROR));
    cr_assert_eq(rig_read(rig, LSR) & (PE | BI | FIFO_ERROR), 0u);
    rig_free(rig);
}

Test(serial_receive, receiver_reset_empties_its_fifo_and_nothing_else)
{
    struct rig *rig = serial_new_with_fifos(0);
    serial_receive_many(rig, 'a', 5);
    for (unsigned i = 0; i < 3; i++)
        rig_write(rig, THR, 'x' + i);
    rig_write(rig, FCR, 0x03);
    cr_assert_eq(rig_read(rig, LSR), 0u, "nothing ready, and the transmitter still works");
    for (unsigned i = 0; i < 3; i++)
        rig_done(rig);
    cr_assert(text_is(serial_sent(rig), "xyz"));
    rig_free(rig);
}

Test(serial_receive, switching_the_fifos_empties_them)
{
    struct rig *rig = serial_new_with_fifos(0);
    serial_receive_many(rig, 'a', 5);
    rig_write(rig, FCR, 0x00);
    cr_assert_eq(rig_read(rig, LSR) & DR, 0u);
    serial_receive(rig, 'z');
    rig_write(rig, FCR, 0x01);
    cr_assert_eq(rig_read(rig, LSR) & DR, 0u);
    serial_receive(rig, 'z');
    rig_write(rig, FCR, 0x01);
    cr_assert_eq(rig_read(rig, LSR) & DR, (uint32_t)DR, "no switch");
    rig_free(rig);
}

Test(serial_receive, fifo_control_programs_nothing_without_its_enable_bit)
{
    struct rig *rig = serial_new();
    serial_receive(rig, 'a');
    rig_write(rig, FCR, 0xC6);
    cr_assert_eq(rig_read(rig, RBR), (uint32_t)'a', "no reset of the receiver");
    rig_write(rig, IER, ERBFI);
    serial_receive(rig, 'b');
    cr_assert(rig_line(rig), "no trigger level of 14");
    rig_free(rig);
}

Test(serial_receive, line_rises_at_each_trigger_level_and_falls_below_it)
{
    static const unsigned levels[4] = {1, 4, 8, 14};
    for (unsigned trigger = 0; trigger < 4; trigger++) {
        struct rig *rig = serial_new_with_fifos(trigger);
        rig_write(rig, IER, ERBFI);
        for (unsigned i = 1; i <= 16; i++) {
            serial_receive(rig, i);
            cr_assert_eq(rig_line(rig), i >= levels[trigger]);
            cr_assert_eq(rig_read(rig, IIR), i >= levels[trigger] ? 0xC4u : 0xC1u);
        }
        for (unsigned left = 16; left-- > 0;) {
            rig_read(rig, RBR);
            cr_assert_eq(rig_line(rig), left >= levels[trigger]);
        }
        rig_free(rig);
    }
}

Test(serial_receive, trigger_level_can_change_with_bytes_in_the_fifo)
{
    struct rig *rig = serial_new_with_fifos(3);
    rig_write(rig, IER, ERBFI);
    serial_receive_many(rig, 'a', 5);
    cr_assert_not(rig_line(rig));
    rig_write(rig, FCR, 0x41);
    cr_assert(rig_line(rig));
    rig_write(rig, FCR, 0x81);
    cr_assert_not(rig_line(rig));
    rig_free(rig);
}

Test(serial_receive, time_out_comes_after_four_characters_of_quiet)
{
    struct rig *rig = serial_new_with_fifos(3);
    rig_write(rig, IER, ERBFI);
    serial_receive(rig, 'a');
    for (unsigned i = 0; i < 4; i++) {
        cr_assert_not(rig_line(rig));
        cr_assert_eq(rig_awaits(rig), DEVICE_EVENT_TICK);
        rig_tick(rig);
    }
    cr_assert(rig_line(rig));
    cr_assert_eq(rig_read(rig, IIR), 0xCCu);
    cr_assert_eq(rig_read(rig, IIR), 0xCCu, "reading IIR does not take it back");
    cr_assert_eq(rig_awaits(rig), DEVICE_EVENT_NONE);
    rig_free(rig);
}

Test(serial_receive, time_out_is_taken_back_by_reading_a_byte_and_comes_again_for_the_rest)
{
    struct rig *rig = serial_new_with_fifos(3);
    rig_write(rig, IER, ERBFI);
    serial_receive_many(rig, 'a', 2);
    serial_ticks(rig, 4);
    cr_assert_eq(rig_read(rig, IIR), 0xCCu);
    rig_read(rig, RBR);
    cr_assert_eq(rig_read(rig, IIR), 0xC1u);
    serial_ticks(rig, 3);
    cr_assert_eq(rig_read(rig, IIR), 0xC1u);
    rig_tick(rig);
    cr_assert_eq(rig_read(rig, IIR), 0xCCu);
    rig_read(rig, RBR);
    serial_ticks(rig, 8);
    cr_assert_eq(rig_read(rig, IIR), 0xC1u, "an empty FIFO has no time-out");
    rig_free(rig);
}

Test(serial_receive, another_byte_restarts_the_time_out)
{
    struct rig *rig = serial_new_with_fifos(3);
    rig_write(rig, IER, ERBFI);
    serial_receive(rig, 'a');
    serial_ticks(rig, 3);
    serial_receive(rig, 'b');
    serial_ticks(rig, 3);
    cr_assert_eq(rig_read(rig, IIR), 0xC1u);
    rig_tick(rig);
    cr_assert_eq(rig_read(rig, IIR), 0xCCu);
    rig_free(rig);
}

Test(serial_receive, another_byte_takes_the_time_out_back)
{
    struct rig *rig = serial_new_with_fifos(3);
    rig_write(rig, IER, ERBFI);
    serial_receive(rig, 'a');
    serial_ticks(rig, 4);
    serial_receive(rig, 'b');
    cr_assert_eq(rig_read(rig, IIR), 0xC1u);
    rig_free(rig);
}

Test(serial_receive, characters_that_are_sent_pass_time_too)
{
    struct rig *rig = serial_new_with_fifos(3);
    rig_write(rig, IER, ERBFI);
    serial_receive(rig, 'a');
    for (unsigned i = 0; i < 5; i++)
        rig_write(rig, THR, 'x');
    for (unsigned i = 0; i < 4; i++) {
        cr_assert_eq(rig_awaits(rig), DEVICE_EVENT_DONE);
        cr_assert_not(rig_line(rig));
        rig_done(rig);
    }
    cr_assert_eq(rig_read(rig, IIR), 0xCCu);
    rig_free(rig);
}

Test(serial_receive, there_is_no_time_out_without_fifos)
{
    struct rig *rig = serial_new();
    serial_receive(rig, 'a');
    serial_ticks(rig, 8);
    rig_read(rig, RBR);
    rig_write(rig, IER, ERBFI);
    serial_ticks(rig, 8);
    cr_assert_eq(rig_read(rig, IIR), 0x01u);
    cr_assert_eq(rig_awaits(rig), DEVICE_EVENT_NONE);
    rig_free(rig);
}

Test(serial_receive, time_out_needs_the_received_data_interrupt_enabled)
{
    struct rig *rig = serial_new_with_fifos(3);
    serial_receive(rig, 'a');
    cr_assert_eq(rig_awaits(rig), DEVICE_EVENT_NONE);
    serial_ticks(rig, 4);
    cr_assert_not(rig_line(rig));
    rig_write(rig, IER, ERBFI);
    cr_assert(rig_line(rig));
    rig_free(rig);
}
