/* The machine as a whole: the kernel's runs, waiting, devices, reset, and who is told. */
#include "rig.h"

#include <criterion/criterion.h>
#include <string.h>

enum { PAGE = VAMP_PAGE_BYTES };

/* --- Making it --- */

static void expect_no_machine(const char *kernel, const char *message)
{
    struct rig rig = rig_setup(kernel);
    struct fault fault = {0};
    cr_assert_null(cvm_new(rig.arena, &rig.setup, &fault));
    cr_assert_str_eq(fault.message, message);
    rig_free(&rig);
}

Test(cvm_new, wants_a_dispatcher)
{
    expect_no_machine("int other() { return 0; }\n", "the abstract kernel has no `kdispatch`");
    expect_no_machine("unsigned int kdispatch(unsigned int eca, unsigned int edata);\n",
                      "`kdispatch` is not defined, and is no primitive");
    expect_no_machine("unsigned int kdispatch(unsigned int eca) { return 0u; }\n",
                      "`kdispatch` is not `unsigned int kdispatch(unsigned int, unsigned int)`");
    expect_no_machine("int kdispatch(unsigned int eca, unsigned int edata) { return 0; }\n",
                      "`kdispatch` is not `unsigned int kdispatch(unsigned int, unsigned int)`");
}

#define IDLE "unsigned int kdispatch(unsigned int eca, unsigned int edata) { return 0u; }\n"

Test(cvm_new, wants_all_else_defined)
{
    expect_no_machine("void help(void);\n" IDLE, "`help` is not defined, and is no primitive");
    expect_no_machine("extern unsigned int far_away;\n" IDLE, "`far_away` is not defined");
}

Test(cvm_new, wants_primitives_declared_only)
{
    expect_no_machine("void cvm_reset(unsigned int p) { }\n" IDLE,
                      "`cvm_reset` is a primitive, and is defined");
}

Test(cvm_new, wants_primitives_of_their_types)
{
    struct rig rig = rig_setup(IDLE);
    struct fault fault = {0};
    rig.setup.kernel = rig_bare_program(rig.arena, "int cvm_get_mask(void);\n" IDLE);
    cr_assert_null(cvm_new(rig.arena, &rig.setup, &fault));
    cr_assert_str_eq(fault.message, "`cvm_get_mask` has not the type of the primitive");
    cr_assert_eq(fault.line, 1);
    rig_free(&rig);
}

Test(cvm_new, wants_sizes_that_can_be)
{
    struct rig rig = rig_setup(IDLE);
    struct fault fault = {0};
    rig.setup.virtual_pages = 1025;
    cr_assert_null(cvm_new(rig.arena, &rig.setup, &fault));
    cr_assert_str_eq(fault.message, "1025 pages for a process: 1 to 1024 can be");
    rig.setup.virtual_pages = 1024;
    rig.setup.process_count = 1;
    fault = (struct fault){0};
    cr_assert_null(cvm_new(rig.arena, &rig.setup, &fault));
    cr_assert_str_eq(fault.message, "1 process numbers: 2 to 65536 can be");
    rig_free(&rig);
}

Test(cvm_new, has_processes_as_after_a_reset)
{
    struct rig rig = rig_setup(IDLE);
    struct fault fault = {0};
    struct cvm *cvm = cvm_new(rig.arena, &rig.setup, &fault);
    struct vamp_state state = cvm_registers(cvm, RIG_PROCESSES - 1), fresh = {.pcp = 4};
    cr_assert_eq(memcmp(&state, &fresh, sizeof fresh), 0);
    cr_assert_eq(cvm_current(cvm), CVM_IDLE);
    cr_assert_eq(cvm_mask(cvm), 0);
    rig_free(&rig);
}

/* --- The kernel --- */

static struct rig rig;

static void begin(void)
{
    rig = rig_new();
}

static void end(void)
{
    rig_free(&rig);
}

TestSuite(cvm_transitions, .init = begin, .fini = end);

Test(cvm_transitions, reset_calls_the_dispatcher_with_its_cause)
{
    cr_assert_eq(rig_global(&rig, "seen_eca"), 1);
    cr_assert_eq(rig_global(&rig, "seen_edata"), 0);
    cr_assert_eq(rig_global(&rig, "runs"), 1);
    cr_assert_eq(cvm_current(rig.cvm), CVM_IDLE);
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_RESET_STEP), 1);
}

Test(cvm_transitions, reset_takes_processes_and_mask_but_not_globals)
{
    rig_start(&rig, 3, 2, "addi r1,r0,1\n");
    CALL(&rig, SET_MASK, 4);
    CALL(&rig, OUT_WORD, 0, 0, 5);
    cvm_run_process(rig.cvm, 1);
    rig_set_global(&rig, "next", 0);
    uint32_t runs = rig_global(&rig, "runs");
    cr_assert_eq(cvm_reset(rig.cvm, RIG_STEPS).status, CVM_DECIDED);
    cr_assert_eq(cvm_pages(rig.cvm, 3), 0);
    cr_assert_eq(rig_gpr(&rig, 3, 1), 0);
    cr_assert_eq(cvm_mask(rig.cvm), 0);
    cr_assert_eq(cvm_current(rig.cvm), CVM_IDLE);
    cr_assert_eq(rig_global(&rig, "runs"), runs + 1);
    cr_assert_eq(CALL(&rig, IN_WORD, 0, 0), 5);
}

Test(cvm_transitions, the_dispatcher_gets_the_causes)
{
    rig_start(&rig, 1, 1, "trap 44\n");
    struct cvm_outcome outcome = cvm_run_process(rig.cvm, 5);
    cvm_run_kernel(rig.cvm, outcome.eca, outcome.edata, RIG_STEPS);
    cr_assert_eq(rig_global(&rig, "seen_eca"), 0x20);
    cr_assert_eq(rig_global(&rig, "seen_edata"), 44);
}

Test(cvm_transitions, the_dispatcher_says_who_runs)
{
    uint64_t dispatches = cvm_transitions(rig.cvm, CVM_DISPATCH);
    uint64_t waits = cvm_transitions(rig.cvm, CVM_WAIT);
    rig_dispatch(&rig, 7);
    rig_dispatch(&rig, 0);
    rig_dispatch(&rig, 1);
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_DISPATCH), dispatches + 2);
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_WAIT), waits + 1);
}

Test(cvm_transitions, the_dispatcher_names_processes_that_exist)
{
    rig_set_global(&rig, "next", RIG_PROCESSES);
    struct cvm_outcome outcome = cvm_run_kernel(rig.cvm, 0, 0, RIG_STEPS);
    cr_assert_eq(outcome.status, CVM_FAULTED);
    cr_assert_str_eq(outcome.message, "kdispatch answers a process that does not exist");
    cr_assert_str_eq(outcome.where.file, "kernel.c0");
    cr_assert_eq(cvm_current(rig.cvm), CVM_IDLE);
}

Test(cvm_transitions, the_stack_is_empty_in_each_run)
{
    struct rig deep = rig_setup("static unsigned int sum(unsigned int n)\n"
                                "{\n"
                                "    unsigned int rest;\n"
                                "    rest = 0u;\n"
                                "    if (n != 0u) { rest = sum(n - 1u); }\n"
                                "    return n + rest;\n"
                                "}\n"
                                "unsigned int next;\n"
                                "unsigned int kdispatch(unsigned int eca, unsigned int edata)\n"
                                "{\n"
                                "    next = sum(50u);\n"
                                "    return 0u;\n"
                                "}\n");
    deep.setup.limits.stack_cells = 400;
    deep = rig_of(&deep);
    for (unsigned i = 0; i < 100; i++)
        rig_dispatch(&deep, 0);
    cr_assert_eq(rig_global(&deep, "next"), 1275);
    rig_free(&deep);
}

Test(cvm_transitions, the_heap_persists)
{
    struct rig heap = rig_setup("struct cell { unsigned int n; };\n"
                                "struct cell *kept; unsigned int next;\n"
                                "unsigned int kdispatch(unsigned int eca, unsigned int edata)\n"
                                "{\n"
                                "    if (kept == NULL) { kept = new(struct cell); }\n"
                                "    kept->n = kept->n + 1u;\n"
                                "    next = kept->n;\n"
                                "    return 0u;\n"
                                "}\n");
    heap = rig_of(&heap);
    cvm_run_kernel(heap.cvm, 0, 0, RIG_STEPS);
    cvm_run_kernel(heap.cvm, 0, 0, RIG_STEPS);
    cr_assert_eq(rig_global(&heap, "next"), 3);
    rig_free(&heap);
}

Test(cvm_transitions, a_broken_rule_of_c0_is_a_fault_of_the_kernel)
{
    struct rig bad = rig_setup("unsigned int table[3]; unsigned int next;\n"
                               "unsigned int kdispatch(unsigned int eca, unsigned int edata)\n"
                               "{\n"
                               "    next = table[eca];\n"
                               "    return 0u;\n"
                               "}\n");
    bad = rig_of(&bad);
    struct cvm_outcome outcome = cvm_run_kernel(bad.cvm, 3, 0, RIG_STEPS);
    cr_assert_eq(outcome.status, CVM_FAULTED);
    cr_assert_str_eq(outcome.message, "index-bounds");
    cr_assert_eq(outcome.where.line, 4);
    rig_free(&bad);
}

Test(cvm_transitions, each_fault_has_its_own_reason)
{
    struct rig bad = rig_setup("unsigned int table[3]; unsigned int next;\n"
                               "unsigned int kdispatch(unsigned int eca, unsigned int edata)\n"
                               "{\n"
                               "    if (eca == 2u) { cvm_reset(0u); }\n"
                               "    next = table[eca];\n"
                               "    return 0u;\n"
                               "}\n");
    bad = rig_of(&bad);
    cr_assert_str_eq(cvm_run_kernel(bad.cvm, 2, 0, RIG_STEPS).message,
                     "cvm_reset: argument 1 is 0x0: no such process");
    cr_assert_str_eq(cvm_run_kernel(bad.cvm, 3, 0, RIG_STEPS).message, "index-bounds");
    rig_free(&bad);
}

Test(cvm_transitions, a_refused_primitive_is_named_with_its_call)
{
    struct rig bad = rig_setup("unsigned int next;\n"
                               "unsigned int kdispatch(unsigned int eca, unsigned int edata)\n"
                               "{\n"
                               "    next = 5u;\n"
                               "    if (eca != 1u) {\n"
                               "        cvm_free(2u, 1u);\n"
                               "    }\n"
                               "    next = 6u;\n"
                               "    return 0u;\n"
                               "}\n");
    bad = rig_of(&bad);
    struct cvm_outcome outcome = cvm_run_kernel(bad.cvm, 3, 0, RIG_STEPS);
    cr_assert_eq(outcome.status, CVM_FAULTED);
    cr_assert_str_eq(outcome.message,
                     "cvm_free: argument 2 is 0x1: more pages than the process has");
    cr_assert_eq(outcome.where.line, 6);
    cr_assert_eq(rig_global(&bad, "next"), 5, "nothing behind it was executed");
    rig_free(&bad);
}

Test(cvm_transitions, the_kernel_answers_within_its_steps)
{
    struct rig slow = rig_setup("unsigned int kdispatch(unsigned int eca, unsigned int edata)\n"
                                "{\n"
                                "    while (eca != 1u) { edata = edata + 1u; }\n"
                                "    return 0u;\n"
                                "}\n");
    slow = rig_of(&slow);
    struct cvm_outcome outcome = cvm_run_kernel(slow.cvm, 3, 0, 1000);
    cr_assert_eq(outcome.status, CVM_LIMIT);
    cr_assert_eq(outcome.steps, 1000);
    rig_free(&slow);
}

/* --- Waiting and devices --- */

Test(cvm_transitions, the_idle_machine_waits_for_an_unmasked_line)
{
    CALL(&rig, SET_MASK, 1);
    cr_assert_eq(cvm_wait(rig.cvm).status, CVM_GOES_ON);
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_WAKE), 0);
    rig_raise_timer(&rig);
    struct cvm_outcome outcome = cvm_wait(rig.cvm);
    cr_assert_eq(outcome.status, CVM_INTERRUPTED);
    cr_assert_eq(outcome.eca, 1 << 13);
    cr_assert_eq(outcome.edata, 0);
    cr_assert_eq(outcome.steps, 0);
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_WAKE), 1);
    CALL(&rig, SET_MASK, 0);
    cr_assert_eq(cvm_wait(rig.cvm).status, CVM_GOES_ON);
}

Test(cvm_transitions, devices_take_their_own_events_only)
{
    struct device_event done = {.kind = DEVICE_EVENT_DONE}, tick = {.kind = DEVICE_EVENT_TICK};
    struct fault fault = {0};
    cr_assert_not(cvm_device_event(rig.cvm, 0, &done, &fault));
    cr_assert(fault.is_set);
    fault = (struct fault){0};
    cr_assert_not(cvm_device_event(rig.cvm, CVM_HIDDEN_DEVICE, &done, &fault));
    cr_assert_str_eq(fault.message, "event `done` for device 1: there is none");
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_DEVICE_EVENT), 0);
    fault = (struct fault){0};
    cr_assert(cvm_device_event(rig.cvm, 0, &tick, &fault));
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_DEVICE_EVENT), 1);
}

/* --- Who is told --- */

struct log {
    char text[400];
    struct rig *rig;
    const char *stop_at; /* the first call so named stops the machine */
};

static bool enter(struct log *log, const char *name, uint32_t first, uint32_t second)
{
    size_t length = strlen(log->text);
    snprintf(log->text + length, sizeof log->text - length, "%s(%x,%x) ", name, first, second);
    return log->stop_at == NULL || strcmp(log->stop_at, name) != 0;
}

static bool see_begin(void *self, const struct cvm_call *call)
{
    cr_assert_str_eq(call->where.file, "kernel.c0");
    cr_assert_str_eq(call->function, call->primitive < CVM_PRIMITIVE_IN_WORD ? "first" : "second");
    enter(self, cvm_primitive_name(call->primitive), call->arguments[0], call->arguments[1]);
    return enter(self, "begins", call->arguments[2], call->result);
}

static bool see_end(void *self, const struct cvm_call *call)
{
    return enter(self, "ends", call->primitive, call->result);
}

static bool see_before(void *self, unsigned device, uint32_t port, bool is_write, uint32_t word)
{
    struct log *log = self;
    if (device == 2)
        rig_event(log->rig, 2, DEVICE_EVENT_BYTE, 'Q');
    return enter(log, is_write ? "writes" : "reads", port, word);
}

static bool see_after(void *self, unsigned device, uint32_t port, bool is_write, uint32_t word)
{
    return enter(self, is_write ? "written" : "read", device << 16 | port, word);
}

static void observe(struct log *log)
{
    log->rig = &rig;
    rig.setup.observer = (struct cvm_observer){log, see_begin, see_end, see_before, see_after};
    rig = rig_of(&rig);
}

Test(cvm_transitions, primitives_are_announced_and_reported)
{
    struct log log = {0};
    observe(&log);
    CALL(&rig, SET_GPR, 1, 2, 3);
    CALL(&rig, GET_GPR, 1, 2);
    cr_assert_str_eq(log.text, "cvm_set_gpr(1,2) begins(3,0) ends(6,0) "
                               "cvm_get_gpr(1,2) begins(0,0) ends(5,3) ");
}

Test(cvm_transitions, a_refused_primitive_is_not_announced)
{
    struct log log = {0};
    observe(&log);
    cr_assert_eq(TRY(&rig, SET_GPR, 1, 32, 3).status, CVM_FAULTED);
    cr_assert_str_eq(log.text, "");
}

Test(cvm_transitions, accesses_are_announced_and_events_come_before_them)
{
    struct log log = {0};
    observe(&log);
    cr_assert_eq(CALL(&rig, IN_WORD, 2, 0), 'Q');
    CALL(&rig, OUT_WORD, 0, 0, 9);
    cr_assert_str_eq(log.text, "cvm_in_word(2,0) begins(0,0) reads(0,0) read(20000,51) ends(9,51) "
                               "cvm_out_word(0,0) begins(9,0) writes(0,9) written(0,9) ends(a,0) ");
}

Test(cvm_transitions, each_word_of_a_block_is_announced)
{
    struct log log = {0};
    observe(&log);
    CALL(&rig, ALLOC, 1, 1);
    log.text[0] = '\0';
    CALL(&rig, OUT_BLOCK, 0, 0, 1, 0, 2);
    CALL(&rig, IN_BLOCK, 0, 1, 1, 8, 1);
    cr_assert_str_eq(log.text, "cvm_out_block(0,0) begins(1,0) writes(0,0) written(0,0) "
                               "writes(0,0) written(0,0) ends(c,0) "
                               "cvm_in_block(0,1) begins(1,0) reads(1,0) read(1,0) ends(b,0) ");
}

Test(cvm_transitions, the_observer_stops_the_machine)
{
    static const struct {
        const char *at;
        bool has_effect;
    } cases[] = {{"begins", false}, {"writes", false}, {"written", true}, {"ends", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct log log = {0};
        observe(&log);
        CALL(&rig, OUT_WORD, 0, 0, 1);
        log.stop_at = cases[i].at;
        struct cvm_outcome outcome = TRY(&rig, OUT_WORD, 0, 0, 7);
        cr_assert_eq(outcome.status, CVM_STOPPED, "%s", cases[i].at);
        log.stop_at = NULL;
        cr_assert_eq(CALL(&rig, IN_WORD, 0, 0), cases[i].has_effect ? 7 : 1, "%s", cases[i].at);
    }
}

/* --- Lost pages --- */

Test(cvm_transitions, a_lost_page_reads_as_zeros_and_keeps_nothing)
{
    CALL(&rig, ALLOC, 1, 2);
    CALL(&rig, SET_WORD, 1, 8, 5);
    CALL(&rig, SET_WORD, 1, PAGE + 8, 6);
    cvm_lose_page(rig.cvm, 1, 1);
    cr_assert(cvm_is_page_lost(rig.cvm, 1, 1));
    cr_assert_not(cvm_is_page_lost(rig.cvm, 1, 0));
    cr_assert(cvm_has_lost_page(rig.cvm, 1));
    cr_assert_eq(CALL(&rig, GET_WORD, 1, PAGE + 8), 0);
    CALL(&rig, SET_WORD, 1, PAGE + 8, 7);
    CALL(&rig, COPY, 1, PAGE - 4, 1, 4, 2);
    cr_assert_eq(CALL(&rig, GET_WORD, 1, PAGE + 8), 0);
    cr_assert_eq(rig_word(&rig, 1, PAGE), 0);
    cr_assert_eq(CALL(&rig, GET_WORD, 1, 8), 5);
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_LOSS), 1);
}

Test(cvm_transitions, words_from_devices_to_a_lost_page_are_gone)
{
    CALL(&rig, ALLOC, 1, 1);
    cvm_lose_page(rig.cvm, 1, 0);
    CALL(&rig, OUT_WORD, 0, 0, 9);
    CALL(&rig, IN_BLOCK, 0, 0, 1, 0, 2);
    cr_assert_eq(rig_word(&rig, 1, 0), 0);
    CALL(&rig, OUT_BLOCK, 0, 0, 1, 0, 1);
    cr_assert_eq(CALL(&rig, IN_WORD, 0, 0), 0);
}

Test(cvm_transitions, a_process_that_has_lost_a_page_does_not_run)
{
    rig_start(&rig, 1, 2, "addi r1,r1,1\n");
    cvm_lose_page(rig.cvm, 1, 1);
    struct cvm_outcome outcome = cvm_run_process(rig.cvm, 10);
    cr_assert_eq(outcome.status, CVM_INTERRUPTED);
    cr_assert_eq(outcome.eca, 0x80000000);
    cr_assert_eq(outcome.edata, 0);
    cr_assert_eq(outcome.steps, 0);
    cr_assert_eq(rig_gpr(&rig, 1, 1), 0);
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_INTERRUPT), 0);
    rig_set_global(&rig, "next", 2);
    cvm_run_kernel(rig.cvm, outcome.eca, outcome.edata, RIG_STEPS);
    cr_assert_eq(rig_global(&rig, "seen_eca"), 0x80000000);
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_LOSS_NOTICE), 1);
    cr_assert_eq(cvm_current(rig.cvm), 2);
}

Test(cvm_transitions, a_freed_page_is_lost_no_more_but_the_process_does_not_run)
{
    rig_start(&rig, 1, 2, "nop\n");
    cvm_lose_page(rig.cvm, 1, 1);
    CALL(&rig, FREE, 1, 1);
    cr_assert_not(cvm_is_page_lost(rig.cvm, 1, 1));
    CALL(&rig, ALLOC, 1, 1);
    CALL(&rig, SET_WORD, 1, PAGE, 3);
    cr_assert_eq(CALL(&rig, GET_WORD, 1, PAGE), 3);
    cr_assert(cvm_has_lost_page(rig.cvm, 1));
    cr_assert_eq(cvm_run_process(rig.cvm, 1).eca, 0x80000000);
}

Test(cvm_transitions, reset_and_clone_give_a_new_memory)
{
    CALL(&rig, ALLOC, 1, 1);
    cvm_lose_page(rig.cvm, 1, 0);
    CALL(&rig, RESET, 1);
    cr_assert_not(cvm_has_lost_page(rig.cvm, 1));
    CALL(&rig, ALLOC, 1, 1);
    cvm_lose_page(rig.cvm, 1, 0);
    CALL(&rig, ALLOC, 2, 1);
    CALL(&rig, SET_WORD, 2, 0, 9);
    CALL(&rig, CLONE, 1, 2);
    cr_assert_not(cvm_has_lost_page(rig.cvm, 1));
    cr_assert_not(cvm_is_page_lost(rig.cvm, 1, 0));
    cr_assert_eq(rig_word(&rig, 1, 0), 9);
}

Test(cvm_transitions, a_clone_of_a_lost_page_is_a_page_but_its_process_does_not_run)
{
    CALL(&rig, ALLOC, 1, 2);
    CALL(&rig, SET_WORD, 1, 0, 4);
    cvm_lose_page(rig.cvm, 1, 1);
    CALL(&rig, CLONE, 2, 1);
    cr_assert(cvm_has_lost_page(rig.cvm, 2));
    cr_assert_not(cvm_is_page_lost(rig.cvm, 2, 1));
    cr_assert_eq(rig_word(&rig, 2, 0), 4);
    CALL(&rig, SET_WORD, 2, PAGE, 8);
    cr_assert_eq(rig_word(&rig, 2, PAGE), 8);
}

Test(cvm_transitions, a_clone_of_what_is_left_is_a_process_that_runs)
{
    CALL(&rig, ALLOC, 1, 2);
    cvm_lose_page(rig.cvm, 1, 1);
    CALL(&rig, FREE, 1, 1);
    CALL(&rig, CLONE, 2, 1);
    cr_assert_not(cvm_has_lost_page(rig.cvm, 2));
}

Test(cvm_transitions, load_ends_at_a_lost_page)
{
    unsigned char bytes[DEVICE_SECTOR_BYTES] = {7};
    for (uint32_t s = 0; s < RIG_SECTORS; s++)
        rig.setup.system_disk.write(rig.setup.system_disk.self, s, bytes);
    CALL(&rig, ALLOC, 1, 3);
    cvm_lose_page(rig.cvm, 1, 1);
    CALL(&rig, LOAD, 1, 0, 3);
    cr_assert_eq(rig_word(&rig, 1, 0), 7);
    cr_assert_eq(rig_word(&rig, 1, PAGE - 512), 7);
    cr_assert_eq(rig_word(&rig, 1, PAGE), 0);
    cr_assert_eq(rig_word(&rig, 1, 2 * PAGE), 0);
}

Test(cvm_transitions, the_kernel_may_not_send_a_lost_process_back_when_it_has_been_told)
{
    rig_start(&rig, 1, 1, "nop\n");
    cvm_lose_page(rig.cvm, 1, 0);
    struct cvm_outcome outcome = cvm_run_kernel(rig.cvm, 0x80000000, 0, RIG_STEPS);
    cr_assert_eq(outcome.status, CVM_FAULTED);
    cr_assert_str_eq(outcome.message, "kdispatch answers the process again whose page is lost");
    rig_set_global(&rig, "op", CVM_PRIMITIVE_RESET + 1);
    rig_set_global(&rig, "argument", 1);
    outcome = cvm_run_kernel(rig.cvm, 0x80000000, 0, RIG_STEPS);
    cr_assert_eq(outcome.status, CVM_DECIDED);
    cr_assert_eq(cvm_current(rig.cvm), 1);
}

Test(cvm_transitions, the_kernel_may_name_another_process_that_has_lost_a_page)
{
    rig_start(&rig, 2, 1, "nop\n");
    rig_start(&rig, 1, 1, "nop\n");
    cvm_lose_page(rig.cvm, 1, 0);
    cvm_lose_page(rig.cvm, 2, 0);
    rig_set_global(&rig, "next", 2);
    cr_assert_eq(cvm_run_kernel(rig.cvm, 0x80000000, 0, RIG_STEPS).status, CVM_DECIDED);
    cr_assert_eq(cvm_current(rig.cvm), 2);
    cr_assert_eq(cvm_run_process(rig.cvm, 1).eca, 0x80000000);
}

/* --- Counting --- */

Test(cvm_transitions, steps_of_c0_and_primitives_are_counted_apart)
{
    uint64_t steps = cvm_transitions(rig.cvm, CVM_KERNEL_STEP);
    uint64_t primitives = cvm_transitions(rig.cvm, CVM_PRIMITIVE_STEP);
    struct cvm_outcome outcome = TRY(&rig, SET_MASK, 3);
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_PRIMITIVE_STEP), primitives + 1);
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_KERNEL_STEP), steps + outcome.steps - 1);
}

Test(cvm_transitions, statements_are_counted_when_asked_for)
{
    struct rig counted = rig_setup(IDLE);
    counted.setup.counts_statements = true;
    counted = rig_of(&counted);
    cvm_run_kernel(counted.cvm, 0, 0, RIG_STEPS);
    const struct c0_function *dispatcher = c0_program_function(counted.program, "kdispatch", NULL);
    const struct c0_stmt *answer = dispatcher->body->stmts[0];
    cr_assert_eq(c0_machine_statement_count(cvm_kernel(counted.cvm), dispatcher, answer), 2);
    rig_free(&counted);
}

Test(cvm_transitions, each_has_a_name_of_its_own)
{
    for (unsigned i = 0; i < CVM_TRANSITION_COUNT; i++)
        for (unsigned j = 0; j < i; j++)
            cr_assert_str_neq(cvm_transition_name(i), cvm_transition_name(j));
    cr_assert_str_eq(cvm_transition_name(CVM_LOSS_NOTICE), "loss-notice");
}
