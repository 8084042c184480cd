/* C0 beside the code of the running kernel, and of single functions of it. */
#include "cosim/consis_function.h"
#include "lockstep_rig.h"
#include "validator/propose/decide.h"
#include "validator/vamp/target.h"

#include <criterion/criterion.h>
#include <string.h>

enum { STEPS = 400000 };

/* Certificates of a few functions, so that nobody has to search for all: with loops, calls, asm
 * blocks, and the ones that begin and end each run. */
static const char *const proved[] = {"cvm_dispatch", "memory_start",        "machine_in",
                                     "machine_out",  "machine_clear_frame", "pages_init",
                                     "ready_choose", "process_clear"};

static const char *proofs(struct scenario_rig *rig, const char *name)
{
    const char *folder = arena_printf(rig->arena, BINARY_ROOT "/consis-proofs/%s", name);
    struct subject subject;
    cr_assert(subject_join(rig->arena, rig->kernel->concrete, rig->kernel->image, &vamp_target,
                           &subject, &rig->fault));
    for (size_t i = 0; i < sizeof proved / sizeof *proved; i++) {
        const struct c0_function *function =
            c0_program_function(rig->kernel->concrete, proved[i], NULL);
        const struct decide_options options = {.rlimit = 5000000, .proofs = folder};
        struct decision decision;
        cr_assert(function, "the kernel has no %s", proved[i]);
        cr_assert(decide_function(rig->arena, &subject, function, &options, &decision, &rig->fault),
                  "%s", rig->fault.message);
        cr_assert_eq(decision.verdict.verdict, VERDICT_PROVED, "%s: %s", proved[i],
                     decision.verdict.reason);
    }
    return folder;
}

static const struct consis_certificates *
certificates_of(struct scenario_rig *rig, const struct cosim_kernel *kernel, const char *folder)
{
    const struct consis_certificates *certificates =
        consis_certificates_new(rig->arena, kernel->concrete, kernel->image, folder, &rig->fault);
    cr_assert(certificates, "%s", rig->fault.message);
    return certificates;
}

/* The scenario of this seed on the kernel, with C0 beside it. */
static struct scenario *scenario_with(struct scenario_rig *rig, const struct cosim_kernel *kernel,
                                      const char *folder, uint64_t seed)
{
    struct scenario *scenario = lockstep_rig_scenario(rig, seed, STEPS);
    scenario->kernel = kernel;
    scenario->checks.consis = true;
    scenario->checks.certificates = certificates_of(rig, kernel, folder);
    return scenario;
}

Test(consis, the_running_kernel_does_what_its_sources_say)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario = scenario_with(&rig, rig.kernel, proofs(&rig, "running"), 1);
    struct cosim_result result = lockstep_rig_run(&rig, scenario);
    cr_assert_eq(result.status, COSIM_AGREED, "%s", result.divergence.text);
    cr_expect_gt(result.counts.compared[COSIM_CONSIS], STEPS / 10);
    scenario_rig_free(&rig);
}

Test(consis, following_does_not_change_the_run)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario = scenario_with(&rig, rig.kernel, proofs(&rig, "change"), 2);
    struct cosim_result with = lockstep_rig_run(&rig, scenario);
    scenario->checks.consis = false;
    struct cosim_result without = lockstep_rig_run(&rig, scenario);
    cr_assert_eq(with.status, COSIM_AGREED, "%s", with.divergence.text);
    cr_expect_eq(with.counts.steps, without.counts.steps);
    cr_expect_eq(with.counts.kernel_runs, without.counts.kernel_runs);
    cr_expect_eq(with.counts.checks, without.counts.checks);
    cr_expect_eq(with.counts.compared[COSIM_KERNEL], without.counts.compared[COSIM_KERNEL]);
    cr_expect_eq(without.counts.compared[COSIM_CONSIS], 0);
    scenario_rig_free(&rig);
}

/* The button is pressed at many places of the kernel. */
Test(consis, a_reset_cuts_a_run_of_the_kernel_off)
{
    struct scenario_rig rig = scenario_rig_new();
    const char *folder = proofs(&rig, "reset");
    for (uint64_t i = 0; i < 12; i++) {
        struct scenario *scenario = scenario_with(&rig, rig.kernel, folder, 3);
        scenario->oracle.has_reset = true;
        scenario->oracle.reset_step = 20000 + 7919 * i;
        struct cosim_result result = lockstep_rig_run(&rig, scenario);
        cr_assert_eq(result.status, COSIM_AGREED, "%s", result.divergence.text);
    }
    scenario_rig_free(&rig);
}

Test(consis, a_store_that_the_code_leaves_out_is_found)
{
    struct scenario_rig rig = scenario_rig_new();
    const struct cosim_kernel *kernel = scenario_rig_break(&rig, "process_clear");
    struct scenario *scenario = scenario_with(&rig, kernel, proofs(&rig, "store"), 1);
    struct cosim_result result = lockstep_rig_run(&rig, scenario);
    cr_assert_eq(result.status, COSIM_DIVERGED);
    cr_assert_eq(result.divergence.conjunct, COSIM_CONSIS, "%s", result.divergence.text);
    scenario_rig_free(&rig);
}

static const struct c0_function *function_named(const struct scenario_rig *rig, const char *name)
{
    const struct c0_function *function = c0_program_function(rig->kernel->concrete, name, NULL);
    cr_assert(function);
    return function;
}

static unsigned tries_that_agree(struct scenario_rig *rig,
                                 const struct consis_certificates *certificates, const char *name)
{
    unsigned agreed = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct arena *arena = arena_new();
        struct consis_try attempt =
            consis_try_function(arena, certificates, function_named(rig, name), seed);
        cr_assert_neq(attempt.end, CONSIS_DIFFERS, "%s: %s", name, attempt.divergence.text);
        agreed += attempt.end == CONSIS_AGREES;
        arena_free(arena);
    }
    return agreed;
}

Test(consis_function, functions_agree_with_a_certificate_and_without)
{
    struct scenario_rig rig = scenario_rig_new();
    const struct consis_certificates *certificates =
        certificates_of(&rig, rig.kernel, proofs(&rig, "functions"));
    cr_expect_gt(consis_function_cuts(certificates, function_named(&rig, "pages_init")), 1);
    cr_expect_eq(consis_function_cuts(certificates, function_named(&rig, "cvm_clone")), 0);
    for (size_t i = 0; i < sizeof proved / sizeof *proved; i++)
        cr_expect_gt(tries_that_agree(&rig, certificates, proved[i]), 10, "%s", proved[i]);
    cr_expect_gt(tries_that_agree(&rig, certificates, "cvm_clone"), 10);
    cr_expect_gt(tries_that_agree(&rig, certificates, "machine_read"), 10);
    scenario_rig_free(&rig);
}

Test(consis_function, a_function_without_its_last_store_diverges)
{
    struct scenario_rig rig = scenario_rig_new();
    const struct cosim_kernel *kernel = scenario_rig_break(&rig, "process_clear");
    const struct consis_certificates *certificates =
        certificates_of(&rig, kernel, proofs(&rig, "write"));
    bool is_found = false;
    for (uint64_t seed = 1; seed <= 200 && !is_found; seed++) {
        struct arena *arena = arena_new();
        struct consis_try attempt =
            consis_try_function(arena, certificates, function_named(&rig, "process_clear"), seed);
        is_found = attempt.end == CONSIS_DIFFERS;
        cr_assert(!is_found || attempt.divergence.conjunct == COSIM_CONSIS);
        cr_assert(!is_found || attempt.divergence.abstract != attempt.divergence.concrete);
        arena_free(arena);
    }
    cr_assert(is_found);
    scenario_rig_free(&rig);
}

Test(consis_certificates, a_folder_without_certificates_is_refused)
{
    struct scenario_rig rig = scenario_rig_new();
    struct fault fault = {0};
    cr_assert_null(consis_certificates_new(rig.arena, rig.kernel->concrete, rig.kernel->image,
                                           BINARY_ROOT "/no-such-folder", &fault));
    cr_assert(fault.is_set);
    cr_assert(strstr(fault.message, "no function has a certificate"));
    scenario_rig_free(&rig);
}
