/* Plays a trace: executes, from a recorded state on, what the processor did, with the device words
 * and interrupt lines that were recorded, and checks that each recorded state and access is what
 * comes of it. What a player shows therefore follows from the first state in the file, the recorded
 * inputs and the semantics of the processor, or is refused. */
#ifndef TRACES_PLAYER_H
#define TRACES_PLAYER_H

#include "traces/reader.h"

enum trace_access { TRACE_ACCESS_NONE, TRACE_ACCESS_READ, TRACE_ACCESS_WRITE };

/* A step that was played. */
struct trace_step {
    uint64_t step;
    const struct vamp_state *before, *after;           /* until the next step */
    uint32_t lines;                                    /* the causes from outside */
    struct vamp_diagnosis diagnosis;                   /* which interrupt was taken, if one was */
    bool stores;                                       /* to memory */
    uint32_t store_address, store_before, store_after; /* the whole word; physical */
    enum trace_access access;                          /* to a device */
    uint32_t access_address, access_word;
};

enum trace_player_status {
    TRACE_PLAYER_STEP, /* a step was played */
    TRACE_PLAYER_END,  /* the trace ends here */
    TRACE_PLAYER_CUT,  /* the file is cut off here */
    TRACE_PLAYER_FAULT,
};

struct trace_player;

/* At the first state of the trace, which stays open as long as the player. NULL: with a fault. */
struct trace_player *trace_player_new(struct arena *arena, const struct trace *trace,
                                      struct fault *fault);
/* Goes to the state before a step, forward or backward. FAULT: the file is damaged, or does not
 * follow from the semantics of the processor. END, CUT: the trace is shorter, and the player is at
 * its end. STEP: it is there. */
enum trace_player_status trace_player_seek(struct trace_player *player, uint64_t step,
                                           struct fault *fault);
/* Plays one step. */
enum trace_player_status trace_player_next(struct trace_player *player, struct trace_step *step,
                                           struct fault *fault);
/* Waiting takes no time: after two steps that came back to the state before them, with no effect
 * and no access, the same goes on until something happens. The step up to which that is known, an
 * even number of steps away; the present step if it is not so. */
uint64_t trace_player_waits_until(const struct trace_player *player);
/* Passes over steps, at most as far as trace_player_waits_until, an even number of them. */
void trace_player_skip(struct trace_player *player, uint64_t step);

uint64_t trace_player_step(const struct trace_player *player);
const struct vamp_state *trace_player_state(const struct trace_player *player);
const struct trace_memory *trace_player_memory(const struct trace_player *player);
/* The causes from outside that are up before the present step. */
uint32_t trace_player_lines(const struct trace_player *player);
/* After END: how the run ended; `diagnosis` says why the processor stopped, if it did. */
const struct trace_ending *trace_player_ending(const struct trace_player *player);
const struct vamp_diagnosis *trace_player_diagnosis(const struct trace_player *player);

/* Checkpoints that were passed, the first state among them. */
uint64_t trace_player_checkpoints(const struct trace_player *player);

#endif
