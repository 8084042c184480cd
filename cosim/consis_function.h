/* C0 against code, one function: called on drawn arguments and states on both machines, compared at
 * every cut, call and return (vouch cosim --function). */
#ifndef COSIM_CONSIS_FUNCTION_H
#define COSIM_CONSIS_FUNCTION_H

#include "cosim/consis.h"

enum consis_end {
    CONSIS_AGREES,
    CONSIS_DIFFERS,
    CONSIS_GOES_ON, /* so far they agree, and C0 goes on for long */
    CONSIS_NOTHING, /* C0 faults: the state says nothing about the code */
};

struct consis_try {
    enum consis_end end;
    struct consis_counts counts;
    struct cosim_divergence divergence; /* DIFFERS: conjunct, place, address, values, text */
    const char *const *arguments;       /* as they were drawn */
    size_t argument_count;
};

/* Memory of both machines, at least. What lies behind the image's regions is filled at random for
 * asm blocks to find, devices answer at random. */
enum { CONSIS_MEMORY_BYTES = 4 << 20, CONSIS_RANDOM_BYTES = 64 << 10 };

/* One call of the function, which has a body and code. The same seed gives the same try. */
struct consis_try consis_try_function(struct arena *arena,
                                      const struct consis_certificates *certificates,
                                      const struct c0_function *function, uint64_t seed);

/* Cuts of the function's relation, its entry among them; 0: there is none. */
size_t consis_function_cuts(const struct consis_certificates *certificates,
                            const struct c0_function *function);
/* Has code in the image. */
bool consis_function_is_there(const struct consis_certificates *certificates,
                              const struct c0_function *function);

#endif
