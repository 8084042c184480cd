/* The system disk of a scenario (kernel/build/make_disk.py says what is where): a file's content,
 * or an empty disk, with the scenario's programs in it. For scenario*.c alone. */
#ifndef COSIM_SCENARIO_DISK_H
#define COSIM_SCENARIO_DISK_H

#include "cosim/scenario.h"

enum { SECTORS_OF_PAGE = VAMP_PAGE_BYTES / DEVICE_SECTOR_BYTES };

/* Whether programs can be put into this content: it has a directory, with room for so many. */
bool scenario_disk_has_room(struct text base, size_t program_count);
/* The first sector behind the content. */
uint32_t scenario_disk_end(struct text base);

/* Reads from the text, which must live as long; every write fails. */
struct device_store scenario_store(struct arena *arena, struct text disk);
/* The swap disk at its start, with its defects. Not zeros: scenario_run.c. */
struct device_store scenario_swap(struct arena *arena, const struct scenario *scenario);

#endif
