/* Pages that the swap disk has lost (docs/CVM.md, "Lost pages"). */
#include "rig.h"

#include <criterion/criterion.h>

enum { PAGE = VAMP_PAGE_BYTES };

static struct rig rig;

static void begin(void)
{
    rig = rig_new();
}

static void end(void)
{
    rig_free(&rig);
}

TestSuite(cvm_losses, .init = begin, .fini = end);

Test(cvm_losses, a_lost_page_reads_as_zeros_and_keeps_nothing)
{
    CALL(&rig, ALLOC, 1, 2);
    CALL(&rig, SET_WORD, 1, 8, 5);
    CALL(&rig, SET_WORD, 1, PAGE + 8, 6);
    cvm_lose_page(rig.cvm, 1, 1);
    cr_assert(cvm_is_page_lost(rig.cvm, 1, 1));
    cr_assert_not(cvm_is_page_lost(rig.cvm, 1, 0));
    cr_assert(cvm_has_lost_page(rig.cvm, 1));
    cr_assert_eq(CALL(&rig, GET_WORD, 1, PAGE + 8), 0);
    CALL(&rig, SET_WORD, 1, PAGE + 8, 7);
    CALL(&rig, COPY, 1, PAGE - 4, 1, 4, 2);
    cr_assert_eq(CALL(&rig, GET_WORD, 1, PAGE + 8), 0);
    cr_assert_eq(rig_word(&rig, 1, PAGE), 0);
    cr_assert_eq(CALL(&rig, GET_WORD, 1, 8), 5);
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_LOSS), 1);
}

Test(cvm_losses, words_from_devices_to_a_lost_page_are_gone)
{
    CALL(&rig, ALLOC, 1, 1);
    cvm_lose_page(rig.cvm, 1, 0);
    CALL(&rig, OUT_WORD, 0, 0, 9);
    CALL(&rig, IN_BLOCK, 0, 0, 1, 0, 2);
    cr_assert_eq(rig_word(&rig, 1, 0), 0);
    CALL(&rig, OUT_BLOCK, 0, 0, 1, 0, 1);
    cr_assert_eq(CALL(&rig, IN_WORD, 0, 0), 0);
}

Test(cvm_losses, a_process_that_has_lost_a_page_does_not_run)
{
    rig_start(&rig, 1, 2, "addi r1,r1,1\n");
    cvm_lose_page(rig.cvm, 1, 1);
    struct cvm_outcome outcome = cvm_run_process(rig.cvm, 10);
    cr_assert_eq(outcome.status, CVM_INTERRUPTED);
    cr_assert_eq(outcome.eca, 0x80000000);
    cr_assert_eq(outcome.edata, 0);
    cr_assert_eq(outcome.steps, 0);
    cr_assert_eq(rig_gpr(&rig, 1, 1), 0);
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_INTERRUPT), 0);
    rig_set_global(&rig, "next", 2);
    cvm_run_kernel(rig.cvm, outcome.eca, outcome.edata, RIG_STEPS);
    cr_assert_eq(rig_global(&rig, "seen_eca"), 0x80000000);
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_LOSS_NOTICE), 1);
    cr_assert_eq(cvm_current(rig.cvm), 2);
}

Test(cvm_losses, a_freed_page_is_lost_no_more_but_the_process_does_not_run)
{
    rig_start(&rig, 1, 2, "nop\n");
    cvm_lose_page(rig.cvm, 1, 1);
    CALL(&rig, FREE, 1, 1);
    cr_assert_not(cvm_is_page_lost(rig.cvm, 1, 1));
    CALL(&rig, ALLOC, 1, 1);
    CALL(&rig, SET_WORD, 1, PAGE, 3);
    cr_assert_eq(CALL(&rig, GET_WORD, 1, PAGE), 3);
    cr_assert(cvm_has_lost_page(rig.cvm, 1));
    cr_assert_eq(cvm_run_process(rig.cvm, 1).eca, 0x80000000);
}

Test(cvm_losses, reset_and_clone_give_a_new_memory)
{
    CALL(&rig, ALLOC, 1, 1);
    cvm_lose_page(rig.cvm, 1, 0);
    CALL(&rig, RESET, 1);
    cr_assert_not(cvm_has_lost_page(rig.cvm, 1));
    CALL(&rig, ALLOC, 1, 1);
    cvm_lose_page(rig.cvm, 1, 0);
    CALL(&rig, ALLOC, 2, 1);
    CALL(&rig, SET_WORD, 2, 0, 9);
    CALL(&rig, CLONE, 1, 2);
    cr_assert_not(cvm_has_lost_page(rig.cvm, 1));
    cr_assert_not(cvm_is_page_lost(rig.cvm, 1, 0));
    cr_assert_eq(rig_word(&rig, 1, 0), 9);
}

Test(cvm_losses, a_clone_of_a_lost_page_is_a_page_but_its_process_does_not_run)
{
    CALL(&rig, ALLOC, 1, 2);
    CALL(&rig, SET_WORD, 1, 0, 4);
    cvm_lose_page(rig.cvm, 1, 1);
    CALL(&rig, CLONE, 2, 1);
    cr_assert(cvm_has_lost_page(rig.cvm, 2));
    cr_assert_not(cvm_is_page_lost(rig.cvm, 2, 1));
    cr_assert_eq(rig_word(&rig, 2, 0), 4);
    CALL(&rig, SET_WORD, 2, PAGE, 8);
    cr_assert_eq(rig_word(&rig, 2, PAGE), 8);
}

Test(cvm_losses, a_clone_of_what_is_left_is_a_process_that_runs)
{
    CALL(&rig, ALLOC, 1, 2);
    cvm_lose_page(rig.cvm, 1, 1);
    CALL(&rig, FREE, 1, 1);
    CALL(&rig, CLONE, 2, 1);
    cr_assert_not(cvm_has_lost_page(rig.cvm, 2));
}

Test(cvm_losses, load_ends_at_a_lost_page)
{
    unsigned char bytes[DEVICE_SECTOR_BYTES] = {7};
    for (uint32_t s = 0; s < RIG_SECTORS; s++)
        rig.setup.system_disk.write(rig.setup.system_disk.self, s, bytes);
    CALL(&rig, ALLOC, 1, 3);
    cvm_lose_page(rig.cvm, 1, 1);
    CALL(&rig, LOAD, 1, 0, 3);
    cr_assert_eq(rig_word(&rig, 1, 0), 7);
    cr_assert_eq(rig_word(&rig, 1, PAGE - 512), 7);
    cr_assert_eq(rig_word(&rig, 1, PAGE), 0);
    cr_assert_eq(rig_word(&rig, 1, 2 * PAGE), 0);
}

Test(cvm_losses, the_kernel_may_not_send_a_lost_process_back_when_it_has_been_told)
{
    rig_start(&rig, 1, 1, "nop\n");
    cvm_lose_page(rig.cvm, 1, 0);
    struct cvm_outcome outcome = cvm_run_kernel(rig.cvm, 0x80000000, 0, RIG_STEPS);
    cr_assert_eq(outcome.status, CVM_FAULTED);
    cr_assert_str_eq(outcome.message, "kdispatch answers the process again whose page is lost");
    rig_set_global(&rig, "op", CVM_PRIMITIVE_RESET + 1);
    rig_set_global(&rig, "argument", 1);
    outcome = cvm_run_kernel(rig.cvm, 0x80000000, 0, RIG_STEPS);
    cr_assert_eq(outcome.status, CVM_DECIDED);
    cr_assert_eq(cvm_current(rig.cvm), 1);
}

Test(cvm_losses, the_kernel_may_name_another_process_that_has_lost_a_page)
{
    rig_start(&rig, 2, 1, "nop\n");
    rig_start(&rig, 1, 1, "nop\n");
    cvm_lose_page(rig.cvm, 1, 0);
    cvm_lose_page(rig.cvm, 2, 0);
    rig_set_global(&rig, "next", 2);
    cr_assert_eq(cvm_run_kernel(rig.cvm, 0x80000000, 0, RIG_STEPS).status, CVM_DECIDED);
    cr_assert_eq(cvm_current(rig.cvm), 2);
    cr_assert_eq(cvm_run_process(rig.cvm, 1).eca, 0x80000000);
}
