/* A recorded run: all that came from outside, so that the run can be repeated step for step from
 * its image alone (docs/RUN.md specifies the bytes). It is written in blocks; what was written
 * stays readable when the program that writes it is killed. */
#ifndef PHYSICAL_RECORDING_H
#define PHYSICAL_RECORDING_H

#include "physical/physical.h"
#include "physical/store.h"

/* The machine that was recorded. */
struct recording_device {
    char name[16];         /* of its class; empty: there is none */
    uint32_t sector_count; /* of a disk, else 0 */
};
struct recording_setup {
    char image_digest[65]; /* SHA-256 of the file */
    uint32_t memory_bytes;
    struct recording_device devices[BUS_DEVICES];
};

struct recording_end {
    enum physical_status status;
    uint64_t steps;
    char digest[65]; /* of the final state, see physical_digest */
};

/* --- Writing --- */

struct recorder;

/* Replaces the file at `path`. NULL: it cannot be written. */
struct recorder *recorder_new(struct arena *arena, const char *path,
                              const struct recording_setup *setup, struct fault *fault);
/* Answers what `inner` answers, and records what is delivered. A recording that cannot be written
 * any more ends the run: it answers FAILED. */
struct oracle *recorder_oracle(struct recorder *recorder, struct oracle *inner);
/* For store_observed_new, around the store of a disk. */
struct store_observer recorder_store(struct recorder *recorder, unsigned device);
/* Closes the file; with an end of the run, records it first. Exactly once. False: the file is not
 * all there. */
bool recorder_close(struct recorder *recorder, const struct recording_end *end,
                    struct fault *fault);

/* --- Reading --- */

struct recording;

/* Checks all of a file's bytes; `path` only names it, `file` must live as long as the recording.
 * NULL, with a fault: it is no recording, or of another version, or cut within a block, or
 * corrupt. */
struct recording *recording_parse(struct arena *arena, const char *path, struct text file,
                                  struct fault *fault);

const struct recording_setup *recording_setup(const struct recording *recording);
/* NULL: its run was killed, or blocks at the end are missing. */
const struct recording_end *recording_end(const struct recording *recording);
/* What stood behind the disk. */
struct device_store recording_store(const struct recording *recording, struct arena *arena,
                                    unsigned device);

/* Repeats the events. At the end of the recording it answers END, or, if the run came to its end by
 * itself, leaves that to the machine; a run that goes on beyond it gets END as well. */
struct oracle *recording_oracle(struct recording *recording);

#endif
