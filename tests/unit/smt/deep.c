/* Terms far deeper than any stack, and constructors that must not slow down with what is below. */
#include "smt/solver.h"

#include <criterion/criterion.h>

enum { DEEP = 100000 };

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

TestSuite(smt_deep, .init = set_up, .fini = tear_down);

static term numbered(const char *prefix, int i, struct sort sort)
{
    return term_variable(terms, arena_printf(arena, "%s%d", prefix, i), sort);
}
static term word_variable(const char *prefix, int i)
{
    return numbered(prefix, i, (struct sort){SORT_WORD, 32});
}
static term bool_variable(const char *prefix, int i)
{
    return numbered(prefix, i, (struct sort){SORT_BOOL, 0});
}
static term word(uint64_t value)
{
    return term_word(terms, value, 32);
}

static void count_one(void *self, term v)
{
    (void)v;
    ++*(size_t *)self;
}

/* Everything that walks a term walks this one. */
static void walk(term t)
{
    struct text_builder printed = {.arena = arena}, script = {.arena = arena};
    size_t variables = 0;
    term_each_variable(terms, t, count_one, &variables);
    cr_assert_gt(variables, 100u);
    term_print(terms, t, &printed);
    cr_assert_gt(printed.length, 1000u);
    term p = term_sort(terms, t).kind == SORT_BOOL ? t : term_eq(terms, t, word(1));
    struct question question = {.goal = p};
    smtlib_write(terms, &question, &script);
    cr_assert_gt(script.length, 1000u);
    term from = word_variable("a", 50), to = word(12345678);
    term changed = term_substitute(terms, p, &from, &to, 1);
    struct assignment *one = assignment_new(arena, 7), *other = assignment_new(arena, 7);
    assignment_set_word(one, from, 12345678);
    cr_assert_eq(evaluate_bool(terms, one, p), evaluate_bool(terms, one, changed));
    assignment_set_word(other, from, 12345678);
    cr_assert_eq(evaluate_bool(terms, other, term_not(terms, p)), !evaluate_bool(terms, one, p));
}

Test(smt_deep, a_long_chain_of_stores_to_unknown_places)
{
    term m = term_variable(terms, "M", (struct sort){SORT_MEMORY, 0});
    for (int i = 0; i < DEEP; i++)
        m = term_store(terms, m, word_variable("a", i % 1000), word_variable("v", i));
    walk(term_select(terms, m, word_variable("b", 0)));
}

Test(smt_deep, a_long_chain_of_branches)
{
    term t = word_variable("a", 0);
    for (int i = 0; i < DEEP; i++)
        t = term_ite(terms, bool_variable("c", i), word_variable("a", i % 997),
                     term_add(terms, t, word_variable("v", i % 13)));
    walk(t);
}

Test(smt_deep, a_long_alternation_of_connectives)
{
    term t = bool_variable("p", 0);
    for (int i = 0; i < DEEP; i++) {
        term c = term_ult(terms, word_variable("a", i % 997), word_variable("v", i));
        t = i % 2 == 0 ? term_and(terms, t, c) : term_or(terms, t, c);
    }
    walk(t);
    walk(term_not(terms, t));
}

Test(smt_deep, a_long_chain_of_selects_through_each_other)
{
    term m = term_variable(terms, "M", (struct sort){SORT_MEMORY, 0}), t = word_variable("a", 50);
    for (int i = 0; i < DEEP; i++)
        t = term_select(terms, m, term_add(terms, t, word_variable("a", i % 200)));
    walk(t);
}

Test(smt_deep, a_frame_that_is_written_over_and_over)
{
    term m = term_variable(terms, "M", (struct sort){SORT_MEMORY, 0}),
         frame = word_variable("f", 0);
    size_t before = terms_count(terms);
    for (int i = 0; i < 20000; i++) {
        term at = term_add(terms, frame, word(4 * (uint64_t)(i % 16)));
        term old =
            term_select(terms, m, term_add(terms, frame, word(4 * (uint64_t)((i + 7) % 16))));
        m = term_store(terms, m, at, term_add(terms, old, word_variable("v", i)));
    }
    cr_assert_lt(terms_count(terms) - before, 20000u * 20);
    for (int i = 0; i < 16; i++)
        m = term_store(terms, m, term_add(terms, frame, word(4 * (uint64_t)i)), word(0));
    term root = m;
    int length = 0;
    for (; term_kind(terms, root) == TERM_STORE; root = term_argument(terms, root, 0))
        length++;
    cr_assert_eq(length, 16);
}

Test(smt_deep, an_array_filled_from_either_end_is_one_memory)
{
    term m = term_variable(terms, "M", (struct sort){SORT_MEMORY, 0}), base = word_variable("b", 0);
    term up = m, down = m;
    for (int i = 0; i < 60; i++)
        up = term_store(terms, up, term_add(terms, base, word(4 * (uint64_t)i)), word((uint64_t)i));
    for (int i = 60; i-- > 0;)
        down = term_store(terms, down, term_add(terms, base, word(4 * (uint64_t)i)),
                          word((uint64_t)i));
    cr_assert_eq(up.id, down.id);
    for (int i = 60; i < 2000; i++)
        up = term_store(terms, up, term_add(terms, base, word(4 * (uint64_t)i)), word((uint64_t)i));
    for (int i = 0; i < 2000; i++)
        cr_assert(term_is_constant(
            terms, term_select(terms, up, term_add(terms, base, word(4 * (uint64_t)i))), NULL));
}

/* Z3 recurs: what it can take it is given, what would end the process it is not. */
Test(smt_deep, the_solver_is_not_given_what_it_cannot_walk)
{
    static const int depths[] = {1500, 20000};
    for (int k = 0; k < 2; k++) {
        struct solver *solver = solver_new(arena, terms, 5000000);
        term m = term_variable(terms, "M", (struct sort){SORT_MEMORY, 0});
        term t = word_variable("a", 0), x = word_variable("x", 0), y = word_variable("y", 0);
        for (int i = 0; i < depths[k]; i++)
            t = term_select(terms, m, term_bitxor(terms, t, word((uint64_t)i * 4)));
        term facts[] = {term_ult(terms, x, y), term_ult(terms, y, t)};
        struct question question = {
            .assumptions = facts, .assumption_count = 2, .goal = term_ult(terms, x, t)};
        cr_assert_eq(solver_ask(solver, &question).answer, k == 0 ? ANSWER_PROVED : ANSWER_UNKNOWN);
        solver_free(solver);
    }
}
