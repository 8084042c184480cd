/* Which statements a kernel has, and where each is found in the machines. */
#ifndef COSIM_COVERAGE_PLACES_H
#define COSIM_COVERAGE_PLACES_H

#include "cosim/coverage.h"

struct coverage_place {
    const struct c0_function *function; /* of the abstract program, or of the concrete one */
    const struct c0_stmt *stmt;
    struct location where;
    /* Layer. The concrete program's other statements are there too until the code is found. */
    bool is_counted;
    uint32_t first_address, address_count; /* among the addresses; executed if they all are */
};

struct coverage_part_places {
    struct coverage_place *at; /* ordered by file, line and column */
    size_t count;
    size_t uncalled, without_code;
};

/* What `places` of coverage.h is. */
struct coverage_places {
    struct coverage_part_places parts[COVERAGE_PART_COUNT];
    const uint32_t *addresses;
};

/* The abstract kernel is what kdispatch calls, itself included, the layer what else cvm_dispatch
 * calls. Blocks are no statements of their own. */
void coverage_find_statements(struct arena *arena, const struct cosim_kernel *kernel,
                              struct coverage_places *places);

/* Gives the layer's statements the addresses of their code, takes those without code away, and
 * puts both parts in order. Files are called as in the line table from then on. False, with a
 * fault. */
bool coverage_find_code(struct arena *arena, const struct cosim_kernel *kernel,
                        struct coverage_places *places, struct fault *fault);

#endif
