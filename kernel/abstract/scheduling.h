/* Who runs (calls.h). Each call_ function checks all that it is given, for p, who runs and is to be
 * told the result. */
#ifndef KERNEL_ABSTRACT_SCHEDULING_H
#define KERNEL_ABSTRACT_SCHEDULING_H

#include <c0.h>

/* A tick of the clock, charged to who runs. */
void scheduling_tick(void);

/* Who is to run now: kernel.current then. 0: nobody is ready. */
unsigned int scheduling_choose(void);

unsigned int call_yield(unsigned int p);
unsigned int call_schedule(unsigned int p, unsigned int subject, unsigned int priority,
                           unsigned int slice);

#endif
