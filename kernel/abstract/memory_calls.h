/* More memory and less (calls.h). Each function checks all that it is given, for p, who runs and is
 * to be told the result. */
#ifndef KERNEL_ABSTRACT_MEMORY_CALLS_H
#define KERNEL_ABSTRACT_MEMORY_CALLS_H

#include <c0.h>

unsigned int call_memory_add(unsigned int p, unsigned int pages);
unsigned int call_memory_free(unsigned int p, unsigned int pages);

#endif
