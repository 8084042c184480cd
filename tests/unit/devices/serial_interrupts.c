/* The 16550A's interrupts: each cause, how it is taken back, and their priorities; modem lines. */
#include "serial_rig.h"

#include <criterion/criterion.h>

/* IIR without the bits that say whether the FIFOs are on. */
static uint32_t cause(struct rig *rig)
{
    return rig_read(rig, IIR) & 0x0F;
}

Test(serial_interrupts, nothing_interrupts_unless_it_is_enabled)
{
    struct rig *rig = serial_new();
    serial_receive(rig, 'a' | PE << 8);
    serial_receive(rig, 'b');
    rig_write(rig, THR, 'x');
    rig_done(rig);
    rig_write(rig, MCR, LOOP);
    cr_assert_not(rig_line(rig));
    cr_assert_eq(cause(rig), 1u);
    rig_free(rig);
}

Test(serial_interrupts, line_status_interrupts_until_it_is_read)
{
    static const uint32_t errors[] = {PE, FE, BI};
    for (unsigned i = 0; i < 3; i++) {
        struct rig *rig = serial_new();
        rig_write(rig, IER, ELSI);
        serial_receive(rig, 'a' | errors[i] << 8);
        cr_assert(rig_line(rig));
        cr_assert_eq(cause(rig), 6u);
        cr_assert_eq(cause(rig), 6u, "reading IIR does not take it back");
        rig_read(rig, LSR);
        cr_assert_not(rig_line(rig));
        cr_assert_eq(cause(rig), 1u);
        rig_free(rig);
    }
}

Test(serial_interrupts, overrun_is_a_line_status_interrupt)
{
    struct rig *rig = serial_new();
    rig_write(rig, IER, ELSI);
    serial_receive(rig, 'a');
    cr_assert_not(rig_line(rig));
    serial_receive(rig, 'b');
    cr_assert_eq(cause(rig), 6u);
    rig_read(rig, LSR);
    cr_assert_eq(cause(rig), 1u);
    rig_free(rig);
}

Test(serial_interrupts, received_data_interrupts_until_it_is_read)
{
    struct rig *rig = serial_new();
    rig_write(rig, IER, ERBFI);
    serial_receive(rig, 'a');
    cr_assert(rig_line(rig));
    cr_assert_eq(cause(rig), 4u);
    cr_assert_eq(cause(rig), 4u);
    rig_read(rig, RBR);
    cr_assert_not(rig_line(rig));
    cr_assert_eq(cause(rig), 1u);
    rig_free(rig);
}

Test(serial_interrupts, enabling_thre_while_it_is_empty_raises_it)
{
    struct rig *rig = serial_new();
    rig_write(rig, IER, ETBEI);
    cr_assert(rig_line(rig));
    cr_assert_eq(cause(rig), 2u);
    rig_free(rig);
}

Test(serial_interrupts, enabling_thre_while_it_is_full_raises_it_when_it_empties)
{
    struct rig *rig = serial_new();
    rig_write(rig, THR, 'a');
    rig_write(rig, THR, 'b');
    rig_write(rig, IER, ETBEI);
    cr_assert_not(rig_line(rig));
    rig_done(rig);
    cr_assert(rig_line(rig));
    cr_assert_eq(cause(rig), 2u);
    rig_free(rig);
}

Test(serial_interrupts, reading_iir_takes_thre_back_when_it_is_the_source)
{
    struct rig *rig = serial_new();
    rig_write(rig, IER, ETBEI);
    cr_assert_eq(cause(rig), 2u);
    cr_assert_not(rig_line(rig));
    cr_assert_eq(cause(rig), 1u);
    rig_done(rig);
    cr_assert_eq(cause(rig), 1u, "it does not come back by itself");
    rig_free(rig);
}

Test(serial_interrupts, reading_iir_leaves_thre_when_it_is_not_the_source)
{
    struct rig *rig = serial_new();
    rig_write(rig, IER, ETBEI | ERBFI);
    serial_receive(rig, 'a');
    cr_assert_eq(cause(rig), 4u);
    rig_read(rig, RBR);
    cr_assert_eq(cause(rig), 2u);
    cr_assert_eq(cause(rig), 1u);
    rig_free(rig);
}

Test(serial_interrupts, writing_a_byte_takes_thre_back_until_it_empties_again)
{
    struct rig *rig = serial_new();
    rig_write(rig, THR, 'a');
    rig_write(rig, IER, ETBEI);
    cr_assert(rig_line(rig));
    rig_write(rig, THR, 'b');
    cr_assert_not(rig_line(rig));
    rig_done(rig);
    cr_assert_eq(cause(rig), 2u);
    rig_done(rig);
    cr_assert_eq(cause(rig), 1u, "the shift register's end is no cause");
    rig_free(rig);
}

Test(serial_interrupts, disabling_thre_takes_it_back_and_enabling_raises_it_again)
{
    struct rig *rig = serial_new();
    rig_write(rig, IER, ETBEI);
    rig_write(rig, IER, 0);
    cr_assert_not(rig_line(rig));
    rig_write(rig, IER, ETBEI);
    cr_assert_eq(cause(rig), 2u);
    rig_write(rig, IER, ETBEI | ERBFI);
    cr_assert_eq(cause(rig), 1u, "it was enabled before");
    rig_free(rig);
}

Test(serial_interrupts, fifo_empties_interrupt_once_for_sixteen_bytes)
{
    struct rig *rig = serial_new_with_fifos(0);
    rig_write(rig, IER, ETBEI);
    cr_assert_eq(cause(rig), 2u);
    for (unsigned i = 0; i < 16; i++)
        rig_write(rig, THR, 'a' + i);
    cr_assert_not(rig_line(rig));
    for (unsigned i = 0; i < 15; i++) {
        cr_assert_not(rig_line(rig), "%u bytes out", i);
        rig_done(rig);
    }
    cr_assert_eq(cause(rig), 2u, "the sixteenth is in the shift register");
    rig_done(rig);
    cr_assert_not(rig_line(rig));
    rig_free(rig);
}

Test(serial_interrupts, single_byte_interrupts_a_character_later)
{
    struct rig *rig = serial_new_with_fifos(0);
    rig_write(rig, IER, ETBEI);
    rig_write(rig, THR, 'a');
    cr_assert_eq(cause(rig), 2u, "the first after FCR0 changed is immediate");
    rig_done(rig);
    rig_write(rig, THR, 'b');
    cr_assert_eq(cause(rig), 1u);
    rig_done(rig);
    cr_assert_eq(cause(rig), 2u);
    rig_free(rig);
}

Test(serial_interrupts, transmitter_reset_interrupts_if_it_emptied_the_fifo)
{
    struct rig *rig = serial_new_with_fifos(0);
    for (unsigned i = 0; i < 4; i++)
        rig_write(rig, THR, 'a' + i);
    rig_write(rig, IER, ETBEI);
    cr_assert_not(rig_line(rig));
    rig_write(rig, FCR, 0x05);
    cr_assert_eq(cause(rig), 2u);
    rig_write(rig, FCR, 0x05);
    cr_assert_eq(cause(rig), 1u);
    rig_free(rig);
}

Test(serial_interrupts, modem_status_interrupts_until_it_is_read)
{
    struct rig *rig = serial_new();
    rig_write(rig, IER, EDSSI);
    cr_assert_not(rig_line(rig));
    rig_write(rig, MCR, LOOP);
    cr_assert(rig_line(rig));
    cr_assert_eq(cause(rig), 0u);
    cr_assert_eq(cause(rig), 0u);
    rig_read(rig, MSR);
    cr_assert_not(rig_line(rig));
    cr_assert_eq(cause(rig), 1u);
    rig_free(rig);
}

Test(serial_interrupts, causes_show_in_the_order_of_their_priority)
{
    struct rig *rig = serial_new_with_fifos(1);
    rig_write(rig, IER, EDSSI);
    rig_write(rig, MCR, LOOP);
    rig_write(rig, MCR, 0);
    cr_assert_eq(cause(rig), 0u);
    rig_write(rig, IER, EDSSI | ETBEI);
    serial_receive(rig, 'a');
    serial_ticks(rig, 4);
    rig_write(rig, IER, EDSSI | ETBEI | ERBFI);
    cr_assert_eq(cause(rig), 0xCu, "time-out before THRE");
    serial_receive_many(rig, 'b', 3);
    cr_assert_eq(cause(rig), 4u);
    serial_receive_many(rig, 'e', 13);
    rig_write(rig, IER, EDSSI | ETBEI | ERBFI | ELSI);
    cr_assert_eq(cause(rig), 6u, "an overrun before received data");
    rig_read(rig, LSR);
    cr_assert_eq(cause(rig), 4u, "received data before THRE");
    for (unsigned i = 0; i < 13; i++)
        rig_read(rig, RBR);
    serial_ticks(rig, 4);
    cr_assert_eq(cause(rig), 0xCu);
    for (unsigned i = 0; i < 3; i++)
        rig_read(rig, RBR);
    cr_assert_eq(cause(rig), 2u, "THRE before modem status");
    cr_assert_eq(cause(rig), 0u);
    rig_read(rig, MSR);
    cr_assert_eq(cause(rig), 1u);
    cr_assert_not(rig_line(rig));
    rig_free(rig);
}

Test(serial_interrupts, out2_does_not_gate_the_line)
{
    struct rig *rig = serial_new();
    rig_write(rig, IER, ETBEI);
    for (unsigned mcr = 0; mcr < 16; mcr++) {
        rig_write(rig, MCR, mcr);
        cr_assert(rig_line(rig));
    }
    rig_free(rig);
}

Test(serial_modem, outside_is_present_ready_and_does_not_ring)
{
    struct rig *rig = serial_new();
    cr_assert_eq(rig_read(rig, MSR), 0xB0u);
    rig_write(rig, MCR, 0x0F);
    cr_assert_eq(rig_read(rig, MSR), 0xB0u, "the outputs are no inputs");
    rig_free(rig);
}

Test(serial_modem, loopback_connects_each_output_with_its_input)
{
    static const struct {
        uint32_t mcr, msr;
    } pairs[] = {{0x01, 0x20}, {0x02, 0x10}, {0x04, 0x40}, {0x08, 0x80}};
    struct rig *rig = serial_new();
    rig_write(rig, MCR, LOOP);
    for (unsigned i = 0; i < 4; i++) {
        rig_write(rig, MCR, LOOP | pairs[i].mcr);
        cr_assert_eq(rig_read(rig, MSR) & 0xF0, pairs[i].msr);
    }
    rig_free(rig);
}

Test(serial_modem, deltas_note_changes_until_modem_status_is_read)
{
    static const struct {
        uint32_t mcr, rise, fall;
    } lines[] = {
        {0x01, 0x02, 0x02}, /* DTR -> DSR: DDSR */
        {0x02, 0x01, 0x01}, /* RTS -> CTS: DCTS */
        {0x04, 0x00, 0x04}, /* OUT1 -> RI: TERI, at its end only */
        {0x08, 0x08, 0x08}, /* OUT2 -> DCD: DDCD */
    };
    struct rig *rig = serial_new();
    rig_write(rig, MCR, LOOP);
    rig_read(rig, MSR);
    for (unsigned i = 0; i < 4; i++) {
        rig_write(rig, MCR, LOOP | lines[i].mcr);
        cr_assert_eq(rig_read(rig, MSR) & 0x0F, lines[i].rise);
        cr_assert_eq(rig_read(rig, MSR) & 0x0F, 0u);
        rig_write(rig, MCR, LOOP);
        cr_assert_eq(rig_read(rig, MSR) & 0x0F, lines[i].fall);
        cr_assert_eq(rig_read(rig, MSR) & 0x0F, 0u);
    }
    rig_free(rig);
}

Test(serial_modem, going_to_loopback_and_back_changes_the_lines)
{
    struct rig *rig = serial_new();
    rig_write(rig, MCR, LOOP);
    cr_assert_eq(rig_read(rig, MSR), 0x0Bu, "CTS, DSR and DCD went away");
    rig_write(rig, MCR, 0);
    cr_assert_eq(rig_read(rig, MSR), 0xBBu);
    rig_write(rig, MCR, LOOP | 0x0F);
    cr_assert_eq(rig_read(rig, MSR), 0xF0u, "RI begins");
    rig_write(rig, MCR, 0);
    cr_assert_eq(rig_read(rig, MSR), 0xB4u, "RI ends");
    rig_free(rig);
}
