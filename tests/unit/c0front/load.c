#include "load.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct c0_program *load_with(struct arena *arena, struct text text,
                                   const struct c0_front_options *options, const char **report)
{
    char *printed = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&printed, &length);
    const struct c0_program *program = c0_load_text(arena, "t.c0", text, options, out);
    fclose(out);
    cr_assert_eq(program == NULL, length != 0, "a report and no program, or none and one");
    if (report != NULL)
        *report = arena_copy(arena, printed, length);
    free(printed);
    return program;
}

const struct c0_program *load(struct arena *arena, const char *text, const char **report)
{
    return load_with(arena, text_of(text), NULL, report);
}

void accepts(const char *text)
{
    struct arena *arena = arena_new();
    const char *report;
    const struct c0_program *program = load(arena, text, &report);
    cr_expect_not_null(program, "refused: %s\n%s", text, report);
    arena_free(arena);
}

static const char *first_line(struct arena *arena, const char *report)
{
    const char *start = strncmp(report, "t.c0:", 5) == 0 ? report + 5 : report;
    return arena_copy(arena, start, strcspn(start, "\n"));
}

void rejects(const char *text, const char *expected)
{
    struct arena *arena = arena_new();
    const char *report;
    const struct c0_program *program = load(arena, text, &report);
    cr_expect_null(program, "accepted: %s", text);
    if (program == NULL)
        cr_expect_str_eq(first_line(arena, report), expected, "%s\n  gives     %s\n  and not   %s",
                         text, first_line(arena, report), expected);
    arena_free(arena);
}

#define DECLARATIONS                                                                               \
    "struct s { int a; struct s *next; }; struct w { int e[4]; struct s s; }; "                    \
    "int gi; unsigned gu; char gc; bool gb; int *gp; struct s gs, *gps; struct w gw, *gpw; "       \
    "int ga[3]; int inc(int n) { return n; } void act(void) { } "

#define HEAD                                                                                       \
    DECLARATIONS                                                                                   \
    "void f(int n, bool b) { int i; unsigned u; char c; bool d; int *p; struct s s; struct s *q; " \
    "int a[3]; i = 0; u = 0u; c = 'c'; d = b; p = NULL; q = NULL;\n"

void accepts_stmt(const char *stmt)
{
    struct arena *arena = arena_new();
    accepts(arena_printf(arena, HEAD "%s\n}\n", stmt));
    arena_free(arena);
}

void rejects_stmt(const char *stmt, const char *expected)
{
    struct arena *arena = arena_new();
    rejects(arena_printf(arena, HEAD "%s\n}\n", stmt), expected);
    arena_free(arena);
}

void accepts_after(const char *definition)
{
    struct arena *arena = arena_new();
    accepts(arena_printf(arena, DECLARATIONS "\n%s\n", definition));
    arena_free(arena);
}

void rejects_after(const char *definition, const char *expected)
{
    struct arena *arena = arena_new();
    rejects(arena_printf(arena, DECLARATIONS "\n%s\n", definition), expected);
    arena_free(arena);
}

uint32_t constant(const char *expression)
{
    struct arena *arena = arena_new();
    const char *report;
    const struct c0_program *program =
        load(arena, arena_printf(arena, "int x = %s;", expression), &report);
    cr_assert_not_null(program, "%s", report);
    uint32_t word = program->globals[0]->initial[0].word;
    arena_free(arena);
    return word;
}

static void write_sources(const struct source *sources, size_t count)
{
    char directory[] = P_tmpdir "/c0front-XXXXXX";
    cr_assert_not_null(mkdtemp(directory));
    cr_assert_eq(chdir(directory), 0);
    for (size_t i = 0; i < count; i++) {
        FILE *out = fopen(sources[i].path, "w");
        cr_assert_not_null(out);
        fputs(sources[i].text, out);
        fclose(out);
    }
}

static void remove_sources(const struct source *sources, size_t count)
{
    char directory[256];
    cr_assert_not_null(getcwd(directory, sizeof directory));
    for (size_t i = 0; i < count; i++)
        unlink(sources[i].path);
    rmdir(directory);
}

static bool is_header(const char *path)
{
    return strcmp(path + strlen(path) - 2, ".h") == 0;
}

const struct c0_program *load_files(struct arena *arena, const struct source *sources, size_t count,
                                    const struct c0_front_options *options, const char **report)
{
    struct c0_front_options used = options == NULL ? (struct c0_front_options){0} : *options;
    if (used.include_directory == NULL)
        used.include_directory = SOURCE_ROOT "/include";
    const char **paths = ARENA_ARRAY(arena, const char *, count);
    size_t path_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_header(sources[i].path))
            paths[path_count++] = sources[i].path;
    }
    char *printed = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&printed, &length);
    write_sources(sources, count);
    const struct c0_program *program = c0_load(arena, paths, path_count, &used, out);
    remove_sources(sources, count);
    fclose(out);
    cr_assert_eq(program == NULL, length != 0, "a report and no program, or none and one");
    if (report != NULL)
        *report = arena_copy(arena, printed, length);
    free(printed);
    return program;
}
