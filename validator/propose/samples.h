/* Sampled states of a segment: random assignments that satisfy its assumptions. They throw out
 * wrong guesses without asking the solver; they prove nothing. */
#ifndef VALIDATOR_PROPOSE_SAMPLES_H
#define VALIDATOR_PROPOSE_SAMPLES_H

#include "validator/check/check.h"

enum { SAMPLES_MAX = 12 };

struct samples {
    struct assignment *at[SAMPLES_MAX];
    size_t count;
};

struct samples samples_make(struct arena *arena, struct terms *terms,
                            const struct subject *subject, const struct segment *segment,
                            const struct c0_function *function);

/* Some sample satisfies the guard and not the goal. */
bool samples_refute(const struct samples *samples, const struct terms *terms, term guard,
                    term goal);

#endif
