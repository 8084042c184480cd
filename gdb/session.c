/* Between bytes and packets: acknowledgements, repetition, interrupts. */
#include "gdb/session.h"

#include "gdb/hex.h"
#include "gdb/inside.h"
#include "gdb/registers.h"

#include <stdarg.h>
#include <string.h>

enum {
    SLICE_STEPS_DEFAULT = 1000000,
    RESENT_MOST = 8,   /* a client that understands nothing is not told it for ever */
    SAID_BYTES = 4096, /* of one message's packet, before it doubles as hexadecimal */
};

struct gdb_session *gdb_session_new(struct arena *arena, const struct gdb_setup *setup)
{
    struct gdb_session *session = ARENA_NEW(arena, struct gdb_session);
    session->setup = *setup;
    if (session->setup.slice_steps == 0)
        session->setup.slice_steps = SLICE_STEPS_DEFAULT;
    session->machine = session->points.machine = physical_processor(setup->physical);
    session->acknowledges = true;
    session->output.arena = session->last.arena = session->reply.arena = arena;
    session->description.arena = session->stop.arena = arena;
    session->outcome.status = PHYSICAL_LIMIT;
    gdb_registers_describe(&session->description);
    gdb_describe_stop(session, GDB_SIGNAL_TRAP, "");
    return session;
}

struct text gdb_session_output(const struct gdb_session *session)
{
    return (struct text){text_built(&session->output), session->output.length};
}

void gdb_session_sent(struct gdb_session *session, size_t count)
{
    if (count == 0)
        return;
    session->output.length -= count;
    memmove(session->output.at, session->output.at + count, session->output.length);
}

enum gdb_session_state gdb_session_state(const struct gdb_session *session)
{
    return session->state;
}

struct physical_outcome gdb_session_outcome(const struct gdb_session *session)
{
    return session->outcome;
}

const struct fault *gdb_session_fault(const struct gdb_session *session)
{
    return &session->fault;
}

void gdb_send(struct gdb_session *session, struct text content)
{
    session->last.length = 0;
    gdb_packet_append(&session->last, content);
    text_append_bytes(&session->output, session->last.at, session->last.length);
}

static void send_message(struct gdb_session *session, struct text message)
{
    session->reply.length = 0;
    text_append(&session->reply, "O");
    gdb_append_bytes(&session->reply, message);
    gdb_send(session, (struct text){session->reply.at, session->reply.length});
    session->reply.length = 0;
}

/* The reply at hand must not have been begun: its room is used. */
void gdb_say(struct gdb_session *session, const char *format, ...)
{
    char message[SAID_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (length > 0)
        send_message(session, text_of(message));
}

static void acknowledge(struct gdb_session *session, const char *mark)
{
    if (session->acknowledges)
        text_append_bytes(&session->output, mark, 1);
}

static void reply(struct gdb_session *session)
{
    if (session->has_reply)
        gdb_send(session, (struct text){text_built(&session->reply), session->reply.length});
}

static void take_packet(struct gdb_session *session)
{
    session->resent_count = 0;
    session->reply.length = 0;
    session->has_reply = true;
    acknowledge(session, "+");
    gdb_answer(session, (struct text){session->reader.content, session->reader.length});
    reply(session);
}

/* What arrives whole and is no good gets an error; what is damaged is asked for again, where that
 * was not agreed away. */
static void take_bad_packet(struct gdb_session *session, bool is_damaged)
{
    acknowledge(session, is_damaged ? "-" : "+");
    if (is_damaged && session->acknowledges)
        return;
    session->reply.length = 0;
    session->has_reply = true;
    gdb_refuse(session, GDB_ERROR_ARGUMENT);
    reply(session);
}

static void send_again(struct gdb_session *session)
{
    if (!session->acknowledges || session->resent_count == RESENT_MOST)
        return;
    session->resent_count++;
    text_append_bytes(&session->output, text_built(&session->last), session->last.length);
}

static bool is_over(const struct gdb_session *session)
{
    return session->state == GDB_SESSION_DETACHED || session->state == GDB_SESSION_KILLED;
}

static void take(struct gdb_session *session, char byte)
{
    switch (gdb_reader_take(&session->reader, byte)) {
    case GDB_INPUT_NONE:
    case GDB_INPUT_ACK:
        return;
    case GDB_INPUT_PACKET:
        take_packet(session);
        return;
    case GDB_INPUT_DAMAGED:
        take_bad_packet(session, true);
        return;
    case GDB_INPUT_OVERSIZE:
        take_bad_packet(session, false);
        return;
    case GDB_INPUT_NAK:
        send_again(session);
        return;
    case GDB_INPUT_INTERRUPT:
        if (session->state == GDB_SESSION_RUNNING)
            gdb_stop(session, GDB_SIGNAL_INTERRUPT, "");
        return;
    }
}

void gdb_session_receive(struct gdb_session *session, struct text bytes)
{
    for (size_t i = 0; i < bytes.length && !is_over(session); i++)
        take(session, bytes.at[i]);
}
