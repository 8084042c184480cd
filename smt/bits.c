/* Bitwise operations. Masks become extractions, constants in `or` become sums, complements and
 * flips of the top bit become sums, and parts that share no bit with the others are added. What is
 * left is an ordered set of parts over exactly the bits where they can be 1. */
#include "smt/store.h"

#include <string.h>

enum { PARTS_MAX = 48, SUM_PARTS_MAX = 8 };

/* The operands of nested operations of one kind, ordered, their constants apart. */
struct parts {
    term at[PARTS_MAX];
    size_t count;
    uint64_t constant;
    bool is_full; /* there were more */
};

static unsigned words_width(const struct terms *terms, term a, term b)
{
    require(term_sort(terms, a).kind == SORT_WORD && term_sort(terms, b).kind == SORT_WORD &&
                width_of(terms, a) == width_of(terms, b),
            "words of one width");
    return width_of(terms, a);
}

static uint64_t bits_applied(enum term_kind kind, uint64_t a, uint64_t b)
{
    return kind == TERM_BITAND ? a & b : kind == TERM_BITOR ? a | b : a ^ b;
}

/* Adds a part, keeping the order; an equal part is kept once, or for `xor` cancels. */
static void part_add(struct parts *parts, enum term_kind kind, term part)
{
    size_t at = 0;
    while (at < parts->count && parts->at[at].id < part.id)
        at++;
    if (at < parts->count && term_same(parts->at[at], part)) {
        if (kind == TERM_BITXOR) {
            memmove(&parts->at[at], &parts->at[at + 1], (parts->count - at - 1) * sizeof part);
            parts->count--;
        }
        return;
    }
    if (parts->count == PARTS_MAX) {
        parts->is_full = true;
        return;
    }
    memmove(&parts->at[at + 1], &parts->at[at], (parts->count - at) * sizeof part);
    parts->at[at] = part;
    parts->count++;
}

/* Of s and ~s = -1 - s one is positive: its first coefficient is, as a signed number. */
bool sum_is_negative(const struct terms *terms, term t)
{
    struct linear sum = linear_of(terms, t);
    unsigned width_bits = width_of(terms, t);
    if (sum.count == 0)
        return false;
    uint64_t top = (uint64_t)1 << (width_bits - 1);
    if (sum.coefficients[0] == top)
        return (sum.constant & 1) != 0;
    return (sum.coefficients[0] & top) != 0;
}

static void parts_collect(struct terms *terms, enum term_kind kind, struct parts *parts, term t)
{
    const struct node *node = node_of(terms, t);
    uint64_t mask = mask_of(node->width_bits), top = mask ^ mask >> 1;
    if (node->kind == TERM_CONSTANT) {
        parts->constant = bits_applied(kind, parts->constant, node->word);
    } else if (node->kind == kind) {
        for (uint32_t i = 0; i < node->count; i++)
            parts_collect(terms, kind, parts, node->arguments[i]);
    } else if (kind == TERM_BITXOR && node->kind == TERM_SUM && sum_is_negative(terms, t)) {
        parts->constant ^= mask;
        parts_collect(terms, kind, parts, term_bitnot(terms, t));
    } else if (kind == TERM_BITXOR && node->kind == TERM_SUM && (node->word & top) != 0) {
        parts->constant ^= top;
        parts_collect(terms, kind, parts,
                      term_sub(terms, t, term_word(terms, top, node->width_bits)));
    } else if (kind != TERM_BITAND && node->kind == TERM_SUM && node->count <= SUM_PARTS_MAX &&
               (node->count > 1 || node->word != 0) && sum_is_disjoint(terms, t)) {
        parts->constant = bits_applied(kind, parts->constant, node->word);
        for (size_t i = 0; i < node->count; i++)
            parts_collect(terms, kind, parts, monomial_of(terms, t, i));
    } else {
        part_add(parts, kind, t);
    }
}

static term bitwise(struct terms *terms, enum term_kind kind, term a, term b)
{
    return kind == TERM_BITAND  ? term_bitand(terms, a, b)
           : kind == TERM_BITOR ? term_bitor(terms, a, b)
                                : term_bitxor(terms, a, b);
}

static uint64_t union_of(const struct terms *terms, const struct parts *parts)
{
    uint64_t all = 0;
    for (size_t i = 0; i < parts->count; i++)
        all |= bounds_of(terms, parts->at[i])->ones;
    return all;
}

static uint64_t intersection_of(const struct terms *terms, const struct parts *parts)
{
    uint64_t all = UINT64_MAX;
    for (size_t i = 0; i < parts->count; i++)
        all &= bounds_of(terms, parts->at[i])->ones;
    return all;
}

/* x and ~x are both there. */
static bool has_complements(struct terms *terms, const struct parts *parts, unsigned width_bits)
{
    for (size_t i = 0; i < parts->count && parts->count <= SUM_PARTS_MAX; i++)
        for (size_t j = i + 1; j < parts->count; j++) {
            struct linear a = linear_of(terms, parts->at[i]), b = linear_of(terms, parts->at[j]);
            bool is_complement =
                a.count == b.count && ((a.constant + b.constant + 1) & mask_of(width_bits)) == 0;
            for (size_t k = 0; k < a.count && is_complement; k++)
                is_complement =
                    term_same(a.atoms[k], b.atoms[k]) &&
                    ((a.coefficients[k] + b.coefficients[k]) & mask_of(width_bits)) == 0;
            if (is_complement)
                return true;
        }
    return false;
}

/* The node over all bits of the width: the constant if there is one, and the parts. */
static term bitwise_node(struct terms *terms, enum term_kind kind, const struct parts *parts,
                         uint64_t constant, bool has_constant, unsigned width_bits)
{
    term all[PARTS_MAX + 1];
    size_t count = 0;
    if (has_constant)
        all[count++] = term_word(terms, constant, width_bits);
    memcpy(all + count, parts->at, parts->count * sizeof *all);
    count += parts->count;
    return count == 1 ? all[0] : term_intern(terms, kind, sort_word(width_bits), all, count);
}

/* The operation on the bits low to high, where alone the result can have ones, put in place. */
static term bitwise_narrowed(struct terms *terms, enum term_kind kind, const struct parts *parts,
                             uint64_t constant, bool has_constant, unsigned high, unsigned low,
                             unsigned width_bits)
{
    unsigned narrow_bits = high - low + 1;
    term result = term_extract(terms, parts->at[0], high, low);
    for (size_t i = 1; i < parts->count; i++)
        result = bitwise(terms, kind, result, term_extract(terms, parts->at[i], high, low));
    if (has_constant)
        result = bitwise(terms, kind, result, term_word(terms, constant >> low, narrow_bits));
    return linear_scale(terms, width_bits, (uint64_t)1 << low,
                        linear_of(terms, term_zext(terms, result, width_bits)), 0);
}

static unsigned lowest_bit(uint64_t value)
{
    return (unsigned)__builtin_ctzll(value);
}
static unsigned highest_bit(uint64_t value)
{
    return 63 - (unsigned)__builtin_clzll(value);
}
static bool is_whole(uint64_t ones, unsigned width_bits)
{
    return lowest_bit(ones) == 0 && highest_bit(ones) == width_bits - 1;
}

/* (p + q) & mask = (p & mask) + (q & mask), where p and q share no bit */
static term sum_masked(struct terms *terms, term sum, uint64_t mask, unsigned width_bits)
{
    struct linear parts = linear_of(terms, sum);
    term wanted = term_word(terms, mask, width_bits);
    term result = term_word(terms, parts.constant & mask, width_bits);
    for (size_t i = 0; i < parts.count; i++)
        result = term_add(terms, result, term_bitand(terms, monomial_of(terms, sum, i), wanted));
    return result;
}

static term and_parts(struct terms *terms, const struct parts *parts, unsigned width_bits)
{
    uint64_t ones = intersection_of(terms, parts), mask = parts->constant & ones;
    if (parts->count == 0)
        return term_word(terms, parts->constant, width_bits);
    if (mask == 0 || has_complements(terms, parts, width_bits))
        return term_word(terms, 0, width_bits);
    if (parts->count == 1 && mask == ones)
        return parts->at[0];
    if (!is_whole(mask, width_bits))
        return bitwise_narrowed(terms, TERM_BITAND, parts, mask, mask != ones, highest_bit(mask),
                                lowest_bit(mask), width_bits);
    if (parts->count == 1 && kind_of(terms, parts->at[0]) == TERM_SUM &&
        sum_is_disjoint(terms, parts->at[0]))
        return sum_masked(terms, parts->at[0], mask, width_bits);
    return bitwise_node(terms, TERM_BITAND, parts, mask, mask != ones, width_bits);
}

/* Splits off the parts that share no bit with any other. */
static struct parts parts_apart(const struct terms *terms, struct parts *parts)
{
    struct parts apart = {.count = 0}, rest = {.count = 0};
    for (size_t i = 0; i < parts->count; i++) {
        uint64_t others = 0;
        for (size_t j = 0; j < parts->count; j++)
            if (j != i)
                others |= bounds_of(terms, parts->at[j])->ones;
        struct parts *into = (bounds_of(terms, parts->at[i])->ones & others) == 0 ? &apart : &rest;
        into->at[into->count++] = parts->at[i];
    }
    *parts = rest;
    return apart;
}

static term or_parts(struct terms *terms, struct parts *parts, unsigned width_bits)
{
    struct parts apart = parts_apart(terms, parts);
    term result = term_word(terms, 0, width_bits);
    for (size_t i = 0; i < apart.count; i++)
        result = term_add(terms, result, apart.at[i]);
    if (parts->count == 0)
        return result;
    uint64_t ones = union_of(terms, parts);
    term rest = is_whole(ones, width_bits)
                    ? bitwise_node(terms, TERM_BITOR, parts, 0, false, width_bits)
                    : bitwise_narrowed(terms, TERM_BITOR, parts, 0, false, highest_bit(ones),
                                       lowest_bit(ones), width_bits);
    return term_add(terms, result, rest);
}

/* x | k = k + (x & ~k) */
static term or_with_constant(struct terms *terms, struct parts *parts, unsigned width_bits)
{
    uint64_t mask = mask_of(width_bits), constant = parts->constant;
    if (has_complements(terms, parts, width_bits))
        return term_word(terms, mask, width_bits);
    size_t kept = 0;
    for (size_t i = 0; i < parts->count; i++)
        if ((bounds_of(terms, parts->at[i])->ones & ~constant) != 0)
            parts->at[kept++] = parts->at[i];
    parts->count = kept;
    bool overlaps = (union_of(terms, parts) & constant) != 0;
    term rest = or_parts(terms, parts, width_bits);
    if (overlaps)
        rest = term_bitand(terms, rest, term_word(terms, ~constant, width_bits));
    return term_add(terms, rest, term_word(terms, constant, width_bits));
}

/* Parts that overlap, or one part, with a constant within their bits:
 * x ^ ones(x) = ones(x) - x, and x ^ 2^(width-1) = x + 2^(width-1). */
static term xor_group(struct terms *terms, const struct parts *group, uint64_t constant,
                      unsigned width_bits)
{
    uint64_t ones = union_of(terms, group), top = (uint64_t)1 << (width_bits - 1);
    if (group->count == 1 && constant == 0)
        return group->at[0];
    if (group->count == 1 && constant == ones)
        return term_sub(terms, term_word(terms, ones, width_bits), group->at[0]);
    if (!is_whole(ones, width_bits))
        return bitwise_narrowed(terms, TERM_BITXOR, group, constant, constant != 0,
                                highest_bit(ones), lowest_bit(ones), width_bits);
    uint64_t added = constant & top;
    if (constant == ones || constant == (ones ^ top)) {
        term flipped = bitwise_node(terms, TERM_BITXOR, group, 0, false, width_bits);
        added = ones + (constant == ones ? 0 : top);
        return term_sub(terms, term_word(terms, added, width_bits), flipped);
    }
    constant ^= added;
    term rest = bitwise_node(terms, TERM_BITXOR, group, constant, constant != 0, width_bits);
    return term_add(terms, rest, term_word(terms, added, width_bits));
}

static term xor_parts(struct terms *terms, struct parts *parts, unsigned width_bits)
{
    uint64_t constant = parts->constant & mask_of(width_bits);
    uint64_t outside = constant & ~union_of(terms, parts);
    struct parts apart = parts_apart(terms, parts);
    term result = term_word(terms, outside, width_bits);
    for (size_t i = 0; i < apart.count; i++) {
        struct parts one = {.at = {apart.at[i]}, .count = 1};
        uint64_t ones = union_of(terms, &one);
        result = term_add(terms, result, xor_group(terms, &one, constant & ones, width_bits));
    }
    if (parts->count == 0)
        return result;
    uint64_t ones = union_of(terms, parts);
    return term_add(terms, result, xor_group(terms, parts, constant & ones, width_bits));
}

/* Words that conditions decide */

/* 0 or k, by a condition */
static bool is_gate(struct terms *terms, term t, term *condition, uint64_t *value)
{
    struct choice choice;
    if (!choice_of(terms, t, &choice) || (choice.then != 0 && choice.otherwise != 0))
        return false;
    bool is_straight = choice.otherwise == 0;
    *condition = is_straight ? choice.condition : term_not(terms, choice.condition);
    *value = is_straight ? choice.then : choice.otherwise;
    return true;
}

static bool both_gates(struct terms *terms, enum term_kind kind, term a, term b,
                       unsigned width_bits, term *result)
{
    term c, d;
    uint64_t p, q;
    if (kind == TERM_BITAND || !is_gate(terms, a, &c, &p) || !is_gate(terms, b, &d, &q) || p != q)
        return false;
    term either = kind == TERM_BITOR ? term_or(terms, c, d) : term_ne(terms, c, d);
    *result = choice_make(terms, either, p, 0, width_bits);
    return true;
}

/* The choice is whether the other operand is some constant: x | ite(x = 0, k, 0). */
static bool is_about(const struct terms *terms, const struct choice *choice, term other)
{
    const struct node *condition = node_of(terms, choice->condition);
    return condition->kind == TERM_EQ && term_same(condition->arguments[0], other) &&
           kind_of(terms, condition->arguments[1]) == TERM_CONSTANT;
}

static bool bitwise_by_choice(struct terms *terms, enum term_kind kind, term a, term b,
                              unsigned width_bits, term *result)
{
    struct choice left, right;
    uint64_t mask = mask_of(width_bits), value;
    if (!choice_of(terms, a, &left))
        return false;
    if (term_is_constant(terms, b, &value)) {
        *result = choice_make(terms, left.condition, bits_applied(kind, left.then, value),
                              bits_applied(kind, left.otherwise, value), width_bits);
        return true;
    }
    if (choice_of(terms, b, &right) && term_same(left.condition, right.condition)) {
        *result = choice_make(terms, left.condition, bits_applied(kind, left.then, right.then),
                              bits_applied(kind, left.otherwise, right.otherwise), width_bits);
        return true;
    }
    bool is_gate_word = kind == TERM_BITAND && (left.then == 0 || left.otherwise == 0);
    bool is_mask =
        (left.then == 0 || left.then == mask) && (left.otherwise == 0 || left.otherwise == mask);
    if (is_about(terms, &left, b)) {
        term equal = argument_of(terms, left.condition, 1);
        *result = term_ite(terms, left.condition,
                           bitwise(terms, kind, equal, term_word(terms, left.then, width_bits)),
                           bitwise(terms, kind, b, term_word(terms, left.otherwise, width_bits)));
        return true;
    }
    if (!is_gate_word && !is_mask)
        return both_gates(terms, kind, a, b, width_bits, result);
    *result = term_ite(terms, left.condition,
                       bitwise(terms, kind, term_word(terms, left.then, width_bits), b),
                       bitwise(terms, kind, term_word(terms, left.otherwise, width_bits), b));
    return true;
}

static term bitwise_rules(struct terms *terms, enum term_kind kind, term a, term b)
{
    unsigned width_bits = words_width(terms, a, b);
    term result;
    if (bitwise_by_choice(terms, kind, a, b, width_bits, &result) ||
        bitwise_by_choice(terms, kind, b, a, width_bits, &result))
        return result;
    struct parts parts = {.constant = kind == TERM_BITAND ? mask_of(width_bits) : 0};
    parts_collect(terms, kind, &parts, a);
    parts_collect(terms, kind, &parts, b);
    if (parts.is_full) {
        term both[] = {a.id < b.id ? a : b, a.id < b.id ? b : a};
        return term_intern(terms, kind, sort_word(width_bits), both, 2);
    }
    if (kind == TERM_BITAND)
        return and_parts(terms, &parts, width_bits);
    if (kind == TERM_BITOR)
        return or_with_constant(terms, &parts, width_bits);
    return xor_parts(terms, &parts, width_bits);
}

term term_bitand(struct terms *terms, term a, term b)
{
    return bitwise_rules(terms, TERM_BITAND, a, b);
}

term term_bitor(struct terms *terms, term a, term b)
{
    return bitwise_rules(terms, TERM_BITOR, a, b);
}

term term_bitxor(struct terms *terms, term a, term b)
{
    if (words_width(terms, a, b) == 1)
        return term_add(terms, a, b);
    return bitwise_rules(terms, TERM_BITXOR, a, b);
}
