#include "validator/check/contract_law.h"

static term half_of(struct terms *terms, term x)
{
    return term_lshr(terms, x, term_word(terms, 1, term_sort(terms, x).width_bits));
}

static term is_odd(struct terms *terms, term x)
{
    return term_eq(terms, term_extract(terms, x, 0, 0), term_word(terms, 1, 1));
}

static term doubled(struct terms *terms, term x)
{
    return term_add(terms, x, x);
}

/* x * (2 h + l) = 2 (x * h) + x * l */
term law_product(struct terms *terms, term x, term y)
{
    unsigned width_bits = term_sort(terms, x).width_bits;
    term bit = term_ite(terms, is_odd(terms, y), x, term_word(terms, 0, width_bits));
    term sum = term_add(terms, doubled(terms, term_mul(terms, x, half_of(terms, y))), bit);
    return term_eq(terms, term_mul(terms, x, y), sum);
}

/* h = q y + r with r < y gives 2 h + l = (2 q) y + t with t = 2 r + l < 2 y: the quotient is 2 q or
 * 2 q + 1. t is 2^width or more iff r has its top bit set; then t >= y too, and t - y fits again. */
term law_quotient(struct terms *terms, term x, term y)
{
    unsigned width_bits = term_sort(terms, x).width_bits;
    term zero = term_word(terms, 0, width_bits), one = term_word(terms, 1, width_bits);
    term h = half_of(terms, x);
    term q = term_udiv(terms, h, y), r = term_urem(terms, h, y);
    term l = term_bitand(terms, x, one);
    term t = term_add(terms, doubled(terms, r), l); /* modulo 2^width */
    term carry = term_slt(terms, r, zero);
    term fits = term_or(terms, carry, term_ule(terms, y, t));
    term quotient =
        term_ite(terms, fits, term_add(terms, doubled(terms, q), one), doubled(terms, q));
    term rest = term_ite(terms, fits, term_sub(terms, t, y), t);
    term conclusions[] = {
        term_ult(terms, r, y),
        term_eq(terms, term_udiv(terms, x, y), quotient),
        term_eq(terms, term_urem(terms, x, y), rest),
    };
    return term_implies(terms, term_ne(terms, y, zero), term_and_all(terms, conclusions, 3));
}
