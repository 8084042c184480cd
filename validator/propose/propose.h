/* The untrusted search for a relation: cuts from the structure of both sides, candidates from the
 * terms that both sides build, pruning by sampled states and by the solver. Whatever comes out is
 * only a proposal; validator/check decides. */
#ifndef VALIDATOR_PROPOSE_PROPOSE_H
#define VALIDATOR_PROPOSE_PROPOSE_H

#include "validator/check/check.h"

/* `input->relation` is ignored. False, with a fault, if no relation was found. */
bool propose_relation(struct arena *arena, struct terms *terms, struct solver *solver,
                      const struct check_input *input, struct relation *relation,
                      struct fault *fault);

#endif
