/* Records a trace of a machine that runs. The functions in the middle are called with what reaches
 * the processor from outside, and now and then between two steps, when the writer notes what has
 * changed; nothing is done for an instruction. */
#ifndef TRACES_WRITER_H
#define TRACES_WRITER_H

#include "semantics/vamp/machine.h"
#include "traces/format.h"

struct trace_setup {
    const char *path;
    const char *recorder; /* who writes it: "vouch 0.1.0"; what is beyond 32 bytes is left out */
    /* Steps between checkpoints; 0: TRACE_INTERVAL_STEPS, and more where so much memory changes
     * that recording would cost more than running. A trace of interval 1 holds every state. */
    uint64_t interval_steps;
};

enum { TRACE_INTERVAL_STEPS = 1 << 20 };

struct trace_writer;

/* Creates the file. NULL: with a fault. */
struct trace_writer *trace_writer_new(struct arena *arena, const struct trace_setup *setup,
                                      struct fault *fault);
/* Notes the first state, once the machine is loaded, and follows its changes from then on. The
 * machine lives until the end. `image_digest`: SHA-256 in 64 hexadecimal digits; NULL: unknown.
 * False: with a fault, the machine has too much memory. */
bool trace_writer_begin(struct trace_writer *writer, struct vamp_machine *machine,
                        const char *image_digest, struct fault *fault);

/* The steps after which trace_writer_checkpoint is to be called, again and again. */
uint64_t trace_writer_checkpoint_steps(const struct trace_writer *writer);
/* `self` is the writer. `step` is how many steps were done before, and does not decrease; within a
 * step, lines come before the access. */
void trace_writer_read(void *self, uint64_t step, uint32_t address, uint32_t word);
void trace_writer_write(void *self, uint64_t step, uint32_t address, uint32_t word);
void trace_writer_lines(void *self, uint64_t step, uint32_t lines);
void trace_writer_checkpoint(void *self, uint64_t step);

/* How the run ended, before step `step`. */
struct trace_writer_end {
    uint64_t step;
    bool is_stopped;    /* the processor cannot execute the step */
    const char *reason; /* printable; what is beyond 64 bytes is left out */
    const char *digest; /* of the machine's last state, as that of the image; NULL: none */
};
/* Writes the last state, the index, and closes the file. False: with a fault, something could not
 * be written, now or before. */
bool trace_writer_finish(struct trace_writer *writer, const struct trace_writer_end *end,
                         struct fault *fault);
/* Closes the file as it is: a trace that is cut off. */
void trace_writer_abandon(struct trace_writer *writer);

#endif
