/* The run: kernel and processes by turns, from reset to the end. */
#include "cosim/cosim.h"

#include "cosim/lockstep.h"

struct cosim *cosim_new(struct arena *arena, const struct cosim_setup *setup, struct fault *fault)
{
    struct cosim *cosim = ARENA_NEW(arena, struct cosim);
    cosim->arena = arena;
    cosim->setup = *setup;
    cosim->kernel = setup->kernel;
    cosim->is_reset = true;
    return lockstep_make_machines(cosim, fault) ? cosim : NULL;
}

struct cvm *cosim_abstract(struct cosim *cosim)
{
    return cosim->abstract;
}

struct physical *cosim_physical(struct cosim *cosim)
{
    return cosim->physical;
}

/* To the limit, or to the machine's rest, where everything is compared once more. */
static void run(struct cosim *cosim)
{
    enum lockstep_stay stay = LOCKSTEP_AT_ENTRY;
    while (stay == LOCKSTEP_AT_ENTRY) {
        if (!lockstep_kernel(cosim) || !lockstep_user(cosim, &stay))
            return;
    }
    if (lockstep_check(cosim, COSIM_IN_PROCESS))
        lockstep_sweep(cosim, COSIM_IN_PROCESS);
}

static struct cosim_counts count(const struct cosim *cosim)
{
    struct cosim_counts counts = cosim->counts;
    counts.steps = lockstep_steps(cosim);
    for (unsigned i = 0; i < CVM_TRANSITION_COUNT; i++)
        counts.transitions[i] = cvm_transitions(cosim->abstract, (enum cvm_transition)i);
    for (unsigned i = 0; i < CVM_PRIMITIVE_COUNT; i++)
        counts.primitives[i] = cvm_primitive_calls(cosim->abstract, (enum cvm_primitive)i);
    for (unsigned d = 0; d < BUS_DEVICES; d++)
        counts.events[d] = physical_events(cosim->physical, d);
    return counts;
}

/* A run that has come to its end without a divergence has agreed only if there was something to
 * agree on, and if the oracle had all the time something to say. */
static enum cosim_status status_of(const struct cosim *cosim)
{
    const struct cosim_setup *setup = &cosim->setup;
    switch (cosim->end) {
    case LOCKSTEP_GOES_ON:
        break;
    case LOCKSTEP_DIVERGED:
        return COSIM_DIVERGED;
    case LOCKSTEP_ORACLE_ENDED:
        return COSIM_ORACLE_ENDED;
    case LOCKSTEP_FAILED:
        return COSIM_FAILED;
    }
    if (setup->oracle_is_spent != NULL && setup->oracle_is_spent(setup->oracle_self))
        return COSIM_ORACLE_ENDED;
    if (cosim->counts.checks == 0 || cosim->counts.abstract_steps == 0)
        return COSIM_EMPTY;
    return COSIM_AGREED;
}

struct cosim_result cosim_run(struct cosim *cosim, struct fault *fault)
{
    const struct cosim_observer *observer = &cosim->setup.observer;
    cosim->fault = fault;
    run(cosim);
    struct cosim_result result = {.status = status_of(cosim), .counts = count(cosim)};
    if (result.status == COSIM_DIVERGED)
        result.divergence = cosim->divergence;
    if (observer->finished != NULL)
        observer->finished(observer->self, cosim, &result);
    return result;
}

const char *cosim_status_name(enum cosim_status status)
{
    switch (status) {
    case COSIM_AGREED:
        return "agreed";
    case COSIM_DIVERGED:
        return "diverged";
    case COSIM_EMPTY:
        return "empty";
    case COSIM_ORACLE_ENDED:
        return "oracle-ended";
    case COSIM_FAILED:
        return "failed";
    }
    return "unknown";
}
