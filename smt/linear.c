/* Sums: constant + coefficient * atom + ... modulo 2^width, and products as sums of monomials. */
#include "smt/store.h"

#include <string.h>

/* A product is multiplied out if that gives at most this many monomials. */
enum { MONOMIALS_MAX = 16 };

/* How far below an atom its low bits are looked for. */
enum { AGREEING_DEPTH_MAX = 6 };

struct linear linear_of(const struct terms *terms, term t)
{
    static const uint64_t one = 1;
    const struct node *node = node_of(terms, t);
    require(node->sort_kind == SORT_WORD, "a sum is of words");
    if (node->kind == TERM_CONSTANT)
        return (struct linear){.constant = node->word};
    if (node->kind == TERM_SUM)
        return (struct linear){node->word, node->count, node->coefficients, node->arguments};
    return (struct linear){0, 1, &one, &node->self};
}

struct linear term_linear(const struct terms *terms, term t, struct arena *scratch)
{
    (void)scratch;
    return linear_of(terms, t);
}

/* The word's low `width_bits` bits, or the word with zeros above it. */
static term resized(struct terms *terms, term t, unsigned width_bits)
{
    return width_of(terms, t) >= width_bits ? term_extract(terms, t, width_bits - 1, 0)
                                            : term_zext(terms, t, width_bits);
}

static term agreeing(struct terms *terms, term t, unsigned width_bits, unsigned bits,
                     unsigned depth);
static term sum_make(struct terms *terms, unsigned width_bits, uint64_t constant,
                     const uint64_t *coefficients, const term *atoms, size_t count);

/* A constant of the bitwise operation. A mask that keeps all of the bits that count keeps those
 * above as well, so that it goes; x ^ 2^(bits-1) becomes a sum (xor_group in bits.c). */
static term agreeing_constant(struct terms *terms, enum term_kind kind, uint64_t word,
                              unsigned width_bits, unsigned bits)
{
    uint64_t top = (uint64_t)1 << (bits - 1);
    word &= mask_of(bits);
    return term_word(terms, kind == TERM_BITAND ? (word ^ top) - top : word & ~top, width_bits);
}

/* The low bits of a sum, a product or a bitwise operation are those of the parts' low bits. */
static term agreeing_parts(struct terms *terms, term t, unsigned width_bits, unsigned bits,
                           unsigned depth)
{
    const struct node *node = node_of(terms, t);
    enum term_kind kind = node->kind;
    uint32_t count = node->count;
    uint64_t flipped = 0;
    term result = term_word(terms, kind == TERM_SUM ? node->word : 0, width_bits);
    for (uint32_t i = 0; i < count; i++) {
        node = node_of(terms, t);
        uint64_t coefficient = kind == TERM_SUM ? node->coefficients[i] : 1, word;
        term part = node->arguments[i];
        if (term_is_constant(terms, part, &word)) {
            flipped = kind == TERM_BITXOR ? word & (uint64_t)1 << (bits - 1) : 0;
            part = agreeing_constant(terms, kind, word, width_bits, bits);
        } else {
            part = agreeing(terms, part, width_bits, bits, depth);
        }
        if (kind == TERM_SUM)
            result = linear_combine(terms, width_bits, 1, linear_of(terms, result), coefficient,
                                    linear_of(terms, part), 0);
        else if (i == 0)
            result = part;
        else
            result = kind == TERM_MUL      ? term_mul(terms, result, part)
                     : kind == TERM_BITAND ? term_bitand(terms, result, part)
                     : kind == TERM_BITOR  ? term_bitor(terms, result, part)
                                           : term_bitxor(terms, result, part);
    }
    return term_add(terms, result, term_word(terms, flipped, width_bits));
}

static term agreeing_found(struct terms *terms, term t, unsigned width_bits, unsigned bits,
                           unsigned depth)
{
    const struct node *node = node_of(terms, t);
    switch ((int)node->kind) {
    case TERM_ITE: {
        term condition = node->arguments[0], otherwise = node->arguments[2];
        term then = agreeing(terms, node->arguments[1], width_bits, bits, depth - 1);
        return term_ite(terms, condition, then,
                        agreeing(terms, otherwise, width_bits, bits, depth - 1));
    }
    case TERM_SUM:
    case TERM_MUL:
    case TERM_BITAND:
    case TERM_BITOR:
    case TERM_BITXOR:
        return agreeing_parts(terms, t, width_bits, bits, depth - 1);
    default:
        return resized(terms, t, width_bits);
    }
}

/* A word of `width_bits` bits that agrees with `t`, which has at least `bits` bits, in the low
 * `bits` bits. Code that masks, narrows or extends on the way to bits that do not count comes to
 * the same term as code that does not. */
static term agreeing(struct terms *terms, term t, unsigned width_bits, unsigned bits,
                     unsigned depth)
{
    const struct node *node = node_of(terms, t);
    if (depth == 0)
        return resized(terms, t, width_bits);
    bool is_cut = node->kind == TERM_EXTRACT && node->low == 0;
    bool is_extended = (node->kind == TERM_ZEXT || node->kind == TERM_SEXT) &&
                       width_of(terms, node->arguments[0]) >= bits;
    if (is_cut || is_extended)
        return agreeing(terms, node->arguments[0], width_bits, bits, depth - 1);
    term question = {width_bits << 16 | bits << 8 | depth};
    term result = remembered_get(terms, OPERATION_AGREE, t, question);
    if (term_is_none(result)) {
        result = agreeing_found(terms, t, width_bits, bits, depth);
        remembered_put(terms, OPERATION_AGREE, t, question, result);
    }
    return result;
}

/* Only the low `bits` bits of an atom of `width_bits` bits count, because its coefficient is a
 * multiple of 2^(width - bits). A word that agrees in them and is in normal form, or none. */
static term atom_for_low_bits(struct terms *terms, term atom, unsigned width_bits, unsigned bits)
{
    if (terms->depth >= DEPTH_MAX)
        return (term){0};
    terms->depth++;
    term simpler = agreeing(terms, atom, width_bits, bits, AGREEING_DEPTH_MAX);
    terms->depth--;
    return term_same(simpler, atom) ? (term){0} : simpler;
}

static bool has_low_bits_of_its_own(const struct terms *terms, term atom)
{
    enum term_kind kind = kind_of(terms, atom);
    return kind == TERM_MUL || kind == TERM_BITAND || kind == TERM_BITOR || kind == TERM_BITXOR ||
           kind == TERM_ITE || kind == TERM_ZEXT || kind == TERM_SEXT;
}

/* The parts of a sum that are one: `part` is what `whole` + `distance` is as far as it counts. */
struct split {
    size_t whole, part;
    uint64_t distance;
};

/* p * x + 16 * y = (p + 16) * x, where y is what x is as far as 16 * x goes: so that 16 * x - x is
 * 15 * x also where the first x was simplified. Finds such a pair. */
static bool find_split(struct terms *terms, unsigned width_bits, const uint64_t *coefficients,
                       const term *atoms, size_t count, struct split *split)
{
    if (terms->depth >= DEPTH_MAX)
        return false;
    for (size_t part = 0; part < count; part++) {
        unsigned zeros = (unsigned)__builtin_ctzll(coefficients[part]);
        for (size_t whole = 0; zeros != 0 && whole < count; whole++) {
            if ((unsigned)__builtin_ctzll(coefficients[whole]) >= zeros ||
                !has_low_bits_of_its_own(terms, atoms[whole]))
                continue;
            term seen = atom_for_low_bits(terms, atoms[whole], width_bits, width_bits - zeros);
            struct linear sum = {0};
            if (!term_is_none(seen))
                sum = linear_of(terms, seen);
            if (sum.count == 1 && sum.coefficients[0] == 1 &&
                term_same(sum.atoms[0], atoms[part])) {
                *split = (struct split){whole, part, -sum.constant};
                return true;
            }
        }
    }
    return false;
}

/* The sum with both parts of the split as one. */
static term sum_joined(struct terms *terms, unsigned width_bits, uint64_t constant,
                       const uint64_t *coefficients, const term *atoms, size_t count,
                       const struct split *split)
{
    struct scratch_mark mark = scratch_mark(terms);
    uint64_t *kept_coefficients = scratch_take(terms, count * sizeof *kept_coefficients);
    term *kept_atoms = scratch_take(terms, count * sizeof *kept_atoms);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t added = i == split->whole ? coefficients[split->part] : 0;
        uint64_t coefficient = (coefficients[i] + added) & mask_of(width_bits);
        if (i == split->part || coefficient == 0)
            continue;
        kept_coefficients[kept] = coefficient;
        kept_atoms[kept++] = atoms[i];
    }
    constant += coefficients[split->part] * split->distance;
    terms->depth++;
    term sum = sum_make(terms, width_bits, constant, kept_coefficients, kept_atoms, kept);
    terms->depth--;
    scratch_release(terms, mark);
    return sum;
}

/* The sum of monomials that are ordered and combined already. */
static term sum_make(struct terms *terms, unsigned width_bits, uint64_t constant,
                     const uint64_t *coefficients, const term *atoms, size_t count)
{
    constant &= mask_of(width_bits);
    for (size_t i = 0; i < count; i++) {
        unsigned zeros = (unsigned)__builtin_ctzll(coefficients[i]);
        if (zeros == 0)
            continue;
        term simpler = atom_for_low_bits(terms, atoms[i], width_bits, width_bits - zeros);
        if (term_is_none(simpler))
            continue;
        uint64_t coefficient = coefficients[i];
        struct scratch_mark mark = scratch_mark(terms);
        uint64_t *rest_coefficients = scratch_take(terms, count * sizeof *rest_coefficients);
        term *rest_atoms = scratch_take(terms, count * sizeof *rest_atoms);
        memcpy(rest_coefficients, coefficients, i * sizeof *coefficients);
        memcpy(rest_coefficients + i, coefficients + i + 1, (count - i - 1) * sizeof *coefficients);
        memcpy(rest_atoms, atoms, i * sizeof *atoms);
        memcpy(rest_atoms + i, atoms + i + 1, (count - i - 1) * sizeof *atoms);
        struct linear rest = {constant, count - 1, rest_coefficients, rest_atoms};
        terms->depth++; /* ends it if two forms should give one another */
        term sum =
            linear_combine(terms, width_bits, 1, rest, coefficient, linear_of(terms, simpler), 0);
        terms->depth--;
        scratch_release(terms, mark);
        return sum;
    }
    struct split split;
    if (count > 1 && find_split(terms, width_bits, coefficients, atoms, count, &split))
        return sum_joined(terms, width_bits, constant, coefficients, atoms, count, &split);
    if (count == 0)
        return term_word(terms, constant, width_bits);
    if (count == 1 && constant == 0 && coefficients[0] == 1)
        return atoms[0];
    return term_intern_sum(terms, width_bits, constant, coefficients, atoms, count);
}

term linear_combine(struct terms *terms, unsigned width_bits, uint64_t p, struct linear a,
                    uint64_t q, struct linear b, uint64_t constant)
{
    uint64_t mask = mask_of(width_bits);
    constant += p * a.constant + q * b.constant;
    size_t most = a.count + b.count, count = 0;
    struct scratch_mark mark = scratch_mark(terms);
    uint64_t *coefficients = scratch_take(terms, most * sizeof *coefficients);
    term *atoms = scratch_take(terms, most * sizeof *atoms);
    for (size_t i = 0, j = 0; i < a.count || j < b.count;) {
        bool takes_a = i < a.count && (j == b.count || a.atoms[i].id <= b.atoms[j].id);
        bool takes_b = j < b.count && (i == a.count || b.atoms[j].id <= a.atoms[i].id);
        term atom = takes_a ? a.atoms[i] : b.atoms[j];
        uint64_t coefficient = 0;
        if (takes_a)
            coefficient += p * a.coefficients[i++];
        if (takes_b)
            coefficient += q * b.coefficients[j++];
        coefficient &= mask;
        if (coefficient == 0)
            continue;
        atoms[count] = atom;
        coefficients[count++] = coefficient;
    }
    term sum = sum_make(terms, width_bits, constant, coefficients, atoms, count);
    scratch_release(terms, mark);
    return sum;
}

term linear_scale(struct terms *terms, unsigned width_bits, uint64_t p, struct linear a,
                  uint64_t constant)
{
    return linear_combine(terms, width_bits, p, a, 0, (struct linear){0}, constant);
}

static unsigned width_of_both(const struct terms *terms, term a, term b)
{
    const struct node *left = node_of(terms, a), *right = node_of(terms, b);
    require(left->sort_kind == SORT_WORD && right->sort_kind == SORT_WORD &&
                left->width_bits == right->width_bits,
            "words of one width");
    return left->width_bits;
}

/* a + b */
term term_add(struct terms *terms, term a, term b)
{
    unsigned width_bits = width_of_both(terms, a, b);
    return linear_combine(terms, width_bits, 1, linear_of(terms, a), 1, linear_of(terms, b), 0);
}

/* a - b = a + (-1) * b */
term term_sub(struct terms *terms, term a, term b)
{
    unsigned width_bits = width_of_both(terms, a, b);
    return linear_combine(terms, width_bits, 1, linear_of(terms, a), UINT64_MAX,
                          linear_of(terms, b), 0);
}

term term_neg(struct terms *terms, term a)
{
    return linear_scale(terms, width_of(terms, a), UINT64_MAX, linear_of(terms, a), 0);
}

/* ~a = -1 - a */
term term_bitnot(struct terms *terms, term a)
{
    return linear_scale(terms, width_of(terms, a), UINT64_MAX, linear_of(terms, a), UINT64_MAX);
}

static size_t factors_of(const struct terms *terms, const term *t, const term **factors)
{
    const struct node *node = node_of(terms, *t);
    if (node->kind != TERM_MUL) {
        *factors = t;
        return 1;
    }
    *factors = node->arguments;
    return node->count;
}

/* A product of two atoms, or of sums too large to be multiplied out: the ordered product of all
 * factors. */
static term product_atom(struct terms *terms, unsigned width_bits, term a, term b)
{
    const term *left, *right;
    size_t left_count = factors_of(terms, &a, &left), right_count = factors_of(terms, &b, &right);
    struct scratch_mark mark = scratch_mark(terms);
    term *factors = scratch_take(terms, (left_count + right_count) * sizeof *factors);
    size_t count = 0;
    for (size_t i = 0, j = 0; i < left_count || j < right_count;) {
        bool takes_left = i < left_count && (j == right_count || left[i].id <= right[j].id);
        factors[count++] = takes_left ? left[i++] : right[j++];
    }
    term product = term_intern(terms, TERM_MUL, sort_word(width_bits), factors, count);
    scratch_release(terms, mark);
    return product;
}

/* ite(c, 1, 0) * b = ite(c, b, 0) */
static term atoms_multiplied(struct terms *terms, unsigned width_bits, term a, term b)
{
    struct choice choice;
    term zero = term_word(terms, 0, width_bits);
    if (choice_of(terms, a, &choice))
        return term_ite(terms, choice.condition, b, zero);
    if (choice_of(terms, b, &choice))
        return term_ite(terms, choice.condition, a, zero);
    return product_atom(terms, width_bits, a, b);
}

/* (a0 + a1 x1 + ...) * (b0 + b1 y1 + ...) = a0 b0 + a0 b1 y1 + ... */
static term multiplied_out(struct terms *terms, unsigned width_bits, struct linear a,
                           struct linear b)
{
    term sum = linear_combine(terms, width_bits, b.constant, a, a.constant, b,
                              UINT64_MAX * (a.constant * b.constant));
    for (size_t i = 0; i < a.count; i++)
        for (size_t j = 0; j < b.count; j++) {
            term product = atoms_multiplied(terms, width_bits, a.atoms[i], b.atoms[j]);
            sum =
                linear_combine(terms, width_bits, 1, linear_of(terms, sum),
                               a.coefficients[i] * b.coefficients[j], linear_of(terms, product), 0);
        }
    return sum;
}

term term_mul(struct terms *terms, term a, term b)
{
    unsigned width_bits = width_of_both(terms, a, b);
    struct linear left = linear_of(terms, a), right = linear_of(terms, b);
    if (left.count == 0)
        return linear_scale(terms, width_bits, left.constant, right, 0);
    if (right.count == 0)
        return linear_scale(terms, width_bits, right.constant, left, 0);
    size_t left_monomials = left.count + (left.constant != 0);
    size_t right_monomials = right.count + (right.constant != 0);
    if (left_monomials * right_monomials <= MONOMIALS_MAX)
        return multiplied_out(terms, width_bits, left, right);
    return product_atom(terms, width_bits, a, b);
}
