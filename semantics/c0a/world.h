/* What the C0 machine has beside C0's own memory when it runs C0A (docs/C0-MACHINE.md, "asm
 * blocks"): the processor's registers and special registers, physical memory, and the bus.
 *
 * C0's cells lie in physical memory word by word, from an address on that is a parameter of the
 * world; cell 1, the first one of a global, is there. What lies elsewhere is the blocks' own. Or
 * they lie where an image has them, as its placement says. */
#ifndef SEMANTICS_C0A_WORLD_H
#define SEMANTICS_C0A_WORLD_H

#include "semantics/c0/machine.h"
#include "semantics/vamp/machine.h"
#include "semantics/vamp/sparse.h"

/* Where an image has C0's cells. */
struct c0a_placement {
    void *self;
    uint32_t (*address)(void *self, uint32_t cell); /* of an object's cell */
    /* The cell whose word lies at the address. False: no object has a word there. */
    bool (*cell)(void *self, uint32_t address, uint32_t *cell);
    /* The address is one of the heap's. */
    bool (*is_heap)(void *self, uint32_t address);
};

struct c0a_world {
    struct vamp_state processor; /* dpc and pcp mean nothing but after rfe */
    uint32_t cells_address;
    const struct c0a_placement *placement; /* NULL: from cells_address on */
    uint32_t stack_address, stack_bytes;   /* where no block may look; 0 bytes: nowhere */
    uint32_t code_address, code_bytes;     /* where none may store */
    struct vamp_sparse *memory;
    struct vamp_memory other; /* in its place, if `read` is not NULL */
    struct vamp_bus bus;      /* read is NULL: there are no devices */

    /* Of the step that is being executed. */
    struct c0_machine *machine;
    uint32_t instruction; /* its word, fetched from the address FETCH_ADDRESS */
    bool is_fetched, is_faulted;
    enum c0_rule rule;
};

/* C0's cells at 8 MiB, no stack or code anywhere, all other memory 0 and free, no devices. */
struct c0a_world *c0a_world_new(struct arena *arena);
/* For c0_machine_attach. */
struct c0_asm_world c0a_world_of(struct c0a_world *world);

#endif
