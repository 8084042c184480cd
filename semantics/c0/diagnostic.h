/* Errors in sources, as the user sees them:
 *     file:line:column: error: message
 *     <the source line>
 *          ^
 */
#ifndef SEMANTICS_C0_DIAGNOSTIC_H
#define SEMANTICS_C0_DIAGNOSTIC_H

#include "semantics/c0/source.h"

#include <stdio.h>

enum { C0_DIAGNOSTIC_LIMIT = 20 };

struct c0_diagnostics {
    FILE *out;
    struct c0_sources *sources;
    uint32_t count;
};

/* Reports an error. Beyond the limit one last line says so, and nothing more is printed. */
void c0_diagnose(struct c0_diagnostics *diagnostics, struct location where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The limit is reached: what follows would not be printed. */
bool c0_diagnostics_are_full(const struct c0_diagnostics *diagnostics);

#endif
