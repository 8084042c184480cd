#include "tools/vouch_arguments.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool argument_is_option(const char *argument)
{
    return argument[0] == '-' && argument[1] != '\0' && !isdigit((unsigned char)argument[1]);
}

bool argument_to_steps(const char *argument, uint64_t *steps, struct fault *fault)
{
    struct location nowhere = {0};
    char *end;
    *steps = strtoull(argument, &end, 10);
    if (!isdigit((unsigned char)argument[0]) || *end != '\0' ||
        (*steps == UINT64_MAX && strcmp(argument, "18446744073709551615") != 0))
        return fault_at(fault, nowhere, "'%s' is not a number of steps", argument);
    return true;
}
