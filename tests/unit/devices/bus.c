#include "semantics/devices/bus.h"

#include <criterion/criterion.h>

/* A device that remembers its last access and whose line is its last word. */
struct probe {
    struct device device;
    uint32_t port, word;
    unsigned accesses;
};

static uint32_t probe_read(struct device *device, uint32_t port)
{
    struct probe *probe = (struct probe *)device;
    probe->port = port;
    probe->accesses++;
    return 0x1000 + port;
}

static void probe_write(struct device *device, uint32_t port, uint32_t word)
{
    struct probe *probe = (struct probe *)device;
    probe->port = port;
    probe->word = word;
    probe->accesses++;
}

static bool probe_input(struct device *device, const struct device_event *event,
                        struct fault *fault)
{
    ((struct probe *)device)->word = event->number;
    return event->kind == DEVICE_EVENT_BYTE || device_refuse(device, event, fault);
}

static bool probe_line(const struct device *device)
{
    return ((const struct probe *)device)->word != 0;
}

static const struct device_class probe_class = {
    .name = "probe",
    .read = probe_read,
    .write = probe_write,
    .input = probe_input,
    .line = probe_line,
};

Test(bus, each_device_has_a_window_of_4_kib_from_ffff8000_up)
{
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        struct probe probe = {.device = {&probe_class}};
        struct bus bus = {{NULL}};
        bus.devices[d] = &probe.device;
        uint32_t base = 0xFFFF8000u + d * 0x1000u, word;
        cr_expect(bus_read(&bus, base, &word));
        cr_expect_eq(word, 0x1000);
        cr_expect(bus_read(&bus, base + 0xFFC, &word));
        cr_expect_eq(probe.port, 1023);
        cr_expect_not(bus_read(&bus, base - 4, &word), "below window %u", d);
        cr_expect_not(bus_read(&bus, base + 0x1000, &word), "above window %u", d);
        cr_expect_eq(probe.accesses, 2);
    }
}

Test(bus, word_port_p_is_at_offset_4p)
{
    struct probe probe = {.device = {&probe_class}};
    struct bus bus = {.devices = {[2] = &probe.device}};
    for (uint32_t port = 0; port < 1024; port++) {
        cr_expect(bus_write(&bus, 0xFFFFA000u + 4 * port, ~port));
        cr_expect_eq(probe.port, port);
        cr_expect_eq(probe.word, ~port);
    }
}

Test(bus, nothing_happens_where_no_device_is)
{
    struct probe probe = {.device = {&probe_class}};
    struct bus bus = {.devices = {[0] = &probe.device}};
    uint32_t word = 17;
    cr_expect_not(bus_read(&bus, 0xFFFF9000u, &word));
    cr_expect_not(bus_write(&bus, 0xFFFFFFFCu, 1));
    cr_expect_not(bus_read(&bus, 0xFFFF7FFCu, &word));
    cr_expect_not(bus_read(&bus, 0, &word));
    cr_expect_eq(word, 17);
    cr_expect_eq(probe.accesses, 0);
}

Test(bus, unaligned_addresses_reach_no_device)
{
    struct probe probe = {.device = {&probe_class}};
    struct bus bus = {.devices = {[0] = &probe.device}};
    uint32_t word;
    for (uint32_t low = 1; low < 4; low++) {
        cr_expect_not(bus_read(&bus, 0xFFFF8000u + low, &word));
        cr_expect_not(bus_write(&bus, 0xFFFF8000u + low, 1));
    }
    cr_expect_eq(probe.accesses, 0);
}

Test(bus, bit_d_of_the_lines_is_the_line_of_device_d)
{
    struct probe probes[BUS_DEVICES];
    struct bus bus;
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        probes[d] = (struct probe){.device = {&probe_class}};
        bus.devices[d] = &probes[d].device;
    }
    cr_expect_eq(bus_lines(&bus), 0);
    for (unsigned lines = 0; lines < 256; lines++) {
        for (unsigned d = 0; d < BUS_DEVICES; d++)
            probes[d].word = lines >> d & 1;
        cr_expect_eq(bus_lines(&bus), lines);
    }
    bus.devices[3] = NULL;
    cr_expect_eq(bus_lines(&bus), 0xF7);
}

Test(bus, events_go_to_their_device)
{
    struct probe probe = {.device = {&probe_class}};
    struct bus bus = {.devices = {[7] = &probe.device}};
    struct fault fault = {0};
    struct device_event event = {.kind = DEVICE_EVENT_BYTE, .number = 65};
    cr_expect(bus_input(&bus, 7, &event, &fault));
    cr_expect_eq(probe.word, 65);
    cr_expect_not(fault.is_set);
}

Test(bus, an_event_for_no_device_is_a_fault)
{
    struct bus bus = {{NULL}};
    struct device_event event = {.kind = DEVICE_EVENT_TICK};
    for (unsigned d = 0; d < 10; d++) {
        struct fault fault = {0};
        cr_expect_not(bus_input(&bus, d, &event, &fault));
        cr_expect(fault.is_set);
    }
}

Test(bus, an_event_that_a_device_does_not_take_is_a_fault)
{
    struct probe probe = {.device = {&probe_class}};
    struct bus bus = {.devices = {[1] = &probe.device}};
    struct fault fault = {0};
    struct device_event event = {.kind = DEVICE_EVENT_FRAME};
    cr_expect_not(bus_input(&bus, 1, &event, &fault));
    cr_expect_str_eq(fault.message, "the probe takes no event `frame`");
}
