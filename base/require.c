#include "base/require.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void require_failed(const char *condition, const char *message, const char *file,
                              int line)
{
    fprintf(stderr, "vouch: internal error: %s (%s) at %s:%d\n", message, condition, file, line);
    abort();
}
