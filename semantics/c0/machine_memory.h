/* The memory of the C0 machine, for the two readings that run on it (private to the machine).
 *
 * Cells are numbered: 0 is NULL, then the globals, the heap objects, the frames of the plain
 * machine. The fast machine keeps its frames in windows of its own (fast_code.h): no pointer ever
 * leads into a frame, so the numbers of their cells are of no account. */
#ifndef SEMANTICS_C0_MACHINE_MEMORY_H
#define SEMANTICS_C0_MACHINE_MEMORY_H

#include "base/array.h"
#include "semantics/c0/flow.h"
#include "semantics/c0/machine.h"

struct c0_fast;

/* Where the variables of a function lie in its frame. */
struct c0_frame_layout {
    uint32_t *first_cells; /* by the variables' index */
    uint32_t cells;
    uint64_t stack_cells; /* what a call takes of the stack: the cells and two for control */
};

struct c0_heap_object {
    const struct c0_type *type;
    uint32_t first_cell;
};

struct c0_machine {
    struct arena *arena;
    const struct c0_program *program;
    struct c0_limits limits;
    uint32_t *words;
    uint8_t *unset;        /* 1: the cell is not initialised */
    uint32_t *global_cell; /* by the globals' index, and where the heap begins */
    uint32_t heap_first, heap_next, stack_first, end;
    ARRAY(struct c0_heap_object) objects;
    struct c0_frame_layout **layouts; /* by the functions' index; made when first called */
    struct c0_flow *flows;            /* of functions that have a layout */
    /* Some assignment copies a local struct or array to a global or the heap: only then can a cell
     * there be uninitialised. */
    bool may_unset_memory;
    struct c0_fast *fast; /* made by the first fast call */
    struct c0_asm_world world;
    bool has_assembly;
    struct c0_external external;
    uint64_t *counts;      /* of begun steps by node; NULL: they are not counted */
    uint32_t *first_count; /* by the functions' index: that of the function's node 0 */
    uint8_t *changed;      /* by block of cells: it was written; NULL: changes are not tracked */
};

/* `cells` cells from `first` on are written, in a global or the heap. */
static inline void c0_machine_note_change(struct c0_machine *machine, uint32_t first,
                                          uint32_t cells)
{
    if (machine->changed == NULL)
        return;
    for (uint32_t block = first / C0_CHANGE_CELLS; block <= (first + cells - 1) / C0_CHANGE_CELLS;
         block++)
        machine->changed[block] = 1;
}

/* The first cell of the object that c0_machine_new_object makes; 0 when the heap is exhausted. */
static inline uint32_t c0_machine_next_object(const struct c0_machine *machine,
                                              const struct c0_type *type)
{
    return machine->stack_first - machine->heap_next < type->size_cells ? 0 : machine->heap_next;
}

/* Calls a function that is only declared. */
enum c0_external_outcome c0_machine_call_external(const struct c0_machine *machine,
                                                  const struct c0_stmt *call,
                                                  const struct c0_function *caller,
                                                  const uint32_t *arguments, uint32_t *result);

const struct c0_frame_layout *c0_machine_layout(struct c0_machine *machine,
                                                const struct c0_function *function);
struct c0_flow c0_machine_flow(struct c0_machine *machine, const struct c0_function *function);

/* The arguments are values of the parameters' types: a pointer is NULL or leads to an object that
 * has room for what it points to. A broken one ends the process. */
void c0_machine_require_arguments(const struct c0_machine *machine,
                                  const struct c0_function *function, const uint32_t *arguments);

#endif
