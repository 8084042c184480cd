/* The source texts behind a program, for diagnostics: the line of a location as its author wrote
 * it, or as the preprocessor left it where the file cannot be read. */
#ifndef SEMANTICS_C0_SOURCE_H
#define SEMANTICS_C0_SOURCE_H

#include "base/location.h"
#include "semantics/c0/names.h"

/* A preprocessed text; `name` locates its first line. */
struct c0_preprocessed {
    const char *name;
    struct text content;
};

struct c0_sources {
    struct arena *arena;
    const char *directory; /* as of the front end's options */
    bool may_read_files;   /* false: only the preprocessed text is shown */
    struct c0_names files;
    struct c0_preprocessed *at; /* the texts scanned so far */
    size_t count, capacity;
};

/* Where a file of the front end is: of a relative path, in the directory, if there is one. */
const char *c0_source_path(struct arena *arena, const char *directory, const char *path);

/* A line of a file as it is on disk, without its end. False: there is none. */
bool c0_source_original_line(struct c0_sources *sources, const char *file, uint32_t line,
                             struct text *text);

/* The best rendering of the location's line. */
bool c0_source_line(struct c0_sources *sources, struct location where, struct text *text);

/* Reads `# 12 "file" flags`, a line marker of the preprocessor without its end. The file name is
 * unescaped into the arena. */
bool c0_source_line_marker(struct arena *arena, struct text line, uint32_t *number,
                           struct text *file);

#endif
