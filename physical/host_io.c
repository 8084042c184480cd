#include "physical/host_io.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* How long a patient wait goes without asking whether it is to end. */
enum { SLICE_MILLISECONDS = 100 };

bool host_fault_errno(struct fault *fault, const char *path, const char *doing)
{
    return fault_at(fault, (struct location){path, 0, 0}, "cannot %s: %s", doing, strerror(errno));
}

uint64_t host_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Each time only what is left: a wait that began anew with each signal might never end. */
bool host_wait(int descriptor, short events, int timeout_milliseconds)
{
    struct pollfd waited = {.fd = descriptor, .events = events};
    uint64_t now = host_milliseconds(), end = now + (uint64_t)timeout_milliseconds;
    int count;
    do {
        count = poll(&waited, 1, now < end ? (int)(end - now) : 0);
        now = host_milliseconds();
    } while (count < 0 && errno == EINTR && now < end);
    return count > 0 || (count < 0 && errno != EINTR);
}

static bool is_later(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

enum host_io host_read_byte(int descriptor, unsigned char *byte)
{
    if (!host_wait(descriptor, POLLIN, 0))
        return HOST_IO_LATER;
    ssize_t count = read(descriptor, byte, 1);
    if (count < 0)
        return is_later(errno) ? HOST_IO_LATER : HOST_IO_FAILED;
    return count == 0 ? HOST_IO_ENDED : HOST_IO_DONE;
}

bool host_is_interrupted(const struct host *host)
{
    const struct host_interrupter *interrupter = &host->interrupter;
    return interrupter->is_interrupted != NULL && interrupter->is_interrupted(interrupter->self);
}

/* True: it is worth another try. */
static bool wait_for_room(int descriptor, int timeout_milliseconds)
{
    if (timeout_milliseconds >= 0)
        return host_wait(descriptor, POLLOUT, timeout_milliseconds);
    host_wait(descriptor, POLLOUT, SLICE_MILLISECONDS);
    return true;
}

enum host_io host_write_all(int descriptor, struct text content, int timeout_milliseconds,
                            const struct host *host)
{
    size_t written = 0;
    while (written < content.length) {
        ssize_t count = write(descriptor, content.at + written, content.length - written);
        if (count >= 0) {
            written += (size_t)count;
            continue;
        }
        if (!is_later(errno))
            return HOST_IO_FAILED;
        bool is_full = errno != EINTR;
        if (host_is_interrupted(host)) {
            errno = EINTR;
            return HOST_IO_FAILED;
        }
        if (is_full && !wait_for_room(descriptor, timeout_milliseconds))
            return HOST_IO_LATER;
    }
    return HOST_IO_DONE;
}

bool host_socket_address(const char *path, struct sockaddr_un *address, struct fault *fault)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof address->sun_path)
        return fault_at(fault, (struct location){path, 0, 0},
                        "the name of a socket has 1 to %zu bytes", sizeof address->sun_path - 1);
    memcpy(address->sun_path, path, length + 1);
    return true;
}

/* A socket that was left behind by a process that is gone. */
static bool is_abandoned(int probe, const char *path, const struct sockaddr_un *address)
{
    struct stat status;
    if (lstat(path, &status) != 0 || !S_ISSOCK(status.st_mode))
        return false;
    return connect(probe, (const struct sockaddr *)address, sizeof *address) != 0 &&
           errno == ECONNREFUSED;
}

static bool take_name(int descriptor, const char *path, const struct sockaddr_un *address)
{
    if (bind(descriptor, (const struct sockaddr *)address, sizeof *address) == 0)
        return true;
    if (errno != EADDRINUSE || !is_abandoned(descriptor, path, address)) {
        errno = EADDRINUSE;
        return false;
    }
    return unlink(path) == 0 &&
           bind(descriptor, (const struct sockaddr *)address, sizeof *address) == 0;
}

int host_socket_bind(const char *path, struct fault *fault)
{
    struct sockaddr_un address;
    if (!host_socket_address(path, &address, fault))
        return -1;
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor >= 0 && take_name(descriptor, path, &address))
        return descriptor;
    host_fault_errno(fault, path, "make a socket of this name");
    if (descriptor >= 0)
        close(descriptor);
    return -1;
}
