#include "validator/check/prove.h"

#include "base/array.h"

#include <string.h>

enum {
    LEMMAS_MAX = 24,       /* of one obligation */
    ROUNDS_MAX = 4,        /* of finding lemmas and folding */
    PAIRS_MAX = 4000,      /* compared for one obligation */
    LEMMA_RLIMIT = 200000, /* lemmas are small, or no lemmas */
};

struct pair {
    term left, right;
};

struct comparison {
    const struct prover *prover;
    ARRAY(struct pair) seen;
    ARRAY(struct pair) differing;
};

static bool is_known(const struct comparison *comparison, struct pair pair)
{
    for (size_t i = 0; i < comparison->seen.count; i++)
        if (term_same(comparison->seen.at[i].left, pair.left) &&
            term_same(comparison->seen.at[i].right, pair.right))
            return true;
    return false;
}

static bool same_sort(const struct terms *terms, term a, term b)
{
    struct sort left = term_sort(terms, a), right = term_sort(terms, b);
    return left.kind == right.kind && left.width_bits == right.width_bits;
}

/* The same operation on as many operands, so that equal operands give equal results. */
static bool same_operation(const struct terms *terms, term a, term b)
{
    enum term_kind kind = term_kind(terms, a);
    size_t count = term_argument_count(terms, a);
    if (kind != term_kind(terms, b) || count == 0 || count != term_argument_count(terms, b) ||
        kind == TERM_SUM)
        return false;
    if (kind == TERM_APPLY && strcmp(term_name(terms, a), term_name(terms, b)) != 0)
        return false;
    return kind != TERM_EXTRACT ||
           (term_extract_low(terms, a) == term_extract_low(terms, b) &&
            term_extract_high(terms, a) == term_extract_high(terms, b));
}

/* Two sums of which all but one atom agree: those atoms. */
static bool differing_atoms(const struct prover *prover, term a, term b, struct pair *pair)
{
    if (term_kind(prover->terms, a) != TERM_SUM && term_kind(prover->terms, b) != TERM_SUM)
        return false;
    struct linear rest = term_linear(prover->terms, term_sub(prover->terms, a, b), prover->arena);
    if (rest.count != 2 || rest.constant != 0)
        return false;
    uint64_t width = term_sort(prover->terms, a).width_bits;
    uint64_t mask = width == 64 ? UINT64_MAX : ((uint64_t)1 << width) - 1;
    if (((rest.coefficients[0] + rest.coefficients[1]) & mask) != 0)
        return false;
    *pair = (struct pair){rest.atoms[0], rest.atoms[1]};
    return true;
}

/* Descends through corresponding operations; what cannot be descended is a differing pair. */
static void compare(struct comparison *comparison, term left, term right)
{
    struct arena *arena = comparison->prover->arena;
    const struct terms *terms = comparison->prover->terms;
    ARRAY(struct pair) work = {0};
    ARRAY_PUSH(arena, &work, (struct pair){left, right});
    while (work.count > 0 && comparison->seen.count < PAIRS_MAX) {
        struct pair pair = work.at[--work.count], atoms;
        if (term_same(pair.left, pair.right) || is_known(comparison, pair) ||
            !same_sort(terms, pair.left, pair.right))
            continue;
        ARRAY_PUSH(arena, &comparison->seen, pair);
        if (same_operation(terms, pair.left, pair.right)) {
            for (size_t i = 0; i < term_argument_count(terms, pair.left); i++)
                ARRAY_PUSH(arena, &work,
                           (struct pair){term_argument(terms, pair.left, i),
                                         term_argument(terms, pair.right, i)});
        } else if (differing_atoms(comparison->prover, pair.left, pair.right, &atoms) &&
                   !is_known(comparison, atoms)) {
            ARRAY_PUSH(arena, &work, atoms);
        } else {
            ARRAY_PUSH(arena, &comparison->differing, pair);
        }
    }
}

/* The equations in a goal whose sides are worth comparing. */
static void compare_equations(struct comparison *comparison, term goal)
{
    const struct terms *terms = comparison->prover->terms;
    enum term_kind kind = term_kind(terms, goal);
    if (kind == TERM_EQ)
        compare(comparison, term_argument(terms, goal, 0), term_argument(terms, goal, 1));
    if (kind == TERM_AND || kind == TERM_OR)
        for (size_t i = 0; i < term_argument_count(terms, goal); i++)
            compare_equations(comparison, term_argument(terms, goal, i));
}

static bool is_folded(const struct prover *prover, term guard, term goal)
{
    struct terms *terms = prover->terms;
    return term_is_true(terms, goal) || term_is_false(terms, guard) ||
           term_same(term_and(terms, guard, goal), guard);
}

static struct reply ask(const struct prover *prover, const char *name, term guard, term goal,
                        uint32_t rlimit)
{
    if (is_folded(prover, guard, goal))
        return (struct reply){.answer = ANSWER_PROVED, .by_simplification = true};
    size_t count = prover->assumption_count;
    term *assumptions = ARENA_ARRAY(prover->arena, term, count + 1);
    if (count != 0)
        memcpy(assumptions, prover->assumptions, count * sizeof *assumptions);
    assumptions[count] = guard;
    struct question question = {
        .name = name,
        .assumptions = assumptions,
        .assumption_count = count + 1,
        .goal = goal,
        .rlimit = rlimit,
        .wants_model = true,
    };
    struct reply reply = solver_ask(prover->solver, &question);
    if (!reply.by_simplification && prover->listen != NULL)
        prover->listen(prover->listener, &question, reply.answer);
    return reply;
}

/* Proves lemmas left = right for differing parts of the goal and folds with them. */
static bool fold_with_lemmas(const struct prover *prover, const char *name, term guard,
                             term *goal, unsigned *lemmas)
{
    struct terms *terms = prover->terms;
    struct comparison comparison = {.prover = prover};
    compare_equations(&comparison, *goal);
    term from[LEMMAS_MAX], to[LEMMAS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < comparison.differing.count && *lemmas < LEMMAS_MAX; i++) {
        struct pair pair = comparison.differing.at[i];
        term equal = term_eq(terms, pair.left, pair.right);
        if (term_same(equal, *goal) || term_is_false(terms, equal))
            continue;
        ++*lemmas;
        const char *lemma = arena_printf(prover->arena, "%s-lemma%u", name, *lemmas);
        if (ask(prover, lemma, guard, equal, LEMMA_RLIMIT).answer != ANSWER_PROVED)
            continue;
        /* The younger term goes: it is the machine's, and the larger one in any case. */
        bool keeps_left = pair.left.id < pair.right.id;
        from[count] = keeps_left ? pair.right : pair.left;
        to[count++] = keeps_left ? pair.left : pair.right;
    }
    if (count == 0)
        return false;
    *goal = term_replace(terms, *goal, from, to, count);
    return true;
}

struct reply prove(const struct prover *prover, const char *name, term guard, term goal)
{
    unsigned lemmas = 0;
    term left = goal;
    for (unsigned round = 0; round < ROUNDS_MAX && !is_folded(prover, guard, left); round++)
        if (!fold_with_lemmas(prover, name, guard, &left, &lemmas))
            break;
    return ask(prover, name, guard, left, 0);
}
