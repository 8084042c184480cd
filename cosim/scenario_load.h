/* The parts of scenario_load; for scenario_load*.c alone. */
#ifndef COSIM_SCENARIO_LOAD_H
#define COSIM_SCENARIO_LOAD_H

#include "cosim/scenario.h"
#include "cosim/scenario_place.h"

struct loading {
    struct place_file file;
    struct scenario *scenario;
};

/* A path in the file, as it is reached from here: relative ones begin where the file is. */
const char *loading_path(const struct loading *loading, const char *path);

/* scenario_load_programs.c: */
bool load_programs(struct loading *loading, const struct place *list);
/* Words as hexadecimal numbers of eight digits, and "@40" for zeros up to byte 0x40. */
bool load_words(const struct loading *loading, const struct place *list,
                struct scenario_program *program);

/* scenario_load_oracle.c: */
bool load_oracle(struct loading *loading, const struct place *object);
bool load_inputs(struct loading *loading, const struct place *object);
bool load_defects(struct loading *loading, const struct place *object);

/* scenario_digests.c: of the files and options that the kernel was read from, as one. */
const char *scenario_digest_of_sources(struct arena *arena, const struct cosim_kernel *kernel);

#endif
