/* A network cable between two machines: each has a Unix datagram socket and knows the other's. */
#include "physical/host.h"
#include "physical/host_io.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FRAME_BYTES = 1518 };

struct cable {
    struct host host;
    int descriptor;
    const char *own;
    struct sockaddr_un peer;
    char frame[FRAME_BYTES + 1];
};

/* The other machine is not there (yet, or any more), or does not get round to reading. */
static bool is_lost(int error)
{
    return error == ENOENT || error == ECONNREFUSED || error == EAGAIN || error == EWOULDBLOCK ||
           error == ENOBUFS;
}

static void send_frame(void *self, struct text content)
{
    struct cable *cable = self;
    ssize_t sent;
    do {
        sent = sendto(cable->descriptor, content.at, content.length, MSG_NOSIGNAL,
                      (const struct sockaddr *)&cable->peer, sizeof cable->peer);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0 && !is_lost(errno))
        host_fault_errno(&cable->host.failure, cable->peer.sun_path, "send to this socket");
}

/* What is no frame, from whomever, is passed over. */
static bool poll_frame(void *self, struct device_event *event)
{
    struct cable *cable = self;
    for (;;) {
        ssize_t length = recv(cable->descriptor, cable->frame, sizeof cable->frame, 0);
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
            host_fault_errno(&cable->host.failure, cable->own, "receive from this socket");
        if (length < 0)
            return false;
        if (length == 0 || length > FRAME_BYTES)
            continue;
        *event = (struct device_event){.kind = DEVICE_EVENT_FRAME,
                                       .content = {cable->frame, (size_t)length}};
        return true;
    }
}

static bool is_broken(void *self)
{
    return ((const struct cable *)self)->host.failure.is_set;
}

static void close_cable(struct host *self)
{
    struct cable *cable = (struct cable *)self;
    close(cable->descriptor);
    unlink(cable->own);
}

struct host *host_network_socket(struct arena *arena, const char *own, const char *peer,
                                 struct fault *fault)
{
    struct cable *cable = ARENA_NEW(arena, struct cable);
    if (!host_socket_address(peer, &cable->peer, fault))
        return NULL;
    cable->own = text_copy(arena, text_of(own));
    cable->descriptor = host_socket_bind(own, fault);
    if (cable->descriptor < 0)
        return NULL;
    cable->host.name = cable->own;
    cable->host.close = close_cable;
    cable->host.outlet = (struct device_outlet){.self = cable, .send = send_frame};
    cable->host.inlet = (struct oracle_inlet){.self = cable,
                                              .poll = poll_frame,
                                              .is_exhausted = is_broken,
                                              .descriptor = cable->descriptor,
                                              .failure = &cable->host.failure};
    return &cable->host;
}
