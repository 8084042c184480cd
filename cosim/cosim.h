/* The abstract CVM machine beside the physical machine with the concrete kernel: one run, from
 * reset to its limit, checked on the way (docs/COSIM.md). */
#ifndef COSIM_COSIM_H
#define COSIM_COSIM_H

#include "cosim/conjunct.h"
#include "cosim/kernel.h"
#include "physical/physical.h"

struct consis_certificates;

struct cosim_checks {
    bool at_primitives;    /* also at the beginning and the end of each primitive */
    uint64_t user_steps;   /* also whenever a process has executed so many instructions on end; 0:
                              only at entry and exit of the kernel */
    uint64_t sweep_checks; /* every so many checks a full sweep; 0: only at the end */
    bool consis;           /* C0 against code, while the kernel runs */
    /* Of `consis`: the relations (cosim/consis.h). NULL: each run searches for them itself. */
    const struct consis_certificates *certificates;
    bool is_plain; /* both processors by vamp_step alone */
};

/* What happened at a step of the physical machine: for timelines and reports. */
enum cosim_moment_kind {
    COSIM_ENTRY,      /* number: ECA, detail: EDATA */
    COSIM_EXIT,       /* process: who runs then; 0: nobody */
    COSIM_PAGE_FAULT, /* an entry that the layer resolves by itself; number: the address */
    COSIM_PRIMITIVE,  /* number: which; at its beginning, `call` */
    COSIM_EVENT,      /* device, number: the kind of event */
    COSIM_SWAP_READ,  /* number: p, detail: v */
    COSIM_SWAP_WRITE,
    COSIM_CHECK, /* number: words compared */
    COSIM_SWEEP,
    COSIM_DIVERGENCE,
};
struct cosim_moment {
    enum cosim_moment_kind kind;
    uint64_t step;    /* of the physical machine */
    uint32_t process; /* who runs or ran; 0: nobody */
    unsigned device;
    uint32_t number, detail;
    const struct cvm_call *call;
};
struct cosim;
struct cosim_result;
struct cosim_observer {
    void *self;
    void (*moment)(void *self, const struct cosim_moment *moment);
    /* Each event as it reaches the physical machine, for replay files. */
    void (*event)(void *self, const struct oracle_event *event);
    /* Before each step of the physical machine from `instructions_from` on; it runs one by one
     * then. */
    void (*instruction)(void *self, uint64_t step, struct vamp_machine *processor);
    uint64_t instructions_from;
    /* At the end of cosim_run, while both machines are as it leaves them: for coverage. If this is
     * set, cosim_new lets the abstract kernel's machine count its statements. */
    void (*finished)(void *self, struct cosim *cosim, const struct cosim_result *result);
};

struct cosim_setup {
    const struct cosim_kernel *kernel;
    /* Devices 0 to 5 of both machines are made alike (device.h), without an outside but the
     * oracle's events. */
    struct oracle *oracle;
    bool (*oracle_is_spent)(void *self); /* NULL, or: the scenario's oracle has ended early */
    void *oracle_self;
    struct device_store system; /* only read: each machine writes into an overlay of its own */
    struct device_store swap;   /* the physical machine's alone */
    struct cosim_checks checks;
    uint64_t max_steps; /* of the physical machine */
    struct cosim_observer observer;
};

enum { COSIM_CALLS_KEPT = 16, COSIM_TEXT_BYTES = 256 };

struct cosim_divergence {
    enum cosim_conjunct conjunct;
    uint64_t step, user_steps, kernel_runs; /* how far the run was */
    uint64_t last_agreement;                /* the step of the last check that held */
    uint32_t process;                       /* concerned; 0: none */
    bool has_address;
    uint32_t address;            /* in the process's memory, or of a global */
    const char *place;           /* "gpr[5]", "kernel.process[3].state", "device 2 (serial)" ... */
    uint32_t abstract, concrete; /* the two values */
    char text[COSIM_TEXT_BYTES]; /* one sentence */
    struct cvm_call calls[COSIM_CALLS_KEPT]; /* the last ones, oldest first */
    size_t call_count;
    bool was_found_by_sweep_only; /* the incremental check has missed it: an error of its own */
    bool was_not_found_by_sweep;  /* nor may the incremental check find what the sweep does not */
};

enum cosim_status {
    COSIM_AGREED,
    COSIM_DIVERGED,
    COSIM_EMPTY,        /* nothing was checked, or no process ever ran: no agreement */
    COSIM_ORACLE_ENDED, /* the oracle ended before the run did */
    COSIM_FAILED,       /* the run could not be made; the fault says why */
};
const char *cosim_status_name(enum cosim_status status);

struct cosim_counts {
    uint64_t steps;          /* of the physical machine */
    uint64_t user_steps;     /* of them in user mode */
    uint64_t abstract_steps; /* instructions of abstract processes */
    uint64_t kernel_steps;   /* steps of C0 */
    uint64_t kernel_runs, page_faults, swap_reads, swap_writes;
    uint64_t checks, sweeps;
    uint64_t compared[COSIM_CONJUNCT_COUNT]; /* values compared, by conjunct */
    uint64_t transitions[CVM_TRANSITION_COUNT];
    uint64_t primitives[CVM_PRIMITIVE_COUNT];
    uint64_t events[BUS_DEVICES];
};

struct cosim_result {
    enum cosim_status status;
    struct cosim_counts counts;
    struct cosim_divergence divergence; /* DIVERGED */
};

/* NULL, with a fault. */
struct cosim *cosim_new(struct arena *arena, const struct cosim_setup *setup, struct fault *fault);
/* To the limit, the machine's rest (it waits and nothing will come), or the first divergence. */
struct cosim_result cosim_run(struct cosim *cosim, struct fault *fault);

/* As the memory of the physical machine is when it comes up: page tables, the zero page and frames
 * hold anything, so that a layer which takes them for zeros is wrong. */
void cosim_fill_memory(const struct cosim_kernel *kernel, struct vamp_machine *processor);

/* Between and after runs: both machines. */
struct cvm *cosim_abstract(struct cosim *cosim);
struct physical *cosim_physical(struct cosim *cosim);

#endif
