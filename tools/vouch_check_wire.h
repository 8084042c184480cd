/* Decisions as text between worker processes and their parent: length-prefixed fields, one
 * decision after the other. */
#ifndef TOOLS_VOUCH_CHECK_WIRE_H
#define TOOLS_VOUCH_CHECK_WIRE_H

#include "validator/propose/decide.h"

void wire_write(const struct subject *subject, const struct decision *decision,
                struct text_builder *out);

/* Reads one decision off the front of `rest`. False: the text is cut short or damaged. */
bool wire_read(struct arena *arena, const struct subject *subject, struct text *rest,
               struct decision *decision);

#endif
