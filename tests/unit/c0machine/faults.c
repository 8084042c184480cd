/* Every fault, with its statement's location; and what must not fault. */
#include "harness.h"

Test(c0_machine_faults, null_dereference_of_a_read)
{
    expect_fault("int *p;\n"
                 "int f() {\n"
                 "    int x;\n"
                 "    x = 1;\n"
                 "    x = *p;\n"
                 "    return x;\n"
                 "}\n",
                 C0_RULE_NULL_DEREFERENCE, 5, 5);
}

Test(c0_machine_faults, null_dereference_of_a_write)
{
    expect_fault("struct s { int a; int b; };\n"
                 "struct s *p;\n"
                 "void f() {\n"
                 "    p->b = 3;\n"
                 "}\n",
                 C0_RULE_NULL_DEREFERENCE, 4, 5);
}

Test(c0_machine_faults, address_of_a_field_behind_null_faults)
{
    expect_fault("struct s { int a; int b; };\n"
                 "struct s *p;\n"
                 "int *q;\n"
                 "void f() {\n"
                 "    q = &p->b;\n"
                 "}\n",
                 C0_RULE_NULL_DEREFERENCE, 5, 5);
}

Test(c0_machine_faults, null_dereference_in_a_condition_is_located_at_the_statement)
{
    expect_fault("int *p;\n"
                 "int f() {\n"
                 "    int x;\n"
                 "    x = 0;\n"
                 "    while (x < 3 && (x < 2 ||\n"
                 "           *p == 0)) {\n"
                 "        x = x + 1;\n"
                 "    }\n"
                 "    return x;\n"
                 "}\n",
                 C0_RULE_NULL_DEREFERENCE, 5, 5);
}

Test(c0_machine_faults, index_at_the_length_faults)
{
    expect_fault("int a[10];\n"
                 "int f() {\n"
                 "    int i;\n"
                 "    i = 0;\n"
                 "    while (i <= 10) {\n"
                 "        a[i] = i;\n"
                 "        i = i + 1;\n"
                 "    }\n"
                 "    return 0;\n"
                 "}\n",
                 C0_RULE_INDEX_BOUNDS, 6, 9);
}

Test(c0_machine_faults, negative_index_faults)
{
    expect_fault("int a[10];\n"
                 "int i = -1;\n"
                 "int f() {\n"
                 "    return a[i];\n"
                 "}\n",
                 C0_RULE_INDEX_BOUNDS, 4, 5);
}

Test(c0_machine_faults, unsigned_index_that_wraps_faults)
{
    /* 0x40000001 * 4 bytes would wrap to the second element. */
    expect_fault("int a[10];\n"
                 "unsigned int i = 0x40000001u;\n"
                 "int f() {\n"
                 "    return a[i];\n"
                 "}\n",
                 C0_RULE_INDEX_BOUNDS, 4, 5);
}

Test(c0_machine_faults, index_of_a_local_array_faults)
{
    expect_fault("int f() {\n"
                 "    int a[3];\n"
                 "    int i;\n"
                 "    i = 3;\n"
                 "    a[i] = 1;\n"
                 "    return 0;\n"
                 "}\n",
                 C0_RULE_INDEX_BOUNDS, 5, 5);
}

Test(c0_machine_faults, inner_index_faults_though_the_cell_exists)
{
    expect_fault("struct row { int a[3]; };\n"
                 "struct row rows[4];\n"
                 "int i = 3;\n"
                 "int f() {\n"
                 "    return rows[1].a[i];\n"
                 "}\n",
                 C0_RULE_INDEX_BOUNDS, 5, 5);
}

Test(c0_machine_faults, zero_divisors_fault)
{
    expect_fault("int z;\nint f() {\n  return 1 / z;\n}\n", C0_RULE_DIVISION, 3, 3);
    expect_fault("int z;\nint f() {\n  return 1 % z;\n}\n", C0_RULE_DIVISION, 3, 3);
    expect_fault("unsigned int z;\nunsigned int f() {\n  return 1u / z;\n}\n", C0_RULE_DIVISION, 3,
                 3);
    expect_fault("unsigned int z;\nunsigned int f() {\n  return 1u % z;\n}\n", C0_RULE_DIVISION, 3,
                 3);
}

Test(c0_machine_faults, least_int_by_minus_one_faults)
{
    expect_fault("int m = -1;\nint f() {\n  return (-2147483647 - 1) / m;\n}\n", C0_RULE_DIVISION,
                 3, 3);
    expect_fault("int n = -2147483647 - 1;\nint f() {\n  return n % (-1);\n}\n", C0_RULE_DIVISION,
                 3, 3);
}

Test(c0_machine_faults, unsigned_division_by_the_greatest_word_does_not_fault)
{
    cr_assert_eq(result_of("unsigned int n = 0x80000000u;\n"
                           "unsigned int m = 0xffffffffu;\n"
                           "unsigned int f() { return n / m + n % m; }\n"),
                 0x80000000u);
}

Test(c0_machine_faults, shift_amounts_outside_the_word_fault)
{
    expect_fault("int n = 32;\nint f() {\n  return 1 << n;\n}\n", C0_RULE_SHIFT_AMOUNT, 3, 3);
    expect_fault("int n = -1;\nint f() {\n  return 1 >> n;\n}\n", C0_RULE_SHIFT_AMOUNT, 3, 3);
    expect_fault("int n = 32;\nunsigned int f() {\n  return 1u >> n;\n}\n", C0_RULE_SHIFT_AMOUNT, 3,
                 3);
}

Test(c0_machine_faults, uninitialised_cell_of_a_local_array)
{
    expect_fault("int f() {\n"
                 "    int a[4];\n"
                 "    int i;\n"
                 "    i = 2;\n"
                 "    a[1] = 5;\n"
                 "    i = a[1] - 3;\n"
                 "    return a[i];\n"
                 "}\n",
                 C0_RULE_UNINITIALISED, 7, 5);
}

Test(c0_machine_faults, second_call_finds_its_locals_uninitialised_again)
{
    expect_fault("int g(bool first) {\n"
                 "    int a[1];\n"
                 "    if (first) {\n"
                 "        a[0] = 1;\n"
                 "    }\n"
                 "    return a[0];\n"
                 "}\n"
                 "int f() {\n"
                 "    int x;\n"
                 "    x = g(true);\n"
                 "    x = g(false);\n"
                 "    return x;\n"
                 "}\n",
                 C0_RULE_UNINITIALISED, 6, 5);
}

Test(c0_machine_faults, uninitialised_cell_travels_with_a_copy_into_a_global)
{
    const char *text = "struct s { int a; int b; };\n"
                       "struct s g;\n"
                       "int f() {\n"
                       "    struct s l;\n"
                       "    l.a = 7;\n"
                       "    g.b = 1;\n"
                       "    g = l;\n"
                       "    return g.a;\n"
                       "}\n"
                       "int h() {\n"
                       "    return g.b;\n"
                       "}\n"
                       "void i() {\n"
                       "    g.b = 2;\n"
                       "}\n";
    struct twins twins = twins_of(text);
    struct c0_outcome outcome = twins_run(&twins, "f");
    cr_assert(outcome.status == C0_RETURNED && outcome.result == 7);
    outcome = twins_run(&twins, "h");
    cr_assert_eq(outcome.status, C0_FAULTED);
    cr_assert_eq(outcome.rule, C0_RULE_UNINITIALISED);
    cr_assert_eq(outcome.where.line, 11u);
    twins_run(&twins, "i");
    outcome = twins_run(&twins, "h");
    cr_assert(outcome.status == C0_RETURNED && outcome.result == 2);
    twins_free(&twins);
}

Test(c0_machine_faults, uninitialised_cell_travels_through_the_heap_and_back)
{
    expect_fault("struct s { int a; int b[3]; };\n"
                 "struct s *p;\n"
                 "int f() {\n"
                 "    struct s l;\n"
                 "    struct s k;\n"
                 "    int i;\n"
                 "    p = new(struct s);\n"
                 "    l.a = 7;\n"
                 "    l.b[1] = 8;\n"
                 "    *p = l;\n"
                 "    k = *p;\n"
                 "    i = k.a + k.b[1] + p->b[1];\n"
                 "    i = 2;\n"
                 "    return k.b[i];\n"
                 "}\n",
                 C0_RULE_UNINITIALISED, 14, 5);
}

Test(c0_machine_faults, recursion_without_end_exhausts_the_stack)
{
    expect_fault("int f() {\n"
                 "    int x;\n"
                 "    x = f();\n"
                 "    return x;\n"
                 "}\n",
                 C0_RULE_STACK_EXHAUSTED, 3, 5);
}

Test(c0_machine_faults, stack_holds_exactly_the_frames_that_fit)
{
    const char *text = "int f(int n) {\n"
                       "    int x;\n"
                       "    x = 0;\n"
                       "    if (n > 0) {\n"
                       "        x = f(n - 1);\n"
                       "    }\n"
                       "    return x + 1;\n"
                       "}\n";
    /* A frame is n, x and two cells more: 10 frames are 40 cells. */
    struct c0_limits limits = {.heap_cells = 10, .stack_cells = 40};
    struct twins twins = twins_with_limits(text, limits);
    struct c0_outcome outcome = twins_call(&twins, "f", (uint32_t[]){9}, 1000);
    cr_assert(outcome.status == C0_RETURNED && outcome.result == 10);
    outcome = twins_call(&twins, "f", (uint32_t[]){10}, 1000);
    cr_assert_eq(outcome.status, C0_FAULTED);
    cr_assert_eq(outcome.rule, C0_RULE_STACK_EXHAUSTED);
    cr_assert_eq(outcome.where.line, 5u);
    outcome = twins_call(&twins, "f", (uint32_t[]){9}, 1000);
    cr_assert(outcome.status == C0_RETURNED && outcome.result == 10);
    twins_free(&twins);
}

Test(c0_machine_faults, outermost_frame_that_does_not_fit_faults_at_the_function)
{
    struct c0_limits limits = {.heap_cells = 10, .stack_cells = 40};
    struct twins twins = twins_with_limits("\nvoid f() {\n  int a[39];\n  a[0] = 1;\n}\n", limits);
    struct c0_outcome outcome = twins_run(&twins, "f");
    cr_assert_eq(outcome.status, C0_FAULTED);
    cr_assert_eq(outcome.rule, C0_RULE_STACK_EXHAUSTED);
    cr_assert_eq(outcome.where.line, 2u);
    cr_assert_eq(outcome.steps, 0u);
    twins_free(&twins);
}

Test(c0_machine_faults, lazy_operators_spare_the_faults_of_their_right_side)
{
    cr_assert_eq(result_of("int *p;\n"
                           "int z;\n"
                           "int a[2];\n"
                           "int f() {\n"
                           "    bool b;\n"
                           "    int i;\n"
                           "    i = 2;\n"
                           "    b = p != NULL && *p == 1;\n"
                           "    b = b || (i < 2 && a[i] == 0);\n"
                           "    b = b || (z == 0 || 1 / z == 1) && !(z != 0 && 1 % z == 0);\n"
                           "    return (int)b;\n"
                           "}\n"),
                 1u);
}

Test(c0_machine_faults, value_is_evaluated_before_the_place)
{
    expect_fault("int *p;\nint z;\nvoid f() {\n  *p = 1 / z;\n}\n", C0_RULE_DIVISION, 4, 3);
}

Test(c0_machine_faults, left_operand_is_evaluated_before_the_right_one)
{
    expect_fault("int *p;\nint z;\nint f() {\n  return *p + 1 / z;\n}\n", C0_RULE_NULL_DEREFERENCE,
                 4, 3);
    expect_fault("int *p;\nint z;\nint f() {\n  return 1 / z + *p;\n}\n", C0_RULE_DIVISION, 4, 3);
}

Test(c0_machine_faults, faulting_step_changes_nothing_and_does_not_count)
{
    struct twins twins = twins_of("int g = 1;\n"
                                  "int z;\n"
                                  "void f() {\n"
                                  "    g = 2;\n"
                                  "    g = 3;\n"
                                  "    g = 4 / z;\n"
                                  "    g = 5;\n"
                                  "}\n");
    struct c0_outcome outcome = twins_run(&twins, "f");
    cr_assert_eq(outcome.status, C0_FAULTED);
    cr_assert_eq(outcome.steps, 2u);
    cr_assert_eq(global_word(&twins, "g", 0), 3u);
    twins_free(&twins);
}

Test(c0_machine_faults, constant_conditions_that_fail_fault_when_reached)
{
    expect_fault("int a[2];\nint f() {\n  int x;\n  x = 0;\n  x = 1 << (31 + 1);\n  return x;\n}\n",
                 C0_RULE_SHIFT_AMOUNT, 5, 3);
}
