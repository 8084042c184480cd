/* Random scenarios: equal seeds, equal scenarios; and what is in them. */
#include "scenario_rig.h"

#include "cosim/batch.h"
#include "cosim/programs.h"
#include "semantics/vamp/vamp.h"

#include <criterion/criterion.h>
#include <string.h>

enum { STEPS = 200000, CALLS = 18 };

Test(scenario_draw, equal_seeds_draw_equal_scenarios)
{
    struct scenario_rig rig = scenario_rig_new();
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct scenario *left = scenario_draw(rig.arena, rig.kernel, seed, STEPS);
        struct scenario *right = scenario_draw(rig.arena, rig.kernel, seed, STEPS);
        struct scenario *other = scenario_draw(rig.arena, rig.kernel, seed + 100, STEPS);
        cr_expect(text_equals(left->disk, right->disk));
        cr_expect_eq(left->oracle.seed, right->oracle.seed);
        cr_expect_eq(left->oracle.done_steps, right->oracle.done_steps);
        cr_expect_eq(left->checks.sweep_checks, right->checks.sweep_checks);
        cr_expect_eq(left->swap_defect_count, right->swap_defect_count);
        cr_expect_not(text_equals(left->disk, other->disk));
    }
    scenario_rig_free(&rig);
}

Test(scenario_draw, all_calls_and_all_kinds_of_trouble_are_drawn)
{
    struct scenario_rig rig = scenario_rig_new();
    unsigned calls[CALLS] = {0}, resets = 0, swaps = 0, systems = 0, slow = 0, unknown = 0;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct scenario *scenario = scenario_draw(rig.arena, rig.kernel, seed, STEPS);
        resets += scenario->oracle.has_reset;
        swaps += scenario->swap_defect_count != 0;
        systems += scenario->system_defect_count != 0;
        slow += scenario->oracle.done_steps >= 200;
        for (size_t p = 0; p < scenario->program_count; p++) {
            cr_expect_leq(scenario->programs[p].word_count, PROGRAM_CODE_WORDS);
            for (uint32_t w = 0; w < scenario->programs[p].word_count; w++) {
                struct vamp_insn insn;
                uint32_t word = scenario->programs[p].words[w];
                unknown += !vamp_decode(word, &insn);
                if (word >> 26 == PROGRAM_TRAP && (word & 0x3FFFFFF) < CALLS)
                    calls[word & 0x3FFFFFF]++;
            }
        }
    }
    for (unsigned i = 0; i < CALLS; i++)
        cr_expect_gt(calls[i], 20, "call %u", i);
    cr_expect(resets > 4 && swaps > 10 && systems > 3 && slow > 3 && unknown > 20);
    scenario_rig_free(&rig);
}

static bool note(void *self, uint64_t seed, const struct scenario *scenario,
                 const struct cosim_result *result, const struct fault *fault)
{
    (void)self, (void)scenario;
    cr_expect_eq(result->status, COSIM_AGREED, "seed %llu: %s %s", (unsigned long long)seed,
                 result->status == COSIM_DIVERGED ? result->divergence.text
                                                  : cosim_status_name(result->status),
                 fault->message);
    return true;
}

static struct batch_totals run(const struct scenario_rig *rig, uint64_t first, uint64_t stride,
                               uint64_t count)
{
    struct batch_totals totals = {0};
    const struct batch batch = {.kernel = rig->kernel,
                                .first_seed = first,
                                .stride = stride,
                                .count = count,
                                .max_steps = STEPS,
                                .ran = note};
    batch_run(&batch, &totals);
    return totals;
}

Test(batch, random_scenarios_agree_and_do_a_lot)
{
    struct scenario_rig rig = scenario_rig_new();
    struct batch_totals totals = run(&rig, 1, 1, 30);
    const struct cosim_counts *counts = &totals.counts;
    cr_expect(batch_agrees(&totals));
    cr_expect_eq(batch_runs(&totals), 30);
    cr_expect_geq(counts->steps, 25 * STEPS);
    cr_expect(counts->checks > 5000 && counts->page_faults > 20 && counts->swap_writes > 10);
    cr_expect(counts->transitions[CVM_INTERRUPT] > 500 &&
              counts->primitives[CVM_PRIMITIVE_COPY] > 5);
    scenario_rig_free(&rig);
}

Test(batch, shares_add_up_to_the_whole)
{
    struct scenario_rig rig = scenario_rig_new();
    struct batch_totals whole = run(&rig, 5, 1, 6), sum = {0};
    for (uint64_t share = 0; share < 2; share++) {
        struct batch_totals part = run(&rig, 5 + share, 2, 3);
        batch_add(&sum, &part);
    }
    cr_expect_eq(memcmp(&whole, &sum, sizeof whole), 0);
    scenario_rig_free(&rig);
}

Test(batch, nothing_agrees_with_nothing)
{
    struct batch_totals totals = {0};
    cr_expect_not(batch_agrees(&totals));
    totals.runs[COSIM_AGREED] = 2;
    cr_expect(batch_agrees(&totals));
    totals.runs[COSIM_ORACLE_ENDED] = 1;
    cr_expect_not(batch_agrees(&totals));
    cr_expect_eq(batch_runs(&totals), 3);
}
