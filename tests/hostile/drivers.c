/* What drivers do with devices, mostly right: so that commands get somewhere. r19 holds the base of
 * the device, r21 counts, r1 to r3 are data. */
#include "semantics/devices/bus.h"
#include "tests/hostile/program.h"

enum { BASE = 19, COUNTER = 21, VALUE = 23 };

static void put_base(struct program *program, unsigned device)
{
    put_number(program, BASE, BUS_ADDRESS + device * BUS_WINDOW_BYTES);
}

static void write_port(struct program *program, uint32_t port, uint32_t word)
{
    put_number(program, VALUE, word);
    put_i(program, VAMP_OP_SW, VALUE, BASE, (int32_t)(4 * port));
}

static void read_port(struct program *program, uint32_t port, uint32_t rd)
{
    put_i(program, VAMP_OP_LW, rd, BASE, (int32_t)(4 * port));
}

/* `count` times a read or a write of the port, the data lying from r16 on. */
static void put_transfer(struct program *program, uint32_t port, uint32_t count, bool is_write)
{
    put_number(program, COUNTER, count);
    put_r(program, VAMP_OP_ADD, 2, 16, 0);
    uint32_t loop = program->at;
    put_i(program, VAMP_OP_LW, 3, is_write ? 2 : BASE, is_write ? 0 : (int32_t)(4 * port));
    put_i(program, VAMP_OP_SW, 3, is_write ? BASE : 2, is_write ? (int32_t)(4 * port) : 0);
    put_i(program, VAMP_OP_ADDI, 2, 2, 4);
    put_i(program, VAMP_OP_SUBI, COUNTER, COUNTER, 1);
    put_branch(program, VAMP_OP_BNEZ, COUNTER, loop);
}

/* Until the bits of the port have gone, but not for ever. */
static void put_poll(struct program *program, uint32_t port, int32_t bits, uint32_t tries)
{
    put_number(program, COUNTER, tries);
    uint32_t loop = program->at;
    read_port(program, port, 1);
    put_i(program, VAMP_OP_ANDI, 1, 1, bits);
    uint32_t done = put_branch_ahead(program, VAMP_OP_BEQZ, 1);
    put_i(program, VAMP_OP_SUBI, COUNTER, COUNTER, 1);
    put_branch(program, VAMP_OP_BNEZ, COUNTER, loop);
    set_target(program, done);
}

static void put_timer(struct program *program)
{
    struct random *random = program->random;
    write_port(program, 0,
               random_chance(random, 90) ? random_between(random, 1, 6)
                                         : random_word(random) * random_below(random, 2));
    read_port(program, 1, 1);
    if (random_chance(random, 30))
        write_port(program, 2, 0);
}

static void put_disk_address(struct program *program)
{
    struct random *random = program->random;
    write_port(program, 2, random_chance(random, 95) ? random_between(random, 1, 3) : 0);
    write_port(program, 3, random_below(random, random_chance(random, 90) ? 12 : 256));
    if (random_chance(random, 80)) {
        uint32_t odd = random_chance(random, 5) ? random_word(random) : 0;
        write_port(program, 4, odd);
        write_port(program, 5, odd >> 8);
        write_port(program, 6, PICK(random, 0xE0, 0xE0, 0xE0, 0xA0, 0xF0, 0x0F));
    }
}

static void put_disk(struct program *program)
{
    struct random *random = program->random;
    if (random_chance(random, 20))
        write_port(program, 8, PICK(random, 0, 2, 4, 0));
    if (random_chance(random, 95))
        put_poll(program, 7, 0x80, 40);
    put_disk_address(program);
    if (random_chance(random, 10))
        write_port(program, 1, PICK(random, 0x03, 0x66, 0xCC, 0x55));
    uint32_t command =
        random_chance(random, 60)
            ? PICK(random, 0x20, 0x30, 0xEC)
            : PICK(random, 0x00, 0x20, 0x21, 0x30, 0x31, 0x40, 0x41, 0x70, 0x90, 0x91, 0xE0, 0xE1,
                   0xE2, 0xE3, 0xE5, 0xE6, 0xE7, 0xEC, 0xEF, random_below(random, 256));
    write_port(program, 7, command);
    if (random_chance(random, 90))
        put_poll(program, 8, 0x80, 60);
    bool is_write = command == 0x30 || command == 0x31;
    if (random_chance(random, is_write || command == 0x20 || command == 0xEC ? 90 : 20))
        put_transfer(program, 0, random_chance(random, 80) ? 128 : random_between(random, 1, 260),
                     is_write != random_chance(random, 3));
    if (random_chance(random, 70))
        put_poll(program, 7, 0x80, 40);
    read_port(program, 1, 1);
}

static void put_serial(struct program *program)
{
    struct random *random = program->random;
    if (random_chance(random, 60)) {
        write_port(program, 3, 0x80);
        write_port(program, 0, random_below(random, 256));
        write_port(program, 1, random_below(random, 4));
        write_port(program, 3, random_chance(random, 80) ? 3 : random_below(random, 256));
    }
    if (random_chance(random, 70))
        write_port(program, 2, PICK(random, 0x00, 0x01, 0x07, 0x41, 0x81, 0xC7, 0x06));
    if (random_chance(random, 70))
        write_port(program, 1, random_below(random, 16));
    if (random_chance(random, 30))
        write_port(program, 4, random_below(random, 32));
    if (random_chance(random, 70))
        put_transfer(program, 0, random_between(random, 1, 20), random_chance(random, 70));
    for (uint32_t i = random_below(random, 6); i > 0; i--)
        read_port(program, PICK(random, 0, 0, 2, 5, 5, 6, 7), 1);
}

static void put_network(struct program *program)
{
    struct random *random = program->random;
    write_port(program, 0, random_chance(random, 60) ? 7 : random_below(random, 8));
    if (random_chance(random, 60)) {
        uint32_t bytes =
            random_chance(random, 80) ? random_below(random, 80) : random_below(random, 2000);
        write_port(program, 5, bytes);
        put_transfer(program, 6,
                     random_chance(random, 80) ? bytes / 4 + 1 : random_between(random, 1, 400),
                     true);
        write_port(program, 7, 1);
    }
    if (random_chance(random, 60)) {
        read_port(program, 1, 1);
        read_port(program, 2, 1);
        put_transfer(program, 3, random_between(random, 1, random_chance(random, 90) ? 20 : 400),
                     false);
        if (random_chance(random, 80))
            write_port(program, 4, 1);
    }
}

static void put_controller(struct program *program)
{
    struct random *random = program->random;
    if (random_chance(random, 70)) {
        write_port(program, 0, 0);
        write_port(program, 2,
                   random_chance(random, 90) ? random_between(random, 1, 4) : random_word(random));
        write_port(program, 3,
                   random_chance(random, 90) ? random_between(random, 1, 4) : random_word(random));
        write_port(program, 4, random_below(random, 4));
        write_port(program, 5,
                   random_chance(random, 90) ? random_below(random, 12) : random_word(random));
        write_port(program, 0, 1);
    }
    for (uint32_t i = random_below(random, 5); i > 0; i--)
        write_port(program, 64 + random_below(random, 66), random_word(random));
    read_port(program, 1, 1);
    for (uint32_t i = random_below(random, 5); i > 0; i--)
        read_port(program, 128 + random_below(random, 66), 1);
    if (random_chance(random, 60))
        write_port(program, 6, 0);
}

void put_driver(struct program *program, const struct surroundings *here, unsigned device)
{
    put_number(program, 16, here->data);
    put_base(program, device);
    switch (device) {
    case 0:
        put_timer(program);
        break;
    case 2:
        put_serial(program);
        break;
    case 3:
        put_network(program);
        break;
    case 4:
        put_controller(program);
        break;
    default:
        put_disk(program);
        break;
    }
    while (random_chance(program->random, 50))
        put_port_access(program, device);
    if (random_chance(program->random, 2)) { /* halts while the device may be at work */
        put_special(program, VAMP_SPR_SR, 0);
        put_jump(program, program->at);
    }
}

/* Registers 25 to 27 are the handler's. */
void put_acknowledgement(struct program *program, unsigned device)
{
    static const uint32_t reads[6][4] = {{2, 1, 2, 0}, {7, 1, 7, 0},     {5, 2, 6, 0},
                                         {1, 2, 3, 3}, {1, 128, 129, 1}, {7, 0, 7, 0}};
    static const uint32_t writes[6] = {2, 7, 1, 4, 6, 7};
    put_number(program, 27, BUS_ADDRESS + device * BUS_WINDOW_BYTES);
    for (size_t i = 0; i < 4; i++)
        put_i(program, VAMP_OP_LW, 26, 27, (int32_t)(4 * reads[device][i]));
    bool is_disk = device == 1 || device == 5;
    if (!is_disk && random_chance(program->random, device == 2 ? 20 : 95))
        put_i(program, VAMP_OP_SW, 0, 27, (int32_t)(4 * writes[device]));
}

void put_port_access(struct program *program, unsigned device)
{
    struct random *random = program->random;
    uint32_t port =
        random_chance(random, 80) ? random_below(random, 9) : random_below(random, 1024);
    put_base(program, device);
    if (random_chance(random, 50))
        put_i(program, VAMP_OP_SW, random_below(random, 32), BASE, (int32_t)(4 * port));
    else if (random_chance(random, 50))
        write_port(program, port, random_below(random, 256));
    else
        read_port(program, port, random_between(random, 1, 15));
}
