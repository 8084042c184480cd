/* The automotive bus controller: each port, the schedule, the doubled buffers, random use. */
#include "rig.h"

#include <criterion/criterion.h>
#include <string.h>

enum { CTRL, STATUS, NSLOTS, SLOTLEN, OWNSLOT, MSGLEN, ACK, SEND = 64, RECEIVE = 128 };
enum { NEW = 0x10000, NO_SLOT = 0xFFFF, WORDS = 64 };

static struct rig *controller_new(uint32_t slots, uint32_t ticks, uint32_t own, uint32_t words)
{
    struct rig *rig = rig_new(device_new_controller);
    rig_write(rig, NSLOTS, slots);
    rig_write(rig, SLOTLEN, ticks);
    rig_write(rig, OWNSLOT, own);
    rig_write(rig, MSGLEN, words);
    return rig;
}

static struct rig *running(uint32_t slots, uint32_t ticks, uint32_t own, uint32_t words)
{
    struct rig *rig = controller_new(slots, ticks, own, words);
    rig_write(rig, CTRL, 1);
    return rig;
}

static void ticks(struct rig *rig, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        rig_tick(rig);
}

static uint32_t slot(struct rig *rig)
{
    return rig_read(rig, STATUS) & 0xFFFF;
}

static void message(struct rig *rig, uint32_t number, const char *bytes, size_t length)
{
    rig_input(rig, DEVICE_EVENT_MESSAGE, number, (struct text){bytes, length});
}

static uint32_t sent_word(const struct rig *rig, size_t send, size_t word)
{
    const unsigned char *at = (const unsigned char *)rig->sent[send].at + 4 * word;
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

Test(controller, begins_stopped_and_without_a_slot)
{
    struct rig *rig = rig_new(device_new_controller);
    cr_assert_eq(rig_read(rig, CTRL), 0u);
    cr_assert_eq(rig_read(rig, STATUS), (uint32_t)NO_SLOT);
    cr_assert_eq(rig_read(rig, NSLOTS), 0u);
    cr_assert_eq(rig_read(rig, SLOTLEN), 0u);
    cr_assert_eq(rig_read(rig, OWNSLOT), (uint32_t)NO_SLOT);
    cr_assert_eq(rig_read(rig, MSGLEN), 0u);
    cr_assert_not(rig_line(rig));
    cr_assert_eq(rig_awaits(rig), DEVICE_EVENT_NONE);
    for (uint32_t port = SEND; port < RECEIVE + WORDS; port++)
        cr_assert_eq(rig_read(rig, port), 0u);
    rig_free(rig);
}

Test(controller, schedule_registers_hold_what_fits_them)
{
    struct rig *rig = controller_new(0x12345, 0xFFFFFFFF, 0xABCD0003, 64);
    cr_assert_eq(rig_read(rig, NSLOTS), 0x2345u);
    cr_assert_eq(rig_read(rig, SLOTLEN), 0xFFFFFFFFu);
    cr_assert_eq(rig_read(rig, OWNSLOT), 3u);
    cr_assert_eq(rig_read(rig, MSGLEN), 64u);
    rig_write(rig, MSGLEN, 65);
    cr_assert_eq(rig_read(rig, MSGLEN), 64u);
    rig_write(rig, MSGLEN, 0xFFFFFFFF);
    cr_assert_eq(rig_read(rig, MSGLEN), 64u);
    rig_free(rig);
}

Test(controller, schedule_cannot_be_changed_while_it_runs)
{
    struct rig *rig = running(3, 5, 1, 2);
    for (uint32_t port = NSLOTS; port <= MSGLEN; port++)
        rig_write(rig, port, 40);
    cr_assert_eq(rig_read(rig, NSLOTS), 3u);
    cr_assert_eq(rig_read(rig, SLOTLEN), 5u);
    cr_assert_eq(rig_read(rig, OWNSLOT), 1u);
    cr_assert_eq(rig_read(rig, MSGLEN), 2u);
    rig_write(rig, CTRL, 0);
    rig_write(rig, NSLOTS, 40);
    cr_assert_eq(rig_read(rig, NSLOTS), 40u);
    rig_free(rig);
}

Test(controller, run_is_the_only_bit_of_ctrl)
{
    struct rig *rig = controller_new(2, 2, 0, 0);
    rig_write(rig, CTRL, 0xFFFFFFFE);
    cr_assert_eq(rig_read(rig, CTRL), 0u);
    cr_assert_eq(rig_awaits(rig), DEVICE_EVENT_NONE);
    rig_write(rig, CTRL, 0xFFFFFFFF);
    cr_assert_eq(rig_read(rig, CTRL), 1u);
    cr_assert_eq(rig_awaits(rig), DEVICE_EVENT_TICK);
    rig_free(rig);
}

Test(controller, first_tick_begins_slot_0_and_slots_follow_by_their_length)
{
    struct rig *rig = running(3, 4, NO_SLOT, 0);
    cr_assert_eq(slot(rig), (uint32_t)NO_SLOT);
    rig_tick(rig);
    for (unsigned i = 0; i < 30; i++) {
        for (unsigned tick = 0; tick < 4; tick++) {
            cr_assert_eq(slot(rig), i % 3);
            rig_tick(rig);
        }
    }
    rig_free(rig);
}

Test(controller, line_rises_at_each_slot_start_until_it_is_acknowledged)
{
    struct rig *rig = running(2, 3, NO_SLOT, 0);
    cr_assert_not(rig_line(rig));
    for (unsigned i = 0; i < 4; i++) {
        ticks(rig, i == 0 ? 1 : 3);
        cr_assert(rig_line(rig));
        cr_assert(rig_line(rig));
        rig_write(rig, ACK, 0);
        cr_assert_not(rig_line(rig));
        ticks(rig, 2);
        cr_assert_not(rig_line(rig));
        ticks(rig, 1);
        rig_write(rig, ACK, 0);
    }
    rig_free(rig);
}

Test(controller, line_that_was_not_acknowledged_stays_up)
{
    struct rig *rig = running(2, 1, NO_SLOT, 0);
    ticks(rig, 5);
    cr_assert(rig_line(rig));
    rig_write(rig, CTRL, 0);
    cr_assert(rig_line(rig));
    rig_write(rig, ACK, 77);
    cr_assert_not(rig_line(rig));
    rig_free(rig);
}

Test(controller, schedule_without_slots_or_length_stands_still)
{
    static const uint32_t schedules[][2] = {{0, 5}, {5, 0}, {0, 0}, {0x10000, 5}};
    for (unsigned i = 0; i < 4; i++) {
        struct rig *rig = running(schedules[i][0], schedules[i][1], 0, 1);
        cr_assert_eq(rig_awaits(rig), DEVICE_EVENT_NONE);
        ticks(rig, 20);
        cr_assert_eq(slot(rig), (uint32_t)NO_SLOT);
        cr_assert_eq(rig->sent_count, 0u);
        rig_free(rig);
    }
}

Test(controller, stopped_controller_ignores_ticks_and_begins_again_at_slot_0)
{
    struct rig *rig = running(3, 2, NO_SLOT, 0);
    ticks(rig, 4);
    cr_assert_eq(slot(rig), 1u);
    rig_write(rig, CTRL, 0);
    cr_assert_eq(rig_awaits(rig), DEVICE_EVENT_NONE);
    cr_assert_eq(slot(rig), (uint32_t)NO_SLOT);
    ticks(rig, 10);
    cr_assert_eq(slot(rig), (uint32_t)NO_SLOT);
    rig_write(rig, CTRL, 1);
    rig_tick(rig);
    cr_assert_eq(slot(rig), 0u);
    rig_free(rig);
}

Test(controller, writing_run_again_does_not_restart_it)
{
    struct rig *rig = running(3, 2, NO_SLOT, 0);
    ticks(rig, 4);
    rig_write(rig, CTRL, 1);
    cr_assert_eq(slot(rig), 1u);
    rig_free(rig);
}

Test(controller, every_slot_start_is_announced_with_its_number)
{
    struct rig *rig = running(3, 2, NO_SLOT, 4);
    ticks(rig, 9);
    cr_assert_eq(rig->sent_count, 5u);
    for (unsigned i = 0; i < 5; i++) {
        cr_assert_eq(rig->sent[i].length, 4u);
        cr_assert_eq(sent_word(rig, i, 0), i % 3);
    }
    rig_free(rig);
}

Test(controller, own_slot_sends_what_was_written_in_the_slot_before)
{
    struct rig *rig = running(3, 1, 1, 2);
    rig_tick(rig);
    rig_write(rig, SEND, 0x11223344);
    rig_write(rig, SEND + 1, 0x55667788);
    rig_write(rig, SEND + 2, 0x99999999);
    ticks(rig, 2);
    cr_assert_eq(rig->sent[0].length, 4u);
    cr_assert_eq(rig->sent[1].length, 12u, "MSGLEN words behind the slot");
    cr_assert_eq(sent_word(rig, 1, 0), 1u);
    cr_assert_eq(sent_word(rig, 1, 1), 0x11223344u);
    cr_assert_eq(sent_word(rig, 1, 2), 0x55667788u);
    cr_assert_eq(rig->sent[2].length, 4u);
    rig_free(rig);
}

Test(controller, send_buffers_change_sides_at_each_slot_start)
{
    struct rig *rig = running(4, 1, NO_SLOT, 1);
    rig_tick(rig);
    rig_write(rig, SEND + 5, 0xAAAA);
    rig_tick(rig);
    cr_assert_eq(rig_read(rig, SEND + 5), 0u);
    rig_write(rig, SEND + 5, 0xBBBB);
    rig_tick(rig);
    cr_assert_eq(rig_read(rig, SEND + 5), 0xAAAAu);
    rig_tick(rig);
    cr_assert_eq(rig_read(rig, SEND + 5), 0xBBBBu);
    rig_free(rig);
}

Test(controller, own_slot_beyond_the_schedule_sends_nothing)
{
    struct rig *rig = running(3, 1, 3, 4);
    ticks(rig, 7);
    for (unsigned i = 0; i < 7; i++)
        cr_assert_eq(rig->sent[i].length, 4u);
    rig_free(rig);
}

Test(controller, longest_message_is_sent_whole)
{
    struct rig *rig = running(2, 1, 0, WORDS);
    for (uint32_t i = 0; i < WORDS; i++)
        rig_write(rig, SEND + i, i * 3);
    rig_tick(rig);
    cr_assert_eq(rig->sent[0].length, 4u * (WORDS + 1));
    for (uint32_t i = 0; i < WORDS; i++)
        cr_assert_eq(sent_word(rig, 0, i + 1), i * 3);
    rig_free(rig);
}

Test(controller, message_shows_after_the_next_slot_start_and_for_one_slot)
{
    struct rig *rig = running(3, 2, NO_SLOT, 0);
    rig_tick(rig);
    message(rig, 0, "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
    cr_assert_eq(rig_read(rig, STATUS), 0u, "not yet");
    cr_assert_eq(rig_read(rig, RECEIVE), 0u);
    ticks(rig, 2);
    cr_assert_eq(rig_read(rig, STATUS), 1u | NEW);
    cr_assert_eq(rig_read(rig, RECEIVE), 0x04030201u);
    cr_assert_eq(rig_read(rig, RECEIVE + 1), 0x08070605u);
    cr_assert_eq(rig_read(rig, RECEIVE + 2), 0u);
    rig_write(rig, ACK, 0);
    cr_assert_eq(rig_read(rig, STATUS), 1u | NEW, "ACK lowers the line only");
    ticks(rig, 2);
    cr_assert_eq(rig_read(rig, STATUS), 2u);
    cr_assert_eq(rig_read(rig, RECEIVE), 0u, "nothing came in slot 1");
    rig_free(rig);
}

Test(controller, later_message_of_a_slot_replaces_the_earlier_one_whole)
{
    struct rig *rig = running(3, 1, NO_SLOT, 0);
    rig_tick(rig);
    message(rig, 0, "\x01\x01\x01\x01\x02\x02\x02\x02", 8);
    message(rig, 0, "\x03\x03\x03\x03", 4);
    rig_tick(rig);
    cr_assert_eq(rig_read(rig, RECEIVE), 0x03030303u);
    cr_assert_eq(rig_read(rig, RECEIVE + 1), 0u);
    rig_free(rig);
}

Test(controller, message_of_another_slot_is_lost)
{
    struct rig *rig = running(3, 1, NO_SLOT, 0);
    message(rig, 0, "\x01\x01\x01\x01", 4);
    rig_tick(rig);
    cr_assert_eq(rig_read(rig, STATUS), 0u);
    message(rig, 1, "\x01\x01\x01\x01", 4);
    message(rig, 2, "\x01\x01\x01\x01", 4);
    message(rig, 0xFFFE, "\x01\x01\x01\x01", 4);
    rig_tick(rig);
    cr_assert_eq(rig_read(rig, STATUS), 1u);
    rig_free(rig);
}

Test(controller, message_of_a_slot_that_did_not_end_is_lost)
{
    struct rig *rig = running(3, 2, NO_SLOT, 0);
    rig_tick(rig);
    message(rig, 0, "\x01\x01\x01\x01", 4);
    rig_write(rig, CTRL, 0);
    rig_write(rig, CTRL, 1);
    rig_tick(rig);
    cr_assert_eq(rig_read(rig, STATUS), 0u);
    cr_assert_eq(rig_read(rig, RECEIVE), 0u);
    rig_free(rig);
}

Test(controller, message_without_words_is_new_too)
{
    struct rig *rig = running(3, 1, NO_SLOT, 0);
    rig_tick(rig);
    message(rig, 0, "", 0);
    rig_tick(rig);
    cr_assert_eq(rig_read(rig, STATUS), 1u | NEW);
    rig_free(rig);
}

Test(controller, messages_out_of_bounds_are_refused)
{
    struct rig *rig = running(3, 1, NO_SLOT, 0);
    rig_tick(rig);
    char bytes[4 * WORDS + 4] = {0};
    for (unsigned odd = 1; odd < 4; odd++)
        rig_refuses(rig, DEVICE_EVENT_MESSAGE, 0, (struct text){bytes, odd});
    rig_refuses(rig, DEVICE_EVENT_MESSAGE, 0, (struct text){bytes, 4 * WORDS + 4});
    rig_refuses(rig, DEVICE_EVENT_MESSAGE, NO_SLOT, (struct text){bytes, 4});
    rig_refuses(rig, DEVICE_EVENT_MESSAGE, 0x10000, (struct text){bytes, 4});
    message(rig, 0, bytes, 4 * WORDS);
    rig_free(rig);
}

Test(controller, events_of_other_devices_are_refused)
{
    struct rig *rig = running(3, 1, NO_SLOT, 0);
    rig_refuses(rig, DEVICE_EVENT_NONE, 0, (struct text){0});
    rig_refuses(rig, DEVICE_EVENT_DONE, 0, (struct text){0});
    rig_refuses(rig, DEVICE_EVENT_BYTE, 'a', (struct text){0});
    rig_refuses(rig, DEVICE_EVENT_FRAME, 0, text_of("frame"));
    rig_free(rig);
}

Test(controller, other_ports_read_0_and_ignore_writes)
{
    struct rig *rig = running(3, 1, 0, 1);
    rig_tick(rig);
    message(rig, 0, "\x01\x01\x01\x01", 4);
    rig_tick(rig);
    const char *before = rig_describe(rig);
    for (uint32_t port = 7; port < 1024; port++) {
        if (port >= SEND && port < SEND + WORDS)
            continue;
        rig_write(rig, port, 0xFFFFFFFF);
        if (port < RECEIVE || port >= RECEIVE + WORDS)
            cr_assert_eq(rig_read(rig, port), 0u);
    }
    rig_write(rig, STATUS, 0xFFFFFFFF);
    cr_assert_eq(rig_read(rig, ACK), 0u);
    cr_assert_str_eq(rig_describe(rig), before, "STATUS and the receive buffer are for reading");
    rig_free(rig);
}

/* What three controllers on one wire see, delivered as a group does: at each slot start the
 * sender's message to the others. */
Test(controller, three_controllers_on_one_wire_see_each_message_in_the_same_slot)
{
    enum { NODES = 3 };
    struct rig *rigs[NODES];
    for (uint32_t node = 0; node < NODES; node++)
        rigs[node] = running(NODES, 2, node, 1);
    uint64_t random = 1;
    uint32_t written[NODES] = {0}, sent = 0;
    for (unsigned i = 0; i < 100; i++) {
        uint32_t now = i % NODES;
        for (unsigned node = 0; node < NODES; node++) {
            struct rig *rig = rigs[node];
            rig_tick(rig);
            cr_assert_eq(slot(rig), now);
            cr_assert(rig_line(rig));
            rig_write(rig, ACK, 0);
            bool is_sender = node == (now + NODES - 1) % NODES;
            cr_assert_eq((rig_read(rig, STATUS) & NEW) != 0, i > 0 && !is_sender);
            if (i > 0 && !is_sender)
                cr_assert_eq(rig_read(rig, RECEIVE), sent);
        }
        sent = written[now];
        for (unsigned node = 0; node < NODES; node++) {
            struct rig *rig = rigs[node];
            const struct text *content = &rigs[now]->sent[rigs[now]->sent_count - 1];
            if (node != now)
                message(rig, now, content->at + 4, content->length - 4);
            written[node] = (uint32_t)rig_random(&random);
            rig_write(rig, SEND, written[node]);
            rig_tick(rig);
        }
    }
    for (unsigned node = 0; node < NODES; node++)
        rig_free(rigs[node]);
}

Test(controller, random_use_keeps_the_invariants_and_equal_uses_give_equal_states)
{
    for (uint64_t run = 0; run < 200; run++) {
        struct rig *rigs[2] = {rig_new(device_new_controller), rig_new(device_new_controller)};
        uint64_t random = run;
        for (unsigned i = 0; i < 1000; i++) {
            uint64_t action = rig_random(&random), word = rig_random(&random);
            uint32_t small = (uint32_t)(word % 5);
            for (unsigned k = 0; k < 2; k++) {
                struct rig *rig = rigs[k];
                if (action % 4 == 0)
                    rig_write(rig, action >> 8 & 7, word % 3 == 0 ? (uint32_t)word : small);
                else if (action % 4 == 1)
                    rig_write(rig, action >> 8 & 0xFF, (uint32_t)word);
                else if (action % 4 == 2)
                    message(rig, small, (const char *)&word, action >> 8 & 4);
                else
                    rig_tick(rig);
                bool has_slot = slot(rig) != NO_SLOT;
                cr_assert(!has_slot || slot(rig) < rig_read(rig, NSLOTS));
                cr_assert(!has_slot || rig_read(rig, CTRL) == 1);
                cr_assert_leq(rig_read(rig, MSGLEN), (uint32_t)WORDS);
                cr_assert_eq(rig_awaits(rig) == DEVICE_EVENT_TICK, rig_read(rig, CTRL) == 1 &&
                                                                       rig_read(rig, NSLOTS) > 0 &&
                                                                       rig_read(rig, SLOTLEN) > 0);
            }
        }
        cr_assert_str_eq(rig_describe(rigs[0]), rig_describe(rigs[1]));
        cr_assert_eq(rigs[0]->sent_count, rigs[1]->sent_count);
        rig_free(rigs[0]);
        rig_free(rigs[1]);
    }
}
