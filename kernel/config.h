/* Build parameters of the kernel; each may be set with -D, and no other file fixes a size. Those of
 * kernel/lib/config.h (PROCESS_COUNT, FRAME_COUNT, ...) belong to them. */
#ifndef KERNEL_CONFIG_H
#define KERNEL_CONFIG_H

#define PAGE_BYTES 4096u
#define PAGE_WORDS 1024u
#define PAGE_SHIFT 12u /* the processor has no division: PAGE_BYTES is 1 << PAGE_SHIFT */

/* Bytes of physical memory. */
#ifndef MEMORY_BYTES
#define MEMORY_BYTES 0x400000u
#endif

/* The kernel's image, its heap and its stack lie below this address, a multiple of PAGE_BYTES. */
#ifndef KERNEL_BYTES
#define KERNEL_BYTES 0x100000u
#endif

/* Pages that one process can have: at most 1024, the entries of one page of a page table. */
#ifndef VIRTUAL_PAGES
#define VIRTUAL_PAGES 256u
#endif

/* Where the first process lies on the system disk, its pages there, and its pages in memory. */
#ifndef INIT_SECTOR
#define INIT_SECTOR 8u
#endif
#ifndef INIT_PAGES
#define INIT_PAGES 8u
#endif
#ifndef INIT_MEMORY_PAGES
#define INIT_MEMORY_PAGES 16u
#endif

/* Its priority. */
#ifndef INIT_PRIORITY
#define INIT_PRIORITY 1u
#endif

/* Ticks of the timer (device 0) that make a tick of the kernel's clock. */
#ifndef CLOCK_PERIOD
#define CLOCK_PERIOD 1u
#endif

/* No process has a longer time slice, in ticks of the clock. */
#ifndef SLICE_LIMIT
#define SLICE_LIMIT 256u
#endif

/* How often a driver of the kernel looks at a disk before it gives the disk up. */
#ifndef DISK_PATIENCE
#define DISK_PATIENCE 1000000u
#endif

#include "lib/config.h"

/* Page tables: one page for each process number, right behind the kernel. Then the zero page, then
 * the frames: FRAME_COUNT of them must fit into memory. */
#define TABLES_ADDRESS KERNEL_BYTES
#define ZERO_FRAME ((KERNEL_BYTES >> PAGE_SHIFT) + PROCESS_COUNT)
#define FIRST_FRAME (ZERO_FRAME + 1u)

#if VIRTUAL_PAGES > 1024u
#error "VIRTUAL_PAGES: a page table is one page"
#endif
#if KERNEL_BYTES % PAGE_BYTES != 0u
#error "KERNEL_BYTES: no multiple of PAGE_BYTES"
#endif
#if FRAME_COUNT < 2u
#error "FRAME_COUNT: an instruction and its operand need two"
#endif
#if (FIRST_FRAME + FRAME_COUNT) * PAGE_BYTES > MEMORY_BYTES
#error "MEMORY_BYTES: not enough for the kernel, the page tables and the frames"
#endif

#endif
