#include "report/audit.h"

#include "base/file.h"
#include "tests/unit/report/sample.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

static json_t *parsed(struct arena *arena, const struct sample *sample)
{
    struct text content = audit_json(arena, &sample->verdict, "Z3 4.8.12");
    json_t *json = json_loadb(content.at, content.length, 0, NULL);
    cr_assert(json);
    return json;
}

static json_int_t number(json_t *json, const char *object, const char *key)
{
    json_t *value = json_object_get(json_object_get(json, object), key);
    cr_assert(json_is_integer(value), "%s.%s is a number", object, key);
    return json_integer_value(value);
}

Test(audit, same_verdicts_give_same_bytes_whatever_time_they_took)
{
    struct arena *arena = arena_new();
    struct sample sample;
    sample_of_everything(&sample);
    struct text first = audit_json(arena, &sample.verdict, "Z3 4.8.12");
    sample.functions[0].seconds = 1234.5;
    sample.functions[0].solver_seconds = 1234.5;
    sample.functions[0].solver_steps = 12345;
    cr_assert(text_equals(first, audit_json(arena, &sample.verdict, "Z3 4.8.12")));
    cr_assert_eq(first.at[first.length - 1], '\n');
    arena_free(arena);
}

Test(audit, code_of_an_unproved_function_is_not_accounted_for)
{
    struct arena *arena = arena_new();
    struct sample sample;
    sample_of_everything(&sample);
    json_t *json = parsed(arena, &sample);
    /* add 100, __mul 100, __udiv 100 (trusted by name); sub's range and the rest are not. */
    cr_assert_eq(number(json, "text", "accounted_bytes"), 300);
    cr_assert_eq(number(json, "text", "bytes"), 12340);
    json_t *unaccounted = json_object_get(json_object_get(json, "text"), "unaccounted");
    cr_assert_eq(json_array_size(unaccounted), 2u);
    json_t *start = json_object_get(json_array_get(unaccounted, 0), "start");
    cr_assert_eq(json_integer_value(start), 100);
    json_decref(json);
    arena_free(arena);
}

Test(audit, code_of_a_proved_function_counts_only_within_its_range)
{
    struct arena *arena = arena_new();
    struct sample sample;
    sample_accepted(&sample);
    sample.functions[1].code_end = 196;
    json_t *json = parsed(arena, &sample);
    cr_assert_eq(number(json, "text", "accounted_bytes"), 100);
    json_decref(json);
    arena_free(arena);
}

Test(audit, summary_counts_every_verdict_and_all_effort)
{
    struct arena *arena = arena_new();
    struct sample sample;
    sample_of_everything(&sample);
    json_t *json = parsed(arena, &sample);
    const char *const verdicts[] = {"proved", "refuted", "undecided", "unsupported", "missing"};
    for (size_t i = 0; i < 5; i++)
        cr_assert_eq(number(json, "summary", verdicts[i]), 1);
    cr_assert_eq(number(json, "summary", "functions"), 5);
    cr_assert_eq(number(json, "summary", "obligations"), 5 * 1200 + 30);
    cr_assert_eq(number(json, "summary", "obligations_by_solver"), 5 * 34 + 20);
    json_decref(json);
    arena_free(arena);
}

Test(audit, name_that_is_not_utf8_is_spelled_out)
{
    struct arena *arena = arena_new();
    struct sample sample;
    sample_of_everything(&sample);
    sample.functions[0].name = "a\xff"
                               "b";
    json_t *json = parsed(arena, &sample);
    json_t *function = json_array_get(json_object_get(json, "functions"), 0);
    cr_assert_str_eq(json_string_value(json_object_get(function, "name")), "a\\xffb");
    json_decref(json);
    arena_free(arena);
}

Test(audit, inputs_name_every_file_and_argument)
{
    struct arena *arena = arena_new();
    struct sample sample;
    sample_accepted(&sample);
    json_t *json = parsed(arena, &sample), *inputs = json_object_get(json, "inputs");
    json_t *headers = json_object_get(inputs, "headers");
    cr_assert_eq(json_array_size(json_object_get(inputs, "sources")), 2u);
    cr_assert_eq(json_array_size(headers), 2u);
    json_t *first = json_array_get(headers, 0);
    cr_assert_str_eq(json_string_value(json_object_get(first, "path")), "<c0.h>");
    cr_assert_str_eq(json_string_value(json_object_get(first, "sha256")),
                     sample.verdict.header_digests[0]);
    json_t *arguments = json_object_get(inputs, "preprocessor_arguments");
    cr_assert_eq(json_array_size(arguments), 2u);
    cr_assert_str_eq(json_string_value(json_array_get(arguments, 1)), "-DSIZE=4");
    json_decref(json);
    arena_free(arena);
}

/* The two files are what tests/audit/schema.py validates. */
Test(audit, files_are_written_whole)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    struct sample samples[2];
    sample_of_everything(&samples[0]);
    sample_accepted(&samples[1]);
    const char *const paths[] = {BINARY_ROOT "/audits/everything.json",
                                 BINARY_ROOT "/audits/accepted.json"};
    cr_assert(file_make_directory(BINARY_ROOT "/audits", &fault));
    for (size_t i = 0; i < 2; i++) {
        const struct image_verdict *verdict = &samples[i].verdict;
        cr_assert(audit_write(arena, verdict, "Z3 4.8.12", paths[i], &fault), "%s", fault.message);
        struct text content;
        cr_assert(file_read(arena, paths[i], &content, &fault));
        cr_assert(text_equals(content, audit_json(arena, verdict, "Z3 4.8.12")));
    }
    arena_free(arena);
}

Test(audit, unwritable_file_is_a_fault)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    struct sample sample;
    sample_accepted(&sample);
    cr_assert_not(audit_write(arena, &sample.verdict, "Z3 4.8.12", "/nowhere/audit.json", &fault));
    cr_assert(fault.is_set);
    arena_free(arena);
}
