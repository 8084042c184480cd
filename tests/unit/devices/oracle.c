/* The oracle of a live run: when events come, and what decides it. */
#include "semantics/devices/oracle.h"

#include <criterion/criterion.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A device that awaits what a test says, and keeps awaiting it. */
struct fake {
    struct device device;
    enum device_event_kind awaits;
    bool accepts;
};

static enum device_event_kind fake_awaits(const struct device *device)
{
    return ((const struct fake *)device)->awaits;
}

static bool fake_accepts(const struct device *device)
{
    return ((const struct fake *)device)->accepts;
}

static const struct device_class clock_class = {
    .name = "timer", .awaits = fake_awaits, .accepts = fake_accepts};
static const struct device_class line_class = {
    .name = "serial", .awaits = fake_awaits, .accepts = fake_accepts};

static struct arena *arena;
static struct fake clock_fake, line_fake;
static struct bus bus;
static struct oracle_seed seed;

static void set_up(void)
{
    arena = arena_new();
    clock_fake = (struct fake){{&clock_class}, DEVICE_EVENT_NONE, true};
    line_fake = (struct fake){{&line_class}, DEVICE_EVENT_NONE, true};
    bus = (struct bus){{[0] = &clock_fake.device, [2] = &line_fake.device}};
    seed = (struct oracle_seed){.tick_steps = 100, .done_steps = 30, .poll_steps = 50};
}

static void tear_down(void)
{
    arena_free(arena);
}

/* --- A run of it --- */

enum { LOG_EVENTS = 64 };
struct log {
    struct oracle_event events[LOG_EVENTS];
    unsigned count;
    enum oracle_answer last;
    uint64_t step;
};

/* Asks until `end`, at each answer, and each `stride` steps besides. */
static struct log listen(const struct oracle_seed *of, uint64_t end, uint64_t stride)
{
    struct oracle *oracle = oracle_new_seeded(arena, of);
    struct log log = {0};
    struct fault fault = {0};
    while (log.step < end && log.count < LOG_EVENTS) {
        struct oracle_event event;
        log.last = oracle->next(oracle->self, log.step, &bus, &event, &fault);
        if (log.last == ORACLE_EVENT && event.step == log.step) {
            log.events[log.count++] = event;
            continue;
        }
        uint64_t next = end;
        if (log.last == ORACLE_EVENT || log.last == ORACLE_UNTIL) {
            cr_assert_gt(event.step, log.step, "the future is later");
            next = event.step;
        }
        if (log.last == ORACLE_FAILED || log.last == ORACLE_END)
            break;
        log.step = next - log.step < stride ? next : log.step + stride;
    }
    return log;
}

static void expect_equal(const struct log *left, const struct log *right)
{
    cr_assert_eq(left->count, right->count);
    for (unsigned i = 0; i < left->count; i++) {
        cr_assert_eq(left->events[i].step, right->events[i].step, "event %u", i);
        cr_assert_eq(left->events[i].device, right->events[i].device);
        cr_assert_eq(left->events[i].event.kind, right->events[i].event.kind);
    }
}

TestSuite(oracle_seeded, .init = set_up, .fini = tear_down);

/* --- Events of the devices' own --- */

Test(oracle_seeded, nothing_comes_to_devices_that_await_nothing)
{
    struct log log = listen(&seed, 1000, UINT64_MAX);
    cr_assert_eq(log.count, 0);
    cr_assert_eq(log.last, ORACLE_NEVER);
}

Test(oracle_seeded, a_clock_ticks_each_tick_steps)
{
    clock_fake.awaits = DEVICE_EVENT_TICK;
    struct log log = listen(&seed, 1000, UINT64_MAX);
    cr_assert_eq(log.count, 9);
    for (unsigned i = 0; i < log.count; i++) {
        cr_assert_eq(log.events[i].step, 100 * (i + 1));
        cr_assert_eq(log.events[i].device, 0);
        cr_assert_eq(log.events[i].event.kind, DEVICE_EVENT_TICK);
    }
}

Test(oracle_seeded, work_takes_done_steps_and_so_does_a_character)
{
    line_fake.awaits = DEVICE_EVENT_DONE;
    struct log work = listen(&seed, 100, UINT64_MAX);
    line_fake.awaits = DEVICE_EVENT_TICK;
    struct log character = listen(&seed, 100, UINT64_MAX);
    cr_assert_eq(work.count, 3);
    cr_assert_eq(work.events[0].step, 30);
    cr_assert_eq(work.events[0].event.kind, DEVICE_EVENT_DONE);
    cr_assert_eq(character.count, 3);
    cr_assert_eq(character.events[0].step, 30);
    cr_assert_eq(character.events[0].event.kind, DEVICE_EVENT_TICK);
}

Test(oracle_seeded, time_begins_when_the_device_begins_to_await)
{
    struct oracle *oracle = oracle_new_seeded(arena, &seed);
    struct oracle_event event;
    struct fault fault = {0};
    cr_assert_eq(oracle->next(oracle->self, 0, &bus, &event, &fault), ORACLE_NEVER);
    line_fake.awaits = DEVICE_EVENT_DONE;
    cr_assert_eq(oracle->next(oracle->self, 7, &bus, &event, &fault), ORACLE_EVENT);
    cr_assert_eq(event.step, 37);
    line_fake.awaits = DEVICE_EVENT_NONE; /* and it stops: nothing comes */
    cr_assert_eq(oracle->next(oracle->self, 8, &bus, &event, &fault), ORACLE_NEVER);
    line_fake.awaits = DEVICE_EVENT_DONE;
    cr_assert_eq(oracle->next(oracle->self, 9, &bus, &event, &fault), ORACLE_EVENT);
    cr_assert_eq(event.step, 39);
}

Test(oracle_seeded, jitter_is_at_most_half_and_the_seed_decides_it)
{
    clock_fake.awaits = DEVICE_EVENT_TICK;
    seed.is_jittered = true;
    struct log log = listen(&seed, 5000, UINT64_MAX);
    uint64_t last = 0;
    bool is_varied = false;
    for (unsigned i = 0; i < log.count; i++) {
        uint64_t steps = log.events[i].step - last;
        last = log.events[i].step;
        cr_assert(steps >= 50 && steps <= 150, "%d", (int)steps);
        is_varied = is_varied || steps != 100;
    }
    cr_assert(is_varied);
    struct log same = listen(&seed, 5000, UINT64_MAX);
    expect_equal(&log, &same);
    seed.seed = 1;
    struct log other = listen(&seed, 5000, UINT64_MAX);
    cr_assert(other.count != log.count || memcmp(other.events, log.events, sizeof log.events) != 0);
}

Test(oracle_seeded, who_asks_how_often_has_no_part_in_the_answers)
{
    clock_fake.awaits = DEVICE_EVENT_TICK;
    line_fake.awaits = DEVICE_EVENT_DONE;
    seed.is_jittered = true;
    struct log seldom = listen(&seed, 1500, UINT64_MAX);
    struct log often = listen(&seed, 1500, 1);
    cr_assert_gt(seldom.count, 20);
    expect_equal(&seldom, &often);
}

Test(oracle_seeded, other_devices_have_no_part_in_the_times_of_one)
{
    clock_fake.awaits = DEVICE_EVENT_TICK;
    seed.is_jittered = true;
    struct log alone = listen(&seed, 1200, UINT64_MAX);
    line_fake.awaits = DEVICE_EVENT_DONE;
    struct log both = listen(&seed, 1200, UINT64_MAX);
    unsigned found = 0;
    for (unsigned i = 0; i < both.count; i++) {
        if (both.events[i].device == 0)
            cr_assert_eq(both.events[i].step, alone.events[found++].step);
    }
    cr_assert_eq(found, alone.count);
}

Test(oracle_seeded, times_that_never_come_do_not_overflow)
{
    clock_fake.awaits = DEVICE_EVENT_TICK;
    seed.tick_steps = UINT64_MAX;
    seed.is_jittered = true;
    struct log log = listen(&seed, 1000000, UINT64_MAX);
    cr_assert_eq(log.count, 0);
}

Test(oracle_seeded, the_reset_button_is_pressed_once)
{
    seed.has_reset = true;
    seed.reset_step = 123;
    struct log log = listen(&seed, 1000, UINT64_MAX);
    cr_assert_eq(log.count, 1);
    cr_assert(log.events[0].is_reset);
    cr_assert_eq(log.events[0].step, 123);
}

/* --- The outside world --- */

/* Brings its bytes one by one. */
struct source {
    const char *bytes;
    unsigned asked;
};

static bool source_poll(void *self, struct device_event *event)
{
    struct source *source = self;
    source->asked++;
    if (*source->bytes == '\0')
        return false;
    *event =
        (struct device_event){.kind = DEVICE_EVENT_BYTE, .number = (unsigned char)*source->bytes++};
    return true;
}

static bool source_is_exhausted(void *self)
{
    return *((const struct source *)self)->bytes == '\0';
}

static bool never_exhausted(void *self)
{
    (void)self;
    return false;
}

static void connect(struct source *source)
{
    seed.inlets[2] = (struct oracle_inlet){
        .self = source, .poll = source_poll, .is_exhausted = source_is_exhausted, .descriptor = -1};
}

Test(oracle_seeded, an_inlet_is_looked_at_before_each_multiple_of_poll_steps)
{
    struct source source = {"abc", 0};
    connect(&source);
    struct log log = listen(&seed, 1000, 7);
    cr_assert_eq(log.count, 3);
    for (unsigned i = 0; i < 3; i++) {
        cr_assert_eq(log.events[i].step, 50 * i);
        cr_assert_eq(log.events[i].event.number, 'a' + i);
        cr_assert_eq(log.events[i].device, 2);
    }
    cr_assert_eq(log.last, ORACLE_NEVER, "after its end nothing comes");
    cr_assert_eq(source.asked, 3);
}

Test(oracle_seeded, an_inlet_that_is_open_is_looked_at_for_ever)
{
    struct source source = {"", 0};
    connect(&source);
    seed.inlets[2].is_exhausted = never_exhausted;
    struct log log = listen(&seed, 1000, UINT64_MAX);
    cr_assert_eq(log.last, ORACLE_UNTIL);
    cr_assert_eq(source.asked, 20);
}

Test(oracle_seeded, what_finds_no_room_is_left_outside)
{
    struct source source = {"abc", 0};
    connect(&source);
    line_fake.accepts = false;
    struct log log = listen(&seed, 1000, 7);
    cr_assert_eq(log.count, 0);
    cr_assert_eq(log.last, ORACLE_NEVER, "the device alone can change that");
    cr_assert_eq(source.asked, 0);
}

Test(oracle_seeded, an_inlet_without_a_device_is_not_looked_at)
{
    struct source source = {"abc", 0};
    connect(&source);
    bus.devices[2] = NULL;
    cr_assert_eq(listen(&seed, 1000, 7).last, ORACLE_NEVER);
    cr_assert_eq(source.asked, 0);
}

Test(oracle_seeded, a_prompt_inlet_is_emptied_before_its_device_moves)
{
    struct source source = {"abcd", 0};
    connect(&source);
    seed.inlets[2].is_prompt = true;
    line_fake.awaits = DEVICE_EVENT_DONE;
    struct log log = listen(&seed, 31, UINT64_MAX);
    cr_assert_eq(log.count, 5);
    cr_assert_eq(log.events[0].step, 0, "as every inlet");
    for (unsigned i = 1; i < 4; i++) {
        cr_assert_eq(log.events[i].step, 30);
        cr_assert_eq(log.events[i].event.kind, DEVICE_EVENT_BYTE);
    }
    cr_assert_eq(log.events[4].step, 30);
    cr_assert_eq(log.events[4].event.kind, DEVICE_EVENT_DONE);
}

Test(oracle_seeded, a_broken_outside_world_ends_the_run)
{
    struct source source = {"", 0};
    struct fault broken = {0}, fault = {0};
    struct oracle_event event;
    connect(&source);
    seed.inlets[2].is_exhausted = never_exhausted;
    seed.inlets[2].failure = &broken;
    struct oracle *oracle = oracle_new_seeded(arena, &seed);
    cr_assert_eq(oracle->next(oracle->self, 0, &bus, &event, &fault), ORACLE_UNTIL);
    fault_at(&broken, (struct location){0}, "the cable is cut");
    cr_assert_eq(oracle->next(oracle->self, 50, &bus, &event, &fault), ORACLE_FAILED);
    cr_assert_str_eq(fault.message, "the cable is cut");
}

Test(oracle_seeded, an_idle_machine_does_not_wait_for_what_has_no_descriptor)
{
    struct source source = {"a", 0};
    struct oracle_event event;
    struct fault fault = {0};
    connect(&source);
    seed.inlets[2].is_exhausted = never_exhausted;
    seed.idle_steps_per_second = 1; /* it would take an hour */
    struct oracle *oracle = oracle_new_seeded(arena, &seed);
    cr_assert_eq(oracle->next(oracle->self, 0, &bus, &event, &fault), ORACLE_EVENT);
    cr_assert_eq(oracle->next(oracle->self, 0, &bus, &event, &fault), ORACLE_UNTIL);
    cr_assert(oracle->wait(oracle->self, 0, event.step));
}

/* --- Idle time --- */

static bool nothing_comes(void *self, struct device_event *event)
{
    (void)self, (void)event;
    return false;
}

/* An oracle whose one inlet waits for `descriptor`, asked at step 1. */
static struct oracle *oracle_at(int descriptor)
{
    struct oracle_event event;
    struct fault fault = {0};
    seed.inlets[2] =
        (struct oracle_inlet){NULL, nothing_comes, never_exhausted, descriptor, false, NULL};
    struct oracle *oracle = oracle_new_seeded(arena, &seed);
    cr_assert_eq(oracle->next(oracle->self, 1, &bus, &event, &fault), ORACLE_UNTIL);
    return oracle;
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

Test(oracle_seeded, wait_for_input_ends_with_it_and_lets_others_speak_meanwhile)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    struct oracle *oracle = oracle_at(ends[0]);
    double start = seconds_now();
    cr_assert_not(oracle->wait(oracle->self, 1, 50), "nothing has come");
    cr_assert_gt(seconds_now() - start, 0.05, "and it slept");
    cr_assert_eq(write(ends[1], "a", 1), 1);
    cr_assert(oracle->wait(oracle->self, 1, 50));
    close(ends[0]);
    close(ends[1]);
}

Test(oracle_seeded, time_to_the_next_event_passes_at_the_idle_rate)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    clock_fake.awaits = DEVICE_EVENT_TICK;
    seed.idle_steps_per_second = 1000;
    struct oracle *oracle = oracle_at(ends[0]);
    double start = seconds_now();
    cr_assert(oracle->wait(oracle->self, 1, 101));
    cr_assert_gt(seconds_now() - start, 0.09, "100 steps of a millisecond");
    seed.idle_steps_per_second = 10;
    oracle = oracle_at(ends[0]);
    start = seconds_now();
    cr_assert_not(oracle->wait(oracle->self, 1, 4), "300 ms are slept in portions");
    cr_assert_not(oracle->wait(oracle->self, 1, 4));
    cr_assert(oracle->wait(oracle->self, 1, 4));
    cr_assert_gt(seconds_now() - start, 0.29);
    seed.idle_steps_per_second = 0;
    oracle = oracle_at(ends[0]);
    for (unsigned i = 0; i < 1000; i++)
        cr_assert(oracle->wait(oracle->self, 1, 101));
    cr_assert_lt(seconds_now() - start, 60, "or at once");
    close(ends[0]);
    close(ends[1]);
}
