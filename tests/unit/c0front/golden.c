/* tests/golden/c0front/<defect>.c0 has one defect, and <defect>.expected is the whole report that
 * the front end prints about it. asm-<defect>.c0 is read with an assembler at hand. */
#include "load.h"

#include "base/file.h"
#include "semantics/c0a/c0a.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_source(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 3 && strcmp(entry->d_name + length - 3, ".c0") == 0;
}

static struct text expected_of(struct arena *arena, const char *name)
{
    const char *path = arena_printf(arena, "%.*s.expected", (int)strlen(name) - 3, name);
    struct text content = {"", 0};
    struct fault fault = {0};
    cr_expect(file_read(arena, path, &content, &fault), "%s: %s", path, fault.message);
    return content;
}

static void check(const char *name)
{
    struct arena *arena = arena_new();
    struct c0_front_options options = {.include_directory = SOURCE_ROOT "/include"};
    if (strncmp(name, "asm-", 4) == 0)
        options.assembler = &c0a_assembler;
    char *printed = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&printed, &length);
    cr_expect_null(c0_load(arena, &name, 1, &options, out), "%s is accepted", name);
    fclose(out);
    struct text expected = expected_of(arena, name);
    cr_expect(text_equals(expected, (struct text){printed, length}), "%s reports\n%s\nand not\n%s",
              name, printed, text_copy(arena, expected));
    free(printed);
    arena_free(arena);
}

Test(c0_golden, each_defect_is_reported_as_expected)
{
    cr_assert_eq(chdir(SOURCE_ROOT "/tests/golden/c0front"), 0);
    struct dirent **entries;
    int count = scandir(".", &entries, is_source, alphasort);
    cr_assert_gt(count, 20);
    for (int k = 0; k < count; k++) {
        check(entries[k]->d_name);
        free(entries[k]);
    }
    free(entries);
}
