/* The untrusted search for the proof of a runtime routine's contract: loop heads by structure,
 * invariants by fitting templates to runs and pruning with the solver. What comes out is a
 * certificate for contract_check.h, which alone decides. */
#ifndef VALIDATOR_PROPOSE_CONTRACT_SEARCH_H
#define VALIDATOR_PROPOSE_CONTRACT_SEARCH_H

#include "validator/check/contract_check.h"

/* True if the certificate was accepted when tried. A text comes out in any case: checking it then
 * tells what is missing. The image must have code for the contract. */
bool contract_search(struct arena *arena, const struct subject *subject,
                     const struct contract *contract, uint32_t rlimit, struct text *certificate);

/* Certificates for all contract routines that the image has; `files` name the routines. */
struct contract_certificates contracts_search_all(struct arena *arena,
                                                  const struct subject *subject, uint32_t rlimit);

#endif
