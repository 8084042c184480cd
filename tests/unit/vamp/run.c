/* Behaviour of programs, written down by hand from docs/VAMP.md. Each runs on both machines. */
#include "tests/unit/vamp/both_runs.h"

#include <criterion/criterion.h>

TestSuite(vamp_run, .init = make_arena, .fini = free_arena);
TestSuite(vamp_stop, .init = make_arena, .fini = free_arena);
TestSuite(vamp_machine, .init = make_arena, .fini = free_arena);

Test(vamp_run, taken_branch_executes_its_delay_slot)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("beqz r0,8\naddi r1,r0,1\naddi r2,r0,1\n"
                                             "addi r3,r0,1\n");
        run(machine, 3);
        const struct vamp_state *state = vamp_machine_state(machine);
        cr_expect_eq(state->gpr[1], 1);
        cr_expect_eq(state->gpr[2], 0);
        cr_expect_eq(state->gpr[3], 1);
        cr_expect_eq(state->dpc, 16);
    }
}

Test(vamp_run, untaken_branch_goes_on_in_order)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("bnez r0,8\naddi r1,r0,1\naddi r2,r0,1\n");
        run(machine, 3);
        cr_expect_eq(vamp_machine_state(machine)->gpr[2], 1);
        cr_expect_eq(vamp_machine_state(machine)->dpc, 12);
    }
}

/* The second jump's slot is the first instruction at the first jump's target. */
Test(vamp_run, jump_in_a_delay_slot_executes_one_instruction_at_the_first_target)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("j 12\nj 12\naddi r1,r0,1\naddi r2,r0,1\n"
                                             "addi r3,r0,1\naddi r4,r0,1\naddi r5,r0,1\n");
        struct vamp_run end = run(machine, 4);
        const struct vamp_state *state = vamp_machine_state(machine);
        cr_expect_eq(end.steps, 4);
        /* 0, 4, then 16 (slot of the second), then 4 + 12 + 12 = 28 is next. */
        cr_expect_eq(state->gpr[3], 1);
        cr_expect_eq(state->gpr[1] | state->gpr[2] | state->gpr[4], 0);
        cr_expect_eq(state->dpc, 32);
    }
}

Test(vamp_run, link_register_gets_the_address_after_the_delay_slot)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("jal 16\nnop\n");
        run(machine, 2);
        cr_expect_eq(vamp_machine_state(machine)->gpr[31], 8);
        cr_expect_eq(vamp_machine_state(machine)->dpc, 20);
    }
}

Test(vamp_run, jalr_through_r31_reads_it_before_linking)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("addi r31,r0,64\njalr r31\nnop\n");
        run(machine, 3);
        cr_expect_eq(vamp_machine_state(machine)->dpc, 64);
        cr_expect_eq(vamp_machine_state(machine)->gpr[31], 12);
    }
}

Test(vamp_run, a_store_into_code_is_seen_by_the_next_fetch)
{
    EACH_RUN(run)
    {
        /* Executes the instruction at 16 once as it is, then overwrites it by the one at 28. */
        struct vamp_machine *machine = begin("j 12\nnop\nlw r2,r0,32\nsw r2,r0,16\n"
                                             "addi r1,r1,1\nj -16\nnop\nnop\naddi r1,r1,100\n");
        run(machine, 9);
        cr_expect_eq(vamp_machine_state(machine)->gpr[1], 101);
    }
}

Test(vamp_run, r0_stays_zero)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("addi r0,r0,5\nlw r0,r0,0\nadd r1,r0,r0\n");
        run(machine, 3);
        cr_expect_eq(vamp_machine_state(machine)->gpr[0], 0);
        cr_expect_eq(vamp_machine_state(machine)->gpr[1], 0);
    }
}

Test(vamp_run, special_registers_without_a_meaning_read_zero)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("addi r1,r0,5\nmovi2s s12,r1\nmovi2s PTO,r1\n"
                                             "movs2i r2,s12\nmovs2i r3,s9\n");
        run(machine, 5);
        cr_expect_eq(vamp_machine_state(machine)->gpr[2], 0);
        cr_expect_eq(vamp_machine_state(machine)->gpr[3], 5);
        cr_expect_eq(vamp_machine_state(machine)->spr[12], 0);
    }
}

Test(vamp_run, overflow_is_ignored_while_masked)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("addio r1,r2,1\n");
        vamp_machine_state(machine)->gpr[2] = 0x7FFFFFFF;
        cr_expect_eq(run(machine, 1).status, VAMP_RUN_LIMIT);
        cr_expect_eq(vamp_machine_state(machine)->gpr[1], 0x80000000);
    }
}

/* The machine stops at `text`'s last instruction, which has had no effect. */
static void expect_stop(const char *text, struct vamp_state given, enum vamp_stop stop,
                        uint32_t address, const char *message)
{
    EACH_RUN(run)
    {
        char printed[256];
        struct vamp_machine *machine = begin(text);
        vamp_machine_stop_at_interrupts(machine, true);
        *vamp_machine_state(machine) = given;
        struct vamp_run end = run(machine, 10);
        cr_expect_eq(end.status, VAMP_RUN_STOPPED);
        cr_expect_eq(end.diagnosis.stop, stop, "%s", vamp_stop_name(end.diagnosis.stop));
        cr_expect_eq(end.diagnosis.address, address);
        vamp_diagnosis_print(&end.diagnosis, printed, sizeof printed);
        cr_expect_str_eq(printed, message);
        cr_expect_eq(vamp_machine_state(machine)->dpc, end.diagnosis.dpc);
        cr_expect_eq(vamp_machine_state(machine)->gpr[1], given.gpr[1]);
    }
}

static const struct vamp_state start = {.pcp = 4, .gpr = {[1] = 77, [2] = 0x1001, [3] = 0x1000}};

Test(vamp_stop, misaligned_load_has_no_effect)
{
    expect_stop("lw r1,r2,0", start, VAMP_STOP_INTERRUPT, 0x1001,
                "misaligned: lw r1,r2,0 at 0x00000000 accesses 0x00001001");
}

Test(vamp_stop, misaligned_store_has_no_effect)
{
    expect_stop("sh r1,r2,0", start, VAMP_STOP_INTERRUPT, 0x1001,
                "misaligned: sh r1,r2,0 at 0x00000000 accesses 0x00001001");
}

Test(vamp_stop, load_from_the_first_byte_beyond_memory)
{
    expect_stop("lb r1,r3,0", start, VAMP_STOP_BUS_ERROR, 0x1000,
                "bus-error: lb r1,r3,0 at 0x00000000 accesses 0x00001000");
}

Test(vamp_stop, store_to_a_device_address)
{
    expect_stop("sw r1,r0,-32768", start, VAMP_STOP_BUS_ERROR, 0xFFFF8000,
                "bus-error: sw r1,r0,-32768 at 0x00000000 accesses 0xffff8000");
}

Test(vamp_stop, trap)
{
    expect_stop("trap 5", start, VAMP_STOP_INTERRUPT, 0,
                "trap: trap 5 at 0x00000000 would be an interrupt");
}

Test(vamp_stop, rfe)
{
    expect_stop("rfe", start, VAMP_STOP_RFE, 0,
                "rfe: rfe at 0x00000000 has no interrupt to return from");
}

Test(vamp_stop, enabled_overflow_has_no_effect)
{
    struct vamp_state state = start;
    state.spr[VAMP_SPR_SR] = 1 << 6;
    state.gpr[2] = 0x80000000;
    expect_stop("subio r1,r2,1", state, VAMP_STOP_INTERRUPT, 0,
                "overflow: subio r1,r2,1 at 0x00000000 would be an interrupt");
}

Test(vamp_stop, enabled_overflow_stops_only_what_overflows)
{
    struct vamp_state state = start;
    state.spr[VAMP_SPR_SR] = 1 << 6;
    expect_stop("addo r4,r1,r2\naddi r5,r0,1\ntrap 0", state, VAMP_STOP_INTERRUPT, 0,
                "trap: trap 0 at 0x00000008 would be an interrupt");
}

Test(vamp_stop, misaligned_fetch_after_the_delay_slot)
{
    expect_stop("jr r2\nnop", (struct vamp_state){.pcp = 4, .gpr = {[2] = 0x22}},
                VAMP_STOP_INTERRUPT, 0x22, "misaligned: fetch from 0x00000022");
}

Test(vamp_stop, fetch_beyond_memory_after_the_delay_slot)
{
    expect_stop("jr r3\nnop", (struct vamp_state){.pcp = 4, .gpr = {[3] = 0x1000}},
                VAMP_STOP_BUS_ERROR_FETCH, 0x1000, "bus-error: fetch from 0x00001000");
}

Test(vamp_stop, user_mode_without_a_page)
{
    struct vamp_state state = {.pcp = 4, .gpr = {[1] = 1}};
    state.spr[VAMP_SPR_PTL] = UINT32_MAX;
    expect_stop("movi2s MODE,r1\nnop", state, VAMP_STOP_INTERRUPT, 4,
                "page-fault-on-fetch: fetch from 0x00000004");
}

Test(vamp_stop, illegal_instruction)
{
    EACH_RUN(run)
    {
        char printed[256];
        struct vamp_machine *machine = begin("nop\n");
        vamp_machine_stop_at_interrupts(machine, true);
        vamp_machine_write(machine, 4, 0x00000008); /* op 0, fn 8 */
        struct vamp_run end = run(machine, 10);
        cr_expect_eq(end.diagnosis.stop, VAMP_STOP_INTERRUPT);
        cr_expect_eq(end.diagnosis.interrupts, 1 << VAMP_INTERRUPT_ILL);
        cr_expect_eq(end.steps, 1);
        vamp_diagnosis_print(&end.diagnosis, printed, sizeof printed);
        cr_expect_str_eq(printed, "illegal-instruction: word 0x00000008 at 0x00000004");
    }
}

Test(vamp_run, breakpoint_ends_the_run_before_the_instruction)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("addi r1,r1,1\naddi r1,r1,1\naddi r1,r1,1\n");
        vamp_machine_add_breakpoint(machine, 8);
        struct vamp_run end = run(machine, 100);
        cr_expect_eq(end.status, VAMP_RUN_BREAKPOINT);
        cr_expect_eq(end.steps, 2);
        cr_expect_eq(run(machine, 1).steps, 1, "a run goes on from a breakpoint");
        cr_expect_eq(vamp_machine_state(machine)->gpr[1], 3);
    }
}

Test(vamp_run, breakpoint_outside_memory_ends_the_run)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("jr r31\naddi r1,r1,1\n");
        vamp_machine_state(machine)->gpr[31] = 0x10000000;
        vamp_machine_add_breakpoint(machine, 0x10000000);
        struct vamp_run end = run(machine, 2);
        cr_expect_eq(end.status, VAMP_RUN_BREAKPOINT);
        cr_expect_eq(end.steps, 2);
        cr_expect_eq(vamp_machine_state(machine)->gpr[1], 1);
    }
}

Test(vamp_run, removed_breakpoint_does_not_end_the_run)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("addi r1,r1,1\naddi r1,r1,1\n");
        vamp_machine_add_breakpoint(machine, 4);
        cr_expect_eq(run(machine, 2).status, VAMP_RUN_BREAKPOINT);
        vamp_machine_remove_breakpoint(machine, 4);
        cr_expect_eq(run(machine, 1).status, VAMP_RUN_LIMIT);
    }
}

Test(vamp_machine, loads_bytes_to_any_address)
{
    struct vamp_machine *machine = begin("");
    uint32_t word;
    cr_expect(vamp_machine_load(machine, 6, (struct text){"\1\2\3", 3}));
    cr_expect(vamp_machine_read(machine, 4, &word) && word == 0x02010000);
    cr_expect(vamp_machine_read(machine, 8, &word) && word == 0x00000003);
    cr_expect(vamp_machine_load(machine, 4094, (struct text){"\1\2", 2}));
    cr_expect_not(vamp_machine_load(machine, 4095, (struct text){"\1\2", 2}));
    cr_expect_not(vamp_machine_load(machine, 0xFFFFFFFF, (struct text){"\1\2", 2}));
}
