/* The 16550A's registers as such: what they hold, after reset and after a write. */
#include "serial_rig.h"

#include <criterion/criterion.h>

Test(serial_registers, reset_leaves_the_values_of_the_data_sheet)
{
    struct rig *rig = rig_new(device_new_serial);
    cr_assert_eq(rig_read(rig, IER), 0u);
    cr_assert_eq(rig_read(rig, IIR), 0x01u);
    cr_assert_eq(rig_read(rig, LCR), 0u);
    cr_assert_eq(rig_read(rig, MCR), 0u);
    cr_assert_eq(rig_read(rig, LSR), 0x60u);
    cr_assert_eq(rig_read(rig, MSR) & 0x0F, 0u);
    cr_assert_not(rig_line(rig));
    cr_assert_eq(rig_awaits(rig), DEVICE_EVENT_NONE);
    rig_free(rig);
}

Test(serial_registers, scratch_register_holds_any_byte)
{
    struct rig *rig = serial_new();
    for (unsigned byte = 0; byte < 256; byte++) {
        rig_write(rig, SCR, byte);
        cr_assert_eq(rig_read(rig, SCR), byte);
    }
    rig_free(rig);
}

Test(serial_registers, only_the_low_eight_bits_of_a_word_count)
{
    struct rig *rig = serial_new();
    rig_write(rig, SCR, 0xABCDEF42);
    cr_assert_eq(rig_read(rig, SCR), 0x42u);
    rig_write(rig, THR, 0xFFFFFF5A);
    rig_done(rig);
    cr_assert(text_is(serial_sent(rig), "Z"));
    rig_free(rig);
}

Test(serial_registers, line_control_holds_all_its_bits)
{
    struct rig *rig = serial_new();
    for (unsigned byte = 0; byte < 256; byte++) {
        rig_write(rig, LCR, byte);
        cr_assert_eq(rig_read(rig, LCR), byte);
    }
    rig_free(rig);
}

Test(serial_registers, interrupt_enable_holds_its_four_bits_and_no_others)
{
    struct rig *rig = serial_new();
    for (unsigned byte = 0; byte < 256; byte++) {
        rig_write(rig, IER, byte);
        cr_assert_eq(rig_read(rig, IER), byte & 0x0F);
    }
    rig_free(rig);
}

Test(serial_registers, modem_control_holds_its_five_bits_and_no_others)
{
    struct rig *rig = serial_new();
    for (unsigned byte = 0; byte < 256; byte++) {
        rig_write(rig, MCR, byte);
        cr_assert_eq(rig_read(rig, MCR), byte & 0x1F);
    }
    rig_free(rig);
}

Test(serial_registers, dlab_shows_the_divisor_instead_of_data_and_interrupt_enable)
{
    struct rig *rig = serial_new();
    rig_write(rig, IER, ELSI);
    rig_write(rig, LCR, DLAB | EIGHT_BITS);
    rig_write(rig, DLL, 0x34);
    rig_write(rig, DLM, 0x12);
    cr_assert_eq(rig_read(rig, DLL), 0x34u);
    cr_assert_eq(rig_read(rig, DLM), 0x12u);
    rig_write(rig, LCR, EIGHT_BITS);
    cr_assert_eq(rig_read(rig, IER), (uint32_t)ELSI);
    cr_assert_eq(rig_awaits(rig), DEVICE_EVENT_NONE, "the divisor was not sent");
    rig_write(rig, LCR, DLAB);
    cr_assert_eq(rig_read(rig, DLL), 0x34u);
    cr_assert_eq(rig_read(rig, DLM), 0x12u);
    rig_free(rig);
}

Test(serial_registers, dlab_leaves_the_received_byte_where_it_is)
{
    struct rig *rig = serial_new();
    serial_receive(rig, 'a');
    rig_write(rig, LCR, DLAB | EIGHT_BITS);
    cr_assert_eq(rig_read(rig, DLL), 0u);
    rig_write(rig, LCR, EIGHT_BITS);
    cr_assert_eq(rig_read(rig, LSR) & DR, (uint32_t)DR);
    cr_assert_eq(rig_read(rig, RBR), (uint32_t)'a');
    rig_free(rig);
}

Test(serial_registers, line_status_and_modem_status_ignore_writes)
{
    struct rig *rig = serial_new();
    const char *before = rig_describe(rig);
    for (unsigned byte = 0; byte < 256; byte++) {
        rig_write(rig, LSR, byte);
        rig_write(rig, MSR, byte);
    }
    cr_assert_str_eq(rig_describe(rig), before);
    rig_free(rig);
}

Test(serial_registers, ports_beyond_the_eighth_read_0_and_ignore_writes)
{
    struct rig *rig = serial_new();
    serial_receive(rig, 'a');
    const char *before = rig_describe(rig);
    for (uint32_t port = 8; port < 1024; port++) {
        rig_write(rig, port, 0xFF);
        cr_assert_eq(rig_read(rig, port), 0u);
    }
    cr_assert_str_eq(rig_describe(rig), before);
    rig_free(rig);
}

Test(serial_registers, identification_says_whether_the_fifos_are_on)
{
    struct rig *rig = serial_new();
    cr_assert_eq(rig_read(rig, IIR) & 0xF0, 0u);
    rig_write(rig, FCR, 0x01);
    cr_assert_eq(rig_read(rig, IIR) & 0xF0, 0xC0u);
    rig_write(rig, FCR, 0x00);
    cr_assert_eq(rig_read(rig, IIR) & 0xF0, 0u);
    rig_free(rig);
}

Test(serial_registers, events_of_other_devices_are_refused)
{
    struct rig *rig = serial_new();
    rig_refuses(rig, DEVICE_EVENT_NONE, 0, (struct text){0});
    rig_refuses(rig, DEVICE_EVENT_FRAME, 0, text_of("frame"));
    rig_refuses(rig, DEVICE_EVENT_MESSAGE, 0, text_of("word"));
    rig_free(rig);
}

Test(serial_registers, byte_events_beyond_a_byte_and_its_errors_are_refused)
{
    struct rig *rig = serial_new();
    rig_refuses(rig, DEVICE_EVENT_BYTE, 0x0100, (struct text){0});
    rig_refuses(rig, DEVICE_EVENT_BYTE, 0x0200, (struct text){0});
    rig_refuses(rig, DEVICE_EVENT_BYTE, 0x2000, (struct text){0});
    rig_refuses(rig, DEVICE_EVENT_BYTE, 0x80000000, (struct text){0});
    serial_receive(rig, 0x1CFF);
    rig_free(rig);
}
