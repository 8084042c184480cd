/* The kernel on the whole machine, seen from outside: stopped at each entry and each exit of it. */
#ifndef TESTS_KERNEL_MACHINE_H
#define TESTS_KERNEL_MACHINE_H

#include "image/image.h"
#include "physical/physical.h"
#include "physical/store.h"

/* The build parameters, as the kernel and this program are both given them. */
enum {
    PAGE_BYTES = 4096,
    TABLES_ADDRESS = KERNEL_BYTES,
    ZERO_FRAME = KERNEL_BYTES / PAGE_BYTES + PROCESS_COUNT,
    SECTORS_OF_PAGE = PAGE_BYTES / DEVICE_SECTOR_BYTES,
    SWAP_SECTORS = PROCESS_COUNT * VIRTUAL_PAGES * SECTORS_OF_PAGE,
    ENTRY_VALID = 0x800,
    ENTRY_PROTECTED = 0x400,
};

struct kernel_machine {
    struct arena *arena;
    const struct image *image;
    struct physical *physical;
    struct vamp_machine *processor;
    struct device_store swap, system;
    uint32_t exit;                /* where the kernel's rfe is */
    uint32_t current, page_count; /* where the kernel keeps them */
    struct text_builder serial;   /* what the processes have printed */
};

struct kernel_machine_setup {
    const char *image;
    uint64_t seed;
    uint32_t tick_steps, done_steps;
    struct device_store swap, system;
};

/* False with a fault. */
bool kernel_machine_new(struct kernel_machine *machine, struct arena *arena,
                        const struct kernel_machine_setup *setup, struct fault *fault);

uint32_t kernel_machine_word(const struct kernel_machine *machine, uint32_t address);
uint32_t kernel_machine_current(const struct kernel_machine *machine);
uint32_t kernel_machine_pages(const struct kernel_machine *machine, uint32_t p);
/* The page table entry of page v of p. */
uint32_t kernel_machine_entry(const struct kernel_machine *machine, uint32_t p, uint32_t v);
/* What page v of p holds, wherever it is. False: it is nowhere. */
bool kernel_machine_page(const struct kernel_machine *machine, uint32_t p, uint32_t v,
                         uint32_t words[PAGE_BYTES / 4]);

#endif
