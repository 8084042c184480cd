#include "semantics/devices/device.h"

#include <criterion/criterion.h>

enum { PERIOD, COUNT, ACK };

static struct arena *arena;
static struct device *timer;

static void set_up(void)
{
    arena = arena_new();
    timer = device_new_timer(arena);
}

static void tear_down(void)
{
    arena_free(arena);
}

static uint32_t get(uint32_t port)
{
    return timer->class->read(timer, port);
}

static void put(uint32_t port, uint32_t word)
{
    timer->class->write(timer, port, word);
}

static bool line(void)
{
    return timer->class->line(timer);
}

static bool input(enum device_event_kind kind, struct fault *fault)
{
    struct device_event event = {.kind = kind};
    return timer->class->input(timer, &event, fault);
}

static void tick(void)
{
    struct fault fault = {0};
    cr_assert(input(DEVICE_EVENT_TICK, &fault), "%s", fault.message);
}

TestSuite(timer, .init = set_up, .fini = tear_down);

Test(timer, is_off_at_first)
{
    cr_expect_eq(get(PERIOD), 0);
    cr_expect_eq(get(COUNT), 0);
    cr_expect_eq(get(ACK), 0);
    cr_expect_not(line());
    cr_expect_eq(timer->class->awaits(timer), DEVICE_EVENT_NONE);
}

Test(timer, tick_lowers_the_count_and_reloads_it_at_0)
{
    put(PERIOD, 3);
    uint32_t expected[] = {3, 2, 1, 3, 2, 1, 3};
    for (unsigned i = 0; i < sizeof expected / sizeof *expected; i++) {
        cr_expect_eq(get(COUNT), expected[i], "after %u ticks", i);
        cr_expect_eq(line(), i >= 3, "after %u ticks", i);
        tick();
    }
}

Test(timer, line_stays_up_until_it_is_acknowledged)
{
    put(PERIOD, 2);
    tick();
    tick();
    cr_expect(line());
    cr_expect_eq(get(ACK), 1);
    cr_expect_eq(get(PERIOD), 2);
    cr_expect(line(), "reading does not acknowledge");
    tick();
    cr_expect(line());
    put(ACK, 0);
    cr_expect_not(line(), "whatever is written to ACK");
    cr_expect_eq(get(COUNT), 1, "acknowledging does not change the count");
    tick();
    cr_expect(line());
    put(ACK, 0xFFFFFFFF);
    cr_expect_not(line());
}

Test(timer, period_of_1_interrupts_at_every_tick)
{
    put(PERIOD, 1);
    for (unsigned i = 0; i < 5; i++) {
        tick();
        cr_expect(line());
        cr_expect_eq(get(COUNT), 1);
        put(ACK, 1);
    }
}

Test(timer, longest_period_is_32_bits)
{
    put(PERIOD, 0xFFFFFFFF);
    tick();
    cr_expect_eq(get(COUNT), 0xFFFFFFFE);
    cr_expect_not(line());
}

Test(timer, ticks_while_it_is_off_do_nothing)
{
    tick();
    cr_expect_eq(get(COUNT), 0);
    cr_expect_not(line());
}

Test(timer, writing_the_period_starts_it_anew)
{
    put(PERIOD, 10);
    tick();
    put(PERIOD, 2);
    cr_expect_eq(get(PERIOD), 2);
    cr_expect_eq(get(COUNT), 2);
    tick();
    cr_expect_not(line());
    tick();
    cr_expect(line());
}

Test(timer, turning_it_off_leaves_the_line_as_it_is)
{
    put(PERIOD, 1);
    tick();
    put(PERIOD, 0);
    cr_expect(line());
    cr_expect_eq(get(COUNT), 0);
    cr_expect_eq(timer->class->awaits(timer), DEVICE_EVENT_NONE);
    put(ACK, 0);
    tick();
    cr_expect_not(line());
}

Test(timer, waits_for_ticks_while_it_runs)
{
    put(PERIOD, 7);
    cr_expect_eq(timer->class->awaits(timer), DEVICE_EVENT_TICK);
}

Test(timer, count_is_only_read)
{
    put(PERIOD, 5);
    put(COUNT, 77);
    cr_expect_eq(get(COUNT), 5);
    cr_expect_eq(get(PERIOD), 5);
}

Test(timer, other_ports_read_0_and_ignore_writes)
{
    put(PERIOD, 5);
    tick();
    for (uint32_t port = 3; port < 1024; port++) {
        put(port, 0xFFFFFFFF);
        cr_expect_eq(get(port), 0);
    }
    cr_expect_eq(get(PERIOD), 5);
    cr_expect_eq(get(COUNT), 4);
    cr_expect_not(line());
}

Test(timer, events_other_than_ticks_are_faults)
{
    enum device_event_kind kinds[] = {DEVICE_EVENT_NONE, DEVICE_EVENT_DONE, DEVICE_EVENT_BYTE,
                                      DEVICE_EVENT_FRAME, DEVICE_EVENT_MESSAGE};
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct fault fault = {0};
        cr_expect_not(input(kinds[i], &fault));
        cr_expect(fault.is_set);
    }
}

static void expect_described(const char *text)
{
    struct text_builder builder = {.arena = arena};
    timer->class->describe(timer, &builder);
    cr_expect_str_eq(text_built(&builder), text);
}

Test(timer, describes_its_whole_state)
{
    expect_described("timer period=0 count=0 line=0\n");
    put(PERIOD, 2);
    tick();
    expect_described("timer period=2 count=1 line=0\n");
    tick();
    expect_described("timer period=2 count=2 line=1\n");
}
