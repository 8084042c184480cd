/* The ready queues: which process runs next.
 *
 * One first-in first-out queue for each priority, linked by process number through a table, so
 * that a process needs no memory of its own to be queued. A process runs for at most its time
 * slice, counted in timer ticks, and then goes behind the others of its priority (round robin).
 *
 * Process numbers outside 1 .. PROCESS_COUNT - 1 are answered with STATUS_RANGE. Pointer
 * parameters must not be NULL. */
#ifndef KERNEL_LIB_READY_H
#define KERNEL_LIB_READY_H

#include <c0.h>

#include "config.h"
#include "status.h"

#define READY_SLICE_DEFAULT 4u

struct ready_slot {
    unsigned int next, prev; /* process numbers; 0 at the ends and while not queued */
    unsigned int priority;
    unsigned int slice; /* ticks it may run in a row */
    unsigned int left;  /* ticks of them not yet used */
    bool is_queued;
};

struct ready_queue {
    unsigned int first, last; /* process numbers; both 0 if empty */
    unsigned int count;
};

struct ready {
    struct ready_slot slot[PROCESS_COUNT];
    struct ready_queue queue[PRIORITY_COUNT];
};

void ready_init(struct ready *ready);
int ready_configure(struct ready *ready, unsigned int process, unsigned int priority,
                    unsigned int slice);

bool ready_is_process(unsigned int process);
bool ready_is_queued(struct ready *ready, unsigned int process);
unsigned int ready_count(struct ready *ready);
unsigned int ready_best_priority(struct ready *ready);
bool ready_preempts(struct ready *ready, unsigned int running);
bool ready_is_sound(struct ready *ready);

int ready_enqueue(struct ready *ready, unsigned int process);
int ready_enqueue_first(struct ready *ready, unsigned int process);
int ready_dequeue(struct ready *ready, unsigned int process);
unsigned int ready_choose(struct ready *ready);
int ready_yield(struct ready *ready, unsigned int process);
bool ready_tick(struct ready *ready, unsigned int running);

#endif
