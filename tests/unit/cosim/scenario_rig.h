/* What the tests of scenarios have in common: the small kernel of the build, and files. */
#ifndef TESTS_UNIT_COSIM_SCENARIO_RIG_H
#define TESTS_UNIT_COSIM_SCENARIO_RIG_H

#include "cosim/scenario.h"

struct scenario_rig {
    struct arena *arena;
    const struct cosim_kernel *kernel;
    struct fault fault;
};

struct scenario_rig scenario_rig_new(void);
void scenario_rig_free(struct scenario_rig *rig);

/* Writes the text to a file of this name, below `scenarios` in the build, where another test holds
 * it against the schema. The answer is its path. */
const char *scenario_rig_put(struct scenario_rig *rig, const char *name, const char *text);
/* Of that text; its fault is expected to be none. */
struct scenario *scenario_rig_load(struct scenario_rig *rig, const char *name, const char *text);

/* A kernel that is the same but for one word of its image: a store of `function`, the last one,
 * does nothing. */
const struct cosim_kernel *scenario_rig_break(struct scenario_rig *rig, const char *function);

#endif
