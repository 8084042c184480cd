/* An oracle that reads its answers off a list; beside it the seed may go on moving some devices, so
 * that a short list still describes a run with a disk that works (cosim/minimise.h). */
#include "cosim/scenario_oracle.h"

struct listed {
    struct oracle oracle;
    const struct oracle_event *events;
    size_t count, next;
    size_t reset_count; /* of events up to the last reset */
    uint64_t end;
    bool is_spent;
    struct oracle *drawn; /* NULL: no device is left to the seed */
    uint32_t drawn_devices;
};

/* The devices that are left to the seed, as if there were no others. */
static struct bus drawn_bus(const struct listed *listed, const struct bus *bus)
{
    struct bus left = {0};
    for (unsigned d = 0; d < BUS_DEVICES; d++)
        left.devices[d] = (listed->drawn_devices >> d & 1) != 0 ? bus->devices[d] : NULL;
    return left;
}

static bool take_listed(struct listed *listed, uint64_t now, struct oracle_event *event)
{
    if (listed->next == listed->count || listed->events[listed->next].step > now)
        return false;
    *event = listed->events[listed->next++];
    event->step = now;
    return true;
}

/* The list's next event, or its end, if that is not later than what the seed answers. */
static enum oracle_answer sooner(const struct listed *listed, enum oracle_answer answer,
                                 struct oracle_event *event)
{
    bool is_drawn = answer == ORACLE_EVENT || answer == ORACLE_UNTIL;
    if (listed->next < listed->count &&
        (!is_drawn || listed->events[listed->next].step <= event->step)) {
        *event = listed->events[listed->next];
        is_drawn = true;
        answer = ORACLE_EVENT;
    }
    if (listed->end != SCENARIO_FOREVER && (!is_drawn || listed->end + 1 < event->step)) {
        *event = (struct oracle_event){.step = listed->end + 1};
        answer = ORACLE_UNTIL;
    }
    event->is_reset_ahead = listed->next < listed->reset_count;
    return answer;
}

static enum oracle_answer next_listed(void *self, uint64_t now, const struct bus *bus,
                                      struct oracle_event *event, struct fault *fault)
{
    struct listed *listed = self;
    enum oracle_answer answer = ORACLE_NEVER;
    *event = (struct oracle_event){0};
    if (now > listed->end) {
        listed->is_spent = true;
        return ORACLE_END;
    }
    if (take_listed(listed, now, event))
        return ORACLE_EVENT;
    if (listed->drawn != NULL) {
        struct bus left = drawn_bus(listed, bus);
        answer = listed->drawn->next(listed->drawn->self, now, &left, event, fault);
        if (answer == ORACLE_FAILED || (answer == ORACLE_EVENT && event->step == now))
            return answer;
    }
    return sooner(listed, answer, event);
}

static bool is_spent(void *self)
{
    const struct listed *listed = self;
    return listed->is_spent;
}

static bool never_spent(void *self)
{
    (void)self;
    return false;
}

static struct scenario_oracle new_listed(struct arena *arena, const struct scenario *scenario)
{
    struct listed *listed = ARENA_NEW(arena, struct listed);
    *listed = (struct listed){.events = scenario->events,
                              .count = scenario->event_count,
                              .end = scenario->events_end,
                              .drawn_devices = scenario->drawn_devices};
    for (size_t i = 0; i < listed->count; i++)
        listed->reset_count = listed->events[i].is_reset ? i + 1 : listed->reset_count;
    if (scenario->drawn_devices != 0) {
        struct oracle_seed seed = scenario->oracle;
        seed.has_reset = false;
        listed->drawn = oracle_new_seeded(arena, &seed);
    }
    listed->oracle = (struct oracle){.self = listed, .next = next_listed};
    return (struct scenario_oracle){&listed->oracle, is_spent, listed};
}

struct scenario_oracle scenario_oracle_new(struct arena *arena, const struct scenario *scenario)
{
    if (scenario->has_events)
        return new_listed(arena, scenario);
    struct oracle_seed seed = scenario->oracle;
    scenario_inlets(arena, scenario, seed.inlets);
    return (struct scenario_oracle){oracle_new_seeded(arena, &seed), never_spent, NULL};
}
