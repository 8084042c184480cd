/* The laws that the checker assumes, at every instance of small widths and at random ones of 32
 * bits, against C's arithmetic. */
#include "smt/evaluate.h"
#include "validator/check/contract_law.h"

#include <criterion/criterion.h>

enum { WIDTH_MAX = 6 };

static struct arena *arena;
static struct terms *terms;

static void begin(void)
{
    arena = arena_new();
    terms = terms_new(arena);
}

static void end(void)
{
    arena_free(arena);
}

TestSuite(contract_law, .init = begin, .fini = end);

struct laws {
    term x, y, h, l;
    term premise_of_x, premise_of_y, product, quotient[LAW_QUOTIENT_FACTS];
};

static struct laws laws_of(unsigned width_bits)
{
    struct sort sort = {SORT_WORD, (uint8_t)width_bits};
    struct laws laws = {
        .x = term_fresh(terms, "x", sort),
        .y = term_fresh(terms, "y", sort),
        .h = term_fresh(terms, "h", sort),
        .l = term_fresh(terms, "l", sort),
    };
    laws.premise_of_x = law_premise(terms, laws.x, laws.h, laws.l);
    laws.premise_of_y = law_premise(terms, laws.y, laws.h, laws.l);
    laws.product = law_product(terms, laws.x, laws.y, laws.h, laws.l);
    law_quotient(terms, laws.x, laws.y, laws.h, laws.l, laws.quotient);
    return laws;
}

static void set(struct assignment *state, const struct laws *laws, uint64_t x, uint64_t y,
                uint64_t h, uint64_t l)
{
    assignment_set_word(state, laws->x, x);
    assignment_set_word(state, laws->y, y);
    assignment_set_word(state, laws->h, h);
    assignment_set_word(state, laws->l, l);
}

static void expect_quotient_law(struct assignment *state, const struct laws *laws)
{
    cr_expect(evaluate_bool(terms, state, laws->premise_of_x));
    for (size_t i = 0; i < LAW_QUOTIENT_FACTS; i++)
        cr_expect(evaluate_bool(terms, state, laws->quotient[i]));
}

Test(contract_law, product_law_holds_of_all_small_words)
{
    for (unsigned width = 1; width <= WIDTH_MAX; width++) {
        struct laws laws = laws_of(width);
        struct assignment *state = assignment_new(arena, 0);
        for (uint64_t x = 0; x < 1u << width; x++)
            for (uint64_t y = 0; y < 1u << width; y++) {
                set(state, &laws, x, y, y >> 1, y & 1);
                cr_expect(evaluate_bool(terms, state, laws.premise_of_y));
                cr_expect(evaluate_bool(terms, state, laws.product), "%u bits: %u * %u", width,
                          (unsigned)x, (unsigned)y);
            }
    }
}

Test(contract_law, quotient_law_holds_of_all_small_words)
{
    for (unsigned width = 1; width <= WIDTH_MAX; width++) {
        struct laws laws = laws_of(width);
        struct assignment *state = assignment_new(arena, 0);
        for (uint64_t x = 0; x < 1u << width; x++)
            for (uint64_t y = 0; y < 1u << width; y++) {
                set(state, &laws, x, y, x >> 1, x & 1);
                expect_quotient_law(state, &laws);
            }
    }
}

Test(contract_law, premise_allows_one_half_and_one_bit_only)
{
    struct laws laws = laws_of(4);
    struct assignment *state = assignment_new(arena, 0);
    for (uint64_t x = 0; x < 16; x++)
        for (uint64_t h = 0; h < 16; h++)
            for (uint64_t l = 0; l < 16; l++) {
                set(state, &laws, x, 0, h, l);
                cr_expect_eq(evaluate_bool(terms, state, laws.premise_of_x),
                             l <= 1 && 2 * h + l == x);
            }
}

Test(contract_law, laws_hold_of_random_words_of_32_bits)
{
    struct laws laws = laws_of(32);
    for (uint64_t seed = 1; seed <= 3000; seed++) {
        struct assignment *state = assignment_new(arena, seed);
        uint64_t x = evaluate_word(terms, state, laws.x);
        uint64_t y = evaluate_word(terms, state, laws.y);
        set(state, &laws, x, y, y >> 1, y & 1);
        cr_expect(evaluate_bool(terms, state, laws.product));
        set(state, &laws, x, y, x >> 1, x & 1);
        expect_quotient_law(state, &laws);
    }
}

/* The law is about words that overflow too: 2 r + l needs 33 bits here. */
Test(contract_law, quotient_law_holds_where_the_doubled_remainder_overflows)
{
    struct laws laws = laws_of(32);
    struct assignment *state = assignment_new(arena, 0);
    static const uint32_t divisors[] = {0xffffffff, 0x80000001, 0xfffffffe, 0x80000000};
    for (size_t i = 0; i < sizeof divisors / sizeof *divisors; i++) {
        set(state, &laws, 0xffffffff, divisors[i], 0x7fffffff, 1);
        expect_quotient_law(state, &laws);
    }
}
