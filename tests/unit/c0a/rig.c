#include "rig.h"

#include "compiler/compile.h"
#include "compiler/link.h"

#include <stdlib.h>
#include <string.h>

const struct c0_program *rig_load(struct arena *arena, const char *text, const char **report)
{
    struct c0_front_options options = {.assembler = &c0a_assembler};
    char *printed = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&printed, &length);
    const struct c0_program *program = c0_load_text(arena, "t.c0", text_of(text), &options, out);
    fclose(out);
    cr_assert_eq(program == NULL, length != 0, "a report and no program, or none and one");
    *report = arena_copy(arena, printed, length);
    free(printed);
    return program;
}

void accepts_block(const char *lines)
{
    struct arena *arena = arena_new();
    const char *report;
    const char *text = arena_printf(arena, "%sasm {%s}%s", RIG_HEAD, lines, RIG_TAIL);
    cr_expect_not_null(rig_load(arena, text, &report), "{%s} is refused:\n%s", lines, report);
    arena_free(arena);
}

void refuses_block(const char *lines, const char *message)
{
    struct arena *arena = arena_new();
    const char *report;
    const char *text = arena_printf(arena, "%sasm {%s}%s", RIG_HEAD, lines, RIG_TAIL);
    cr_expect_null(rig_load(arena, text, &report), "{%s} is accepted", lines);
    const char *start = strstr(report, "error: ");
    cr_assert_not_null(start, "{%s} is refused with a report", lines);
    const char *first = arena_copy(arena, start + 7, strcspn(start + 7, "\n"));
    cr_expect_str_eq(first, message, "{%s}\n  gives     %s\n  and not   %s", lines, first, message);
    arena_free(arena);
}

/* --- Blocks --- */

static const struct c0_asm *find_block(const struct c0_stmt *stmt, uint32_t *number)
{
    if (stmt == NULL)
        return NULL;
    if (stmt->kind == C0_STMT_ASM)
        return (*number)-- == 0 ? stmt->assembly : NULL;
    const struct c0_asm *found = find_block(stmt->body, number);
    if (found == NULL)
        found = find_block(stmt->otherwise, number);
    for (uint32_t i = 0; found == NULL && i < stmt->stmt_count; i++)
        found = find_block(stmt->stmts[i], number);
    return found;
}

const struct c0_asm *rig_block(const struct c0_program *program, uint32_t number)
{
    const struct c0_asm *found = NULL;
    for (uint32_t i = 0; found == NULL && i < program->function_count; i++) {
        uint32_t left = number;
        found = find_block(program->functions[i]->body, &left);
    }
    cr_assert_not_null(found);
    return found;
}

/* --- The bus --- */

static uint32_t record(struct rig_bus *bus, uint32_t address, uint32_t word, bool is_write)
{
    bus->history = (bus->history ^ address ^ (uint64_t)word << 20) * UINT64_C(0x9E3779B97F4A7C15);
    bus->history ^= bus->history >> 29;
    word = is_write ? word : (uint32_t)bus->history;
    if (bus->count < sizeof bus->log / sizeof *bus->log)
        bus->log[bus->count++] = (struct rig_access){address, word, is_write};
    return word;
}

/* No device stands in the windows 6 and 7. */
static bool is_device(uint32_t address)
{
    return address < VAMP_DEVICES + 0x6000;
}

static bool bus_read(void *self, uint32_t address, uint32_t *word)
{
    if (!is_device(address))
        return false;
    *word = record(self, address, 0, false);
    return true;
}

static bool bus_write(void *self, uint32_t address, uint32_t word)
{
    if (!is_device(address))
        return false;
    record(self, address, word, true);
    return true;
}

static uint32_t no_lines(void *self)
{
    (void)self;
    return 0;
}

struct vamp_bus rig_bus_of(struct rig_bus *bus)
{
    return (struct vamp_bus){bus, bus_read, bus_write, no_lines};
}

void rig_expect_same_accesses(const struct rig_bus *left, const struct rig_bus *right)
{
    cr_assert_eq(left->count, right->count, "%u accesses, and %u", (unsigned)left->count,
                 (unsigned)right->count);
    for (uint32_t i = 0; i < left->count; i++)
        cr_assert(left->log[i].address == right->log[i].address &&
                      left->log[i].word == right->log[i].word &&
                      left->log[i].is_write == right->log[i].is_write,
                  "access %u", (unsigned)i);
}

/* --- The C0 machine --- */

struct rig rig_of(const char *text)
{
    struct rig rig = {.arena = arena_new()};
    const char *report;
    rig.program = rig_load(rig.arena, text, &report);
    cr_assert_not_null(rig.program, "the text is valid C0A:\n%s\n%s", report, text);
    rig.machine = c0_machine_new(rig.arena, rig.program, (struct c0_limits){4096, 4096});
    rig.world = c0a_world_new(rig.arena);
    rig.bus = ARENA_NEW(rig.arena, struct rig_bus);
    rig.world->bus = rig_bus_of(rig.bus);
    c0_machine_attach(rig.machine, c0a_world_of(rig.world));
    return rig;
}

void rig_free(struct rig *rig)
{
    arena_free(rig->arena);
}

struct c0_outcome rig_call(struct rig *rig, const char *name, const uint32_t *arguments)
{
    const struct c0_function *function = c0_program_function(rig->program, name, NULL);
    cr_assert_not_null(function);
    return c0_machine_call(rig->machine, function, arguments, 1000000);
}

uint32_t rig_result(struct rig *rig)
{
    struct c0_outcome outcome = rig_call(rig, "f", NULL);
    cr_assert_eq(outcome.status, C0_RETURNED, "status %d, rule %s", outcome.status,
                 c0_rule_name(outcome.rule));
    return outcome.result;
}

void rig_expect_fault(struct rig *rig, enum c0_rule rule, uint32_t line)
{
    struct c0_outcome outcome = rig_call(rig, "f", NULL);
    cr_assert_eq(outcome.status, C0_FAULTED, "status %d", outcome.status);
    cr_expect_eq(outcome.rule, rule, "rule %s", c0_rule_name(outcome.rule));
    cr_expect_eq(outcome.where.line, line, "line %u", (unsigned)outcome.where.line);
}

uint32_t rig_cell(const struct rig *rig, const char *name)
{
    const struct c0_variable *global = c0_program_global(rig->program, name, NULL);
    cr_assert_not_null(global);
    return c0_machine_global_cell(rig->machine, global);
}

uint32_t rig_global(const struct rig *rig, const char *name, uint32_t offset_cells)
{
    return c0_machine_read(rig->machine, rig_cell(rig, name) + offset_cells);
}

uint32_t rig_memory(const struct rig *rig, uint32_t address)
{
    struct vamp_memory memory = vamp_sparse_memory(rig->world->memory);
    uint32_t word;
    cr_assert(memory.read(memory.self, address, &word));
    return word;
}

/* --- The VAMP --- */

const struct image *rig_image(struct arena *arena, const struct c0_program *program)
{
    struct fault fault = {0};
    struct compile_options options = {0};
    struct object *object = compile_unit(arena, "t.c0", program, &options, &fault);
    cr_assert_not_null(object, "%s", fault.message);
    struct link_input input = {&object, 1, map_default(), NULL};
    struct text file;
    cr_assert(link_image(arena, &input, &file, &fault), "%s", fault.message);
    const struct image *image = image_parse(arena, "t.elf", file, IMAGE_MACHINE_VAMP, &fault);
    cr_assert_not_null(image, "%s", fault.message);
    return image;
}

struct target rig_compile(struct rig *rig)
{
    return rig_run_on(rig, rig_image(rig->arena, rig->program));
}

struct target rig_run_on(struct rig *rig, const struct image *image)
{
    struct target target = {.image = image,
                            .machine = vamp_machine_new(rig->arena, VAMP_MEMORY_BYTES_DEFAULT),
                            .bus = ARENA_NEW(rig->arena, struct rig_bus)};
    for (size_t i = 0; i < target.image->segment_count; i++)
        cr_assert(vamp_machine_load(target.machine, target.image->segments[i].address,
                                    target.image->segments[i].content));
    vamp_machine_connect(target.machine, rig_bus_of(target.bus));
    vamp_machine_stop_at_interrupts(target.machine, true);
    vamp_machine_add_breakpoint(target.machine, TARGET_RETURN);
    return target;
}

uint32_t target_symbol(const struct image *image, const char *name)
{
    const struct image_symbol *symbol = image_symbol(image, name, "t.c0");
    cr_assert_not_null(symbol, "%s", name);
    return symbol->address;
}

uint32_t target_word(const struct target *target, uint32_t address)
{
    uint32_t word;
    cr_assert(vamp_machine_read(target->machine, address, &word));
    return word;
}

struct vamp_run target_call(struct target *target, const char *function, const uint32_t *arguments,
                            uint32_t argument_count)
{
    struct vamp_state *state = vamp_machine_state(target->machine);
    uint32_t stack = target_symbol(target->image, "__stack");
    for (uint32_t i = 0; i < argument_count; i++)
        cr_assert(vamp_machine_write(target->machine, stack + 4 + 4 * i, arguments[i]));
    state->gpr[28] = target_symbol(target->image, "__globals");
    state->gpr[29] = stack;
    state->gpr[30] = target_symbol(target->image, "__heap");
    state->gpr[31] = TARGET_RETURN;
    state->dpc = target_symbol(target->image, function);
    state->pcp = state->dpc + 4;
    return vamp_machine_run(target->machine, 10000000);
}
