/* How obligations about runtime routines are put to the solver. Trusted: every form in which a
 * question is asked implies the question. */
#ifndef VALIDATOR_CHECK_CONTRACT_ASK_H
#define VALIDATOR_CHECK_CONTRACT_ASK_H

#include "validator/check/check.h"
#include "validator/check/contract_word.h"

struct contract_asker {
    struct arena *arena;
    struct terms *terms;
    struct solver *solver;
    const struct contract_reader *reader; /* whose names may occur */
    bool wants_evidence;
    uint64_t solver_questions; /* that simplification did not decide */
    ARRAY(struct evidence) evidence;
};

/* Do the assumptions and the guard imply the goal? */
struct contract_question {
    const char *name;
    const term *assumptions;
    size_t assumption_count;
    term guard, goal;
};

/* Asks with the names of shifts, and if that does not suffice with what they stand for. */
enum answer contract_ask(struct contract_asker *asker, const struct contract_question *question);

#endif
