/* The fast machine beside the plain one in random worlds: equal states after every step, and after
 * long runs, in which threaded code and its cache of translations get to work. */
#ifndef TESTS_UNIT_VAMP_AGREEMENT_H
#define TESTS_UNIT_VAMP_AGREEMENT_H

#include "semantics/vamp/machine.h"

struct agreement {
    bool differs;
    char difference[200];
    uint64_t steps;
    uint64_t user_steps; /* of runs of one step */
    uint64_t interrupts[32], stops[VAMP_STOP_COUNT], statuses[4];
};

/* Adds at least so many steps, in worlds from this seed on, until the machines differ. */
void agreement_check(struct agreement *agreement, uint64_t seed, uint64_t steps);

#endif
