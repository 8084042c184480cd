/* Sources, and code for them of another hand than c0c's, that several tests look at. */
#ifndef TESTS_UNIT_CHECK_SAMPLES_H
#define TESTS_UNIT_CHECK_SAMPLES_H

/* int sum(int n): a loop over a global array, locals in registers. */
extern const char sum_source[], sum_code[];
/* sum_code with its loop test inclusive. */
extern const char sum_wrong_code[];
/* int spread(int a, int b): a local aggregate, and calls of int twice(int x). */
extern const char spread_source[];

#endif
