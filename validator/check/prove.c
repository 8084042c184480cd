#include "validator/check/prove.h"

#include "base/array.h"

#include <string.h>

enum {
    LEMMAS_MAX = 48,       /* of one obligation */
    LEVELS_MAX = 4,        /* that a lemma climbs when it does not hold for the parts */
    PAIRS_MAX = 4000,      /* compared for one obligation */
    DEPTH_MAX = 400,       /* of the comparison */
    LEMMA_RLIMIT = 200000, /* lemmas are small, or no lemmas */
};

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
    };
    struct reply reply = solver_ask(prover->solver, &question);
    bool is_tried_only = rlimit != 0 && reply.answer != ANSWER_PROVED; /* a lemma that is none */
    if (prover->listen != NULL && !is_tried_only)
        prover->listen(prover->listener, &question, &reply);
    return reply;
}

/* ---- corresponding parts ---- */

struct pair {
    term left, right;
};
typedef ARRAY(struct pair) pair_array;

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
    return kind != TERM_EXTRACT || (term_extract_low(terms, a) == term_extract_low(terms, b) &&
                                    term_extract_high(terms, a) == term_extract_high(terms, b));
}

static bool has_atom(const struct linear *sum, term atom, uint64_t coefficient)
{
    for (size_t i = 0; i < sum->count; i++)
        if (term_same(sum->atoms[i], atom) && sum->coefficients[i] == coefficient)
            return true;
    return false;
}

/* An atom of the one sum that the other lacks, with one of the other that has its coefficient; of
 * the same kind if there is one. */
static void pair_atoms(const struct prover *prover, struct pair sums, pair_array *pairs)
{
    struct terms *terms = prover->terms;
    struct linear left = term_linear(terms, sums.left, prover->arena);
    struct linear right = term_linear(terms, sums.right, prover->arena);
    bool *is_used = ARENA_ARRAY(prover->arena, bool, right.count);
    for (size_t i = 0; i < left.count; i++) {
        size_t found = right.count;
        if (has_atom(&right, left.atoms[i], left.coefficients[i]))
            continue;
        for (size_t k = 0; k < right.count; k++) {
            if (is_used[k] || right.coefficients[k] != left.coefficients[i] ||
                has_atom(&left, right.atoms[k], right.coefficients[k]))
                continue;
            bool is_alike = term_kind(terms, left.atoms[i]) == term_kind(terms, right.atoms[k]);
            if (is_alike || found == right.count)
                found = k;
            if (is_alike)
                break;
        }
        if (found == right.count)
            continue;
        is_used[found] = true;
        ARRAY_PUSH(prover->arena, pairs, (struct pair){left.atoms[i], right.atoms[found]});
    }
}

static bool has_argument(const struct terms *terms, term t, term argument)
{
    for (size_t i = 0; i < term_argument_count(terms, t); i++)
        if (term_same(term_argument(terms, t, i), argument))
            return true;
    return false;
}

static bool is_commutative(enum term_kind kind)
{
    return kind == TERM_MUL || kind == TERM_AND || kind == TERM_OR || kind == TERM_BITAND ||
           kind == TERM_BITOR || kind == TERM_BITXOR || kind == TERM_EQ;
}

/* Corresponding operands; where order means nothing, those that both have go first. */
static void pair_arguments(const struct prover *prover, struct pair pair, pair_array *pairs)
{
    const struct terms *terms = prover->terms;
    size_t count = term_argument_count(terms, pair.left), k = 0;
    bool is_free = is_commutative(term_kind(terms, pair.left));
    for (size_t i = 0; i < count; i++) {
        term left = term_argument(terms, pair.left, i);
        if (!is_free) {
            ARRAY_PUSH(prover->arena, pairs,
                       (struct pair){left, term_argument(terms, pair.right, i)});
            continue;
        }
        if (has_argument(terms, pair.right, left))
            continue;
        while (k < count && has_argument(terms, pair.left, term_argument(terms, pair.right, k)))
            k++;
        if (k < count)
            ARRAY_PUSH(prover->arena, pairs,
                       (struct pair){left, term_argument(terms, pair.right, k++)});
    }
}

/* ---- alignment ---- */

/* What came of comparing two terms in a context: `result` equals `right` there, and is `left` if
 * all went well; else lemmas failed on `misses` levels below. */
struct aligned {
    term left, right, context;
    term result;
    unsigned misses;
};

struct alignment {
    const struct prover *prover;
    const char *name;
    term guard;
    unsigned lemmas;
    ARRAY(struct aligned) seen;
};

static struct aligned align(struct alignment *alignment, term left, term right, term context,
                            unsigned depth);

/* Both choose by one condition: each branch counts only where it is chosen. */
static term align_branches(struct alignment *alignment, struct pair pair, term context,
                           unsigned depth, unsigned *misses)
{
    struct terms *terms = alignment->prover->terms;
    term condition = term_argument(terms, pair.left, 0);
    term contexts[2] = {term_and(terms, context, condition),
                        term_and(terms, context, term_not(terms, condition))};
    term branches[2];
    for (size_t i = 0; i < 2; i++) {
        struct aligned branch =
            align(alignment, term_argument(terms, pair.left, i + 1),
                  term_argument(terms, pair.right, i + 1), contexts[i], depth + 1);
        *misses = branch.misses > *misses ? branch.misses : *misses;
        branches[i] = branch.result;
    }
    return term_ite(terms, condition, branches[0], branches[1]);
}

/* The right side with its parts replaced by those of the left side that they equal. What is equal
 * in the context may be replaced wherever it stands. */
static term align_parts(struct alignment *alignment, struct pair pair, term context, unsigned depth,
                        unsigned *misses)
{
    const struct prover *prover = alignment->prover;
    struct terms *terms = prover->terms;
    bool is_same = same_operation(terms, pair.left, pair.right);
    if (is_same && term_kind(terms, pair.left) == TERM_ITE &&
        term_same(term_argument(terms, pair.left, 0), term_argument(terms, pair.right, 0)))
        return align_branches(alignment, pair, context, depth, misses);
    pair_array pairs = {0};
    if (is_same)
        pair_arguments(prover, pair, &pairs);
    else if (term_sort(terms, pair.left).kind == SORT_WORD)
        pair_atoms(prover, pair, &pairs);
    ARRAY(term) from = {0};
    ARRAY(term) to = {0};
    for (size_t i = 0; i < pairs.count; i++) {
        struct pair part = pairs.at[i];
        if (term_same(part.left, pair.left) && term_same(part.right, pair.right))
            continue; /* an atom is the sum of itself */
        struct aligned aligned = align(alignment, part.left, part.right, context, depth + 1);
        *misses = aligned.misses > *misses ? aligned.misses : *misses;
        if (term_same(aligned.result, part.right))
            continue;
        ARRAY_PUSH(prover->arena, &from, part.right);
        ARRAY_PUSH(prover->arena, &to, aligned.result);
    }
    if (from.count == 0)
        return pair.right;
    return term_replace(terms, pair.right, from.at, to.at, from.count);
}

static bool try_lemma(struct alignment *alignment, term left, term right, term context)
{
    const struct prover *prover = alignment->prover;
    term equal = term_eq(prover->terms, left, right);
    if (term_is_false(prover->terms, equal) || alignment->lemmas == LEMMAS_MAX)
        return false;
    const char *name =
        arena_printf(prover->arena, "%s-lemma%u", alignment->name, ++alignment->lemmas);
    term guard = term_and(prover->terms, alignment->guard, context);
    return ask(prover, name, guard, equal, LEMMA_RLIMIT).answer == ANSWER_PROVED;
}

static struct aligned align(struct alignment *alignment, term left, term right, term context,
                            unsigned depth)
{
    struct terms *terms = alignment->prover->terms;
    struct aligned aligned = {left, right, context, right, 0};
    if (term_same(left, right))
        return aligned;
    for (size_t i = 0; i < alignment->seen.count; i++) {
        const struct aligned *seen = &alignment->seen.at[i];
        if (term_same(seen->left, left) && term_same(seen->right, right) &&
            term_same(seen->context, context))
            return *seen;
    }
    aligned.misses = LEVELS_MAX;
    if (!same_sort(terms, left, right) || depth > DEPTH_MAX || alignment->seen.count >= PAIRS_MAX)
        return aligned;
    unsigned misses = 0;
    struct pair pair = {left, right};
    aligned.result = align_parts(alignment, pair, context, depth, &misses);
    if (term_same(left, aligned.result)) {
        aligned.misses = 0;
    } else if (misses < LEVELS_MAX && depth > 0 &&
               try_lemma(alignment, left, aligned.result, context)) {
        aligned.result = left;
        aligned.misses = 0;
    } else {
        aligned.misses = misses + 1;
    }
    ARRAY_PUSH(alignment->prover->arena, &alignment->seen, aligned);
    return aligned;
}

/* The goal with the right sides of its equations aligned to their left sides. An equation among
 * alternatives counts only where the other ones fail. */
static term align_goal(struct alignment *alignment, term goal, term context)
{
    struct terms *terms = alignment->prover->terms;
    enum term_kind kind = term_kind(terms, goal);
    size_t count = term_argument_count(terms, goal);
    if (kind == TERM_EQ) {
        term left = term_argument(terms, goal, 0), right = term_argument(terms, goal, 1);
        return term_eq(terms, left, align(alignment, left, right, context, 0).result);
    }
    if (kind != TERM_AND && kind != TERM_OR)
        return goal;
    term result = term_bool(terms, kind == TERM_AND);
    for (size_t i = 0; i < count; i++) {
        term part = term_argument(terms, goal, i), rest = context;
        for (size_t k = 0; kind == TERM_OR && k < count; k++)
            if (k != i)
                rest = term_and(terms, rest, term_not(terms, term_argument(terms, goal, k)));
        part = align_goal(alignment, part, rest);
        result = kind == TERM_AND ? term_and(terms, result, part) : term_or(terms, result, part);
    }
    return result;
}

struct reply prove(const struct prover *prover, const char *name, term guard, term goal)
{
    struct alignment alignment = {.prover = prover, .name = name, .guard = guard};
    if (!is_folded(prover, guard, goal))
        goal = align_goal(&alignment, goal, term_true(prover->terms));
    return ask(prover, name, guard, goal, 0);
}

struct reply prove_equal(const struct prover *prover, const char *name, term guard, term left,
                         term right)
{
    struct alignment alignment = {.prover = prover, .name = name, .guard = guard};
    if (!is_folded(prover, guard, term_eq(prover->terms, left, right)))
        right = align(&alignment, left, right, term_true(prover->terms), 0).result;
    return ask(prover, name, guard, term_eq(prover->terms, left, right), 0);
}
