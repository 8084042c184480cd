#include "semantics/c0/front.h"

#include "base/array.h"
#include "semantics/c0/columns.h"
#include "semantics/c0/inputs.h"
#include "semantics/c0/parse.h"
#include "semantics/c0/preprocess.h"

static void front_start(struct c0_front *front, struct arena *arena,
                        const struct c0_front_options *options, FILE *diagnostics)
{
    static const struct c0_front_options plain = {0};
    *front = (struct c0_front){
        .arena = arena,
        .options = options == NULL ? &plain : options,
        .sources = {.arena = arena, .files = {.arena = arena}},
        .identifiers = {.arena = arena},
        .shared = {.arena = arena},
    };
    front->sources.directory = front->options->directory;
    front->diagnostics = (struct c0_diagnostics){.out = diagnostics, .sources = &front->sources};
    c0_types_start(&front->types, arena);
}

/* Scans, parses and checks one preprocessed text. */
static void read_unit(struct c0_front *front, const char *name, struct text content)
{
    struct c0_preprocessed text = {.name = name, .content = content};
    ARRAY_PUSH(front->arena, &front->sources, text);
    struct c0_unit unit = {
        .front = front,
        .arena = front->arena,
        .number = front->unit_count++,
        .tokens = c0_scan(front->arena, &text, &front->identifiers),
        .symbols = {.arena = front->arena},
        .tags = {.arena = front->arena},
        .locals = {.arena = front->arena},
    };
    c0_columns_restore(&unit.tokens, &front->sources);
    c0_parse_unit(&unit);
}

static const struct c0_program *finish(struct c0_front *front)
{
    return front->diagnostics.count != 0 ? NULL : c0_link(front);
}

const struct c0_program *c0_load(struct arena *arena, const char *const *paths, size_t path_count,
                                 const struct c0_front_options *options, FILE *diagnostics)
{
    struct c0_front front;
    front_start(&front, arena, options, diagnostics);
    front.sources.may_read_files = true;
    bool is_recorded = front.options->inputs != NULL;
    for (size_t i = 0; i < path_count; i++) {
        struct text content;
        if (is_recorded ? c0_inputs_preprocess(&front, paths[i], &content)
                        : c0_preprocess(&front, paths[i], &content, NULL))
            read_unit(&front, paths[i], content);
    }
    if (is_recorded)
        c0_inputs_complete(&front);
    return finish(&front);
}

const struct c0_program *c0_load_text(struct arena *arena, const char *name, struct text content,
                                      const struct c0_front_options *options, FILE *diagnostics)
{
    struct c0_front front;
    front_start(&front, arena, options, diagnostics);
    read_unit(&front, name, content);
    return finish(&front);
}
