#include "tests/unit/vamp/agreement.h"

#include <criterion/criterion.h>

/* Most worlds run in pieces, a third step by step; tests/vamp/agree.c runs as many as one likes. */
Test(vamp_agreement, fast_and_plain_machine_agree_on_a_million_random_steps)
{
    struct agreement agreement = {0};
    agreement_check(&agreement, 20240229, 1500000);
    cr_assert(!agreement.differs, "%s", agreement.difference);
    cr_expect_gt(agreement.user_steps, 10000);
    for (int cause = 0; cause < VAMP_INTERRUPT_COUNT; cause++) {
        bool is_raised = cause <= VAMP_INTERRUPT_OVF || cause >= VAMP_INTERRUPT_DEVICE_0;
        cr_expect_eq(agreement.interrupts[cause] != 0, is_raised, "interrupts with %s",
                     vamp_interrupt_name((enum vamp_interrupt)cause));
    }
    for (int stop = VAMP_STOP_NONE + 1; stop < VAMP_STOP_COUNT; stop++)
        cr_expect_neq(agreement.stops[stop], 0, "stops with %s",
                      vamp_stop_name((enum vamp_stop)stop));
    for (int status = VAMP_RUN_BREAKPOINT; status <= VAMP_RUN_ENDED; status++)
        cr_expect_neq(agreement.statuses[status], 0, "runs that end with status %d", status);
}
