/* A processor with a made-up outside world, recorded: what devices answer and when lines rise is a
 * function of a seed and of the step, however the run is divided. */
#ifndef TESTS_UNIT_TRACES_RIG_H
#define TESTS_UNIT_TRACES_RIG_H

#include "semantics/vamp/machine.h"
#include "traces/player.h"
#include "traces/writer.h"

enum { RIG_MEMORY_BYTES = 64 * 1024 };

enum rig_program {
    RIG_INTERRUPTS, /* counts, stores, uses devices, takes interrupts; never ends */
    RIG_RANDOM,     /* random code and registers */
    RIG_WAITS,      /* enables interrupts and waits for them */
    RIG_STOPS,      /* a bus error after some steps */
};

struct rig {
    enum rig_program program;
    uint64_t seed, steps;
    uint64_t interval;
    /* What is other than the seed says. UINT64_MAX: nothing. */
    uint64_t other_word_step; /* from this step on, devices answer otherwise */
    uint64_t other_line_step; /* from this step on, lines rise at other times */
    uint32_t other_memory;    /* added to a word that the program never reads */
    const char *reason, *digest;
};

/* A rig of these, with nothing other, interval 64. */
struct rig rig_of(enum rig_program program, uint64_t seed, uint64_t steps);

/* The state before each step, and once more at the end: `count` of them. */
struct rig_states {
    struct trace_registers *at;
    uint64_t count;
    uint32_t *memory; /* at the end */
};

/* Runs it in parts of random length; the trace is in a file, whose name is given back. With
 * `states`, runs it once more step by step. */
const char *rig_record(const struct rig *rig, struct arena *arena, struct rig_states *states);

/* Opens a trace that must be good. */
struct trace *rig_open(struct arena *arena, const char *path);

#endif
