/* The kernel relation: the abstract kernel's globals and heap equal those of the concrete kernel,
 * by name and by an injective map of heap objects.
 *
 * A cell of a global is the word at the same offset of the global of that name. A pointer is NULL
 * on both sides, or leads to the same cell: of the same global, or of heap objects that the map
 * makes one. The map is not given: the first pointer to an abstract object that is met says which
 * concrete object it is, all others must agree, and no two abstract objects may overlap on the
 * concrete side. An object that was met is compared as a whole. What no global leads to is not
 * compared. */
#include "cosim/relation_state.h"

#include <string.h>

static uint32_t heap_words(const struct relation *relation)
{
    return (relation->kernel->heap_end - relation->kernel->heap) / WORD_BYTES;
}

/* --- Globals --- */

static void place_global(struct relation *relation, const struct cosim_global *global)
{
    uint32_t first = c0_machine_global_cell(relation->c0, global->abstract);
    for (uint32_t i = 0; i < global->abstract->type->size_cells; i++) {
        uint32_t address = global->address + i * WORD_BYTES;
        const struct c0_type *type = c0_machine_cell_type(relation->c0, first + i);
        relation->cell_addresses[first + i] = address;
        relation->cell_is_pointer[first + i] = type->kind == C0_TYPE_POINTER;
        relation->word_cells[(address - relation->globals) / WORD_BYTES] = first + i;
    }
}

static void place_globals(struct relation *relation)
{
    const struct cosim_kernel *kernel = relation->kernel;
    uint32_t end = 1, lowest = kernel->globals_end;
    for (size_t i = 0; i < kernel->global_count; i++) {
        const struct cosim_global *global = &kernel->globals[i];
        uint32_t behind = c0_machine_global_cell(relation->c0, global->abstract) +
                          global->abstract->type->size_cells;
        end = behind > end ? behind : end;
        lowest = global->address < lowest ? global->address : lowest;
    }
    relation->global_cells = end;
    relation->globals = lowest;
    relation->word_count = (kernel->globals_end - lowest) / WORD_BYTES;
    relation->cell_addresses = ARENA_ARRAY(relation->arena, uint32_t, end);
    relation->cell_is_pointer = ARENA_ARRAY(relation->arena, bool, end);
    relation->word_cells = ARENA_ARRAY(relation->arena, uint32_t, relation->word_count);
    for (size_t i = 0; i < kernel->global_count; i++)
        place_global(relation, &kernel->globals[i]);
}

void objects_init(struct relation *relation)
{
    place_globals(relation);
    relation->objects.cells = ARENA_ARRAY(relation->arena, uint32_t, heap_words(relation));
    relation->sweep_objects.cells = ARENA_ARRAY(relation->arena, uint32_t, heap_words(relation));
}

void objects_clear(struct relation *relation, struct object_map *objects)
{
    memset(objects->cells, 0, heap_words(relation) * sizeof *objects->cells);
    objects->addresses.count = 0;
    objects->met.count = 0;
}

/* --- Heap objects --- */

static uint32_t *address_of(struct relation *relation, struct object_map *objects, uint32_t number)
{
    while (objects->addresses.count <= number)
        ARRAY_PUSH(relation->arena, &objects->addresses, 0);
    return &objects->addresses.at[number];
}

uint32_t cell_address(const struct relation *relation, const struct object_map *objects,
                      uint32_t cell)
{
    struct c0_object object;
    if (cell < relation->global_cells)
        return relation->cell_addresses[cell];
    if (!c0_machine_object(relation->c0, cell, &object) ||
        object.heap_number >= objects->addresses.count ||
        objects->addresses.at[object.heap_number] == 0)
        return 0;
    return objects->addresses.at[object.heap_number] + (cell - object.first_cell) * WORD_BYTES;
}

/* Why the concrete words from `address` on cannot be the object; NULL: they are it from now on. */
static const char *meet(struct relation *relation, struct object_map *objects,
                        const struct c0_object *object, uint32_t address)
{
    const struct cosim_kernel *kernel = relation->kernel;
    uint32_t cells = object->type->size_cells;
    if (address % WORD_BYTES != 0 || address <= kernel->heap || address >= kernel->heap_end ||
        cells > (kernel->heap_end - address) / WORD_BYTES)
        return ", which is no place of the heap for it";
    uint32_t *owned = &objects->cells[(address - kernel->heap) / WORD_BYTES];
    for (uint32_t i = 0; i < cells; i++) {
        if (owned[i] != 0)
            return ", where another object is";
    }
    for (uint32_t i = 0; i < cells; i++)
        owned[i] = object->first_cell + i;
    *address_of(relation, objects, object->heap_number) = address;
    ARRAY_PUSH(relation->arena, &objects->met, object->heap_number);
    return NULL;
}

/* --- Cells --- */

static bool report_cell(struct relation *relation, uint32_t cell, uint32_t address,
                        uint32_t abstract, uint32_t concrete)
{
    const char *path = cell_path(relation, cell);
    struct difference difference = {.conjunct = COSIM_KERNEL,
                                    .has_address = true,
                                    .address = address,
                                    .abstract = abstract,
                                    .concrete = concrete};
    return report(relation, difference, path,
                  "%s is 0x%x in the abstract kernel and 0x%x at 0x%08x", path, abstract, concrete,
                  address);
}

/* What a concrete pointer leads to, as far as it is known. */
static const char *target_of(const struct relation *relation, const struct object_map *objects,
                             uint32_t concrete)
{
    uint32_t global = (concrete - relation->globals) / WORD_BYTES;
    uint32_t heap = (concrete - relation->kernel->heap) / WORD_BYTES, cell = 0;
    if (concrete % WORD_BYTES == 0 && global < relation->word_count)
        cell = relation->word_cells[global];
    else if (concrete % WORD_BYTES == 0 && heap < heap_words(relation))
        cell = objects->cells[heap];
    return concrete == 0 ? "NULL"
           : cell == 0   ? arena_printf(relation->arena, "0x%08x", concrete)
                         : cell_path(relation, cell);
}

/* The abstract value is told as the address that would be right, where there is one. */
static bool report_pointer(struct relation *relation, const struct object_map *objects,
                           uint32_t cell, uint32_t address, uint32_t concrete, const char *reason)
{
    const char *path = cell_path(relation, cell);
    uint32_t abstract = c0_machine_read(relation->c0, cell);
    struct difference difference = {
        .conjunct = COSIM_KERNEL,
        .has_address = true,
        .address = address,
        .abstract = abstract == 0 ? 0 : cell_address(relation, objects, abstract),
        .concrete = concrete};
    return report(relation, difference, path,
                  "%s points to %s in the abstract kernel, and at 0x%08x to %s%s", path,
                  abstract == 0 ? "NULL" : cell_path(relation, abstract), address,
                  target_of(relation, objects, concrete), reason);
}

/* Both lead to the same cell. */
static bool judge_pointer(struct relation *relation, struct object_map *objects, uint32_t cell,
                          uint32_t address, uint32_t concrete)
{
    uint32_t abstract = c0_machine_read(relation->c0, cell);
    struct c0_object object;
    if (abstract == 0 || concrete == 0)
        return abstract == concrete ||
               report_pointer(relation, objects, cell, address, concrete, "");
    uint32_t expected = cell_address(relation, objects, abstract);
    if (expected != 0)
        return expected == concrete ||
               report_pointer(relation, objects, cell, address, concrete, "");
    if (!c0_machine_object(relation->c0, abstract, &object))
        return report_pointer(relation, objects, cell, address, concrete, "");
    uint32_t offset = (abstract - object.first_cell) * WORD_BYTES;
    const char *reason = meet(relation, objects, &object, concrete - offset);
    return reason == NULL || report_pointer(relation, objects, cell, address, concrete, reason);
}

bool judge_cell(struct relation *relation, struct object_map *objects, uint32_t cell,
                uint32_t address, bool is_pointer)
{
    if (!c0_machine_is_initialised(relation->c0, cell))
        return true;
    uint32_t concrete = relation_word(relation, address);
    relation_count(relation, COSIM_KERNEL, 1);
    if (is_pointer)
        return judge_pointer(relation, objects, cell, address, concrete);
    uint32_t abstract = c0_machine_read(relation->c0, cell);
    return abstract == concrete || report_cell(relation, cell, address, abstract, concrete);
}

/* The cells of an object, whose number and place alone are kept. */
static bool judge_object(struct relation *relation, struct object_map *objects, uint32_t number)
{
    uint32_t address = objects->addresses.at[number];
    uint32_t first = objects->cells[(address - relation->kernel->heap) / WORD_BYTES];
    struct c0_object object;
    bool is_there = c0_machine_object(relation->c0, first, &object);
    for (uint32_t i = 0; is_there && i < object.type->size_cells; i++) {
        const struct c0_type *type = c0_machine_cell_type(relation->c0, first + i);
        if (!judge_cell(relation, objects, first + i, address + i * WORD_BYTES,
                        type->kind == C0_TYPE_POINTER))
            return false;
    }
    return true;
}

bool judge_met_objects(struct relation *relation, struct object_map *objects)
{
    while (objects->met.count != 0) {
        uint32_t number = objects->met.at[--objects->met.count];
        if (!judge_object(relation, objects, number))
            return false;
    }
    return true;
}
