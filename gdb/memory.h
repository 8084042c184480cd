/* Memory as a debugger looks at it: by the addresses of the present mode, and without effect on
 * the machine. Devices are not memory: to read a port may change the device (choice). */
#ifndef GDB_MEMORY_H
#define GDB_MEMORY_H

#include "semantics/vamp/machine.h"

/* Where the processor would find that address now: itself in system mode, through the page table
 * in user mode. False: it has no page. */
struct gdb_place {
    uint32_t address; /* physical, which does not mean that memory is there */
    bool is_protected;
};
bool gdb_memory_locate(struct vamp_machine *machine, const struct vamp_state *state,
                       uint32_t address, struct gdb_place *place);

/* Reads up to `count` bytes; ends before the first that is not there. Returns how many it read. */
size_t gdb_memory_read(struct vamp_machine *machine, uint32_t address, size_t count, char *bytes);
/* All of them, also on protected pages (choice: a debugger plants what it wants), or none. */
bool gdb_memory_write(struct vamp_machine *machine, uint32_t address, struct text bytes);

/* The load or store that the instruction at dpc will perform, by its virtual address. False: it
 * is none, or it will raise an interrupt instead. */
struct gdb_access {
    uint32_t address;
    unsigned size_bytes;
    bool is_store;
};
bool gdb_memory_next_access(struct vamp_machine *machine, struct gdb_access *access);

/* As isa.def has it. False: the instruction does not access memory. */
bool gdb_memory_access_of(enum vamp_op op, unsigned *size_bytes, bool *is_store);

#endif
