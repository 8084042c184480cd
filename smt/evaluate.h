/* The value of a term under an assignment: SMT-LIB's meaning, computed. Used to question solver
 * models, to find witnesses, and to throw out wrong guesses without a solver. */
#ifndef SMT_EVALUATE_H
#define SMT_EVALUATE_H

#include "smt/term.h"

struct assignment;

/* Words and Booleans start as 0, memories as all zero, unless `seed` is not 0: then every leaf
 * and every memory word starts as a pseudo-random function of the seed and its name or address,
 * with small values, boundary values and equal values made likely. */
struct assignment *assignment_new(struct arena *arena, uint64_t seed);
void assignment_set_word(struct assignment *assignment, term variable, uint64_t value);
void assignment_set_bool(struct assignment *assignment, term variable, bool value);
void assignment_set_memory_word(struct assignment *assignment, term memory, uint32_t address,
                                uint32_t word);

/* Uninterpreted applications are functions: equal argument values give equal results. */
uint64_t evaluate_word(const struct terms *terms, struct assignment *assignment, term t);
bool evaluate_bool(const struct terms *terms, struct assignment *assignment, term t);
/* One word of a memory term. */
uint32_t evaluate_memory_word(const struct terms *terms, struct assignment *assignment,
                              term memory, uint32_t address);

#endif
