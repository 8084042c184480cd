/* The abstract machine of CVM: processes, each a virtual machine with memory of its own, the
 * abstract kernel on the C0 machine, devices, and who runs (docs/CVM.md, "The abstract machine").
 *
 * Each function that moves the machine is one transition, or one transition repeated. Nothing here
 * knows how a concrete kernel does it. */
#ifndef SEMANTICS_CVM_CVM_H
#define SEMANTICS_CVM_CVM_H

#include "semantics/c0/machine.h"
#include "semantics/devices/bus.h"
#include "semantics/vamp/machine.h"

enum {
    CVM_IDLE = 0,          /* as a process number: nobody runs */
    CVM_HIDDEN_DEVICE = 1, /* the swap disk; no primitive reaches it */
    CVM_SYSTEM_DISK = 5,   /* cvm_load reads its content */
    CVM_ARGUMENTS_MAX = 5,
};

/* The primitives, in the order of the specification: CVM_PRIMITIVE_<NAME> for cvm_<name>. */
#define CVM_PRIMITIVES(ITEM)                                                                       \
    ITEM(RESET, reset, 1, false)                                                                   \
    ITEM(CLONE, clone, 2, false)                                                                   \
    ITEM(ALLOC, alloc, 2, false)                                                                   \
    ITEM(FREE, free, 2, false)                                                                     \
    ITEM(COPY, copy, 5, false)                                                                     \
    ITEM(GET_GPR, get_gpr, 2, true)                                                                \
    ITEM(SET_GPR, set_gpr, 3, false)                                                               \
    ITEM(GET_WORD, get_word, 2, true)                                                              \
    ITEM(SET_WORD, set_word, 3, false)                                                             \
    ITEM(IN_WORD, in_word, 2, true)                                                                \
    ITEM(OUT_WORD, out_word, 3, false)                                                             \
    ITEM(IN_BLOCK, in_block, 5, false)                                                             \
    ITEM(OUT_BLOCK, out_block, 5, false)                                                           \
    ITEM(SET_MASK, set_mask, 1, false)                                                             \
    ITEM(GET_MASK, get_mask, 0, true)                                                              \
    ITEM(LOAD, load, 3, false)

enum cvm_primitive {
#define CVM_ITEM(constant, name, arguments, has_result) CVM_PRIMITIVE_##constant,
    CVM_PRIMITIVES(CVM_ITEM)
#undef CVM_ITEM
        CVM_PRIMITIVE_COUNT
};
const char *cvm_primitive_name(enum cvm_primitive primitive); /* "cvm_reset" */
unsigned cvm_primitive_arguments(enum cvm_primitive primitive);
bool cvm_primitive_has_result(enum cvm_primitive primitive);

/* The transitions of the specification, for counting. */
enum cvm_transition {
    CVM_DEVICE_EVENT,   /* 1 a device takes an event from outside */
    CVM_PROCESS_STEP,   /* 2 the process that runs executes an instruction */
    CVM_INTERRUPT,      /* 3 a process's exception or a device starts the kernel */
    CVM_KERNEL_STEP,    /* 4 a step of C0 */
    CVM_PRIMITIVE_STEP, /* 5 */
    CVM_DISPATCH,       /* 6 kdispatch has answered a process */
    CVM_WAIT,           /* 6 kdispatch has answered 0; 7 the machine idles */
    CVM_WAKE,           /* 7 a device starts the kernel of the idle machine */
    CVM_RESET_STEP,     /* the dispatcher starts with ECA bit 0 */
    CVM_LOSS,           /* (choice) a page's content is lost, see cvm_lose_page */
    CVM_LOSS_NOTICE,    /* (choice) the kernel starts with the cause ECA_SWAP */
    CVM_TRANSITION_COUNT
};
const char *cvm_transition_name(enum cvm_transition transition); /* "device-event" ... */

struct cvm_call {
    enum cvm_primitive primitive;
    uint32_t arguments[CVM_ARGUMENTS_MAX];
    uint32_t result; /* after its effect */
    struct location where;
    const char *function; /* the C0 function that calls it */
};

/* Whoever runs the machine beside another one is asked here. Any may be NULL. */
struct cvm_observer {
    void *self;
    /* A primitive is about to have its effect; its precondition holds. False: the machine stops
     * there (CVM_STOPPED). */
    bool (*primitive_begins)(void *self, const struct cvm_call *call);
    /* It has had its effect. False: the machine stops. */
    bool (*primitive_ends)(void *self, const struct cvm_call *call);
    /* A primitive is about to access a port: events that came before it are to be delivered now
     * (cvm_device_event). `word`: what is written. */
    bool (*before_access)(void *self, unsigned device, uint32_t port, bool is_write, uint32_t word);
    /* The device has answered `word`, or has taken it. */
    bool (*after_access)(void *self, unsigned device, uint32_t port, bool is_write, uint32_t word);
};

struct cvm;

struct cvm_setup {
    uint32_t process_count;          /* P: processes 1 to P - 1 */
    uint32_t virtual_pages;          /* that a process can have */
    const struct c0_program *kernel; /* defines kdispatch; the primitives are declared only */
    struct c0_limits limits;         /* of the C0 machine */
    struct bus devices;              /* its own; window CVM_HIDDEN_DEVICE is empty */
    struct device_store system_disk; /* what cvm_load reads */
    struct cvm_observer observer;
    bool counts_statements; /* c0_machine_statement_count of cvm_kernel */
    bool is_plain;          /* processes and kernel by the plain readings alone: slow */
};

/* The machine before its first reset: no processes, mask 0. NULL, with a fault: the program has no
 * kdispatch of the right type, or leaves a function undefined that is no primitive. */
struct cvm *cvm_new(struct arena *arena, const struct cvm_setup *setup, struct fault *fault);

/* --- Transitions --- */

enum cvm_status {
    CVM_GOES_ON,     /* `max` was reached */
    CVM_INTERRUPTED, /* the kernel is to start with eca, edata */
    CVM_DECIDED,     /* kdispatch has answered: see cvm_current */
    CVM_FAULTED,     /* the abstract kernel is at fault: rule (or primitive), where, message */
    CVM_LIMIT,       /* kdispatch has not answered within its steps */
    CVM_STOPPED,     /* the observer said so */
};

struct cvm_outcome {
    enum cvm_status status;
    uint64_t steps; /* of the process, or of C0 */
    uint32_t eca, edata;
    struct location where;
    char message[160];
};

/* 1. False, with a fault: no such device, or it takes no such event. */
bool cvm_device_event(struct cvm *cvm, unsigned device, const struct device_event *event,
                      struct fault *fault);

/* 2 and 3. The current process executes up to `max_steps` instructions; the one that raises an
 * exception, or that is executed while an unmasked line is up, counts, and is the last: the
 * outcome then has its causes, with EDATA 0 if none of them has data, and the process is as the
 * interrupt leaves it (EDPC and EPC are its program counters). */
struct cvm_outcome cvm_run_process(struct cvm *cvm, uint64_t max_steps);

/* 7. INTERRUPTED with the unmasked lines that are up; GOES_ON: there is none. */
struct cvm_outcome cvm_wait(struct cvm *cvm);

/* 3 to 6. One run of the kernel: kdispatch(eca, edata), whose answer becomes current. */
struct cvm_outcome cvm_run_kernel(struct cvm *cvm, uint32_t eca, uint32_t edata,
                                  uint64_t max_steps);

/* Reset: all processes are as at first and the mask is 0; then cvm_run_kernel(1, 0). Devices and
 * the kernel's globals are not touched. */
struct cvm_outcome cvm_reset(struct cvm *cvm, uint64_t max_steps);

/* (choice) The swap disk, which is not seen here, has lost page v of p, which p has: it reads as
 * zeros, what is written to it is gone, until the page is freed. The process has lost a page until
 * the primitives cvm_reset or cvm_clone give it a new memory: so long cvm_run_process executes
 * nothing of it, and is interrupted with ECA_SWAP (kernel/cvm/cvm.h). */
void cvm_lose_page(struct cvm *cvm, uint32_t p, uint32_t v);
bool cvm_is_page_lost(const struct cvm *cvm, uint32_t p, uint32_t v);
bool cvm_has_lost_page(const struct cvm *cvm, uint32_t p);

/* --- What it is --- */

uint32_t cvm_current(const struct cvm *cvm); /* a process, or CVM_IDLE */
uint32_t cvm_mask(const struct cvm *cvm);    /* bit d: device d */
struct bus *cvm_devices(struct cvm *cvm);
uint32_t cvm_lines(const struct cvm *cvm); /* unmasked lines that are up, as bits 13 + d */
struct c0_machine *cvm_kernel(struct cvm *cvm);
uint64_t cvm_transitions(const struct cvm *cvm, enum cvm_transition transition);
uint64_t cvm_primitive_calls(const struct cvm *cvm, enum cvm_primitive primitive);

uint32_t cvm_pages(const struct cvm *cvm, uint32_t p);
/* dpc, pcp, gpr and, of the special registers, RM, IEEEF, FCC; all others are 0. */
struct vamp_state cvm_registers(const struct cvm *cvm, uint32_t p);
/* False: the aligned address is beyond its pages. */
bool cvm_read(const struct cvm *cvm, uint32_t p, uint32_t address, uint32_t *word);
/* All words of a page that p has, until the machine moves. */
const uint32_t *cvm_page_words(const struct cvm *cvm, uint32_t p, uint32_t v);

/* Visits, in order of p and address, the lines of VAMP_LINE_BYTES of the processes' memories that
 * may have changed since the last call, pages that came or went included. Lines beyond the pages
 * that p has now are not visited. */
void cvm_each_changed_line(struct cvm *cvm, void (*visit)(void *self, uint32_t p, uint32_t address),
                           void *self);
/* Visits each process whose registers or number of pages may have changed since the last call. */
void cvm_each_changed_process(struct cvm *cvm, void (*visit)(void *self, uint32_t p), void *self);

#endif
