/* The trusted decision on runtime routines: certificate + image -> the contract is proved, or it is
 * assumed and why. It searches nothing (docs/CONTRACTS.md). */
#ifndef VALIDATOR_CHECK_CONTRACT_CHECK_H
#define VALIDATOR_CHECK_CONTRACT_CHECK_H

#include "validator/check/check.h"
#include "validator/check/contract_state.h"

struct contract_proof {
    struct contract_finding finding;
    ARRAY(struct routine_use)
    uses;                            /* the proof rests on these contracts; the finding's frame is
                                      * without theirs */
    ARRAY(struct evidence) evidence; /* if wanted */
};

struct contract_input {
    const struct subject *subject;
    const struct contract *contract;
    const char *file; /* the certificate's, for messages */
    struct text certificate;
    uint32_t rlimit;
    bool wants_evidence;
};

/* One routine by itself, with a solver of its own. The image must have code for it. */
struct contract_proof contract_check(struct arena *arena, const struct contract_input *input);

/* Where certificates are kept: one a contract of the target, in its order; nothing (a NULL text) if
 * there is none. */
struct contract_certificates {
    const struct text *texts;
    const char *const *files;
};

/* All contract routines that the image has, in the target's order. A contract proved under one that
 * is not proved, or under itself, is assumed; frames are with those of the routines called. */
struct contract_proof *contracts_check_all(struct arena *arena, const struct subject *subject,
                                           const struct contract_certificates *certificates,
                                           uint32_t rlimit, bool wants_evidence, size_t *count);

#endif
