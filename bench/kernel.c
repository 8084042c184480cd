/* What the kernel's runs take: bench_kernel IMAGE DISK STEPS. One line for each kind of entry: its
 * name, how often it came, the median of the steps from entry to exit, and the median of the steps
 * from one such entry to the next. */
#include "base/array.h"
#include "base/file.h"
#include "tests/kernel/machine/kernel_machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KINDS_MAX = 64, CAUSE_TRAP = 1 << 5, CAUSE_FAULT = 3 << 3, CAUSE_CLOCK = 1 << 13 };

struct kind {
    char name[40];
    ARRAY(uint64_t) steps, periods;
    uint64_t last; /* entry of this kind */
};

struct bench {
    struct kernel_machine machine;
    struct kind kinds[KINDS_MAX];
    size_t kind_count;
    /* Of the entry before the exit. */
    uint64_t entered, swapped;
    uint32_t causes, data, process, page_entry;
};

static void count(struct bench *bench, const char *name, uint64_t entered, uint64_t steps)
{
    size_t i = 0;
    while (i < bench->kind_count && strcmp(bench->kinds[i].name, name) != 0)
        i++;
    if (i == KINDS_MAX)
        return;
    struct kind *kind = &bench->kinds[i];
    if (i == bench->kind_count) {
        bench->kind_count++;
        snprintf(kind->name, sizeof kind->name, "%s", name);
    } else {
        ARRAY_PUSH(bench->machine.arena, &kind->periods, entered - kind->last);
    }
    kind->last = entered;
    ARRAY_PUSH(bench->machine.arena, &kind->steps, steps);
}

static void enter(struct bench *bench)
{
    struct kernel_machine *machine = &bench->machine;
    const struct vamp_state *state = vamp_machine_state(machine->processor);
    bench->entered = physical_steps(machine->physical);
    bench->swapped = physical_events(machine->physical, 1);
    bench->causes = state->spr[VAMP_SPR_ECA];
    bench->data = state->spr[VAMP_SPR_EDATA];
    bench->process = kernel_machine_current(machine);
    uint32_t page = bench->data / PAGE_BYTES;
    bool is_fault = (bench->causes & CAUSE_FAULT) != 0 && page < VIRTUAL_PAGES;
    bench->page_entry = is_fault ? kernel_machine_entry(machine, bench->process, page) : 0;
}

static void leave(struct bench *bench)
{
    struct kernel_machine *machine = &bench->machine;
    uint64_t sectors = physical_events(machine->physical, 1) - bench->swapped;
    bool is_switch = kernel_machine_current(machine) != bench->process;
    char name[40] = "other";
    if (bench->causes == CAUSE_TRAP)
        snprintf(name, sizeof name, "trap-%u", bench->data);
    else if (bench->causes == CAUSE_CLOCK)
        snprintf(name, sizeof name, "tick-%s", is_switch ? "switch" : "same");
    else if ((bench->causes & CAUSE_FAULT) != 0)
        snprintf(name, sizeof name, "fault-%s-%s",
                 (bench->page_entry & ENTRY_VALID) ? "zero" : "swap",
                 sectors <= ((bench->page_entry & ENTRY_VALID) ? 0u : SECTORS_OF_PAGE) ? "free"
                                                                                       : "evict");
    count(bench, name, bench->entered, physical_steps(machine->physical) + 1 - bench->entered);
}

static int compare(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static unsigned long long median(uint64_t *values, size_t n)
{
    if (n == 0)
        return 0;
    qsort(values, n, sizeof *values, compare);
    return values[n / 2];
}

static bool run(struct bench *bench, uint64_t steps, struct fault *fault)
{
    struct kernel_machine *machine = &bench->machine;
    for (;;) {
        uint64_t done = physical_steps(machine->physical);
        struct physical_outcome outcome =
            physical_run(machine->physical, steps - done, false, fault);
        const struct vamp_state *state = vamp_machine_state(machine->processor);
        if (outcome.status == PHYSICAL_LIMIT)
            return true;
        if (outcome.status != PHYSICAL_BREAKPOINT)
            return false;
        if (!vamp_is_user_mode(state) && state->dpc == machine->exit)
            leave(bench);
        else if (!vamp_is_user_mode(state))
            enter(bench);
    }
}

static bool read_disk(struct arena *arena, const char *path, struct device_store *store,
                      struct fault *fault)
{
    struct text disk;
    if (!file_read(arena, path, &disk, fault))
        return false;
    *store = store_memory_new(arena, (uint32_t)(disk.length / DEVICE_SECTOR_BYTES));
    for (uint32_t s = 0; s < store->sector_count; s++)
        store->write(store->self, s,
                     (const unsigned char *)disk.at + (size_t)s * DEVICE_SECTOR_BYTES);
    return true;
}

int main(int argc, char **argv)
{
    struct fault fault = {0};
    struct arena *arena = arena_new();
    if (argc != 4) {
        fputs("usage: bench_kernel IMAGE DISK STEPS\n", stderr);
        return 2;
    }
    struct kernel_machine_setup setup = {.image = argv[1],
                                         .tick_steps = 10000,
                                         .done_steps = 1000,
                                         .swap = store_memory_new(arena, SWAP_SECTORS)};
    struct bench *bench = ARENA_NEW(arena, struct bench);
    bool is_done = read_disk(arena, argv[2], &setup.system, &fault) &&
                   kernel_machine_new(&bench->machine, arena, &setup, &fault) &&
                   run(bench, strtoull(argv[3], NULL, 10), &fault);
    if (fault.is_set)
        fault_print(&fault, stderr);
    for (size_t i = 0; is_done && i < bench->kind_count; i++) {
        struct kind *kind = &bench->kinds[i];
        printf("%s %zu %llu %llu\n", kind->name, kind->steps.count,
               median(kind->steps.at, kind->steps.count),
               median(kind->periods.at, kind->periods.count));
    }
    arena_free(arena);
    return is_done ? 0 : 1;
}
