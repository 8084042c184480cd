/* The machine as a whole: its names, how it is made, and what it is. */
#include "semantics/cvm/state.h"

#include "base/require.h"

#include <stdlib.h>
#include <string.h>

/* --- Names --- */

static const struct primitive_type {
    const char *name;
    unsigned arguments;
    bool has_result;
} primitive_types[CVM_PRIMITIVE_COUNT] = {
#define CVM_ITEM(constant, name, arguments, has_result) {"cvm_" #name, arguments, has_result},
    CVM_PRIMITIVES(CVM_ITEM)
#undef CVM_ITEM
};

const char *cvm_primitive_name(enum cvm_primitive primitive)
{
    return primitive_types[primitive].name;
}

unsigned cvm_primitive_arguments(enum cvm_primitive primitive)
{
    return primitive_types[primitive].arguments;
}

bool cvm_primitive_has_result(enum cvm_primitive primitive)
{
    return primitive_types[primitive].has_result;
}

const char *cvm_transition_name(enum cvm_transition transition)
{
    static const char *const names[CVM_TRANSITION_COUNT] = {
        [CVM_DEVICE_EVENT] = "device-event",
        [CVM_PROCESS_STEP] = "process-step",
        [CVM_INTERRUPT] = "interrupt",
        [CVM_KERNEL_STEP] = "kernel-step",
        [CVM_PRIMITIVE_STEP] = "primitive",
        [CVM_DISPATCH] = "dispatch",
        [CVM_WAIT] = "wait",
        [CVM_WAKE] = "wake",
        [CVM_RESET_STEP] = "reset",
        [CVM_LOSS] = "loss",
        [CVM_LOSS_NOTICE] = "loss-notice",
    };
    return names[transition];
}

/* --- The abstract kernel's program --- */

static bool has_type(const struct c0_program *program, const struct c0_function *function,
                     unsigned arguments, bool has_result)
{
    bool is_right = function->parameter_count == arguments &&
                    function->result == (has_result ? program->type_unsigned : program->type_void);
    for (unsigned i = 0; is_right && i < arguments; i++)
        is_right = function->variables[i]->type == program->type_unsigned;
    return is_right;
}

static enum cvm_primitive primitive_named(const char *name)
{
    for (unsigned i = 0; i < CVM_PRIMITIVE_COUNT; i++)
        if (strcmp(primitive_types[i].name, name) == 0)
            return (enum cvm_primitive)i;
    return CVM_PRIMITIVE_COUNT;
}

/* Primitives are declared only, with their types; everything else is defined. */
static bool bind_function(struct cvm *cvm, const struct c0_function *function, struct fault *fault)
{
    enum cvm_primitive primitive = primitive_named(function->name);
    bool is_primitive = primitive != CVM_PRIMITIVE_COUNT, is_defined = function->body != NULL;
    cvm->primitive_of[function->index] = primitive;
    if (!is_primitive)
        return is_defined || fault_at(fault, function->where,
                                      "`%s` is not defined, and is no primitive", function->name);
    if (is_defined)
        return fault_at(fault, function->where, "`%s` is a primitive, and is defined",
                        function->name);
    return has_type(cvm->setup.kernel, function, cvm_primitive_arguments(primitive),
                    cvm_primitive_has_result(primitive)) ||
           fault_at(fault, function->where, "`%s` has not the type of the primitive",
                    function->name);
}

static bool bind_dispatcher(struct cvm *cvm, struct fault *fault)
{
    const struct c0_program *program = cvm->setup.kernel;
    const struct c0_function *dispatcher = c0_program_function(program, "kdispatch", NULL);
    if (dispatcher == NULL || dispatcher->body == NULL)
        return fault_at(fault, (struct location){0}, "the abstract kernel has no `kdispatch`");
    if (!has_type(program, dispatcher, 2, true))
        return fault_at(fault, dispatcher->where,
                        "`kdispatch` is not `unsigned int kdispatch(unsigned int, unsigned int)`");
    cvm->dispatcher = dispatcher;
    return true;
}

static bool bind_program(struct cvm *cvm, struct fault *fault)
{
    const struct c0_program *program = cvm->setup.kernel;
    cvm->primitive_of = ARENA_ARRAY(cvm->arena, enum cvm_primitive, program->function_count);
    for (uint32_t i = 0; i < program->function_count; i++)
        if (!bind_function(cvm, program->functions[i], fault))
            return false;
    for (uint32_t i = 0; i < program->global_count; i++)
        if (!program->globals[i]->is_defined)
            return fault_at(fault, program->globals[i]->where, "`%s` is not defined",
                            program->globals[i]->name);
    return bind_dispatcher(cvm, fault);
}

/* --- The machine --- */

/* One page of a process's machine is its page table. */
static bool has_sizes(const struct cvm_setup *setup, struct fault *fault)
{
    enum { PAGES_MAX = VAMP_PAGE_BYTES / 4, PROCESSES_MAX = 1 << 16 };
    if (setup->process_count < 2 || setup->process_count > PROCESSES_MAX)
        return fault_at(fault, (struct location){0}, "%u process numbers: 2 to %d can be",
                        (unsigned)setup->process_count, (int)PROCESSES_MAX);
    if (setup->virtual_pages < 1 || setup->virtual_pages > PAGES_MAX)
        return fault_at(fault, (struct location){0}, "%u pages for a process: 1 to %d can be",
                        (unsigned)setup->virtual_pages, (int)PAGES_MAX);
    return true;
}

struct cvm *cvm_new(struct arena *arena, const struct cvm_setup *setup, struct fault *fault)
{
    require(setup->devices.devices[CVM_HIDDEN_DEVICE] == NULL, "the swap disk is not seen here");
    struct cvm *cvm = ARENA_NEW(arena, struct cvm);
    cvm->arena = arena;
    cvm->setup = *setup;
    if (!has_sizes(setup, fault) || !bind_program(cvm, fault))
        return NULL;
    cvm->processes = ARENA_ARRAY(arena, struct process, setup->process_count);
    for (uint32_t p = 0; p < setup->process_count; p++)
        cvm->processes[p].registers.pcp = 4;
    cvm->kernel = c0_machine_new(arena, setup->kernel, setup->limits);
    c0_machine_track_changes(cvm->kernel);
    if (setup->counts_statements)
        c0_machine_count_statements(cvm->kernel);
    struct c0_external primitives = {.self = cvm, .call = primitive_call};
    c0_machine_attach_external(cvm->kernel, primitives);
    return cvm;
}

uint32_t cvm_current(const struct cvm *cvm)
{
    return cvm->current;
}

uint32_t cvm_mask(const struct cvm *cvm)
{
    return cvm->mask;
}

struct bus *cvm_devices(struct cvm *cvm)
{
    return &cvm->setup.devices;
}

uint32_t cvm_lines(const struct cvm *cvm)
{
    return (bus_lines(&cvm->setup.devices) & cvm->mask) << VAMP_INTERRUPT_DEVICE_0;
}

struct c0_machine *cvm_kernel(struct cvm *cvm)
{
    return cvm->kernel;
}

uint64_t cvm_transitions(const struct cvm *cvm, enum cvm_transition transition)
{
    return cvm->transitions[transition];
}

uint64_t cvm_primitive_calls(const struct cvm *cvm, enum cvm_primitive primitive)
{
    return cvm->primitive_calls[primitive];
}

/* --- Processes --- */

static const struct process *process_of(const struct cvm *cvm, uint32_t p)
{
    require(process_exists(cvm, p), "a process number");
    return &cvm->processes[p];
}

uint32_t cvm_pages(const struct cvm *cvm, uint32_t p)
{
    return process_of(cvm, p)->pages;
}

struct vamp_state cvm_registers(const struct cvm *cvm, uint32_t p)
{
    return process_of(cvm, p)->registers;
}

bool cvm_read(const struct cvm *cvm, uint32_t p, uint32_t address, uint32_t *word)
{
    if (address / VAMP_PAGE_BYTES >= process_of(cvm, p)->pages || address % 4 != 0)
        return false;
    *word = process_read(cvm, p, address);
    return true;
}

const uint32_t *cvm_page_words(const struct cvm *cvm, uint32_t p, uint32_t v)
{
    const struct process *process = process_of(cvm, p);
    require(v < process->pages, "a page of the process");
    return vamp_machine_words(process->machine) + v * (VAMP_PAGE_BYTES / 4);
}

bool cvm_is_page_lost(const struct cvm *cvm, uint32_t p, uint32_t v)
{
    const struct process *process = process_of(cvm, p);
    return v < process->pages && process_page_is_lost(process, v);
}

bool cvm_has_lost_page(const struct cvm *cvm, uint32_t p)
{
    return process_of(cvm, p)->has_lost;
}

/* --- What has changed --- */

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static void sort_list(process_list *list)
{
    if (list->count > 1)
        qsort(list->at, list->count, sizeof *list->at, by_number);
}

/* Of a process's machine the lines within its pages are memory. */
struct line_visit {
    void (*visit)(void *self, uint32_t p, uint32_t address);
    void *self;
    uint32_t p, end;
};

static void visit_line(void *self, uint32_t address)
{
    const struct line_visit *lines = self;
    if (address < lines->end)
        lines->visit(lines->self, lines->p, address);
}

void cvm_each_changed_line(struct cvm *cvm, void (*visit)(void *self, uint32_t p, uint32_t address),
                           void *self)
{
    process_list *list = &cvm->changed_memory;
    sort_list(list);
    for (size_t i = 0; i < list->count; i++) {
        struct process *process = &cvm->processes[list->at[i]];
        struct line_visit lines = {visit, self, list->at[i], process->pages * VAMP_PAGE_BYTES};
        if (process->machine != NULL)
            vamp_machine_each_changed_line(process->machine, visit_line, &lines);
        process->is_memory_listed = false;
    }
    list->count = 0;
}

void cvm_each_changed_process(struct cvm *cvm, void (*visit)(void *self, uint32_t p), void *self)
{
    process_list *list = &cvm->changed;
    sort_list(list);
    for (size_t i = 0; i < list->count; i++) {
        cvm->processes[list->at[i]].is_listed = false;
        visit(self, list->at[i]);
    }
    list->count = 0;
}
