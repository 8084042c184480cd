/* The machine's symbolic states of a runtime routine: what the ABI promises at its entry, and what
 * a certificate says, and nothing else, at a cut. */
#ifndef VALIDATOR_CHECK_CONTRACT_STATE_H
#define VALIDATOR_CHECK_CONTRACT_STATE_H

#include "validator/check/contract.h"
#include "validator/check/contract_certificate.h"

struct contract_start {
    struct point point;
    struct machine_state machine;
    ARRAY(term) assumptions;
};

/* The routine's code; NULL if the image has none (or a symbol without a size). */
const struct image_symbol *contract_code(const struct subject *subject,
                                         const struct contract *contract);

void contract_entry(struct arena *arena, struct terms *terms, const struct subject *subject,
                    const struct contract *contract, const struct image_symbol *code,
                    uint32_t frame_bytes, struct contract_start *start);
/* All places that the certificate names can be. */
bool contract_relation_is_sound(const struct target *target,
                                const struct contract_relation *relation, struct fault *fault);
/* What the equalities and invariants say, if the relation is sound. */
void contract_cut_start(struct contract_reader *reader, const struct subject *subject,
                        const struct contract *contract, const struct contract_relation *relation,
                        size_t cut, struct contract_start *start);
/* What a law wants to be proved first; then what it says may be assumed. */
term contract_law_premise(struct contract_reader *reader, const struct contract_law *law,
                          struct contract_start *start);
void contract_law_assume(struct contract_reader *reader, const struct contract_law *law,
                         struct contract_start *start);
void contract_assume(struct arena *arena, struct terms *terms, struct contract_start *start,
                     term condition);

/* From there to the cuts and the exit. */
bool contract_segment(struct arena *arena, struct terms *terms, const struct subject *subject,
                      const struct image_symbol *code, const struct contract_relation *relation,
                      const struct contract_start *start, struct machine_segment *segment,
                      struct fault *fault);

#endif
