/* Every operator on the words at the edges, against the arithmetic of C in 64 bits. Each is tried
 * with its operands in variables, and with one of them a constant, in a value and in a test. */
#include "harness.h"

#include <string.h>

static const uint32_t edges[] = {0,          1,          2,          31,         32,
                                 127,        128,        255,        0x7fffffff, 0x80000000,
                                 0x80000001, 0xffffff80, 0xffffffff, 0xfffffffe, 0x12345678};

enum { EDGE_COUNT = sizeof edges / sizeof edges[0] };

struct operation {
    const char *spelling;
    bool (*apply)(int64_t left, int64_t right, bool is_signed, uint32_t *result); /* false: fault */
    bool gives_truth;
};

static bool add(int64_t left, int64_t right, bool is_signed, uint32_t *result)
{
    (void)is_signed;
    *result = (uint32_t)(left + right);
    return true;
}

static bool subtract(int64_t left, int64_t right, bool is_signed, uint32_t *result)
{
    (void)is_signed;
    *result = (uint32_t)(left - right);
    return true;
}

static bool multiply(int64_t left, int64_t right, bool is_signed, uint32_t *result)
{
    (void)is_signed;
    *result = (uint32_t)((uint64_t)left * (uint64_t)right);
    return true;
}

static bool divide(int64_t left, int64_t right, bool is_signed, uint32_t *result)
{
    if (right == 0 || (is_signed && left / right == (int64_t)INT32_MAX + 1))
        return false;
    *result = (uint32_t)(left / right);
    return true;
}

static bool remain(int64_t left, int64_t right, bool is_signed, uint32_t *result)
{
    if (right == 0 || (is_signed && left / right == (int64_t)INT32_MAX + 1))
        return false;
    *result = (uint32_t)(left % right);
    return true;
}

static bool both(int64_t left, int64_t right, bool is_signed, uint32_t *result)
{
    (void)is_signed;
    *result = (uint32_t)(left & right);
    return true;
}

static bool either(int64_t left, int64_t right, bool is_signed, uint32_t *result)
{
    (void)is_signed;
    *result = (uint32_t)(left | right);
    return true;
}

static bool differ(int64_t left, int64_t right, bool is_signed, uint32_t *result)
{
    (void)is_signed;
    *result = (uint32_t)(left ^ right);
    return true;
}

static bool shift_left(int64_t left, int64_t right, bool is_signed, uint32_t *result)
{
    (void)is_signed;
    if (right < 0 || right > 31)
        return false;
    *result = (uint32_t)((uint64_t)left << right);
    return true;
}

static bool shift_right(int64_t left, int64_t right, bool is_signed, uint32_t *result)
{
    (void)is_signed;
    if (right < 0 || right > 31)
        return false;
    *result = (uint32_t)(left >> right); /* of the 64-bit value: the sign of an int */
    return true;
}

#define COMPARING(name, operator)                                                                  \
    static bool name(int64_t left, int64_t right, bool is_signed, uint32_t *result)                \
    {                                                                                              \
        (void)is_signed;                                                                           \
        *result = left operator right;                                                             \
        return true;                                                                               \
    }
COMPARING(equal, ==)
COMPARING(unequal, !=)
COMPARING(less, <)
COMPARING(at_most, <=)
COMPARING(greater, >)
COMPARING(at_least, >=)

static const struct operation operations[] = {
    {"+", add, false},          {"-", subtract, false}, {"*", multiply, false},
    {"/", divide, false},       {"%", remain, false},   {"&", both, false},
    {"|", either, false},       {"^", differ, false},   {"<<", shift_left, false},
    {">>", shift_right, false}, {"==", equal, true},    {"!=", unequal, true},
    {"<", less, true},          {"<=", at_most, true},  {">", greater, true},
    {">=", at_least, true},
};

enum { OPERATION_COUNT = sizeof operations / sizeof operations[0] };

/* The constant as C0 spells it: a negative int has no literal of its own. */
static const char *literal(struct arena *arena, uint32_t word, bool is_signed)
{
    if (!is_signed)
        return arena_printf(arena, "%uu", (unsigned)word);
    if (word == 0x80000000u)
        return "(-2147483647 - 1)";
    return arena_printf(arena, "(%d)", (int)(int32_t)word);
}

/* The forms of one operation; `k` is the constant operand. */
static const char *text_of_forms(struct arena *arena, const struct operation *operation,
                                 bool is_signed, uint32_t k)
{
    const char *type = is_signed ? "int" : "unsigned int";
    const char *result = operation->gives_truth ? "bool" : type;
    const char *constant = literal(arena, k, is_signed);
    struct text_builder text = {.arena = arena};
    const char *op = operation->spelling;
    text_append(&text, "%s plain(%s a, %s b) { return a %s b; }\n", result, type, type, op);
    text_append(&text, "%s right(%s a, %s b) { return a %s %s; }\n", result, type, type, op,
                constant);
    text_append(&text, "%s left(%s a, %s b) { return %s %s b; }\n", result, type, type, constant,
                op);
    if (!operation->gives_truth)
        return text_built(&text);
    text_append(&text, "int test(%s a, %s b) { int r; r = 0; if (a %s b) { r = 1; } return r; }\n",
                type, type, op);
    text_append(&text,
                "int test_right(%s a, %s b) { int r; r = 1;"
                " while (!(a %s %s) && r > 0) { r = 0; } return r; }\n",
                type, type, op, constant);
    text_append(&text,
                "int test_left(%s a, %s b) { int r; r = 0;"
                " if (false || %s %s b) { r = 1; } return r; }\n",
                type, type, constant, op);
    return text_built(&text);
}

static void expect_form(struct twins *twins, const char *form, const struct operation *operation,
                        bool is_signed, uint32_t left, uint32_t right)
{
    int64_t wide_left = is_signed ? (int32_t)left : (int64_t)left;
    int64_t wide_right = is_signed ? (int32_t)right : (int64_t)right;
    uint32_t expected = 0;
    bool is_defined = operation->apply(wide_left, wide_right, is_signed, &expected);
    struct c0_outcome outcome = twins_call(twins, form, (uint32_t[]){left, right}, 100);
    cr_assert_eq(outcome.status, is_defined ? C0_RETURNED : C0_FAULTED, "%s %x %s %x", form,
                 (unsigned)left, operation->spelling, (unsigned)right);
    if (is_defined)
        cr_assert_eq(outcome.result, expected, "%s %x %s %x is %x, not %x", form, (unsigned)left,
                     operation->spelling, (unsigned)right, (unsigned)expected,
                     (unsigned)outcome.result);
}

static void try_constant(const struct operation *operation, bool is_signed, uint32_t k)
{
    struct arena *arena = arena_new();
    struct c0_limits limits = {.heap_cells = 1, .stack_cells = 100};
    struct twins twins = twins_with_limits(text_of_forms(arena, operation, is_signed, k), limits);
    for (size_t i = 0; i < EDGE_COUNT; i++) {
        expect_form(&twins, "plain", operation, is_signed, edges[i], k);
        expect_form(&twins, "right", operation, is_signed, edges[i], k);
        expect_form(&twins, "left", operation, is_signed, k, edges[i]);
        if (!operation->gives_truth)
            continue;
        expect_form(&twins, "test", operation, is_signed, edges[i], k);
        expect_form(&twins, "test_right", operation, is_signed, edges[i], k);
        expect_form(&twins, "test_left", operation, is_signed, k, edges[i]);
    }
    twins_free(&twins);
    arena_free(arena);
}

static void try_operations(bool is_signed)
{
    for (size_t i = 0; i < OPERATION_COUNT; i++)
        for (size_t k = 0; k < EDGE_COUNT; k++)
            try_constant(&operations[i], is_signed, edges[k]);
}

Test(c0_machine_operators, int_operators_agree_with_64_bit_arithmetic)
{
    try_operations(true);
}

Test(c0_machine_operators, unsigned_operators_agree_with_64_bit_arithmetic)
{
    try_operations(false);
}

Test(c0_machine_operators, unary_operators_and_casts_at_the_edges)
{
    struct twins twins = twins_of("int minus(int a) { return -a; }\n"
                                  "unsigned int uminus(unsigned int a) { return -a; }\n"
                                  "int flip(int a) { return ~a; }\n"
                                  "unsigned int uflip(unsigned int a) { return ~a; }\n"
                                  "bool zero(int a) { return !(a != 0); }\n"
                                  "char chop(int a) { return (char)a; }\n"
                                  "char uchop(unsigned int a) { return (char)a; }\n"
                                  "int widen(int a) { return (int)(char)a; }\n"
                                  "unsigned int uwiden(int a) { return (unsigned int)(char)a; }\n"
                                  "int truth(int a) { return (int)(a < 0); }\n"
                                  "unsigned int same(int a) { return (unsigned int)a; }\n");
    for (size_t i = 0; i < EDGE_COUNT; i++) {
        uint32_t a = edges[i], low = a & 0xff;
        uint32_t extended = low < 128 ? low : low + 0xffffff00u;
        const struct {
            const char *function;
            uint32_t expected;
        } cases[] = {{"minus", (uint32_t)(0x100000000u - a)},
                     {"uminus", (uint32_t)(0x100000000u - a)},
                     {"flip", 0xffffffffu - a},
                     {"uflip", 0xffffffffu - a},
                     {"zero", a == 0},
                     {"chop", extended},
                     {"uchop", extended},
                     {"widen", extended},
                     {"uwiden", extended},
                     {"truth", a >= 0x80000000u},
                     {"same", a}};
        for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
            struct c0_outcome outcome = twins_call(&twins, cases[k].function, &a, 10);
            cr_assert_eq(outcome.status, C0_RETURNED);
            cr_assert_eq(outcome.result, cases[k].expected, "%s(%x)", cases[k].function,
                         (unsigned)a);
        }
    }
    twins_free(&twins);
}

Test(c0_machine_operators, chars_compare_as_signed)
{
    struct twins twins = twins_of("bool less(char a, char b) { return a < b; }\n"
                                  "bool same(char a, char b) { return a == b; }\n");
    cr_assert_eq(twins_call(&twins, "less", (uint32_t[]){0xffffff80u, 127}, 10).result, 1u);
    cr_assert_eq(twins_call(&twins, "less", (uint32_t[]){127, 0xffffff80u}, 10).result, 0u);
    cr_assert_eq(twins_call(&twins, "same", (uint32_t[]){0xffffff80u, 0xffffff80u}, 10).result, 1u);
    twins_free(&twins);
}

Test(c0_machine_operators, sizeof_counts_four_bytes_a_cell)
{
    cr_assert_eq(result_of("struct s { char c; int *p; bool b[5]; };\n"
                           "unsigned int f() {\n"
                           "    return sizeof(struct s) * 100u + sizeof(char) + sizeof(int[3]);\n"
                           "}\n"),
                 2800u + 4 + 12);
}

Test(c0_machine_operators, truth_values_nest_in_every_way)
{
    /* All 16 combinations of four truths, against C's own operators. */
    struct twins twins =
        twins_of("int f(bool a, bool b, bool c, bool d) {\n"
                 "    int r;\n"
                 "    bool t;\n"
                 "    bool u;\n"
                 "    t = (a && b) || !(c || !d);\n"
                 "    u = !((a || b) && (c || d)) || (a && !b && c);\n"
                 "    r = (int)t * 2 + (int)u * 4;\n"
                 "    if ((t == u) != ((a && d) == (b || c))) { r = r + 1; }\n"
                 "    r = r + (int)(a && b) * 8 + (int)(c || d) * 16 + (int)(!(a || d)) * 32;\n"
                 "    while (r < 64 && (true && (r < 200 || false))) { r = r + 64; }\n"
                 "    return r + (int)((int)(a && c) < (int)(b || d)) * 128;\n"
                 "}\n");
    for (uint32_t i = 0; i < 16; i++) {
        bool a = i & 1, b = i & 2, c = i & 4, d = i & 8;
        bool t = (a && b) || !(c || !d);
        bool u = !((a || b) && (c || d)) || (a && !b && c);
        int r = t * 2 + u * 4;
        if ((t == u) != ((a && d) == (b || c)))
            r = r + 1;
        r = r + (a && b) * 8 + (c || d) * 16 + !(a || d) * 32;
        r = r + 64 + ((a && c) < (b || d)) * 128;
        struct c0_outcome outcome = twins_call(&twins, "f", (uint32_t[]){a, b, c, d}, 100);
        cr_assert_eq(outcome.result, (uint32_t)r, "case %u", (unsigned)i);
    }
    twins_free(&twins);
}
