/* A ring buffer of words: an interrupt handler puts, a reader gets, in order. Pointer parameters
 * must not be NULL. */
#ifndef KERNEL_LIB_RING_H
#define KERNEL_LIB_RING_H

#include <c0.h>

#include "config.h"
#include "status.h"

struct ring {
    unsigned int head;  /* where the next word is got */
    unsigned int count; /* words in it */
    unsigned int lost;  /* words that found it full, since ring_init */
    unsigned int word[RING_SIZE];
};

void ring_init(struct ring *ring);
bool ring_is_empty(struct ring *ring);
bool ring_is_full(struct ring *ring);
unsigned int ring_count(struct ring *ring);
int ring_put(struct ring *ring, unsigned int word);
void ring_put_over(struct ring *ring, unsigned int word);
int ring_get(struct ring *ring, unsigned int *word);
unsigned int ring_peek(struct ring *ring, unsigned int ahead);
unsigned int ring_drop(struct ring *ring, unsigned int count);
unsigned int ring_drain(struct ring *from, struct ring *to);

#endif
