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

/* What follows from the rest that is stated at the cut. By cases: a place takes one of a few
 * values, and the condition holds for each of them. */
struct contract_lemma {
    struct contract_condition condition;
    bool is_by_cases;
    struct place place;
    uint32_t low, high;
};

enum { CONTRACT_CASES_MAX = 256 };

/* An instance of a law of contract_law.h: about a product by its second factor, or a quotient by
 * its dividend, which is 2 half + bit; or about a remainder. */
struct contract_law {
    const struct contract_word *whole; /* the product, quotient or remainder */
    const struct contract_word *half, *bit;
};

struct contract_cut {
    struct point point;
    ARRAY(struct contract_equality) equalities;
    ARRAY(struct contract_condition) invariants;
    ARRAY(struct contract_lemma) lemmas; /* each may use those before it */
    ARRAY(struct contract_law) laws;
    const struct contract_word *measure; /* NULL: control never comes back to the cut */
};

struct contract_relation {
    uint32_t frame_bytes;
    ARRAY(struct contract_law) laws; /* at the entry */
    ARRAY(struct contract_cut) cuts; /* control goes from a cut to itself or to later ones */
};

void contract_certificate_print(const struct target *target, const struct contract *contract,
                                const struct contract_relation *relation, struct text_builder *out);
bool contract_certificate_parse(struct arena *arena, const struct target *target,
                                const struct contract *contract, const char *file,
                                struct text content, struct contract_relation *relation,
                                struct fault *fault);

#endif
