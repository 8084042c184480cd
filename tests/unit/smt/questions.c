/* Random questions: what is proved without the solver must be proved by Z3 too, from the script
 * that is written of the question as it was asked. */
#include "smt/solver.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { QUESTIONS = 3000, FACTS = 6, WIDTH = 4 };

struct maker {
    struct arena *arena;
    struct terms *terms;
    uint64_t random;
};

static uint64_t next_random(struct maker *m)
{
    m->random += 0x9e3779b97f4a7c15u;
    uint64_t x = m->random;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return (x ^ (x >> 31)) >> 8;
}

static unsigned below(struct maker *m, unsigned limit)
{
    return (unsigned)(next_random(m) % limit);
}

static term constant(struct maker *m)
{
    return term_word(m->terms, below(m, 1u << WIDTH), WIDTH);
}

static term leaf_word(struct maker *m)
{
    static const char *const names[] = {"x", "y", "z"};
    return term_variable(m->terms, names[below(m, 3)], (struct sort){SORT_WORD, WIDTH});
}

static term leaf_bool(struct maker *m)
{
    static const char *const names[] = {"p", "q"};
    return term_variable(m->terms, names[below(m, 2)], (struct sort){SORT_BOOL, 0});
}

static term any_bool(struct maker *m, int depth);

static term any_word(struct maker *m, int depth)
{
    if (depth <= 0)
        return below(m, 3) == 0 ? constant(m) : leaf_word(m);
    term a = any_word(m, depth - 1), b = any_word(m, depth - 1 - (int)below(m, 2));
    struct terms *t = m->terms;
    switch (below(m, 10)) {
    case 0:
    case 1:
        return term_add(t, a, b);
    case 2:
        return term_sub(t, a, b);
    case 3:
        return term_bitand(t, a, b);
    case 4:
        return term_bitxor(t, a, b);
    case 5:
    case 6:
        return term_ite(t, any_bool(m, 1), a, b);
    case 7:
        return term_of_bool(t, any_bool(m, 1), WIDTH);
    case 8:
        return term_zext(t, term_extract(t, a, below(m, 3), 0), WIDTH);
    default:
        return a;
    }
}

static term any_comparison(struct maker *m, int depth)
{
    term a = any_word(m, depth), b = below(m, 2) == 0 ? constant(m) : any_word(m, depth);
    switch (below(m, 4)) {
    case 0:
        return term_eq(m->terms, a, b);
    case 1:
        return term_ult(m->terms, a, b);
    case 2:
        return term_slt(m->terms, a, b);
    default: {
        unsigned high = below(m, 3);
        return term_eq(m->terms, term_extract(m->terms, a, high, 0),
                       term_word(m->terms, below(m, 2), high + 1));
    }
    }
}

static term any_bool(struct maker *m, int depth)
{
    if (depth <= 0)
        return below(m, 3) == 0 ? leaf_bool(m) : any_comparison(m, 0);
    term a = any_bool(m, depth - 1), b = any_bool(m, depth - 1);
    switch (below(m, 7)) {
    case 0:
        return term_and(m->terms, a, b);
    case 1:
        return term_or(m->terms, a, b);
    case 2:
        return term_not(m->terms, a);
    case 3:
        return term_ite(m->terms, any_bool(m, 0), a, b);
    case 4:
        return term_eq(m->terms, a, b);
    default:
        return any_comparison(m, depth);
    }
}

/* x < k and the like, or not. */
static term bound(struct maker *m)
{
    term x = leaf_word(m), k = constant(m), t;
    unsigned kind = below(m, 4);
    if (below(m, 3) == 0)
        x = term_add(m->terms, x, constant(m));
    t = kind == 0   ? term_eq(m->terms, x, k)
        : kind == 1 ? term_slt(m->terms, x, k)
                    : term_ult(m->terms, x, k);
    return below(m, 2) == 0 ? t : term_not(m->terms, t);
}

static term any_fact(struct maker *m)
{
    return below(m, 2) == 0 ? bound(m) : any_bool(m, (int)below(m, 3));
}

static term any_goal(struct maker *m)
{
    if (below(m, 2) == 0)
        return any_bool(m, 2);
    return term_or(m->terms, bound(m), below(m, 2) == 0 ? bound(m) : term_false(m->terms));
}

Test(smt_questions, what_is_proved_without_the_solver_is_proved_by_z3)
{
    struct maker m = {.arena = arena_new(), .random = 5};
    const char *seed = getenv("SMT_RANDOM_SEED");
    m.random = seed != NULL ? strtoull(seed, NULL, 10) : m.random;
    struct text_builder script = {.arena = m.arena};
    unsigned proved = 0, refuted = 0;
    for (int i = 0; i < QUESTIONS; i++) {
        m.terms = terms_new(m.arena);
        struct solver *solver = solver_new(m.arena, m.terms, 1);
        term facts[FACTS];
        size_t count = below(&m, FACTS + 1);
        for (size_t k = 0; k < count; k++)
            facts[k] = any_fact(&m);
        struct question question = {.assumptions = facts,
                                    .assumption_count = count,
                                    .goal = any_goal(&m),
                                    .wants_model = true};
        struct reply reply = solver_ask(solver, &question);
        refuted += reply.answer == ANSWER_REFUTED && reply.by_simplification;
        cr_assert_neq(reply.answer, ANSWER_BROKEN, "%s", reply.reason);
        if (reply.answer == ANSWER_PROVED && reply.by_simplification) {
            text_append(&script, "(reset)\n");
            smtlib_write(m.terms, &question, &script);
            proved++;
        }
        solver_free(solver);
    }
    char path[] = "/tmp/vouch-questions-XXXXXX";
    int file = mkstemp(path);
    cr_assert_geq(file, 0);
    cr_assert_eq(write(file, script.at, script.length), (ssize_t)script.length);
    close(file);
    FILE *program = popen(arena_printf(m.arena, "z3 -smt2 %s", path), "r");
    cr_assert_not_null(program);
    for (unsigned i = 0; i < proved; i++) {
        char line[256];
        cr_assert_not_null(fgets(line, sizeof line, program));
        cr_assert_str_eq(line, "unsat\n", "proved question %u of %s: %s", i, path, line);
    }
    pclose(program);
    unlink(path);
    cr_assert_gt(proved, QUESTIONS / 10u);
    cr_assert_gt(refuted, QUESTIONS / 10u);
    arena_free(m.arena);
}

static bool holds(unsigned kind, unsigned x, unsigned k)
{
    int sx = x < 4 ? (int)x : (int)x - 8, sk = k < 4 ? (int)k : (int)k - 8;
    return kind == 0 ? x == k : kind == 1 ? x < k : sx < sk;
}

static term comparison(struct terms *terms, unsigned kind, term x, unsigned k)
{
    term limit = term_word(terms, k, 3);
    return kind == 0   ? term_eq(terms, x, limit)
           : kind == 1 ? term_ult(terms, x, limit)
                       : term_slt(terms, x, limit);
}

/* Every two comparisons of a 3-bit word with constants, every combination of their truth. */
Test(smt_questions, two_comparisons_of_a_word_exclude_only_what_no_value_does)
{
    struct arena *arena = arena_new();
    struct terms *terms = terms_new(arena);
    struct solver *solver = solver_new(arena, terms, 1000000);
    term x = term_variable(terms, "x", (struct sort){SORT_WORD, 3});
    term p = term_variable(terms, "p", (struct sort){SORT_BOOL, 0});
    term q = term_variable(terms, "q", (struct sort){SORT_BOOL, 0});
    for (unsigned which = 0; which < 3 * 3 * 8 * 8 * 4; which++) {
        unsigned i = which / 4 % 8, j = which / 32 % 8, a = which / 256 % 3, b = which / 768;
        bool wanted_p = which % 2 != 0, wanted_q = which / 2 % 2 != 0, is_possible = false;
        for (unsigned value = 0; value < 8; value++)
            if (holds(a, value, i) == wanted_p && holds(b, value, j) == wanted_q)
                is_possible = true;
        term facts[] = {term_eq(terms, p, comparison(terms, a, x, i)),
                        term_eq(terms, q, comparison(terms, b, x, j))};
        term goal = term_not(terms, term_and(terms, term_eq(terms, p, term_bool(terms, wanted_p)),
                                             term_eq(terms, q, term_bool(terms, wanted_q))));
        struct question question = {.assumptions = facts, .assumption_count = 2, .goal = goal};
        cr_assert_eq(solver_ask(solver, &question).answer,
                     is_possible ? ANSWER_REFUTED : ANSWER_PROVED);
    }
    solver_free(solver);
    arena_free(arena);
}
