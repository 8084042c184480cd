/* The bus: eight windows of 4 KiB from 0xFFFF8000 up, device d at 0xFFFF8000 + d * 0x1000, word
 * port p at offset 4p. */
#ifndef SEMANTICS_DEVICES_BUS_H
#define SEMANTICS_DEVICES_BUS_H

#include "semantics/devices/device.h"

enum { BUS_DEVICES = 8, BUS_WINDOW_BYTES = 0x1000 };
#define BUS_ADDRESS UINT32_C(0xFFFF8000)

struct bus {
    struct device *devices[BUS_DEVICES]; /* NULL: nothing is there */
};

/* A word. False: no device is there, or the address is not aligned; nothing has happened. A port
 * that a device does not have reads 0 and ignores writes (choice). */
bool bus_read(struct bus *bus, uint32_t address, uint32_t *word);
bool bus_write(struct bus *bus, uint32_t address, uint32_t word);

/* False, with a fault: no such device, or it does not take such an event. */
bool bus_input(struct bus *bus, unsigned device, const struct device_event *event,
               struct fault *fault);

/* Bit d: the line of device d is up. */
uint32_t bus_lines(const struct bus *bus);

#endif
