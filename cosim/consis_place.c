/* The allocation function: where the image has C0's cells, and what it has for C0's values
 * (docs/ABI.md). Globals are at their symbols; heap objects follow each other in the order of their
 * allocation on both sides, so that the map of heap objects is one distance, and the heap's cursor
 * says how far it goes. */
#include "cosim/consis_pair.h"

#include "base/require.h"

#include <stdio.h>

const struct c0_type *placing_type(const struct c0_type *type, uint32_t cell)
{
    while (!c0_type_is_elementary(type)) {
        if (type->kind == C0_TYPE_ARRAY) {
            cell %= type->element->size_cells;
            type = type->element;
            continue;
        }
        uint32_t field = 0;
        while (cell >= type->fields[field].offset_cells + type->fields[field].type->size_cells)
            field++;
        cell -= type->fields[field].offset_cells;
        type = type->fields[field].type;
    }
    return type;
}

static bool is_pointer_at(const struct c0_type *type, uint32_t cell)
{
    return placing_type(type, cell)->kind == C0_TYPE_POINTER;
}

static void prepare_global(struct consis_pair *pair, const struct c0_variable *global)
{
    const struct subject *subject = pair->subject;
    uint32_t first = c0_machine_global_cell(pair->source, global);
    uint32_t address = subject->global_addresses[global->index];
    for (uint32_t i = 0; i < global->type->size_cells; i++) {
        uint32_t at = address + 4 * i;
        pair->is_pointer[first + i] = is_pointer_at(global->type, i);
        pair->addresses[first + i] = at;
        if (at >= subject->globals.start && at < subject->globals.end)
            pair->global_cells[(at - subject->globals.start) / 4] = first + i;
    }
}

void placing_prepare(struct consis_pair *pair)
{
    const struct c0_program *program = pair->subject->program;
    struct region globals = pair->subject->globals, heap = pair->subject->heap;
    pair->heap_first = 1;
    for (uint32_t i = 0; i < program->global_count; i++)
        pair->heap_first += program->globals[i]->type->size_cells;
    pair->heap_cells = (heap.end - heap.start) / 4 - 1;
    pair->is_pointer = ARENA_ARRAY(pair->arena, bool, pair->heap_first);
    pair->addresses = ARENA_ARRAY(pair->arena, uint32_t, pair->heap_first);
    pair->global_cells = ARENA_ARRAY(pair->arena, uint32_t, (globals.end - globals.start) / 4 + 1);
    for (uint32_t i = 0; i < program->global_count; i++)
        prepare_global(pair, program->globals[i]);
}

/* --- Cells and addresses --- */

static bool is_heap_cell(const struct consis_pair *pair, uint32_t cell)
{
    return cell >= pair->heap_first && cell - pair->heap_first < pair->heap_cells;
}

uint32_t placing_allocated(const struct consis_pair *pair)
{
    return c0_machine_heap_end(pair->source) - pair->heap_first;
}

uint32_t placing_address(const struct consis_pair *pair, uint32_t cell)
{
    if (cell < pair->heap_first)
        return cell == 0 ? 0 : pair->addresses[cell];
    require(is_heap_cell(pair, cell), "a cell of a global or the heap");
    return pair->subject->heap.start + 4 + 4 * (cell - pair->heap_first);
}

bool placing_is_heap(const struct consis_pair *pair, uint32_t address)
{
    return address >= pair->subject->heap.start && address < pair->subject->heap.end;
}

bool placing_cell(const struct consis_pair *pair, uint32_t address, uint32_t *cell)
{
    struct region globals = pair->subject->globals;
    if (address % 4 != 0)
        return false;
    if (address >= globals.start && address < globals.end) {
        *cell = pair->global_cells[(address - globals.start) / 4];
        return *cell != 0;
    }
    uint32_t heap = pair->subject->heap.start + 4;
    *cell = pair->heap_first + (address - heap) / 4;
    return placing_is_heap(pair, address) && address >= heap &&
           *cell < c0_machine_heap_end(pair->source);
}

uint32_t placing_cursor(const struct consis_pair *pair, uint32_t cells)
{
    return cells == 0 ? 0 : pair->subject->heap.start + 4 + 4 * cells;
}

/* --- Values --- */

uint32_t placing_word(const struct consis_pair *pair, const struct c0_type *type, uint32_t word)
{
    return type->kind == C0_TYPE_POINTER ? placing_address(pair, word) : word;
}

static bool cell_is_pointer(const struct consis_pair *pair, uint32_t cell)
{
    if (cell < pair->heap_first)
        return pair->is_pointer[cell];
    return c0_machine_cell_type(pair->source, cell)->kind == C0_TYPE_POINTER;
}

uint32_t placing_cell_word(const struct consis_pair *pair, uint32_t cell)
{
    uint32_t word = c0_machine_read(pair->source, cell);
    return cell_is_pointer(pair, cell) ? placing_address(pair, word) : word;
}

bool placing_take(const struct consis_pair *pair, uint32_t cell, uint32_t machine_word,
                  uint32_t *word)
{
    const struct c0_type *type = c0_machine_cell_type(pair->source, cell);
    *word = machine_word;
    if (type->kind == C0_TYPE_BOOL)
        return machine_word <= 1;
    if (type->kind == C0_TYPE_CHAR)
        return machine_word + 128 < 256;
    if (type->kind != C0_TYPE_POINTER || machine_word == 0)
        return true;
    return placing_cell(pair, machine_word, word) &&
           c0_machine_is_pointer(pair->source, type, *word);
}

/* --- Names --- */

void placing_name(const struct consis_pair *pair, uint32_t address, char *buffer, size_t size_bytes)
{
    uint32_t cell;
    struct c0_object object;
    if (!placing_cell(pair, address, &cell) || !c0_machine_object(pair->source, cell, &object)) {
        snprintf(buffer, size_bytes, "memory[0x%08lx]", (unsigned long)address);
        return;
    }
    unsigned long offset = 4ul * (cell - object.first_cell);
    if (object.global != NULL)
        snprintf(buffer, size_bytes, "%s+%lu", object.global->name, offset);
    else
        snprintf(buffer, size_bytes, "heap#%lu+%lu", (unsigned long)object.heap_number, offset);
}
