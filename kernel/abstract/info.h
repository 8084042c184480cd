/* What the kernel tells (calls.h). */
#ifndef KERNEL_ABSTRACT_INFO_H
#define KERNEL_ABSTRACT_INFO_H

#include <c0.h>

unsigned int call_info(unsigned int p, unsigned int what, unsigned int subject);

#endif
