/* What the store promises: one meaning, one id, for the shapes that both machines build. */
#include "base/require.h"
#include "smt/evaluate.h"
#include "smt/term.h"

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

TestSuite(smt_terms, .init = set_up, .fini = tear_down);

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
static void same(term a, term b)
{
    cr_assert_eq(a.id, b.id);
}

Test(smt_terms, sums_are_equal_whatever_the_order_of_their_parts)
{
    term x = variable("x"), y = variable("y");
    term left = term_add(terms, term_add(terms, x, word(3)), term_mul(terms, y, word(4)));
    term right = term_add(terms, term_shl(terms, y, word(2)), term_sub(terms, x, word(-3u)));
    same(left, right);
    same(term_sub(terms, left, right), word(0));
    same(term_bitnot(terms, x), term_bitxor(terms, x, word(0xffffffff)));
    same(term_bitxor(terms, x, word(0x80000000)), term_add(terms, x, word(0x80000000)));
}

Test(smt_terms, a_bool_as_a_word_compares_to_the_bool)
{
    term c = boolean("c"), d = boolean("d");
    term c_word = term_of_bool(terms, c, 32), d_word = term_of_bool(terms, d, 32);
    same(term_ne(terms, c_word, word(0)), c);
    same(term_eq(terms, c_word, word(1)), c);
    same(term_slt(terms, word(0), c_word), c);
    same(term_eq(terms, term_bitxor(terms, c_word, word(1)), word(0)), c);
    same(term_bitand(terms, c_word, d_word), term_of_bool(terms, term_and(terms, c, d), 32));
    same(term_bitor(terms, c_word, d_word), term_of_bool(terms, term_or(terms, c, d), 32));
    same(term_ite(terms, c, d_word, word(0)), term_of_bool(terms, term_and(terms, c, d), 32));
}

Test(smt_terms, path_guards_that_merge_become_the_guard_before_the_branch)
{
    term g = boolean("g"), c = boolean("c"), d = boolean("d");
    term gc = term_and(terms, g, c), gn = term_and(terms, g, term_not(terms, c));
    term gcd = term_and(terms, gc, d), gcn = term_and(terms, gc, term_not(terms, d));
    same(term_or(terms, gc, gn), g);
    same(term_or(terms, term_or(terms, gcd, gn), gcn), g);
    same(term_or(terms, term_or(terms, gcd, gcn), gn), g);
    same(term_or(terms, term_or(terms, gn, gcn), gcd), g);
}

Test(smt_terms, shifts_up_and_down_again_are_extensions)
{
    term x = variable("x");
    same(term_ashr(terms, term_shl(terms, x, word(24)), word(24)),
         term_sext(terms, term_extract(terms, x, 7, 0), 32));
    same(term_lshr(terms, term_shl(terms, x, word(16)), word(16)),
         term_bitand(terms, x, word(0xffff)));
    same(term_slt(terms, term_lshr(terms, x, word(1)), word(0)), term_false(terms));
}

Test(smt_terms, a_select_sees_through_stores_to_other_words)
{
    term m = memory("m"), p = variable("p");
    term chain = m;
    for (uint32_t i = 0; i < 20; i++)
        chain = term_store(terms, chain, term_add(terms, p, word(4 * i)), word(100 + i));
    same(term_select(terms, chain, term_add(terms, word(12), p)), word(103));
    same(term_select(terms, chain, term_add(terms, word(80), p)),
         term_select(terms, m, term_add(terms, p, word(80))));
    term unknown = term_select(terms, chain, variable("q"));
    cr_assert_eq(term_kind(terms, unknown), TERM_SELECT);
}

Test(smt_terms, stores_to_different_words_commute_and_the_last_to_one_word_counts)
{
    term m = memory("m"), p = variable("p"), q = term_add(terms, p, word(4));
    term one = term_store(terms, term_store(terms, m, p, word(1)), q, word(2));
    term other = term_store(terms, term_store(terms, m, q, word(2)), p, word(1));
    same(one, other);
    same(term_store(terms, term_store(terms, one, p, word(7)), p, word(1)), one);
    same(term_store(terms, one, q, term_select(terms, one, q)), one);
    term back = term_store(terms, term_store(terms, one, p, term_select(terms, m, p)), q,
                           term_select(terms, m, q));
    same(back, m);
}
