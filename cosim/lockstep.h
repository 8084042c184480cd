/* The inside of a run side by side, for the lockstep's own files (docs/COSIM.md, "How the two keep
 * step").
 *
 *   lockstep_machines.c  makes both machines alike
 *   lockstep_log.c       what happened to the physical machine's devices and is still to happen to
 *                        the abstract ones; what devices send
 *   lockstep_swap.c      the swap disk, which only one side has
 *   lockstep_patience.c  disks that the layer has given up because they took too long
 *   lockstep_loss.c      pages that it has lost
 *   lockstep_physical.c  runs the physical machine to its next stop
 *   lockstep_check.c     the relations at a point, and the first divergence
 *   lockstep_user.c      from the kernel's exit to its next entry
 *   lockstep_kernel.c    from entry to exit
 *   lockstep_primitive.c a primitive on both sides
 *   cosim.c              the run
 *
 * The physical machine always goes first; what outside events and devices did to it meanwhile is
 * logged, and the abstract machine follows to the same place. A function that answers false has
 * ended the run and has set `end`. */
#ifndef COSIM_LOCKSTEP_H
#define COSIM_LOCKSTEP_H

#include "base/array.h"
#include "cosim/cosim.h"
#include "cosim/relation.h"

enum {
    /* Bounds of one run of the kernel, both generous (choice): an entry of the processor has left
     * the kernel, and kdispatch has answered, long before. */
    LOCKSTEP_KERNEL_STEPS = 1 << 28,
    LOCKSTEP_C0_STEPS = 1 << 27,
    /* A process is followed at least this often, so that the log stays small. */
    LOCKSTEP_PIECE_STEPS = 1 << 20,
};

/* The swap disk's failure as a cause (docs/CVM.md). */
#define LOCKSTEP_ECA_SWAP (UINT32_C(1) << 31)

enum lockstep_end {
    LOCKSTEP_GOES_ON,
    LOCKSTEP_DIVERGED,
    LOCKSTEP_ORACLE_ENDED,
    LOCKSTEP_FAILED, /* with a fault */
};

/* --- The log --- */

enum log_kind { LOG_READ, LOG_WRITE, LOG_EVENT };

struct log_entry {
    enum log_kind kind;
    unsigned device;
    uint64_t step;                     /* of the processor, before it */
    uint32_t port, word;               /* READ, WRITE */
    enum device_event_kind event_kind; /* EVENT */
    uint32_t number;
    size_t content, content_bytes; /* in `contents` */
};

/* Entries from `first` on are still to be taken. */
struct lockstep_log {
    ARRAY(struct log_entry) entries;
    size_t first;
    ARRAY(char) contents;
};

/* What the physical machine's device has sent and the abstract one has not yet: a length and the
 * bytes of each piece. */
struct lockstep_outlet {
    struct cosim *cosim;
    unsigned device;
    ARRAY(char) sent;
    size_t first;
};

/* --- The swap disk --- */

/* The disk has failed on a sector of page v of p. */
struct swap_failure {
    uint32_t p, v;
    bool is_write;
    bool was_cloned; /* by this cvm_clone, before that */
};

struct lockstep_swap {
    struct cosim *cosim;
    struct device_store inner;
    struct device_store written; /* what a broken medium holds but does not give any more */
    ARRAY(struct swap_failure) failures;
};

struct disk_looks {
    uint64_t count; /* on end that found it busy */
    bool is_left;   /* it was given up in the midst of a command */
};
struct lockstep_patience {
    struct device_store content; /* of the system disk */
    uint64_t looks_max;
    struct disk_looks swap, system;
    uint64_t pages_given_up; /* before a command said which; not yet lost on the abstract side */
    bool has_command;        /* the swap disk, which is not through with it: ... */
    bool is_write;
    uint32_t sector;       /* ... of this sector; it is put together from ports */
    bool is_load_given_up; /* by this cvm_load, after ... */
    uint64_t words_loaded; /* ... so many words from the system disk */
};

/* --- Where the physical machine stops --- */

enum stop_kind {
    STOP_ENTRY,     /* at address 0 */
    STOP_DISPATCH,  /* kdispatch is called */
    STOP_PRIMITIVE, /* a primitive is called */
    STOP_EXIT,      /* at rfe */
    STOP_ELSEWHERE, /* at a place where a primitive has returned to */
};

struct stop {
    enum stop_kind kind;
    enum cvm_primitive primitive;
};

struct cosim {
    struct arena *arena;
    struct cosim_setup setup;
    const struct cosim_kernel *kernel;
    struct cvm *abstract;
    struct physical *physical;
    struct vamp_machine *processor;
    struct relation *relation;
    struct consis *consis; /* NULL: C0 does not run beside the code */
    struct cosim_counts counts;

    struct lockstep_log log;
    struct lockstep_outlet outlets[BUS_DEVICES];
    uint32_t changed_devices; /* bit d: since the last check */
    struct lockstep_swap swap;
    struct lockstep_patience patience;
    ARRAY(uint32_t) returns; /* breakpoints behind calls of primitives */

    enum lockstep_end end;
    struct fault *fault;
    struct cosim_divergence divergence;
    bool is_button_pressed; /* reset, and the processor has not come to its entry yet */
    bool is_reset;          /* the processor stands at its entry after a reset */
    bool is_page_fault;     /* it does for a fault that the abstract machine does not see */
    uint64_t abstract_step; /* the processor's step that the abstract process executes next */
    uint64_t entered_at;    /* where this run of the kernel began */
    uint64_t progress, fault_count; /* page faults since the last step, and that step */
    uint64_t last_agreement;        /* the step of the last check that held */
    struct cvm_call calls[COSIM_CALLS_KEPT];
    uint64_t call_count;          /* of all calls; the last ones are kept */
    const struct cvm_call *begun; /* the primitive that the kernel is in, or NULL */
};

/* --- lockstep_machines.c --- */

/* Both machines before their first step. False, with a fault. */
bool lockstep_make_machines(struct cosim *cosim, struct fault *fault);

/* --- lockstep_log.c --- */

/* The observer's part: entries at the log's end. */
void log_access(struct cosim *cosim, enum log_kind kind, uint64_t step, uint32_t address,
                uint32_t word);
void log_event(struct cosim *cosim, const struct oracle_event *event);
/* NULL: all is taken. */
const struct log_entry *log_next(const struct cosim *cosim);
/* Takes events up to the next access; those only that came before the step `end`. */
bool log_deliver(struct cosim *cosim, uint64_t end);
/* Takes all. Accesses are those that the layer has made on its own, and are made on the abstract
 * device too: of `device` alone, BUS_DEVICES for none. */
bool log_replay(struct cosim *cosim, unsigned device);
/* Takes all, as if each access were the layer's own: the machine was reset in its midst. */
bool log_replay_interrupted(struct cosim *cosim);
/* Takes the next access, which must be this one; of a read the device has answered `word`. */
bool log_expect(struct cosim *cosim, unsigned device, uint32_t port, bool is_write, uint32_t word);
bool log_take_access(struct cosim *cosim, uint32_t word);
/* Both sides' outlets. */
struct device_outlet outlet_of_physical(struct cosim *cosim, unsigned device);
struct device_outlet outlet_of_abstract(struct cosim *cosim, unsigned device);
/* All that one side has sent, the other one has. */
bool outlets_agree(struct cosim *cosim);

/* --- lockstep_swap.c --- */

/* The store for the physical machine, and the one that is read without disturbing anything. */
struct device_store swap_store(struct cosim *cosim);
struct device_store swap_view(struct cosim *cosim);
/* The page of this sector may be lost. */
void swap_note_failure(struct cosim *cosim, uint32_t sector, bool is_write);

/* --- lockstep_loss.c --- */

/* At the failure: whether a page was copied by the cvm_clone that the kernel is in. */
bool swap_was_cloned(const struct cosim *cosim, uint32_t p, uint32_t v);
/* Pages that the layer has given up, each for a failure of the disk, are lost on the abstract side
 * too. `call`: the primitive whose effect is to come, or NULL. */
void swap_lose_pages(struct cosim *cosim, const struct cvm_call *call);

/* --- lockstep_patience.c --- */

/* The system disk as cvm_load reads it on the abstract side: up to where the layer gave it up. */
struct device_store patience_new(struct cosim *cosim, struct device_store content);
void patience_reset(struct cosim *cosim); /* with the machine */
void patience_note_read(struct cosim *cosim, unsigned device, uint32_t port, uint32_t word);
void patience_note_write(struct cosim *cosim, unsigned device, uint32_t port, uint32_t word);
void patience_begin_load(struct cosim *cosim);

/* --- lockstep_physical.c --- */

uint64_t lockstep_steps(const struct cosim *cosim);
/* The lockstep has a breakpoint there itself. */
bool lockstep_is_stop(void *cosim, uint32_t address);
/* Up to `max_steps` steps; the status is LIMIT, BREAKPOINT, HALTED or IDLE. */
bool lockstep_run(struct cosim *cosim, uint64_t max_steps, enum physical_status *status);
/* In the kernel: to its next stop. */
bool lockstep_advance(struct cosim *cosim, struct stop *stop);
/* At the entry: by the reset button. */
bool lockstep_is_reset(struct cosim *cosim);
/* The word in the frame of the function that is about to begin. */
uint32_t lockstep_argument(const struct cosim *cosim, unsigned number);
uint32_t lockstep_word(const struct cosim *cosim, uint32_t address);
uint32_t lockstep_special(const struct cosim *cosim, enum vamp_spr number);

/* --- lockstep_check.c --- */

/* Always false: the run ends with this divergence. `place` may be NULL. */
bool lockstep_diverge(struct cosim *cosim, enum cosim_conjunct conjunct, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool lockstep_differ(struct cosim *cosim, enum cosim_conjunct conjunct, const char *place,
                     uint32_t abstract, uint32_t concrete, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* Counts a comparison of the lockstep's own. */
void lockstep_count(struct cosim *cosim, enum cosim_conjunct conjunct, uint64_t values);
/* The relations, incrementally and now and then by a sweep. All logged events are delivered. */
bool lockstep_check(struct cosim *cosim, enum cosim_point point);
bool lockstep_sweep(struct cosim *cosim, enum cosim_point point);
void lockstep_tell(struct cosim *cosim, const struct cosim_moment *moment);

/* --- lockstep_user.c --- */

/* From rfe to the next entry, which is checked, to the limit, or to the machine's rest. */
enum lockstep_stay { LOCKSTEP_AT_ENTRY, LOCKSTEP_AT_LIMIT, LOCKSTEP_AT_REST };
bool lockstep_user(struct cosim *cosim, enum lockstep_stay *stay);

/* --- lockstep_kernel.c --- */

/* The processor is at its entry, which was checked; afterwards at rfe, which is. */
bool lockstep_kernel(struct cosim *cosim);

/* --- lockstep_primitive.c --- */

/* struct cvm_observer: the abstract kernel leads through its primitives. */
bool primitive_begins(void *cosim, const struct cvm_call *call);
bool primitive_ends(void *cosim, const struct cvm_call *call);
bool primitive_before_access(void *cosim, unsigned device, uint32_t port, bool is_write,
                             uint32_t word);
bool primitive_after_access(void *cosim, unsigned device, uint32_t port, bool is_write,
                            uint32_t word);

#endif
