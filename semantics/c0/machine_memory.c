#include "semantics/c0/machine_memory.h"

#include "base/require.h"

#include <string.h>

struct c0_limits c0_limits_default(void)
{
    /* The heap's first word is its cursor (docs/ABI.md), so that it holds one word less. */
    return (struct c0_limits){.heap_cells = (1u << 20) / 4 - 1, .stack_cells = (1u << 18) / 4};
}

/* --- Which assignments may carry marks into memory --- */

static bool lies_in_frame(const struct c0_expr *place)
{
    while (place->kind == C0_EXPR_FIELD || place->kind == C0_EXPR_INDEX)
        place = place->base;
    return place->kind == C0_EXPR_VARIABLE && place->variable->scope != C0_SCOPE_GLOBAL;
}

static bool stmt_may_unset_memory(const struct c0_stmt *stmt)
{
    if (stmt == NULL)
        return false;
    if (stmt->kind == C0_STMT_ASSIGN)
        return !c0_type_is_elementary(stmt->place->type) && lies_in_frame(stmt->value) &&
               !lies_in_frame(stmt->place);
    if (stmt->kind == C0_STMT_IF || stmt->kind == C0_STMT_WHILE)
        return stmt_may_unset_memory(stmt->body) || stmt_may_unset_memory(stmt->otherwise);
    if (stmt->kind == C0_STMT_BLOCK)
        for (uint32_t i = 0; i < stmt->stmt_count; i++)
            if (stmt_may_unset_memory(stmt->stmts[i]))
                return true;
    return false;
}

static bool stmt_has_assembly(const struct c0_stmt *stmt)
{
    if (stmt == NULL || stmt->kind == C0_STMT_ASM)
        return stmt != NULL;
    if (stmt_has_assembly(stmt->body) || stmt_has_assembly(stmt->otherwise))
        return true;
    for (uint32_t i = 0; i < stmt->stmt_count; i++)
        if (stmt_has_assembly(stmt->stmts[i]))
            return true;
    return false;
}

static bool program_has_assembly(const struct c0_program *program)
{
    for (uint32_t i = 0; i < program->function_count; i++)
        if (stmt_has_assembly(program->functions[i]->body))
            return true;
    return false;
}

static bool program_may_unset_memory(const struct c0_program *program)
{
    for (uint32_t i = 0; i < program->function_count; i++)
        if (stmt_may_unset_memory(program->functions[i]->body))
            return true;
    return false;
}

/* --- Making a machine --- */

/* The globals lie one after the other from cell 1 on. */
static void place_globals(struct c0_machine *machine)
{
    const struct c0_program *program = machine->program;
    machine->global_cell = ARENA_ARRAY(machine->arena, uint32_t, (size_t)program->global_count + 1);
    uint64_t next = 1;
    for (uint32_t i = 0; i < program->global_count; i++) {
        machine->global_cell[i] = (uint32_t)next;
        next += program->globals[i]->type->size_cells;
        require(next <= UINT32_MAX, "the globals have cell numbers");
    }
    machine->global_cell[program->global_count] = (uint32_t)next;
}

static void initialise_global(struct c0_machine *machine, const struct c0_variable *global)
{
    uint32_t first = c0_machine_global_cell(machine, global);
    for (uint32_t i = 0; global->initial != NULL && i < global->type->size_cells; i++) {
        const struct c0_initial *initial = &global->initial[i];
        uint32_t word = initial->word;
        if (initial->target != NULL)
            word = c0_machine_global_cell(machine, initial->target) + initial->target_cell;
        machine->words[first + i] = word;
    }
}

struct c0_machine *c0_machine_new(struct arena *arena, const struct c0_program *program,
                                  struct c0_limits limits)
{
    struct c0_machine *machine = ARENA_NEW(arena, struct c0_machine);
    machine->arena = arena;
    machine->program = program;
    machine->limits = limits;
    place_globals(machine);
    machine->heap_first = machine->heap_next = machine->global_cell[program->global_count];
    uint64_t stack_first = (uint64_t)machine->heap_first + limits.heap_cells;
    require(stack_first + limits.stack_cells <= UINT32_MAX, "every cell has a number");
    machine->stack_first = (uint32_t)stack_first;
    machine->end = machine->stack_first + limits.stack_cells;
    machine->words = ARENA_ARRAY(arena, uint32_t, machine->end);
    machine->unset = ARENA_ARRAY(arena, uint8_t, machine->end);
    machine->layouts = ARENA_ARRAY(arena, struct c0_frame_layout *, program->function_count);
    machine->flows = ARENA_ARRAY(arena, struct c0_flow, program->function_count);
    machine->may_unset_memory = program_may_unset_memory(program);
    machine->has_assembly = program_has_assembly(program);
    for (uint32_t i = 0; i < program->global_count; i++)
        initialise_global(machine, program->globals[i]);
    return machine;
}

/* --- Frames --- */

const struct c0_frame_layout *c0_machine_layout(struct c0_machine *machine,
                                                const struct c0_function *function)
{
    struct c0_frame_layout *layout = machine->layouts[function->index];
    if (layout != NULL)
        return layout;
    layout = ARENA_NEW(machine->arena, struct c0_frame_layout);
    layout->first_cells = ARENA_ARRAY(machine->arena, uint32_t, function->variable_count);
    uint64_t cells = 0;
    for (uint32_t i = 0; i < function->variable_count; i++) {
        layout->first_cells[i] = (uint32_t)cells;
        cells += function->variables[i]->type->size_cells;
    }
    layout->cells = (uint32_t)cells;
    layout->stack_cells = cells + 2;
    machine->layouts[function->index] = layout;
    machine->flows[function->index] = c0_flow_of(machine->arena, function);
    return layout;
}

struct c0_flow c0_machine_flow(struct c0_machine *machine, const struct c0_function *function)
{
    c0_machine_layout(machine, function);
    return machine->flows[function->index];
}

/* --- Objects --- */

uint32_t c0_machine_global_cell(const struct c0_machine *machine, const struct c0_variable *global)
{
    require(global->scope == C0_SCOPE_GLOBAL && global->index < machine->program->global_count,
            "a global of the program");
    return machine->global_cell[global->index];
}

uint32_t c0_machine_new_object(struct c0_machine *machine, const struct c0_type *type)
{
    struct c0_heap_object object = {type, c0_machine_next_object(machine, type)};
    if (object.first_cell == 0)
        return 0;
    ARRAY_PUSH(machine->arena, &machine->objects, object);
    machine->heap_next += type->size_cells;
    c0_machine_note_change(machine, object.first_cell, type->size_cells);
    return object.first_cell; /* its cells are zero: no cell of the heap was used before */
}

static bool global_object(const struct c0_machine *machine, uint32_t cell, struct c0_object *object)
{
    uint32_t low = 0, high = machine->program->global_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (machine->global_cell[middle] <= cell)
            low = middle;
        else
            high = middle;
    }
    const struct c0_variable *global = machine->program->globals[low];
    *object = (struct c0_object){
        .global = global, .type = global->type, .first_cell = machine->global_cell[low]};
    return true;
}

static bool heap_object(const struct c0_machine *machine, uint32_t cell, struct c0_object *object)
{
    size_t low = 0, high = machine->objects.count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (machine->objects.at[middle].first_cell <= cell)
            low = middle;
        else
            high = middle;
    }
    const struct c0_heap_object *found = &machine->objects.at[low];
    *object = (struct c0_object){
        .heap_number = (uint32_t)low, .type = found->type, .first_cell = found->first_cell};
    return true;
}

bool c0_machine_object(const struct c0_machine *machine, uint32_t cell, struct c0_object *object)
{
    if (cell == 0 || cell >= machine->heap_next)
        return false;
    if (cell < machine->heap_first)
        return global_object(machine, cell, object);
    return heap_object(machine, cell, object);
}

/* --- Words from outside --- */

/* The elementary type of the cell at `offset` in an object of `type`. */
static const struct c0_type *cell_type(const struct c0_type *type, uint32_t offset)
{
    while (!c0_type_is_elementary(type)) {
        if (type->kind == C0_TYPE_ARRAY) {
            offset %= type->element->size_cells;
            type = type->element;
            continue;
        }
        uint32_t field = 0;
        while (offset >= type->fields[field].offset_cells + type->fields[field].type->size_cells)
            field++;
        offset -= type->fields[field].offset_cells;
        type = type->fields[field].type;
    }
    return type;
}

/* Running code trusts its pointers; so a word that comes from outside is looked at. */
static void require_pointer(const struct c0_machine *machine, const struct c0_type *type,
                            uint32_t word)
{
    struct c0_object object;
    if (type->kind != C0_TYPE_POINTER || word == 0)
        return;
    require(c0_machine_object(machine, word, &object), "a pointer leads to an object");
    require(type->element->size_cells <= object.first_cell + object.type->size_cells - word,
            "a pointer leads to an object of its type");
}

const struct c0_type *c0_machine_cell_type(const struct c0_machine *machine, uint32_t cell)
{
    struct c0_object object;
    return c0_machine_object(machine, cell, &object)
               ? cell_type(object.type, cell - object.first_cell)
               : NULL;
}

uint32_t c0_machine_heap_end(const struct c0_machine *machine)
{
    return machine->heap_next;
}

bool c0_machine_is_free(const struct c0_machine *machine, uint32_t cell)
{
    return cell >= machine->heap_next && cell < machine->stack_first;
}

/* Some part of `whole`, `offset` cells from its start, is of type `part`. */
static bool has_part(const struct c0_type *whole, uint32_t offset, const struct c0_type *part)
{
    for (;;) {
        if (offset == 0 && whole == part)
            return true;
        if (whole->kind == C0_TYPE_ARRAY) {
            offset %= whole->element->size_cells;
            whole = whole->element;
        } else if (whole->kind == C0_TYPE_STRUCT) {
            uint32_t field = 0;
            while (offset >=
                   whole->fields[field].offset_cells + whole->fields[field].type->size_cells)
                field++;
            offset -= whole->fields[field].offset_cells;
            whole = whole->fields[field].type;
        } else {
            return false;
        }
    }
}

bool c0_machine_is_pointer(const struct c0_machine *machine, const struct c0_type *type,
                           uint32_t cell)
{
    struct c0_object object;
    return c0_machine_object(machine, cell, &object) &&
           has_part(object.type, cell - object.first_cell, type->element);
}

void c0_machine_attach(struct c0_machine *machine, struct c0_asm_world world)
{
    machine->world = world;
}

/* --- Functions that are only declared --- */

void c0_machine_attach_external(struct c0_machine *machine, struct c0_external external)
{
    machine->external = external;
}

enum c0_external_outcome c0_machine_call_external(const struct c0_machine *machine,
                                                  const struct c0_stmt *call,
                                                  const struct c0_function *caller,
                                                  const uint32_t *arguments, uint32_t *result)
{
    const struct c0_external *external = &machine->external;
    if (external->call == NULL)
        return C0_EXTERNAL_FAULTS;
    return external->call(external->self, call->callee, arguments, caller, call->where, result);
}

/* --- What is read and written from outside --- */

uint32_t c0_machine_read(const struct c0_machine *machine, uint32_t cell)
{
    require(cell != 0 && cell < machine->heap_next, "the cell belongs to an object");
    return machine->words[cell];
}

bool c0_machine_is_initialised(const struct c0_machine *machine, uint32_t cell)
{
    require(cell != 0 && cell < machine->heap_next, "the cell belongs to an object");
    return machine->unset[cell] == 0;
}

void c0_machine_write(struct c0_machine *machine, uint32_t cell, uint32_t word)
{
    struct c0_object object;
    require(c0_machine_object(machine, cell, &object), "the cell belongs to an object");
    require_pointer(machine, cell_type(object.type, cell - object.first_cell), word);
    c0_machine_note_change(machine, cell, 1);
    machine->words[cell] = word;
    machine->unset[cell] = 0;
}

void c0_machine_require_arguments(const struct c0_machine *machine,
                                  const struct c0_function *function, const uint32_t *arguments)
{
    for (uint32_t i = 0; i < function->parameter_count; i++)
        require_pointer(machine, function->variables[i]->type, arguments[i]);
}
