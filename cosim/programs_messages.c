/* Messages between processes, and drivers of devices. */
#include "cosim/programs_deeds.h"

/* Ticks of the clock; for ever is rare, as who waits for ever does no more. */
static uint32_t draw_timeout(struct random *random)
{
    uint32_t kind = random_below(random, 20);
    if (kind < 2)
        return TIMEOUT_NEVER;
    if (kind == 2)
        return program_argument(random);
    return kind < 6 ? 0 : random_between(random, 1, 3);
}

struct program_place program_draw_place(struct random *random)
{
    uint32_t word = random_below(random, DATA_WORDS);
    struct program_place place = {DATA_ADDRESS + 4 * word,
                                  random_below(random, DATA_WORDS - word + 1)};
    uint32_t kind = random_below(random, 10);
    if (kind < 5)
        place.words = place.words < 16 ? place.words : place.words % 16;
    else if (kind == 6 || kind == 7)
        place = (struct program_place){random_below(random, 4) * PAGE_BYTES -
                                           4 * random_below(random, 9),
                                       random_below(random, 40)};
    else if (kind == 8)
        place = (struct program_place){PAGE_BYTES + 4 * random_below(random, 1500),
                                       random_below(random, MESSAGE_WORDS + 2)};
    else if (kind == 9)
        place.address += random_below(random, 4);
    return place;
}

void program_send(struct program_code *code, struct random *random,
                  const struct program_world *world)
{
    struct program_place place = program_draw_place(random);
    PROGRAM_CALL(code, CALL_SEND, program_peer(random, world), place.address, place.words,
                 draw_timeout(random));
}

void program_receive(struct program_code *code, struct random *random,
                     const struct program_world *world)
{
    struct program_place place = program_draw_place(random);
    uint32_t from = random_chance(random, 60) ? FROM_ANY : program_peer(random, world);
    PROGRAM_CALL(code, CALL_RECEIVE, from, place.address, place.words, draw_timeout(random));
}

void program_ask(struct program_code *code, struct random *random,
                 const struct program_world *world)
{
    struct program_place out = program_draw_place(random), in = program_draw_place(random);
    PROGRAM_CALL(code, CALL_SEND_RECEIVE, program_peer(random, world), out.address, out.words,
                 in.address, in.words, draw_timeout(random));
}

/* Takes requests of anybody, and answers them. */
void program_serve(struct program_code *code, struct random *random,
                   const struct program_world *world)
{
    (void)world;
    uint32_t timeout = random_between(random, 1, 4);
    uint32_t top = program_repeat(code, random_between(random, 1, 5));
    PROGRAM_CALL(code, CALL_RECEIVE, FROM_ANY, DATA_ADDRESS, random_between(random, 1, 64),
                 random_chance(random, 80) ? timeout : TIMEOUT_NEVER);
    uint32_t failed = program_branch(code, PROGRAM_BNEZ, R_CODE);
    program_immediate(code, PROGRAM_LW, R_VALUE, 0, DATA_ADDRESS);
    program_registers(code, PROGRAM_ADD, R_VALUE, R_SENDER, R_VALUE);
    program_immediate(code, PROGRAM_SW, R_VALUE, 0, DATA_ADDRESS);
    program_immediate(code, PROGRAM_ADDI, R_FIRST, R_SENDER, 0);
    program_constant(code, R_FIRST + 1, DATA_ADDRESS);
    program_constant(code, R_FIRST + 2, random_below(random, 8));
    program_constant(code, R_FIRST + 3, random_below(random, 3));
    program_trap(code, CALL_SEND);
    program_land(code, failed);
    program_again(code, top);
}

/* Who drives nothing sleeps by it. */
void program_sleep(struct program_code *code, struct random *random,
                   const struct program_world *world)
{
    (void)world;
    PROGRAM_CALL(code, CALL_RECEIVE, FROM_DEVICES, DATA_ADDRESS, 1, random_between(random, 1, 3));
}

/* --- Drivers --- */

static void emit_write(struct program_code *code, uint32_t device, uint32_t port, uint32_t word)
{
    PROGRAM_CALL(code, CALL_DEVICE_WRITE, device, port, word);
}

static void set_up_serial(struct program_code *code, struct random *random)
{
    static const uint32_t fifos[] = {0, 1, 7, 0x41, 0xC7};
    emit_write(code, 2, 2, fifos[random_below(random, sizeof fifos / sizeof *fifos)]);
    if (random_chance(random, 15))
        emit_write(code, 2, 4, 0x10); /* loopback */
    emit_write(code, 2, 1,
               random_chance(random, 80) ? random_between(random, 1, 3) | 4
                                         : random_below(random, 16));
    PROGRAM_CALL(code, CALL_DEVICE_READ, 2, 5);
}

static void set_up_network(struct program_code *code, struct random *random)
{
    emit_write(code, 3, 0, random_chance(random, 80) ? 3 : random_below(random, 8));
}

static void set_up_controller(struct program_code *code, struct random *random)
{
    uint32_t slots = random_between(random, 1, 3);
    emit_write(code, 4, 2, slots);
    emit_write(code, 4, 3, random_between(random, 1, 2));
    emit_write(code, 4, 4, random_below(random, slots + 1));
    emit_write(code, 4, 5, random_below(random, 4));
    emit_write(code, 4, 64, random_word(random));
    emit_write(code, 4, 0, 1);
}

/* What came, and the interrupt is taken back. */
static void look_at_serial(struct program_code *code, struct random *random)
{
    PROGRAM_CALL(code, CALL_DEVICE_READ, 2, 2);
    PROGRAM_CALL(code, CALL_DEVICE_READ, 2, 5);
    PROGRAM_CALL(code, CALL_DEVICE_READ, 2, 0);
    if (random_chance(random, 60)) {
        program_immediate(code, PROGRAM_ADDI, R_FIRST + 2, R_RESULT, 0);
        program_constant(code, R_FIRST, 2);
        program_constant(code, R_FIRST + 1, 0);
        program_trap(code, CALL_DEVICE_WRITE);
    }
}

static void look_at_network(struct program_code *code, struct random *random)
{
    PROGRAM_CALL(code, CALL_DEVICE_READ, 3, 2);
    PROGRAM_CALL(code, CALL_DEVICE_READ, 3, 3);
    emit_write(code, 3, 4, 1); /* RXDONE */
    if (random_chance(random, 60)) {
        emit_write(code, 3, 5, random_below(random, 20)); /* TXLEN */
        emit_write(code, 3, 6, random_word(random));
        emit_write(code, 3, 7, 1); /* TXGO */
    }
}

static void look_at_controller(struct program_code *code, struct random *random)
{
    PROGRAM_CALL(code, CALL_DEVICE_READ, 4, 1);
    PROGRAM_CALL(code, CALL_DEVICE_READ, 4, 128 + random_below(random, 4));
    uint32_t port = 64 + random_below(random, 4);
    emit_write(code, 4, port, random_word(random));
    emit_write(code, 4, 6, 1); /* ACK */
}

/* Becomes the driver, which may take until it is privileged. */
static void emit_own(struct program_code *code, struct random *random, uint32_t device)
{
    uint32_t top = program_repeat(code, random_between(random, 1, 4));
    PROGRAM_CALL(code, CALL_DEVICE_OWN, device);
    uint32_t is_owned = program_branch(code, PROGRAM_BEQZ, R_CODE);
    PROGRAM_CALL(code, CALL_RECEIVE, FROM_DEVICES, DATA_ADDRESS, 1, 1);
    program_again(code, top);
    program_land(code, is_owned);
}

void program_drive(struct program_code *code, struct random *random,
                   const struct program_world *world)
{
    uint32_t device = world->device;
    void (*const set_up[])(struct program_code *, struct random *) = {set_up_serial, set_up_network,
                                                                      set_up_controller};
    void (*const look[])(struct program_code *, struct random *) = {look_at_serial, look_at_network,
                                                                    look_at_controller};
    emit_own(code, random, device);
    set_up[device - 2](code, random);
    uint32_t top = program_repeat(code, random_between(random, 1, 5));
    PROGRAM_CALL(code, CALL_RECEIVE, random_chance(random, 70) ? FROM_DEVICES : FROM_ANY,
                 DATA_ADDRESS, random_chance(random, 90), random_between(random, 1, 4));
    if (random_chance(random, 95))
        look[device - 2](code, random);
    if (random_chance(random, 10)) /* a port that no device has */
        PROGRAM_CALL(code, CALL_DEVICE_READ, device, random_between(random, 1023, 1025));
    PROGRAM_CALL(code, CALL_DEVICE_ENABLE, device);
    program_again(code, top);
}

/* Any port of any device, which it may well not drive. */
void program_meddle(struct program_code *code, struct random *random,
                    const struct program_world *world)
{
    uint32_t device = random_chance(random, 70) ? world->device : random_below(random, 9);
    uint32_t port =
        random_chance(random, 80) ? random_below(random, 10) : random_below(random, 1026);
    if (random_chance(random, 15))
        PROGRAM_CALL(code, CALL_DEVICE_ENABLE, device);
    else if (random_chance(random, 50))
        PROGRAM_CALL(code, CALL_DEVICE_READ, device, port);
    else
        PROGRAM_CALL(code, CALL_DEVICE_WRITE, device, port, random_below(random, 256));
}
