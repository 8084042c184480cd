/* What a lane holds: spans, shares of time, points. Tooltips are titles. */
#include "cosim/timeline_parts.h"

#include <math.h>
#include <string.h>

enum {
    POINTS_ONE_BY_ONE = 300, /* up to so many in a lane */
    CELL_COLUMNS = 29,       /* of one tooltip, where columns are drawn */
    LETTER_PIXELS = 6,       /* of a label, about */
    STATE_NAME_BYTES = 16,
};

const char *timeline_state_class(enum timeline_state state)
{
    static const char *const classes[TIMELINE_STATE_COUNT] = {[TIMELINE_RUNS] = "u",
                                                              [TIMELINE_KERNEL] = "k",
                                                              [TIMELINE_FAULT] = "f",
                                                              [TIMELINE_WAITS] = "z"};
    return classes[state];
}

const char *timeline_series_class(unsigned series)
{
    switch (series) {
    case TIMELINE_PRIMITIVES:
        return "p";
    case TIMELINE_FAULTS:
        return "f";
    case TIMELINE_SWAP_READS:
        return "r";
    case TIMELINE_SWAP_WRITES:
        return "w";
    case TIMELINE_CHECKS:
        return "c";
    case TIMELINE_SWEEPS:
        return "s";
    case TIMELINE_DIVERGENCES:
        return "x";
    default:
        return "d";
    }
}

/* --- Spans, one by one --- */

static const char *span_text(const struct timeline_canvas *canvas, const struct timeline_span *span)
{
    struct arena *arena = canvas->arena;
    const char *when = arena_printf(
        arena, "steps %s to %s (%s)", timeline_number(arena, span->start),
        timeline_number(arena, span->end), timeline_number(arena, span->end - span->start));
    switch (span->state) {
    case TIMELINE_RUNS:
        return arena_printf(arena, "process %u runs, %s", (unsigned)span->process, when);
    case TIMELINE_KERNEL:
        return arena_printf(arena, "kernel: %s, process %u before, %s", timeline_cause(arena, span),
                            (unsigned)span->process, when);
    case TIMELINE_FAULT:
        return arena_printf(arena, "page fault of process %u at 0x%08x, %s",
                            (unsigned)span->process, (unsigned)span->data, when);
    case TIMELINE_WAITS:
    case TIMELINE_STATE_COUNT:
        break;
    }
    return arena_printf(arena, "nobody runs, %s", when);
}

static bool is_chosen(const struct timeline_span *span, const struct timeline_choice *choice)
{
    bool is_kernel = span->state == TIMELINE_KERNEL || span->state == TIMELINE_FAULT;
    if (choice->is_of_process)
        return span->process == choice->process;
    return is_kernel || !choice->is_of_kernel;
}

/* What the kernel was started for, where there is room. */
static void draw_label(const struct timeline_canvas *canvas, const struct timeline_strip *strip,
                       const struct timeline_span *span, double x, double width)
{
    bool is_fault = span->state == TIMELINE_FAULT;
    const char *label = is_fault ? "fault" : timeline_cause(canvas->arena, span);
    if ((double)strlen(label) * LETTER_PIXELS + 4 > width)
        return;
    text_append(canvas->out, "<text class=\"l%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
                is_fault ? " lf" : "", x + width / 2, strip->y + strip->height / 2 + 3.5, label);
}

void timeline_draw_spans(const struct timeline_canvas *canvas, const struct timeline_strip *strip,
                         const struct timeline_spans *spans, const struct timeline_choice *choice)
{
    for (size_t i = 0; i < spans->count; i++) {
        const struct timeline_span *span = &spans->at[i];
        if (!is_chosen(span, choice))
            continue;
        double x = TIMELINE_LEFT + timeline_column(canvas->window, span->start);
        double end = TIMELINE_LEFT + timeline_column(canvas->window, span->end);
        double width = fmax(end - x, 0.8);
        text_append(canvas->out,
                    "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">"
                    "<title>%s</title></rect>\n",
                    timeline_state_class(span->state), x, strip->y, width, strip->height,
                    span_text(canvas, span));
        if (choice->is_of_kernel)
            draw_label(canvas, strip, span, x, width);
    }
}

/* --- Columns --- */

/* A bar from `bottom` up, in pixels from the strip's lower edge; bars that follow one another
 * alike are drawn as one. */
struct bars {
    const struct timeline_canvas *canvas;
    const struct timeline_strip *strip;
    unsigned start, end;
    double bottom, height;
};

static void bars_flush(struct bars *bars)
{
    if (bars->height > 0)
        text_append(bars->canvas->out, "M%u %.1fh%uv-%.1fh-%uz", TIMELINE_LEFT + bars->start,
                    bars->strip->y + bars->strip->height - bars->bottom, bars->end - bars->start,
                    bars->height, bars->end - bars->start);
    bars->height = 0;
}

static void bars_add(struct bars *bars, unsigned column, double bottom, double height)
{
    bool goes_on =
        bars->height > 0 && bars->end == column && bars->bottom == bottom && bars->height == height;
    if (!goes_on) {
        bars_flush(bars);
        bars->start = column;
        bars->bottom = bottom;
        bars->height = height;
    }
    bars->end = column + 1;
}

static struct bars bars_start(const struct timeline_canvas *canvas,
                              const struct timeline_strip *strip, const char *class)
{
    text_append(canvas->out, "<path class=\"%s\" d=\"", class);
    return (struct bars){.canvas = canvas, .strip = strip};
}

static void bars_end(struct bars *bars)
{
    bars_flush(bars);
    text_append(bars->canvas->out, "\"/>\n");
}

/* The steps of a tooltip's cell. */
static const char *cell_steps(const struct timeline_canvas *canvas, unsigned column)
{
    struct timeline_window window = canvas->window;
    double step = (double)(window.to - window.from) / TIMELINE_COLUMNS;
    return arena_printf(
        canvas->arena, "steps %s to %s",
        timeline_number(canvas->arena, window.from + (uint64_t)(step * column)),
        timeline_number(canvas->arena, window.from + (uint64_t)(step * (column + CELL_COLUMNS))));
}

static void draw_cell(const struct timeline_canvas *canvas, const struct timeline_strip *strip,
                      unsigned column, const char *title)
{
    text_append(canvas->out,
                "<rect class=\"h\" x=\"%u\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"><title>%s: %s, "
                "%s</title></rect>\n",
                TIMELINE_LEFT + column, strip->y, CELL_COLUMNS, strip->height, strip->name,
                cell_steps(canvas, column), title);
}

/* --- Shares of time --- */

/* In half pixels; what happens at all is seen. */
static double share_height(const struct timeline_strip *strip, float share)
{
    return share > 0 ? fmax(1, round(share * strip->height * 2) / 2) : 0;
}

static void draw_share_cells(const struct timeline_canvas *canvas,
                             const struct timeline_strip *strip,
                             const struct timeline_shares *shares)
{
    for (unsigned column = 0; column < TIMELINE_COLUMNS; column += CELL_COLUMNS) {
        double sums[TIMELINE_STATE_COUNT] = {0}, all = 0;
        for (unsigned state = 0; state < TIMELINE_WAITS; state++)
            for (unsigned i = column; i < column + CELL_COLUMNS; i++)
                sums[state] += shares->of[state][i] * 100.0 / CELL_COLUMNS;
        for (unsigned state = 0; state < TIMELINE_WAITS; state++)
            all += sums[state];
        if (all > 0)
            draw_cell(canvas, strip, column,
                      arena_printf(canvas->arena,
                                   "runs %.1f%%, kernel %.1f%%, page faults %.1f%% of the time",
                                   sums[TIMELINE_RUNS], sums[TIMELINE_KERNEL],
                                   sums[TIMELINE_FAULT]));
    }
}

void timeline_draw_shares(const struct timeline_canvas *canvas, const struct timeline_strip *strip,
                          const struct timeline_shares *shares)
{
    double bottoms[TIMELINE_COLUMNS] = {0};
    for (enum timeline_state state = TIMELINE_RUNS; state < TIMELINE_WAITS; state++) {
        if (shares->total[state] == 0)
            continue;
        struct bars bars = bars_start(canvas, strip, timeline_state_class(state));
        for (unsigned column = 0; column < TIMELINE_COLUMNS; column++) {
            double height = share_height(strip, shares->of[state][column]);
            height = fmin(height, strip->height - bottoms[column]);
            if (height > 0)
                bars_add(&bars, column, bottoms[column], height);
            bottoms[column] += height;
        }
        bars_end(&bars);
    }
    draw_share_cells(canvas, strip, shares);
}

/* --- Points --- */

static void draw_one_by_one(const struct timeline_canvas *canvas,
                            const struct timeline_strip *strip, unsigned series, size_t first,
                            size_t count)
{
    const struct timeline_point *points = canvas->timeline->series[series].at;
    for (size_t i = first; i < first + count; i++)
        text_append(canvas->out,
                    "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"1.6\" height=\"%.1f\"><title>"
                    "%s</title></rect>\n",
                    timeline_series_class(series),
                    TIMELINE_LEFT + timeline_column(canvas->window, points[i].step) - 0.8, strip->y,
                    strip->height, timeline_point_text(canvas->arena, series, &points[i]));
}

static unsigned column_of(const struct timeline_canvas *canvas, uint64_t step)
{
    unsigned column = (unsigned)timeline_column(canvas->window, step);
    return column < TIMELINE_COLUMNS ? column : TIMELINE_COLUMNS - 1;
}

/* The most points of a column have all of the height, one has at least a quarter. */
static void draw_counts(const struct timeline_canvas *canvas, const struct timeline_strip *strip,
                        unsigned series, size_t first, size_t count)
{
    const struct timeline_point *points = canvas->timeline->series[series].at;
    unsigned counts[TIMELINE_COLUMNS] = {0}, most = 1;
    for (size_t i = first; i < first + count; i++) {
        unsigned *column = &counts[column_of(canvas, points[i].step)];
        most = ++*column > most ? *column : most;
    }
    struct bars bars = bars_start(canvas, strip, timeline_series_class(series));
    for (unsigned column = 0; column < TIMELINE_COLUMNS; column++) {
        double rise = log1p(counts[column]) / log1p(most);
        if (counts[column] > 0)
            bars_add(&bars, column, 0, round(strip->height * (1 + 3 * rise) / 4 * 2) / 2);
    }
    bars_end(&bars);
    for (unsigned column = 0; column < TIMELINE_COLUMNS; column += CELL_COLUMNS) {
        uint64_t sum = 0;
        for (unsigned i = column; i < column + CELL_COLUMNS; i++)
            sum += counts[i];
        if (sum > 0)
            draw_cell(canvas, strip, column, timeline_number(canvas->arena, sum));
    }
}

void timeline_draw_points(const struct timeline_canvas *canvas, const struct timeline_strip *strip,
                          unsigned series)
{
    size_t first, count = timeline_points_in(canvas->timeline, series, canvas->window, &first);
    if (count <= POINTS_ONE_BY_ONE)
        draw_one_by_one(canvas, strip, series, first, count);
    else
        draw_counts(canvas, strip, series, first, count);
}
