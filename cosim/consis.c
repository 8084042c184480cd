/* C0 against code in the running kernel: each run from the call of cvm_dispatch, which entry.s
 * makes, to rfe. */
#include "cosim/consis.h"

#include "base/require.h"
#include "cosim/consis_pair.h"

#include <string.h>

/* What entry.s calls, and where it leaves the registers of whoever was interrupted (docs/CVM.md).
 */
static const char entry_name[] = "cvm_dispatch";
static const char save_name[] = "cvm_save";

enum {
    CHANGE_READER = 1,
    /* Functions without a certificate may loop for long between their calls. */
    SEGMENT_STEPS_MAX = 1 << 28,
};

struct consis {
    struct consis_setup setup;
    struct consis_pair *pair;
    struct vamp_machine *processor;
    const struct c0_function *entry;
    const struct c0_variable *save;
    bool has_begun;  /* a run of the kernel, since power-up */
    bool is_running; /* both are in a run of the kernel */
};

static bool find_entry(struct consis *consis, const struct c0_program *program, struct fault *fault)
{
    const struct subject *subject = &consis->setup.certificates->subject;
    consis->entry = c0_program_function(program, entry_name, NULL);
    consis->save = c0_program_global(program, save_name, NULL);
    if (consis->entry == NULL || consis->entry->body == NULL ||
        consis->entry->parameter_count != 0 ||
        subject->function_symbols[consis->entry->index] == NULL || consis->save == NULL)
        return fault_at(fault, (struct location){0},
                        "the kernel has no %s and %s as docs/CVM.md wants them", entry_name,
                        save_name);
    return true;
}

static bool are_of_kernel(const struct consis_setup *setup, struct fault *fault)
{
    return strcmp(setup->certificates->subject.image->digest, setup->kernel->image->digest) == 0 ||
           fault_at(fault, (struct location){0}, "the certificates are of another image than %s",
                    setup->kernel->path);
}

struct consis *consis_new(struct arena *arena, const struct consis_setup *setup,
                          struct fault *fault)
{
    struct consis *consis = ARENA_NEW(arena, struct consis);
    consis->setup = *setup;
    consis->processor = physical_processor(setup->physical);
    if (!are_of_kernel(setup, fault) ||
        !find_entry(consis, setup->certificates->subject.program, fault))
        return NULL;
    consis->pair = pair_new(arena, setup->certificates, consis->processor, CHANGE_READER);
    consis->pair->segment_steps_max = SEGMENT_STEPS_MAX;
    consis_set_breakpoints(setup->certificates, consis->processor);
    return consis;
}

void consis_device_read(struct consis *consis, uint32_t address, uint32_t word)
{
    if (consis->is_running)
        pair_note_access(consis->pair, false, address, word);
}

void consis_device_write(struct consis *consis, uint32_t address, uint32_t word)
{
    if (consis->is_running)
        pair_note_access(consis->pair, true, address, word);
}

struct consis_counts consis_counts(const struct consis *consis)
{
    return consis->pair->counts;
}

/* --- A run of the kernel --- */

/* At first C0's globals are those of the image, wherever memory had anything before. */
static bool take_memory(struct consis *consis)
{
    struct consis_pair *pair = consis->pair;
    if (consis->has_begun)
        return pair_memory_follow(pair, consis->save, consis->is_running);
    pair_memory_copy(pair, 0, pair->memory_bytes);
    return pair_memory_follow(pair, consis->save, false) && pair_memory_agrees_everywhere(pair);
}

/* cvm_dispatch is called. A run that has not ended was cut off by a reset: then C0 takes the memory
 * that the code has left. */
static enum pair_status begin(struct consis *consis)
{
    struct consis_pair *pair = consis->pair;
    consis->pair->counts.resets += consis->is_running;
    pair->where = consis->entry->where;
    if (!take_memory(consis))
        return PAIR_DIFFERS;
    consis->has_begun = consis->is_running = true;
    return pair_begin(pair, consis->entry, NULL);
}

static bool is_entry(const struct consis *consis, uint32_t dpc)
{
    struct consis_point point = consis_point_at(consis->setup.certificates, dpc);
    return (point.roles & POINT_ENTRY) != 0 && point.function == consis->entry->index;
}

static bool settle(struct consis *consis, enum pair_status status,
                   struct cosim_divergence *divergence)
{
    struct consis_pair *pair = consis->pair;
    if (status == PAIR_RETURNED)
        pair_differ(pair, "the kernel returns from %s", entry_name);
    if (status == PAIR_FAULTS) {
        struct c0_outcome outcome = c0_steps_outcome(pair->steps);
        pair_differ(pair, "C0 is at fault: %s",
                    outcome.status == C0_FAULTED ? c0_rule_name(outcome.rule)
                                                 : "it does not come to the next cut");
    }
    if (status == PAIR_LEFT)
        consis->is_running = false;
    if (pair->difference.is_set)
        consis_divergence(pair, divergence);
    return !pair->difference.is_set;
}

/* The processor has stopped at a breakpoint, perhaps at somebody else's. */
static bool arrive(struct consis *consis, struct cosim_divergence *divergence)
{
    const struct vamp_state *state = vamp_machine_state(consis->processor);
    if (vamp_is_user_mode(state) ||
        consis_point_at(consis->setup.certificates, state->dpc).roles == 0)
        return true;
    if (is_entry(consis, state->dpc))
        return settle(consis, begin(consis), divergence);
    return !consis->is_running || settle(consis, pair_arrive(consis->pair), divergence);
}

bool consis_run(struct consis *consis, uint64_t max_steps, bool is_plain,
                struct physical_outcome *outcome, struct cosim_divergence *divergence,
                struct fault *fault)
{
    const struct consis_setup *setup = &consis->setup;
    uint64_t now = physical_steps(setup->physical);
    uint64_t end = max_steps > UINT64_MAX - now ? UINT64_MAX : now + max_steps;
    for (;;) {
        now = physical_steps(setup->physical);
        *outcome = physical_run(setup->physical, end - now, is_plain, fault);
        if (outcome->status != PHYSICAL_BREAKPOINT)
            return true;
        if (!arrive(consis, divergence))
            return false;
        uint32_t dpc = vamp_machine_state(consis->processor)->dpc;
        if (setup->is_stop == NULL || setup->is_stop(setup->self, dpc))
            return true;
    }
}
