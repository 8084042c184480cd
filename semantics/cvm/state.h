/* The inside of the abstract machine, for this folder alone: its state in state.c, processes in
 * process.c, devices in ports.c, primitives in primitives.c, and what moves all that in
 * transitions.c. */
#ifndef SEMANTICS_CVM_STATE_H
#define SEMANTICS_CVM_STATE_H

#include "base/array.h"
#include "semantics/cvm/cvm.h"

/* ECA_SWAP of kernel/cvm/cvm.h, the one cause that no processor has. */
#define CVM_ECA_LOSS (UINT32_C(1) << 31)

/* A process: a virtual machine. */
struct process {
    struct vamp_state registers; /* special registers but RM, IEEEF and FCC are 0 */
    uint32_t pages;

    /* What executes it, and holds its memory: `capacity` pages, and behind them one page that is
     * the page table, on which page v is page v. NULL: it never had a page and never ran. */
    struct vamp_machine *machine;
    uint32_t capacity;

    bool has_lost; /* a page, since it was reset or cloned to */
    bool *is_lost; /* by page; NULL: none ever was */

    bool is_listed, is_memory_listed; /* as changed */
};

typedef ARRAY(uint32_t) process_list; /* each once, in any order */

struct cvm {
    struct arena *arena;
    struct cvm_setup setup;
    struct process *processes; /* by number; 0 is not used */
    uint32_t current, mask;

    struct c0_machine *kernel;
    const struct c0_function *dispatcher;
    /* By the index of the C0 function; CVM_PRIMITIVE_COUNT: it is none. */
    enum cvm_primitive *primitive_of;
    char refusal[160]; /* of the primitive outside its precondition; empty: there was none */

    uint64_t transitions[CVM_TRANSITION_COUNT];
    uint64_t primitive_calls[CVM_PRIMITIVE_COUNT];

    /* Changed since it was asked for: registers or number of pages; memory. */
    process_list changed, changed_memory;
};

/* --- process.c --- */

bool process_exists(const struct cvm *cvm, uint32_t p);
/* dpc = 0, pcp = 4, registers 0, no memory, nothing lost. */
void process_reset(struct cvm *cvm, uint32_t p);
void process_clone(struct cvm *cvm, uint32_t dst, uint32_t src);
/* Zeroed pages more, or pages less, at the end; at most `virtual_pages` in all. */
void process_resize(struct cvm *cvm, uint32_t p, uint32_t pages);
/* A word within its pages; a write to a lost page has no effect. */
uint32_t process_read(const struct cvm *cvm, uint32_t p, uint32_t address);
void process_write(struct cvm *cvm, uint32_t p, uint32_t address, uint32_t word);
void process_set_gpr(struct cvm *cvm, uint32_t p, uint32_t r, uint32_t word);
bool process_page_is_lost(const struct process *process, uint32_t v);
void process_lose_page(struct cvm *cvm, uint32_t p, uint32_t v);
/* Executes up to `max_steps` instructions, the interrupted one included. True: the last one was;
 * its causes are in `outcome`. */
bool process_run(struct cvm *cvm, uint32_t p, uint64_t max_steps, struct cvm_outcome *outcome);

/* --- ports.c --- */

bool port_exists(const struct cvm *cvm, uint32_t device, uint32_t port);
/* Both false: the observer stops the machine. */
bool port_read(struct cvm *cvm, uint32_t device, uint32_t port, uint32_t *word);
bool port_write(struct cvm *cvm, uint32_t device, uint32_t port, uint32_t word);

/* --- primitives.c --- */

/* struct c0_external: the C0 machine calls a function that is declared only. */
enum c0_external_outcome primitive_call(void *cvm, const struct c0_function *function,
                                        const uint32_t *arguments, const struct c0_function *caller,
                                        struct location where, uint32_t *result);

#endif
