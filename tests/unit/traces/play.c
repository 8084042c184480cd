/* What was recorded comes back: state by state, from any place in the trace. */
#include "tests/unit/traces/rig.h"

#include "base/file.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

static void expect_state(const struct trace_player *player, const struct rig_states *states)
{
    uint64_t step = trace_player_step(player);
    struct trace_registers now =
        trace_registers_of(trace_player_state(player), trace_player_lines(player));
    cr_assert(step < states->count);
    for (unsigned i = 0; i < TRACE_REGISTER_COUNT; i++)
        cr_assert_eq(now.at[i], states->at[step].at[i],
                     "step %llu, register %u: 0x%08x instead of 0x%08x", (unsigned long long)step,
                     i, now.at[i], states->at[step].at[i]);
}

static void expect_memory(const struct trace_player *player, const struct rig_states *states)
{
    const struct trace_memory *memory = trace_player_memory(player);
    cr_assert_eq(memory->word_count, RIG_MEMORY_BYTES / 4);
    cr_assert_arr_eq(memory->words, states->memory, RIG_MEMORY_BYTES);
}

/* Plays all of it. */
static void expect_played(const struct rig *rig)
{
    struct arena *arena = arena_new();
    struct rig_states states;
    struct fault fault = {0};
    struct trace_step step;
    enum trace_player_status status;
    const char *path = rig_record(rig, arena, &states);
    struct trace *trace = rig_open(arena, path);
    struct trace_player *player = trace_player_new(arena, trace, &fault);
    cr_assert(player != NULL, "%s", fault.message);
    do {
        expect_state(player, &states);
        status = trace_player_next(player, &step, &fault);
    } while (status == TRACE_PLAYER_STEP);
    cr_assert_eq(status, TRACE_PLAYER_END, "%s", fault.message);
    cr_assert_eq(trace_player_step(player), states.count - 1);
    expect_memory(player, &states);
    trace_close(trace);
    unlink(path);
    arena_free(arena);
}

static void expect_played_with_intervals(enum rig_program program, uint64_t steps)
{
    static const uint64_t intervals[] = {1, 2, 7, 64, 1000, 0};
    for (unsigned i = 0; i < sizeof intervals / sizeof intervals[0]; i++) {
        for (uint64_t seed = 1; seed <= 3; seed++) {
            struct rig rig = rig_of(program, seed, steps);
            rig.interval = intervals[i];
            expect_played(&rig);
        }
    }
}

Test(trace_player, a_run_with_interrupts_and_devices_comes_back_state_by_state)
{
    expect_played_with_intervals(RIG_INTERRUPTS, 20000);
}

Test(trace_player, random_code_comes_back_state_by_state)
{
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct rig rig = rig_of(RIG_RANDOM, seed, 500);
        rig.interval = seed % 5 == 0 ? 0 : seed % 5;
        expect_played(&rig);
    }
}

Test(trace_player, a_processor_that_stops_stops_there_again)
{
    struct arena *arena = arena_new();
    struct rig rig = rig_of(RIG_STOPS, 1, 100000);
    struct fault fault = {0};
    struct trace_step step;
    enum trace_player_status status;
    expect_played_with_intervals(RIG_STOPS, 100000);
    const char *path = rig_record(&rig, arena, NULL);
    struct trace *trace = rig_open(arena, path);
    struct trace_player *player = trace_player_new(arena, trace, &fault);
    cr_assert(player != NULL);
    do
        status = trace_player_next(player, &step, &fault);
    while (status == TRACE_PLAYER_STEP);
    cr_assert_eq(status, TRACE_PLAYER_END);
    cr_assert(trace_player_ending(player)->is_stopped);
    cr_assert_str_eq(trace_player_ending(player)->reason, "stopped");
    cr_assert_eq(trace_player_diagnosis(player)->stop, VAMP_STOP_BUS_ERROR);
    cr_assert_eq(trace_player_diagnosis(player)->address, 0x70000000);
    trace_close(trace);
    unlink(path);
    arena_free(arena);
}

Test(trace_player, waiting_is_passed_over_without_missing_an_interrupt)
{
    expect_played_with_intervals(RIG_WAITS, 5000);
    struct arena *arena = arena_new();
    struct rig rig = rig_of(RIG_WAITS, 3, 50000);
    struct rig_states states;
    struct fault fault = {0};
    struct trace_step step;
    uint64_t played = 0, passed = 0, interrupts = 0;
    const char *path = rig_record(&rig, arena, &states);
    struct trace *trace = rig_open(arena, path);
    struct trace_player *player = trace_player_new(arena, trace, &fault);
    cr_assert(player != NULL);
    while (trace_player_next(player, &step, &fault) == TRACE_PLAYER_STEP) {
        uint64_t end = trace_player_waits_until(player);
        played++;
        interrupts += step.diagnosis.interrupts != 0;
        expect_state(player, &states);
        passed += end - trace_player_step(player);
        trace_player_skip(player, end);
        expect_state(player, &states);
    }
    cr_assert_eq(played + passed, rig.steps);
    cr_assert_gt(passed, rig.steps / 4);
    cr_assert_gt(interrupts, 100);
    trace_close(trace);
    unlink(path);
    arena_free(arena);
}

Test(trace_player, seeking_goes_to_any_step_forward_and_backward)
{
    static const uint64_t intervals[] = {1, 13, 1000, 0};
    for (unsigned i = 0; i < sizeof intervals / sizeof intervals[0]; i++) {
        struct arena *arena = arena_new();
        struct rig rig = rig_of(RIG_INTERRUPTS, 5, 60000);
        struct rig_states states;
        struct fault fault = {0};
        rig.interval = intervals[i];
        const char *path = rig_record(&rig, arena, &states);
        struct trace *trace = rig_open(arena, path);
        struct trace_player *player = trace_player_new(arena, trace, &fault);
        cr_assert(player != NULL, "%s", fault.message);
        for (uint64_t k = 0; k < 60; k++) {
            uint64_t step = k * 7919 % (rig.steps + 1);
            cr_assert_eq(trace_player_seek(player, step, &fault), TRACE_PLAYER_STEP, "%s",
                         fault.message);
            cr_assert_eq(trace_player_step(player), step);
            expect_state(player, &states);
        }
        cr_assert_eq(trace_player_seek(player, rig.steps, &fault), TRACE_PLAYER_STEP);
        expect_memory(player, &states);
        cr_assert_eq(trace_player_seek(player, rig.steps + 1, &fault), TRACE_PLAYER_END);
        cr_assert(!fault.is_set);
        trace_close(trace);
        unlink(path);
        arena_free(arena);
    }
}

Test(trace_writer, a_long_trace_has_sections_to_start_from)
{
    struct arena *arena = arena_new();
    struct rig rig = rig_of(RIG_INTERRUPTS, 5, 400000);
    rig.interval = 1;
    const char *path = rig_record(&rig, arena, NULL);
    struct trace *trace = rig_open(arena, path);
    cr_assert_gt(trace->section_count, 3);
    cr_assert_not(trace->is_cut);
    cr_assert_eq(trace_section_at(trace, 0), &trace->sections[0]);
    cr_assert_eq(trace_section_at(trace, trace->sections[2].step), &trace->sections[2]);
    cr_assert_eq(trace_section_at(trace, trace->sections[2].step - 1), &trace->sections[1]);
    cr_assert_eq(trace_section_at(trace, UINT64_MAX), &trace->sections[trace->section_count - 1]);
    trace_close(trace);
    unlink(path);
    arena_free(arena);
}

Test(trace_writer, equal_runs_make_equal_files)
{
    struct arena *arena = arena_new();
    struct rig rig = rig_of(RIG_INTERRUPTS, 5, 100000);
    struct fault fault = {0};
    struct text first, second;
    rig.interval = 0;
    const char *a = rig_record(&rig, arena, NULL), *b = rig_record(&rig, arena, NULL);
    cr_assert(file_read(arena, a, &first, &fault) && file_read(arena, b, &second, &fault));
    cr_assert(text_equals(first, second));
    unlink(a);
    unlink(b);
    arena_free(arena);
}

Test(trace_writer, what_cannot_be_written_is_reported)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    struct trace_setup setup = {.path = "/no/such/folder/x", .recorder = "rig"};
    cr_assert_null(trace_writer_new(arena, &setup, &fault));
    cr_assert(fault.is_set);
    fault = (struct fault){0};
    setup.path = "/dev/full";
    struct trace_writer *writer = trace_writer_new(arena, &setup, &fault);
    cr_assert_not_null(writer);
    struct vamp_machine *machine = vamp_machine_new(arena, RIG_MEMORY_BYTES);
    cr_assert(trace_writer_begin(writer, machine, NULL, &fault));
    struct trace_writer_end end = {.reason = "limit"};
    cr_assert_not(trace_writer_finish(writer, &end, &fault));
    cr_assert(fault.is_set && strstr(fault.message, "No space left") != NULL);
    arena_free(arena);
}
