/* Runs of a runtime routine on concrete arguments: the values of a cut's variables each time
 * control passes it. Guesses are fitted to them; they prove nothing. */
#ifndef VALIDATOR_PROPOSE_CONTRACT_RUNS_H
#define VALIDATOR_PROPOSE_CONTRACT_RUNS_H

#include "validator/propose/contract_shape.h"

struct contract_sample {
    size_t cut;
    uint32_t arguments[2];
    const uint32_t *values; /* by variable of the cut */
    bool is_followed;       /* by the next sample, at the same cut, after one segment */
};

struct contract_runs {
    ARRAY(struct contract_sample) samples;
};

void contract_runs_make(struct arena *arena, struct contract_shape *shape,
                        struct contract_runs *runs);

/* The value of a word that reads nothing but numbers, arguments and variables of the sample's cut;
 * false if it reads anything else. */
bool contract_word_value(const struct contract_shape *shape, const struct contract_sample *sample,
                         const struct contract_word *word, uint32_t *value);
/* It holds in all samples of the cut, and there are some. */
bool contract_runs_satisfy(const struct contract_shape *shape, const struct contract_runs *runs,
                           size_t cut, const struct contract_condition *condition);

#endif
