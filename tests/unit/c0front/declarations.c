#include "load.h"

#include <criterion/criterion.h>

Test(c0_declarations, a_file_may_declare_nothing)
{
    accepts("");
    accepts("\n\n/* nothing */\n");
}

Test(c0_declarations, types_compose)
{
    accepts("int a, *b, c[3], *d[2], (*e)[2], (*(*g)[4])[5]; unsigned h; unsigned int i; char j; "
            "bool k; int **l; int (m); int (*(n)); int o[2][3];");
    rejects("unsigned char c;", "1:1: error: the type unsigned char is not part of C0");
    rejects("long x;",
            "1:1: error: the type long is not part of C0; int and unsigned int have 32 bits");
    rejects("short x;",
            "1:1: error: the type short is not part of C0; int and unsigned int have 32 bits");
    rejects("signed x;",
            "1:1: error: the specifier signed is not part of C0; int and char are signed");
    rejects("float x;", "1:1: error: floating point is not part of C0");
    rejects("double x;", "1:1: error: floating point is not part of C0");
    rejects("const int x = 1;", "1:1: error: the qualifier const is not part of C0");
    rejects("int const x = 1;", "1:5: error: the qualifier const is not part of C0");
    rejects("volatile int x;", "1:1: error: the qualifier volatile is not part of C0");
    rejects("int * restrict p;", "1:7: error: the qualifier restrict is not part of C0");
    rejects("_Bool x;", "1:1: error: the type _Bool is not part of C0; use bool");
    rejects("union u { int a; };", "1:1: error: unions are not part of C0");
    rejects("inline int f(void) { return 1; }",
            "1:1: error: the specifier inline is not part of C0");
    rejects("void *p;", "1:6: error: void pointers are not part of C0");
    rejects("void x;", "1:6: error: x has type void, which is not complete");
    rejects("int (*f)(void);", "1:5: error: function pointers are not part of C0");
    rejects("int (*f)(int) ;", "1:5: error: function pointers are not part of C0");
    rejects("int (f)(int);", "1:5: error: function pointers are not part of C0");
    rejects("typedef int t; int f(int (t));", "1:26: error: function pointers are not part of C0");
    rejects("unsigned x = sizeof(int ());", "1:25: error: function pointers are not part of C0");
    rejects("typedef int f(void);", "1:13: error: function types are not part of C0");
    rejects("x;", "1:1: error: x is not the name of a type");
    rejects("int;", "1:1: error: this declares nothing");
    rejects("struct s { int a : 3; };", "1:18: error: bit-fields are not part of C0");
    rejects(";", "1:1: error: expected a declaration, found ';'");
    rejects("int a b;", "1:7: error: expected ';' after the declaration");
    rejects("int a\nint b;", "1:6: error: expected ';' after the declaration");
}

Test(c0_declarations, array_lengths_are_positive_constants)
{
    accepts("enum { N = 2 }; int a[N], b[N * 3 + 1], c[4u], d[sizeof(int)];");
    rejects("int a[0];", "1:7: error: the length of an array is at least 1");
    rejects("int a[1 - 2];", "1:9: error: the length of an array is at least 1");
    rejects("int a[];", "1:6: error: an array needs a length");
    rejects("int n; int a[n];", "1:14: error: this is not a constant expression");
    rejects("int a['a'];", "1:7: error: the length of an array is int or unsigned int, not char");
    rejects("int a[true];", "1:7: error: the length of an array is int or unsigned int, not bool");
    rejects("struct s; struct s a[2];",
            "1:21: error: the elements have type struct s, which is not complete");
    rejects("void a[2];", "1:7: error: the elements have type void, which is not complete");
}

Test(c0_declarations, objects_have_a_largest_size)
{
    accepts("int a[16777216];");
    rejects("int a[16777217];", "1:6: error: the array exceeds 16777216 elementary values");
    rejects("int a[4294967295u];", "1:6: error: the array exceeds 16777216 elementary values");
    rejects("int a[65536][65536];", "1:6: error: the array exceeds 16777216 elementary values");
    rejects("struct s { int a[16777216]; int b; };",
            "1:33: error: the struct exceeds 16777216 elementary values");
    rejects("int a[16777216]; int b;",
            "1:22: error: the globals together exceed 16777216 elementary values");
    rejects("void f(void) { int a[16777216]; int b; }",
            "1:37: error: the variables together exceed 16777216 elementary values");
}

Test(c0_declarations, structs_have_tags_and_fields)
{
    accepts("struct s { int a, *b; struct s *next; struct t *t; }; struct t { struct s s; };");
    accepts("typedef struct s s; struct s { s *next; }; s x;");
    accepts("typedef struct s { int a; } s; s x; struct s y;");
    accepts("struct a { struct b { int x; } b; struct b *c; }; struct b z;");
    accepts("struct s { int s; } s; typedef struct t { int t; } u;");
    rejects("struct { int a; } x;", "1:8: error: a struct needs a tag: struct S { ... }");
    rejects("typedef struct { int a; } t; t x;",
            "1:16: error: a struct needs a tag: struct S { ... }");
    rejects("struct s { };", "1:8: error: struct s has no fields");
    rejects("struct s { int a; int a; };", "1:23: error: field a is already declared");
    rejects("struct s { struct s s; };",
            "1:21: error: field s has type struct s, which is not complete");
    rejects("struct t; struct s { struct t a[2]; };",
            "1:32: error: the elements have type struct t, which is not complete");
    rejects("struct s { void a; };", "1:17: error: field a has type void, which is not complete");
    rejects("struct s { int f(void); };", "1:16: error: a field cannot be a function");
    rejects("struct s { int a; }; struct s { int a; };",
            "1:29: error: struct s is already defined");
    rejects("struct s { struct s { int a; } b; };", "1:19: error: struct s is already defined");
    rejects("struct s x;", "1:10: error: x has type struct s, which is not complete");
    rejects("struct s { int a = 1; };", "1:18: error: a field has no initial value");
    rejects("struct s { int; };", "1:15: error: expected the name of a field");
    rejects("struct s; enum s { A };", "1:16: error: s is the tag of a struct at t.c0:1");
    rejects("enum s { A }; struct s { int a; };", "1:22: error: s is the tag of an enum at t.c0:1");
}

Test(c0_declarations, enums_count_up)
{
    struct arena *arena = arena_new();
    const struct c0_program *program = load(
        arena,
        "enum { A, B = 3, C, D = -2, E, F = C * 2 }; int x[6] = {A,B,C,D,E,F}; enum tag { H, };",
        NULL);
    static const int32_t expected[] = {0, 3, 4, -2, -1, 8};
    for (size_t k = 0; k < 6; k++)
        cr_expect_eq((int32_t)program->globals[0]->initial[k].word, expected[k], "%zu", k);
    arena_free(arena);
    rejects("enum { A, A };", "1:11: error: A is already declared at t.c0:1");
    rejects("enum { A = 1u };",
            "1:12: error: the value of an enum constant has type unsigned int, not int");
    rejects("int n; enum { A = n };", "1:19: error: this is not a constant expression");
    rejects("enum { A = 2147483647, B };", "1:24: error: the value of B does not fit int");
    rejects("enum { };", "1:8: error: expected an identifier as the name of an enum constant");
    rejects("enum e { A }; enum e { B };", "1:20: error: enum e is already defined");
    rejects("enum e { A }; enum e x;",
            "1:15: error: an enum declares constants, not a type; declare an int");
    rejects("typedef enum { A } e;",
            "1:9: error: an enum declares constants, not a type; declare an int");
}

Test(c0_declarations, names_are_declared_once_and_alike)
{
    accepts("int f(int a); int f(int); int f(int b) { return b; } int f(int c);");
    accepts("extern int x; int x; extern int x; int x = 3; int x;");
    accepts("static int x; extern int x; static int f(void); int f(void) { return x; }");
    accepts("typedef int t; typedef int t; t x;");
    rejects("int x; unsigned x;", "1:17: error: x is declared differently at t.c0:1");
    rejects("int x; int x(void);", "1:12: error: x is declared differently at t.c0:1");
    rejects("int f(void); int f;", "1:18: error: f is declared differently at t.c0:1");
    rejects("int f(int a); int f(unsigned a);", "1:19: error: f is declared differently at t.c0:1");
    rejects("int f(int a); int f(int a, int b);",
            "1:19: error: f is declared differently at t.c0:1");
    rejects("int f(int a); void f(int a);", "1:20: error: f is declared differently at t.c0:1");
    rejects("int f(void) { return 1; } int f(void) { return 2; }",
            "1:31: error: f is already defined at t.c0:1");
    rejects("int x = 1; int x = 2;", "1:16: error: x already has an initial value");
    rejects("int x; static int x;", "1:19: error: x is static here but not at t.c0:1");
    rejects("static int x; int x;", "1:19: error: x is static at t.c0:1 but not here");
    rejects("int f(void); static int f(void) { return 1; }",
            "1:25: error: f is static here but not at t.c0:1");
    rejects("typedef int t; typedef char t;", "1:29: error: t is already declared at t.c0:1");
    rejects("enum { A }; int A;", "1:17: error: A is declared differently at t.c0:1");
    rejects("typedef int t; int t;", "1:20: error: t is declared differently at t.c0:1");
    rejects("extern int x = 1;", "1:14: error: an extern declaration has no initial value");
}

Test(c0_declarations, names_with_two_underscores_are_reserved)
{
    accepts("int _a, a__b; struct _s { int _f; };");
    rejects("int __a;", "1:5: error: __a: names that start with __ are reserved");
    rejects("int __f(void) { return 1; }",
            "1:5: error: __f: names that start with __ are reserved");
    rejects("struct __s { int a; };", "1:8: error: __s: names that start with __ are reserved");
    rejects("struct s { int __a; };", "1:16: error: __a: names that start with __ are reserved");
    rejects("int f(int __a) { return 1; }",
            "1:11: error: __a: names that start with __ are reserved");
    rejects("void f(void) { int __a; }", "1:20: error: __a: names that start with __ are reserved");
    rejects("enum { __A };", "1:8: error: __A: names that start with __ are reserved");
    rejects("typedef int __t;", "1:13: error: __t: names that start with __ are reserved");
    struct arena *arena = arena_new();
    struct c0_front_options options = {.may_use_reserved_names = true};
    cr_expect_not_null(
        load_with(arena, text_of("int __mul(int a, int b) { return a; }"), &options, NULL));
    arena_free(arena);
}

Test(c0_declarations, functions_take_and_give_elementary_values)
{
    accepts("void f() { } int g(void) { return 1; } struct t; struct s *h(struct t *t, bool b);");
    accepts("int rows[2][3]; int (*f(int n))[3] { return &rows[1]; } int (*(*g(void)))[3];");
    rejects("int (*f(int n)[3]) { return NULL; }",
            "1:15: error: expected ')' after the declarator");
    rejects("struct s { int a; }; struct s f(void);",
            "1:31: error: the result of a function is elementary; this has type struct s");
    rejects("struct s { int a; }; void f(struct s s);",
            "1:38: error: a parameter is elementary; this has type struct s");
    rejects("void f(int a[3]);", "1:12: error: a parameter is elementary; this has type int[3]");
    rejects("void f(void v);", "1:13: error: a parameter is elementary; this has type void");
    rejects("void f(int a, ...);", "1:15: error: variable arguments are not part of C0");
    rejects("void f(int g(void));", "1:12: error: function pointers are not part of C0");
    rejects("void f(int a, int a);", "1:19: error: a is already declared at t.c0:1");
    rejects("void f(int) { }", "1:6: error: the parameters of a defined function have names");
    rejects("void f(struct s *p);", "1:15: error: struct s is not declared");
    rejects("void f(a, b) int a; { }", "1:8: error: a is not the name of a type");
    rejects("void f(int a b);", "1:14: error: expected ')' after the parameters");
    rejects("int f(void) = 3;", "1:13: error: expected ';' after the declaration");
}

Test(c0_declarations, what_is_used_is_defined)
{
    accepts("int f(int a); extern int x; int g(void) { return 1; }");
    rejects("int f(void); int g(void) { int i; i = f(); return i; }",
            "1:39: error: f is declared but not defined in any file");
    rejects("extern int x; int *p = &x;", "1:25: error: x is declared but not defined in any file");
    rejects("static int f(void); int g(void) { int i; i = f(); return i; }",
            "1:46: error: f is declared but not defined in this file");
    struct arena *arena = arena_new();
    struct c0_front_options options = {.may_lack_definitions = true};
    cr_expect_not_null(load_with(
        arena, text_of("int f(void); extern int x; int g(void) { int i; i = f(); return x; }"),
        &options, NULL));
    cr_expect_null(
        load_with(arena, text_of("static int f(void); int g(void) { int i; i = f(); return i; }"),
                  &options, NULL));
    arena_free(arena);
}
