/* The table of verdicts for a person: a row a function, then what holds of the whole image. */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include "base/arena.h"
#include "validator/check/verdict.h"

#include <stdbool.h>
#include <stdio.h>

struct table_style {
    bool with_colour;
    bool with_times; /* off: the same verdicts print the same bytes */
};

/* Colours and times belong on a terminal, colours only if its user did not refuse them (NO_COLOR,
 * TERM=dumb). */
struct table_style table_style_of(FILE *out);

void table_print(const struct image_verdict *verdict, struct table_style style, FILE *out);

#endif
