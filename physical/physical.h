/* The physical machine: a VAMP with memory, devices on its bus, and the oracle that moves them. */
#ifndef PHYSICAL_PHYSICAL_H
#define PHYSICAL_PHYSICAL_H

#include "semantics/devices/oracle.h"
#include "semantics/vamp/machine.h"

struct physical;

/* Told of all that reaches the processor from outside; any may be NULL. `step` counts the steps
 * done before. A trace needs no more than this to be replayed without devices. */
struct physical_observer {
    void *self;
    void (*device_read)(void *self, uint64_t step, uint32_t address, uint32_t word);
    void (*device_write)(void *self, uint64_t step, uint32_t address, uint32_t word);
    /* The causes from outside (bit 13+d, bit 0) as the processor sees them from `step` on; at
     * first there are none. */
    void (*lines_changed)(void *self, uint64_t step, uint32_t lines);
    void (*event)(void *self, const struct oracle_event *event);
    /* Before each step that is a multiple of `checkpoint_steps`, and at the end of physical_run. */
    void (*checkpoint)(void *self, uint64_t step);
};

struct physical_setup {
    uint32_t memory_bytes;
    struct bus bus;
    struct oracle *oracle; /* NULL: no event ever comes */
    struct physical_observer observer;
    uint64_t checkpoint_steps; /* 0: none, also not at the end */
    /* Asked every few milliseconds: the run is to end now. NULL: it never is. */
    bool (*is_interrupted)(void *self);
    void *interrupter; /* its `self` */
};

struct physical *physical_new(struct arena *arena, const struct physical_setup *setup);
struct vamp_machine *physical_processor(const struct physical *physical);
struct bus *physical_bus(const struct physical *physical);
uint64_t physical_steps(const struct physical *physical);
/* Events that came from outside the processor, by device. */
uint64_t physical_events(const struct physical *physical, unsigned device);

/* The state after power-up: ECA names the reset, everything else is 0, and the processor starts at
 * `entry`. Memory and devices are not touched. */
void physical_power_up(struct physical *physical, uint32_t entry);

enum physical_status {
    PHYSICAL_HALTED,      /* the halt convention: a jump to itself, and nothing can interrupt it */
    PHYSICAL_IDLE,        /* it waits for an interrupt, and no event is to come */
    PHYSICAL_LIMIT,       /* max_steps were done */
    PHYSICAL_BREAKPOINT,  /* dpc is a breakpoint */
    PHYSICAL_STOPPED,     /* the processor cannot go on, see the diagnosis */
    PHYSICAL_INTERRUPTED, /* is_interrupted said so */
    PHYSICAL_ORACLE_END,  /* the recording ends before the run does */
    PHYSICAL_FAILED,      /* the fault says why */
};

struct physical_outcome {
    enum physical_status status;
    struct vamp_diagnosis diagnosis;
};

/* Runs on until one of these. `is_plain`: by vamp_step alone. The states do not depend on it, nor
 * on how a run is cut into several. */
struct physical_outcome physical_run(struct physical *physical, uint64_t max_steps, bool is_plain,
                                     struct fault *fault);

/* "halted", "idle", "limit", "breakpoint", "stopped", "interrupted", "recording-ended", "failed" */
const char *physical_status_name(enum physical_status status);

/* SHA-256 over registers, memory and the states of all devices, in hexadecimal. */
void physical_digest(const struct physical *physical, char hexadecimal[65]);

#endif
