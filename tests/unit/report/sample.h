/* A made-up verdict that has one of everything, for the tests of the reports. */
#ifndef TESTS_UNIT_REPORT_SAMPLE_H
#define TESTS_UNIT_REPORT_SAMPLE_H

#include "validator/check/verdict.h"

/* Functions and ranges may be changed by the test that asked for the sample. */
struct sample {
    struct image_verdict verdict;
    struct function_verdict functions[5];
    struct text_range text[5];
};

/* One function a verdict, contracts proved and assumed, a failed check, recursion. */
void sample_of_everything(struct sample *sample);
/* Two functions, all proved, nothing left over. */
void sample_accepted(struct sample *sample);

#endif
