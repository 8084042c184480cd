/* The first difference of two traces is found at its step, whatever their intervals. */
#include "traces/diff.h"
#include "tests/unit/traces/made.h"
#include "tests/unit/traces/rig.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

static struct trace_difference compared(const struct rig *a, const struct rig *b)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    struct trace_difference difference;
    const char *paths[2] = {rig_record(a, arena, NULL), rig_record(b, arena, NULL)};
    struct trace *traces[2] = {rig_open(arena, paths[0]), rig_open(arena, paths[1])};
    cr_assert(trace_diff(traces[0], traces[1], &difference, &fault), "%s", fault.message);
    for (unsigned side = 0; side < 2; side++) {
        trace_close(traces[side]);
        unlink(paths[side]);
    }
    arena_free(arena);
    return difference;
}

static const uint64_t intervals[] = {1, 7, 64, 1000, 0};
enum { INTERVAL_COUNT = sizeof intervals / sizeof intervals[0] };

Test(trace_diff, equal_runs_with_different_intervals_are_the_same)
{
    for (unsigned i = 0; i < INTERVAL_COUNT; i++) {
        for (unsigned j = 0; j < INTERVAL_COUNT; j++) {
            struct rig a = rig_of(RIG_INTERRUPTS, 4, 3001), b = a;
            a.interval = intervals[i];
            b.interval = intervals[j];
            struct trace_difference difference = compared(&a, &b);
            cr_assert_eq(difference.kind, TRACE_SAME, "%s", difference.what);
            cr_assert_eq(difference.step, 3001);
        }
    }
}

/* The first step at or after `from` whose lines, or whose inputs, make a difference: by comparing
 * all states of both runs, one by one. */
static uint64_t first_difference(const struct rig *a, const struct rig *b, bool *is_line)
{
    struct arena *arena = arena_new();
    struct rig_states left, right;
    unlink(rig_record(a, arena, &left));
    unlink(rig_record(b, arena, &right));
    uint64_t step = 0;
    while (step < left.count && step < right.count &&
           memcmp(&left.at[step], &right.at[step], sizeof left.at[step]) == 0)
        step++;
    cr_assert(step > 0 && step < left.count && step < right.count);
    *is_line = left.at[step].at[TRACE_REGISTER_LINES] != right.at[step].at[TRACE_REGISTER_LINES];
    left.at[step].at[TRACE_REGISTER_LINES] = right.at[step].at[TRACE_REGISTER_LINES];
    if (memcmp(&left.at[step], &right.at[step], sizeof left.at[step]) != 0)
        *is_line = false;
    arena_free(arena);
    return step;
}

static void expect_found(const struct rig *first, const struct rig *second)
{
    bool is_line;
    /* A difference of the states before a step is the doing of the step before it; one of the
     * lines is an input of the step itself. */
    uint64_t step = first_difference(first, second, &is_line);
    for (unsigned i = 0; i < INTERVAL_COUNT; i++) {
        for (unsigned j = 0; j < INTERVAL_COUNT; j++) {
            struct rig a = *first, b = *second;
            a.interval = intervals[i];
            b.interval = intervals[j];
            struct trace_difference difference = compared(&a, &b);
            cr_assert_eq(difference.kind, TRACE_DIFFERENT_STEP);
            cr_assert_eq(difference.step, is_line ? step : step - 1,
                         "step %llu instead of %llu: %s", (unsigned long long)difference.step,
                         (unsigned long long)step, difference.what);
        }
    }
}

Test(trace_diff, another_word_from_a_device_is_found)
{
    for (uint64_t step = 100; step < 2000; step += 450) {
        struct rig a = rig_of(RIG_INTERRUPTS, 4, 3001), b = a;
        b.other_word_step = step;
        expect_found(&a, &b);
    }
}

Test(trace_diff, another_interrupt_line_is_found)
{
    for (uint64_t step = 100; step < 2000; step += 450) {
        struct rig a = rig_of(RIG_INTERRUPTS, 4, 3001), b = a;
        b.other_line_step = step;
        expect_found(&a, &b);
    }
}

Test(trace_diff, waiting_does_not_hide_a_difference)
{
    struct rig a = rig_of(RIG_WAITS, 4, 3001), b = a;
    b.other_line_step = 1500;
    expect_found(&a, &b);
}

Test(trace_diff, another_word_in_memory_is_a_different_start)
{
    struct rig a = rig_of(RIG_INTERRUPTS, 4, 500), b = a;
    b.other_memory = 1;
    struct trace_difference difference = compared(&a, &b);
    cr_assert_eq(difference.kind, TRACE_DIFFERENT_START);
    cr_assert_eq(difference.step, 0);
    cr_assert_str_eq(difference.what, "the word at 0x0000f000 is 0x00000000 in A, 0x00000001 in B");
}

Test(trace_diff, a_shorter_run_differs_where_it_ends)
{
    struct rig a = rig_of(RIG_INTERRUPTS, 4, 777), b = a;
    b.steps = 778;
    b.interval = 1000;
    struct trace_difference difference = compared(&a, &b);
    cr_assert_eq(difference.kind, TRACE_DIFFERENT_END);
    cr_assert_eq(difference.step, 777);
    cr_assert_str_eq(difference.what, "before step 777: A limit, B goes on");
}

Test(trace_diff, another_reason_or_digest_at_the_end_differs)
{
    char ones[65] = {0}, twos[65] = {0};
    memset(ones, '1', 64);
    memset(twos, '2', 64);
    struct rig a = rig_of(RIG_INTERRUPTS, 4, 500), b = a;
    b.reason = "halted";
    struct trace_difference difference = compared(&a, &b);
    cr_assert_eq(difference.kind, TRACE_DIFFERENT_END);
    cr_assert_eq(difference.step, 500);
    b.reason = a.reason;
    a.digest = ones;
    cr_assert_eq(compared(&a, &b).kind, TRACE_SAME); /* B does not say */
    b.digest = twos;
    cr_assert_eq(compared(&a, &b).kind, TRACE_DIFFERENT_END);
    b.digest = ones;
    cr_assert_eq(compared(&a, &b).kind, TRACE_SAME);
}

/* Registers 0 and 1 change as `after` says in the one step of this trace: a no-op at address 0. */
static struct trace *one_step(struct arena *arena, uint64_t after)
{
    struct fault fault = {0};
    struct made made = made_new(arena, 4096);
    made_block(&made, 1, 0);
    MADE(&made, 1, 0, 1, 2 * UINT64_C(0x34210000));
    MADE(&made, 2, 0, 1, 1, 2 * 4);
    MADE(&made, 2, 1, 2, 0, 2 * after, 0, 2 * 4);
    MADE(&made, 6, 0, 0, 0);
    struct trace *trace = trace_open_bytes(arena, "made", made_end(&made), &fault);
    cr_assert(trace != NULL, "%s", fault.message);
    return trace;
}

Test(trace_diff, a_trace_that_does_not_follow_is_refused_not_different)
{
    struct arena *arena = arena_new();
    struct trace *good = one_step(arena, 4), *bad = one_step(arena, 8);
    struct trace_difference difference;
    struct fault fault = {0};
    cr_assert(trace_diff(good, good, &difference, &fault));
    cr_assert_eq(difference.kind, TRACE_SAME);
    cr_assert_not(trace_diff(good, bad, &difference, &fault));
    cr_assert(strstr(fault.message, "between steps 0 and 1: dpc is 0x00000004") != NULL);
    fault = (struct fault){0};
    cr_assert_not(trace_diff(bad, good, &difference, &fault));
    arena_free(arena);
}
