#include "machine.h"

#include "semantics/vamp/machine.h"

#include <criterion/criterion.h>

enum { RETURN = 0x80000 };

uint32_t run_object(const struct object *object, uint32_t first, uint32_t second)
{
    struct arena *arena = arena_new();
    struct vamp_machine *machine = vamp_machine_new(arena, VAMP_MEMORY_BYTES_DEFAULT);
    struct vamp_state *state = vamp_machine_state(machine);
    struct text code = {object->text.at, object->text.length};
    cr_assert(vamp_machine_load(machine, 0, code));
    vamp_machine_write(machine, RUN_FRAME + 4, first);
    vamp_machine_write(machine, RUN_FRAME + 8, second);
    state->gpr[29] = RUN_FRAME;
    state->gpr[30] = RUN_HEAP;
    state->gpr[31] = RETURN;
    vamp_machine_add_breakpoint(machine, RETURN);
    struct vamp_run run = vamp_machine_run(machine, 1000000);
    cr_assert_eq(run.status, VAMP_RUN_BREAKPOINT, "the code returns");
    cr_assert_eq(state->gpr[29], RUN_FRAME);
    cr_assert_eq(state->gpr[30], RUN_HEAP);
    uint32_t result = state->gpr[1];
    arena_free(arena);
    return result;
}
