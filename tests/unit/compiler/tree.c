/* Trees: what is simplified, and what a factor's digits are. */
#include "compiler/tree.h"

#include <criterion/criterion.h>

static struct arena *arena;

static void start(void)
{
    arena = arena_new();
}

static void stop(void)
{
    arena_free(arena);
}

TestSuite(compiler_tree, .init = start, .fini = stop);

static const uint32_t factors[] = {0,          1,          2,          3,          7,
                                   10,         12,         255,        256,        65535,
                                   0x55555555, 0xAAAAAAAA, 0x7FFFFFFF, 0x80000000, 0x80000001,
                                   0xFFFFFFFF, 0xFFFFFFFE, 0xFFFF0000, 1234567,    0xDEADBEEF};

Test(compiler_tree, digits_of_a_factor_add_up_to_it_and_are_never_neighbours)
{
    for (size_t i = 0; i < sizeof factors / sizeof factors[0]; i++) {
        int8_t digits[32];
        unsigned count = tree_factor_digits(factors[i], digits), nonzero = 0;
        uint32_t sum = 0;
        for (unsigned power = 0; power < 32; power++) {
            sum += (uint32_t)digits[power] << power;
            nonzero += digits[power] != 0;
            cr_expect(power == 0 || digits[power] == 0 || digits[power - 1] == 0);
        }
        cr_expect_eq(sum, factors[i], "0x%x", (unsigned)factors[i]);
        cr_expect_eq(count, nonzero);
    }
}

static const struct tree *loaded(void)
{
    return tree_load(arena, (struct tree_address){tree_register(arena, 29), TREE_NO_SYMBOL, 4});
}

static const struct tree *constant(uint32_t word)
{
    return tree_constant(arena, word);
}

Test(compiler_tree, neutral_operands_leave_the_other_one)
{
    static const struct {
        enum vamp_op op;
        uint32_t word;
    } cases[] = {{VAMP_OP_ADD, 0}, {VAMP_OP_SUB, 0}, {VAMP_OP_OR, 0},
                 {VAMP_OP_XOR, 0}, {VAMP_OP_SLL, 0}, {VAMP_OP_AND, UINT32_MAX}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct tree *left = loaded();
        cr_expect_eq(tree_word(arena, cases[i].op, left, constant(cases[i].word)), left);
    }
    const struct tree *minus = tree_word(arena, VAMP_OP_SUB, constant(0), loaded());
    cr_expect_eq(minus->kind, TREE_WORD, "0 - x is not x");
}

Test(compiler_tree, constants_are_computed_as_the_machine_would)
{
    static const struct {
        enum vamp_op op;
        uint32_t left, right, result;
    } cases[] = {{VAMP_OP_ADD, 0xFFFFFFFF, 2, 1},
                 {VAMP_OP_SUB, 1, 2, 0xFFFFFFFF},
                 {VAMP_OP_SRA, 0x80000000, 4, 0xF8000000},
                 {VAMP_OP_SRL, 0x80000000, 4, 0x08000000},
                 {VAMP_OP_SLL, 3, 31, 0x80000000},
                 {VAMP_OP_SLS, 0xFFFFFFFF, 1, 1},
                 {VAMP_OP_SGE, 0xFFFFFFFF, 1, 0},
                 {VAMP_OP_SLE, 4, 4, 1},
                 {VAMP_OP_SGR, 4, 4, 0},
                 {VAMP_OP_SEQ, 5, 5, 1},
                 {VAMP_OP_SNE, 5, 5, 0},
                 {VAMP_OP_XOR, 6, 3, 5}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct tree *tree =
            tree_word(arena, cases[i].op, constant(cases[i].left), constant(cases[i].right));
        cr_expect(tree_is_constant(tree, cases[i].result), "case %zu", i);
    }
}

Test(compiler_tree, a_constant_on_the_left_changes_sides_with_its_operation)
{
    const struct tree *tree = tree_word(arena, VAMP_OP_SLS, constant(3), loaded());
    cr_expect_eq(tree->op, VAMP_OP_SGR);
    cr_expect(tree_is_constant(tree->right, 3));
}

Test(compiler_tree, immediates_are_sign_extended_16_bits)
{
    enum vamp_op op;
    uint32_t immediate;
    cr_expect(tree_immediate(VAMP_OP_AND, 0x7FFF, &op, &immediate));
    cr_expect_not(tree_immediate(VAMP_OP_AND, 0xFFFF, &op, &immediate));
    cr_expect(tree_immediate(VAMP_OP_AND, 0xFFFFFF00, &op, &immediate));
    cr_expect(tree_immediate(VAMP_OP_SUB, 32768, &op, &immediate));
    cr_expect(op == VAMP_OP_ADDI && immediate == (uint32_t)-32768);
    cr_expect_not(tree_immediate(VAMP_OP_SUB, (uint32_t)-32768, &op, &immediate));
    cr_expect_not(tree_immediate(VAMP_OP_SLL, 32, &op, &immediate));
}

Test(compiler_tree, deep_chains_need_few_registers_on_either_side)
{
    const struct tree *left = loaded(), *right = loaded();
    for (int i = 0; i < 500; i++) {
        left = tree_word(arena, VAMP_OP_SUB, left, loaded());
        right = tree_word(arena, VAMP_OP_SUB, loaded(), right);
    }
    cr_expect_eq(left->demand, 2);
    cr_expect_eq(right->demand, 2);
}
