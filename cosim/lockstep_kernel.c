/* From the kernel's entry to its rfe. */
#include "cosim/lockstep.h"

/* What the layer is to call kdispatch with, if at all. */
struct demand {
    bool is_there;
    uint32_t causes, data;
};

/* The answer of kdispatch, and afterwards every process that is to run, may be one that has lost a
 * page: it does not run, but the kernel is told, until it names another one. */
static struct demand demand_after(const struct cosim *cosim)
{
    uint32_t p = cvm_current(cosim->abstract);
    bool is_lost = p != CVM_IDLE && cvm_has_lost_page(cosim->abstract, p);
    return (struct demand){.is_there = is_lost, .causes = is_lost ? LOCKSTEP_ECA_SWAP : 0};
}

/* A page fault is resolved by the layer, unless the page is lost for it. */
static struct demand demand_at_entry(const struct cosim *cosim)
{
    if (cosim->is_reset)
        return (struct demand){.is_there = true, .causes = 1u << VAMP_INTERRUPT_RESET};
    if (cosim->is_page_fault)
        return demand_after(cosim);
    return (struct demand){.is_there = true,
                           .causes = lockstep_special(cosim, VAMP_SPR_ECA),
                           .data = lockstep_special(cosim, VAMP_SPR_EDATA)};
}

static const char *stop_name(const struct stop *stop)
{
    switch (stop->kind) {
    case STOP_ENTRY:
        return "comes to its entry";
    case STOP_DISPATCH:
        return "calls kdispatch";
    case STOP_PRIMITIVE:
        return cvm_primitive_name(stop->primitive);
    case STOP_EXIT:
        return "leaves";
    case STOP_ELSEWHERE:
        break;
    }
    return "is elsewhere";
}

/* Whether the kernel has come where the abstract machine is: to kdispatch, or to its exit. */
static bool compare_stop(struct cosim *cosim, const struct stop *stop, const struct demand *demand)
{
    lockstep_count(cosim, COSIM_CAUSES, 1);
    if (stop->kind == STOP_PRIMITIVE)
        return lockstep_diverge(cosim, COSIM_CALLS,
                                "the kernel calls %s, which the abstract kernel does not",
                                cvm_primitive_name(stop->primitive));
    if (stop->kind == (demand->is_there ? STOP_DISPATCH : STOP_EXIT))
        return true;
    uint32_t causes = stop->kind == STOP_DISPATCH ? lockstep_argument(cosim, 0) : 0;
    return lockstep_differ(cosim, COSIM_CAUSES, "kdispatch", demand->causes, causes,
                           "the kernel %s; the abstract kernel %s, with the causes 0x%08x",
                           stop_name(stop), demand->is_there ? "starts" : "does not start",
                           (unsigned)(demand->is_there ? demand->causes : causes));
}

static bool compare_arguments(struct cosim *cosim, const struct demand *demand)
{
    uint32_t causes = lockstep_argument(cosim, 0), data = lockstep_argument(cosim, 1);
    lockstep_count(cosim, COSIM_CAUSES, 2);
    if (causes != demand->causes)
        return lockstep_differ(cosim, COSIM_CAUSES, "eca", demand->causes, causes,
                               "kdispatch is called with the causes 0x%08x, which are 0x%08x",
                               (unsigned)causes, (unsigned)demand->causes);
    return data == demand->data ||
           lockstep_differ(cosim, COSIM_CAUSES, "edata", demand->data, data,
                           "kdispatch is called with the data 0x%08x, which are 0x%08x",
                           (unsigned)data, (unsigned)demand->data);
}

/* --- kdispatch --- */

static bool abstract_fault(struct cosim *cosim, const struct cvm_outcome *outcome)
{
    const struct location *where = &outcome->where;
    return lockstep_diverge(cosim, COSIM_FAULT, "the abstract kernel is at fault: %s:%u:%u: %s",
                            where->file == NULL ? "" : where->file, (unsigned)where->line,
                            (unsigned)where->column, outcome->message);
}

/* Both are at the beginning of kdispatch. The abstract kernel runs to its end, and the concrete one
 * to where the layer goes on; a reset takes both out of it. */
static bool run_dispatch(struct cosim *cosim, const struct demand *demand)
{
    bool is_reset = demand->causes == 1u << VAMP_INTERRUPT_RESET;
    struct cvm_outcome outcome =
        is_reset ? cvm_reset(cosim->abstract, LOCKSTEP_C0_STEPS)
                 : cvm_run_kernel(cosim->abstract, demand->causes, demand->data, LOCKSTEP_C0_STEPS);
    cosim->counts.kernel_steps += outcome.steps;
    if (cosim->end != LOCKSTEP_GOES_ON)
        return false;
    switch (outcome.status) {
    case CVM_DECIDED:
        return true;
    case CVM_STOPPED:
        return cosim->is_reset;
    case CVM_FAULTED:
        return abstract_fault(cosim, &outcome);
    case CVM_LIMIT:
        return lockstep_diverge(cosim, COSIM_FAULT,
                                "the abstract kernel has not answered within %u steps of C0",
                                (unsigned)LOCKSTEP_C0_STEPS);
    case CVM_GOES_ON:
    case CVM_INTERRUPTED:
        break;
    }
    return lockstep_diverge(cosim, COSIM_FAULT, "the abstract kernel does not answer");
}

/* To where the layer, or the rest of kdispatch, goes from here. What it does to the system disk on
 * its own it does after a reset only. */
static bool go_on(struct cosim *cosim, struct stop *stop, bool is_boot)
{
    if (!lockstep_advance(cosim, stop))
        return false;
    bool is_cut_off = stop->kind == STOP_ENTRY;
    bool is_same = is_cut_off ? log_replay_interrupted(cosim)
                              : log_replay(cosim, is_boot ? CVM_SYSTEM_DISK : BUS_DEVICES);
    if (is_same && !is_cut_off)
        swap_lose_pages(cosim, NULL);
    return is_same;
}

/* --- The exit --- */

/* Process p runs next in user mode, or the machine waits, in its loop. */
static bool check_exit(struct cosim *cosim)
{
    uint32_t p = cvm_current(cosim->abstract), idle = cosim->kernel->idle;
    uint32_t concrete = lockstep_word(cosim, cosim->kernel->current);
    uint32_t mode = lockstep_special(cosim, VAMP_SPR_EMODE);
    uint32_t dpc = lockstep_special(cosim, VAMP_SPR_EDPC);
    uint32_t pcp = lockstep_special(cosim, VAMP_SPR_EPC);
    lockstep_count(cosim, COSIM_NEXT, 1);
    lockstep_count(cosim, COSIM_CONTROL, 3);
    if (p != concrete)
        return lockstep_differ(cosim, COSIM_NEXT, "current", p, concrete,
                               "process %u runs next, on the abstract side %u (0: nobody)",
                               (unsigned)concrete, (unsigned)p);
    if ((mode != 0) != (p != CVM_IDLE))
        return lockstep_differ(cosim, COSIM_CONTROL, "EMODE", p != CVM_IDLE, mode,
                               "the kernel leaves to %s mode", mode != 0 ? "user" : "system");
    if (p == CVM_IDLE && (dpc != idle || pcp != idle + 4))
        return lockstep_differ(cosim, COSIM_CONTROL, "EDPC", idle, dpc,
                               "the machine is to wait at 0x%08x", (unsigned)dpc);
    return true;
}

static bool leave(struct cosim *cosim)
{
    if (!check_exit(cosim) || !lockstep_check(cosim, COSIM_AT_EXIT))
        return false;
    lockstep_tell(cosim, &(struct cosim_moment){.kind = COSIM_EXIT,
                                                .step = lockstep_steps(cosim),
                                                .process = cvm_current(cosim->abstract)});
    return true;
}

/* --- The run --- */

/* One run, to rfe or to a reset in its midst. */
static bool run_once(struct cosim *cosim)
{
    struct stop stop;
    bool is_boot = cosim->is_reset, is_page_fault = cosim->is_page_fault && !is_boot;
    struct demand demand = demand_at_entry(cosim);
    if (is_boot)
        cosim->swap.failures.count = 0;
    cosim->is_reset = false;
    cosim->entered_at = lockstep_steps(cosim);
    cosim->counts.page_faults += is_page_fault;
    if (!go_on(cosim, &stop, is_boot))
        return false;
    if (is_page_fault)
        demand = demand_after(cosim);
    while (!cosim->is_reset) {
        if (!compare_stop(cosim, &stop, &demand))
            return false;
        if (!demand.is_there)
            return leave(cosim);
        cosim->counts.kernel_runs++;
        if (!compare_arguments(cosim, &demand) || !run_dispatch(cosim, &demand))
            return false;
        if (!cosim->is_reset && !go_on(cosim, &stop, false))
            return false;
        demand = demand_after(cosim);
    }
    return true;
}

/* A reset in the midst of a run begins it anew (choice: the abstract kernel's globals stay as they
 * were then; its first call after a reset makes them anew, or they differ at its exit). */
bool lockstep_kernel(struct cosim *cosim)
{
    do {
        if (!run_once(cosim))
            return false;
    } while (cosim->is_reset);
    return true;
}
