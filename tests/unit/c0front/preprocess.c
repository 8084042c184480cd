#include "load.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void reports(const char *text, const char *expected)
{
    struct arena *arena = arena_new();
    const char *report;
    struct source source = {"a.c0", text};
    load_files(arena, &source, 1, NULL, &report);
    cr_expect_str_eq(report, expected);
    arena_free(arena);
}

Test(c0_preprocess, columns_are_those_of_the_source_and_not_of_the_preprocessor)
{
    reports("int  a  =   b;\n", "a.c0:1:13: error: b is not declared\nint  a  =   b;\n"
                                "            ^\n");
    reports("\tint a =\t\tb;\n", "a.c0:1:11: error: b is not declared\n\tint a =\t\tb;\n"
                                 "\t       \t\t^\n");
    reports("int a = /* why */ b;\n", "a.c0:1:19: error: b is not declared\nint a = /* why */ b;\n"
                                      "                  ^\n");
    reports("/* two\nlines */  int a =  b;\n",
            "a.c0:2:20: error: b is not declared\nlines */  int a =  b;\n"
            "                   ^\n");
}

Test(c0_preprocess, what_a_macro_made_stands_at_the_macro)
{
    reports("#define M (1 + b)\nint a = 2 *  M;\n",
            "a.c0:2:14: error: b is not declared\nint a = 2 *  M;\n"
            "             ^\n");
    reports("#define MAX(x, y) ((x) + (y))\nint a = MAX(1, 2)  + MAX( 3, 4 ) + b;\n",
            "a.c0:2:36: error: b is not declared\nint a = MAX(1, 2)  + MAX( 3, 4 ) + b;\n"
            "                                   ^\n");
    reports("#define N 1\n#define P 2\nint a = N  + b + P;\n",
            "a.c0:3:14: error: b is not declared\nint a = N  + b + P;\n"
            "             ^\n");
}

Test(c0_preprocess, a_missing_header_is_reported_where_it_is_included)
{
    reports("int x;\n#include \"nowhere.h\"\n",
            "a.c0:2:10: error: nowhere.h: No such file or directory\n#include \"nowhere.h\"\n"
            "         ^\n");
    reports("#include <stdio.h>\n",
            "a.c0:1:10: error: stdio.h: No such file or directory\n#include <stdio.h>\n"
            "         ^\n");
    reports("#error too bad\n", "a.c0:1:2: error: #error too bad\n#error too bad\n ^\n");
}

Test(c0_preprocess, the_host_shows_through_no_macro)
{
    struct arena *arena = arena_new();
    const char *report;
    struct source source = {"a.c0",
                            "#include <c0.h>\n"
                            "#if defined linux || defined unix || defined __GNUC__ || "
                            "defined __x86_64__ || !defined __C0__\nint x = 1 / 0;\n#endif\n"
                            "int unix = NULL_ + 1;\n"};
    const char *arguments[] = {"-DNULL_=2", "-D", "unused"};
    struct c0_front_options options = {.preprocessor_arguments = arguments,
                                       .preprocessor_argument_count = 3};
    const struct c0_program *program = load_files(arena, &source, 1, &options, &report);
    cr_assert_not_null(program, "%s", report);
    cr_expect_eq(program->globals[0]->initial[0].word, 3u);
    arena_free(arena);
}

Test(c0_preprocess, errors_in_headers_name_the_header)
{
    struct arena *arena = arena_new();
    const char *report;
    struct source sources[] = {{"bad.h", "int a;\n\nint  b = c;\n"},
                               {"a.c0", "#include \"bad.h\"\nint d = e;\n"}};
    load_files(arena, sources, 2, NULL, &report);
    cr_expect_str_eq(report, "bad.h:3:10: error: c is not declared\nint  b = c;\n         ^\n"
                             "a.c0:2:9: error: e is not declared\nint d = e;\n        ^\n");
    arena_free(arena);
}

static const char *report_of_path(struct arena *arena, const char *path)
{
    char *printed = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&printed, &length);
    cr_expect_null(c0_load(arena, &path, 1, NULL, out));
    fclose(out);
    const char *report = arena_copy(arena, printed, length);
    free(printed);
    return report;
}

Test(c0_preprocess, files_that_cannot_be_read_are_reported)
{
    struct arena *arena = arena_new();
    cr_expect_str_eq(report_of_path(arena, "/nowhere/x.c0"),
                     "/nowhere/x.c0: error: cannot read: No such file or directory\n");
    cr_expect_str_eq(report_of_path(arena, P_tmpdir),
                     P_tmpdir ": error: cannot read: Is a directory\n");
    cr_expect_str_eq(report_of_path(arena, "-o"),
                     "-o: error: cannot read: No such file or directory\n");
    arena_free(arena);
}

Test(c0_preprocess, the_directory_of_c0_h_may_be_named)
{
    struct arena *arena = arena_new();
    const char *path = SOURCE_ROOT "/tests/golden/c0front/string.c0";
    setenv("VOUCH_INCLUDE", SOURCE_ROOT "/include", 1);
    const char *report = report_of_path(arena, path);
    cr_expect_not_null(strstr(report, ":3:14: error: strings are not part of C0"), "%s", report);
    setenv("VOUCH_INCLUDE", SOURCE_ROOT "/base", 1);
    report = report_of_path(arena, path);
    cr_expect_not_null(strstr(report, ":1:10: error: c0.h: No such file or directory"), "%s",
                       report);
    arena_free(arena);
}

Test(c0_preprocess, paths_may_begin_in_a_directory_that_is_named)
{
    struct arena *arena = arena_new();
    struct c0_inputs inputs = {0};
    const struct c0_front_options options = {
        .directory = SOURCE_ROOT, .include_directory = SOURCE_ROOT "/include", .inputs = &inputs};
    const char *path = "kernel/lib/bits.c0";
    cr_assert_eq(chdir("/"), 0);
    const struct c0_program *program = c0_load(arena, &path, 1, &options, stderr);
    cr_assert_not_null(program);
    cr_expect_str_eq(c0_program_function(program, "bits_count", NULL)->where.file, path);
    cr_assert_eq(inputs.headers.count, 2);
    cr_expect_str_eq(inputs.headers.at[0].path, "<c0.h>");
    cr_expect_str_eq(inputs.headers.at[1].path, "kernel/lib/bits.h");
    arena_free(arena);
}

Test(c0_preprocess, lines_may_end_as_on_windows)
{
    reports("int a = b;\r\n", "a.c0:1:9: error: b is not declared\nint a = b;\n        ^\n");
}

Test(c0_preprocess, directories_named_for_the_host_compiler_are_not_searched)
{
    setenv("CPATH", SOURCE_ROOT "/base", 1);
    reports("#include <require.h>\n",
            "a.c0:1:10: error: require.h: No such file or directory\n#include <require.h>\n"
            "         ^\n");
}

Test(c0_preprocess, a_missing_preprocessor_is_reported)
{
    setenv("PATH", "/nowhere", 1);
    reports("int x;\n",
            "a.c0: error: cannot run the preprocessor cpp: No such file or directory\n");
}
