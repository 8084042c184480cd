/* Processes: how they begin, what they have, who runs, how they end. */
#include "fake.h"

TestSuite(abstract_kernel, .init = fake_boot);

Test(abstract_kernel, boot_starts_init_and_the_clock)
{
    cr_assert_eq(fake.loaded_sector, INIT_SECTOR);
    cr_assert_eq(fake.loaded_pages, INIT_PAGES);
    cr_assert_eq(fake.process[INIT].pages, INIT_MEMORY_PAGES);
    cr_assert_eq(fake.port[0][0], CLOCK_PERIOD);
    cr_assert_eq(fake.mask, 1);
    cr_assert_eq(fake_info(INFO_PRIVILEGE, 0), 1);
    cr_assert_eq(fake_info(INFO_PRIORITY, 0), INIT_PRIORITY);
    cr_assert_eq(fake_info(INFO_PROCESSES, 0), 1);
    cr_assert_eq(fake_info(INFO_PARENT, 0), 0);
}

Test(abstract_kernel, calls_that_there_are_not_are_unknown)
{
    const uint32_t numbers[] = {CALL_COUNT, CALL_COUNT + 1, 0x7fffffff, 0x80000000, 0xffffffff};
    for (uint32_t i = 0; i < 5; i++)
        cr_assert_eq(CALL(INIT, numbers[i], 1, 2, 3), CALL_UNKNOWN);
}

Test(abstract_kernel, a_call_leaves_all_other_registers)
{
    for (uint32_t r = 1; r < 32; r++)
        fake.process[INIT].gpr[r] = 1000 + r;
    cr_assert_eq(CALL(INIT, CALL_INFO, INFO_LIMIT, 0), CALL_OK);
    for (uint32_t r = 1; r < 32; r++)
        if (r < 11 || r > 16)
            cr_assert_eq(fake.process[INIT].gpr[r], 1000 + r);
    cr_assert_eq(fake.process[INIT].gpr[12], PROCESS_COUNT);
    cr_assert_eq(fake.process[INIT].gpr[13], 0);
}

Test(abstract_kernel, create_loads_the_image_and_gives_all_rights)
{
    cr_assert_eq(CALL(INIT, CALL_CREATE, 80, 2, 3, 2), CALL_OK);
    uint32_t child = fake_result(INIT, 0);
    cr_assert_eq(child, 2);
    cr_assert_eq(fake.process[child].pages, 3);
    cr_assert_eq(fake.process[child].word[PAGE_WORDS], 88);
    cr_assert_eq(fake.process[child].word[2 * PAGE_WORDS], 0);
    cr_assert_eq(fake_info(INFO_PAGES, child), 3);
    cr_assert_eq(fake_info(INFO_PRIORITY, child), 2);
    cr_assert_eq(fake_info(INFO_PARENT, child), INIT);
    cr_assert_eq(fake_info(INFO_NAME, child), 80);
    cr_assert_eq(fake_info(INFO_PRIVILEGE, child), 0);
    cr_assert_eq(fake_info(INFO_STATE, child), STATE_READY);
    cr_assert_eq(rights_get(&kernel.rights, INIT, child), RIGHTS_ALL);
    cr_assert_eq(rights_get(&kernel.rights, child, INIT), RIGHT_SEND);
}

Test(abstract_kernel, create_checks_its_arguments)
{
    const uint32_t wrong[][4] = {
        {64, 3, 2, 1},          {64, 0, 0, 1},         {64, 1, VIRTUAL_PAGES + 1, 1},
        {64, 1, 0xffffffff, 1}, {64, 1, 2, 3},         {64, 1, 2, 0xffffffff},
        {0xfffffff, 1, 2, 1},   {0x10000000, 1, 2, 1}, {0xffffffff, 1, 2, 1},
        {64, 0xffffffff, 2, 1}, {0xffffffc0, 8, 8, 1},
    };
    for (uint32_t i = 0; i < 11; i++)
        cr_assert_eq(CALL(INIT, CALL_CREATE, wrong[i][0], wrong[i][1], wrong[i][2], wrong[i][3]),
                     CALL_RANGE, "case %u", i);
    cr_assert_eq(CALL(INIT, CALL_CREATE, 0xffffff8, 1, 2, 1), CALL_OK);
    uint32_t child = fake_result(INIT, 0);
    cr_assert_eq(CALL(child, CALL_CREATE, 64, 1, 2, 1), CALL_DENIED);
}

Test(abstract_kernel, process_numbers_end)
{
    for (uint32_t p = 2; p < PROCESS_COUNT; p++)
        cr_assert_eq(fake_child(), p);
    cr_assert_eq(CALL(INIT, CALL_CREATE, 64, 1, 2, 1), CALL_MEMORY);
    cr_assert_eq(CALL(INIT, CALL_CLONE), CALL_MEMORY);
    cr_assert_eq(fake_info(INFO_PROCESSES, 0), PROCESS_COUNT - 1);
    cr_assert_eq(CALL(INIT, CALL_KILL, 4), CALL_OK);
    cr_assert_eq(CALL(INIT, CALL_CLONE), CALL_OK);
    cr_assert_eq(fake_result(INIT, 0), 4);
}

Test(abstract_kernel, a_number_rests_before_it_is_given_again)
{
    cr_assert_eq(fake_child(), 2);
    cr_assert_eq(CALL(INIT, CALL_KILL, 2), CALL_OK);
    cr_assert_eq(fake_child(), 3);
}

Test(abstract_kernel, clone_copies_the_caller)
{
    fake.process[INIT].gpr[5] = 55;
    fake.process[INIT].word[100] = 77;
    CALL(INIT, CALL_SCHEDULE, INIT, 1, 9);
    cr_assert_eq(CALL(INIT, CALL_CLONE), CALL_OK);
    uint32_t child = fake_result(INIT, 0);
    cr_assert_eq(child, 2);
    cr_assert_eq(fake_code(child), CALL_OK);
    cr_assert_eq(fake_result(child, 0), 0);
    cr_assert_eq(fake.process[child].gpr[5], 55);
    cr_assert_eq(fake.process[child].word[100], 77);
    cr_assert_eq(fake_info(INFO_PAGES, child), INIT_MEMORY_PAGES);
    cr_assert_eq(fake_info(INFO_PRIVILEGE, child), 0);
    cr_assert_eq(fake_info(INFO_PARENT, child), INIT);
    cr_assert_eq(fake_info(INFO_NAME, child), INIT_SECTOR);
    cr_assert_eq(fake_info(INFO_SLICE, child), 9);
    cr_assert_eq(fake_info(INFO_PRIORITY, child), 1);
}

Test(abstract_kernel, exit_tells_its_code)
{
    uint32_t child = fake_child();
    CALL(child, CALL_EXIT, 4711);
    cr_assert_eq(fake.running, INIT);
    cr_assert_eq(fake_info(INFO_STATE, child), STATE_NONE);
    cr_assert_eq(fake_info(INFO_END, child), END_EXIT);
    cr_assert_eq(fake_info(INFO_EXIT_CODE, child), 4711);
    cr_assert_eq(fake.process[child].pages, 0);
    CALL(INIT, CALL_EXIT, 0);
    cr_assert_eq(fake.running, 0);
}

Test(abstract_kernel, kill_needs_control)
{
    uint32_t a = fake_child(), b = fake_child();
    const uint32_t nobody[] = {0, 6, PROCESS_COUNT, 0xffffffff};
    for (uint32_t i = 0; i < 4; i++)
        cr_assert_eq(CALL(INIT, CALL_KILL, nobody[i]), CALL_PROCESS);
    cr_assert_eq(CALL(a, CALL_KILL, b), CALL_DENIED);
    CALL(INIT, CALL_SET_RIGHTS, a, b, RIGHTS_ALL & ~RIGHT_CONTROL);
    cr_assert_eq(CALL(a, CALL_KILL, b), CALL_DENIED);
    CALL(INIT, CALL_SET_RIGHTS, a, b, RIGHT_CONTROL);
    cr_assert_eq(CALL(a, CALL_KILL, b), CALL_OK);
    cr_assert_eq(fake_info(INFO_END, b), END_KILLED);
    cr_assert_eq(fake_info(INFO_EXIT_CODE, b), 0);
    cr_assert_eq(CALL(a, CALL_KILL, b), CALL_PROCESS);
    CALL(a, CALL_KILL, a);
    cr_assert_eq(fake_info(INFO_END, a), END_KILLED);
    cr_assert_eq(fake_info(INFO_PROCESSES, 0), 1);
}

Test(abstract_kernel, children_of_the_dead_have_no_parent)
{
    uint32_t a = fake_child();
    cr_assert_eq(CALL(a, CALL_CLONE), CALL_OK);
    uint32_t grandchild = fake_result(a, 0);
    cr_assert_eq(fake_info(INFO_PARENT, grandchild), a);
    CALL(a, CALL_EXIT, 0);
    cr_assert_eq(fake_info(INFO_PARENT, grandchild), 0);
}

Test(abstract_kernel, the_next_of_a_number_has_nothing_of_the_one_before)
{
    uint32_t a = fake_child();
    fake_permit(a, INIT);
    CALL(INIT, CALL_SET_RIGHTS, INIT, a, RIGHTS_ALL);
    CALL(INIT, CALL_SET_PRIVILEGE, a, 1);
    CALL(a, CALL_EXIT, 5);
    kernel.last = a - 1; /* the next one gets this number */
    cr_assert_eq(CALL(INIT, CALL_CLONE), CALL_OK);
    cr_assert_eq(fake_result(INIT, 0), a);
    cr_assert_eq(fake_info(INFO_END, a), END_NONE);
    cr_assert_eq(fake_info(INFO_EXIT_CODE, a), 0);
    cr_assert_eq(fake_info(INFO_PRIVILEGE, a), 0);
}

Test(abstract_kernel, memory_grows_to_its_limit_and_shrinks)
{
    cr_assert_eq(CALL(INIT, CALL_MEMORY_ADD, VIRTUAL_PAGES - 4), CALL_OK);
    cr_assert_eq(fake_result(INIT, 0), VIRTUAL_PAGES);
    cr_assert_eq(fake.process[INIT].pages, VIRTUAL_PAGES);
    cr_assert_eq(CALL(INIT, CALL_MEMORY_ADD, 1), CALL_MEMORY);
    cr_assert_eq(CALL(INIT, CALL_MEMORY_ADD, 0xffffffff), CALL_MEMORY);
    cr_assert_eq(CALL(INIT, CALL_MEMORY_ADD, 0), CALL_OK);
    cr_assert_eq(CALL(INIT, CALL_MEMORY_FREE, VIRTUAL_PAGES + 1), CALL_RANGE);
    cr_assert_eq(CALL(INIT, CALL_MEMORY_FREE, 0xffffffff), CALL_RANGE);
    cr_assert_eq(CALL(INIT, CALL_MEMORY_FREE, 3), CALL_OK);
    cr_assert_eq(fake_result(INIT, 0), VIRTUAL_PAGES - 3);
    cr_assert_eq(fake_info(INFO_PAGES, 0), VIRTUAL_PAGES - 3);
    cr_assert_eq(CALL(INIT, CALL_MEMORY_FREE, VIRTUAL_PAGES - 3), CALL_OK);
    cr_assert_eq(fake.process[INIT].pages, 0);
}

Test(abstract_kernel, schedule_checks_its_arguments)
{
    uint32_t a = fake_child(), b = fake_child();
    cr_assert_eq(CALL(a, CALL_SCHEDULE, 7, 1, 1), CALL_PROCESS);
    cr_assert_eq(CALL(a, CALL_SCHEDULE, 0, 1, 1), CALL_PROCESS);
    cr_assert_eq(CALL(a, CALL_SCHEDULE, b, 1, 1), CALL_DENIED);
    cr_assert_eq(CALL(a, CALL_SCHEDULE, a, PRIORITY_COUNT, 1), CALL_RANGE);
    cr_assert_eq(CALL(a, CALL_SCHEDULE, a, 1, 0), CALL_RANGE);
    cr_assert_eq(CALL(a, CALL_SCHEDULE, a, 1, SLICE_LIMIT + 1), CALL_RANGE);
    cr_assert_eq(CALL(a, CALL_SCHEDULE, a, 0, 1), CALL_DENIED);
    cr_assert_eq(CALL(a, CALL_SCHEDULE, a, 1, SLICE_LIMIT), CALL_OK);
    cr_assert_eq(fake_info(INFO_SLICE, a), SLICE_LIMIT);
    cr_assert_eq(CALL(INIT, CALL_SCHEDULE, b, 2, 7), CALL_OK);
    cr_assert_eq(fake_info(INFO_PRIORITY, b), 2);
    cr_assert_eq(fake_info(INFO_SLICE, b), 7);
}

Test(abstract_kernel, the_most_urgent_runs_at_once)
{
    uint32_t a = fake_child();
    CALL(INIT, CALL_SCHEDULE, a, 0, 1);
    cr_assert_eq(fake.running, a);
    for (int i = 0; i < 3; i++)
        cr_assert_eq(fake_tick(), a);
    fake_interrupt(ECA_TRAP, CALL_YIELD);
    cr_assert_eq(fake.running, a);
    fake.process[a].gpr[11] = 0;
    fake_interrupt(ECA_TRAP, CALL_EXIT);
    cr_assert_eq(fake.running, INIT);
}

Test(abstract_kernel, time_slices_go_round)
{
    uint32_t a = fake_child(), b = fake_child();
    CALL(INIT, CALL_SCHEDULE, INIT, 1, 1);
    CALL(INIT, CALL_SCHEDULE, a, 1, 2);
    CALL(INIT, CALL_SCHEDULE, b, 1, 3);
    const uint32_t order[] = {a, a, b, b, b, INIT, a, a, b};
    for (uint32_t i = 0; i < 9; i++)
        cr_assert_eq(fake_tick(), order[i], "tick %u", i);
    cr_assert_eq(fake.clock_answers, 9);
}

Test(abstract_kernel, who_was_preempted_keeps_its_turn_and_its_slice)
{
    uint32_t a = fake_child(), b = fake_child();
    CALL(INIT, CALL_SCHEDULE, b, 0, 4);
    fake.process[b].gpr[11] = FROM_DEVICES;
    fake.process[b].gpr[14] = 2;
    fake_interrupt(ECA_TRAP, CALL_RECEIVE);
    cr_assert_eq(fake.running, INIT);
    CALL(INIT, CALL_SCHEDULE, INIT, 1, 3);
    fake_tick();
    cr_assert_eq(fake_tick(), b);
    fake.process[b].gpr[11] = 0;
    fake_interrupt(ECA_TRAP, CALL_EXIT);
    cr_assert_eq(fake.running, INIT);
    cr_assert_eq(fake_tick(), a);
}

Test(abstract_kernel, nobody_ready_is_nobody_running)
{
    CALL(INIT, CALL_RECEIVE, FROM_ANY, 0, 0, 3);
    cr_assert_eq(fake.running, 0);
    cr_assert_eq(fake_tick(), 0);
    cr_assert_eq(fake_tick(), 0);
    cr_assert_eq(fake_tick(), INIT);
    cr_assert_eq(fake_code(INIT), CALL_TIMEOUT);
    cr_assert_eq(fake_info(INFO_TICKS, 0), 3);
}

Test(abstract_kernel, exceptions_end_the_process)
{
    const uint32_t cause[][2] = {
        {ECA_ILLEGAL, END_ILLEGAL},
        {ECA_MISALIGNED, END_MISALIGNED},
        {0x8, END_ACCESS},
        {0x10, END_ACCESS},
        {ECA_OVERFLOW, END_OVERFLOW},
        {ECA_SWAP, END_SWAP},
        {ECA_ILLEGAL | ECA_DEVICES, END_ILLEGAL},
        {ECA_MISALIGNED | 0x8, END_MISALIGNED},
    };
    for (uint32_t i = 0; i < 8; i++) {
        uint32_t child = fake_child();
        fake_run(child);
        cr_assert_neq(fake_interrupt(cause[i][0], 0x1234), child);
        cr_assert_eq(fake_info(INFO_END, child), cause[i][1]);
        cr_assert_eq(fake_info(INFO_STATE, child), STATE_NONE);
        cr_assert_eq(fake.process[child].pages, 0);
    }
}

Test(abstract_kernel, privileged_calls_are_for_the_privileged)
{
    uint32_t a = fake_child();
    cr_assert_eq(CALL(a, CALL_SET_PRIVILEGE, a, 1), CALL_DENIED);
    cr_assert_eq(CALL(a, CALL_DEVICE_OWN, 2), CALL_DENIED);
    cr_assert_eq(CALL(INIT, CALL_SET_PRIVILEGE, a, 2), CALL_RANGE);
    cr_assert_eq(CALL(INIT, CALL_SET_PRIVILEGE, 5, 1), CALL_PROCESS);
    cr_assert_eq(CALL(INIT, CALL_SET_PRIVILEGE, 0xffffffff, 1), CALL_PROCESS);
    cr_assert_eq(CALL(INIT, CALL_SET_PRIVILEGE, a, 1), CALL_OK);
    cr_assert_eq(CALL(a, CALL_DEVICE_OWN, 2), CALL_OK);
    cr_assert_eq(CALL(a, CALL_SET_PRIVILEGE, INIT, 0), CALL_OK);
    cr_assert_eq(CALL(INIT, CALL_CREATE, 64, 1, 2, 1), CALL_DENIED);
}

Test(abstract_kernel, rights_are_set_by_the_privileged_and_passed_on_by_others)
{
    uint32_t a = fake_child(), b = fake_child();
    cr_assert_eq(CALL(INIT, CALL_SET_RIGHTS, a, 7, 1), CALL_PROCESS);
    cr_assert_eq(CALL(INIT, CALL_SET_RIGHTS, 0, a, 1), CALL_PROCESS);
    cr_assert_eq(CALL(INIT, CALL_SET_RIGHTS, 0xffffffff, a, 1), CALL_PROCESS);
    cr_assert_eq(CALL(INIT, CALL_SET_RIGHTS, a, b, RIGHTS_ALL + 1), CALL_RANGE);
    cr_assert_eq(CALL(a, CALL_SET_RIGHTS, a, b, RIGHT_SEND), CALL_DENIED);
    cr_assert_eq(CALL(INIT, CALL_SET_RIGHTS, a, b, RIGHT_SEND | RIGHT_GRANT), CALL_OK);
    cr_assert_eq(CALL(INIT, CALL_SET_RIGHTS, INIT, b, RIGHT_CONTROL), CALL_OK);
    cr_assert_eq(CALL(a, CALL_SET_RIGHTS, INIT, b, RIGHT_CONTROL), CALL_DENIED);
    cr_assert_eq(CALL(a, CALL_SET_RIGHTS, INIT, b, RIGHT_SEND), CALL_OK);
    cr_assert_eq(rights_get(&kernel.rights, INIT, b), RIGHT_SEND | RIGHT_CONTROL);
    cr_assert_eq(CALL(INIT, CALL_SET_RIGHTS, a, b, RIGHTS_NONE), CALL_OK);
    cr_assert_eq(rights_get(&kernel.rights, a, b), RIGHTS_NONE);
}

Test(abstract_kernel, info_tells_what_there_is)
{
    uint32_t a = fake_child();
    cr_assert_eq(CALL(a, CALL_INFO, INFO_SELF, 0), CALL_OK);
    cr_assert_eq(fake_result(a, 0), a);
    cr_assert_eq(fake_info(INFO_LIMIT, 0), PROCESS_COUNT);
    cr_assert_eq(fake_info(INFO_PROCESSES, 0), 2);
    cr_assert_eq(fake_info(INFO_STATE, 6), STATE_NONE);
    cr_assert_eq(fake_info(INFO_END, 6), END_NONE);
    cr_assert_eq(CALL(a, CALL_INFO, INFO_STATE, PROCESS_COUNT), CALL_PROCESS);
    cr_assert_eq(CALL(a, CALL_INFO, INFO_STATE, 0xffffffff), CALL_PROCESS);
    cr_assert_eq(CALL(a, CALL_INFO, 13, 0), CALL_RANGE);
    cr_assert_eq(CALL(a, CALL_INFO, 0xffffffff, 0), CALL_RANGE);
}
