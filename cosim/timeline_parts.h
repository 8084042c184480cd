/* What a timeline has recorded, and the parts of its picture; for timeline*.c alone. */
#ifndef COSIM_TIMELINE_PARTS_H
#define COSIM_TIMELINE_PARTS_H

#include "base/array.h"
#include "cosim/timeline.h"

/* --- What happened --- */

/* What the physical processor does from one moment to the next. */
enum timeline_state {
    TIMELINE_RUNS,   /* a process */
    TIMELINE_KERNEL, /* a run of the kernel that the abstract one makes too */
    TIMELINE_FAULT,  /* the layer resolves a page fault */
    TIMELINE_WAITS,  /* nobody runs */
    TIMELINE_STATE_COUNT
};

struct timeline_span {
    uint64_t start, end; /* steps */
    enum timeline_state state;
    uint32_t process;     /* who runs, or ran before; 0: nobody */
    uint32_t cause, data; /* KERNEL: ECA and EDATA; FAULT: data is the address */
};

/* What takes no time. Devices are TIMELINE_DEVICES + number. */
enum timeline_series {
    TIMELINE_PRIMITIVES,
    TIMELINE_FAULTS,
    TIMELINE_SWAP_READS,
    TIMELINE_SWAP_WRITES,
    TIMELINE_DEVICES,
    TIMELINE_CHECKS = TIMELINE_DEVICES + BUS_DEVICES,
    TIMELINE_SWEEPS,
    TIMELINE_DIVERGENCES,
    TIMELINE_SERIES_COUNT
};

struct timeline_point {
    uint64_t step;
    uint32_t process, number, detail; /* as of the moment; of a primitive: its first argument */
};

/* A program of the system disk. */
struct timeline_program {
    uint32_t sector;
    const char *name;
};

/* From `step` on, a process has so many pages. */
struct timeline_pages {
    uint64_t step;
    uint32_t process, pages;
};

struct timeline {
    struct arena *arena;
    uint64_t last; /* moment */
    struct timeline_span open;
    ARRAY(struct timeline_span) spans; /* the open one is not among them; none is empty */
    struct {
        struct timeline_point *at;
        size_t count, capacity;
    } series[TIMELINE_SERIES_COUNT];
    ARRAY(struct timeline_pages) changes;
    ARRAY(uint32_t) pages; /* of each process, now */
    ARRAY(struct timeline_program) programs;
    ARRAY(const char *) names; /* of each process; NULL: none yet, empty: several */
};

/* --- A part of it, to be drawn --- */

enum { TIMELINE_COLUMNS = 1160 }; /* pixels of the time axis */

struct timeline_window {
    uint64_t from, to; /* from < to */
};

/* Of one process, or of all: the share of each column's time in each state. */
struct timeline_shares {
    float of[TIMELINE_STATE_COUNT][TIMELINE_COLUMNS];
    double total[TIMELINE_STATE_COUNT]; /* of the window's time */
};

/* The spans of a window; the open one ends with it. */
struct timeline_spans {
    const struct timeline_span *at;
    size_t count;
};
struct timeline_spans timeline_spans_in(struct arena *arena, const struct timeline *timeline,
                                        struct timeline_window window);

double timeline_column(struct timeline_window window, uint64_t step); /* 0 to TIMELINE_COLUMNS */
void timeline_add_share(struct timeline_shares *shares, struct timeline_window window,
                        const struct timeline_span *span);

/* Points in a window: those from `*first` on, so many. */
size_t timeline_points_in(const struct timeline *timeline, unsigned series,
                          struct timeline_window window, size_t *first);

/* Where most is to be seen: about TIMELINE_DETAIL_RUNS runs of the kernel, those before a
 * divergence if there is one. False: the whole run has no more. */
enum { TIMELINE_DETAIL_RUNS = 48 };
bool timeline_detail(const struct timeline *timeline, struct timeline_window whole,
                     struct timeline_window *detail);

/* --- The picture --- */

enum {
    TIMELINE_LEFT = 132, /* of the plot: names stand before it */
    TIMELINE_RIGHT = TIMELINE_LEFT + TIMELINE_COLUMNS,
    TIMELINE_WIDTH = TIMELINE_RIGHT + 84, /* numbers stand behind it */
};

/* What is drawn is appended to `out`. */
struct timeline_canvas {
    struct arena *arena;
    struct text_builder *out;
    const struct timeline *timeline;
    struct timeline_window window;
};

/* A strip of the plot. */
struct timeline_strip {
    double y, height;
    const char *name;
};

/* A text as XML: what XML cannot hold is a question mark. */
const char *timeline_escaped(struct arena *arena, const char *text);
const char *timeline_number(struct arena *arena, uint64_t number); /* 1,234,567 */
/* A number of the axis, short where it is in thousands or millions of `step`, its distance. */
const char *timeline_tick(struct arena *arena, uint64_t number, uint64_t step);
uint64_t timeline_tick_step(uint64_t length, unsigned ticks); /* 1, 2 or 5 times a power of 10 */

const char *timeline_process(struct arena *arena, const struct timeline *timeline,
                             uint32_t process);
const char *timeline_cause(struct arena *arena, const struct timeline_span *kernel);
const char *timeline_device(unsigned device);
const char *timeline_point_text(struct arena *arena, unsigned series,
                                const struct timeline_point *point);

/* One panel from `y` on: all lanes over a window, with an axis; the window `marked` (or NULL) is
 * shown in it. The result is where it ends. */
double timeline_draw_panel(const struct timeline_canvas *canvas, double y, const char *title,
                           const struct timeline_window *marked);

/* Which spans a strip is of. */
struct timeline_choice {
    bool is_of_process; /* else of all */
    uint32_t process;
    bool is_of_kernel; /* only its runs */
};

/* One by one, or where they are too many the share of time that each state has. */
void timeline_draw_spans(const struct timeline_canvas *canvas, const struct timeline_strip *strip,
                         const struct timeline_spans *spans, const struct timeline_choice *choice);
void timeline_draw_shares(const struct timeline_canvas *canvas, const struct timeline_strip *strip,
                          const struct timeline_shares *shares);
/* One by one, or their number in each column. */
void timeline_draw_points(const struct timeline_canvas *canvas, const struct timeline_strip *strip,
                          unsigned series);

/* The class of the style sheet. */
const char *timeline_state_class(enum timeline_state state);
const char *timeline_series_class(unsigned series);

#endif
