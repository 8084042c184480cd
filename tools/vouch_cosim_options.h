/* The command line of vouch cosim. */
#ifndef TOOLS_VOUCH_COSIM_OPTIONS_H
#define TOOLS_VOUCH_COSIM_OPTIONS_H

#include "base/arena.h"
#include "base/array.h"
#include "base/fault.h"

#include <stdint.h>

struct cosim_options {
    struct arena *arena;
    bool wants_help;
    ARRAY(const char *) scenarios; /* files */
    bool is_replay;                /* --replay: they expect a divergence */

    bool is_random; /* --random FIRST COUNT */
    uint64_t first, count;
    const char *kernel; /* --kernel */
    uint64_t workers;   /* -j */

    bool has_steps; /* --steps */
    uint64_t steps;
    bool is_plain, is_consis; /* --plain, --consis */
    const char *proofs;       /* --proofs: certificates for --consis */

    const char *replays;  /* --replays: the folder for replay files */
    const char *minimise; /* --minimise: the file for what is left */
    const char *timeline, *audit, *json;
    bool is_coverage, is_timed;
};

/* False, with a fault. */
bool cosim_options_parse(struct cosim_options *options, int argc, char **argv, struct fault *fault);

#endif
