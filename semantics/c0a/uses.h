/* Which registers an instruction reads and writes, as far as it names them. */
#ifndef SEMANTICS_C0A_USES_H
#define SEMANTICS_C0A_USES_H

#include "semantics/c0a/c0a.h"

/* Bit r: register r. Of [x] neither base register counts. */
uint32_t c0a_registers_read(const struct c0a_instruction *instruction);
/* 0: none. */
unsigned c0a_register_written(const struct c0a_instruction *instruction);

#endif
