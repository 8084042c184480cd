/* The document: heading, legend, the whole run, and a part of it in detail. */
#include "cosim/timeline_parts.h"

#include "base/file.h"

#include <stdio.h>
#include <string.h>

enum { HEADING_PIXELS = 62, LEGEND_PIXELS = 34, TITLE_LETTERS = 90 };

/* Colours that can be told apart without seeing red and green, on white and on black. */
static const char style[] =
    "text{font-family:system-ui,-apple-system,'Segoe UI','Noto Sans','DejaVu Sans',sans-serif;"
    "font-size:11.5px;fill:#1f2430}\n"
    ".n,.g{text-anchor:end}.t{text-anchor:middle}.t,.q,.g,.y{fill:#667085}.q{font-size:10.5px}\n"
    ".g{font-size:10px;letter-spacing:.07em;font-weight:600}\n"
    ".i{font-size:13px;font-weight:600}.j{font-size:19px;font-weight:650}\n"
    ".l,.pill{text-anchor:middle;pointer-events:none}.l{font-size:10px;fill:#2b2547}.pill{fill:#"
    "fff}\n"
    ".o{font-weight:600;fill:#c81e2b}.left{text-anchor:start}.right{text-anchor:end}\n"
    "rect,path{shape-rendering:crispEdges}\n"
    ".bg{fill:#fff}.e,.z{fill:#f1f3f5}.a{stroke:#dfe3e8;fill:none}.h{fill:#000;fill-opacity:0}\n"
    ".b{fill:#1f2430;fill-opacity:.07}.v{stroke:#c81e2b;stroke-width:2;fill:none}\n"
    ".u{fill:#3f7cb8}.k{fill:#aea5cf}.f{fill:#e08a1e}.m{fill:#dbe7f2}\n"
    ".p{fill:#6b5a9e}.r{fill:#b5651d}.w{fill:#7c4418}.d{fill:#23897f}.c{fill:#8a94a1}"
    ".s{fill:#39424e}.x{fill:#c81e2b}.ok{fill:#2c7a4b}\n"
    "@media (prefers-color-scheme:dark){\n"
    "text{fill:#e6e8ec}.t,.q,.g,.y{fill:#98a2b0}.o{fill:#ff6b70}.l{fill:#f2effa}.lf,.pill{fill:#"
    "14171c}"
    "\n"
    ".bg{fill:#14171c}.e,.z{fill:#1e242c}.a{stroke:#2e353f}.b{fill:#fff}.v{stroke:#ff6b70}\n"
    ".u{fill:#6aa5df}.k{fill:#6d6199}.f{fill:#f0a13f}.m{fill:#24364a}\n"
    ".p{fill:#c0b3e8}.r{fill:#d98a4a}.w{fill:#f0c39b}.d{fill:#45b8aa}.c{fill:#77828f}"
    ".s{fill:#cdd3db}.x{fill:#ff6b70}.ok{fill:#4ea873}}\n";

/* --- Heading --- */

static const char *shortened(struct arena *arena, const char *title)
{
    size_t length = strlen(title);
    if (length <= TITLE_LETTERS)
        return title;
    return arena_printf(arena, "%.*s...", TITLE_LETTERS, title);
}

/* What the run did, in a line. */
static const char *summary(struct arena *arena, const struct cosim_counts *counts)
{
    return arena_printf(
        arena,
        "%s steps, %s of them in processes; %s kernel runs, %s page faults, swap %s in and %s out; "
        "%s checks, %s sweeps",
        timeline_number(arena, counts->steps), timeline_number(arena, counts->user_steps),
        timeline_number(arena, counts->kernel_runs), timeline_number(arena, counts->page_faults),
        timeline_number(arena, counts->swap_reads), timeline_number(arena, counts->swap_writes),
        timeline_number(arena, counts->checks), timeline_number(arena, counts->sweeps));
}

static void draw_heading(const struct timeline_canvas *canvas,
                         const struct timeline_caption *caption)
{
    struct arena *arena = canvas->arena;
    const struct cosim_result *result = caption->result;
    const char *title = timeline_escaped(arena, shortened(arena, caption->title));
    text_append(canvas->out, "<title>%s</title>\n<text class=\"j\" x=\"20\" y=\"32\">%s</text>\n",
                title, title);
    if (result == NULL)
        return;
    const char *status = cosim_status_name(result->status);
    double width = 7.0 * (double)strlen(status) + 18;
    text_append(canvas->out,
                "<rect class=\"%s\" x=\"20\" y=\"42\" width=\"%.1f\" height=\"18\" rx=\"9\" "
                "style=\"shape-rendering:auto\"/><text class=\"pill\" "
                "x=\"%.1f\" y=\"55\">%s</text><text class=\"y\" x=\"%.1f\" y=\"55\">%s</text>\n",
                result->status == COSIM_AGREED ? "ok" : "x", width, 20 + width / 2, status,
                30 + width, summary(arena, &result->counts));
    if (result->status == COSIM_DIVERGED)
        text_append(canvas->out, "<text class=\"o\" x=\"20\" y=\"76\">%s</text>\n",
                    timeline_escaped(arena, result->divergence.text));
}

static void draw_legend(const struct timeline_canvas *canvas, double y)
{
    static const struct {
        const char *class, *text;
    } entries[] = {{"u", "process runs"},   {"k", "kernel, for who ran"},
                   {"f", "page fault"},     {"z", "idle"},
                   {"m", "has memory"},     {"p", "primitive"},
                   {"r", "page from disk"}, {"w", "page to disk"},
                   {"d", "device event"},   {"c", "check"},
                   {"s", "sweep"}};
    double x = TIMELINE_LEFT;
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        text_append(canvas->out,
                    "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"12\" height=\"11\"/><text "
                    "class=\"y\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
                    entries[i].class, x, y, x + 17, y + 9.5, entries[i].text);
        x += 38 + 6.6 * (double)strlen(entries[i].text);
    }
}

/* --- The whole --- */

static struct timeline_window whole_of(const struct timeline *timeline,
                                       const struct timeline_caption *caption)
{
    uint64_t end = timeline->last;
    if (caption->result != NULL && caption->result->counts.steps > end)
        end = caption->result->counts.steps;
    return (struct timeline_window){0, end > 0 ? end : 1};
}

static double draw(struct timeline_canvas canvas, const struct timeline_caption *caption)
{
    struct arena *arena = canvas.arena;
    struct timeline_window whole = canvas.window, detail = {0};
    bool has_text = caption->result != NULL && caption->result->status == COSIM_DIVERGED;
    bool has_detail = timeline_detail(canvas.timeline, whole, &detail);
    double y = HEADING_PIXELS + (has_text ? 22 : 6);
    draw_heading(&canvas, caption);
    draw_legend(&canvas, y + 4);
    y = timeline_draw_panel(&canvas, y + LEGEND_PIXELS, "The whole run",
                            has_detail ? &detail : NULL);
    if (!has_detail)
        return y;
    canvas.window = detail;
    return timeline_draw_panel(&canvas, y + 12,
                               arena_printf(arena, "In detail: steps %s to %s",
                                            timeline_number(arena, detail.from),
                                            timeline_number(arena, detail.to)),
                               NULL);
}

struct text timeline_svg(struct arena *arena, const struct timeline *timeline,
                         const struct timeline_caption *caption)
{
    struct text_builder body = {.arena = arena}, out = {.arena = arena};
    struct timeline_canvas canvas = {arena, &body, timeline, whole_of(timeline, caption)};
    double height = draw(canvas, caption);
    text_append(&out,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" width=\"%d\" "
                "height=\"%.0f\">\n<style>%s</style>\n<rect class=\"bg\" width=\"100%%\" "
                "height=\"100%%\"/>\n",
                TIMELINE_WIDTH, height, TIMELINE_WIDTH, height, style);
    text_append_bytes(&out, text_built(&body), body.length);
    text_append(&out, "</svg>\n");
    return (struct text){text_built(&out), out.length};
}

bool timeline_write(struct arena *arena, const struct timeline *timeline,
                    const struct timeline_caption *caption, const char *path, struct fault *fault)
{
    return file_write(path, timeline_svg(arena, timeline, caption), fault);
}
