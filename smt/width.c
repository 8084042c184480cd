/* Extraction, extension, concatenation. A concatenation is a sum of parts that share no bit. */
#include "smt/store.h"

/* The parts of a sum have no bit in common, so that it is as good as an `or`. */
bool sum_is_disjoint(const struct terms *terms, term t)
{
    struct linear sum = linear_of(terms, t);
    uint64_t mask = mask_of(width_of(terms, t)), all = sum.constant;
    for (size_t i = 0; i < sum.count; i++) {
        uint64_t coefficient = sum.coefficients[i];
        uint64_t ones = bounds_of(terms, sum.atoms[i])->ones;
        uint64_t shifted = ones << __builtin_ctzll(coefficient) & mask;
        if ((coefficient & (coefficient - 1)) != 0 || (all & shifted) != 0)
            return false;
        all |= shifted;
    }
    return true;
}

term monomial_of(struct terms *terms, term t, size_t i)
{
    struct linear sum = linear_of(terms, t);
    struct linear one = {0, 1, &sum.coefficients[i], &sum.atoms[i]};
    return linear_scale(terms, width_of(terms, t), 1, one, 0);
}

/* Low bits of a sum: the sum of the atoms' low bits. */
static term extract_low_of_sum(struct terms *terms, struct linear sum, unsigned high)
{
    term result = term_word(terms, sum.constant, high + 1);
    for (size_t i = 0; i < sum.count; i++)
        if ((sum.coefficients[i] & mask_of(high + 1)) != 0)
            result =
                linear_combine(terms, high + 1, 1, linear_of(terms, result), sum.coefficients[i],
                               linear_of(terms, term_extract(terms, sum.atoms[i], high, 0)), 0);
    return result;
}

/* A sum of multiples of 2^low, divided by it. The bits above are of no interest to the caller. */
term sum_shifted_down(struct terms *terms, struct linear sum, unsigned width_bits, unsigned low)
{
    term result = term_word(terms, sum.constant >> low, width_bits);
    for (size_t i = 0; i < sum.count; i++)
        result = linear_combine(terms, width_bits, 1, linear_of(terms, result),
                                sum.coefficients[i] >> low, linear_of(terms, sum.atoms[i]), 0);
    return result;
}

static bool sum_is_multiple(struct linear sum, unsigned bits)
{
    uint64_t low_bits = mask_of(bits);
    if ((sum.constant & low_bits) != 0)
        return false;
    for (size_t i = 0; i < sum.count; i++)
        if ((sum.coefficients[i] & low_bits) != 0)
            return false;
    return true;
}

/* A sum without the parts that stay below 2^low and so add no carry to the bits from there on:
 * the other parts are multiples of 2^low. */
static term sum_without_low_parts(struct terms *terms, term t, unsigned low)
{
    struct linear sum = linear_of(terms, t);
    uint64_t small = sum.constant & mask_of(low);
    for (size_t i = 0; i < sum.count; i++) {
        if ((sum.coefficients[i] & mask_of(low)) == 0)
            continue;
        uint64_t part;
        if (__builtin_mul_overflow(sum.coefficients[i], bounds_of(terms, sum.atoms[i])->high,
                                   &part) ||
            __builtin_add_overflow(small, part, &small) || small > mask_of(low))
            return t;
    }
    unsigned width_bits = width_of(terms, t);
    term result = term_word(terms, sum.constant & ~mask_of(low), width_bits);
    for (size_t i = 0; i < sum.count; i++)
        if ((sum.coefficients[i] & mask_of(low)) == 0)
            result = term_add(terms, result, monomial_of(terms, t, i));
    return result;
}

static term extract_sum(struct terms *terms, term a, unsigned high, unsigned low)
{
    struct linear sum = linear_of(terms, a);
    if (low == 0)
        return extract_low_of_sum(terms, sum, high);
    if (sum_is_multiple(sum, low))
        return term_extract(terms, sum_shifted_down(terms, sum, width_of(terms, a), low),
                            high - low, 0);
    term above = sum_without_low_parts(terms, a, low);
    if (!term_same(above, a))
        return term_extract(terms, above, high, low);
    if (!sum_is_disjoint(terms, a) || (sum.count == 1 && sum.constant == 0 &&
                                       (unsigned)__builtin_ctzll(sum.coefficients[0]) >= low))
        return term_intern_extract(terms, a, high, low);
    unsigned result_bits = high - low + 1;
    term result = term_word(terms, sum.constant >> low, result_bits);
    for (size_t i = 0; i < sum.count; i++) {
        unsigned shift = (unsigned)__builtin_ctzll(sum.coefficients[i]);
        term part = shift >= low ? term_extract(terms, monomial_of(terms, a, i), high, low)
                                 : term_extract(terms, sum.atoms[i], high - shift, low - shift);
        result = term_add(terms, result, part);
    }
    return result;
}

static term extract_zext(struct terms *terms, const struct node *node, unsigned high, unsigned low)
{
    term inner = node->arguments[0];
    unsigned inner_bits = width_of(terms, inner), result_bits = high - low + 1;
    if (high < inner_bits)
        return term_extract(terms, inner, high, low);
    if (low >= inner_bits)
        return term_word(terms, 0, result_bits);
    return term_zext(terms, term_extract(terms, inner, inner_bits - 1, low), result_bits);
}

static term extract_sext(struct terms *terms, const struct node *node, unsigned high, unsigned low)
{
    term inner = node->arguments[0];
    unsigned inner_bits = width_of(terms, inner), result_bits = high - low + 1;
    if (high < inner_bits)
        return term_extract(terms, inner, high, low);
    unsigned from = low >= inner_bits ? inner_bits - 1 : low;
    return term_sext(terms, term_extract(terms, inner, inner_bits - 1, from), result_bits);
}

static term extract_bitwise(struct terms *terms, const struct node *node, unsigned high,
                            unsigned low)
{
    term result = term_extract(terms, node->arguments[0], high, low);
    for (uint32_t i = 1; i < node->count; i++) {
        term part = term_extract(terms, node->arguments[i], high, low);
        result = node->kind == TERM_BITAND  ? term_bitand(terms, result, part)
                 : node->kind == TERM_BITOR ? term_bitor(terms, result, part)
                                            : term_bitxor(terms, result, part);
    }
    return result;
}

static term extract_product(struct terms *terms, const struct node *node, unsigned high)
{
    term result = term_extract(terms, node->arguments[0], high, 0);
    for (uint32_t i = 1; i < node->count; i++)
        result = term_mul(terms, result, term_extract(terms, node->arguments[i], high, 0));
    return result;
}

static term extract_rules(struct terms *terms, term a, unsigned high, unsigned low)
{
    const struct node *node = node_of(terms, a);
    switch ((enum term_kind)node->kind) {
    case TERM_CONSTANT:
        return term_word(terms, node->word >> low, high - low + 1);
    case TERM_EXTRACT:
        return term_extract(terms, node->arguments[0], high + node->low, low + node->low);
    case TERM_SUM:
        return extract_sum(terms, a, high, low);
    case TERM_ZEXT:
        return extract_zext(terms, node, high, low);
    case TERM_SEXT:
        return extract_sext(terms, node, high, low);
    case TERM_BITAND:
    case TERM_BITOR:
    case TERM_BITXOR:
        return extract_bitwise(terms, node, high, low);
    case TERM_MUL:
        if (low == 0)
            return extract_product(terms, node, high);
        break;
    case TERM_ITE:
        return term_ite(terms, node->arguments[0],
                        term_extract(terms, node->arguments[1], high, low),
                        term_extract(terms, node->arguments[2], high, low));
    case TERM_TRUE:
    case TERM_FALSE:
    case TERM_VARIABLE:
    case TERM_APPLY:
    case TERM_NOT:
    case TERM_AND:
    case TERM_OR:
    case TERM_EQ:
    case TERM_UDIV:
    case TERM_UREM:
    case TERM_BITNOT:
    case TERM_SHL:
    case TERM_LSHR:
    case TERM_ASHR:
    case TERM_ULT:
    case TERM_SLT:
    case TERM_CONCAT:
    case TERM_SELECT:
    case TERM_STORE:
        break;
    }
    return term_intern_extract(terms, a, high, low);
}

/* Narrowing goes into sums and bitwise operations only if few lie on top of each other: each width
 * makes words of its own, and in a long computation their number would grow beyond measure. The
 * layers are a property of the term, so that the form does not depend on who asks, or when. */
enum { EXTRACT_LAYERS_MAX = 10 };

static bool is_too_deep(const struct node *node)
{
    enum term_kind kind = (enum term_kind)node->kind;
    bool is_passed = kind == TERM_ZEXT || kind == TERM_SEXT || kind == TERM_EXTRACT;
    return !is_passed && node->layers > EXTRACT_LAYERS_MAX;
}

term term_extract(struct terms *terms, term a, unsigned high, unsigned low)
{
    const struct node *node = node_of(terms, a);
    require(node->sort_kind == SORT_WORD && low <= high && high < node->width_bits,
            "the bounds lie in the word");
    if (low == 0 && high + 1 == node->width_bits)
        return a;
    unsigned result_bits = high - low + 1;
    if ((node->bounds.ones >> low & mask_of(result_bits)) == 0)
        return term_word(terms, 0, result_bits);
    struct choice choice;
    if (choice_of(terms, a, &choice))
        return choice_make(terms, choice.condition, choice.then >> low, choice.otherwise >> low,
                           result_bits);
    term bounds = {1 + low + 64 * high};
    term result = remembered_get(terms, OPERATION_EXTRACT, a, bounds);
    if (!term_is_none(result))
        return result;
    if (is_too_deep(node) || terms->depth >= DEPTH_MAX)
        return term_intern_extract(terms, a, high, low);
    terms->depth++;
    result = extract_rules(terms, a, high, low);
    terms->depth--;
    remembered_put(terms, OPERATION_EXTRACT, a, bounds, result);
    return result;
}

/* The low bits that are 0 in every value of a sum. */
static unsigned zeros_below(const struct terms *terms, term a)
{
    uint64_t ones = bounds_of(terms, a)->ones;
    return kind_of(terms, a) != TERM_SUM || ones == 0 ? 0 : (unsigned)__builtin_ctzll(ones);
}

/* zext(4 * x) = 4 * zext(x), where x loses the bits that 4 * x does not have; sext likewise */
static term extended_above_zeros(struct terms *terms, term a, unsigned zeros, bool is_signed,
                                 unsigned width_bits)
{
    term above = term_extract(terms, a, width_of(terms, a) - 1, zeros);
    term extended =
        is_signed ? term_sext(terms, above, width_bits) : term_zext(terms, above, width_bits);
    return linear_scale(terms, width_bits, (uint64_t)1 << zeros, linear_of(terms, extended), 0);
}

/* The word whose low bits `a` is, if it is as wide as wanted and has no more than these bits:
 * zext(x[7:0]) = x where x < 256, sext(x[7:0]) = x where -128 <= x < 128. */
static bool is_cut_and_extended(const struct terms *terms, const struct node *a, bool is_signed,
                                unsigned width_bits, term *whole)
{
    if (a->kind != TERM_EXTRACT || a->low != 0 || width_of(terms, a->arguments[0]) != width_bits)
        return false;
    *whole = a->arguments[0];
    const struct bounds *bounds = bounds_of(terms, *whole);
    if (!is_signed)
        return (bounds->ones & ~mask_of(a->width_bits)) == 0;
    int64_t end = (int64_t)1 << (a->width_bits - 1);
    return -end <= bounds->signed_low && bounds->signed_high < end;
}

/* zext(ite(c, x, y)) = ite(c, zext(x), zext(y)); sext likewise */
static term extended_branches(struct terms *terms, const struct node *node, bool is_signed,
                              unsigned width_bits)
{
    enum operation operation = is_signed ? OPERATION_SEXT : OPERATION_ZEXT;
    term width = {width_bits};
    term result = remembered_get(terms, operation, node->self, width);
    if (!term_is_none(result))
        return result;
    term (*extend)(struct terms *, term, unsigned) = is_signed ? term_sext : term_zext;
    terms->depth++;
    result = term_ite(terms, node->arguments[0], extend(terms, node->arguments[1], width_bits),
                      extend(terms, node->arguments[2], width_bits));
    terms->depth--;
    remembered_put(terms, operation, node->self, width, result);
    return result;
}

/* A sum that does not wrap around is extended part by part. */
static bool sum_fits(const struct terms *terms, term a)
{
    struct linear sum = linear_of(terms, a);
    uint64_t total = sum.constant;
    for (size_t i = 0; i < sum.count; i++) {
        uint64_t part;
        if (__builtin_mul_overflow(sum.coefficients[i], bounds_of(terms, sum.atoms[i])->high,
                                   &part) ||
            __builtin_add_overflow(total, part, &total))
            return false;
    }
    return total <= mask_of(width_of(terms, a));
}

static term zext_sum(struct terms *terms, term a, unsigned width_bits)
{
    struct linear sum = linear_of(terms, a);
    term result = term_word(terms, sum.constant, width_bits);
    for (size_t i = 0; i < sum.count; i++)
        result = linear_combine(terms, width_bits, 1, linear_of(terms, result), sum.coefficients[i],
                                linear_of(terms, term_zext(terms, sum.atoms[i], width_bits)), 0);
    return result;
}

static void extension_require(const struct terms *terms, term a, unsigned width_bits)
{
    require(term_sort(terms, a).kind == SORT_WORD && width_bits >= width_of(terms, a) &&
                width_bits <= 64,
            "an extension is not narrower, and at most 64 bits");
}

term term_zext(struct terms *terms, term a, unsigned width_bits)
{
    extension_require(terms, a, width_bits);
    const struct node *node = node_of(terms, a);
    struct choice choice;
    if (width_bits == node->width_bits)
        return a;
    if (node->kind == TERM_CONSTANT)
        return term_word(terms, node->word, width_bits);
    if (choice_of(terms, a, &choice))
        return choice_make(terms, choice.condition, choice.then, choice.otherwise, width_bits);
    if (node->width_bits == 1)
        return term_of_bool(terms, term_eq(terms, a, term_word(terms, 1, 1)), width_bits);
    term whole;
    if (is_cut_and_extended(terms, node, false, width_bits, &whole))
        return whole;
    if (node->kind == TERM_ZEXT)
        return term_zext(terms, node->arguments[0], width_bits);
    if (node->kind == TERM_SUM && sum_fits(terms, a))
        return zext_sum(terms, a, width_bits);
    if (zeros_below(terms, a) != 0)
        return extended_above_zeros(terms, a, zeros_below(terms, a), false, width_bits);
    if (node->kind == TERM_ITE && terms->depth < DEPTH_MAX)
        return extended_branches(terms, node, false, width_bits);
    return term_intern(terms, TERM_ZEXT, sort_word(width_bits), &a, 1);
}

term term_sext(struct terms *terms, term a, unsigned width_bits)
{
    extension_require(terms, a, width_bits);
    const struct node *node = node_of(terms, a);
    struct choice choice;
    if (width_bits == node->width_bits)
        return a;
    if (node->kind == TERM_CONSTANT)
        return term_word(terms, (uint64_t)signed_of(node->word, node->width_bits), width_bits);
    if (choice_of(terms, a, &choice))
        return choice_make(terms, choice.condition,
                           (uint64_t)signed_of(choice.then, node->width_bits),
                           (uint64_t)signed_of(choice.otherwise, node->width_bits), width_bits);
    if (node->width_bits == 1)
        return choice_make(terms, term_eq(terms, a, term_word(terms, 1, 1)), UINT64_MAX, 0,
                           width_bits);
    term whole;
    if (is_cut_and_extended(terms, node, true, width_bits, &whole))
        return whole;
    if (node->bounds.signed_low >= 0)
        return term_zext(terms, a, width_bits);
    if (node->kind == TERM_SEXT)
        return term_sext(terms, node->arguments[0], width_bits);
    if (zeros_below(terms, a) != 0)
        return extended_above_zeros(terms, a, zeros_below(terms, a), true, width_bits);
    if (node->kind == TERM_ITE && terms->depth < DEPTH_MAX)
        return extended_branches(terms, node, true, width_bits);
    return term_intern(terms, TERM_SEXT, sort_word(width_bits), &a, 1);
}

/* high : low = 2^|low| * zext(high) + zext(low) */
term term_concat(struct terms *terms, term high, term low)
{
    require(term_sort(terms, high).kind == SORT_WORD && term_sort(terms, low).kind == SORT_WORD,
            "a concatenation is of words");
    unsigned low_bits = width_of(terms, low), width_bits = width_of(terms, high) + low_bits;
    require(width_bits <= 64, "a word has at most 64 bits");
    term left = term_zext(terms, high, width_bits), right = term_zext(terms, low, width_bits);
    return linear_combine(terms, width_bits, (uint64_t)1 << low_bits, linear_of(terms, left), 1,
                          linear_of(terms, right), 0);
}
