/* A window of the recorded time: what of it falls into each column. */
#include "cosim/timeline_parts.h"

#include <math.h>

/* --- Spans --- */

static struct timeline_span clipped(const struct timeline_span *span, struct timeline_window window)
{
    struct timeline_span part = *span;
    part.start = span->start < window.from ? window.from : span->start;
    part.end = span->end > window.to ? window.to : span->end;
    return part;
}

/* The first span that ends behind `step`. */
static size_t span_after(const struct timeline *timeline, uint64_t step)
{
    size_t first = 0, end = timeline->spans.count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        if (timeline->spans.at[middle].end <= step)
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

struct timeline_spans timeline_spans_in(struct arena *arena, const struct timeline *timeline,
                                        struct timeline_window window)
{
    size_t first = span_after(timeline, window.from), end = first, count = 0;
    while (end < timeline->spans.count && timeline->spans.at[end].start < window.to)
        end++;
    struct timeline_span *spans = ARENA_ARRAY(arena, struct timeline_span, end - first + 1);
    for (size_t i = first; i < end; i++)
        spans[count++] = clipped(&timeline->spans.at[i], window);
    struct timeline_span open = timeline->open;
    open.end = window.to;
    if (open.start < window.to)
        spans[count++] = clipped(&open, window);
    return (struct timeline_spans){spans, count};
}

double timeline_column(struct timeline_window window, uint64_t step)
{
    if (step <= window.from)
        return 0;
    if (step >= window.to)
        return TIMELINE_COLUMNS;
    return (double)(step - window.from) * TIMELINE_COLUMNS / (double)(window.to - window.from);
}

void timeline_add_share(struct timeline_shares *shares, struct timeline_window window,
                        const struct timeline_span *span)
{
    double start = timeline_column(window, span->start), end = timeline_column(window, span->end);
    shares->total[span->state] += (end - start) / TIMELINE_COLUMNS;
    for (unsigned column = (unsigned)start; column < TIMELINE_COLUMNS && column < end; column++) {
        double from = fmax(start, column), to = fmin(end, column + 1);
        shares->of[span->state][column] += (float)(to - from);
    }
}

/* --- Points --- */

static size_t point_from(const struct timeline *timeline, unsigned series, uint64_t step)
{
    size_t first = 0, end = timeline->series[series].count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        if (timeline->series[series].at[middle].step < step)
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

/* The last step of all belongs to the last window. */
size_t timeline_points_in(const struct timeline *timeline, unsigned series,
                          struct timeline_window window, size_t *first)
{
    uint64_t end = window.to == timeline->last ? window.to + 1 : window.to;
    *first = point_from(timeline, series, window.from);
    return point_from(timeline, series, end) - *first;
}

/* --- The detail --- */

/* How much is to be seen in spans first to end: who runs, and what happens besides; less where one
 * span leaves no room for the others, or nobody runs. */
static double interest(const struct timeline *timeline, size_t first, size_t end)
{
    const struct timeline_span *spans = timeline->spans.at;
    struct timeline_window window = {spans[first].start, spans[end - 1].end};
    double score = 0, length = (double)(window.to - window.from);
    uint64_t times[TIMELINE_STATE_COUNT] = {0}, longest = 0;
    uint64_t seen = 0; /* processes, by their number modulo 64 */
    for (size_t i = first; i < end; i++) {
        uint64_t time = spans[i].end - spans[i].start;
        times[spans[i].state] += time;
        longest = time > longest ? time : longest;
        if (spans[i].state == TIMELINE_RUNS)
            seen |= UINT64_C(1) << spans[i].process % 64;
    }
    for (; seen != 0; seen &= seen - 1)
        score++;
    for (unsigned series = TIMELINE_FAULTS; series < TIMELINE_CHECKS; series++) {
        size_t ignored;
        bool is_there = timeline_points_in(timeline, series, window, &ignored) > 0;
        score += series < TIMELINE_DEVICES ? 2.5 * is_there : is_there;
    }
    return score + (4.0 * (double)times[TIMELINE_RUNS] - 8.0 * (double)times[TIMELINE_WAITS] -
                    6.0 * (double)longest) /
                       length;
}

static bool is_kernel_run(const struct timeline_span *span)
{
    return span->state == TIMELINE_KERNEL || span->state == TIMELINE_FAULT;
}

/* One past the span with the TIMELINE_DETAIL_RUNSth run of the kernel from `first` on; 0: there are
 * not so many. */
static size_t end_of_runs(const struct timeline *timeline, size_t first)
{
    unsigned runs = 0;
    for (size_t i = first; i < timeline->spans.count; i++) {
        runs += is_kernel_run(&timeline->spans.at[i]);
        if (runs == TIMELINE_DETAIL_RUNS)
            return i + 1;
    }
    return 0;
}

bool timeline_detail(const struct timeline *timeline, struct timeline_window whole,
                     struct timeline_window *detail)
{
    enum { STRIDES = 4000 };
    size_t count = timeline->spans.count, stride = count / STRIDES + 1;
    double best = -INFINITY;
    unsigned runs = 0;
    if (end_of_runs(timeline, 0) == 0)
        return false;
    if (timeline->series[TIMELINE_DIVERGENCES].count > 0) {
        size_t first = count;
        while (first > 0 && runs < TIMELINE_DETAIL_RUNS)
            runs += is_kernel_run(&timeline->spans.at[--first]);
        *detail = (struct timeline_window){timeline->spans.at[first].start, whole.to};
        return detail->from > whole.from;
    }
    for (size_t first = 0; first < count; first += stride) {
        size_t end = end_of_runs(timeline, first);
        if (end == 0)
            break;
        double score = interest(timeline, first, end);
        if (score > best) {
            best = score;
            *detail = (struct timeline_window){timeline->spans.at[first].start,
                                               timeline->spans.at[end - 1].end};
        }
    }
    return detail->from > whole.from || detail->to < whole.to;
}
