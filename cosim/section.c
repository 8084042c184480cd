#include "cosim/section.h"

#include "cosim/section_runs.h"

#include <stdlib.h>
#include <string.h>

struct cosim_section *cosim_section_new(struct arena *arena, const struct cosim_kernel *kernel)
{
    struct cosim_section *section = ARENA_NEW(arena, struct cosim_section);
    section->arena = arena;
    section->kernel = kernel;
    return section;
}

static const char *copied(struct arena *arena, const char *string)
{
    return string == NULL ? NULL : arena_copy(arena, string, strlen(string));
}

void cosim_section_add(struct cosim_section *section, const struct section_run *run)
{
    struct arena *arena = section->arena;
    struct section_run copy = *run;
    copy.name = copied(arena, run->name);
    copy.path = copied(arena, run->path);
    copy.digest = copied(arena, run->digest);
    copy.disk_digest = copied(arena, run->disk_digest);
    copy.reason = copied(arena, run->reason);
    struct cosim_divergence *divergence = &copy.result.divergence;
    divergence->place = copied(arena, divergence->place);
    divergence->call_count = 0; /* they belong to the run */
    ARRAY_PUSH(arena, &section->runs, copy);
}

bool cosim_section_agrees(const struct cosim_section *section)
{
    for (size_t i = 0; i < section->runs.count; i++)
        if (section->runs.at[i].result.status != COSIM_AGREED)
            return false;
    return section->runs.count > 0;
}

/* --- Order --- */

static int order_numbers(uint64_t left, uint64_t right)
{
    return (left > right) - (left < right);
}

static int order_texts(const char *left, const char *right)
{
    if (left == NULL || right == NULL)
        return (left != NULL) - (right != NULL);
    return strcmp(left, right);
}

static int by_entry(const void *a, const void *b)
{
    const struct section_run *left = a, *right = b;
    if (left->path == NULL && right->path == NULL) {
        int limits = order_numbers(left->max_steps, right->max_steps);
        return limits != 0 ? limits : order_numbers(left->seed, right->seed);
    }
    if (left->path == NULL || right->path == NULL)
        return left->path == NULL ? 1 : -1;
    int paths = strcmp(left->path, right->path);
    int names = order_texts(left->name, right->name);
    if (paths != 0 || names != 0)
        return paths != 0 ? paths : names;
    return order_numbers(left->max_steps, right->max_steps);
}

const struct section_run *section_sorted(struct arena *arena, const struct cosim_section *section)
{
    size_t count = section->runs.count;
    struct section_run *runs = ARENA_ARRAY(arena, struct section_run, count);
    if (count == 0)
        return runs;
    memcpy(runs, section->runs.at, count * sizeof *runs);
    qsort(runs, count, sizeof *runs, by_entry);
    return runs;
}

struct section_batch section_batch_at(const struct section_run *runs, size_t count)
{
    struct section_batch batch = {runs, 1};
    while (runs->path == NULL && batch.count < count &&
           runs[batch.count].max_steps == runs->max_steps &&
           runs[batch.count].seed == runs->seed + batch.count)
        batch.count++;
    return batch;
}

/* --- Sums --- */

static void add_numbers(uint64_t *into, const uint64_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        into[i] += from[i];
}

static void add_counts(struct cosim_counts *into, const struct cosim_counts *from)
{
    into->steps += from->steps;
    into->user_steps += from->user_steps;
    into->abstract_steps += from->abstract_steps;
    into->kernel_steps += from->kernel_steps;
    into->kernel_runs += from->kernel_runs;
    into->page_faults += from->page_faults;
    into->swap_reads += from->swap_reads;
    into->swap_writes += from->swap_writes;
    into->checks += from->checks;
    into->sweeps += from->sweeps;
    add_numbers(into->compared, from->compared, COSIM_CONJUNCT_COUNT);
    add_numbers(into->transitions, from->transitions, CVM_TRANSITION_COUNT);
    add_numbers(into->primitives, from->primitives, CVM_PRIMITIVE_COUNT);
    add_numbers(into->events, from->events, BUS_DEVICES);
}

struct section_sum section_sum_of(const struct section_run *runs, size_t count)
{
    struct section_sum sum = {0};
    for (size_t i = 0; i < count; i++) {
        sum.statuses[runs[i].result.status]++;
        add_counts(&sum.counts, &runs[i].result.counts);
    }
    return sum;
}
