/* One function from start to verdict: a certificate, proposed or given, and the checker's word on
 * it. What the run needs is copied to its arena; all the rest is freed with the function. */
#ifndef VALIDATOR_PROPOSE_DECIDE_H
#define VALIDATOR_PROPOSE_DECIDE_H

#include "validator/check/check.h"

struct decide_options {
    uint32_t rlimit;
    const char *certificates; /* directory of certificates to check; NULL: propose them */
    unsigned refute_tries;    /* states to run on both machines when a proof fails; 0: none */
    const char *proofs;       /* directory to write certificates and obligations to; or NULL */
};

struct decision {
    struct function_verdict verdict;
    const struct call_edge *calls;
    size_t call_count;
};

/* False, with a fault, only if something could not be read or written. */
bool decide_function(struct arena *arena, const struct subject *subject,
                     const struct c0_function *function, const struct decide_options *options,
                     struct decision *decision, struct fault *fault);

/* Writes each question as NAME.smt2 into a folder. */
bool decide_write_evidence(struct arena *arena, const char *folder,
                           const struct evidence *evidence, size_t count, struct fault *fault);

/* The folder of a function's proofs: its name, with its file for a static one. */
const char *decide_folder(struct arena *arena, const char *directory,
                          const struct c0_function *function);

#endif
