#include "load.h"

#include <criterion/criterion.h>
#include <string.h>

static char *repeated(struct arena *arena, const char *head, const char *piece, size_t count,
                      const char *tail)
{
    struct text_builder text = {.arena = arena};
    text_append(&text, "%s", head);
    for (size_t k = 0; k < count; k++)
        text_append(&text, "%s", piece);
    text_append(&text, "%s", tail);
    return (char *)text_built(&text);
}

Test(c0_robust, a_report_ends_after_twenty_errors)
{
    struct arena *arena = arena_new();
    const char *report;
    struct text_builder text = {.arena = arena};
    for (int k = 0; k < 30; k++)
        text_append(&text, "int x%d = y%d;\n", k, k);
    load(arena, text_built(&text), &report);
    size_t errors = 0;
    for (const char *at = report; (at = strstr(at, ": error: ")) != NULL; at++)
        errors++;
    cr_expect_eq(errors, 21u);
    cr_expect_not_null(strstr(report, "t.c0:20:11: error: y19 is not declared\n"));
    cr_expect_str_eq(strstr(report, "t.c0:21"), "t.c0:21:11: error: too many errors\n");
    arena_free(arena);
}

Test(c0_robust, errors_come_in_the_order_of_the_source)
{
    struct arena *arena = arena_new();
    const char *report;
    load(arena, "int a = 08;\nint b = c;\nvoid f(void) { int i; i = \"x\"; j = 1; }\nint d = 1u;\n",
         &report);
    const char *last = report;
    static const char *const starts[] = {"t.c0:1:", "t.c0:2:", "t.c0:3:27", "t.c0:3:32", "t.c0:4:"};
    for (size_t k = 0; k < 5; k++) {
        last = strstr(last, starts[k]);
        cr_assert_not_null(last, "%s in %s", starts[k], report);
    }
    arena_free(arena);
}

Test(c0_robust, one_error_in_a_statement_hides_no_other_statement)
{
    struct arena *arena = arena_new();
    const char *report;
    load(arena,
         "int f(int n) {\n for (n = 0; n < 3; n++) { n = 1; }\n do { n = 2; } while (n == 1);\n"
         " switch (n) { case 1: n = 2; break; }\n if (n) { n = 1; } else { n = 2; }\n"
         " n = (1 + ;\n n = 2 3;\n n = 4u;\n return n\n}\nint g(void) { return h; }\n",
         &report);
    size_t errors = 0;
    for (const char *at = report; (at = strstr(at, ": error: ")) != NULL; at++)
        errors++;
    cr_expect_eq(errors, 9u, "%s", report);
    cr_expect_not_null(strstr(report, "t.c0:11:22: error: h is not declared"), "%s", report);
    arena_free(arena);
}

Test(c0_robust, a_very_long_line_is_shown_in_part)
{
    struct arena *arena = arena_new();
    const char *report;
    char *text = repeated(arena, "int x = ", "          ", 100000, "y;");
    load(arena, text, &report);
    cr_expect_lt(strlen(report), 600u);
    cr_expect_not_null(strstr(report, "t.c0:1:1000009: error: y is not declared\n"));
    cr_expect_not_null(strstr(report, "y;\n"));
    arena_free(arena);
}

Test(c0_robust, deep_nesting_of_any_kind_is_an_error_and_no_crash)
{
    static const struct {
        const char *head, *piece;
    } cases[] = {
        {"int x = ", "("},
        {"int x = ", "-"},
        {"int x = ", "~("},
        {"int x = ", "(int)"},
        {"int x = ", "1 + ("},
        {"int x = 1", " + 1"},
        {"int x = ", "{"},
        {"int ", "*"},
        {"int ", "("},
        {"int x", "[1]"},
        {"int x[", "sizeof(int["},
        {"", "struct s {"},
        {"", "struct {"},
        {"void f(void) ", "{"},
        {"void f(bool b) { ", "if (b) {"},
        {"void f(bool b) { ", "if (b) "},
        {"void f(bool b) { ", "if (b) { } else "},
        {"void f(bool b) { ", "while (b) {"},
        {"void f(bool b) { f(", "f("},
        {"struct s { struct s *n; } x; struct s *y = &x", "->n"},
        {"struct s { int a; } x; int y = x", ".a"},
        {"int x; int y = x", "[0]"},
        {"typedef int t0; ", "typedef t0 *"},
        {"enum { A = ", "("},
        {"", "{"},
        {"", "}"},
        {"int ", "@"},
        {"", "typedef "},
        {"int f(", "int (*a)("},
    };
    struct arena *arena = arena_new();
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const char *report;
        cr_expect_null(
            load(arena, repeated(arena, cases[k].head, cases[k].piece, 20000, ""), &report),
            "%s %s", cases[k].head, cases[k].piece);
    }
    arena_free(arena);
}

Test(c0_robust, types_that_grow_through_typedefs_are_bounded)
{
    struct arena *arena = arena_new();
    struct text_builder text = {.arena = arena};
    text_append(&text, "typedef int *t0;\n");
    for (int k = 0; k < 300; k++)
        text_append(&text, "typedef t%d *t%d;\n", k, k + 1);
    rejects(text_built(&text), "257:14: error: the type is nested more than 256 deep");
    text.length = 0;
    text_append(&text, "typedef int *t0;\n");
    for (int k = 0; k < 255; k++)
        text_append(&text, "typedef t%d *t%d;\n", k, k + 1);
    size_t length = text.length;
    text_append(&text, "t255 x;\n");
    accepts(text_built(&text));
    text_append(&text, "bool f(void) { return &x == NULL; }\n");
    rejects(text_built(&text), "258:23: error: the type is nested more than 256 deep");
    text.length = length;
    text_append(&text, "t255 x[2];\n");
    rejects(text_built(&text), "257:7: error: the type is nested more than 256 deep");
    text.length = 0;
    text_append(&text, "struct s0 { int a; };\n");
    for (int k = 0; k < 300; k++)
        text_append(&text, "struct s%d { struct s%d a; };\n", k + 1, k);
    rejects(text_built(&text), "257:27: error: the type is nested more than 256 deep");
    arena_free(arena);
}

Test(c0_robust, many_declarations_are_read)
{
    struct arena *arena = arena_new();
    struct text_builder text = {.arena = arena};
    for (int k = 0; k < 20000; k++)
        text_append(&text,
                    "int v%d; struct s%d { int a; struct s%d *b; }; int f%d(int a) "
                    "{ int b; b = a + v%d; return b; }\n",
                    k, k, k, k, k);
    const char *report;
    const struct c0_program *program = load(arena, text_built(&text), &report);
    cr_assert_not_null(program, "%.200s", report);
    cr_expect_eq(program->function_count, 20000u);
    arena_free(arena);
}

Test(c0_robust, every_prefix_and_every_omission_gives_a_program_or_a_report)
{
    static const char text[] =
        "struct s { int a[3]; struct s *n; }; enum { A, B = 2 }; typedef struct s t; extern int "
        "e;\n"
        "t g = {{1, B}, &g}; static char c = '\\n'; int (*p)[3] = &g.a;\n"
        "int f(int x, bool b) { int i; t *q; i = (int)sizeof(t *[2]) ; q = new(t);\n"
        "  while (b && x < 3 || !b) { if (q != NULL) { q->a[i] = -x % 2; } else if (b) { } else\n"
        "  { i = f(x, true); f(~1 >> 2, x == 2u); g = *q; } } { } return q->n->a[0] + *&g.a[1]; "
        "}\n";
    struct arena *arena = arena_new();
    for (size_t length = 0; length < sizeof text; length++)
        load_with(arena, (struct text){text, length}, NULL, NULL);
    for (size_t k = 0; k < sizeof text - 1; k++) {
        char *copy = arena_copy(arena, text, sizeof text - 1);
        memmove(copy + k, copy + k + 1, sizeof text - 2 - k);
        load_with(arena, (struct text){copy, sizeof text - 2}, NULL, NULL);
        copy[k] = '\0';
        load_with(arena, (struct text){copy, sizeof text - 2}, NULL, NULL);
    }
    arena_free(arena);
}
