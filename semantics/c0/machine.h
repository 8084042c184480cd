/* The C0 machine: runs a checked program step by step (docs/C0.md, "Machine"). */
#ifndef SEMANTICS_C0_MACHINE_H
#define SEMANTICS_C0_MACHINE_H

#include "base/arena.h"
#include "semantics/c0/program.h"
#include "semantics/c0/rules.h"

struct c0_machine;

struct c0_limits {
    uint32_t heap_cells;  /* `new` gives NULL beyond it */
    uint32_t stack_cells; /* the frame stack is exhausted beyond it */
};

/* 1 MiB of heap and 256 KiB of stack in words, as the default memory map of an image has. */
struct c0_limits c0_limits_default(void);

/* A machine whose globals hold their initial values. */
struct c0_machine *c0_machine_new(struct arena *arena, const struct c0_program *program,
                                  struct c0_limits limits);

/* Memory seen as cells: 0 is NULL; then the globals one after the other, the heap objects in the
 * order of their allocation, the frames. A pointer's word is the number of the cell. */
uint32_t c0_machine_global_cell(const struct c0_machine *machine, const struct c0_variable *global);
uint32_t c0_machine_read(const struct c0_machine *machine, uint32_t cell);
/* False: the cell was given no value yet, and shows as 0. */
bool c0_machine_is_initialised(const struct c0_machine *machine, uint32_t cell);
void c0_machine_write(struct c0_machine *machine, uint32_t cell, uint32_t word);
/* A zeroed object of that type, as `new` makes it; 0 when the heap is exhausted. */
uint32_t c0_machine_new_object(struct c0_machine *machine, const struct c0_type *type);

/* The object that holds `cell`. */
struct c0_object {
    const struct c0_variable *global; /* NULL for a heap object */
    uint32_t heap_number;             /* order of allocation, from 0 */
    const struct c0_type *type;
    uint32_t first_cell;
};
bool c0_machine_object(const struct c0_machine *machine, uint32_t cell, struct c0_object *object);

enum c0_status {
    C0_RETURNED,
    C0_FAULTED,
    C0_LIMIT,
    C0_LEFT,    /* an asm block ended the kernel's run (rfe) */
    C0_STOPPED, /* an external function ended the run */
};

struct c0_outcome {
    enum c0_status status;
    bool has_result;
    uint32_t result;
    uint64_t steps;
    enum c0_rule rule;     /* FAULTED */
    struct location where; /* FAULTED */
};

enum c0_asm_outcome {
    C0_ASM_GOES_ON, /* to the step's `next`; of a branch: it is taken */
    C0_ASM_NOT_TAKEN,
    C0_ASM_FAULT,
};

/* What C0A's machine holds beside C0's memory, and what executes the steps of its blocks: the
 * target's (semantics/c0a/world.h). */
struct c0_asm_world {
    void *self;
    /* Executes the step's instruction. `word` is that of the step's variable. A fault leaves its
     * rule. */
    enum c0_asm_outcome (*step)(void *self, struct c0_machine *machine, const struct c0_asm *block,
                                uint32_t step, uint32_t *word, enum c0_rule *rule);
};
/* Before the first call. Without a world an asm block faults. */
void c0_machine_attach(struct c0_machine *machine, struct c0_asm_world world);

enum c0_external_outcome {
    C0_EXTERNAL_RETURNS,
    C0_EXTERNAL_FAULTS, /* the call is outside its precondition: C0_RULE_PRECONDITION */
    C0_EXTERNAL_STOPS,  /* the run ends before the call (C0_STOPPED) */
};

/* Functions that are declared only (front.h: may_lack_definitions): a call of one is a single step,
 * whose effect is whatever `call` does. It may read and write the machine's globals and heap, and
 * makes no call on this machine. */
struct c0_external {
    void *self;
    /* `result` is for functions that have one, a value of its type. */
    enum c0_external_outcome (*call)(void *self, const struct c0_function *function,
                                     const uint32_t *arguments, const struct c0_function *caller,
                                     struct location where, uint32_t *result);
};
/* Before the first call. Without it, a call of such a function faults with that rule. */
void c0_machine_attach_external(struct c0_machine *machine, struct c0_external external);

/* Counts of begun steps by statement, from now on; before the first call. A step that faults, or
 * at which the run is stopped, was begun too. 0 for a statement that is no step: a block. */
void c0_machine_count_statements(struct c0_machine *machine);
uint64_t c0_machine_statement_count(const struct c0_machine *machine,
                                    const struct c0_function *function, const struct c0_stmt *stmt);

/* Cells of globals and heap that were written, or came to be part of an object, since the last
 * call of each_change (or since tracking began): visited in order, by blocks of C0_CHANGE_CELLS
 * cells that have one. Tracking begins between calls, and costs nothing until then. */
enum { C0_CHANGE_CELLS = 64 };
void c0_machine_track_changes(struct c0_machine *machine);
void c0_machine_each_change(struct c0_machine *machine,
                            void (*visit)(void *self, uint32_t first_cell, uint32_t cells),
                            void *self);

/* The elementary type of the cell of a global or a heap object; NULL of any other cell. */
const struct c0_type *c0_machine_cell_type(const struct c0_machine *machine, uint32_t cell);
/* The cell behind the last object of the heap. */
uint32_t c0_machine_heap_end(const struct c0_machine *machine);
/* The cell is one of the heap's that no object has yet. */
bool c0_machine_is_free(const struct c0_machine *machine, uint32_t cell);
/* Whether a pointer of the type may hold `cell`: an object of the pointed type lies there. */
bool c0_machine_is_pointer(const struct c0_machine *machine, const struct c0_type *type,
                           uint32_t cell);

/* Calls `function` with as many words as it has parameters and runs it to its return, a fault or
 * the limit of steps. Globals and heap persist from call to call. */
struct c0_outcome c0_machine_call(struct c0_machine *machine, const struct c0_function *function,
                                  const uint32_t *arguments, uint64_t max_steps);

/* The same, by the plain reading of the rules, step by step; slower, the reference. Programs with
 * asm blocks are always run so. */
struct c0_outcome c0_machine_call_plain(struct c0_machine *machine,
                                        const struct c0_function *function,
                                        const uint32_t *arguments, uint64_t max_steps);

#endif
