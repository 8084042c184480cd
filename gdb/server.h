/* The socket of a session: TCP on 127.0.0.1, one client. Whoever can connect to it commands the
 * machine, and there is no password: it is for a host whose users trust each other (choice). */
#ifndef GDB_SERVER_H
#define GDB_SERVER_H

#include "base/fault.h"
#include "gdb/session.h"

struct gdb_server;

struct gdb_server_setup {
    uint16_t port; /* 0: any that is free */
    /* Whether all is to end, as by a signal; asked when a system call was interrupted, and while
     * the machine runs. NULL: it never is. */
    bool (*is_cancelled)(void *self);
    void *self;
};

/* Listens. NULL, with a fault: it cannot. */
struct gdb_server *gdb_server_open(struct arena *arena, const struct gdb_server_setup *setup,
                                   struct fault *fault);
uint16_t gdb_server_port(const struct gdb_server *server);

/* Waits for a client, and takes no other from then on. False: cancelled, or a fault. */
bool gdb_server_accept(struct gdb_server *server, struct fault *fault);

/* For physical_setup.is_interrupted, with the server as its `self`: the client has sent something
 * or has gone, or all is to end. */
bool gdb_server_is_calling(void *server);

enum gdb_departure {
    GDB_DEPARTURE_DETACHED,  /* the machine is to run on without a client */
    GDB_DEPARTURE_KILLED,    /* the client has ended the run */
    GDB_DEPARTURE_LOST,      /* the connection is gone, which ends the run, too (choice) */
    GDB_DEPARTURE_CANCELLED, /* is_cancelled said so */
};

/* Serves the client until it departs. */
enum gdb_departure gdb_server_attend(struct gdb_server *server, struct gdb_session *session);

void gdb_server_close(struct gdb_server *server);

#endif
