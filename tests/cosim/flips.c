/* The two ways to check the relations, against one another on the running kernel: at some of the
 * checks of random scenarios, words of the physical machine are changed one at a time, and put
 * back. What the sweep finds the incremental check must find, and the same conjunct; and nothing
 * else.
 *
 *     cosim_flips KERNEL.json FIRST COUNT    scenarios of these seeds
 *
 * The linker sends all calls of relation_check here. */
#include "base/random.h"
#include "cosim/relation_state.h"
#include "cosim/scenario.h"

#include <inttypes.h>
#include <stdlib.h>

enum { STEPS = 1000000, CHECKS_BETWEEN = 25, FLIPS = 20 };

bool __real_relation_check(struct relation *relation, enum cosim_point point,
                           struct cosim_divergence *divergence);
bool __wrap_relation_check(struct relation *relation, enum cosim_point point,
                           struct cosim_divergence *divergence);

static struct {
    struct random random;
    uint64_t checks;
    uint64_t found[COSIM_CONJUNCT_COUNT], harmless, wrong;
} flips;

static uint32_t below(uint32_t bound)
{
    return random_below(&flips.random, bound);
}

/* Often where something is kept, else anywhere. */
static uint32_t any_address(const struct relation *relation)
{
    const struct cosim_kernel *kernel = relation->kernel;
    uint32_t processes = kernel->parameters.process_count;
    switch (below(6)) {
    case 0:
        return kernel->control_blocks + 4 * below(processes * kernel->control_block_bytes / 4);
    case 1:
        return kernel->page_counts + 4 * below(processes);
    case 2:
        return relation->globals + 4 * below(relation->word_count);
    case 3:
        return kernel->tables + VAMP_PAGE_BYTES * below(processes) +
               4 * below(kernel->parameters.virtual_pages);
    case 4:
        return VAMP_PAGE_BYTES * kernel->zero_frame +
               4 * below((kernel->parameters.frame_count + 1) * VAMP_PAGE_BYTES / 4);
    default:
        return 4 * below(kernel->parameters.memory_bytes / 4);
    }
}

static void complain(uint32_t address, uint32_t before, uint32_t after,
                     const struct cosim_divergence *sweep, const struct cosim_divergence *check)
{
    flips.wrong++;
    printf("0x%08" PRIx32 " from 0x%08" PRIx32 " to 0x%08" PRIx32 "\n  sweep: %s\n  check: %s\n",
           address, before, after, sweep->text, check->text);
}

static void flip(struct relation *relation, enum cosim_point point)
{
    uint32_t address = any_address(relation), before = relation_word(relation, address);
    uint32_t after = below(3) == 0 ? below(5) * 0x400 + below(3) : before ^ 1u << below(32);
    struct cosim_divergence by_sweep = {0}, by_check = {0};
    vamp_machine_write(relation->processor, address, after);
    bool sweep = relation_sweep(relation, point, &by_sweep);
    bool check = __real_relation_check(relation, point, &by_check);
    if (sweep != check || by_sweep.conjunct != by_check.conjunct)
        complain(address, before, after, &by_sweep, &by_check);
    else if (sweep)
        flips.harmless++;
    else
        flips.found[by_sweep.conjunct]++;
    vamp_machine_write(relation->processor, address, before);
    if (!__real_relation_check(relation, point, &by_check))
        complain(address, after, before, &by_sweep, &by_check);
}

bool __wrap_relation_check(struct relation *relation, enum cosim_point point,
                           struct cosim_divergence *divergence)
{
    if (!__real_relation_check(relation, point, divergence))
        return false;
    for (unsigned i = 0; flips.checks % CHECKS_BETWEEN == 0 && i < FLIPS; i++)
        flip(relation, point);
    flips.checks++;
    return true;
}

static bool run(const struct cosim_kernel *kernel, uint64_t seed)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    struct scenario *scenario = scenario_draw(arena, kernel, seed, STEPS);
    struct cosim_result result = scenario_run(arena, scenario, (struct cosim_observer){0}, &fault);
    bool has_agreed = result.status == COSIM_AGREED;
    if (!has_agreed)
        printf("seed %" PRIu64 ": %s %s %s\n", seed, cosim_status_name(result.status),
               result.divergence.text, fault.message);
    arena_free(arena);
    return has_agreed;
}

/* Each of these must have been found; the others have few words, or none in memory. */
static bool print_table(void)
{
    static const enum cosim_conjunct wanted[] = {COSIM_KERNEL, COSIM_REGISTERS, COSIM_MEMORY,
                                                 COSIM_PAGES,  COSIM_TABLES,    COSIM_FRAMES};
    bool is_complete = flips.harmless != 0;
    for (unsigned i = 0; i < COSIM_CONJUNCT_COUNT; i++)
        printf("%-10s %8" PRIu64 "\n", cosim_conjunct_name((enum cosim_conjunct)i), flips.found[i]);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        is_complete = is_complete && flips.found[wanted[i]] != 0;
    printf("harmless   %8" PRIu64 "\nwrong      %8" PRIu64 "\n", flips.harmless, flips.wrong);
    return is_complete && flips.wrong == 0;
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    if (argc != 4) {
        fprintf(stderr, "usage: cosim_flips KERNEL.json FIRST COUNT\n");
        return 2;
    }
    const struct cosim_kernel *kernel = cosim_kernel_load(arena, argv[1], stderr, &fault);
    if (kernel == NULL) {
        fault_print(&fault, stderr);
        return 2;
    }
    bool is_good = true;
    uint64_t first = strtoull(argv[2], NULL, 0), count = strtoull(argv[3], NULL, 0);
    flips.random.state = first;
    for (uint64_t seed = first; seed - first < count; seed++)
        is_good = run(kernel, seed) && is_good;
    is_good = print_table() && is_good;
    arena_free(arena);
    return is_good ? 0 : 1;
}
