#include "validator/propose/contract_prune.h"

#include "smt/solver.h"

#include <string.h>

enum { ROUNDS_MAX = 32, RLIMIT_MAX = 400000 };

struct pruner {
    struct arena *arena;
    struct contract_shape *shape;
    struct solver *solver;
    struct contract_relation *relation;
};

static bool holds(struct pruner *pruner, const struct contract_start *start, term guard, term goal)
{
    size_t count = start->assumptions.count;
    term *assumptions = ARENA_ARRAY(pruner->arena, term, count + 1);
    if (count != 0)
        memcpy(assumptions, start->assumptions.at, count * sizeof *assumptions);
    assumptions[count] = guard;
    struct question question = {
        .name = "prune", .assumptions = assumptions, .assumption_count = count + 1, .goal = goal};
    return solver_ask(pruner->solver, &question).answer == ANSWER_PROVED;
}

/* True if a guess at the cut of arrival was dropped. */
static bool prune_arrival(struct pruner *pruner, const struct contract_start *start,
                          struct machine_arrival *arrival, struct contract_cut *cut)
{
    struct contract_shape *shape = pruner->shape;
    size_t kept = 0, count = cut->invariants.count;
    for (size_t i = 0; i < count; i++) {
        struct contract_condition guess = cut->invariants.at[i];
        term goal = contract_condition_read(&shape->reader, &arrival->state, &guess);
        if (holds(pruner, start, arrival->guard, goal))
            cut->invariants.at[kept++] = guess;
    }
    cut->invariants.count = kept;
    return kept != count;
}

/* What the checker would learn from the lemmas and laws; lemmas that do not follow are dropped. */
static void learn(struct pruner *pruner, struct contract_cut *cut, struct contract_start *start)
{
    struct terms *terms = pruner->shape->terms;
    struct contract_reader *reader = &pruner->shape->reader;
    size_t kept = 0, count = cut->lemmas.count;
    for (size_t i = 0; i < count; i++) {
        term lemma = contract_condition_read(reader, &start->machine, &cut->lemmas.at[i].condition);
        if (!holds(pruner, start, term_true(terms), lemma))
            continue;
        contract_assume(pruner->arena, terms, start, lemma);
        cut->lemmas.at[kept++] = cut->lemmas.at[i];
    }
    cut->lemmas.count = kept;
    for (size_t i = 0; i < cut->laws.count; i++)
        if (holds(pruner, start, term_true(terms),
                  contract_law_premise(reader, &cut->laws.at[i], start)))
            contract_law_assume(reader, &cut->laws.at[i], start);
}

static bool prune_segment(struct pruner *pruner, size_t segment)
{
    struct contract_shape *shape = pruner->shape;
    struct contract_start start = shape->starts[0];
    if (segment > 0)
        contract_cut_start(&shape->reader, shape->subject, shape->contract, pruner->relation,
                           segment - 1, &start);
    if (segment > 0)
        learn(pruner, &pruner->relation->cuts.at[segment - 1], &start);
    bool is_changed = false;
    for (size_t i = 0; i < shape->segments[segment].arrivals.count; i++) {
        struct machine_arrival *arrival = &shape->segments[segment].arrivals.at[i];
        size_t cut;
        if (contract_shape_cut(shape, arrival, &cut))
            is_changed = prune_arrival(pruner, &start, arrival, &pruner->relation->cuts.at[cut]) ||
                         is_changed;
    }
    return is_changed;
}

void contract_prune(struct arena *arena, struct contract_shape *shape, uint32_t rlimit,
                    struct contract_relation *relation)
{
    struct pruner pruner = {
        .arena = arena,
        .shape = shape,
        .solver = solver_new(arena, shape->terms, rlimit < RLIMIT_MAX ? rlimit : RLIMIT_MAX),
        .relation = relation,
    };
    bool is_changed = true;
    for (unsigned round = 0; is_changed && round < ROUNDS_MAX; round++) {
        is_changed = false;
        for (size_t i = 0; i <= relation->cuts.count; i++)
            is_changed = prune_segment(&pruner, i) || is_changed;
    }
    solver_free(pruner.solver);
}
