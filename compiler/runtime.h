/* The runtime routines that the linker adds to an image when something calls them, and the
 * start-up code. They are assembly files (compiler/runtime/), built into the program as text. */
#ifndef COMPILER_RUNTIME_H
#define COMPILER_RUNTIME_H

#include "compiler/object.h"

struct runtime_source {
    const char *name, *text;
};

/* Ends with a NULL name. */
extern const struct runtime_source runtime_sources[];

/* The routine that defines `symbol`; NULL if none does. */
struct object *runtime_object(struct arena *arena, const char *symbol);

/* The start-up code, defining _start. */
struct object *runtime_start(struct arena *arena, bool has_main);

#endif
