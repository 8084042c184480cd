/* Inside the machine's walk: its state and what its parts (machine_state.c, machine_access.c,
 * machine_call.c) do for it. */
#ifndef VALIDATOR_CHECK_MACHINE_PARTS_H
#define VALIDATOR_CHECK_MACHINE_PARTS_H

#include "validator/check/machine_walk.h"
#include "validator/check/path.h"

struct machine_walk {
    struct arena *arena;
    struct terms *terms;
    const struct machine_walk_input *input;
    const struct target *target;
    struct machine_segment *segment;
    struct fault *fault;
    uint32_t next_epoch;
    /* of the node being executed */
    uint32_t pc;
    const struct path *path;
    term guard;
    struct machine_state *state;
    bool is_storing; /* the access that is looked at */
};

/* A state on its way along an edge. */
struct machine_edge {
    const struct path *path;
    struct machine_state state;
};

/* A node of the code graph during the walk: what reached it, and what that comes to. */
struct reached {
    ARRAY(struct machine_edge) edges;
    const struct path *path;
    term guard;
    struct machine_state state;
};

static inline struct sort machine_word_sort(void)
{
    return (struct sort){SORT_WORD, 32};
}

/* States (machine_state.c) */
struct machine_state machine_state_copy(struct machine_walk *walk,
                                        const struct machine_state *state);
/* Joins what reached a node. */
void machine_join(struct machine_walk *walk, struct reached *node);

/* Memory (machine_access.c): what must hold for an access comes out as obligations; false is a
 * refusal. */
void machine_oblige(struct machine_walk *walk, const char *what, term goal);
bool machine_load(struct machine_walk *walk, const struct effect *effect, term *value);
bool machine_store(struct machine_walk *walk, const struct effect *effect);
/* An aligned word at any address. */
bool machine_read_word(struct machine_walk *walk, term address, term *word);
uint32_t machine_home_size(const struct machine_walk *walk, size_t home);

/* Calls (machine_call.c): of source functions and of the allocator where it is cut, which end the
 * path; of other routines by their contract, behind which it goes on (`goes_on`). */
bool machine_call(struct machine_walk *walk, const struct code_node *node, uint32_t callee,
                  bool *goes_on);

#endif
