/* The small change of the protocol: hexadecimal digits, and what stands before the next separator.
 */
#ifndef GDB_HEX_H
#define GDB_HEX_H

#include "base/text.h"

/* The value of a digit, or -1. */
int gdb_digit(char character);

/* Each of these takes what it names from the front of `rest`. False: it is not there, and nothing
 * is taken. */
bool gdb_take(struct text *rest, char character);
/* A number that fits 32 bits, the most significant digit first. */
bool gdb_take_number(struct text *rest, uint32_t *number);
/* Two digits. */
bool gdb_take_byte(struct text *rest, unsigned char *byte);
/* Eight digits: a word as memory holds it, the least significant byte first. */
bool gdb_take_word(struct text *rest, uint32_t *word);

void gdb_append_bytes(struct text_builder *into, struct text bytes);
void gdb_append_word(struct text_builder *into, uint32_t word);

#endif
