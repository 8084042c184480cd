/* Random questions: what is proved without the solver must be proved by Z3 too, from the script
 * that is written of the question as it was asked. */
#include "smt/solver.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { QUESTIONS = 1500, FACTS = 6, WIDTH = 6 };

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
    static const uint64_t likely[] = {0, 1, 2, 3, 5, 31, 32, 33, 62, 63};
    return term_word(m->terms, likely[below(m, 10)], WIDTH);
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
        return term_zext(t, term_extract(t, a, 2 + below(m, 3), below(m, 3)), WIDTH);
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

/* A fact that is often a bound or a bit, and a goal that often follows. */
static term any_fact(struct maker *m)
{
    return below(m, 2) == 0 ? any_comparison(m, 0) : any_bool(m, 1 + (int)below(m, 2));
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
                                    .goal = any_bool(&m, 2),
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
