/* The invariants of the abstract kernel, said by a function that looks. The kernel itself does not
 * call it; tests do, after each run of kdispatch. */
#ifndef KERNEL_ABSTRACT_SOUNDNESS_H
#define KERNEL_ABSTRACT_SOUNDNESS_H

#include <c0.h>

/* Between two runs of kdispatch:
 *  - who runs is ready and not queued; all others who are ready are queued, and nobody else is;
 *    nobody queued is more urgent than who runs;
 *  - who sends stands among its partner's senders, who lives and does not wait for it;
 *  - who receives waits for one who lives, for anybody or for devices, and none of these has
 *    anything for it;
 *  - who waits, but not for ever, is on the clock's list, and nobody else is;
 *  - what a waiting process sends from and receives into is in its memory;
 *  - parents, drivers, holders and subjects of rights live;
 *  - only the clock and devices with a driver may interrupt; only those have messages pending. */
bool kernel_is_sound(void);

#endif
