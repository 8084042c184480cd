/* A device: a state, ports that the processor reads and writes, events that the outside world sends,
 * and a level-sensitive interrupt line (docs/DEVICES.md).
 *
 * Devices are deterministic: all that happens to one is a read, a write or an event, and time is
 * nothing but events. They do no input or output of their own; what they send goes to an outlet,
 * what a disk holds is in a store, and whoever builds the machine says what stands behind both. */
#ifndef SEMANTICS_DEVICES_DEVICE_H
#define SEMANTICS_DEVICES_DEVICE_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum device_event_kind {
    DEVICE_EVENT_NONE,
    DEVICE_EVENT_TICK,    /* timer, bus controller: one unit of time has passed; serial: the time of
                           * a character without any work */
    DEVICE_EVENT_DONE,    /* disk, serial and network transmitter: the work in progress is done */
    DEVICE_EVENT_BYTE,    /* serial: a byte has arrived; `number` is the byte, and in bits 10 to 12
                           * whether with an error of parity, framing, or as a break */
    DEVICE_EVENT_FRAME,   /* network: a frame has arrived; `content` */
    DEVICE_EVENT_MESSAGE, /* bus controller: slot `number` brought `content`, little-endian words */
};

struct device_event {
    enum device_event_kind kind;
    uint32_t number;
    struct text content;
};

/* Where a device sends: bytes of the serial line; frames; of the bus controller, at each slot start,
 * the slot's number as a little-endian word, and after it the words of the message if this node
 * sends one. */
struct device_outlet {
    void *self;
    void (*send)(void *self, struct text content);
};

/* What a disk holds. False: an error of the medium; the disk reports it to its driver. */
enum { DEVICE_SECTOR_BYTES = 512 };
struct device_store {
    void *self;
    uint32_t sector_count; /* 1 to 2^28 */
    bool (*read)(void *self, uint32_t sector, unsigned char bytes[DEVICE_SECTOR_BYTES]);
    bool (*write)(void *self, uint32_t sector, const unsigned char bytes[DEVICE_SECTOR_BYTES]);
    bool (*flush)(void *self); /* all that was written is to survive a loss of power */
};

struct device;

struct device_class {
    const char *name; /* "timer", "disk", "serial", "network", "controller" */
    uint32_t (*read)(struct device *device, uint32_t port);
    void (*write)(struct device *device, uint32_t port, uint32_t word);
    /* False: an event that this device does not know, or with content out of its bounds. An event
     * that finds the device unready (an overrun, a tick of a timer that is off) is no fault. */
    bool (*input)(struct device *device, const struct device_event *event, struct fault *fault);
    bool (*line)(const struct device *device);
    /* The event that the device waits for on its own account: TICK while a timer runs, DONE while a
     * disk is busy, NONE when it is at rest. */
    enum device_event_kind (*awaits)(const struct device *device);
    /* Whether an event from outside (a byte, a frame) would find room; while it would not, the
     * oracle leaves it outside. May be NULL: always. */
    bool (*accepts)(const struct device *device);
    /* All of the state in a canonical form, for comparing two machines. */
    void (*describe)(const struct device *device, struct text_builder *into);
};

/* Each device's own struct begins with this. */
struct device {
    const struct device_class *class;
};

/* "none", "tick", "done", "byte", "frame", "message" */
const char *device_event_name(enum device_event_kind kind);

/* Always false, with a fault: this device does not take events of this kind. */
bool device_refuse(const struct device *device, const struct device_event *event,
                   struct fault *fault);

/* Device 0, 1, 2, 3, 4 and 5 of the machine as it is sold. */
struct device *device_new_timer(struct arena *arena);
struct device *device_new_disk(struct arena *arena, struct device_store store);
struct device *device_new_serial(struct arena *arena, struct device_outlet outlet);
struct device *device_new_network(struct arena *arena, struct device_outlet outlet);
struct device *device_new_controller(struct arena *arena, struct device_outlet outlet);

#endif
