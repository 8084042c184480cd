/* Guesses of where a function's local aggregates live in its frame. */
#ifndef VALIDATOR_PROPOSE_HOMES_H
#define VALIDATOR_PROPOSE_HOMES_H

#include "validator/check/check.h"

struct home_list {
    ARRAY(struct home) at;
    ARRAY(struct home) rejected; /* tried, and wrong */
};

bool homes_know(const struct home_list *homes, uint32_t variable);
/* The frame's extent that the home needs. */
uint32_t homes_end(const struct check_input *input, const struct home *home);

/* The home turned out to be none. */
void homes_reject(struct arena *arena, struct home_list *homes, size_t number);

/* The code computed the address frame + `rest`; an aggregate that the source touches at a constant
 * distance from it has its home there. True if one was added. */
bool homes_learn_from_address(struct arena *arena, struct terms *terms,
                              const struct check_input *input, struct home_list *homes,
                              const struct source_segment *source, term rest);

/* Whether two words are equal wherever control comes; asked sparingly. */
struct home_judge {
    bool (*are_equal)(void *self, term a, term b);
    void *self;
};

/* The source has written `value` to the aggregate; a stretch of the frame in which the written
 * words stand in the same order is its home: the one with the most words that are the same terms,
 * if the judge finds the others equal. True if one was added. */
bool homes_learn_from_values(struct arena *arena, struct terms *terms,
                             const struct check_input *input, struct home_list *homes,
                             uint32_t variable, term value, const struct machine_state *machine,
                             const struct home_judge *judge);

#endif
