#include "load.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct c0_program *load_two(struct arena *arena, const char *a, const char *b,
                                         const char **report)
{
    struct source sources[] = {{"a.c0", a}, {"b.c0", b}};
    return load_files(arena, sources, 2, NULL, report);
}

static void links(const char *a, const char *b)
{
    struct arena *arena = arena_new();
    const char *report;
    cr_expect_not_null(load_two(arena, a, b, &report), "%s\n%s\n%s", a, b, report);
    arena_free(arena);
}

static void clashes(const char *a, const char *b, const char *expected)
{
    struct arena *arena = arena_new();
    const char *report;
    cr_expect_null(load_two(arena, a, b, &report), "%s\n%s", a, b);
    cr_expect_eq(strncmp(report, expected, strlen(expected)), 0, "%s", report);
    arena_free(arena);
}

Test(c0_link, declarations_meet_definitions_of_other_files)
{
    struct arena *arena = arena_new();
    const char *report;
    const struct c0_program *program = load_two(
        arena, "int inc(int a); extern int x;\nint f(void) { int i; i = inc(x); return i; }",
        "int x = 3;\nint inc(int n) { int m; m = n + 1; return m; }", &report);
    cr_assert_not_null(program, "%s", report);
    const struct c0_function *inc = c0_program_function(program, "inc", NULL);
    const struct c0_function *f = c0_program_function(program, "f", NULL);
    const struct c0_variable *x = c0_program_global(program, "x", NULL);
    cr_assert_eq(f->body->stmts[0]->callee, inc);
    cr_assert_eq(f->body->stmts[0]->arguments[0]->variable, x);
    cr_assert_not_null(inc->body);
    cr_assert_str_eq(inc->where.file, "b.c0");
    cr_assert_eq(inc->where.line, 2u);
    cr_assert_eq(inc->variable_count, 2u);
    cr_assert_str_eq(inc->variables[0]->name, "n");
    cr_assert(x->is_defined && x->initial[0].word == 3);
    cr_assert_eq(program->function_count, 2u);
    cr_assert_eq(program->global_count, 1u);
    cr_assert_eq(program->functions[inc->index], inc);
    cr_assert_eq(program->globals[x->index], x);
    arena_free(arena);
}

Test(c0_link, static_names_are_private_to_their_file)
{
    struct arena *arena = arena_new();
    const char *report;
    const struct c0_program *program = load_two(
        arena, "static int x = 1; static int get(void) { return x; } int f(void) { return x; }",
        "static int x = 2; static int get(void) { return x; } int get_b(void) { return x; }",
        &report);
    cr_assert_not_null(program, "%s", report);
    cr_assert_eq(program->global_count, 2u);
    cr_assert_eq(program->function_count, 4u);
    cr_assert_null(c0_program_function(program, "get", NULL));
    cr_assert_eq(c0_program_function(program, "get", "b.c0"), program->functions[2]);
    cr_assert_eq(c0_program_global(program, "x", "a.c0"), program->globals[0]);
    cr_assert_eq(program->functions[3]->body->stmts[0]->value->variable, program->globals[1]);
    arena_free(arena);
    links("static int x; int f(void) { return x; }", "int x = 2;");
    clashes("static int f(void) { return 1; }",
            "int f(void); int g(void) { int i; i = f(); return i; }",
            "b.c0:1:39: error: f is declared but not defined in any file\n");
}

Test(c0_link, a_name_is_defined_once_and_has_one_type)
{
    clashes("int f(void) { return 1; }", "int f(void) { return 2; }",
            "b.c0:1:5: error: f is already defined at a.c0:1\n");
    clashes("int x;", "int x;", "b.c0:1:5: error: x is already defined at a.c0:1\n");
    clashes("int x = 1;", "int x = 1;", "b.c0:1:5: error: x is already defined at a.c0:1\n");
    links("int x;", "extern int x; int f(void) { return x; }");
    clashes("int f(int a);", "int f(unsigned a) { return 1; }",
            "b.c0:1:5: error: f is declared differently at a.c0:1\n");
    clashes("extern unsigned x;", "int x;",
            "b.c0:1:5: error: x is declared differently at a.c0:1\n");
    clashes("extern int x;", "int x(void) { return 1; }",
            "b.c0:1:5: error: x is a variable at a.c0:1\n");
    clashes("int x(void);", "int x;", "b.c0:1:5: error: x is a function at a.c0:1\n");
}

#define NODE "struct node { int key; struct node *next; struct list *in; }; "
#define LIST "struct list { struct node *first[2]; }; "

Test(c0_link, structs_of_one_shape_become_one_type)
{
    struct arena *arena = arena_new();
    const char *report;
    const struct c0_program *program = load_two(
        arena, NODE LIST "struct list lists[3]; int f(struct node *n) { return n->next->key; }",
        LIST NODE "extern struct list lists[3]; int f(struct node *n);\n"
                  "int g(void) { int i; struct node *n; struct node c; unsigned u; "
                  "n = lists[1].first[0]; i = f(n); c = *n; n = new(struct node); "
                  "u = sizeof(struct node); n->in->first[1] = NULL; return i; }",
        &report);
    cr_assert_not_null(program, "%s", report);
    const struct c0_function *f = c0_program_function(program, "f", NULL);
    const struct c0_function *g = c0_program_function(program, "g", NULL);
    const struct c0_type *node = f->variables[0]->type->element;
    const struct c0_type *list = node->fields[2].type->element;
    cr_expect_eq(c0_program_global(program, "lists", NULL)->type->element, list);
    cr_expect_eq(list->fields[0].type->element->element, node);
    cr_expect_eq(node->fields[1].type->element, node);
    cr_expect_eq(g->variables[1]->type, f->variables[0]->type);
    cr_expect_eq(g->variables[2]->type, node);
    const struct c0_stmt *const *stmts = g->body->stmts;
    cr_expect_eq(stmts[0]->place->type, f->variables[0]->type);
    cr_expect_eq(stmts[0]->value->type, f->variables[0]->type);
    cr_expect_eq(stmts[0]->value->base->field, &list->fields[0]);
    cr_expect_eq(stmts[2]->value->type, node);
    cr_expect_eq(stmts[3]->allocated, node);
    cr_expect_eq(stmts[4]->value->operand_type, node);
    cr_expect_eq(stmts[5]->value->type, node->fields[1].type);
    arena_free(arena);
}

Test(c0_link, structs_of_different_shapes_stay_apart)
{
    links("struct s { int a; }; struct s x; int f(void) { return x.a; }",
          "struct s { char b; int a; }; struct s y; int g(void) { return y.a; }");
    links("struct t { int a; }; struct s { struct t *t; }; struct s x;",
          "struct t { char a; }; struct s { struct t *t; }; struct s y;");
    clashes("struct s { int a; }; struct s x;", "struct s { char a; }; extern struct s x;",
            "b.c0:1:39: error: x is declared differently at a.c0:1, where struct s has another "
            "shape\n");
    clashes("struct s { int a; }; int f(struct s *p) { return p->a; }",
            "struct s { int b; }; int f(struct s *p);",
            "b.c0:1:26: error: f is declared differently at a.c0:1, where struct s has another "
            "shape\n");
    clashes("struct t { int a; }; struct s { struct t *t; }; extern struct s *x;",
            "struct t { char a; }; struct s { struct t *t; }; struct s *x;",
            "b.c0:1:60: error: x is declared differently at a.c0:1, where struct s has another "
            "shape\n");
}

Test(c0_link, a_declared_struct_is_the_one_another_file_defines)
{
    struct arena *arena = arena_new();
    const char *report;
    const struct c0_program *program =
        load_two(arena,
                 "struct s; struct w { struct s *p; }; struct w x; int f(struct s *p);\n"
                 "int g(void) { int i; i = f(x.p); return i; }",
                 "struct s { int a; }; struct w { struct s *p; }; extern struct w x;\n"
                 "int f(struct s *p) { return p->a + x.p->a; }",
                 &report);
    cr_assert_not_null(program, "%s", report);
    const struct c0_function *f = c0_program_function(program, "f", NULL);
    const struct c0_variable *x = c0_program_global(program, "x", NULL);
    cr_expect_eq(x->type->fields[0].type, f->variables[0]->type);
    cr_expect(f->variables[0]->type->element->is_complete);
    arena_free(arena);
}

Test(c0_link, a_header_read_by_many_files_gives_one_set_of_types)
{
    struct arena *arena = arena_new();
    const char *report;
    struct source sources[] = {
        {"node.h", "#ifndef NODE_H\n#define NODE_H\nstruct node { int key; struct node *next; };\n"
                   "extern struct node *head;\nint sum(struct node *n);\n#endif\n"},
        {"a.c0", "#include <c0.h>\n#include \"node.h\"\n#include \"node.h\"\nstruct node *head;\n"},
        {"b.c0", "#include \"node.h\"\nint sum(struct node *n) { return n->key; }\n"},
        {"c.c0", "#include \"node.h\"\nint total(void) { int i; i = sum(head); return i; }\n"}};
    const struct c0_program *program = load_files(arena, sources, 4, NULL, &report);
    cr_assert_not_null(program, "%s", report);
    cr_expect_eq(program->functions[0]->variables[0]->type, program->globals[0]->type);
    cr_expect_str_eq(program->functions[0]->where.file, "b.c0");
    arena_free(arena);
}

Test(c0_link, many_mutually_recursive_structs_merge_quickly)
{
    struct arena *arena = arena_new();
    struct text_builder text = {.arena = arena};
    for (int k = 0; k < 500; k++)
        text_append(&text, "struct s%d { int a; struct s%d *n; };\n", k, (k + 1) % 500);
    struct text_builder other = {.arena = arena};
    text_append(&other, "%s struct s7 *x;", text_built(&text));
    text_append(&text, "extern struct s7 *x; struct s7 *f(void) { return x; }");
    const char *report;
    cr_expect_not_null(load_two(arena, text_built(&text), text_built(&other), &report), "%s",
                       report);
    arena_free(arena);
}
