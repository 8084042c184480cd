#include "report/progress.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAME_COLUMNS = 32 };

static const char clear_line[] = "\r\033[K";

struct progress progress_start(FILE *out, size_t total)
{
    const char *terminal = getenv("TERM");
    bool is_plain = !terminal || strcmp(terminal, "dumb") == 0;
    return (struct progress){
        .out = out,
        .is_shown = isatty(fileno(out)) && !is_plain,
        .total = total,
    };
}

void progress_step(struct progress *progress, const char *name, bool is_proved)
{
    progress->done++;
    progress->failed += !is_proved;
    if (!progress->is_shown)
        return;
    fprintf(progress->out, "%s%zu of %zu", clear_line, progress->done, progress->total);
    if (progress->failed > 0)
        fprintf(progress->out, ", %zu not proved", progress->failed);
    fprintf(progress->out, "  %.*s", NAME_COLUMNS, name);
    fflush(progress->out);
}

void progress_end(struct progress *progress)
{
    if (!progress->is_shown)
        return;
    fputs(clear_line, progress->out);
    fflush(progress->out);
}
