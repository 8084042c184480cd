/* Sums and products in text, as a shell or a monitor reads them: "0x100 + 4 * (slots - 1)"
 * without the names.
 *
 *     sum     = product { ("+" | "-") product }
 *     product = factor { ("*" | "/" | "%") factor }
 *     factor  = decimal | "0x" hexadecimal | "-" factor | "(" sum ")"
 *
 * Values are int and wrap; blanks may stand between all parts. */
#ifndef KERNEL_LIB_CALC_H
#define KERNEL_LIB_CALC_H

#include <c0.h>

#include "text.h"

#define CALC_DEPTH 32 /* parentheses and signs within one another */

/* A run of the calculator. It lives in a global or on the heap. */
struct calc {
    struct text_reader reader;
    int status; /* the first error */
    int depth;  /* factors begun but not ended */
};

int calc_evaluate(struct calc *calc, struct text *text, int *value);
int calc_sum(struct calc *calc);
int calc_product(struct calc *calc);
int calc_factor(struct calc *calc);
int calc_apply(struct calc *calc, char operation, int left, int right);

#endif
