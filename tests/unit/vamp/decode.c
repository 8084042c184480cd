#include "semantics/vamp/vamp.h"

#include <criterion/criterion.h>
#include <string.h>

/* docs/VAMP.md: which op and fn fields are instructions. */
static bool is_specified(uint32_t word)
{
    uint32_t op = word >> 26, fn = word & 0x3F;
    if (op == 0)
        return fn <= 7 || fn == 16 || fn == 17 || (fn >= 32 && fn <= 47);
    return (op >= 2 && op <= 5) || (op >= 8 && op <= 15) || (op >= 22 && op <= 33) ||
           (op >= 35 && op <= 37) || op == 40 || op == 41 || op == 43 || op == 62 || op == 63;
}

static bool same(const struct vamp_insn *a, const struct vamp_insn *b)
{
    return a->op == b->op && a->rs1 == b->rs1 && a->rs2 == b->rs2 && a->rd == b->rd &&
           a->sa == b->sa && a->immediate == b->immediate;
}

static void check_word(uint32_t word)
{
    struct vamp_insn insn, again;
    bool is_decoded = vamp_decode(word, &insn);
    cr_assert_eq(is_decoded, is_specified(word), "0x%08x", word);
    if (!is_decoded)
        return;
    uint32_t encoded = vamp_encode(&insn);
    cr_assert(vamp_decode(encoded, &again) && same(&insn, &again), "0x%08x", word);
    cr_assert_eq(vamp_encode(&again), encoded, "0x%08x", word);
    /* op, and fn but for the lowest bit of a left shift, are what they were. */
    uint32_t fixed = word >> 26 == 0 ? 0xFC00003E : 0xFC000000;
    cr_assert_eq(encoded & fixed, word & fixed, "0x%08x", word);
}

Test(vamp_decode, exactly_the_specified_encodings_decode)
{
    for (uint32_t op = 0; op < 64; op++) {
        for (uint32_t fn = 0; fn < 64; fn++) {
            check_word(op << 26 | fn);
            check_word(op << 26 | 0x03FFFFC0 | fn);
        }
    }
}

Test(vamp_decode, every_decoded_word_encodes_back)
{
    uint32_t word = 1;
    for (int i = 0; i < 10000000; i++) {
        check_word(word);
        word = word * 1664525 + 1013904223;
    }
}

Test(vamp_decode, there_are_56_instructions_with_56_mnemonics)
{
    cr_assert_eq(VAMP_OP_COUNT, 56);
    for (int i = 0; i < VAMP_OP_COUNT; i++) {
        for (int j = 0; j < i; j++)
            cr_expect_str_neq(vamp_mnemonic((enum vamp_op)i), vamp_mnemonic((enum vamp_op)j));
    }
}

static void expect_decoded(uint32_t word, struct vamp_insn expected, const char *text)
{
    struct vamp_insn insn;
    char buffer[64];
    cr_assert(vamp_decode(word, &insn));
    cr_expect(same(&insn, &expected), "0x%08x", word);
    vamp_print(&insn, buffer, sizeof buffer);
    cr_expect_str_eq(buffer, text);
}

Test(vamp_decode, fields_are_where_the_formats_have_them)
{
    /* op RS1 RD imm */
    expect_decoded(9u << 26 | 3u << 21 | 30u << 16 | 0xFFFC,
                   (struct vamp_insn){.op = VAMP_OP_ADDI, .rs1 = 3, .rd = 30, .immediate = -4u},
                   "addi r30,r3,-4");
    /* 0 RS1 RS2 RD SA fn */
    expect_decoded(1u << 21 | 2u << 16 | 3u << 11 | 9u << 6 | 33,
                   (struct vamp_insn){.op = VAMP_OP_ADD, .rs1 = 1, .rs2 = 2, .rd = 3},
                   "add r3,r1,r2");
    expect_decoded(1u << 21 | 2u << 16 | 3u << 11 | 31u << 6 | 2,
                   (struct vamp_insn){.op = VAMP_OP_SRLI, .rs1 = 1, .rd = 3, .sa = 31},
                   "srli r3,r1,31");
    /* op imm26 */
    expect_decoded(3u << 26 | 0x03FFFFF8, (struct vamp_insn){.op = VAMP_OP_JAL, .immediate = -8u},
                   "jal -8");
    expect_decoded(3u << 26 | 0x01FFFFFC,
                   (struct vamp_insn){.op = VAMP_OP_JAL, .immediate = 0x01FFFFFC}, "jal 33554428");
}

Test(vamp_decode, the_usual_no_op_is_ori_r1_r1_0)
{
    expect_decoded(0x34210000, (struct vamp_insn){.op = VAMP_OP_ORI, .rs1 = 1, .rd = 1},
                   "ori r1,r1,0");
}

Test(vamp_decode, left_shifts_have_a_second_encoding)
{
    struct vamp_insn first, second;
    cr_expect(vamp_decode(0x00221940, &first) && vamp_decode(0x00221941, &second));
    cr_expect(first.op == VAMP_OP_SLLI && same(&first, &second));
    cr_expect(vamp_decode(0x00221944, &first) && vamp_decode(0x00221945, &second));
    cr_expect(first.op == VAMP_OP_SLL && same(&first, &second));
}

Test(vamp_decode, fields_that_an_instruction_ignores_are_not_kept)
{
    expect_decoded(24u << 26 | 7u << 21 | 5u << 16 | 0x1234,
                   (struct vamp_insn){.op = VAMP_OP_CLRI, .rd = 5}, "clri r5");
    expect_decoded(63u << 26 | 0x1234, (struct vamp_insn){.op = VAMP_OP_RFE}, "rfe");
    expect_decoded(9u << 21 | 4u << 16 | 3u << 11 | 6u << 6 | 17,
                   (struct vamp_insn){.op = VAMP_OP_MOVI2S, .rs1 = 9, .sa = 6}, "movi2s s6,r9");
}
