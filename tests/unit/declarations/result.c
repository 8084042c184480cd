/* c0_print_declarations gives what c0_load_text reads back (an image carries them). */
#include "semantics/c0/front.h"

#include <criterion/criterion.h>

static const struct c0_program *load(struct arena *arena, const char *content)
{
    struct c0_front_options options = {.may_lack_definitions = true};
    return c0_load_text(arena, "test.c0", text_of(content), &options, stderr);
}

Test(c0_declarations, a_function_that_gives_a_pointer_to_an_array_is_declared_through_a_typedef)
{
    struct arena *arena = arena_new();
    const struct c0_program *program = load(arena, "typedef int row[3];\n"
                                                   "int f_result;\n"
                                                   "row g;\n"
                                                   "row *f(int a) { return &g; }\n"
                                                   "row **h() { return NULL; }\n");
    cr_assert_not_null(program);
    struct text_builder out = {.arena = arena};
    c0_print_declarations(program, &out);
    const struct c0_program *again = load(arena, text_built(&out));
    cr_assert_not_null(again, "%s", text_built(&out));
    const struct c0_function *f = c0_program_function(again, "f", NULL);
    cr_assert_eq(f->result->kind, C0_TYPE_POINTER);
    cr_assert_eq(f->result->element->kind, C0_TYPE_ARRAY);
    cr_assert_eq(f->result->element->length, 3);
    const struct c0_function *h = c0_program_function(again, "h", NULL);
    cr_assert_eq(h->result->element, f->result);
    cr_assert_not_null(c0_program_global(again, "f_result", NULL));
    arena_free(arena);
}
