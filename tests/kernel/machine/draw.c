#include "tests/kernel/machine/hostile.h"

#include "semantics/vamp/vamp.h"

#include <stdio.h>
#include <string.h>

enum {
    PAGES_MAX = 2,
    WORDS_MAX = PAGES_MAX * PAGE_BYTES / 4,
    DIRECTORY = 0x4B534944,
    DIRECTORY_WORDS = 9,
    CALLS = 18,
    CALL_YIELD = 0,
    CALL_EXIT = 1,
    CALL_CLONE = 3,
    CALL_KILL = 4,
    CALL_MEMORY_ADD = 5,
    CALL_MEMORY_FREE = 6,
    OP_BNEZ = 5,
    FN_ADD = 33,
    OP_ADDI = 9,
    OP_XORI = 14,
    OP_LHGI = 15,
    OP_SW = 43,
    OP_LW = 35,
    OP_JR = 22,
    OP_J = 2,
    OP_TRAP = 62,
    OP_RFE = 63,
};

struct program {
    uint32_t words[WORDS_MAX], count, limit;
};

static void emit(struct program *program, uint32_t word)
{
    if (program->count < program->limit)
        program->words[program->count++] = word;
}

static uint32_t immediate(uint32_t op, uint32_t rd, uint32_t rs, uint32_t value)
{
    return op << 26 | rs << 21 | rd << 16 | (value & 0xFFFF);
}

static void emit_constant(struct program *program, uint32_t rd, uint32_t value)
{
    uint32_t low = value & 0xFFFF, high = value >> 16 ^ ((low & 0x8000) != 0 ? 0xFFFF : 0);
    emit(program, immediate(OP_LHGI, rd, 0, high));
    emit(program, immediate(OP_XORI, rd, rd, low));
}

/* Process numbers, places and lengths in memory, the edges of words, or anything. */
static uint32_t draw_argument(struct random *random)
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

static void emit_call(struct program *program, struct random *random)
{
    uint32_t number = random_chance(random, 96) ? random_below(random, CALLS) : random_word(random);
    bool is_rare = number == CALL_EXIT || number == CALL_CLONE; /* who ends does no more */
    if (is_rare && !random_chance(random, 15))
        number = 9;
    for (uint32_t r = 11; r <= 16; r++)
        emit_constant(program, r, draw_argument(random));
    /* Who waits for ever does nothing more. */
    if (number >= 8 && number <= 10 && !random_chance(random, 10))
        emit_constant(program, number == 10 ? 16 : 14, random_below(random, 3));
    emit(program, (uint32_t)OP_TRAP << 26 | (number & 0x3FFFFFF));
}

static void emit_access(struct program *program, struct random *random)
{
    emit_constant(program, 2,
                  random_chance(random, 80) ? random_below(random, PAGES_MAX) * PAGE_BYTES +
                                                  random_below(random, PAGE_BYTES / 4) * 4
                                            : draw_argument(random));
    emit(program, immediate(random_chance(random, 50) ? OP_LW : OP_SW, 3, 2, 0));
}

/* What ends it, as a rule: privileged, illegal, wild. */
static void emit_misdeed(struct program *program, struct random *random)
{
    switch (random_below(random, 8)) {
    case 0: /* movi2s, any register */
        emit(program, random_below(random, 32) << 21 | random_below(random, 32) << 6 | 17);
        break;
    case 1: /* movs2i */
        emit(program, random_below(random, 32) << 16 | random_below(random, 32) << 6 | 16);
        break;
    case 2:
        emit(program, (uint32_t)OP_RFE << 26);
        break;
    case 3: /* any operation, any function */
        emit(program, random_word(random));
        break;
    case 4:
        emit(program, random_below(random, 64));
        break;
    case 5: /* a wild jump from which its memory is given back */
    case 6:
        emit_constant(program, 11, random_below(random, 5));
        emit_constant(program, 4, random_below(random, 1 << 20) * PAGE_BYTES);
        emit(program, immediate(OP_JR, 0, 4, 0));
        emit(program, (uint32_t)OP_TRAP << 26 | CALL_MEMORY_FREE);
        break;
    default:
        emit_constant(program, 4, draw_argument(random));
        emit(program, immediate(OP_JR, 0, 4, 0));
        emit(program, random_word(random));
        break;
    }
}

/* Calls at random, memory, and now and then a misdeed. */
static void emit_calls(struct program *program, struct random *random)
{
    for (uint32_t i = random_between(random, 2, 20); i != 0; i--) {
        if (random_chance(random, 8))
            emit_misdeed(program, random);
        else if (random_chance(random, 30))
            emit_access(program, random);
        else
            emit_call(program, random);
    }
}

/* Registers with arguments, and then instructions that there are, with any operands. */
static void emit_instructions(struct program *program, struct random *random)
{
    for (uint32_t r = 1; r < 32; r++)
        emit_constant(program, r, draw_argument(random));
    for (uint32_t i = random_between(random, 4, 40); i != 0; i--) {
        struct vamp_insn insn;
        uint32_t word = random_word(random);
        if (vamp_decode(word, &insn))
            emit(program, word);
    }
}

static void emit_words(struct program *program, struct random *random)
{
    for (uint32_t i = random_between(random, 1, 10); i != 0; i--)
        emit(program, random_word(random));
}

/* Writes to its pages over and over, and beyond them in the end. */
static void emit_thief(struct program *program, struct random *random)
{
    emit_constant(program, 11, 1 + random_below(random, 4));
    emit(program, (uint32_t)OP_TRAP << 26 | CALL_MEMORY_ADD);
    emit_constant(program, 5, random_chance(random, 50) ? PAGE_BYTES : 1020);
    emit_constant(program, 2, PAGES_MAX * PAGE_BYTES);
    uint32_t again = program->count;
    emit(program, immediate(OP_SW, 2, 2, 0));
    emit(program, 5u << 21 | 2u << 16 | 2u << 11 | FN_ADD);
    emit(program, (uint32_t)OP_J << 26 | (((again - program->count) * 4 - 4) & 0x3FFFFFF));
    emit(program, 0);
}

/* A clone does it; the program itself goes on, and may end the clone. */
static void emit_deed(struct program *program, struct random *random)
{
    emit(program, (uint32_t)OP_TRAP << 26 | CALL_CLONE);
    uint32_t branch = program->count;
    emit(program, 0);
    emit(program, 0);
    uint32_t kind = random_below(random, 10);
    if (kind == 0)
        emit_words(program, random);
    else if (kind <= 2)
        emit_instructions(program, random);
    else if (kind == 3)
        emit_thief(program, random);
    else
        emit_calls(program, random);
    emit(program, (uint32_t)OP_TRAP << 26 | CALL_EXIT);
    program->words[branch] = immediate(OP_BNEZ, 0, 12, (program->count - branch) * 4 - 4);
    emit(program, immediate(OP_ADDI, 20, 12, 0));
    emit(program, (uint32_t)OP_TRAP << 26 | CALL_YIELD);
    emit(program, immediate(OP_ADDI, 11, 20, 0));
    emit(program, (uint32_t)OP_TRAP << 26 | (random_chance(random, 70) ? CALL_KILL : CALL_YIELD));
}

/* Deeds, again and again; some programs do without clones. */
static void draw_program(struct program *program, struct random *random)
{
    enum { DEED_WORDS_MAX = 400 };
    bool has_clones = random_chance(random, 85);
    program->count = 0;
    program->limit = WORDS_MAX;
    while (program->count + DEED_WORDS_MAX < program->limit) {
        if (has_clones)
            emit_deed(program, random);
        else
            emit_calls(program, random);
    }
    emit(program, immediate(OP_JR, 0, 0, 0));
    emit(program, 0);
}

static uint32_t get(const unsigned char *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void put(unsigned char *bytes, uint32_t word)
{
    for (unsigned i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(word >> 8 * i);
}

/* The directory's entry for program i of the disk, without bounds: the disk is this project's. */
static unsigned char *entry_at(unsigned char *directory, uint32_t i)
{
    return directory + 8 + (size_t)i * DIRECTORY_WORDS * 4;
}

bool hostile_draw(struct arena *arena, struct text disk, struct random *random,
                  struct device_store *store)
{
    enum { ROOM = 8 * PAGES_MAX * PAGE_BYTES };
    size_t size = disk.length + ROOM;
    unsigned char *bytes = ARENA_ARRAY(arena, unsigned char, size);
    memcpy(bytes, disk.at, disk.length);
    if (disk.length < PAGE_BYTES || disk.length % PAGE_BYTES != 0 || get(bytes) != DIRECTORY)
        return false;
    unsigned char *init = entry_at(bytes, 0);
    size_t copy = (size_t)get(init + 16) * DEVICE_SECTOR_BYTES + (get(init + 20) - 1) * PAGE_BYTES;
    size_t end = disk.length;
    struct program *program = ARENA_ARRAY(arena, struct program, 1);
    for (uint32_t i = 0; i < get(bytes + 4); i++) {
        unsigned char *entry = entry_at(bytes, i);
        if (memcmp(entry, "hostile", 7) != 0)
            continue;
        draw_program(program, random);
        for (uint32_t w = 0; w < program->count; w++)
            put(bytes + end + 4 * w, program->words[w]);
        put(entry + 16, (uint32_t)(end / DEVICE_SECTOR_BYTES));
        put(entry + 20, PAGES_MAX);
        put(entry + 24, random_between(random, PAGES_MAX, 4));
        end += PAGES_MAX * PAGE_BYTES;
    }
    if (end == disk.length || end > size || copy + PAGE_BYTES > disk.length)
        return false;
    memcpy(bytes + copy, bytes, PAGE_BYTES);
    *store = store_memory_new(arena, (uint32_t)(size / DEVICE_SECTOR_BYTES));
    for (uint32_t s = 0; s < store->sector_count; s++)
        store->write(store->self, s, bytes + (size_t)s * DEVICE_SECTOR_BYTES);
    return true;
}
