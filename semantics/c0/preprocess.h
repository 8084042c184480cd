/* Runs the system preprocessor on a source file. */
#ifndef SEMANTICS_C0_PREPROCESS_H
#define SEMANTICS_C0_PREPROCESS_H

#include "semantics/c0/unit.h"

/* What cpp makes of the file, line markers included. Into `rule` (may be NULL) goes the rule for
 * make with all files that cpp read, the source first. False after a report: the file cannot be
 * read, cpp cannot be run, or it found errors. */
bool c0_preprocess(struct c0_front *front, const char *path, struct text *content,
                   struct text *rule);

/* The directory in which c0.h is found without -I; NULL: there is none. */
const char *c0_include_directory(struct c0_front *front);

#endif
