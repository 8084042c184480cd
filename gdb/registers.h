/* The registers as the protocol numbers them: 0-31 gpr, then dpc, pcp and the special registers
 * that have a meaning. */
#ifndef GDB_REGISTERS_H
#define GDB_REGISTERS_H

#include "base/text.h"
#include "semantics/vamp/vamp.h"

enum { GDB_REGISTER_DPC = VAMP_GPR_COUNT, GDB_REGISTER_PCP, GDB_REGISTER_SPECIAL };
enum { GDB_SPECIAL_COUNT = 13, GDB_REGISTER_COUNT = GDB_REGISTER_SPECIAL + GDB_SPECIAL_COUNT };

/* `number` is below GDB_REGISTER_COUNT. A write to r0 has no effect. */
uint32_t gdb_register_read(const struct vamp_state *state, unsigned number);
void gdb_register_write(struct vamp_state *state, unsigned number, uint32_t word);

/* target.xml: names, numbers, types. */
void gdb_registers_describe(struct text_builder *into);

#endif
