/* The network interface: each port, each bit, full queues, malformed lengths, random use. */
#include "rig.h"

#include <criterion/criterion.h>
#include <string.h>

enum { CTRL, STATUS, RXLEN, RXDATA, RXDONE, TXLEN, TXDATA, TXGO };
enum { RX_ON = 1, RX_IRQ = 2, TX_IRQ = 4 };
enum { READY = 1, IDLE = 2, OVERRUN = 4 };
enum { LONGEST = 1518, QUEUE = 16 };

static struct rig *network_new(void)
{
    struct rig *rig = rig_new(device_new_network);
    rig_write(rig, CTRL, RX_ON);
    return rig;
}

static void receive(struct rig *rig, struct text frame)
{
    rig_input(rig, DEVICE_EVENT_FRAME, 0, frame);
}

static void send(struct rig *rig, struct text frame)
{
    rig_write(rig, TXLEN, (uint32_t)frame.length);
    for (size_t i = 0; i < frame.length; i += 4) {
        uint32_t word = 0;
        for (size_t k = i; k < frame.length && k < i + 4; k++)
            word |= (uint32_t)(unsigned char)frame.at[k] << (k - i) * 8;
        rig_write(rig, TXDATA, word);
    }
    rig_write(rig, TXGO, 1);
}

/* The current frame, read and dropped as a driver does. */
static struct text take(struct rig *rig)
{
    uint32_t length = rig_read(rig, RXLEN);
    char *bytes = arena_alloc(rig->arena, length + 4);
    for (uint32_t i = 0; i < length; i += 4) {
        uint32_t word = rig_read(rig, RXDATA);
        for (uint32_t k = 0; k < 4; k++)
            bytes[i + k] = (char)(word >> k * 8);
    }
    rig_write(rig, RXDONE, 0);
    return (struct text){bytes, length};
}

Test(network, begins_off_and_idle)
{
    struct rig *rig = rig_new(device_new_network);
    cr_assert_eq(rig_read(rig, CTRL), 0u);
    cr_assert_eq(rig_read(rig, STATUS), (uint32_t)IDLE);
    cr_assert_eq(rig_read(rig, RXLEN), 0u);
    cr_assert_eq(rig_read(rig, RXDATA), 0u);
    cr_assert_eq(rig_read(rig, TXLEN), 0u);
    cr_assert_not(rig_line(rig));
    cr_assert_eq(rig_awaits(rig), DEVICE_EVENT_NONE);
    rig_free(rig);
}

Test(network, ctrl_holds_its_three_bits_and_no_others)
{
    struct rig *rig = network_new();
    for (uint32_t bits = 0; bits < 8; bits++) {
        rig_write(rig, CTRL, 0xFFFFFFF8 | bits);
        cr_assert_eq(rig_read(rig, CTRL), bits);
    }
    rig_free(rig);
}

Test(network, frame_is_read_as_little_endian_words_filled_up_with_zeros)
{
    struct rig *rig = network_new();
    receive(rig, (struct text){"\x01\x02\x03\x04\xFE\xFF", 6});
    cr_assert_eq(rig_read(rig, STATUS), (uint32_t)(READY | IDLE));
    cr_assert_eq(rig_read(rig, RXLEN), 6u);
    cr_assert_eq(rig_read(rig, RXDATA), 0x04030201u);
    cr_assert_eq(rig_read(rig, RXLEN), 6u, "the length stays");
    cr_assert_eq(rig_read(rig, RXDATA), 0xFFFEu);
    cr_assert_eq(rig_read(rig, RXDATA), 0u, "behind the end");
    cr_assert_eq(rig_read(rig, STATUS), (uint32_t)(READY | IDLE), "until RXDONE");
    rig_write(rig, RXDONE, 0);
    cr_assert_eq(rig_read(rig, STATUS), (uint32_t)IDLE);
    cr_assert_eq(rig_read(rig, RXLEN), 0u);
    rig_free(rig);
}

Test(network, frames_are_read_in_the_order_they_came)
{
    struct rig *rig = network_new();
    receive(rig, text_of("first"));
    receive(rig, text_of("the second"));
    receive(rig, text_of("3"));
    cr_assert(text_is(take(rig), "first"));
    cr_assert(text_is(take(rig), "the second"));
    cr_assert(text_is(take(rig), "3"));
    cr_assert_eq(rig_read(rig, STATUS) & READY, 0u);
    rig_free(rig);
}

Test(network, frame_dropped_half_read_does_not_show_in_the_next)
{
    struct rig *rig = network_new();
    receive(rig, text_of("firstfirst"));
    receive(rig, text_of("next"));
    rig_read(rig, RXDATA);
    rig_write(rig, RXDONE, 0);
    cr_assert_eq(rig_read(rig, RXDATA), 0x7478656Eu);
    rig_free(rig);
}

Test(network, dropping_without_a_frame_does_nothing)
{
    struct rig *rig = network_new();
    const char *before = rig_describe(rig);
    rig_write(rig, RXDONE, 0);
    cr_assert_str_eq(rig_describe(rig), before);
    receive(rig, text_of("frame"));
    cr_assert(text_is(take(rig), "frame"));
    rig_free(rig);
}

Test(network, receiver_that_is_off_lets_frames_pass)
{
    struct rig *rig = rig_new(device_new_network);
    cr_assert_not(rig_accepts(rig));
    receive(rig, text_of("frame"));
    cr_assert_eq(rig_read(rig, STATUS), (uint32_t)IDLE, "not even an overrun");
    rig_write(rig, CTRL, RX_ON);
    cr_assert(rig_accepts(rig));
    receive(rig, text_of("frame"));
    rig_write(rig, CTRL, 0);
    cr_assert_eq(rig_read(rig, STATUS) & READY, (uint32_t)READY, "what is queued stays");
    cr_assert(text_is(take(rig), "frame"));
    rig_free(rig);
}

Test(network, full_queue_is_an_overrun_and_keeps_what_it_has)
{
    struct rig *rig = network_new();
    for (unsigned i = 0; i < QUEUE; i++) {
        cr_assert(rig_accepts(rig));
        receive(rig, (struct text){&"0123456789ABCDEF"[i], 1});
        cr_assert_eq(rig_read(rig, STATUS) & OVERRUN, 0u);
    }
    cr_assert_not(rig_accepts(rig));
    receive(rig, text_of("Z"));
    cr_assert_eq(rig_read(rig, STATUS), (uint32_t)(READY | IDLE | OVERRUN));
    cr_assert_eq(rig_read(rig, STATUS), (uint32_t)(READY | IDLE | OVERRUN), "it stays");
    for (unsigned i = 0; i < QUEUE; i++)
        cr_assert_eq(*take(rig).at, "0123456789ABCDEF"[i]);
    cr_assert_eq(rig_read(rig, STATUS), (uint32_t)(IDLE | OVERRUN));
    rig_free(rig);
}

Test(network, overrun_is_taken_back_by_writing_a_1)
{
    struct rig *rig = network_new();
    for (unsigned i = 0; i <= QUEUE; i++)
        receive(rig, text_of("x"));
    rig_write(rig, STATUS, ~(uint32_t)OVERRUN);
    cr_assert_eq(rig_read(rig, STATUS) & OVERRUN, (uint32_t)OVERRUN);
    rig_write(rig, STATUS, OVERRUN);
    cr_assert_eq(rig_read(rig, STATUS), (uint32_t)(READY | IDLE), "the other bits are no memory");
    rig_free(rig);
}

Test(network, received_frames_raise_the_line_while_their_interrupt_is_enabled)
{
    struct rig *rig = network_new();
    receive(rig, text_of("a"));
    receive(rig, text_of("b"));
    cr_assert_not(rig_line(rig));
    rig_write(rig, CTRL, RX_ON | RX_IRQ);
    cr_assert(rig_line(rig));
    rig_write(rig, RXDONE, 0);
    cr_assert(rig_line(rig), "another frame is there");
    rig_write(rig, RXDONE, 0);
    cr_assert_not(rig_line(rig));
    rig_free(rig);
}

Test(network, idle_transmitter_raises_the_line_while_its_interrupt_is_enabled)
{
    struct rig *rig = network_new();
    rig_write(rig, CTRL, TX_IRQ);
    cr_assert(rig_line(rig));
    send(rig, text_of("frame"));
    cr_assert_not(rig_line(rig));
    rig_done(rig);
    cr_assert(rig_line(rig));
    rig_write(rig, CTRL, 0);
    cr_assert_not(rig_line(rig));
    rig_free(rig);
}

Test(network, frame_leaves_when_its_time_is_over)
{
    struct rig *rig = network_new();
    send(rig, text_of("a frame"));
    cr_assert_eq(rig->sent_count, 0u);
    cr_assert_eq(rig_read(rig, STATUS), 0u);
    cr_assert_eq(rig_awaits(rig), DEVICE_EVENT_DONE);
    rig_done(rig);
    cr_assert_eq(rig->sent_count, 1u);
    cr_assert(text_is(rig->sent[0], "a frame"));
    cr_assert_eq(rig_read(rig, STATUS), (uint32_t)IDLE);
    cr_assert_eq(rig_read(rig, TXLEN), 0u);
    cr_assert_eq(rig_awaits(rig), DEVICE_EVENT_NONE);
    rig_free(rig);
}

Test(network, end_of_work_that_was_not_in_progress_sends_nothing)
{
    struct rig *rig = network_new();
    rig_write(rig, TXLEN, 5);
    rig_done(rig);
    cr_assert_eq(rig->sent_count, 0u);
    cr_assert_eq(rig_read(rig, TXLEN), 5u);
    rig_free(rig);
}

Test(network, bytes_that_were_not_written_are_0)
{
    struct rig *rig = network_new();
    send(rig, text_of("something before"));
    rig_done(rig);
    rig_write(rig, TXLEN, 6);
    rig_write(rig, TXDATA, 0x44434241);
    rig_write(rig, TXGO, 0);
    rig_done(rig);
    cr_assert(text_equals(rig->sent[1], (struct text){"ABCD\0\0", 6}));
    rig_free(rig);
}

Test(network, writing_the_length_begins_the_frame_anew)
{
    struct rig *rig = network_new();
    rig_write(rig, TXLEN, 8);
    rig_write(rig, TXDATA, 0x31313131);
    rig_write(rig, TXDATA, 0x32323232);
    rig_write(rig, TXLEN, 8);
    rig_write(rig, TXDATA, 0x33333333);
    rig_write(rig, TXGO, 1);
    rig_done(rig);
    cr_assert(text_equals(rig->sent[0], (struct text){"3333\0\0\0\0", 8}));
    rig_free(rig);
}

Test(network, lengths_that_no_frame_has_are_read_back_as_0_and_not_sent)
{
    static const uint32_t lengths[] = {0, LONGEST + 1, 0x10000, 0x7FFFFFFF, 0xFFFFFFFF};
    struct rig *rig = network_new();
    for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        rig_write(rig, TXLEN, lengths[i]);
        cr_assert_eq(rig_read(rig, TXLEN), 0u);
        rig_write(rig, TXDATA, 1);
        rig_write(rig, TXGO, 1);
        cr_assert_eq(rig_read(rig, STATUS), (uint32_t)IDLE);
        cr_assert_eq(rig_awaits(rig), DEVICE_EVENT_NONE);
    }
    rig_free(rig);
}

Test(network, longest_frame_comes_and_goes_whole)
{
    struct rig *rig = network_new();
    char *bytes = arena_alloc(rig->arena, LONGEST);
    for (unsigned i = 0; i < LONGEST; i++)
        bytes[i] = (char)(i * 7);
    struct text frame = {bytes, LONGEST};
    send(rig, frame);
    for (unsigned i = 0; i < 1000; i++)
        rig_write(rig, TXDATA, 0xFFFFFFFF);
    rig_done(rig);
    cr_assert(text_equals(rig->sent[0], frame));
    receive(rig, frame);
    cr_assert(text_equals(take(rig), frame));
    rig_free(rig);
}

Test(network, words_beyond_the_longest_frame_are_ignored)
{
    struct rig *rig = network_new();
    rig_write(rig, TXLEN, LONGEST);
    for (uint32_t i = 0; i < 380; i++)
        rig_write(rig, TXDATA, i);
    const char *full = rig_describe(rig);
    for (uint32_t i = 0; i < 1000; i++)
        rig_write(rig, TXDATA, 0xFFFFFFFF);
    cr_assert_str_eq(rig_describe(rig), full);
    rig_free(rig);
}

Test(network, transmitter_ignores_its_ports_while_it_works)
{
    struct rig *rig = network_new();
    send(rig, text_of("frame"));
    rig_write(rig, TXLEN, 1);
    cr_assert_eq(rig_read(rig, TXLEN), 5u);
    rig_write(rig, TXDATA, 0);
    rig_write(rig, TXGO, 0);
    rig_done(rig);
    cr_assert_eq(rig->sent_count, 1u);
    cr_assert(text_is(rig->sent[0], "frame"));
    rig_free(rig);
}

Test(network, write_only_ports_read_0)
{
    struct rig *rig = network_new();
    receive(rig, text_of("frame"));
    rig_write(rig, TXLEN, 4);
    rig_write(rig, TXDATA, 5);
    const char *before = rig_describe(rig);
    cr_assert_eq(rig_read(rig, RXDONE), 0u);
    cr_assert_eq(rig_read(rig, TXDATA), 0u);
    cr_assert_eq(rig_read(rig, TXGO), 0u);
    rig_write(rig, RXLEN, 77);
    rig_write(rig, RXDATA, 77);
    cr_assert_str_eq(rig_describe(rig), before);
    rig_free(rig);
}

Test(network, ports_beyond_the_eighth_read_0_and_ignore_writes)
{
    struct rig *rig = network_new();
    receive(rig, text_of("frame"));
    const char *before = rig_describe(rig);
    for (uint32_t port = 8; port < 1024; port++) {
        rig_write(rig, port, 0xFFFFFFFF);
        cr_assert_eq(rig_read(rig, port), 0u);
    }
    cr_assert_str_eq(rig_describe(rig), before);
    rig_free(rig);
}

Test(network, frames_without_or_with_too_many_bytes_are_refused)
{
    struct rig *rig = network_new();
    char bytes[LONGEST + 1] = {0};
    rig_refuses(rig, DEVICE_EVENT_FRAME, 0, (struct text){bytes, 0});
    rig_refuses(rig, DEVICE_EVENT_FRAME, 0, (struct text){bytes, LONGEST + 1});
    receive(rig, (struct text){bytes, LONGEST});
    receive(rig, (struct text){bytes, 1});
    rig_free(rig);
}

Test(network, events_of_other_devices_are_refused)
{
    struct rig *rig = network_new();
    rig_refuses(rig, DEVICE_EVENT_NONE, 0, (struct text){0});
    rig_refuses(rig, DEVICE_EVENT_TICK, 0, (struct text){0});
    rig_refuses(rig, DEVICE_EVENT_BYTE, 'a', (struct text){0});
    rig_refuses(rig, DEVICE_EVENT_MESSAGE, 0, text_of("word"));
    rig_free(rig);
}

/* A second, naive account of the queue, beside random accesses. */
struct expected {
    struct text queue[QUEUE];
    unsigned count;
    bool is_on, has_overrun;
};

static struct text random_frame(struct rig *rig, uint64_t *random)
{
    size_t length = rig_random(random) % 4 == 0 ? 1 + rig_random(random) % LONGEST
                                                : 1 + rig_random(random) % 16;
    char *bytes = arena_alloc(rig->arena, length);
    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)rig_random(random);
    return (struct text){bytes, length};
}

static void expect_frame(struct expected *expected, struct text frame)
{
    if (!expected->is_on)
        return;
    if (expected->count == QUEUE)
        expected->has_overrun = true;
    else
        expected->queue[expected->count++] = frame;
}

static void check_take(struct rig *rig, struct expected *expected)
{
    struct text frame = take(rig);
    if (expected->count == 0) {
        cr_assert_eq(frame.length, 0u);
        return;
    }
    cr_assert(text_equals(frame, expected->queue[0]));
    expected->count--;
    memmove(expected->queue, expected->queue + 1, expected->count * sizeof *expected->queue);
}

Test(network, random_use_agrees_with_a_naive_account)
{
    for (uint64_t run = 0; run < 50; run++) {
        struct rig *rig = rig_new(device_new_network);
        struct expected expected = {0};
        uint64_t random = run;
        for (unsigned i = 0; i < 1000; i++) {
            switch (rig_random(&random) % 6) {
            case 0:
            case 1: {
                struct text frame = random_frame(rig, &random);
                expect_frame(&expected, frame);
                receive(rig, frame);
                break;
            }
            case 2:
                check_take(rig, &expected);
                break;
            case 3:
                expected.is_on = rig_random(&random) % 8 != 0;
                rig_write(rig, CTRL, (rig_random(&random) & ~1u) | expected.is_on);
                break;
            case 4:
                rig_write(rig, TXLEN + rig_random(&random) % 3,
                          (uint32_t)(rig_random(&random) % (LONGEST + 100)));
                break;
            default:
                rig_done(rig);
                break;
            }
            uint32_t status = rig_read(rig, STATUS);
            cr_assert_eq((status & READY) != 0, expected.count > 0);
            cr_assert_eq((status & OVERRUN) != 0, expected.has_overrun);
            cr_assert_eq((status & IDLE) == 0, rig_awaits(rig) == DEVICE_EVENT_DONE);
            cr_assert_eq(rig_accepts(rig), expected.is_on && expected.count < QUEUE);
            uint32_t ctrl = rig_read(rig, CTRL);
            cr_assert_eq(rig_line(rig), ((ctrl & RX_IRQ) != 0 && (status & READY) != 0) ||
                                            ((ctrl & TX_IRQ) != 0 && (status & IDLE) != 0));
        }
        rig_free(rig);
    }
}
