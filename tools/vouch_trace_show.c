/* vouch trace show: the steps of a trace as text. Waiting is told in one line; what counts as
 * waiting depends on the steps alone, not on where the trace has its checkpoints. */
#include "tools/commands.h"
#include "tools/vouch_trace.h"

#include <string.h>

struct kept_step {
    struct trace_step step;
    struct vamp_state before, after;
};

struct show {
    struct trace_printer printer;
    struct trace_player *player;
    uint64_t end;             /* no step from here on */
    struct kept_step kept[2]; /* the last two steps, the older one first */
    unsigned kept_count;
    uint64_t repeated; /* steps, not printed, that repeat the two before them */
};

/* --- Waiting --- */

static bool is_calm(const struct trace_step *step)
{
    return !step->stores && step->access == TRACE_ACCESS_NONE && step->diagnosis.interrupts == 0;
}

/* The two steps before came back to their first state, and this one does as the first of them. */
static bool is_repeated(const struct show *show, const struct trace_step *step)
{
    const struct kept_step *first = &show->kept[0], *second = &show->kept[1];
    return show->kept_count == 2 && !show->printer.with_registers && is_calm(step) &&
           is_calm(&first->step) && is_calm(&second->step) && step->lines == first->step.lines &&
           memcmp(step->before, &first->before, sizeof first->before) == 0 &&
           memcmp(step->after, &first->after, sizeof first->after) == 0;
}

static void keep(struct show *show, const struct trace_step *step)
{
    if (show->kept_count == 2)
        show->kept[0] = show->kept[1];
    else
        show->kept_count++;
    struct kept_step *kept = &show->kept[show->kept_count - 1];
    *kept = (struct kept_step){.step = *step, .before = *step->before, .after = *step->after};
}

/* The kept step that was repeated in step `number`; the newer one was in the last of them. */
static void print_repeated(struct show *show, uint64_t number)
{
    struct kept_step *kept = &show->kept[1 - (show->kept[1].step.step - number) % 2];
    struct trace_step step = kept->step;
    step.step = number;
    step.before = &kept->before;
    step.after = &kept->after;
    trace_print_step(&show->printer, &step);
}

/* Whole pairs of steps in a line, unless they are few; the rest as they are. */
static void print_waiting(struct show *show)
{
    enum { FEW_STEPS = 4 };
    uint64_t first = show->kept[1].step.step + 1 - show->repeated;
    uint64_t pairs = show->repeated < FEW_STEPS ? 0 : show->repeated / 2;
    if (pairs != 0)
        trace_print_waiting(&show->printer, first, pairs);
    for (uint64_t i = 2 * pairs; i < show->repeated; i++)
        print_repeated(show, first + i);
    show->repeated = 0;
}

static void pass_waiting(struct show *show)
{
    uint64_t step = trace_player_step(show->player), until = trace_player_waits_until(show->player);
    if (until > show->end)
        until = step + (show->end - step) / 2 * 2;
    trace_player_skip(show->player, until);
    show->repeated += until - step;
    show->kept[0].step.step += until - step;
    show->kept[1].step.step += until - step;
}

/* --- Steps --- */

static void show_step(struct show *show, const struct trace_step *step)
{
    bool repeats = is_repeated(show, step);
    if (!repeats && show->repeated != 0)
        print_waiting(show);
    keep(show, step);
    if (!repeats) {
        trace_print_step(&show->printer, step);
        return;
    }
    show->repeated++;
    pass_waiting(show);
}

static bool show_steps(struct show *show, struct fault *fault)
{
    enum trace_player_status status = TRACE_PLAYER_STEP;
    while (status == TRACE_PLAYER_STEP && trace_player_step(show->player) < show->end &&
           !ferror(show->printer.out)) {
        struct trace_step step;
        status = trace_player_next(show->player, &step, fault);
        if (status == TRACE_PLAYER_STEP)
            show_step(show, &step);
    }
    if (show->repeated != 0)
        print_waiting(show);
    if (status == TRACE_PLAYER_END || status == TRACE_PLAYER_CUT)
        trace_print_end(&show->printer, show->player, status);
    return status != TRACE_PLAYER_FAULT;
}

static bool go_to_start(struct show *show, const struct trace *trace,
                        const struct trace_options *options, struct fault *fault)
{
    enum trace_player_status status = options->has_from
                                          ? trace_player_seek(show->player, options->from, fault)
                                          : TRACE_PLAYER_STEP;
    uint64_t step = trace_player_step(show->player);
    show->end = options->count > UINT64_MAX - step ? UINT64_MAX : step + options->count;
    if (status == TRACE_PLAYER_END || status == TRACE_PLAYER_CUT)
        return fault_at(fault, (struct location){trace->path, 0, 0}, "the trace %s at step %llu",
                        status == TRACE_PLAYER_CUT ? "is cut off" : "ends",
                        (unsigned long long)step);
    return status == TRACE_PLAYER_STEP;
}

static bool show_trace(struct arena *arena, const struct trace *trace,
                       const struct trace_options *options, struct fault *fault)
{
    struct show show = {
        .printer = {.out = stdout, .with_registers = options->with_registers, .margin = ""}};
    if (!trace_printer_load(&show.printer, arena, options->source, trace, fault))
        return false;
    show.player = trace_player_new(arena, trace, fault);
    return show.player != NULL && go_to_start(&show, trace, options, fault) &&
           show_steps(&show, fault);
}

int trace_show(struct arena *arena, const struct trace_options *options, struct fault *fault)
{
    struct trace *trace = trace_open(arena, options->files[0], fault);
    bool is_shown = trace != NULL && show_trace(arena, trace, options, fault);
    trace_close(trace);
    return is_shown ? VOUCH_EXIT_OK : VOUCH_EXIT_BAD;
}
