/* Records moments as what the picture needs: spans of time, points, and numbers of pages. */
#include "cosim/timeline.h"

#include "cosim/timeline_parts.h"

#include <string.h>

enum { PROCESSES_MAX = 65536 };

struct timeline *timeline_new(struct arena *arena)
{
    struct timeline *timeline = ARENA_NEW(arena, struct timeline);
    timeline->arena = arena;
    timeline->open.state = TIMELINE_KERNEL; /* it boots */
    timeline->open.cause = 1;
    return timeline;
}

/* --- Spans --- */

static void begin(struct timeline *timeline, uint64_t step, struct timeline_span next)
{
    struct timeline_span *open = &timeline->open;
    open->end = step;
    if (open->start < open->end)
        ARRAY_PUSH(timeline->arena, &timeline->spans, *open);
    *open = next;
    open->start = step;
}

/* --- Pages --- */

static void set_pages(struct timeline *timeline, uint64_t step, uint32_t process, uint32_t pages)
{
    if (process == 0 || process >= PROCESSES_MAX)
        return;
    while (timeline->pages.count <= process)
        ARRAY_PUSH(timeline->arena, &timeline->pages, 0);
    if (timeline->pages.at[process] != pages)
        ARRAY_PUSH(timeline->arena, &timeline->changes,
                   (struct timeline_pages){step, process, pages});
    timeline->pages.at[process] = pages;
}

static uint32_t pages_of(const struct timeline *timeline, uint32_t process)
{
    return process < timeline->pages.count ? timeline->pages.at[process] : 0;
}

/* The primitives that give pages or take them. */
static void note_pages(struct timeline *timeline, uint64_t step, const struct cvm_call *call)
{
    uint32_t p = call->arguments[0], other = call->arguments[1];
    if (call->primitive == CVM_PRIMITIVE_RESET)
        set_pages(timeline, step, p, 0);
    else if (call->primitive == CVM_PRIMITIVE_ALLOC)
        set_pages(timeline, step, p, pages_of(timeline, p) + other);
    else if (call->primitive == CVM_PRIMITIVE_FREE)
        set_pages(timeline, step, p, pages_of(timeline, p) - other);
    else if (call->primitive == CVM_PRIMITIVE_CLONE)
        set_pages(timeline, step, p, pages_of(timeline, other));
}

/* --- Names --- */

static uint32_t word_at(struct text bytes, size_t at)
{
    const unsigned char *byte = (const unsigned char *)bytes.at + at;
    return byte[0] | (uint32_t)byte[1] << 8 | (uint32_t)byte[2] << 16 | (uint32_t)byte[3] << 24;
}

/* A magic number, how many, and for each a name of 16 bytes, the first sector, four words more. */
void timeline_name_programs(struct timeline *timeline, struct text disk)
{
    enum { MAGIC = 0x4B534944, HEAD = 8, NAME = 16, ENTRY = 36 };
    uint32_t count =
        disk.length < VAMP_PAGE_BYTES || word_at(disk, 0) != MAGIC ? 0 : word_at(disk, 4);
    for (uint32_t i = 0; i < count && HEAD + (i + 1) * ENTRY <= VAMP_PAGE_BYTES; i++) {
        size_t at = HEAD + i * ENTRY;
        const char *name = arena_copy(timeline->arena, disk.at + at, strnlen(disk.at + at, NAME));
        ARRAY_PUSH(timeline->arena, &timeline->programs,
                   (struct timeline_program){word_at(disk, at + NAME), name});
    }
}

static void name_process(struct timeline *timeline, uint32_t process, const char *name)
{
    if (process >= PROCESSES_MAX || name == NULL)
        return;
    while (timeline->names.count <= process)
        ARRAY_PUSH(timeline->arena, &timeline->names, NULL);
    const char **known = &timeline->names.at[process];
    *known = *known == NULL || strcmp(*known, name) == 0 ? name : "";
}

/* The primitives that make programs of processes. */
static void note_program(struct timeline *timeline, const struct cvm_call *call)
{
    uint32_t p = call->arguments[0], other = call->arguments[1];
    if (call->primitive == CVM_PRIMITIVE_CLONE && other < timeline->names.count)
        name_process(timeline, p, timeline->names.at[other]);
    for (size_t i = 0; call->primitive == CVM_PRIMITIVE_LOAD && i < timeline->programs.count; i++)
        if (timeline->programs.at[i].sector == other)
            name_process(timeline, p, timeline->programs.at[i].name);
}

/* --- Moments --- */

static void add_point(struct timeline *timeline, unsigned series, struct timeline_point point)
{
    ARRAY_PUSH(timeline->arena, &timeline->series[series], point);
}

void timeline_record(struct timeline *timeline, const struct cosim_moment *moment)
{
    /* Moments of a piece of a run may be told a little late. */
    uint64_t step = moment->step > timeline->last ? moment->step : timeline->last;
    struct timeline_point point = {step, moment->process, moment->number, moment->detail};
    timeline->last = step;
    switch (moment->kind) {
    case COSIM_ENTRY:
        begin(timeline, step,
              (struct timeline_span){.state = TIMELINE_KERNEL,
                                     .process = moment->process,
                                     .cause = moment->number,
                                     .data = moment->detail});
        break;
    case COSIM_EXIT:
        begin(timeline, step,
              (struct timeline_span){.state = moment->process != 0 ? TIMELINE_RUNS : TIMELINE_WAITS,
                                     .process = moment->process});
        break;
    case COSIM_PAGE_FAULT:
        begin(timeline, step,
              (struct timeline_span){
                  .state = TIMELINE_FAULT, .process = moment->process, .data = moment->number});
        add_point(timeline, TIMELINE_FAULTS, point);
        break;
    case COSIM_PRIMITIVE:
        if (moment->call != NULL) {
            point.detail = moment->call->arguments[0];
            note_pages(timeline, step, moment->call);
            note_program(timeline, moment->call);
        }
        add_point(timeline, TIMELINE_PRIMITIVES, point);
        break;
    case COSIM_EVENT:
        if (moment->device < BUS_DEVICES)
            add_point(timeline, TIMELINE_DEVICES + moment->device, point);
        break;
    case COSIM_SWAP_READ:
        add_point(timeline, TIMELINE_SWAP_READS, point);
        break;
    case COSIM_SWAP_WRITE:
        add_point(timeline, TIMELINE_SWAP_WRITES, point);
        break;
    case COSIM_CHECK:
        add_point(timeline, TIMELINE_CHECKS, point);
        break;
    case COSIM_SWEEP:
        add_point(timeline, TIMELINE_SWEEPS, point);
        break;
    case COSIM_DIVERGENCE:
        add_point(timeline, TIMELINE_DIVERGENCES, point);
        break;
    }
}

static void observe(void *self, const struct cosim_moment *moment)
{
    timeline_record(self, moment);
}

struct cosim_observer timeline_observer(struct timeline *timeline)
{
    return (struct cosim_observer){.self = timeline, .moment = observe};
}
