/* A search for a state on which source and code disagree: random, well-typed, small. It is tried
 * when a proof failed; what it finds was run on both machines (check/replay.h). */
#ifndef VALIDATOR_PROPOSE_REFUTE_H
#define VALIDATOR_PROPOSE_REFUTE_H

#include "validator/check/replay.h"

enum { REFUTE_TRIES_DEFAULT = 300 };

/* A state for a call of the function: arguments, globals, heap objects. The same seed gives the
 * same state; the state's words live in the arena. */
void refute_draw_state(struct arena *arena, const struct c0_program *program,
                       const struct c0_function *function, uint64_t seed,
                       struct replay_state *state);

/* NULL if no try disagreed. Deterministic. */
struct counterexample *refute_function(struct arena *arena, const struct subject *subject,
                                       const struct c0_function *function, unsigned tries);

#endif
