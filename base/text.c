#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct text text_of(const char *string)
{
    return (struct text){string, strlen(string)};
}

bool text_equals(struct text left, struct text right)
{
    return left.length == right.length &&
           (left.length == 0 || memcmp(left.at, right.at, left.length) == 0);
}

bool text_is(struct text text, const char *string)
{
    return text_equals(text, text_of(string));
}

bool text_starts_with(struct text text, const char *prefix)
{
    size_t length = strlen(prefix);
    return text.length >= length && memcmp(text.at, prefix, length) == 0;
}

char *text_copy(struct arena *arena, struct text text)
{
    return arena_copy(arena, text.at, text.length);
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 99;
}

bool text_to_word(struct text text, uint32_t *word)
{
    size_t i = 0;
    bool is_negative = false;
    if (i < text.length && (text.at[i] == '-' || text.at[i] == '+'))
        is_negative = text.at[i++] == '-';
    int base = 10;
    if (text.length - i > 2 && text.at[i] == '0' && (text.at[i + 1] | 0x20) == 'x') {
        base = 16;
        i += 2;
    }
    if (i == text.length)
        return false;
    uint64_t value = 0;
    for (; i < text.length; i++) {
        int digit = digit_value(text.at[i]);
        if (digit >= base)
            return false;
        value = value * (uint64_t)base + (uint64_t)digit;
        if (value > UINT32_MAX)
            return false;
    }
    if (is_negative && value > (uint64_t)1 << 31)
        return false;
    *word = is_negative ? (uint32_t)-value : (uint32_t)value;
    return true;
}

static void make_room(struct text_builder *builder, size_t more)
{
    size_t need = builder->length + more + 1;
    if (need <= builder->capacity)
        return;
    size_t capacity = builder->capacity == 0 ? 256 : builder->capacity;
    while (capacity < need)
        capacity *= 2;
    char *moved = arena_alloc(builder->arena, capacity);
    if (builder->length != 0)
        memcpy(moved, builder->at, builder->length);
    builder->at = moved;
    builder->capacity = capacity;
}

void text_append_bytes(struct text_builder *builder, const char *bytes, size_t length)
{
    make_room(builder, length);
    if (length != 0)
        memcpy(builder->at + builder->length, bytes, length);
    builder->length += length;
    builder->at[builder->length] = '\0';
}

void text_append_hexadecimal(struct text_builder *builder, uint32_t word, unsigned digits)
{
    make_room(builder, digits);
    for (unsigned i = digits; i-- > 0; word >>= 4)
        builder->at[builder->length + i] = "0123456789abcdef"[word & 0xF];
    builder->length += digits;
    builder->at[builder->length] = '\0';
}

void text_append(struct text_builder *builder, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    size_t room = builder->capacity - builder->length;
    int length =
        vsnprintf(room == 0 ? NULL : builder->at + builder->length, room, format, arguments);
    if (length > 0 && (size_t)length >= room) {
        make_room(builder, (size_t)length);
        vsnprintf(builder->at + builder->length, (size_t)length + 1, format, again);
    }
    if (length > 0)
        builder->length += (size_t)length;
    va_end(again);
    va_end(arguments);
}

const char *text_built(const struct text_builder *builder)
{
    return builder->at == NULL ? "" : builder->at;
}
