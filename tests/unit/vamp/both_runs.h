/* For tests of programs on both runs of the machine, the fast and the plain one. */
#ifndef TESTS_UNIT_VAMP_BOTH_RUNS_H
#define TESTS_UNIT_VAMP_BOTH_RUNS_H

#include "tests/unit/vamp/program.h"

typedef struct vamp_run run_function(struct vamp_machine *machine, uint64_t max_steps);
static run_function *const runs[] = {vamp_machine_run, vamp_machine_run_plain};

#define EACH_RUN(run)                                                                              \
    for (run_function *const *run_at = runs, *run = *run_at; run_at < runs + 2;                    \
         run = ++run_at < runs + 2 ? *run_at : NULL)

static struct arena *arena;

static void make_arena(void)
{
    arena = arena_new();
}

static void free_arena(void)
{
    arena_free(arena);
}

static struct vamp_machine *begin(const char *text)
{
    return program_machine(arena, 4096, text);
}

#endif
