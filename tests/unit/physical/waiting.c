/* Where the wait of a processor is seen. */
#include "physical/physical.h"

#include <criterion/criterion.h>

enum { JUMP = 0x40, SLOT = JUMP + 4 };

/* At 0 an rfe that goes on in the delay slot of a jump to itself, as after an interrupt there. */
static struct physical *machine_returning_to_slot(struct arena *arena)
{
    struct physical_setup setup = {.memory_bytes = 0x1000};
    struct physical *physical = physical_new(arena, &setup);
    struct vamp_machine *machine = physical_processor(physical);
    cr_assert(vamp_machine_write(machine, 0, UINT32_C(0xFC000000)));
    cr_assert(vamp_machine_write(machine, JUMP, UINT32_C(0x0BFFFFFC)));
    cr_assert(vamp_machine_write(machine, SLOT, UINT32_C(0x34210000)));
    physical_power_up(physical, 0);
    struct vamp_state *state = vamp_machine_state(machine);
    state->spr[VAMP_SPR_EDPC] = SLOT;
    state->spr[VAMP_SPR_EPC] = JUMP;
    return physical;
}

Test(physical_wait, a_return_into_the_delay_slot_ends_at_the_jump_however_the_run_is_cut)
{
    for (uint64_t piece = 1; piece <= 4; piece++) {
        for (int is_plain = 0; is_plain < 2; is_plain++) {
            struct arena *arena = arena_new();
            struct fault fault = {0};
            struct physical *physical = machine_returning_to_slot(arena);
            struct physical_outcome outcome;
            do
                outcome = physical_run(physical, piece, is_plain != 0, &fault);
            while (outcome.status == PHYSICAL_LIMIT && physical_steps(physical) < 100);
            cr_expect_eq(outcome.status, PHYSICAL_HALTED);
            cr_expect_eq(physical_steps(physical), 2u, "in pieces of %u", (unsigned)piece);
            cr_expect_eq(vamp_machine_state(physical_processor(physical))->dpc, (uint32_t)JUMP);
            arena_free(arena);
        }
    }
}
