/* Columns as the author of a source sees them. The preprocessor keeps lines, but not the blanks
 * within a line, and replaces macros: each of its lines is laid beside the original one again. */
#ifndef SEMANTICS_C0_COLUMNS_H
#define SEMANTICS_C0_COLUMNS_H

#include "semantics/c0/scan.h"

/* Corrects the columns of the tokens where the original line can be read. What a macro made gets
 * the column of the macro's name. */
void c0_columns_restore(struct c0_tokens *tokens, struct c0_sources *sources);

#endif
