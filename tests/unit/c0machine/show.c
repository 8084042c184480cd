/* Values, paths and runs as JSON, and as a user writes them. */
#include "harness.h"

#include <string.h>

/* A memory of its own: global g holds `words`; the pointer 100 + i points to cell i of g, 200 + i
 * to cell i of heap object 3, which has the type of g. */
struct memory {
    const struct c0_variable *g;
    const uint32_t *words;
};

static uint32_t read_word(void *self, const struct c0_variable *global, uint32_t offset_cells)
{
    const struct memory *memory = self;
    return global == memory->g ? memory->words[offset_cells] : 0;
}

static bool resolve(void *self, uint32_t pointer, struct c0_pointee *pointee)
{
    const struct memory *memory = self;
    if (pointer < 100 || pointer >= 300)
        return false;
    pointee->global = pointer < 200 ? "g" : NULL;
    pointee->heap_number = 3;
    pointee->type = memory->g->type;
    pointee->offset_cells = pointer % 100;
    return true;
}

static const char declarations[] =
    "struct in { int x; int y; };\n"
    "struct s { struct in in; struct in a[2]; int i; struct s *p; int *q; struct in *r; char c;\n"
    "           unsigned int u; bool b; };\n"
    "struct s g;\n"
    "int h;\n";

/* The cells of struct s, in order. */
enum { IN_X, IN_Y, A0_X, A0_Y, A1_X, A1_Y, I, P, Q, R, C, U, B, CELL_COUNT };

static json_t *shown_g(const uint32_t *words)
{
    struct twins twins = twins_of(declarations);
    struct memory memory = {c0_program_global(twins.program, "g", NULL), words};
    struct c0_memory_view view = {&memory, read_word, resolve};
    json_t *globals = c0_show_globals(twins.program, &view);
    json_t *g = json_incref(json_object_get(globals, "g"));
    cr_assert_eq(json_integer_value(json_object_get(globals, "h")), 0);
    json_decref(globals);
    twins_free(&twins);
    return g;
}

Test(c0_show, values_have_the_form_of_their_types)
{
    uint32_t words[CELL_COUNT] = {0};
    words[A1_Y] = 0x80000000u;
    words[C] = 0xffffff80u;
    words[U] = 0xffffffffu;
    words[B] = 1;
    json_t *g = shown_g(words);
    const json_t *a = json_object_get(g, "a");
    cr_assert_eq(json_array_size(a), 2u);
    cr_assert_eq(json_integer_value(json_object_get(json_array_get(a, 1), "y")), INT32_MIN);
    cr_assert_eq(json_integer_value(json_object_get(g, "c")), -128);
    cr_assert_eq(json_integer_value(json_object_get(g, "u")), (json_int_t)UINT32_MAX);
    cr_assert(json_is_true(json_object_get(g, "b")));
    cr_assert(json_is_null(json_object_get(g, "p")));
    json_decref(g);
}

static void expect_pointer(uint32_t field, const char *name, uint32_t word, const char *expected)
{
    uint32_t words[CELL_COUNT] = {0};
    words[field] = word;
    json_t *g = shown_g(words);
    cr_assert_str_eq(json_string_value(json_object_get(g, name)), expected);
    json_decref(g);
}

Test(c0_show, pointer_is_the_path_to_the_object_of_its_type)
{
    expect_pointer(P, "p", 100, "g");
    expect_pointer(P, "p", 200, "heap#3");
    expect_pointer(R, "r", 100, "g+.in");
    expect_pointer(Q, "q", 100, "g+.in.x");
    expect_pointer(R, "r", 100 + A1_X, "g+.a[1]");
    expect_pointer(Q, "q", 200 + A1_Y, "heap#3+.a[1].y");
    expect_pointer(Q, "q", 200 + I, "heap#3+.i");
}

Test(c0_show, pointer_of_no_fitting_object_shows_the_cell_it_points_to)
{
    expect_pointer(P, "p", 100 + A0_Y, "g+.a[0].y");
    expect_pointer(P, "p", 77, "invalid:0x0000004d");
}

Test(c0_show, static_globals_of_one_name_are_told_apart_by_their_files)
{
    static const char *const paths[] = {"one.c0", "two.c0"};
    struct c0_type type = {.kind = C0_TYPE_INT, .size_cells = 1};
    struct c0_variable globals[3] = {
        {.name = "n", .type = &type, .where = {paths[0], 1, 1}, .is_static = true},
        {.name = "n", .type = &type, .where = {paths[1], 1, 1}, .is_static = true, .index = 1},
        {.name = "m", .type = &type, .where = {paths[1], 2, 1}, .is_static = true, .index = 2}};
    struct c0_variable *const all[] = {&globals[0], &globals[1], &globals[2]};
    struct c0_program program = {.globals = all, .global_count = 3};
    uint32_t word = 5;
    struct memory memory = {&globals[1], &word};
    struct c0_memory_view view = {&memory, read_word, resolve};
    json_t *shown = c0_show_globals(&program, &view);
    cr_assert_eq(json_object_size(shown), 3u);
    cr_assert_eq(json_integer_value(json_object_get(shown, "one.c0:n")), 0);
    cr_assert_eq(json_integer_value(json_object_get(shown, "two.c0:n")), 5);
    cr_assert_not_null(json_object_get(shown, "m"));
    json_decref(shown);

    const struct c0_variable *found;
    const struct c0_type *found_type;
    uint32_t offset;
    cr_assert(c0_resolve_path(&program, text_of("two.c0:n"), &found, &offset, &found_type));
    cr_assert(found == &globals[1]);
    cr_assert_not(c0_resolve_path(&program, text_of("three.c0:n"), &found, &offset, &found_type));
    cr_assert_not(c0_resolve_path(&program, text_of("n"), &found, &offset, &found_type));
}

Test(c0_show, bool_result_is_a_number)
{
    struct c0_type type = {.kind = C0_TYPE_BOOL, .size_cells = 1};
    uint32_t word = 1;
    json_t *json = c0_show_result(&type, &word, NULL);
    cr_assert(json_is_integer(json) && json_integer_value(json) == 1);
    json_decref(json);
    cr_assert(json_is_null(c0_show_result(&type, NULL, NULL)));
}

static bool parses(enum c0_type_kind kind, const char *text, uint32_t expected)
{
    struct c0_type type = {.kind = kind, .size_cells = 1};
    uint32_t word = ~expected;
    return c0_parse_value(&type, text_of(text), &word) && word == expected;
}

static bool refuses(enum c0_type_kind kind, const char *text)
{
    struct c0_type type = {.kind = kind, .size_cells = 1};
    uint32_t word;
    return !c0_parse_value(&type, text_of(text), &word);
}

Test(c0_show_parse, numbers_fit_their_type_or_are_refused)
{
    cr_assert(parses(C0_TYPE_INT, "-2147483648", 0x80000000u));
    cr_assert(parses(C0_TYPE_INT, "2147483647", 0x7fffffffu));
    cr_assert(refuses(C0_TYPE_INT, "2147483648"));
    cr_assert(refuses(C0_TYPE_INT, "-2147483649"));
    cr_assert(parses(C0_TYPE_INT, "0xffffffff", 0xffffffffu));
    cr_assert(parses(C0_TYPE_INT, "-0x1", 0xffffffffu));
    cr_assert(parses(C0_TYPE_UNSIGNED, "4294967295", 0xffffffffu));
    cr_assert(refuses(C0_TYPE_UNSIGNED, "4294967296"));
    cr_assert(refuses(C0_TYPE_UNSIGNED, "-1"));
    cr_assert(parses(C0_TYPE_CHAR, "-128", 0xffffff80u));
    cr_assert(parses(C0_TYPE_CHAR, "127", 127));
    cr_assert(refuses(C0_TYPE_CHAR, "128"));
    cr_assert(refuses(C0_TYPE_CHAR, "-129"));
    cr_assert(refuses(C0_TYPE_INT, ""));
    cr_assert(refuses(C0_TYPE_INT, "1 "));
    cr_assert(refuses(C0_TYPE_INT, "true"));
}

Test(c0_show_parse, characters_truths_and_null)
{
    cr_assert(parses(C0_TYPE_CHAR, "'a'", 'a'));
    cr_assert(parses(C0_TYPE_CHAR, "'\\n'", '\n'));
    cr_assert(parses(C0_TYPE_CHAR, "'\\''", '\''));
    cr_assert(parses(C0_TYPE_CHAR, "'\\0'", 0));
    cr_assert(parses(C0_TYPE_CHAR, "' '", ' '));
    cr_assert(refuses(C0_TYPE_CHAR, "'ab'"));
    cr_assert(refuses(C0_TYPE_CHAR, "''"));
    cr_assert(refuses(C0_TYPE_CHAR, "'''"));
    cr_assert(refuses(C0_TYPE_CHAR, "'\\'"));
    cr_assert(refuses(C0_TYPE_CHAR, "'\\q'"));
    cr_assert(refuses(C0_TYPE_CHAR, "a"));
    cr_assert(parses(C0_TYPE_BOOL, "true", 1) && parses(C0_TYPE_BOOL, "0", 0));
    cr_assert(refuses(C0_TYPE_BOOL, "2") && refuses(C0_TYPE_BOOL, "yes"));
    cr_assert(parses(C0_TYPE_POINTER, "NULL", 0) && parses(C0_TYPE_POINTER, "null", 0));
    cr_assert(refuses(C0_TYPE_POINTER, "1"));
}

static bool resolves(const struct twins *twins, const char *path, uint32_t expected_offset,
                     enum c0_type_kind expected_kind)
{
    const struct c0_variable *global;
    const struct c0_type *type;
    uint32_t offset;
    return c0_resolve_path(twins->program, text_of(path), &global, &offset, &type) &&
           offset == expected_offset && type->kind == expected_kind;
}

Test(c0_show_parse, paths_lead_through_fields_and_elements)
{
    struct twins twins = twins_of(declarations);
    cr_assert(resolves(&twins, "g", 0, C0_TYPE_STRUCT));
    cr_assert(resolves(&twins, "g.a", A0_X, C0_TYPE_ARRAY));
    cr_assert(resolves(&twins, "g.a[1].y", A1_Y, C0_TYPE_INT));
    cr_assert(resolves(&twins, "g.a[0x1].y", A1_Y, C0_TYPE_INT));
    cr_assert(resolves(&twins, "h", 0, C0_TYPE_INT));
    const char *const bad[] = {"",       "k",     "g.",      "g.z",    "g.a[2]",  "g.a[-1]",
                               "g.a[]",  "g.a[1", "g.a[1]]", "g.a.x",  "g[0]",    "h.x",
                               "g.p.in", "g..in", "g .in",   "x.c0:h", "g.a[+1]", "g.in[x]"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_assert_not(resolves(&twins, bad[i], 0, C0_TYPE_INT), "'%s'", bad[i]);
    twins_free(&twins);
}

static void expect_bad_setting(const struct twins *twins, const char *text, const char *reason)
{
    struct c0_setting setting;
    struct fault fault = {0};
    cr_assert_not(c0_parse_setting(twins->program, text_of(text), &setting, &fault));
    cr_assert_not_null(strstr(fault.message, reason), "%s", fault.message);
}

Test(c0_show_parse, settings_say_what_is_wrong_with_them)
{
    struct twins twins = twins_of(declarations);
    struct c0_setting setting;
    struct fault fault = {0};
    cr_assert(c0_parse_setting(twins.program, text_of("g.a[1].x=-5"), &setting, &fault));
    cr_assert(setting.offset_cells == A1_X && setting.word == (uint32_t)-5);
    expect_bad_setting(&twins, "g.a[1].x", "GLOBAL=VALUE");
    expect_bad_setting(&twins, "g.a[3].x=1", "no global place 'g.a[3].x'");
    expect_bad_setting(&twins, "g.a=1", "struct or an array");
    expect_bad_setting(&twins, "g.c=300", "'300' is not a value");
    twins_free(&twins);
}
