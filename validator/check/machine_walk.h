/* The symbolic walk of the machine's side: from one point of a function's code to the next cuts,
 * along all paths at once. Words of the function's own frame at constant offsets are lifted to
 * scalars, aggregates to blocks, the rest is one shared memory; what must hold so that this view
 * is right comes out as obligations. Anything it does not understand is refused, never skipped. */
#ifndef VALIDATOR_CHECK_MACHINE_WALK_H
#define VALIDATOR_CHECK_MACHINE_WALK_H

#include "base/array.h"
#include "validator/check/code_graph.h"
#include "validator/check/relation.h"
#include "validator/check/source_walk.h"

struct frame_slot {
    int32_t offset;
    term value;
};

struct machine_state {
    /* The general ones; in a function with asm blocks also what target_state_count counts. */
    term registers[TARGET_REGISTERS_MAX];
    ARRAY(struct frame_slot) slots; /* ordered by offset; what is not listed is unknown */
    uint32_t epoch; /* names the unknown: it changes when a callee may have written there */
    term *blocks;   /* by home of the relation */
    term memory;
    term target; /* of a pending indirect jump */
};

struct machine_arrival {
    enum arrival_kind kind;
    struct point point; /* LOOP: where control is; CALL: where it will come back to */
    uint32_t pc;        /* of the last instruction executed */
    term guard;
    struct machine_state state;
    const struct c0_function *callee; /* CALL; NULL: of the allocator */
    int32_t displacement;             /* CALL: the callee's frame base, from the caller's */
    const term *arguments;            /* CALL: as many as the callee has parameters; the size */
};

struct machine_obligation {
    const char *what;
    uint32_t pc;
    term guard, goal;
};

/* A routine called with a contract, for the stack's bound. */
struct routine_use {
    const struct contract *contract;
    int32_t displacement;
};

struct machine_segment {
    ARRAY(struct machine_arrival) arrivals;
    ARRAY(struct machine_obligation) obligations;
    ARRAY(struct routine_use) routines;
    uint32_t extent_bytes; /* of the frame, as far as it was accessed */
    term unexplained;      /* after a refusal: a computed frame address that no home explains,
                            * from the frame base; else none */
};

struct machine_walk_input {
    const struct subject *subject;
    const struct relation *relation;     /* frame and homes */
    const struct code_ends *ends;        /* NULL: only calls and returns end the walk */
    bool may_stop_at_start;              /* the start is at entry: no cycle has begun yet */
    const struct source_segment *source; /* NULL: no source, nothing is known to be an object */
    term frame;                          /* the frame base at entry */
    uint32_t code_start, code_end;
};

/* The unknown word of the frame at `offset`, made up on first use. */
term machine_slot(struct arena *arena, struct terms *terms, struct machine_state *state,
                  int32_t offset);
void machine_slot_set(struct arena *arena, struct machine_state *state, int32_t offset, term value);
term machine_junk(struct terms *terms, const char *name, uint32_t epoch, struct sort sort);

bool machine_walk(struct arena *arena, struct terms *terms, const struct machine_walk_input *input,
                  struct point start, const struct machine_state *state,
                  struct machine_segment *segment, struct fault *fault);

#endif
