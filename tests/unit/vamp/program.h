/* Small machine programs written as assembly text in the tests. */
#ifndef TESTS_UNIT_VAMP_PROGRAM_H
#define TESTS_UNIT_VAMP_PROGRAM_H

#include "semantics/vamp/machine.h"

/* A machine of that much memory with the lines of `text` as code from address 0 on; distances are
 * numbers. */
struct vamp_machine *program_machine(struct arena *arena, uint32_t memory_bytes, const char *text);

#endif
