/* Two laws of arithmetic that bit-blasting cannot find, as theorems about words of any width. With
 * them products and quotients can stay uninterpreted functions (docs/CONTRACTS.md has the proofs;
 * the tests check every instance at small widths). */
#ifndef VALIDATOR_CHECK_CONTRACT_LAW_H
#define VALIDATOR_CHECK_CONTRACT_LAW_H

#include "smt/term.h"

/* x * y by y's lowest bit: with y = 2 h + l,  x * y = 2 (x * h) + (l = 1 ? x : 0). */
term law_product(struct terms *terms, term x, term y);
/* x / y and x % y by x's lowest bit: with x = 2 h + l, y not 0 and t = 2 (h % y) + l, which may
 * need one bit more than a word: x / y = 2 (h / y) + 1 and x % y = t - y if t >= y, else
 * x / y = 2 (h / y) and x % y = t; and h % y < y. */
term law_quotient(struct terms *terms, term x, term y);

#endif
