/* An image on the fast VAMP machine: functions are called by the ABI (docs/ABI.md), and memory is
 * seen as the C0 objects that the image declares. */
#ifndef TOOLS_VOUCH_CALL_IMAGE_H
#define TOOLS_VOUCH_CALL_IMAGE_H

#include "base/array.h"
#include "image/image.h"
#include "semantics/c0/show.h"
#include "semantics/vamp/machine.h"

/* The `new` that calls the allocator and returns to `return_address`. */
struct call_site {
    uint32_t return_address;
    const struct c0_type *type;
};

struct call_object {
    uint32_t address, size_bytes;
    const struct c0_type *type; /* NULL if its call site is not declared */
};

struct call_image {
    struct arena *arena;
    const struct image *image;
    const struct c0_program *program; /* NULL: the image declares nothing */
    uint32_t *global_addresses;       /* by index of the global */
    struct vamp_machine *machine;
    uint32_t globals, stack, heap;        /* values of the ABI's symbols */
    const struct image_symbol *allocator; /* NULL if the image has none */
    ARRAY(struct call_site) sites;
    ARRAY(struct call_object) objects; /* in the order of allocation */
};

/* Loads the image at `path` into a machine. False: bad input, with a fault. */
bool call_load(struct call_image *call, struct arena *arena, const char *path, struct fault *fault);

/* F or FILE:F; `declared` stays NULL if the image declares no such function. */
bool call_find_function(const struct call_image *call, const char *name, uint32_t *address,
                        const struct c0_function **declared, struct fault *fault);

/* GLOBAL=VALUE; without declarations GLOBAL is a symbol and VALUE a word. */
bool call_set_global(struct call_image *call, const char *setting, struct fault *fault);

/* Puts the argument words where the ABI has them. */
bool call_set_arguments(struct call_image *call, const uint32_t *words, uint32_t count,
                        struct fault *fault);

/* Runs from `address` to the return; BREAKPOINT then means that it returned. */
struct vamp_run call_run(struct call_image *call, uint32_t address, uint64_t max_steps);

struct c0_memory_view call_view(struct call_image *call);

#endif
