/* Records what the preprocessor read: the sources, and every header they include. */
#ifndef SEMANTICS_C0_INPUTS_H
#define SEMANTICS_C0_INPUTS_H

#include "semantics/c0/unit.h"

/* As c0_preprocess, and the options' inputs get what was read. The files are read before and after
 * the preprocessor does: all three see the same bytes, or it is tried again, and in the end
 * reported. What may slip through is a file that is changed and changed back in between. */
bool c0_inputs_preprocess(struct c0_front *front, const char *path, struct text *content);

/* To be called when all sources are read: makes one entry a header, in the order of the paths. */
void c0_inputs_complete(struct c0_front *front);

/* The files in the rule "target: file file ..." that the preprocessor writes for make. */
struct c0_paths {
    const char **at;
    size_t count, capacity;
};
struct c0_paths c0_inputs_of_rule(struct arena *arena, struct text rule);

#endif
