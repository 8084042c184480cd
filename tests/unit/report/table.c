#include "report/table.h"

#include "report/progress.h"
#include "tests/unit/report/sample.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static char *printed(const struct sample *sample, struct table_style style)
{
    char *content = NULL;
    size_t size_bytes = 0;
    FILE *out = open_memstream(&content, &size_bytes);
    table_print(&sample->verdict, style, out);
    fclose(out);
    return content;
}

Test(table, accepted_image_is_told_on_one_page)
{
    struct sample sample;
    sample_accepted(&sample);
    char *content = printed(&sample, (struct table_style){0});
    cr_assert_str_eq(content, "function    verdict      cuts  obligations  frame bytes\n"
                              "lib/list.c0\n"
                              "  add       proved          3         1200           24\n"
                              "  main      proved          3         1200           24\n"
                              "\n"
                              "2 functions: 2 proved; 2,430 obligations, 88 of them by the solver\n"
                              "text        200 of 200 bytes accounted for\n"
                              "stack       at most 1,048 of 262,144 bytes, by main -> add\n"
                              "checks      entry\n"
                              "contracts   proved  __mul   r1 = a * b mod 2^32\n"
                              "assumptions the processor stays in system mode\n"
                              "accepted: everything is proved\n");
    free(content);
}

Test(table, every_reason_is_told_with_its_place)
{
    struct sample sample;
    sample_of_everything(&sample);
    char *content = printed(&sample, (struct table_style){0});
    const char *const expected[] = {
        "\n  sub       refuted         3         1200           24\n"
        "      lib/sort.c0:20:5: result differs\n"
        "      seen with arguments (3, -1) and count=7\n",
        "\n      lib/sort.c0:20:5: an obligation is open\n",
        "\n      lib/sort.c0:20:5: floating point instruction\n",
        "\n      lib/sort.c0:20:5: no code\n",
        "\n5 functions: 1 proved, 1 refuted, 1 undecided, 1 unsupported, 1 missing; 6,030 ",
        "\ntext        300 of 12,340 bytes accounted for\n"
        "    0x00000064..0x00000190 not accounted for: sub\n"
        "    0x000001f4..0x00000258 trusted: __udiv, contract is assumed\n"
        "    0x00000258..0x00003034 not accounted for, no symbol\n",
        "\nstack       262,144 bytes; no bound, because of recursion: walk -> visit -> walk\n",
        "\nchecks      entry, initial-data FAILED\n      count is 1 at 0x8000 and 0 in C0\n",
        "\n            ASSUMED __udiv  r1 = a / b, unsigned\n      the loop has no relation\n",
        "\nNOT ACCEPTED: not everything is proved\n",
    };
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        cr_expect(strstr(content, expected[i]), "not in the table: %s", expected[i]);
    free(content);
}

Test(table, name_from_an_image_cannot_steer_the_terminal)
{
    struct sample sample;
    sample_accepted(&sample);
    sample.functions[0].name = "a\033[2Jb\n";
    char *content = printed(&sample, (struct table_style){0});
    cr_assert_null(strchr(content, '\033'));
    cr_assert(strstr(content, "a?[2Jb?   proved"));
    free(content);
}

Test(table, colours_and_times_come_only_when_asked_for)
{
    struct sample sample;
    sample_accepted(&sample);
    char *plain = printed(&sample, (struct table_style){0});
    cr_assert_null(strchr(plain, '\033'));
    cr_assert_null(strstr(plain, " ms"));
    char *full = printed(&sample, (struct table_style){.with_colour = true, .with_times = true});
    cr_assert(strstr(full, "\033[32mproved"));
    cr_assert(strstr(full, "     12 ms\n"));
    free(plain);
    free(full);
}

Test(table, file_gets_no_colours_no_times_and_no_progress)
{
    char *content = NULL;
    size_t size_bytes = 0;
    FILE *file = tmpfile();
    struct table_style style = table_style_of(file);
    cr_assert_not(style.with_colour || style.with_times);
    struct progress progress = progress_start(file, 2);
    progress_step(&progress, "add", true);
    progress_end(&progress);
    cr_assert_eq(ftell(file), 0);
    fclose(file);
    FILE *memory = open_memstream(&content, &size_bytes);
    cr_assert_not(table_style_of(memory).with_colour);
    fclose(memory);
    free(content);
}

Test(table, partial_run_is_never_told_as_accepted)
{
    struct sample sample;
    sample_accepted(&sample);
    sample.verdict.is_accepted = false;
    sample.verdict.is_partial = true;
    char *content = printed(&sample, (struct table_style){0});
    cr_assert_null(strstr(content, "accepted"));
    cr_assert(strstr(content, "\nproved: the functions asked for"));
    free(content);
    sample.functions[1].verdict = VERDICT_UNDECIDED;
    content = printed(&sample, (struct table_style){0});
    cr_assert(strstr(content, "\nNOT PROVED: "));
    free(content);
}
