/* Questions that need no solver: the goal is among the assumptions, or the assumptions and the
 * goal's negation make `false` as they are put together. */
#include "smt/prepare.h"

static bool is_among(const struct terms *terms, term conjunction, term t)
{
    const struct node *node = node_of(terms, conjunction);
    if (term_same(conjunction, t) || term_is_true(terms, t))
        return true;
    for (uint32_t i = 0; i < node->count && node->kind == TERM_AND; i++)
        if (term_same(node->arguments[i], t))
            return true;
    return false;
}

/* The goal's conjuncts that the facts do not contain. */
static term goal_left(struct terms *terms, term facts, term goal)
{
    const struct node *node = node_of(terms, goal);
    if (node->kind != TERM_AND)
        return is_among(terms, facts, goal) ? term_true(terms) : goal;
    struct scratch_mark mark = scratch_mark(terms);
    term *left = scratch_take(terms, node->count * sizeof *left);
    size_t count = 0;
    for (uint32_t i = 0; i < node->count; i++)
        if (!is_among(terms, facts, node->arguments[i]))
            left[count++] = node->arguments[i];
    term result = term_and_all(terms, left, count);
    scratch_release(terms, mark);
    return result;
}

/* What the facts say of terms that occur elsewhere: an equation with a constant, that a word is 0
 * or 1, that a Boolean holds. */
struct known {
    term *from, *to;
    size_t count;
};

static void known_add(struct known *known, term from, term to)
{
    known->from[known->count] = from;
    known->to[known->count++] = to;
}

/* x = k: x is k. x < 2: x is ite(x = 1, 1, 0). */
static void know_word(struct terms *terms, term fact, struct known *known)
{
    const struct node *node = node_of(terms, fact);
    uint64_t value;
    if ((node->kind != TERM_EQ && node->kind != TERM_ULT) ||
        !term_is_constant(terms, node->arguments[1], &value))
        return;
    term word = node->arguments[0];
    unsigned width_bits = width_of(terms, word);
    if (node->kind == TERM_EQ)
        known_add(known, word, node->arguments[1]);
    else if (value == 2)
        known_add(
            known, word,
            term_of_bool(terms, term_eq(terms, word, term_word(terms, 1, width_bits)), width_bits));
}

static void know_truth(struct terms *terms, term fact, struct known *known)
{
    const struct node *node = node_of(terms, fact);
    if (node->kind == TERM_NOT)
        known_add(known, node->arguments[0], term_false(terms));
    else
        known_add(known, fact, term_true(terms));
}

/* The question again, after every term of which the facts say what it is has become that. The
 * facts are kept but for those that were used: fewer facts prove less, never more. */
static bool proved_by_replacing(struct terms *terms, const struct prepared *prepared)
{
    struct scratch_mark mark = scratch_mark(terms);
    size_t most = 2 * prepared->count + 1, words;
    struct known known = {scratch_take(terms, most * sizeof(term)),
                          scratch_take(terms, most * sizeof(term)), 0};
    for (size_t i = 0; i < prepared->count; i++)
        know_word(terms, prepared->facts[i], &known);
    words = known.count;
    for (size_t i = 0; i < prepared->count; i++)
        know_truth(terms, prepared->facts[i], &known);
    term goal = term_replace(terms, prepared->goal, known.from, known.to, known.count);
    goal = term_replace(terms, goal, known.from, known.to, words);
    bool is_proved = term_is_true(terms, goal);
    if (!is_proved && words != 0) {
        term *parts = scratch_take(terms, (prepared->count + 1) * sizeof *parts);
        for (size_t i = 0; i < prepared->count; i++)
            parts[i] = term_replace(terms, prepared->facts[i], known.from, known.to, words);
        parts[prepared->count] = term_not(terms, goal);
        is_proved = term_is_false(terms, term_and_all(terms, parts, prepared->count + 1));
    }
    scratch_release(terms, mark);
    return is_proved;
}

struct prepared question_prepare(struct arena *arena, struct terms *terms, const term *assumptions,
                                 size_t count, term goal)
{
    struct prepared prepared = {0};
    term facts = term_and_all(terms, assumptions, count);
    prepared.goal = goal_left(terms, facts, goal);
    term opposite = term_and(terms, facts, term_not(terms, prepared.goal));
    prepared.is_proved = term_is_false(terms, opposite);
    const struct node *node = node_of(terms, facts);
    bool is_list = node->kind == TERM_AND;
    prepared.count = is_list ? node->count : term_is_true(terms, facts) ? 0 : 1;
    prepared.facts = ARENA_ARRAY(arena, term, prepared.count);
    for (size_t i = 0; i < prepared.count; i++)
        prepared.facts[i] = is_list ? node->arguments[i] : facts;
    if (!prepared.is_proved)
        prepared.is_proved = proved_by_replacing(terms, &prepared);
    term roots[] = {facts, prepared.goal};
    struct reach reach = reach_of(terms, roots, 2);
    for (size_t i = 0; i < reach.count; i++)
        prepared.has_hard_arithmetic |= is_hard_arithmetic(terms, reach.at[i]);
    reach_free(&reach);
    return prepared;
}
