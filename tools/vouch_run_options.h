/* The command line of vouch run. */
#ifndef TOOLS_VOUCH_RUN_OPTIONS_H
#define TOOLS_VOUCH_RUN_OPTIONS_H

#include "base/array.h"
#include "base/fault.h"

#include <stdbool.h>
#include <stdint.h>

/* No machine has more memory. */
enum { RUN_MEMORY_BYTES_LIMIT = 1 << 30 };

struct run_options {
    struct arena *arena;
    const char *image;
    uint64_t memory_bytes; /* 0: the default, or that of the recording */
    /* What stands behind the devices; NULL where nothing was said. */
    const char *serial, *swap, *disk, *network, *controller;
    /* The oracle. */
    uint64_t seed, tick_steps, done_steps, poll_steps, idle_rate, reset_step;
    bool is_jittered, has_reset;
    bool has_times; /* any of the numbers above was given */
    const char *record, *replay;
    /* The run. */
    uint64_t max_steps;
    bool is_plain;
    ARRAY(const char *) breakpoints;
    const char *trace;
    uint64_t trace_interval; /* 0: as the writer thinks best */
    uint64_t gdb_port;
    bool has_gdb;
    /* What is told of it. */
    const char *json;
    bool is_timed;
    bool wants_help;
};

/* False, with a fault: these arguments are no run. With `wants_help` nothing else is set. */
bool run_options_parse(struct run_options *options, int argc, char **argv, struct fault *fault);
/* A part of it: no two files of a run are one, of which it writes at least one. */
/* Both paths lead to one file, which need not be there yet. */
bool run_is_same_file(struct arena *arena, const char *left, const char *right);
bool run_options_check_files(const struct run_options *options, struct fault *fault);

#endif
