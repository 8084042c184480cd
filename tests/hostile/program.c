#include "tests/hostile/program.h"

void put_word(struct program *program, uint32_t word)
{
    if (program->at < program->size_bytes)
        program->words[program->at / 4] = word;
    program->at += 4;
}

void put_r(struct program *program, enum vamp_op op, uint32_t rd, uint32_t rs1, uint32_t other)
{
    struct vamp_insn insn = {.op = op,
                             .rd = (uint8_t)rd,
                             .rs1 = (uint8_t)rs1,
                             .rs2 = (uint8_t)other,
                             .sa = (uint8_t)other};
    put_word(program, vamp_encode(&insn));
}

void put_i(struct program *program, enum vamp_op op, uint32_t rd, uint32_t rs1, int32_t immediate)
{
    struct vamp_insn insn = {.op = op,
                             .rd = (uint8_t)rd,
                             .rs1 = (uint8_t)rs1,
                             .immediate = (uint32_t)(int32_t)(int16_t)immediate};
    put_word(program, vamp_encode(&insn));
}

void put_j(struct program *program, enum vamp_op op, int32_t immediate)
{
    struct vamp_insn insn = {.op = op, .immediate = (uint32_t)immediate};
    put_word(program, vamp_encode(&insn));
}

void put_nop(struct program *program)
{
    put_i(program, VAMP_OP_ORI, 1, 1, 0);
}

void put_number(struct program *program, uint32_t rd, uint32_t number)
{
    put_i(program, VAMP_OP_LHGI, rd, 0, (int32_t)((number + 0x8000) >> 16));
    put_i(program, VAMP_OP_ADDI, rd, rd, (int32_t)number);
}

void put_special(struct program *program, enum vamp_spr special, uint32_t number)
{
    put_number(program, 23, number);
    put_r(program, VAMP_OP_MOVI2S, 0, 23, special);
}

void put_branch(struct program *program, enum vamp_op op, uint32_t rs1, uint32_t target)
{
    put_i(program, op, 0, rs1, (int32_t)(target - program->at - 4));
    put_nop(program);
}

void put_jump(struct program *program, uint32_t target)
{
    put_j(program, VAMP_OP_J, (int32_t)(target - program->at - 4));
    put_nop(program);
}

uint32_t put_branch_ahead(struct program *program, enum vamp_op op, uint32_t rs1)
{
    uint32_t branch = program->at;
    put_branch(program, op, rs1, branch);
    return branch;
}

void set_target(struct program *program, uint32_t branch)
{
    uint32_t distance = program->at - branch - 4;
    if (branch < program->size_bytes)
        program->words[branch / 4] = (program->words[branch / 4] & 0xFFFF0000) | distance;
}

uint32_t some_instruction(struct random *random)
{
    struct vamp_insn insn = {.op = random_below(random, VAMP_OP_COUNT),
                             .rs1 = (uint8_t)random_below(random, 32),
                             .rs2 = (uint8_t)random_below(random, 32),
                             .rd = (uint8_t)random_below(random, 32),
                             .sa = (uint8_t)random_below(random, 32),
                             .immediate = (uint32_t)(int32_t)(int16_t)random_word(random)};
    return vamp_encode(&insn);
}

uint32_t pick(struct random *random, const uint32_t *from, size_t count)
{
    return from[random_below(random, (uint32_t)count)];
}
