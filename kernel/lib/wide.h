/* 64-bit unsigned arithmetic in two words, all of it modulo 2^64: time stamps, products. Results
 * go where a pointer says, which may be one of the operands. Pointer parameters must not be
 * NULL. */
#ifndef KERNEL_LIB_WIDE_H
#define KERNEL_LIB_WIDE_H

#include <c0.h>

struct wide {
    unsigned int low, high;
};

void wide_set(struct wide *result, unsigned int high, unsigned int low);
int wide_compare(struct wide *a, struct wide *b);
void wide_add(struct wide *result, struct wide *a, struct wide *b);
void wide_subtract(struct wide *result, struct wide *a, struct wide *b);
void wide_multiply(struct wide *result, unsigned int a, unsigned int b);
void wide_shift_left(struct wide *result, struct wide *a, unsigned int amount);
void wide_shift_right(struct wide *result, struct wide *a, unsigned int amount);
unsigned int wide_divide(struct wide *quotient, struct wide *a, unsigned int divisor);

#endif
