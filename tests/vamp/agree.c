/* The agreement of the fast machine and the plain one for as many random steps as one likes.
 *
 *     vamp_agree [STEPS [SEED]]
 */
#include "tests/unit/vamp/agreement.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void print_counts(const struct agreement *agreement)
{
    printf("%" PRIu64 " steps agree; single steps in user mode: %" PRIu64 "\n", agreement->steps,
           agreement->user_steps);
    for (int cause = 0; cause < VAMP_INTERRUPT_COUNT; cause++)
        printf("  interrupts with %s: %" PRIu64 "\n",
               vamp_interrupt_name((enum vamp_interrupt)cause), agreement->interrupts[cause]);
    for (int stop = 1; stop < VAMP_STOP_COUNT; stop++)
        printf("  stops %d, %s: %" PRIu64 "\n", stop, vamp_stop_name((enum vamp_stop)stop),
               agreement->stops[stop]);
    printf("  ends at breakpoints %" PRIu64 ", at limits %" PRIu64 ", stopped %" PRIu64
           ", ended %" PRIu64 "\n",
           agreement->statuses[VAMP_RUN_BREAKPOINT], agreement->statuses[VAMP_RUN_LIMIT],
           agreement->statuses[VAMP_RUN_STOPPED], agreement->statuses[VAMP_RUN_ENDED]);
}

int main(int argc, char **argv)
{
    struct agreement agreement = {0};
    uint64_t steps = argc > 1 ? strtoull(argv[1], NULL, 10) : 10000000;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 20240229;
    agreement_check(&agreement, seed == 0 ? 1 : seed, steps);
    if (!agreement.differs)
        print_counts(&agreement);
    else
        printf("%s\n", agreement.difference);
    return agreement.differs;
}
