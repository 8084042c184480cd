/* Globals, heap, copies, calls, limits. */
#include "harness.h"

#include <jansson.h>

Test(c0_machine_memory, globals_begin_with_their_initial_values)
{
    struct twins twins = twins_of("int a = 5;\n"
                                  "int b[3] = {1, 2, 3};\n"
                                  "int *p = &b[1];\n"
                                  "char c = 'x';\n"
                                  "int z;\n"
                                  "int f() { return *p + a; }\n");
    cr_assert_eq(twins_run(&twins, "f").result, 7u);
    cr_assert_eq(global_word(&twins, "b", 2), 3u);
    cr_assert_eq(global_word(&twins, "c", 0), (uint32_t)'x');
    cr_assert_eq(global_word(&twins, "z", 0), 0u);
    cr_assert_eq(global_word(&twins, "p", 0),
                 c0_machine_global_cell(twins.fast, c0_program_global(twins.program, "b", NULL)) +
                     1);
    twins_free(&twins);
}

Test(c0_machine_memory, new_objects_are_zero_and_distinct)
{
    cr_assert_eq(result_of("struct s { int a; struct s *next; };\n"
                           "int f() {\n"
                           "    struct s *p;\n"
                           "    struct s *q;\n"
                           "    int sum;\n"
                           "    p = new(struct s);\n"
                           "    p->a = 5;\n"
                           "    q = new(struct s);\n"
                           "    sum = q->a;\n"
                           "    q->a = 9;\n"
                           "    q->next = p;\n"
                           "    if (q->next->next == NULL && p != q) {\n"
                           "        sum = sum + q->next->a + q->a;\n"
                           "    }\n"
                           "    return sum;\n"
                           "}\n"),
                 14u);
}

Test(c0_machine_memory, new_gives_null_when_the_heap_is_exhausted)
{
    const char *text = "struct s { int a; int b; int c; };\n"
                       "int f() {\n"
                       "    int n;\n"
                       "    struct s *p;\n"
                       "    int *q;\n"
                       "    n = 0;\n"
                       "    p = new(struct s);\n"
                       "    while (p != NULL) {\n"
                       "        n = n + 1;\n"
                       "        p = new(struct s);\n"
                       "    }\n"
                       "    q = new(int);\n"
                       "    if (q != NULL) {\n"
                       "        n = n + 1000;\n"
                       "    }\n"
                       "    return n;\n"
                       "}\n";
    struct twins twins =
        twins_with_limits(text, (struct c0_limits){.heap_cells = 10, .stack_cells = 100});
    cr_assert_eq(twins_run(&twins, "f").result, 1003u);
    cr_assert_eq(twins_run(&twins, "f").result, 0u);
    twins_free(&twins);
}

Test(c0_machine_memory, default_heap_is_a_mebibyte_without_its_cursor)
{
    struct twins twins = twins_of("struct s { int a[1023]; };\n"
                                  "int n;\n"
                                  "void f() {\n"
                                  "    struct s *p;\n"
                                  "    int *q;\n"
                                  "    p = new(struct s);\n"
                                  "    while (p != NULL) {\n"
                                  "        n = n + 1023;\n"
                                  "        p = new(struct s);\n"
                                  "    }\n"
                                  "    q = new(int);\n"
                                  "    while (q != NULL) {\n"
                                  "        n = n + 1;\n"
                                  "        q = new(int);\n"
                                  "    }\n"
                                  "}\n");
    twins_run(&twins, "f");
    cr_assert_eq(global_word(&twins, "n", 0), (1u << 20) / 4 - 1);
    twins_free(&twins);
}

Test(c0_machine_memory, structs_are_copied_whole)
{
    cr_assert_eq(result_of("struct in { int a[3]; char c; };\n"
                           "struct s { int x; struct in in; int y; };\n"
                           "struct s g;\n"
                           "struct s h[2];\n"
                           "int f() {\n"
                           "    struct s l;\n"
                           "    struct s *p;\n"
                           "    int i;\n"
                           "    i = 1;\n"
                           "    p = new(struct s);\n"
                           "    g.x = 1;\n"
                           "    g.in.a[2] = 20;\n"
                           "    g.in.c = 'c';\n"
                           "    g.y = 300;\n"
                           "    l = g;\n"
                           "    g.x = 4;\n"
                           "    h[i] = l;\n"
                           "    l.in.a[1] = 7;\n"
                           "    h[0].in = l.in;\n"
                           "    *p = h[i];\n"
                           "    p->in = h[0].in;\n"
                           "    return p->x + p->in.a[2] + p->in.a[1] * 1000 + p->y +\n"
                           "           (int)p->in.c * 10000;\n"
                           "}\n"),
                 1u + 20 + 7000 + 300 + 990000);
}

Test(c0_machine_memory, local_aggregates_of_a_caller_survive_a_call)
{
    cr_assert_eq(result_of("int g(int n) {\n"
                           "    int a[5];\n"
                           "    int r;\n"
                           "    int i;\n"
                           "    i = 0;\n"
                           "    while (i < 5) {\n"
                           "        a[i] = n * 10 + i;\n"
                           "        i = i + 1;\n"
                           "    }\n"
                           "    r = 0;\n"
                           "    if (n > 0) {\n"
                           "        r = g(n - 1);\n"
                           "    }\n"
                           "    i = 0;\n"
                           "    while (i < 5) {\n"
                           "        r = r + a[i];\n"
                           "        i = i + 1;\n"
                           "    }\n"
                           "    return r;\n"
                           "}\n"
                           "int f() {\n"
                           "    int r;\n"
                           "    r = g(100);\n"
                           "    return r;\n"
                           "}\n"),
                 101u * 10 + 50u * 5050);
}

Test(c0_machine_memory, uninitialised_cells_show_zero_after_a_copy)
{
    struct twins twins = twins_of("struct s { int a; int b; };\n"
                                  "struct s g;\n"
                                  "void fill() {\n"
                                  "    int x;\n"
                                  "    int a[3];\n"
                                  "    x = 0;\n"
                                  "    while (x < 3) { a[x] = 5; x = x + 1; }\n"
                                  "}\n"
                                  "void f() {\n"
                                  "    struct s l;\n"
                                  "    l.a = 1;\n"
                                  "    fill();\n"
                                  "    g = l;\n"
                                  "}\n");
    twins_run(&twins, "fill"); /* leaves its words where the next frame lies */
    twins_run(&twins, "f");
    cr_assert(global_word(&twins, "g", 0) == 1 && global_word(&twins, "g", 1) == 0);
    twins_free(&twins);
}

Test(c0_machine_memory, recursion_deeper_than_the_first_windows_works)
{
    cr_assert_eq(result_of("int even(unsigned int n);\n"
                           "int odd(unsigned int n) {\n"
                           "    int r;\n"
                           "    r = 0;\n"
                           "    if (n != 0u) { r = even(n - 1u); }\n"
                           "    return r;\n"
                           "}\n"
                           "int even(unsigned int n) {\n"
                           "    int r;\n"
                           "    r = 1;\n"
                           "    if (n != 0u) { r = odd(n - 1u); }\n"
                           "    return r;\n"
                           "}\n"
                           "int f() { int r; r = even(10000u); return r; }\n"),
                 1u);
}

Test(c0_machine_memory, call_result_may_go_to_a_global)
{
    struct twins twins = twins_of("int g;\n"
                                  "int h;\n"
                                  "int next(int x) { h = g; return x + 1; }\n"
                                  "void f() {\n"
                                  "    g = next(1);\n"
                                  "    g = next(g);\n"
                                  "    next(7);\n"
                                  "}\n");
    twins_run(&twins, "f");
    cr_assert_eq(global_word(&twins, "g", 0), 3u);
    cr_assert_eq(global_word(&twins, "h", 0), 3u);
    twins_free(&twins);
}

Test(c0_machine_memory, arguments_are_evaluated_before_any_parameter_is_set)
{
    cr_assert_eq(result_of("int swap(int a, int b, int n) {\n"
                           "    int r;\n"
                           "    r = a * 10 + b;\n"
                           "    if (n > 0) { r = swap(b, a, n - 1); }\n"
                           "    return r;\n"
                           "}\n"
                           "int f() { int r; r = swap(1, 2, 5); return r; }\n"),
                 21u);
}

static const char *const steps_text = "int g;\n"
                                      "void h(int n) {\n"
                                      "    g = g + n;\n"
                                      "}\n"
                                      "int f() {\n"
                                      "    int i;\n"
                                      "    i = 0;\n"
                                      "    while (i < 3) {\n"
                                      "        if (i == 1) {\n"
                                      "            h(10);\n"
                                      "        } else {\n"
                                      "            g = g + 1;\n"
                                      "        }\n"
                                      "        i = i + 1;\n"
                                      "    }\n"
                                      "    return g;\n"
                                      "}\n";

Test(c0_machine_memory, every_executed_statement_is_one_step)
{
    /* i = 0; 4 tests; 3 ifs; 2 sums, 1 call with sum and return; 3 increments; the return. */
    struct twins twins = twins_of(steps_text);
    struct c0_outcome outcome = twins_run(&twins, "f");
    cr_assert_eq(outcome.steps, 1u + 4 + 3 + 2 + 3 + 3 + 1);
    cr_assert_eq(outcome.result, 12u);
    twins_free(&twins);
}

Test(c0_machine_memory, limit_stops_between_any_two_steps)
{
    for (uint64_t limit = 0; limit <= 18; limit++) {
        struct twins twins = twins_of(steps_text);
        struct c0_outcome outcome = twins_call(&twins, "f", NULL, limit);
        cr_assert_eq(outcome.status, limit < 17 ? C0_LIMIT : C0_RETURNED);
        cr_assert_eq(outcome.steps, limit < 17 ? limit : 17);
        outcome = twins_run(&twins, "f"); /* a stopped run leaves nothing behind */
        cr_assert_eq(outcome.status, C0_RETURNED);
        cr_assert_eq(outcome.steps, 17u);
        twins_free(&twins);
    }
}

Test(c0_machine_memory, endless_loop_reaches_the_limit)
{
    struct twins twins = twins_of("void f() { while (true) { } }\n");
    struct c0_outcome outcome = twins_call(&twins, "f", NULL, 12345);
    cr_assert_eq(outcome.status, C0_LIMIT);
    cr_assert_eq(outcome.steps, 12345u);
    twins_free(&twins);
}

Test(c0_machine_memory, objects_are_found_by_any_of_their_cells)
{
    struct twins twins = twins_of("struct s { int a; int b[2]; };\n"
                                  "int x;\n"
                                  "struct s y;\n"
                                  "struct s *p;\n"
                                  "void f() { p = new(struct s); p = new(struct s); }\n");
    const struct c0_variable *y = c0_program_global(twins.program, "y", NULL);
    twins_run(&twins, "f");
    uint32_t first = c0_machine_global_cell(twins.fast, y);
    struct c0_object object;
    for (uint32_t i = 0; i < 3; i++) {
        cr_assert(c0_machine_object(twins.fast, first + i, &object));
        cr_assert(object.global == y && object.first_cell == first && object.type == y->type);
    }
    uint32_t heap = global_word(&twins, "p", 0);
    for (uint32_t i = 0; i < 3; i++) {
        cr_assert(c0_machine_object(twins.fast, heap + i, &object));
        cr_assert(object.global == NULL && object.heap_number == 1 && object.first_cell == heap);
    }
    cr_assert_not(c0_machine_object(twins.fast, heap + 3, &object));
    cr_assert_not(c0_machine_object(twins.fast, 0, &object));
    twins_free(&twins);
}

Test(c0_machine_memory, object_made_from_outside_is_like_a_new_one)
{
    struct twins twins = twins_of("struct s { int a; struct s *next; };\n"
                                  "int f(struct s *p) { return p->next->a; }\n");
    const struct c0_type *type =
        c0_program_function(twins.program, "f", NULL)->variables[0]->type->element;
    uint32_t p = c0_machine_new_object(twins.fast, type);
    uint32_t q = c0_machine_new_object(twins.fast, type);
    cr_assert_eq(c0_machine_new_object(twins.plain, type), p);
    cr_assert_eq(c0_machine_new_object(twins.plain, type), q);
    c0_machine_write(twins.fast, p + 1, q);
    c0_machine_write(twins.plain, p + 1, q);
    c0_machine_write(twins.fast, q, 77);
    c0_machine_write(twins.plain, q, 77);
    cr_assert_eq(twins_call(&twins, "f", &p, 100).result, 77u);
    twins_free(&twins);
}
