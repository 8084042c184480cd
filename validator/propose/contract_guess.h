/* Guesses at what holds at a routine's loop heads: templates filled in with its variables and
 * arguments, kept if all runs satisfy them; the laws that such facts want; and what decreases. */
#ifndef VALIDATOR_PROPOSE_CONTRACT_GUESS_H
#define VALIDATOR_PROPOSE_CONTRACT_GUESS_H

#include "validator/propose/contract_runs.h"

enum contract_guess_effort {
    CONTRACT_GUESS_EQUATIONS, /* products, quotients, shifts, and the ranges of counters */
    CONTRACT_GUESS_ORDER,     /* and which variables are below which */
};

/* Adds invariants, laws and a measure to the cut. */
void contract_guess(struct arena *arena, const struct contract_shape *shape,
                    const struct contract_runs *runs, enum contract_guess_effort effort,
                    size_t cut_number, struct contract_cut *cut);

#endif
