/* Terms as a person reads them, and assignments. */
#include "smt/solver.h"

#include <criterion/criterion.h>

static struct arena *arena;
static struct terms *terms;

static void set_up(void)
{
    arena = arena_new();
    terms = terms_new(arena);
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(smt_print, .init = set_up, .fini = tear_down);
TestSuite(smt_evaluate, .init = set_up, .fini = tear_down);

static term word(uint64_t value)
{
    return term_word(terms, value, 32);
}
static term variable(const char *name)
{
    return term_variable(terms, name, (struct sort){SORT_WORD, 32});
}
static term boolean(const char *name)
{
    return term_variable(terms, name, (struct sort){SORT_BOOL, 0});
}
static term memory(const char *name)
{
    return term_variable(terms, name, (struct sort){SORT_MEMORY, 0});
}

static void prints(term t, const char *text)
{
    struct text_builder out = {.arena = arena};
    term_print(terms, t, &out);
    cr_assert_str_eq(text_built(&out), text);
}

Test(smt_print, sums_and_products_read_as_they_are_written)
{
    term x = variable("x"), i = variable("i");
    prints(term_add(terms, x, term_mul(terms, i, word(4))), "x + 4*i");
    prints(term_sub(terms, x, word(8)), "x - 8");
    prints(term_sub(terms, word(5), x), "-x + 5");
    prints(term_mul(terms, x, i), "x*i");
    prints(word((uint64_t)-1), "-1");
    prints(word(0x12345678), "0x12345678");
    prints(term_udiv(terms, term_add(terms, x, word(1)), i), "(x + 1) /u i");
}

Test(smt_print, memories_are_indexed_and_updated)
{
    term m = memory("M"), frame = variable("r29"), x = variable("x");
    term at = term_add(terms, frame, word(8));
    prints(term_select(terms, m, at), "M[r29 + 8]");
    prints(term_store(terms, m, at, term_add(terms, x, word(1))), "M{r29 + 8 := x + 1}");
}

Test(smt_print, conditions_have_their_signs_and_negations)
{
    term x = variable("x"), y = variable("y"), p = boolean("p"), q = boolean("q");
    prints(term_ule(terms, x, y), "x <=u y");
    prints(term_slt(terms, x, y), "x <s y");
    prints(term_ne(terms, x, y), "x != y");
    prints(term_and(terms, p, term_or(terms, q, term_ult(terms, x, y))), "p && (q || x <u y)");
    prints(term_not(terms, p), "!p");
    prints(term_of_bool(terms, p, 32), "bool(p)");
    prints(term_ite(terms, p, x, term_add(terms, y, word(1))), "p ? x : y + 1");
    prints(term_bitand(terms, x, word(0xff)), "zext32(x[7:0])");
    prints(term_bitor(terms, x, term_bitand(terms, x, y)), "x | (x & y)");
}

Test(smt_print, a_text_that_would_not_end_ends_in_dots)
{
    term x = variable("x"), y = variable("y");
    for (int i = 0; i < 200; i++)
        x = term_udiv(terms, term_bitxor(terms, x, y), x);
    struct text_builder out = {.arena = arena};
    term_print(terms, x, &out);
    cr_assert_lt(out.length, (1u << 20) + 100);
    cr_assert_str_eq(out.at + out.length - 3, "...");
}

Test(smt_evaluate, equal_arguments_of_a_function_have_equal_values)
{
    struct assignment *a = assignment_new(arena, 99);
    term x = variable("x"), y = variable("y"), m = memory("M");
    term of_x[] = {m, x}, of_y[] = {term_store(terms, m, word(4), word(7)), y};
    struct sort sort = {SORT_WORD, 32};
    term fx = term_apply(terms, "f", sort, of_x, 2), fy = term_apply(terms, "f", sort, of_y, 2);
    assignment_set_word(a, x, 5);
    assignment_set_word(a, y, 5);
    assignment_set_memory_word(a, m, 4, 8);
    cr_assert_neq(evaluate_word(terms, a, fx), evaluate_word(terms, a, fy));
    assignment_set_memory_word(a, m, 4, 7);
    cr_assert_eq(evaluate_word(terms, a, fx), evaluate_word(terms, a, fy));
    assignment_set_apply(terms, a, fx, 1234);
    cr_assert_eq(evaluate_word(terms, a, fy), 1234u);
    assignment_set_word(a, y, 6);
    cr_assert_neq(evaluate_word(terms, a, fy), 1234u);
}

static void sum_words(void *self, uint32_t address, uint32_t word_at)
{
    *(uint32_t *)self += address + word_at;
}

Test(smt_evaluate, a_memory_is_what_was_set_and_its_default)
{
    struct assignment *a = assignment_new(arena, 3);
    term m = memory("M"), n = memory("N");
    assignment_set_memory_default(a, m, 9);
    assignment_set_memory_default(a, n, 9);
    cr_assert(evaluate_bool(terms, a, term_eq(terms, m, n)));
    assignment_set_memory_word(a, m, 16, 2);
    cr_assert_not(evaluate_bool(terms, a, term_eq(terms, m, n)));
    cr_assert_eq(evaluate_memory_word(terms, a, m, 17), 2u);
    cr_assert_eq(evaluate_memory_word(terms, a, m, 20), 9u);
    term stored = term_store(terms, n, variable("p"), word(2));
    assignment_set_word(a, variable("p"), 16);
    cr_assert(evaluate_bool(terms, a, term_eq(terms, m, stored)));
    uint32_t sum = 0;
    assignment_each_memory_word(a, m, sum_words, &sum);
    cr_assert_eq(sum, 18u);
}

Test(smt_evaluate, a_seed_gives_the_same_values_in_every_run)
{
    struct assignment *a = assignment_new(arena, 42), *b = assignment_new(arena, 42);
    struct assignment *c = assignment_new(arena, 43), *zero = assignment_new(arena, 0);
    unsigned differences = 0;
    for (int i = 0; i < 20; i++) {
        term x = variable(arena_printf(arena, "x%d", i));
        cr_assert_eq(evaluate_word(terms, a, x), evaluate_word(terms, b, x));
        cr_assert_eq(evaluate_word(terms, zero, x), 0u);
        differences += evaluate_word(terms, a, x) != evaluate_word(terms, c, x);
    }
    cr_assert_gt(differences, 10u);
}
