/* A run as a picture: who ran, the kernel's runs, page faults and swap, devices, checks, over time
 * (docs/COSIM.md, "Timeline").
 *
 *     struct timeline *timeline = timeline_new(arena);
 *     result = scenario_run(arena, scenario, timeline_observer(timeline), &fault);
 *     timeline_write(arena, timeline, &(struct timeline_caption){name, &result}, path, &fault);
 */
#ifndef COSIM_TIMELINE_H
#define COSIM_TIMELINE_H

#include "cosim/cosim.h"

struct timeline;

struct timeline *timeline_new(struct arena *arena);

/* Before the run: processes are then called by the programs that are loaded into them, as the
 * directory of the system disk names these (kernel/build/make_disk.py). */
void timeline_name_programs(struct timeline *timeline, struct text disk);

/* Records moments. `event` and `finished` are left to the caller. */
struct cosim_observer timeline_observer(struct timeline *timeline);
/* The same, for observers that pass on what they see. */
void timeline_record(struct timeline *timeline, const struct cosim_moment *moment);

struct timeline_caption {
    const char *title;                 /* of the scenario */
    const struct cosim_result *result; /* NULL: the run is not over */
};

/* An SVG document of its own, without scripts; the file's size does not grow with the run's length
 * beyond some megabytes. */
struct text timeline_svg(struct arena *arena, const struct timeline *timeline,
                         const struct timeline_caption *caption);
bool timeline_write(struct arena *arena, const struct timeline *timeline,
                    const struct timeline_caption *caption, const char *path, struct fault *fault);

#endif
