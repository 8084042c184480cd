/* vouch trace diff: the first difference of two traces, with what both do around it. */
#include "tools/commands.h"
#include "tools/vouch_trace.h"
#include "traces/diff.h"

/* The steps of one side around the difference. */
static bool print_side(struct arena *arena, const struct trace *trace,
                       const struct trace_options *options, uint64_t step, struct fault *fault)
{
    struct trace_printer printer = {.out = stdout, .margin = "  "};
    struct trace_player *player = trace_player_new(arena, trace, fault);
    uint64_t first = trace->sections[0].step;
    uint64_t from = step - first > options->context ? step - options->context : first;
    enum trace_player_status status =
        player == NULL || (options->source != NULL &&
                           !trace_printer_load(&printer, arena, options->source, trace, fault))
            ? TRACE_PLAYER_FAULT
            : trace_player_seek(player, from, fault);
    while (status == TRACE_PLAYER_STEP && (trace_player_step(player) <= step ||
                                           trace_player_step(player) - step <= options->context)) {
        struct trace_step played;
        printer.margin = trace_player_step(player) == step ? "> " : "  ";
        status = trace_player_next(player, &played, fault);
        if (status == TRACE_PLAYER_STEP)
            trace_print_step(&printer, &played);
        else if (status != TRACE_PLAYER_FAULT)
            trace_print_end(&printer, player, status);
    }
    return status != TRACE_PLAYER_FAULT;
}

static bool print_difference(struct arena *arena, struct trace *const traces[2],
                             const struct trace_options *options,
                             const struct trace_difference *difference, struct fault *fault)
{
    switch (difference->kind) {
    case TRACE_SAME:
        printf("the traces are the same, %llu steps\n",
               (unsigned long long)(difference->step - traces[0]->sections[0].step));
        return true;
    case TRACE_DIFFERENT_MACHINE:
        printf("the machines differ: %s\n", difference->what);
        return true;
    case TRACE_DIFFERENT_START:
        printf("the first states differ: %s\n", difference->what);
        return true;
    case TRACE_DIFFERENT_STEP:
        printf("first difference in step %llu: %s\n", (unsigned long long)difference->step,
               difference->what);
        break;
    case TRACE_DIFFERENT_END:
        printf("the ends differ: %s\n", difference->what);
        break;
    }
    for (unsigned side = 0; side < 2; side++) {
        printf("%c: %s\n", "AB"[side], traces[side] -> path);
        if (!print_side(arena, traces[side], options, difference->step, fault))
            return false;
    }
    return true;
}

int trace_compare(struct arena *arena, const struct trace_options *options, struct fault *fault)
{
    struct trace_difference difference = {0};
    struct trace *traces[2] = {trace_open(arena, options->files[0], fault), NULL};
    if (traces[0] != NULL)
        traces[1] = trace_open(arena, options->files[1], fault);
    bool is_known = traces[1] != NULL && trace_diff(traces[0], traces[1], &difference, fault) &&
                    print_difference(arena, traces, options, &difference, fault);
    trace_close(traces[0]);
    trace_close(traces[1]);
    if (!is_known)
        return VOUCH_EXIT_BAD;
    return difference.kind == TRACE_SAME ? VOUCH_EXIT_OK : VOUCH_EXIT_NO;
}
