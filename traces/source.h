/* Where in its source an instruction of an image comes from: its function, and with c0c -g its line
 * (docs/C0C.md). Hints for people. */
#ifndef TRACES_SOURCE_H
#define TRACES_SOURCE_H

#include "image/image.h"

struct trace_source;

struct trace_place {
    const char *function; /* NULL: in none */
    uint32_t offset;      /* in it */
    const char *file;     /* NULL: not known */
    uint32_t line;
};

/* The lines of an image that was loaded; it and the arena live as long. NULL: with a fault, its
 * line table is malformed. */
struct trace_source *trace_source_new(struct arena *arena, const struct image *image,
                                      struct fault *fault);
struct trace_place trace_source_at(const struct trace_source *source, uint32_t address);
/* The line of a place of this source, if its file can be read here; else empty. */
struct text trace_source_text(struct trace_source *source, const struct trace_place *place);

/* The line table itself, by address: where the code of each statement begins. */
struct trace_line {
    uint32_t address;
    const char *file;
    uint32_t line;
};
size_t trace_source_line_count(const struct trace_source *source);
struct trace_line trace_source_line(const struct trace_source *source, size_t number);

#endif
