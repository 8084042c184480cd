/* Runs of a function's code as it is and as it was, for functions with asm blocks: from the same
 * states, with devices that answer by what they were asked before. */
#ifndef TESTS_TWINS_RUN_H
#define TESTS_TWINS_RUN_H

#include "tests/twins/change.h"

/* What differs after one of `states` runs that the original code ends properly: a return, or rfe;
 * NULL if nothing does. `compared` counts these runs. */
const char *run_difference(const struct subject *subject, const struct c0_function *function,
                           struct code *code, unsigned states, unsigned *compared);

#endif
