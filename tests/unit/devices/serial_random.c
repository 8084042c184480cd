/* Random use of the serial line: what must hold in every state. */
#include "serial_rig.h"

#include <criterion/criterion.h>
#include <string.h>

enum { RUNS = 200, ACTIONS = 2000 };

/* One random access or event. */
static void act(struct rig *rig, uint64_t random)
{
    uint32_t word = (uint32_t)(random >> 32);
    switch (random % 8) {
    case 0:
    case 1:
        rig_write(rig, random >> 8 & 7, word);
        break;
    case 2:
    case 3:
        rig_read(rig, random >> 8 & 7);
        break;
    case 4:
        rig_write(rig, THR, word);
        break;
    case 5:
        serial_receive(rig, (word & 0xF00) == 0 ? word & 0x1CFF : word & 0xFF);
        break;
    case 6:
        rig_done(rig);
        break;
    default:
        rig_tick(rig);
        break;
    }
}

static void check_status(struct rig *rig, uint32_t lsr, bool has_fifos)
{
    bool is_sending = rig_awaits(rig) == DEVICE_EVENT_DONE;
    if ((lsr & TEMT) != 0)
        cr_assert((lsr & THRE) != 0 && !is_sending, "an idle transmitter is empty");
    else
        cr_assert(is_sending, "a transmitter that is not idle works");
    if (!has_fifos)
        cr_assert_eq(lsr & FIFO_ERROR, 0u);
    if ((lsr & (PE | FE | BI)) != 0 && has_fifos)
        cr_assert_eq(lsr & FIFO_ERROR, (uint32_t)FIFO_ERROR);
}

/* Destroys the state: used on a copy that has seen the same. */
static void check_state(struct rig *rig)
{
    bool is_up = rig_line(rig);
    bool accepts = rig_accepts(rig);
    uint32_t iir = rig_read(rig, IIR);
    bool has_fifos = (iir & 0xC0) == 0xC0;
    cr_assert_eq(is_up, (iir & 1) == 0, "the line is what IIR says");
    cr_assert((iir & 0x30) == 0 && (has_fifos || (iir & 0xC0) == 0));
    check_status(rig, rig_read(rig, LSR), has_fifos);
    cr_assert_eq(rig_read(rig, LSR) & (OE | PE | FE | BI), 0u);
    rig_write(rig, LCR, EIGHT_BITS);
    serial_receive(rig, 'a');
    if (accepts)
        cr_assert_eq(rig_read(rig, LSR) & OE, 0u, "what is accepted is no overrun");
    rig_write(rig, IER, 0);
    cr_assert_not(rig_line(rig));
    unsigned rest = 0;
    while ((rig_read(rig, LSR) & DR) != 0 && rest <= 16) {
        rig_read(rig, RBR);
        rest++;
    }
    cr_assert_leq(rest, has_fifos ? 16u : 1u);
    for (rest = 0; rig_awaits(rig) == DEVICE_EVENT_DONE && rest <= 17; rest++)
        rig_done(rig);
    cr_assert_leq(rest, has_fifos ? 17u : 2u);
    cr_assert_eq(rig_read(rig, LSR) & (THRE | TEMT), (uint32_t)(THRE | TEMT));
}

Test(serial_random, every_state_keeps_the_invariants_and_equal_uses_give_equal_states)
{
    for (uint64_t run = 0; run < RUNS; run++) {
        struct rig *one = rig_new(device_new_serial);
        struct rig *other = rig_new(device_new_serial);
        uint64_t random = run;
        uint64_t actions = rig_random(&random) % ACTIONS;
        for (uint64_t i = 0; i < actions; i++) {
            uint64_t action = rig_random(&random);
            act(one, action);
            act(other, action);
        }
        cr_assert_str_eq(rig_describe(one), rig_describe(other));
        check_state(one);
        check_state(other);
        cr_assert_str_eq(rig_describe(one), rig_describe(other));
        rig_free(one);
        rig_free(other);
    }
}

/* A driver that looks before it acts loses nothing, whatever happens in between. */
Test(serial_random, careful_driver_loses_no_byte_in_either_direction)
{
    for (uint64_t run = 0; run < RUNS; run++) {
        struct rig *rig = run % 2 == 0 ? serial_new() : serial_new_with_fifos(run / 2 % 4);
        uint64_t random = run;
        uint8_t next_in = 0, next_out = 0, next_read = 0;
        for (unsigned i = 0; i < ACTIONS; i++) {
            switch (rig_random(&random) % 5) {
            case 0:
                if (rig_accepts(rig))
                    serial_receive(rig, next_in++);
                break;
            case 1:
                if ((rig_read(rig, LSR) & DR) != 0)
                    cr_assert_eq(rig_read(rig, RBR), next_read++);
                break;
            case 2:
                if ((rig_read(rig, LSR) & THRE) != 0)
                    rig_write(rig, THR, next_out++);
                break;
            case 3:
                rig_done(rig);
                break;
            default:
                rig_tick(rig);
                break;
            }
        }
        while (rig_awaits(rig) == DEVICE_EVENT_DONE)
            rig_done(rig);
        struct text sent = serial_sent(rig);
        cr_assert_eq((uint8_t)sent.length, next_out);
        for (size_t i = 0; i < sent.length; i++)
            cr_assert_eq((uint8_t)sent.at[i], (uint8_t)i);
        rig_free(rig);
    }
}
