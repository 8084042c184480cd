/* Runs C0 texts on both readings of the C0 machine and demands that they agree. */
#ifndef TESTS_UNIT_C0MACHINE_HARNESS_H
#define TESTS_UNIT_C0MACHINE_HARNESS_H

#include "semantics/c0/front.h"
#include "semantics/c0/machine.h"
#include "semantics/c0/show.h"

#include <criterion/criterion.h>

/* One program, and a machine for each reading. */
struct twins {
    struct arena *arena;
    const struct c0_program *program;
    struct c0_machine *fast, *plain;
    bool have_accounts;
    uint64_t changes; /* blocks of cells that calls have changed so far */
};

/* The program of the text, called "test.c0" in locations; the test fails if it is not valid C0. */
struct twins twins_of(const char *text);
struct twins twins_with_limits(const char *text, struct c0_limits limits);
/* Other machines of the same program, as new. */
void twins_renew(struct twins *twins, struct c0_limits limits);
void twins_free(struct twins *twins);

/* Both count statements and track changes from here on: twins_call compares these too. */
void twins_account(struct twins *twins);

/* Calls a function with as many words as it has parameters on both machines. The outcomes and all
 * globals and heap cells afterwards must be the same. */
struct c0_outcome twins_call(struct twins *twins, const char *function, const uint32_t *arguments,
                             uint64_t max_steps);

/* The same for a function without parameters and up to a million steps. */
struct c0_outcome twins_run(struct twins *twins, const char *function);

/* Loads, runs `f` without arguments, expects a return, and gives its result. */
uint32_t result_of(const char *text);

/* Loads, runs `f` without arguments, expects a fault with that rule at that place. */
void expect_fault(const char *text, enum c0_rule rule, uint32_t line, uint32_t column);

/* The word of a global's cell, on the fast machine. */
uint32_t global_word(const struct twins *twins, const char *global, uint32_t offset_cells);

#endif
