/* Random code that goes on: mostly valid instructions with addresses that are there. r16 points to
 * data, r17 near it, r18 to the code, r20 to a page table, r22 is where to jump, r21 counts; from
 * r24 on the handler's registers begin. */
#include "tests/hostile/program.h"

enum { DATA = 16, NEAR_DATA, CODE, DEVICE, TABLE, COUNTER, TARGET, VALUE };

static uint32_t any_register(struct program *program)
{
    return random_below(program->random, random_chance(program->random, 95) ? 24 : 32);
}

/* A register that may be written, mostly one that nothing depends on. */
static uint32_t free_register(struct program *program, const struct surroundings *here)
{
    return random_chance(program->random, 100 - here->wild) ? random_below(program->random, 16)
                                                            : random_below(program->random, 32);
}

static void put_arithmetic(struct program *program, const struct surroundings *here)
{
    struct random *random = program->random;
    uint32_t rd = free_register(program, here), rs1 = any_register(program);
    if (random_chance(random, 50))
        put_i(program,
              (enum vamp_op)PICK(random, VAMP_OP_ADDIO, VAMP_OP_ADDI, VAMP_OP_SUBIO, VAMP_OP_SUBI,
                                 VAMP_OP_ANDI, VAMP_OP_ORI, VAMP_OP_XORI, VAMP_OP_LHGI,
                                 VAMP_OP_CLRI, VAMP_OP_SGRI, VAMP_OP_SEQI, VAMP_OP_SGEI,
                                 VAMP_OP_SLSI, VAMP_OP_SNEI, VAMP_OP_SLEI, VAMP_OP_SETI),
              rd, rs1, (int32_t)random_word(random));
    else
        put_r(program,
              (enum vamp_op)PICK(random, VAMP_OP_SLLI, VAMP_OP_SRLI, VAMP_OP_SRAI, VAMP_OP_SLL,
                                 VAMP_OP_SRL, VAMP_OP_SRA, VAMP_OP_ADDO, VAMP_OP_ADD, VAMP_OP_SUBO,
                                 VAMP_OP_SUB, VAMP_OP_AND, VAMP_OP_OR, VAMP_OP_XOR, VAMP_OP_LHG,
                                 VAMP_OP_CLR, VAMP_OP_SGR, VAMP_OP_SEQ, VAMP_OP_SGE, VAMP_OP_SLS,
                                 VAMP_OP_SNE, VAMP_OP_SLE, VAMP_OP_SET),
              rd, rs1, any_register(program));
}

static uint32_t some_mask(struct random *random)
{
    return random_chance(random, 20) ? random_word(random) : (random_word(random) & 0x7FFFF);
}

/* Near the ends of the signed numbers. */
static void put_overflow(struct program *program, const struct surroundings *here)
{
    struct random *random = program->random;
    uint32_t rs1 = random_below(random, 16);
    put_number(program, rs1, UINT32_C(0x7FFFFFF0) + random_below(random, 32));
    if (!here->is_user && random_chance(random, 50))
        put_special(program, VAMP_SPR_SR, some_mask(random) | 0x40);
    if (random_chance(random, 50))
        put_i(program, random_chance(random, 50) ? VAMP_OP_ADDIO : VAMP_OP_SUBIO,
              free_register(program, here), rs1, (int32_t)random_word(random));
    else
        put_r(program, random_chance(random, 50) ? VAMP_OP_ADDO : VAMP_OP_SUBO,
              free_register(program, here), rs1, rs1);
}

static void put_memory_access(struct program *program, const struct surroundings *here)
{
    struct random *random = program->random;
    uint32_t kind = random_below(random, 8);
    static const enum vamp_op ops[] = {VAMP_OP_LW, VAMP_OP_SW, VAMP_OP_LB,  VAMP_OP_LBU,
                                       VAMP_OP_LH, VAMP_OP_SH, VAMP_OP_LHU, VAMP_OP_SB};
    static const int32_t widths[] = {4, 4, 1, 1, 2, 2, 2, 1};
    int32_t offset = (int32_t)random_below(random, 1024);
    bool is_wild = random_chance(random, here->wild);
    if (!is_wild)
        offset &= ~(widths[kind] - 1);
    uint32_t base = is_wild && random_chance(random, 30) ? any_register(program)
                    : is_wild                            ? NEAR_DATA
                                                         : DATA;
    uint32_t rd =
        kind == 1 || kind == 5 || kind == 7 ? any_register(program) : free_register(program, here);
    put_i(program, ops[kind], rd, base, offset);
}

static void put_control(struct program *program, const struct surroundings *here)
{
    struct random *random = program->random;
    bool is_ahead = random_chance(random, 85);
    int32_t distance = (int32_t)random_between(random, 1, 16) * (is_ahead ? 4 : -4);
    if (random_chance(random, here->wild))
        distance = (int32_t)random_below(random, 256) - 128;
    switch (random_below(random, 8)) {
    case 0:
        put_j(program, random_chance(random, 50) ? VAMP_OP_J : VAMP_OP_JAL, distance);
        break;
    case 1:
        put_i(program, random_chance(random, 50) ? VAMP_OP_JR : VAMP_OP_JALR, 0,
              random_chance(random, 100 - here->wild) ? TARGET : any_register(program), 0);
        break;
    default:
        put_i(program, random_chance(random, 50) ? VAMP_OP_BEQZ : VAMP_OP_BNEZ, 0,
              any_register(program), distance);
        break;
    }
}

static void put_special_access(struct program *program, const struct surroundings *here)
{
    struct random *random = program->random;
    static const enum vamp_spr harmless[] = {VAMP_SPR_RM, VAMP_SPR_IEEEF, VAMP_SPR_FCC};
    if (random_chance(random, 40)) {
        put_r(program, VAMP_OP_MOVS2I, free_register(program, here), 0,
              here->is_user && random_chance(random, 70) ? harmless[random_below(random, 3)]
                                                         : random_below(random, 32));
        return;
    }
    if (here->is_user) {
        put_r(program, VAMP_OP_MOVI2S, 0, any_register(program),
              random_chance(random, 70) ? harmless[random_below(random, 3)]
                                        : random_below(random, 32));
        return;
    }
    switch (random_below(random, 8)) {
    case 0:
        put_special(program, VAMP_SPR_PTO,
                    random_chance(random, 95) ? random_between(random, 3, 6) : random_word(random));
        break;
    case 1:
        put_special(program, VAMP_SPR_PTL, random_below(random, 40) - 1);
        break;
    case 2:
        put_special(program, VAMP_SPR_MODE, random_below(random, 3));
        break;
    case 3:
        put_r(program, VAMP_OP_MOVI2S, 0, any_register(program), random_below(random, 32));
        break;
    default:
        put_special(program, VAMP_SPR_SR, some_mask(random));
        break;
    }
}

/* The code ahead gets another instruction, or a page table another entry. */
static void put_rewriting(struct program *program, const struct surroundings *here)
{
    struct random *random = program->random;
    if (random_chance(random, 60)) {
        uint32_t ahead = random_below(random, random_chance(random, 70) ? 16 : 400) * 4;
        uint32_t offset = program->at - program->origin - here->code + 12 + ahead;
        put_number(program, VALUE,
                   random_chance(random, 90) ? some_instruction(random) : random_word(random));
        put_i(program, random_chance(random, 90) ? VAMP_OP_SW : VAMP_OP_SH, VALUE, CODE,
              (int32_t)(offset & 0x7FFC));
    } else {
        uint32_t page = random_below(random, random_chance(random, 90) ? 8 : 4096);
        uint32_t entry = (page << 12) | (random_word(random) & 0xC00) |
                         (random_below(random, 8) != 0 ? 0x800 : 0);
        put_number(program, VALUE, entry);
        put_i(program, VAMP_OP_SW, VALUE, TABLE, (int32_t)random_below(random, 24) * 4);
    }
}

/* Waits in a jump to itself for what SR lets through. */
static void put_waiting(struct program *program)
{
    uint32_t mask = some_mask(program->random) | 0x2000;
    put_special(program, VAMP_SPR_SR, random_chance(program->random, 80) ? mask : 0);
    put_jump(program, program->at);
}

static void put_piece(struct program *program, const struct surroundings *here)
{
    struct random *random = program->random;
    uint32_t kind = random_below(random, 100);
    if (random_chance(random, here->devices)) {
        unsigned device = random_below(random, random_chance(random, 100 - here->wild / 4) ? 6 : 8);
        if (random_chance(random, 50))
            put_driver(program, here, device < 6 ? device : 1);
        else
            put_port_access(program, device);
    } else if (kind < 3) {
        put_overflow(program, here);
    } else if (kind < 40) {
        put_arithmetic(program, here);
    } else if (kind < 65) {
        put_memory_access(program, here);
    } else if (kind < 80) {
        put_control(program, here);
    } else if (kind < 86) {
        put_special_access(program, here);
    } else if (kind < 92) {
        put_rewriting(program, here);
    } else if (kind < 95) {
        put_j(program, VAMP_OP_TRAP, (int32_t)random_word(random) >> 6);
    } else if (kind < 97 && random_chance(random, here->wild)) {
        put_word(program,
                 random_chance(random, 50) ? random_word(random) : some_instruction(random));
    } else if (kind < 98 && random_chance(random, 30)) {
        put_j(program, VAMP_OP_RFE, 0);
    } else if (kind >= 98 && !here->is_user && random_chance(random, 60)) {
        put_waiting(program);
    } else {
        put_nop(program);
    }
}

void put_task(struct program *program, const struct surroundings *here, uint32_t length)
{
    struct random *random = program->random;
    uint32_t end = program->at + here->code_bytes - 32;
    put_number(program, DATA, here->data);
    put_number(program, NEAR_DATA, here->data + random_below(random, 4096));
    put_number(program, CODE, here->code);
    put_number(program, TABLE, here->table);
    put_number(program, TARGET, program->at - program->origin);
    for (uint32_t i = random_below(random, 8); i > 0; i--)
        put_number(program, i, random_word(random));
    if (!here->is_user && random_chance(random, 70))
        put_special(program, VAMP_SPR_SR, some_mask(random));
    uint32_t loop = program->at;
    for (uint32_t i = 0; i < length && program->at < end; i++)
        put_piece(program, here);
    if (random_chance(random, 80) && program->at - loop < 0x7000)
        put_jump(program, loop);
    else
        put_j(program, VAMP_OP_TRAP, 0);
}
