/* Everything that the abstract kernel remembers, in one place. What changes and what is said about
 * it at any time between two runs of kdispatch is kernel_is_sound (soundness.h). */
#ifndef KERNEL_ABSTRACT_STATE_H
#define KERNEL_ABSTRACT_STATE_H

#include <c0.h>

#include "../config.h"
#include "../lib/list.h"
#include "../lib/ready.h"
#include "../lib/rights.h"
#include "../lib/timeout.h"
#include "calls.h"

/* Devices have numbers below this; user processes drive those from DRIVEN_FIRST to DRIVEN_LAST. */
#define DEVICE_COUNT 8u
#define DRIVEN_FIRST 2u
#define DRIVEN_LAST 4u

/* What a process sends, where it wants what it takes, and from whom. */
struct exchange {
    unsigned int partner; /* a process; for one who receives also FROM_ANY or FROM_DEVICES */
    unsigned int out_address;
    unsigned int out_words;
    unsigned int in_address;
    unsigned int in_words;
    unsigned int timeout; /* ticks, or TIMEOUT_NEVER */
    bool is_request;      /* whoever sends takes its partner's answer then */
};

struct kernel_process {
    unsigned int state; /* STATE_ */
    unsigned int pages;
    unsigned int parent; /* 0: nobody living */
    unsigned int name;
    unsigned int end; /* STATE_NONE: END_, why the process before ended */
    unsigned int exit_code;
    bool is_privileged;
    struct exchange exchange; /* STATE_SENDING, STATE_RECEIVING: what it waits for */
    struct timeout timeout;   /* armed while it waits, but for ever */
    struct list senders;      /* who waits to send to it, in the order of their coming */
    struct list_node link;    /* on its partner's senders while it is STATE_SENDING */
};

struct kernel_device {
    unsigned int driver; /* 0: nobody */
    bool is_pending;     /* it has interrupted, and its driver has not taken the message */
};

struct kernel {
    unsigned int current; /* who runs: not queued. 0: nobody */
    unsigned int living;  /* how many processes there are */
    unsigned int last;    /* the process number given last */
    struct kernel_process process[PROCESS_COUNT];
    struct kernel_device device[DEVICE_COUNT];
    struct ready ready;
    struct timeout_list clock;
    struct rights_table rights;
    struct rights_table answers; /* RIGHT_SEND, for one message */
};

extern struct kernel kernel;

/* As before the first process. */
void kernel_start(void);

/* Nobody has this number any more. */
void kernel_clear_process(unsigned int p);

/* There is a process of this number; any word may be asked about. */
bool kernel_is_living(unsigned int p);

#endif
