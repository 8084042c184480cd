/* Timelines of moments that are made up. The pictures that are written are looked at by
 * tests/cosim_timeline/pictures.py. */
#include "cosim/timeline.h"

#include "base/file.h"
#include "cosim/timeline_parts.h"

#include <criterion/criterion.h>
#include <string.h>

#define PICTURES BINARY_ROOT "/timelines/"

static void add(struct timeline *timeline, enum cosim_moment_kind kind, uint64_t step,
                uint32_t process, uint32_t number)
{
    timeline_record(
        timeline,
        &(struct cosim_moment){.kind = kind, .step = step, .process = process, .number = number});
}

static void add_call(struct timeline *timeline, uint64_t step, enum cvm_primitive primitive,
                     uint32_t first, uint32_t second)
{
    struct cvm_call call = {.primitive = primitive, .arguments = {first, second}};
    timeline_record(timeline,
                    &(struct cosim_moment){
                        .kind = COSIM_PRIMITIVE, .step = step, .number = primitive, .call = &call});
}

static void add_event(struct timeline *timeline, uint64_t step, unsigned device)
{
    timeline_record(timeline, &(struct cosim_moment){.kind = COSIM_EVENT,
                                                     .step = step,
                                                     .device = device,
                                                     .number = DEVICE_EVENT_TICK});
}

/* Boot, process 3 with a page fault and a trap, then nobody. */
static struct timeline *small(struct arena *arena)
{
    struct timeline *timeline = timeline_new(arena);
    add(timeline, COSIM_ENTRY, 0, 0, 1);
    add_call(timeline, 50, CVM_PRIMITIVE_ALLOC, 3, 4);
    add(timeline, COSIM_EXIT, 100, 3, 0);
    add(timeline, COSIM_CHECK, 100, 3, 77);
    add(timeline, COSIM_PAGE_FAULT, 300, 3, 0x1234);
    add(timeline, COSIM_SWAP_WRITE, 350, 3, 3);
    add(timeline, COSIM_SWAP_READ, 360, 3, 3);
    add(timeline, COSIM_EXIT, 400, 3, 0);
    add_event(timeline, 450, 0);
    add(timeline, COSIM_ENTRY, 600, 3, 1 << VAMP_INTERRUPT_TRAP);
    add(timeline, COSIM_SWEEP, 700, 3, 1000);
    add(timeline, COSIM_EXIT, 700, 0, 0);
    return timeline;
}

static const char *picture(struct arena *arena, const struct timeline *timeline,
                           const struct timeline_caption *caption, const char *path)
{
    struct fault fault = {0};
    struct text content;
    cr_assert(file_make_directory(PICTURES, &fault));
    cr_assert(timeline_write(arena, timeline, caption, path, &fault), "%s", fault.message);
    cr_assert(file_read(arena, path, &content, &fault));
    return content.at;
}

static bool has_lane(const char *svg, const char *name)
{
    char text[64];
    snprintf(text, sizeof text, "\">%s</text>", name);
    return strstr(svg, text) != NULL;
}

/* --- What is recorded --- */

Test(timeline, time_between_entry_and_exit_is_the_kernel_s_and_else_the_process_s)
{
    static const struct timeline_span expected[] = {
        {0, 100, TIMELINE_KERNEL, 0, 1, 0},       {100, 300, TIMELINE_RUNS, 3, 0, 0},
        {300, 400, TIMELINE_FAULT, 3, 0, 0x1234}, {400, 600, TIMELINE_RUNS, 3, 0, 0},
        {600, 700, TIMELINE_KERNEL, 3, 32, 0},    {700, 1000, TIMELINE_WAITS, 0, 0, 0}};
    struct arena *arena = arena_new();
    struct timeline_spans spans =
        timeline_spans_in(arena, small(arena), (struct timeline_window){0, 1000});
    cr_assert_eq(spans.count, 6u);
    for (size_t i = 0; i < 6; i++) {
        cr_assert_eq(spans.at[i].start, expected[i].start);
        cr_assert_eq(spans.at[i].end, expected[i].end);
        cr_assert_eq(spans.at[i].state, expected[i].state);
        cr_assert_eq(spans.at[i].process, expected[i].process);
        cr_assert_eq(spans.at[i].cause, expected[i].cause);
        cr_assert_eq(spans.at[i].data, expected[i].data);
    }
    arena_free(arena);
}

Test(timeline, window_cuts_spans_at_its_edges)
{
    struct arena *arena = arena_new();
    struct timeline_spans spans =
        timeline_spans_in(arena, small(arena), (struct timeline_window){350, 450});
    cr_assert_eq(spans.count, 2u);
    cr_assert_eq(spans.at[0].state, TIMELINE_FAULT);
    cr_assert_eq(spans.at[0].start, 350u);
    cr_assert_eq(spans.at[1].end, 450u);
    arena_free(arena);
}

Test(timeline, shares_of_a_window_are_those_of_its_time)
{
    struct arena *arena = arena_new();
    struct timeline_window window = {0, 1000};
    struct timeline_spans spans = timeline_spans_in(arena, small(arena), window);
    struct timeline_shares *shares = ARENA_NEW(arena, struct timeline_shares);
    for (size_t i = 0; i < spans.count; i++)
        timeline_add_share(shares, window, &spans.at[i]);
    cr_assert_float_eq(shares->total[TIMELINE_RUNS], 0.4, 1e-9);
    cr_assert_float_eq(shares->total[TIMELINE_KERNEL], 0.2, 1e-9);
    cr_assert_float_eq(shares->total[TIMELINE_FAULT], 0.1, 1e-9);
    cr_assert_float_eq(shares->total[TIMELINE_WAITS], 0.3, 1e-9);
    for (unsigned column = 0; column < TIMELINE_COLUMNS; column++) {
        float sum = 0;
        for (unsigned state = 0; state < TIMELINE_STATE_COUNT; state++)
            sum += shares->of[state][column];
        cr_assert_float_eq(sum, 1, 1e-3);
    }
    arena_free(arena);
}

Test(timeline, primitives_say_how_many_pages_a_process_has)
{
    struct arena *arena = arena_new();
    struct timeline *timeline = timeline_new(arena);
    add_call(timeline, 10, CVM_PRIMITIVE_ALLOC, 2, 5);
    add_call(timeline, 20, CVM_PRIMITIVE_FREE, 2, 1);
    add_call(timeline, 30, CVM_PRIMITIVE_CLONE, 6, 2);
    add_call(timeline, 40, CVM_PRIMITIVE_RESET, 2, 0);
    static const uint32_t expected[][2] = {{2, 5}, {2, 4}, {6, 4}, {2, 0}};
    cr_assert_eq(timeline->changes.count, 4u);
    for (size_t i = 0; i < 4; i++) {
        cr_assert_eq(timeline->changes.at[i].step, 10 * (i + 1));
        cr_assert_eq(timeline->changes.at[i].process, expected[i][0]);
        cr_assert_eq(timeline->changes.at[i].pages, expected[i][1]);
    }
    arena_free(arena);
}

/* A directory of one program, "hog", at sector 40. */
static struct text disk_with_hog(struct arena *arena)
{
    static const unsigned char head[] = {'D', 'I', 'S', 'K', 1, 0, 0, 0, 'h', 'o', 'g'};
    unsigned char *bytes = arena_alloc(arena, 4096);
    memcpy(bytes, head, sizeof head);
    bytes[24] = 40;
    return (struct text){(const char *)bytes, 4096};
}

Test(timeline, processes_are_called_by_the_program_that_is_loaded)
{
    struct arena *arena = arena_new();
    struct timeline *timeline = timeline_new(arena);
    timeline_name_programs(timeline, disk_with_hog(arena));
    add_call(timeline, 10, CVM_PRIMITIVE_LOAD, 2, 40);
    add_call(timeline, 20, CVM_PRIMITIVE_CLONE, 3, 2);
    add_call(timeline, 30, CVM_PRIMITIVE_LOAD, 4, 48);
    cr_assert_str_eq(timeline_process(arena, timeline, 2), "hog (2)");
    cr_assert_str_eq(timeline_process(arena, timeline, 3), "hog (3)");
    cr_assert_str_eq(timeline_process(arena, timeline, 4), "process 4");
    arena_free(arena);
}

Test(timeline, names_that_are_too_long_are_cut)
{
    struct arena *arena = arena_new();
    struct timeline *timeline = timeline_new(arena);
    struct text disk = disk_with_hog(arena);
    memcpy((char *)disk.at + 8, "abcdefghijklmnop", 16);
    timeline_name_programs(timeline, disk);
    add_call(timeline, 10, CVM_PRIMITIVE_LOAD, 2, 40);
    cr_assert_str_eq(timeline_process(arena, timeline, 2), "abcdefghijk.. (2)");
    arena_free(arena);
}

Test(timeline, disks_without_a_directory_name_nothing)
{
    struct arena *arena = arena_new();
    struct timeline *timeline = timeline_new(arena);
    char *bytes = arena_alloc(arena, 4096);
    timeline_name_programs(timeline, (struct text){bytes, 0});
    timeline_name_programs(timeline, (struct text){bytes, 4096});
    memset(bytes, 0xFF, 4096);
    memcpy(bytes, disk_with_hog(arena).at, 4);
    timeline_name_programs(timeline, (struct text){bytes, 4096}); /* countless programs */
    cr_assert_leq(timeline->programs.count, 4096u / 36);
    arena_free(arena);
}

/* --- What is shown --- */

Test(timeline, every_kind_of_moment_has_its_lane_and_others_have_none)
{
    struct arena *arena = arena_new();
    struct timeline_caption caption = {.title = "small"};
    const char *svg = picture(arena, small(arena), &caption, PICTURES "small.svg");
    static const char *const there[] = {"process 3",  "runs",        "primitives", "page faults",
                                        "swap reads", "swap writes", "timer",      "checks",
                                        "sweeps",     "all"};
    static const char *const absent[] = {"process 1", "serial", "system disk", "swap disk"};
    for (size_t i = 0; i < sizeof there / sizeof *there; i++)
        cr_assert(has_lane(svg, there[i]), "%s", there[i]);
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        cr_assert_not(has_lane(svg, absent[i]), "%s", absent[i]);
    cr_assert(strstr(svg, "page fault of process 3 at 0x00001234, step 300"));
    cr_assert(strstr(svg, "process 3 has 4 pages"));
    cr_assert_null(strstr(svg, "In detail"));
    arena_free(arena);
}

Test(timeline, nothing_recorded_is_a_picture_too)
{
    struct arena *arena = arena_new();
    struct timeline_caption caption = {.title = ""};
    const char *svg = picture(arena, timeline_new(arena), &caption, PICTURES "nothing.svg");
    cr_assert(has_lane(svg, "all"));
    cr_assert_not(has_lane(svg, "checks"));
    arena_free(arena);
}

Test(timeline, titles_may_hold_anything)
{
    struct arena *arena = arena_new();
    struct timeline_caption caption = {.title = "a<b>&\"c'\x01\xff\xc3\xa4\xed\xa0\x80\xc0\xaf"};
    const char *svg = picture(arena, small(arena), &caption, PICTURES "title.svg");
    cr_assert(strstr(svg, "a&lt;b&gt;&amp;\"c'??\xc3\xa4"));
    arena_free(arena);
}

/* Round robin of `processes`, each for 2000 steps, until `steps`; checks and ticks all along. */
static struct timeline *long_run(struct arena *arena, uint32_t processes, uint64_t steps)
{
    struct timeline *timeline = timeline_new(arena);
    add(timeline, COSIM_ENTRY, 0, 0, 1);
    for (uint32_t p = 1; p <= processes; p++)
        add_call(timeline, p, CVM_PRIMITIVE_ALLOC, p, 8);
    for (uint64_t step = 1000; step < steps; step += 3000) {
        uint32_t process = 1 + (uint32_t)(step / 3000 % processes);
        add(timeline, COSIM_EXIT, step, process, 0);
        add(timeline, COSIM_CHECK, step, process, 10);
        if (step % 7 == 0) {
            add(timeline, COSIM_PAGE_FAULT, step + 1000, process, 0x1000);
            add(timeline, COSIM_SWAP_READ, step + 1100, process, process);
            add(timeline, COSIM_EXIT, step + 1200, process, 0);
        }
        add_event(timeline, step + 1900, 0);
        add(timeline, COSIM_ENTRY, step + 2000, process, 1 << VAMP_INTERRUPT_DEVICE_0);
        add_call(timeline, step + 2500, CVM_PRIMITIVE_GET_GPR, process, 11);
        if (step % 100 == 0)
            add(timeline, COSIM_SWEEP, step + 2600, process, 100000);
    }
    return timeline;
}

Test(timeline, long_runs_of_many_processes_make_files_of_a_few_megabytes)
{
    struct arena *arena = arena_new();
    struct timeline *timeline = long_run(arena, 127, 100000000);
    struct timeline_caption caption = {.title = "long"};
    const char *svg = picture(arena, timeline, &caption, PICTURES "long.svg");
    cr_assert_lt(strlen(svg), 4u << 20);
    cr_assert(strstr(svg, "In detail"));
    cr_assert(has_lane(svg, "process 127"));
    arena_free(arena);
}

Test(timeline, detail_ends_at_the_divergence)
{
    struct arena *arena = arena_new();
    struct timeline *timeline = long_run(arena, 5, 1000000);
    struct cosim_result result = {.status = COSIM_DIVERGED, .counts.steps = 1000500};
    struct timeline_caption caption = {.title = "diverges", .result = &result};
    struct timeline_window detail;
    snprintf(result.divergence.text, sizeof result.divergence.text, "word 4 of process 2 differs");
    add(timeline, COSIM_DIVERGENCE, 1000500, 2, COSIM_MEMORY);
    cr_assert(timeline_detail(timeline, (struct timeline_window){0, 1000500}, &detail));
    cr_assert_eq(detail.to, 1000500u);
    cr_assert_gt(detail.from, 1000500u - 3000 * (TIMELINE_DETAIL_RUNS + 1));
    const char *svg = picture(arena, timeline, &caption, PICTURES "diverges.svg");
    cr_assert(strstr(svg, "divergence: memory"));
    cr_assert(strstr(svg, "word 4 of process 2 differs"));
    arena_free(arena);
}

Test(timeline, detail_is_where_most_is_to_be_seen)
{
    struct arena *arena = arena_new();
    struct timeline *timeline = long_run(arena, 1, 3000000);
    struct timeline_window detail;
    for (uint64_t step = 3010000; step < 3300000; step += 3000) {
        uint32_t process = 1 + (uint32_t)(step / 3000 % 9);
        add(timeline, COSIM_EXIT, step, process, 0);
        add(timeline, COSIM_ENTRY, step + 2000, process, 1 << VAMP_INTERRUPT_TRAP);
        add(timeline, COSIM_SWAP_READ, step + 2100, process, process);
        add(timeline, COSIM_SWAP_WRITE, step + 2200, process, process);
    }
    cr_assert(timeline_detail(timeline, (struct timeline_window){0, 3300000}, &detail));
    cr_assert_geq(detail.from, 2900000u);
    cr_assert_leq(detail.to, 3300000u);
    arena_free(arena);
}

/* --- Numbers --- */

Test(timeline, numbers_are_grouped_and_ticks_are_short)
{
    struct arena *arena = arena_new();
    cr_assert_str_eq(timeline_number(arena, 0), "0");
    cr_assert_str_eq(timeline_number(arena, 999), "999");
    cr_assert_str_eq(timeline_number(arena, 1234567), "1,234,567");
    cr_assert_str_eq(timeline_tick(arena, 0, 500000), "0");
    cr_assert_str_eq(timeline_tick(arena, 1500000, 500000), "1.5 M");
    cr_assert_str_eq(timeline_tick(arena, 2000000, 500000), "2.0 M");
    cr_assert_str_eq(timeline_tick(arena, 20000000, 10000000), "20 M");
    cr_assert_str_eq(timeline_tick(arena, 36550000, 50000), "36,550 k");
    cr_assert_str_eq(timeline_tick(arena, 1234560, 20), "1,234,560");
    cr_assert_str_eq(timeline_tick(arena, 300, 100), "300");
    arena_free(arena);
}

Test(timeline, ticks_are_round_and_few)
{
    for (uint64_t length = 1; length < UINT64_MAX / 64; length += length / 3 + 1) {
        uint64_t step = timeline_tick_step(length, 10), power = 1;
        while (step / power >= 10)
            power *= 10;
        cr_assert_leq(length / step, 10u);
        cr_assert(step == power || step == 2 * power || step == 5 * power);
        cr_assert(step == 1 || length / step >= 4, "%lu by %lu", length, step);
    }
}
