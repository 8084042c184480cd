/* What holds things for others: bitmap, ring, rights, messages, pool and mailbox. */
#include "random.h"

#include <criterion/criterion.h>
#include <string.h>

#include "bitmap.h"
#include "message.h"
#include "pool.h"
#include "rights.h"
#include "ring.h"

Test(bitmap, allocation_agrees_with_an_array_of_flags)
{
    uint32_t seed = 20;
    for (unsigned size = 0; size <= BITMAP_BITS; size += 1 + random_below(&seed, 30)) {
        struct bitmap map;
        bool taken[BITMAP_BITS + 64] = {false};
        cr_assert_eq(bitmap_init(&map, size), STATUS_OK);
        for (int step = 0; step < 600; step++) {
            unsigned number = random_below(&seed, size + 4);
            unsigned count = random_below(&seed, 6);
            unsigned first = 0, run = 0, in_use = 0;
            for (unsigned i = 0; i < size; i++)
                in_use += taken[i];
            cr_assert_eq(bitmap_free_count(&map), size - in_use);
            cr_assert_eq(bitmap_is_taken(&map, number), number >= size || taken[number]);
            switch (random_below(&seed, 5)) {
            case 0: {
                int expected = number >= size  ? STATUS_RANGE
                               : taken[number] ? STATUS_BUSY
                                               : STATUS_OK;
                cr_assert_eq(bitmap_take(&map, number), expected);
                if (expected == STATUS_OK)
                    taken[number] = true;
                break;
            }
            case 1: {
                int expected = number >= size   ? STATUS_RANGE
                               : !taken[number] ? STATUS_ABSENT
                                                : STATUS_OK;
                cr_assert_eq(bitmap_release(&map, number), expected);
                taken[number] = taken[number] && number >= size;
                break;
            }
            case 2:
                while (first < size && taken[first])
                    first++;
                cr_assert_eq(bitmap_allocate(&map), first < size ? first : BITMAP_NONE);
                if (first < size)
                    taken[first] = true;
                break;
            case 3:
                for (unsigned i = 0; i < size && run < count; i++)
                    run = taken[i] ? (first = i + 1, 0) : run + 1;
                cr_assert_eq(bitmap_allocate_run(&map, count),
                             count != 0 && run == count ? first : BITMAP_NONE);
                if (run == count)
                    memset(&taken[first], true, count);
                break;
            default: {
                bool fits = number + count <= size, all = true, none = true;
                for (unsigned i = 0; fits && i < count; i++) {
                    all = all && taken[number + i];
                    none = none && !taken[number + i];
                }
                cr_assert_eq(bitmap_run_is_free(&map, number, count), fits && none);
                cr_assert_eq(bitmap_release_run(&map, number, count),
                             !fits ? STATUS_RANGE : (all ? STATUS_OK : STATUS_ABSENT));
                if (fits && all)
                    memset(&taken[number], false, count);
                break;
            }
            }
            unsigned next = number;
            while (next < size && !taken[next])
                next++;
            cr_assert_eq(bitmap_next_taken(&map, number), next < size ? next : BITMAP_NONE);
            cr_assert(bitmap_is_sound(&map));
        }
    }
    struct bitmap map = {0};
    cr_assert_eq(bitmap_init(&map, BITMAP_BITS + 1), STATUS_RANGE);
    cr_assert_eq(bitmap_release_run(&map, 0, 0xffffffffu), STATUS_RANGE);
}

Test(ring, words_leave_in_the_order_in_which_they_came)
{
    uint32_t seed = 21;
    struct ring ring, other;
    unsigned in = 0, out = 0, lost = 0;
    ring_init(&ring);
    ring_init(&other);
    for (int step = 0; step < 50000; step++) {
        unsigned word = 0, many = random_below(&seed, 9);
        switch (random_below(&seed, 6)) {
        case 0:
        case 1:
            if (in - out == RING_SIZE) {
                cr_assert_eq(ring_put(&ring, in), STATUS_FULL);
                lost++;
            } else
                cr_assert_eq(ring_put(&ring, in++), STATUS_OK);
            break;
        case 2:
            lost += in - out == RING_SIZE;
            out += in - out == RING_SIZE;
            ring_put_over(&ring, in++);
            break;
        case 3:
            cr_assert_eq(ring_get(&ring, &word), in == out ? STATUS_EMPTY : STATUS_OK);
            if (in != out)
                cr_assert_eq(word, out++);
            break;
        case 4: {
            unsigned dropped = many < in - out ? many : in - out;
            cr_assert_eq(ring_drop(&ring, many), dropped);
            out += dropped;
            break;
        }
        default:
            if (random_below(&seed, 10) == 0) {
                cr_assert_eq(ring_drain(&ring, &other), in - out);
                cr_assert_eq(ring_drain(&other, &other), 0);
                cr_assert_eq(ring_drain(&other, &ring), in - out);
            }
            break;
        }
        cr_assert_eq(ring_count(&ring), in - out);
        cr_assert_eq(ring_is_empty(&ring), in == out);
        cr_assert_eq(ring_is_full(&ring), in - out == RING_SIZE);
        cr_assert_eq(ring_peek(&ring, many), many < in - out ? out + many : 0);
        cr_assert_eq(ring.lost, lost);
    }
}

Test(rights, masks_agree_with_a_matrix_and_grants_with_the_rule)
{
    uint32_t seed = 22;
    static struct rights_table table;
    static unsigned model[PROCESS_COUNT][PROCESS_COUNT];
    rights_init(&table);
    for (int step = 0; step < 30000; step++) {
        unsigned a = 1 + random_below(&seed, 9), b = 1 + random_below(&seed, 9);
        unsigned c = 1 + random_below(&seed, 9), mask = random_below(&seed, 16);
        switch (random_below(&seed, 4)) {
        case 0:
            cr_assert_eq(rights_set(&table, a, b, mask), STATUS_OK);
            model[a][b] = mask;
            break;
        case 1: {
            bool may = mask == 0 || ((model[a][c] & 8) != 0 && (mask & ~model[a][c]) == 0);
            cr_assert_eq(rights_grant(&table, a, b, c, mask), may ? STATUS_OK : STATUS_DENIED);
            if (may)
                model[b][c] |= mask;
            break;
        }
        case 2:
            cr_assert_eq(rights_revoke(&table, a, b, mask), STATUS_OK);
            model[a][b] &= ~mask;
            break;
        default:
            if (random_below(&seed, 50) == 0) {
                rights_forget(&table, a);
                for (unsigned i = 0; i < PROCESS_COUNT; i++)
                    model[a][i] = model[i][a] = 0;
            }
            break;
        }
        unsigned held = model[b][c] | (b == c ? 7 : 0), holders = 0;
        cr_assert_eq(rights_get(&table, b, c), model[b][c]);
        cr_assert_eq(rights_allow(&table, b, c, mask), (mask & ~held) == 0);
        cr_assert_eq(rights_check(&table, b, c, mask),
                     (mask & ~held) == 0 ? STATUS_OK : STATUS_DENIED);
        for (unsigned i = 1; i < PROCESS_COUNT; i++)
            holders += (mask & ~model[i][c]) == 0;
        if (step % 20 == 0)
            cr_assert_eq(rights_holders(&table, c, mask), holders);
    }
    cr_assert_eq(rights_set(&table, 0, 1, 1), STATUS_RANGE);
    cr_assert_eq(rights_set(&table, 1, PROCESS_COUNT, 1), STATUS_RANGE);
    cr_assert_eq(rights_set(&table, 1, 1, 16), STATUS_RANGE);
    cr_assert_eq(rights_get(&table, 0xffffffffu, 1), 0);
    cr_assert_not(rights_allow(&table, 0, 0, 1));
    cr_assert_eq(rights_check(&table, 0, 1, 0), STATUS_RANGE);
    cr_assert_eq(rights_grant(&table, 1, 1, 1, 16), STATUS_RANGE);
}

Test(message, copies_are_equal_and_headers_survive_packing)
{
    uint32_t seed = 23;
    for (int i = 0; i < 3000; i++) {
        struct message message = {0}, copy = {0};
        unsigned length = random_below(&seed, WORDS_SIZE + 2);
        message_init(&message, 1, 2, (int)random_below(&seed, 3));
        message.header.label = random_below(&seed, 0x10000);
        for (unsigned k = 0; k < length; k++)
            cr_assert_eq(message_append(&message, k * 3), k < WORDS_SIZE ? STATUS_OK : STATUS_FULL);
        cr_assert_eq(message_copy(&copy, &message), STATUS_OK);
        cr_assert(message_is_equal(&copy, &message));
        unsigned packed = message_pack_header(&message.header);
        struct message_header header = {0};
        cr_assert_eq(message_unpack_header(&header, packed), STATUS_OK);
        cr_assert(header.label == message.header.label && header.kind == message.header.kind &&
                  header.length == message.header.length);
        cr_assert_eq(message_word(&copy, 5), 5 < message.header.length ? 15 : 0);
        if (message.header.length != 0) {
            copy.payload.word[random_below(&seed, message.header.length)] ^= 1;
            cr_assert_not(message_is_equal(&copy, &message));
        }
    }
    struct message_header header = {0};
    cr_assert_eq(message_unpack_header(&header, 0x03000000u), STATUS_RANGE);
    cr_assert_eq(message_unpack_header(&header, 0x00ff0000u), STATUS_RANGE);
    struct message bad = {.header.length = WORDS_SIZE + 1}, copy = {0};
    cr_assert_eq(message_copy(&copy, &bad), STATUS_RANGE);
}

Test(message, delivery_asks_for_the_sender_and_the_room)
{
    struct message sent = {0}, got = {0};
    struct message_offer offer = {0};
    message_init(&sent, 7, 8, MESSAGE_REQUEST);
    message_append(&sent, 70);
    cr_assert_eq(message_deliver(&offer, &sent), STATUS_ABSENT);
    cr_assert_eq(message_offer_open(&offer, &got, 6, WORDS_SIZE + 1), STATUS_RANGE);
    cr_assert_eq(message_offer_open(&offer, &got, 6, 1), STATUS_OK);
    cr_assert_eq(message_offer_open(&offer, &got, 7, 1), STATUS_BUSY);
    cr_assert_eq(message_deliver(&offer, &sent), STATUS_ABSENT);
    offer.from = 7;
    cr_assert_eq(message_deliver(&offer, &sent), STATUS_OK);
    cr_assert(message_is_equal(&got, &sent));
    cr_assert_not(offer.is_open);
    cr_assert_eq(message_reply(&got, &sent), STATUS_OK);
    cr_assert(got.header.sender == 8 && got.header.receiver == 7 && got.header.length == 0);
    cr_assert_eq(message_reply(&sent, &got), STATUS_DENIED);
}

Test(mailbox, messages_wait_in_order_and_envelopes_are_used_again)
{
    uint32_t seed = 24;
    struct pool pool;
    struct mailbox mailbox;
    unsigned waiting[8], count = 0;
    struct message message = {0}, got = {0};
    pool_init(&pool, 8);
    mailbox_init(&mailbox);
    cr_assert_eq(pool_reserve(&pool, 9), STATUS_MEMORY);
    cr_assert_eq(pool_reserve(&pool, 8), STATUS_OK);
    for (int step = 0; step < 5000; step++) {
        unsigned sender = 1 + random_below(&seed, 3), wanted = random_below(&seed, 4);
        unsigned action = random_below(&seed, 20);
        if (action < 11) {
            message_init(&message, sender, 9, MESSAGE_REQUEST);
            message_append(&message, (unsigned)step);
            cr_assert_eq(mailbox_put(&mailbox, &pool, &message),
                         count < 8 ? STATUS_OK : STATUS_MEMORY);
            if (count < 8)
                waiting[count++] = sender;
        } else if (action < 19) {
            unsigned at = 0;
            while (at < count && wanted != 0 && waiting[at] != wanted)
                at++;
            cr_assert_eq(mailbox_get(&mailbox, &pool, wanted, &got),
                         at < count ? STATUS_OK : STATUS_EMPTY);
            if (at < count) {
                cr_assert_eq(got.header.sender, waiting[at]);
                memmove(&waiting[at], &waiting[at + 1], (--count - at) * sizeof waiting[0]);
            }
        } else {
            unsigned kept = 0;
            for (unsigned i = 0; i < count; i++)
                if (wanted != 0 && waiting[i] != wanted)
                    waiting[kept++] = waiting[i];
            cr_assert_eq(mailbox_discard(&mailbox, &pool, wanted), count - kept);
            count = kept;
        }
        cr_assert(mailbox.count == count && pool.lent == count && pool.made == 8);
    }
    mailbox_discard(&mailbox, &pool, MESSAGE_FROM_ANY);
    while (pool.spare != NULL) {
        struct envelope *envelope = pool.spare;
        pool.spare = envelope->next;
        free(envelope);
    }
}
