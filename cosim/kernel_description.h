/* A kernel's description as it stands in its file (docs/COSIM.md), checked for shape; for
 * kernel*.c alone. */
#ifndef COSIM_KERNEL_DESCRIPTION_H
#define COSIM_KERNEL_DESCRIPTION_H

#include "cosim/kernel.h"

struct kernel_description {
    const char *root, *image; /* as they are reached from here */
    const char *digest;       /* of the file */
    struct cosim_paths abstract, layer;
    struct cosim_paths options; /* each -DNAME or -DNAME=VALUE */
    struct cosim_parameters parameters;
};

/* False, with a fault. */
bool kernel_description_read(struct arena *arena, const char *path,
                             struct kernel_description *description, struct fault *fault);

#endif
