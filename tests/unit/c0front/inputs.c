/* Which files the front end says it read. */
#include "semantics/c0/inputs.h"

#include "base/file.h"
#include "load.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void rule_names(const char *rule, const char *expected)
{
    struct arena *arena = arena_new();
    struct c0_paths paths = c0_inputs_of_rule(arena, text_of(rule));
    struct text_builder joined = {.arena = arena};
    for (size_t i = 0; i < paths.count; i++)
        text_append(&joined, "%s|", paths.at[i]);
    cr_expect_str_eq(text_built(&joined), expected, "%s", rule);
    arena_free(arena);
}

/* The rules are those that GCC's mkdeps.c makes of such names. */
Test(c0_inputs, a_rule_for_make_names_the_files_behind_its_colon)
{
    rule_names("rule: a.c0\n", "a.c0|");
    rule_names("rule: a.c0 dir/b.h \\\n c.h\n", "a.c0|dir/b.h|c.h|");
    rule_names("rule:\n", "");
    rule_names("", "");
    rule_names("rule: with\\ blank.h \\\n \\#hash.h two$$.h\n", "with blank.h|#hash.h|two$.h|");
    rule_names("rule: back\\slash.h odd\\\\\\ blank.h colon\\:.h\n",
               "back\\slash.h|odd\\ blank.h|colon:.h|");
    rule_names("rule: a.c0 \\", "a.c0|\\|");
}

/* The paths of the headers, each with a | behind it. */
static const char *headers_of(struct arena *arena, const struct c0_inputs *inputs)
{
    struct text_builder joined = {.arena = arena};
    for (size_t i = 0; i < inputs->headers.count; i++)
        text_append(&joined, "%s|", inputs->headers.at[i].path);
    return text_built(&joined);
}

static struct c0_inputs inputs_of(struct arena *arena, const struct source *sources, size_t count,
                                  struct c0_front_options options)
{
    struct c0_inputs inputs = {0};
    const char *report;
    options.inputs = &inputs;
    cr_assert_not_null(load_files(arena, sources, count, &options, &report), "%s", report);
    return inputs;
}

Test(c0_inputs, headers_that_only_define_or_are_empty_are_listed_and_unread_ones_are_not)
{
    struct arena *arena = arena_new();
    struct source sources[] = {
        {"never.h", "int never;\n"},
        {"empty.h", ""},
        {"macros.h", "#define N 3\n"},
        {"outer.h", "#ifndef OUTER\n#define OUTER\n#include \"macros.h\"\n#endif\n"},
        {"a.c0",
         "#include <c0.h>\n#include \"outer.h\"\n#include \"outer.h\"\n#include \"empty.h\"\n"
         "#if N == 4\n#include \"never.h\"\n#endif\n"
         "#if __has_include(\"never.h\")\nint a = N;\n#endif\n"}};
    struct c0_inputs inputs = inputs_of(arena, sources, 5, (struct c0_front_options){0});
    cr_expect_str_eq(headers_of(arena, &inputs), "<c0.h>|empty.h|macros.h|outer.h|");
    cr_expect_eq(inputs.sources.count, 1u);
    cr_expect_str_eq(inputs.sources.at[0].path, "a.c0");
    cr_expect(text_is(inputs.sources.at[0].content, sources[4].text));
    cr_expect(text_is(inputs.headers.at[2].content, "#define N 3\n"));
    arena_free(arena);
}

Test(c0_inputs, a_header_of_several_sources_has_one_entry)
{
    struct arena *arena = arena_new();
    struct source sources[] = {{"b.h", "extern int shared;\n"},
                               {"z.c0", "#include \"./b.h\"\nint shared;\n"},
                               {"a.c0", "#include \"b.h\"\n#include \"z.c0\"\nint own;\n"}};
    struct source plain[] = {sources[0], sources[1], {"a.c0", "#include \"b.h\"\nint own;\n"}};
    struct c0_inputs inputs = inputs_of(arena, plain, 3, (struct c0_front_options){0});
    cr_expect_str_eq(headers_of(arena, &inputs), "b.h|");
    cr_expect_eq(inputs.sources.count, 2u);
    cr_expect_str_eq(inputs.sources.at[0].path, "z.c0");
    cr_expect_str_eq(inputs.sources.at[1].path, "a.c0");
    arena_free(arena);
}

Test(c0_inputs, a_source_that_is_included_has_no_second_entry)
{
    struct arena *arena = arena_new();
    struct source sources[] = {{"types.c0", "typedef int number;\n"},
                               {"a.c0", "#include \"types.c0\"\nnumber own;\n"}};
    struct c0_inputs inputs = inputs_of(arena, sources, 2, (struct c0_front_options){0});
    cr_expect_str_eq(headers_of(arena, &inputs), "");
    cr_expect_eq(inputs.sources.count, 2u);
    arena_free(arena);
}

Test(c0_inputs, a_line_marker_in_a_source_names_no_file_that_was_read)
{
    struct arena *arena = arena_new();
    struct source source = {"a.c0", "# 1 \"made.c\"\n# 1 \"made.h\" 1\nint a;\n# 2 \"made.c\" 2\n"};
    struct c0_inputs inputs = inputs_of(arena, &source, 1, (struct c0_front_options){0});
    cr_expect_str_eq(headers_of(arena, &inputs), "");
    arena_free(arena);
}

Test(c0_inputs, names_may_be_odd)
{
    struct arena *arena = arena_new();
    struct source sources[] = {{"a b$#\\c.h", "int x;\n"},
                               {"-d e:f.c0", "#include \"a b$#\\c.h\"\nint a;\n"}};
    struct c0_inputs inputs = inputs_of(arena, sources, 2, (struct c0_front_options){0});
    cr_expect_str_eq(headers_of(arena, &inputs), "a b$#\\c.h|");
    cr_expect_str_eq(inputs.sources.at[0].path, "-d e:f.c0");
    arena_free(arena);
}

Test(c0_inputs, c0_h_has_one_name_wherever_it_is)
{
    struct arena *arena = arena_new();
    struct source source = {"a.c0", "#include <c0.h>\nint a;\n"};
    const char *const places[] = {SOURCE_ROOT "/include", SOURCE_ROOT "/include/",
                                  SOURCE_ROOT "/./base/../include"};
    for (size_t i = 0; i < 3; i++) {
        struct c0_inputs inputs =
            inputs_of(arena, &source, 1, (struct c0_front_options){.include_directory = places[i]});
        cr_expect_str_eq(headers_of(arena, &inputs), "<c0.h>|");
    }
    arena_free(arena);
}

/* In a directory of the test's own: by a/up.h and by b/../a/up.h, which are one file; and by
 * l/../up.h, which is not up.h because l is a link. */
Test(c0_inputs, detours_are_taken_away_unless_a_link_makes_them_another_file)
{
    struct arena *arena = arena_new();
    struct c0_inputs inputs = {0};
    struct c0_front_options options = {.inputs = &inputs};
    char directory[] = P_tmpdir "/c0inputs-XXXXXX";
    cr_assert_not_null(mkdtemp(directory));
    cr_assert_eq(chdir(directory), 0);
    cr_assert(mkdir("a", 0777) == 0 && mkdir("b", 0777) == 0 && mkdir("a/in", 0777) == 0);
    cr_assert_eq(symlink("a/in", "l"), 0);
    struct fault fault = {0};
    const struct source files[] = {{"a/up.h", "extern int up;\n"},
                                   {"up.h", "extern int top;\n"},
                                   {"b/b.c0", "#include \"../a/up.h\"\n#include \"./../up.h\"\n"
                                              "#include \"../l/../up.h\"\nint up;\nint top;\n"}};
    for (size_t i = 0; i < 3; i++)
        cr_assert(file_write(files[i].path, text_of(files[i].text), &fault));
    cr_assert_not_null(c0_load(arena, (const char *[]){"b/b.c0"}, 1, &options, stderr));
    cr_expect_str_eq(headers_of(arena, &inputs), "a/up.h|b/../l/../up.h|up.h|");
    for (size_t i = 0; i < 3; i++)
        unlink(files[i].path);
    unlink("l");
    cr_expect(rmdir("a/in") == 0 && rmdir("a") == 0 && rmdir("b") == 0 && rmdir(directory) == 0);
    arena_free(arena);
}
