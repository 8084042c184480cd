/* The client's breakpoints and watchpoints. Breakpoints are put into the machine, which runs at
 * full speed with them; while there is a watchpoint, the run goes step by step. */
#ifndef GDB_POINTS_H
#define GDB_POINTS_H

#include "base/array.h"
#include "gdb/memory.h"

/* As the protocol numbers them in Z and z. */
enum gdb_point_kind {
    GDB_POINT_SOFTWARE,
    GDB_POINT_HARDWARE,
    GDB_POINT_WRITE,
    GDB_POINT_READ,
    GDB_POINT_ACCESS,
    GDB_POINT_KINDS,
};

/* How many may be set at a time. */
enum { GDB_POINTS_MOST = 256 };

struct gdb_point {
    enum gdb_point_kind kind;
    uint32_t address;    /* of what is executed, loaded or stored: virtual in user mode */
    uint32_t size_bytes; /* of a watchpoint, at least 1; nothing of a breakpoint */
};

struct gdb_points {
    struct vamp_machine *machine;
    struct gdb_point at[GDB_POINTS_MOST];
    size_t count;
};

/* A point that is there already is set once. False: there are too many. */
bool gdb_points_add(struct gdb_points *points, struct gdb_point point);
void gdb_points_remove(struct gdb_points *points, struct gdb_point point);
void gdb_points_clear(struct gdb_points *points);

bool gdb_points_have_watchpoint(const struct gdb_points *points);
/* The breakpoint there; NULL: none. */
const struct gdb_point *gdb_points_breakpoint(const struct gdb_points *points, uint32_t address);
/* The first watchpoint that the access hits, and the first byte that both have. NULL: none. */
const struct gdb_point *gdb_points_watchpoint(const struct gdb_points *points,
                                              const struct gdb_access *access, uint32_t *address);

#endif
