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
        prepared.is_proved = facts_prove(terms, prepared.facts, prepared.count, prepared.goal);
    term roots[] = {facts, prepared.goal};
    struct reach reach = reach_of(terms, roots, 2);
    for (size_t i = 0; i < reach.count; i++)
        prepared.has_hard_arithmetic |= is_hard_arithmetic(terms, reach.at[i]);
    reach_free(&reach);
    return prepared;
}

bool is_refuted_by(const struct terms *terms, struct assignment *assignment,
                   const struct prepared *asked)
{
    for (size_t i = 0; i < asked->count; i++)
        if (!evaluate_bool(terms, assignment, asked->facts[i]))
            return false;
    return !evaluate_bool(terms, assignment, asked->goal);
}
