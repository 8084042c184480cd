#include "rig.h"

#include "physical/store.h"
#include "semantics/c0/front.h"
#include "semantics/vamp/assemble.h"

#include <criterion/criterion.h>
#include <string.h>

static const char declarations[] =
    "void cvm_reset(unsigned int p);\n"
    "void cvm_clone(unsigned int dst, unsigned int src);\n"
    "void cvm_alloc(unsigned int p, unsigned int n);\n"
    "void cvm_free(unsigned int p, unsigned int n);\n"
    "void cvm_copy(unsigned int p1, unsigned int a1, unsigned int p2, unsigned int a2,\n"
    "              unsigned int words);\n"
    "unsigned int cvm_get_gpr(unsigned int p, unsigned int r);\n"
    "void cvm_set_gpr(unsigned int p, unsigned int r, unsigned int v);\n"
    "unsigned int cvm_get_word(unsigned int p, unsigned int a);\n"
    "void cvm_set_word(unsigned int p, unsigned int a, unsigned int v);\n"
    "unsigned int cvm_in_word(unsigned int d, unsigned int port);\n"
    "void cvm_out_word(unsigned int d, unsigned int port, unsigned int v);\n"
    "void cvm_in_block(unsigned int d, unsigned int port, unsigned int p, unsigned int a,\n"
    "                  unsigned int n);\n"
    "void cvm_out_block(unsigned int d, unsigned int port, unsigned int p, unsigned int a,\n"
    "                   unsigned int n);\n"
    "void cvm_set_mask(unsigned int v);\n"
    "unsigned int cvm_get_mask(void);\n"
    "void cvm_load(unsigned int p, unsigned int sector, unsigned int pages);\n";

/* `op` is the primitive's number in cvm.h and 1 more; 0: none. */
static const char obedient[] =
    "unsigned int op; unsigned int argument[5]; unsigned int result; unsigned int next;\n"
    "unsigned int seen_eca; unsigned int seen_edata; unsigned int runs;\n"
    "static void first(unsigned int a, unsigned int b, unsigned int c, unsigned int d,\n"
    "                  unsigned int e)\n"
    "{\n"
    "    if (op == 1u) { cvm_reset(a); }\n"
    "    if (op == 2u) { cvm_clone(a, b); }\n"
    "    if (op == 3u) { cvm_alloc(a, b); }\n"
    "    if (op == 4u) { cvm_free(a, b); }\n"
    "    if (op == 5u) { cvm_copy(a, b, c, d, e); }\n"
    "    if (op == 6u) { result = cvm_get_gpr(a, b); }\n"
    "    if (op == 7u) { cvm_set_gpr(a, b, c); }\n"
    "    if (op == 8u) { result = cvm_get_word(a, b); }\n"
    "    if (op == 9u) { cvm_set_word(a, b, c); }\n"
    "}\n"
    "static void second(unsigned int a, unsigned int b, unsigned int c, unsigned int d,\n"
    "                   unsigned int e)\n"
    "{\n"
    "    if (op == 10u) { result = cvm_in_word(a, b); }\n"
    "    if (op == 11u) { cvm_out_word(a, b, c); }\n"
    "    if (op == 12u) { cvm_in_block(a, b, c, d, e); }\n"
    "    if (op == 13u) { cvm_out_block(a, b, c, d, e); }\n"
    "    if (op == 14u) { cvm_set_mask(a); }\n"
    "    if (op == 15u) { result = cvm_get_mask(); }\n"
    "    if (op == 16u) { cvm_load(a, b, c); }\n"
    "}\n"
    "unsigned int kdispatch(unsigned int eca, unsigned int edata)\n"
    "{\n"
    "    seen_eca = eca;\n"
    "    seen_edata = edata;\n"
    "    runs = runs + 1u;\n"
    "    first(argument[0], argument[1], argument[2], argument[3], argument[4]);\n"
    "    second(argument[0], argument[1], argument[2], argument[3], argument[4]);\n"
    "    return next;\n"
    "}\n";

const struct c0_program *rig_bare_program(struct arena *arena, const char *text)
{
    static const struct c0_front_options options = {.may_lack_definitions = true};
    const struct c0_program *program =
        c0_load_text(arena, "kernel.c0", text_of(text), &options, stderr);
    cr_assert_not_null(program, "the text is valid C0:\n%s", text);
    return program;
}

const struct c0_program *rig_program(struct arena *arena, const char *text)
{
    struct text_builder all = {.arena = arena};
    text_append(&all, "%s# 1 \"kernel.c0\"\n%s", declarations, text);
    return rig_bare_program(arena, text_built(&all));
}

static void send_nowhere(void *self, struct text content)
{
    (void)self, (void)content;
}

static struct bus make_bus(struct arena *arena, struct device_store disk)
{
    const struct device_outlet nobody = {NULL, send_nowhere};
    return (struct bus){.devices = {device_new_timer(arena), NULL, device_new_serial(arena, nobody),
                                    device_new_network(arena, nobody),
                                    device_new_controller(arena, nobody),
                                    device_new_disk(arena, disk)}};
}

struct rig rig_setup(const char *kernel)
{
    struct rig rig = {.arena = arena_new()};
    struct device_store disk = store_memory_new(rig.arena, RIG_SECTORS);
    rig.program = rig_program(rig.arena, kernel);
    rig.setup = (struct cvm_setup){.process_count = RIG_PROCESSES,
                                   .virtual_pages = RIG_PAGES,
                                   .kernel = rig.program,
                                   .limits = c0_limits_default(),
                                   .devices = make_bus(rig.arena, disk),
                                   .system_disk = disk};
    return rig;
}

static void make(struct rig *rig)
{
    struct fault fault = {0};
    rig->cvm = cvm_new(rig->arena, &rig->setup, &fault);
    cr_assert_not_null(rig->cvm, "%s", fault.message);
    struct cvm_outcome outcome = cvm_reset(rig->cvm, RIG_STEPS);
    cr_assert_eq(outcome.status, CVM_DECIDED, "%s", outcome.message);
}

struct rig rig_new(void)
{
    struct rig rig = rig_setup(obedient);
    make(&rig);
    return rig;
}

struct rig rig_of(const struct rig *from)
{
    struct rig rig = *from;
    make(&rig);
    return rig;
}

void rig_free(struct rig *rig)
{
    arena_free(rig->arena);
}

/* --- The kernel --- */

static uint32_t cell_of(const struct rig *rig, const char *name)
{
    struct c0_variable *global = c0_program_global(rig->program, name, NULL);
    cr_assert_not_null(global, "%s", name);
    return c0_machine_global_cell(cvm_kernel(rig->cvm), global);
}

uint32_t rig_global(const struct rig *rig, const char *name)
{
    return c0_machine_read(cvm_kernel(rig->cvm), cell_of(rig, name));
}

void rig_set_global(struct rig *rig, const char *name, uint32_t word)
{
    c0_machine_write(cvm_kernel(rig->cvm), cell_of(rig, name), word);
}

struct cvm_outcome rig_try(struct rig *rig, enum cvm_primitive primitive,
                           const uint32_t arguments[CVM_ARGUMENTS_MAX])
{
    uint32_t argument = cell_of(rig, "argument");
    for (uint32_t i = 0; i < CVM_ARGUMENTS_MAX; i++)
        c0_machine_write(cvm_kernel(rig->cvm), argument + i, arguments[i]);
    rig_set_global(rig, "op", primitive + 1u);
    struct cvm_outcome outcome = cvm_run_kernel(rig->cvm, 0, 0, RIG_STEPS);
    rig_set_global(rig, "op", 0);
    return outcome;
}

uint32_t rig_call(struct rig *rig, enum cvm_primitive primitive,
                  const uint32_t arguments[CVM_ARGUMENTS_MAX])
{
    struct cvm_outcome outcome = rig_try(rig, primitive, arguments);
    cr_assert_eq(outcome.status, CVM_DECIDED, "%s", outcome.message);
    return rig_global(rig, "result");
}

/* --- Processes --- */

size_t rig_assemble(const char *text, uint32_t *words, size_t limit)
{
    size_t count = 0;
    while (*text != '\0') {
        struct vamp_insn insn;
        struct fault fault = {0};
        size_t length = strcspn(text, "\n");
        cr_assert_lt(count, limit);
        cr_assert(
            vamp_assemble((struct text){text, length}, (struct location){0}, NULL, &insn, &fault),
            "%s", fault.message);
        words[count++] = vamp_encode(&insn);
        text += length + (text[length] == '\n');
    }
    return count;
}

void rig_start(struct rig *rig, uint32_t p, uint32_t pages, const char *text)
{
    uint32_t words[256];
    size_t count = rig_assemble(text, words, 256);
    CALL(rig, RESET, p);
    CALL(rig, ALLOC, p, pages);
    for (uint32_t i = 0; i < count; i++)
        CALL(rig, SET_WORD, p, 4 * i, words[i]);
    rig_dispatch(rig, p);
}

void rig_dispatch(struct rig *rig, uint32_t p)
{
    rig_set_global(rig, "next", p);
    struct cvm_outcome outcome = cvm_run_kernel(rig->cvm, 0, 0, RIG_STEPS);
    cr_assert_eq(outcome.status, CVM_DECIDED, "%s", outcome.message);
    cr_assert_eq(cvm_current(rig->cvm), p);
}

uint32_t rig_word(const struct rig *rig, uint32_t p, uint32_t address)
{
    uint32_t word;
    cr_assert(cvm_read(rig->cvm, p, address, &word), "0x%x of process %u", address, p);
    return word;
}

uint32_t rig_gpr(const struct rig *rig, uint32_t p, uint32_t r)
{
    return cvm_registers(rig->cvm, p).gpr[r];
}

/* --- Devices --- */

void rig_event(struct rig *rig, unsigned device, enum device_event_kind kind, uint32_t number)
{
    struct device_event event = {.kind = kind, .number = number};
    struct fault fault = {0};
    cr_assert(cvm_device_event(rig->cvm, device, &event, &fault), "%s", fault.message);
}

void rig_raise_timer(struct rig *rig)
{
    CALL(rig, OUT_WORD, 0, 0, 1);
    rig_event(rig, 0, DEVICE_EVENT_TICK, 0);
}

/* --- splitmix64 --- */

uint64_t rig_random(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

uint32_t rig_below(uint64_t *seed, uint32_t bound)
{
    return (uint32_t)(rig_random(seed) % bound);
}
