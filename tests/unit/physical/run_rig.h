/* A small machine under test: code by lines, the timer and the serial line, and an oracle. */
#ifndef TESTS_UNIT_PHYSICAL_RUN_RIG_H
#define TESTS_UNIT_PHYSICAL_RUN_RIG_H

#include "physical/physical.h"

enum { RUN_RIG_MEMORY = 0x10000, RUN_RIG_TIMER = 0, RUN_RIG_SERIAL = 2 };

struct run_rig {
    struct arena *arena;
    struct physical_setup setup; /* may be changed before run_rig_start */
    struct oracle_seed seed;     /* of the oracle, unless the setup has one */
    struct physical *physical;
    struct text_builder sent; /* over the serial line */
    struct fault fault;
};

struct run_rig *run_rig_new(void);
void run_rig_free(struct run_rig *rig);

/* Places instructions, one a line, from `address` on; distances are numbers. */
void run_rig_code(struct run_rig *rig, uint32_t address, const char *lines);
/* Makes the machine and puts the code there; the processor starts at 0. */
void run_rig_start(struct run_rig *rig);
struct physical_outcome run_rig_run(struct run_rig *rig, uint64_t max_steps);
/* Expects this end after so many steps in all, fast and plain, of machines made anew. */
void run_rig_expect(struct run_rig *rig, enum physical_status status, uint64_t steps);

uint32_t run_rig_register(const struct run_rig *rig, unsigned number);
const char *run_rig_digest(const struct run_rig *rig);

#endif
