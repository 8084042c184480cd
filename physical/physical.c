/* The oracle is asked what comes next, the processor runs until then, and so on. While it runs,
 * only an access to a device can change what the oracle would answer; the run then ends early. */
#include "physical/physical.h"

#include "base/require.h"
#include "physical/waiting.h"

/* Steps between two looks at whether the run is to end: milliseconds of a fast run. */
enum { FAST_SLICE_STEPS = 1 << 22, PLAIN_SLICE_STEPS = 1 << 17 };

/* What the oracle's answers depend on. */
struct expectation {
    enum device_event_kind awaits;
    bool accepts;
};

struct physical {
    struct vamp_machine *machine;
    struct bus *bus;
    struct physical_setup setup;
    uint32_t lines;        /* as the processor sees them */
    uint64_t checkpointed; /* at this step the observer was called last */
    struct expectation expectations[BUS_DEVICES];
    uint64_t events[BUS_DEVICES];
};

static uint32_t line_bit(unsigned device)
{
    return UINT32_C(1) << (VAMP_INTERRUPT_DEVICE_0 + device);
}

enum { RESET_LINE = UINT32_C(1) << VAMP_INTERRUPT_RESET };

/* --- Devices --- */

static void change_lines(struct physical *physical, uint64_t step, uint32_t lines)
{
    const struct physical_observer *observer = &physical->setup.observer;
    if (lines == physical->lines)
        return;
    physical->lines = lines;
    if (observer->lines_changed != NULL)
        observer->lines_changed(observer->self, step, lines);
}

/* After something has happened to a device: its line from `step` on. */
static void look_at_line(struct physical *physical, unsigned device, uint64_t step)
{
    const struct device *on_bus = physical->bus->devices[device];
    uint32_t bit = line_bit(device);
    bool is_up = on_bus->class->line(on_bus);
    change_lines(physical, step, is_up ? physical->lines | bit : physical->lines & ~bit);
}

/* Whether the oracle's last answer is still the one it would give. */
static bool is_as_expected(struct physical *physical, unsigned device)
{
    const struct device *on_bus = physical->bus->devices[device];
    struct expectation *expected = &physical->expectations[device];
    struct expectation now = {.awaits = on_bus->class->awaits(on_bus), .accepts = true};
    if (on_bus->class->accepts != NULL)
        now.accepts = on_bus->class->accepts(on_bus);
    bool is_same = now.awaits == expected->awaits && now.accepts == expected->accepts;
    *expected = now;
    return is_same;
}

static void look_after_access(struct physical *physical, uint32_t address)
{
    unsigned device = (address - BUS_ADDRESS) / BUS_WINDOW_BYTES;
    look_at_line(physical, device, vamp_machine_steps(physical->machine) + 1);
    if (!is_as_expected(physical, device))
        vamp_machine_end_run(physical->machine);
}

static bool read_device(void *self, uint32_t address, uint32_t *word)
{
    struct physical *physical = self;
    const struct physical_observer *observer = &physical->setup.observer;
    if (!bus_read(physical->bus, address, word))
        return false;
    if (observer->device_read != NULL)
        observer->device_read(observer->self, vamp_machine_steps(physical->machine), address,
                              *word);
    look_after_access(physical, address);
    return true;
}

static bool write_device(void *self, uint32_t address, uint32_t word)
{
    struct physical *physical = self;
    const struct physical_observer *observer = &physical->setup.observer;
    if (!bus_write(physical->bus, address, word))
        return false;
    if (observer->device_write != NULL)
        observer->device_write(observer->self, vamp_machine_steps(physical->machine), address,
                               word);
    look_after_access(physical, address);
    return true;
}

static uint32_t read_lines(void *self)
{
    return ((const struct physical *)self)->lines;
}

/* The event of the present step. A pressed reset button is up for the step that follows. */
static bool deliver(struct physical *physical, const struct oracle_event *event,
                    struct fault *fault)
{
    const struct physical_observer *observer = &physical->setup.observer;
    if (!event->is_reset && !bus_input(physical->bus, event->device, &event->event, fault))
        return false;
    if (observer->event != NULL)
        observer->event(observer->self, event);
    if (event->is_reset) {
        change_lines(physical, event->step, physical->lines | RESET_LINE);
        return true;
    }
    physical->events[event->device]++;
    look_at_line(physical, event->device, event->step);
    is_as_expected(physical, event->device);
    return true;
}

/* --- The run --- */

/* What is known before each part of a run. */
struct prospect {
    enum oracle_answer answer;
    struct oracle_event event; /* of EVENT and UNTIL: its step is in the future */
    uint64_t now;
};

/* Delivers all that comes at the present step. */
static bool ask_oracle(struct physical *physical, struct prospect *prospect, struct fault *fault)
{
    const struct oracle *oracle = physical->setup.oracle;
    prospect->now = vamp_machine_steps(physical->machine);
    prospect->answer = ORACLE_NEVER;
    while (oracle != NULL) {
        struct oracle_event *event = &prospect->event;
        *event = (struct oracle_event){0};
        prospect->answer = oracle->next(oracle->self, prospect->now, physical->bus, event, fault);
        if (prospect->answer != ORACLE_EVENT || event->step > prospect->now)
            break;
        require(event->step == prospect->now, "an oracle does not speak of the past");
        if (!deliver(physical, event, fault))
            return false;
    }
    return prospect->answer != ORACLE_FAILED;
}

static bool is_work_in_progress(const struct physical *physical)
{
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        const struct device *device = physical->bus->devices[d];
        if (device != NULL && device->class->awaits(device) == DEVICE_EVENT_DONE)
            return true;
    }
    return false;
}

/* Whether a device that is there could interrupt, by its line alone. */
static bool can_be_interrupted(const struct physical *physical)
{
    uint32_t present = 0;
    for (unsigned d = 0; d < BUS_DEVICES; d++)
        present |= physical->bus->devices[d] == NULL ? 0 : line_bit(d);
    return (vamp_machine_state(physical->machine)->spr[VAMP_SPR_SR] & present) != 0;
}

/* Of the jump by which it waits. A run that is not cut there passes on to the jump: it is there
 * that a wait is looked at. */
static bool is_in_delay_slot(const struct physical *physical)
{
    const struct vamp_state *state = vamp_machine_state(physical->machine);
    return state->pcp != state->dpc + 4;
}

static bool is_interrupted(const struct physical *physical)
{
    const struct physical_setup *setup = &physical->setup;
    return setup->is_interrupted != NULL && setup->is_interrupted(setup->interrupter);
}

/* Lets the outside world's time pass; true if the user has had enough of it. */
static bool is_tired_of_waiting(const struct physical *physical, const struct prospect *prospect,
                                enum physical_status *status)
{
    const struct oracle *oracle = physical->setup.oracle;
    *status = PHYSICAL_INTERRUPTED;
    while (oracle->wait != NULL &&
           !oracle->wait(oracle->self, prospect->now, prospect->event.step)) {
        if (is_interrupted(physical))
            return true;
    }
    return false;
}

/* Whether the machine can do no more. If it only waits for what is to come, the outside world's
 * time passes here, and the processor's in the run that follows. */
static bool is_over(struct physical *physical, const struct prospect *prospect,
                    enum physical_status *status)
{
    if (!processor_is_waiting(physical->machine, physical->lines) || is_in_delay_slot(physical))
        return false;
    bool is_hopeful = can_be_interrupted(physical) || prospect->event.is_reset_ahead;
    *status = is_hopeful ? PHYSICAL_IDLE : PHYSICAL_HALTED;
    if (!is_hopeful && !is_work_in_progress(physical))
        return true;
    if (prospect->answer == ORACLE_NEVER)
        return true;
    return is_hopeful && is_tired_of_waiting(physical, prospect, status);
}

static uint64_t lesser(uint64_t left, uint64_t right)
{
    return left < right ? left : right;
}

/* How many steps the processor may go without anybody looking. */
static uint64_t part_steps(const struct physical *physical, const struct prospect *prospect,
                           uint64_t end, bool is_plain)
{
    uint64_t now = prospect->now, checkpoint_steps = physical->setup.checkpoint_steps;
    uint64_t steps = end - now;
    if (prospect->answer != ORACLE_NEVER)
        steps = lesser(steps, prospect->event.step - now);
    if (checkpoint_steps != 0)
        steps = lesser(steps, checkpoint_steps - now % checkpoint_steps);
    bool is_waiting = processor_is_waiting(physical->machine, physical->lines);
    if (physical->lines & RESET_LINE || (is_waiting && is_in_delay_slot(physical)))
        return 1;
    return is_waiting && !is_plain ? steps
                                   : lesser(steps, is_plain ? PLAIN_SLICE_STEPS : FAST_SLICE_STEPS);
}

static void check_point(struct physical *physical)
{
    const struct physical_observer *observer = &physical->setup.observer;
    uint64_t now = vamp_machine_steps(physical->machine);
    if (physical->setup.checkpoint_steps == 0 || observer->checkpoint == NULL ||
        physical->checkpointed == now)
        return;
    physical->checkpointed = now;
    observer->checkpoint(observer->self, now);
}

/* One part of a run; true if the processor came to an end. */
static bool run_part(struct physical *physical, uint64_t steps, bool is_plain,
                     struct physical_outcome *outcome)
{
    struct vamp_run run = is_plain ? vamp_machine_run_plain(physical->machine, steps)
                                   : vamp_machine_run(physical->machine, steps);
    uint64_t now = vamp_machine_steps(physical->machine);
    if (run.steps != 0)
        change_lines(physical, now, physical->lines & ~RESET_LINE);
    if (physical->setup.checkpoint_steps != 0 && now % physical->setup.checkpoint_steps == 0)
        check_point(physical);
    outcome->diagnosis = run.diagnosis;
    outcome->status = run.status == VAMP_RUN_BREAKPOINT ? PHYSICAL_BREAKPOINT : PHYSICAL_STOPPED;
    return run.status == VAMP_RUN_BREAKPOINT || run.status == VAMP_RUN_STOPPED;
}

static void run_to_end(struct physical *physical, uint64_t end, bool is_plain,
                       struct physical_outcome *outcome, struct fault *fault)
{
    for (;;) {
        struct prospect prospect = {0};
        outcome->status = PHYSICAL_LIMIT;
        if (vamp_machine_steps(physical->machine) >= end)
            return;
        outcome->status = PHYSICAL_INTERRUPTED;
        if (is_interrupted(physical))
            return;
        outcome->status = PHYSICAL_FAILED;
        if (!ask_oracle(physical, &prospect, fault))
            return;
        outcome->status = PHYSICAL_ORACLE_END;
        if (prospect.answer == ORACLE_END || is_over(physical, &prospect, &outcome->status))
            return;
        if (run_part(physical, part_steps(physical, &prospect, end, is_plain), is_plain, outcome))
            return;
    }
}

struct physical_outcome physical_run(struct physical *physical, uint64_t max_steps, bool is_plain,
                                     struct fault *fault)
{
    struct physical_outcome outcome = {0};
    uint64_t now = vamp_machine_steps(physical->machine);
    uint64_t end = max_steps > UINT64_MAX - now ? UINT64_MAX : now + max_steps;
    run_to_end(physical, end, is_plain, &outcome, fault);
    check_point(physical);
    return outcome;
}

/* --- Construction and questions --- */

struct physical *physical_new(struct arena *arena, const struct physical_setup *setup)
{
    struct physical *physical = ARENA_NEW(arena, struct physical);
    physical->setup = *setup;
    physical->bus = ARENA_NEW(arena, struct bus);
    *physical->bus = setup->bus;
    physical->machine = vamp_machine_new(arena, setup->memory_bytes);
    physical->checkpointed = UINT64_MAX;
    vamp_machine_connect(physical->machine,
                         (struct vamp_bus){physical, read_device, write_device, read_lines});
    vamp_machine_stop_at_waiting(physical->machine, true);
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        if (setup->bus.devices[d] == NULL)
            continue;
        look_at_line(physical, d, 0);
        is_as_expected(physical, d);
    }
    return physical;
}

void physical_power_up(struct physical *physical, uint32_t entry)
{
    struct vamp_state *state = vamp_machine_state(physical->machine);
    *state = (struct vamp_state){.dpc = entry, .pcp = entry + 4};
    state->spr[VAMP_SPR_ECA] = RESET_LINE;
}

struct vamp_machine *physical_processor(const struct physical *physical)
{
    return physical->machine;
}

struct bus *physical_bus(const struct physical *physical)
{
    return physical->bus;
}

uint64_t physical_steps(const struct physical *physical)
{
    return vamp_machine_steps(physical->machine);
}

uint64_t physical_events(const struct physical *physical, unsigned device)
{
    return physical->events[device];
}

const char *physical_status_name(enum physical_status status)
{
    switch (status) {
    case PHYSICAL_HALTED:
        return "halted";
    case PHYSICAL_IDLE:
        return "idle";
    case PHYSICAL_LIMIT:
        return "limit";
    case PHYSICAL_BREAKPOINT:
        return "breakpoint";
    case PHYSICAL_STOPPED:
        return "stopped";
    case PHYSICAL_INTERRUPTED:
        return "interrupted";
    case PHYSICAL_ORACLE_END:
        return "recording-ended";
    case PHYSICAL_FAILED:
        return "failed";
    }
    return "unknown";
}
