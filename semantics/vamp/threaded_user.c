/* The fast reading of isa.def in user mode: addresses are translated through the cache.
 *
 * Within a page a slot's address is a linear function of its number; `bias` is its constant part.
 * The instruction at dpc has the bias of pcp, but for the first one after a far branch: then
 * `remaining` is `crossed`, and its bias is `old_bias`. No store changes a translation while this
 * runs (STORE_AT), nor does anything change PTO, PTL or MODE. */
#include "semantics/vamp/threaded.h"

#include <string.h>

/* As in threaded_system.c. */
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC optimize("no-gcse", "no-crossjumping", "align-labels=64")

/* NULL: not through the cache. */
static struct threaded_insn *slot_at(struct vamp_machine *machine, uint64_t stamp, uint32_t address)
{
    const struct tlb_entry *entry = tlb_entry(&machine->tlb, TLB_FETCH, address);
    bool is_there = address % 4 == 0 && (entry->tag == tlb_tag(stamp, address, 4) ||
                                         tlb_fill(machine, stamp, TLB_FETCH, address));
    return is_there ? &machine->slots[slot_of(address + entry->bias)] : NULL;
}

#define RUN_THREADED machine_run_user
#define PASSES_WAITING true
#define ADDRESS_OF(slot, its_bias) ((uint32_t)((slot)-slots) * 4 + (its_bias))
/* While an instruction executes it is no longer counted in `remaining`. */
#define DPC ADDRESS_OF(insn, remaining + 1 == crossed ? old_bias : bias)
#define PCP ADDRESS_OF(next, bias)
#define IS_STRAIGHT (next == insn + 1 && remaining + 1 != crossed)

/* `entry` is the cached translation of the aligned `address`, or the instruction starts again when
 * it is; it declines a misaligned address. */
#define TRANSLATE(use, address, bytes)                                                             \
    const struct tlb_entry *entry = tlb_entry(&machine->tlb, use, address);                        \
    if (__builtin_expect(entry->tag != tlb_tag(stamp, address, bytes), 0)) {                       \
        if ((address) % (bytes) != 0 || !tlb_fill(machine, stamp, use, address))                   \
            goto decline;                                                                          \
        goto *labels[insn->code];                                                                  \
    }
#define LOAD(bytes, is_signed, location)                                                           \
    do {                                                                                           \
        uint32_t address = (location);                                                             \
        TRANSLATE(TLB_READ, address, bytes)                                                        \
        WRITE(LOADED(words[(address + entry->bias) / 4], address, bytes, is_signed));              \
    } while (0)
#define STORE(bytes, location)                                                                     \
    do {                                                                                           \
        uint32_t address = (location);                                                             \
        TRANSLATE(TLB_WRITE, address, bytes)                                                       \
        uint32_t place = address + entry->bias;                                                    \
        STORE_AT(place, bytes, address);                                                           \
    } while (0)

#define BIAS_OF(address, slot) ((address) - (uint32_t)(slot)*4)

/* As in threaded_system.c, a target that would look as if it followed is declined. */
#define GO_FAR(target, effect)                                                                     \
    do {                                                                                           \
        TRANSLATE(TLB_FETCH, target, 4)                                                            \
        struct threaded_insn *target_slot = slots + slot_of((target) + entry->bias);               \
        if (target_slot == next + 1)                                                               \
            goto decline;                                                                          \
        effect;                                                                                    \
        insn = next;                                                                               \
        next = target_slot;                                                                        \
        old_bias = bias;                                                                           \
        bias = BIAS_OF(target, target_slot - slots);                                               \
        crossed = remaining;                                                                       \
        DISPATCH;                                                                                  \
    } while (0)

/* The page that follows in virtual memory may be anywhere in physical memory. */
#define CROSS_PAGE                                                                                 \
    do {                                                                                           \
        uint32_t address = DPC;                                                                    \
        TRANSLATE(TLB_FETCH, address, 4)                                                           \
        bool is_sequence = next == insn + 1;                                                       \
        insn = slots + slot_of(address + entry->bias);                                             \
        uint32_t its_bias = BIAS_OF(address, insn - slots);                                        \
        if (is_sequence) {                                                                         \
            next = insn + 1;                                                                       \
            bias = its_bias;                                                                       \
        } else {                                                                                   \
            old_bias = its_bias;                                                                   \
            crossed = remaining + 1;                                                               \
        }                                                                                          \
    } while (0)

#define READ_SPECIAL goto decline
#define WRITE_SPECIAL(word) goto decline

/* If pcp follows dpc on the next page, `next` ends dpc's page. */
#define ENTER                                                                                      \
    const uint64_t stamp = tlb_enter(machine);                                                     \
    const uint32_t dpc = machine->state.dpc, pcp = machine->state.pcp;                             \
    struct threaded_insn *insn = slot_at(machine, stamp, dpc);                                     \
    if (insn == NULL)                                                                              \
        return 0;                                                                                  \
    bool is_next_page = pcp == dpc + 4 && ends_page((size_t)(insn + 1 - slots));                   \
    struct threaded_insn *next = is_next_page ? insn + 1 : slot_at(machine, stamp, pcp);           \
    if (next == NULL)                                                                              \
        return 0;                                                                                  \
    uint32_t old_bias = BIAS_OF(dpc, insn - slots), bias = BIAS_OF(pcp, next - slots);             \
    int64_t crossed = remaining
#define LEAVE                                                                                      \
    do {                                                                                           \
        machine->state.dpc = ADDRESS_OF(insn, remaining == crossed ? old_bias : bias);             \
        machine->state.pcp = PCP;                                                                  \
    } while (0)

#include "semantics/vamp/threaded.def"
