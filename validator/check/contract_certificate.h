/* The certificate of a runtime routine's contract: what holds at the loop heads of its code, as
 * data and as text (grammar: docs/CONTRACTS.md). Nothing here is believed; contract_check.h proves
 * it. Reading refuses what is ill-formed, with its place in the text. */
#ifndef VALIDATOR_CHECK_CONTRACT_CERTIFICATE_H
#define VALIDATOR_CHECK_CONTRACT_CERTIFICATE_H

#include "validator/check/contract_word.h"

/* The place holds this word, which reads no place: what entry has left there. */
struct contract_equality {
    struct place place;
    const struct contract_word *value;
};

struct contract_cut {
    struct point point;
    ARRAY(struct contract_equality) equalities;
    ARRAY(struct contract_condition) invariants;
    ARRAY(struct contract_condition) lemmas; /* follow from the above, each with those before it */
    ARRAY(const struct contract_word *) laws; /* a product or a quotient (contract_law.h) */
    const struct contract_word *measure;      /* NULL: control never comes back to the cut */
};

struct contract_relation {
    uint32_t frame_bytes;
    ARRAY(struct contract_cut) cuts; /* control goes from a cut to itself or to later ones */
};

void contract_certificate_print(const struct target *target, const struct contract *contract,
                                const struct contract_relation *relation,
                                struct text_builder *out);
bool contract_certificate_parse(struct arena *arena, const struct target *target,
                                const struct contract *contract, const char *file,
                                struct text content, struct contract_relation *relation,
                                struct fault *fault);

#endif
