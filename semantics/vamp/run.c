/* The run: threaded code as far as it goes, then one plain step, and so on. */
#include "semantics/vamp/effect.h"
#include "semantics/vamp/threaded.h"

#define LINE_RESET (UINT32_C(1) << VAMP_INTERRUPT_RESET)
#define LINES_OF_DEVICES (UINT32_C(0xFF) << VAMP_INTERRUPT_DEVICE_0)

/* --- Settings --- */

void vamp_machine_connect(struct vamp_machine *machine, struct vamp_bus bus)
{
    machine->bus = bus;
}

void vamp_machine_end_run(struct vamp_machine *machine)
{
    machine->ends_run = true;
}

void vamp_machine_stop_at_interrupts(struct vamp_machine *machine, bool stops)
{
    machine->stops_at_interrupts = stops;
}

void vamp_machine_stop_at_waiting(struct vamp_machine *machine, bool stops)
{
    machine->stops_at_waiting = stops;
}

/* --- Memory and the bus, as the plain step sees them --- */

static bool is_on_bus(const struct vamp_machine *machine, uint32_t address)
{
    return address >= VAMP_DEVICES && machine->bus.read != NULL;
}

static bool read_any(void *self, uint32_t address, uint32_t *word)
{
    struct vamp_machine *machine = self;
    if (!is_on_bus(machine, address))
        return vamp_machine_read(machine, address, word);
    machine->is_bus_used = true;
    return machine->bus.read(machine->bus.self, address, word);
}

static bool write_any(void *self, uint32_t address, uint32_t word)
{
    struct vamp_machine *machine = self;
    if (!is_on_bus(machine, address))
        return vamp_machine_write(machine, address, word);
    machine->is_bus_used = true;
    return machine->bus.write(machine->bus.self, address, word);
}

/* The same with devices and memory left alone, to see what a step would end in. */
static bool read_idly(void *self, uint32_t address, uint32_t *word)
{
    *word = 0;
    return is_on_bus(self, address) || vamp_machine_read(self, address, word);
}

static bool write_idly(void *self, uint32_t address, uint32_t word)
{
    return read_idly(self, address, &word);
}

static void read_lines(struct vamp_machine *machine)
{
    machine->is_bus_used = false;
    machine->lines = machine->bus.lines == NULL ? 0 : machine->bus.lines(machine->bus.self);
}

/* --- One step --- */

static bool is_interrupted(const struct vamp_machine *machine)
{
    uint32_t enabled = machine->state.spr[VAMP_SPR_SR] & LINES_OF_DEVICES;
    return (machine->lines & (enabled | LINE_RESET)) != 0;
}

/* What a machine that stops at interrupts does not execute: the step that ends in one, and rfe. */
static enum vamp_stop undone_as(const struct vamp_diagnosis *diagnosis)
{
    struct vamp_insn insn;
    if (diagnosis->interrupts != 0)
        return VAMP_STOP_INTERRUPT;
    bool is_rfe = vamp_decode(diagnosis->word, &insn) && insn.op == VAMP_OP_RFE;
    return is_rfe ? VAMP_STOP_RFE : VAMP_STOP_NONE;
}

/* A step that an interrupt from outside would end must not reach memory; one that ends in another
 * interrupt, or is an rfe, does not. */
static bool step_unless_interrupted(struct vamp_machine *machine, const struct vamp_memory *memory,
                                    struct vamp_diagnosis *diagnosis)
{
    struct vamp_state before = machine->state;
    struct vamp_memory idle = {machine, memory->size_bytes, read_idly, write_idly};
    const struct vamp_memory *used = is_interrupted(machine) ? &idle : memory;
    if (!vamp_step(&machine->state, used, machine->lines, diagnosis))
        return false;
    diagnosis->stop = undone_as(diagnosis);
    if (diagnosis->stop == VAMP_STOP_NONE)
        return true;
    machine->state = before;
    return false;
}

static void count_interrupt(struct vamp_machine *machine, uint32_t causes)
{
    for (unsigned cause = 0; causes >> cause != 0; cause++)
        machine->interrupts[cause] += causes >> cause & 1;
}

static bool completes(uint32_t interrupts)
{
    uint32_t first = interrupts & (UINT32_C(0) - interrupts);
    return interrupts == 0 || (first & VAMP_CONTINUED) != 0;
}

static bool step(struct vamp_machine *machine, struct vamp_diagnosis *diagnosis)
{
    struct vamp_memory memory = {machine, machine->memory_bytes, read_any, write_any};
    uint32_t place;
    bool is_placed =
        vamp_translate(&machine->state, &memory, machine->state.dpc & ~UINT32_C(3), false, &place);
    bool is_done = machine->stops_at_interrupts
                       ? step_unless_interrupted(machine, &memory, diagnosis)
                       : vamp_step(&machine->state, &memory, machine->lines, diagnosis);
    if (is_done && diagnosis->interrupts != 0)
        count_interrupt(machine, diagnosis->interrupts);
    if (is_done && is_placed && completes(diagnosis->interrupts))
        machine_note_executed(machine, place);
    return is_done;
}

/* --- Waiting --- */

bool machine_is_waiting(uint32_t jump, uint32_t slot)
{
    return jump == JUMP_TO_ITSELF && slot == NO_OPERATION;
}

/* A jump to itself is at `address`, its no-op after it, and system mode executes them. */
static bool waits_at(const struct vamp_machine *machine, uint32_t address)
{
    uint32_t jump, slot;
    return !vamp_is_user_mode(&machine->state) && vamp_machine_read(machine, address, &jump) &&
           vamp_machine_read(machine, address + 4, &slot) && machine_is_waiting(jump, slot);
}

static bool is_at_waiting(const struct vamp_machine *machine)
{
    const struct vamp_state *state = &machine->state;
    return state->pcp == state->dpc + 4 && waits_at(machine, state->dpc);
}

static bool is_within_waiting(const struct vamp_machine *machine)
{
    const struct vamp_state *state = &machine->state;
    return is_at_waiting(machine) ||
           (state->dpc == state->pcp + 4 && waits_at(machine, state->pcp));
}

/* Whether the run ends here because the processor waits; not where the run began with it. */
static bool ends_by_waiting(struct vamp_machine *machine)
{
    if (!machine->stops_at_waiting)
        return false;
    machine->passes_waiting = machine->passes_waiting && is_within_waiting(machine);
    return !machine->passes_waiting && is_at_waiting(machine);
}

/* --- The run --- */

static bool is_over(struct vamp_machine *machine, uint64_t max_steps, struct vamp_run *run)
{
    bool has_begun = run->steps != 0;
    bool is_ended = machine->ends_run || ends_by_waiting(machine);
    if (has_begun && machine_is_breakpoint(machine, machine->state.dpc))
        run->status =
            VAMP_RUN_BREAKPOINT; /* also where it would have ended: nobody sees it later */
    else if (has_begun && is_ended)
        run->status = VAMP_RUN_ENDED;
    else if (run->steps == max_steps)
        run->status = VAMP_RUN_LIMIT;
    else
        return false;
    return true;
}

static uint64_t run_threaded(struct vamp_machine *machine, uint64_t limit)
{
    if (is_interrupted(machine))
        return 0;
    if (limit > INT64_MAX)
        limit = INT64_MAX;
    if (!vamp_is_user_mode(&machine->state))
        return machine_run_system(machine, limit);
    machine_admit_users(machine);
    return machine_run_user(machine, limit);
}

static struct vamp_run run(struct vamp_machine *machine, uint64_t max_steps, bool is_threaded)
{
    struct vamp_run run = {0};
    struct vamp_diagnosis diagnosis;
    machine->ends_run = false;
    machine->passes_waiting = is_within_waiting(machine);
    read_lines(machine);
    while (!is_over(machine, max_steps, &run)) {
        if (machine->is_bus_used)
            read_lines(machine);
        uint64_t count = is_threaded ? run_threaded(machine, max_steps - run.steps) : 0;
        if (count == 0 && !step(machine, &diagnosis)) {
            run.status = VAMP_RUN_STOPPED;
            run.diagnosis = diagnosis;
            break;
        }
        count += count == 0;
        run.steps += count;
        machine->steps += count;
    }
    return run;
}

struct vamp_run vamp_machine_run(struct vamp_machine *machine, uint64_t max_steps)
{
    return run(machine, max_steps, true);
}

struct vamp_run vamp_machine_run_plain(struct vamp_machine *machine, uint64_t max_steps)
{
    return run(machine, max_steps, false);
}
