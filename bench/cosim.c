/* Times a scenario: side by side with all its checks, and its physical machine alone.
 *
 *     bench_cosim SCENARIO.json WARM_STEPS
 *
 * What is told, as JSON, is of the steps from WARM_STEPS on, so that a system can come up first,
 * and nearly to the limit, without the last sweep. Both runs end in the same state, or the program
 * fails. */
#include "cosim/relation.h"
#include "cosim/scenario_disk.h"
#include "cosim/scenario_oracle.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CHECKS_KEPT = 1 << 22, LAST_STEPS = 100000 };

struct timing {
    uint64_t warm_steps, last_step;
    bool is_warm, is_over;
    double start, end; /* seconds on the processor, at the first check and at the last */
    uint64_t start_step, end_step, checks;
    uint64_t words; /* compared */
    uint64_t kernel_runs, page_faults;
    uint32_t *nanoseconds; /* of each check */
    size_t kept;
};

static struct timing timing;

static double seconds(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* --- Side by side --- */

/* The linker leads the calls of relation_check here (CMakeLists.txt). */
bool __real_relation_check(struct relation *relation, enum cosim_point point,
                           struct cosim_divergence *divergence);
bool __wrap_relation_check(struct relation *relation, enum cosim_point point,
                           struct cosim_divergence *divergence);
bool __wrap_relation_check(struct relation *relation, enum cosim_point point,
                           struct cosim_divergence *divergence)
{
    if (timing.nanoseconds == NULL || !timing.is_warm || timing.is_over ||
        timing.kept == CHECKS_KEPT)
        return __real_relation_check(relation, point, divergence);
    double start = seconds(CLOCK_MONOTONIC);
    bool agrees = __real_relation_check(relation, point, divergence);
    timing.nanoseconds[timing.kept++] = (uint32_t)((seconds(CLOCK_MONOTONIC) - start) * 1e9);
    return agrees;
}

static void count_check(const struct cosim_moment *moment)
{
    if (!timing.is_warm) {
        timing.is_warm = moment->step >= timing.warm_steps;
        timing.start = seconds(CLOCK_PROCESS_CPUTIME_ID);
        timing.start_step = moment->step;
        return;
    }
    timing.checks++;
    timing.words += moment->number;
    if (moment->step < timing.last_step)
        return;
    timing.is_over = true;
    timing.end = seconds(CLOCK_PROCESS_CPUTIME_ID);
    timing.end_step = moment->step;
}

static void see_moment(void *self, const struct cosim_moment *moment)
{
    (void)self;
    if (timing.is_over)
        return;
    if (moment->kind == COSIM_CHECK)
        count_check(moment);
    else if (timing.is_warm && moment->kind == COSIM_EXIT)
        timing.kernel_runs++;
    else if (timing.is_warm && moment->kind == COSIM_PAGE_FAULT)
        timing.page_faults++;
}

/* Once for the whole, and once more with each check timed on its own. */
static struct cosim *run_cosim(struct arena *arena, const struct scenario *scenario,
                               bool times_checks)
{
    struct fault fault = {0};
    struct cosim_observer observer = {.moment = see_moment};
    uint64_t warm_steps = timing.warm_steps;
    timing =
        (struct timing){.warm_steps = warm_steps, .last_step = scenario->max_steps - LAST_STEPS};
    if (times_checks)
        timing.nanoseconds = malloc(CHECKS_KEPT * sizeof *timing.nanoseconds);
    struct cosim *cosim = scenario_start(arena, scenario, observer, &fault);
    struct cosim_result result = {.status = COSIM_FAILED};
    if (cosim != NULL)
        result = cosim_run(cosim, &fault);
    if (result.status != COSIM_AGREED || !timing.is_over) {
        fprintf(stderr, "%s: %s, %" PRIu64 " checks %s%s\n", scenario->name,
                cosim_status_name(result.status), timing.checks, fault.is_set ? fault.message : "",
                result.divergence.text);
        exit(1);
    }
    return cosim;
}

/* --- The physical machine alone, as vouch run has it --- */

static struct physical *make_plain(struct arena *arena, const struct scenario *scenario)
{
    const struct cosim_kernel *kernel = scenario->kernel;
    struct device_store system = store_overlay_new(arena, scenario_store(arena, scenario->disk));
    struct device_outlet nowhere = {0};
    struct physical_setup setup = {
        .memory_bytes = kernel->parameters.memory_bytes,
        .bus.devices = {device_new_timer(arena),
                        device_new_disk(arena, scenario_swap(arena, scenario)),
                        device_new_serial(arena, nowhere), device_new_network(arena, nowhere),
                        device_new_controller(arena, nowhere), device_new_disk(arena, system)},
        .oracle = scenario_oracle_new(arena, scenario).oracle};
    struct physical *physical = physical_new(arena, &setup);
    for (size_t i = 0; i < kernel->image->segment_count; i++) {
        const struct image_segment *segment = &kernel->image->segments[i];
        vamp_machine_load(physical_processor(physical), segment->address, segment->content);
    }
    cosim_fill_memory(kernel, physical_processor(physical));
    physical_power_up(physical, 0);
    return physical;
}

static void run_plain(struct physical *physical, uint64_t steps)
{
    struct fault fault = {0};
    while (physical_steps(physical) < steps) {
        struct physical_outcome outcome =
            physical_run(physical, steps - physical_steps(physical), false, &fault);
        if (outcome.status != PHYSICAL_LIMIT) {
            fprintf(stderr, "the machine alone: %s\n", physical_status_name(outcome.status));
            exit(1);
        }
    }
}

/* Seconds from `start` to `end`; the machine ends as the one that ran side by side. */
static double time_plain(struct arena *arena, const struct scenario *scenario, uint64_t start,
                         uint64_t end, const struct physical *other)
{
    char own[65], others[65];
    struct physical *physical = make_plain(arena, scenario);
    run_plain(physical, start);
    double begin = seconds(CLOCK_PROCESS_CPUTIME_ID);
    run_plain(physical, end);
    double spent = seconds(CLOCK_PROCESS_CPUTIME_ID) - begin;
    run_plain(physical, physical_steps(other));
    physical_digest(physical, own);
    physical_digest(other, others);
    if (strcmp(own, others) != 0) {
        fprintf(stderr, "%s: the machine alone comes to another state\n", scenario->name);
        exit(1);
    }
    return spent;
}

/* --- What was found --- */

static int by_size(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static uint32_t median(void)
{
    qsort(timing.nanoseconds, timing.kept, sizeof *timing.nanoseconds, by_size);
    return timing.kept == 0 ? 0 : timing.nanoseconds[timing.kept / 2];
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    timing.warm_steps = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
    struct scenario *scenario =
        argc != 3 ? NULL : scenario_load(arena, argv[1], NULL, stderr, &fault);
    if (scenario == NULL) {
        fprintf(stderr, "usage: bench_cosim SCENARIO.json WARM_STEPS: %s: %s\n",
                fault.is_set ? fault.file : "", fault.message);
        return 2;
    }
    struct cosim *cosim = run_cosim(arena, scenario, false);
    struct timing whole = timing;
    double plain =
        time_plain(arena, scenario, whole.start_step, whole.end_step, cosim_physical(cosim));
    run_cosim(arena, scenario, true);
    printf("{\"steps\": %" PRIu64
           ", \"seconds\": %.6f, \"plain_seconds\": %.6f, \"checks\": %" PRIu64
           ", \"words\": %" PRIu64 ", \"check_ns\": %u, \"kernel_runs\": %" PRIu64
           ", \"page_faults\": %" PRIu64 "}\n",
           whole.end_step - whole.start_step, whole.end - whole.start, plain, whole.checks,
           whole.words, (unsigned)median(), whole.kernel_runs, whole.page_faults);
    arena_free(arena);
    return 0;
}
