/* Proving one obligation: folding first, then the solver, then the solver in small steps.
 *
 * Both sides build terms of the same shape, so where two large terms differ, they mostly differ in
 * small corresponding parts. If the parts are proved equal, one may stand for the other, and the
 * rest folds. Every step is a proof of its own: nothing is believed that was not proved. */
#ifndef VALIDATOR_CHECK_PROVE_H
#define VALIDATOR_CHECK_PROVE_H

#include "smt/solver.h"

struct prover {
    struct arena *arena;
    struct terms *terms;
    struct solver *solver;
    const term *assumptions;
    size_t assumption_count;
    /* Told every question that did not fold by itself, with its reply; may be NULL. */
    void (*listen)(void *self, const struct question *question, const struct reply *reply);
    void *listener;
};

/* The goal holds wherever the assumptions and the guard hold. */
struct reply prove(const struct prover *prover, const char *name, term guard, term goal);
/* The same for left = right. Their equation may be simplified beyond recognition; here the sides are
 * compared as they are. */
struct reply prove_equal(const struct prover *prover, const char *name, term guard, term left,
                         term right);

#endif
