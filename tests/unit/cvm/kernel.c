/* The project's own abstract kernel (kernel/abstract) on the abstract machine: boot, calls,
 * messages, the clock, the end of everybody. */
#include "rig.h"

#include "physical/store.h"
#include "semantics/c0/front.h"

#include <criterion/criterion.h>
#include <glob.h>
#include <string.h>

enum { PAGE = VAMP_PAGE_BYTES, INIT = 1, INIT_SECTOR = 8, KERNEL_STEPS = 1000000 };

static const char *const modules[] = {"list", "ready", "rights", "timeout", "bits"};

static const char *const parameters[] = {"-DPROCESS_COUNT=8u", "-DVIRTUAL_PAGES=8u",
                                         "-DINIT_PAGES=1u", "-DINIT_MEMORY_PAGES=2u"};

static const struct c0_program *load_kernel(struct arena *arena)
{
    const char *paths[64];
    size_t count = 0;
    glob_t found;
    cr_assert_eq(glob(SOURCE_ROOT "/kernel/abstract/*.c0", 0, NULL, &found), 0);
    cr_assert_lt(found.gl_pathc, 50);
    for (size_t i = 0; i < found.gl_pathc; i++)
        paths[count++] = found.gl_pathv[i];
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        paths[count++] = arena_printf(arena, SOURCE_ROOT "/kernel/lib/%s.c0", modules[i]);
    const struct c0_front_options options = {
        .preprocessor_arguments = parameters,
        .preprocessor_argument_count = sizeof parameters / sizeof *parameters,
        .may_lack_definitions = true,
        .include_directory = SOURCE_ROOT "/include",
    };
    const struct c0_program *program = c0_load(arena, paths, count, &options, stderr);
    cr_assert_not_null(program);
    globfree(&found);
    return program;
}

/* Init's code is one page of the disk. */
static void store_program(struct device_store disk, const char *text)
{
    uint32_t words[DEVICE_SECTOR_BYTES / 4] = {0};
    unsigned char bytes[DEVICE_SECTOR_BYTES];
    rig_assemble(text, words, DEVICE_SECTOR_BYTES / 4);
    for (unsigned i = 0; i < DEVICE_SECTOR_BYTES; i++)
        bytes[i] = (unsigned char)(words[i / 4] >> 8 * (i % 4));
    cr_assert(disk.write(disk.self, INIT_SECTOR, bytes));
}

static struct rig rig;

/* After power-up, with init from the disk. */
static void boot(const char *init)
{
    rig =
        rig_setup("unsigned int kdispatch(unsigned int eca, unsigned int edata) { return 0u; }\n");
    rig.program = load_kernel(rig.arena);
    rig.setup.kernel = rig.program;
    store_program(rig.setup.system_disk, init);
    struct fault fault = {0};
    rig.cvm = cvm_new(rig.arena, &rig.setup, &fault);
    cr_assert_not_null(rig.cvm, "%s: %s", fault.file, fault.message);
    struct cvm_outcome outcome = cvm_reset(rig.cvm, KERNEL_STEPS);
    cr_assert_eq(outcome.status, CVM_DECIDED, "%s:%u: %s", outcome.where.file, outcome.where.line,
                 outcome.message);
}

static void end(void)
{
    rig_free(&rig);
}

TestSuite(cvm_kernel, .fini = end);

/* Processes run, or the machine idles, until the next tick of the clock. */
static void run_until_tick(uint64_t steps)
{
    struct cvm_outcome outcome = {.status = CVM_GOES_ON};
    while (steps != 0 && cvm_current(rig.cvm) != CVM_IDLE) {
        outcome = cvm_run_process(rig.cvm, steps);
        steps -= outcome.steps;
        if (outcome.status == CVM_GOES_ON)
            continue;
        outcome = cvm_run_kernel(rig.cvm, outcome.eca, outcome.edata, KERNEL_STEPS);
        cr_assert_eq(outcome.status, CVM_DECIDED, "%s:%u: %s", outcome.where.file,
                     outcome.where.line, outcome.message);
    }
    rig_event(&rig, 0, DEVICE_EVENT_TICK, 0);
    if (cvm_current(rig.cvm) != CVM_IDLE)
        return;
    outcome = cvm_wait(rig.cvm);
    cr_assert_eq(outcome.status, CVM_INTERRUPTED, "the clock ticks");
    outcome = cvm_run_kernel(rig.cvm, outcome.eca, outcome.edata, KERNEL_STEPS);
    cr_assert_eq(outcome.status, CVM_DECIDED, "%s", outcome.message);
}

Test(cvm_kernel, boots_init_from_the_disk)
{
    boot("addi r1,r0,5\nj -4\nnop\n");
    cr_assert_eq(cvm_current(rig.cvm), INIT);
    cr_assert_eq(cvm_pages(rig.cvm, INIT), 2);
    cr_assert_eq(cvm_mask(rig.cvm), 1, "the clock ticks");
    uint32_t word;
    rig_assemble("addi r1,r0,5\n", &word, 1);
    cr_assert_eq(rig_word(&rig, INIT, 0), word);
    cr_assert_eq(cvm_primitive_calls(rig.cvm, CVM_PRIMITIVE_LOAD), 1);
    run_until_tick(100);
    cr_assert_eq(rig_gpr(&rig, INIT, 1), 5);
}

Test(cvm_kernel, answers_calls)
{
    boot("addi r11,r0,3\ntrap 5\nadd r1,r11,r0\nadd r2,r12,r0\naddi r11,r0,9\ntrap 5\n"
         "add r3,r11,r0\ntrap 100\nj -4\nnop\n");
    run_until_tick(100);
    cr_assert_eq(rig_gpr(&rig, INIT, 1), 0, "CALL_OK");
    cr_assert_eq(rig_gpr(&rig, INIT, 2), 5, "pages");
    cr_assert_eq(cvm_pages(rig.cvm, INIT), 5);
    cr_assert_eq(rig_gpr(&rig, INIT, 3), 5, "CALL_MEMORY");
    cr_assert_eq(rig_gpr(&rig, INIT, 11), 1, "CALL_UNKNOWN");
}

/* Two processes of one priority share the processor by the clock. */
Test(cvm_kernel, shares_the_processor)
{
    boot("trap 3\naddi r1,r1,1\nj -8\nnop\n");
    for (unsigned i = 0; i < 100; i++)
        run_until_tick(100);
    uint32_t first = rig_gpr(&rig, 1, 1), second = rig_gpr(&rig, 2, 1);
    cr_assert_gt(first, 1000);
    cr_assert_gt(second, 1000);
    cr_assert_geq(cvm_transitions(rig.cvm, CVM_INTERRUPT), 100);
}

/* A child sends to init, and ends by an access that is none of its own; init takes the message and
 * ends too. Then the machine idles for ever, and ticks. */
Test(cvm_kernel, passes_messages_and_outlives_its_processes)
{
    boot("trap 3\n"
         "beqz r12,32\n"
         "add r11,r12,r0\n"
         "addi r12,r0,1024\n"
         "addi r13,r0,4\n"
         "addi r14,r0,-1\n"
         "trap 9\n"
         "lw r20,1024(r0)\n"
         "addi r11,r0,7\n"
         "trap 1\n"
         /* 40: the child, whose r12 is 0 */
         "addi r21,r0,99\n"
         "sw r21,2048(r0)\n"
         "addi r11,r0,1\n"
         "addi r12,r0,2048\n"
         "addi r13,r0,1\n"
         "addi r14,r0,-1\n"
         "trap 8\n"
         "lw r1,-4(r0)\n");
    uint64_t copies = cvm_primitive_calls(rig.cvm, CVM_PRIMITIVE_COPY);
    for (unsigned i = 0; i < 10; i++)
        run_until_tick(100);
    cr_assert_eq(cvm_primitive_calls(rig.cvm, CVM_PRIMITIVE_COPY), copies + 1);
    cr_assert_eq(cvm_current(rig.cvm), CVM_IDLE);
    for (uint32_t p = 1; p < RIG_PROCESSES; p++)
        cr_assert_eq(cvm_pages(rig.cvm, p), 0);
    cr_assert_gt(cvm_transitions(rig.cvm, CVM_WAKE), 5);
}

Test(cvm_kernel, hears_of_lost_pages)
{
    boot("j -4\nnop\n");
    cvm_lose_page(rig.cvm, INIT, 1);
    struct cvm_outcome outcome = cvm_run_process(rig.cvm, 10);
    cr_assert_eq(outcome.steps, 0);
    outcome = cvm_run_kernel(rig.cvm, outcome.eca, outcome.edata, KERNEL_STEPS);
    cr_assert_eq(outcome.status, CVM_DECIDED, "%s", outcome.message);
    cr_assert_eq(cvm_current(rig.cvm), CVM_IDLE, "init was the only one");
    cr_assert_not(cvm_has_lost_page(rig.cvm, INIT));
}

Test(cvm_kernel, begins_anew_after_a_reset)
{
    boot("addi r1,r1,1\nj -8\nnop\n");
    run_until_tick(100);
    cr_assert_gt(rig_gpr(&rig, INIT, 1), 10);
    cr_assert_eq(cvm_reset(rig.cvm, KERNEL_STEPS).status, CVM_DECIDED);
    cr_assert_eq(cvm_current(rig.cvm), INIT);
    cr_assert_eq(rig_gpr(&rig, INIT, 1), 0);
    cr_assert_eq(cvm_pages(rig.cvm, INIT), 2);
}
