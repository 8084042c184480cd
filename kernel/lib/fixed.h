/* Fixed-point numbers: an int counts 65,536ths (16.16). The VAMP's kernel has no floating point;
 * loads, averages and rates are computed with these.
 *
 * Addition and subtraction are those of int and wrap; all functions here saturate at FIXED_MAX
 * and FIXED_MIN instead. Rounding is to the nearest, halves away from zero, unless said
 * otherwise. */
#ifndef KERNEL_LIB_FIXED_H
#define KERNEL_LIB_FIXED_H

#include <c0.h>

#define FIXED_ONE 65536
#define FIXED_HALF 32768
#define FIXED_MAX 0x7fffffff
#define FIXED_MIN (-0x7fffffff - 1)

int fixed_from_int(int value);
int fixed_floor(int value);
int fixed_ceiling(int value);
int fixed_round(int value);
int fixed_fraction(int value);
int fixed_abs(int value);
int fixed_min(int a, int b);
int fixed_max(int a, int b);
int fixed_clamp(int value, int low, int high);
int fixed_add(int a, int b);
int fixed_multiply(int a, int b);
int fixed_divide(int a, int b);
unsigned int fixed_integer_sqrt(unsigned int value);
int fixed_sqrt(int value);
int fixed_lerp(int from, int to, int part);
int fixed_power(int base, unsigned int exponent);
int fixed_sine(unsigned int angle);

#endif
