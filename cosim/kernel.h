/* A concrete kernel as cosim knows it: its image, the program of its abstract part, the whole
 * program with the CVM layer, and where in memory the layer keeps what the relations speak of.
 * Loaded once, used by any number of runs. */
#ifndef COSIM_KERNEL_H
#define COSIM_KERNEL_H

#include "image/image.h"
#include "semantics/c0/front.h"
#include "semantics/cvm/cvm.h"

/* Build parameters (kernel/config.h), from the kernel's description file. */
struct cosim_parameters {
    uint32_t process_count, virtual_pages, frame_count, memory_bytes, kernel_bytes;
};

/* A global that the abstract and the concrete kernel have in common. */
struct cosim_global {
    const struct c0_variable *abstract;
    uint32_t address; /* in the image */
};

struct cosim_paths {
    const char *const *at;
    size_t count;
};

struct cosim_kernel {
    const char *path, *digest;                          /* of the description */
    const char *root;                                   /* where the sources' paths begin */
    struct cosim_paths abstract_sources, layer_sources; /* as locations and the image call them */
    struct cosim_paths options;                         /* of the preprocessor */
    struct c0_inputs inputs;                            /* all files of `concrete` */
    const struct image *image;
    const struct c0_program *abstract; /* primitives only declared */
    const struct c0_program *concrete; /* all of it, asm blocks included */
    struct cosim_parameters parameters;

    uint32_t exit;                            /* where its one rfe is */
    uint32_t dispatch;                        /* the code of kdispatch */
    uint32_t primitives[CVM_PRIMITIVE_COUNT]; /* their code */
    uint32_t idle;                            /* where the machine waits */

    const struct cosim_global *globals;
    size_t global_count;
    uint32_t globals_end;    /* no global of the kernel lies at or behind it */
    uint32_t heap, heap_end; /* the first word is the cursor (docs/ABI.md) */

    /* The CVM layer's own (docs/COSIM.md): control blocks, who runs, pages of each process. */
    uint32_t control_blocks, control_block_bytes;
    uint32_t gpr_offset, dpc_offset, pcp_offset, rm_offset, ieeef_offset, fcc_offset;
    uint32_t current, page_counts, mask;
    uint32_t losses; /* whether each process has lost a page; 0: the layer has no such array */
    uint32_t tables;     /* the page table of process p: tables + p * 4096 */
    uint32_t zero_frame; /* numbers of frames */
    uint32_t first_frame;
};

/* Reads a description (kernel.json, docs/COSIM.md) and all that it names. NULL, with a fault.
 * Messages of the C0 front end go to `diagnostics`. */
const struct cosim_kernel *cosim_kernel_load(struct arena *arena, const char *path,
                                             FILE *diagnostics, struct fault *fault);

/* The sector of the swap disk where page v of p is, the first of SECTORS_OF_PAGE. */
static inline uint32_t cosim_swap_sector(const struct cosim_kernel *kernel, uint32_t p, uint32_t v)
{
    return (p * kernel->parameters.virtual_pages + v) * (VAMP_PAGE_BYTES / DEVICE_SECTOR_BYTES);
}

#endif
