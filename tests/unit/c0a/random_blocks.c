#include "random_blocks.h"

#include "base/text.h"

#include <stdbool.h>

/* Registers by what they hold, so that no address is ever seen as a number: on the two machines
 * globals lie at different addresses. */
enum {
    NUMBERS = 14,  /* r1 to r14: numbers */
    COUNTER = 15,  /* r15 to r17: counters of loops, by depth */
    POINTER = 20,  /* r20: an address of something; r21: an offset; r22: their sum */
    SCRATCH = 23,  /* r23: a value made to be stored */
    LOOP_DEPTH = 3 /* of loops within a block */
};

struct maker {
    struct arena *arena;
    struct text_builder text;
    uint64_t seed;
    uint32_t written; /* numbers that every path to here has written */
    unsigned labels, loops;
    bool has_result; /* the calls of `part` below f are made */
};

static uint32_t below(struct maker *maker, uint32_t bound)
{
    maker->seed ^= maker->seed << 13;
    maker->seed ^= maker->seed >> 7;
    maker->seed ^= maker->seed << 17;
    return (uint32_t)(maker->seed >> 32) % bound;
}

static bool once_in(struct maker *maker, uint32_t n)
{
    return below(maker, n) == 0;
}

static unsigned target(struct maker *maker)
{
    return 1 + below(maker, NUMBERS);
}

/* A number that may be read; r0 if there is none. */
static unsigned number(struct maker *maker)
{
    for (unsigned k = 0; k < 8; k++) {
        unsigned reg = 1 + below(maker, NUMBERS);
        if ((maker->written >> reg & 1) != 0)
            return reg;
    }
    return 0;
}

static void wrote(struct maker *maker, unsigned reg)
{
    maker->written |= UINT32_C(1) << reg;
}

static uint32_t constant(struct maker *maker)
{
    static const uint32_t telling[] = {0,      1,          2,          31,         32,
                                       0x7FFF, 0x8000,     0xFFFF,     0x10000,    0x7FFFFFFF,
                                       ~0u,    0x80000000, 0xFFFF8000, 0x12345678, 0xFFFEu};
    return once_in(maker, 3) ? below(maker, UINT32_MAX) : telling[below(maker, 15)];
}

/* --- Single instructions: each ends with a line --- */

static void make_register_form(struct maker *maker)
{
    static const char *const ops[] = {"add", "addo", "sub", "subo", "and", "or",  "xor", "sll",
                                      "srl", "sra",  "sgr", "seq",  "sge", "sls", "sne", "sle"};
    const char *op = ops[below(maker, sizeof ops / sizeof *ops)];
    unsigned left = number(maker), right = number(maker), to = target(maker);
    text_append(&maker->text, "%s r%u, r%u, r%u\n", op, to, left, right);
    wrote(maker, to);
}

static void make_immediate_form(struct maker *maker)
{
    static const char *const ops[] = {"addi", "addio", "subi", "subio", "andi", "ori", "xori",
                                      "sgri", "seqi",  "sgei", "slsi",  "snei", "slei"};
    const char *op = ops[below(maker, sizeof ops / sizeof *ops)];
    unsigned from = number(maker), to = target(maker);
    text_append(&maker->text, "%s r%u, r%u, %d\n", op, to, from, (int)below(maker, 65536) - 32768);
    wrote(maker, to);
}

static void make_short_form(struct maker *maker)
{
    unsigned from = number(maker), to = target(maker), amount = below(maker, 32);
    switch (below(maker, 8)) {
    case 0:
        text_append(&maker->text, "lhgi r%u, 0x%x\n", to, (unsigned)below(maker, 65536));
        break;
    case 1:
        text_append(&maker->text, "lhg r%u, r%u\n", to, from);
        break;
    case 2:
        text_append(&maker->text, "slli r%u, r%u, %u\n", to, from, amount);
        break;
    case 3:
        text_append(&maker->text, "srai r%u, r%u, %u\n", to, from, amount);
        break;
    case 4:
        text_append(&maker->text, "srli r%u, r%u, %u\n", to, from, amount);
        break;
    case 5:
        text_append(&maker->text, "%s r%u\n", once_in(maker, 2) ? "clr" : "seti", to);
        break;
    default:
        text_append(&maker->text, "nop\n");
        return;
    }
    wrote(maker, to);
}

static void make_special(struct maker *maker)
{
    static const char *const specials[] = {"ESR", "ECA", "EPC", "EDPC",  "EDATA", "RM", "IEEEF",
                                           "FCC", "PTO", "PTL", "EMODE", "s20",   "s31"};
    const char *special = specials[below(maker, sizeof specials / sizeof *specials)];
    unsigned to = target(maker);
    if (once_in(maker, 2)) {
        text_append(&maker->text, "movi2s %s, r%u\n", special, number(maker));
        return;
    }
    if (once_in(maker, 4))
        special = once_in(maker, 2) ? "SR" : "MODE";
    text_append(&maker->text, "movs2i r%u, %s\n", to, special);
    wrote(maker, to);
}

/* [x] of whatever the function names. */
static void make_variable(struct maker *maker)
{
    static const char *const any[] = {"gi", "gu", "gt", "gc", "gb", "n", "m", "x", "u", "c", "b"};
    static const char *const ints[] = {"gi", "gu", "gt", "n", "m", "x", "u"};
    if (once_in(maker, 2)) {
        unsigned to = target(maker);
        text_append(&maker->text, "lw r%u, [%s]\n", to, any[below(maker, 11)]);
        wrote(maker, to);
    } else {
        text_append(&maker->text, "sw r%u, [%s]\n", number(maker), ints[below(maker, 7)]);
    }
}

static void make_single(struct maker *maker)
{
    switch (below(maker, 8)) {
    case 0:
    case 1:
        make_register_form(maker);
        return;
    case 2:
    case 3:
        make_immediate_form(maker);
        return;
    case 4:
        make_short_form(maker);
        return;
    case 5:
        make_special(maker);
        return;
    default:
        make_variable(maker);
    }
}

/* --- Memory --- */

static void make_constant(struct maker *maker)
{
    unsigned to = target(maker);
    text_append(&maker->text, "li r%u, 0x%x\n", to, (unsigned)constant(maker));
    wrote(maker, to);
}

/* A load or store at r20 or r22, which point to `words` words of numbers. */
static void make_access(struct maker *maker, uint32_t words, bool is_sub_word_allowed)
{
    static const char *const loads[] = {"lw", "lb", "lbu", "lh", "lhu"};
    static const char *const stores[] = {"sw", "sb", "sh"};
    unsigned width = is_sub_word_allowed && once_in(maker, 2) ? 1 + below(maker, 4) : 0;
    uint32_t offset = 4 * below(maker, words);
    if (width != 0)
        offset += width == 1 || width == 2 ? below(maker, 4) : 2 * below(maker, 2);
    if (once_in(maker, 200))
        offset ^= 1; /* at times misaligned: then both machines stop */
    unsigned base = POINTER;
    if (words == 8 && once_in(maker, 3)) {
        text_append(&maker->text, "andi r%u, r%u, 28\nadd r%u, r%u, r%u\n", POINTER + 1,
                    number(maker), POINTER + 2, POINTER, POINTER + 1);
        base = POINTER + 2;
        offset &= 3;
    }
    if (once_in(maker, 2)) {
        unsigned to = target(maker);
        text_append(&maker->text, "%s r%u, %u(r%u)\n", loads[width], to, (unsigned)offset, base);
        wrote(maker, to);
    } else {
        unsigned store = width == 0 ? 0 : width <= 2 ? 1 : 2;
        text_append(&maker->text, "%s r%u, %u(r%u)\n", stores[store], number(maker),
                    (unsigned)offset, base);
    }
}

/* Values of other types are stored whole, and most often they are of their type. */
static void make_typed_store(struct maker *maker)
{
    unsigned from = number(maker);
    bool is_wild = once_in(maker, 60);
    switch (below(maker, 3)) {
    case 0:
        text_append(&maker->text, "li r20, &gc\nandi r23, r%u, %d\n", from, is_wild ? -1 : 127);
        break;
    case 1:
        text_append(&maker->text, "li r20, &gb\nandi r23, r%u, %d\n", from, is_wild ? -1 : 1);
        break;
    default:
        text_append(&maker->text, "li r20, &gp\nli r23, &ga\n");
        text_append(&maker->text, "addi r23, r23, %u\n", 4 * (unsigned)below(maker, 8));
    }
    text_append(&maker->text, "sw r23, 0(r20)\n");
}

static void make_memory(struct maker *maker)
{
    switch (below(maker, 6)) {
    case 0:
        text_append(&maker->text, "li r20, &ga\n");
        make_access(maker, 8, true);
        return;
    case 1:
        text_append(&maker->text, "lw r20, [%s]\n", once_in(maker, 2) ? "gq" : "q");
        make_access(maker, 3, true);
        return;
    case 2:
        text_append(&maker->text, "li r20, 0x%x\n",
                    (unsigned)(RANDOM_MEMORY + 4 * below(maker, RANDOM_WORDS - 8)));
        make_access(maker, 8, true);
        return;
    case 3: /* six devices; those that are missing stop both machines */
        text_append(&maker->text, "li r20, 0x%x\n",
                    (unsigned)(0xFFFF8000 + 0x1000 * (once_in(maker, 100) ? 7 : below(maker, 6))));
        make_access(maker, 3, once_in(maker, 100));
        return;
    default:
        make_typed_store(maker);
    }
}

/* --- Control within a block --- */

static void make_lines(struct maker *maker, unsigned count);

static unsigned new_label(struct maker *maker)
{
    return ++maker->labels;
}

/* Over some lines, or from one half to behind the other. What the slot does is done on both ways,
 * after the branch was decided. */
static void make_branch(struct maker *maker)
{
    unsigned otherwise = new_label(maker), end = new_label(maker);
    text_append(&maker->text, "%s r%u, l%u\n", once_in(maker, 2) ? "beqz" : "bnez", number(maker),
                otherwise);
    make_single(maker);
    uint32_t before = maker->written;
    make_lines(maker, below(maker, 4));
    uint32_t after_first = maker->written;
    maker->written = before;
    if (once_in(maker, 2)) {
        maker->written = after_first;
        text_append(&maker->text, "j l%u\n", end);
        make_single(maker);
        after_first = maker->written;
        maker->written = before;
        text_append(&maker->text, "l%u:\n", otherwise);
        make_lines(maker, below(maker, 4));
        text_append(&maker->text, "l%u:\n", end);
    } else {
        text_append(&maker->text, "l%u:\n", otherwise);
    }
    maker->written &= after_first;
}

/* A loop is run 1 to 3 times; its counter goes down before, in or after the slot. */
static void make_loop(struct maker *maker)
{
    if (maker->loops == LOOP_DEPTH)
        return;
    unsigned counter = COUNTER + maker->loops++, label = new_label(maker);
    bool is_early = once_in(maker, 2);
    text_append(&maker->text, "addi r%u, r0, %u\nl%u:\n", counter, 1 + (unsigned)below(maker, 3),
                label);
    if (is_early)
        text_append(&maker->text, "subi r%u, r%u, 1\n", counter, counter);
    make_lines(maker, 1 + below(maker, 4));
    text_append(&maker->text, "bnez r%u, l%u\n", counter, label);
    if (is_early)
        make_single(maker);
    else
        text_append(&maker->text, "subi r%u, r%u, 1\n", counter, counter);
    maker->loops--;
}

/* Past lines that no path reaches, and that may say anything. */
static void make_dead(struct maker *maker)
{
    unsigned label = new_label(maker);
    text_append(&maker->text, "j l%u\n", label);
    make_single(maker);
    text_append(&maker->text, "add r18, r19, r18\nsw r18, 3(r0)\nl%u:\n", label);
}

/* Into the delay slot of another branch. */
static void make_slot_entry(struct maker *maker)
{
    unsigned slot = new_label(maker), end = new_label(maker);
    text_append(&maker->text, "beqz r%u, l%u\nnop\nbnez r%u, l%u\nl%u:\n", number(maker), slot,
                number(maker), end, slot);
    make_single(maker);
    uint32_t written = maker->written;
    make_lines(maker, below(maker, 3));
    maker->written = written;
    text_append(&maker->text, "l%u:\n", end);
}

static void make_line(struct maker *maker)
{
    switch (below(maker, 12)) {
    case 0:
        make_branch(maker);
        return;
    case 1:
        make_loop(maker);
        return;
    case 2:
        if (once_in(maker, 2))
            make_dead(maker);
        else
            make_slot_entry(maker);
        return;
    case 3:
    case 4:
    case 5:
        make_memory(maker);
        return;
    case 6:
        make_constant(maker);
        return;
    default:
        make_single(maker);
    }
}

static void make_lines(struct maker *maker, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        make_line(maker);
}

static void make_block(struct maker *maker, unsigned count)
{
    maker->written = 0;
    text_append(&maker->text, "asm {\n");
    make_lines(maker, count);
    text_append(&maker->text, "}\n");
}

/* Overflows interrupt from here on, if the random number says so. */
static void make_mask(struct maker *maker)
{
    text_append(&maker->text, "asm { lw r1, [gu]; andi r1, r1, 0x40; movi2s SR, r1 }\n");
}

/* All registers get values, and the run ends. */
static void make_exit(struct maker *maker)
{
    text_append(&maker->text,
                "asm { lw r1, [gu]; movi2s EMODE, r1; li r2, 0x%x; movi2s EDPC, r2\n"
                "addi r2, r2, 4; movi2s EPC, r2; movi2s ESR, r0\n",
                RANDOM_RESUMED);
    for (unsigned i = 2; i < 32; i++)
        text_append(&maker->text, "addi r%u, r1, %u\n", i, i);
    text_append(&maker->text, "rfe }\n");
}

/* --- Around the blocks --- */

static void make_statement(struct maker *maker, unsigned depth)
{
    switch (below(maker, depth == 0 ? 7 : 10)) {
    case 0:
        text_append(&maker->text, "x = x * 3 + (int)ga[%u];\n", (unsigned)below(maker, 8));
        return;
    case 1:
        text_append(&maker->text, "gu = u ^ gt; c = gc; b = gb;\n");
        return;
    case 2:
        text_append(&maker->text, "u = *gp + m; gq->a = u;\n");
        return;
    case 3:
        if (maker->has_result)
            text_append(&maker->text, "u = part(x, u);\n");
        return;
    case 7:
        text_append(&maker->text, "if ((u & %uu) == 0u) {\n", 1u << below(maker, 4));
        make_statement(maker, depth - 1);
        make_block(maker, below(maker, 6));
        text_append(&maker->text, "} else {\n");
        make_statement(maker, depth - 1);
        text_append(&maker->text, "}\n");
        return;
    case 8:
        text_append(&maker->text, "i%u = 0; while (i%u < %u) {\n", depth, depth,
                    1 + (unsigned)below(maker, 3));
        make_statement(maker, depth - 1);
        make_block(maker, below(maker, 6));
        text_append(&maker->text, "i%u = i%u + 1; }\n", depth, depth);
        return;
    default:
        make_block(maker, 1 + below(maker, 16));
    }
}

static void make_function(struct maker *maker, const char *name)
{
    text_append(&maker->text,
                "unsigned int %s(int n, unsigned int m) {\n"
                "int x; unsigned int u; char c; bool b; struct s *q; int i1; int i2;\n"
                "x = n; u = m; c = gc; b = gb; q = new(struct s); i1 = 0; i2 = 0;\n",
                name);
    for (unsigned i = 0, count = 2 + below(maker, 5); i < count; i++)
        make_statement(maker, 2);
    text_append(&maker->text, "gl = q; gu = gu + q->b;\n");
}

const char *random_blocks(struct arena *arena, uint64_t seed)
{
    struct maker maker = {
        .arena = arena, .text = {.arena = arena}, .seed = seed * UINT64_C(0x9E3779B97F4A7C15)};
    text_append(&maker.text,
                "struct s { unsigned int a; unsigned int b; unsigned int e; };\n"
                "int gi = 5; unsigned int gu = 0x%xu; char gc = 'g'; bool gb = true;\n"
                "unsigned int ga[8] = {1u, 2u, 3u}; unsigned int *gp = &ga[2];\n"
                "struct s gs; struct s *gq = &gs; struct s *gl;\n"
                "static unsigned int gt = 9u;\n",
                (unsigned)constant(&maker));
    make_function(&maker, "part");
    text_append(&maker.text, "return u + m; }\n");
    maker.has_result = true;
    make_function(&maker, "f");
    if (once_in(&maker, 4)) {
        make_mask(&maker);
        make_block(&maker, 8);
    }
    if (once_in(&maker, 4))
        make_exit(&maker);
    text_append(&maker.text, "return u + (unsigned int)x; }\n");
    return text_built(&maker.text);
}
