/* From the kernel's exit to its next entry: a process runs, or the machine waits. */
#include "cosim/lockstep.h"

enum {
    PAGE_FAULTS = 1 << VAMP_INTERRUPT_PFF | 1 << VAMP_INTERRUPT_PFLS,
    /* Causes that come with data; of all others kdispatch is given what was there. */
    CAUSES_WITH_DATA = PAGE_FAULTS | 1 << VAMP_INTERRUPT_MAL | 1 << VAMP_INTERRUPT_TRAP,
    /* Page faults of one instruction: on its fetch, and on its load or store (docs/CVM.md). */
    FAULTS_OF_INSTRUCTION = 2,
};

/* A part of the physical machine's run, which the abstract one is to follow. */
struct part {
    uint64_t end;        /* the processor's step */
    bool is_interrupted; /* its last step was, and the abstract one's must be */
    uint32_t causes, data;
};

/* --- The abstract machine follows --- */

static bool differ_in_causes(struct cosim *cosim, uint32_t abstract, uint32_t concrete)
{
    bool is_idle = cvm_current(cosim->abstract) == CVM_IDLE;
    return lockstep_differ(
        cosim, COSIM_CAUSES, "ECA", abstract, concrete,
        "%s is interrupted with the causes 0x%08x, on the abstract side with 0x%08x (0: not at "
        "all)",
        is_idle ? "the waiting machine" : "the process", (unsigned)concrete, (unsigned)abstract);
}

/* The abstract machine is interrupted in the step before `abstract_step`. */
static bool compare_interrupt(struct cosim *cosim, const struct part *part,
                              const struct cvm_outcome *outcome)
{
    bool is_expected = part->is_interrupted && cosim->abstract_step == part->end;
    uint32_t causes = is_expected ? part->causes : 0;
    lockstep_count(cosim, COSIM_CAUSES, 2);
    if (outcome->eca != causes)
        return differ_in_causes(cosim, outcome->eca, causes);
    if ((causes & CAUSES_WITH_DATA) != 0 && outcome->edata != part->data)
        return lockstep_differ(cosim, COSIM_CAUSES, "EDATA", outcome->edata, part->data,
                               "an interrupt comes with 0x%08x, on the abstract side with 0x%08x",
                               (unsigned)part->data, (unsigned)outcome->edata);
    return true;
}

/* The step of the next logged event, or `end` if that comes first. */
static uint64_t next_event(const struct cosim *cosim, uint64_t end)
{
    const struct log_entry *entry = log_next(cosim);
    return entry != NULL && entry->step < end ? entry->step : end;
}

/* Rule 2 and 3: as many instructions as up to the next event. */
static bool follow_process(struct cosim *cosim, const struct part *part,
                           struct cvm_outcome *outcome)
{
    uint64_t steps = next_event(cosim, part->end) - cosim->abstract_step;
    *outcome = cvm_run_process(cosim->abstract, steps);
    cosim->abstract_step += outcome->steps;
    cosim->counts.abstract_steps += outcome->steps;
    return outcome->status == CVM_INTERRUPTED || outcome->steps == steps;
}

/* Rule 7: it waits at this step, and may be interrupted in it. The steps up to the next event are
 * the same, but for the last one, which the processor's interrupt must be seen in. */
static bool follow_wait(struct cosim *cosim, const struct part *part, struct cvm_outcome *outcome)
{
    uint64_t last = part->end - part->is_interrupted;
    *outcome = cvm_wait(cosim->abstract);
    if (outcome->status == CVM_INTERRUPTED || cosim->abstract_step == last)
        cosim->abstract_step++;
    else
        cosim->abstract_step = next_event(cosim, last);
    return true;
}

/* The abstract machine does what the processor has done up to part->end. */
static bool follow(struct cosim *cosim, const struct part *part)
{
    bool is_idle = cvm_current(cosim->abstract) == CVM_IDLE;
    struct cvm_outcome outcome = {.status = CVM_GOES_ON};
    while (cosim->abstract_step < part->end && outcome.status == CVM_GOES_ON) {
        if (!log_deliver(cosim, cosim->abstract_step + 1))
            return false;
        if (!(is_idle ? follow_wait : follow_process)(cosim, part, &outcome))
            return lockstep_diverge(cosim, COSIM_CAUSES, "the abstract process does not go on: %s",
                                    outcome.message);
    }
    if (outcome.status == CVM_INTERRUPTED && !compare_interrupt(cosim, part, &outcome))
        return false;
    if (outcome.status != CVM_INTERRUPTED && part->is_interrupted)
        return differ_in_causes(cosim, 0, part->causes);
    return log_deliver(cosim, UINT64_MAX);
}

/* --- At the kernel's entry --- */

/* A fault within the pages that the abstract process has is the layer's own affair: the instruction
 * is to be repeated, and is no step yet. */
static bool is_page_fault(const struct cosim *cosim, const struct part *part)
{
    uint32_t p = cvm_current(cosim->abstract);
    return p != CVM_IDLE && (part->causes & PAGE_FAULTS) != 0 &&
           part->data / VAMP_PAGE_BYTES < cvm_pages(cosim->abstract, p);
}

/* Who was interrupted: a process in user mode, or the loop in which the machine waits. */
static bool check_control(struct cosim *cosim)
{
    bool is_process = cvm_current(cosim->abstract) != CVM_IDLE;
    uint32_t at = lockstep_special(cosim, VAMP_SPR_EDPC), idle = cosim->kernel->idle;
    bool was_user = lockstep_special(cosim, VAMP_SPR_EMODE) != 0;
    lockstep_count(cosim, COSIM_CONTROL, 2);
    if (was_user == is_process && (is_process || at == idle || at == idle + 4))
        return true;
    return lockstep_differ(cosim, COSIM_CONTROL, "EMODE", is_process, was_user,
                           "the kernel is entered from %s mode at 0x%08x",
                           was_user ? "user" : "system", (unsigned)at);
}

/* An instruction whose pages have come is through: else it would fault for ever, with nothing
 * wrong in any state. */
static bool check_progress(struct cosim *cosim)
{
    uint64_t progress = cosim->counts.abstract_steps + cosim->counts.kernel_runs;
    if (!cosim->is_page_fault)
        return true;
    cosim->fault_count = progress == cosim->progress ? cosim->fault_count + 1 : 1;
    cosim->progress = progress;
    lockstep_count(cosim, COSIM_CONTROL, 1);
    return cosim->fault_count <= FAULTS_OF_INSTRUCTION ||
           lockstep_diverge(cosim, COSIM_CONTROL,
                            "one instruction of process %u has had %u page faults",
                            (unsigned)cvm_current(cosim->abstract), (unsigned)cosim->fault_count);
}

static void tell_entry(struct cosim *cosim, const struct part *part)
{
    struct cosim_moment moment = {.kind = COSIM_ENTRY,
                                  .step = part->end,
                                  .process = cvm_current(cosim->abstract),
                                  .number = part->causes,
                                  .detail = part->data};
    if (cosim->is_page_fault) {
        moment.kind = COSIM_PAGE_FAULT;
        moment.number = part->data;
    }
    lockstep_tell(cosim, &moment);
}

/* The processor is at address 0. */
static bool enter(struct cosim *cosim)
{
    struct part part = {.end = lockstep_steps(cosim),
                        .is_interrupted = true,
                        .causes = lockstep_special(cosim, VAMP_SPR_ECA),
                        .data = lockstep_special(cosim, VAMP_SPR_EDATA)};
    cosim->is_page_fault = false;
    if (lockstep_is_reset(cosim)) {
        tell_entry(cosim, &part);
        part.end--;
        part.is_interrupted = false;
        return follow(cosim, &part);
    }
    cosim->is_page_fault = is_page_fault(cosim, &part);
    tell_entry(cosim, &part);
    if (!check_control(cosim))
        return false;
    part.end -= cosim->is_page_fault;
    part.is_interrupted = !cosim->is_page_fault;
    return follow(cosim, &part) && check_progress(cosim) && lockstep_check(cosim, COSIM_AT_ENTRY);
}

/* --- The phase --- */

static uint64_t lesser(uint64_t left, uint64_t right)
{
    return left < right ? left : right;
}

/* Runs up to the next check, to the limit, to the end of a piece; not beyond the entry. */
static bool run_piece(struct cosim *cosim, uint64_t checked_at, enum physical_status *status)
{
    uint64_t now = lockstep_steps(cosim), max = cosim->setup.max_steps;
    uint64_t every = cosim->setup.checks.user_steps;
    uint64_t steps = LOCKSTEP_PIECE_STEPS;
    if (every != 0)
        steps = lesser(steps, checked_at + every - now);
    return lockstep_run(cosim, lesser(steps, max > now ? max - now : 1), status);
}

/* After a piece that has not led to the entry. */
static bool follow_piece(struct cosim *cosim, uint64_t *checked_at)
{
    uint64_t now = lockstep_steps(cosim), every = cosim->setup.checks.user_steps;
    struct part part = {.end = now};
    if (!follow(cosim, &part))
        return false;
    if (every == 0 || now - *checked_at < every)
        return true;
    *checked_at = now;
    return lockstep_check(cosim, COSIM_IN_PROCESS);
}

bool lockstep_user(struct cosim *cosim, enum lockstep_stay *stay)
{
    bool is_process = cvm_current(cosim->abstract) != CVM_IDLE;
    uint64_t begun = lockstep_steps(cosim) + 1, checked_at = begun; /* behind rfe */
    enum physical_status status = PHYSICAL_LIMIT;
    cosim->abstract_step = begun;
    while (status == PHYSICAL_LIMIT) {
        if (!run_piece(cosim, checked_at, &status))
            return false;
        if (status != PHYSICAL_BREAKPOINT && !follow_piece(cosim, &checked_at))
            return false;
        if (lockstep_steps(cosim) >= cosim->setup.max_steps)
            break;
    }
    cosim->counts.user_steps += is_process ? lockstep_steps(cosim) - begun : 0;
    *stay = status == PHYSICAL_BREAKPOINT ? LOCKSTEP_AT_ENTRY
            : status == PHYSICAL_LIMIT    ? LOCKSTEP_AT_LIMIT
                                          : LOCKSTEP_AT_REST;
    return *stay != LOCKSTEP_AT_ENTRY || enter(cosim);
}
