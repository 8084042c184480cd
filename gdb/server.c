#include "gdb/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct gdb_server {
    struct gdb_server_setup setup;
    int listener, client; /* -1: none */
    uint16_t port;
};

enum { RECEIVED_BYTES = 4096 };

static bool fail(struct fault *fault, const char *what)
{
    return fault_at(fault, (struct location){.file = "gdb"}, "%s: %s", what, strerror(errno));
}

/* The address of a port of this host, seen from this host alone. */
static struct sockaddr_in address_of(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static bool listen_at(struct gdb_server *server, uint16_t port, struct fault *fault)
{
    struct sockaddr_in address = address_of(port);
    socklen_t length = sizeof address;
    int on = 1;
    if (setsockopt(server->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        bind(server->listener, (struct sockaddr *)&address, sizeof address) < 0 ||
        listen(server->listener, 1) < 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &length) < 0)
        return fail(fault, "cannot listen");
    server->port = ntohs(address.sin_port);
    return true;
}

struct gdb_server *gdb_server_open(struct arena *arena, const struct gdb_server_setup *setup,
                                   struct fault *fault)
{
    struct gdb_server *server = ARENA_NEW(arena, struct gdb_server);
    *server = (struct gdb_server){.setup = *setup, .client = -1};
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server->listener < 0) {
        fail(fault, "no socket");
        return NULL;
    }
    if (listen_at(server, setup->port, fault))
        return server;
    gdb_server_close(server);
    return NULL;
}

uint16_t gdb_server_port(const struct gdb_server *server)
{
    return server->port;
}

static void close_descriptor(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

void gdb_server_close(struct gdb_server *server)
{
    close_descriptor(&server->listener);
    close_descriptor(&server->client);
}

static bool is_cancelled(const struct gdb_server *server)
{
    return server->setup.is_cancelled != NULL && server->setup.is_cancelled(server->setup.self);
}

bool gdb_server_accept(struct gdb_server *server, struct fault *fault)
{
    int on = 1;
    while (server->client < 0 && !is_cancelled(server)) {
        server->client = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
        if (server->client < 0 && errno != EINTR && errno != ECONNABORTED)
            return fail(fault, "cannot accept a connection");
    }
    close_descriptor(&server->listener);
    if (server->client >= 0)
        setsockopt(server->client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return server->client >= 0;
}

bool gdb_server_is_calling(void *self)
{
    const struct gdb_server *server = self;
    struct pollfd descriptor = {.fd = server->client, .events = POLLIN};
    return poll(&descriptor, 1, 0) > 0 || is_cancelled(server);
}

static bool is_only_late(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* False: the client is gone. */
static bool send_some(int client, struct gdb_session *session)
{
    struct text output = gdb_session_output(session);
    ssize_t count = send(client, output.at, output.length, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0)
        return is_only_late();
    gdb_session_sent(session, (size_t)count);
    return true;
}

static bool receive_some(int client, struct gdb_session *session)
{
    char bytes[RECEIVED_BYTES];
    ssize_t count = recv(client, bytes, sizeof bytes, MSG_DONTWAIT);
    if (count < 0)
        return is_only_late();
    gdb_session_receive(session, (struct text){bytes, (size_t)count});
    return count > 0;
}

/* Waits until there is something to do, and does it. First of all what was said has to be sent: a
 * client that does not read it is not listened to, nor does the machine run for it. */
static bool serve_some(int client, struct gdb_session *session)
{
    bool has_output = gdb_session_output(session).length != 0;
    bool is_running = !has_output && gdb_session_state(session) == GDB_SESSION_RUNNING;
    struct pollfd descriptor = {.fd = client, .events = has_output ? POLLOUT : POLLIN};
    int count = poll(&descriptor, 1, is_running ? 0 : -1);
    if (count < 0)
        return is_only_late();
    if (count > 0 && !(has_output ? send_some(client, session) : receive_some(client, session)))
        return false;
    if (gdb_session_output(session).length == 0)
        gdb_session_run(session);
    return true;
}

static bool has_departed(const struct gdb_session *session)
{
    enum gdb_session_state state = gdb_session_state(session);
    bool is_over = state == GDB_SESSION_DETACHED || state == GDB_SESSION_KILLED;
    return is_over && gdb_session_output(session).length == 0;
}

enum gdb_departure gdb_server_attend(struct gdb_server *server, struct gdb_session *session)
{
    bool is_there = true, is_to_end = false;
    while (is_there && !is_to_end && !has_departed(session)) {
        is_there = serve_some(server->client, session);
        is_to_end = is_cancelled(server);
    }
    close_descriptor(&server->client);
    switch (gdb_session_state(session)) {
    case GDB_SESSION_DETACHED:
        return GDB_DEPARTURE_DETACHED;
    case GDB_SESSION_KILLED:
        return GDB_DEPARTURE_KILLED;
    case GDB_SESSION_STOPPED:
    case GDB_SESSION_RUNNING:
        break;
    }
    return is_to_end ? GDB_DEPARTURE_CANCELLED : GDB_DEPARTURE_LOST;
}
