/* The inside of the fast machine: memory, its decoded image, and what is known of its lines. */
#ifndef SEMANTICS_VAMP_THREADED_H
#define SEMANTICS_VAMP_THREADED_H

#include "base/array.h"
#include "semantics/vamp/machine.h"
#include "semantics/vamp/tlb.h"

/* An instruction made ready for threaded code. `code` is one of these or, from CODE_INSTRUCTION
 * on, an instruction of isa.def. A near branch stays on its page; its `immediate` is then the
 * distance in slots from the branch itself, the same wherever the page is mapped. */
enum threaded_code {
    CODE_UNDECODED,
    CODE_DECLINED,   /* for the plain step */
    CODE_BREAKPOINT, /* perhaps: the address decides */
    CODE_PAGE_END,
    CODE_NO_OPERATION, /* the usual one */
    CODE_SELF_JUMP,    /* a near J to itself */
    CODE_NEAR_J,
    CODE_NEAR_JAL,
    CODE_NEAR_BEQZ,
    CODE_NEAR_BNEZ,
    CODE_INSTRUCTION,
    CODE_COUNT = CODE_INSTRUCTION + VAMP_OP_COUNT
};

struct threaded_insn {
    uint8_t code;
    uint8_t rd; /* a write to r0 goes to register SINK */
    uint8_t rs1, rs2;
    uint32_t immediate; /* or the shift amount, or the special register */
};

enum { SINK = VAMP_GPR_COUNT };

/* What stores must know of a line of VAMP_LINE_BYTES. */
enum {
    LINE_CODE = 1,  /* may hold decoded instructions */
    LINE_TABLE = 2, /* may hold page table entries of which translations are cached */
    LINE_CLEAN = 4, /* its first change is to be noted */
};

/* What a reader of changes has not asked for yet. */
struct changed_lines {
    uint32_t *numbers; /* each once; NULL: changes are not tracked for this reader */
    size_t count;
    uint8_t *is_noted; /* by line: it is among the numbers */
};

struct vamp_machine {
    struct arena *arena;
    struct vamp_state state;
    uint32_t memory_bytes;
    uint32_t *words;
    /* The decoded image: for each page a slot for each word, and one more that ends the page. The
     * slot after the last word is always DECLINED. */
    struct threaded_insn *slots;
    uint8_t *line_flags;

    struct vamp_bus bus;
    uint32_t lines;   /* of the bus, as they are before the next instruction */
    bool is_bus_used; /* since they were read */
    bool ends_run;    /* after the present instruction */
    bool stops_at_interrupts;
    bool stops_at_waiting;
    bool passes_waiting; /* this run began with it */
    uint64_t steps;
    uint64_t interrupts[32];

    struct changed_lines changes[VAMP_CHANGE_READERS];

    ARRAY(uint32_t) breakpoints; /* in order, each once */
    bool breaks_in_system_mode_only;
    bool has_users; /* user mode was threaded: breakpoints may be anywhere in memory */

    /* A bit for each word: it was executed. Threaded code sets it when it finds an instruction
     * undecoded: `first_slot` is the last one, and counts unless the dispatch that left
     * `first_remaining` instructions is declined. */
    uint64_t *executed;
    size_t first_slot;
    int64_t first_remaining; /* -1: there is none */
    struct tlb tlb;
};

enum { PAGE_SLOTS = VAMP_PAGE_BYTES / 4 + 1 };

static inline size_t slot_of(uint32_t address)
{
    return (size_t)(address / 4) + address / VAMP_PAGE_BYTES;
}

/* The slot that ends a page has the address of the next page. */
static inline uint32_t address_of_slot(size_t slot)
{
    uint32_t number = (uint32_t)slot;
    return (number - number / PAGE_SLOTS) * 4;
}

static inline bool ends_page(size_t slot)
{
    return (uint32_t)slot % PAGE_SLOTS == PAGE_SLOTS - 1;
}

static inline bool machine_has_word(const struct vamp_machine *machine, uint32_t address)
{
    return address % 4 == 0 && address < machine->memory_bytes;
}

/* Some breakpoint has that address, in whatever mode. */
bool machine_has_breakpoint(const struct vamp_machine *machine, uint32_t address);
/* In the present mode. */
bool machine_is_breakpoint(const struct vamp_machine *machine, uint32_t address);
/* From now on code is executed in user mode. */
void machine_admit_users(struct vamp_machine *machine);

/* The halt convention of docs/ABI.md: j -4 and ori r1,r1,0. */
#define JUMP_TO_ITSELF UINT32_C(0x0BFFFFFC)
#define NO_OPERATION UINT32_C(0x34210000)

/* The processor waits: a jump to itself and the usual no-op are these two words. */
bool machine_is_waiting(uint32_t jump, uint32_t slot);

/* Before a word changes: its decoded form, translations from it and the list of changed lines
 * follow. */
void machine_note_store(struct vamp_machine *machine, uint32_t address);

static inline void machine_note_executed(struct vamp_machine *machine, uint32_t address)
{
    machine->executed[address / 4 / 64] |= UINT64_C(1) << address / 4 % 64;
}

/* The instruction in the slot is executed, perhaps for the first time, unless it is declined: then
 * the next time may be the first. */
void machine_note_first(struct vamp_machine *machine, size_t slot, int64_t remaining);
void machine_decline_first(struct vamp_machine *machine, int64_t remaining);
void machine_settle_first(struct vamp_machine *machine);
/* So are a jump to itself in the slot and, if that is not all, the no-op behind it. */
void machine_note_waiting(struct vamp_machine *machine, size_t slot, bool is_all);

/* Fills in a slot; its code is no longer UNDECODED. */
void machine_decode(struct vamp_machine *machine, size_t slot);
/* The code of a word's slot without regard to breakpoints. */
enum threaded_code machine_true_code(const struct vamp_machine *machine, size_t slot);
/* Whether the jump to itself in the slot has the no-op behind it, as far as one page shows. */
bool machine_self_jump_waits(const struct vamp_machine *machine, size_t slot);

/* Both run from the present state, in their mode, until `limit` instructions are executed or the
 * next one is not for threaded code; they return how many were executed. Nothing from outside may
 * interrupt: the lines that SR enables are down. */
uint64_t machine_run_system(struct vamp_machine *machine, uint64_t limit);
uint64_t machine_run_user(struct vamp_machine *machine, uint64_t limit);

#endif
