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

#endif
