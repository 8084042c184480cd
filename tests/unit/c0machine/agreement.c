/* The plain and the fast reading agree on random programs: on their whole run, and stopped after
 * any number of steps. */
#include "harness.h"
#include "random_program.h"

enum { PROGRAMS = 400, STOPS = 12 };

static const struct c0_limits limits = {.heap_cells = 300, .stack_cells = 2000};

Test(c0_machine_agreement, readings_agree_on_random_programs)
{
    uint32_t ends[3] = {0};
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct arena *arena = arena_new();
        struct twins twins = twins_with_limits(random_program(arena, seed), limits);
        ends[twins_call(&twins, "f", NULL, 20000).status]++;
        twins_free(&twins);
        arena_free(arena);
    }
    /* The programs are no use if they all end alike, or at once. */
    cr_assert_gt(ends[C0_RETURNED], PROGRAMS / 4);
    cr_assert_gt(ends[C0_FAULTED], PROGRAMS / 20);
}

Test(c0_machine_agreement, readings_agree_on_runs_cut_short)
{
    uint64_t state = 1;
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct arena *arena = arena_new();
        struct twins twins = twins_with_limits(random_program(arena, seed), limits);
        uint64_t steps = twins_call(&twins, "f", NULL, 3000).steps;
        for (uint32_t i = 0; i < STOPS; i++) {
            twins_renew(&twins, limits);
            twins_call(&twins, "f", NULL, random_below(&state, (uint32_t)steps + 1));
        }
        twins_free(&twins);
        arena_free(arena);
    }
}

Test(c0_machine_agreement, readings_keep_the_same_account_of_random_programs)
{
    uint64_t state = 2, changes = 0;
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct arena *arena = arena_new();
        struct twins twins = twins_with_limits(random_program(arena, seed), limits);
        twins_account(&twins);
        uint64_t steps = twins_call(&twins, "f", NULL, 3000).steps;
        for (uint32_t i = 0; i < STOPS; i++)
            twins_call(&twins, "f", NULL, random_below(&state, (uint32_t)steps + 1));
        changes += twins.changes;
        twins_free(&twins);
        arena_free(arena);
    }
    cr_assert_gt(changes, PROGRAMS);
}

/* Now and then h0 writes a global or the heap, faults, or stops the run. */
struct outside {
    struct c0_machine *machine;
    uint64_t state, calls, digest;
};

static enum c0_external_outcome call_h0(void *self, const struct c0_function *function,
                                        const uint32_t *arguments, const struct c0_function *caller,
                                        struct location where, uint32_t *result)
{
    struct outside *outside = self;
    cr_assert_str_eq(function->name, "h0");
    outside->calls++;
    outside->digest = outside->digest * 31 + caller->index;
    outside->digest = outside->digest * 31 + where.line;
    for (uint32_t i = 0; i < 4; i++)
        outside->digest = outside->digest * 31 + arguments[i];
    uint32_t choice = random_below(&outside->state, 12);
    *result = outside->calls % 2 == 0 ? arguments[1] : random_below(&outside->state, 100);
    if (choice < 2)
        c0_machine_write(outside->machine, 1, *result); /* gi */
    return choice == 10   ? C0_EXTERNAL_FAULTS
           : choice == 11 ? C0_EXTERNAL_STOPS
                          : C0_EXTERNAL_RETURNS;
}

Test(c0_machine_agreement, readings_agree_on_calls_of_declared_functions)
{
    uint32_t ends[C0_STOPPED + 1] = {0};
    uint64_t calls = 0, state = 3;
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct arena *arena = arena_new();
        struct twins twins = twins_with_limits(random_program_with_external(arena, seed), limits);
        struct outside fast = {twins.fast, seed, 0, 0}, plain = {twins.plain, seed, 0, 0};
        c0_machine_attach_external(twins.fast, (struct c0_external){&fast, call_h0});
        c0_machine_attach_external(twins.plain, (struct c0_external){&plain, call_h0});
        if (seed % 2 == 0)
            twins_account(&twins);
        for (uint32_t i = 0; i < STOPS; i++) {
            ends[twins_call(&twins, "f", NULL, 1 + random_below(&state, 3000)).status]++;
            cr_assert_eq(fast.calls, plain.calls);
            cr_assert_eq(fast.digest, plain.digest);
        }
        calls += fast.calls;
        twins_free(&twins);
        arena_free(arena);
    }
    cr_assert_gt(ends[C0_RETURNED], PROGRAMS / 4);
    cr_assert_gt(ends[C0_STOPPED], PROGRAMS / 20);
    cr_assert_gt(calls, PROGRAMS);
}

Test(c0_machine_agreement, machine_that_was_stopped_runs_on_like_a_twin)
{
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct arena *arena = arena_new();
        struct twins twins = twins_with_limits(random_program(arena, seed), limits);
        for (uint64_t stop = 1; stop < 1000; stop = stop * 3 / 2 + 1)
            twins_call(&twins, "f", NULL, stop);
        twins_free(&twins);
        arena_free(arena);
    }
}
