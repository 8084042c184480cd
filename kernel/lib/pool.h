/* Reuse of heap objects. The C0 heap only grows: what a kernel allocates it has for good, so it
 * keeps what it no longer needs in a pool. The objects here are the envelopes in which messages
 * wait for their receivers; a queue of them belongs to each receiver. Pointer parameters must not
 * be NULL. */
#ifndef KERNEL_LIB_POOL_H
#define KERNEL_LIB_POOL_H

#include <c0.h>

#include "message.h"
#include "status.h"

struct envelope {
    struct envelope *next;
    struct message message;
};

struct pool {
    struct envelope *spare;
    unsigned int made;  /* objects allocated in all */
    unsigned int limit; /* objects that may be allocated */
    unsigned int lent;  /* objects in use */
};

struct mailbox {
    struct envelope *first;
    struct envelope *last;
    unsigned int count;
};

void pool_init(struct pool *pool, unsigned int limit);
int pool_reserve(struct pool *pool, unsigned int count);
struct envelope *pool_take(struct pool *pool);
void pool_give_back(struct pool *pool, struct envelope *envelope);

void mailbox_init(struct mailbox *mailbox);
int mailbox_put(struct mailbox *mailbox, struct pool *pool, struct message *message);
struct envelope *mailbox_find(struct mailbox *mailbox, unsigned int sender);
int mailbox_get(struct mailbox *mailbox, struct pool *pool, unsigned int sender,
                struct message *message);
unsigned int mailbox_discard(struct mailbox *mailbox, struct pool *pool, unsigned int sender);

#endif
