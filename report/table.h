/* The table of verdicts for a person: a row a function, then what holds of the whole image. */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include "report/audit.h"

#include <stdbool.h>
#include <stdio.h>

/* `seconds` holds the time each function took, in the order of audit->functions; NULL: no times. */
void table_print(const struct audit *audit, const double *seconds, bool with_colour, FILE *out);

/* Colours belong on a terminal whose user did not refuse them (NO_COLOR, TERM=dumb). */
bool table_wants_colour(FILE *out);

#endif
