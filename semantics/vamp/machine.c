/* The machine between runs: its memory, what is known of its lines, breakpoints. */
#include "semantics/vamp/machine.h"

#include "base/require.h"
#include "semantics/vamp/threaded.h"

#include <stdlib.h>
#include <string.h>

static uint32_t line_count(const struct vamp_machine *machine)
{
    return (uint32_t)(((uint64_t)machine->memory_bytes + VAMP_LINE_BYTES - 1) / VAMP_LINE_BYTES);
}

struct vamp_machine *vamp_machine_new(struct arena *arena, uint32_t memory_bytes)
{
    require(memory_bytes % 4 == 0 && memory_bytes <= VAMP_DEVICES, "a size that memory can have");
    struct vamp_machine *machine = ARENA_NEW(arena, struct vamp_machine);
    size_t end_slot = slot_of(memory_bytes);
    machine->arena = arena;
    machine->memory_bytes = memory_bytes;
    machine->state.pcp = 4;
    machine->words = ARENA_ARRAY(arena, uint32_t, memory_bytes / 4);
    machine->slots = ARENA_ARRAY(arena, struct threaded_insn, end_slot + 2);
    machine->slots[end_slot].code = CODE_DECLINED;
    machine->line_flags = ARENA_ARRAY(arena, uint8_t, line_count(machine));
    machine->executed = ARENA_ARRAY(arena, uint64_t, (size_t)memory_bytes / 4 / 64 + 1);
    machine->first_remaining = -1;
    return machine;
}

struct vamp_state *vamp_machine_state(struct vamp_machine *machine)
{
    return &machine->state;
}

uint32_t vamp_machine_memory_bytes(const struct vamp_machine *machine)
{
    return machine->memory_bytes;
}

uint64_t vamp_machine_steps(const struct vamp_machine *machine)
{
    return machine->steps;
}

uint64_t vamp_machine_interrupts(const struct vamp_machine *machine, unsigned cause)
{
    require(cause < 32, "a bit of CA");
    return machine->interrupts[cause];
}

/* --- Memory --- */

bool vamp_machine_read(const struct vamp_machine *machine, uint32_t address, uint32_t *word)
{
    if (!machine_has_word(machine, address))
        return false;
    *word = machine->words[address / 4];
    return true;
}

const uint32_t *vamp_machine_words(const struct vamp_machine *machine)
{
    return machine->words;
}

bool vamp_machine_write(struct vamp_machine *machine, uint32_t address, uint32_t word)
{
    if (!machine_has_word(machine, address))
        return false;
    machine_note_store(machine, address);
    machine->words[address / 4] = word;
    return true;
}

bool vamp_machine_load(struct vamp_machine *machine, uint32_t address, struct text bytes)
{
    if (address > machine->memory_bytes || bytes.length > machine->memory_bytes - address)
        return false;
    for (size_t i = 0; i < bytes.length; i++) {
        uint32_t at = address + (uint32_t)i, shift = 8 * (at % 4);
        uint32_t word = machine->words[at / 4] & ~(UINT32_C(0xFF) << shift);
        vamp_machine_write(machine, at & ~UINT32_C(3),
                           word | (uint32_t)(unsigned char)bytes.at[i] << shift);
    }
    return true;
}

static void note_change(struct vamp_machine *machine, uint32_t line)
{
    for (unsigned reader = 0; reader < VAMP_CHANGE_READERS; reader++) {
        struct changed_lines *changes = &machine->changes[reader];
        if (changes->numbers == NULL || changes->is_noted[line] != 0)
            continue;
        changes->is_noted[line] = 1;
        changes->numbers[changes->count++] = line;
    }
}

void machine_note_store(struct vamp_machine *machine, uint32_t address)
{
    uint8_t *flags = &machine->line_flags[address / VAMP_LINE_BYTES];
    if ((*flags & LINE_CODE) != 0)
        machine->slots[slot_of(address)].code = CODE_UNDECODED;
    if ((*flags & LINE_TABLE) != 0)
        tlb_forget(&machine->tlb);
    if ((*flags & LINE_CLEAN) != 0)
        note_change(machine, address / VAMP_LINE_BYTES);
    *flags &= LINE_CODE;
}

/* --- Changed lines --- */

void vamp_machine_track_changes_for(struct vamp_machine *machine, unsigned reader)
{
    require(reader < VAMP_CHANGE_READERS, "a reader of changes");
    struct changed_lines *changes = &machine->changes[reader];
    if (changes->numbers != NULL)
        return;
    changes->numbers = ARENA_ARRAY(machine->arena, uint32_t, line_count(machine));
    changes->is_noted = ARENA_ARRAY(machine->arena, uint8_t, line_count(machine));
    for (uint32_t line = 0; line < line_count(machine); line++)
        machine->line_flags[line] |= LINE_CLEAN;
}

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

void vamp_machine_each_changed_line_for(struct vamp_machine *machine, unsigned reader,
                                        void (*visit)(void *self, uint32_t address), void *self)
{
    require(reader < VAMP_CHANGE_READERS, "a reader of changes");
    struct changed_lines *changes = &machine->changes[reader];
    uint32_t *lines = changes->numbers;
    size_t count = changes->count;
    if (count == 0)
        return;
    qsort(lines, count, sizeof *lines, by_number);
    for (size_t i = 0; i < count; i++)
        visit(self, lines[i] * VAMP_LINE_BYTES);
    for (size_t i = 0; i < count; i++) {
        machine->line_flags[lines[i]] |= LINE_CLEAN;
        changes->is_noted[lines[i]] = 0;
    }
    changes->count = 0;
}

void vamp_machine_track_changes(struct vamp_machine *machine)
{
    vamp_machine_track_changes_for(machine, 0);
}

void vamp_machine_each_changed_line(struct vamp_machine *machine,
                                    void (*visit)(void *self, uint32_t address), void *self)
{
    vamp_machine_each_changed_line_for(machine, 0, visit, self);
}

/* --- Breakpoints --- */

/* The number of the first breakpoint that is not below the address. */
static size_t find_breakpoint(const struct vamp_machine *machine, uint32_t address)
{
    size_t low = 0, high = machine->breakpoints.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (machine->breakpoints.at[middle] < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool machine_has_breakpoint(const struct vamp_machine *machine, uint32_t address)
{
    size_t number = find_breakpoint(machine, address);
    return number < machine->breakpoints.count && machine->breakpoints.at[number] == address;
}

bool machine_is_breakpoint(const struct vamp_machine *machine, uint32_t address)
{
    if (machine->breaks_in_system_mode_only && vamp_is_user_mode(&machine->state))
        return false;
    return machine_has_breakpoint(machine, address);
}

static void forget_decoded(struct vamp_machine *machine, uint32_t address)
{
    if (machine_has_word(machine, address) &&
        (machine->line_flags[address / VAMP_LINE_BYTES] & LINE_CODE) != 0)
        machine->slots[slot_of(address)].code = CODE_UNDECODED;
}

/* The instructions that may be at a breakpoint are looked at again when they are reached: its
 * address, and in user mode any page's word with its offset. */
static void forget_breakpoint(struct vamp_machine *machine, uint32_t address)
{
    if (!machine->has_users || machine->breaks_in_system_mode_only) {
        forget_decoded(machine, address);
        return;
    }
    for (uint64_t at = address % VAMP_PAGE_BYTES; at < machine->memory_bytes; at += VAMP_PAGE_BYTES)
        forget_decoded(machine, (uint32_t)at);
}

void vamp_machine_add_breakpoint(struct vamp_machine *machine, uint32_t address)
{
    size_t number = find_breakpoint(machine, address);
    if (machine_has_breakpoint(machine, address))
        return;
    ARRAY_PUSH(machine->arena, &machine->breakpoints, address);
    uint32_t *at = machine->breakpoints.at;
    memmove(at + number + 1, at + number, (machine->breakpoints.count - 1 - number) * sizeof *at);
    at[number] = address;
    forget_breakpoint(machine, address);
}

void vamp_machine_remove_breakpoint(struct vamp_machine *machine, uint32_t address)
{
    size_t number = find_breakpoint(machine, address);
    if (!machine_has_breakpoint(machine, address))
        return;
    uint32_t *at = machine->breakpoints.at;
    memmove(at + number, at + number + 1, (--machine->breakpoints.count - number) * sizeof *at);
    forget_breakpoint(machine, address);
}

static void forget_breakpoints(struct vamp_machine *machine)
{
    for (size_t i = 0; i < machine->breakpoints.count; i++)
        forget_breakpoint(machine, machine->breakpoints.at[i]);
}

/* What may be a breakpoint in both modes, the more, is looked at again. */
void vamp_machine_break_in_system_mode_only(struct vamp_machine *machine, bool only)
{
    if (only == machine->breaks_in_system_mode_only)
        return;
    machine->breaks_in_system_mode_only = false;
    forget_breakpoints(machine);
    machine->breaks_in_system_mode_only = only;
}

void machine_admit_users(struct vamp_machine *machine)
{
    if (machine->has_users)
        return;
    machine->has_users = true;
    forget_breakpoints(machine);
}

/* --- What was executed --- */

bool vamp_machine_was_executed(const struct vamp_machine *machine, uint32_t address)
{
    return machine_has_word(machine, address) &&
           (machine->executed[address / 4 / 64] >> address / 4 % 64 & 1) != 0;
}

void machine_note_first(struct vamp_machine *machine, size_t slot, int64_t remaining)
{
    if (machine->first_remaining == remaining)
        return; /* it was decoded just now */
    machine_settle_first(machine);
    if (ends_page(slot) || vamp_machine_was_executed(machine, address_of_slot(slot)))
        return;
    machine->first_slot = slot;
    machine->first_remaining = remaining;
}

void machine_decline_first(struct vamp_machine *machine, int64_t remaining)
{
    if (machine->first_remaining != remaining || remaining < 0)
        return;
    machine->slots[machine->first_slot].code = CODE_UNDECODED;
    machine->first_remaining = -1;
}

void machine_settle_first(struct vamp_machine *machine)
{
    if (machine->first_remaining >= 0)
        machine_note_executed(machine, address_of_slot(machine->first_slot));
    machine->first_remaining = -1;
}

void machine_note_waiting(struct vamp_machine *machine, size_t slot, bool is_all)
{
    uint32_t address = address_of_slot(slot);
    machine_note_executed(machine, address);
    if (!is_all)
        machine_note_executed(machine, address + 4);
}
