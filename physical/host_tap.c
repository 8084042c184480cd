/* A network interface of the host (Linux TAP): what the host sends there comes in. */
#include "physical/host.h"
#include "physical/host_io.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { FRAME_BYTES = 1518, READ_BYTES = 65536 };

static const char device_path[] = "/dev/net/tun";

struct tap {
    struct host host;
    int descriptor;
    char name[IFNAMSIZ];
    char frame[READ_BYTES];
};

/* The interface is down, has no room, or the frame is none for it: lost, as on a wire. */
static bool is_lost(int error)
{
    return error == EIO || error == EAGAIN || error == EWOULDBLOCK || error == EINVAL ||
           error == ENOBUFS || error == ENOMEM;
}

static void send_frame(void *self, struct text content)
{
    struct tap *tap = self;
    ssize_t written;
    do {
        written = write(tap->descriptor, content.at, content.length);
    } while (written < 0 && errno == EINTR);
    if (written < 0 && !is_lost(errno))
        host_fault_errno(&tap->host.failure, tap->name, "write to this interface");
}

/* Frames longer than the device knows are passed over. EIO: the interface is down. */
static bool poll_frame(void *self, struct device_event *event)
{
    struct tap *tap = self;
    for (;;) {
        ssize_t length = read(tap->descriptor, tap->frame, sizeof tap->frame);
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0 && !is_lost(errno))
            host_fault_errno(&tap->host.failure, tap->name, "read from this interface");
        if (length <= 0)
            return false;
        if (length > FRAME_BYTES)
            continue;
        *event = (struct device_event){.kind = DEVICE_EVENT_FRAME,
                                       .content = {tap->frame, (size_t)length}};
        return true;
    }
}

static bool is_broken(void *self)
{
    return ((const struct tap *)self)->host.failure.is_set;
}

static void close_tap(struct host *self)
{
    close(((struct tap *)self)->descriptor);
}

static bool open_interface(struct tap *tap, const char *name, struct fault *fault)
{
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
    size_t length = strlen(name);
    if (length == 0 || length >= IFNAMSIZ)
        return fault_at(fault, (struct location){0},
                        "the name of an interface has 1 to %d bytes: `%s`", IFNAMSIZ - 1, name);
    memcpy(tap->name, name, length);
    memcpy(request.ifr_name, name, length);
    tap->descriptor = open(device_path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (tap->descriptor < 0)
        return host_fault_errno(fault, device_path, "open");
    if (ioctl(tap->descriptor, TUNSETIFF, &request) == 0)
        return true;
    host_fault_errno(fault, tap->name, "make this interface");
    close(tap->descriptor);
    return false;
}

struct host *host_network_tap(struct arena *arena, const char *name, struct fault *fault)
{
    struct tap *tap = ARENA_NEW(arena, struct tap);
    if (!open_interface(tap, name, fault))
        return NULL;
    tap->host.name = tap->name;
    tap->host.close = close_tap;
    tap->host.outlet = (struct device_outlet){.self = tap, .send = send_frame};
    tap->host.inlet = (struct oracle_inlet){.self = tap,
                                            .poll = poll_frame,
                                            .is_exhausted = is_broken,
                                            .descriptor = tap->descriptor,
                                            .failure = &tap->host.failure};
    return &tap->host;
}
