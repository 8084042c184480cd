/* Random programs with asm blocks, correct by construction: they run the same on the C0 machine
 * and, compiled, on the VAMP, wherever the one does not fault. */
#ifndef TESTS_UNIT_C0A_RANDOM_BLOCKS_H
#define TESTS_UNIT_C0A_RANDOM_BLOCKS_H

#include "base/arena.h"

#include <stdint.h>

enum {
    RANDOM_MEMORY = 0x300000, /* physical memory of the blocks' own: RANDOM_WORDS words */
    RANDOM_WORDS = 64,
    RANDOM_RESUMED = 0x3FFE00, /* where rfe goes */
};

/* `unsigned int f(int n, unsigned int m)` and what it needs. All else is the same for the same
 * seed. */
const char *random_blocks(struct arena *arena, uint64_t seed);

#endif
