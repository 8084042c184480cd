/* What was executed, and breakpoints of system mode; on both runs, as machine.h says. */
#include "tests/unit/vamp/both_runs.h"

#include <criterion/criterion.h>

TestSuite(vamp_executed, .init = make_arena, .fini = free_arena);
TestSuite(vamp_system_breakpoint, .init = make_arena, .fini = free_arena);

/* The words that were executed, word n of memory as bit n. */
static uint32_t executed(const struct vamp_machine *machine)
{
    uint32_t found = 0;
    for (unsigned n = 0; n < 32; n++)
        found |= (uint32_t)vamp_machine_was_executed(machine, 4 * n) << n;
    return found;
}

/* Page 1 is a page table that maps virtual page 3 to physical page 0. */
static struct vamp_machine *begin_user(const char *text)
{
    struct vamp_machine *machine = program_machine(arena, 2 * 4096, text);
    struct vamp_state *state = vamp_machine_state(machine);
    vamp_machine_write(machine, 4096 + 4 * 3, 1 << 11);
    state->spr[VAMP_SPR_PTO] = 1;
    state->spr[VAMP_SPR_PTL] = 3;
    state->spr[VAMP_SPR_MODE] = 1;
    state->dpc = 0x3000;
    state->pcp = 0x3004;
    return machine;
}

/* --- What was executed --- */

Test(vamp_executed, at_first_nothing)
{
    cr_expect_eq(executed(begin("nop\nnop\n")), 0);
}

Test(vamp_executed, a_jumped_over_instruction_was_not)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("nop\nj 8\nnop\nnop\nnop\nnop\n");
        run(machine, 4);
        cr_expect_eq(executed(machine), 0x17, "got 0x%x", executed(machine));
    }
}

Test(vamp_executed, the_instruction_after_the_last_one_was_not)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("nop\nnop\nnop\n");
        run(machine, 2);
        cr_expect_eq(executed(machine), 3);
        run(machine, 1);
        cr_expect_eq(executed(machine), 7);
    }
}

Test(vamp_executed, an_instruction_whose_word_was_changed_was_all_the_same)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("nop\nsw r0,r0,0\nnop\n");
        run(machine, 3);
        cr_expect_eq(executed(machine), 7);
        vamp_machine_write(machine, 8, 0);
        cr_expect_eq(executed(machine), 7);
    }
}

Test(vamp_executed, a_breakpoint_that_stopped_the_run_was_not)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("nop\nnop\nnop\n");
        vamp_machine_add_breakpoint(machine, 4);
        run(machine, 3);
        cr_expect_eq(executed(machine), 1);
        run(machine, 1);
        cr_expect_eq(executed(machine), 3);
    }
}

Test(vamp_executed, what_was_stays_so_when_it_becomes_a_breakpoint)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("nop\nnop\nnop\n");
        run(machine, 2);
        vamp_machine_add_breakpoint(machine, 0);
        vamp_machine_remove_breakpoint(machine, 0);
        vamp_machine_add_breakpoint(machine, 4);
        cr_expect_eq(executed(machine), 3);
    }
}

Test(vamp_executed, a_load_that_stops_the_machine_was_not)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("nop\nlw r1,r0,4096\n");
        cr_expect_eq(run(machine, 5).status, VAMP_RUN_STOPPED);
        cr_expect_eq(executed(machine), 1);
    }
}

/* The second time round the load is beyond memory. */
Test(vamp_executed, an_instruction_that_stops_the_machine_later_was)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("lw r2,r1,4092\naddi r1,r0,4\nj -12\nnop\n");
        cr_expect_eq(run(machine, 10).status, VAMP_RUN_STOPPED);
        cr_expect_eq(executed(machine), 15);
    }
}

/* The interrupt's routine is at 0. */
Test(vamp_executed, a_trap_was_and_an_aborted_instruction_was_not)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("nop\nlw r1,r0,2\nnop\n");
        run(machine, 2);
        cr_expect_eq(executed(machine), 1);
        machine = begin("nop\ntrap 1\nnop\n");
        run(machine, 2);
        cr_expect_eq(executed(machine), 3);
    }
}

/* Virtual page 1 is not valid: the load faults, and is repeated. */
Test(vamp_executed, a_repeated_instruction_was_not_until_it_is_through)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin_user("nop\nnop\nlw r1,r0,4096\nnop\n");
        run(machine, 3);
        cr_expect_eq(vamp_machine_state(machine)->spr[VAMP_SPR_ECA], 1 << VAMP_INTERRUPT_PFLS);
        cr_expect_eq(executed(machine), 3);
        vamp_machine_write(machine, 4096 + 4, 1 << 11);
        struct vamp_state *state = vamp_machine_state(machine);
        state->spr[VAMP_SPR_MODE] = 1;
        state->dpc = 0x3008;
        state->pcp = 0x300C;
        run(machine, 1);
        cr_expect_eq(executed(machine), 7);
    }
}

Test(vamp_executed, in_user_mode_the_physical_address_counts)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin_user("nop\nnop\nnop\n");
        run(machine, 2);
        cr_expect_eq(executed(machine), 3);
        cr_expect_not(vamp_machine_was_executed(machine, 0x3000));
    }
}

Test(vamp_executed, the_halves_of_waiting_count_each_on_its_own)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("nop\nj -4\nnop\n");
        run(machine, 2);
        cr_expect_eq(executed(machine), 3);
        run(machine, 1);
        cr_expect_eq(executed(machine), 7);
    }
}

Test(vamp_executed, waiting_that_ends_the_run_was_not)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("nop\nj -4\nnop\n");
        vamp_machine_stop_at_waiting(machine, true);
        cr_expect_eq(run(machine, 10).status, VAMP_RUN_ENDED);
        cr_expect_eq(executed(machine), 1);
    }
}

Test(vamp_executed, outside_memory_nothing_was)
{
    struct vamp_machine *machine = begin("nop\nnop\n");
    vamp_machine_run(machine, 2);
    cr_expect_not(vamp_machine_was_executed(machine, 4096));
    cr_expect_not(vamp_machine_was_executed(machine, 0xFFFFFFFC));
    cr_expect_not(vamp_machine_was_executed(machine, 1));
}

/* --- Breakpoints of system mode --- */

Test(vamp_system_breakpoint, user_mode_runs_over_the_virtual_address)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin_user("nop\nnop\nnop\nnop\n");
        vamp_machine_break_in_system_mode_only(machine, true);
        vamp_machine_add_breakpoint(machine, 0x3004);
        cr_expect_eq(run(machine, 4).status, VAMP_RUN_LIMIT);
    }
}

Test(vamp_system_breakpoint, user_mode_runs_over_the_physical_address)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin_user("nop\nnop\nnop\nnop\n");
        vamp_machine_break_in_system_mode_only(machine, true);
        vamp_machine_add_breakpoint(machine, 4);
        cr_expect_eq(run(machine, 4).status, VAMP_RUN_LIMIT);
        cr_expect_eq(executed(machine), 15);
    }
}

/* User mode calls, the interrupt leads to address 0. */
Test(vamp_system_breakpoint, the_entry_from_user_mode_stops)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin_user("trap 1\nnop\n");
        vamp_machine_break_in_system_mode_only(machine, true);
        vamp_machine_add_breakpoint(machine, 0);
        struct vamp_run stopped = run(machine, 100);
        cr_expect_eq(stopped.status, VAMP_RUN_BREAKPOINT);
        cr_expect_eq(stopped.steps, 1);
        cr_expect_not(vamp_is_user_mode(vamp_machine_state(machine)));
    }
}

Test(vamp_system_breakpoint, code_that_user_mode_has_run_stops_system_mode)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin_user("nop\nnop\nnop\nnop\n");
        vamp_machine_break_in_system_mode_only(machine, true);
        run(machine, 4);
        vamp_machine_add_breakpoint(machine, 8);
        struct vamp_state *state = vamp_machine_state(machine);
        state->spr[VAMP_SPR_MODE] = 0;
        state->dpc = 0;
        state->pcp = 4;
        struct vamp_run stopped = run(machine, 4);
        cr_expect_eq(stopped.status, VAMP_RUN_BREAKPOINT);
        cr_expect_eq(stopped.steps, 2);
    }
}

/* The code is decoded each time before the setting changes. */
Test(vamp_system_breakpoint, the_setting_may_change_between_runs)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin_user("nop\nnop\nnop\nj -16\nnop\n");
        vamp_machine_add_breakpoint(machine, 0x3008);
        cr_expect_eq(run(machine, 4).status, VAMP_RUN_BREAKPOINT);
        vamp_machine_break_in_system_mode_only(machine, true);
        cr_expect_eq(run(machine, 12).status, VAMP_RUN_LIMIT);
        vamp_machine_break_in_system_mode_only(machine, false);
        cr_expect_eq(run(machine, 12).status, VAMP_RUN_BREAKPOINT);
    }
}
