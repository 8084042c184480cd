/* The stepping interface: what is said of the next step is what the step then does. */
#include "harness.h"

#include "random_program.h"
#include "semantics/c0/machine_step.h"

enum { PROGRAMS = 100, MOST_STEPS = 5000 };

static const struct c0_limits limits = {.heap_cells = 300, .stack_cells = 2000};

/* The predicted arguments are the first cells of the frame that the call makes. */
static void step_call(struct c0_steps *steps)
{
    uint32_t words[8], word;
    size_t depth = c0_steps_depth(steps);
    const struct c0_function *callee = c0_steps_node(steps, depth - 1)->stmt->callee;
    bool is_good = c0_steps_arguments(steps, words);
    c0_steps_step(steps);
    if (!is_good || c0_steps_has_ended(steps)) {
        cr_assert_eq(c0_steps_outcome(steps).status, C0_FAULTED);
        return;
    }
    cr_assert_eq(c0_steps_depth(steps), depth + 1);
    cr_assert_eq(c0_steps_function(steps, depth), callee);
    for (uint32_t i = 0; i < callee->parameter_count; i++) {
        cr_assert(c0_steps_variable(steps, depth, i, 0, &word));
        cr_assert_eq(word, words[i]);
    }
}

/* A local that waits for the result takes the predicted one. */
static void step_return(struct c0_steps *steps)
{
    uint32_t result, word;
    size_t depth = c0_steps_depth(steps);
    bool is_good = c0_steps_result(steps, &result);
    const struct c0_expr *place = depth < 2 ? NULL : c0_steps_node(steps, depth - 2)->stmt->place;
    c0_steps_step(steps);
    if (!is_good || depth == 1) {
        struct c0_outcome outcome = c0_steps_outcome(steps);
        cr_assert_eq(outcome.status, is_good ? C0_RETURNED : C0_FAULTED);
        cr_assert(!is_good || outcome.result == result);
        return;
    }
    cr_assert_eq(c0_steps_depth(steps), depth - 1);
    if (place == NULL || place->variable->scope == C0_SCOPE_GLOBAL)
        return;
    cr_assert(c0_steps_variable(steps, depth - 2, place->variable->index, 0, &word));
    cr_assert_eq(word, result);
}

static void step_new(const struct c0_machine *machine, struct c0_steps *steps)
{
    uint32_t cell = c0_steps_new_object(steps);
    const struct c0_type *type = c0_steps_node(steps, c0_steps_depth(steps) - 1)->stmt->allocated;
    struct c0_object object;
    c0_steps_step(steps);
    if (cell != 0) {
        cr_assert(c0_machine_object(machine, cell, &object));
        cr_assert(object.type == type && object.first_cell == cell);
        cr_assert_not(c0_machine_object(machine, cell + type->size_cells, &object));
    }
}

static void run_steps(struct c0_machine *machine, struct c0_steps *steps)
{
    for (unsigned i = 0; i < MOST_STEPS && !c0_steps_has_ended(steps); i++) {
        switch (c0_steps_node(steps, c0_steps_depth(steps) - 1)->kind) {
        case C0_FLOW_CALL:
            step_call(steps);
            break;
        case C0_FLOW_RETURN:
            step_return(steps);
            break;
        case C0_FLOW_NEW:
            step_new(machine, steps);
            break;
        case C0_FLOW_ASSIGN:
        case C0_FLOW_BRANCH:
        case C0_FLOW_ASM:
            c0_steps_step(steps);
        }
    }
}

Test(c0_machine_step, random_programs_do_what_is_said_of_their_next_step)
{
    uint32_t ends[C0_STOPPED + 1] = {0};
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct arena *arena = arena_new();
        struct twins twins = twins_with_limits(random_program(arena, seed), limits);
        const struct c0_function *function = c0_program_function(twins.program, "f", NULL);
        struct c0_steps *steps = c0_steps_new(twins.plain);
        for (unsigned call = 0; call < 2; call++) { /* the second one starts afresh */
            c0_steps_begin(steps, function, NULL);
            run_steps(twins.plain, steps);
            struct c0_outcome stepped = c0_steps_outcome(steps);
            struct c0_outcome whole = c0_machine_call(twins.fast, function, NULL, MOST_STEPS);
            cr_assert_eq(stepped.status, whole.status);
            cr_assert_eq(stepped.steps, whole.steps);
            cr_assert(!whole.has_result || stepped.result == whole.result);
            ends[whole.status]++;
        }
        twins_free(&twins);
        arena_free(arena);
    }
    cr_assert_gt(ends[C0_RETURNED], PROGRAMS / 4);
    cr_assert_gt(ends[C0_FAULTED], 0);
}

Test(c0_machine_step, locals_have_no_value_before_their_first)
{
    struct twins twins = twins_of("void f(int a) { int t[2]; int x; x = a; t[1] = x; }\n");
    struct c0_steps *steps = c0_steps_new(twins.plain);
    uint32_t word, argument = 7;
    c0_steps_begin(steps, c0_program_function(twins.program, "f", NULL), &argument);
    cr_assert(c0_steps_variable(steps, 0, 0, 0, &word));
    cr_assert_eq(word, 7);
    cr_assert_not(c0_steps_variable(steps, 0, 2, 0, &word));
    cr_assert(c0_steps_step(steps));
    cr_assert(c0_steps_variable(steps, 0, 2, 0, &word));
    cr_assert(c0_steps_step(steps));
    cr_assert_not(c0_steps_variable(steps, 0, 1, 0, &word));
    cr_assert(c0_steps_variable(steps, 0, 1, 1, &word));
    cr_assert_eq(c0_steps_node(steps, 0)->kind, C0_FLOW_RETURN);
    cr_assert_not(c0_steps_step(steps));
    twins_free(&twins);
}
