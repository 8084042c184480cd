/* Random C0 programs over the whole language, for agreement between the machine's readings. Most
 * of them run for a while; some fault, some reach the limit of steps. */
#ifndef TESTS_UNIT_C0MACHINE_RANDOM_PROGRAM_H
#define TESTS_UNIT_C0MACHINE_RANDOM_PROGRAM_H

#include "base/text.h"

/* The text of a program whose function `f` takes no argument and gives an int; the same seed gives
 * the same text. */
const char *random_program(struct arena *arena, uint64_t seed);
/* The same with h0, which the other functions call, declared only: int h0(int, int, unsigned int,
 * bool). */
const char *random_program_with_external(struct arena *arena, uint64_t seed);

/* The next number of the sequence that starts with *state, below `bound`. */
uint32_t random_below(uint64_t *state, uint32_t bound);

#endif
