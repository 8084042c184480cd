/* How paths and the values they bring are merged: whatever the decisions are, the merged value is
 * that of the path that was taken. */
#include "validator/check/path.h"

#include "smt/evaluate.h"

#include <criterion/criterion.h>

enum { DECISIONS_MAX = 6, PATHS_MAX = 64 };

struct fixture {
    struct arena *arena;
    struct terms *terms;
    term decisions[DECISIONS_MAX];
};

static struct fixture fixture_new(void)
{
    struct fixture fixture = {.arena = arena_new()};
    fixture.terms = terms_new(fixture.arena);
    for (unsigned i = 0; i < DECISIONS_MAX; i++) {
        char name[] = "p0";
        name[1] = (char)('0' + i);
        fixture.decisions[i] = term_variable(fixture.terms, name, (struct sort){.kind = SORT_BOOL});
    }
    return fixture;
}

static const struct path *extended(struct fixture *fixture, const struct path *path, unsigned i,
                                   bool holds)
{
    term decision = fixture->decisions[i];
    if (!holds)
        decision = term_not(fixture->terms, decision);
    const struct path *longer = NULL;
    cr_assert(path_extend(fixture->arena, fixture->terms, path, decision, &longer));
    return longer;
}

/* Under each assignment of the decisions: exactly one path is taken iff the joined guard holds,
 * and the merged value is then that path's number. */
static void merges(struct fixture *fixture, const struct path *const *paths, uint32_t count)
{
    struct terms *terms = fixture->terms;
    const struct path *joined = NULL;
    const struct merge *plan = merge_plan(fixture->arena, terms, paths, count, &joined);
    term values[PATHS_MAX];
    for (uint32_t i = 0; i < count; i++)
        values[i] = term_word(terms, 100 + i, 32);
    term merged = merge_value(terms, plan, values);
    for (uint32_t bits = 0; bits < 1u << DECISIONS_MAX; bits++) {
        struct assignment *assignment = assignment_new(fixture->arena, 0);
        for (unsigned i = 0; i < DECISIONS_MAX; i++)
            assignment_set_word(assignment, fixture->decisions[i], bits >> i & 1);
        uint32_t taken = UINT32_MAX;
        for (uint32_t i = 0; i < count; i++)
            if (evaluate_bool(terms, assignment, path_guard(terms, paths[i]))) {
                cr_assert_eq(taken, UINT32_MAX, "two paths at once");
                taken = i;
            }
        cr_expect_eq(evaluate_bool(terms, assignment, path_guard(terms, joined)),
                     taken != UINT32_MAX);
        if (taken != UINT32_MAX)
            cr_expect_eq(evaluate_word(terms, assignment, merged), 100 + taken,
                         "decisions %x: path %u", (unsigned)bits, (unsigned)taken);
    }
}

Test(path, a_path_without_decisions_is_always_taken)
{
    struct fixture fixture = fixture_new();
    cr_expect(term_is_true(fixture.terms, path_guard(fixture.terms, NULL)));
    const struct path *none = NULL;
    merges(&fixture, &none, 1);
    arena_free(fixture.arena);
}

Test(path, a_decision_against_the_path_leads_nowhere)
{
    struct fixture fixture = fixture_new();
    const struct path *path = extended(&fixture, NULL, 0, true), *longer;
    cr_expect_not(path_extend(fixture.arena, fixture.terms, path,
                              term_not(fixture.terms, fixture.decisions[0]), &longer));
    arena_free(fixture.arena);
}

Test(path, a_decision_taken_before_adds_nothing)
{
    struct fixture fixture = fixture_new();
    const struct path *path = extended(&fixture, NULL, 0, true);
    cr_expect_eq(extended(&fixture, path, 0, true), path);
    arena_free(fixture.arena);
}

Test(path, both_sides_of_a_branch_join_to_what_was_before)
{
    struct fixture fixture = fixture_new();
    const struct path *stem = extended(&fixture, NULL, 0, true), *joined;
    const struct path *both[] = {extended(&fixture, stem, 1, true),
                                 extended(&fixture, stem, 1, false)};
    merges(&fixture, both, 2);
    merge_plan(fixture.arena, fixture.terms, both, 2, &joined);
    cr_expect(term_same(path_guard(fixture.terms, joined), path_guard(fixture.terms, stem)));
    arena_free(fixture.arena);
}

Test(path, a_side_that_left_stays_out_of_the_joined_guard)
{
    struct fixture fixture = fixture_new();
    const struct path *left = extended(&fixture, NULL, 0, true);
    const struct path *right = extended(&fixture, NULL, 0, false);
    const struct path *rest[] = {extended(&fixture, left, 1, true), right};
    merges(&fixture, rest, 2);
    arena_free(fixture.arena);
}

Test(path, sides_joined_in_any_order_bring_the_same)
{
    struct fixture fixture = fixture_new();
    const struct path *a = extended(&fixture, extended(&fixture, NULL, 0, true), 1, true);
    const struct path *b = extended(&fixture, extended(&fixture, NULL, 0, true), 1, false);
    const struct path *c = extended(&fixture, NULL, 0, false);
    const struct path *orders[][3] = {{a, b, c}, {a, c, b}, {b, a, c},
                                      {b, c, a}, {c, a, b}, {c, b, a}};
    for (unsigned i = 0; i < 6; i++)
        merges(&fixture, orders[i], 3);
    arena_free(fixture.arena);
}

/* Decides at random, joins some of what is left, decides on: as walks do. */
static void random_walk(struct fixture *fixture, uint64_t *random)
{
    const struct path *live[PATHS_MAX] = {NULL};
    uint32_t count = 1;
    for (unsigned step = 0; step < 12; step++) {
        *random = *random * 6364136223846793005u + 1442695040888963407u;
        uint32_t which = (uint32_t)(*random >> 33) % count;
        unsigned decision = (unsigned)(*random >> 50) % DECISIONS_MAX;
        bool joins = (*random >> 60 & 3) == 0;
        if (joins && count >= 3) {
            const struct path *two[] = {live[which], live[(which + 1) % count]}, *joined;
            merge_plan(fixture->arena, fixture->terms, two, 2, &joined);
            live[which] = joined;
            live[(which + 1) % count] = live[count - 1];
            count--;
            continue;
        }
        const struct path *path = live[which], *yes, *no;
        term condition = fixture->decisions[decision];
        bool may = path_extend(fixture->arena, fixture->terms, path, condition, &yes);
        bool may_not = path_extend(fixture->arena, fixture->terms, path,
                                   term_not(fixture->terms, condition), &no);
        /* A path that contradicts itself may be found out late: nothing goes there. */
        live[which] = may ? yes : may_not ? no : live[count - 1];
        if (may && may_not)
            live[count++] = no;
        else if (!may && !may_not && --count == 0)
            return;
    }
    merges(fixture, live, count);
    if (count > 2)
        merges(fixture, live + 1, count - 1);
}

Test(path, random_walks_merge_to_the_path_taken)
{
    uint64_t random = 20;
    for (unsigned i = 0; i < 300; i++) {
        struct fixture fixture = fixture_new();
        random_walk(&fixture, &random);
        arena_free(fixture.arena);
    }
}
