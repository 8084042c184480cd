/* From the functions' decisions to the verdict on the image. */
#ifndef TOOLS_VOUCH_CHECK_IMAGE_H
#define TOOLS_VOUCH_CHECK_IMAGE_H

#include "validator/propose/decide.h"

/* `is_whole`: the decisions are of all functions of the sources; only then can the image be
 * accepted as a whole, and code without source is looked for. */
bool image_verdict_complete(struct arena *arena, const struct subject *subject,
                            const struct c0_function *const *functions,
                            const struct decision *decisions, size_t count, bool is_whole,
                            const struct decide_options *options, struct image_verdict *verdict,
                            struct fault *fault);

#endif
