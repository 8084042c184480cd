/* The oracle: which component moves next, and each event from outside. A run is a function of the
 * image, the machine's parameters and the oracle's answers, so whoever records the answers can
 * replay the run (docs/RUN.md).
 *
 * Time is the number of steps of the processor. */
#ifndef SEMANTICS_DEVICES_ORACLE_H
#define SEMANTICS_DEVICES_ORACLE_H

#include "semantics/devices/bus.h"

struct oracle_event {
    uint64_t step; /* before this step of the processor */
    bool is_reset; /* the reset button: no device */
    /* Of each answer but an event that comes now: whether the reset button will still be pressed.
     * A machine that waits for nothing else has not come to its end. */
    bool is_reset_ahead;
    unsigned device;
    struct device_event event;
};

enum oracle_answer {
    ORACLE_EVENT,  /* at `step`, which is `now` or later */
    ORACLE_UNTIL,  /* nothing before `step`, which is later than `now`: ask again then */
    ORACLE_NEVER,  /* nothing will ever come unless the bus is used */
    ORACLE_END,    /* a recording ends here: the run cannot go on */
    ORACLE_FAILED, /* with a fault */
};

struct oracle {
    void *self;
    /* What comes next, seen from `now`. An event at `now` is delivered before anything else
     * happens; every other answer is forgotten. Asked again after each delivery, at the step that
     * was answered, and after each use of the bus that changed what a device awaits; it may be
     * asked at any other time too, and that does not change what it says. */
    enum oracle_answer (*next)(void *self, uint64_t now, const struct bus *bus,
                               struct oracle_event *event, struct fault *fault);
    /* The machine idles, and the answer was that nothing comes from `now` until `until`: lets that
     * much of the outside world's time pass, or less once something is there. False: neither so
     * far, call it again; in between the user may end the run. NULL: there is no outside world. */
    bool (*wait)(void *self, uint64_t now, uint64_t until);
};

/* What the outside world has brought, for one device; asked at most once each `poll_steps`, and not
 * while the device does not accept it (device.h). */
struct oracle_inlet {
    void *self;
    /* True: an event, whose content lives until the next call. */
    bool (*poll)(void *self, struct device_event *event);
    /* Nothing will come any more: a file at its end. */
    bool (*is_exhausted)(void *self);
    /* A descriptor to wait for, or -1. */
    int descriptor;
    /* Asked also right before each internal event of its device, so that all that came by then is
     * there first: the messages of a slot before the tick that ends it. */
    bool is_prompt;
    /* Set once the outside world is broken: the oracle answers FAILED with it. NULL: it never is.
     */
    const struct fault *failure;
};

/* Draws the time of each internal event (awaits) from a seed, and takes outside events from
 * inlets. Equal seeds and equal inlets give equal answers. */
struct oracle_seed {
    uint64_t seed;
    uint64_t tick_steps; /* steps from a tick to the next, on average; at least 1 */
    uint64_t done_steps; /* steps that a disk or transmitter works, on average; at least 1 */
    uint64_t poll_steps; /* inlets are looked at before each multiple of this; at least 1 */
    bool is_jittered;    /* times vary from half to one and a half of these, else they do not */
    /* How fast time passes for a machine that idles while something may still come through the
     * descriptor of an inlet. 0: an idle machine goes to its next event at once. */
    uint64_t idle_steps_per_second;
    bool has_reset;                          /* the reset button is pressed, once, ... */
    uint64_t reset_step;                     /* ... before this step */
    struct oracle_inlet inlets[BUS_DEVICES]; /* poll is NULL where there is none */
};
struct oracle *oracle_new_seeded(struct arena *arena, const struct oracle_seed *seed);

#endif
