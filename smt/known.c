/* Proving by replacing: where the facts give a word its value or its bounds, every occurrence of
 * the word becomes the value, or a new variable with these bounds; where they give a Boolean, it
 * becomes true or false. The constructors then do the rest. */
#include "smt/prepare.h"

/* Terms and what the facts make of them. A word's bounds are gathered first. */
struct known {
    term *from, *to;
    struct bounds *bounds;
    size_t count;
    bool is_contradictory;
};

/* The word's place in the list, with the bounds that it has anyway if it is new there. */
static struct bounds *bounds_known(struct terms *terms, struct known *known, term word)
{
    for (size_t i = 0; i < known->count; i++)
        if (term_same(known->from[i], word))
            return &known->bounds[i];
    known->from[known->count] = word;
    known->bounds[known->count] = *bounds_of(terms, word);
    return &known->bounds[known->count++];
}

static int64_t above(int64_t value)
{
    return value == INT64_MAX ? value : value + 1;
}

/* x = k, x < k, and their negations, into the bounds of x. */
static void know_comparison(struct bounds *bounds, enum term_kind kind, bool holds, uint64_t value,
                            unsigned width_bits)
{
    int64_t number = signed_of(value, width_bits);
    if (kind == TERM_EQ && holds) {
        bounds_narrow_unsigned(bounds, value, value);
        bounds->ones &= value;
    } else if (kind == TERM_EQ) {
        if (bounds->low == value && value < bounds->high)
            bounds->low++;
        if (bounds->high == value && value > bounds->low)
            bounds->high--;
        if (bounds->signed_low == number)
            bounds->signed_low = above(number);
        if (bounds->signed_high == number && number > bounds->signed_low)
            bounds->signed_high--;
    } else if (kind == TERM_ULT) {
        if (holds)
            bounds_narrow_unsigned(bounds, 0, value - 1);
        else
            bounds_narrow_unsigned(bounds, value, UINT64_MAX);
    } else {
        if (holds)
            bounds_narrow_signed(bounds, INT64_MIN, number - 1);
        else
            bounds_narrow_signed(bounds, number, INT64_MAX);
    }
}

static bool is_empty(const struct bounds *bounds)
{
    return bounds->low > bounds->high || bounds->signed_low > bounds->signed_high;
}

static void know_word(struct terms *terms, term fact, struct known *known)
{
    const struct node *node = node_of(terms, fact);
    bool holds = node->kind != TERM_NOT;
    if (!holds)
        node = node_of(terms, node->arguments[0]);
    uint64_t value;
    if ((node->kind != TERM_EQ && node->kind != TERM_ULT && node->kind != TERM_SLT) ||
        !term_is_constant(terms, node->arguments[1], &value))
        return;
    const struct node *word = node_of(terms, node->arguments[0]);
    if (word->kind == TERM_SUM)
        return;
    struct bounds *bounds = bounds_known(terms, known, word->self);
    know_comparison(bounds, (enum term_kind)node->kind, holds, value, word->width_bits);
    if (is_empty(bounds))
        known->is_contradictory = true;
    if (word->kind != TERM_EXTRACT || word->low != 0 || node->kind != TERM_EQ || !holds)
        return;
    /* The low bits of the whole are known: those that are 0 cannot be 1. */
    bounds = bounds_known(terms, known, word->arguments[0]);
    bounds->ones &= ~(mask_of(word->width_bits) & ~value);
}

/* What a word of these bounds is: a constant, 0 or 1 by a condition, or a new variable. */
static bool word_with_bounds(struct terms *terms, term word, struct bounds bounds, term *to)
{
    unsigned width_bits = width_of(terms, word);
    const struct bounds *before = bounds_of(terms, word);
    if (bounds.low == bounds.high)
        *to = term_word(terms, bounds.low, width_bits);
    else if (bounds.high == 1)
        *to =
            term_of_bool(terms, term_eq(terms, word, term_word(terms, 1, width_bits)), width_bits);
    else if (bounds.low > before->low || bounds.high < before->high ||
             bounds.signed_low > before->signed_low || bounds.signed_high < before->signed_high ||
             bounds.ones != before->ones)
        *to = term_bounded(terms, width_bits, bounds);
    else
        return false;
    return true;
}

static void know_words(struct terms *terms, const term *facts, size_t count, struct known *known)
{
    for (int round = 0; round < 2; round++) { /* x != 0 moves a bound that a later fact gave */
        for (size_t i = 0; i < count && !known->is_contradictory; i++)
            know_word(terms, facts[i], known);
        for (size_t i = 0; i < known->count && !known->is_contradictory; i++) {
            bounds_settle(&known->bounds[i], width_of(terms, known->from[i]));
            known->is_contradictory = is_empty(&known->bounds[i]);
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < known->count && !known->is_contradictory; i++) {
        known->from[kept] = known->from[i];
        kept += word_with_bounds(terms, known->from[i], known->bounds[i], &known->to[kept]);
    }
    known->count = kept;
}

static void know_truths(struct terms *terms, const term *facts, size_t count, struct known *known)
{
    for (size_t i = 0; i < count; i++) {
        const struct node *node = node_of(terms, facts[i]);
        bool is_negated = node->kind == TERM_NOT;
        known->from[known->count] = is_negated ? node->arguments[0] : facts[i];
        known->to[known->count++] = term_bool(terms, !is_negated);
    }
}

/* x = t: x is t. */
static void know_equations(const struct terms *terms, const term *facts, size_t count,
                           struct known *known)
{
    for (size_t i = 0; i < count; i++) {
        const struct node *node = node_of(terms, facts[i]);
        if (node->kind != TERM_EQ)
            continue;
        const struct node *left = node_of(terms, node->arguments[0]);
        if (left->sort_kind != SORT_WORD || left->kind == TERM_SUM)
            continue;
        known->from[known->count] = left->self;
        known->to[known->count++] = node->arguments[1];
    }
}

/* The goal with one side of each equation put in for the other, twice, so that an equation may
 * speak of another one's left. */
static term goal_by_equations(struct terms *terms, const term *facts, size_t count, term goal)
{
    struct scratch_mark mark = scratch_mark(terms);
    struct known known = {.from = scratch_take(terms, (count + 1) * sizeof(term)),
                          .to = scratch_take(terms, (count + 1) * sizeof(term))};
    know_equations(terms, facts, count, &known);
    for (int round = 0; round < 2 && known.count != 0; round++)
        goal = term_replace(terms, goal, known.from, known.to, known.count);
    scratch_release(terms, mark);
    return goal;
}

/* A fact about a word that has become a variable or constant would only say again what that is
 * taken to be: it becomes true, and proves nothing more than before. */
static bool proved_by_words(struct terms *terms, const term *facts, size_t count, term goal,
                            struct known *known)
{
    struct scratch_mark mark = scratch_mark(terms);
    size_t words = known->count;
    know_truths(terms, facts, count, known);
    goal = term_replace(terms, goal, known->from, known->to, known->count);
    goal = term_replace(terms, goal, known->from, known->to, words);
    known->count = words;
    term *left = scratch_take(terms, (count + 1) * sizeof *left);
    for (size_t i = 0; i < count; i++)
        left[i] = term_replace(terms, facts[i], known->from, known->to, words);
    bool is_proved = term_is_true(terms, goal) || cases_prove(terms, left, count, goal);
    scratch_release(terms, mark);
    return is_proved;
}

bool facts_prove(struct terms *terms, const term *facts, size_t count, term goal)
{
    struct scratch_mark mark = scratch_mark(terms);
    size_t most = 3 * count + 1;
    struct known known = {.from = scratch_take(terms, most * sizeof(term)),
                          .to = scratch_take(terms, most * sizeof(term)),
                          .bounds = scratch_take(terms, most * sizeof(struct bounds))};
    know_words(terms, facts, count, &known);
    bool is_proved = known.is_contradictory || proved_by_words(terms, facts, count, goal, &known);
    if (!is_proved) {
        term other = goal_by_equations(terms, facts, count, goal);
        is_proved = !term_same(other, goal) && proved_by_words(terms, facts, count, other, &known);
    }
    scratch_release(terms, mark);
    return is_proved;
}
