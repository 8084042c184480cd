/* c0.h makes a C0 source a C source of the same meaning. */
#include "load.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

static const char program[] =
    "#include <c0.h>\n"
    "struct node { int key; bool seen; struct node *next; };\n"
    "struct node *head;\n"
    "bool flags[2] = {true, false};\n"
    "int *nothing = NULL;\n"
    "static bool push(int key)\n"
    "{\n"
    "    struct node *node;\n"
    "    bool is_new, is_clear;\n"
    "    node = new(struct node);\n"
    "    is_new = node != NULL && node->next == NULL && !node->seen && node->key == 0;\n"
    "    node->key = key;\n"
    "    node->seen = key > 1;\n"
    "    is_clear = node->seen == (key > 1);\n"
    "    node->next = head;\n"
    "    head = node;\n"
    "    return is_new && is_clear;\n"
    "}\n"
    "int main(void)\n"
    "{\n"
    "    bool a, b;\n"
    "    unsigned int size;\n"
    "    int failures;\n"
    "    a = push(1);\n"
    "    b = push(2);\n"
    "    failures = (int)!a + (int)!b + (int)(head->next->key != 1) + (int)flags[1];\n"
    "    size = sizeof(int) - 8u;\n"
    "    failures = failures + (int)(size / 2u != 0x7ffffffeu) + (int)(nothing != NULL);\n"
    "    failures = failures + (int)(2147483647 + head->key != -2147483647);\n"
    "    return failures;\n"
    "}\n";

static int run(struct arena *arena, const char *compiler, const char *rest)
{
    return system(arena_printf(arena,
                               "%s -std=c17 -Wall -Wextra -Werror -fwrapv -fno-strict-aliasing "
                               "-I'%s/include' -x c c0h.c0 %s",
                               compiler, SOURCE_ROOT, rest));
}

Test(c0_header, a_c0_source_is_a_c_source)
{
    struct arena *arena = arena_new();
    char directory[] = P_tmpdir "/c0front-XXXXXX";
    cr_assert_not_null(mkdtemp(directory));
    cr_assert_eq(chdir(directory), 0);
    FILE *out = fopen("c0h.c0", "w");
    fputs(program, out);
    fclose(out);
    cr_expect_eq(run(arena, "gcc", "-o c0h && ./c0h"), 0);
    cr_expect_eq(run(arena, "gcc -O2", "-o c0h && ./c0h"), 0);
    cr_expect_eq(run(arena, "gcc -m32", "-fsyntax-only"), 0);
    cr_expect_eq(run(arena, "gcc", "-std=c2x -fsyntax-only"), 0);
    struct c0_front_options options = {.include_directory = SOURCE_ROOT "/include"};
    const char *path = "c0h.c0";
    cr_expect_not_null(c0_load(arena, &path, 1, &options, stderr));
    unlink("c0h.c0");
    unlink("c0h");
    rmdir(directory);
    arena_free(arena);
}
