/* Processes that stop and go on. */
#ifndef KERNEL_ABSTRACT_WAITING_H
#define KERNEL_ABSTRACT_WAITING_H

#include <c0.h>

/* p, which runs or waits, waits from now on in `state` for what its exchange says, for as long as
 * that says, at least a tick. One that sends is put behind its partner's other senders. */
void waiting_begin(unsigned int p, unsigned int state);

/* p, which waits, is told `code` and becomes ready. */
void waiting_end(unsigned int p, unsigned int code);

/* Nobody waits for `p` any more: who did is told CALL_DEAD. */
void waiting_end_for(unsigned int p);

/* p stands nowhere any more: it does not run, is not queued, does not wait. */
void waiting_leave(unsigned int p);

/* A tick of the clock: who has waited long enough is told CALL_TIMEOUT. */
void waiting_tick(void);

#endif
