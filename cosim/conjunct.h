/* The conjuncts of the relations between the abstract machine and the concrete kernel: what is
 * checked, and what a divergence names (docs/COSIM.md says of each what it compares). */
#ifndef COSIM_CONJUNCT_H
#define COSIM_CONJUNCT_H

enum cosim_conjunct {
    COSIM_CAUSES,  /* the kernel starts for the same causes, at the same instruction */
    COSIM_CALLS,   /* the same primitives in the same order, equal arguments and results */
    COSIM_NEXT,    /* the same process runs next, or nobody */
    COSIM_CONTROL, /* entry and exit: mode, program counters, no error of the processor, in time */
    COSIM_KERNEL,  /* globals and heap of the abstract kernel */
    COSIM_REGISTERS, /* B(p): a process's registers */
    COSIM_MEMORY,    /* B(p): a process's memory, in frames and on the swap disk */
    COSIM_PAGES,     /* B(p): how many pages; PTO and PTL are those of who runs */
    COSIM_TABLES,    /* page tables are disjoint, entries well-formed */
    COSIM_FRAMES,    /* no two pages share a frame but the zero page, which is protected and zero */
    COSIM_DEVICES,   /* states, order of accesses, and what devices send; but for the swap disk */
    COSIM_MASK,      /* which devices interrupt, as the kernel and as the processor has it */
    COSIM_FAULT,     /* the abstract kernel is at fault: a primitive outside its precondition, or
                        a rule of C0 */
    COSIM_CONSIS,    /* C0 against code: the relations of the certificates */
    COSIM_CONJUNCT_COUNT
};

const char *cosim_conjunct_name(enum cosim_conjunct conjunct); /* "causes", "calls" ... */

#endif
