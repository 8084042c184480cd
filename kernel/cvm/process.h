/* Process control blocks: the registers of the processes that do not run. */
#ifndef KERNEL_CVM_PROCESS_H
#define KERNEL_CVM_PROCESS_H

#include <c0.h>

#include "../config.h"

struct registers {
    unsigned int gpr[32]; /* gpr[0] is 0 */
};

struct process {
    struct registers general;
    unsigned int dpc;
    unsigned int pcp;
    unsigned int rm;
    unsigned int ieeef;
    unsigned int fcc;
};

extern struct process process[PROCESS_COUNT];

/* Bit d: device d interrupts. */
extern unsigned int process_mask;

bool process_exists(unsigned int p);
/* dpc = 0, pcp = 4, all else 0. */
void process_clear(unsigned int p);

#endif
