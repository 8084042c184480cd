/* A device under test, with all that it sends. */
#ifndef TESTS_UNIT_DEVICES_RIG_H
#define TESTS_UNIT_DEVICES_RIG_H

#include "semantics/devices/device.h"

enum { RIG_SENDS = 4096 };

struct rig {
    struct arena *arena;
    struct device *device;
    struct text sent[RIG_SENDS]; /* one a call of the outlet */
    size_t sent_count;
};

/* `make` is one of device_new_*. */
struct rig *rig_new(struct device *(*make)(struct arena *arena, struct device_outlet outlet));
void rig_free(struct rig *rig);

uint32_t rig_read(struct rig *rig, uint32_t port);
void rig_write(struct rig *rig, uint32_t port, uint32_t word);
bool rig_line(const struct rig *rig);
enum device_event_kind rig_awaits(const struct rig *rig);
bool rig_accepts(const struct rig *rig);
/* All of the state, in the rig's arena. */
const char *rig_describe(const struct rig *rig);

/* An event that the device must take. */
void rig_input(struct rig *rig, enum device_event_kind kind, uint32_t number, struct text content);
void rig_tick(struct rig *rig);
void rig_done(struct rig *rig);
/* An event that it must refuse, with a fault. */
void rig_refuses(struct rig *rig, enum device_event_kind kind, uint32_t number,
                 struct text content);

/* splitmix64 */
uint64_t rig_random(uint64_t *state);

#endif
