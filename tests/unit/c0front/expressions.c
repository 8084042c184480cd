#include "load.h"

#include <criterion/criterion.h>

Test(c0_expressions, arithmetic_takes_two_ints_or_two_unsigned)
{
    static const char *const operators[] = {"+", "-", "*", "/", "%", "&", "|", "^"};
    struct arena *arena = arena_new();
    for (size_t k = 0; k < sizeof operators / sizeof *operators; k++) {
        const char *op = operators[k];
        accepts_stmt(arena_printf(arena, "i = n %s 3;", op));
        accepts_stmt(arena_printf(arena, "u = gu %s 3u;", op));
        rejects_stmt(arena_printf(arena, "i = n %s 3u;", op),
                     arena_printf(arena,
                                  "2:7: error: operands of %s have types int and "
                                  "unsigned int",
                                  op));
        rejects_stmt(arena_printf(arena, "c = c %s c;", op),
                     arena_printf(arena, "2:7: error: %s does not apply to char", op));
        rejects_stmt(arena_printf(arena, "d = b %s b;", op),
                     arena_printf(arena, "2:7: error: %s does not apply to bool", op));
        rejects_stmt(arena_printf(arena, "p = p %s p;", op),
                     arena_printf(arena, "2:7: error: %s does not apply to int *", op));
    }
    arena_free(arena);
}

Test(c0_expressions, shifts_keep_the_left_type_and_take_either_amount)
{
    accepts_stmt("i = n << 3; i = n >> gu; u = gu << n; u = gu >> 31u;");
    rejects_stmt("u = n << 3u;", "2:7: error: the assigned value has type int, not unsigned int");
    rejects_stmt("i = n << c;", "2:7: error: operands of << have types int and char");
    rejects_stmt("i = c << 1;", "2:7: error: operands of << have types char and int");
    rejects_stmt("c = c >> c;", "2:7: error: >> does not apply to char");
}

Test(c0_expressions, equality_compares_elementary_values_of_one_type)
{
    accepts_stmt(
        "d = n == 1; d = u != 2u; d = c == 'x'; d = b != true; d = p == gp; d = q != &gs;");
    rejects_stmt("d = n == u;", "2:7: error: operands of == have types int and unsigned int");
    rejects_stmt("d = c != 3;", "2:7: error: operands of != have types char and int");
    rejects_stmt("d = p == q;", "2:7: error: operands of == have types int * and struct s *");
    rejects_stmt("d = gs == gs;", "2:8: error: == does not apply to struct s");
    rejects_stmt("d = ga == ga;", "2:8: error: == does not apply to int[3]");
}

Test(c0_expressions, null_takes_the_type_of_the_pointer_beside_it)
{
    accepts_stmt("d = p == NULL; d = NULL != q; p = NULL; gs.next = NULL;");
    rejects_stmt("d = NULL == NULL;", "2:10: error: == does not apply to NULL");
    rejects_stmt("i = NULL;", "2:5: error: the assigned value has type NULL, not int");
    rejects_stmt("d = NULL == 0;", "2:10: error: operands of == have types NULL and int");
    rejects_stmt("d = p == 0;", "2:7: error: operands of == have types int * and int");
    rejects_stmt("i = *NULL;", "2:5: error: unary * needs a pointer; this has type NULL");
    rejects_stmt("i = NULL->a;",
                 "2:9: error: the left side of -> has type NULL, which is no pointer to a struct");
    rejects_stmt("d = NULL < NULL;", "2:10: error: < does not apply to NULL");
    rejects_stmt("d = NULL && b;", "2:10: error: operands of && have types NULL and bool");
    rejects_stmt("p = &NULL;", "2:5: error: unary & needs a place in memory, not a value");
    rejects_stmt("i = (int)NULL;", "2:5: error: there is no cast from NULL to int");
    rejects_stmt("if (NULL) { }", "2:5: error: a condition is bool, not NULL");
}

Test(c0_expressions, order_is_for_numbers_and_characters)
{
    accepts_stmt("d = n < 1; d = u <= 2u; d = c > 'x'; d = n >= i;");
    rejects_stmt("d = b < b;", "2:7: error: < does not apply to bool");
    rejects_stmt("d = p >= gp;", "2:7: error: >= does not apply to int *");
    rejects_stmt("d = n < u;", "2:7: error: operands of < have types int and unsigned int");
    rejects_stmt("d = 1 < n < 2;", "2:11: error: operands of < have types bool and int");
}

Test(c0_expressions, logic_is_for_bool)
{
    accepts_stmt("d = b && !d || n == 1;");
    rejects_stmt("d = n && b;", "2:7: error: operands of && have types int and bool");
    rejects_stmt("d = n || n;", "2:7: error: || does not apply to int");
    rejects_stmt("d = !n;", "2:5: error: unary ! does not apply to int");
    rejects_stmt("d = !p;", "2:5: error: unary ! does not apply to int *");
}

Test(c0_expressions, sign_and_complement_keep_the_type)
{
    accepts_stmt("i = -n; u = -gu; i = ~n; u = ~~gu; i = - -n;");
    rejects_stmt("c = -c;", "2:5: error: unary - does not apply to char");
    rejects_stmt("d = ~d;", "2:5: error: unary ~ does not apply to bool");
    rejects_stmt("u = -n;", "2:5: error: the assigned value has type int, not unsigned int");
    rejects_stmt("i = +n;", "2:5: error: unary + is not part of C0");
}

Test(c0_expressions, casts_join_numbers_and_bool_to_int)
{
    accepts_stmt(
        "i = (int)u; i = (int)c; i = (int)b; i = (int)n; u = (unsigned)i; u = (unsigned)c;");
    accepts_stmt("c = (char)n; c = (char)u; c = (char)c; i = -(int)c + (int)(n < 1);");
    rejects_stmt("u = (unsigned)b;", "2:5: error: there is no cast from bool to unsigned int");
    rejects_stmt("c = (char)b;", "2:5: error: there is no cast from bool to char");
    rejects_stmt("d = (bool)n;", "2:5: error: there is no cast from int to bool");
    rejects_stmt("d = (bool)b;", "2:5: error: there is no cast from bool to bool");
    rejects_stmt("i = (int)p;", "2:5: error: there is no cast from int * to int");
    rejects_stmt("p = (int *)i;", "2:5: error: casts to pointer types are not part of C0");
    rejects_stmt("q = (struct s *)q;", "2:5: error: casts to pointer types are not part of C0");
    rejects_stmt("gs = (struct s)gs;", "2:6: error: there is no cast from struct s to struct s");
    rejects_stmt("i = (void)n;", "2:5: error: there is no cast from int to void");
    rejects_stmt("i = (float)n;", "2:6: error: floating point is not part of C0");
}

Test(c0_expressions, fields_belong_to_structs)
{
    accepts_stmt("i = gs.a; i = s.next->a; i = q->next->next->a; i = (*q).a; i = gpw->s.a;");
    rejects_stmt("i = q.a;",
                 "2:6: error: the left side of . has type struct s *, which is no struct; use ->");
    rejects_stmt("i = gs->a;", "2:7: error: the left side of -> has type struct s, which is no "
                               "pointer to a struct; use .");
    rejects_stmt("i = gs.b;", "2:7: error: struct s has no field b");
    rejects_stmt("i = n.a;", "2:6: error: the left side of . has type int, which is no struct");
    rejects_stmt("i = p->a;",
                 "2:6: error: the left side of -> has type int *, which is no pointer to a struct");
    rejects_after("struct u; struct u *pu; int g(void) { return pu->x; }",
                  "2:48: error: struct u is declared but not defined");
}

Test(c0_expressions, elements_belong_to_arrays)
{
    accepts_stmt("i = ga[n]; i = ga[gu]; i = a[0]; i = gw.e[1]; i = gpw->e[ga[2] + 1];");
    rejects_stmt("i = ga[c];", "2:8: error: an array index is int or unsigned int, not char");
    rejects_stmt("i = ga[b];", "2:8: error: an array index is int or unsigned int, not bool");
    rejects_stmt("i = p[0];", "2:6: error: only arrays have elements; this has type int *");
    rejects_stmt("i = 0[ga];", "2:6: error: only arrays have elements; this has type int");
}

Test(c0_expressions, only_globals_and_what_pointers_reach_have_an_address)
{
    accepts_stmt(
        "p = &gi; p = &ga[n]; p = &gs.a; p = &q->a; p = &*p; p = &gw.e[1]; p = &gpw->e[2];");
    accepts_stmt("q = &gs; q = &gw.s; q = &*q->next;");
    rejects_stmt("p = &i;",
                 "2:5: error: i is local: only globals and heap objects have an address");
    rejects_stmt("p = &n;",
                 "2:5: error: n is local: only globals and heap objects have an address");
    rejects_stmt("p = &s.a;",
                 "2:5: error: s is local: only globals and heap objects have an address");
    rejects_stmt("p = &a[1];",
                 "2:5: error: a is local: only globals and heap objects have an address");
    rejects_stmt("p = &(n + 1);", "2:5: error: unary & needs a place in memory, not a value");
    rejects_stmt("p = &&gi;", "2:5: error: expected an expression, found '&&'");
    rejects_stmt("p = &inc;",
                 "2:6: error: inc is a function: function pointers are not part of C0");
    rejects_stmt("i = *n;", "2:5: error: unary * needs a pointer; this has type int");
}

Test(c0_expressions, sizeof_takes_a_type)
{
    accepts_stmt(
        "u = sizeof(int); u = sizeof(struct w); u = sizeof(int *[4]); u = sizeof(int[3]);");
    rejects_stmt("u = sizeof n;", "2:5: error: sizeof takes a type in parentheses");
    rejects_stmt("u = sizeof(n);", "2:5: error: sizeof takes a type in parentheses");
    rejects_stmt("i = sizeof(int);",
                 "2:5: error: the assigned value has type unsigned int, not int");
    rejects_stmt("u = sizeof(void);", "2:5: error: void has no size");
    rejects_stmt("u = sizeof(struct v);", "2:19: error: struct v is not declared");
}

Test(c0_expressions, nothing_in_an_expression_has_an_effect)
{
    rejects_stmt("i = inc(1) + 1;",
                 "2:12: error: a call is a statement of its own, or stands alone "
                 "on the right of an assignment");
    rejects_stmt("i = 1 + inc(1);",
                 "2:9: error: calls inside expressions are not part of C0; a call is a statement");
    rejects_stmt("if (inc(1) == 2) { }",
                 "2:5: error: calls inside expressions are not part of C0; a call is a statement");
    rejects_stmt("i = inc(inc(1));",
                 "2:9: error: calls inside expressions are not part of C0; a call is a statement");
    rejects_stmt("i = n = 1;", "2:7: error: an assignment inside an expression is not part of C0");
    rejects_stmt("if (i = 1) { }",
                 "2:7: error: an assignment inside an expression is not part of C0");
    rejects_stmt("i = n++;", "2:6: error: the operator ++ is not part of C0; write x = x + 1");
    rejects_stmt("i = --n;", "2:5: error: the operator -- is not part of C0; write x = x - 1");
    rejects_stmt("i = b ? 1 : 2;",
                 "2:7: error: the operator ?: is not part of C0; use if and else");
    rejects_stmt("i = (1, 2);", "2:7: error: the comma operator is not part of C0");
    rejects_stmt("i = 1, n = 2;", "2:6: error: the comma operator is not part of C0");
    rejects_stmt("p = 1 + new(int);", "2:9: error: new stands alone on the right of an assignment");
    rejects_stmt("gpw->s.next(1);", "2:12: error: calls through an expression are not part of C0");
    rejects_stmt("(*q).next(1);", "2:10: error: calls through an expression are not part of C0");
}

Test(c0_expressions, names_are_declared_values)
{
    rejects_stmt("i = nobody;", "2:5: error: nobody is not declared");
    rejects_stmt("i = inc;", "2:5: error: inc is a function: function pointers are not part of C0");
    rejects_after("typedef int t; int g(void) { int i; i = t; return i; }",
                  "2:41: error: t is a type, not a value");
}

/* The trees of these differ if an operator binds otherwise than in C. */
Test(c0_expressions, operators_bind_as_in_c)
{
    cr_expect_eq(constant("1 + 2 * 3"), 7u);
    cr_expect_eq(constant("(1 + 2) * 3"), 9u);
    cr_expect_eq(constant("20 - 5 - 3"), 12u);
    cr_expect_eq(constant("100 / 5 / 2"), 10u);
    cr_expect_eq(constant("100 / 5 * 2"), 40u);
    cr_expect_eq(constant("17 % 5 % 2"), 0u);
    cr_expect_eq(constant("1 << 2 + 3"), 32u);
    cr_expect_eq(constant("1 << 2 << 3"), 32u);
    cr_expect_eq(constant("256 >> 4 >> 2"), 4u);
    cr_expect_eq(constant("1 | 6 & 3"), 3u);
    cr_expect_eq(constant("6 ^ 3 & 1"), 7u);
    cr_expect_eq(constant("8 | 6 ^ 2"), 12u);
    cr_expect_eq(constant("-2 * 3"), (uint32_t)-6);
    cr_expect_eq(constant("-(int)'a' + 1"), (uint32_t)-96);
    cr_expect_eq(constant("~1 + 1"), (uint32_t)-1);
    cr_expect_eq(constant("(int)(1 < 2 == 2 < 3)"), 1u);
    cr_expect_eq(constant("(int)(true || false && false)"), 1u);
    cr_expect_eq(constant("(int)(1 + 1 == 2 && 3 > 2)"), 1u);
    cr_expect_eq(constant("(int)(!false == true)"), 1u);
}

Test(c0_expressions, nesting_has_a_bound)
{
    struct arena *arena = arena_new();
    struct text_builder deep = {.arena = arena}, sum = {.arena = arena};
    text_append(&sum, "n");
    for (int k = 0; k < 300; k++) {
        text_append(&deep, "~");
        text_append(&sum, " + n");
    }
    rejects_stmt(arena_printf(arena, "i = %sn;", text_built(&deep)),
                 "2:260: error: nested more than 256 deep");
    rejects_stmt(arena_printf(arena, "i = %s;", text_built(&sum)),
                 "2:1027: error: the expression is nested more than 256 deep");
    accepts_stmt(arena_printf(arena, "i = %sn;", text_built(&deep) + 100));
    arena_free(arena);
}
