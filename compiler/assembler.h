/* Whole files of VAMP assembly to objects. The syntax is in docs/C0C.md; the instructions are
 * read by semantics/vamp/assemble.h. */
#ifndef COMPILER_ASSEMBLER_H
#define COMPILER_ASSEMBLER_H

#include "base/text.h"
#include "compiler/object.h"

#include <stdio.h>

/* Everything wrong is reported on `diagnostics`, each with its location, its source line and a
 * caret, several a run. NULL iff something was reported. */
struct object *assemble_file(struct arena *arena, const char *path, FILE *diagnostics);
struct object *assemble_text(struct arena *arena, const char *path, struct text content,
                             FILE *diagnostics);

#endif
