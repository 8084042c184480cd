/* Printing: a line is put together here and sent to the console. */
#ifndef USER_PRINT_H
#define USER_PRINT_H

#include <c0.h>

/* A character, decimal and hexadecimal numbers, four characters packed into a word (the first in
 * the low byte; zero bytes are left out). */
void print_character(char c);
void print_number(unsigned int number);
void print_hexadecimal(unsigned int number);
void print_word(unsigned int packed);
/* Ends the line and sends it. */
void print_line(void);

#endif
