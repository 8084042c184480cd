/* Equality and order of words. An equation has its lowest atom alone on the left; an order has no
 * constant on the left, and `ule(b, a)` is `not ult(a, b)`. */
#include "smt/store.h"

static term less(struct terms *terms, bool is_signed, term a, term b);

/* Equality */

/* The inverse of an odd number modulo 2^64 (Newton: each round doubles the correct bits). */
static uint64_t inverse_of(uint64_t odd)
{
    uint64_t inverse = odd;
    for (int i = 0; i < 6; i++)
        inverse *= 2 - odd * inverse;
    return inverse;
}

/* The sum is decided by at most two conditions: constant + p * ite(a, 1, 0) + q * ite(b, 1, 0). */
static bool is_decided_by_two(const struct terms *terms, struct linear sum, term *a, term *b)
{
    if (sum.count == 0 || sum.count > 2)
        return false;
    term conditions[2];
    for (size_t i = 0; i < sum.count; i++) {
        struct choice choice;
        if (!choice_of(terms, sum.atoms[i], &choice))
            return false;
        conditions[i] = choice.condition;
    }
    *a = conditions[0];
    *b = sum.count == 2 ? conditions[1] : (term){2};
    return true;
}

static uint64_t value_in_case(struct linear sum, unsigned which, unsigned width_bits)
{
    uint64_t value = sum.constant;
    for (size_t i = 0; i < sum.count; i++)
        if ((which >> i & 1) != 0)
            value += sum.coefficients[i];
    return value & mask_of(width_bits);
}

static bool can_be_zero(const struct terms *terms, term difference)
{
    struct linear sum = linear_of(terms, difference);
    uint64_t all = 0;
    for (size_t i = 0; i < sum.count; i++)
        all |= sum.coefficients[i];
    uint64_t below = (all & -all) - 1; /* every coefficient is a multiple of below + 1 */
    return (sum.constant & below) == 0 && bounds_of(terms, difference)->low == 0;
}

static bool can_be_equal(const struct terms *terms, term a, term b)
{
    const struct bounds *left = bounds_of(terms, a), *right = bounds_of(terms, b);
    uint64_t value;
    if (term_is_constant(terms, b, &value) && (value & ~left->ones) != 0)
        return false;
    return left->low <= right->high && right->low <= left->high &&
           left->signed_low <= right->signed_high && right->signed_low <= left->signed_high;
}

/* left = right is difference = 0: the left is the first atom with the least power of 2 in its
 * coefficient, the equation scaled so that it has that power alone. */
static void split_equation(struct terms *terms, term difference, term *left, term *right)
{
    unsigned width_bits = width_of(terms, difference);
    struct linear sum = linear_of(terms, difference);
    size_t lead = 0;
    for (size_t i = 1; i < sum.count; i++)
        if (__builtin_ctzll(sum.coefficients[i]) < __builtin_ctzll(sum.coefficients[lead]))
            lead = i;
    uint64_t power = sum.coefficients[lead] & -sum.coefficients[lead];
    uint64_t scale = inverse_of(sum.coefficients[lead] / power);
    struct linear one = {0, 1, &power, &sum.atoms[lead]};
    *left = linear_scale(terms, width_bits, 1, one, 0);
    *right = linear_combine(terms, width_bits, 1, linear_of(terms, *left), -scale, sum, 0);
}

static term eq_node(struct terms *terms, term a, term b)
{
    term parts[] = {a, b};
    return term_intern(terms, TERM_EQ, sort_bool(), parts, 2);
}

/* The condition tells whether one of the branches is 0. */
static bool decides_zero(struct terms *terms, term condition, term branch)
{
    term is_zero = term_eq(terms, branch, term_word(terms, 0, width_of(terms, branch)));
    return term_same(is_zero, condition) || term_same(term_not(terms, is_zero), condition);
}

/* ite(c, p, q) = other, where other is p or q, or all are constants but one, or other is 0 and c
 * says whether p or q is */
static bool eq_of_branch(struct terms *terms, term branch, term other, term *result)
{
    const struct node *node = node_of(terms, branch);
    if (node->kind != TERM_ITE || terms->depth >= DEPTH_MAX)
        return false;
    term condition = node->arguments[0], then = node->arguments[1], otherwise = node->arguments[2];
    const struct node *right = node_of(terms, other);
    terms->depth++;
    bool is_found = true;
    if (term_same(then, other) || term_same(otherwise, other))
        *result = bool_ite(terms, condition, term_eq(terms, then, other),
                           term_eq(terms, otherwise, other));
    else if (right->kind == TERM_CONSTANT &&
             (kind_of(terms, then) == TERM_CONSTANT || kind_of(terms, otherwise) == TERM_CONSTANT))
        *result = bool_ite(terms, condition, term_eq(terms, then, other),
                           term_eq(terms, otherwise, other));
    else if (right->kind == TERM_CONSTANT && right->word == 0 &&
             (decides_zero(terms, condition, then) || decides_zero(terms, condition, otherwise)))
        *result = bool_ite(terms, condition, term_eq(terms, then, other),
                           term_eq(terms, otherwise, other));
    else if (right->kind == TERM_ITE && term_same(right->arguments[0], condition))
        *result = bool_ite(terms, condition, term_eq(terms, then, right->arguments[1]),
                           term_eq(terms, otherwise, right->arguments[2]));
    else
        is_found = false;
    terms->depth--;
    return is_found;
}

/* zext(x) = zext(y), sext(x) = sext(y), zext(x) = k, sext(x) = k. Bounds have shown that k fits. */
static bool eq_of_extensions(struct terms *terms, term a, term b, term *result)
{
    const struct node *left = node_of(terms, a), *right = node_of(terms, b);
    if (left->kind != TERM_ZEXT && left->kind != TERM_SEXT)
        return false;
    term inner = left->arguments[0];
    if (right->kind == left->kind &&
        width_of(terms, right->arguments[0]) == width_of(terms, inner)) {
        *result = term_eq(terms, inner, right->arguments[0]);
        return true;
    }
    if (right->kind != TERM_CONSTANT)
        return false;
    *result = term_eq(terms, inner, term_word(terms, right->word, width_of(terms, inner)));
    return true;
}

/* A 1-bit word is compared with 1; the top bit of x is 1 iff x is negative. */
static term eq_of_bit(struct terms *terms, term bit, uint64_t value)
{
    const struct node *node = node_of(terms, bit);
    term is_set;
    if (node->kind == TERM_EXTRACT && node->low + 1u == width_of(terms, node->arguments[0])) {
        term whole = node->arguments[0];
        is_set = term_slt(terms, whole, term_word(terms, 0, width_of(terms, whole)));
    } else {
        is_set = eq_node(terms, bit, term_word(terms, 1, 1));
    }
    return value == 1 ? is_set : term_not(terms, is_set);
}

/* p + q = k, where p and q share no bit: p = k's bits of p, and q = k's bits of q */
static bool eq_of_disjoint(struct terms *terms, term difference, term *result)
{
    struct linear sum = linear_of(terms, difference);
    unsigned width_bits = width_of(terms, difference);
    if (sum.count < 2 || terms->depth >= DEPTH_MAX)
        return false;
    term parts = term_sub(terms, difference, term_word(terms, sum.constant, width_bits));
    uint64_t value = -sum.constant & mask_of(width_bits);
    if (!sum_is_disjoint(terms, parts)) {
        parts = term_neg(terms, parts);
        value = sum.constant;
        if (!sum_is_disjoint(terms, parts))
            return false;
    }
    terms->depth++;
    term all = term_bool(terms, (value & ~bounds_of(terms, parts)->ones) == 0);
    for (size_t i = 0; i < linear_of(terms, parts).count; i++) {
        term part = monomial_of(terms, parts, i);
        term wanted = term_word(terms, value & bounds_of(terms, part)->ones, width_bits);
        all = term_and(terms, all, term_eq(terms, part, wanted));
    }
    terms->depth--;
    *result = all;
    return true;
}

/* x[31:2] = 0 is x < 4; with all bits set it is x >= -4. */
static bool eq_of_top_bits(struct terms *terms, term a, uint64_t value, term *result)
{
    const struct node *top = node_of(terms, a);
    bool is_last = value == mask_of(top->width_bits);
    if (top->kind != TERM_EXTRACT || (value != 0 && !is_last))
        return false;
    term whole = top->arguments[0];
    unsigned whole_bits = width_of(terms, whole);
    if (top->low + top->width_bits != (int)whole_bits)
        return false;
    uint64_t limit = is_last ? value << top->low : (uint64_t)1 << top->low;
    *result = less(terms, false, whole, term_word(terms, limit, whole_bits));
    if (is_last)
        *result = term_not(terms, *result);
    return true;
}

/* The power of two that divides the constant and every coefficient: 4 * x = 4 * y says that x and
 * y agree in all but their two top bits. */
static unsigned zeros_of_all(struct linear sum)
{
    uint64_t all = sum.constant;
    for (size_t i = 0; i < sum.count; i++)
        all |= sum.coefficients[i];
    return (unsigned)__builtin_ctzll(all);
}

static term eq_rules(struct terms *terms, term difference)
{
    unsigned width_bits = width_of(terms, difference);
    struct linear sum = linear_of(terms, difference);
    term a, b, left, right, result;
    if (is_decided_by_two(terms, sum, &a, &b)) {
        unsigned cases = 0;
        for (unsigned which = 0; which < 4; which++)
            if (value_in_case(sum, which, width_bits) == 0)
                cases |= 1u << which;
        return bool_of_cases(terms, a, b, cases);
    }
    if (eq_of_disjoint(terms, difference, &result))
        return result;
    unsigned zeros = zeros_of_all(sum);
    if (zeros != 0) {
        term divided = sum_shifted_down(terms, sum, width_bits, zeros);
        divided = term_extract(terms, divided, width_bits - zeros - 1, 0);
        return term_eq(terms, divided, term_word(terms, 0, width_bits - zeros));
    }
    split_equation(terms, difference, &left, &right);
    if (!can_be_equal(terms, left, right))
        return term_false(terms);
    uint64_t value;
    if (width_bits == 1 && term_is_constant(terms, right, &value))
        return eq_of_bit(terms, left, value);
    if (term_is_constant(terms, right, &value) && eq_of_top_bits(terms, left, value, &result))
        return result;
    if (eq_of_branch(terms, left, right, &result) || eq_of_branch(terms, right, left, &result) ||
        eq_of_extensions(terms, left, right, &result))
        return result;
    return eq_node(terms, left, right);
}

term word_eq(struct terms *terms, term a, term b)
{
    if (!can_be_equal(terms, a, b) || !can_be_equal(terms, b, a))
        return term_false(terms);
    term difference = term_sub(terms, a, b);
    uint64_t value;
    if (term_is_constant(terms, difference, &value))
        return term_bool(terms, value == 0);
    if (!can_be_zero(terms, difference))
        return term_false(terms);
    term none = {0};
    term result = remembered_get(terms, OPERATION_EQ, difference, none);
    if (term_is_none(result)) {
        result = eq_rules(terms, difference);
        remembered_put(terms, OPERATION_EQ, difference, none, result);
    }
    return result;
}

term term_eq(struct terms *terms, term a, term b)
{
    struct sort sort = term_sort(terms, a), other = term_sort(terms, b);
    require(sort.kind == other.kind && sort.width_bits == other.width_bits,
            "an equation is of one sort");
    if (term_same(a, b))
        return term_true(terms);
    switch (sort.kind) {
    case SORT_BOOL:
        return bool_eq(terms, a, b);
    case SORT_WORD:
        return word_eq(terms, a, b);
    case SORT_MEMORY:
        return memory_eq(terms, a, b);
    }
    require(false, "a sort");
    return (term){0};
}

term term_ne(struct terms *terms, term a, term b)
{
    return term_not(terms, term_eq(terms, a, b));
}

/* Order */

static bool value_less(uint64_t a, uint64_t b, bool is_signed, unsigned width_bits)
{
    return is_signed ? signed_of(a, width_bits) < signed_of(b, width_bits) : a < b;
}

/* Bounds as numbers that compare as unsigned ones whatever the order is: signed values have their
 * top bit flipped. */
struct span {
    uint64_t low, high;
};

static struct span span_of(const struct terms *terms, term t, bool is_signed)
{
    const struct bounds *bounds = bounds_of(terms, t);
    if (!is_signed)
        return (struct span){bounds->low, bounds->high};
    unsigned width_bits = width_of(terms, t);
    uint64_t mask = mask_of(width_bits), top = mask ^ mask >> 1;
    return (struct span){((uint64_t)bounds->signed_low & mask) ^ top,
                         ((uint64_t)bounds->signed_high & mask) ^ top};
}

static term less_node(struct terms *terms, bool is_signed, term a, term b)
{
    term parts[] = {a, b};
    return term_intern(terms, is_signed ? TERM_SLT : TERM_ULT, sort_bool(), parts, 2);
}

static uint64_t value_where(struct linear sum, const term *atoms, unsigned which)
{
    uint64_t value = sum.constant;
    for (size_t i = 0; i < sum.count; i++)
        if ((which >> (term_same(sum.atoms[i], atoms[0]) ? 0 : 1) & 1) != 0)
            value += sum.coefficients[i];
    return value;
}

/* Two sums over the same at most two conditions: a table of four cases. */
static bool less_of_choices(struct terms *terms, bool is_signed, term a, term b, term *result)
{
    unsigned width_bits = width_of(terms, a);
    struct linear left = linear_of(terms, a), right = linear_of(terms, b);
    term atoms[2] = {{0}}, conditions[2] = {{1}, {1}};
    size_t count = 0;
    for (size_t i = 0; i < left.count + right.count; i++) {
        term atom = i < left.count ? left.atoms[i] : right.atoms[i - left.count];
        struct choice choice;
        if (!choice_of(terms, atom, &choice))
            return false;
        if (term_same(atom, atoms[0]) || term_same(atom, atoms[1]))
            continue;
        if (count == 2)
            return false;
        atoms[count] = atom;
        conditions[count++] = choice.condition;
    }
    unsigned cases = 0;
    for (unsigned which = 0; which < 4; which++) {
        uint64_t one = value_where(left, atoms, which) & mask_of(width_bits);
        uint64_t other = value_where(right, atoms, which) & mask_of(width_bits);
        if (value_less(one, other, is_signed, width_bits))
            cases |= 1u << which;
    }
    *result = bool_of_cases(terms, conditions[0], conditions[1], cases);
    return true;
}

/* x < k at the ends of what x can be: x = low, or x is not high */
static bool less_at_ends(struct terms *terms, bool is_signed, term a, term b, term *result)
{
    struct span left = span_of(terms, a, is_signed), right = span_of(terms, b, is_signed);
    uint64_t flip = is_signed ? (uint64_t)1 << (width_of(terms, a) - 1) : 0;
    if (right.low != left.low + 1 && right.low != left.high)
        return false;
    bool is_low = right.low == left.low + 1;
    term end = term_word(terms, (is_low ? left.low : left.high) ^ flip, width_of(terms, a));
    *result = is_low ? term_eq(terms, a, end) : term_ne(terms, a, end);
    return true;
}

/* ult(zext(x), zext(y)) = ult(x, y), slt(sext(x), sext(y)) = slt(x, y), and with a constant on
 * the right, which bounds have shown to fit. */
static bool less_of_extensions(struct terms *terms, bool is_signed, term a, term b, term *result)
{
    const struct node *left = node_of(terms, a), *right = node_of(terms, b);
    bool is_zext = left->kind == TERM_ZEXT && !is_signed, is_sext = left->kind == TERM_SEXT;
    if (!is_zext && !is_sext)
        return false;
    term inner = left->arguments[0];
    unsigned inner_bits = width_of(terms, inner);
    if (right->kind == left->kind && width_of(terms, right->arguments[0]) == inner_bits) {
        *result = less(terms, is_signed, inner, right->arguments[0]);
        return true;
    }
    if (right->kind != TERM_CONSTANT || (is_sext && !is_signed))
        return false;
    *result = less(terms, is_signed, inner, term_word(terms, right->word, inner_bits));
    return true;
}

/* ite(c, j, x) < k = ite(c, j < k, x < k) */
static bool less_of_branch(struct terms *terms, bool is_signed, term a, term b, term *result)
{
    const struct node *node = node_of(terms, a);
    if (node->kind != TERM_ITE || kind_of(terms, b) != TERM_CONSTANT || terms->depth >= DEPTH_MAX)
        return false;
    term then = node->arguments[1], otherwise = node->arguments[2];
    if (kind_of(terms, then) != TERM_CONSTANT && kind_of(terms, otherwise) != TERM_CONSTANT)
        return false;
    terms->depth++;
    *result = bool_ite(terms, node->arguments[0], less(terms, is_signed, then, b),
                       less(terms, is_signed, otherwise, b));
    terms->depth--;
    return true;
}

/* x >> k < x says that x is not 0. */
static bool less_of_shifted(const struct terms *terms, bool is_signed, term a, term b)
{
    const struct node *left = node_of(terms, a);
    if (is_signed || left->kind != TERM_ZEXT)
        return false;
    const struct node *top = node_of(terms, left->arguments[0]);
    return top->kind == TERM_EXTRACT && term_same(top->arguments[0], b) &&
           top->low + top->width_bits == left->width_bits;
}

/* An order does not change if 2^(width-1) is added on both sides and signed and unsigned are
 * exchanged. The normal form has a small constant on the left, in the signed sense. */
static bool less_is_flipped(const struct terms *terms, term a)
{
    unsigned width_bits = width_of(terms, a);
    uint64_t constant = linear_of(terms, a).constant;
    return width_bits > 1 &&
           ((constant >> (width_bits - 1) ^ constant >> (width_bits - 2)) & 1) != 0;
}

/* The sign of x & y, x | y, x ^ y is that of the parts' signs. */
static bool sign_of_bits(struct terms *terms, term a, term b, term *result)
{
    const struct node *node = node_of(terms, a);
    if ((node->kind != TERM_BITAND && node->kind != TERM_BITOR && node->kind != TERM_BITXOR) ||
        terms->depth >= DEPTH_MAX)
        return false;
    terms->depth++;
    *result = less(terms, true, node->arguments[0], b);
    for (uint32_t i = 1; i < node->count; i++) {
        term next = less(terms, true, node->arguments[i], b);
        *result = node->kind == TERM_BITAND  ? term_and(terms, *result, next)
                  : node->kind == TERM_BITOR ? term_or(terms, *result, next)
                                             : term_ne(terms, *result, next);
    }
    terms->depth--;
    return true;
}

/* x[31:2] < k, signed or unsigned, is x < 4 * k. */
static bool less_of_top_bits(struct terms *terms, bool is_signed, term a, term b, term *result)
{
    const struct node *top = node_of(terms, a);
    if (top->kind != TERM_EXTRACT)
        return false;
    term whole = top->arguments[0];
    unsigned whole_bits = width_of(terms, whole);
    if (top->low + top->width_bits != (int)whole_bits)
        return false;
    uint64_t limit = node_of(terms, b)->word << top->low;
    *result = less(terms, is_signed, whole, term_word(terms, limit, whole_bits));
    return true;
}

static term less_than_constant(struct terms *terms, bool is_signed, term a, term b)
{
    unsigned width_bits = width_of(terms, a);
    uint64_t top = (uint64_t)1 << (width_bits - 1);
    term result;
    if (less_at_ends(terms, is_signed, a, b, &result))
        return result;
    if (!is_signed && node_of(terms, b)->word == top)
        return term_not(terms, less(terms, true, a, term_word(terms, 0, width_bits)));
    if (is_signed && node_of(terms, b)->word == 0 && sign_of_bits(terms, a, b, &result))
        return result;
    if (less_of_extensions(terms, is_signed, a, b, &result) ||
        less_of_top_bits(terms, is_signed, a, b, &result) ||
        less_of_branch(terms, is_signed, a, b, &result))
        return result;
    return less_node(terms, is_signed, a, b);
}

static bool have_one_sign(const struct terms *terms, term a, term b)
{
    const struct bounds *left = bounds_of(terms, a), *right = bounds_of(terms, b);
    return (left->signed_low >= 0 && right->signed_low >= 0) ||
           (left->signed_high < 0 && right->signed_high < 0);
}

/* a < b, unsigned or signed */
static term less(struct terms *terms, bool is_signed, term a, term b)
{
    unsigned width_bits = width_of(terms, a);
    uint64_t top = (uint64_t)1 << (width_bits - 1), value;
    struct span left = span_of(terms, a, is_signed), right = span_of(terms, b, is_signed);
    term result;
    if (term_same(a, b) || left.low >= right.high)
        return term_false(terms);
    if (left.high < right.low)
        return term_true(terms);
    if (term_is_constant(terms, a, &value)) /* k < x is not x < k + 1 */
        return term_not(terms, less(terms, is_signed, b, term_word(terms, value + 1, width_bits)));
    if (less_of_choices(terms, is_signed, a, b, &result))
        return result;
    if (term_is_constant(terms, term_sub(terms, b, a), &value)) /* x < x + k iff x < -k */
        return less(terms, is_signed, a,
                    term_word(terms, is_signed ? -value ^ top : -value, width_bits));
    if (sum_is_negative(terms, a)) { /* a < k is not ~a < -k; ~a < ~b is b < a */
        if (term_is_constant(terms, b, &value))
            return term_not(terms, less(terms, is_signed, term_bitnot(terms, a),
                                        term_word(terms, -value, width_bits)));
        if (sum_is_negative(terms, b))
            return less(terms, is_signed, term_bitnot(terms, b), term_bitnot(terms, a));
    }
    if (less_is_flipped(terms, a)) {
        term half = term_word(terms, top, width_bits);
        return less(terms, !is_signed, term_add(terms, a, half), term_add(terms, b, half));
    }
    if (is_signed && have_one_sign(terms, a, b))
        is_signed = false;
    if (kind_of(terms, b) == TERM_CONSTANT)
        return less_than_constant(terms, is_signed, a, b);
    if (less_of_shifted(terms, is_signed, a, b))
        return term_ne(terms, b, term_word(terms, 0, width_bits));
    if (less_of_extensions(terms, is_signed, a, b, &result))
        return result;
    return less_node(terms, is_signed, a, b);
}

static void words_require(const struct terms *terms, term a, term b)
{
    require(term_sort(terms, a).kind == SORT_WORD && term_sort(terms, b).kind == SORT_WORD &&
                width_of(terms, a) == width_of(terms, b),
            "an order is of words of one width");
}

term term_ult(struct terms *terms, term a, term b)
{
    words_require(terms, a, b);
    return less(terms, false, a, b);
}

term term_slt(struct terms *terms, term a, term b)
{
    words_require(terms, a, b);
    return less(terms, true, a, b);
}

term term_ule(struct terms *terms, term a, term b)
{
    return term_not(terms, term_ult(terms, b, a));
}

term term_sle(struct terms *terms, term a, term b)
{
    return term_not(terms, term_slt(terms, b, a));
}
