/* A primitive on both sides. The abstract kernel has come to it; the kernel has to come to it too,
 * and goes through it first. */
#include "cosim/lockstep.h"

#include <stdio.h>

/* --- The call --- */

static const char *place_of(struct cosim *cosim, enum cvm_primitive primitive, const char *what)
{
    return arena_printf(cosim->arena, "%s, %s", cvm_primitive_name(primitive), what);
}

static bool compare_arguments(struct cosim *cosim, const struct cvm_call *call)
{
    static const char *const numbers[CVM_ARGUMENTS_MAX] = {"argument 1", "argument 2", "argument 3",
                                                           "argument 4", "argument 5"};
    unsigned count = cvm_primitive_arguments(call->primitive);
    lockstep_count(cosim, COSIM_CALLS, count + 1);
    for (unsigned i = 0; i < count; i++) {
        uint32_t concrete = lockstep_argument(cosim, i);
        if (concrete != call->arguments[i])
            return lockstep_differ(cosim, COSIM_CALLS, place_of(cosim, call->primitive, numbers[i]),
                                   call->arguments[i], concrete,
                                   "%s is called with 0x%08x as its argument %u, on the abstract "
                                   "side with 0x%08x",
                                   cvm_primitive_name(call->primitive), (unsigned)concrete, i + 1,
                                   (unsigned)call->arguments[i]);
    }
    return true;
}

static bool compare_stop(struct cosim *cosim, const struct stop *stop, const struct cvm_call *call)
{
    const char *abstract = cvm_primitive_name(call->primitive);
    if (stop->kind == STOP_PRIMITIVE && stop->primitive == call->primitive)
        return true;
    if (stop->kind == STOP_PRIMITIVE)
        return lockstep_diverge(cosim, COSIM_CALLS, "the kernel calls %s, the abstract one %s",
                                cvm_primitive_name(stop->primitive), abstract);
    return lockstep_diverge(cosim, COSIM_CALLS, "the abstract kernel calls %s; the kernel %s",
                            abstract,
                            stop->kind == STOP_EXIT       ? "leaves"
                            : stop->kind == STOP_DISPATCH ? "calls kdispatch"
                                                          : "is elsewhere");
}

static void keep_call(struct cosim *cosim, const struct cvm_call *call)
{
    cosim->calls[cosim->call_count++ % COSIM_CALLS_KEPT] = *call;
    lockstep_tell(cosim, &(struct cosim_moment){.kind = COSIM_PRIMITIVE,
                                                .step = lockstep_steps(cosim),
                                                .process = cvm_current(cosim->abstract),
                                                .number = call->primitive,
                                                .call = call});
}

/* --- Through it --- */

/* A breakpoint behind the call; it stays for the next time. */
static void break_at_return(struct cosim *cosim, uint32_t address)
{
    for (size_t i = 0; i < cosim->returns.count; i++) {
        if (cosim->returns.at[i] == address)
            return;
    }
    ARRAY_PUSH(cosim->arena, &cosim->returns, address);
    vamp_machine_add_breakpoint(cosim->processor, address);
}

/* Primitives may call one another: those calls are none of the abstract kernel's. */
static bool go_through(struct cosim *cosim)
{
    const struct vamp_state *state = vamp_machine_state(cosim->processor);
    uint32_t back = state->gpr[31], frame = state->gpr[29];
    struct stop stop = {.kind = STOP_PRIMITIVE};
    break_at_return(cosim, back);
    while (state->dpc != back || state->gpr[29] != frame) {
        if (!lockstep_advance(cosim, &stop))
            return false;
        if (cosim->is_reset)
            return true;
        if (stop.kind == STOP_EXIT || stop.kind == STOP_DISPATCH)
            return lockstep_diverge(cosim, COSIM_CONTROL, "the kernel %s from within a primitive",
                                    stop.kind == STOP_EXIT ? "leaves" : "calls kdispatch");
    }
    return true;
}

/* What a primitive does to devices that the abstract one does not see, or sees otherwise: cvm_load
 * reads the system disk's content directly. */
static bool replay(struct cosim *cosim, const struct cvm_call *call)
{
    return call->primitive != CVM_PRIMITIVE_LOAD || log_replay(cosim, CVM_SYSTEM_DISK);
}

bool primitive_begins(void *self, const struct cvm_call *call)
{
    struct cosim *cosim = self;
    struct stop stop;
    keep_call(cosim, call);
    if (!lockstep_advance(cosim, &stop))
        return false;
    if (cosim->is_reset) {
        log_replay_interrupted(cosim);
        return false;
    }
    if (!compare_stop(cosim, &stop, call) || !compare_arguments(cosim, call) ||
        !log_replay(cosim, BUS_DEVICES))
        return false;
    if (cosim->setup.checks.at_primitives && !lockstep_check(cosim, COSIM_IN_KERNEL))
        return false;
    patience_begin_load(cosim);
    cosim->begun = call;
    bool is_through = go_through(cosim);
    cosim->begun = NULL;
    if (!is_through)
        return false;
    if (cosim->is_reset) {
        log_replay_interrupted(cosim);
        return false;
    }
    swap_lose_pages(cosim, call);
    return replay(cosim, call);
}

bool primitive_ends(void *self, const struct cvm_call *call)
{
    struct cosim *cosim = self;
    uint32_t result = vamp_machine_state(cosim->processor)->gpr[1];
    cosim->calls[(cosim->call_count - 1) % COSIM_CALLS_KEPT] = *call;
    if (!log_replay(cosim, BUS_DEVICES))
        return false;
    swap_lose_pages(cosim, NULL);
    if (cvm_primitive_has_result(call->primitive)) {
        lockstep_count(cosim, COSIM_CALLS, 1);
        if (result != call->result)
            return lockstep_differ(
                cosim, COSIM_CALLS, place_of(cosim, call->primitive, "result"), call->result,
                result, "%s answers 0x%08x, on the abstract side 0x%08x",
                cvm_primitive_name(call->primitive), (unsigned)result, (unsigned)call->result);
    }
    return !cosim->setup.checks.at_primitives || lockstep_check(cosim, COSIM_IN_KERNEL);
}

/* --- Ports --- */

bool primitive_before_access(void *self, unsigned device, uint32_t port, bool is_write,
                             uint32_t word)
{
    return log_expect(self, device, port, is_write, word);
}

bool primitive_after_access(void *self, unsigned device, uint32_t port, bool is_write,
                            uint32_t word)
{
    (void)device, (void)port, (void)is_write;
    return log_take_access(self, word);
}
