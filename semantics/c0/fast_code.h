/* The fast machine's code (private to the machine): a function is recorded once, by running the
 * rules over a domain that emits an instruction for every operation (fast_record.c), block by block
 * (fast_block.c), and then interpreted (fast_run.c).
 *
 * A frame is a window of registers: the cells of the function's variables, then temporaries. The
 * code is a set of blocks, each a straight line of flow nodes that is entered at its first
 * instruction only; that instruction's `steps` is the number of nodes, counted as a whole when
 * control enters. Jumps inside a node (lazy operators) lead to instructions with no steps. */
#ifndef SEMANTICS_C0_FAST_CODE_H
#define SEMANTICS_C0_FAST_CODE_H

#include "semantics/c0/machine_memory.h"

enum c0_fast_op {
#define FAST_WORD(name) C0_FAST_##name, C0_FAST_##name##K,
#define FAST_COMPARE(name, op, is_swapped, inverse, mirror)                                        \
    C0_FAST_SET_##name, C0_FAST_SETK_##name, C0_FAST_BR_##name, C0_FAST_BRK_##name,
#define FAST_PLAIN(name, has_result) C0_FAST_##name,
#define FAST_CHECKED(name) C0_FAST_##name,
#define FAST_TRANSFER(name) C0_FAST_##name,
#define FAST_PAIR(kind, first, second) C0_FAST_##first##_THEN_##second,
#include "semantics/c0/fast.def"
    C0_FAST_OP_COUNT
};

/* A target is a distance in instructions from the one that jumps. */
struct c0_instr {
    uint16_t op, steps;
    uint32_t a, b, c, d;
};

/* Where an instruction comes from: its statement, and how many steps of its block, counted when
 * the block was entered, have not been done when it begins. */
struct c0_site {
    const struct c0_stmt *stmt;
    uint32_t pending;
};

struct c0_code {
    struct c0_instr *at;
    const struct c0_site *sites;
    uint32_t count;
    uint32_t window_cells;
    uint32_t stack_cells; /* what a call takes of the stack */
};

/* A call of a function that is only declared. */
struct c0_external_call {
    const struct c0_stmt *stmt;
    const struct c0_function *caller;
};

/* What the machine keeps for its fast reading. */
struct c0_fast {
    struct c0_code **codes;                   /* by the functions' index; NULL: not recorded yet */
    ARRAY(const struct c0_type *) types;      /* that NEW allocates, by number */
    ARRAY(struct c0_external_call) externals; /* that EXTERNAL makes, by number */
    uint32_t *words;                          /* the windows */
    uint8_t *unset; /* marks of local structs and arrays; 1: uninitialised */
    uint32_t capacity_cells;
    const struct c0_instr **control; /* where the calls return to */
    uint32_t control_capacity;
};

/* Keeps the code with what follows each other joined into pairs (fast.def, FAST_PAIR). */
struct c0_code *c0_fast_finish(struct c0_machine *machine, const struct c0_instr *code,
                               const struct c0_site *sites, uint32_t count);

/* The instruction that a pair begins with; any other instruction is its own. */
enum c0_fast_op c0_fast_first(enum c0_fast_op op);

struct c0_code *c0_fast_record(struct c0_machine *machine, const struct c0_function *function);

#endif
