/* Throws out the guesses that do not hold at every arrival if all guesses hold before (Houdini):
 * what stays is inductive. */
#ifndef VALIDATOR_PROPOSE_CONTRACT_PRUNE_H
#define VALIDATOR_PROPOSE_CONTRACT_PRUNE_H

#include "validator/propose/contract_shape.h"

/* `relation` is the shape's with invariants and laws added. */
void contract_prune(struct arena *arena, struct contract_shape *shape, uint32_t rlimit,
                    struct contract_relation *relation);

#endif
