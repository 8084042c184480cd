/* The symbolic states of both sides at a cut: what the cut's relation says, and nothing else.
 * Where the relation is silent a machine place is unknown. */
#ifndef VALIDATOR_CHECK_CUT_START_H
#define VALIDATOR_CHECK_CUT_START_H

#include "validator/check/machine_walk.h"

struct cut_start {
    struct source_start source;
    struct machine_state machine;
    struct point point;
    ARRAY(term) assumptions; /* typing of the locals, the frame's bounds, doubly stated places */
};

/* The symbols of docs/RELATION.md, as terms. */
term symbol_frame(struct terms *terms);
term symbol_return(struct terms *terms);
term symbol_preserved(struct terms *terms, const struct target *target, unsigned number);
/* The value of an equality's right side in a source state. */
term equality_value(struct terms *terms, const struct subject *subject,
                    const struct equality *equality, const struct source_state *state);
/* The value of a machine place (a slot not listed becomes known as unknown). */
term place_value(struct arena *arena, struct terms *terms, const struct relation *relation,
                 struct machine_state *state, struct place place);

/* The equality holds between the two states. Of blocks, only the aggregate's own words count: what
 * a memory holds beyond them is never looked at. */
term equality_holds(struct arena *arena, struct terms *terms, const struct subject *subject,
                    const struct relation *relation, const struct equality *equality,
                    const struct source_state *source, struct machine_state *machine);

/* The two sides of a word's equality, in those states. */
void equality_sides(struct arena *arena, struct terms *terms, const struct subject *subject,
                    const struct relation *relation, const struct equality *equality,
                    const struct source_state *source, struct machine_state *machine,
                    term *expected, term *found);

/* The value keeps to the bound. */
term bound_holds(struct terms *terms, const struct bound *bound, const struct source_state *source);

/* The cut's equalities and bounds speak of places and symbols that there are. */
bool equalities_are_sound(struct arena *arena, const struct subject *subject,
                  const struct relation *relation, const struct cut *cut, struct fault *fault);

/* A fault if the relation is ill-formed at this cut (no such place, a block that is no home). */
bool cut_start_build(struct arena *arena, struct terms *terms, const struct subject *subject,
                     const struct relation *relation, const struct c0_flow *flow,
                     const struct cut *cut, struct cut_start *start, struct fault *fault);

#endif
