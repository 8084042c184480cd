/* The audit's section, of runs that are made up. What is written is validated by
 * tests/audit/schema.py. */
#include "cosim/section.h"

#include "base/array.h"
#include "base/file.h"
#include "image/digest.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#define IMAGE_DIGEST "1111111111111111111111111111111111111111111111111111111111111111"
#define OTHER_DIGEST "2222222222222222222222222222222222222222222222222222222222222222"
#define AUDITS BINARY_ROOT "/audits/"

static const char source_text[] = "int x;\n";

static const struct cosim_kernel *sample_kernel(struct arena *arena)
{
    static const char *const options[] = {"-DPROCESS_COUNT=8u"};
    struct cosim_kernel *kernel = ARENA_NEW(arena, struct cosim_kernel);
    struct image *image = ARENA_NEW(arena, struct image);
    *image = (struct image){.path = "out/kernel.elf", .digest = IMAGE_DIGEST};
    kernel->path = "out/kernel.json";
    kernel->digest = OTHER_DIGEST;
    kernel->image = image;
    ARRAY_PUSH(arena, &kernel->inputs.sources,
               (struct c0_input){"kernel/a.c0", text_of(source_text)});
    ARRAY_PUSH(arena, &kernel->inputs.headers, (struct c0_input){"kernel/a.h", text_of("")});
    kernel->options = (struct cosim_paths){options, 1};
    return kernel;
}

static struct cosim_coverage *sample_coverage(struct arena *arena,
                                              const struct cosim_kernel *kernel)
{
    static struct coverage_statement abstract[] = {{"kernel/a.c0", 3, 5, "kdispatch", 7},
                                                   {"kernel/a.c0", 4, 5, "kdispatch", 0},
                                                   {"kernel/b.c0", 9, 1, "b", 1}};
    static struct coverage_statement layer[] = {{"kernel/l.c0", 2, 5, "cvm_dispatch", 2}};
    struct cosim_coverage *coverage = ARENA_NEW(arena, struct cosim_coverage);
    coverage->kernel = kernel;
    coverage->runs = 3;
    coverage->parts[COVERAGE_ABSTRACT] =
        (struct coverage_statements){.at = abstract, .count = 3, .uncalled = 2};
    coverage->parts[COVERAGE_LAYER] =
        (struct coverage_statements){.at = layer, .count = 1, .without_code = 1};
    return coverage;
}

static struct section_run agreed(void)
{
    struct section_run run = {.name = "a", .max_steps = 5000, .checks = {.sweep_checks = 100}};
    struct cosim_counts *counts = &run.result.counts;
    run.result.status = COSIM_AGREED;
    counts->steps = 1000;
    counts->user_steps = 600;
    counts->abstract_steps = 590;
    counts->checks = 10;
    counts->sweeps = 1;
    counts->compared[COSIM_MEMORY] = 20;
    counts->primitives[CVM_PRIMITIVE_CLONE] = 2;
    counts->transitions[CVM_WAKE] = 3;
    counts->events[4] = 5;
    return run;
}

static struct section_run of_file(const char *path)
{
    struct section_run run = agreed();
    run.path = path;
    run.digest = OTHER_DIGEST;
    run.disk_digest = IMAGE_DIGEST;
    return run;
}

static struct section_run of_seed(uint64_t seed)
{
    struct section_run run = agreed();
    run.seed = seed;
    return run;
}

static struct section_run diverged(struct section_run run)
{
    run.result.status = COSIM_DIVERGED;
    run.result.divergence = (struct cosim_divergence){.conjunct = COSIM_REGISTERS,
                                                      .step = 900,
                                                      .process = 2,
                                                      .place = "gpr[5]",
                                                      .abstract = 1,
                                                      .concrete = 0xFFFFFFFF,
                                                      .text = "gpr[5] differs"};
    return run;
}

static json_t *read_json(const char *path)
{
    json_error_t error;
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    cr_assert(json, "%s: %s", path, error.text);
    return json;
}

static json_t *member(json_t *json, const char *path)
{
    char copy[128];
    snprintf(copy, sizeof copy, "%s", path);
    for (char *rest = copy, *key; (key = strsep(&rest, "/")) != NULL;) {
        json = json_is_array(json) ? json_array_get(json, (size_t)atoi(key))
                                   : json_object_get(json, key);
        cr_assert(json, "%s", path);
    }
    return json;
}

static long long number(json_t *json, const char *path)
{
    cr_assert(json_is_integer(member(json, path)), "%s", path);
    return json_integer_value(member(json, path));
}

static const char *string(json_t *json, const char *path)
{
    cr_assert(json_is_string(member(json, path)), "%s", path);
    return json_string_value(member(json, path));
}

/* A fresh audit with these runs, as JSON. */
static json_t *written(struct arena *arena, const char *path, const struct section_run *runs,
                       size_t count)
{
    struct fault fault = {0};
    const struct cosim_kernel *kernel = sample_kernel(arena);
    struct cosim_section *section = cosim_section_new(arena, kernel);
    for (size_t i = 0; i < count; i++)
        cosim_section_add(section, &runs[i]);
    cr_assert(file_make_directory(AUDITS, &fault));
    unlink(path);
    cr_assert(cosim_section_write(arena, section, sample_coverage(arena, kernel), path, &fault),
              "%s", fault.message);
    return read_json(path);
}

/* An audit as vouch check writes it, as far as it is looked at. */
static void write_checked(const char *path, const char *image, const char *source, bool accepted)
{
    json_t *json = json_pack("{s:i, s:s, s:b, s:{s:{s:s, s:s}, s:[{s:s, s:s}]}, s:[s]}", "format",
                             3, "scope", "image", "accepted", accepted, "inputs", "image", "path",
                             "k.elf", "sha256", image, "sources", "path", "a.c0", "sha256", source,
                             "assumptions", "the sun rises");
    cr_assert(json && json_dump_file(json, path, 0) == 0);
    json_decref(json);
}

Test(cosim_section, audit_of_runs_alone_is_never_accepted)
{
    struct arena *arena = arena_new();
    json_t *json = written(arena, AUDITS "cosim-runs.json",
                           (struct section_run[]){of_file("b.json"), of_seed(7), of_seed(8)}, 3);
    cr_assert(json_is_false(member(json, "accepted")));
    cr_assert(json_is_false(member(json, "cosim/accepted_by_check")));
    cr_assert(json_is_true(member(json, "cosim/agreed")));
    cr_assert_str_eq(string(json, "scope"), "runs");
    cr_assert_str_eq(string(json, "inputs/image/sha256"), IMAGE_DIGEST);
    cr_assert_str_eq(string(json, "inputs/sources/0/sha256"),
                     digest_of(arena, text_of(source_text)));
    cr_assert_str_eq(string(json, "inputs/preprocessor_arguments/0"), "-DPROCESS_COUNT=8u");
    cr_assert_str_eq(string(json, "cosim/kernel/sha256"), OTHER_DIGEST);
    json_decref(json);
    arena_free(arena);
}

Test(cosim_section, totals_are_the_sums_of_all_runs)
{
    struct arena *arena = arena_new();
    const char *path = AUDITS "cosim-totals.json";
    struct section_run runs[] = {of_file("b.json"), of_seed(7), diverged(of_seed(8))};
    json_t *json = written(arena, path, runs, 3);
    cr_assert(json_is_false(member(json, "cosim/agreed")));
    cr_assert_eq(number(json, "cosim/totals/scenarios"), 3);
    cr_assert_eq(number(json, "cosim/totals/statuses/agreed"), 2);
    cr_assert_eq(number(json, "cosim/totals/statuses/diverged"), 1);
    cr_assert_eq(number(json, "cosim/totals/counts/steps"), 3000);
    cr_assert_eq(number(json, "cosim/totals/counts/abstract_steps"), 1770);
    cr_assert_eq(number(json, "cosim/totals/counts/compared/memory"), 60);
    cr_assert_eq(number(json, "cosim/totals/counts/events/4"), 15);
    cr_assert_eq(number(json, "cosim/totals/primitives/cvm_clone"), 6);
    cr_assert_eq(number(json, "cosim/totals/transitions/wake"), 9);
    cr_assert_eq(number(json, "cosim/batches/0/counts/steps"), 2000);
    cr_assert_str_eq(string(json, "cosim/batches/0/not_agreed/0/seed"), "8");
    cr_assert_str_eq(string(json, "cosim/batches/0/not_agreed/0/divergence/place"), "gpr[5]");
    cr_assert_eq(number(json, "cosim/batches/0/not_agreed/0/divergence/concrete"), 0xFFFFFFFFLL);
    json_decref(json);
    arena_free(arena);
}

Test(cosim_section, coverage_is_there_by_file_and_statement)
{
    struct arena *arena = arena_new();
    json_t *json =
        written(arena, AUDITS "cosim-covered.json", (struct section_run[]){of_seed(7)}, 1);
    cr_assert_eq(number(json, "cosim/coverage/parts/0/statements"), 3);
    cr_assert_eq(number(json, "cosim/coverage/parts/0/covered"), 2);
    cr_assert_eq(number(json, "cosim/coverage/parts/0/uncalled"), 2);
    cr_assert_eq(number(json, "cosim/coverage/parts/0/files/0/statements"), 2);
    cr_assert_eq(number(json, "cosim/coverage/parts/0/files/0/covered"), 1);
    cr_assert_eq(number(json, "cosim/coverage/parts/0/uncovered/0/line"), 4);
    cr_assert_eq(json_array_size(member(json, "cosim/coverage/parts/0/uncovered")), 1u);
    cr_assert_str_eq(string(json, "cosim/coverage/parts/1/part"), "kernel/cvm");
    json_decref(json);
    arena_free(arena);
}

Test(cosim_section, a_run_that_does_not_agree_takes_agreement_away)
{
    static const enum cosim_status statuses[] = {COSIM_DIVERGED, COSIM_EMPTY, COSIM_ORACLE_ENDED,
                                                 COSIM_FAILED};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        struct arena *arena = arena_new();
        struct cosim_section *section = cosim_section_new(arena, sample_kernel(arena));
        cr_assert_not(cosim_section_agrees(section)); /* nothing was run */
        struct section_run run = of_seed(1);
        cosim_section_add(section, &run);
        cr_assert(cosim_section_agrees(section));
        run.result.status = statuses[i];
        cosim_section_add(section, &run);
        cr_assert_not(cosim_section_agrees(section));
        arena_free(arena);
    }
}

Test(cosim_section, same_runs_in_another_order_give_the_same_bytes)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    struct section_run runs[] = {of_file("b.json"), of_file("a.json"), of_seed(9), of_seed(7),
                                 diverged(of_seed(8))};
    struct section_run turned[] = {runs[4], runs[1], runs[3], runs[0], runs[2]};
    struct text first, second;
    json_decref(written(arena, AUDITS "cosim-order.json", runs, 5));
    cr_assert(file_read(arena, AUDITS "cosim-order.json", &first, &fault));
    json_decref(written(arena, AUDITS "cosim-order.json", turned, 5));
    cr_assert(file_read(arena, AUDITS "cosim-order.json", &second, &fault));
    cr_assert(text_equals(first, second));
    arena_free(arena);
}

Test(cosim_section, five_thousand_seeds_are_one_small_entry)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    struct section_run *runs = ARENA_ARRAY(arena, struct section_run, 5000);
    struct text content;
    for (size_t i = 0; i < 5000; i++)
        runs[i] = of_seed(5000 - i);
    json_t *json = written(arena, AUDITS "cosim-batch.json", runs, 5000);
    cr_assert_eq(json_array_size(member(json, "cosim/batches")), 1u);
    cr_assert_str_eq(string(json, "cosim/batches/0/first_seed"), "1");
    cr_assert_str_eq(string(json, "cosim/batches/0/last_seed"), "5000");
    cr_assert_eq(number(json, "cosim/batches/0/scenarios"), 5000);
    cr_assert(file_read(arena, AUDITS "cosim-batch.json", &content, &fault));
    cr_assert_lt(content.length, 20000u);
    json_decref(json);
    arena_free(arena);
}

Test(cosim_section, runs_with_other_limits_and_seeds_apart_are_batches_of_their_own)
{
    struct arena *arena = arena_new();
    struct section_run longer = of_seed(3);
    longer.max_steps++;
    struct section_run runs[] = {of_seed(1), of_seed(2), longer, of_seed(UINT64_MAX)};
    json_t *json = written(arena, AUDITS "cosim-batches.json", runs, 4);
    cr_assert_eq(json_array_size(member(json, "cosim/batches")), 3u);
    cr_assert_str_eq(string(json, "cosim/batches/1/first_seed"), "18446744073709551615");
    json_decref(json);
    arena_free(arena);
}

Test(cosim_section, batches_say_how_many_had_which_checks_and_digest_all_disks)
{
    struct arena *arena = arena_new();
    struct section_run runs[] = {of_seed(1), of_seed(2), of_seed(3)};
    runs[0].checks.consis = runs[1].checks.consis = runs[2].checks.at_primitives = true;
    runs[1].checks.user_steps = 700;
    for (size_t i = 0; i < 3; i++)
        runs[i].disk_digest = i == 1 ? OTHER_DIGEST : IMAGE_DIGEST;
    json_t *json = written(arena, AUDITS "cosim-checks.json", runs, 3);
    cr_assert_eq(json_array_size(member(json, "cosim/batches")), 1u);
    cr_assert_eq(number(json, "cosim/batches/0/checks/consis"), 2);
    cr_assert_eq(number(json, "cosim/batches/0/checks/at_primitives"), 1);
    cr_assert_eq(number(json, "cosim/batches/0/checks/user_steps"), 1);
    cr_assert_eq(number(json, "cosim/batches/0/checks/plain"), 0);
    struct text digests = text_of(IMAGE_DIGEST "\n" OTHER_DIGEST "\n" IMAGE_DIGEST "\n");
    cr_assert_str_eq(string(json, "cosim/batches/0/disks"), digest_of(arena, digests));
    json_decref(json);
    arena_free(arena);
}

Test(cosim_section, of_many_that_diverge_a_hundred_are_described_and_all_counted)
{
    struct arena *arena = arena_new();
    struct section_run *runs = ARENA_ARRAY(arena, struct section_run, 150);
    for (size_t i = 0; i < 150; i++)
        runs[i] = diverged(of_seed(i));
    json_t *json = written(arena, AUDITS "cosim-divergences.json", runs, 150);
    cr_assert_eq(json_array_size(member(json, "cosim/batches/0/not_agreed")), 100u);
    cr_assert_eq(number(json, "cosim/batches/0/statuses/diverged"), 150);
    json_decref(json);
    arena_free(arena);
}

/* --- Within an audit --- */

struct inside {
    struct arena *arena;
    struct fault fault;
    struct cosim_section *section;
    const char *path;
};

static struct inside inside_start(bool accepted, struct section_run run)
{
    struct inside inside = {.arena = arena_new()};
    inside.path = arena_printf(inside.arena, BINARY_ROOT "/inside-%d.json", (int)getpid());
    inside.section = cosim_section_new(inside.arena, sample_kernel(inside.arena));
    cosim_section_add(inside.section, &run);
    write_checked(inside.path, IMAGE_DIGEST, digest_of(inside.arena, text_of(source_text)),
                  accepted);
    return inside;
}

static void inside_end(struct inside *inside)
{
    unlink(inside->path);
    arena_free(inside->arena);
}

static bool write_inside(struct inside *inside)
{
    return cosim_section_write(inside->arena, inside->section, NULL, inside->path, &inside->fault);
}

Test(cosim_section, audit_that_was_accepted_stays_so_if_the_runs_agree)
{
    struct inside inside = inside_start(true, of_seed(1));
    cr_assert(write_inside(&inside), "%s", inside.fault.message);
    json_t *json = read_json(inside.path);
    cr_assert(json_is_true(member(json, "accepted")));
    cr_assert_str_eq(string(json, "assumptions/0"), "the sun rises");
    cr_assert(json_is_null(member(json, "cosim/coverage")));
    json_decref(json);
    inside_end(&inside);
}

Test(cosim_section, audit_is_accepted_no_longer_if_a_run_diverges)
{
    struct inside inside = inside_start(true, diverged(of_seed(1)));
    cr_assert(write_inside(&inside));
    json_t *json = read_json(inside.path);
    cr_assert(json_is_false(member(json, "accepted")));
    cr_assert(json_is_true(member(json, "cosim/accepted_by_check")));
    json_decref(json);
    inside_end(&inside);
}

Test(cosim_section, audit_that_was_not_accepted_is_not_by_runs)
{
    struct inside inside = inside_start(false, of_seed(1));
    cr_assert(write_inside(&inside));
    json_t *json = read_json(inside.path);
    cr_assert(json_is_false(member(json, "accepted")));
    json_decref(json);
    inside_end(&inside);
}

Test(cosim_section, new_section_takes_the_place_of_the_old_one_and_of_what_it_took_away)
{
    struct inside inside = inside_start(true, diverged(of_seed(1)));
    cr_assert(write_inside(&inside));
    struct section_run better = of_seed(2);
    inside.section = cosim_section_new(inside.arena, sample_kernel(inside.arena));
    cosim_section_add(inside.section, &better);
    cr_assert(write_inside(&inside), "%s", inside.fault.message);
    json_t *json = read_json(inside.path);
    cr_assert(json_is_true(member(json, "accepted")));
    cr_assert_eq(number(json, "cosim/totals/scenarios"), 1);
    json_decref(json);
    inside_end(&inside);
}

Test(cosim_section, audit_of_something_else_is_refused_and_left_alone)
{
    struct inside inside = inside_start(true, of_seed(1));
    const char *source = digest_of(inside.arena, text_of(source_text));
    const char *const digests[][2] = {{OTHER_DIGEST, source}, {IMAGE_DIGEST, OTHER_DIGEST}};
    static const char *const complaints[] = {"of another image", "not of kernel/a.c0"};
    for (size_t i = 0; i < 2; i++) {
        struct text before, after;
        struct fault fault = {0};
        write_checked(inside.path, digests[i][0], digests[i][1], true);
        cr_assert(file_read(inside.arena, inside.path, &before, &fault));
        inside.fault = (struct fault){0};
        cr_assert_not(write_inside(&inside));
        cr_assert(strstr(inside.fault.message, complaints[i]), "%s", inside.fault.message);
        cr_assert_not(
            cosim_section_fits(inside.arena, sample_kernel(inside.arena), inside.path, &fault));
        cr_assert(file_read(inside.arena, inside.path, &after, &(struct fault){0}));
        cr_assert(text_equals(before, after));
    }
    inside_end(&inside);
}

Test(cosim_section, what_is_no_audit_is_refused)
{
    static const char *const contents[] = {
        "",
        "{",
        "[]",
        "{}",
        "{\"format\": 2, \"scope\": \"image\", \"accepted\": true}",
        "{\"format\": 3, \"scope\": \"image\", \"accepted\": true}",
        "{\"format\": 3, \"scope\": \"image\", \"accepted\": true, \"cosim\": {}}",
        "{\"format\": 3, \"scope\": \"image\", \"accepted\": true, \"format\": 3}"};
    struct inside inside = inside_start(true, of_seed(1));
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        inside.fault = (struct fault){0};
        cr_assert(file_write(inside.path, text_of(contents[i]), &inside.fault));
        cr_assert_not(write_inside(&inside), "%s", contents[i]);
        cr_assert(inside.fault.is_set);
    }
    inside_end(&inside);
}

Test(cosim_section, file_that_is_not_there_fits_and_one_that_cannot_be_written_is_a_fault)
{
    struct inside inside = inside_start(true, of_seed(1));
    const struct cosim_kernel *kernel = sample_kernel(inside.arena);
    struct fault fault = {0};
    cr_assert(cosim_section_fits(inside.arena, kernel, BINARY_ROOT "/new.json", &fault));
    cr_assert(cosim_section_fits(inside.arena, kernel, "new.json", &fault));
    cr_assert(cosim_section_fits(inside.arena, kernel, "/dev/null", &fault));
    unlink(inside.path);
    inside.path = "/nowhere/audit.json";
    cr_assert_not(cosim_section_fits(inside.arena, kernel, inside.path, &fault));
    cr_assert_not(write_inside(&inside));
    inside_end(&inside);
}
