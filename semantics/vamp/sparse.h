/* Memory over the whole 32-bit address space for single steps: words never written are 0. */
#ifndef SEMANTICS_VAMP_SPARSE_H
#define SEMANTICS_VAMP_SPARSE_H

#include "base/arena.h"
#include "semantics/vamp/vamp.h"

struct vamp_sparse;

struct vamp_sparse *vamp_sparse_new(struct arena *arena);
struct vamp_memory vamp_sparse_memory(struct vamp_sparse *sparse);

/* The words that now differ from their value at the last mark, in the order of first writing. */
void vamp_sparse_mark(struct vamp_sparse *sparse);
void vamp_sparse_each_change(const struct vamp_sparse *sparse,
                             void (*visit)(void *self, uint32_t address, uint32_t word),
                             void *self);

#endif
