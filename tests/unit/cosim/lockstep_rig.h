/* What the tests of the lockstep have in common: runs of drawn scenarios on the small kernel, and
 * kernels with other instructions. */
#ifndef TESTS_UNIT_COSIM_LOCKSTEP_RIG_H
#define TESTS_UNIT_COSIM_LOCKSTEP_RIG_H

#include "scenario_rig.h"

/* A kernel whose image has these words from the address on. */
const struct cosim_kernel *lockstep_rig_patch(struct scenario_rig *rig, uint32_t address,
                                              const uint32_t *words, size_t count);
uint32_t lockstep_rig_function(const struct scenario_rig *rig, const char *name);

/* The scenario of this seed, checked everywhere. */
struct scenario *lockstep_rig_scenario(struct scenario_rig *rig, uint64_t seed, uint64_t steps);
struct cosim_result lockstep_rig_run(struct scenario_rig *rig, const struct scenario *scenario);

/* It diverges in this conjunct, and says so in words that contain `words`. */
void lockstep_rig_expect(struct scenario_rig *rig, const struct cosim_kernel *kernel,
                         enum cosim_conjunct conjunct, const char *words);

#endif
