/* Programs that nobody should run, and what must not come of them. */
#ifndef TESTS_KERNEL_HOSTILE_H
#define TESTS_KERNEL_HOSTILE_H

#include "base/random.h"
#include "tests/kernel/machine/kernel_machine.h"

/* Draws programs into the places of the disk that are named hostile0, hostile1, ...: a store in
 * memory that holds the disk and what was drawn. False: that is no such disk. */
bool hostile_draw(struct arena *arena, struct text disk, struct random *random,
                  struct device_store *store);

/* What is looked at from outside, at each entry and exit of the kernel. */
struct watch {
    struct kernel_machine *machine;
    bool is_reset;                   /* the machine has started */
    uint32_t process;                /* who was sent to run; 0: nobody */
    uint64_t interrupts, entries[3]; /* the witness's turns; others' ; idle ones */
    bool has_witness;                /* what it was when it last ran */
    struct vamp_state witness;
    uint32_t *pages;
    uint32_t page_count;
    char complaint[200]; /* empty: none so far */
};

enum { WITNESS = 3, FRESH = 4 };

void watch_init(struct watch *watch, struct arena *arena, struct kernel_machine *machine);
/* The machine stands at the kernel's first instruction; at its rfe. False: the watch complains. */
bool watch_entry(struct watch *watch);
bool watch_exit(struct watch *watch);
/* At the end of a run. */
bool watch_end(struct watch *watch);

#endif
