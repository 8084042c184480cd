/* A VAMP with its own flat memory, made to run programs fast: instructions are decoded once and
 * run as threaded code; whatever is out of the ordinary is left to vamp_step, so that there is one
 * description of it. The two readings agree state by state (tests/unit/vamp/threaded.c). */
#ifndef SEMANTICS_VAMP_MACHINE_H
#define SEMANTICS_VAMP_MACHINE_H

#include "base/arena.h"
#include "base/text.h"
#include "semantics/vamp/vamp.h"

enum { VAMP_MEMORY_BYTES_DEFAULT = 4 * 1024 * 1024 };

struct vamp_machine;

/* Memory from address 0 on, all zero; a multiple of 4 bytes, below the devices. All registers are
 * 0 and pcp is 4. */
struct vamp_machine *vamp_machine_new(struct arena *arena, uint32_t memory_bytes);

/* Between runs the state may be read and changed. */
struct vamp_state *vamp_machine_state(struct vamp_machine *machine);
uint32_t vamp_machine_memory_bytes(const struct vamp_machine *machine);
/* False: the aligned address is outside memory. */
bool vamp_machine_read(const struct vamp_machine *machine, uint32_t address, uint32_t *word);
bool vamp_machine_write(struct vamp_machine *machine, uint32_t address, uint32_t word);
/* All of memory, word by word from address 0 on. Only to be read; it stays where it is. */
const uint32_t *vamp_machine_words(const struct vamp_machine *machine);
/* Copies bytes to any address. False, and nothing copied: they do not all lie in memory. */
bool vamp_machine_load(struct vamp_machine *machine, uint32_t address, struct text bytes);

/* What stands on the bus beyond memory: devices (semantics/devices/bus.h). */
struct vamp_bus {
    void *self;
    /* An aligned word at an address from VAMP_DEVICES on. False: nothing is there. */
    bool (*read)(void *self, uint32_t address, uint32_t *word);
    bool (*write)(void *self, uint32_t address, uint32_t word);
    /* The interrupt causes that are up now: bit 13+d is the line of device d, bit 0 reset. */
    uint32_t (*lines)(void *self);
};

/* Lines are read before each step that follows a step on the bus, and at the start of a run; they
 * change only when the bus is written or read, or between runs. */
void vamp_machine_connect(struct vamp_machine *machine, struct vamp_bus bus);
/* From within a function of the bus: the run ends after the instruction now executed. */
void vamp_machine_end_run(struct vamp_machine *machine);

/* Without a kernel to take them, interrupts are the end of a run (vouch call, replay): the run
 * stops before the instruction that would raise one. Off at first. */
void vamp_machine_stop_at_interrupts(struct vamp_machine *machine, bool stops);

/* Waiting is a jump to itself with the usual no-op (ori r1,r1,0) in its delay slot, in system mode
 * (docs/ABI.md). With this, a run also ends, as by vamp_machine_end_run, before it executes such a
 * jump, unless it begins at one or in its delay slot; one that begins there passes in O(1). Off at
 * first. */
void vamp_machine_stop_at_waiting(struct vamp_machine *machine, bool stops);

/* Interrupts taken since the machine was made that had this cause (0 to 31), be it among others. */
uint64_t vamp_machine_interrupts(const struct vamp_machine *machine, unsigned cause);

/* Steps since the machine was made; within a function of the bus: those before the instruction
 * now executed. A step that ends in an interrupt counts as one. */
uint64_t vamp_machine_steps(const struct vamp_machine *machine);

/* Lines of memory that were written. Tracking costs nothing until a line is first written. */
enum { VAMP_LINE_BYTES = 256 };
void vamp_machine_track_changes(struct vamp_machine *machine);
/* Visits, in order of address, each line written since the last call, or since tracking began. */
void vamp_machine_each_changed_line(struct vamp_machine *machine,
                                    void (*visit)(void *self, uint32_t address), void *self);

/* The same for several who ask: each is told of every line. The functions above are reader 0's. */
enum { VAMP_CHANGE_READERS = 2 };
void vamp_machine_track_changes_for(struct vamp_machine *machine, unsigned reader);
void vamp_machine_each_changed_line_for(struct vamp_machine *machine, unsigned reader,
                                        void (*visit)(void *self, uint32_t address), void *self);

/* A run ends before it executes an instruction at a breakpoint (a dpc, virtual in user mode), also
 * one outside memory. */
void vamp_machine_add_breakpoint(struct vamp_machine *machine, uint32_t address);
void vamp_machine_remove_breakpoint(struct vamp_machine *machine, uint32_t address);
/* Breakpoints count in system mode only, so that programs in user mode run at full speed over the
 * same addresses; or, as at first, in both modes. */
void vamp_machine_break_in_system_mode_only(struct vamp_machine *machine, bool only);

/* The word at the physical address was executed as an instruction since the machine was made: it
 * completed, perhaps with an interrupt after it. Repeated and aborted ones do not count. */
bool vamp_machine_was_executed(const struct vamp_machine *machine, uint32_t address);

enum vamp_run_status {
    VAMP_RUN_BREAKPOINT, /* dpc is a breakpoint */
    VAMP_RUN_LIMIT,      /* max_steps instructions were executed */
    VAMP_RUN_STOPPED,    /* the instruction at dpc is not executed, see the diagnosis */
    VAMP_RUN_ENDED,      /* by vamp_machine_end_run */
};

struct vamp_run {
    enum vamp_run_status status;
    uint64_t steps; /* instructions executed */
    struct vamp_diagnosis diagnosis;
};

/* Runs on from the present state; a breakpoint at the first instruction does not count. */
struct vamp_run vamp_machine_run(struct vamp_machine *machine, uint64_t max_steps);
/* The same by vamp_step alone: slow, the reference, with no translation cache. */
struct vamp_run vamp_machine_run_plain(struct vamp_machine *machine, uint64_t max_steps);

#endif
