/* Division. Unsigned quotients and remainders are atoms; signed ones are rewritten to them. */
#include "smt/store.h"

static uint64_t quotient(uint64_t a, uint64_t b, unsigned width_bits)
{
    return b == 0 ? mask_of(width_bits) : a / b;
}

static uint64_t remainder_of(uint64_t a, uint64_t b)
{
    return b == 0 ? a : a % b;
}

static unsigned words_width(const struct terms *terms, term a, term b)
{
    require(term_sort(terms, a).kind == SORT_WORD && term_sort(terms, b).kind == SORT_WORD &&
                width_of(terms, a) == width_of(terms, b),
            "words of one width are divided");
    return width_of(terms, a);
}

/* Division by zero gives all ones. */
term term_udiv(struct terms *terms, term a, term b)
{
    unsigned width_bits = words_width(terms, a, b);
    uint64_t dividend, divisor;
    struct choice choice;
    if (term_is_constant(terms, b, &divisor)) {
        if (term_is_constant(terms, a, &dividend))
            return term_word(terms, quotient(dividend, divisor, width_bits), width_bits);
        if (divisor == 0)
            return term_word(terms, UINT64_MAX, width_bits);
        if ((divisor & (divisor - 1)) == 0)
            return term_lshr(terms, a,
                             term_word(terms, (uint64_t)__builtin_ctzll(divisor), width_bits));
        if (choice_of(terms, a, &choice))
            return choice_make(terms, choice.condition, choice.then / divisor,
                               choice.otherwise / divisor, width_bits);
    }
    if (bounds_of(terms, a)->high < bounds_of(terms, b)->low)
        return term_word(terms, 0, width_bits);
    if (term_is_constant(terms, a, &dividend) && dividend == 0)
        return choice_make(terms, term_eq(terms, b, a), UINT64_MAX, 0, width_bits);
    term parts[] = {a, b};
    return term_intern(terms, TERM_UDIV, sort_word(width_bits), parts, 2);
}

/* The remainder by zero is the dividend. */
term term_urem(struct terms *terms, term a, term b)
{
    unsigned width_bits = words_width(terms, a, b);
    uint64_t dividend, divisor;
    struct choice choice;
    if (term_is_constant(terms, b, &divisor)) {
        if (term_is_constant(terms, a, &dividend))
            return term_word(terms, remainder_of(dividend, divisor), width_bits);
        if (divisor == 0)
            return a;
        if ((divisor & (divisor - 1)) == 0)
            return term_bitand(terms, a, term_word(terms, divisor - 1, width_bits));
        if (choice_of(terms, a, &choice))
            return choice_make(terms, choice.condition, choice.then % divisor,
                               choice.otherwise % divisor, width_bits);
    }
    if (bounds_of(terms, a)->high < bounds_of(terms, b)->low ||
        (term_is_constant(terms, a, &dividend) && dividend == 0))
        return a;
    term parts[] = {a, b};
    return term_intern(terms, TERM_UREM, sort_word(width_bits), parts, 2);
}

static term is_negative(struct terms *terms, term a)
{
    return term_slt(terms, a, term_word(terms, 0, width_of(terms, a)));
}

static term magnitude(struct terms *terms, term a)
{
    return term_ite(terms, is_negative(terms, a), term_neg(terms, a), a);
}

/* |a| / |b|, negated if the signs differ */
term term_sdiv(struct terms *terms, term a, term b)
{
    words_width(terms, a, b);
    term result = term_udiv(terms, magnitude(terms, a), magnitude(terms, b));
    term same_sign = term_eq(terms, is_negative(terms, a), is_negative(terms, b));
    return term_ite(terms, same_sign, result, term_neg(terms, result));
}

/* |a| % |b|, negated if a is negative */
term term_srem(struct terms *terms, term a, term b)
{
    words_width(terms, a, b);
    term result = term_urem(terms, magnitude(terms, a), magnitude(terms, b));
    return term_ite(terms, is_negative(terms, a), term_neg(terms, result), result);
}
