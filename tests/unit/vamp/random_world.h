/* Random worlds for the processor: code, registers, page tables, a kernel of sorts at address 0,
 * and devices of no use but to interrupt. Everything follows from a seed. */
#ifndef TESTS_UNIT_VAMP_RANDOM_WORLD_H
#define TESTS_UNIT_VAMP_RANDOM_WORLD_H

#include "semantics/vamp/machine.h"

uint64_t random_next(uint64_t *seed);
uint32_t random_below(uint64_t *seed, uint32_t bound);
/* True once in `n` times. */
bool random_once_in(uint64_t *seed, uint32_t n);

/* What both machines of a comparison start from. */
struct random_world {
    uint32_t memory_bytes;
    uint32_t table; /* physical address of the page table, at the start of a page */
    uint32_t page_count;
    uint32_t kernel_words; /* before it returns */
    bool kernel_skips;     /* the interrupted instruction */
};

struct random_world random_world(uint64_t *seed);
uint32_t random_word(const struct random_world *world, uint32_t address, uint64_t *seed);
void random_state(const struct random_world *world, struct vamp_state *state, uint64_t *seed);
/* An address of something in memory, virtual or physical, most often aligned. */
uint32_t random_address(const struct random_world *world, uint64_t *seed);

/* A bus on which each access decides, by all that was accessed before and when, what is read, which
 * lines are up and whether the run ends. */
struct random_bus {
    struct vamp_machine *machine;
    uint64_t history;
    uint32_t lines;
};

void random_bus_connect(struct random_bus *bus, struct vamp_machine *machine);

#endif
