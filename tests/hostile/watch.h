/* What watches a run: all that goes in and out of the machine passes through here. */
#ifndef TESTS_HOSTILE_WATCH_H
#define TESTS_HOSTILE_WATCH_H

#include "physical/recording.h"
#include "tests/hostile/hostile.h"
#include "traces/writer.h"

struct watch {
    struct arena *arena;
    const struct hostile *hostile;
    struct record *record;
    bool is_counted;
    bool is_cut; /* by somebody who calls it away, by chance */
    struct random cuts;
    const struct evidence *evidence;
    struct recorder *recorder;   /* or NULL, and so the next two */
    struct recording *recording; /* that is replayed */
    struct trace_writer *trace;
    struct sink {
        struct watch *watch;
        unsigned device;
    } sinks[BUS_DEVICES];
    struct medium {
        struct watch *watch;
        struct device_store inner;
    } media[BUS_DEVICES];
};

/* watch.c: devices whose doings are seen, and who sees them. */
struct bus watch_bus(struct watch *watch);
struct physical_observer watch_observer(struct watch *watch);
void watch_fold(uint64_t *digest, uint64_t number);

/* evidence.c: opens the files that the run writes or repeats; before the machine is made. */
void evidence_open(struct watch *watch);
/* The oracle and the store of a disk, by way of the recording. */
struct oracle *evidence_oracle(struct watch *watch, struct oracle *live);
struct device_store evidence_store(struct watch *watch, unsigned device, struct device_store live);
/* Once the machine is loaded; once it has run. */
void evidence_begin(struct watch *watch, struct vamp_machine *machine);
void evidence_end(struct watch *watch);

#endif
