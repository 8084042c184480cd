#include "gdb/points.h"

static bool is_breakpoint(const struct gdb_point *point)
{
    return point->kind == GDB_POINT_SOFTWARE || point->kind == GDB_POINT_HARDWARE;
}

static bool equal(const struct gdb_point *left, const struct gdb_point *right)
{
    return left->kind == right->kind && left->address == right->address &&
           (is_breakpoint(left) || left->size_bytes == right->size_bytes);
}

const struct gdb_point *gdb_points_breakpoint(const struct gdb_points *points, uint32_t address)
{
    for (size_t i = 0; i < points->count; i++) {
        if (is_breakpoint(&points->at[i]) && points->at[i].address == address)
            return &points->at[i];
    }
    return NULL;
}

bool gdb_points_add(struct gdb_points *points, struct gdb_point point)
{
    for (size_t i = 0; i < points->count; i++) {
        if (equal(&points->at[i], &point))
            return true;
    }
    if (points->count == GDB_POINTS_MOST)
        return false;
    if (is_breakpoint(&point) && gdb_points_breakpoint(points, point.address) == NULL)
        vamp_machine_add_breakpoint(points->machine, point.address);
    points->at[points->count++] = point;
    return true;
}

/* The machine keeps a breakpoint as long as one of both kinds is left. */
void gdb_points_remove(struct gdb_points *points, struct gdb_point point)
{
    size_t kept = 0;
    for (size_t i = 0; i < points->count; i++) {
        if (!equal(&points->at[i], &point))
            points->at[kept++] = points->at[i];
    }
    bool was_there = kept < points->count;
    points->count = kept;
    if (was_there && is_breakpoint(&point) && gdb_points_breakpoint(points, point.address) == NULL)
        vamp_machine_remove_breakpoint(points->machine, point.address);
}

void gdb_points_clear(struct gdb_points *points)
{
    while (points->count > 0)
        gdb_points_remove(points, points->at[points->count - 1]);
}

bool gdb_points_have_watchpoint(const struct gdb_points *points)
{
    for (size_t i = 0; i < points->count; i++) {
        if (!is_breakpoint(&points->at[i]))
            return true;
    }
    return false;
}

static bool watches(const struct gdb_point *point, bool is_store)
{
    switch (point->kind) {
    case GDB_POINT_WRITE:
        return is_store;
    case GDB_POINT_READ:
        return !is_store;
    case GDB_POINT_ACCESS:
        return true;
    case GDB_POINT_SOFTWARE:
    case GDB_POINT_HARDWARE:
    case GDB_POINT_KINDS:
        return false;
    }
    return false;
}

const struct gdb_point *gdb_points_watchpoint(const struct gdb_points *points,
                                              const struct gdb_access *access, uint32_t *address)
{
    uint64_t access_end = (uint64_t)access->address + access->size_bytes;
    for (size_t i = 0; i < points->count; i++) {
        const struct gdb_point *point = &points->at[i];
        uint64_t end = (uint64_t)point->address + point->size_bytes;
        if (watches(point, access->is_store) && access->address < end &&
            point->address < access_end) {
            *address = point->address > access->address ? point->address : access->address;
            return point;
        }
    }
    return NULL;
}
