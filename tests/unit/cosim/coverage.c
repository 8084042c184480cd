/* Coverage of a small kernel of two files, whose line table is written by hand. */
#include "cosim/coverage.h"

#include "semantics/c0/front.h"

#include <criterion/criterion.h>
#include <string.h>

/* The lines of the table stand for the statements' code, one word each. */
static const char abstract_text[] = "# 1 \"kernel/abstract/a.c0\"\n"
                                    "unsigned int seen;\n"
                                    "unsigned int inner(unsigned int x)\n"
                                    "{\n"
                                    "    seen = seen + x;\n" /* 4 */
                                    "    return seen;\n"     /* 5 */
                                    "}\n"
                                    "void nobody_calls_it(void)\n"
                                    "{\n"
                                    "    seen = 9u;\n" /* 9 */
                                    "    seen = 8u;\n" /* 10 */
                                    "}\n"
                                    "unsigned int kdispatch(unsigned int eca, unsigned int edata)\n"
                                    "{\n"
                                    "    unsigned int p;\n"
                                    "    p = 0u;\n"               /* 15 */
                                    "    if (eca != 1u) {\n"      /* 16 */
                                    "        p = inner(edata);\n" /* 17 */
                                    "    }\n"
                                    "    return p;\n" /* 19 */
                                    "}\n";
static const char layer_text[] = "# 1 \"kernel/cvm/l.c0\"\n"
                                 "unsigned int kdispatch(unsigned int eca, unsigned int edata);\n"
                                 "unsigned int next;\n"
                                 "void cvm_dispatch(unsigned int eca)\n"
                                 "{\n"
                                 "    while (false) {\n"                /* 5: no code */
                                 "        next = 1u;\n"                 /* 6: no code */
                                 "    }\n"                              /**/
                                 "    next = kdispatch(eca, 0u);\n"     /* 8 */
                                 "    if (next == 0u) { next = 7u; }\n" /* 9: two */
                                 "}\n"
                                 "void spare(void)\n"
                                 "{\n"
                                 "    next = 0u;\n" /* 13 */
                                 "}\n";

#define ABSTRACT_LINES                                                                             \
    "0x100 kernel/abstract/a.c0:4\n0x104 kernel/abstract/a.c0:5\n"                                 \
    "0x108 kernel/abstract/a.c0:9\n0x10c kernel/abstract/a.c0:10\n"                                \
    "0x110 kernel/abstract/a.c0:15\n0x114 kernel/abstract/a.c0:16\n"                               \
    "0x118 kernel/abstract/a.c0:17\n0x11c kernel/abstract/a.c0:19\n"
#define LAYER_LINES                                                                                \
    "0x120 kernel/cvm/l.c0:8\n0x124 kernel/cvm/l.c0:9\n0x128 kernel/cvm/l.c0:9\n"                  \
    "0x12c kernel/cvm/l.c0:13\n"

static const struct c0_program *program(struct arena *arena, const char *text)
{
    struct c0_front_options options = {.may_lack_definitions = true};
    const struct c0_program *loaded = c0_load_text(arena, "text", text_of(text), &options, stderr);
    cr_assert(loaded);
    return loaded;
}

static const struct cosim_kernel *kernel_with(struct arena *arena, const char *lines)
{
    struct image_section *section = ARENA_NEW(arena, struct image_section);
    struct image *image = ARENA_NEW(arena, struct image);
    struct cosim_kernel *kernel = ARENA_NEW(arena, struct cosim_kernel);
    *section = (struct image_section){.name = ".c0.lines", .content = text_of(lines)};
    *image = (struct image){
        .path = "kernel.elf", .sections = section, .section_count = 1, .digest = "0123"};
    kernel->image = image;
    kernel->abstract = program(arena, abstract_text);
    kernel->concrete = program(arena, arena_printf(arena, "%s%s", abstract_text, layer_text));
    return kernel;
}

static struct cosim_coverage *coverage_new(struct arena *arena)
{
    struct fault fault = {0};
    struct cosim_coverage *coverage =
        cosim_coverage_new(arena, kernel_with(arena, ABSTRACT_LINES LAYER_LINES), &fault);
    cr_assert(coverage, "%s", fault.message);
    return coverage;
}

/* A run in which kdispatch was called with `eca`, and the code from 0x120 up to `end` executed. */
static void add_run(struct arena *arena, struct cosim_coverage *coverage, uint32_t eca,
                    uint32_t end)
{
    const struct c0_program *abstract = coverage->kernel->abstract;
    struct c0_machine *kernel = c0_machine_new(arena, abstract, c0_limits_default());
    c0_machine_count_statements(kernel);
    struct c0_outcome outcome = c0_machine_call(
        kernel, c0_program_function(abstract, "kdispatch", NULL), (const uint32_t[]){eca, 5}, 1000);
    cr_assert_eq(outcome.status, C0_RETURNED);

    struct vamp_machine *processor = vamp_machine_new(arena, 0x1000);
    struct vamp_insn nothing = {.op = VAMP_OP_ORI, .rd = 1, .rs1 = 1};
    for (uint32_t at = 0x120; at < 0x200; at += 4)
        vamp_machine_write(processor, at, vamp_encode(&nothing));
    vamp_machine_state(processor)->dpc = 0x120;
    vamp_machine_state(processor)->pcp = 0x124;
    vamp_machine_run(processor, (end - 0x120) / 4);

    struct cosim_counts counts = {0};
    counts.primitives[CVM_PRIMITIVE_LOAD] = 3;
    counts.transitions[CVM_WAKE] = 4;
    cosim_coverage_add_machines(coverage, kernel, processor, &counts);
}

static uint64_t count_at(const struct cosim_coverage *coverage, enum coverage_part part,
                         uint32_t line, size_t which)
{
    const struct coverage_statements *statements = &coverage->parts[part];
    for (size_t i = 0; i < statements->count; i++)
        if (statements->at[i].line == line && which-- == 0)
            return statements->at[i].count;
    cr_assert(false, "no statement on line %u", (unsigned)line);
    return 0;
}

Test(cosim_coverage, statements_of_each_part_are_those_that_its_dispatcher_can_reach)
{
    struct arena *arena = arena_new();
    struct cosim_coverage *coverage = coverage_new(arena);
    const struct coverage_statements *abstract = &coverage->parts[COVERAGE_ABSTRACT];
    const struct coverage_statements *layer = &coverage->parts[COVERAGE_LAYER];
    cr_assert_eq(abstract->count, 6u);
    cr_assert_eq(abstract->uncalled, 2u);
    cr_assert_eq(layer->count, 3u);
    cr_assert_eq(layer->uncalled, 1u);
    cr_assert_eq(layer->without_code, 2u);
    cr_assert_str_eq(layer->at[0].file, "kernel/cvm/l.c0");
    cr_assert_str_eq(layer->at[0].function, "cvm_dispatch");
    cr_assert_eq(coverage_covered(abstract) + coverage_covered(layer), 0u);
    arena_free(arena);
}

Test(cosim_coverage, abstract_statements_are_covered_by_what_the_c0_machine_executes)
{
    struct arena *arena = arena_new();
    struct cosim_coverage *coverage = coverage_new(arena);
    add_run(arena, coverage, 1, 0x120);
    cr_assert_eq(count_at(coverage, COVERAGE_ABSTRACT, 16, 0), 1u);
    cr_assert_eq(count_at(coverage, COVERAGE_ABSTRACT, 17, 0), 0u);
    cr_assert_eq(coverage_covered(&coverage->parts[COVERAGE_ABSTRACT]), 3u);
    cr_assert_eq(coverage_covered(&coverage->parts[COVERAGE_LAYER]), 0u);
    arena_free(arena);
}

Test(cosim_coverage, statements_of_the_layer_are_covered_by_what_the_processor_executes)
{
    struct arena *arena = arena_new();
    struct cosim_coverage *coverage = coverage_new(arena);
    add_run(arena, coverage, 1, 0x128); /* not the second statement of line 9 */
    cr_assert_eq(count_at(coverage, COVERAGE_LAYER, 8, 0), 1u);
    cr_assert_eq(count_at(coverage, COVERAGE_LAYER, 9, 0), 1u);
    cr_assert_eq(count_at(coverage, COVERAGE_LAYER, 9, 1), 0u);
    arena_free(arena);
}

Test(cosim_coverage, statements_that_share_a_line_and_less_code_are_covered_only_by_all_of_it)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    /* Line 9 has one piece of code for two statements: nobody knows whose. */
    const struct cosim_kernel *kernel =
        kernel_with(arena, ABSTRACT_LINES "0x120 kernel/cvm/l.c0:8\n0x128 kernel/cvm/l.c0:9\n");
    struct cosim_coverage *coverage = cosim_coverage_new(arena, kernel, &fault);
    cr_assert(coverage, "%s", fault.message);
    add_run(arena, coverage, 1, 0x128);
    cr_assert_eq(coverage_covered(&coverage->parts[COVERAGE_LAYER]), 1u);
    add_run(arena, coverage, 1, 0x12c);
    cr_assert_eq(coverage_covered(&coverage->parts[COVERAGE_LAYER]), 3u);
    arena_free(arena);
}

Test(cosim_coverage, runs_add_up)
{
    struct arena *arena = arena_new();
    struct cosim_coverage *coverage = coverage_new(arena);
    add_run(arena, coverage, 1, 0x124);
    add_run(arena, coverage, 2, 0x12c);
    cr_assert_eq(coverage->runs, 2u);
    cr_assert_eq(count_at(coverage, COVERAGE_ABSTRACT, 15, 0), 2u);
    cr_assert_eq(count_at(coverage, COVERAGE_ABSTRACT, 17, 0), 1u);
    cr_assert_eq(count_at(coverage, COVERAGE_LAYER, 8, 0), 2u);
    cr_assert_eq(count_at(coverage, COVERAGE_LAYER, 9, 1), 1u);
    cr_assert_eq(coverage->primitives[CVM_PRIMITIVE_LOAD], 6u);
    cr_assert_eq(coverage->transitions[CVM_WAKE], 8u);
    arena_free(arena);
}

Test(cosim_coverage, what_workers_send_adds_up_to_what_one_process_sees)
{
    struct arena *arena = arena_new();
    struct cosim_coverage *first = coverage_new(arena), *second = coverage_new(arena);
    struct cosim_coverage *merged = coverage_new(arena), *alone = coverage_new(arena);
    add_run(arena, first, 1, 0x124);
    add_run(arena, second, 2, 0x12c);
    add_run(arena, alone, 1, 0x124);
    add_run(arena, alone, 2, 0x12c);
    struct text_builder sent = {.arena = arena}, expected = {.arena = arena},
                        received = {.arena = arena};
    cosim_coverage_send(first, &sent);
    cosim_coverage_send(second, &sent);
    struct text rest = text_of(text_built(&sent));
    cr_assert(cosim_coverage_receive(merged, &rest));
    cr_assert(cosim_coverage_receive(merged, &rest));
    cr_assert_eq(rest.length, 0u);
    cosim_coverage_send(alone, &expected);
    cosim_coverage_send(merged, &received);
    cr_assert_str_eq(text_built(&received), text_built(&expected));
    arena_free(arena);
}

Test(cosim_coverage, what_is_cut_short_or_damaged_adds_nothing)
{
    struct arena *arena = arena_new();
    struct cosim_coverage *sender = coverage_new(arena), *receiver = coverage_new(arena);
    struct text_builder sent = {.arena = arena}, untouched = {.arena = arena},
                        after = {.arena = arena};
    add_run(arena, sender, 2, 0x12c);
    cosim_coverage_send(sender, &sent);
    cosim_coverage_send(receiver, &untouched);
    for (size_t length = 0; length < sent.length; length++) {
        struct text rest = {text_built(&sent), length};
        cr_assert_not(cosim_coverage_receive(receiver, &rest));
        cr_assert_eq(rest.length, length);
    }
    for (size_t at = 0; at < sent.length; at++) {
        char *damaged = text_copy(arena, (struct text){text_built(&sent), sent.length});
        damaged[at] = 'x';
        struct text rest = {damaged, sent.length};
        cr_assert_not(cosim_coverage_receive(receiver, &rest));
    }
    cosim_coverage_send(receiver, &after);
    cr_assert_str_eq(text_built(&after), text_built(&untouched));
    arena_free(arena);
}

Test(cosim_coverage, image_without_a_fitting_line_table_is_refused)
{
    static const struct {
        const char *lines, *complaint;
    } cases[] = {
        {"", "compile it with c0c -g"},
        {"0x100\n", "line 1 of .c0.lines is malformed"},
        {ABSTRACT_LINES LAYER_LINES "0x130 kernel/cvm/l.c0:10\n", "kernel/cvm/l.c0:10"},
        {ABSTRACT_LINES LAYER_LINES "0x130 kernel/cvm/other.c0:1\n", "kernel/cvm/other.c0:1"},
        {ABSTRACT_LINES LAYER_LINES "0x130 kernel/cvm/l.c0:8\n", "kernel/cvm/l.c0:8"},
        {ABSTRACT_LINES LAYER_LINES "0x130 a.c0:1\n", "a.c0:1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *arena = arena_new();
        struct fault fault = {0};
        const struct cosim_kernel *kernel = kernel_with(arena, cases[i].lines);
        cr_assert_null(cosim_coverage_new(arena, kernel, &fault));
        cr_assert(strstr(fault.message, cases[i].complaint), "%s", fault.message);
        arena_free(arena);
    }
}

static const char *printed(struct arena *arena, const struct cosim_coverage *coverage)
{
    char *buffer = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&buffer, &length);
    cosim_coverage_print(coverage, out);
    fclose(out);
    const char *copy = arena_copy(arena, buffer, length);
    free(buffer);
    return copy;
}

Test(cosim_coverage, table_has_rates_and_every_statement_that_was_not_executed)
{
    struct arena *arena = arena_new();
    struct cosim_coverage *coverage = coverage_new(arena);
    add_run(arena, coverage, 1, 0x128);
    const char *table = printed(arena, coverage);
    /* 3 of 6, and 2 of 3, rounded down. */
    cr_assert(
        strstr(table, "kernel/abstract/a.c0                          6          3   50.0%\n"));
    cr_assert(
        strstr(table, "kernel/cvm                                    3          2   66.6%\n"));
    cr_assert(strstr(table, "kernel/abstract/a.c0:17: not executed, in kdispatch\n"));
    cr_assert(strstr(table, "kernel/cvm/l.c0:9: not executed, in cvm_dispatch\n"));
    cr_assert_null(strstr(table, "kernel/cvm/l.c0:8:"));
    cr_assert_null(strstr(table, "a.c0:9:")); /* nobody calls it */
    cr_assert(strstr(table, "cvm_reset                                                0  never\n"));
    cr_assert(strstr(table, "cvm_load                                                 3\n"));
    arena_free(arena);
}
