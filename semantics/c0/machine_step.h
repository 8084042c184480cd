/* A call on the C0 machine made step by step, by the plain reading, for whoever compares its
 * configurations with another machine's: where each frame stands, what its variables hold, and
 * what the next step is about to do. */
#ifndef SEMANTICS_C0_MACHINE_STEP_H
#define SEMANTICS_C0_MACHINE_STEP_H

#include "semantics/c0/flow.h"
#include "semantics/c0/machine.h"

struct c0_steps;

/* Used for one call after the other. Lives in the machine's arena. */
struct c0_steps *c0_steps_new(struct c0_machine *machine);

/* The call begins: its frame is made (which is no step), or the stack is exhausted. Drops a call
 * that has not ended. */
void c0_steps_begin(struct c0_steps *steps, const struct c0_function *function,
                    const uint32_t *arguments);
/* One step; the call has not ended. False: it has ended now. */
bool c0_steps_step(struct c0_steps *steps);
bool c0_steps_has_ended(const struct c0_steps *steps);
/* How it ended; LIMIT while it goes on. */
struct c0_outcome c0_steps_outcome(const struct c0_steps *steps);

/* Frames are counted from the outermost one, 0; the last one runs. */
size_t c0_steps_depth(const struct c0_steps *steps);
const struct c0_function *c0_steps_function(const struct c0_steps *steps, size_t frame);
/* The head of the frame's program rest: in the last frame what the next step executes, in any other
 * the call that it waits for. */
const struct c0_flow_node *c0_steps_node(const struct c0_steps *steps, size_t frame);
uint32_t c0_steps_node_number(const struct c0_steps *steps, size_t frame);
/* A cell of a variable of the frame's function. False: it was given no value. */
bool c0_steps_variable(const struct c0_steps *steps, size_t frame, uint32_t variable, uint32_t cell,
                       uint32_t *word);

/* What the next step is about to do. False: it faults, and nothing has happened yet.
 *   call: the words of the arguments, as many as the callee has parameters
 *   return: the word of the result, of a function that has one */
bool c0_steps_arguments(const struct c0_steps *steps, uint32_t *words);
bool c0_steps_result(const struct c0_steps *steps, uint32_t *word);
/* new: the cell of the object that it makes, or 0. */
uint32_t c0_steps_new_object(const struct c0_steps *steps);

#endif
