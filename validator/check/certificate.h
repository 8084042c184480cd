/* A certificate is a relation as text, one file a function, written by anyone and believed by
 * nobody. The grammar stands in docs/RELATION.md:
 *
 *     certificate 1
 *     function find
 *     frame 64
 *     home buffer at 24
 *     cut 1 loop node 4 at 0x00000144 0x00000148
 *       r29 = @frame
 *       [0] = @return
 *       [4] = key
 *     end
 */
#ifndef VALIDATOR_CHECK_CERTIFICATE_H
#define VALIDATOR_CHECK_CERTIFICATE_H

#include "base/text.h"
#include "validator/check/relation.h"

void certificate_print(const struct target *target, const struct relation *relation,
                       struct text_builder *out);

/* Reads the certificate of `function`; names are resolved in it. Cut 0, the entry, is implied.
 * Any defect is a fault with the file's line. */
bool certificate_parse(struct arena *arena, const struct target *target,
                       const struct c0_function *function, const char *file, struct text content,
                       struct relation *relation, struct fault *fault);

#endif
