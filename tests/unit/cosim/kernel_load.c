/* Kernels by their descriptions: a small one is compiled and loaded; then one thing is wrong in its
 * description, in its sources or in its image, and the fault says which. */
#include "compiler/driver.h"
#include "cosim/kernel.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PROCESSES = 4 };

static const char header_text[] =
    "void cvm_reset(unsigned p); void cvm_clone(unsigned d, unsigned s);\n"
    "void cvm_alloc(unsigned p, unsigned n); void cvm_free(unsigned p, unsigned n);\n"
    "void cvm_copy(unsigned p, unsigned a, unsigned q, unsigned b, unsigned n);\n"
    "unsigned cvm_get_gpr(unsigned p, unsigned r);\n"
    "void cvm_set_gpr(unsigned p, unsigned r, unsigned v);\n"
    "unsigned cvm_get_word(unsigned p, unsigned a);\n"
    "void cvm_set_word(unsigned p, unsigned a, unsigned v);\n"
    "unsigned cvm_in_word(unsigned d, unsigned port);\n"
    "void cvm_out_word(unsigned d, unsigned port, unsigned v);\n"
    "void cvm_in_block(unsigned d, unsigned port, unsigned p, unsigned a, unsigned n);\n"
    "void cvm_out_block(unsigned d, unsigned port, unsigned p, unsigned a, unsigned n);\n"
    "void cvm_set_mask(unsigned v); unsigned cvm_get_mask(void);\n"
    "void cvm_load(unsigned p, unsigned sector, unsigned pages);\n"
    "unsigned kdispatch(unsigned eca, unsigned edata);\n";

static const char abstract_text[] = "#include \"cvm.h\"\n"
                                    "struct state { unsigned current; int times[COUNT]; };\n"
                                    "struct state state;\n"
                                    "static int hidden = 5;\n"
                                    "unsigned kdispatch(unsigned eca, unsigned edata)\n"
                                    "{\n"
                                    "    state.times[hidden - 5] = 1;\n"
                                    "    cvm_set_mask(eca);\n"
                                    "    return state.current;\n"
                                    "}\n";

static const char layer_text[] =
    "#include \"cvm.h\"\n"
    "struct registers { unsigned gpr[32]; };\n"
    "struct process { unsigned times; struct registers general; unsigned dpc; unsigned pcp;\n"
    "    unsigned rm; unsigned ieeef; unsigned fcc; };\n"
    "struct process process[4];\n"
    "unsigned process_mask;\n"
    "static unsigned page_count[4];\n"
    "static int hidden = 6;\n"
    "void cvm_reset(unsigned p) { process[1].dpc = page_count[1]; }\n"
    "void cvm_clone(unsigned d, unsigned s) { hidden = hidden + 1; }\n"
    "void cvm_alloc(unsigned p, unsigned n) { hidden = 0; }\n"
    "void cvm_free(unsigned p, unsigned n) { hidden = 0; }\n"
    "void cvm_copy(unsigned p, unsigned a, unsigned q, unsigned b, unsigned n) { hidden = 0; }\n"
    "unsigned cvm_get_gpr(unsigned p, unsigned r) { return 0u; }\n"
    "void cvm_set_gpr(unsigned p, unsigned r, unsigned v) { hidden = 0; }\n"
    "unsigned cvm_get_word(unsigned p, unsigned a) { return 0u; }\n"
    "void cvm_set_word(unsigned p, unsigned a, unsigned v) { hidden = 0; }\n"
    "unsigned cvm_in_word(unsigned d, unsigned port) { return 0u; }\n"
    "void cvm_out_word(unsigned d, unsigned port, unsigned v) { hidden = 0; }\n"
    "void cvm_in_block(unsigned d, unsigned port, unsigned p, unsigned a, unsigned n)\n"
    "{ hidden = 0; }\n"
    "void cvm_out_block(unsigned d, unsigned port, unsigned p, unsigned a, unsigned n)\n"
    "{ hidden = 0; }\n"
    "void cvm_set_mask(unsigned v) { process_mask = v; }\n"
    "unsigned cvm_get_mask(void) { return process_mask; }\n"
    "void cvm_load(unsigned p, unsigned sector, unsigned pages) { hidden = 0; }\n"
    "static unsigned current;\n"
    "void cvm_dispatch(void)\n"
    "{\n"
    "    unsigned next;\n"
    "    next = kdispatch(1u, 0u);\n"
    "    current = next;\n"
    "    asm { rfe }\n"
    "}\n";

static const char entry_text[] = "        .text\n"
                                 "        .globl _start\n"
                                 "        .type _start, function\n"
                                 "_start: j .Lentry\n"
                                 "        nop\n"
                                 ".Lidle: j .Lidle\n"
                                 "        nop\n"
                                 ".Lentry:\n"
                                 "        li r28, &__globals\n"
                                 "        li r29, &__stack\n"
                                 "        li r30, &__heap\n"
                                 "        jal cvm_dispatch\n"
                                 "        nop\n"
                                 "        .size _start, .-_start\n";

static const char description_text[] =
    "{\"kernel\": 1, \"root\": \"source\", \"image\": \"kernel.elf\",\n"
    " \"abstract\": [\"part/abstract.c0\"], \"layer\": [\"part/layer.c0\"],\n"
    " \"options\": [\"-DCOUNT=3\"],\n"
    " \"parameters\": {\"PROCESS_COUNT\": 4, \"VIRTUAL_PAGES\": 16, \"FRAME_COUNT\": 6,\n"
    "  \"MEMORY_BYTES\": 262144, \"KERNEL_BYTES\": 65536}}\n";

/* The files of a kernel, one of them with one text in place of another. */
struct change {
    const char *file, *old, *new;
};

static void write_file(const char *path, const char *text, const struct change *change)
{
    FILE *out = fopen(path, "w");
    cr_assert_not_null(out);
    const char *at =
        change != NULL && strcmp(change->file, path) == 0 ? strstr(text, change->old) : NULL;
    cr_assert(change == NULL || strcmp(change->file, path) != 0 || at != NULL, "%s", change->old);
    if (at == NULL)
        fputs(text, out);
    else
        fprintf(out, "%.*s%s%s", (int)(at - text), text, change->new, at + strlen(change->old));
    fclose(out);
}

static void compile(struct arena *arena)
{
    struct fault fault = {0};
    struct driver_options options = {
        .arena = arena, .output = "../kernel.elf", .map = map_default()};
    cr_assert(map_parse(&options.map, text_of("heap=4K,stack=4K,memory=64K"), (struct location){0},
                        &fault));
    const char *inputs[] = {"part/entry.s", "part/layer.c0", "part/abstract.c0"};
    for (size_t i = 0; i < 3; i++)
        ARRAY_PUSH(arena, &options.inputs, inputs[i]);
    ARRAY_PUSH(arena, &options.preprocessor, "-DCOUNT=3");
    cr_assert_eq(chdir("source"), 0);
    cr_assert(driver_run(&options, stderr));
    cr_assert_eq(chdir(".."), 0);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status, (void)kind, (void)walk;
    return remove(path);
}

/* The kernel's directory, which the test is in, or a directory of it. */
static void remove_kernel(struct arena *arena)
{
    char *here = getcwd(NULL, 0);
    cr_assert(here != NULL && strstr(here, "/vouch-kernel-") != NULL);
    char *end = strstr(here, "/source");
    if (end != NULL)
        *end = '\0';
    nftw(here, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(here);
    arena_free(arena);
}

/* A directory of its own; changes of files named *.c0 or *.s are compiled, too, unless the image is
 * to be that of the sources before. */
static void make_kernel(struct arena *arena, const struct change *change, bool keeps_image)
{
    char directory[] = P_tmpdir "/vouch-kernel-XXXXXX";
    cr_assert_not_null(mkdtemp(directory));
    cr_assert_eq(chdir(directory), 0);
    cr_assert(mkdir("source", 0777) == 0 && mkdir("source/part", 0777) == 0);
    for (unsigned changed = keeps_image ? 0 : 1; changed < 2; changed++) {
        const struct change *now = changed != 0 ? change : NULL;
        write_file("source/part/cvm.h", header_text, now);
        write_file("source/part/abstract.c0", abstract_text, now);
        write_file("source/part/layer.c0", layer_text, now);
        write_file("source/part/entry.s", entry_text, now);
        write_file("kernel.json", description_text, now);
        if (changed == 0 || !keeps_image)
            compile(arena);
    }
}

static const struct cosim_kernel *load(struct arena *arena, const char *path, struct fault *fault)
{
    FILE *nowhere = fopen("/dev/null", "w");
    const struct cosim_kernel *kernel = cosim_kernel_load(arena, path, nowhere, fault);
    fclose(nowhere);
    return kernel;
}

static void is_refused(const char *file, const char *old, const char *new, bool keeps_image,
                       const char *message)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    const struct change change = {file, old, new};
    make_kernel(arena, &change, keeps_image);
    cr_expect_null(load(arena, "kernel.json", &fault));
    cr_expect_not_null(strstr(fault.message, message), "%s", fault.message);
    remove_kernel(arena);
}

static uint32_t address_of(const struct cosim_kernel *kernel, const char *name, const char *file)
{
    const struct image_symbol *symbol = image_symbol(kernel->image, name, file);
    cr_assert_not_null(symbol);
    return symbol->address;
}

Test(cosim_kernel, is_loaded_from_its_description_wherever_that_is_named_from)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    make_kernel(arena, NULL, false);
    cr_assert_eq(chdir("source/part"), 0);
    const struct cosim_kernel *kernel = load(arena, "../../kernel.json", &fault);
    cr_assert_not_null(kernel, "%s", fault.message);
    cr_expect_eq(kernel->dispatch, address_of(kernel, "kdispatch", NULL));
    cr_expect_eq(kernel->primitives[CVM_PRIMITIVE_LOAD], address_of(kernel, "cvm_load", NULL));
    cr_expect_eq(kernel->idle, 8);
    uint32_t word;
    cr_assert(image_word(kernel->image, kernel->exit, &word));
    cr_expect_eq(word >> 26, 63);

    cr_assert_eq(kernel->global_count, 2);
    cr_expect_str_eq(kernel->globals[0].abstract->name, "state");
    cr_expect_eq(kernel->globals[0].address, address_of(kernel, "state", NULL));
    cr_expect_str_eq(kernel->globals[1].abstract->name, "hidden");
    cr_assert(image_word(kernel->image, kernel->globals[1].address, &word));
    cr_expect_eq(word, 5, "the abstract part's own, not the layer's");

    cr_expect_eq(kernel->control_blocks, address_of(kernel, "process", NULL));
    cr_expect_eq(kernel->control_block_bytes, 4 * (1 + 32 + 5));
    cr_expect_eq(kernel->gpr_offset, 4);
    cr_expect_eq(kernel->dpc_offset, 4 * 33);
    cr_expect_eq(kernel->pcp_offset, 4 * 34);
    cr_expect_eq(kernel->rm_offset, 4 * 35);
    cr_expect_eq(kernel->ieeef_offset, 4 * 36);
    cr_expect_eq(kernel->fcc_offset, 4 * 37);
    cr_expect_eq(kernel->current, address_of(kernel, "current", "part/layer.c0"));
    cr_expect_eq(kernel->page_counts, address_of(kernel, "page_count", "part/layer.c0"));
    cr_expect_eq(kernel->mask, address_of(kernel, "process_mask", NULL));
    cr_expect_eq(kernel->tables, 0x10000);
    cr_expect_eq(kernel->zero_frame, 16 + PROCESSES);
    cr_expect_eq(kernel->first_frame, 16 + PROCESSES + 1);
    remove_kernel(arena);
}

/* --- The description --- */

#define REFUSES_DESCRIPTION(name, old, new, message)                                               \
    Test(cosim_kernel_description, name)                                                           \
    {                                                                                              \
        is_refused("kernel.json", old, new, false, message);                                       \
    }

REFUSES_DESCRIPTION(that_is_no_json, "{\"kernel\"", "\"kernel\"", "expected near")
REFUSES_DESCRIPTION(that_is_no_object, "{\"kernel\": 1", "[1], {\"kernel\": 1", "end of file")
REFUSES_DESCRIPTION(of_another_format, "\"kernel\": 1", "\"kernel\": 2", "format 2, not 1")
REFUSES_DESCRIPTION(with_an_unknown_key, "\"root\":", "\"rot\": 1, \"root\":", "\"rot\" means")
REFUSES_DESCRIPTION(with_a_key_twice, "\"root\":", "\"root\": \"x\", \"root\":", "duplicate")
REFUSES_DESCRIPTION(without_an_image, "\"image\": \"kernel.elf\",", "", "\"image\" is no string")
REFUSES_DESCRIPTION(of_an_empty_name, "\"kernel.elf\"", "\"\"", "\"image\" is no string")
REFUSES_DESCRIPTION(of_sources_that_are_numbers, "[\"part/layer.c0\"]", "[1]",
                    "\"layer\" is no string")
REFUSES_DESCRIPTION(of_a_source_alone, "[\"part/layer.c0\"]", "\"part/layer.c0\"",
                    "\"layer\" is no array")
REFUSES_DESCRIPTION(of_a_source_named_twice, "[\"part/layer.c0\"]",
                    "[\"part/layer.c0\", \"part/layer.c0\"]",
                    "\"layer\" names 'part/layer.c0' twice")
REFUSES_DESCRIPTION(of_an_image_that_is_not_there, "kernel.elf", "nowhere.elf", "cannot read")
REFUSES_DESCRIPTION(of_a_source_that_is_not_there, "part/abstract.c0", "part/nowhere.c0",
                    "abstract part is no program")
REFUSES_DESCRIPTION(of_a_root_that_is_not_there, "\"source\"", "\"nowhere\"",
                    "abstract part is no program")
REFUSES_DESCRIPTION(with_options_that_are_no_macros, "-DCOUNT=3", "-ofile", "'-ofile' is no -D")
REFUSES_DESCRIPTION(with_a_macro_without_a_name, "-DCOUNT=3", "-D", "'-D' is no -D")
REFUSES_DESCRIPTION(without_a_parameter, "\"FRAME_COUNT\": 6,", "", "\"FRAME_COUNT\" is no number")
REFUSES_DESCRIPTION(with_a_negative_parameter, "\"FRAME_COUNT\": 6", "\"FRAME_COUNT\": -6",
                    "\"FRAME_COUNT\" is no number")
REFUSES_DESCRIPTION(with_a_parameter_too_large, "\"FRAME_COUNT\": 6", "\"FRAME_COUNT\": 4294967296",
                    "\"FRAME_COUNT\" is no number")
REFUSES_DESCRIPTION(with_another_parameter, "\"FRAME_COUNT\"", "\"X\": 1, \"FRAME_COUNT\"",
                    "\"X\" means nothing")
REFUSES_DESCRIPTION(of_one_process_number, "\"PROCESS_COUNT\": 4", "\"PROCESS_COUNT\": 1",
                    "no kernel has this PROCESS_COUNT")
REFUSES_DESCRIPTION(of_tables_too_long, "\"VIRTUAL_PAGES\": 16", "\"VIRTUAL_PAGES\": 1025",
                    "no kernel has this VIRTUAL_PAGES")
REFUSES_DESCRIPTION(of_one_frame, "\"FRAME_COUNT\": 6", "\"FRAME_COUNT\": 1",
                    "no kernel has this FRAME_COUNT")
REFUSES_DESCRIPTION(of_frames_beyond_memory, "\"FRAME_COUNT\": 6", "\"FRAME_COUNT\": 60",
                    "no kernel has this MEMORY_BYTES")
REFUSES_DESCRIPTION(of_frames_without_number, "\"FRAME_COUNT\": 6", "\"FRAME_COUNT\": 4294967295",
                    "no kernel has this MEMORY_BYTES")
REFUSES_DESCRIPTION(of_memory_over_the_devices, "262144", "4294967292",
                    "no kernel has this MEMORY_BYTES")
REFUSES_DESCRIPTION(of_half_a_page, "65536", "65538", "no kernel has this KERNEL_BYTES")
REFUSES_DESCRIPTION(of_a_kernel_that_does_not_fit, "65536", "4096", "below KERNEL_BYTES")
REFUSES_DESCRIPTION(whose_options_say_otherwise, "-DCOUNT=3", "-DPROCESS_COUNT=5u",
                    "the parameter PROCESS_COUNT is 4, and the option -DPROCESS_COUNT=5u")
REFUSES_DESCRIPTION(of_other_process_numbers_than_its_layer, "\"PROCESS_COUNT\": 4",
                    "\"PROCESS_COUNT\": 5", "no array of 5 control blocks")
REFUSES_DESCRIPTION(whose_globals_are_larger, "-DCOUNT=3", "-DCOUNT=4",
                    "state has 16 bytes in its image, and 20 in its source")

/* --- Sources and image --- */

#define REFUSES(name, file, old, new, message)                                                     \
    Test(cosim_kernel_image, name)                                                                 \
    {                                                                                              \
        is_refused("source/part/" file, old, new, false, message);                                 \
    }
#define REFUSES_AFTER(name, file, old, new, message)                                               \
    Test(cosim_kernel_image, name)                                                                 \
    {                                                                                              \
        is_refused("source/part/" file, old, new, true, message);                                  \
    }

REFUSES(that_does_not_wait, "entry.s", ".Lidle: j .Lidle", ".Lidle: j _start", "does not wait at")
REFUSES(that_waits_with_work, "entry.s", ".Lidle: j .Lidle\n        nop",
        ".Lidle: j .Lidle\n        addi r1, r1, 1", "does not wait at")
REFUSES(with_two_exits, "layer.c0", "asm { rfe }", "asm { rfe }\n} void out(void) { asm { rfe }",
        "has 2 rfe")
REFUSES(without_an_exit, "layer.c0", "asm { rfe }", "hidden = 1;", "has 0 rfe")
REFUSES(without_a_control_block, "layer.c0", "struct process process[4]",
        "struct process process[3]", "no array of 4 control blocks")
REFUSES(without_a_register, "layer.c0", "unsigned ieeef", "int ieeef",
        "control blocks have no unsigned int ieeef")
REFUSES(with_fewer_registers, "layer.c0", "gpr[32]", "gpr[31]", "no general.gpr of 32 words")
#define CURRENT(type, name, cast)                                                                  \
    "static " type " " name ";\nvoid cvm_dispatch(void)\n{\n    unsigned next;\n"                  \
    "    next = kdispatch(1u, 0u);\n    " name " = " cast "next;"
#define CURRENT_BEFORE CURRENT("unsigned", "current", "")
REFUSES(without_a_current_process, "layer.c0", CURRENT_BEFORE, CURRENT("unsigned", "running", ""),
        "its layer has 0 globals current")
REFUSES(with_a_current_process_of_another_type, "layer.c0", CURRENT_BEFORE,
        CURRENT("int", "current", "(int)"), "its layer's current is no unsigned int")
REFUSES(with_other_page_counts, "layer.c0", "page_count[4]", "page_count[6]",
        "page_count is no array of 4 words")
REFUSES_AFTER(of_an_abstract_part_that_defines_a_primitive, "abstract.c0", "static int hidden",
              "void cvm_set_mask(unsigned v) { } static int hidden", "defines the primitive")
REFUSES_AFTER(of_an_abstract_part_that_declares_a_primitive_otherwise, "cvm.h",
              "cvm_set_mask(unsigned v)", "cvm_set_mask(unsigned v, unsigned w)",
              "abstract part is no program")
REFUSES_AFTER(of_an_abstract_part_that_leaves_a_function_open, "abstract.c0", "cvm_set_mask(eca);",
              "process_clear();", "abstract part is no program")
REFUSES_AFTER(of_an_abstract_part_that_uses_the_layer, "abstract.c0", "static int hidden",
              "extern unsigned process_mask; unsigned seen(void) { return process_mask; }\n"
              "static int hidden",
              "does not define its global process_mask")
REFUSES_AFTER(of_an_abstract_part_that_calls_the_layer, "abstract.c0",
              "unsigned kdispatch(unsigned eca, unsigned edata)\n{\n",
              "void cvm_dispatch(void);\nunsigned kdispatch(unsigned eca, unsigned edata)\n{\n"
              "    cvm_dispatch();\n",
              "does not define cvm_dispatch, which is no primitive")
REFUSES_AFTER(of_an_abstract_part_without_its_dispatcher, "abstract.c0",
              "unsigned kdispatch(unsigned eca, unsigned edata)",
              "unsigned other(unsigned eca, unsigned edata)", "does not define kdispatch")
REFUSES_AFTER(without_a_global, "abstract.c0", "static int hidden",
              "int another; static int hidden", "has no global another")

Test(cosim_kernel_image, that_is_cut_anywhere_is_refused)
{
    struct arena *arena = arena_new();
    make_kernel(arena, NULL, false);
    struct stat status;
    cr_assert_eq(stat("kernel.elf", &status), 0);
    for (off_t size = status.st_size - 1; size > 0; size -= 97 + size / 20) {
        struct fault fault = {0};
        cr_assert_eq(truncate("kernel.elf", size), 0);
        cr_expect_null(load(arena, "kernel.json", &fault));
        cr_expect(fault.is_set);
    }
    remove_kernel(arena);
}

Test(cosim_kernel_description, that_is_cut_anywhere_is_refused)
{
    struct arena *arena = arena_new();
    make_kernel(arena, NULL, false);
    for (size_t size = strlen(description_text) - 3; size > 0; size -= size > 7 ? 7 : size) {
        struct fault fault = {0};
        cr_assert_eq(truncate("kernel.json", (off_t)size), 0);
        cr_expect_null(load(arena, "kernel.json", &fault));
        cr_expect(fault.is_set);
    }
    remove_kernel(arena);
}
