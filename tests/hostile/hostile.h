/* Hostile programs against the whole machine: a case is an image, what stands on the bus, and what
 * comes from outside, all drawn from one seed; it is run fast, plainly and in pieces, and every
 * run is to see and do the same. */
#ifndef TESTS_HOSTILE_HOSTILE_H
#define TESTS_HOSTILE_HOSTILE_H

#include "base/arena.h"
#include "base/random.h"
#include "physical/physical.h"
#include "physical/store.h"

enum image_kind {
    IMAGE_KERNEL,  /* a handler, tasks in both modes, page tables, drivers */
    IMAGE_MUTATED, /* the same with bits flipped */
    IMAGE_VALID,   /* instructions without any plan */
    IMAGE_NOISE,   /* words */
    IMAGE_KINDS,
};

/* What comes at fixed steps, fitting or not. */
struct scripted_event {
    struct oracle_event event;
    enum oracle_answer answer; /* EVENT, END or FAILED */
};

enum { BREAKPOINTS_MAX = 3, SCRIPT_MAX = 64, DEFECTS_MAX = 3 };

struct hostile {
    uint64_t seed;
    enum image_kind kind;
    uint32_t memory_bytes;
    uint32_t *words;
    uint32_t entry;

    uint64_t max_steps, checkpoint_steps;
    uint32_t breakpoints[BREAKPOINTS_MAX];
    size_t breakpoint_count;

    uint32_t present; /* bit d: device d is there */
    uint32_t sectors;
    struct store_defect defects[DEFECTS_MAX];
    size_t defect_count;

    bool is_scripted;
    struct scripted_event script[SCRIPT_MAX];
    size_t script_count;
    struct oracle_seed oracle;
    uint32_t busy_outside; /* percentage of the looks outside that find something */
    bool is_rude;          /* what comes may be beyond all bounds */
};

/* image.c: the memory's first content. */
void hostile_fill(struct hostile *hostile, struct arena *arena, struct random *random);
/* elf.c: the same by way of an ELF file that was tampered with. False: it was refused, with a
 * fault; memory is then what it was. */
bool hostile_pass_through_elf(struct hostile *hostile, struct arena *arena, struct random *random);
/* outside.c: what comes from outside, of every kind. */
void hostile_script(struct hostile *hostile, struct arena *arena, struct random *random);
struct oracle *outside_oracle(struct arena *arena, const struct hostile *hostile);
struct device_event some_event(struct arena *arena, struct random *random, unsigned device,
                               bool is_rude);

/* draw.c: the case that a seed stands for. */
void hostile_draw(struct hostile *hostile, struct arena *arena, uint64_t seed);

enum manner {
    MANNER_FAST,
    MANNER_PLAIN,
    MANNER_PIECES, /* fast, cut into several runs */
    MANNER_STEPS,  /* step by step, looking at each */
};

/* All that can be seen of a run from outside. */
struct record {
    enum physical_status status;
    uint64_t steps;
    struct vamp_diagnosis diagnosis;
    struct vamp_state state;
    char digest[65];
    uint64_t observed; /* digest of what the observer was told, but for checkpoints */
    uint64_t sent;     /* digest of what the devices sent */
    uint64_t breakpoints;
    struct fault fault;
};

/* Files that a run leaves, or that it repeats; each may be NULL. */
struct evidence {
    const char *record;   /* writes a recording (physical/recording.h) */
    struct text replayed; /* repeats one: what disks hold and what comes from outside is in it */
    const char *trace;    /* writes a trace (traces/writer.h) */
};

/* run.c: runs the case; counts what happened if `is_counted`. `evidence` may be NULL. */
void hostile_run(const struct hostile *hostile, enum manner manner, bool is_counted,
                 const struct evidence *evidence, struct record *record);
/* evidence.c: plays all of a trace; true: it ends in the state of the record. */
bool evidence_plays(const char *trace, const struct record *record, FILE *out);
bool evidence_is_equal(const char *left, const char *right);
/* record.c: prints how the two differ, if they do; true: they do not. */
bool record_equals(const struct record *left, const struct record *right, FILE *out);

/* coverage.c: how often each thing happened. Names are kept by reference. */
void cover(const char *group, const char *name, uint64_t times);
void cover_number(const char *group, uint32_t number, uint64_t times);
/* Prints all counters, then those of what had to happen that did not; true: there is none. */
bool coverage_print(FILE *out);

#endif
