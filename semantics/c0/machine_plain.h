/* A run of the plain machine: its configuration, and one step (private to the machine). */
#ifndef SEMANTICS_C0_MACHINE_PLAIN_H
#define SEMANTICS_C0_MACHINE_PLAIN_H

#include "semantics/c0/machine_memory.h"

struct plain_frame {
    const struct c0_function *function;
    const struct c0_frame_layout *layout;
    struct c0_flow flow;
    uint32_t node; /* the head of this frame's program rest */
    uint32_t first_cell;
};

/* A configuration: the frames (the last one runs) over the machine's memory. */
struct plain_run {
    struct c0_machine *machine;
    ARRAY(struct plain_frame) frames;
    ARRAY(uint32_t) arguments; /* of the call that is being made */
    bool is_faulted, is_finished, has_left, is_stopped, has_result;
    enum c0_rule rule;
    uint32_t result;
};

static inline struct plain_frame *plain_top(struct plain_run *run)
{
    return &run->frames.at[run->frames.count - 1];
}

/* The call's frame is pushed, or the stack is exhausted. */
void plain_push(struct plain_run *run, const struct c0_function *function,
                const uint32_t *arguments);
/* The head of the program rest is executed. */
void plain_step(struct plain_run *run);

/* The value of an expression in the newest frame; what it faults by is left in the run. */
uint32_t plain_value(struct plain_run *run, const struct c0_expr *expr);

#endif
