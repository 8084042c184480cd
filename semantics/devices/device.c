#include "semantics/devices/device.h"

const char *device_event_name(enum device_event_kind kind)
{
    switch (kind) {
    case DEVICE_EVENT_NONE:
        return "none";
    case DEVICE_EVENT_TICK:
        return "tick";
    case DEVICE_EVENT_DONE:
        return "done";
    case DEVICE_EVENT_BYTE:
        return "byte";
    case DEVICE_EVENT_FRAME:
        return "frame";
    case DEVICE_EVENT_MESSAGE:
        return "message";
    }
    return "unknown";
}

bool device_refuse(const struct device *device, const struct device_event *event,
                   struct fault *fault)
{
    return fault_at(fault, (struct location){0}, "the %s takes no event `%s`", device->class->name,
                    device_event_name(event->kind));
}
