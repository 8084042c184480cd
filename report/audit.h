/* The audit: what `vouch check` found, as JSON for a machine.
 *
 * The form is published in report/audit.schema.json and explained in docs/AUDIT.md. The same
 * inputs give the same bytes: keys are sorted, and there are no times and no paths but those that
 * the user gave. */
#ifndef REPORT_AUDIT_H
#define REPORT_AUDIT_H

#include "base/fault.h"
#include "base/text.h"
#include "validator/check/verdict.h"

/* The audit with a newline at its end. `solver` is the solver's name and version. */
struct text audit_json(struct arena *arena, const struct image_verdict *verdict,
                       const char *solver);

/* The same into a file, in one step. */
bool audit_write(struct arena *arena, const struct image_verdict *verdict, const char *solver,
                 const char *path, struct fault *fault);

#endif
