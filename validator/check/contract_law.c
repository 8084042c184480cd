#include "validator/check/contract_law.h"

static term doubled(struct terms *terms, term x)
{
    return term_add(terms, x, x);
}

term law_premise(struct terms *terms, term operand, term half, term bit)
{
    term one = term_word(terms, 1, term_sort(terms, operand).width_bits);
    return term_and(terms, term_eq(terms, half, term_lshr(terms, operand, one)),
                    term_eq(terms, bit, term_bitand(terms, operand, one)));
}

/* x * (2 h + l) = 2 (x * h) + x * l */
term law_product(struct terms *terms, term x, term y, term h, term l)
{
    term zero = term_word(terms, 0, term_sort(terms, x).width_bits);
    term even = doubled(terms, term_mul(terms, x, h));
    term product = term_ite(terms, term_eq(terms, l, zero), even, term_add(terms, even, x));
    return term_eq(terms, term_mul(terms, x, y), product);
}

/* h = q y + r with r < y gives 2 h + l = (2 q) y + t with t = 2 r + l < 2 y: the quotient is 2 q or
 * 2 q + 1. t is 2^width or more iff r has its top bit set; then t >= y too, and t - y fits again.
 */
void law_quotient(struct terms *terms, term x, term y, term h, term l,
                  term facts[LAW_QUOTIENT_FACTS])
{
    unsigned width_bits = term_sort(terms, x).width_bits;
    term zero = term_word(terms, 0, width_bits), one = term_word(terms, 1, width_bits);
    term is_undefined = term_eq(terms, y, zero);
    term q = term_udiv(terms, h, y), r = term_urem(terms, h, y);
    term t = term_add(terms, doubled(terms, r), l);
    term fits = term_or(terms, term_slt(terms, r, zero), term_ule(terms, y, t));
    term quotient =
        term_ite(terms, fits, term_add(terms, doubled(terms, q), one), doubled(terms, q));
    term rest = term_ite(terms, fits, term_sub(terms, t, y), t);
    facts[0] = term_or(terms, is_undefined, term_ult(terms, r, y));
    facts[1] = term_or(terms, is_undefined, term_eq(terms, term_udiv(terms, x, y), quotient));
    facts[2] = term_or(terms, is_undefined, term_eq(terms, term_urem(terms, x, y), rest));
}

term law_remainder(struct terms *terms, term x, term y)
{
    term multiple = term_mul(terms, term_udiv(terms, x, y), y);
    return term_eq(terms, term_urem(terms, x, y), term_sub(terms, x, multiple));
}
