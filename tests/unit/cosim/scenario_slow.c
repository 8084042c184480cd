/* Disks that the kernel loses patience with: both machines go on, without what was not read. */
#include "scenario_rig.h"

#include <criterion/criterion.h>

enum { STEPS = 150000 };

/* A process that only goes round: a jump to itself, and a no-op. */
#define ROUND "0bfffffc 00000000"

struct slow {
    struct scenario_rig rig;
    struct cosim *cosim;
    struct cosim_result result;
};

static struct slow run(uint32_t done_steps, const char *words)
{
    struct slow slow = {.rig = scenario_rig_new()};
    const char *text = arena_printf(slow.rig.arena,
                                    "{\"scenario\": 1, \"programs\": [{\"name\": \"a\", \"words\": "
                                    "[\"%s\"]}], \"oracle\": {\"done_steps\": %u}}",
                                    words, done_steps);
    struct scenario *scenario = scenario_rig_load(&slow.rig, "good/slow.json", text);
    scenario->max_steps = STEPS;
    slow.cosim =
        scenario_start(slow.rig.arena, scenario, (struct cosim_observer){0}, &slow.rig.fault);
    cr_assert(slow.cosim);
    slow.result = cosim_run(slow.cosim, &slow.rig.fault);
    return slow;
}

Test(scenario_slow, a_disk_in_time_brings_the_first_process)
{
    struct slow slow = run(100, ROUND);
    uint32_t word = 0;
    cr_expect_eq(slow.result.status, COSIM_AGREED);
    cr_expect(cvm_read(cosim_abstract(slow.cosim), 1, 0, &word));
    cr_expect_eq(word, 0x0bfffffc);
    scenario_rig_free(&slow.rig);
}

/* It finds zeros, which do nothing, up to the end of its memory. */
Test(scenario_slow, a_disk_given_up_brings_nothing_on_either_side)
{
    struct slow slow = run(20000, ROUND);
    cr_expect_eq(slow.result.status, COSIM_AGREED, "%s", slow.result.divergence.text);
    cr_expect_eq(slow.result.counts.primitives[CVM_PRIMITIVE_LOAD], 1);
    cr_expect_eq(cvm_pages(cosim_abstract(slow.cosim), 1), 0);
    scenario_rig_free(&slow.rig);
}

/* Between one sector and the next one patience ends, or does not. */
Test(scenario_slow, half_of_a_page_may_have_come)
{
    struct scenario_rig rig = scenario_rig_new();
    unsigned given_up = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct scenario *scenario = scenario_draw(rig.arena, rig.kernel, seed, STEPS);
        scenario->oracle.done_steps = 550; /* 20 looks take about 620 steps */
        scenario->oracle.is_jittered = true;
        struct cosim *cosim =
            scenario_start(rig.arena, scenario, (struct cosim_observer){0}, &rig.fault);
        struct cosim_result result = cosim_run(cosim, &rig.fault);
        cr_expect_eq(result.status, COSIM_AGREED, "seed %llu: %s", (unsigned long long)seed,
                     result.divergence.text);
        given_up += cvm_pages(cosim_abstract(cosim), 1) == 0;
    }
    cr_expect_gt(given_up, 0);
    scenario_rig_free(&rig);
}
