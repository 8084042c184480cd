/* Text in a word buffer: numbers to characters and back.
 *
 * A text is a sequence of characters packed four a word, as a console driver sends it. There are
 * no string literals in C0; constant texts are arrays of char. Pointer parameters must not be
 * NULL. */
#ifndef KERNEL_LIB_TEXT_H
#define KERNEL_LIB_TEXT_H

#include <c0.h>

#include "status.h"
#include "words.h"

struct text {
    unsigned int length; /* in characters, at most WORDS_BYTES */
    struct words content;
};

/* Where reading numbers from a text has got to, and what was read last. It lives in a global or
 * on the heap. */
struct text_reader {
    struct text *text;
    unsigned int at;      /* position of the next character */
    unsigned int natural; /* by text_read_decimal, text_read_hex */
    int integer;          /* by text_read_int */
};

bool char_is_digit(char c);
bool char_is_letter(char c);
bool char_is_blank(char c);
char char_upper(char c);
int char_digit_value(char c);
char char_of_digit(unsigned int digit);

void text_clear(struct text *text);
char text_char(struct text *text, unsigned int position);
int text_put(struct text *text, char c);
int text_put_unsigned(struct text *text, unsigned int value);
int text_put_int(struct text *text, int value);
int text_put_hex(struct text *text, unsigned int value, unsigned int digits);
int text_put_fixed(struct text *text, int value);
int text_pad(struct text *text, unsigned int column, char c);
int text_append(struct text *text, struct text *other);
int text_compare(struct text *a, struct text *b);
unsigned int text_find(struct text *text, char c, unsigned int from);

void text_reader_init(struct text_reader *reader, struct text *text);
char text_reader_peek(struct text_reader *reader);
char text_reader_next(struct text_reader *reader);
bool text_reader_is_done(struct text_reader *reader);
int text_read_decimal(struct text_reader *reader);
int text_read_hex(struct text_reader *reader);
int text_read_int(struct text_reader *reader);

#endif
