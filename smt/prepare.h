/* Inside the smt room: what can be said of a question before a solver is asked. */
#ifndef SMT_PREPARE_H
#define SMT_PREPARE_H

#include "smt/solver.h"
#include "smt/store.h"

struct prepared {
    bool is_proved;
    term *facts; /* the assumptions' conjuncts, once each, ordered by id */
    size_t count;
    term goal; /* without the conjuncts that are facts */
    bool has_hard_arithmetic;
};

struct prepared question_prepare(struct arena *arena, struct terms *terms, const term *assumptions,
                                 size_t count, term goal);

/* Every fact holds under the assignment, and the goal does not. */
bool is_refuted_by(const struct terms *terms, struct assignment *assignment,
                   const struct prepared *asked);

/* Proves some goals by putting in what the facts say of the goal's parts (known.c), and by trying
 * every case of the conditions that are left (cases.c). False says nothing. */
bool facts_prove(struct terms *terms, const term *facts, size_t count, term goal);
bool cases_prove(struct terms *terms, const term *facts, size_t count, term goal);

#endif
