/* Transitions 2 and 3: what a process executes, and what interrupts it (docs/VAMP.md). */
#include "rig.h"

#include <criterion/criterion.h>

enum { PAGE = VAMP_PAGE_BYTES, TIMER_LINE = 1 << 13 };

static struct rig rig;

static void begin(void)
{
    rig = rig_new();
}

static void end(void)
{
    rig_free(&rig);
}

TestSuite(cvm_processes, .init = begin, .fini = end);

/* Process 1 runs until it is interrupted. */
static void expect_interrupt(uint64_t steps, uint32_t eca, uint32_t edata, uint32_t dpc,
                             uint32_t pcp)
{
    struct cvm_outcome outcome = cvm_run_process(rig.cvm, 1000);
    struct vamp_state state = cvm_registers(rig.cvm, 1);
    cr_assert_eq(outcome.status, CVM_INTERRUPTED);
    cr_assert_eq(outcome.steps, steps, "%lu steps", (unsigned long)outcome.steps);
    cr_assert_eq(outcome.eca, eca, "ECA 0x%x", outcome.eca);
    cr_assert_eq(outcome.edata, edata, "EDATA 0x%x", outcome.edata);
    cr_assert_eq(state.dpc, dpc, "dpc 0x%x", state.dpc);
    cr_assert_eq(state.pcp, pcp, "pcp 0x%x", state.pcp);
}

/* Only what user mode shows is a process's. */
static void expect_no_system_registers(void)
{
    struct vamp_state state = cvm_registers(rig.cvm, 1);
    for (unsigned number = 0; number < VAMP_SPR_COUNT; number++)
        if (number != VAMP_SPR_RM && number != VAMP_SPR_IEEEF && number != VAMP_SPR_FCC)
            cr_assert_eq(state.spr[number], 0, "special register %u", number);
}

Test(cvm_processes, runs_as_many_instructions_as_asked_for)
{
    rig_start(&rig, 1, 1, "addi r1,r1,1\nj -8\nnop\n");
    struct cvm_outcome outcome = cvm_run_process(rig.cvm, 301);
    cr_assert_eq(outcome.status, CVM_GOES_ON);
    cr_assert_eq(outcome.steps, 301);
    cr_assert_eq(rig_gpr(&rig, 1, 1), 101);
    outcome = cvm_run_process(rig.cvm, 0);
    cr_assert_eq(outcome.status, CVM_GOES_ON);
    cr_assert_eq(outcome.steps, 0);
    cvm_run_process(rig.cvm, 2);
    cvm_run_process(rig.cvm, 1);
    cr_assert_eq(rig_gpr(&rig, 1, 1), 102);
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_PROCESS_STEP), 304);
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_INTERRUPT), 0);
    expect_no_system_registers();
}

Test(cvm_processes, a_trap_is_executed_and_tells_its_number)
{
    rig_start(&rig, 1, 1, "addi r1,r0,3\ntrap 17\nnop\n");
    expect_interrupt(2, 0x20, 17, 8, 12);
    cr_assert_eq(rig_gpr(&rig, 1, 1), 3);
    expect_no_system_registers();
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_PROCESS_STEP), 1);
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_INTERRUPT), 1);
}

Test(cvm_processes, a_trap_number_is_signed)
{
    rig_start(&rig, 1, 1, "trap -2\n");
    expect_interrupt(1, 0x20, 0xFFFFFFFE, 4, 8);
}

Test(cvm_processes, a_process_goes_on_behind_its_trap)
{
    rig_start(&rig, 1, 1, "trap 1\naddi r2,r0,5\ntrap 2\n");
    expect_interrupt(1, 0x20, 1, 4, 8);
    CALL(&rig, SET_GPR, 1, 3, 9);
    expect_interrupt(2, 0x20, 2, 12, 16);
    cr_assert_eq(rig_gpr(&rig, 1, 2), 5);
    cr_assert_eq(rig_gpr(&rig, 1, 3), 9);
}

Test(cvm_processes, a_trap_in_a_delay_slot_goes_on_at_the_target)
{
    rig_start(&rig, 1, 1, "nop\nj 20\ntrap 6\n");
    expect_interrupt(3, 0x20, 6, 28, 32);
}

Test(cvm_processes, an_exception_in_a_delay_slot_keeps_the_target)
{
    rig_start(&rig, 1, 1, "nop\nj 20\nlw r1,r0,2\n");
    expect_interrupt(3, 0x4, 2, 8, 28);
}

Test(cvm_processes, an_illegal_instruction_is_not_executed)
{
    rig_start(&rig, 1, 1, "nop\n");
    CALL(&rig, SET_WORD, 1, 4, 0xFFFFFFFF);
    expect_interrupt(2, 0x2, 0, 4, 8);
    expect_interrupt(1, 0x2, 0, 4, 8);
}

Test(cvm_processes, system_registers_and_rfe_are_not_for_processes)
{
    const char *const privileged[] = {"rfe\n", "movs2i r1,SR\n", "movi2s PTL,r1\n",
                                      "movs2i r1,ECA\n"};
    for (size_t i = 0; i < sizeof privileged / sizeof *privileged; i++) {
        rig_start(&rig, 1, 1, privileged[i]);
        expect_interrupt(1, 0x2, 0, 0, 4);
    }
}

Test(cvm_processes, user_registers_are_kept)
{
    rig_start(&rig, 1, 1,
              "addi r1,r0,1\nmovi2s RM,r1\naddi r1,r0,2\nmovi2s IEEEF,r1\n"
              "addi r1,r0,3\nmovi2s FCC,r1\nmovs2i r2,RM\nmovs2i r3,IEEEF\ntrap 0\n");
    expect_interrupt(9, 0x20, 0, 36, 40);
    struct vamp_state state = cvm_registers(rig.cvm, 1);
    cr_assert_eq(state.spr[VAMP_SPR_RM], 1);
    cr_assert_eq(state.spr[VAMP_SPR_IEEEF], 2);
    cr_assert_eq(state.spr[VAMP_SPR_FCC], 3);
    cr_assert_eq(state.gpr[2], 1);
    cr_assert_eq(state.gpr[3], 2);
    expect_no_system_registers();
}

Test(cvm_processes, a_misaligned_access_has_no_effect)
{
    rig_start(&rig, 1, 1, "addi r1,r0,7\nsw r1,102(r0)\n");
    expect_interrupt(2, 0x4, 102, 4, 8);
    cr_assert_eq(rig_word(&rig, 1, 100), 0);
    rig_start(&rig, 1, 1, "addi r1,r0,7\nlh r1,101(r0)\n");
    expect_interrupt(2, 0x4, 101, 4, 8);
    cr_assert_eq(rig_gpr(&rig, 1, 1), 7);
}

Test(cvm_processes, a_misaligned_fetch_names_its_address)
{
    rig_start(&rig, 1, 1, "addi r1,r0,42\njr r1\nnop\n");
    expect_interrupt(4, 0x4, 42, 42, 46);
}

Test(cvm_processes, loads_beyond_the_pages_are_illegal_accesses)
{
    rig_start(&rig, 1, 2, "addi r1,r0,8192\nlw r1,-4(r1)\nlw r1,8192(r1)\n");
    expect_interrupt(3, 0x10, 2 * PAGE, 8, 12);
    cr_assert_eq(rig_gpr(&rig, 1, 1), 0);
}

Test(cvm_processes, stores_beyond_the_pages_are_illegal_accesses)
{
    rig_start(&rig, 1, 1, "addi r1,r0,77\nsw r1,4096(r0)\n");
    expect_interrupt(2, 0x10, PAGE, 4, 8);
}

Test(cvm_processes, devices_are_out_of_reach)
{
    rig_start(&rig, 1, 8, "lw r1,-32768(r0)\n");
    expect_interrupt(1, 0x10, 0xFFFF8000, 0, 4);
    rig_start(&rig, 1, 8, "sw r1,-32768(r0)\n");
    expect_interrupt(1, 0x10, 0xFFFF8000, 0, 4);
}

/* Its machine has a page table behind the pages; the process has not. */
Test(cvm_processes, what_lies_behind_the_pages_is_out_of_reach)
{
    for (uint32_t pages = 1; pages <= RIG_PAGES; pages++) {
        rig_start(&rig, 1, pages, "lw r1,0(r2)\n");
        CALL(&rig, SET_GPR, 1, 2, pages * PAGE);
        expect_interrupt(1, 0x10, pages * PAGE, 0, 4);
    }
}

Test(cvm_processes, fetching_beyond_the_pages_is_an_illegal_access)
{
    rig_start(&rig, 1, 1, "j 4092\nnop\n");
    CALL(&rig, SET_WORD, 1, PAGE - 4, 0x34210000);
    expect_interrupt(3, 0x8, PAGE, PAGE, PAGE + 4);
}

Test(cvm_processes, a_process_without_pages_cannot_fetch)
{
    CALL(&rig, RESET, 1);
    rig_dispatch(&rig, 1);
    expect_interrupt(1, 0x8, 0, 0, 4);
    expect_interrupt(1, 0x8, 0, 0, 4);
}

Test(cvm_processes, a_process_that_gave_up_its_pages_cannot_fetch)
{
    rig_start(&rig, 1, 2, "addi r1,r1,1\nj -8\nnop\n");
    cvm_run_process(rig.cvm, 100);
    CALL(&rig, FREE, 1, 2);
    uint32_t dpc = cvm_registers(rig.cvm, 1).dpc, pcp = cvm_registers(rig.cvm, 1).pcp;
    expect_interrupt(1, 0x8, dpc, dpc, pcp);
}

Test(cvm_processes, pages_that_were_freed_are_out_of_reach_at_once)
{
    rig_start(&rig, 1, 3, "lw r1,0(r2)\nj -8\nnop\n");
    CALL(&rig, SET_GPR, 1, 2, 2 * PAGE);
    cvm_run_process(rig.cvm, 99);
    CALL(&rig, FREE, 1, 1);
    expect_interrupt(1, 0x10, 2 * PAGE, 0, 4);
    CALL(&rig, ALLOC, 1, 1);
    cr_assert_eq(cvm_run_process(rig.cvm, 99).status, CVM_GOES_ON);
}

Test(cvm_processes, a_process_that_grows_keeps_all_it_has)
{
    rig_start(&rig, 1, 1, "addi r1,r1,1\nsw r1,256(r0)\nj -12\nnop\n");
    cvm_run_process(rig.cvm, 400);
    for (uint32_t pages = 2; pages <= RIG_PAGES; pages++) {
        CALL(&rig, ALLOC, 1, 1);
        cvm_run_process(rig.cvm, 4);
        cr_assert_eq(rig_gpr(&rig, 1, 1), 99 + pages);
        cr_assert_eq(rig_word(&rig, 1, 256), 99 + pages);
    }
}

Test(cvm_processes, code_that_the_kernel_writes_is_what_runs)
{
    rig_start(&rig, 1, 1, "addi r1,r0,1\nj -8\nnop\n");
    cvm_run_process(rig.cvm, 30);
    uint32_t word;
    rig_assemble("addi r1,r0,2\n", &word, 1);
    CALL(&rig, SET_WORD, 1, 0, word);
    cvm_run_process(rig.cvm, 3);
    cr_assert_eq(rig_gpr(&rig, 1, 1), 2);
}

Test(cvm_processes, an_overflow_is_an_exception_with_a_result)
{
    rig_start(&rig, 1, 1, "lhgi r1,0x7FFF\nori r1,r1,0x7FFF\nlhgi r2,1\naddo r3,r1,r2\n");
    expect_interrupt(4, 0x40, 0, 16, 20);
    cr_assert_eq(rig_gpr(&rig, 1, 3), 0x80007FFF);
}

/* --- Devices --- */

Test(cvm_processes, a_line_that_is_up_lets_one_instruction_pass)
{
    rig_start(&rig, 1, 1, "addi r1,r1,1\nsw r1,64(r0)\nj -12\nnop\n");
    CALL(&rig, SET_MASK, 1);
    cvm_run_process(rig.cvm, 5);
    rig_raise_timer(&rig);
    expect_interrupt(1, TIMER_LINE, 0, 8, 12);
    cr_assert_eq(rig_word(&rig, 1, 64), 2, "the store has been executed");
    expect_interrupt(1, TIMER_LINE, 0, 12, 0);
    CALL(&rig, OUT_WORD, 0, 2, 1);
    cr_assert_eq(cvm_run_process(rig.cvm, 10).status, CVM_GOES_ON);
}

Test(cvm_processes, a_masked_line_does_not_interrupt)
{
    rig_start(&rig, 1, 1, "j -4\nnop\n");
    CALL(&rig, SET_MASK, 0xFE);
    rig_raise_timer(&rig);
    cr_assert_eq(cvm_lines(rig.cvm), 0);
    cr_assert_eq(cvm_run_process(rig.cvm, 50).status, CVM_GOES_ON);
    CALL(&rig, SET_MASK, 0xFF);
    cr_assert_eq(cvm_lines(rig.cvm), TIMER_LINE);
    cr_assert_eq(cvm_run_process(rig.cvm, 50).steps, 1);
}

Test(cvm_processes, a_process_waiting_in_a_loop_is_interrupted_too)
{
    rig_start(&rig, 1, 1, "j -4\nnop\n");
    CALL(&rig, SET_MASK, 1);
    cr_assert_eq(cvm_run_process(rig.cvm, 1000001).steps, 1000001);
    rig_raise_timer(&rig);
    expect_interrupt(1, TIMER_LINE, 0, 0, 4);
}

Test(cvm_processes, lines_and_exceptions_are_told_together)
{
    const struct {
        const char *text;
        uint32_t eca, edata, dpc, pcp;
    } cases[] = {
        {"trap 9\n", TIMER_LINE | 0x20, 9, 4, 8},
        {"rfe\n", TIMER_LINE | 0x2, 0, 0, 4},
        {"lw r1,1(r0)\n", TIMER_LINE | 0x4, 1, 0, 4},
        {"lw r1,4096(r0)\n", TIMER_LINE | 0x10, PAGE, 0, 4},
        {"nop\n", TIMER_LINE, 0, 4, 8},
    };
    CALL(&rig, SET_MASK, 1);
    rig_raise_timer(&rig);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rig_start(&rig, 1, 1, cases[i].text);
        expect_interrupt(1, cases[i].eca, cases[i].edata, cases[i].dpc, cases[i].pcp);
    }
}

Test(cvm_processes, edata_is_that_of_this_interrupt_only)
{
    rig_start(&rig, 1, 1, "trap 9\naddi r1,r1,1\nnop\n");
    expect_interrupt(1, 0x20, 9, 4, 8);
    CALL(&rig, SET_MASK, 1);
    rig_raise_timer(&rig);
    expect_interrupt(1, TIMER_LINE, 0, 8, 12);
}

Test(cvm_processes, two_lines_are_two_causes)
{
    rig_start(&rig, 1, 1, "nop\n");
    CALL(&rig, SET_MASK, 0xFF);
    rig_raise_timer(&rig);
    CALL(&rig, OUT_WORD, 2, 1, 1); /* the serial line interrupts for bytes */
    rig_event(&rig, 2, DEVICE_EVENT_BYTE, 'x');
    expect_interrupt(1, TIMER_LINE | 1 << 15, 0, 4, 8);
}

/* --- Several of them --- */

Test(cvm_processes, each_process_has_registers_of_its_own)
{
    rig_start(&rig, 1, 1, "addi r1,r1,1\nj -8\nnop\n");
    rig_start(&rig, 2, 1, "addi r1,r1,2\nj -8\nnop\n");
    for (unsigned i = 0; i < 20; i++) {
        rig_dispatch(&rig, 1 + i % 2);
        cvm_run_process(rig.cvm, 3);
    }
    cr_assert_eq(rig_gpr(&rig, 1, 1), 10);
    cr_assert_eq(rig_gpr(&rig, 2, 1), 20);
}

Test(cvm_processes, a_process_begins_again_after_reset)
{
    rig_start(&rig, 1, 1, "addi r1,r1,1\ntrap 0\n");
    expect_interrupt(2, 0x20, 0, 8, 12);
    rig_start(&rig, 1, 1, "addi r2,r2,5\ntrap 1\n");
    expect_interrupt(2, 0x20, 1, 8, 12);
    cr_assert_eq(rig_gpr(&rig, 1, 1), 0);
    cr_assert_eq(rig_gpr(&rig, 1, 2), 5);
}
