/* Guards of paths, and how states are merged where paths join.
 *
 * A path is the list of decisions taken since the walk began. Where paths meet, their states are
 * merged by a tree of decisions: paths are split by the first decision in which they differ. Both
 * sides of the validator merge by the same rule, so that equal decisions give equal terms. */
#ifndef VALIDATOR_CHECK_PATH_H
#define VALIDATOR_CHECK_PATH_H

#include "smt/term.h"

/* The last decision of a path, and the path before it. NULL is the path without a decision. */
struct path {
    const struct path *before;
    term decision;
    term guard; /* all decisions together */
    uint32_t length;
};

term path_guard(struct terms *terms, const struct path *path);

/* False if the decision contradicts the path: nothing goes there. */
bool path_extend(struct arena *arena, struct terms *terms, const struct path *path, term decision,
                 const struct path **longer);

/* How to merge what several disjoint paths bring: a leaf names a path, any other node chooses. */
struct merge {
    term condition; /* none: a leaf */
    uint32_t leaf;
    const struct merge *then, *otherwise;
};

/* The plan for `count` >= 1 paths, and the path that stands for all of them. */
const struct merge *merge_plan(struct arena *arena, struct terms *terms,
                               const struct path *const *paths, uint32_t count,
                               const struct path **joined);

/* The merged value of `values[leaf]`. */
term merge_value(struct terms *terms, const struct merge *plan, const term *values);

#endif
