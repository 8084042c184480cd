/* A scenario: which kernel, which programs, which oracle, which checks, how long; a JSON file
 * (docs/COSIM.md), or drawn from a seed. Equal scenarios run equally, so a scenario that diverges,
 * written out with its events, is the replay file. */
#ifndef COSIM_SCENARIO_H
#define COSIM_SCENARIO_H

#include "cosim/cosim.h"
#include "physical/store.h"

/* A user program on the system disk: the words from address 0 of its memory on. */
struct scenario_program {
    const char *name; /* at most 16 bytes */
    const uint32_t *words;
    uint32_t word_count;
    uint32_t memory_pages, priority, flags; /* kernel/build/make_disk.py: 1 started, 2 driver */
};

/* Bytes, frames or messages that the outside world brings, drawn from the seed. */
struct scenario_inputs {
    uint32_t serial_bytes, network_frames, controller_messages; /* per million steps; 0: none */
};

struct scenario {
    const char *name, *path; /* path: NULL if it was drawn */
    const struct cosim_kernel *kernel;
    struct text disk; /* content of the system disk; programs have been put into it */
    const struct scenario_program *programs;
    size_t program_count;

    struct oracle_seed oracle; /* without inlets */
    struct scenario_inputs inputs;
    struct text serial; /* what is typed, after the system is up; may be empty */
    /* A listed oracle: exactly these events and then none. */
    bool has_events;
    const struct oracle_event *events;
    size_t event_count;

    const struct store_defect *swap_defects, *system_defects;
    size_t swap_defect_count, system_defect_count;

    struct cosim_checks checks;
    uint64_t max_steps;

    /* A replay file: the divergence that it shows. */
    bool has_expectation;
    enum cosim_conjunct expected_conjunct;
    uint64_t expected_step;
};

/* What scenarios share: the kernel is loaded once. */
struct scenario *scenario_load(struct arena *arena, const char *path, FILE *diagnostics,
                               struct fault *fault);
/* A random one on this kernel: random programs that compute, use memory beyond the frames, make all
 * kernel calls with random arguments, kill and clone; all devices active. `disk` is a system disk
 * with init and console (kernel/build). */
struct scenario *scenario_draw(struct arena *arena, const struct cosim_kernel *kernel,
                               struct text disk, uint64_t seed, uint64_t max_steps,
                               struct fault *fault);
/* With the events of a run, as a file that scenario_load reads. */
bool scenario_write(const struct scenario *scenario, const char *path, struct fault *fault);

/* Makes its machines and runs it. `observer` may be all NULL. */
struct cosim_result scenario_run(struct arena *arena, const struct scenario *scenario,
                                 struct cosim_observer observer, struct fault *fault);

#endif
