/* The transitions of the machine (docs/CVM.md), numbered as in cvm.h. */
#include "semantics/cvm/state.h"

#include "base/require.h"

#include <stdio.h>

/* 1. A device takes an event from outside. */
bool cvm_device_event(struct cvm *cvm, unsigned device, const struct device_event *event,
                      struct fault *fault)
{
    if (!bus_input(&cvm->setup.devices, device, event, fault))
        return false;
    cvm->transitions[CVM_DEVICE_EVENT]++;
    return true;
}

/* 2. The process that runs executes an instruction that raises no visible interrupt.
 * 3. It raises one, or an unmasked line is up while it executes one: the kernel is to start.
 * (choice) A process that has lost a page executes nothing: the kernel is to start with that. */
struct cvm_outcome cvm_run_process(struct cvm *cvm, uint64_t max_steps)
{
    require(cvm->current != CVM_IDLE, "a process runs");
    struct cvm_outcome outcome = {.status = CVM_INTERRUPTED, .eca = CVM_ECA_LOSS};
    if (cvm->processes[cvm->current].has_lost)
        return outcome;
    outcome.eca = 0;
    bool is_interrupted = process_run(cvm, cvm->current, max_steps, &outcome);
    cvm->transitions[CVM_PROCESS_STEP] += outcome.steps - is_interrupted;
    cvm->transitions[CVM_INTERRUPT] += is_interrupted;
    outcome.status = is_interrupted ? CVM_INTERRUPTED : CVM_GOES_ON;
    return outcome;
}

/* 7. Idle: only devices move, until an unmasked line starts the kernel. */
struct cvm_outcome cvm_wait(struct cvm *cvm)
{
    require(cvm->current == CVM_IDLE, "nobody runs");
    struct cvm_outcome outcome = {.status = CVM_GOES_ON, .eca = cvm_lines(cvm)};
    if (outcome.eca == 0)
        return outcome;
    cvm->transitions[CVM_WAKE]++;
    outcome.status = CVM_INTERRUPTED;
    return outcome;
}

/* --- The kernel --- */

static struct cvm_outcome kernel_fault(const struct c0_outcome *run, const char *message)
{
    struct cvm_outcome outcome = {.status = CVM_FAULTED, .steps = run->steps, .where = run->where};
    snprintf(outcome.message, sizeof outcome.message, "%s", message);
    return outcome;
}

/* Why the kernel may not answer p; NULL: it may. A process that has lost a page cannot go on, and
 * to name it again is no answer to the notice. */
static const char *why_not(const struct cvm *cvm, uint32_t p, uint32_t eca)
{
    if (p != CVM_IDLE && !process_exists(cvm, p))
        return "kdispatch answers a process that does not exist";
    if (eca == CVM_ECA_LOSS && p == cvm->current && p != CVM_IDLE && cvm->processes[p].has_lost)
        return "kdispatch answers the process again whose page is lost";
    return NULL;
}

/* 6. The dispatcher returns p: p > 0 runs that process, 0 idles. */
static struct cvm_outcome dispatch(struct cvm *cvm, const struct c0_outcome *run, uint32_t eca)
{
    const char *reason = why_not(cvm, run->result, eca);
    if (reason != NULL) {
        struct cvm_outcome outcome = kernel_fault(run, reason);
        outcome.where = cvm->dispatcher->where;
        return outcome;
    }
    cvm->current = run->result;
    cvm->transitions[run->result == CVM_IDLE ? CVM_WAIT : CVM_DISPATCH]++;
    return (struct cvm_outcome){.status = CVM_DECIDED, .steps = run->steps};
}

/* 3. A fresh call of the dispatcher: globals and heap persist, the stack is empty.
 * 4. Steps of C0; 5. the primitives among them are primitives.c's. */
struct cvm_outcome cvm_run_kernel(struct cvm *cvm, uint32_t eca, uint32_t edata, uint64_t max_steps)
{
    uint32_t arguments[] = {eca, edata};
    uint64_t primitives_before = cvm->transitions[CVM_PRIMITIVE_STEP];
    cvm->refusal[0] = '\0';
    struct c0_outcome run =
        cvm->setup.is_plain
            ? c0_machine_call_plain(cvm->kernel, cvm->dispatcher, arguments, max_steps)
            : c0_machine_call(cvm->kernel, cvm->dispatcher, arguments, max_steps);
    uint64_t primitives = cvm->transitions[CVM_PRIMITIVE_STEP] - primitives_before;
    cvm->transitions[CVM_KERNEL_STEP] += run.steps > primitives ? run.steps - primitives : 0;
    cvm->transitions[CVM_LOSS_NOTICE] += eca == CVM_ECA_LOSS;
    switch (run.status) {
    case C0_RETURNED:
        return dispatch(cvm, &run, eca);
    case C0_FAULTED:
        return kernel_fault(&run, cvm->refusal[0] != '\0' ? cvm->refusal : c0_rule_name(run.rule));
    case C0_LIMIT:
        return (struct cvm_outcome){.status = CVM_LIMIT, .steps = run.steps};
    case C0_STOPPED:
        return (struct cvm_outcome){.status = CVM_STOPPED, .steps = run.steps};
    case C0_LEFT:
        break;
    }
    require(false, "a kernel without asm blocks does not leave by one");
    return (struct cvm_outcome){.status = CVM_STOPPED};
}

/* Reset: the dispatcher starts with ECA bit 0, and there is no process. */
struct cvm_outcome cvm_reset(struct cvm *cvm, uint64_t max_steps)
{
    for (uint32_t p = 1; p < cvm->setup.process_count; p++)
        process_reset(cvm, p);
    cvm->mask = 0;
    cvm->current = CVM_IDLE;
    cvm->transitions[CVM_RESET_STEP]++;
    return cvm_run_kernel(cvm, UINT32_C(1) << VAMP_INTERRUPT_RESET, 0, max_steps);
}

/* (choice) The swap disk has lost the content of page v of p. */
void cvm_lose_page(struct cvm *cvm, uint32_t p, uint32_t v)
{
    require(process_exists(cvm, p) && v < cvm->processes[p].pages, "a page of a process");
    process_lose_page(cvm, p, v);
    cvm->transitions[CVM_LOSS]++;
}
