/* Breakpoints, watchpoints, going on and going away. */
#include "gdb/answer.h"
#include "gdb/hex.h"

/* ---- breakpoints and watchpoints ---- */

/* A kind that the protocol may have in days to come: the reply stays empty. */
static bool is_unknown_kind(struct text arguments)
{
    uint32_t kind;
    return gdb_take_number(&arguments, &kind) && kind >= GDB_POINT_KINDS;
}

/* "kind,address,size", and behind a breakpoint conditions, which were never offered. */
static bool take_point(struct text *rest, struct gdb_point *point)
{
    uint32_t kind;
    if (!gdb_take_number(rest, &kind) || kind >= GDB_POINT_KINDS || !gdb_take(rest, ',') ||
        !gdb_take_range(rest, &point->address, &point->size_bytes) || rest->length != 0)
        return false;
    point->kind = (enum gdb_point_kind)kind;
    bool is_breakpoint = point->kind <= GDB_POINT_HARDWARE;
    return is_breakpoint || (point->size_bytes != 0 &&
                             (uint64_t)point->address + point->size_bytes <= UINT64_C(1) << 32);
}

void gdb_answer_set_point(struct gdb_session *session, struct text arguments)
{
    struct gdb_point point;
    if (is_unknown_kind(arguments))
        return;
    if (!take_point(&arguments, &point))
        gdb_refuse(session, GDB_ERROR_ARGUMENT);
    else if (gdb_points_add(&session->points, point))
        gdb_agree(session);
    else
        gdb_refuse(session, GDB_ERROR_SPACE);
}

void gdb_answer_clear_point(struct gdb_session *session, struct text arguments)
{
    struct gdb_point point;
    if (is_unknown_kind(arguments))
        return;
    bool is_good = take_point(&arguments, &point);
    if (is_good)
        gdb_points_remove(&session->points, point);
    gdb_agree_if(session, is_good);
}

/* ---- running ---- */

void gdb_answer_why_stopped(struct gdb_session *session, struct text arguments)
{
    (void)arguments;
    text_append_bytes(&session->reply, session->stop.at, session->stop.length);
}

/* The reply comes with the stop. */
static void resume(struct gdb_session *session, bool is_stepping)
{
    session->has_reply = false;
    session->is_stepping = is_stepping;
    session->is_starting = true;
    session->state = GDB_SESSION_RUNNING;
}

/* "[address]" of c and s, behind "signal;" in C and S. No signal means anything to the machine. */
static void answer_resume(struct gdb_session *session, struct text arguments, bool is_stepping)
{
    uint32_t address;
    if (arguments.length != 0) {
        if (!gdb_take_number(&arguments, &address) || arguments.length != 0) {
            gdb_refuse(session, GDB_ERROR_ARGUMENT);
            return;
        }
        struct vamp_state *state = vamp_machine_state(session->machine);
        state->dpc = address;
        state->pcp = address + 4;
    }
    resume(session, is_stepping);
}

static void answer_signal(struct gdb_session *session, struct text arguments, bool is_stepping)
{
    unsigned char signal;
    bool is_good = gdb_take_byte(&arguments, &signal) &&
                   (arguments.length == 0 || (gdb_take(&arguments, ';') && arguments.length != 0));
    if (is_good)
        answer_resume(session, arguments, is_stepping);
    else
        gdb_refuse(session, GDB_ERROR_ARGUMENT);
}

void gdb_answer_continue(struct gdb_session *session, struct text arguments)
{
    answer_resume(session, arguments, false);
}

void gdb_answer_step(struct gdb_session *session, struct text arguments)
{
    answer_resume(session, arguments, true);
}

void gdb_answer_continue_with_signal(struct gdb_session *session, struct text arguments)
{
    answer_signal(session, arguments, false);
}

void gdb_answer_step_with_signal(struct gdb_session *session, struct text arguments)
{
    answer_signal(session, arguments, true);
}

void gdb_answer_actions_offered(struct gdb_session *session, struct text arguments)
{
    (void)arguments;
    text_append(&session->reply, "vCont;c;C;s;S");
}

/* One action of vCont: what it does, and whether it is for our thread. */
static bool take_action(struct text *rest, bool *is_stepping)
{
    unsigned char signal;
    bool has_signal = rest->length != 0 && (rest->at[0] == 'C' || rest->at[0] == 'S');
    *is_stepping = gdb_take(rest, 's') || gdb_take(rest, 'S');
    if (!*is_stepping && !gdb_take(rest, 'c') && !gdb_take(rest, 'C'))
        return false;
    return (!has_signal || gdb_take_byte(rest, &signal)) &&
           (!gdb_take(rest, ':') || gdb_take_thread(rest)) &&
           (rest->length == 0 || rest->at[0] == ';');
}

/* ";action[:thread]..." The first that is for a thread counts, and all are for the only one. */
void gdb_answer_actions(struct gdb_session *session, struct text arguments)
{
    bool is_stepping = false, is_later_stepping, is_good;
    is_good = gdb_take(&arguments, ';') && take_action(&arguments, &is_stepping);
    while (is_good && arguments.length != 0)
        is_good = gdb_take(&arguments, ';') && take_action(&arguments, &is_later_stepping);
    if (is_good)
        resume(session, is_stepping);
    else
        gdb_refuse(session, GDB_ERROR_ARGUMENT);
}

/* ---- leaving ---- */

void gdb_answer_detach(struct gdb_session *session, struct text arguments)
{
    (void)arguments;
    gdb_points_clear(&session->points);
    session->state = GDB_SESSION_DETACHED;
    gdb_agree(session);
}

void gdb_answer_kill(struct gdb_session *session, struct text arguments)
{
    (void)arguments;
    session->state = GDB_SESSION_KILLED;
    session->has_reply = false;
}

void gdb_answer_kill_process(struct gdb_session *session, struct text arguments)
{
    (void)arguments;
    session->state = GDB_SESSION_KILLED;
    gdb_agree(session);
}
