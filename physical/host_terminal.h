/* The terminal that the user types at. */
#ifndef PHYSICAL_HOST_TERMINAL_H
#define PHYSICAL_HOST_TERMINAL_H

#include <stdbool.h>

/* Gives each key at once and without echo; restored by host_terminal_restore, at exit, and before a
 * deadly signal does its work. True also if the descriptor is no terminal; false: `errno`. */
bool host_terminal_make_raw(int descriptor);
void host_terminal_restore(void);

#endif
