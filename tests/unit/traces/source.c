/* Functions and lines of an image's code. */
#include "traces/source.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct image_symbol symbols[] = {
    {.name = "first", .address = 0x100, .size_bytes = 0x20, .kind = IMAGE_SYMBOL_FUNCTION},
    {.name = "second", .address = 0x120, .size_bytes = 0x20, .kind = IMAGE_SYMBOL_FUNCTION},
};

/* An image with two functions and this line table. */
static const struct image *image_with(struct arena *arena, const char *lines)
{
    struct image_section *section = ARENA_NEW(arena, struct image_section);
    struct image *image = ARENA_NEW(arena, struct image);
    *section = (struct image_section){.name = ".c0.lines", .content = text_of(lines)};
    *image = (struct image){.path = "image",
                            .symbols = symbols,
                            .symbol_count = 2,
                            .sections = section,
                            .section_count = 1};
    return image;
}

static struct trace_source *source_with(struct arena *arena, const char *lines)
{
    struct fault fault = {0};
    struct trace_source *source = trace_source_new(arena, image_with(arena, lines), &fault);
    cr_assert(source != NULL, "%s", fault.message);
    return source;
}

Test(trace_source, an_address_has_a_function_an_offset_and_a_line)
{
    struct arena *arena = arena_new();
    struct trace_source *source = source_with(
        arena, "0x104 no such.c0:3\n0x110 no such.c0:4\n0x00000128 a:b.c0:7\n0x12c no such.c0:9");
    struct trace_place place = trace_source_at(source, 0x10c);
    cr_assert_str_eq(place.function, "first");
    cr_assert_eq(place.offset, 0xc);
    cr_assert_str_eq(place.file, "no such.c0");
    cr_assert_eq(place.line, 3);
    cr_assert_eq(trace_source_text(source, &place).length, 0);
    cr_assert_eq(trace_source_at(source, 0x110).line, 4);
    cr_assert_str_eq(trace_source_at(source, 0x128).file, "a:b.c0");
    cr_assert_eq(trace_source_at(source, 0x13c).line, 9);
    arena_free(arena);
}

Test(trace_source, a_line_does_not_reach_into_the_next_function)
{
    struct arena *arena = arena_new();
    struct trace_source *source = source_with(arena, "0x104 a.c0:3\n0x128 a.c0:7\n");
    cr_assert_null(trace_source_at(source, 0x100).file);
    cr_assert_null(trace_source_at(source, 0x124).file);
    cr_assert_str_eq(trace_source_at(source, 0x124).function, "second");
    cr_assert_null(trace_source_at(source, 0xfc).function);
    cr_assert_null(trace_source_at(source, 0x140).function);
    arena_free(arena);
}

Test(trace_source, an_image_without_lines_has_functions)
{
    struct arena *arena = arena_new();
    struct trace_source *source = source_with(arena, "");
    cr_assert_str_eq(trace_source_at(source, 0x104).function, "first");
    cr_assert_null(trace_source_at(source, 0x104).file);
    arena_free(arena);
}

static struct text text_at(struct trace_source *source, uint32_t address)
{
    struct trace_place place = trace_source_at(source, address);
    return trace_source_text(source, &place);
}

Test(trace_source, the_text_of_a_line_comes_from_its_file)
{
    struct arena *arena = arena_new();
    char *path = arena_printf(arena, "%s/source-XXXXXX", BINARY_ROOT);
    int descriptor = mkstemp(path);
    cr_assert(descriptor >= 0);
    dprintf(descriptor, "one\ntwo\nthree");
    close(descriptor);
    struct trace_source *source = source_with(
        arena,
        arena_printf(arena, "0x100 %s:2\n0x104 %s:3\n0x108 %s:4\n0x10c %s:0\n0x110 /dev/zero:1",
                     path, path, path, path));
    cr_assert(text_is(text_at(source, 0x100), "two"));
    cr_assert(text_is(text_at(source, 0x104), "three"));
    cr_assert_eq(text_at(source, 0x108).length, 0);
    cr_assert_eq(text_at(source, 0x10c).length, 0);
    cr_assert_eq(text_at(source, 0x110).length, 0);
    unlink(path);
    arena_free(arena);
}

Test(trace_source, malformed_lines_are_refused)
{
    static const char *const tables[] = {"0x100\n",         "0x100 a.c0\n",   "0x100 :3\n",
                                         "0x100 a.c0:x\n",  "x a.c0:3\n",     "\n",
                                         "0x1ffffffff a:1", "0x100 a.c0:3 \n"};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        struct arena *arena = arena_new();
        struct fault fault = {0};
        cr_assert_null(trace_source_new(arena, image_with(arena, tables[i]), &fault));
        cr_assert(strstr(fault.message, "line 1 of .c0.lines is malformed") != NULL, "'%s'",
                  tables[i]);
        arena_free(arena);
    }
}

Test(trace_source, a_table_with_countless_files_is_refused)
{
    struct arena *arena = arena_new();
    struct text_builder lines = {.arena = arena};
    struct fault fault = {0};
    for (unsigned i = 0; i < 5000; i++)
        text_append(&lines, "0x100 file%u:1\n", i);
    cr_assert_null(trace_source_new(arena, image_with(arena, text_built(&lines)), &fault));
    cr_assert(strstr(fault.message, "files in .c0.lines") != NULL);
    arena_free(arena);
}
