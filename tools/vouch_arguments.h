/* Words of the command line that several subcommands take. */
#ifndef TOOLS_VOUCH_ARGUMENTS_H
#define TOOLS_VOUCH_ARGUMENTS_H

#include "base/fault.h"

#include <stdint.h>

/* A word that starts with '-'; a negative number is none. */
bool argument_is_option(const char *argument);
/* A decimal number; a fault without a location says what it is not. */
bool argument_to_steps(const char *argument, uint64_t *steps, struct fault *fault);

#endif
