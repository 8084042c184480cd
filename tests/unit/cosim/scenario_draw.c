/* Random scenarios: equal seeds, equal scenarios; and what is in them. */
#include "scenario_rig.h"

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

/* --- Runs --- */

static struct cosim_result run(struct scenario_rig *rig, uint64_t seed)
{
    struct arena *arena = arena_new();
    struct scenario *scenario = scenario_draw(arena, rig->kernel, seed, STEPS);
    struct cosim_result result =
        scenario_run(arena, scenario, (struct cosim_observer){0}, &rig->fault);
    cr_expect_eq(result.status, COSIM_AGREED, "seed %llu: %s %s", (unsigned long long)seed,
                 result.status == COSIM_DIVERGED ? result.divergence.text
                                                 : cosim_status_name(result.status),
                 rig->fault.message);
    arena_free(arena);
    return result;
}

Test(scenario_draw, random_scenarios_agree_and_do_a_lot)
{
    struct scenario_rig rig = scenario_rig_new();
    struct cosim_counts sum = {0};
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct cosim_counts counts = run(&rig, seed).counts;
        sum.steps += counts.steps;
        sum.checks += counts.checks;
        sum.page_faults += counts.page_faults;
        sum.swap_writes += counts.swap_writes;
        sum.kernel_runs += counts.kernel_runs;
        sum.abstract_steps += counts.abstract_steps;
        sum.primitives[CVM_PRIMITIVE_COPY] += counts.primitives[CVM_PRIMITIVE_COPY];
    }
    cr_expect(sum.steps > 25 * STEPS && sum.abstract_steps > 25000 && sum.kernel_runs > 900);
    cr_expect(sum.checks > 5000 && sum.page_faults > 20 && sum.swap_writes > 10);
    cr_expect_gt(sum.primitives[CVM_PRIMITIVE_COPY], 5);
    scenario_rig_free(&rig);
}

Test(scenario_draw, equal_scenarios_run_equally)
{
    struct scenario_rig rig = scenario_rig_new();
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct cosim_result left = run(&rig, seed), right = run(&rig, seed);
        cr_expect_eq(memcmp(&left.counts, &right.counts, sizeof left.counts), 0);
    }
    scenario_rig_free(&rig);
}
