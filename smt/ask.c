/* The way of a question: simplification, replacement and cases (prepare.c), search, and the wall.
 */
#include "smt/search.h"
#include "smt/solver.h"
#include "smt/wall.h"

#include <time.h>

struct solver {
    struct arena *arena;
    struct terms *terms;
    uint32_t rlimit;
    struct wall *wall;
    struct solver_statistics statistics;
};

const char *answer_name(enum answer answer)
{
    switch (answer) {
    case ANSWER_PROVED:
        return "proved";
    case ANSWER_REFUTED:
        return "refuted";
    case ANSWER_UNKNOWN:
        return "unknown";
    case ANSWER_LIMIT:
        return "limit";
    case ANSWER_BROKEN:
        return "broken";
    }
    require(false, "an answer");
    return NULL;
}

struct solver *solver_new(struct arena *arena, struct terms *terms, uint32_t rlimit)
{
    struct solver *solver = ARENA_NEW(arena, struct solver);
    solver->arena = arena;
    solver->terms = terms;
    solver->rlimit = rlimit;
    solver->wall = wall_new(arena, terms);
    return solver;
}

void solver_free(struct solver *solver)
{
    if (solver != NULL)
        wall_free(solver->wall);
}

struct solver_statistics solver_statistics(const struct solver *solver)
{
    return solver->statistics;
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct reply solver_ask(struct solver *solver, const struct question *question)
{
    struct prepared asked = question_prepare(solver->arena, solver->terms, question->assumptions,
                                             question->assumption_count, question->goal);
    solver->statistics.questions++;
    if (asked.is_proved) {
        solver->statistics.by_simplification++;
        return (struct reply){.answer = ANSWER_PROVED, .by_simplification = true};
    }
    struct assignment *model = NULL;
    if (refutation_search(solver->arena, solver->terms, &asked,
                          question->wants_model ? &model : NULL)) {
        require(model == NULL || is_refuted_by(solver->terms, model, &asked), "a search is sound");
        solver->statistics.by_search++;
        return (struct reply){.answer = ANSWER_REFUTED, .by_simplification = true, .model = model};
    }
    double start = seconds_now();
    struct reply reply =
        wall_ask(solver->wall, &asked, question->rlimit != 0 ? question->rlimit : solver->rlimit);
    solver->statistics.solver_seconds += seconds_now() - start;
    solver->statistics.by_solver++;
    solver->statistics.steps += reply.spent;
    if (!question->wants_model)
        reply.model = NULL;
    return reply;
}

struct reply solver_witness(struct solver *solver, const char *name, const term *assumptions,
                            size_t count)
{
    struct question question = {.name = name,
                                .assumptions = assumptions,
                                .assumption_count = count,
                                .goal = term_false(solver->terms),
                                .wants_model = true};
    return solver_ask(solver, &question);
}
