/* Build parameters of the kernel library. Each may be set with -D; nothing else in the library
 * fixes a size. */
#ifndef KERNEL_LIB_CONFIG_H
#define KERNEL_LIB_CONFIG_H

/* Process numbers run from 1 to PROCESS_COUNT - 1; number 0 stands for "no process". */
#ifndef PROCESS_COUNT
#define PROCESS_COUNT 128u
#endif

/* Priority 0 is the most urgent. */
#ifndef PRIORITY_COUNT
#define PRIORITY_COUNT 3u
#endif

/* Page frames that processes can share out among themselves. */
#ifndef FRAME_COUNT
#define FRAME_COUNT 64u
#endif

/* Words of one buffer: a message's payload, a line of text, a disk sector. */
#ifndef WORDS_SIZE
#define WORDS_SIZE 128u
#endif

/* Words of a ring buffer between an interrupt and its reader. */
#ifndef RING_SIZE
#define RING_SIZE 64u
#endif

/* Words of a bitmap; it holds 32 times as many bits. */
#ifndef BITMAP_WORDS
#define BITMAP_WORDS 8u
#endif

/* Keys of one table that can be sorted. */
#ifndef TABLE_SIZE
#define TABLE_SIZE 128
#endif

#endif
