#include "harness.h"

#include "base/array.h"

struct twins twins_with_limits(const char *text, struct c0_limits limits)
{
    static const struct c0_front_options options = {.may_lack_definitions = true};
    struct twins twins = {.arena = arena_new()};
    twins.program = c0_load_text(twins.arena, "test.c0", text_of(text), &options, stderr);
    cr_assert_not_null(twins.program, "the text is valid C0:\n%s", text);
    twins_renew(&twins, limits);
    return twins;
}

void twins_renew(struct twins *twins, struct c0_limits limits)
{
    twins->fast = c0_machine_new(twins->arena, twins->program, limits);
    twins->plain = c0_machine_new(twins->arena, twins->program, limits);
    twins->have_accounts = false;
}

void twins_account(struct twins *twins)
{
    c0_machine_count_statements(twins->fast);
    c0_machine_count_statements(twins->plain);
    c0_machine_track_changes(twins->fast);
    c0_machine_track_changes(twins->plain);
    twins->have_accounts = true;
}

struct twins twins_of(const char *text)
{
    return twins_with_limits(text, c0_limits_default());
}

void twins_free(struct twins *twins)
{
    arena_free(twins->arena);
}

static void expect_same_memory(const struct twins *twins)
{
    struct c0_object fast, plain;
    uint32_t cell = 1;
    while (c0_machine_object(twins->fast, cell, &fast)) {
        cr_assert(c0_machine_object(twins->plain, cell, &plain));
        cr_assert(fast.type == plain.type && fast.first_cell == plain.first_cell);
        cr_assert_eq(c0_machine_read(twins->fast, cell), c0_machine_read(twins->plain, cell),
                     "cell %u", (unsigned)cell);
        cell++;
    }
    cr_assert_not(c0_machine_object(twins->plain, cell, &plain));
}

static void expect_same_counts(const struct twins *twins, const struct c0_function *function,
                               const struct c0_stmt *stmt)
{
    if (stmt == NULL)
        return;
    uint64_t fast = c0_machine_statement_count(twins->fast, function, stmt);
    uint64_t plain = c0_machine_statement_count(twins->plain, function, stmt);
    cr_assert_eq(fast, plain, "line %u: %lu, plain %lu", (unsigned)stmt->where.line,
                 (unsigned long)fast, (unsigned long)plain);
    expect_same_counts(twins, function, stmt->body);
    expect_same_counts(twins, function, stmt->otherwise);
    for (uint32_t i = 0; i < stmt->stmt_count; i++)
        expect_same_counts(twins, function, stmt->stmts[i]);
}

struct changes {
    ARRAY(uint32_t) ranges; /* first cell, cells, ... */
    struct arena *arena;
};

static void note_change(void *self, uint32_t first_cell, uint32_t cells)
{
    struct changes *changes = self;
    ARRAY_PUSH(changes->arena, &changes->ranges, first_cell);
    ARRAY_PUSH(changes->arena, &changes->ranges, cells);
}

static void expect_same_changes(struct twins *twins)
{
    struct changes fast = {.arena = twins->arena}, plain = {.arena = twins->arena};
    c0_machine_each_change(twins->fast, note_change, &fast);
    c0_machine_each_change(twins->plain, note_change, &plain);
    cr_assert_eq(fast.ranges.count, plain.ranges.count);
    for (size_t i = 0; i < fast.ranges.count; i++)
        cr_assert_eq(fast.ranges.at[i], plain.ranges.at[i]);
    twins->changes += fast.ranges.count / 2;
}

static void expect_same_accounts(struct twins *twins)
{
    for (uint32_t i = 0; i < twins->program->function_count; i++)
        expect_same_counts(twins, twins->program->functions[i], twins->program->functions[i]->body);
    expect_same_changes(twins);
}

struct c0_outcome twins_call(struct twins *twins, const char *name, const uint32_t *arguments,
                             uint64_t max_steps)
{
    const struct c0_function *function = c0_program_function(twins->program, name, NULL);
    cr_assert_not_null(function);
    struct c0_outcome fast = c0_machine_call(twins->fast, function, arguments, max_steps);
    struct c0_outcome plain = c0_machine_call_plain(twins->plain, function, arguments, max_steps);
    cr_assert_eq(fast.status, plain.status, "status %d, plain %d", fast.status, plain.status);
    cr_assert_eq(fast.steps, plain.steps, "steps %lu, plain %lu", (unsigned long)fast.steps,
                 (unsigned long)plain.steps);
    cr_assert_eq(fast.has_result, plain.has_result);
    if (fast.has_result)
        cr_assert_eq(fast.result, plain.result);
    if (fast.status == C0_FAULTED)
        cr_assert_eq(fast.rule, plain.rule);
    if (fast.status == C0_FAULTED || fast.status == C0_STOPPED) {
        cr_assert_str_eq(fast.where.file, plain.where.file);
        cr_assert_eq(fast.where.line, plain.where.line);
        cr_assert_eq(fast.where.column, plain.where.column);
    }
    expect_same_memory(twins);
    if (twins->have_accounts)
        expect_same_accounts(twins);
    return fast;
}

struct c0_outcome twins_run(struct twins *twins, const char *function)
{
    return twins_call(twins, function, NULL, 1000000);
}

uint32_t result_of(const char *text)
{
    struct twins twins = twins_of(text);
    struct c0_outcome outcome = twins_run(&twins, "f");
    cr_assert_eq(outcome.status, C0_RETURNED, "%s", text);
    cr_assert(outcome.has_result);
    twins_free(&twins);
    return outcome.result;
}

void expect_fault(const char *text, enum c0_rule rule, uint32_t line, uint32_t column)
{
    struct twins twins = twins_of(text);
    struct c0_outcome outcome = twins_run(&twins, "f");
    cr_assert_eq(outcome.status, C0_FAULTED, "%s", text);
    cr_assert_eq(outcome.rule, rule, "rule %s", c0_rule_name(outcome.rule));
    cr_assert_str_eq(outcome.where.file, "test.c0");
    cr_assert_eq(outcome.where.line, line, "line %u", (unsigned)outcome.where.line);
    cr_assert_eq(outcome.where.column, column, "column %u", (unsigned)outcome.where.column);
    twins_free(&twins);
}

uint32_t global_word(const struct twins *twins, const char *name, uint32_t offset_cells)
{
    const struct c0_variable *global = c0_program_global(twins->program, name, NULL);
    cr_assert_not_null(global);
    return c0_machine_read(twins->fast, c0_machine_global_cell(twins->fast, global) + offset_cells);
}
