/* The worst-case use of the stack. */
#include "validator/check/stack.h"

#include <criterion/criterion.h>
#include <string.h>

static void chain_is(const struct stack_finding *finding, const char *expected)
{
    char found[200] = "";
    for (size_t i = 0; i < finding->chain_count; i++) {
        strcat(found, i == 0 ? "" : " ");
        strcat(found, finding->chain[i]);
    }
    cr_expect_str_eq(found, expected);
}

Test(stack_bound, a_routine_alone_needs_its_frame)
{
    struct arena *arena = arena_new();
    struct stack_routine routines[] = {{.name = "f", .frame_bytes = 24, .is_root = true}};
    struct stack_finding finding = stack_bound(arena, routines, 1, 1000);
    cr_expect(finding.is_bounded);
    cr_expect_eq(finding.bound_bytes, 24);
    cr_expect_eq(finding.limit_bytes, 1000);
    chain_is(&finding, "f");
    arena_free(arena);
}

Test(stack_bound, nothing_needs_nothing)
{
    struct arena *arena = arena_new();
    struct stack_finding finding = stack_bound(arena, NULL, 0, 1000);
    cr_expect(finding.is_bounded);
    cr_expect_eq(finding.bound_bytes, 0);
    arena_free(arena);
}

Test(stack_bound, the_deepest_chain_counts_displacements_not_frames)
{
    struct arena *arena = arena_new();
    struct stack_call of_f[] = {{1, 16}, {2, 8}};
    struct stack_call of_h[] = {{1, 100}};
    struct stack_routine routines[] = {
        {"f", 200, of_f, 2, true}, {"g", 120, NULL, 0, false}, {"h", 12, of_h, 1, false}};
    struct stack_finding finding = stack_bound(arena, routines, 3, 1000);
    cr_expect(finding.is_bounded);
    cr_expect_eq(finding.bound_bytes, 8 + 100 + 120);
    chain_is(&finding, "f h g");
    arena_free(arena);
}

Test(stack_bound, what_no_root_reaches_does_not_count)
{
    struct arena *arena = arena_new();
    struct stack_call self[] = {{1, 16}};
    struct stack_routine routines[] = {{"main", 20, NULL, 0, true}, {"dead", 5000, self, 1, false}};
    struct stack_finding finding = stack_bound(arena, routines, 2, 1000);
    cr_expect(finding.is_bounded);
    cr_expect_eq(finding.bound_bytes, 20);
    arena_free(arena);
}

Test(stack_bound, every_root_counts)
{
    struct arena *arena = arena_new();
    struct stack_routine routines[] = {{"a", 20, NULL, 0, true}, {"b", 50, NULL, 0, true}};
    struct stack_finding finding = stack_bound(arena, routines, 2, 1000);
    cr_expect_eq(finding.bound_bytes, 50);
    chain_is(&finding, "b");
    arena_free(arena);
}

Test(stack_bound, direct_recursion_is_named)
{
    struct arena *arena = arena_new();
    struct stack_call self[] = {{0, 16}};
    struct stack_routine routines[] = {{"f", 20, self, 1, true}};
    struct stack_finding finding = stack_bound(arena, routines, 1, 1000);
    cr_expect_not(finding.is_bounded);
    chain_is(&finding, "f f");
    arena_free(arena);
}

Test(stack_bound, a_cycle_is_named_without_the_way_to_it)
{
    struct arena *arena = arena_new();
    struct stack_call of_main[] = {{1, 16}}, of_a[] = {{2, 16}}, of_b[] = {{3, 8}},
                      of_c[] = {{1, 8}};
    struct stack_routine routines[] = {{"main", 20, of_main, 1, true},
                                       {"a", 20, of_a, 1, false},
                                       {"b", 20, of_b, 1, false},
                                       {"c", 20, of_c, 1, false}};
    struct stack_finding finding = stack_bound(arena, routines, 4, 1000);
    cr_expect_not(finding.is_bounded);
    chain_is(&finding, "a b c a");
    arena_free(arena);
}

/* A cycle elsewhere must not hide a frame that lies beyond the stack. */
Test(stack_bound, recursion_does_not_excuse_a_call_beyond_the_stack)
{
    struct arena *arena = arena_new();
    struct stack_call of_main[] = {{1, 16}, {2, 0xe000}}, of_rec[] = {{1, 16}};
    struct stack_routine routines[] = {
        {"main", 20, of_main, 2, true}, {"rec", 20, of_rec, 1, false}, {"g", 8, NULL, 0, false}};
    struct stack_finding finding = stack_bound(arena, routines, 3, 0x2000);
    cr_expect_not(finding.is_bounded);
    cr_expect_eq(finding.bound_bytes, 0xe000 + 8);
    arena_free(arena);
}

Test(stack_bound, a_recursive_call_alone_can_exceed_the_stack)
{
    struct arena *arena = arena_new();
    struct stack_call self[] = {{0, 0x9000}};
    struct stack_routine routines[] = {{"f", 20, self, 1, true}};
    struct stack_finding finding = stack_bound(arena, routines, 1, 0x2000);
    cr_expect_not(finding.is_bounded);
    cr_expect_eq(finding.bound_bytes, 0x9000 + 20);
    arena_free(arena);
}

Test(stack_bound, a_routine_called_twice_is_no_cycle)
{
    struct arena *arena = arena_new();
    struct stack_call of_f[] = {{1, 16}, {2, 32}}, of_g[] = {{2, 64}};
    struct stack_routine routines[] = {
        {"f", 20, of_f, 2, true}, {"g", 20, of_g, 1, false}, {"h", 20, NULL, 0, false}};
    struct stack_finding finding = stack_bound(arena, routines, 3, 1000);
    cr_expect(finding.is_bounded);
    cr_expect_eq(finding.bound_bytes, 16 + 64 + 20);
    arena_free(arena);
}

Test(stack_bound, depths_beyond_a_word_saturate)
{
    struct arena *arena = arena_new();
    enum { COUNT = 12 };
    struct stack_call calls[COUNT][1];
    struct stack_routine routines[COUNT];
    for (uint32_t i = 0; i < COUNT; i++) {
        calls[i][0] = (struct stack_call){i + 1, 0x40000000};
        routines[i] = (struct stack_routine){"r", 16, calls[i], i + 1 < COUNT, i == 0};
    }
    struct stack_finding finding = stack_bound(arena, routines, COUNT, 0x40000);
    cr_expect(finding.is_bounded);
    cr_expect_eq(finding.bound_bytes, UINT32_MAX);
    arena_free(arena);
}

Test(stack_bound, long_chains_need_no_stack_of_ours)
{
    struct arena *arena = arena_new();
    enum { COUNT = 200000 };
    struct stack_call *calls = ARENA_ARRAY(arena, struct stack_call, COUNT);
    struct stack_routine *routines = ARENA_ARRAY(arena, struct stack_routine, COUNT);
    for (uint32_t i = 0; i < COUNT; i++) {
        calls[i] = (struct stack_call){i + 1, 8};
        routines[i] = (struct stack_routine){"r", 12, &calls[i], i + 1 < COUNT, i == 0};
    }
    struct stack_finding finding = stack_bound(arena, routines, COUNT, 0x400000);
    cr_expect(finding.is_bounded);
    cr_expect_eq(finding.bound_bytes, (COUNT - 1) * 8 + 12);
    cr_expect_eq(finding.chain_count, COUNT);
    arena_free(arena);
}
