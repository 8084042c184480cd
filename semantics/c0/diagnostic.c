#include "semantics/c0/diagnostic.h"

#include <stdarg.h>

enum { SHOWN_BYTES = 160 };

/* Bytes that would move or confuse a terminal are shown as '?'. */
static int shown(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f) ? byte : '?';
}

/* The line, or the part of a very long one around the column, and a caret below the column. */
static void print_line(FILE *out, struct text line, uint32_t column)
{
    size_t caret = column == 0 ? 0 : column - 1;
    if (caret > line.length)
        caret = line.length;
    size_t first =
        caret > SHOWN_BYTES / 2 && line.length > SHOWN_BYTES ? caret - SHOWN_BYTES / 2 : 0;
    size_t end = line.length - first > SHOWN_BYTES ? first + SHOWN_BYTES : line.length;
    for (size_t i = first; i < end; i++)
        fputc(shown(line.at[i]), out);
    fputc('\n', out);
    if (column == 0)
        return;
    for (size_t i = first; i < caret; i++)
        fputc(line.at[i] == '\t' ? '\t' : ' ', out);
    fputs("^\n", out);
}

static void print_location(FILE *out, struct location where)
{
    if (where.file != NULL)
        fprintf(out, "%s:", where.file);
    if (where.line != 0)
        fprintf(out, "%u:", (unsigned)where.line);
    if (where.line != 0 && where.column != 0)
        fprintf(out, "%u:", (unsigned)where.column);
    if (where.file != NULL)
        fputc(' ', out);
}

void c0_diagnose(struct c0_diagnostics *diagnostics, struct location where, const char *format, ...)
{
    FILE *out = diagnostics->out;
    if (diagnostics->count > C0_DIAGNOSTIC_LIMIT)
        return;
    print_location(out, where);
    if (diagnostics->count++ == C0_DIAGNOSTIC_LIMIT) {
        fputs("error: too many errors\n", out);
        return;
    }
    fputs("error: ", out);
    va_list arguments;
    va_start(arguments, format);
    vfprintf(out, format, arguments);
    va_end(arguments);
    fputc('\n', out);
    struct text line;
    if (c0_source_line(diagnostics->sources, where, &line))
        print_line(out, line, where.column);
}

bool c0_diagnostics_are_full(const struct c0_diagnostics *diagnostics)
{
    return diagnostics->count > C0_DIAGNOSTIC_LIMIT;
}
