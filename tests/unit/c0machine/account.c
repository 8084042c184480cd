/* Functions that are only declared, counts of statements, tracked changes: what the C0 machine
 * keeps for whoever runs it beside another. */
#include "harness.h"

static uint32_t sum_of_arguments;

static enum c0_external_outcome outside(void *self, const struct c0_function *function,
                                        const uint32_t *arguments, const struct c0_function *caller,
                                        struct location where, uint32_t *result)
{
    enum c0_external_outcome *answer = self;
    sum_of_arguments = 0;
    for (uint32_t i = 0; i < function->parameter_count; i++)
        sum_of_arguments += arguments[i];
    cr_assert_str_eq(caller->name, "f");
    cr_assert_gt(where.line, 0);
    *result = sum_of_arguments + 1;
    return *answer;
}

static struct twins twins_calling(const char *text, enum c0_external_outcome *answer)
{
    struct twins twins = twins_of(text);
    c0_machine_attach_external(twins.fast, (struct c0_external){answer, outside});
    c0_machine_attach_external(twins.plain, (struct c0_external){answer, outside});
    return twins;
}

static const char calling_text[] = "unsigned int add(unsigned int a, unsigned int b);\n"
                                   "void tell(unsigned int a);\n"
                                   "unsigned int g;\n"
                                   "unsigned int f() { unsigned int x;\n"
                                   "  x = add(2u, 3u);\n"
                                   "  g = add(x, 1u);\n"
                                   "  tell(g);\n"
                                   "  add(x, x);\n"
                                   "  return x * 100u + g; }\n";

Test(c0_machine_external, results_reach_locals_and_globals)
{
    enum c0_external_outcome answer = C0_EXTERNAL_RETURNS;
    struct twins twins = twins_calling(calling_text, &answer);
    struct c0_outcome outcome = twins_run(&twins, "f");
    cr_assert_eq(outcome.status, C0_RETURNED);
    cr_assert_eq(outcome.result, 608);
    cr_assert_eq(outcome.steps, 5); /* a call is one step */
    cr_assert_eq(sum_of_arguments, 12);
    twins_free(&twins);
}

Test(c0_machine_external, call_outside_its_precondition_is_a_fault_where_it_stands)
{
    enum c0_external_outcome answer = C0_EXTERNAL_FAULTS;
    struct twins twins = twins_calling(calling_text, &answer);
    struct c0_outcome outcome = twins_run(&twins, "f");
    cr_assert_eq(outcome.status, C0_FAULTED);
    cr_assert_eq(outcome.rule, C0_RULE_PRECONDITION);
    cr_assert_str_eq(c0_rule_name(outcome.rule), "precondition");
    cr_assert_eq(outcome.where.line, 5);
    cr_assert_eq(outcome.steps, 0);
    twins_free(&twins);
}

Test(c0_machine_external, run_ends_before_a_call_that_stops_it)
{
    enum c0_external_outcome answer = C0_EXTERNAL_STOPS;
    struct twins twins = twins_calling("void tell(unsigned int a);\nint g;\n"
                                       "void f() { g = 1; g = 2;\n  tell(3u);\n  g = 3; }\n",
                                       &answer);
    struct c0_outcome outcome = twins_run(&twins, "f");
    cr_assert_eq(outcome.status, C0_STOPPED);
    cr_assert_eq(outcome.steps, 2);
    cr_assert_eq(outcome.where.line, 4);
    cr_assert_eq(global_word(&twins, "g", 0), 2);
    twins_free(&twins);
}

Test(c0_machine_external, call_of_a_declared_function_faults_where_nobody_answers)
{
    struct twins twins = twins_of(calling_text);
    struct c0_outcome outcome = twins_run(&twins, "f");
    cr_assert_eq(outcome.status, C0_FAULTED);
    cr_assert_eq(outcome.rule, C0_RULE_PRECONDITION);
    twins_free(&twins);
}

static uint64_t count_at(const struct twins *twins, const char *name, const struct c0_stmt *stmt)
{
    const struct c0_function *function = c0_program_function(twins->program, name, NULL);
    return c0_machine_statement_count(twins->fast, function, stmt);
}

Test(c0_machine_counts, steps_are_counted_by_statement)
{
    struct twins twins = twins_of("int g;\n"
                                  "void up() { g = g + 1; }\n"
                                  "void f() { int i; i = 0;\n"
                                  "  while (i < 7) { if (i > 4) { up(); } i = i + 1; }\n"
                                  "  if (g > 100) { g = 0; } }\n");
    twins_account(&twins);
    twins_run(&twins, "f");
    const struct c0_stmt *body = c0_program_function(twins.program, "f", NULL)->body;
    const struct c0_stmt *loop = body->stmts[1], *last = body->stmts[2];
    const struct c0_stmt *test = loop->body->stmts[0];
    cr_assert_eq(count_at(&twins, "f", body->stmts[0]), 1);
    cr_assert_eq(count_at(&twins, "f", loop), 8);
    cr_assert_eq(count_at(&twins, "f", test), 7);
    cr_assert_eq(count_at(&twins, "f", test->body->stmts[0]), 2);
    cr_assert_eq(count_at(&twins, "f", last), 1);
    cr_assert_eq(count_at(&twins, "f", last->body->stmts[0]), 0);
    const struct c0_function *up = c0_program_function(twins.program, "up", NULL);
    cr_assert_eq(count_at(&twins, "up", up->body->stmts[0]), 2);
    twins_run(&twins, "f");
    cr_assert_eq(count_at(&twins, "f", loop), 16);
    twins_free(&twins);
}

Test(c0_machine_counts, statement_that_faults_was_begun)
{
    struct twins twins =
        twins_of("int g;\nint f() { int x; x = 1; x = 1 / g; g = 2; return x; }\n");
    twins_account(&twins);
    twins_run(&twins, "f");
    const struct c0_stmt *body = c0_program_function(twins.program, "f", NULL)->body;
    cr_assert_eq(count_at(&twins, "f", body->stmts[1]), 1);
    cr_assert_eq(count_at(&twins, "f", body->stmts[2]), 0);
    twins_free(&twins);
}

struct seen {
    uint32_t first[8], cells[8], count;
};

static void see(void *self, uint32_t first_cell, uint32_t cells)
{
    struct seen *seen = self;
    cr_assert_lt(seen->count, 8);
    seen->first[seen->count] = first_cell;
    seen->cells[seen->count++] = cells;
}

/* Not twins_run, which asks for the changes itself. */
static struct seen changes_of(struct c0_machine *machine, const struct twins *twins,
                              const char *name)
{
    struct seen seen = {.count = 0};
    c0_machine_call(machine, c0_program_function(twins->program, name, NULL), NULL, 1000);
    c0_machine_each_change(machine, see, &seen);
    return seen;
}

Test(c0_machine_changes, written_blocks_of_cells_are_visited_once_and_in_order)
{
    struct twins twins = twins_of("struct s { int a[3]; struct s *next; };\n"
                                  "int t[200]; struct s o; struct s *p; int k = 130;\n"
                                  "void f() { t[k] = 0; t[0] = 1; }\n"
                                  "void none() { int x; x = t[100]; }\n"
                                  "void copy() { struct s l; l = o; o = l; }\n"
                                  "void alloc() { p = new(struct s); }\n");
    c0_machine_call(twins.fast, c0_program_function(twins.program, "f", NULL), NULL, 1000);
    c0_machine_track_changes(twins.fast); /* also where code was run before */
    struct seen seen = changes_of(twins.fast, &twins, "f");
    cr_assert_eq(seen.count, 2);
    cr_assert(seen.first[0] == 1 && seen.cells[0] == 63); /* cell 0 is NULL */
    cr_assert(seen.first[1] == 128 && seen.cells[1] == 64);
    cr_assert_eq(changes_of(twins.fast, &twins, "none").count, 0);
    seen = changes_of(twins.fast, &twins, "copy"); /* o: cells 201 to 204, of 206 */
    cr_assert(seen.count == 1 && seen.first[0] == 192 && seen.cells[0] == 15);
    seen = changes_of(twins.fast, &twins, "alloc"); /* p, and the object's cells behind k */
    cr_assert(seen.count == 1 && seen.first[0] == 192 && seen.cells[0] == 19);
    c0_machine_write(twins.fast, 70, 5);
    seen = changes_of(twins.fast, &twins, "none");
    cr_assert(seen.count == 1 && seen.first[0] == 64 && seen.cells[0] == 64);
    twins_free(&twins);
}
