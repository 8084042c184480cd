#include "rig.h"

#include <criterion/criterion.h>

static void record(void *self, struct text content)
{
    struct rig *rig = self;
    cr_assert_lt(rig->sent_count, (size_t)RIG_SENDS);
    rig->sent[rig->sent_count++] = (struct text){text_copy(rig->arena, content), content.length};
}

struct rig *rig_new(struct device *(*make)(struct arena *arena, struct device_outlet outlet))
{
    struct arena *arena = arena_new();
    struct rig *rig = ARENA_NEW(arena, struct rig);
    rig->arena = arena;
    rig->device = make(arena, (struct device_outlet){.self = rig, .send = record});
    return rig;
}

void rig_free(struct rig *rig)
{
    arena_free(rig->arena);
}

uint32_t rig_read(struct rig *rig, uint32_t port)
{
    return rig->device->class->read(rig->device, port);
}

void rig_write(struct rig *rig, uint32_t port, uint32_t word)
{
    rig->device->class->write(rig->device, port, word);
}

bool rig_line(const struct rig *rig)
{
    return rig->device->class->line(rig->device);
}

enum device_event_kind rig_awaits(const struct rig *rig)
{
    return rig->device->class->awaits(rig->device);
}

bool rig_accepts(const struct rig *rig)
{
    return rig->device->class->accepts == NULL || rig->device->class->accepts(rig->device);
}

const char *rig_describe(const struct rig *rig)
{
    struct text_builder builder = {.arena = rig->arena};
    rig->device->class->describe(rig->device, &builder);
    return text_built(&builder);
}

void rig_input(struct rig *rig, enum device_event_kind kind, uint32_t number, struct text content)
{
    struct device_event event = {kind, number, content};
    struct fault fault = {0};
    cr_assert(rig->device->class->input(rig->device, &event, &fault), "%s", fault.message);
    cr_assert_not(fault.is_set);
}

void rig_tick(struct rig *rig)
{
    rig_input(rig, DEVICE_EVENT_TICK, 0, (struct text){0});
}

void rig_done(struct rig *rig)
{
    rig_input(rig, DEVICE_EVENT_DONE, 0, (struct text){0});
}

void rig_refuses(struct rig *rig, enum device_event_kind kind, uint32_t number, struct text content)
{
    struct device_event event = {kind, number, content};
    struct fault fault = {0};
    const char *before = rig_describe(rig);
    cr_assert_not(rig->device->class->input(rig->device, &event, &fault));
    cr_assert(fault.is_set);
    cr_assert_str_eq(rig_describe(rig), before);
}

uint64_t rig_random(uint64_t *state)
{
    uint64_t mixed = *state += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ mixed >> 31;
}
