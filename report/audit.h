/* The audit: everything a run of `vouch check` found, as JSON for a machine.
 *
 * The form is published in report/audit.schema.json and explained in docs/AUDIT.md. The same
 * inputs give the same bytes: keys are sorted, functions stand by name, and there are no times and
 * no paths but those the user gave. */
#ifndef REPORT_AUDIT_H
#define REPORT_AUDIT_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

struct function_verdict; /* validator/check/verdict.h */
struct image_findings;   /* validator/check/verdict.h */

/* A file the verdicts rest on. */
struct audit_input {
    const char *path;   /* as the user gave it */
    const char *digest; /* sha256 in hexadecimal */
};

struct audit {
    struct audit_input image;
    const struct audit_input *sources; /* in the order given */
    size_t source_count;
    const char *const *preprocessor_arguments; /* -I and -D: they are part of the source */
    size_t preprocessor_argument_count;

    const char *solver;        /* name and version */
    uint64_t solver_rlimit;    /* resource units an obligation may take */
    const char *only_function; /* --function NAME; NULL: the whole image was checked */

    const struct function_verdict *functions;
    size_t function_count;
    const struct image_findings *findings;
};

/* The audit as JSON, with a newline at its end. */
struct text audit_json(struct arena *arena, const struct audit *audit);

/* The same into a file, in one step. */
bool audit_write(struct arena *arena, const struct audit *audit, const char *path,
                 struct fault *fault);

/* Whether everything is proved: each function, and each finding about the image. A run that
 * looked at no function is not. This is the exit code of `vouch check`. */
bool audit_is_proved(const struct audit *audit);

/* sha256 of a file's bytes in hexadecimal. */
const char *audit_digest(struct arena *arena, struct text bytes);

#endif
