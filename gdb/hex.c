#include "gdb/hex.h"

static const char digits[] = "0123456789abcdef";

int gdb_digit(char character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    if (character >= 'a' && character <= 'f')
        return character - 'a' + 10;
    if (character >= 'A' && character <= 'F')
        return character - 'A' + 10;
    return -1;
}

static void skip(struct text *rest, size_t count)
{
    rest->at += count;
    rest->length -= count;
}

bool gdb_take(struct text *rest, char character)
{
    if (rest->length == 0 || rest->at[0] != character)
        return false;
    skip(rest, 1);
    return true;
}

bool gdb_take_number(struct text *rest, uint32_t *number)
{
    uint64_t value = 0;
    size_t count = 0;
    for (; count < rest->length && gdb_digit(rest->at[count]) >= 0; count++) {
        value = value << 4 | (unsigned)gdb_digit(rest->at[count]);
        if (value > UINT32_MAX)
            return false;
    }
    if (count == 0)
        return false;
    *number = (uint32_t)value;
    skip(rest, count);
    return true;
}

bool gdb_take_byte(struct text *rest, unsigned char *byte)
{
    if (rest->length < 2 || gdb_digit(rest->at[0]) < 0 || gdb_digit(rest->at[1]) < 0)
        return false;
    *byte = (unsigned char)(gdb_digit(rest->at[0]) << 4 | gdb_digit(rest->at[1]));
    skip(rest, 2);
    return true;
}

bool gdb_take_word(struct text *rest, uint32_t *word)
{
    struct text left = *rest;
    uint32_t value = 0;
    for (unsigned i = 0; i < 4; i++) {
        unsigned char byte;
        if (!gdb_take_byte(&left, &byte))
            return false;
        value |= (uint32_t)byte << 8 * i;
    }
    *word = value;
    *rest = left;
    return true;
}

void gdb_append_bytes(struct text_builder *into, struct text bytes)
{
    for (size_t i = 0; i < bytes.length; i++) {
        unsigned char byte = (unsigned char)bytes.at[i];
        text_append_bytes(into, (const char[]){digits[byte >> 4], digits[byte & 15]}, 2);
    }
}

void gdb_append_word(struct text_builder *into, uint32_t word)
{
    for (unsigned i = 0; i < 4; i++) {
        char byte = (char)(unsigned char)(word >> 8 * i);
        gdb_append_bytes(into, (struct text){&byte, 1});
    }
}
