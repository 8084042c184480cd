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
