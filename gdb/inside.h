/* The inside of a session, shared by the files that make it up. */
#ifndef GDB_INSIDE_H
#define GDB_INSIDE_H

#include "gdb/packet.h"
#include "gdb/points.h"
#include "gdb/session.h"

struct gdb_session {
    struct gdb_setup setup;
    struct vamp_machine *machine;
    enum gdb_session_state state;

    struct gdb_reader reader;
    bool acknowledges, tells_software, tells_hardware; /* as agreed with the client */
    struct text_builder output;                        /* what was not sent yet */
    struct text_builder last;                          /* the last packet, should it get lost */
    unsigned resent_count;                             /* since the client's last good packet */
    struct text_builder reply;                         /* to the packet at hand ... */
    bool has_reply;                                    /* ... if it gets one at once */
    struct text_builder description;                   /* target.xml */

    struct gdb_points points;
    bool is_stepping;
    bool is_starting;         /* the client has said so, and no step was done yet */
    uint32_t stopped_dpc;     /* where the machine stopped last: a breakpoint there is passed */
    struct text_builder stop; /* the answer to "why do you stand still?" */
    struct physical_outcome outcome;
    struct fault fault;
};

/* How a stop is told; numbers of the protocol's own. */
enum gdb_signal {
    GDB_SIGNAL_INTERRUPT = 2,
    GDB_SIGNAL_TRAP = 5,
    GDB_SIGNAL_ABORT = 6,
    GDB_SIGNAL_BUS_ERROR = 10,
    GDB_SIGNAL_TIME_LIMIT = 24,
};

/* Error replies: E and the number of a Unix error, in decimal as other servers write it. */
enum gdb_error {
    GDB_ERROR_MEMORY = 14,   /* nothing is there */
    GDB_ERROR_BUSY = 16,     /* the machine runs */
    GDB_ERROR_ARGUMENT = 22, /* not understood, or out of its bounds */
    GDB_ERROR_SPACE = 28,    /* too many breakpoints and watchpoints */
};

/* session.c */
void gdb_send(struct gdb_session *session, struct text content);
/* A message for the user's eyes. */
void gdb_say(struct gdb_session *session, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* commands.c: what to reply to a packet; in `reply`. */
void gdb_answer(struct gdb_session *session, struct text packet);
void gdb_refuse(struct gdb_session *session, enum gdb_error error);

/* monitor.c: a command of the user's, as "monitor steps" sends it. */
void gdb_monitor(struct gdb_session *session, struct text line);

/* run.c: `reason` stands before the registers, "watch:00001000;". */
void gdb_stop(struct gdb_session *session, enum gdb_signal signal, const char *reason);
void gdb_describe_stop(struct gdb_session *session, enum gdb_signal signal, const char *reason);

#endif
