/* A run written down runs again. */
#include "scenario_rig.h"

#include "cosim/minimise.h"

#include <criterion/criterion.h>
#include <string.h>

enum { STEPS = 120000 };

static void note(void *self, const struct oracle_event *event)
{
    scenario_tape_add(self, event);
}

struct ran {
    struct cosim_result result;
    struct scenario *replay;
};

static struct ran run(struct scenario_rig *rig, const struct scenario *scenario)
{
    struct scenario_tape *tape = scenario_tape_new(rig->arena);
    struct cosim_observer observer = {.self = tape, .event = note};
    struct ran ran = {.result = scenario_run(rig->arena, scenario, observer, &rig->fault)};
    ran.replay = scenario_replay(rig->arena, scenario, tape, &ran.result);
    return ran;
}

/* On the kernel that it ran on, which need not be the one of the description. */
static struct scenario *written(struct scenario_rig *rig, const char *name,
                                const struct scenario *scenario)
{
    const char *path = scenario_rig_put(rig, name, "");
    cr_assert(scenario_write(scenario, path, &rig->fault), "%s", rig->fault.message);
    struct scenario *loaded =
        scenario_load(rig->arena, path, scenario->kernel, stderr, &rig->fault);
    cr_assert(loaded, "%u:%u: %s", rig->fault.line, rig->fault.column, rig->fault.message);
    return loaded;
}

static bool is_same_oracle(const struct oracle_seed *left, const struct oracle_seed *right)
{
    return left->seed == right->seed && left->tick_steps == right->tick_steps &&
           left->done_steps == right->done_steps && left->poll_steps == right->poll_steps &&
           left->is_jittered == right->is_jittered && left->has_reset == right->has_reset &&
           left->reset_step == right->reset_step;
}

static bool is_same_checks(const struct cosim_checks *left, const struct cosim_checks *right)
{
    return left->at_primitives == right->at_primitives && left->user_steps == right->user_steps &&
           left->sweep_checks == right->sweep_checks && left->consis == right->consis &&
           left->is_plain == right->is_plain;
}

static void expect_same(const struct scenario *left, const struct scenario *right)
{
    cr_expect(text_equals(left->disk, right->disk));
    cr_expect(is_same_oracle(&left->oracle, &right->oracle));
    cr_expect_eq(memcmp(&left->inputs, &right->inputs, sizeof left->inputs), 0);
    cr_expect(text_equals(left->serial, right->serial));
    cr_expect(is_same_checks(&left->checks, &right->checks));
    cr_expect_eq(left->max_steps, right->max_steps);
    cr_expect_eq(left->has_expectation, right->has_expectation);
    cr_expect_eq(left->events_end, right->events_end);
    cr_expect_eq(left->drawn_devices, right->drawn_devices);
    cr_assert_eq(left->event_count, right->event_count);
    for (size_t i = 0; i < left->event_count; i++) {
        const struct oracle_event *a = &left->events[i], *b = &right->events[i];
        cr_expect(a->step == b->step && a->is_reset == b->is_reset && a->device == b->device &&
                  a->event.kind == b->event.kind && a->event.number == b->event.number &&
                  text_equals(a->event.content, b->event.content));
    }
    cr_assert_eq(left->swap_defect_count, right->swap_defect_count);
    for (size_t i = 0; i < left->swap_defect_count; i++)
        cr_expect_eq(
            memcmp(&left->swap_defects[i], &right->swap_defects[i], sizeof *left->swap_defects), 0);
}

Test(scenario_write, what_is_written_is_read_again)
{
    struct scenario_rig rig = scenario_rig_new();
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct scenario *scenario = scenario_draw(rig.arena, rig.kernel, seed, STEPS);
        scenario->serial = text_of("a \"quoted\" line\r");
        const char *name = arena_printf(rig.arena, "good/drawn%llu.json", (unsigned long long)seed);
        struct scenario *read = written(&rig, name, scenario);
        expect_same(scenario, read);
        cr_expect_str_eq(read->name, scenario->name);
        cr_expect_not(read->has_events);
    }
    scenario_rig_free(&rig);
}

Test(scenario_replay, the_events_of_a_run_repeat_it)
{
    struct scenario_rig rig = scenario_rig_new();
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct scenario *scenario = scenario_draw(rig.arena, rig.kernel, seed, STEPS);
        struct ran first = run(&rig, scenario);
        cr_expect_eq(first.result.status, COSIM_AGREED);
        const char *name =
            arena_printf(rig.arena, "good/replay%llu.json", (unsigned long long)seed);
        struct scenario *read = written(&rig, name, first.replay);
        expect_same(first.replay, read);
        struct ran second = run(&rig, read);
        cr_expect_eq(second.result.status, COSIM_AGREED);
        cr_expect_eq(
            memcmp(&first.result.counts, &second.result.counts, sizeof first.result.counts), 0);
    }
    scenario_rig_free(&rig);
}

Test(scenario_replay, a_list_that_ends_early_fails)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario = scenario_draw(rig.arena, rig.kernel, 1, STEPS);
    struct ran ran = run(&rig, scenario);
    cr_assert_eq(ran.result.status, COSIM_AGREED);
    ran.replay->events_end = STEPS / 2;
    cr_expect_eq(run(&rig, ran.replay).result.status, COSIM_ORACLE_ENDED);
    ran.replay->events_end = ran.result.counts.steps;
    cr_expect_eq(run(&rig, ran.replay).result.status, COSIM_AGREED);
    scenario_rig_free(&rig);
}

Test(scenario_replay, a_divergence_is_reached_again)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario =
        scenario_draw(rig.arena, scenario_rig_break(&rig, "cvm_set_gpr"), 3, STEPS);
    struct ran first = run(&rig, scenario);
    cr_assert_eq(first.result.status, COSIM_DIVERGED);
    struct scenario *read = written(&rig, "good/diverging.json", first.replay);
    cr_expect(read->has_expectation);
    struct ran second = run(&rig, read);
    cr_expect(scenario_is_as_expected(read, &second.result));
    cr_expect_eq(first.result.divergence.step, second.result.divergence.step);
    cr_expect_str_eq(first.result.divergence.text, second.result.divergence.text);
    read->kernel = rig.kernel; /* without the defect there is no divergence */
    cr_expect_not(scenario_is_as_expected(read, &(struct cosim_result){.status = COSIM_AGREED}));
    cr_expect_neq(run(&rig, read).result.status, COSIM_DIVERGED);
    scenario_rig_free(&rig);
}

/* Another step is another divergence. */
Test(scenario_replay, only_the_same_divergence_is_as_expected)
{
    struct scenario scenario = {
        .has_expectation = true, .expected_conjunct = COSIM_MEMORY, .expected_step = 5};
    struct cosim_result result = {.status = COSIM_DIVERGED,
                                  .divergence = {.conjunct = COSIM_MEMORY, .step = 5}};
    cr_expect(scenario_is_as_expected(&scenario, &result));
    result.divergence.step = 6;
    cr_expect_not(scenario_is_as_expected(&scenario, &result));
    result.divergence = (struct cosim_divergence){.conjunct = COSIM_FRAMES, .step = 5};
    cr_expect_not(scenario_is_as_expected(&scenario, &result));
}

Test(scenario_write, the_kernel_is_named_so_that_it_is_found)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario = scenario_draw(rig.arena, rig.kernel, 1, STEPS);
    const char *path = scenario_rig_put(&rig, "good/kernel.json", "");
    cr_assert(scenario_write(scenario, path, &rig.fault));
    struct scenario *read = scenario_load(rig.arena, path, NULL, stderr, &rig.fault);
    cr_assert(read, "%s", rig.fault.message);
    cr_expect_neq(read->kernel, rig.kernel);
    cr_expect_str_eq(read->kernel->image->digest, rig.kernel->image->digest);
    scenario_rig_free(&rig);
}

/* --- The minimiser --- */

Test(minimise, a_lost_register_needs_one_call)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario =
        scenario_draw(rig.arena, scenario_rig_break(&rig, "cvm_set_gpr"), 3, STEPS);
    enum cosim_conjunct conjunct = run(&rig, scenario).result.divergence.conjunct;
    struct minimise_stats stats;
    struct scenario *small = minimise(rig.arena, scenario, conjunct, 400, &stats, &rig.fault);
    cr_assert(small, "%s", rig.fault.message);
    cr_expect_gt(stats.before.instructions, 100);
    cr_expect_eq(stats.after.programs, 1);
    cr_expect_leq(stats.after.instructions, 2); /* the trap, or what raises an exception */
    cr_expect_eq(stats.after.events, 0);
    cr_expect_leq(stats.runs, 410);
    struct scenario *read = written(&rig, "good/minimal.json", small);
    struct ran again = run(&rig, read);
    cr_expect(scenario_is_as_expected(read, &again.result));
    scenario_rig_free(&rig);
}

Test(minimise, equal_scenarios_become_equally_small)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario =
        scenario_draw(rig.arena, scenario_rig_break(&rig, "cvm_copy"), 11, STEPS);
    struct ran ran = run(&rig, scenario);
    if (ran.result.status == COSIM_DIVERGED) {
        struct minimise_stats left, right;
        enum cosim_conjunct conjunct = ran.result.divergence.conjunct;
        struct scenario *a = minimise(rig.arena, scenario, conjunct, 60, &left, &rig.fault);
        struct scenario *b = minimise(rig.arena, scenario, conjunct, 60, &right, &rig.fault);
        cr_assert(a && b);
        cr_expect_eq(memcmp(&left, &right, sizeof left), 0);
        expect_same(a, b);
    }
    scenario_rig_free(&rig);
}

Test(minimise, what_does_not_diverge_is_refused)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario = scenario_draw(rig.arena, rig.kernel, 3, STEPS);
    struct minimise_stats stats;
    cr_expect_null(minimise(rig.arena, scenario, COSIM_MEMORY, 50, &stats, &rig.fault));
    cr_expect(strstr(rig.fault.message, "does not diverge in memory"));
    scenario_rig_free(&rig);
}
