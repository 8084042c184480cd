/* Inside the smt room: a counterexample found by repairing assignments, before a solver is asked.
 */
#ifndef SMT_SEARCH_H
#define SMT_SEARCH_H

#include "smt/prepare.h"

/* Finds an assignment under which every fact holds and the goal does not, as the evaluator says;
 * false if none was found soon. The same question gives the same answer in every run. The model
 * is made in the arena if `model` is not NULL. */
bool refutation_search(struct arena *arena, struct terms *terms, const struct prepared *asked,
                       struct assignment **model);

#endif
