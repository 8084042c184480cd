/* Replay: one function, one state, both executable machines. Only what they do differently from the
 * same state may be called a refutation. */
#ifndef VALIDATOR_CHECK_REPLAY_H
#define VALIDATOR_CHECK_REPLAY_H

#include "base/array.h"
#include "semantics/c0/machine.h"
#include "validator/check/subject.h"
#include "validator/check/verdict.h"

/* A state that both machines can be put into: words of globals, heap objects with their words, and
 * arguments. A pointer names the object and the cell in it. */
struct state_word {
    uint32_t word;
    bool is_pointer; /* to cell `cell` of `global`, or else of heap object number `heap` */
    const struct c0_variable *global;
    uint32_t heap, cell;
};

struct heap_object {
    const struct c0_type *type;
    struct state_word *cells;
};

struct global_words {
    const struct c0_variable *global;
    struct state_word *cells;
};

struct replay_state {
    ARRAY(struct heap_object) heap;
    ARRAY(struct global_words) globals; /* those that differ from their initial values */
    struct state_word *arguments;
};

enum replay_end {
    REPLAY_AGREES,
    REPLAY_DISAGREES,
    REPLAY_NOTHING, /* the source faults or does not end: the state says nothing */
};

/* Runs both. On DISAGREES `example` describes the state and both ends. */
enum replay_end replay(struct arena *arena, const struct subject *subject,
                       const struct c0_function *function, const struct replay_state *state,
                       uint64_t max_steps, struct counterexample **example);

#endif
