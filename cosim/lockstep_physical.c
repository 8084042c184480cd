/* The physical machine, run to the next place where the lockstep looks at it. */
#include "base/require.h"
#include "cosim/consis.h"
#include "cosim/lockstep.h"

uint64_t lockstep_steps(const struct cosim *cosim)
{
    return physical_steps(cosim->physical);
}

uint32_t lockstep_word(const struct cosim *cosim, uint32_t address)
{
    uint32_t word = 0;
    require(vamp_machine_read(cosim->processor, address, &word), "the address is in memory");
    return word;
}

uint32_t lockstep_special(const struct cosim *cosim, enum vamp_spr number)
{
    return vamp_machine_state(cosim->processor)->spr[number];
}

/* docs/ABI.md: parameter i is 4 + 4i bytes above the frame base, which is in r29. */
uint32_t lockstep_argument(const struct cosim *cosim, unsigned number)
{
    uint32_t word = 0;
    uint32_t frame = vamp_machine_state(cosim->processor)->gpr[29];
    return vamp_machine_read(cosim->processor, frame + 4 + 4 * number, &word) ? word : 0;
}

/* --- Runs --- */

static bool stopped(struct cosim *cosim, const struct vamp_diagnosis *diagnosis)
{
    char text[160];
    vamp_diagnosis_print(diagnosis, text, sizeof text);
    return lockstep_diverge(cosim, COSIM_CONTROL, "the processor cannot go on: %s", text);
}

static bool end_with(struct cosim *cosim, enum lockstep_end end)
{
    cosim->end = end;
    return false;
}

/* C0 may follow the code on its way; where they differ, the run ends. */
static bool run_physical(struct cosim *cosim, uint64_t max_steps, struct physical_outcome *outcome)
{
    bool is_plain = cosim->setup.checks.is_plain;
    struct cosim_divergence divergence = {0};
    if (cosim->consis == NULL) {
        *outcome = physical_run(cosim->physical, max_steps, is_plain, cosim->fault);
        return true;
    }
    uint64_t before = consis_counts(cosim->consis).values;
    bool agree = consis_run(cosim->consis, max_steps, is_plain, outcome, &divergence, cosim->fault);
    lockstep_count(cosim, COSIM_CONSIS, consis_counts(cosim->consis).values - before);
    return agree || lockstep_differ(cosim, COSIM_CONSIS, divergence.place, divergence.abstract,
                                    divergence.concrete, "%s", divergence.text);
}

static bool run(struct cosim *cosim, uint64_t max_steps, enum physical_status *status)
{
    struct physical_outcome outcome;
    if (!run_physical(cosim, max_steps, &outcome))
        return false;
    *status = outcome.status;
    switch (outcome.status) {
    case PHYSICAL_LIMIT:
    case PHYSICAL_BREAKPOINT:
    case PHYSICAL_HALTED:
    case PHYSICAL_IDLE:
        return true;
    case PHYSICAL_STOPPED:
        return stopped(cosim, &outcome.diagnosis);
    case PHYSICAL_ORACLE_END:
        return end_with(cosim, LOCKSTEP_ORACLE_ENDED);
    case PHYSICAL_INTERRUPTED:
    case PHYSICAL_FAILED:
        break;
    }
    return end_with(cosim, LOCKSTEP_FAILED);
}

/* One by one where an observer wants to see the instructions. */
static bool run_seen(struct cosim *cosim, uint64_t max_steps, enum physical_status *status)
{
    const struct cosim_observer *observer = &cosim->setup.observer;
    *status = PHYSICAL_LIMIT;
    while (*status == PHYSICAL_LIMIT && max_steps != 0) {
        observer->instruction(observer->self, lockstep_steps(cosim), cosim->processor);
        if (!run(cosim, 1, status))
            return false;
        max_steps--;
    }
    return true;
}

bool lockstep_run(struct cosim *cosim, uint64_t max_steps, enum physical_status *status)
{
    const struct cosim_observer *observer = &cosim->setup.observer;
    uint64_t now = lockstep_steps(cosim), from = observer->instructions_from;
    if (observer->instruction == NULL || (now < from && max_steps <= from - now))
        return run(cosim, max_steps, status);
    *status = PHYSICAL_LIMIT;
    if (now < from && !run(cosim, from - now, status))
        return false;
    if (*status != PHYSICAL_LIMIT)
        return true;
    return run_seen(cosim, max_steps - (now < from ? from - now : 0), status);
}

/* --- Stops in the kernel --- */

static struct stop stop_at(const struct cosim *cosim, uint32_t dpc)
{
    const struct cosim_kernel *kernel = cosim->kernel;
    struct stop stop = {.kind = STOP_ELSEWHERE};
    if (dpc == 0)
        stop.kind = STOP_ENTRY;
    else if (dpc == kernel->exit)
        stop.kind = STOP_EXIT;
    else if (dpc == kernel->dispatch)
        stop.kind = STOP_DISPATCH;
    for (unsigned i = 0; i < CVM_PRIMITIVE_COUNT; i++) {
        if (dpc == kernel->primitives[i])
            stop = (struct stop){STOP_PRIMITIVE, (enum cvm_primitive)i};
    }
    return stop;
}

bool lockstep_is_stop(void *self, uint32_t address)
{
    const struct cosim *cosim = self;
    if (stop_at(cosim, address).kind != STOP_ELSEWHERE)
        return true;
    for (size_t i = 0; i < cosim->returns.count; i++)
        if (cosim->returns.at[i] == address)
            return true;
    return false;
}

/* A stale cause is not enough: the button has been pressed. */
bool lockstep_is_reset(struct cosim *cosim)
{
    uint32_t causes = lockstep_special(cosim, VAMP_SPR_ECA);
    cosim->is_reset = cosim->is_button_pressed && causes == UINT32_C(1) << VAMP_INTERRUPT_RESET;
    cosim->is_button_pressed = false;
    return cosim->is_reset;
}

/* The processor comes to address 0 while the kernel runs: by the reset button, or because the
 * kernel has failed. */
static bool look_at_entry(struct cosim *cosim)
{
    uint32_t causes = lockstep_special(cosim, VAMP_SPR_ECA);
    if (lockstep_is_reset(cosim))
        return true;
    return lockstep_diverge(
        cosim, COSIM_CONTROL, "the kernel is interrupted: %s (causes 0x%08x) at 0x%08x",
        causes == 0 ? "by a jump" : vamp_interrupt_name(vamp_first_interrupt(causes)),
        (unsigned)causes, (unsigned)lockstep_special(cosim, VAMP_SPR_EDPC));
}

bool lockstep_advance(struct cosim *cosim, struct stop *stop)
{
    enum physical_status status;
    uint64_t done = lockstep_steps(cosim) - cosim->entered_at;
    uint64_t left = done < LOCKSTEP_KERNEL_STEPS ? LOCKSTEP_KERNEL_STEPS - done : 0;
    if (!lockstep_run(cosim, left, &status))
        return false;
    uint32_t dpc = vamp_machine_state(cosim->processor)->dpc;
    if (status == PHYSICAL_LIMIT)
        return lockstep_diverge(cosim, COSIM_CONTROL,
                                "the kernel has not come to its exit within %u steps",
                                (unsigned)LOCKSTEP_KERNEL_STEPS);
    if (status != PHYSICAL_BREAKPOINT)
        return lockstep_diverge(cosim, COSIM_CONTROL, "the kernel is %s at 0x%08x",
                                physical_status_name(status), (unsigned)dpc);
    if (vamp_is_user_mode(vamp_machine_state(cosim->processor)))
        return lockstep_diverge(cosim, COSIM_CONTROL, "the kernel goes to user mode at 0x%08x",
                                (unsigned)dpc);
    *stop = stop_at(cosim, dpc);
    return stop->kind != STOP_ENTRY || look_at_entry(cosim);
}
