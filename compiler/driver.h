/* What a run of c0c does, once its arguments are read. */
#ifndef COMPILER_DRIVER_H
#define COMPILER_DRIVER_H

#include "base/array.h"
#include "compiler/map.h"

#include <stdio.h>

struct driver_options {
    struct arena *arena;
    ARRAY(const char *) inputs;       /* .c0, .s, .o */
    ARRAY(const char *) preprocessor; /* -I and -D with their values */
    const char *output;               /* NULL: a.out, or for objects the input's name with .o */
    bool stops_at_objects;            /* -c */
    bool has_lines;                   /* -g */
    bool has_far_globals;
    struct map map;
};

/* False if something was reported on `diagnostics`; then no output was written. */
bool driver_run(const struct driver_options *options, FILE *diagnostics);

#endif
