/* Processes: how they begin and end (calls.h). Each call_ function checks all that it is given, for
 * p, who runs and is to be told the result. */
#ifndef KERNEL_ABSTRACT_PROCESSES_H
#define KERNEL_ABSTRACT_PROCESSES_H

#include <c0.h>

/* The first process, from the system disk, privileged. */
void processes_start(void);

unsigned int call_create(unsigned int p, unsigned int sector, unsigned int pages,
                         unsigned int memory_pages, unsigned int priority);
unsigned int call_clone(unsigned int p);
unsigned int call_exit(unsigned int p, unsigned int code);
unsigned int call_kill(unsigned int p, unsigned int victim);

/* p, who lives, ends: `reason` is END_. Nothing refers to it from then on. */
void process_end(unsigned int p, unsigned int reason, unsigned int exit_code);

/* The same, because of an exception: `eca` has one (cvm.h). */
void process_fail(unsigned int p, unsigned int eca);

#endif
