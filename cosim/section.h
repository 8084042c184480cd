/* The `cosim` section of an audit: which scenarios were run, how they ended, what was checked, and
 * what was covered (docs/AUDIT.md, report/audit.schema.json).
 *
 * An audit is about one image, and so is its section: all scenarios run on that kernel. What an
 * audit said before stays as it was, but that it is accepted no longer if the section does not
 * agree. Same runs, same bytes, in whatever order they were added. */
#ifndef COSIM_SECTION_H
#define COSIM_SECTION_H

#include "cosim/coverage.h"

struct section_run {
    const char *name;
    const char *path;   /* of the scenario's file, as the user gave it; NULL: drawn from `seed` */
    const char *digest; /* of that file (digest_of, image/digest.h); NULL: drawn */
    uint64_t seed;
    const char *disk_digest; /* of the system disk at the start; NULL: there is none */
    struct cosim_checks checks;
    uint64_t max_steps;
    struct cosim_result result;
    const char *reason; /* FAILED: the fault's message */
};

struct cosim_section;

struct cosim_section *cosim_section_new(struct arena *arena, const struct cosim_kernel *kernel);

/* The run's strings are copied. Runs with a file have an entry each; drawn ones are summed up by
 * ranges of seeds, and have an entry only if they do not agree. */
void cosim_section_add(struct cosim_section *section, const struct section_run *run);

/* At least one run, and all have agreed. */
bool cosim_section_agrees(const struct cosim_section *section);

/* Writes the audit: the one that `path` holds, with this section in it or in place of the one it
 * has; or where there is no such file, one that knows of nothing but runs and is never accepted.
 * `coverage` is of the same runs, or NULL. False: it is no audit, or one of another image; or it
 * cannot be written. */
bool cosim_section_write(struct arena *arena, const struct cosim_section *section,
                         const struct cosim_coverage *coverage, const char *path,
                         struct fault *fault);

/* Early: whether the file can be written and, if there is one, is an audit that a section for this
 * kernel can go into; so that nobody runs for an hour in vain. */
bool cosim_section_fits(struct arena *arena, const struct cosim_kernel *kernel, const char *path,
                        struct fault *fault);

#endif
