/* A trap: which call it is, and its arguments. */
#ifndef KERNEL_ABSTRACT_INVOKE_H
#define KERNEL_ABSTRACT_INVOKE_H

#include <c0.h>

/* p, who runs, has executed `trap number`. */
void invoke(unsigned int p, unsigned int number);

#endif
