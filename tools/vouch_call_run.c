/* Calls on the loaded machine, and its memory as C0 objects. */
#include "tools/vouch_call_image.h"

/* No memory is there, so that nothing but a return leads to it. */
#define RETURN_ADDRESS (VAMP_DEVICES - 4096)

/* --- The call --- */

bool call_set_arguments(struct call_image *call, const uint32_t *words, uint32_t count,
                        struct fault *fault)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!vamp_machine_write(call->machine, call->stack + 4 + 4 * i, words[i]))
            return fault_at(fault, (struct location){call->image->path, 0, 0},
                            "the arguments lie outside memory");
    }
    return true;
}

static const struct c0_type *allocated_type(const struct call_image *call, uint32_t return_address)
{
    for (size_t i = 0; i < call->sites.count; i++) {
        if (call->sites.at[i].return_address == return_address)
            return call->sites.at[i].type;
    }
    return NULL;
}

/* At the allocator's entry: runs it to its return and records what it gave. */
static struct vamp_run run_allocator(struct call_image *call, uint64_t max_steps)
{
    struct vamp_state *state = vamp_machine_state(call->machine);
    uint32_t return_address = state->gpr[31], size_bytes = 0;
    vamp_machine_read(call->machine, state->gpr[29] + 4, &size_bytes);
    vamp_machine_add_breakpoint(call->machine, return_address);
    struct vamp_run run = vamp_machine_run(call->machine, max_steps);
    if (return_address != RETURN_ADDRESS)
        vamp_machine_remove_breakpoint(call->machine, return_address);
    if (run.status == VAMP_RUN_BREAKPOINT && state->dpc == return_address && state->gpr[1] != 0)
        ARRAY_PUSH(
            call->arena, &call->objects,
            (struct call_object){state->gpr[1], size_bytes, allocated_type(call, return_address)});
    return run;
}

struct vamp_run call_run(struct call_image *call, uint32_t address, uint64_t max_steps)
{
    struct vamp_state *state = vamp_machine_state(call->machine);
    *state = (struct vamp_state){.dpc = address, .pcp = address + 4};
    state->gpr[28] = call->globals;
    state->gpr[29] = call->stack;
    state->gpr[30] = call->heap;
    state->gpr[31] = RETURN_ADDRESS;
    vamp_machine_add_breakpoint(call->machine, RETURN_ADDRESS);
    if (call->allocator != NULL)
        vamp_machine_add_breakpoint(call->machine, call->allocator->address);
    bool is_allocator = call->allocator != NULL && address == call->allocator->address;
    struct vamp_run run = {.status = VAMP_RUN_BREAKPOINT};
    while (run.status == VAMP_RUN_BREAKPOINT && state->dpc != RETURN_ADDRESS) {
        struct vamp_run part = is_allocator
                                   ? run_allocator(call, max_steps - run.steps)
                                   : vamp_machine_run(call->machine, max_steps - run.steps);
        part.steps += run.steps;
        run = part;
        is_allocator = call->allocator != NULL && state->dpc == call->allocator->address;
    }
    return run;
}

/* --- Memory as C0 objects --- */

static uint32_t read_global(void *self, const struct c0_variable *global, uint32_t offset_cells)
{
    const struct call_image *call = self;
    uint32_t word = 0;
    vamp_machine_read(call->machine, call->global_addresses[global->index] + 4 * offset_cells,
                      &word);
    return word;
}

static bool resolve_global(const struct call_image *call, uint32_t pointer,
                           struct c0_pointee *pointee)
{
    for (uint32_t i = 0; i < call->program->global_count; i++) {
        const struct c0_variable *global = call->program->globals[i];
        uint32_t offset_bytes = pointer - call->global_addresses[global->index];
        if (offset_bytes >= 4 * global->type->size_cells)
            continue;
        pointee->global = c0_show_name(call->arena, call->program, global);
        pointee->type = global->type;
        pointee->offset_cells = offset_bytes / 4;
        return true;
    }
    return false;
}

static bool resolve_pointer(void *self, uint32_t pointer, struct c0_pointee *pointee)
{
    const struct call_image *call = self;
    if (pointer % 4 != 0)
        return false;
    if (resolve_global(call, pointer, pointee))
        return true;
    for (size_t i = 0; i < call->objects.count; i++) {
        const struct call_object *object = &call->objects.at[i];
        uint32_t offset_bytes = pointer - object->address;
        if (offset_bytes >= object->size_bytes || object->type == NULL ||
            object->size_bytes != 4 * object->type->size_cells)
            continue;
        pointee->heap_number = (uint32_t)i;
        pointee->type = object->type;
        pointee->offset_cells = offset_bytes / 4;
        return true;
    }
    return false;
}

struct c0_memory_view call_view(struct call_image *call)
{
    return (struct c0_memory_view){call, read_global, resolve_pointer};
}
