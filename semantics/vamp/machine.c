/* Memory, breakpoints and the run loop around threaded code and vamp_step. */
#include "semantics/vamp/machine.h"

#include "base/require.h"
#include "semantics/vamp/threaded.h"

struct vamp_machine *vamp_machine_new(struct arena *arena, uint32_t memory_bytes)
{
    require(memory_bytes % 4 == 0 && memory_bytes <= VAMP_DEVICES, "a size that memory can have");
    struct vamp_machine *machine = ARENA_NEW(arena, struct vamp_machine);
    size_t word_count = memory_bytes / 4;
    machine->arena = arena;
    machine->memory_bytes = memory_bytes;
    machine->state.pcp = 4;
    machine->words = ARENA_ARRAY(arena, uint32_t, word_count);
    machine->insns = ARENA_ARRAY(arena, struct threaded_insn, word_count + 2);
    machine->insns[word_count].code = machine->insns[word_count + 1].code = CODE_DECLINED;
    machine->code_lines = ARENA_ARRAY(arena, uint8_t, (memory_bytes >> CODE_LINE_SHIFT) + 1);
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

static bool is_in_memory(const struct vamp_machine *machine, uint32_t address)
{
    return address % 4 == 0 && address < machine->memory_bytes;
}

bool vamp_machine_read(const struct vamp_machine *machine, uint32_t address, uint32_t *word)
{
    if (!is_in_memory(machine, address))
        return false;
    *word = machine->words[address / 4];
    return true;
}

bool vamp_machine_write(struct vamp_machine *machine, uint32_t address, uint32_t word)
{
    if (!is_in_memory(machine, address))
        return false;
    machine->words[address / 4] = word;
    machine->insns[address / 4].code = CODE_UNDECODED;
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

bool machine_is_breakpoint(const struct vamp_machine *machine, uint32_t address)
{
    for (size_t i = 0; i < machine->breakpoints.count; i++) {
        if (machine->breakpoints.at[i] == address)
            return true;
    }
    return false;
}

/* Its instruction is looked at again when it is reached. */
static void forget_decoded(struct vamp_machine *machine, uint32_t address)
{
    if (is_in_memory(machine, address))
        machine->insns[address / 4].code = CODE_UNDECODED;
}

void vamp_machine_add_breakpoint(struct vamp_machine *machine, uint32_t address)
{
    ARRAY_PUSH(machine->arena, &machine->breakpoints, address);
    forget_decoded(machine, address);
}

void vamp_machine_remove_breakpoint(struct vamp_machine *machine, uint32_t address)
{
    size_t kept = 0;
    for (size_t i = 0; i < machine->breakpoints.count; i++) {
        if (machine->breakpoints.at[i] != address)
            machine->breakpoints.at[kept++] = machine->breakpoints.at[i];
    }
    machine->breakpoints.count = kept;
    forget_decoded(machine, address);
}

static bool read_memory(void *self, uint32_t address, uint32_t *word)
{
    return vamp_machine_read(self, address, word);
}

static bool write_memory(void *self, uint32_t address, uint32_t word)
{
    return vamp_machine_write(self, address, word);
}

/* The states from which threaded code can start. */
static bool is_ordinary(const struct vamp_machine *machine)
{
    const struct vamp_state *state = &machine->state;
    return is_in_memory(machine, state->dpc) && is_in_memory(machine, state->pcp) &&
           !vamp_is_user_mode(state);
}

void vamp_machine_stop_at_interrupts(struct vamp_machine *machine, bool stops)
{
    machine->stops_at_interrupts = stops;
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

/* One plain step. Without lines, no step that is undone has written memory. */
static bool step_plain(struct vamp_machine *machine, const struct vamp_memory *memory,
                       struct vamp_diagnosis *diagnosis)
{
    struct vamp_state before = machine->state;
    if (!vamp_step(&machine->state, memory, 0, diagnosis))
        return false;
    if (machine->stops_at_interrupts)
        diagnosis->stop = undone_as(diagnosis);
    if (diagnosis->stop == VAMP_STOP_NONE)
        return true;
    machine->state = before;
    return false;
}

/* Threaded code as far as it goes, then one plain step, and so on. */
static struct vamp_run run(struct vamp_machine *machine, uint64_t max_steps, bool is_threaded)
{
    struct vamp_memory memory = {machine, machine->memory_bytes, read_memory, write_memory};
    struct vamp_run run = {0};
    for (;;) {
        if (run.steps != 0 && machine_is_breakpoint(machine, machine->state.dpc)) {
            run.status = VAMP_RUN_BREAKPOINT;
            return run;
        }
        if (run.steps == max_steps) {
            run.status = VAMP_RUN_LIMIT;
            return run;
        }
        if (is_threaded && is_ordinary(machine)) {
            uint64_t count = machine_run_threaded(machine, max_steps - run.steps);
            run.steps += count;
            if (count != 0)
                continue;
        }
        if (!step_plain(machine, &memory, &run.diagnosis)) {
            run.status = VAMP_RUN_STOPPED;
            return run;
        }
        run.steps++;
    }
}

struct vamp_run vamp_machine_run(struct vamp_machine *machine, uint64_t max_steps)
{
    return run(machine, max_steps, true);
}

struct vamp_run vamp_machine_run_plain(struct vamp_machine *machine, uint64_t max_steps)
{
    return run(machine, max_steps, false);
}
