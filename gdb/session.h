/* A debugger's session with a machine: bytes of the protocol in, bytes out, and in between the
 * machine runs, a slice at a time. It knows nothing of sockets (server.h). docs/GDB.md says what
 * is supported.
 *
 * Whatever a client sends, the session goes on or ends in one of the ways below. */
#ifndef GDB_SESSION_H
#define GDB_SESSION_H

#include "base/text.h"
#include "physical/physical.h"

struct gdb_session;

enum gdb_session_state {
    GDB_SESSION_STOPPED,  /* the machine waits for the client */
    GDB_SESSION_RUNNING,  /* gdb_session_run is to be called */
    GDB_SESSION_DETACHED, /* the client has left: the machine is to run on without it */
    GDB_SESSION_KILLED,   /* the client wants the machine to end */
};

struct gdb_setup {
    struct physical *physical;
    uint64_t max_steps; /* of the machine, all of its steps counted */
    /* At most so many between two looks at what the client sends; 0: a default. */
    uint64_t slice_steps;
    bool is_plain; /* run by vamp_step alone */
};

struct gdb_session *gdb_session_new(struct arena *arena, const struct gdb_setup *setup);

void gdb_session_receive(struct gdb_session *session, struct text bytes);
/* What is to be sent. It stays until it is taken away, from the front. */
struct text gdb_session_output(const struct gdb_session *session);
void gdb_session_sent(struct gdb_session *session, size_t count);

enum gdb_session_state gdb_session_state(const struct gdb_session *session);
/* A slice of a run; without effect in other states than RUNNING. */
void gdb_session_run(struct gdb_session *session);

/* How the last run of the machine ended; PHYSICAL_LIMIT where none has. */
struct physical_outcome gdb_session_outcome(const struct gdb_session *session);
/* Why it is PHYSICAL_FAILED. */
const struct fault *gdb_session_fault(const struct gdb_session *session);

#endif
