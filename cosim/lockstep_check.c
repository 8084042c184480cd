/* The relations at a point of the run, and the first divergence. */
#include "cosim/lockstep.h"

#include <stdarg.h>
#include <stdio.h>

void lockstep_tell(struct cosim *cosim, const struct cosim_moment *moment)
{
    const struct cosim_observer *observer = &cosim->setup.observer;
    if (observer->moment != NULL)
        observer->moment(observer->self, moment);
}

void lockstep_count(struct cosim *cosim, enum cosim_conjunct conjunct, uint64_t values)
{
    cosim->counts.compared[conjunct] += values;
}

/* --- Divergences --- */

/* The last calls, the oldest first. */
static void keep_calls(const struct cosim *cosim, struct cosim_divergence *divergence)
{
    uint64_t count = cosim->call_count;
    divergence->call_count = count < COSIM_CALLS_KEPT ? (size_t)count : COSIM_CALLS_KEPT;
    for (size_t i = 0; i < divergence->call_count; i++)
        divergence->calls[i] =
            cosim->calls[(count - divergence->call_count + i) % COSIM_CALLS_KEPT];
}

/* The divergence says what; this says where in the run. The first one counts. */
static bool end_with(struct cosim *cosim, const struct cosim_divergence *divergence)
{
    if (cosim->end != LOCKSTEP_GOES_ON)
        return false;
    cosim->end = LOCKSTEP_DIVERGED;
    cosim->divergence = *divergence;
    cosim->divergence.step = lockstep_steps(cosim);
    cosim->divergence.user_steps = cosim->counts.user_steps;
    cosim->divergence.kernel_runs = cosim->counts.kernel_runs;
    cosim->divergence.last_agreement = cosim->last_agreement;
    keep_calls(cosim, &cosim->divergence);
    lockstep_tell(cosim, &(struct cosim_moment){.kind = COSIM_DIVERGENCE,
                                                .step = cosim->divergence.step,
                                                .process = cosim->divergence.process,
                                                .number = cosim->divergence.conjunct});
    return false;
}

bool lockstep_diverge(struct cosim *cosim, enum cosim_conjunct conjunct, const char *format, ...)
{
    struct cosim_divergence divergence = {.conjunct = conjunct,
                                          .process = cvm_current(cosim->abstract)};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(divergence.text, sizeof divergence.text, format, arguments);
    va_end(arguments);
    return end_with(cosim, &divergence);
}

bool lockstep_differ(struct cosim *cosim, enum cosim_conjunct conjunct, const char *place,
                     uint32_t abstract, uint32_t concrete, const char *format, ...)
{
    struct cosim_divergence divergence = {.conjunct = conjunct,
                                          .process = cvm_current(cosim->abstract),
                                          .place = place,
                                          .abstract = abstract,
                                          .concrete = concrete};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(divergence.text, sizeof divergence.text, format, arguments);
    va_end(arguments);
    return end_with(cosim, &divergence);
}

/* --- Checks --- */

static uint64_t compared(const struct cosim *cosim)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < COSIM_CONJUNCT_COUNT; i++)
        sum += cosim->counts.compared[i];
    return sum;
}

static void tell_check(struct cosim *cosim, enum cosim_moment_kind kind, uint64_t before)
{
    uint64_t words = compared(cosim) - before;
    lockstep_tell(
        cosim, &(struct cosim_moment){.kind = kind,
                                      .step = lockstep_steps(cosim),
                                      .process = cvm_current(cosim->abstract),
                                      .number = words < UINT32_MAX ? (uint32_t)words : UINT32_MAX});
}

static void note_devices(struct cosim *cosim)
{
    for (unsigned d = 0; cosim->changed_devices >> d != 0; d++) {
        if ((cosim->changed_devices >> d & 1) != 0)
            relation_note_device(cosim->relation, d);
    }
    cosim->changed_devices = 0;
}

static bool sweep(struct cosim *cosim, enum cosim_point point, struct cosim_divergence *divergence)
{
    uint64_t before = compared(cosim);
    bool holds = relation_sweep(cosim->relation, point, divergence);
    cosim->counts.sweeps++;
    tell_check(cosim, COSIM_SWEEP, before);
    return holds;
}

/* What the incremental check has just let pass, a sweep must let pass too. */
bool lockstep_sweep(struct cosim *cosim, enum cosim_point point)
{
    struct cosim_divergence divergence = {.was_found_by_sweep_only = true};
    return sweep(cosim, point, &divergence) || end_with(cosim, &divergence);
}

/* And what it finds, a sweep must find too, if not first. */
static bool confirm(struct cosim *cosim, enum cosim_point point,
                    struct cosim_divergence *divergence)
{
    struct cosim_divergence found = {0};
    divergence->was_not_found_by_sweep = sweep(cosim, point, &found);
    return end_with(cosim, divergence);
}

bool lockstep_check(struct cosim *cosim, enum cosim_point point)
{
    struct cosim_divergence divergence = {0};
    uint64_t before = compared(cosim), every = cosim->setup.checks.sweep_checks;
    if (!outlets_agree(cosim))
        return false;
    note_devices(cosim);
    bool holds = relation_check(cosim->relation, point, &divergence);
    cosim->counts.checks++;
    tell_check(cosim, COSIM_CHECK, before);
    if (!holds)
        return confirm(cosim, point, &divergence);
    if (every != 0 && cosim->counts.checks % every == 0 && !lockstep_sweep(cosim, point))
        return false;
    cosim->last_agreement = lockstep_steps(cosim);
    return true;
}
