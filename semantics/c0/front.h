/* The C0 front end: source files in, one checked program out.
 *
 * Each file passes through the system preprocessor, is scanned, parsed (one function a grammar
 * rule) and checked against the static rules of docs/C0.md; then the files are linked: prototypes
 * and externs meet their definitions, and types of one shape become one. */
#ifndef SEMANTICS_C0_FRONT_H
#define SEMANTICS_C0_FRONT_H

#include "base/arena.h"
#include "base/text.h"
#include "semantics/c0/assembler.h"
#include "semantics/c0/program.h"

#include <stdio.h>

/* A file that the preprocessor read, and what was in it. */
struct c0_input {
    const char *path; /* of a source as it was given; of a header as docs/AUDIT.md says */
    struct text content;
};

struct c0_inputs {
    struct {
        struct c0_input *at;
        size_t count, capacity;
    } sources, headers; /* in the order given; each once, in the order of the paths */
};

struct c0_front_options {
    const char *const *preprocessor_arguments; /* -I and -D, as the user gave them */
    size_t preprocessor_argument_count;
    bool may_lack_definitions;     /* true: a called function or used global may stay undefined */
    bool may_use_reserved_names;   /* true: names may start with __, as those of the runtime do */
    const char *include_directory; /* where c0.h is; NULL: found beside the running program */
    /* Where the sources' paths, and those of -I, begin that are not absolute; NULL: where the
     * program runs. Locations and inputs name files by their paths as given. */
    const char *directory;
    const struct c0_assembler *assembler; /* for asm blocks; NULL: there are to be none */
    struct c0_inputs *inputs;             /* NULL; or c0_load enters here all files that it read */
};

/* Everything wrong with the sources is reported on `diagnostics` as
 *     file:line:column: error: message
 *     <the source line>
 *          ^
 * several a run, up to a limit. Returns NULL iff something was reported. */
const struct c0_program *c0_load(struct arena *arena, const char *const *paths, size_t path_count,
                                 const struct c0_front_options *options, FILE *diagnostics);

/* The same for one text that is already preprocessed; `name` locates its diagnostics. */
const struct c0_program *c0_load_text(struct arena *arena, const char *name, struct text content,
                                      const struct c0_front_options *options, FILE *diagnostics);

/* The program's types, globals (`extern`) and function prototypes as C0 source that c0_load_text
 * reads back; the compiler stores it in the image so that globals can be shown by type. */
void c0_print_declarations(const struct c0_program *program, struct text_builder *out);

/* A type as C0 would declare `name` with it: "int *name[4]". An empty name gives the bare type. */
void c0_print_type(const struct c0_type *type, const char *name, struct text_builder *out);

#endif
