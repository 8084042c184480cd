/* What the parts of vouch trace share. */
#ifndef TOOLS_VOUCH_TRACE_H
#define TOOLS_VOUCH_TRACE_H

#include "traces/player.h"
#include "traces/source.h"

#include <stdio.h>

struct trace_options {
    const char *files[2];
    unsigned file_count;
    const char *source; /* an image; NULL: none */
    uint64_t from, count, context;
    bool has_from, with_registers, is_brief;
};

/* Exit codes, with a fault where it is VOUCH_EXIT_BAD. */
int trace_show(struct arena *arena, const struct trace_options *options, struct fault *fault);
int trace_stat(struct arena *arena, const struct trace_options *options, struct fault *fault);
int trace_compare(struct arena *arena, const struct trace_options *options, struct fault *fault);

/* Prints played steps, one a line. */
struct trace_printer {
    FILE *out;
    struct trace_source *source; /* or NULL */
    bool with_registers;
    const char *margin;      /* before each line */
    struct trace_place last; /* of the step before */
};
/* The sources of `image`, which must be the one that was recorded; NULL for no image. */
bool trace_printer_load(struct trace_printer *printer, struct arena *arena, const char *image,
                        const struct trace *trace, struct fault *fault);
void trace_print_step(struct trace_printer *printer, const struct trace_step *step);
/* Two steps that are repeated from `step` on, `pairs` times. */
void trace_print_waiting(const struct trace_printer *printer, uint64_t step, uint64_t pairs);
/* How the trace ends, where the player is. */
void trace_print_end(const struct trace_printer *printer, const struct trace_player *player,
                     enum trace_player_status status);

/* The number of a device on the bus, and its port. */
unsigned trace_device(uint32_t address);
unsigned trace_port(uint32_t address);

#endif
