/* C0 against code, the inside: a C0 machine and a VAMP in the midst of one call (docs/COSIM.md, "C0
 * against code").
 *
 *   consis_certificates.c  the relations, and where the processor has to stop for them
 *   consis_place.c         the allocation function: cells of C0 and addresses of the image
 *   consis_memory.c        memory beside C0's, and both memories compared
 *   consis_relation.c      one cut's relation on the two states
 *   consis_pair.c          calls, cuts, returns: both machines come to the same places
 *   consis.c               the kernel's runs on the physical machine
 *   consis_function.c      one function on drawn states
 *
 * The processor goes first and stops at a point; then pair_arrive lets the C0 machine follow. */
#ifndef COSIM_CONSIS_PAIR_H
#define COSIM_CONSIS_PAIR_H

#include "base/array.h"
#include "cosim/consis.h"
#include "semantics/c0/machine_step.h"
#include "semantics/c0a/world.h"
#include "validator/check/check.h"

/* --- consis_certificates.c --- */

/* A function, and what is known of its code. */
struct consis_function {
    const struct relation *relation; /* NULL: none */
    bool *is_cut; /* by node: a loop or `new` at which C0 stops; NULL: no relation */
};

/* What an instruction of the code is to somebody. */
enum {
    POINT_ENTRY = 1, /* of a function */
    POINT_CUT = 2,   /* of a relation, or behind a call */
    POINT_LEAVE = 4, /* rfe */
};
struct consis_point {
    uint8_t roles;
    uint32_t function; /* ENTRY: its index */
};

struct consis_certificates {
    struct subject subject;
    struct consis_function *functions;     /* by index */
    struct consis_point *points;           /* by word of the code */
    size_t relation_count, function_count; /* of functions with code */
};

/* The point at an address; its roles are 0 outside the code. */
struct consis_point consis_point_at(const struct consis_certificates *certificates,
                                    uint32_t address);
/* Every address with a point becomes a breakpoint. */
void consis_set_breakpoints(const struct consis_certificates *certificates,
                            struct vamp_machine *processor);

/* --- The two machines --- */

/* A call that both are in. */
struct consis_frame {
    const struct c0_function *function;
    uint32_t base, back;                /* r29 and r31 at its entry */
    uint32_t registers[VAMP_GPR_COUNT]; /* at its entry */
};

struct consis_access {
    bool is_write;
    uint32_t address, word;
};

/* The first difference. */
struct consis_difference {
    bool is_set;
    bool has_address, has_values;
    uint32_t address, source, machine;
    char place[96];
    char text[COSIM_TEXT_BYTES];
};

struct consis_pair {
    struct arena *arena;
    const struct consis_certificates *certificates;
    const struct subject *subject;
    const struct target *target;
    struct vamp_machine *processor;
    unsigned change_reader; /* of the processor's changes */

    struct c0_machine *source;
    struct c0_steps *steps;
    struct c0a_world *world;
    struct c0a_placement placement;
    ARRAY(struct consis_frame) frames;
    bool is_behind_loop;   /* C0 stands at a loop's node that has been met: it is executed next */
    ARRAY(uint32_t) words; /* of the next call's arguments, or the next return's result */

    uint32_t heap_first;    /* cell of the heap's first object */
    uint32_t heap_cells;    /* there is room for */
    uint32_t *global_cells; /* by word of the globals' region: the cell; 0: none */
    uint32_t *addresses;    /* by cell of a global */
    bool *is_pointer;       /* by cell of a global */

    uint32_t *other; /* the C0 side's own copy of memory: what is not C0's in it counts */
    uint32_t memory_bytes;
    ARRAY(uint32_t) written; /* lines of `other` that blocks have written since the last meeting */
    uint8_t *is_written;     /* by line */

    ARRAY(struct consis_access) accesses; /* of the processor to devices since the last meeting */
    size_t answered;                      /* so many of them have been made by C0 too */

    struct location where;      /* of the last step of C0 */
    uint32_t met_at;            /* the processor's dpc at the last meeting */
    uint64_t segment_steps_max; /* of C0 between two meetings */
    struct consis_counts counts;
    struct consis_difference difference;
};

/* Both machines before the first call: the processor's memory holds the image. */
struct consis_pair *pair_new(struct arena *arena, const struct consis_certificates *certificates,
                             struct vamp_machine *processor, unsigned change_reader);

/* Always false. The first difference stands. */
bool pair_differ(struct consis_pair *pair, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool pair_differ_in(struct consis_pair *pair, const char *place, uint32_t source, uint32_t machine,
                    const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Counts a value; false if the two differ. */
bool pair_expect(struct consis_pair *pair, const char *place, uint32_t source, uint32_t machine);

/* --- consis_place.c --- */

void placing_prepare(struct consis_pair *pair);
uint32_t placing_address(const struct consis_pair *pair, uint32_t cell);
/* False: no object has a word there. */
bool placing_cell(const struct consis_pair *pair, uint32_t address, uint32_t *cell);
bool placing_is_heap(const struct consis_pair *pair, uint32_t address);
/* What the processor has for a value of the type. */
uint32_t placing_word(const struct consis_pair *pair, const struct c0_type *type, uint32_t word);
/* The same of an initialised cell of a global or a heap object. */
uint32_t placing_cell_word(const struct consis_pair *pair, uint32_t cell);
/* A value of C0 for the processor's word. False: it is none of the cell's type. */
bool placing_take(const struct consis_pair *pair, uint32_t cell, uint32_t machine_word,
                  uint32_t *word);
/* The heap's first word, when C0's heap ends behind `cells` cells. */
uint32_t placing_cursor(const struct consis_pair *pair, uint32_t cells);
uint32_t placing_allocated(const struct consis_pair *pair);
/* "state.process[3]+8" */
void placing_name(const struct consis_pair *pair, uint32_t address, char *buffer,
                  size_t size_bytes);
/* The elementary type at a cell of a value of that type. */
const struct c0_type *placing_type(const struct c0_type *type, uint32_t cell);

/* --- consis_memory.c --- */

void pair_memory_prepare(struct consis_pair *pair);
/* All that changed on either side since the last call is the same. `allocated`: cells of the heap
 * that have objects, as the code has it. */
bool pair_memory_agrees(struct consis_pair *pair, uint32_t allocated);
/* The same of everything. */
bool pair_memory_agrees_everywhere(struct consis_pair *pair);
/* The other memory becomes the processor's there, C0's is left alone. */
void pair_memory_copy(struct consis_pair *pair, uint32_t first, uint32_t end);
/* The processor's memory beside C0's has changed while C0 did not run: the copy follows. Where C0's
 * has changed, it must be the global `handed` (NULL: none), which C0 takes over; with `takes_all`
 * C0 takes over everything. */
bool pair_memory_follow(struct consis_pair *pair, const struct c0_variable *handed, bool takes_all);
/* The processor's memory gets all that C0's machine holds. */
void pair_memory_give(struct consis_pair *pair);
/* The processor's word; 0 where there is no memory. */
uint32_t pair_memory_word(const struct consis_pair *pair, uint32_t address);

/* --- consis_relation.c --- */

/* The cut's relation for the call that C0 has in frame `frame`. */
bool pair_relation_agrees(struct consis_pair *pair, const struct cut *cut, size_t frame);
const struct cut *pair_cut(const struct relation *relation, enum cut_kind kind, struct point point);
bool pair_specials_agree(struct consis_pair *pair);

/* --- consis_pair.c --- */

enum pair_status {
    PAIR_PASSES,   /* nothing ends there: the processor goes on */
    PAIR_AGREES,   /* they have met */
    PAIR_RETURNED, /* and the outermost call has returned */
    PAIR_LEFT,     /* and the kernel's run has ended */
    PAIR_DIFFERS,
    PAIR_FAULTS, /* C0 does, or goes on for ever: nothing is said about the code */
};

/* The processor stands at the entry of the function, whose arguments are those words of C0. */
enum pair_status pair_begin(struct consis_pair *pair, const struct c0_function *function,
                            const uint32_t *arguments);
/* The processor stands at a breakpoint. */
enum pair_status pair_arrive(struct consis_pair *pair);
/* The processor cannot go on, or does not come to any point: C0 has to fault, or they differ. */
enum pair_status pair_give_up(struct consis_pair *pair, const char *why);
/* The first difference, as cosim reports it. */
void consis_divergence(const struct consis_pair *pair, struct cosim_divergence *divergence);
/* Accesses of the processor to devices. */
void pair_note_access(struct consis_pair *pair, bool is_write, uint32_t address, uint32_t word);

#endif
