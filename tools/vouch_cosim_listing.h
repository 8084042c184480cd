/* The instructions that led to a divergence: the run is made once more, up to it, and its last
 * steps are kept. */
#ifndef TOOLS_VOUCH_COSIM_LISTING_H
#define TOOLS_VOUCH_COSIM_LISTING_H

#include "cosim/scenario.h"

enum { LISTING_ROWS = 24, LISTING_STRETCHES = 32 };

struct listing_row {
    uint64_t step;
    bool is_user;
    uint32_t address, word; /* virtual in user mode */
    bool has_word;          /* it can be fetched */
};

/* Steps one after the other in one function of the kernel, or of a process. */
struct listing_stretch {
    const struct image_symbol *function; /* NULL: in none, as in user mode */
    bool is_user;
    uint32_t address; /* where it begins */
    uint64_t steps;
};

/* The steps from the last agreement to the divergence: how many there are, and of the last ones
 * that were looked at, `seen`, rings. */
struct listing {
    const struct image *image;
    uint64_t count, seen, stretch_count;
    struct listing_row rows[LISTING_ROWS];
    struct listing_stretch stretches[LISTING_STRETCHES];
};

/* False: the second run is not like the first. */
bool listing_make(const struct scenario *scenario, const struct cosim_divergence *divergence,
                  struct listing *listing);
/* With the source lines of what the kernel executes. */
void listing_print(struct arena *arena, const struct listing *listing,
                   const struct cosim_kernel *kernel, FILE *out);

#endif
