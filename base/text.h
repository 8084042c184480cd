/* Length-carrying strings, and a builder that grows in an arena. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    const char *at;
    size_t length;
};

struct text text_of(const char *string);
bool text_equals(struct text left, struct text right);
bool text_is(struct text text, const char *string);
bool text_starts_with(struct text text, const char *prefix);
/* NUL-terminated copy. */
char *text_copy(struct arena *arena, struct text text);

/* Reads the whole of `text` as a decimal or 0x number with an optional sign; the value must fit
 * 32 bits, signed or unsigned. */
bool text_to_word(struct text text, uint32_t *word);

struct text_builder {
    struct arena *arena;
    char *at; /* NUL-terminated, or NULL while empty */
    size_t length, capacity;
};

void text_append(struct text_builder *builder, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void text_append_bytes(struct text_builder *builder, const char *bytes, size_t length);
/* So many of the word's last digits. */
void text_append_hexadecimal(struct text_builder *builder, uint32_t word, unsigned digits);
/* The text built so far, never NULL. */
const char *text_built(const struct text_builder *builder);

#endif
