/* The machine that the command line of vouch run asks for. */
#ifndef TOOLS_VOUCH_RUN_MACHINE_H
#define TOOLS_VOUCH_RUN_MACHINE_H

#include "image/image.h"
#include "tools/vouch_run_outside.h"

struct gdb_server;

struct run_machine {
    struct arena *arena;
    const struct run_options *options;
    const struct image *image;
    struct physical *physical;
    struct run_outside outside;
    struct recording *recording; /* that is replayed, or NULL */
    struct recorder *recorder;   /* or NULL */
    struct gdb_server *gdb;      /* or NULL */
};

/* Loads the image, and a recording to be replayed, and opens what stands behind the devices. False,
 * with a fault; run_machine_close is due in any case. */
bool run_machine_open(struct run_machine *machine, struct arena *arena,
                      const struct run_options *options, struct fault *fault);
/* Connects everything, and begins a recording; the processor is about to make its first step. */
bool run_machine_build(struct run_machine *machine, const struct physical_observer *observer,
                       uint64_t checkpoint_steps, struct fault *fault);
/* A signal asks for the end of the run; `self` is not used. */
bool run_machine_is_signalled(void *self);
/* A number or the name of a function or label; of a local one, if no other has it. */
bool run_machine_find(const struct run_machine *machine, const char *place, uint32_t *address,
                      struct fault *fault);
/* Ends the recording with `end`, unless that is NULL, and lets go of files and terminal. False,
 * with a fault: something was not written. */
bool run_machine_close(struct run_machine *machine, const struct recording_end *end,
                       struct fault *fault);

#endif
