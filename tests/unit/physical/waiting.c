/* Where the wait of a processor is seen. */
#include "base/file.h"
#include "physical/recording.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* --- A reset to come --- */

enum { RESET_STEP = 500, TICK_STEPS = 30 };

/* A machine that halts at once, with a timer, and a button that will be pressed. */
static struct physical *machine_to_be_reset(struct arena *arena, struct oracle *oracle)
{
    struct physical_setup setup = {.memory_bytes = 0x1000, .oracle = oracle};
    setup.bus.devices[0] = device_new_timer(arena);
    bus_write(&setup.bus, BUS_ADDRESS, 1000);
    struct physical *physical = physical_new(arena, &setup);
    struct vamp_machine *machine = physical_processor(physical);
    cr_assert(vamp_machine_write(machine, JUMP, UINT32_C(0x0BFFFFFC)));
    cr_assert(vamp_machine_write(machine, SLOT, UINT32_C(0x34210000)));
    physical_power_up(physical, JUMP);
    return physical;
}

static struct oracle *button(struct arena *arena)
{
    struct oracle_seed seed = {.tick_steps = TICK_STEPS,
                               .done_steps = 1,
                               .poll_steps = 7,
                               .has_reset = true,
                               .reset_step = RESET_STEP};
    return oracle_new_seeded(arena, &seed);
}

Test(physical_wait, a_machine_that_will_be_reset_has_not_halted_whatever_comes_before)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    struct physical *physical = machine_to_be_reset(arena, button(arena));
    cr_expect_eq(physical_run(physical, RESET_STEP, false, &fault).status, PHYSICAL_LIMIT);
    cr_expect_eq(physical_steps(physical), (uint64_t)RESET_STEP);
    cr_expect_eq(physical_events(physical, 0), (uint64_t)((RESET_STEP - 1) / TICK_STEPS));
    /* Its step is taken; at 0 are words that shift 0 into r0, up to the jump. */
    cr_expect_eq(physical_run(physical, 100, false, &fault).status, PHYSICAL_HALTED);
    cr_expect_eq(physical_steps(physical), (uint64_t)RESET_STEP + 1 + JUMP / 4);
    arena_free(arena);
}

/* What is recorded of a run that ends before it is reset. */
Test(physical_wait, a_run_that_ends_before_its_reset_is_repeated_to_that_step)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    char path[] = P_tmpdir "/vouch-waiting-XXXXXX";
    int file = mkstemp(path);
    cr_assert(file >= 0);
    close(file);
    struct recording_setup setup = {.memory_bytes = 0x1000, .devices[0].name = "timer"};
    memset(setup.image_digest, '0', 64);
    struct recorder *recorder = recorder_new(arena, path, &setup, &fault);
    cr_assert_not_null(recorder);
    struct physical *live = machine_to_be_reset(arena, recorder_oracle(recorder, button(arena)));
    struct recording_end end = {.status = physical_run(live, 100, false, &fault).status};
    end.steps = physical_steps(live);
    physical_digest(live, end.digest);
    cr_expect(end.status == PHYSICAL_LIMIT && end.steps == 100);
    cr_assert(recorder_close(recorder, &end, &fault));
    struct text content;
    cr_assert(file_read(arena, path, &content, &fault));
    unlink(path);
    struct recording *recording = recording_parse(arena, path, content, &fault);
    cr_assert_not_null(recording);
    struct physical *again = machine_to_be_reset(arena, recording_oracle(recording));
    cr_expect_eq(physical_run(again, 100, false, &fault).status, PHYSICAL_LIMIT);
    cr_expect_eq(physical_steps(again), 100u);
    arena_free(arena);
}
