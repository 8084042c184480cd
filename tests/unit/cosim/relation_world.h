/* An abstract machine and, beside it, memory and swap disk of a machine whose layer is played by
 * the test: it has the kernel's globals and heap in places of its own, control blocks, page tables
 * and frames. The relations hold whenever one of these functions has returned, unless it is said to
 * break them. */
#ifndef TESTS_UNIT_COSIM_RELATION_WORLD_H
#define TESTS_UNIT_COSIM_RELATION_WORLD_H

#include "cosim/relation.h"

enum {
    WORLD_PROCESSES = 5,
    WORLD_PAGES = 20, /* of a process: its table has two lines that matter */
    WORLD_FRAMES = 6,
    WORLD_KERNEL_BYTES = 0x8000,
    WORLD_TABLES = WORLD_KERNEL_BYTES,
    WORLD_ZERO_FRAME = WORLD_KERNEL_BYTES / VAMP_PAGE_BYTES + WORLD_PROCESSES,
    WORLD_FIRST_FRAME = WORLD_ZERO_FRAME + 1,
    WORLD_MEMORY_BYTES = (WORLD_FIRST_FRAME + WORLD_FRAMES) * VAMP_PAGE_BYTES,
    WORLD_ENTRY_ZERO = WORLD_ZERO_FRAME * VAMP_PAGE_BYTES | 0xC00,
};

struct world {
    struct arena *arena;
    struct cosim_kernel kernel;
    struct cvm *cvm;
    struct vamp_machine *processor;
    struct bus devices;
    struct device_store swap;
    struct cosim_counts counts;
    struct relation *relation;
    enum cosim_point point;
    uint32_t owners[WORLD_FRAMES]; /* page number + 1 */
    uint32_t next_victim;
    /* The layer's defect: after so many writes to memory or disk, one is left out. 0: none is. */
    uint32_t writes_to_defect;
    struct cosim_divergence divergence; /* what a check has found */
};

/* After reset: no processes; in the kernel. */
struct world *world_new(void);
/* Processes 1 to 3, process 2 runs: pages in all states, all registers different, a list on the
 * heap; at the exit. */
struct world *world_new_busy(void);
void world_free(struct world *world);

/* A primitive on both sides. */
void world_call(struct world *world, enum cvm_primitive primitive, uint32_t a, uint32_t b,
                uint32_t c);
/* A global of the abstract kernel, "kernel.process[2].state", on both sides. */
void world_set(struct world *world, const char *path, uint32_t word);
/* Another object at the head of the list, on both sides. */
void world_push(struct world *world, uint32_t value);
/* One object less. */
void world_pop(struct world *world);
/* The kernel answers p. Control moves to the exit, and on to another point. */
void world_dispatch(struct world *world, uint32_t p);
void world_move_to(struct world *world, enum cosim_point point);
/* Who runs executes some instructions, on both sides. */
void world_run(struct world *world, uint32_t steps);
/* The layer's own: the page is written to the disk; is brought into a frame, where another page may
 * have to go first; a page that is valid stays. */
void world_evict(struct world *world, uint32_t p, uint32_t v);
void world_bring(struct world *world, uint32_t p, uint32_t v);
/* Both sides lose it. */
void world_lose(struct world *world, uint32_t p, uint32_t v);
/* A tick of the timer, and a new period, on both sides. */
void world_tick(struct world *world);
void world_set_period(struct world *world, uint32_t period);

/* The concrete side alone. */
uint32_t world_word(const struct world *world, uint32_t address);
void world_write(struct world *world, uint32_t address, uint32_t word);
void world_write_swap(struct world *world, uint32_t sector, uint32_t offset, uint32_t word);
uint32_t world_entry_address(uint32_t p, uint32_t v);
uint32_t world_block(const struct world *world, uint32_t p);
/* Where the concrete kernel has it. */
uint32_t world_address(const struct world *world, const char *path);

bool world_check(struct world *world);
bool world_sweep(struct world *world);
/* Both ways find that the relations hold. */
void world_agrees(struct world *world);
/* Both ways find the conjunct, and the place; NULL: any. */
void world_differs(struct world *world, enum cosim_conjunct conjunct, const char *place);

#endif
