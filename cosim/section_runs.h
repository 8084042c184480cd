/* The runs of a section in the order in which it has them; for section*.c alone. */
#ifndef COSIM_SECTION_RUNS_H
#define COSIM_SECTION_RUNS_H

#include "base/array.h"
#include "cosim/section.h"

#include <jansson.h>

enum { SECTION_STATUS_COUNT = COSIM_FAILED + 1 };

struct cosim_section {
    struct arena *arena;
    const struct cosim_kernel *kernel;
    ARRAY(struct section_run) runs;
};

/* Runs that have one entry: one with a file, or drawn ones with equal limits from seeds that follow
 * one another. */
struct section_batch {
    const struct section_run *first;
    size_t count;
};

/* All runs, those with files first, each kind in an order of its own. */
const struct section_run *section_sorted(struct arena *arena, const struct cosim_section *section);
struct section_batch section_batch_at(const struct section_run *runs, size_t count);

/* What runs did together. */
struct section_sum {
    size_t statuses[SECTION_STATUS_COUNT];
    struct cosim_counts counts;
};
struct section_sum section_sum_of(const struct section_run *runs, size_t count);

/* --- JSON --- */

json_t *section_text(const char *string); /* NULL: null */
void section_set(json_t *object, const char *key, json_t *value);
void section_set_text(json_t *object, const char *key, const char *string); /* NULL: null */
void section_set_number(json_t *object, const char *key, uint64_t number);
json_t *section_file_json(const char *path, const char *digest);

/* The section, but for what the audit around it says. */
json_t *section_json(const struct cosim_section *section, const struct cosim_coverage *coverage);
json_t *section_coverage_json(const struct cosim_coverage *coverage); /* NULL: null */

#endif
