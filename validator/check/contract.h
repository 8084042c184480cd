/* Contracts of runtime routines: what a call may assume, and how code is shown to keep it. */
#ifndef VALIDATOR_CHECK_CONTRACT_H
#define VALIDATOR_CHECK_CONTRACT_H

#include "validator/check/subject.h"

/* The precondition on the arguments. */
term contract_applies(struct terms *terms, const struct contract *contract,
                      const term *arguments);
/* The result, and the memory after (unchanged but for `__new`). */
void contract_result(const struct subject *subject, struct terms *terms,
                     const struct contract *contract, const term *arguments, term *memory,
                     term *result);

#endif
