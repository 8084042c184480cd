/* Runs that agree, and runs that show nothing. */
#include "lockstep_rig.h"

#include <criterion/criterion.h>
#include <string.h>

enum { STEPS = 400000 };

Test(lockstep, a_run_agrees_and_says_what_it_has_compared)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario = lockstep_rig_scenario(&rig, 1, STEPS);
    struct cosim_result result = lockstep_rig_run(&rig, scenario);
    cr_assert_eq(result.status, COSIM_AGREED, "%s", result.divergence.text);
    cr_expect_geq(result.counts.steps, STEPS);
    cr_expect_gt(result.counts.abstract_steps, 0);
    cr_expect_geq(result.counts.checks, 2 * result.counts.kernel_runs);
    const enum cosim_conjunct compared[] = {
        COSIM_CAUSES, COSIM_CALLS, COSIM_NEXT,   COSIM_CONTROL, COSIM_KERNEL,  COSIM_REGISTERS,
        COSIM_MEMORY, COSIM_PAGES, COSIM_TABLES, COSIM_FRAMES,  COSIM_DEVICES, COSIM_MASK};
    for (size_t i = 0; i < sizeof compared / sizeof *compared; i++)
        cr_expect_gt(result.counts.compared[compared[i]], 0, "%s",
                     cosim_conjunct_name(compared[i]));
    scenario_rig_free(&rig);
}

/* All steps of processes are followed but those that fault on a page. */
Test(lockstep, the_abstract_process_executes_what_the_processor_does)
{
    struct scenario_rig rig = scenario_rig_new();
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct cosim_result result =
            lockstep_rig_run(&rig, lockstep_rig_scenario(&rig, seed, STEPS));
        cr_assert_eq(result.status, COSIM_AGREED, "%s", result.divergence.text);
        cr_expect_eq(result.counts.user_steps,
                     result.counts.abstract_steps + result.counts.page_faults);
    }
    scenario_rig_free(&rig);
}

static void expect_same_run(const struct cosim_counts *left, const struct cosim_counts *right)
{
    cr_expect_eq(left->steps, right->steps);
    cr_expect_eq(left->user_steps, right->user_steps);
    cr_expect_eq(left->abstract_steps, right->abstract_steps);
    cr_expect_eq(left->kernel_runs, right->kernel_runs);
    cr_expect_eq(left->page_faults, right->page_faults);
    cr_expect_eq(memcmp(left->events, right->events, sizeof left->events), 0);
    cr_expect_eq(memcmp(left->primitives, right->primitives, sizeof left->primitives), 0);
}

Test(lockstep, what_is_checked_does_not_change_the_run)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario = lockstep_rig_scenario(&rig, 5, STEPS);
    struct cosim_result all = lockstep_rig_run(&rig, scenario);
    scenario->checks = (struct cosim_checks){0};
    struct cosim_result few = lockstep_rig_run(&rig, scenario);
    scenario->checks = (struct cosim_checks){.user_steps = 7};
    struct cosim_result pieces = lockstep_rig_run(&rig, scenario);
    cr_assert(all.status == COSIM_AGREED && few.status == COSIM_AGREED &&
              pieces.status == COSIM_AGREED);
    expect_same_run(&all.counts, &few.counts);
    expect_same_run(&all.counts, &pieces.counts);
    cr_expect_lt(few.counts.checks, all.counts.checks);
    cr_expect_lt(few.counts.checks, pieces.counts.checks);
    scenario_rig_free(&rig);
}

Test(lockstep, the_plain_reading_of_both_machines_makes_the_same_run)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario = lockstep_rig_scenario(&rig, 2, STEPS);
    struct cosim_result fast = lockstep_rig_run(&rig, scenario);
    scenario->checks.is_plain = true;
    struct cosim_result plain = lockstep_rig_run(&rig, scenario);
    cr_assert(fast.status == COSIM_AGREED && plain.status == COSIM_AGREED);
    expect_same_run(&fast.counts, &plain.counts);
    scenario_rig_free(&rig);
}

/* In the kernel's first run, in primitives, in page faults, in processes; before kdispatch was ever
 * called, there is nothing of the abstract machine to be reset. */
Test(lockstep, the_reset_button_may_be_pressed_at_any_time)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario = lockstep_rig_scenario(&rig, 4, STEPS);
    unsigned runs = 0, twice = 0;
    scenario->oracle.has_reset = true;
    for (uint64_t step = 1; step < STEPS; step += 4801) {
        scenario->oracle.reset_step = step;
        struct cosim_result result = lockstep_rig_run(&rig, scenario);
        cr_assert_neq(result.status, COSIM_DIVERGED, "reset at %llu: %s", (unsigned long long)step,
                      result.divergence.text);
        twice += result.counts.transitions[CVM_RESET_STEP] == 2;
        runs++;
    }
    cr_expect_geq(twice, runs * 9 / 10, "%u of %u", twice, runs);
    scenario_rig_free(&rig);
}

/* --- Runs that show nothing --- */

Test(lockstep, a_run_in_which_no_process_ran_is_no_agreement)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario = lockstep_rig_scenario(&rig, 1, 1);
    cr_expect_eq(lockstep_rig_run(&rig, scenario).status, COSIM_EMPTY);
    scenario_rig_free(&rig);
}

Test(lockstep, an_oracle_that_ends_early_is_no_agreement)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario = lockstep_rig_scenario(&rig, 1, STEPS);
    scenario->has_events = true;
    scenario->events_end = STEPS / 2;
    scenario->drawn_devices = 0xFF;
    cr_expect_eq(lockstep_rig_run(&rig, scenario).status, COSIM_ORACLE_ENDED);
    scenario->events_end = SCENARIO_FOREVER;
    cr_expect_eq(lockstep_rig_run(&rig, scenario).status, COSIM_AGREED);
    scenario_rig_free(&rig);
}

static bool is_spent(void *self)
{
    return *(const bool *)self;
}

/* The machines of a scenario, made by hand. */
static struct cosim_setup setup_of(struct scenario_rig *rig, uint32_t swap_sectors)
{
    struct scenario *scenario = lockstep_rig_scenario(rig, 1, STEPS);
    struct device_store system =
        store_memory_new(rig->arena, (uint32_t)(scenario->disk.length / DEVICE_SECTOR_BYTES));
    for (uint32_t s = 0; s < system.sector_count; s++)
        system.write(system.self, s,
                     (const unsigned char *)scenario->disk.at + (size_t)s * DEVICE_SECTOR_BYTES);
    return (struct cosim_setup){.kernel = rig->kernel,
                                .oracle = oracle_new_seeded(rig->arena, &scenario->oracle),
                                .system = system,
                                .swap = store_memory_new(rig->arena, swap_sectors),
                                .max_steps = STEPS};
}

Test(lockstep, an_oracle_that_is_spent_at_the_end_is_no_agreement)
{
    struct scenario_rig rig = scenario_rig_new();
    uint32_t sectors = cosim_swap_sector(rig.kernel, rig.kernel->parameters.process_count, 0);
    for (unsigned i = 0; i < 2; i++) {
        bool spent = i == 1;
        struct cosim_setup setup = setup_of(&rig, sectors);
        setup.oracle_is_spent = is_spent;
        setup.oracle_self = &spent;
        struct cosim *cosim = cosim_new(rig.arena, &setup, &rig.fault);
        cr_assert(cosim, "%s", rig.fault.message);
        cr_expect_eq(cosim_run(cosim, &rig.fault).status,
                     spent ? COSIM_ORACLE_ENDED : COSIM_AGREED);
    }
    scenario_rig_free(&rig);
}

Test(lockstep, a_swap_disk_without_room_for_all_pages_is_refused)
{
    struct scenario_rig rig = scenario_rig_new();
    uint32_t sectors = cosim_swap_sector(rig.kernel, rig.kernel->parameters.process_count, 0);
    struct cosim_setup setup = setup_of(&rig, sectors - 1);
    cr_expect(cosim_new(rig.arena, &setup, &rig.fault) == NULL);
    cr_expect(strstr(rig.fault.message, "swap disk") != NULL, "%s", rig.fault.message);
    scenario_rig_free(&rig);
}

/* --- Observers --- */

struct seen {
    uint64_t entries, exits, faults, primitives, checks, sweeps, events, last;
    uint64_t instructions, expected_step;
    bool is_in_order;
};

static void see_moment(void *self, const struct cosim_moment *moment)
{
    struct seen *seen = self;
    seen->is_in_order = seen->is_in_order && moment->step >= seen->last;
    seen->last = moment->step;
    seen->entries += moment->kind == COSIM_ENTRY;
    seen->exits += moment->kind == COSIM_EXIT;
    seen->faults += moment->kind == COSIM_PAGE_FAULT;
    seen->primitives += moment->kind == COSIM_PRIMITIVE && moment->call != NULL;
    seen->checks += moment->kind == COSIM_CHECK;
    seen->sweeps += moment->kind == COSIM_SWEEP;
}

static void see_event(void *self, const struct oracle_event *event)
{
    struct seen *seen = self;
    (void)event;
    seen->events++;
}

static void see_instruction(void *self, uint64_t step, struct vamp_machine *processor)
{
    struct seen *seen = self;
    cr_assert_eq(step, seen->expected_step);
    cr_assert_eq(step, vamp_machine_steps(processor));
    seen->expected_step++;
    seen->instructions++;
}

Test(lockstep, observers_are_told_of_all_that_is_counted)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario = lockstep_rig_scenario(&rig, 3, STEPS);
    struct seen seen = {.is_in_order = true, .expected_step = STEPS / 2};
    struct cosim_observer observer = {.self = &seen,
                                      .moment = see_moment,
                                      .event = see_event,
                                      .instruction = see_instruction,
                                      .instructions_from = STEPS / 2};
    struct cosim_result unseen = lockstep_rig_run(&rig, scenario);
    struct cosim_result result = scenario_run(rig.arena, scenario, observer, &rig.fault);
    const struct cosim_counts *counts = &result.counts;
    uint64_t primitives = 0, events = 0;
    for (unsigned i = 0; i < CVM_PRIMITIVE_COUNT; i++)
        primitives += counts->primitives[i];
    for (unsigned d = 0; d < BUS_DEVICES; d++)
        events += counts->events[d];
    cr_assert_eq(result.status, COSIM_AGREED, "%s", result.divergence.text);
    expect_same_run(&unseen.counts, counts);
    cr_expect(seen.is_in_order);
    cr_expect_eq(seen.faults, counts->page_faults);
    cr_expect_eq(seen.entries + seen.faults + 1, seen.exits); /* power-up is no interrupt */
    cr_expect_eq(seen.primitives, primitives);
    cr_expect_eq(seen.checks, counts->checks);
    cr_expect_eq(seen.sweeps, counts->sweeps);
    cr_expect_eq(seen.events, events);
    cr_expect_eq(seen.instructions, counts->steps - STEPS / 2);
    scenario_rig_free(&rig);
}
