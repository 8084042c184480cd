/* Proving by cases: equations of branching words become branches of equations, and when few
 * conditions are left, every combination of their values is tried, 64 at a time. Comparisons of
 * one word that exclude or imply each other are known to. */
#include "smt/prepare.h"

#include <stdlib.h>
#include <string.h>

enum { SPLITS_MAX = 48, CONDITIONS_MAX = 13, NODES_MAX = 2000 };

/* Splitting */

struct splitting {
    struct terms *terms;
    unsigned left; /* how many splits are allowed still */
};

static bool branch_atom(const struct terms *terms, term word, term *condition)
{
    struct linear sum = linear_of(terms, word);
    for (size_t i = 0; i < sum.count; i++)
        if (kind_of(terms, sum.atoms[i]) == TERM_ITE) {
            *condition = argument_of(terms, sum.atoms[i], 0);
            return true;
        }
    return false;
}

static term comparison(struct terms *terms, enum term_kind kind, term a, term b)
{
    return kind == TERM_EQ    ? term_eq(terms, a, b)
           : kind == TERM_ULT ? term_ult(terms, a, b)
                              : term_slt(terms, a, b);
}

/* ite(c, p, q) = t is ite(c, p = t, q = t). */
static term split_comparison(struct splitting *s, enum term_kind kind, term a, term b)
{
    struct terms *terms = s->terms;
    term condition, cases[2];
    if (s->left == 0 || (!branch_atom(terms, a, &condition) && !branch_atom(terms, b, &condition)))
        return comparison(terms, kind, a, b);
    s->left--;
    for (int i = 0; i < 2; i++)
        cases[i] = split_comparison(s, kind, word_under(terms, a, condition, i == 0),
                                    word_under(terms, b, condition, i == 0));
    return bool_ite(terms, condition, cases[0], cases[1]);
}

static bool is_connective(const struct terms *terms, const struct node *node)
{
    return node->kind == TERM_NOT || node->kind == TERM_AND || node->kind == TERM_OR ||
           (node->kind == TERM_ITE && node->sort_kind == SORT_BOOL) ||
           (node->kind == TERM_EQ && node_of(terms, node->arguments[0])->sort_kind == SORT_BOOL);
}

static term split(struct splitting *s, term t)
{
    struct reach reach = reach_of(s->terms, &t, 1);
    term *from = calloc(reach.count, sizeof *from), *to = calloc(reach.count, sizeof *to);
    require(from != NULL && to != NULL, "out of memory");
    size_t count = 0;
    for (size_t i = 0; i < reach.count; i++) {
        const struct node *node = node_of(s->terms, reach.at[i]);
        if ((node->kind != TERM_EQ && node->kind != TERM_ULT && node->kind != TERM_SLT) ||
            node_of(s->terms, node->arguments[0])->sort_kind != SORT_WORD)
            continue;
        from[count] = node->self;
        to[count] =
            split_comparison(s, (enum term_kind)node->kind, node->arguments[0], node->arguments[1]);
        count += !term_same(from[count], to[count]);
    }
    term result = term_replace(s->terms, t, from, to, count);
    free(from);
    free(to);
    reach_free(&reach);
    return result;
}

/* The table */

struct table_of_cases {
    const struct terms *terms;
    term conditions[CONDITIONS_MAX];
    size_t condition_count;
    size_t words;          /* of 64 cases each */
    term nodes[NODES_MAX]; /* in the order of ids */
    size_t node_count;
    uint64_t *values; /* by node, `words` each */
};

static size_t find(const term *list, size_t count, term t)
{
    for (size_t i = 0; i < count; i++)
        if (term_same(list[i], t))
            return i;
    return count;
}

/* The connectives and conditions of `t`. False if there are too many. */
static bool parts_of(const struct terms *terms, term t, term *nodes, size_t *node_count,
                     term *conditions, size_t *condition_count)
{
    term *stack = calloc(NODES_MAX, sizeof *stack);
    require(stack != NULL, "out of memory");
    size_t depth = 0;
    bool fits = true;
    stack[depth++] = t;
    while (depth > 0 && fits) {
        term at = stack[--depth];
        const struct node *node = node_of(terms, at);
        if (find(nodes, *node_count, at) < *node_count)
            continue;
        fits = *node_count < NODES_MAX;
        if (fits)
            nodes[(*node_count)++] = at;
        if (fits && is_connective(terms, node)) {
            fits = depth + node->count <= NODES_MAX;
            for (uint32_t i = 0; i < node->count && fits; i++)
                stack[depth++] = node->arguments[i];
        } else if (fits && node->kind != TERM_TRUE && node->kind != TERM_FALSE) {
            fits = *condition_count < CONDITIONS_MAX;
            if (fits)
                conditions[(*condition_count)++] = at;
        }
    }
    free(stack);
    return fits;
}

/* Takes a fact in if its conditions fit beside those that are there, and one is among them. */
static bool take_fact(struct table_of_cases *table, term fact)
{
    size_t nodes = table->node_count, conditions = table->condition_count;
    bool fits = parts_of(table->terms, fact, table->nodes, &table->node_count, table->conditions,
                         &table->condition_count);
    bool is_new = table->node_count > nodes, is_related = !is_new;
    term *own = calloc(NODES_MAX, sizeof *own);
    term own_conditions[CONDITIONS_MAX];
    require(own != NULL, "out of memory");
    size_t own_count = 0, own_condition_count = 0;
    if (fits && is_new &&
        parts_of(table->terms, fact, own, &own_count, own_conditions, &own_condition_count))
        for (size_t i = 0; i < own_condition_count && !is_related; i++)
            is_related = find(table->conditions, conditions, own_conditions[i]) < conditions;
    free(own);
    if (fits && is_related)
        return true;
    table->node_count = nodes;
    table->condition_count = conditions;
    return false;
}

static int compare_terms(const void *left, const void *right)
{
    uint32_t a = ((const term *)left)->id, b = ((const term *)right)->id;
    return (a > b) - (a < b);
}

static uint64_t *row_of(const struct table_of_cases *table, term t)
{
    const term *found = bsearch(&t, table->nodes, table->node_count, sizeof t, compare_terms);
    require(found != NULL, "a term of the table");
    return table->values + (size_t)(found - table->nodes) * table->words;
}

/* Condition i is bit i of the case's number. */
static uint64_t condition_word(size_t i, size_t w)
{
    static const uint64_t within[] = {0xaaaaaaaaaaaaaaaa, 0xcccccccccccccccc, 0xf0f0f0f0f0f0f0f0,
                                      0xff00ff00ff00ff00, 0xffff0000ffff0000, 0xffffffff00000000};
    return i < 6 ? within[i] : (w >> (i - 6) & 1) != 0 ? UINT64_MAX : 0;
}

static void fill_row(const struct table_of_cases *table, const struct node *node)
{
    uint64_t *row = row_of(table, node->self);
    size_t condition = find(table->conditions, table->condition_count, node->self);
    bool is_all = node->kind == TERM_AND || node->kind == TERM_TRUE;
    for (size_t w = 0; w < table->words; w++)
        row[w] = condition < table->condition_count ? condition_word(condition, w)
                 : is_all                           ? UINT64_MAX
                                                    : 0;
    if (!is_connective(table->terms, node))
        return;
    const uint64_t *a = row_of(table, node->arguments[0]);
    const uint64_t *b = node->count > 1 ? row_of(table, node->arguments[1]) : NULL;
    const uint64_t *c = node->kind == TERM_ITE ? row_of(table, node->arguments[2]) : NULL;
    for (uint32_t i = 0; i < node->count; i++) {
        const uint64_t *part = row_of(table, node->arguments[i]);
        for (size_t w = 0; w < table->words; w++) {
            if (node->kind == TERM_AND)
                row[w] &= part[w];
            else if (node->kind == TERM_OR)
                row[w] |= part[w];
            else if (node->kind == TERM_NOT)
                row[w] = ~a[w];
            else if (node->kind == TERM_EQ)
                row[w] = ~(a[w] ^ b[w]);
            else
                row[w] = (a[w] & b[w]) | (~a[w] & c[w]);
        }
    }
}

/* Which of the four combinations of two comparisons of one word with constants can be: bit
 * i + 2 * j for values i and j. Between the constants, and the ends of both orders, nothing
 * changes, so that it is enough to look where something begins. */
static unsigned combinations(const struct terms *terms, const struct node *a, const struct node *b)
{
    uint64_t left, right;
    if (!term_is_constant(terms, a->arguments[1], &left) ||
        !term_is_constant(terms, b->arguments[1], &right))
        return 15;
    unsigned width_bits = width_of(terms, a->arguments[0]), all = 0;
    uint64_t mask = mask_of(width_bits),
             tests[] = {left, left + 1, right, right + 1, 0, mask ^ mask >> 1};
    for (size_t i = 0; i < 6; i++) {
        uint64_t value = tests[i] & mask;
        unsigned holds[2];
        for (int k = 0; k < 2; k++) {
            const struct node *test = k == 0 ? a : b;
            uint64_t limit = k == 0 ? left : right;
            holds[k] = test->kind == TERM_EQ ? value == limit
                       : test->kind == TERM_ULT
                           ? value < limit
                           : signed_of(value, width_bits) < signed_of(limit, width_bits);
        }
        all |= 1u << (holds[0] + 2 * holds[1]);
    }
    return all;
}

static bool is_comparison(const struct terms *terms, const struct node *node)
{
    return (node->kind == TERM_EQ || node->kind == TERM_ULT || node->kind == TERM_SLT) &&
           node_of(terms, node->arguments[0])->sort_kind == SORT_WORD;
}

/* Strikes out the cases that no value of a word can bring about. */
static void strike_impossible(const struct table_of_cases *table, uint64_t *open)
{
    for (size_t i = 0; i < table->condition_count; i++)
        for (size_t j = i + 1; j < table->condition_count; j++) {
            const struct node *a = node_of(table->terms, table->conditions[i]);
            const struct node *b = node_of(table->terms, table->conditions[j]);
            if (!is_comparison(table->terms, a) || !is_comparison(table->terms, b) ||
                !term_same(a->arguments[0], b->arguments[0]))
                continue;
            unsigned possible = combinations(table->terms, a, b);
            for (size_t w = 0; w < table->words; w++) {
                uint64_t x = condition_word(i, w), y = condition_word(j, w);
                uint64_t can =
                    ((possible & 1) != 0 ? ~x & ~y : 0) | ((possible & 2) != 0 ? x & ~y : 0) |
                    ((possible & 4) != 0 ? ~x & y : 0) | ((possible & 8) != 0 ? x & y : 0);
                open[w] &= can;
            }
        }
}

static bool no_case_is_left(struct table_of_cases *table, const term *facts, const bool *is_taken,
                            size_t count, term goal)
{
    qsort(table->nodes, table->node_count, sizeof *table->nodes, compare_terms);
    table->words = table->condition_count <= 6 ? 1 : (size_t)1 << (table->condition_count - 6);
    table->values = calloc((table->node_count + 1) * table->words, sizeof *table->values);
    require(table->values != NULL, "out of memory");
    for (size_t i = 0; i < table->node_count; i++)
        fill_row(table, node_of(table->terms, table->nodes[i]));
    uint64_t *open = table->values + table->node_count * table->words, any = 0;
    const uint64_t *wanted = row_of(table, goal);
    for (size_t w = 0; w < table->words; w++)
        open[w] = ~wanted[w];
    strike_impossible(table, open);
    for (size_t i = 0; i < count; i++)
        for (size_t w = 0; w < table->words && is_taken[i]; w++)
            open[w] &= row_of(table, facts[i])[w];
    for (size_t w = 0; w < table->words; w++)
        any |= open[w];
    free(table->values);
    return any == 0;
}

static bool table_proves(struct terms *terms, const term *facts, size_t count, term goal)
{
    struct table_of_cases *table = calloc(1, sizeof *table);
    bool *is_taken = calloc(count + 1, sizeof *is_taken), changes = true;
    require(table != NULL && is_taken != NULL, "out of memory");
    table->terms = terms;
    bool fits = parts_of(terms, goal, table->nodes, &table->node_count, table->conditions,
                         &table->condition_count);
    while (fits && changes) {
        changes = false;
        for (size_t i = 0; i < count; i++)
            if (!is_taken[i] && take_fact(table, facts[i]))
                is_taken[i] = changes = true;
    }
    bool is_proved = fits && no_case_is_left(table, facts, is_taken, count, goal);
    free(is_taken);
    free(table);
    return is_proved;
}

bool cases_prove(struct terms *terms, const term *facts, size_t count, term goal)
{
    struct splitting splitting = {terms, SPLITS_MAX};
    struct scratch_mark mark = scratch_mark(terms);
    term *parts = scratch_take(terms, (count + 1) * sizeof *parts);
    goal = split(&splitting, goal);
    for (size_t i = 0; i < count; i++)
        parts[i] = split(&splitting, facts[i]);
    parts[count] = term_not(terms, goal);
    bool is_proved = term_is_false(terms, term_and_all(terms, parts, count + 1)) ||
                     table_proves(terms, parts, count, goal);
    scratch_release(terms, mark);
    return is_proved;
}
