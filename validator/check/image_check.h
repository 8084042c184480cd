/* Checks of the whole image: entry, segments, symbols, initial data, start-up, and whose every byte
 * of the code is. */
#ifndef VALIDATOR_CHECK_IMAGE_CHECK_H
#define VALIDATOR_CHECK_IMAGE_CHECK_H

#include "validator/check/subject.h"
#include "validator/check/verdict.h"

/* The checks that need no function's verdict, in a fixed order. Start-up code that is trusted is not
 * among them. */
struct image_finding *image_findings(struct arena *arena, const struct subject *subject,
                                     size_t *count);

/* Every executable byte, in order. `functions` are the verdicts of everything with a source. */
struct text_range *image_text(struct arena *arena, const struct subject *subject,
                              const struct function_verdict *functions, size_t function_count,
                              const struct contract_finding *contracts, size_t contract_count,
                              size_t *count);

/* The symbol of the start-up code: the one that holds the entry point; NULL if none. */
const struct image_symbol *image_start(const struct subject *subject);

#endif
