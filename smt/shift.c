/* Shifts. By a constant they are products, extractions and extensions. */
#include "smt/store.h"

static unsigned words_width(const struct terms *terms, term a, term amount)
{
    require(term_sort(terms, a).kind == SORT_WORD && term_sort(terms, amount).kind == SORT_WORD &&
                width_of(terms, a) == width_of(terms, amount),
            "a word is shifted by a word of its width");
    return width_of(terms, a);
}

typedef term (*shift)(struct terms *terms, term a, term amount);

/* The amount is decided by a condition. */
static bool shift_by_choice(struct terms *terms, shift apply, term a, term amount, term *result)
{
    struct choice choice;
    if (!choice_of(terms, amount, &choice))
        return false;
    unsigned width_bits = width_of(terms, a);
    *result = term_ite(terms, choice.condition,
                       apply(terms, a, term_word(terms, choice.then, width_bits)),
                       apply(terms, a, term_word(terms, choice.otherwise, width_bits)));
    return true;
}

static term shift_node(struct terms *terms, enum term_kind kind, term a, term amount)
{
    term parts[] = {a, amount};
    return term_intern(terms, kind, sort_word(width_of(terms, a)), parts, 2);
}

/* a * 2^amount; 0 from width on */
term term_shl(struct terms *terms, term a, term amount)
{
    unsigned width_bits = words_width(terms, a, amount);
    uint64_t bits, value;
    term result;
    if (bounds_of(terms, amount)->low >= width_bits ||
        (term_is_constant(terms, a, &value) && value == 0))
        return term_word(terms, 0, width_bits);
    if (term_is_constant(terms, amount, &bits))
        return linear_scale(terms, width_bits, (uint64_t)1 << bits, linear_of(terms, a), 0);
    if (shift_by_choice(terms, term_shl, a, amount, &result))
        return result;
    return shift_node(terms, TERM_SHL, a, amount);
}

/* a / 2^amount; 0 from width on */
term term_lshr(struct terms *terms, term a, term amount)
{
    unsigned width_bits = words_width(terms, a, amount);
    uint64_t bits, value;
    term result;
    if (bounds_of(terms, amount)->low >= width_bits ||
        (term_is_constant(terms, a, &value) && value == 0))
        return term_word(terms, 0, width_bits);
    if (term_is_constant(terms, amount, &bits))
        return term_zext(terms, term_extract(terms, a, width_bits - 1, (unsigned)bits), width_bits);
    if (shift_by_choice(terms, term_lshr, a, amount, &result))
        return result;
    return shift_node(terms, TERM_LSHR, a, amount);
}

/* The same with copies of the sign; the sign alone from width on */
term term_ashr(struct terms *terms, term a, term amount)
{
    unsigned width_bits = words_width(terms, a, amount);
    uint64_t bits, value;
    term result;
    if (bounds_of(terms, a)->signed_low >= 0)
        return term_lshr(terms, a, amount);
    if (term_is_constant(terms, a, &value) && value == mask_of(width_bits))
        return a;
    if (bounds_of(terms, amount)->low >= width_bits)
        amount = term_word(terms, width_bits - 1, width_bits);
    if (term_is_constant(terms, amount, &bits))
        return term_sext(terms, term_extract(terms, a, width_bits - 1, (unsigned)bits), width_bits);
    if (shift_by_choice(terms, term_ashr, a, amount, &result))
        return result;
    return shift_node(terms, TERM_ASHR, a, amount);
}
