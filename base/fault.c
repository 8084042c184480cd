#include "base/fault.h"

#include <stdarg.h>
#include <string.h>

bool fault_at(struct fault *fault, struct location where, const char *format, ...)
{
    if (fault->is_set)
        return false;
    fault->is_set = true;
    fault->line = where.line;
    fault->column = where.column;
    snprintf(fault->file, sizeof fault->file, "%s", where.file == NULL ? "" : where.file);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault->message, sizeof fault->message, format, arguments);
    va_end(arguments);
    return false;
}

void fault_print(const struct fault *fault, FILE *out)
{
    if (fault->file[0] != '\0')
        fprintf(out, "%s:", fault->file);
    if (fault->line != 0)
        fprintf(out, "%u:", (unsigned)fault->line);
    if (fault->line != 0 && fault->column != 0)
        fprintf(out, "%u:", (unsigned)fault->column);
    fprintf(out, "%serror: %s\n", fault->file[0] != '\0' ? " " : "vouch: ", fault->message);
}
