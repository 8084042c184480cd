/* Booleans: negation normal form, and conjunctions and disjunctions as ordered sets that hold no
 * part which the other parts decide. The rules are written for both connectives at once: what
 * "and" is to one, "or" is to its dual. */
#include "base/array.h"
#include "smt/store.h"

#include <stdlib.h>
#include <string.h>

/* Pairs of parts are compared in sets up to this size; larger sets use their single literals. */
enum { PAIRS_MAX = 24, PARTS_MAX = 256, ROUNDS_MAX = 64 };

struct list {
    term *at;
    size_t count;
};

/* Negation */

static void negation_link(struct terms *terms, term a, term b)
{
    terms->nodes[a.id].negation = b;
    terms->nodes[b.id].negation = a;
}

static int compare_terms(const void *left, const void *right)
{
    uint32_t a = ((const term *)left)->id, b = ((const term *)right)->id;
    return (a > b) - (a < b);
}

static void sort_terms(term *list, size_t count)
{
    if (count > 16) {
        qsort(list, count, sizeof *list, compare_terms);
        return;
    }
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && list[j - 1].id > list[j].id; j--) {
            term swapped = list[j];
            list[j] = list[j - 1];
            list[j - 1] = swapped;
        }
}

static bool is_compound(const struct node *node)
{
    return node->kind == TERM_AND || node->kind == TERM_OR ||
           (node->kind == TERM_ITE && node->sort_kind == SORT_BOOL);
}

/* not (a and b) = not a or not b; not ite(c, a, b) = ite(c, not a, not b). The negations of the
 * parts are known. */
static term negated_compound(struct terms *terms, term t)
{
    const struct node *node = node_of(terms, t);
    struct scratch_mark mark = scratch_mark(terms);
    term *parts = scratch_take(terms, node->count * sizeof *parts);
    for (uint32_t i = 0; i < node->count; i++)
        parts[i] = node_of(terms, node->arguments[i])->negation;
    if (node->kind == TERM_ITE)
        parts[0] = node->arguments[0];
    else
        sort_terms(parts, node->count);
    enum term_kind kind = node->kind == TERM_AND  ? TERM_OR
                          : node->kind == TERM_OR ? TERM_AND
                                                  : TERM_ITE;
    term negation = term_intern(terms, kind, sort_bool(), parts, node->count);
    scratch_release(terms, mark);
    return negation;
}

/* The first part whose negation is not known yet. */
static bool part_to_negate(const struct terms *terms, const struct node *node, term *part)
{
    for (uint32_t i = node->kind == TERM_ITE ? 1 : 0; i < node->count; i++)
        if (term_is_none(node_of(terms, node->arguments[i])->negation)) {
            *part = node->arguments[i];
            return true;
        }
    return false;
}

static term compound_negated(struct terms *terms, term a)
{
    ARRAY(term) stack = {0}; /* parts inside parts, without recursion */
    ARRAY_PUSH(terms->arena, &stack, a);
    while (stack.count != 0) {
        term t = stack.at[stack.count - 1], part;
        const struct node *node = node_of(terms, t);
        if (!term_is_none(node->negation))
            stack.count--;
        else if (!is_compound(node))
            negation_link(terms, t, term_intern(terms, TERM_NOT, sort_bool(), &t, 1));
        else if (part_to_negate(terms, node, &part))
            ARRAY_PUSH(terms->arena, &stack, part);
        else
            negation_link(terms, t, negated_compound(terms, t));
    }
    return node_of(terms, a)->negation;
}

term term_not(struct terms *terms, term a)
{
    const struct node *node = node_of(terms, a);
    require(node->sort_kind == SORT_BOOL, "only Booleans are negated");
    if (!term_is_none(node->negation))
        return node->negation;
    if (is_compound(node))
        return compound_negated(terms, a);
    negation_link(terms, a, term_intern(terms, TERM_NOT, sort_bool(), &a, 1));
    return node_of(terms, a)->negation;
}

term bool_positive(struct terms *terms, term t, bool *is_negative)
{
    const struct node *node = node_of(terms, t);
    bool is_opposite = node->kind == TERM_NOT || node->kind == TERM_FALSE;
    if (is_compound(node))
        is_opposite = term_not(terms, t).id < t.id;
    *is_negative ^= is_opposite;
    return is_opposite ? term_not(terms, t) : t;
}

/* Sets of parts */

static enum term_kind dual_of(enum term_kind kind)
{
    return kind == TERM_AND ? TERM_OR : TERM_AND;
}

static term neutral_of(enum term_kind kind)
{
    return kind == TERM_AND ? (term){1} : (term){2};
}
static term absorbing_of(enum term_kind kind)
{
    return kind == TERM_AND ? (term){2} : (term){1};
}

/* `t` as a set under `kind`: its parts, or itself alone. */
static struct list parts_of(const struct terms *terms, enum term_kind kind, term t)
{
    const struct node *node = node_of(terms, t);
    if (node->kind == kind)
        return (struct list){(term *)node->arguments, node->count};
    return (struct list){(term *)&node->self, 1};
}

static bool list_has(struct list list, term t)
{
    size_t low = 0, high = list.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (list.at[middle].id == t.id)
            return true;
        if (list.at[middle].id < t.id)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static bool list_has_negation(const struct terms *terms, struct list list, term t)
{
    term negation = node_of(terms, t)->negation;
    return !term_is_none(negation) && list_has(list, negation);
}

static struct list flattened(struct terms *terms, enum term_kind kind, const term *list,
                             size_t count)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += parts_of(terms, kind, list[i]).count;
    struct list all = {scratch_take(terms, (total + 1) * sizeof(term)), 0};
    for (size_t i = 0; i < count; i++) {
        struct list parts = parts_of(terms, kind, list[i]);
        memcpy(all.at + all.count, parts.at, parts.count * sizeof(term));
        all.count += parts.count;
    }
    sort_terms(all.at, all.count);
    size_t kept = 0;
    for (size_t i = 0; i < all.count; i++)
        if (!term_same(all.at[i], neutral_of(kind)) &&
            (kept == 0 || !term_same(all.at[kept - 1], all.at[i])))
            all.at[kept++] = all.at[i];
    all.count = kept;
    return all;
}

static bool is_contradictory(const struct terms *terms, enum term_kind kind, struct list list)
{
    for (size_t i = 0; i < list.count; i++)
        if (term_same(list.at[i], absorbing_of(kind)) || list_has_negation(terms, list, list.at[i]))
            return true;
    return false;
}

static term connect(struct terms *terms, enum term_kind kind, const term *list, size_t count);

static term connect_without(struct terms *terms, enum term_kind kind, struct list list,
                            struct list dropped)
{
    struct scratch_mark mark = scratch_mark(terms);
    term *kept = scratch_take(terms, list.count * sizeof *kept);
    size_t count = 0;
    for (size_t i = 0; i < list.count; i++)
        if (!list_has(dropped, list.at[i]))
            kept[count++] = list.at[i];
    term result = connect(terms, kind, kept, count);
    scratch_release(terms, mark);
    return result;
}

/* Decided parts: what the set's single literals say about the parts of the other members.
 * a and (not a or b) = a and b; a and (a or b) = a; one level deeper
 * a and ((not a and b) or c) = a and c; and a and ite(a, b, c) = a and b. */

static term part_under(struct terms *terms, enum term_kind kind, struct list set, term part)
{
    struct list inner = parts_of(terms, kind, part);
    if (inner.count == 1 || inner.count > PARTS_MAX)
        return part;
    bool changes = false;
    for (size_t i = 0; i < inner.count; i++) {
        if (list_has_negation(terms, set, inner.at[i]))
            return absorbing_of(kind);
        changes = changes || list_has(set, inner.at[i]);
    }
    return changes ? connect_without(terms, kind, inner, set) : part;
}

static term member_under(struct terms *terms, enum term_kind kind, struct list set, term member)
{
    const struct node *node = node_of(terms, member);
    if (node->kind == TERM_ITE) {
        term condition = node->arguments[0];
        if (list_has(set, condition))
            return node->arguments[kind == TERM_AND ? 1 : 2];
        if (list_has_negation(terms, set, condition))
            return node->arguments[kind == TERM_AND ? 2 : 1];
        return member;
    }
    if (node->kind != dual_of(kind) || node->count > PARTS_MAX)
        return member;
    struct scratch_mark mark = scratch_mark(terms);
    term *parts = scratch_take(terms, node->count * sizeof *parts);
    size_t count = 0;
    bool changes = false, is_absorbed = false;
    for (uint32_t i = 0; i < node->count && !is_absorbed; i++) {
        term part = node->arguments[i];
        is_absorbed = list_has(set, part);
        if (list_has_negation(terms, set, part)) {
            changes = true;
            continue;
        }
        parts[count] = part_under(terms, kind, set, part);
        changes = changes || !term_same(parts[count], part);
        count++;
    }
    term result = is_absorbed ? neutral_of(kind)
                  : changes   ? connect(terms, dual_of(kind), parts, count)
                              : member;
    scratch_release(terms, mark);
    return result;
}

static bool decide_members(struct terms *terms, enum term_kind kind, struct list set)
{
    for (size_t i = 0; i < set.count; i++) {
        term simpler = member_under(terms, kind, set, set.at[i]);
        if (!term_same(simpler, set.at[i])) {
            set.at[i] = simpler;
            return true;
        }
    }
    return false;
}

/* Two members a and b, as sets of the dual kind. Subsumption: if a's parts are among b's, b goes.
 * Resolution: if that holds but for one part of a whose negation is in b, b loses that negation.
 * (p and q) or (p and not q) = p. */
static bool resolve_pair(struct terms *terms, enum term_kind kind, term a, term *b)
{
    struct list few = parts_of(terms, dual_of(kind), a), many = parts_of(terms, dual_of(kind), *b);
    term opposite = {0};
    if (few.count > many.count || many.count > PARTS_MAX)
        return false;
    for (size_t i = 0; i < few.count; i++) {
        if (list_has(many, few.at[i]))
            continue;
        if (!term_is_none(opposite) || !list_has_negation(terms, many, few.at[i]))
            return false;
        opposite = node_of(terms, few.at[i])->negation;
    }
    *b = term_is_none(opposite)
             ? neutral_of(kind)
             : connect_without(terms, dual_of(kind), many, (struct list){&opposite, 1});
    return true;
}

static bool resolve_members(struct terms *terms, enum term_kind kind, struct list set)
{
    if (set.count > PAIRS_MAX)
        return false;
    for (size_t i = 0; i < set.count; i++)
        for (size_t j = 0; j < set.count; j++)
            if (i != j && resolve_pair(terms, kind, set.at[i], &set.at[j]))
                return true;
    return false;
}

/* Comparisons of one word with constants: x = 3 decides x = 5 and x < 7. */
static bool literal_compares(const struct terms *terms, term t, term *word,
                             const struct node **test, bool *is_negated)
{
    const struct node *node = node_of(terms, t);
    *is_negated = node->kind == TERM_NOT;
    if (*is_negated)
        node = node_of(terms, node->arguments[0]);
    if ((node->kind != TERM_EQ && node->kind != TERM_ULT && node->kind != TERM_SLT) ||
        kind_of(terms, node->arguments[1]) != TERM_CONSTANT)
        return false;
    *word = node->arguments[0];
    *test = node;
    return true;
}

static bool comparison_holds(const struct terms *terms, const struct node *test, uint64_t value)
{
    const struct node *right = node_of(terms, test->arguments[1]);
    if (test->kind == TERM_EQ)
        return value == right->word;
    if (test->kind == TERM_ULT)
        return value < right->word;
    return signed_of(value, right->width_bits) < signed_of(right->word, right->width_bits);
}

static bool decide_by_equation(const struct terms *terms, enum term_kind kind, struct list set)
{
    bool changes = false;
    for (size_t i = 0; i < set.count; i++) {
        term word, other;
        const struct node *equation, *test;
        bool is_negated;
        if (!literal_compares(terms, set.at[i], &word, &equation, &is_negated) ||
            equation->kind != TERM_EQ || is_negated != (kind == TERM_OR))
            continue;
        uint64_t value = node_of(terms, equation->arguments[1])->word;
        for (size_t j = 0; j < set.count; j++) {
            if (j == i || !literal_compares(terms, set.at[j], &other, &test, &is_negated) ||
                !term_same(other, word))
                continue;
            bool holds = comparison_holds(terms, test, value) != is_negated;
            set.at[j] = holds ? (term){1} : (term){2};
            changes = true;
        }
        if (changes)
            return true;
    }
    return false;
}

/* (p and q) or (p and r) = p and (q or r) */
static bool factored(struct terms *terms, enum term_kind kind, struct list set, term *result)
{
    struct list common = parts_of(terms, dual_of(kind), set.at[0]);
    term *shared = scratch_take(terms, common.count * sizeof *shared);
    size_t count = 0;
    for (size_t i = 0; i < common.count; i++) {
        bool is_shared = true;
        for (size_t j = 1; j < set.count && is_shared; j++)
            is_shared = list_has(parts_of(terms, dual_of(kind), set.at[j]), common.at[i]);
        if (is_shared)
            shared[count++] = common.at[i];
    }
    if (count == 0)
        return false;
    struct list dropped = {shared, count};
    term *rests = scratch_take(terms, set.count * sizeof *rests);
    for (size_t j = 0; j < set.count; j++)
        rests[j] = connect_without(terms, dual_of(kind), parts_of(terms, dual_of(kind), set.at[j]),
                                   dropped);
    term *parts = scratch_take(terms, (count + 1) * sizeof *parts);
    memcpy(parts, shared, count * sizeof *parts);
    parts[count] = connect(terms, kind, rests, set.count);
    *result = connect(terms, dual_of(kind), parts, count + 1);
    return true;
}

/* (c and a) or (not c and b) = ite(c, a, b); (c or a) and (not c or b) = ite(c, b, a) */
static bool is_branch(struct terms *terms, enum term_kind kind, struct list set, term *result)
{
    if (set.count != 2)
        return false;
    struct list first = parts_of(terms, dual_of(kind), set.at[0]);
    struct list second = parts_of(terms, dual_of(kind), set.at[1]);
    for (size_t i = 0; i < first.count; i++) {
        if (!list_has_negation(terms, second, first.at[i]))
            continue;
        term condition = first.at[i], opposite = node_of(terms, condition)->negation;
        term a = connect_without(terms, dual_of(kind), first, (struct list){&condition, 1});
        term b = connect_without(terms, dual_of(kind), second, (struct list){&opposite, 1});
        *result =
            kind == TERM_OR ? bool_ite(terms, condition, a, b) : bool_ite(terms, condition, b, a);
        return true;
    }
    return false;
}

static term connect(struct terms *terms, enum term_kind kind, const term *list, size_t count)
{
    struct scratch_mark mark = scratch_mark(terms);
    struct list set = flattened(terms, kind, list, count);
    term result;
    bool is_done = false, is_shallow = terms->depth < DEPTH_MAX;
    terms->depth++;
    for (int round = 0; round < ROUNDS_MAX && is_shallow && set.count > 1; round++) {
        if (is_contradictory(terms, kind, set) ||
            !(decide_by_equation(terms, kind, set) || decide_members(terms, kind, set) ||
              resolve_members(terms, kind, set)))
            break;
        set = flattened(terms, kind, set.at, set.count);
    }
    if (is_contradictory(terms, kind, set)) {
        result = absorbing_of(kind);
        is_done = true;
    } else if (set.count <= 1) {
        result = set.count == 1 ? set.at[0] : neutral_of(kind);
        is_done = true;
    } else if (is_shallow) {
        is_done = factored(terms, kind, set, &result) || is_branch(terms, kind, set, &result);
    }
    if (!is_done)
        result = term_intern(terms, kind, sort_bool(), set.at, set.count);
    terms->depth--;
    scratch_release(terms, mark);
    return result;
}

static void bools_require(const struct terms *terms, const term *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        require(term_sort(terms, list[i]).kind == SORT_BOOL, "a connective is of Booleans");
}

term term_and_all(struct terms *terms, const term *list, size_t count)
{
    bools_require(terms, list, count);
    return connect(terms, TERM_AND, list, count);
}

term term_or_all(struct terms *terms, const term *list, size_t count)
{
    bools_require(terms, list, count);
    return connect(terms, TERM_OR, list, count);
}

term term_and(struct terms *terms, term a, term b)
{
    term parts[] = {a, b};
    return term_and_all(terms, parts, 2);
}

term term_or(struct terms *terms, term a, term b)
{
    term parts[] = {a, b};
    return term_or_all(terms, parts, 2);
}

/* a implies b = not a or b */
term term_implies(struct terms *terms, term a, term b)
{
    return term_or(terms, term_not(terms, a), b);
}

/* Branches and equivalence */

/* ite(c, p and a, p and b) = p and ite(c, a, b), and its dual */
static bool branch_factored(struct terms *terms, enum term_kind kind, term condition, term then,
                            term otherwise, term *result)
{
    struct list a = parts_of(terms, kind, then), b = parts_of(terms, kind, otherwise);
    struct scratch_mark mark = scratch_mark(terms);
    term *shared = scratch_take(terms, (a.count + 1) * sizeof *shared);
    size_t count = 0;
    for (size_t i = 0; i < a.count; i++)
        if (list_has(b, a.at[i]))
            shared[count++] = a.at[i];
    bool is_found = count != 0;
    if (is_found) {
        struct list dropped = {shared, count};
        shared[count] = bool_ite(terms, condition, connect_without(terms, kind, a, dropped),
                                 connect_without(terms, kind, b, dropped));
        *result = connect(terms, kind, shared, count + 1);
    }
    scratch_release(terms, mark);
    return is_found;
}

term bool_ite(struct terms *terms, term condition, term then, term otherwise)
{
    bool is_negative = false;
    condition = bool_positive(terms, condition, &is_negative);
    if (is_negative) {
        term swapped = then;
        then = otherwise;
        otherwise = swapped;
    }
    if (term_is_true(terms, condition) || term_same(then, otherwise))
        return then;
    term opposite = term_not(terms, condition);
    then = member_under(terms, TERM_AND, (struct list){&condition, 1}, then);
    otherwise = member_under(terms, TERM_AND, (struct list){&opposite, 1}, otherwise);
    if (term_same(then, otherwise))
        return then;
    if (term_is_true(terms, then) || term_same(then, condition))
        return term_or(terms, condition, otherwise);
    if (term_is_false(terms, then) || term_same(then, opposite))
        return term_and(terms, opposite, otherwise);
    if (term_is_false(terms, otherwise) || term_same(otherwise, condition))
        return term_and(terms, condition, then);
    if (term_is_true(terms, otherwise) || term_same(otherwise, opposite))
        return term_or(terms, opposite, then);
    if (term_same(term_not(terms, then), otherwise))
        return bool_eq(terms, condition, then);
    term result;
    if (terms->depth < DEPTH_MAX &&
        (branch_factored(terms, TERM_AND, condition, then, otherwise, &result) ||
         branch_factored(terms, TERM_OR, condition, then, otherwise, &result)))
        return result;
    term parts[] = {condition, then, otherwise};
    return term_intern(terms, TERM_ITE, sort_bool(), parts, 3);
}

/* a = b, where (not a) = b is not (a = b) */
term bool_eq(struct terms *terms, term a, term b)
{
    bool is_negative = false;
    a = bool_positive(terms, a, &is_negative);
    b = bool_positive(terms, b, &is_negative);
    term result;
    if (term_same(a, b)) {
        result = term_true(terms);
    } else if (term_is_true(terms, a) || term_is_true(terms, b)) {
        result = term_is_true(terms, a) ? b : a;
    } else {
        term parts[] = {a.id < b.id ? a : b, a.id < b.id ? b : a};
        result = term_intern(terms, TERM_EQ, sort_bool(), parts, 2);
    }
    return is_negative ? term_not(terms, result) : result;
}

term bool_of_cases(struct terms *terms, term a, term b, unsigned cases)
{
    term with_b =
        bool_ite(terms, a, term_bool(terms, (cases & 8) != 0), term_bool(terms, (cases & 4) != 0));
    term without_b =
        bool_ite(terms, a, term_bool(terms, (cases & 2) != 0), term_bool(terms, (cases & 1) != 0));
    return bool_ite(terms, b, with_b, without_b);
}
