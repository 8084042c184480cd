/* Messages between processes. */
#include "fake.h"

static uint32_t a, b;

/* Two processes that may send to each other, each with its number in its words. */
static void start(void)
{
    fake_boot();
    a = fake_child();
    b = fake_child();
    fake_permit(a, b);
    fake_permit(b, a);
    for (uint32_t i = 0; i < 2 * PAGE_WORDS; i++) {
        fake.process[a].word[i] = 1000 + i;
        fake.process[b].word[i] = 5000 + i;
    }
}

TestSuite(abstract_message, .init = start);

static uint32_t state_of(uint32_t p)
{
    return kernel.process[p].state;
}

static void assert_received(uint32_t p, uint32_t code, uint32_t sender, uint32_t words)
{
    cr_assert_eq(state_of(p), STATE_READY);
    cr_assert_eq(fake_code(p), code);
    cr_assert_eq(fake_result(p, 0), sender);
    cr_assert_eq(fake_result(p, 1), words);
    cr_assert_eq(fake_result(p, 2), MESSAGE_OF_PROCESS);
}

Test(abstract_message, the_sender_may_come_first)
{
    CALL(a, CALL_SEND, b, 40, 3, TIMEOUT_NEVER);
    cr_assert_eq(state_of(a), STATE_SENDING);
    cr_assert_eq(fake_code(a), b); /* not told anything yet */
    cr_assert_eq(CALL(b, CALL_RECEIVE, FROM_ANY, 80, 5, 0), CALL_OK);
    assert_received(b, CALL_OK, a, 3);
    cr_assert_eq(state_of(a), STATE_READY);
    cr_assert_eq(fake_code(a), CALL_OK);
    for (uint32_t i = 0; i < 3; i++)
        cr_assert_eq(fake.process[b].word[20 + i], 1010 + i);
    cr_assert_eq(fake.process[b].word[23], 5023);
    cr_assert_eq(fake.process[b].word[19], 5019);
}

Test(abstract_message, the_receiver_may_come_first)
{
    CALL(b, CALL_RECEIVE, a, 80, 5, TIMEOUT_NEVER);
    cr_assert_eq(state_of(b), STATE_RECEIVING);
    cr_assert_eq(CALL(a, CALL_SEND, b, 40, 3, 0), CALL_OK);
    assert_received(b, CALL_OK, a, 3);
    for (uint32_t i = 0; i < 3; i++)
        cr_assert_eq(fake.process[b].word[20 + i], 1010 + i);
    cr_assert_eq(fake.process[b].word[23], 5023);
}

Test(abstract_message, what_does_not_fit_is_cut_and_said)
{
    CALL(a, CALL_SEND, b, 0, 9, TIMEOUT_NEVER);
    cr_assert_eq(CALL(b, CALL_RECEIVE, FROM_ANY, 0, 2, 0), CALL_SIZE);
    assert_received(b, CALL_SIZE, a, 2);
    cr_assert_eq(fake.process[b].word[1], 1001);
    cr_assert_eq(fake.process[b].word[2], 5002);
    cr_assert_eq(fake_code(a), CALL_OK);
    CALL(b, CALL_RECEIVE, FROM_ANY, 0, 0, TIMEOUT_NEVER);
    cr_assert_eq(CALL(a, CALL_SEND, b, 0, 1, 0), CALL_OK);
    assert_received(b, CALL_SIZE, a, 0);
}

Test(abstract_message, a_message_of_no_words_needs_no_memory)
{
    CALL(b, CALL_MEMORY_FREE, 2);
    CALL(b, CALL_RECEIVE, FROM_ANY, 3, 0, TIMEOUT_NEVER);
    cr_assert_eq(CALL(a, CALL_SEND, b, 0xffffffff, 0, 0), CALL_OK);
    assert_received(b, CALL_OK, a, 0);
}

Test(abstract_message, the_longest_message_comes_whole)
{
    CALL(b, CALL_RECEIVE, a, PAGE_BYTES, MESSAGE_WORDS, TIMEOUT_NEVER);
    cr_assert_eq(CALL(a, CALL_SEND, b, 4, MESSAGE_WORDS, 0), CALL_OK);
    assert_received(b, CALL_OK, a, MESSAGE_WORDS);
    cr_assert_eq(fake.process[b].word[2 * PAGE_WORDS - 1], 1000 + MESSAGE_WORDS);
}

Test(abstract_message, buffers_lie_in_memory)
{
    const uint32_t wrong[][2] = {
        {1, 1},          {2, 1},          {2 * PAGE_BYTES, 1},    {2 * PAGE_BYTES - 4, 2},
        {0xfffffffc, 1}, {0xfffffffc, 2}, {0, MESSAGE_WORDS + 1}, {0, 0xffffffff},
        {4, 0x40000000}, {4, 0x3fffffff}, {0, 0x80000000},
    };
    for (uint32_t i = 0; i < 11; i++) {
        uint32_t at = wrong[i][0], words = wrong[i][1];
        cr_assert_eq(CALL(a, CALL_SEND, b, at, words, 5), CALL_RANGE, "case %u", i);
        cr_assert_eq(CALL(a, CALL_RECEIVE, b, at, words, 5), CALL_RANGE, "case %u", i);
        cr_assert_eq(CALL(a, CALL_SEND_RECEIVE, b, at, words, 0, 1, 5), CALL_RANGE);
        cr_assert_eq(CALL(a, CALL_SEND_RECEIVE, b, 0, 1, at, words, 5), CALL_RANGE);
    }
    cr_assert_eq(CALL(a, CALL_SEND, b, 2 * PAGE_BYTES - 4, 1, 0), CALL_TIMEOUT);
}

Test(abstract_message, partners_live_and_are_others)
{
    const uint32_t nobody[] = {6, PROCESS_COUNT, 0x80000000, 0xfffffffe};
    for (uint32_t i = 0; i < 4; i++) {
        cr_assert_eq(CALL(a, CALL_SEND, nobody[i], 0, 1, 0), CALL_PROCESS);
        cr_assert_eq(CALL(a, CALL_RECEIVE, nobody[i], 0, 1, 0), CALL_PROCESS);
        cr_assert_eq(CALL(a, CALL_SEND_RECEIVE, nobody[i], 0, 1, 0, 1, 0), CALL_PROCESS);
    }
    cr_assert_eq(CALL(a, CALL_SEND, 0, 0, 1, 0), CALL_PROCESS);
    cr_assert_eq(CALL(a, CALL_SEND, FROM_DEVICES, 0, 1, 0), CALL_PROCESS);
    cr_assert_eq(CALL(a, CALL_SEND, a, 0, 1, 0), CALL_RANGE);
    cr_assert_eq(CALL(a, CALL_RECEIVE, a, 0, 1, 0), CALL_RANGE);
    cr_assert_eq(CALL(a, CALL_SEND_RECEIVE, a, 0, 1, 0, 1, 0), CALL_RANGE);
}

Test(abstract_message, times_are_short_or_for_ever)
{
    cr_assert_eq(CALL(a, CALL_SEND, b, 0, 1, 0x80000000), CALL_RANGE);
    cr_assert_eq(CALL(a, CALL_RECEIVE, b, 0, 1, 0xfffffffe), CALL_RANGE);
    CALL(a, CALL_SEND, b, 0, 1, 0x7fffffff);
    cr_assert_eq(state_of(a), STATE_SENDING);
}

Test(abstract_message, nobody_waits_for_no_time)
{
    cr_assert_eq(CALL(a, CALL_SEND, b, 0, 1, 0), CALL_TIMEOUT);
    cr_assert_eq(CALL(a, CALL_RECEIVE, b, 0, 1, 0), CALL_TIMEOUT);
    cr_assert_eq(CALL(a, CALL_RECEIVE, FROM_ANY, 0, 1, 0), CALL_TIMEOUT);
    cr_assert_eq(CALL(a, CALL_SEND_RECEIVE, b, 0, 1, 0, 1, 0), CALL_TIMEOUT);
}

Test(abstract_message, time_runs_out_for_senders_and_receivers)
{
    CALL(a, CALL_SEND, b, 0, 1, 3);
    CALL(INIT, CALL_RECEIVE, b, 0, 1, 2);
    fake_tick();
    cr_assert_eq(state_of(INIT), STATE_RECEIVING);
    fake_tick();
    cr_assert_eq(state_of(INIT), STATE_READY);
    cr_assert_eq(fake_code(INIT), CALL_TIMEOUT);
    cr_assert_eq(state_of(a), STATE_SENDING);
    fake_tick();
    cr_assert_eq(state_of(a), STATE_READY);
    cr_assert_eq(fake_code(a), CALL_TIMEOUT);
    cr_assert_eq(CALL(b, CALL_RECEIVE, FROM_ANY, 0, 1, 0), CALL_TIMEOUT);
}

Test(abstract_message, what_came_in_time_is_not_late)
{
    CALL(a, CALL_SEND, b, 0, 1, 2);
    CALL(b, CALL_RECEIVE, FROM_ANY, 0, 1, 2);
    for (int i = 0; i < 5; i++)
        fake_tick();
    cr_assert_eq(fake_code(a), CALL_OK);
    cr_assert_eq(fake_code(b), CALL_OK);
}

Test(abstract_message, senders_are_served_in_the_order_of_their_coming)
{
    CALL(b, CALL_SEND, INIT, 4, 1, TIMEOUT_NEVER);
    CALL(a, CALL_SEND, INIT, 8, 1, TIMEOUT_NEVER);
    cr_assert_eq(CALL(INIT, CALL_RECEIVE, FROM_ANY, 0, 1, 0), CALL_OK);
    cr_assert_eq(fake_result(INIT, 0), b);
    cr_assert_eq(CALL(INIT, CALL_RECEIVE, FROM_ANY, 0, 1, 0), CALL_OK);
    cr_assert_eq(fake_result(INIT, 0), a);
    cr_assert_eq(fake.process[INIT].word[0], 1002);
}

Test(abstract_message, a_receiver_may_choose)
{
    CALL(b, CALL_SEND, INIT, 4, 1, TIMEOUT_NEVER);
    cr_assert_eq(CALL(INIT, CALL_RECEIVE, a, 0, 1, 0), CALL_TIMEOUT);
    CALL(INIT, CALL_RECEIVE, a, 0, 1, TIMEOUT_NEVER);
    cr_assert_eq(state_of(INIT), STATE_RECEIVING);
    CALL(a, CALL_SEND, INIT, 8, 1, TIMEOUT_NEVER);
    assert_received(INIT, CALL_OK, a, 1);
    cr_assert_eq(state_of(b), STATE_SENDING);
}

Test(abstract_message, sending_needs_the_right)
{
    CALL(INIT, CALL_SET_RIGHTS, a, b, RIGHTS_ALL & ~RIGHT_SEND);
    cr_assert_eq(CALL(a, CALL_SEND, b, 0, 1, 0), CALL_DENIED);
    cr_assert_eq(CALL(a, CALL_SEND_RECEIVE, b, 0, 1, 0, 1, 0), CALL_DENIED);
    cr_assert_eq(CALL(a, CALL_RECEIVE, b, 0, 1, 0), CALL_TIMEOUT);
}

Test(abstract_message, who_takes_a_message_may_answer_once)
{
    CALL(INIT, CALL_SET_RIGHTS, b, a, RIGHTS_NONE);
    CALL(a, CALL_SEND, b, 0, 1, TIMEOUT_NEVER);
    cr_assert_eq(CALL(b, CALL_SEND, a, 0, 1, 0), CALL_DENIED);
    CALL(b, CALL_RECEIVE, FROM_ANY, 0, 1, 0);
    cr_assert_eq(CALL(b, CALL_SEND, a, 0, 1, 0), CALL_TIMEOUT); /* the right stays */
    CALL(a, CALL_RECEIVE, b, 0, 1, TIMEOUT_NEVER);
    cr_assert_eq(CALL(b, CALL_SEND, a, 0, 1, 0), CALL_OK);
    cr_assert_eq(CALL(b, CALL_SEND, a, 0, 1, 0), CALL_DENIED);
}

Test(abstract_message, an_answer_gives_no_right_to_answer)
{
    CALL(INIT, CALL_SET_RIGHTS, b, a, RIGHTS_NONE);
    CALL(a, CALL_SEND, b, 0, 1, TIMEOUT_NEVER);
    CALL(b, CALL_RECEIVE, FROM_ANY, 0, 1, 0);
    CALL(a, CALL_RECEIVE, b, 0, 1, TIMEOUT_NEVER);
    CALL(b, CALL_SEND, a, 0, 1, 0);
    CALL(INIT, CALL_SET_RIGHTS, a, b, RIGHTS_NONE);
    cr_assert_eq(CALL(a, CALL_SEND, b, 0, 1, 0), CALL_DENIED);
}

Test(abstract_message, a_request_is_answered_where_the_server_waits)
{
    CALL(INIT, CALL_SET_RIGHTS, b, a, RIGHTS_NONE);
    CALL(b, CALL_RECEIVE, FROM_ANY, 0, 4, TIMEOUT_NEVER);
    CALL(a, CALL_SEND_RECEIVE, b, 8, 2, 400, 3, TIMEOUT_NEVER);
    assert_received(b, CALL_OK, a, 2);
    cr_assert_eq(fake.process[b].word[0], 1002);
    cr_assert_eq(state_of(a), STATE_RECEIVING);
    cr_assert_eq(CALL(b, CALL_SEND, a, 4, 1, 0), CALL_OK);
    assert_received(a, CALL_OK, b, 1);
    cr_assert_eq(fake.process[a].word[100], 1003);
    cr_assert_eq(CALL(b, CALL_SEND, a, 4, 1, 0), CALL_DENIED);
}

Test(abstract_message, a_request_waits_for_the_server_and_then_for_the_answer)
{
    CALL(a, CALL_SEND_RECEIVE, b, 8, 2, 400, 3, TIMEOUT_NEVER);
    cr_assert_eq(state_of(a), STATE_SENDING);
    CALL(b, CALL_RECEIVE, FROM_ANY, 0, 4, 0);
    assert_received(b, CALL_OK, a, 2);
    cr_assert_eq(state_of(a), STATE_RECEIVING);
    cr_assert_eq(CALL(INIT, CALL_SEND, a, 0, 1, 0), CALL_TIMEOUT); /* only its partner answers */
    cr_assert_eq(CALL(b, CALL_SEND, a, 12, 1, 0), CALL_OK);
    assert_received(a, CALL_OK, b, 1);
    cr_assert_eq(fake.process[a].word[100], 5003);
}

Test(abstract_message, the_time_of_a_request_is_for_each_half)
{
    CALL(a, CALL_SEND_RECEIVE, b, 8, 2, 400, 3, 3);
    fake_tick();
    fake_tick();
    CALL(b, CALL_RECEIVE, FROM_ANY, 0, 4, 0);
    fake_tick();
    fake_tick();
    cr_assert_eq(state_of(a), STATE_RECEIVING);
    fake_tick();
    cr_assert_eq(state_of(a), STATE_READY);
    cr_assert_eq(fake_code(a), CALL_TIMEOUT);
}

Test(abstract_message, an_answer_that_is_too_late_is_not_sent)
{
    CALL(INIT, CALL_SET_RIGHTS, b, a, RIGHTS_NONE);
    CALL(b, CALL_RECEIVE, FROM_ANY, 0, 4, TIMEOUT_NEVER);
    CALL(a, CALL_SEND_RECEIVE, b, 8, 2, 400, 3, 1);
    fake_tick();
    cr_assert_eq(fake_code(a), CALL_TIMEOUT);
    cr_assert_eq(CALL(b, CALL_SEND, a, 0, 1, 0), CALL_DENIED);
    CALL(b, CALL_RECEIVE, FROM_ANY, 0, 4, TIMEOUT_NEVER);
    cr_assert_eq(CALL(a, CALL_SEND_RECEIVE, b, 8, 2, 400, 3, 0), CALL_TIMEOUT);
    assert_received(b, CALL_OK, a, 2);
    cr_assert_eq(CALL(b, CALL_SEND, a, 0, 1, 0), CALL_DENIED);
}

Test(abstract_message, who_waits_for_the_dead_is_told)
{
    fake_permit(INIT, b);
    CALL(a, CALL_RECEIVE, b, 0, 1, TIMEOUT_NEVER);
    CALL(INIT, CALL_SEND, b, 0, 1, 50);
    CALL(b, CALL_EXIT, 0);
    cr_assert_eq(state_of(a), STATE_READY);
    cr_assert_eq(fake_code(a), CALL_DEAD);
    cr_assert_eq(state_of(INIT), STATE_READY);
    cr_assert_eq(fake_code(INIT), CALL_DEAD);
    cr_assert_eq(CALL(INIT, CALL_SEND, b, 0, 1, 50), CALL_PROCESS);
}

Test(abstract_message, who_waits_for_an_answer_of_the_dead_is_told)
{
    CALL(b, CALL_RECEIVE, FROM_ANY, 0, 4, TIMEOUT_NEVER);
    CALL(a, CALL_SEND_RECEIVE, b, 8, 2, 400, 3, 100);
    fake_run(b);
    fake_interrupt(ECA_ILLEGAL, 0);
    cr_assert_eq(state_of(a), STATE_READY);
    cr_assert_eq(fake_code(a), CALL_DEAD);
}

Test(abstract_message, the_dead_neither_send_nor_receive)
{
    CALL(a, CALL_SEND, b, 0, 1, 10);
    CALL(INIT, CALL_KILL, a);
    cr_assert_eq(CALL(b, CALL_RECEIVE, FROM_ANY, 0, 1, 0), CALL_TIMEOUT);
    CALL(b, CALL_RECEIVE, FROM_ANY, 0, 1, 10);
    CALL(INIT, CALL_KILL, b);
    for (int i = 0; i < 20; i++)
        cr_assert_eq(fake_tick(), INIT);
    cr_assert_eq(fake_info(INFO_PROCESSES, 0), 1);
}

Test(abstract_message, waiting_for_anybody_outlasts_the_dead)
{
    CALL(INIT, CALL_RECEIVE, FROM_ANY, 0, 1, TIMEOUT_NEVER);
    CALL(a, CALL_EXIT, 0);
    CALL(b, CALL_EXIT, 0);
    cr_assert_eq(fake.running, 0);
    cr_assert_eq(state_of(INIT), STATE_RECEIVING);
}
