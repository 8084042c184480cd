#include "tests/kernel/machine/hostile.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { IDLE_ADDRESS = 8, DEVICE_CAUSES = 0x1fe000, PAGE_WORDS = PAGE_BYTES / 4 };

void watch_init(struct watch *watch, struct arena *arena, struct kernel_machine *machine)
{
    *watch = (struct watch){.machine = machine};
    watch->pages = ARENA_ARRAY(arena, uint32_t, VIRTUAL_PAGES * PAGE_WORDS);
    vamp_machine_track_changes(machine->processor);
}

static bool complain(struct watch *watch, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(watch->complaint, sizeof watch->complaint, format, arguments);
    va_end(arguments);
    return false;
}

static void forget_line(void *self, uint32_t address)
{
    (void)self, (void)address;
}

/* Whoever runs may write to the pages that its table maps, writable. */
static void check_line(void *self, uint32_t address)
{
    struct watch *watch = self;
    uint32_t p = watch->process;
    for (uint32_t v = 0; p != 0 && v < kernel_machine_pages(watch->machine, p); v++) {
        uint32_t entry = kernel_machine_entry(watch->machine, p, v);
        bool is_writable = (entry & (ENTRY_VALID | ENTRY_PROTECTED)) == ENTRY_VALID;
        if (is_writable && entry / PAGE_BYTES == address / PAGE_BYTES)
            return;
    }
    complain(watch, "process %u has written to 0x%08x", p, address);
}

/* --- The witness --- */

/* Its registers as they are now, in the processor. */
static struct vamp_state witness_now(const struct watch *watch)
{
    struct vamp_state state = *vamp_machine_state(watch->machine->processor);
    struct vamp_state now = {.dpc = state.spr[VAMP_SPR_EDPC], .pcp = state.spr[VAMP_SPR_EPC]};
    memcpy(now.gpr, state.gpr, sizeof now.gpr);
    const unsigned own[] = {VAMP_SPR_RM, VAMP_SPR_IEEEF, VAMP_SPR_FCC};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        now.spr[own[i]] = state.spr[own[i]];
    return now;
}

static bool look_at_witness(struct watch *watch)
{
    watch->witness = witness_now(watch);
    watch->page_count = kernel_machine_pages(watch->machine, WITNESS);
    for (uint32_t v = 0; v < watch->page_count; v++) {
        if (!kernel_machine_page(watch->machine, WITNESS, v, watch->pages + v * PAGE_WORDS))
            return complain(watch, "page %u of the witness is nowhere", v);
    }
    return watch->has_witness = true;
}

static bool compare_witness(struct watch *watch)
{
    struct vamp_state now = witness_now(watch);
    uint32_t words[PAGE_WORDS];
    if (!watch->has_witness)
        return true;
    if (memcmp(&now, &watch->witness, sizeof now) != 0)
        return complain(watch, "the witness's registers have changed");
    if (kernel_machine_pages(watch->machine, WITNESS) != watch->page_count)
        return complain(watch, "the witness has other pages");
    for (uint32_t v = 0; v < watch->page_count; v++) {
        if (!kernel_machine_page(watch->machine, WITNESS, v, words) ||
            memcmp(words, watch->pages + v * PAGE_WORDS, sizeof words) != 0)
            return complain(watch, "page %u of the witness has changed", v);
    }
    return true;
}

/* --- Memory as a whole --- */

/* Each page is the zero page, or has a frame that no other has, or is not there. */
static bool check_tables(struct watch *watch)
{
    uint32_t owner[FRAME_COUNT] = {0};
    for (uint32_t p = 1; p < PROCESS_COUNT; p++) {
        for (uint32_t v = 0; v < kernel_machine_pages(watch->machine, p); v++) {
            uint32_t entry = kernel_machine_entry(watch->machine, p, v);
            uint32_t frame = entry / PAGE_BYTES - (ZERO_FRAME + 1);
            if ((entry & ENTRY_VALID) == 0)
                continue;
            if (entry / PAGE_BYTES == ZERO_FRAME && (entry & ENTRY_PROTECTED) != 0)
                continue;
            if (frame >= FRAME_COUNT)
                return complain(watch, "process %u has 0x%08x in its table", p, entry);
            if (owner[frame] != 0)
                return complain(watch, "processes %u and %u share a frame", p, owner[frame]);
            owner[frame] = p;
        }
    }
    return true;
}

static bool check_zero_page(struct watch *watch)
{
    for (uint32_t at = 0; at < PAGE_BYTES; at += 4) {
        if (kernel_machine_word(watch->machine, ZERO_FRAME * PAGE_BYTES + at) != 0)
            return complain(watch, "the zero page is not zero");
    }
    return true;
}

/* --- Entry and exit --- */

bool watch_entry(struct watch *watch)
{
    const struct vamp_state *state = vamp_machine_state(watch->machine->processor);
    uint32_t causes = state->spr[VAMP_SPR_ECA], at = state->spr[VAMP_SPR_EDPC];
    bool was_user = state->spr[VAMP_SPR_EMODE] != 0, is_reset = (causes & 1) != 0;
    bool is_idle = at == IDLE_ADDRESS || at == IDLE_ADDRESS + 4;
    watch->interrupts++;
    if (is_reset || !watch->is_reset) {
        bool is_first = is_reset && !watch->is_reset;
        watch->is_reset = true;
        return is_first || complain(watch, "a reset at the wrong time");
    }
    if (!was_user && (!is_idle || (causes & ~(uint32_t)DEVICE_CAUSES) != 0))
        return complain(watch, "the kernel has failed: causes 0x%08x at 0x%08x", causes, at);
    if (was_user != (watch->process != 0))
        return complain(watch, "the machine was in the wrong mode");
    watch->entries[watch->process == WITNESS ? 0 : watch->process != 0 ? 1 : 2]++;
    vamp_machine_each_changed_line(watch->machine->processor, check_line, watch);
    if (watch->complaint[0] != '\0')
        return false;
    if (watch->process != WITNESS)
        return true;
    watch->has_witness = false; /* after a call it may be another */
    return (causes & 1u << VAMP_INTERRUPT_TRAP) != 0 || look_at_witness(watch);
}

bool watch_exit(struct watch *watch)
{
    const struct vamp_state *state = vamp_machine_state(watch->machine->processor);
    uint32_t p = kernel_machine_current(watch->machine);
    vamp_machine_each_changed_line(watch->machine->processor, forget_line, NULL);
    watch->process = p;
    if ((p != 0) != (state->spr[VAMP_SPR_EMODE] != 0) || p >= PROCESS_COUNT)
        return complain(watch, "process %u is sent to the wrong mode", p);
    uint32_t pages = p == 0 ? 0 : kernel_machine_pages(watch->machine, p);
    uint32_t last = pages == 0 ? 0 : pages - 1;
    if (p != 0 && (state->spr[VAMP_SPR_PTO] != TABLES_ADDRESS / PAGE_BYTES + p ||
                   state->spr[VAMP_SPR_PTL] != last))
        return complain(watch, "process %u has not its own page table", p);
    if (p != 0 && pages == 0 && (kernel_machine_entry(watch->machine, p, 0) & ENTRY_VALID) != 0)
        return complain(watch, "process %u has no page and yet one", p);
    return check_tables(watch) && (p != WITNESS || compare_witness(watch));
}

bool watch_end(struct watch *watch)
{
    for (uint32_t p = 1; p <= FRESH; p++) {
        if (kernel_machine_pages(watch->machine, p) == 0)
            return complain(watch, "process %u has ended", p);
    }
    if (watch->entries[0] < 3)
        return complain(watch, "the witness had %llu turns", (unsigned long long)watch->entries[0]);
    return check_zero_page(watch);
}
