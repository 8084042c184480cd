/* One line on a terminal that tells how far a run is; nothing where stderr is no terminal. */
#ifndef REPORT_PROGRESS_H
#define REPORT_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct progress {
    FILE *out;
    bool is_shown;
    size_t done, total, failed;
};

/* Shown iff `out` is a terminal. */
struct progress progress_start(FILE *out, size_t total);
/* One more function is done; `name` is shown until the next one. */
void progress_step(struct progress *progress, const char *name, bool is_proved);
/* Wipes the line. */
void progress_end(struct progress *progress);

#endif
