#include "cosim/batch.h"

static void add_all(uint64_t *to, const uint64_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] += from[i];
}

void cosim_counts_add(struct cosim_counts *counts, const struct cosim_counts *more)
{
    counts->steps += more->steps;
    counts->user_steps += more->user_steps;
    counts->abstract_steps += more->abstract_steps;
    counts->kernel_steps += more->kernel_steps;
    counts->kernel_runs += more->kernel_runs;
    counts->page_faults += more->page_faults;
    counts->swap_reads += more->swap_reads;
    counts->swap_writes += more->swap_writes;
    counts->checks += more->checks;
    counts->sweeps += more->sweeps;
    add_all(counts->compared, more->compared, COSIM_CONJUNCT_COUNT);
    add_all(counts->transitions, more->transitions, CVM_TRANSITION_COUNT);
    add_all(counts->primitives, more->primitives, CVM_PRIMITIVE_COUNT);
    add_all(counts->events, more->events, BUS_DEVICES);
}

void batch_add(struct batch_totals *totals, const struct batch_totals *more)
{
    add_all(totals->runs, more->runs, BATCH_STATUS_COUNT);
    cosim_counts_add(&totals->counts, &more->counts);
}

uint64_t batch_runs(const struct batch_totals *totals)
{
    uint64_t runs = 0;
    for (unsigned i = 0; i < BATCH_STATUS_COUNT; i++)
        runs += totals->runs[i];
    return runs;
}

bool batch_agrees(const struct batch_totals *totals)
{
    return totals->runs[COSIM_AGREED] != 0 && totals->runs[COSIM_AGREED] == batch_runs(totals);
}

static void finished(void *self, struct cosim *cosim, const struct cosim_result *result)
{
    cosim_coverage_add(self, cosim, result);
}

/* False: the batch is to end. */
static bool run_one(const struct batch *batch, uint64_t seed, struct batch_totals *totals)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    struct scenario *scenario = scenario_draw(arena, batch->kernel, seed, batch->max_steps);
    struct cosim_observer observer = {.self = batch->coverage,
                                      .finished = batch->coverage == NULL ? NULL : finished};
    if (batch->checks != NULL)
        scenario->checks = *batch->checks;
    struct cosim_result result = scenario_run(arena, scenario, observer, &fault);
    totals->runs[result.status]++;
    cosim_counts_add(&totals->counts, &result.counts);
    bool goes_on = batch->ran == NULL || batch->ran(batch->self, seed, scenario, &result, &fault);
    arena_free(arena);
    return goes_on;
}

void batch_run(const struct batch *batch, struct batch_totals *totals)
{
    for (uint64_t i = 0; i < batch->count; i++) {
        if (!run_one(batch, batch->first_seed + i * batch->stride, totals))
            return;
    }
}
