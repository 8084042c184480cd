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

/* What every word of a memory is that is not set; it counts as set everywhere then. */
void assignment_set_memory_default(struct assignment *assignment, term memory, uint32_t word);
/* The value of an uninterpreted function at the values that the arguments of `application` have
 * now: of a word or Boolean, of one word of a memory, of all other words of a memory. */
void assignment_set_apply(const struct terms *terms, struct assignment *assignment,
                          term application, uint64_t value);
void assignment_set_apply_memory_word(const struct terms *terms, struct assignment *assignment,
                                      term application, uint32_t address, uint32_t word);
void assignment_set_apply_memory_default(const struct terms *terms, struct assignment *assignment,
                                         term application, uint32_t word);
/* Visits the words of a memory variable that were set, in the order they were first set. */
void assignment_each_memory_word(const struct assignment *assignment, term memory,
                                 void (*visit)(void *self, uint32_t address, uint32_t word),
                                 void *self);

/* Uninterpreted applications are functions: equal argument values give equal results. */
uint64_t evaluate_word(const struct terms *terms, struct assignment *assignment, term t);
bool evaluate_bool(const struct terms *terms, struct assignment *assignment, term t);
/* One word of a memory term. */
uint32_t evaluate_memory_word(const struct terms *terms, struct assignment *assignment, term memory,
                              uint32_t address);

#endif
