/* Runs code that a test has made on the VAMP machine. */
#ifndef TESTS_UNIT_COMPILER_MACHINE_H
#define TESTS_UNIT_COMPILER_MACHINE_H

#include "compiler/object.h"

enum { RUN_FRAME = 0x100000, RUN_HEAP = 0x40000 };

/* A call of the function that a fully resolved object starts with: two argument words in, r1 out,
 * with the base registers checked. The object lies at address 0. */
uint32_t run_object(const struct object *object, uint32_t first, uint32_t second);

#endif
