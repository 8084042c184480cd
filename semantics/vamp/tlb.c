#include "semantics/vamp/tlb.h"

#include "semantics/vamp/threaded.h"

#include <string.h>

enum { ENTRY_VALID = 1 << 11, ENTRY_PROTECTED = 1 << 10 };

void tlb_forget(struct tlb *tlb)
{
    tlb->space_count = tlb->next_space = 0;
}

static uint32_t new_stamp(struct tlb *tlb)
{
    if (tlb->last_stamp == UINT32_MAX) {
        memset(tlb, 0, sizeof *tlb);
    }
    return ++tlb->last_stamp;
}

/* A new address space takes the place of the oldest. */
static uint32_t stamp_of_new_space(struct tlb *tlb, uint32_t pto, uint32_t ptl)
{
    struct tlb_space space = {.pto = pto, .ptl = ptl, .stamp = new_stamp(tlb)};
    tlb->spaces[tlb->next_space] = space;
    tlb->next_space = (tlb->next_space + 1) % TLB_SPACES;
    if (tlb->space_count < TLB_SPACES)
        tlb->space_count++;
    return space.stamp;
}

uint64_t tlb_enter(struct vamp_machine *machine)
{
    struct tlb *tlb = &machine->tlb;
    uint32_t pto = machine->state.spr[VAMP_SPR_PTO], ptl = machine->state.spr[VAMP_SPR_PTL];
    for (unsigned i = 0; i < tlb->space_count; i++) {
        const struct tlb_space *space = &tlb->spaces[i];
        if (space->pto == pto && space->ptl == ptl)
            return (uint64_t)space->stamp << 32;
    }
    return (uint64_t)stamp_of_new_space(tlb, pto, ptl) << 32;
}

/* va = px . bx; the entry is at PTO * 4096 + 4 * px. Fault iff px > PTL (signed), not valid, or a
 * write to a protected page; else the physical address is ppx . bx. */
bool tlb_fill(struct vamp_machine *machine, uint64_t stamp, enum tlb_use use, uint32_t address)
{
    uint32_t page = address / VAMP_PAGE_BYTES;
    if ((int32_t)page > (int32_t)machine->state.spr[VAMP_SPR_PTL])
        return false;
    uint64_t entry_address =
        (uint64_t)machine->state.spr[VAMP_SPR_PTO] * VAMP_PAGE_BYTES + 4 * (uint64_t)page;
    if (entry_address >= machine->memory_bytes)
        return false;
    uint32_t entry = machine->words[entry_address / 4];
    if ((entry & ENTRY_VALID) == 0 || (use == TLB_WRITE && (entry & ENTRY_PROTECTED) != 0))
        return false;
    uint32_t physical = entry & ~(uint32_t)(VAMP_PAGE_BYTES - 1);
    if ((uint64_t)physical + VAMP_PAGE_BYTES > machine->memory_bytes)
        return false;
    machine->line_flags[entry_address / VAMP_LINE_BYTES] |= LINE_TABLE;
    *tlb_entry(&machine->tlb, use, address) = (struct tlb_entry){
        .tag = tlb_tag(stamp, address, 1),
        .bias = physical - page * VAMP_PAGE_BYTES,
    };
    return true;
}
