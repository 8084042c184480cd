/* A cache of translations, as a processor has one (translation lookaside buffer), but invisible: a
 * translation is dropped before the page table entry it came from is changed. */
#ifndef SEMANTICS_VAMP_TLB_H
#define SEMANTICS_VAMP_TLB_H

#include "semantics/vamp/vamp.h"

struct vamp_machine;

enum tlb_use { TLB_FETCH, TLB_READ, TLB_WRITE, TLB_USES };
enum { TLB_ENTRIES = 256, TLB_SPACES = 16 };

/* For one use of one virtual page of one address space. */
struct tlb_entry {
    uint64_t tag;  /* the stamp of the address space, then the page's first address */
    uint32_t bias; /* physical minus virtual address */
};

/* An address space is a page table: PTO and PTL. It has its stamp until translations of it may be
 * out of date; then it gets a new one. */
struct tlb_space {
    uint32_t pto, ptl;
    uint32_t stamp;
};

struct tlb {
    struct tlb_entry entries[TLB_USES][TLB_ENTRIES];
    struct tlb_space spaces[TLB_SPACES];
    unsigned space_count, next_space;
    uint32_t last_stamp;
};

static inline struct tlb_entry *tlb_entry(struct tlb *tlb, enum tlb_use use, uint32_t address)
{
    return &tlb->entries[use][address / VAMP_PAGE_BYTES % TLB_ENTRIES];
}

/* What an entry's tag must be for an address aligned to `bytes`: none matches a misaligned one. */
static inline uint64_t tlb_tag(uint64_t stamp, uint32_t address, uint32_t bytes)
{
    return stamp | (address & ~(uint32_t)(VAMP_PAGE_BYTES - bytes));
}

/* The stamp of the machine's present address space, in place for a tag; never 0. */
uint64_t tlb_enter(struct vamp_machine *machine);
/* Translates an address in the address space that was entered. False: that would not succeed, or
 * the page lies not wholly in memory; the plain step knows what follows from that. */
bool tlb_fill(struct vamp_machine *machine, uint64_t stamp, enum tlb_use use, uint32_t address);
/* No cached translation holds any more. */
void tlb_forget(struct tlb *tlb);

#endif
