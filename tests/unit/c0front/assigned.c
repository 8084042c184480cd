#include "load.h"

#include <criterion/criterion.h>

#define BODY(text)                                                                                 \
    "int gi; int inc(int n) { return n; } int f(int n, bool b) { int i, j; int *p;\n" text " }"

Test(c0_assigned, an_assignment_call_or_new_assigns)
{
    accepts(BODY("i = 1; return i;"));
    accepts(BODY("i = inc(n); return i;"));
    accepts(BODY("p = new(int); if (p != NULL) { *p = n; } return n;"));
    rejects(BODY("return i;"), "2:8: error: i may be read before it is assigned");
    rejects(BODY("i = i + 1; return i;"), "2:5: error: i may be read before it is assigned");
    rejects(BODY("i = inc(i); return i;"), "2:9: error: i may be read before it is assigned");
    rejects(BODY("*p = 3; return 1;"), "2:2: error: p may be read before it is assigned");
    rejects(BODY("*p = i; return 1;"), "2:6: error: i may be read before it is assigned");
    rejects(BODY("if (i == 1) { } return 1;"), "2:5: error: i may be read before it is assigned");
    rejects(BODY("while (i == 1) { } return 1;"),
            "2:8: error: i may be read before it is assigned");
}

Test(c0_assigned, an_if_assigns_what_both_branches_assign)
{
    accepts(BODY("if (b) { i = 1; } else { i = 2; } return i;"));
    accepts(
        BODY("if (b) { i = 1; j = 1; } else if (n == 1) { j = 2; i = 2; } else { i = 3; j = 3; } "
             "return i + j;"));
    accepts(BODY("if (b) { i = 1; gi = i; } return n;"));
    rejects(BODY("if (b) { i = 1; } return i;"),
            "2:26: error: i may be read before it is assigned");
    rejects(BODY("if (b) { } else { i = 1; } return i;"),
            "2:35: error: i may be read before it is assigned");
    rejects(BODY("if (b) { i = 1; } else { j = 1; } return i;"),
            "2:42: error: i may be read before it is assigned");
    rejects(BODY("if (b) { i = 1; } else { j = 1; } return j;"),
            "2:42: error: j may be read before it is assigned");
    rejects(BODY("if (b) { i = 1; } else { gi = i; i = 1; } return i;"),
            "2:31: error: i may be read before it is assigned");
    rejects(BODY("if (b) { if (n == 1) { i = 1; } } else { i = 2; } return i;"),
            "2:58: error: i may be read before it is assigned");
}

Test(c0_assigned, a_loop_assigns_nothing_behind_it)
{
    accepts(BODY("i = 0; while (i < 3) { j = i; i = j + 1; } return i;"));
    rejects(BODY("while (b) { i = 1; } return i;"),
            "2:29: error: i may be read before it is assigned");
    rejects(BODY("while (true) { i = 1; } return i;"),
            "2:32: error: i may be read before it is assigned");
    rejects(BODY("while (b) { if (n == 1) { gi = i; } i = 1; } return n;"),
            "2:32: error: i may be read before it is assigned");
}

Test(c0_assigned, the_right_side_of_a_lazy_operator_reads)
{
    rejects(BODY("if (b && i == 1) { } return n;"),
            "2:10: error: i may be read before it is assigned");
    rejects(BODY("if (false && i == 1) { } return n;"),
            "2:14: error: i may be read before it is assigned");
}

Test(c0_assigned, aggregates_are_left_to_the_run)
{
    accepts(
        "struct s { int x; }; int f(void) { int a[3]; struct s s, t; t = s; return a[1] + t.x; }");
    rejects("int f(void) { int a[3]; int i; a[i] = 1; return 2; }",
            "1:34: error: i may be read before it is assigned");
}

Test(c0_assigned, each_variable_is_reported_once)
{
    struct arena *arena = arena_new();
    const char *report;
    load(arena, "int f(void) { int i, j; i = j + j;\n return i + j; }", &report);
    cr_expect_str_eq(report, "t.c0:1:29: error: j may be read before it is assigned\n"
                             "int f(void) { int i, j; i = j + j;\n"
                             "                            ^\n");
    arena_free(arena);
}
