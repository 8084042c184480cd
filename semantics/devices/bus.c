/* The bus: which device an address belongs to. The devices' windows end where the address space
 * does. */
#include "semantics/devices/bus.h"

/* The device and its port at an aligned address; NULL where there is none. */
static struct device *bus_find(const struct bus *bus, uint32_t address, uint32_t *port)
{
    if (address < BUS_ADDRESS || address % 4 != 0)
        return NULL;
    uint32_t offset = address - BUS_ADDRESS;
    *port = offset % BUS_WINDOW_BYTES / 4;
    return bus->devices[offset / BUS_WINDOW_BYTES];
}

bool bus_read(struct bus *bus, uint32_t address, uint32_t *word)
{
    uint32_t port;
    struct device *device = bus_find(bus, address, &port);
    if (device == NULL)
        return false;
    *word = device->class->read(device, port);
    return true;
}

bool bus_write(struct bus *bus, uint32_t address, uint32_t word)
{
    uint32_t port;
    struct device *device = bus_find(bus, address, &port);
    if (device == NULL)
        return false;
    device->class->write(device, port, word);
    return true;
}

bool bus_input(struct bus *bus, unsigned device, const struct device_event *event,
               struct fault *fault)
{
    if (device >= BUS_DEVICES || bus->devices[device] == NULL)
        return fault_at(fault, (struct location){0}, "event `%s` for device %u: there is none",
                        device_event_name(event->kind), device);
    return bus->devices[device]->class->input(bus->devices[device], event, fault);
}

uint32_t bus_lines(const struct bus *bus)
{
    uint32_t lines = 0;
    for (unsigned d = 0; d < BUS_DEVICES; d++)
        if (bus->devices[d] != NULL && bus->devices[d]->class->line(bus->devices[d]))
            lines |= UINT32_C(1) << d;
    return lines;
}
