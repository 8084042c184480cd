#include "load.h"

#include <criterion/criterion.h>

Test(c0_statements, assignment_joins_a_place_and_a_value_of_its_type)
{
    accepts_stmt("i = 1; gi = n; *p = 2; ga[i] = 3; a[n] = 4; gs.a = 5; q->a = 6; (*q).a = 7; "
                 "q->next->a = 8; (i) = 9; c = 'x'; d = true; u = 1u;");
    rejects_stmt("1 = i;", "2:1: error: the left side of = is a value, not a place in memory");
    rejects_stmt("i + 1 = n;", "2:1: error: expected a statement; an expression alone is none");
    rejects_stmt("-i = n;", "2:1: error: the left side of = is a value, not a place in memory");
    rejects_stmt("&gi = p;", "2:1: error: the left side of = is a value, not a place in memory");
    rejects_stmt("i = u;", "2:5: error: the assigned value has type unsigned int, not int");
    rejects_stmt("c = 1;", "2:5: error: the assigned value has type int, not char");
    rejects_stmt("d = 0;", "2:5: error: the assigned value has type int, not bool");
    rejects_stmt("p = q;", "2:5: error: the assigned value has type struct s *, not int *");
    rejects_stmt("act = 3;", "2:1: error: act is a function: function pointers are not part of C0");
}

Test(c0_statements, structs_are_assigned_whole_and_arrays_only_within)
{
    accepts_stmt("gs = s; s = *q; *q = gs; gw = *gpw; gw.s = s; *gpw = gw;");
    rejects_stmt("ga = a;", "2:1: error: arrays are assigned only as parts of structs");
    rejects_stmt("gw.e = gpw->e;", "2:1: error: arrays are assigned only as parts of structs");
    rejects_stmt("gs = gw;", "2:6: error: the assigned value has type struct w, not struct s");
    rejects_after("struct u; struct u *pu; void g(void) { *pu = *pu; }",
                  "2:40: error: struct u is declared but not defined");
    rejects_stmt("p = ga;", "2:5: error: the assigned value has type int[3], not int *; the first "
                            "element's address is &a[0]");
}

Test(c0_statements, calls_match_the_function)
{
    accepts_stmt("i = inc(n); gi = inc(2 + 3); n = inc(*p); inc(4); act();");
    rejects_stmt("i = inc();", "2:5: error: function inc takes 1 argument, not 0");
    rejects_stmt("inc(1, 2);", "2:1: error: function inc takes 1 argument, not 2");
    rejects_stmt("act(1);", "2:1: error: function act takes 0 arguments, not 1");
    rejects_stmt("i = inc(2u);", "2:9: error: argument 1 of inc has type unsigned int, not int");
    rejects_stmt("i = act();", "2:5: error: function act has no result");
    rejects_stmt("u = inc(1);", "2:5: error: the result of inc has type int, not unsigned int");
    rejects_stmt("i = nobody(1);", "2:5: error: function nobody is not declared");
    rejects_stmt("gi();", "2:1: error: gi is not a function");
    rejects_stmt("n();", "2:1: error: n is not a function");
    rejects_stmt("f(1);", "2:1: error: function f takes 2 arguments, not 1");
    accepts_stmt("f(1, true);");
}

Test(c0_statements, results_go_to_scalar_variables)
{
    rejects_stmt("ga[0] = inc(1);", "2:3: error: the result of a call goes to a scalar variable");
    rejects_stmt("*p = inc(1);", "2:1: error: the result of a call goes to a scalar variable");
    rejects_stmt("gs.a = inc(1);", "2:3: error: the result of a call goes to a scalar variable");
    rejects_stmt("gs = inc(1);", "2:1: error: the result of a call goes to a scalar variable");
    rejects_stmt("i = -inc(1);",
                 "2:6: error: calls inside expressions are not part of C0; a call is a statement");
    rejects_stmt("i = (inc(1));",
                 "2:6: error: calls inside expressions are not part of C0; a call is a statement");
}

Test(c0_statements, new_gives_a_pointer_to_its_type)
{
    accepts_stmt("p = new(int); q = new(struct s); gpw = new(struct w); q->next = new(struct s); "
                 "gs.next = new(struct s);");
    accepts_after(
        "int (*rows)[4]; int **pp; void g(void) { rows = new(int[4]); pp = new(int *); }");
    rejects_stmt(
        "p = new(unsigned);",
        "2:1: error: new(unsigned int) gives a pointer to it; the left side has type int *");
    rejects_stmt("i = new(int);",
                 "2:1: error: new(int) gives a pointer to it; the left side has type int");
    rejects_stmt("p = new(void);", "2:1: error: void has no objects to make");
    rejects_after("struct u; struct u *pu; void g(void) { pu = new(struct u); }",
                  "2:40: error: struct u has no objects to make");
    rejects_stmt("p = new int;", "2:9: error: expected '(' after new");
    rejects_stmt("new(int);", "2:1: error: new stands alone on the right of an assignment");
    rejects_stmt("&gi = new(int);",
                 "2:1: error: the left side of = is a value, not a place in memory");
}

Test(c0_statements, conditions_are_bool)
{
    accepts_stmt("if (b) { } if (n == 1) { } else { } while (d && !b) { d = false; }");
    rejects_stmt("if (n) { }", "2:5: error: a condition is bool, not int");
    rejects_stmt("while (p) { }", "2:8: error: a condition is bool, not int *");
    rejects_stmt("while (1) { }", "2:8: error: a condition is bool, not int");
    rejects_stmt("if b { }", "2:4: error: expected '(' after if");
    rejects_stmt("while (b { }", "2:10: error: expected ')' after the condition");
}

Test(c0_statements, bodies_stand_in_braces_but_for_else_if)
{
    accepts_stmt("if (b) { i = 1; } else if (d) { i = 2; } else if (!b) { } else { i = 3; }");
    accepts_stmt("{ i = 1; { { } n = 2; } }");
    rejects_stmt("if (b) i = 1;", "2:8: error: the body stands in braces");
    rejects_stmt("if (b) { } else i = 1;", "2:17: error: the body stands in braces");
    rejects_stmt("while (b) i = 1;", "2:11: error: the body stands in braces");
    rejects_stmt("while (b);", "2:10: error: the body stands in braces");
    rejects_stmt("else { }", "2:1: error: else without an if before it");
    rejects_stmt("if (b) { i = 1;", "3:2: error: expected '}' at the end of the function");
}

Test(c0_statements, return_ends_a_function_with_a_result)
{
    accepts_after("int g(void) { return 1; } struct s *h(void) { return NULL; }");
    rejects_after("int g(void) { }", "2:15: error: function g must end in a return statement");
    rejects_after("int g(void) { gi = 1; }",
                  "2:23: error: function g must end in a return statement");
    rejects_after("int g(void) { return 1; gi = 2; }",
                  "2:15: error: return stands only at the end of the function");
    rejects_after("int g(void) { if (gb) { return 1; } return 2; }",
                  "2:25: error: return stands only at the end of the function");
    rejects_after("int g(void) { { return 1; } }",
                  "2:17: error: return stands only at the end of the function");
    rejects_after("int g(void) { return 1; return 2; }",
                  "2:15: error: return stands only at the end of the function");
    rejects_after("int g(void) { return; }", "2:21: error: expected an expression, found ';'");
    rejects_after("int g(void) { return 1u; }",
                  "2:22: error: the result has type unsigned int, not int");
    rejects_after("int g(void) { return inc(1); }", "2:22: error: calls inside expressions are not "
                                                    "part of C0; a call is a statement");
    rejects_stmt("return;", "2:1: error: function f has no result and so no return statement");
    rejects_stmt("return 1;", "2:1: error: function f has no result and so no return statement");
}

Test(c0_statements, each_construct_that_c0_lacks_is_named)
{
    rejects_stmt("for (i = 0; i < 3; i++) { }",
                 "2:1: error: for loops are not part of C0; use while");
    rejects_stmt("do { i = 1; } while (b);", "2:1: error: do loops are not part of C0; use while");
    rejects_stmt("switch (n) { case 1: i = 2; }",
                 "2:1: error: switch is not part of C0; use if and else");
    rejects_stmt("while (b) { break; }",
                 "2:13: error: break is not part of C0; leave the loop through its condition");
    rejects_stmt("while (b) { continue; }",
                 "2:13: error: continue is not part of C0; put the rest of "
                 "the body under an if");
    rejects_stmt("goto end;", "2:1: error: goto is not part of C0");
    rejects_stmt("end: i = 1;", "2:1: error: labels are not part of C0");
    rejects_stmt("case 1: i = 1;", "2:1: error: case labels are not part of C0; use if and else");
    rejects_stmt("i++;", "2:2: error: the operator ++ is not part of C0; write x = x + 1");
    rejects_stmt("--i;", "2:1: error: the operator -- is not part of C0; write x = x - 1");
    rejects_stmt("i += 2;",
                 "2:3: error: the assignment operator += is not part of C0; write x = x + y");
    rejects_stmt("i <<= 2;",
                 "2:3: error: the assignment operator <<= is not part of C0; write x = x << y");
    rejects_stmt(";", "2:1: error: an empty statement is not part of C0");
    rejects_stmt("i = 1;;", "2:7: error: an empty statement is not part of C0");
    rejects_stmt("i;", "2:1: error: expected a statement; an expression alone is none");
    rejects_stmt("i == 1;", "2:1: error: expected a statement; an expression alone is none");
    rejects_stmt("asm { nop }", "2:1: error: asm blocks are not allowed here");
}

Test(c0_statements, variables_are_declared_first_and_without_value)
{
    rejects_stmt("int late;",
                 "2:1: error: local variables are declared at the start of the function");
    rejects_stmt("int late(void);",
                 "2:1: error: a declaration inside the function f; is a } missing?");
    rejects_stmt("static int late;",
                 "2:1: error: a declaration inside the function f; is a } missing?");
    rejects_stmt(" int late;",
                 "2:2: error: local variables are declared at the start of the function");
    rejects_stmt("{ int inner; }",
                 "2:3: error: local variables are declared at the start of the function");
    rejects_after("void g(void) { int i = 1; i = 2; }",
                  "2:22: error: a local variable has no initial value; assign to it");
    rejects_after("void g(void) { int i; int i; }", "2:27: error: i is already declared at t.c0:2");
    rejects_after("void g(int i) { int i; }", "2:21: error: i is already declared at t.c0:2");
    rejects_after("void g(void) { static int i; }",
                  "2:16: error: static stands only outside functions");
    rejects_after("void g(void) { struct n { int a; } x; }",
                  "2:23: error: types are declared outside functions");
    rejects_after("void g(void) { int h(int a); }",
                  "2:20: error: functions are declared outside functions");
    rejects_after("void g(void) { struct nowhere *x; }",
                  "2:23: error: struct nowhere is not declared");
    rejects_after("struct u; void g(void) { struct u x; }",
                  "2:35: error: x has type struct u, which is not complete");
    rejects_after("void g(void) { void x; }",
                  "2:21: error: x has type void, which is not complete");
    accepts_after("void g(void) { int i, *ip, j[3], (*k)[2]; struct s t, *u; i = 1; }");
    accepts_after("void g(int gi) { unsigned gs; gs = 1u; gi = 2; }");
    accepts_after("typedef int t; void g(void) { int t; t = 3; t = (t) + 1; }");
}

Test(c0_statements, nesting_has_a_bound)
{
    struct arena *arena = arena_new();
    struct text_builder deep = {.arena = arena}, close = {.arena = arena};
    for (int k = 0; k < 257; k++) {
        text_append(&deep, "{");
        text_append(&close, "}");
    }
    rejects_stmt(arena_printf(arena, "%s%s", text_built(&deep), text_built(&close)),
                 "2:257: error: nested more than 256 deep");
    accepts_stmt(arena_printf(arena, "%s%s", text_built(&deep) + 1, text_built(&close) + 1));
    arena_free(arena);
}

Test(c0_statements, a_storage_class_hides_no_local_behind_it)
{
    struct arena *arena = arena_new();
    const char *report;
    load(arena, "int f(void)\n{\n    static int a;\n    int b;\n    b = 1;\n    return b;\n}\n",
         &report);
    cr_expect_str_eq(report, "t.c0:3:5: error: static stands only outside functions\n"
                             "    static int a;\n    ^\n");
    arena_free(arena);
}
