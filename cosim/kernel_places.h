/* Where a kernel's image has what the relations speak of; for kernel*.c alone. */
#ifndef COSIM_KERNEL_PLACES_H
#define COSIM_KERNEL_PLACES_H

#include "cosim/kernel.h"

/* The abstract program defines kdispatch, and leaves nothing open but primitives, which have their
 * types. False, with a fault. */
bool kernel_abstract_check(struct arena *arena, struct cosim_kernel *kernel, struct fault *fault);

/* Fills in all addresses; image, programs, parameters and the sources' paths are there. False, with
 * a fault: something is not there, or is not as it should be. */
bool kernel_places_find(struct arena *arena, struct cosim_kernel *kernel, struct fault *fault);

#endif
