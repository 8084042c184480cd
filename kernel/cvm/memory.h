/* The memories of processes: page tables, frames, swap.
 *
 * Page v of process p is in one of these states, by its page table entry:
 *   zero      valid and protected, mapped to the zero page: never written since it was given
 *   resident  valid, in a frame of its own
 *   swapped   not valid, content in its place on the swap disk
 *   lost      not valid, content lost to an error of the swap disk
 * Its place on the swap disk is fixed: sector (p * VIRTUAL_PAGES + v) * 8. */
#ifndef KERNEL_CVM_MEMORY_H
#define KERNEL_CVM_MEMORY_H

#include <c0.h>

void memory_start(void);
unsigned int memory_pages(unsigned int p);
/* Some page of p is lost. */
bool memory_is_lost(unsigned int p);
/* n pages of zeros more, or the last n pages less. They fit. */
void memory_grow(unsigned int p, unsigned int n);
void memory_shrink(unsigned int p, unsigned int n);
/* No pages, and none lost. */
void memory_clear(unsigned int p);
/* dst, which has no pages, gets copies of all pages of src. */
void memory_clone(unsigned int dst, unsigned int src);

/* The physical address of the word at `a` of p, made resident, and writable if it is to be. 0: the
 * page is lost, which p is from then on, too. */
unsigned int memory_resolve(unsigned int p, unsigned int a, bool is_write);

/* The page table of p as the processor wants it. */
unsigned int memory_table_origin(unsigned int p);
unsigned int memory_table_last(unsigned int p);

#endif
