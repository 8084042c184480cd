/* Running the machine, and telling why it stopped. */
#include "gdb/session.h"

#include "gdb/hex.h"
#include "gdb/inside.h"
#include "gdb/registers.h"

#include <inttypes.h>
#include <stdio.h>

/* Step by step it takes about that much longer. */
enum { WATCHED_SLOWER = 50 };

static void append_register(struct text_builder *into, const struct vamp_state *state,
                            unsigned number)
{
    text_append(into, "%02x:", number);
    gdb_append_word(into, gdb_register_read(state, number));
    text_append(into, ";");
}

void gdb_describe_stop(struct gdb_session *session, enum gdb_signal signal, const char *reason)
{
    const struct vamp_state *state = vamp_machine_state(session->machine);
    session->state = GDB_SESSION_STOPPED;
    session->stopped_dpc = state->dpc;
    session->stop.length = 0;
    text_append(&session->stop, "T%02x%s", (unsigned)signal, reason);
    append_register(&session->stop, state, GDB_REGISTER_DPC);
    append_register(&session->stop, state, GDB_REGISTER_PCP);
    text_append(&session->stop, "thread:1;");
}

static void send_stop(struct gdb_session *session)
{
    gdb_send(session, (struct text){session->stop.at, session->stop.length});
}

void gdb_stop(struct gdb_session *session, enum gdb_signal signal, const char *reason)
{
    gdb_describe_stop(session, signal, reason);
    send_stop(session);
}

/* The machine can do no more: W is an exit, X a death. A client that goes on all the same, after a
 * reset perhaps, hears what comes of it. */
static void finish(struct gdb_session *session, const char *letter_and_code)
{
    session->state = GDB_SESSION_STOPPED;
    session->stopped_dpc = vamp_machine_state(session->machine)->dpc;
    session->stop.length = 0;
    text_append(&session->stop, "%s", letter_and_code);
    send_stop(session);
}

static void stop_at_breakpoint(struct gdb_session *session)
{
    uint32_t dpc = vamp_machine_state(session->machine)->dpc;
    const struct gdb_point *point = gdb_points_breakpoint(&session->points, dpc);
    const char *reason = "";
    if (point != NULL && point->kind == GDB_POINT_SOFTWARE && session->tells_software)
        reason = "swbreak:;";
    if (point != NULL && point->kind == GDB_POINT_HARDWARE && session->tells_hardware)
        reason = "hwbreak:;";
    gdb_stop(session, GDB_SIGNAL_TRAP, reason);
}

static bool is_at_breakpoint(const struct gdb_session *session)
{
    uint32_t dpc = vamp_machine_state(session->machine)->dpc;
    return gdb_points_breakpoint(&session->points, dpc) != NULL;
}

/* All is well: the steps are done, or the machine is at a breakpoint, which need not be the
 * client's. */
static void conclude_steps(struct gdb_session *session)
{
    if (session->is_stepping)
        gdb_stop(session, GDB_SIGNAL_TRAP, "");
    else if (session->outcome.status == PHYSICAL_BREAKPOINT || is_at_breakpoint(session))
        stop_at_breakpoint(session);
}

static void conclude(struct gdb_session *session)
{
    uint64_t steps = physical_steps(session->setup.physical);
    const char *name = physical_status_name(session->outcome.status);
    char message[256];
    switch (session->outcome.status) {
    case PHYSICAL_LIMIT:
    case PHYSICAL_BREAKPOINT:
        conclude_steps(session);
        return;
    case PHYSICAL_HALTED:
    case PHYSICAL_IDLE:
        gdb_say(session, "%s after %" PRIu64 " steps\n", name, steps);
        finish(session, "W00");
        return;
    case PHYSICAL_STOPPED:
        vamp_diagnosis_print(&session->outcome.diagnosis, message, sizeof message);
        gdb_say(session, "stopped after %" PRIu64 " steps: %s\n", steps, message);
        gdb_stop(session, GDB_SIGNAL_BUS_ERROR, "");
        return;
    case PHYSICAL_ORACLE_END:
        gdb_say(session, "the recording ends after %" PRIu64 " steps\n", steps);
        gdb_stop(session, GDB_SIGNAL_TRAP, "");
        return;
    case PHYSICAL_INTERRUPTED: /* the client says something, which will be heard now */
        return;
    case PHYSICAL_FAILED:
        gdb_say(session, "failed after %" PRIu64 " steps: %s\n", steps, session->fault.message);
        finish(session, "X06");
        return;
    }
}

static void run_steps(struct gdb_session *session, uint64_t count)
{
    session->outcome =
        physical_run(session->setup.physical, count, session->setup.is_plain, &session->fault);
}

/* Before: the registers before a step with an access. A reset leaves the instruction undone. */
static bool was_reset(const struct vamp_state *before, const struct vamp_state *after)
{
    return after->dpc == 0 && after->pcp == 4 && after->spr[VAMP_SPR_ECA] == 1 &&
           after->spr[VAMP_SPR_MODE] == 0 && after->spr[VAMP_SPR_EDPC] == before->dpc &&
           after->spr[VAMP_SPR_EPC] == before->pcp;
}

static const char *name_of_watchpoint(enum gdb_point_kind kind)
{
    if (kind == GDB_POINT_READ)
        return "rwatch";
    return kind == GDB_POINT_ACCESS ? "awatch" : "watch";
}

/* One step under watchpoints: the access is known before it, and told after it. */
static void run_watched_step(struct gdb_session *session)
{
    struct vamp_state before = *vamp_machine_state(session->machine);
    struct gdb_access access;
    uint32_t address;
    const struct gdb_point *hit = NULL;
    if (gdb_memory_next_access(session->machine, &access))
        hit = gdb_points_watchpoint(&session->points, &access, &address);
    run_steps(session, 1);
    bool is_done =
        session->outcome.status == PHYSICAL_LIMIT || session->outcome.status == PHYSICAL_BREAKPOINT;
    if (hit == NULL || !is_done || was_reset(&before, vamp_machine_state(session->machine))) {
        conclude(session);
        return;
    }
    char reason[32];
    snprintf(reason, sizeof reason, "%s:%08" PRIx32 ";", name_of_watchpoint(hit->kind), address);
    gdb_stop(session, GDB_SIGNAL_TRAP, reason);
}

static void run_watched(struct gdb_session *session, uint64_t count)
{
    for (uint64_t i = 0; i < count && session->state == GDB_SESSION_RUNNING; i++)
        run_watched_step(session);
}

/* A run passes the breakpoint where the machine stopped, but not one to which the client moved
 * dpc meanwhile. */
static bool is_moved_to_breakpoint(struct gdb_session *session)
{
    bool is_starting = session->is_starting;
    session->is_starting = false;
    return is_starting && !session->is_stepping && is_at_breakpoint(session) &&
           vamp_machine_state(session->machine)->dpc != session->stopped_dpc;
}

void gdb_session_run(struct gdb_session *session)
{
    if (session->state != GDB_SESSION_RUNNING)
        return;
    if (is_moved_to_breakpoint(session)) {
        stop_at_breakpoint(session);
        return;
    }
    uint64_t steps = physical_steps(session->setup.physical);
    uint64_t limit = session->setup.max_steps, slice = session->setup.slice_steps;
    if (steps >= limit) {
        gdb_say(session, "the limit of %" PRIu64 " steps is reached\n", limit);
        session->outcome = (struct physical_outcome){.status = PHYSICAL_LIMIT};
        gdb_stop(session, GDB_SIGNAL_TIME_LIMIT, "");
        return;
    }
    slice = slice < limit - steps ? slice : limit - steps;
    if (session->is_stepping) {
        run_watched(session, 1);
    } else if (gdb_points_have_watchpoint(&session->points)) {
        run_watched(session, slice / WATCHED_SLOWER + 1);
    } else {
        run_steps(session, slice);
        conclude(session);
    }
}
