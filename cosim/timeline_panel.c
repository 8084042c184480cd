/* A panel: lanes one below the other, a grid behind them, an axis below. */
#include "cosim/timeline_parts.h"

#include <stdio.h>
#include <string.h>

enum {
    SPANS_ONE_BY_ONE = 800, /* up to so many in a window */
    TICKS = 10,
    PROCESSES_ROOMY = 12, /* up to so many have high lanes */
    PROCESSES_MIDDLE = 40,
    TITLE_PIXELS = 26,
    CAPTION_PIXELS = 19,
    GAP_PIXELS = 3,
    AXIS_PIXELS = 46,
};

struct panel {
    struct timeline_canvas canvas; /* `out`: what is in the lanes */
    struct text_builder *back;     /* what lies behind it */
    double y;
    struct timeline_spans spans;
    bool is_one_by_one;
    uint32_t process_end;            /* one past the last process in it */
    bool *is_shown;                  /* by process */
    struct timeline_shares **shares; /* by process; NULL: it never runs */
    struct timeline_shares *all;
};

/* --- What is in it --- */

static void find_shares(struct panel *panel)
{
    struct arena *arena = panel->canvas.arena;
    panel->shares = ARENA_ARRAY(arena, struct timeline_shares *, panel->process_end);
    panel->all = ARENA_NEW(arena, struct timeline_shares);
    for (size_t i = 0; i < panel->spans.count; i++) {
        const struct timeline_span *span = &panel->spans.at[i];
        struct timeline_shares **own = &panel->shares[span->process];
        timeline_add_share(panel->all, panel->canvas.window, span);
        if (*own == NULL)
            *own = ARENA_NEW(arena, struct timeline_shares);
        timeline_add_share(*own, panel->canvas.window, span);
    }
}

/* Processes that run in the window, or have memory; if those are too many, that run. */
static void find_processes(struct panel *panel)
{
    const struct timeline *timeline = panel->canvas.timeline;
    struct timeline_window window = panel->canvas.window;
    panel->process_end = 1;
    for (size_t i = 0; i < panel->spans.count; i++)
        if (panel->spans.at[i].process >= panel->process_end)
            panel->process_end = panel->spans.at[i].process + 1;
    if (timeline->pages.count > panel->process_end)
        panel->process_end = (uint32_t)timeline->pages.count;
    panel->is_shown = ARENA_ARRAY(panel->canvas.arena, bool, panel->process_end);
    for (size_t i = 0; i < timeline->changes.count; i++) {
        const struct timeline_pages *change = &timeline->changes.at[i];
        if (change->step <= window.from)
            panel->is_shown[change->process] = change->pages > 0;
        else if (change->step < window.to && change->pages > 0)
            panel->is_shown[change->process] = true;
    }
    uint32_t count = 0;
    for (uint32_t p = 0; p < panel->process_end; p++)
        count += panel->is_shown[p];
    for (uint32_t p = 0; p < panel->process_end && count > PROCESSES_MIDDLE; p++)
        panel->is_shown[p] = false;
    for (size_t i = 0; i < panel->spans.count; i++)
        panel->is_shown[panel->spans.at[i].process] = true;
    panel->is_shown[0] = false; /* nobody */
}

/* --- Lanes --- */

static void draw_caption(struct panel *panel, const char *text)
{
    text_append(panel->back, "<text class=\"g\" x=\"%d\" y=\"%.1f\">%s</text>\n", TIMELINE_LEFT - 8,
                panel->y + CAPTION_PIXELS - 5, text);
    panel->y += CAPTION_PIXELS;
}

/* The strip of the next lane, its name before it and `figure` behind it. */
static struct timeline_strip draw_lane(struct panel *panel, const char *name, double height,
                                       const char *figure)
{
    struct timeline_strip strip = {.y = panel->y, .height = height, .name = name};
    double base = panel->y + height / 2 + 3.8;
    text_append(panel->back,
                "<rect class=\"e\" x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>"
                "<text class=\"n\" x=\"%d\" y=\"%.1f\">%s</text>"
                "<text class=\"q\" x=\"%d\" y=\"%.1f\">%s</text>\n",
                TIMELINE_LEFT, strip.y, TIMELINE_COLUMNS, height, TIMELINE_LEFT - 8, base, name,
                TIMELINE_RIGHT + 8, base, figure);
    panel->y += height + GAP_PIXELS;
    return strip;
}

static const char *percentage(const struct panel *panel, double share)
{
    return arena_printf(panel->canvas.arena, share > 0 && share < 0.001 ? "&lt; 0.1%%" : "%.1f%%",
                        share * 100);
}

static void draw_time(struct panel *panel, const struct timeline_strip *strip,
                      const struct timeline_choice *choice, const struct timeline_shares *shares)
{
    if (panel->is_one_by_one)
        timeline_draw_spans(&panel->canvas, strip, &panel->spans, choice);
    else
        timeline_draw_shares(&panel->canvas, strip, shares);
}

static void draw_processor(struct panel *panel)
{
    const double *total = panel->all->total;
    double busy = total[TIMELINE_RUNS] + total[TIMELINE_KERNEL] + total[TIMELINE_FAULT];
    draw_caption(panel, "processor");
    struct timeline_strip strip = draw_lane(
        panel, "all", 34, arena_printf(panel->canvas.arena, "%s busy", percentage(panel, busy)));
    draw_time(panel, &strip, &(struct timeline_choice){0}, panel->all);
}

/* Where the process has pages. */
static void draw_memory(struct panel *panel, const struct timeline_strip *strip, uint32_t process)
{
    const struct timeline *timeline = panel->canvas.timeline;
    struct timeline_window window = panel->canvas.window;
    uint64_t since = 0;
    uint32_t pages = 0;
    for (size_t i = 0; i <= timeline->changes.count; i++) {
        bool is_last = i == timeline->changes.count;
        const struct timeline_pages *change = &timeline->changes.at[i];
        if (!is_last && change->process != process)
            continue;
        double x = timeline_column(window, since);
        double end = timeline_column(window, is_last ? window.to : change->step);
        if (pages > 0 && end > x)
            text_append(panel->canvas.out,
                        "<rect class=\"m\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">"
                        "<title>%s has %u pages</title></rect>\n",
                        TIMELINE_LEFT + x, strip->y, end - x, strip->height, strip->name,
                        (unsigned)pages);
        if (!is_last) {
            since = change->step;
            pages = change->pages;
        }
    }
}

static void draw_processes(struct panel *panel)
{
    static const struct timeline_shares none;
    unsigned count = 0;
    for (uint32_t p = 0; p < panel->process_end; p++)
        count += panel->is_shown[p];
    if (count == 0)
        return;
    double height = count <= PROCESSES_ROOMY ? 18 : count <= PROCESSES_MIDDLE ? 12 : 9;
    draw_caption(panel, "processes");
    for (uint32_t p = 1; p < panel->process_end; p++) {
        if (!panel->is_shown[p])
            continue;
        const struct timeline_shares *shares = panel->shares[p] != NULL ? panel->shares[p] : &none;
        struct timeline_choice choice = {.is_of_process = true, .process = p};
        struct timeline_strip strip =
            draw_lane(panel, timeline_process(panel->canvas.arena, panel->canvas.timeline, p),
                      height, percentage(panel, shares->total[TIMELINE_RUNS]));
        draw_memory(panel, &strip, p);
        draw_time(panel, &strip, &choice, shares);
    }
}

/* A lane is there if anything happens in it, here or elsewhere in the run. */
static void draw_series(struct panel *panel, unsigned series, const char *name)
{
    struct timeline_canvas *canvas = &panel->canvas;
    size_t first, count = timeline_points_in(canvas->timeline, series, canvas->window, &first);
    if (canvas->timeline->series[series].count == 0)
        return;
    struct timeline_strip strip = draw_lane(panel, name, 13, timeline_number(canvas->arena, count));
    timeline_draw_points(canvas, &strip, series);
}

static void draw_kernel(struct panel *panel)
{
    struct timeline_choice choice = {.is_of_kernel = true};
    struct timeline_shares kernel = *panel->all;
    kernel.total[TIMELINE_RUNS] = 0;
    memset(kernel.of[TIMELINE_RUNS], 0, sizeof kernel.of[TIMELINE_RUNS]);
    double share = kernel.total[TIMELINE_KERNEL] + kernel.total[TIMELINE_FAULT];
    draw_caption(panel, "kernel");
    struct timeline_strip strip = draw_lane(panel, "runs", 18, percentage(panel, share));
    draw_time(panel, &strip, &choice, &kernel);
    draw_series(panel, TIMELINE_PRIMITIVES, "primitives");
    draw_series(panel, TIMELINE_FAULTS, "page faults");
    draw_series(panel, TIMELINE_SWAP_READS, "swap reads");
    draw_series(panel, TIMELINE_SWAP_WRITES, "swap writes");
}

static void draw_devices(struct panel *panel)
{
    bool has_events = false;
    for (unsigned d = 0; d < BUS_DEVICES; d++)
        has_events = has_events || panel->canvas.timeline->series[TIMELINE_DEVICES + d].count > 0;
    if (!has_events)
        return;
    draw_caption(panel, "device events");
    for (unsigned d = 0; d < BUS_DEVICES; d++)
        draw_series(panel, TIMELINE_DEVICES + d, timeline_device(d));
}

static void draw_checks(struct panel *panel)
{
    const struct timeline *timeline = panel->canvas.timeline;
    if (timeline->series[TIMELINE_CHECKS].count + timeline->series[TIMELINE_SWEEPS].count == 0)
        return;
    draw_caption(panel, "compared");
    draw_series(panel, TIMELINE_CHECKS, "checks");
    draw_series(panel, TIMELINE_SWEEPS, "sweeps");
}

/* --- Around the lanes --- */

static void draw_axis(struct panel *panel, double top)
{
    struct arena *arena = panel->canvas.arena;
    struct timeline_window window = panel->canvas.window;
    uint64_t step = timeline_tick_step(window.to - window.from, TICKS);
    uint64_t first = window.from / step * step + (window.from % step != 0 ? step : 0);
    for (uint64_t at = first; at <= window.to; at += step) {
        double x = TIMELINE_LEFT + timeline_column(window, at);
        text_append(panel->back,
                    "<path class=\"a\" d=\"M%.1f %.1fV%.1f\"/><text class=\"t\" x=\"%.1f\" "
                    "y=\"%.1f\">%s</text>\n",
                    x, top, panel->y + 4, x, panel->y + 17, timeline_tick(arena, at, step));
    }
    text_append(
        panel->back,
        "<path class=\"a\" d=\"M%d %.1fH%d\"/><text class=\"t\" x=\"%.1f\" y=\"%.1f\">steps "
        "of the physical machine</text>\n",
        TIMELINE_LEFT, panel->y, TIMELINE_RIGHT, TIMELINE_LEFT + TIMELINE_COLUMNS / 2.0,
        panel->y + 33);
}

static void draw_divergences(struct panel *panel, double top)
{
    struct timeline_canvas *canvas = &panel->canvas;
    size_t first,
        count = timeline_points_in(canvas->timeline, TIMELINE_DIVERGENCES, canvas->window, &first);
    for (size_t i = first; i < first + count; i++) {
        const struct timeline_point *point = &canvas->timeline->series[TIMELINE_DIVERGENCES].at[i];
        double x = TIMELINE_LEFT + timeline_column(canvas->window, point->step);
        bool is_left = x < TIMELINE_LEFT + TIMELINE_COLUMNS / 2.0;
        text_append(canvas->out,
                    "<g><title>%s</title><path class=\"v\" d=\"M%.1f %.1fV%.1f\"/><text class=\"o "
                    "%s\" x=\"%.1f\" y=\"%.1f\">divergence: %s</text></g>\n",
                    timeline_point_text(canvas->arena, TIMELINE_DIVERGENCES, point), x, top - 12,
                    panel->y, is_left ? "left" : "right", is_left ? x + 5 : x - 5, top - 4,
                    cosim_conjunct_name(point->number));
    }
}

static void draw_mark(struct panel *panel, double top, const struct timeline_window *marked)
{
    double x = timeline_column(panel->canvas.window, marked->from);
    double width = timeline_column(panel->canvas.window, marked->to) - x;
    if (width < 2) {
        x = x > 1 ? x - (2 - width) / 2 : 0;
        width = 2;
    }
    text_append(panel->back,
                "<rect class=\"b\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>the "
                "part that is drawn in detail</title></rect>\n",
                TIMELINE_LEFT + x, top - 3, width, panel->y - top + 6);
}

double timeline_draw_panel(const struct timeline_canvas *canvas, double y, const char *title,
                           const struct timeline_window *marked)
{
    struct text_builder back = {.arena = canvas->arena}, lanes = {.arena = canvas->arena};
    struct panel panel = {.canvas = *canvas, .back = &back, .y = y + TITLE_PIXELS};
    panel.canvas.out = &lanes;
    panel.spans = timeline_spans_in(canvas->arena, canvas->timeline, canvas->window);
    panel.is_one_by_one = panel.spans.count <= SPANS_ONE_BY_ONE;
    find_processes(&panel);
    find_shares(&panel);
    double top = panel.y;
    draw_processor(&panel);
    draw_processes(&panel);
    draw_kernel(&panel);
    draw_devices(&panel);
    draw_checks(&panel);
    panel.y += 4;
    draw_axis(&panel, top + CAPTION_PIXELS);
    if (marked != NULL)
        draw_mark(&panel, top + CAPTION_PIXELS, marked);
    draw_divergences(&panel, top + CAPTION_PIXELS);
    text_append(canvas->out, "<text class=\"i\" x=\"%d\" y=\"%.1f\">%s</text>\n", TIMELINE_LEFT,
                y + 14, title);
    if (!panel.is_one_by_one)
        text_append(canvas->out,
                    "<text class=\"y right\" x=\"%d\" y=\"%.1f\">height: share of the time; of "
                    "events, their number, logarithmic</text>\n",
                    TIMELINE_RIGHT, y + 14);
    text_append_bytes(canvas->out, text_built(&back), back.length);
    text_append_bytes(canvas->out, text_built(&lanes), lanes.length);
    return panel.y + AXIS_PIXELS;
}
