#include "tests/twins/change.h"

#include <stdlib.h>
#include <string.h>

const char *change_name(enum change change)
{
    static const char *const names[CHANGE_COUNT] = {
        "bit",    "drop",   "repeat", "swap",  "register", "constant", "opcode",
        "target", "callee", "frame",  "width", "special",  "exchange", "two"};
    return names[change];
}

static uint32_t draw(struct code *code, uint32_t below)
{
    code->random = code->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((code->random >> 33) % below);
}

/* ---- the image, which is this program's own memory ---- */

static char *code_bytes(const struct code *code, uint32_t address)
{
    const struct image *image = code->subject->image;
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct image_segment *segment = &image->segments[i];
        if (address >= segment->address && address - segment->address < segment->content.length)
            return (char *)(uintptr_t)(segment->content.at + (address - segment->address));
    }
    abort();
}

struct code code_of(struct arena *arena, const struct subject *subject,
                    const struct image_symbol *symbol, uint64_t seed)
{
    struct code code = {
        .subject = subject,
        .symbol = symbol,
        .count = symbol->size_bytes / 4,
        .random = seed,
    };
    code.original = ARENA_ARRAY(arena, uint32_t, code.count);
    code.words = ARENA_ARRAY(arena, uint32_t, code.count);
    for (uint32_t i = 0; i < code.count; i++)
        if (!image_word(subject->image, symbol->address + 4 * i, &code.original[i]))
            abort();
    memcpy(code.words, code.original, code.count * sizeof *code.words);
    return code;
}

void code_put(const struct code *code)
{
    for (uint32_t i = 0; i < code->count; i++) {
        char *bytes = code_bytes(code, code->symbol->address + 4 * i);
        for (int k = 0; k < 4; k++)
            bytes[k] = (char)(code->words[i] >> (8 * k));
    }
}

void code_restore(struct code *code)
{
    memcpy(code->words, code->original, code->count * sizeof *code->words);
    code_put(code);
}

/* ---- changes; each answers whether it changed something ---- */

enum { NO_OP = 0x34210000 };

static bool change_field(struct code *code, uint32_t index)
{
    unsigned field = 11 + 5 * draw(code, 3);
    uint32_t old = code->words[index];
    code->words[index] = (old & ~(31u << field)) | draw(code, 32) << field;
    return code->words[index] != old;
}

static bool change_constant(struct code *code, uint32_t index)
{
    static const uint32_t distances[] = {1, 0xffff, 4, 0xfffc, 0x8000};
    uint32_t old = code->words[index];
    code->words[index] = (old & 0xffff0000u) | ((old + distances[draw(code, 5)]) & 0xffff);
    return true;
}

static bool swap(struct code *code, uint32_t index)
{
    if (index + 1 == code->count || code->words[index] == code->words[index + 1])
        return false;
    uint32_t first = code->words[index];
    code->words[index] = code->words[index + 1];
    code->words[index + 1] = first;
    return true;
}

static bool repeat(struct code *code, uint32_t index)
{
    if (index + 1 == code->count || code->words[index] == code->words[index + 1])
        return false;
    code->words[index + 1] = code->words[index];
    return true;
}

/* The next instruction from `index` on that is wanted; false if there is none. */
static bool find(const struct code *code, uint32_t index,
                 bool (*is_wanted)(const struct vamp_insn *insn), uint32_t *found,
                 struct vamp_insn *insn)
{
    for (uint32_t i = 0; i < code->count; i++) {
        *found = (index + i) % code->count;
        if (vamp_decode(code->words[*found], insn) && is_wanted(insn))
            return true;
    }
    return false;
}

static bool put(struct code *code, uint32_t index, const struct vamp_insn *insn)
{
    uint32_t old = code->words[index];
    code->words[index] = vamp_encode(insn);
    return code->words[index] != old;
}

static bool is_jump(const struct vamp_insn *insn)
{
    return insn->op == VAMP_OP_BEQZ || insn->op == VAMP_OP_BNEZ || insn->op == VAMP_OP_J;
}

static bool change_target(struct code *code, uint32_t index)
{
    struct vamp_insn insn;
    uint32_t at;
    if (!find(code, index, is_jump, &at, &insn))
        return false;
    insn.immediate = 4 * (draw(code, code->count) - at - 1);
    return put(code, at, &insn);
}

static bool is_call(const struct vamp_insn *insn)
{
    return insn->op == VAMP_OP_JAL;
}

static bool change_callee(struct code *code, uint32_t index)
{
    const struct image *image = code->subject->image;
    struct vamp_insn insn;
    uint32_t at;
    if (!find(code, index, is_call, &at, &insn))
        return false;
    size_t first = draw(code, (uint32_t)image->symbol_count);
    for (size_t i = 0; i < image->symbol_count; i++) {
        const struct image_symbol *symbol = &image->symbols[(first + i) % image->symbol_count];
        if (symbol->kind != IMAGE_SYMBOL_FUNCTION)
            continue;
        insn.immediate = symbol->address - (code->symbol->address + 4 * at + 4);
        return put(code, at, &insn);
    }
    return false;
}

static bool is_framed(const struct vamp_insn *insn)
{
    bool is_access = insn->op == VAMP_OP_LW || insn->op == VAMP_OP_SW || insn->op == VAMP_OP_ADDI;
    return is_access && insn->rs1 == 29;
}

static bool change_frame(struct code *code, uint32_t index)
{
    struct vamp_insn insn;
    uint32_t at;
    if (!find(code, index, is_framed, &at, &insn))
        return false;
    insn.immediate += 4 * (draw(code, 2) == 0 ? 1 + draw(code, 4) : (uint32_t)-1 - draw(code, 4));
    return put(code, at, &insn);
}

static bool is_word_access(const struct vamp_insn *insn)
{
    return insn->op == VAMP_OP_LW || insn->op == VAMP_OP_SW;
}

static bool change_width(struct code *code, uint32_t index)
{
    static const enum vamp_op loads[] = {VAMP_OP_LB, VAMP_OP_LBU, VAMP_OP_LH, VAMP_OP_LHU};
    static const enum vamp_op stores[] = {VAMP_OP_SB, VAMP_OP_SH};
    struct vamp_insn insn;
    uint32_t at;
    if (!find(code, index, is_word_access, &at, &insn))
        return false;
    insn.op = insn.op == VAMP_OP_LW ? loads[draw(code, 4)] : stores[draw(code, 2)];
    return put(code, at, &insn);
}

static bool is_special(const struct vamp_insn *insn)
{
    return insn->op == VAMP_OP_MOVI2S || insn->op == VAMP_OP_MOVS2I;
}

static bool change_special(struct code *code, uint32_t index)
{
    struct vamp_insn insn;
    uint32_t at;
    if (!find(code, index, is_special, &at, &insn))
        return false;
    if (draw(code, 4) != 0) {
        insn.sa = (uint8_t)draw(code, 18);
        return put(code, at, &insn);
    }
    uint8_t number = insn.op == VAMP_OP_MOVI2S ? insn.rs1 : insn.rd;
    insn.op = insn.op == VAMP_OP_MOVI2S ? VAMP_OP_MOVS2I : VAMP_OP_MOVI2S;
    insn.rs1 = insn.rd = number;
    return put(code, at, &insn);
}

static uint8_t exchanged(uint8_t number, uint8_t a, uint8_t b)
{
    return number == a ? b : number == b ? a : number;
}

static bool exchange(struct code *code)
{
    uint8_t a = (uint8_t)(1 + draw(code, 6)), b = (uint8_t)(1 + draw(code, 31));
    for (uint32_t i = 0; i < code->count; i++) {
        struct vamp_insn insn;
        if (!vamp_decode(code->words[i], &insn))
            continue;
        insn.rs1 = exchanged(insn.rs1, a, b);
        insn.rs2 = exchanged(insn.rs2, a, b);
        insn.rd = exchanged(insn.rd, a, b);
        code->words[i] = vamp_encode(&insn);
    }
    return memcmp(code->words, code->original, code->count * sizeof *code->words) != 0;
}

static bool make(struct code *code, enum change change, uint32_t index)
{
    uint32_t old = code->words[index];
    switch (change) {
    case CHANGE_BIT:
        code->words[index] ^= 1u << draw(code, 32);
        return true;
    case CHANGE_DROP:
        code->words[index] = NO_OP;
        return old != NO_OP;
    case CHANGE_REPEAT:
        return repeat(code, index);
    case CHANGE_SWAP:
        return swap(code, index);
    case CHANGE_REGISTER:
        return change_field(code, index);
    case CHANGE_CONSTANT:
        return change_constant(code, index);
    case CHANGE_OPCODE:
        code->words[index] = (old & 0x03ffffffu) | draw(code, 64) << 26;
        return code->words[index] != old;
    case CHANGE_TARGET:
        return change_target(code, index);
    case CHANGE_CALLEE:
        return change_callee(code, index);
    case CHANGE_FRAME:
        return change_frame(code, index);
    case CHANGE_WIDTH:
        return change_width(code, index);
    case CHANGE_SPECIAL:
        return change_special(code, index);
    case CHANGE_EXCHANGE:
        return exchange(code);
    case CHANGE_TWO:
        make(code, (enum change)draw(code, CHANGE_EXCHANGE), index);
        make(code, (enum change)draw(code, CHANGE_EXCHANGE), draw(code, code->count));
        return memcmp(code->words, code->original, code->count * sizeof *code->words) != 0;
    case CHANGE_COUNT:
        break;
    }
    abort();
}

enum change code_change(struct code *code, enum change change, uint32_t index)
{
    if (make(code, change, index))
        return change;
    code->words[index] ^= 1u << draw(code, 32);
    return CHANGE_BIT;
}
