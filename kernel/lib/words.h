/* Buffers of words, and bytes within them: what travels in messages and to and from devices.
 *
 * Bytes are numbered in the VAMP's order: byte 4i is the least significant of word i. A range
 * that would leave a buffer is refused with STATUS_RANGE. Pointer parameters must not be NULL. */
#ifndef KERNEL_LIB_WORDS_H
#define KERNEL_LIB_WORDS_H

#include <c0.h>

#include "config.h"
#include "status.h"

#define WORDS_BYTES (WORDS_SIZE * 4u)

struct words {
    unsigned int word[WORDS_SIZE];
};

bool words_is_range(unsigned int at, unsigned int count);
int words_fill(struct words *words, unsigned int at, unsigned int count, unsigned int value);
int words_copy(struct words *to, unsigned int to_at, struct words *from, unsigned int from_at,
               unsigned int count);
unsigned int words_mismatch(struct words *a, struct words *b, unsigned int count);
int words_compare(struct words *a, struct words *b, unsigned int count);
unsigned int words_find(struct words *words, unsigned int at, unsigned int value);
void words_swap(struct words *a, struct words *b);
unsigned int words_byte(struct words *words, unsigned int number);
int words_set_byte(struct words *words, unsigned int number, unsigned int byte);

#endif
