/* How far the verdicts reach: functions, bytes of text, effort. The audit and the table say the
 * same because both ask here. */
#ifndef REPORT_COVERAGE_H
#define REPORT_COVERAGE_H

#include "validator/check/verdict.h"

struct coverage {
    uint32_t text_bytes, accounted_bytes;
};

struct coverage coverage_of(const struct image_verdict *verdict);

/* Accounted for is: code of a proved function, of a routine whose contract is proved, and assembly
 * that is trusted by name. */
bool coverage_accounts_for(const struct image_verdict *verdict, const struct text_range *range);

/* Functions with that verdict. */
size_t coverage_count(const struct image_verdict *verdict, enum verdict which);

struct effort {
    size_t obligations, by_solver;
};

/* What the functions and the contracts took together. */
struct effort coverage_effort(const struct image_verdict *verdict);

#endif
