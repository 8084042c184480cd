/* One C0 unit to an object. */
#ifndef COMPILER_COMPILE_H
#define COMPILER_COMPILE_H

#include "base/fault.h"
#include "compiler/object.h"
#include "semantics/c0/program.h"

enum { COMPILE_NEAR_BYTES = 32768 }; /* what a 16-bit offset from r28 reaches */

struct compile_options {
    bool has_far_globals; /* globals may lie beyond COMPILE_NEAR_BYTES: use their addresses */
    bool has_lines;       /* make the line table */
};

/* NULL, with a located fault: something is beyond the compiler's limits. */
struct object *compile_unit(struct arena *arena, const char *path, const struct c0_program *program,
                            const struct compile_options *options, struct fault *fault);

/* Bytes of all globals, those that are only declared included. */
uint64_t compile_global_bytes(const struct c0_program *program);

#endif
