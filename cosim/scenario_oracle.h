/* The oracles of scenarios: what comes in is drawn from the seed, or is a list. For scenario*.c
 * alone. */
#ifndef COSIM_SCENARIO_ORACLE_H
#define COSIM_SCENARIO_ORACLE_H

#include "cosim/scenario.h"
#include "physical/recording.h"

struct scenario_oracle {
    struct oracle *oracle;
    bool (*is_spent)(void *self); /* of cosim_setup: the list has ended, and the run has not */
    void *self;
};
struct scenario_oracle scenario_oracle_new(struct arena *arena, const struct scenario *scenario);

/* scenario_inlets.c: the inlets of serial line, network and bus controller. */
void scenario_inlets(struct arena *arena, const struct scenario *scenario,
                     struct oracle_inlet inlets[BUS_DEVICES]);

/* scenario_tape.c: a recorded run's events as a list. */
bool scenario_read_recording(struct arena *arena, struct recording *recording,
                             struct scenario *scenario, struct fault *fault);

#endif
