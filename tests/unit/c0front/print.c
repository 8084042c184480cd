#include "load.h"

#include <criterion/criterion.h>

static const char *printed(struct arena *arena, const struct c0_program *program)
{
    struct text_builder out = {.arena = arena};
    c0_print_declarations(program, &out);
    return text_built(&out);
}

Test(c0_print, types_are_written_as_c0_declares_them)
{
    static const char *const declarations[] = {
        "int x",       "unsigned int x",      "char *x",      "bool **x",          "int x[3]",
        "int x[2][3]", "int *x[4]",           "int (*x)[4]",  "int *(*x[2])[5]",   "struct s x",
        "struct s *x", "struct s (*x)[2][3]", "int (**x)[7]", "char (*(*x)[2])[3]"};
    struct arena *arena = arena_new();
    for (size_t k = 0; k < sizeof declarations / sizeof *declarations; k++) {
        const char *text = arena_printf(arena, "struct s { int a; }; %s;", declarations[k]);
        const struct c0_program *program = load(arena, text, NULL);
        struct text_builder out = {.arena = arena};
        c0_print_type(program->globals[0]->type, "x", &out);
        cr_expect_str_eq(text_built(&out), declarations[k]);
    }
    arena_free(arena);
}

Test(c0_print, bare_types_have_no_name)
{
    struct arena *arena = arena_new();
    const struct c0_program *program = load(arena, "int *a[3]; unsigned b; int (*c)[2];", NULL);
    static const char *const expected[] = {"int *[3]", "unsigned int", "int (*)[2]"};
    for (size_t k = 0; k < 3; k++) {
        struct text_builder out = {.arena = arena};
        c0_print_type(program->globals[k]->type, "", &out);
        cr_expect_str_eq(text_built(&out), expected[k]);
    }
    arena_free(arena);
}

Test(c0_print, declarations_read_back_to_the_same)
{
    struct arena *arena = arena_new();
    const char *report;
    const struct c0_program *program =
        load(arena,
             "struct late; enum { N = 2 }; typedef struct node node; struct opaque;\n"
             "struct node { int key; node *next; struct late *l; unsigned m[N][3]; struct opaque "
             "*o; };\n"
             "struct late { struct inner { bool b; char c; } a[2]; struct node n; };\n"
             "static node first; struct late *lates[4]; int (*rows)[5] = NULL; extern int unused;\n"
             "static int f(int a, struct inner *p) { return a; } void g(void) { }\n"
             "struct node *h(struct late *, bool b); typedef int row[3]; row *pick(row *r);\n",
             &report);
    cr_assert_not_null(program, "%s", report);
    const char *text = printed(arena, program);
    cr_expect_str_eq(text, "struct node;\n"
                           "struct late;\n"
                           "struct inner;\n"
                           "struct opaque;\n"
                           "struct node {\n"
                           "    int key;\n"
                           "    struct node *next;\n"
                           "    struct late *l;\n"
                           "    unsigned int m[2][3];\n"
                           "    struct opaque *o;\n"
                           "};\n"
                           "struct inner {\n"
                           "    bool b;\n"
                           "    char c;\n"
                           "};\n"
                           "struct late {\n"
                           "    struct inner a[2];\n"
                           "    struct node n;\n"
                           "};\n"
                           "extern struct node first;\n"
                           "extern struct late *lates[4];\n"
                           "extern int (*rows)[5];\n"
                           "extern int unused;\n"
                           "int f(int a, struct inner *p);\n"
                           "void g(void);\n"
                           "struct node *h(struct late *, bool b);\n"
                           "int (*pick(int (*r)[3]))[3];\n");
    struct c0_front_options options = {.may_lack_definitions = true};
    const struct c0_program *again = load_with(arena, text_of(text), &options, &report);
    cr_assert_not_null(again, "%s", report);
    cr_expect_str_eq(printed(arena, again), text);
    arena_free(arena);
}

Test(c0_print, names_and_tags_that_clash_across_files_are_printed_once)
{
    struct arena *arena = arena_new();
    const char *report;
    struct source sources[] = {
        {"a.c0", "struct s { int a; }; static struct s x; static int f(void) { return x.a; }"},
        {"b.c0",
         "struct s { char b; }; static struct s y; static unsigned x; struct s_2 { int q; } z;"
         "static int f(void) { return 1; }"}};
    const struct c0_program *program = load_files(arena, sources, 2, NULL, &report);
    cr_assert_not_null(program, "%s", report);
    const char *text = printed(arena, program);
    cr_expect_str_eq(text, "struct s;\nstruct s_2;\nstruct s_2_2;\n"
                           "struct s {\n    int a;\n};\n"
                           "struct s_2 {\n    char b;\n};\n"
                           "struct s_2_2 {\n    int q;\n};\n"
                           "extern struct s x;\nextern struct s_2 y;\nextern struct s_2_2 z;\n"
                           "int f(void);\n");
    cr_expect_not_null(load_with(arena, text_of(text), NULL, &report), "%s", report);
    arena_free(arena);
}
