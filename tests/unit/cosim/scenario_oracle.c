/* The oracles of scenarios, asked as a machine asks. */
#include "cosim/scenario_oracle.h"

#include <criterion/criterion.h>
#include <string.h>

static void send_nowhere(void *self, struct text content)
{
    (void)self, (void)content;
}

static struct bus bus_of(struct arena *arena)
{
    const struct device_outlet outlet = {NULL, send_nowhere};
    return (struct bus){
        .devices = {device_new_timer(arena), device_new_disk(arena, store_memory_new(arena, 8)),
                    device_new_serial(arena, outlet), device_new_network(arena, outlet),
                    device_new_controller(arena, outlet)}};
}

static struct oracle_event tick(uint64_t step)
{
    return (struct oracle_event){.step = step, .event = {.kind = DEVICE_EVENT_TICK}};
}

static struct scenario listed(const struct oracle_event *events, size_t count, uint64_t end)
{
    return (struct scenario){.has_events = true,
                             .events = events,
                             .event_count = count,
                             .events_end = end,
                             .oracle = {.tick_steps = 10, .done_steps = 7, .poll_steps = 5}};
}

struct asked {
    enum oracle_answer answer;
    struct oracle_event event;
};

static struct asked ask(const struct scenario_oracle *oracle, uint64_t now, const struct bus *bus)
{
    struct asked asked;
    struct fault fault = {0};
    asked.answer = oracle->oracle->next(oracle->oracle->self, now, bus, &asked.event, &fault);
    return asked;
}

Test(scenario_oracle, a_list_is_answered_in_its_order_and_then_ends)
{
    struct arena *arena = arena_new();
    const struct oracle_event events[] = {tick(3), tick(3), tick(9)};
    struct scenario scenario = listed(events, 3, 20);
    struct scenario_oracle oracle = scenario_oracle_new(arena, &scenario);
    struct bus bus = bus_of(arena);
    struct asked asked = ask(&oracle, 0, &bus);
    cr_expect(asked.answer == ORACLE_EVENT && asked.event.step == 3);
    for (int i = 0; i < 2; i++) {
        asked = ask(&oracle, 3, &bus);
        cr_expect(asked.answer == ORACLE_EVENT && asked.event.step == 3);
    }
    asked = ask(&oracle, 3, &bus);
    cr_expect(asked.answer == ORACLE_EVENT && asked.event.step == 9);
    cr_expect_eq(ask(&oracle, 9, &bus).answer, ORACLE_EVENT);
    asked = ask(&oracle, 9, &bus);
    cr_expect(asked.answer == ORACLE_UNTIL && asked.event.step == 21);
    cr_expect_eq(ask(&oracle, 20, &bus).answer, ORACLE_UNTIL);
    cr_expect_not(oracle.is_spent(oracle.self));
    cr_expect_eq(ask(&oracle, 21, &bus).answer, ORACLE_END);
    cr_expect(oracle.is_spent(oracle.self));
    arena_free(arena);
}

Test(scenario_oracle, a_list_for_ever_leaves_the_machine_to_itself)
{
    struct arena *arena = arena_new();
    const struct oracle_event events[] = {tick(3)};
    struct scenario scenario = listed(events, 1, SCENARIO_FOREVER);
    struct scenario_oracle oracle = scenario_oracle_new(arena, &scenario);
    struct bus bus = bus_of(arena);
    cr_expect_eq(ask(&oracle, 3, &bus).answer, ORACLE_EVENT);
    cr_expect_eq(ask(&oracle, 3, &bus).answer, ORACLE_NEVER);
    cr_expect_eq(ask(&oracle, UINT64_MAX - 1, &bus).answer, ORACLE_NEVER);
    cr_expect_not(oracle.is_spent(oracle.self));
    arena_free(arena);
}

Test(scenario_oracle, a_reset_in_the_list_is_announced)
{
    struct arena *arena = arena_new();
    const struct oracle_event events[] = {tick(3), {.step = 8, .is_reset = true}, tick(9)};
    struct scenario scenario = listed(events, 3, 20);
    struct scenario_oracle oracle = scenario_oracle_new(arena, &scenario);
    struct bus bus = bus_of(arena);
    cr_expect(ask(&oracle, 0, &bus).event.is_reset_ahead);
    ask(&oracle, 3, &bus);
    struct asked asked = ask(&oracle, 8, &bus);
    cr_expect(asked.answer == ORACLE_EVENT && asked.event.is_reset);
    cr_expect_not(ask(&oracle, 8, &bus).event.is_reset_ahead);
    arena_free(arena);
}

Test(scenario_oracle, drawn_devices_go_on_beside_a_list)
{
    struct arena *arena = arena_new();
    const struct oracle_event events[] = {tick(3), tick(30)};
    struct scenario scenario = listed(events, 2, 100);
    scenario.drawn_devices = 1u << 1;
    struct scenario_oracle oracle = scenario_oracle_new(arena, &scenario);
    struct bus bus = bus_of(arena);
    bus.devices[0]->class->write(bus.devices[0], 0, 1); /* the timer runs, but is not drawn */
    cr_expect_eq(ask(&oracle, 3, &bus).answer, ORACLE_EVENT);
    cr_expect_eq(ask(&oracle, 3, &bus).event.step, 30);
    bus.devices[1]->class->write(bus.devices[1], 7, 0xE7); /* flush: done after 7 steps */
    struct asked asked = ask(&oracle, 10, &bus);
    cr_expect(asked.answer == ORACLE_EVENT && asked.event.step == 17 && asked.event.device == 1);
    asked = ask(&oracle, 17, &bus);
    cr_expect(asked.answer == ORACLE_EVENT && asked.event.event.kind == DEVICE_EVENT_DONE);
    bus.devices[1]->class->input(bus.devices[1], &asked.event.event, &(struct fault){0});
    cr_expect_eq(ask(&oracle, 17, &bus).event.step, 30);
    arena_free(arena);
}

/* --- Inlets --- */

static struct scenario with_inputs(uint64_t seed, uint32_t rate, const char *typed)
{
    return (struct scenario){.oracle = {.seed = seed, .poll_steps = 1000},
                             .inputs = {rate, rate, rate},
                             .serial = text_of(typed)};
}

static void inlets_of(struct arena *arena, const struct scenario *scenario,
                      struct oracle_inlet inlets[BUS_DEVICES])
{
    memset(inlets, 0, BUS_DEVICES * sizeof *inlets);
    scenario_inlets(arena, scenario, inlets);
}

Test(scenario_inlets, what_is_typed_comes_byte_by_byte_and_ends)
{
    struct arena *arena = arena_new();
    struct oracle_inlet inlets[BUS_DEVICES];
    struct scenario scenario = with_inputs(1, 0, "ps\r");
    struct device_event event;
    inlets_of(arena, &scenario, inlets);
    cr_expect_null(inlets[3].poll);
    for (const char *c = "ps\r"; *c != '\0'; c++) {
        cr_expect_not(inlets[2].is_exhausted(inlets[2].self));
        cr_expect(inlets[2].poll(inlets[2].self, &event));
        cr_expect_eq(event.kind, DEVICE_EVENT_BYTE);
        cr_expect_eq(event.number, (uint32_t)*c);
    }
    cr_expect(inlets[2].is_exhausted(inlets[2].self));
    cr_expect_not(inlets[2].poll(inlets[2].self, &event));
    arena_free(arena);
}

Test(scenario_inlets, as_much_comes_as_the_rate_says)
{
    struct arena *arena = arena_new();
    struct oracle_inlet inlets[BUS_DEVICES];
    struct scenario scenario = with_inputs(1, 100, "");
    inlets_of(arena, &scenario, inlets);
    for (unsigned d = 2; d <= 4; d++) {
        unsigned came = 0;
        struct device_event event;
        for (unsigned i = 0; i < 10000; i++) /* ten million steps: 1000 events */
            came += inlets[d].poll(inlets[d].self, &event);
        cr_expect(came > 850 && came < 1150, "device %u: %u", d, came);
    }
    arena_free(arena);
}

Test(scenario_inlets, devices_take_what_comes)
{
    struct arena *arena = arena_new();
    struct bus bus = bus_of(arena);
    struct oracle_inlet inlets[BUS_DEVICES];
    struct scenario scenario = with_inputs(1, 1000000, "");
    struct fault fault = {0};
    inlets_of(arena, &scenario, inlets);
    for (unsigned i = 0; i < 3000; i++) {
        struct device_event event;
        unsigned d = 2 + i % 3;
        cr_assert(inlets[d].poll(inlets[d].self, &event));
        cr_expect(bus_input(&bus, d, &event, &fault), "%s", fault.message);
    }
    arena_free(arena);
}

Test(scenario_inlets, equal_seeds_bring_equal_things)
{
    struct arena *arena = arena_new();
    struct oracle_inlet left[BUS_DEVICES], right[BUS_DEVICES], other[BUS_DEVICES];
    struct scenario scenario = with_inputs(7, 500000, ""), different = with_inputs(8, 500000, "");
    inlets_of(arena, &scenario, left);
    inlets_of(arena, &scenario, right);
    inlets_of(arena, &different, other);
    unsigned same = 0;
    for (unsigned i = 0; i < 600; i++) {
        struct device_event a = {0}, b = {0}, c = {0};
        unsigned d = 2 + i % 3;
        cr_expect_eq(left[d].poll(left[d].self, &a), right[d].poll(right[d].self, &b));
        cr_expect(a.kind == b.kind && a.number == b.number && text_equals(a.content, b.content));
        other[d].poll(other[d].self, &c);
        same += a.kind == c.kind && a.number == c.number && text_equals(a.content, c.content);
    }
    cr_expect_lt(same, 400);
    arena_free(arena);
}
