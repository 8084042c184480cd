#include "load.h"

#include <criterion/criterion.h>

Test(c0_initial, values_are_folded_with_c0_semantics)
{
    cr_expect_eq(constant("2147483647 + 1"), 0x80000000u);
    cr_expect_eq(constant("-2147483647 - 1"), 0x80000000u);
    cr_expect_eq(constant("65536 * 65536 + 7"), 7u);
    cr_expect_eq(constant("-7 / 2"), (uint32_t)-3);
    cr_expect_eq(constant("-7 % 2"), (uint32_t)-1);
    cr_expect_eq(constant("7 / -2"), (uint32_t)-3);
    cr_expect_eq(constant("7 % -2"), 1u);
    cr_expect_eq(constant("(int)(0u - 7u) / 2"), (uint32_t)-3);
    cr_expect_eq(constant("(int)((0u - 7u) / 2u)"), 0x7ffffffcu);
    cr_expect_eq(constant("(int)((0u - 1u) % 10u)"), 5u);
    cr_expect_eq(constant("-8 >> 1"), (uint32_t)-4);
    cr_expect_eq(constant("-1 >> 31"), (uint32_t)-1);
    cr_expect_eq(constant("(int)(0x80000000u >> 31)"), 1u);
    cr_expect_eq(constant("1 << 31"), 0x80000000u);
    cr_expect_eq(constant("5 >> 0"), 5u);
    cr_expect_eq(constant("(int)(-1 < 0)"), 1u);
    cr_expect_eq(constant("(int)(0xffffffffu < 0u)"), 0u);
    cr_expect_eq(constant("(int)('\\xff' < 'a')"), 1u);
    cr_expect_eq(constant("(int)(3 <= 3)"), 1u);
    cr_expect_eq(constant("(int)(3 > 3)"), 0u);
    cr_expect_eq(constant("(int)(3 >= 4)"), 0u);
    cr_expect_eq(constant("(int)(3 != 4)"), 1u);
    cr_expect_eq(constant("(int)(4u == 4u)"), 1u);
    cr_expect_eq(constant("(int)!(3 < 2)"), 1u);
    cr_expect_eq(constant("(int)(char)200"), (uint32_t)-56);
    cr_expect_eq(constant("(int)(char)0x1ff"), (uint32_t)-1);
    cr_expect_eq(constant("(int)(char)0x17f"), 127u);
    cr_expect_eq(constant("(int)sizeof(int[5])"), 20u);
    cr_expect_eq(constant("(int)sizeof(char)"), 4u);
    cr_expect_eq(constant("(int)(false && 1 / 0 == 1)"), 0u);
    cr_expect_eq(constant("(int)(true || 1 / 0 == 1)"), 1u);
    cr_expect_eq(constant("~0x0f"), 0xfffffff0u);
    cr_expect_eq(constant("0x0f ^ 0x3c | 0x100 & 0x300"), 0x133u);
}

Test(c0_initial, faults_of_constant_expressions_are_errors)
{
    rejects("int x = 1 / 0;", "1:11: error: division by zero in a constant expression");
    rejects("unsigned x = 1u % 0u;", "1:17: error: division by zero in a constant expression");
    rejects("int x = (-2147483647 - 1) / -1;",
            "1:27: error: the division of INT_MIN by -1 overflows");
    rejects("int x = (-2147483647 - 1) % -1;",
            "1:27: error: the division of INT_MIN by -1 overflows");
    rejects("int x = 1 << 32;", "1:11: error: a shift amount is between 0 and 31");
    rejects("int x = 1 >> -1;", "1:11: error: a shift amount is between 0 and 31");
    accepts("unsigned x = 0x80000000u / 0xffffffffu;");
}

Test(c0_initial, values_are_constant)
{
    rejects("int y; int x = y;", "1:16: error: this is not a constant expression");
    rejects("int y; int x = 1 + y;", "1:20: error: this is not a constant expression");
    rejects("int a[2]; int x = a[0];", "1:20: error: this is not a constant expression");
    rejects("int y; int x = ~y;", "1:17: error: this is not a constant expression");
    rejects("int y; char x = (char)y;", "1:23: error: this is not a constant expression");
    rejects("int i; int a[2]; int *x = &a[i];", "1:30: error: this is not a constant expression");
    rejects("struct s { int f; }; struct s *p; int *x = &p->f;",
            "1:45: error: this is not a constant expression");
    rejects("int y; bool x = &y == NULL;", "1:17: error: this is not a constant expression");
    rejects("int f(void); int x = f();",
            "1:22: error: calls inside expressions are not part of C0; "
            "a call is a statement");
    rejects("int *p = new(int);", "1:10: error: new stands alone on the right of an assignment");
    rejects("int *p; int x = *p;", "1:17: error: this is not a constant expression");
    rejects("int *p; int *q = &*p;", "1:20: error: this is not a constant expression");
}

Test(c0_initial, values_have_the_type_of_the_global)
{
    accepts(
        "int a = 1; unsigned b = 2u; char c = 'c'; bool d = true; int *e = NULL; bool f = 1 < 2;");
    rejects("int x = 1u;", "1:9: error: the initial value has type unsigned int, not int");
    rejects("unsigned x = 1;", "1:14: error: the initial value has type int, not unsigned int");
    rejects("char x = 1;", "1:10: error: the initial value has type int, not char");
    rejects("bool x = 1;", "1:10: error: the initial value has type int, not bool");
    rejects("int *x = 0;", "1:10: error: the initial value has type int, not int *");
    rejects("char y; int *x = &y;", "1:18: error: the initial value has type char *, not int *");
}

static const struct c0_initial *initial_of(const struct c0_program *program, const char *name)
{
    return c0_program_global(program, name, NULL)->initial;
}

Test(c0_initial, lists_fill_parts_in_order_and_the_rest_is_zero)
{
    struct arena *arena = arena_new();
    const char *report;
    const struct c0_program *program =
        load(arena,
             "struct p { int x; char c; int v[3]; }; struct w { struct p a, b[2]; int z; };\n"
             "struct w w = {{1, 'c', {2, 3}}, {{4}, {5, 'd', {6, 7, 8,},},}, 9};\n"
             "int m[2][3] = {{1}, {2, 3}}; int n[3]; struct w zero;\n",
             &report);
    cr_assert_not_null(program, "%s", report);
    static const uint32_t w[] = {1, 'c', 2, 3, 0, 4, 0, 0, 0, 0, 5, 'd', 6, 7, 8, 9};
    static const uint32_t m[] = {1, 0, 0, 2, 3, 0};
    for (size_t k = 0; k < 16; k++)
        cr_expect_eq(initial_of(program, "w")[k].word, w[k], "w %zu", k);
    for (size_t k = 0; k < 6; k++)
        cr_expect_eq(initial_of(program, "m")[k].word, m[k], "m %zu", k);
    cr_expect_null(initial_of(program, "n"));
    cr_expect_null(initial_of(program, "zero"));
    arena_free(arena);
}

Test(c0_initial, addresses_name_a_cell_of_a_global)
{
    struct arena *arena = arena_new();
    const char *report;
    const struct c0_program *program =
        load(arena,
             "struct s { int x; int v[3]; struct s *next; }; struct s g = {1, {2}, &g};\n"
             "struct s a[4]; int *p = &a[2].v[1]; struct s *q = &a[3]; int (*r)[3] = &a[1].v;\n"
             "int *t = &(&a[1])->v[2]; int *u = &*&a[0].x; struct s *list[2] = {&g, NULL};\n",
             &report);
    cr_assert_not_null(program, "%s", report);
    const struct c0_variable *a = c0_program_global(program, "a", NULL);
    const struct c0_variable *g = c0_program_global(program, "g", NULL);
    cr_expect_eq(initial_of(program, "g")[4].target, g);
    cr_expect_eq(initial_of(program, "g")[4].target_cell, 0u);
    static const struct {
        const char *name;
        uint32_t cell;
    } pointers[] = {{"p", 12}, {"q", 15}, {"r", 6}, {"t", 8}, {"u", 0}};
    for (size_t k = 0; k < sizeof pointers / sizeof *pointers; k++) {
        cr_expect_eq(initial_of(program, pointers[k].name)->target, a, "%s", pointers[k].name);
        cr_expect_eq(initial_of(program, pointers[k].name)->target_cell, pointers[k].cell, "%s",
                     pointers[k].name);
    }
    cr_expect_eq(initial_of(program, "list")[0].target, g);
    cr_expect_null(initial_of(program, "list")[1].target);
    arena_free(arena);
    rejects("int a[3]; int *p = &a[3];",
            "1:23: error: the index is outside the array, which has length 3");
    rejects("int a[3]; int *p = &a[-1];",
            "1:23: error: the index is outside the array, which has length 3");
}

Test(c0_initial, lists_have_the_shape_of_the_type)
{
    rejects("int a[2] = {1, 2, 3};", "1:19: error: too many initial values for int[2]");
    rejects("struct s { int x; } s = {1, 2};", "1:29: error: too many initial values for struct s");
    rejects("int a[2] = 1;", "1:12: error: the initial value of int[2] stands in braces");
    rejects("int a[2][2] = {1, 2, 3, 4};",
            "1:16: error: the initial value of int[2] stands in braces");
    rejects("int x = {1};", "1:9: error: the initial value of int has no braces");
    rejects("int a[2] = {};", "1:13: error: expected an expression, found '}'");
    rejects("int a[2] = {[1] = 3};", "1:13: error: designators are not part of C0");
    rejects("struct s { int x; } s = {.x = 3};", "1:26: error: designators are not part of C0");
    rejects("int a[2] = {1 2};", "1:15: error: expected '}' after the initial values");
}
