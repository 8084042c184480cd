/* Questions about and changes of the bits of one word. Bit 0 is the least significant. */
#ifndef KERNEL_LIB_BITS_H
#define KERNEL_LIB_BITS_H

#include <c0.h>

#define WORD_BITS 32u

unsigned int bits_mask(unsigned int width);
unsigned int bits_count(unsigned int word);
unsigned int bits_lowest(unsigned int word);
unsigned int bits_highest(unsigned int word);
unsigned int bits_extract(unsigned int word, unsigned int at, unsigned int width);
unsigned int bits_insert(unsigned int word, unsigned int at, unsigned int width,
                         unsigned int field);
unsigned int bits_rotate_left(unsigned int word, unsigned int amount);
unsigned int bits_reverse(unsigned int word);
unsigned int bits_swap_bytes(unsigned int word);
bool bits_is_power_of_two(unsigned int word);
unsigned int bits_align_down(unsigned int value, unsigned int alignment);
unsigned int bits_align_up(unsigned int value, unsigned int alignment);
int bits_sign_extend(unsigned int field, unsigned int width);

#endif
