/* vouch trace show: the steps of a trace as text. */
#include "tools/commands.h"
#include "tools/vouch_trace.h"

/* Waiting that is shorter is shown. */
enum { WAITING_STEPS = 16 };

static void pass_waiting(struct trace_printer *printer, struct trace_player *player, uint64_t end)
{
    uint64_t step = trace_player_step(player), until = trace_player_waits_until(player);
    if (until > end)
        until = step + (end - step) / 2 * 2;
    if (printer->with_registers || until < step + WAITING_STEPS)
        return;
    trace_player_skip(player, until);
    trace_print_waiting(printer, step, (until - step) / 2);
}

static bool print_steps(struct trace_printer *printer, struct trace_player *player, uint64_t count,
                        struct fault *fault)
{
    uint64_t start = trace_player_step(player);
    uint64_t end = count > UINT64_MAX - start ? UINT64_MAX : start + count;
    while (trace_player_step(player) < end && !ferror(printer->out)) {
        struct trace_step step;
        enum trace_player_status status = trace_player_next(player, &step, fault);
        if (status == TRACE_PLAYER_FAULT)
            return false;
        if (status != TRACE_PLAYER_STEP) {
            trace_print_end(printer, player, status);
            return true;
        }
        trace_print_step(printer, &step);
        pass_waiting(printer, player, end);
    }
    return true;
}

static bool show(struct arena *arena, const struct trace *trace,
                 const struct trace_options *options, struct fault *fault)
{
    struct trace_printer printer = {
        .out = stdout, .with_registers = options->with_registers, .margin = ""};
    if (!trace_printer_load(&printer, arena, options->source, trace, fault))
        return false;
    struct trace_player *player = trace_player_new(arena, trace, fault);
    if (player == NULL)
        return false;
    enum trace_player_status status =
        options->has_from ? trace_player_seek(player, options->from, fault) : TRACE_PLAYER_STEP;
    if (status == TRACE_PLAYER_FAULT)
        return false;
    if (status != TRACE_PLAYER_STEP)
        return fault_at(fault, (struct location){trace->path, 0, 0}, "the trace %s at step %llu",
                        status == TRACE_PLAYER_CUT ? "is cut off" : "ends",
                        (unsigned long long)trace_player_step(player));
    return print_steps(&printer, player, options->count, fault);
}

int trace_show(struct arena *arena, const struct trace_options *options, struct fault *fault)
{
    struct trace *trace = trace_open(arena, options->files[0], fault);
    bool is_shown = trace != NULL && show(arena, trace, options, fault);
    trace_close(trace);
    return is_shown ? VOUCH_EXIT_OK : VOUCH_EXIT_BAD;
}
