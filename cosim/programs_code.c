/* Instructions into a program, and the hostile deeds; programs.h. */
#include "cosim/programs_deeds.h"

#include "semantics/vamp/vamp.h"

enum { PAGES_MAX = 2 }; /* that a hostile program thinks it has */

/* --- Instructions --- */

void program_emit(struct program_code *code, uint32_t word)
{
    if (code->count < code->limit)
        code->words[code->count++] = word;
}

static uint32_t immediate(enum program_opcode op, uint32_t rd, uint32_t rs, uint32_t value)
{
    return (uint32_t)op << 26 | rs << 21 | rd << 16 | (value & 0xFFFF);
}

void program_immediate(struct program_code *code, enum program_opcode op, uint32_t rd, uint32_t rs,
                       uint32_t value)
{
    program_emit(code, immediate(op, rd, rs, value));
}

void program_registers(struct program_code *code, enum program_function function, uint32_t rd,
                       uint32_t rs1, uint32_t rs2)
{
    program_emit(code, rs1 << 21 | rs2 << 16 | rd << 11 | (uint32_t)function);
}

void program_constant(struct program_code *code, uint32_t rd, uint32_t value)
{
    uint32_t low = value & 0xFFFF, high = value >> 16 ^ ((low & 0x8000) != 0 ? 0xFFFF : 0);
    if (value <= 0x7FFF) {
        program_immediate(code, PROGRAM_ADDI, rd, 0, value);
        return;
    }
    program_immediate(code, PROGRAM_LHGI, rd, 0, high);
    program_immediate(code, PROGRAM_XORI, rd, rd, low);
}

void program_trap(struct program_code *code, uint32_t number)
{
    program_emit(code, (uint32_t)PROGRAM_TRAP << 26 | (number & 0x3FFFFFF));
}

/* The distance counts from the branch's delay slot. */
static uint32_t distance(uint32_t from, uint32_t to)
{
    return (to - from) * 4 - 4;
}

void program_branch_to(struct program_code *code, enum program_opcode op, uint32_t rs,
                       uint32_t target)
{
    program_immediate(code, op, 0, rs, distance(code->count, target));
    program_emit(code, 0);
}

uint32_t program_branch(struct program_code *code, enum program_opcode op, uint32_t rs)
{
    uint32_t branch = code->count;
    program_immediate(code, op, 0, rs, 0);
    program_emit(code, 0);
    return branch;
}

void program_land(struct program_code *code, uint32_t branch)
{
    if (branch < code->limit)
        code->words[branch] |= distance(branch, code->count) & 0xFFFF;
}

/* --- Hostile deeds --- */

uint32_t program_argument(struct random *random)
{
    switch (random_below(random, 8)) {
    case 0:
    case 1:
        return random_below(random, 18);
    case 2:
        return random_below(random, 5) * PAGE_BYTES + random_below(random, 4) * 4;
    case 3:
        return random_below(random, 5) * PAGE_BYTES - random_below(random, 5);
    case 4:
        return 0u - random_below(random, 5);
    case 5:
        return (1u << random_below(random, 32)) - random_below(random, 2);
    case 6:
        return random_below(random, 2000);
    default:
        return random_word(random);
    }
}

void program_any_call(struct program_code *code, struct random *random)
{
    uint32_t number =
        random_chance(random, 96) ? random_below(random, CALL_COUNT) : random_word(random);
    bool is_rare = number == CALL_EXIT || number == CALL_CLONE; /* who ends does no more */
    if (is_rare && !random_chance(random, 15))
        number = CALL_RECEIVE;
    for (uint32_t r = R_FIRST; r <= R_LAST; r++)
        program_constant(code, r, program_argument(random));
    /* Who waits for ever does nothing more. */
    if (number >= CALL_SEND && number <= CALL_SEND_RECEIVE && !random_chance(random, 10))
        program_constant(code, number == CALL_SEND_RECEIVE ? 16 : 14, random_below(random, 3));
    program_trap(code, number);
}

static void emit_access(struct program_code *code, struct random *random)
{
    uint32_t place =
        random_below(random, PAGES_MAX) * PAGE_BYTES + random_below(random, PAGE_BYTES / 4) * 4;
    program_constant(code, 2, random_chance(random, 80) ? place : program_argument(random));
    program_immediate(code, random_chance(random, 50) ? PROGRAM_LW : PROGRAM_SW, 3, 2, 0);
}

void program_misdeed(struct program_code *code, struct random *random)
{
    uint32_t kind = random_below(random, 9), special = random_below(random, 32);
    switch (kind) {
    case 0: /* movi2s, any register */
        program_emit(code, random_below(random, 32) << 21 | special << 6 | 17);
        break;
    case 1: /* movs2i */
        program_emit(code, random_below(random, 32) << 11 | special << 6 | 16);
        break;
    case 2:
        program_emit(code, (uint32_t)PROGRAM_RFE << 26);
        break;
    case 3: /* any operation, any function */
        program_emit(code, random_word(random));
        break;
    case 4:
        program_emit(code, random_below(random, 64));
        break;
    case 5: /* a wild jump from which its memory is given back */
    case 6:
        program_constant(code, R_FIRST, random_below(random, 5));
        program_constant(code, 4, random_below(random, 1 << 20) * PAGE_BYTES);
        program_immediate(code, PROGRAM_JR, 0, 4, 0);
        program_trap(code, CALL_MEMORY_FREE);
        break;
    case 7: /* an overflow: addio */
        program_constant(code, 4, 0x7FFFFFFF);
        program_emit(code, UINT32_C(8) << 26 | 4u << 21 | 4u << 16 | 1);
        break;
    default:
        program_constant(code, 4, program_argument(random));
        program_immediate(code, PROGRAM_JR, 0, 4, 0);
        program_emit(code, random_word(random));
        break;
    }
}

void program_calls(struct program_code *code, struct random *random)
{
    for (uint32_t i = random_between(random, 2, 20); i != 0; i--) {
        if (random_chance(random, 8))
            program_misdeed(code, random);
        else if (random_chance(random, 30))
            emit_access(code, random);
        else
            program_any_call(code, random);
    }
}

void program_instructions(struct program_code *code, struct random *random)
{
    for (uint32_t r = 1; r < 32; r++)
        program_constant(code, r, program_argument(random));
    for (uint32_t i = random_between(random, 4, 40); i != 0; i--) {
        struct vamp_insn insn;
        uint32_t word = random_word(random);
        if (vamp_decode(word, &insn))
            program_emit(code, word);
    }
}

void program_words(struct program_code *code, struct random *random)
{
    for (uint32_t i = random_between(random, 1, 10); i != 0; i--)
        program_emit(code, random_word(random));
}

void program_thief(struct program_code *code, struct random *random)
{
    program_constant(code, R_FIRST, 1 + random_below(random, 4));
    program_trap(code, CALL_MEMORY_ADD);
    program_constant(code, 5, random_chance(random, 50) ? PAGE_BYTES : 1020);
    program_constant(code, 2, PAGES_MAX * PAGE_BYTES);
    uint32_t again = code->count;
    program_immediate(code, PROGRAM_SW, 2, 2, 0);
    program_registers(code, PROGRAM_ADD, 2, 5, 2);
    program_branch_to(code, PROGRAM_BNEZ, 5, again);
}

void program_hostile_clone(struct program_code *code, struct random *random)
{
    program_trap(code, CALL_CLONE);
    uint32_t branch = program_branch(code, PROGRAM_BNEZ, R_RESULT);
    uint32_t kind = random_below(random, 10);
    if (kind == 0)
        program_words(code, random);
    else if (kind <= 2)
        program_instructions(code, random);
    else if (kind == 3)
        program_thief(code, random);
    else
        program_calls(code, random);
    program_trap(code, CALL_EXIT);
    program_land(code, branch);
    program_immediate(code, PROGRAM_ADDI, R_CLONE, R_RESULT, 0);
    program_trap(code, CALL_YIELD);
    program_immediate(code, PROGRAM_ADDI, R_FIRST, R_CLONE, 0);
    program_trap(code, random_chance(random, 70) ? CALL_KILL : CALL_YIELD);
}
