/* The machine as a whole: the kernel's runs, waiting, devices, reset, and counting. */
#include "rig.h"

#include <criterion/criterion.h>

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
    struct rig counted =
        rig_setup("unsigned int kdispatch(unsigned int eca, unsigned int edata) { return 0u; }\n");
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
