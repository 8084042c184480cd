/* Checksums over the bytes of a word buffer, and over words. A range that leaves the buffer is
 * cut at its end. Pointer parameters must not be NULL. */
#ifndef KERNEL_LIB_CHECKSUM_H
#define KERNEL_LIB_CHECKSUM_H

#include <c0.h>

#include "words.h"

#define CRC32_START 0u      /* the CRC-32 of no bytes */
#define ADLER32_START 1u    /* the Adler-32 of no bytes */
#define FLETCHER32_START 0u /* the Fletcher-32 of no words */

unsigned int crc32_byte(unsigned int crc, unsigned int byte);
unsigned int crc32_bitwise(unsigned int crc, unsigned int byte);
unsigned int crc32_bytes(unsigned int crc, struct words *words, unsigned int at,
                         unsigned int count);
unsigned int crc32_word(unsigned int crc, unsigned int word);
unsigned int adler32_byte(unsigned int adler, unsigned int byte);
unsigned int adler32_bytes(unsigned int adler, struct words *words, unsigned int at,
                           unsigned int count);
unsigned int fletcher32_half(unsigned int fletcher, unsigned int half);
unsigned int fletcher32_words(unsigned int fletcher, struct words *words, unsigned int at,
                              unsigned int count);
unsigned int internet_checksum(struct words *words, unsigned int at, unsigned int count);
unsigned int hash_words(struct words *words, unsigned int at, unsigned int count);

#endif
