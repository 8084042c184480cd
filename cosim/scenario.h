/* A scenario: which kernel, which programs, which oracle, which checks, how long; a JSON file
 * (docs/COSIM.md), or drawn from a seed. Equal scenarios run equally, so a scenario that diverges,
 * written out with its events, is the replay file. */
#ifndef COSIM_SCENARIO_H
#define COSIM_SCENARIO_H

#include "cosim/cosim.h"
#include "physical/store.h"

enum {
    SCENARIO_NAME_BYTES = 16,         /* of a program, as in the system disk's directory */
    SCENARIO_FIRST_SECTOR = 8,        /* of the first program */
    SCENARIO_STARTED = 1,             /* flags of a program (kernel/build/make_disk.py) */
    SCENARIO_DRIVER = 2,              /* so privileged */
    SCENARIO_PROGRAM_WORDS = 1 << 18, /* at most */
};
/* As the end of a list of events: nothing else will ever come. */
#define SCENARIO_FOREVER UINT64_MAX

/* A user program on the system disk: the words from address 0 of its memory on. */
struct scenario_program {
    const char *name; /* at most 16 bytes */
    const uint32_t *words;
    uint32_t word_count;
    uint32_t sector, pages; /* its place on the disk; words beyond it are not there */
    uint32_t memory_pages, priority, flags;
};

/* Bytes, frames or messages that the outside world brings, drawn from the seed. */
struct scenario_inputs {
    uint32_t serial_bytes, network_frames, controller_messages; /* per million steps; 0: none */
};

struct scenario {
    const char *name, *path; /* path: NULL if it was drawn */
    const struct cosim_kernel *kernel;
    const char *disk_path; /* NULL: the disk is made of the programs alone */
    struct text base;      /* what that file holds */
    struct text disk;      /* content of the system disk; programs have been put into it */
    const struct scenario_program *programs;
    size_t program_count;

    struct oracle_seed oracle; /* without inlets */
    struct scenario_inputs inputs;
    struct text serial; /* what is typed, after the system is up; may be empty */
    /* A listed oracle: exactly these events, and then none. It speaks of the steps up to
     * events_end; a run that goes beyond has lost its oracle. The devices of drawn_devices (bit d)
     * go on as the seed has it, without a reset or inputs. */
    bool has_events;
    const struct oracle_event *events;
    size_t event_count;
    uint64_t events_end;
    uint32_t drawn_devices;

    const struct store_defect *swap_defects, *system_defects;
    size_t swap_defect_count, system_defect_count;

    struct cosim_checks checks;
    uint64_t max_steps;

    /* A replay file: the divergence that it shows. */
    bool has_expectation;
    enum cosim_conjunct expected_conjunct;
    uint64_t expected_step;
};

/* Faults name the place in the file. With `kernel` the one that the file names is not read, so that
 * it is loaded once for many files; the file's digests must be its own all the same. */
struct scenario *scenario_load(struct arena *arena, const char *path,
                               const struct cosim_kernel *kernel, FILE *diagnostics,
                               struct fault *fault);

/* The path of the kernel's description that the file names, for who loads many files and each kernel
 * once. NULL, with a fault: none. */
const char *scenario_kernel_path(struct arena *arena, const char *path, struct fault *fault);

/* A random one on this kernel: random programs that compute, use memory beyond the frames, make all
 * kernel calls with random arguments, kill and clone; all devices active. Equal seeds, equal
 * scenarios. */
struct scenario *scenario_draw(struct arena *arena, const struct cosim_kernel *kernel,
                               uint64_t seed, uint64_t max_steps);

/* As a file that scenario_load reads: all of it but the kernel and the disk's file, of which it has
 * path and digest. */
bool scenario_write(const struct scenario *scenario, const char *path, struct fault *fault);

/* Makes the disk anew, after programs have changed. */
void scenario_make_disk(struct arena *arena, struct scenario *scenario);

/* --- Runs --- */

/* Its machines, before their first step; cosim_run runs them. NULL, with a fault. */
struct cosim *scenario_start(struct arena *arena, const struct scenario *scenario,
                             struct cosim_observer observer, struct fault *fault);
/* Both. `observer` may be all NULL. */
struct cosim_result scenario_run(struct arena *arena, const struct scenario *scenario,
                                 struct cosim_observer observer, struct fault *fault);

/* The run has shown the divergence that the scenario expects. */
bool scenario_is_as_expected(const struct scenario *scenario, const struct cosim_result *result);

/* --- Replay files --- */

/* The events of a run, as its observer is told of them. */
struct scenario_tape;
struct scenario_tape *scenario_tape_new(struct arena *arena);
void scenario_tape_add(struct scenario_tape *tape, const struct oracle_event *event);

/* The scenario that repeats the run that ended so: it has its events as a list, and expects its
 * divergence, if there was one. The tape must live as long. */
struct scenario *scenario_replay(struct arena *arena, const struct scenario *scenario,
                                 const struct scenario_tape *tape,
                                 const struct cosim_result *result);

#endif
