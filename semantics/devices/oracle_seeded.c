/* The oracle of a live run. Each device has random numbers of its own, drawn when it begins to
 * await something; so neither the other devices nor who asks how often has a part in them. */
#include "semantics/devices/oracle.h"

#include "base/require.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>

enum { NANOSECONDS = 1000000000 };
/* Idle time is slept in portions: so long that waking up does not cost more than sleeping, so short
 * that the user may end the run in between. */
enum { NAP_NANOSECONDS = 2000000, PORTION_NANOSECONDS = NANOSECONDS / 10 };

struct pending {
    enum device_event_kind awaited; /* for which a time has been drawn; NONE: for nothing */
    uint64_t due;                   /* before this step */
    uint64_t random;
    uint64_t polled_before; /* the inlet was asked at steps below this */
    bool is_open;           /* as of the last question, the inlet may bring something */
};

struct seeded {
    struct oracle oracle;
    struct oracle_seed seed;
    struct pending pending[BUS_DEVICES];
    bool is_event_due;        /* as of the last question, something comes on its own */
    uint64_t nap_nanoseconds; /* still to be slept */
    bool is_napping;          /* in the midst of one wait */
};

static uint64_t sum(uint64_t left, uint64_t right)
{
    return left > UINT64_MAX - right ? UINT64_MAX : left + right;
}

/* splitmix64 */
static uint64_t draw(uint64_t *random)
{
    uint64_t mixed = *random += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ mixed >> 31;
}

/* A tick of the serial line is the time of a character, which is what its transmitter works. */
static uint64_t average_steps(const struct oracle_seed *seed, const struct device *device)
{
    bool is_clock = device->class->awaits(device) == DEVICE_EVENT_TICK &&
                    strcmp(device->class->name, "serial") != 0;
    return is_clock ? seed->tick_steps : seed->done_steps;
}

static uint64_t draw_steps(const struct oracle_seed *seed, uint64_t average, uint64_t *random)
{
    if (!seed->is_jittered)
        return average;
    uint64_t steps = sum(average / 2 + average % 2, draw(random) % average);
    return steps == 0 ? 1 : steps;
}

/* --- What comes of the devices themselves --- */

static void look_at_devices(struct seeded *seeded, uint64_t now, const struct bus *bus)
{
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        const struct device *device = bus->devices[d];
        struct pending *pending = &seeded->pending[d];
        enum device_event_kind awaited =
            device == NULL ? DEVICE_EVENT_NONE : device->class->awaits(device);
        if (awaited != DEVICE_EVENT_NONE && awaited != pending->awaited) {
            uint64_t average = average_steps(&seeded->seed, device);
            pending->due = sum(now, draw_steps(&seeded->seed, average, &pending->random));
        }
        pending->awaited = awaited;
    }
}

/* The device whose event comes first; BUS_DEVICES if none awaits any. */
static unsigned first_due(const struct seeded *seeded)
{
    unsigned first = BUS_DEVICES;
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        if (seeded->pending[d].awaited != DEVICE_EVENT_NONE &&
            (first == BUS_DEVICES || seeded->pending[d].due < seeded->pending[first].due))
            first = d;
    }
    return first;
}

/* --- What comes from outside --- */

static void look_at_inlets(struct seeded *seeded, const struct bus *bus)
{
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        const struct oracle_inlet *inlet = &seeded->seed.inlets[d];
        const struct device *device = bus->devices[d];
        seeded->pending[d].is_open =
            device != NULL && inlet->poll != NULL && !inlet->is_exhausted(inlet->self) &&
            (device->class->accepts == NULL || device->class->accepts(device));
    }
}

static bool is_polled(const struct seeded *seeded, unsigned device, struct oracle_event *event)
{
    const struct oracle_inlet *inlet = &seeded->seed.inlets[device];
    event->device = device;
    return seeded->pending[device].is_open && inlet->poll(inlet->self, &event->event);
}

/* At a multiple of poll_steps, once for each inlet. */
static bool poll_inlets(struct seeded *seeded, struct oracle_event *event)
{
    if (event->step % seeded->seed.poll_steps != 0)
        return false;
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        if (seeded->pending[d].polled_before > event->step)
            continue;
        seeded->pending[d].polled_before = sum(event->step, 1);
        if (is_polled(seeded, d, event))
            return true;
    }
    return false;
}

static bool has_failed(const struct seeded *seeded, struct fault *fault)
{
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        const struct fault *failure = seeded->seed.inlets[d].failure;
        if (failure != NULL && failure->is_set) {
            *fault = fault->is_set ? *fault : *failure;
            return true;
        }
    }
    return false;
}

static uint64_t next_poll(const struct seeded *seeded, uint64_t now)
{
    uint64_t steps = seeded->seed.poll_steps;
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        if (seeded->pending[d].is_open)
            return sum(now, steps - now % steps);
    }
    return UINT64_MAX;
}

/* --- The answer --- */

/* An event at this very step: an answer that is used up, or nothing. */
static bool take_event(struct seeded *seeded, const struct bus *bus, struct oracle_event *event)
{
    uint64_t now = event->step;
    if (seeded->seed.has_reset && seeded->seed.reset_step <= now) {
        seeded->seed.has_reset = false;
        return event->is_reset = true;
    }
    if (poll_inlets(seeded, event))
        return true;
    unsigned d = first_due(seeded);
    if (d == BUS_DEVICES || seeded->pending[d].due > now)
        return false;
    look_at_inlets(seeded, bus);
    if (seeded->seed.inlets[d].is_prompt && is_polled(seeded, d, event))
        return true;
    event->device = d;
    event->event = (struct device_event){.kind = seeded->pending[d].awaited};
    seeded->pending[d].awaited = DEVICE_EVENT_NONE; /* a new time is drawn after it */
    return true;
}

/* The next event in the future, of those that come on their own. */
static bool foresee_event(const struct seeded *seeded, struct oracle_event *event)
{
    unsigned d = first_due(seeded);
    bool is_foreseen = d != BUS_DEVICES;
    if (is_foreseen) {
        event->step = seeded->pending[d].due;
        event->device = d;
        event->event = (struct device_event){.kind = seeded->pending[d].awaited};
    }
    if (seeded->seed.has_reset && (!is_foreseen || seeded->seed.reset_step <= event->step)) {
        *event = (struct oracle_event){.step = seeded->seed.reset_step, .is_reset = true};
        is_foreseen = true;
    }
    return is_foreseen;
}

static enum oracle_answer next(void *self, uint64_t now, const struct bus *bus,
                               struct oracle_event *event, struct fault *fault)
{
    struct seeded *seeded = self;
    look_at_devices(seeded, now, bus);
    look_at_inlets(seeded, bus);
    *event = (struct oracle_event){.step = now};
    bool is_event = take_event(seeded, bus, event);
    if (has_failed(seeded, fault))
        return ORACLE_FAILED;
    if (is_event)
        return ORACLE_EVENT;
    look_at_inlets(seeded, bus); /* the last look may have found an end */
    *event = (struct oracle_event){0};
    uint64_t poll_step = next_poll(seeded, now);
    seeded->is_event_due = foresee_event(seeded, event);
    event->is_reset_ahead = seeded->seed.has_reset;
    if (seeded->is_event_due && event->step <= poll_step)
        return ORACLE_EVENT;
    *event = (struct oracle_event){.step = poll_step, .is_reset_ahead = seeded->seed.has_reset};
    return poll_step != UINT64_MAX ? ORACLE_UNTIL : ORACLE_NEVER;
}

/* --- Idle time --- */

/* The descriptors of open inlets; `*has_other`: one is open that has none. */
static nfds_t open_descriptors(const struct seeded *seeded, struct pollfd *polls, bool *has_other)
{
    nfds_t count = 0;
    *has_other = false;
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        if (!seeded->pending[d].is_open)
            continue;
        if (seeded->seed.inlets[d].descriptor < 0)
            *has_other = true;
        else
            polls[count++] =
                (struct pollfd){.fd = seeded->seed.inlets[d].descriptor, .events = POLLIN};
    }
    return count;
}

static uint64_t nanoseconds(const struct seeded *seeded, uint64_t steps)
{
    double seconds = (double)steps / (double)seeded->seed.idle_steps_per_second;
    return seconds < 3600 ? (uint64_t)(seconds * NANOSECONDS) : UINT64_C(3600) * NANOSECONDS;
}

/* At most a portion, for a signal may come right before. True: input, or a signal. */
static bool wait_for_input(struct pollfd *polls, nfds_t count, uint64_t time)
{
    bool is_long = time > PORTION_NANOSECONDS;
    const struct timespec portion = {.tv_nsec = (long)(is_long ? PORTION_NANOSECONDS : time)};
    return ppoll(polls, count, &portion, NULL) != 0;
}

/* A portion of what is to be slept, which input makes short. */
static void nap(struct seeded *seeded, struct pollfd *polls, nfds_t count)
{
    bool is_over = wait_for_input(polls, count, seeded->nap_nanoseconds) ||
                   seeded->nap_nanoseconds <= PORTION_NANOSECONDS;
    seeded->nap_nanoseconds = is_over ? 0 : seeded->nap_nanoseconds - PORTION_NANOSECONDS;
}

static bool wait(void *self, uint64_t now, uint64_t until)
{
    struct seeded *seeded = self;
    struct pollfd polls[BUS_DEVICES];
    bool has_other;
    nfds_t count = open_descriptors(seeded, polls, &has_other);
    if (count == 0 || has_other)
        return true;
    if (!seeded->is_event_due)
        return wait_for_input(polls, count, PORTION_NANOSECONDS);
    if (seeded->seed.idle_steps_per_second != 0 && !seeded->is_napping)
        seeded->nap_nanoseconds += nanoseconds(seeded, until - now);
    if (seeded->nap_nanoseconds >= NAP_NANOSECONDS)
        nap(seeded, polls, count);
    seeded->is_napping = seeded->nap_nanoseconds >= NAP_NANOSECONDS;
    return !seeded->is_napping;
}

struct oracle *oracle_new_seeded(struct arena *arena, const struct oracle_seed *seed)
{
    require(seed->tick_steps > 0 && seed->done_steps > 0 && seed->poll_steps > 0,
            "all that takes time takes some");
    struct seeded *seeded = ARENA_NEW(arena, struct seeded);
    seeded->seed = *seed;
    seeded->oracle = (struct oracle){.self = seeded, .next = next, .wait = wait};
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        uint64_t random = seed->seed + d * UINT64_C(0xD1B54A32D192ED03);
        seeded->pending[d].random = draw(&random);
    }
    return &seeded->oracle;
}
