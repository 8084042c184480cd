/* The timeout list: who is to be woken, and when.
 *
 * Time is a counter of timer ticks modulo 2^32. A timeout lies at most TIMEOUT_FAR ticks ahead,
 * so "earlier" and "later" stay meaningful when the counter wraps. Armed timeouts stand on one
 * list in the order of their wake-up time, first armed first among equals. Pointer parameters
 * must not be NULL. */
#ifndef KERNEL_LIB_TIMEOUT_H
#define KERNEL_LIB_TIMEOUT_H

#include <c0.h>

#include "status.h"

#define TIMEOUT_FAR 0x7fffffffu

struct timeout {
    struct timeout *next;
    struct timeout *prev;
    unsigned int wake;    /* the tick at which it expires */
    unsigned int process; /* who waits */
    bool is_armed;
};

struct timeout_list {
    struct timeout *first;
    unsigned int now;
    unsigned int count; /* of armed timeouts, the expired but not yet taken included */
};

void timeout_list_init(struct timeout_list *list, unsigned int now);
void timeout_init(struct timeout *timeout, unsigned int process);

bool timeout_is_before(unsigned int tick, unsigned int other);
unsigned int timeout_left(struct timeout_list *list, struct timeout *timeout);
unsigned int timeout_next(struct timeout_list *list);
bool timeout_list_is_sound(struct timeout_list *list);

int timeout_arm(struct timeout_list *list, struct timeout *timeout, unsigned int delay);
int timeout_cancel(struct timeout_list *list, struct timeout *timeout);
int timeout_postpone(struct timeout_list *list, struct timeout *timeout, unsigned int delay);
unsigned int timeout_advance(struct timeout_list *list, unsigned int ticks);
struct timeout *timeout_take_expired(struct timeout_list *list);

#endif
