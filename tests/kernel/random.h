/* A small random number generator (xorshift32), so that a failing run can be repeated. */
#ifndef TESTS_KERNEL_RANDOM_H
#define TESTS_KERNEL_RANDOM_H

#include <stdint.h>

static inline uint32_t random_word(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static inline uint32_t random_below(uint32_t *state, uint32_t limit)
{
    return (uint32_t)(((uint64_t)random_word(state) * limit) >> 32);
}

/* Words with interesting edges: small, near powers of two, all ones. */
static inline uint32_t random_edge(uint32_t *state)
{
    uint32_t kind = random_below(state, 4);
    uint32_t word = random_word(state);
    if (kind == 0)
        return word;
    if (kind == 1)
        return word >> (word & 31);
    if (kind == 2)
        return (1u << (word & 31)) + ((word >> 8) % 5) - 2u;
    return 0u - (word >> (word & 31));
}

#endif
