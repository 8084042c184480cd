/* Random life of an abstract machine: what its kernel and its processes do follows from a seed. */
#ifndef TESTS_UNIT_CVM_DRAW_H
#define TESTS_UNIT_CVM_DRAW_H

#include "rig.h"

/* A kernel's deed: a primitive within its precondition, a lost page now and then, an event of a
 * device. */
void draw_deed(struct rig *rig, uint64_t *seed);
/* Some process runs for a while, on words that are instructions more often than not. The outcome of
 * its run. */
struct cvm_outcome draw_run(struct rig *rig, uint64_t *seed);

#endif
