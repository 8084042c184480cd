/* What a new word can be, from what its arguments can be: cheap and an over-approximation. */
#include "smt/store.h"

__extension__ typedef __int128 wide; /* holds every intermediate interval end exactly */

struct interval {
    wide low, high;
};

static struct bounds bounds_any(unsigned width_bits)
{
    uint64_t mask = mask_of(width_bits);
    int64_t top = (int64_t)(mask >> 1);
    return (struct bounds){0, mask, -top - 1, top, mask};
}

static uint64_t bits_up_to(uint64_t value)
{
    return value == 0 ? 0 : UINT64_MAX >> __builtin_clzll(value);
}

void bounds_narrow_unsigned(struct bounds *bounds, uint64_t low, uint64_t high)
{
    bounds->low = low > bounds->low ? low : bounds->low;
    bounds->high = high < bounds->high ? high : bounds->high;
}

void bounds_narrow_signed(struct bounds *bounds, int64_t low, int64_t high)
{
    bounds->signed_low = low > bounds->signed_low ? low : bounds->signed_low;
    bounds->signed_high = high < bounds->signed_high ? high : bounds->signed_high;
}

/* Lets each of the three readings narrow the others. */
void bounds_settle(struct bounds *bounds, unsigned width_bits)
{
    uint64_t mask = mask_of(width_bits), top = mask >> 1;
    bounds_narrow_unsigned(bounds, 0, bounds->ones);
    if (bounds->signed_low >= 0 || bounds->signed_high < 0)
        bounds_narrow_unsigned(bounds, (uint64_t)bounds->signed_low & mask,
                               (uint64_t)bounds->signed_high & mask);
    if (bounds->high <= top || bounds->low > top)
        bounds_narrow_signed(bounds, signed_of(bounds->low, width_bits),
                             signed_of(bounds->high, width_bits));
    bounds->ones &= bits_up_to(bounds->high);
}

/* The value is congruent to some integer of the interval, modulo 2^width. */
static void narrow_to_residues(struct bounds *bounds, struct interval all, unsigned width_bits)
{
    if (all.high - all.low >= (wide)1 << width_bits)
        return;
    uint64_t mask = mask_of(width_bits);
    uint64_t low = (uint64_t)all.low & mask, high = (uint64_t)all.high & mask;
    if (low <= high)
        bounds_narrow_unsigned(bounds, low, high);
    int64_t signed_low = signed_of(low, width_bits), signed_high = signed_of(high, width_bits);
    if (signed_low <= signed_high)
        bounds_narrow_signed(bounds, signed_low, signed_high);
}

/* Adds coefficient * [low, high]; false once the ends could leave what `wide` holds. */
static bool interval_add(struct interval *sum, int64_t coefficient, wide low, wide high)
{
    wide limit = (wide)1 << 120, one = coefficient >= 0 ? low : high,
         other = coefficient >= 0 ? high : low, least, most;
    if (__builtin_mul_overflow(one, (wide)coefficient, &least) ||
        __builtin_mul_overflow(other, (wide)coefficient, &most))
        return false;
    if (least < -limit || most > limit || sum->low < -limit || sum->high > limit)
        return false;
    sum->low += least;
    sum->high += most;
    return true;
}

static void sum_interval(const struct terms *terms, const struct node *node, struct bounds *bounds)
{
    unsigned width_bits = node->width_bits;
    wide constant = signed_of(node->word, width_bits);
    struct interval by_unsigned = {constant, constant}, by_signed = by_unsigned;
    bool fits = true;
    for (uint32_t i = 0; i < node->count && fits; i++) {
        const struct bounds *atom = bounds_of(terms, node->arguments[i]);
        int64_t coefficient = signed_of(node->coefficients[i], width_bits);
        fits = interval_add(&by_unsigned, coefficient, (wide)atom->low, (wide)atom->high) &&
               interval_add(&by_signed, coefficient, atom->signed_low, atom->signed_high);
    }
    if (!fits)
        return;
    narrow_to_residues(bounds, by_unsigned, width_bits);
    narrow_to_residues(bounds, by_signed, width_bits);
}

/* The bits of a sum: of parts that share no bit, their union; else what lies above the lowest
 * bit of any part. */
static void sum_ones(const struct terms *terms, const struct node *node, struct bounds *bounds)
{
    uint64_t mask = mask_of(node->width_bits), all = node->word, lowest = node->word;
    bool is_disjoint = true;
    for (uint32_t i = 0; i < node->count; i++) {
        uint64_t coefficient = node->coefficients[i];
        uint64_t ones = bounds_of(terms, node->arguments[i])->ones;
        bool is_power = (coefficient & (coefficient - 1)) == 0;
        uint64_t shifted = (ones << __builtin_ctzll(coefficient)) & mask;
        is_disjoint = is_disjoint && is_power && (all & shifted) == 0;
        all |= shifted;
        lowest |= shifted;
    }
    if (is_disjoint)
        bounds->ones = all;
    else
        bounds->ones = lowest == 0 ? 0 : mask & (UINT64_MAX << __builtin_ctzll(lowest));
}

static void product_bounds(const struct terms *terms, const struct node *node,
                           struct bounds *bounds)
{
    uint64_t high = 1, mask = mask_of(node->width_bits);
    unsigned zeros = 0;
    bool fits = true;
    for (uint32_t i = 0; i < node->count; i++) {
        const struct bounds *factor = bounds_of(terms, node->arguments[i]);
        fits = fits && !__builtin_mul_overflow(high, factor->high, &high) && high <= mask;
        zeros += factor->ones == 0 ? 64 : (unsigned)__builtin_ctzll(factor->ones);
    }
    if (fits)
        bounds_narrow_unsigned(bounds, 0, high);
    bounds->ones = zeros >= node->width_bits ? 0 : mask & (UINT64_MAX << zeros);
}

static void bitwise_bounds(const struct terms *terms, const struct node *node,
                           struct bounds *bounds)
{
    uint64_t all = 0, common = UINT64_MAX, least = 0, most = UINT64_MAX;
    for (uint32_t i = 0; i < node->count; i++) {
        const struct bounds *part = bounds_of(terms, node->arguments[i]);
        all |= part->ones;
        common &= part->ones;
        least = part->low > least ? part->low : least;
        most = part->high < most ? part->high : most;
    }
    bounds->ones = node->kind == TERM_BITAND ? common : all;
    if (node->kind == TERM_BITAND)
        bounds_narrow_unsigned(bounds, 0, most);
    if (node->kind == TERM_BITOR)
        bounds_narrow_unsigned(bounds, least, UINT64_MAX);
}

static void quotient_bounds(const struct terms *terms, const struct node *node,
                            struct bounds *bounds)
{
    const struct bounds *dividend = bounds_of(terms, node->arguments[0]);
    const struct bounds *divisor = bounds_of(terms, node->arguments[1]);
    if (node->kind == TERM_UREM) {
        bounds_narrow_unsigned(bounds, 0, dividend->high);
        if (divisor->low > 0)
            bounds_narrow_unsigned(bounds, 0, divisor->high - 1);
    } else if (divisor->low > 0) {
        bounds_narrow_unsigned(bounds, dividend->low / divisor->high,
                               dividend->high / divisor->low);
    }
}

static void shift_bounds(const struct terms *terms, const struct node *node, struct bounds *bounds)
{
    const struct bounds *shifted = bounds_of(terms, node->arguments[0]);
    uint64_t least = bounds_of(terms, node->arguments[1])->low;
    if (node->kind == TERM_LSHR)
        bounds_narrow_unsigned(bounds, 0, least < node->width_bits ? shifted->high >> least : 0);
    if (node->kind == TERM_ASHR)
        bounds_narrow_signed(bounds, shifted->signed_low < 0 ? shifted->signed_low : 0,
                             shifted->signed_high >= 0 ? shifted->signed_high : -1);
}

static void extract_bounds(const struct terms *terms, const struct node *node,
                           struct bounds *bounds)
{
    const struct bounds *whole = bounds_of(terms, node->arguments[0]);
    uint64_t mask = mask_of(node->width_bits);
    if (whole->high >> node->low <= mask)
        bounds_narrow_unsigned(bounds, whole->low >> node->low, whole->high >> node->low);
    bounds->ones = whole->ones >> node->low & mask;
}

static void extension_bounds(const struct terms *terms, const struct node *node,
                             struct bounds *bounds)
{
    const struct bounds *inner = bounds_of(terms, node->arguments[0]);
    uint64_t inner_mask = mask_of(width_of(terms, node->arguments[0]));
    if (node->kind == TERM_ZEXT) {
        bounds_narrow_unsigned(bounds, inner->low, inner->high);
        bounds->ones = inner->ones;
        return;
    }
    bounds_narrow_signed(bounds, inner->signed_low, inner->signed_high);
    bool may_be_negative = (inner->ones & (inner_mask ^ inner_mask >> 1)) != 0;
    bounds->ones = inner->ones;
    if (may_be_negative)
        bounds->ones |= mask_of(node->width_bits) & ~inner_mask;
}

static void branch_bounds(const struct terms *terms, const struct node *node, struct bounds *bounds)
{
    const struct bounds *a = bounds_of(terms, node->arguments[1]);
    const struct bounds *b = bounds_of(terms, node->arguments[2]);
    bounds_narrow_unsigned(bounds, a->low < b->low ? a->low : b->low,
                           a->high > b->high ? a->high : b->high);
    bounds_narrow_signed(bounds, a->signed_low < b->signed_low ? a->signed_low : b->signed_low,
                         a->signed_high > b->signed_high ? a->signed_high : b->signed_high);
    bounds->ones = a->ones | b->ones;
}

struct bounds bounds_of_node(const struct terms *terms, const struct node *node)
{
    struct bounds bounds = bounds_any(node->width_bits);
    switch ((enum term_kind)node->kind) {
    case TERM_CONSTANT:
        bounds.ones = node->word;
        bounds_narrow_unsigned(&bounds, node->word, node->word);
        break;
    case TERM_SUM:
        sum_interval(terms, node, &bounds);
        sum_ones(terms, node, &bounds);
        break;
    case TERM_MUL:
        product_bounds(terms, node, &bounds);
        break;
    case TERM_UDIV:
    case TERM_UREM:
        quotient_bounds(terms, node, &bounds);
        break;
    case TERM_BITAND:
    case TERM_BITOR:
    case TERM_BITXOR:
        bitwise_bounds(terms, node, &bounds);
        break;
    case TERM_LSHR:
    case TERM_ASHR:
        shift_bounds(terms, node, &bounds);
        break;
    case TERM_EXTRACT:
        extract_bounds(terms, node, &bounds);
        break;
    case TERM_ZEXT:
    case TERM_SEXT:
        extension_bounds(terms, node, &bounds);
        break;
    case TERM_ITE:
        branch_bounds(terms, node, &bounds);
        break;
    case TERM_TRUE:
    case TERM_FALSE:
    case TERM_VARIABLE:
    case TERM_APPLY:
    case TERM_NOT:
    case TERM_AND:
    case TERM_OR:
    case TERM_EQ:
    case TERM_BITNOT:
    case TERM_SHL:
    case TERM_ULT:
    case TERM_SLT:
    case TERM_CONCAT:
    case TERM_SELECT:
    case TERM_STORE:
        break;
    }
    bounds_settle(&bounds, node->width_bits);
    bounds_settle(&bounds, node->width_bits);
    return bounds;
}
