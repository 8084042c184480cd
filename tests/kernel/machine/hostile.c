/* hostile IMAGE DISK RUNS SEED: each run has programs drawn from its seed beside a witness. */
#include "tests/kernel/machine/hostile.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>

enum { STEPS = 20000000 };

static bool run_on(struct watch *watch, struct fault *fault)
{
    struct kernel_machine *machine = watch->machine;
    if (!watch_entry(watch))
        return false;
    for (;;) {
        uint64_t done = physical_steps(machine->physical);
        struct physical_outcome outcome =
            physical_run(machine->physical, STEPS - done, false, fault);
        uint32_t at = vamp_machine_state(machine->processor)->dpc;
        if (outcome.status == PHYSICAL_LIMIT)
            return watch_end(watch);
        if (outcome.status != PHYSICAL_BREAKPOINT) {
            snprintf(watch->complaint, sizeof watch->complaint, "the machine ends: %s at 0x%08x",
                     physical_status_name(outcome.status), at);
            return false;
        }
        bool is_user = vamp_is_user_mode(vamp_machine_state(machine->processor));
        if (!is_user && !(at == 0 ? watch_entry(watch) : watch_exit(watch)))
            return false;
    }
}

/* Now and then the medium is broken where the hostile processes have their pages. */
static struct device_store draw_swap(struct arena *arena, struct random *random)
{
    enum { FIRST = (FRESH + 1) * VIRTUAL_PAGES * SECTORS_OF_PAGE };
    struct device_store whole = store_memory_new(arena, SWAP_SECTORS);
    if (!random_chance(random, 25))
        return whole;
    struct store_defect defect = {.first = random_between(random, FIRST, SWAP_SECTORS - 1),
                                  .fails_read = random_chance(random, 60),
                                  .fails_write = random_chance(random, 60)};
    defect.count = SWAP_SECTORS - defect.first;
    return store_defective_new(arena, whole, &defect, 1);
}

static bool run(const char *image, struct text disk, uint64_t seed, uint64_t *interrupts,
                struct fault *fault)
{
    struct arena *arena = arena_new();
    struct random random = {seed * UINT64_C(0xD1342543DE82EF95)};
    struct kernel_machine_setup setup = {.image = image, .seed = seed};
    setup.tick_steps = random_between(&random, 6000, 20000);
    setup.done_steps = random_between(&random, 1, 60);
    setup.swap = draw_swap(arena, &random);
    struct kernel_machine machine;
    struct watch watch;
    bool is_fine = hostile_draw(arena, disk, &random, &setup.system) &&
                   kernel_machine_new(&machine, arena, &setup, fault);
    if (is_fine) {
        watch_init(&watch, arena, &machine);
        is_fine = run_on(&watch, fault);
        *interrupts += watch.interrupts;
        if (!is_fine)
            printf("seed %llu: after %llu steps %s\n", (unsigned long long)seed,
                   (unsigned long long)physical_steps(machine.physical), watch.complaint);
    } else {
        printf("seed %llu: cannot be made\n", (unsigned long long)seed);
    }
    arena_free(arena);
    return is_fine;
}

int main(int argc, char **argv)
{
    struct fault fault = {0};
    struct arena *arena = arena_new();
    struct text disk;
    if (argc != 5 || !file_read(arena, argv[2], &disk, &fault)) {
        fputs("usage: kernel_hostile IMAGE DISK RUNS SEED\n", stderr);
        return 2;
    }
    uint64_t runs = strtoull(argv[3], NULL, 10), seed = strtoull(argv[4], NULL, 10);
    uint64_t failures = 0, interrupts = 0;
    for (uint64_t i = 0; i < runs; i++)
        failures += !run(argv[1], disk, seed + i, &interrupts, &fault);
    if (fault.is_set)
        fault_print(&fault, stdout);
    printf("%llu runs, %llu interrupts, %llu failures\n", (unsigned long long)runs,
           (unsigned long long)interrupts, (unsigned long long)failures);
    arena_free(arena);
    return failures != 0 || interrupts == 0;
}
