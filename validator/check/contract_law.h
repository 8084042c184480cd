/* Laws of arithmetic that bit-blasting cannot find, as theorems about words of any width: what the
 * last bit of an operand adds, and what a remainder is. With them products and quotients can stay
 * uninterpreted functions (docs/CONTRACTS.md has the proofs; the tests check every instance at
 * small widths). */
#ifndef VALIDATOR_CHECK_CONTRACT_LAW_H
#define VALIDATOR_CHECK_CONTRACT_LAW_H

#include "smt/term.h"

/* An operand is 2 h + l: half = h, bit = l. */
term law_premise(struct terms *terms, term operand, term half, term bit);

/* If y = 2 h + l:  x * y = 2 (x * h) + (l = 1 ? x : 0). */
term law_product(struct terms *terms, term x, term y, term h, term l);

/* If x = 2 h + l and y is not 0, then with t = 2 (h % y) + l, which may need one bit more than a
 * word:  x / y = 2 (h / y) + 1 and x % y = t - y if t >= y, else x / y = 2 (h / y) and x % y = t;
 * and h % y < y. The facts say themselves that y is not 0. */
enum { LAW_QUOTIENT_FACTS = 3 };
void law_quotient(struct terms *terms, term x, term y, term h, term l,
                  term facts[LAW_QUOTIENT_FACTS]);

/* x % y = x - (x / y) * y, also where y is 0: x / 0 counts for nothing, and x % 0 is x. */
term law_remainder(struct terms *terms, term x, term y);

#endif
