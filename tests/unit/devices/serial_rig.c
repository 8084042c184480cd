#include "serial_rig.h"

#include <criterion/criterion.h>

struct rig *serial_new(void)
{
    struct rig *rig = rig_new(device_new_serial);
    rig_write(rig, LCR, EIGHT_BITS);
    return rig;
}

struct rig *serial_new_with_fifos(unsigned trigger)
{
    struct rig *rig = serial_new();
    rig_write(rig, FCR, trigger << 6 | 1);
    return rig;
}

void serial_receive(struct rig *rig, uint32_t number)
{
    rig_input(rig, DEVICE_EVENT_BYTE, number, (struct text){0});
}

void serial_receive_many(struct rig *rig, unsigned first, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        serial_receive(rig, first + i);
}

void serial_ticks(struct rig *rig, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        rig_tick(rig);
}

struct text serial_sent(const struct rig *rig)
{
    struct text_builder builder = {.arena = rig->arena};
    for (size_t i = 0; i < rig->sent_count; i++) {
        cr_assert_eq(rig->sent[i].length, 1u);
        text_append_bytes(&builder, rig->sent[i].at, 1);
    }
    return (struct text){text_built(&builder), builder.length};
}
