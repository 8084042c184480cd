#include "validator/vamp/concrete.h"

#include "semantics/vamp/machine.h"

/* struct concrete_machine is the VAMP machine itself; only this file knows. */
static struct vamp_machine *vamp_of(struct concrete_machine *machine)
{
    return (struct vamp_machine *)machine;
}

static const struct vamp_machine *vamp_seen(const struct concrete_machine *machine)
{
    return (const struct vamp_machine *)machine;
}

static struct concrete_machine *machine_new(struct arena *arena, const struct image *image,
                                            uint32_t memory_bytes)
{
    struct vamp_machine *machine = vamp_machine_new(arena, memory_bytes);
    vamp_machine_stop_at_interrupts(machine, true);
    for (size_t i = 0; i < image->segment_count; i++)
        if (!vamp_machine_load(machine, image->segments[i].address, image->segments[i].content))
            return NULL;
    return (struct concrete_machine *)machine;
}

static bool read(const struct concrete_machine *machine, uint32_t address, uint32_t *word)
{
    return vamp_machine_read(vamp_seen(machine), address, word);
}

static bool write(struct concrete_machine *machine, uint32_t address, uint32_t word)
{
    return vamp_machine_write(vamp_of(machine), address, word);
}

static uint32_t get_register(const struct concrete_machine *machine, unsigned number)
{
    struct vamp_machine *vamp = (struct vamp_machine *)(uintptr_t)(const void *)machine;
    return vamp_machine_state(vamp)->gpr[number];
}

static void set_register(struct concrete_machine *machine, unsigned number, uint32_t word)
{
    if (number != 0)
        vamp_machine_state(vamp_of(machine))->gpr[number] = word;
}

static enum run_end run(struct concrete_machine *machine, struct arena *arena, uint32_t start,
                        uint32_t stop, uint64_t max_steps, uint64_t *steps,
                        const char **trouble)
{
    struct vamp_machine *vamp = vamp_of(machine);
    struct vamp_state *state = vamp_machine_state(vamp);
    state->dpc = start;
    state->pcp = start + 4;
    vamp_machine_add_breakpoint(vamp, stop);
    struct vamp_run run = vamp_machine_run(vamp, max_steps);
    vamp_machine_remove_breakpoint(vamp, stop);
    *steps = run.steps;
    *trouble = NULL;
    switch (run.status) {
    case VAMP_RUN_BREAKPOINT:
        return RUN_ARRIVED;
    case VAMP_RUN_LIMIT:
    case VAMP_RUN_ENDED: /* by a bus, and there is none */
        return RUN_LIMIT;
    case VAMP_RUN_STOPPED: {
        char buffer[160];
        vamp_diagnosis_print(&run.diagnosis, buffer, sizeof buffer);
        *trouble = arena_printf(arena, "%s", buffer);
        return RUN_STOPPED;
    }
    }
    return RUN_STOPPED;
}

const struct concrete vamp_concrete = {
    .machine_new = machine_new,
    .read = read,
    .write = write,
    .get_register = get_register,
    .set_register = set_register,
    .run = run,
};
