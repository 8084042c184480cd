/* The timer: counts ticks down and interrupts once a period.
 *
 * Ports: 0 PERIOD (ticks from one interrupt to the next, 0: off), 1 COUNT (ticks that are left;
 * only read), 2 ACK (any write lowers the line; reads whether it is up). Source: the register map
 * of docs/DEVICES.md; the device is this project's own. */
#include "semantics/devices/device.h"

enum { PORT_PERIOD, PORT_COUNT, PORT_ACK };

struct timer {
    struct device device;
    uint32_t period, count;
    bool is_up;
};

static uint32_t timer_read(struct device *device, uint32_t port)
{
    const struct timer *timer = (const struct timer *)device;
    switch (port) {
    case PORT_PERIOD:
        return timer->period;
    case PORT_COUNT:
        return timer->count;
    case PORT_ACK:
        return timer->is_up;
    default:
        return 0;
    }
}

/* A period begins when it is written; an interrupt that has not been acknowledged remains. */
static void timer_write(struct device *device, uint32_t port, uint32_t word)
{
    struct timer *timer = (struct timer *)device;
    if (port == PORT_PERIOD)
        timer->period = timer->count = word;
    if (port == PORT_ACK)
        timer->is_up = false;
}

/* A tick lowers COUNT; at 0 it reloads and raises the line. */
static void timer_tick(struct timer *timer)
{
    if (timer->period == 0)
        return;
    timer->count--;
    if (timer->count == 0) {
        timer->count = timer->period;
        timer->is_up = true;
    }
}

static bool timer_input(struct device *device, const struct device_event *event,
                        struct fault *fault)
{
    if (event->kind != DEVICE_EVENT_TICK)
        return device_refuse(device, event, fault);
    timer_tick((struct timer *)device);
    return true;
}

static bool timer_line(const struct device *device)
{
    return ((const struct timer *)device)->is_up;
}

static enum device_event_kind timer_awaits(const struct device *device)
{
    return ((const struct timer *)device)->period == 0 ? DEVICE_EVENT_NONE : DEVICE_EVENT_TICK;
}

static void timer_describe(const struct device *device, struct text_builder *into)
{
    const struct timer *timer = (const struct timer *)device;
    text_append(into, "timer period=%u count=%u line=%d\n", (unsigned)timer->period,
                (unsigned)timer->count, timer->is_up);
}

static const struct device_class timer_class = {
    .name = "timer",
    .read = timer_read,
    .write = timer_write,
    .input = timer_input,
    .line = timer_line,
    .awaits = timer_awaits,
    .describe = timer_describe,
};

struct device *device_new_timer(struct arena *arena)
{
    struct timer *timer = ARENA_NEW(arena, struct timer);
    timer->device.class = &timer_class;
    return &timer->device;
}
