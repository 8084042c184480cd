/* The fast reading of isa.def in system mode: addresses are physical. */
#include "semantics/vamp/threaded.h"

#include <string.h>

/* Labels as values are what makes threaded code; C17 has no other way to say it. */
#pragma GCC diagnostic ignored "-Wpedantic"
/* Each instruction keeps a jump of its own to the next one, which the processor then predicts by
 * what follows that instruction; gcc would unite them. It is half the speed. */
#pragma GCC optimize("no-gcse", "no-crossjumping", "align-labels=64")

#define RUN_THREADED machine_run_system
#define DPC address_of_slot((size_t)(insn - slots))
#define PCP address_of_slot((size_t)(next - slots))
#define IS_STRAIGHT (next == insn + 1)
#define PASSES_WAITING (!machine->stops_at_waiting || machine->passes_waiting)

/* An aligned address below memory_bytes, a multiple of 4, has all its bytes in memory. */
#define DECLINE_UNLESS_PLACE(address, bytes)                                                       \
    do {                                                                                           \
        if ((address) % (bytes) != 0 || (address) >= memory_bytes)                                 \
            goto decline;                                                                          \
    } while (0)
#define LOAD(bytes, is_signed, location)                                                           \
    do {                                                                                           \
        uint32_t address = (location);                                                             \
        DECLINE_UNLESS_PLACE(address, bytes);                                                      \
        WRITE(LOADED(words[address / 4], address, bytes, is_signed));                              \
    } while (0)
#define STORE(bytes, location)                                                                     \
    do {                                                                                           \
        uint32_t address = (location);                                                             \
        DECLINE_UNLESS_PLACE(address, bytes);                                                      \
        STORE_AT(address, bytes, address);                                                         \
    } while (0)

/* After the last instruction of a page `next` ends the page; a target in the very next slot would
 * look as if it followed. */
#define GO_FAR(target, effect)                                                                     \
    do {                                                                                           \
        DECLINE_UNLESS_PLACE(target, 4);                                                           \
        struct threaded_insn *target_slot = slots + slot_of(target);                               \
        if (target_slot == next + 1)                                                               \
            goto decline;                                                                          \
        effect;                                                                                    \
        insn = next;                                                                               \
        next = target_slot;                                                                        \
        DISPATCH;                                                                                  \
    } while (0)
#define CROSS_PAGE                                                                                 \
    do {                                                                                           \
        if (next == insn + 1)                                                                      \
            next++;                                                                                \
        insn++;                                                                                    \
    } while (0)

/* What decides whether the next instruction is interrupted or translated is for the plain step. */
#define READ_SPECIAL WRITE(vamp_spr_exists(SA) ? machine->state.spr[SA] : 0)
#define WRITE_SPECIAL(word)                                                                        \
    do {                                                                                           \
        if (SA == VAMP_SPR_SR || SA == VAMP_SPR_MODE)                                              \
            goto decline;                                                                          \
        if (vamp_spr_exists(SA))                                                                   \
            machine->state.spr[SA] = (word);                                                       \
        NEXT;                                                                                      \
    } while (0)

#define ENTER                                                                                      \
    const uint32_t memory_bytes = machine->memory_bytes;                                           \
    if (!machine_has_word(machine, machine->state.dpc) ||                                          \
        !machine_has_word(machine, machine->state.pcp))                                            \
        return 0;                                                                                  \
    struct threaded_insn *insn = slots + slot_of(machine->state.dpc);                              \
    struct threaded_insn *next = slots + slot_of(machine->state.pcp)
#define LEAVE                                                                                      \
    do {                                                                                           \
        if (ends_page((size_t)(insn - slots)))                                                     \
            CROSS_PAGE;                                                                            \
        machine->state.dpc = DPC;                                                                  \
        machine->state.pcp = PCP;                                                                  \
    } while (0)

#include "semantics/vamp/threaded.def"
