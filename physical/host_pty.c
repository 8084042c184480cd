/* A serial line on a pseudo-terminal. */
#include "physical/host.h"
#include "physical/host_io.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { PATIENCE_MILLISECONDS = 1000, NAME_BYTES = 128 };
enum { CLOSING_MILLISECONDS = 2000, QUIET_MILLISECONDS = 250 };

struct pty {
    struct host host;
    int master;
    int slave;         /* held open, so that settings last and reading never hangs up */
    bool is_abandoned; /* nobody reads: bytes are lost without waiting, until one is taken */
    char slave_name[NAME_BYTES];
};

static void send_bytes(void *self, struct text content)
{
    struct pty *pty = self;
    if (pty->host.failure.is_set)
        return;
    int patience = pty->is_abandoned ? 0 : PATIENCE_MILLISECONDS;
    enum host_io written = host_write_all(pty->master, content, patience, &pty->host);
    if (written == HOST_IO_FAILED)
        host_fault_errno(&pty->host.failure, pty->slave_name, "write");
    pty->is_abandoned = written == HOST_IO_LATER;
}

static bool poll_byte(void *self, struct device_event *event)
{
    struct pty *pty = self;
    unsigned char byte;
    enum host_io read = host_read_byte(pty->master, &byte);
    if (read == HOST_IO_FAILED)
        host_fault_errno(&pty->host.failure, pty->slave_name, "read");
    if (read == HOST_IO_DONE)
        *event = (struct device_event){.kind = DEVICE_EVENT_BYTE, .number = byte};
    return read == HOST_IO_DONE;
}

/* Someone may always come. */
static bool has_ended(void *self)
{
    return ((const struct pty *)self)->host.failure.is_set;
}

/* What is not read when the master closes is gone: whoever reads gets the time to do so. The kernel
 * passes bytes on in its own time, so only a while without any means that there are none. */
static void let_others_read(const struct pty *pty)
{
    uint64_t now = host_milliseconds(), end = now + CLOSING_MILLISECONDS, seen = now;
    while (now < end && now < seen + QUIET_MILLISECONDS) {
        int left;
        if (pty->is_abandoned || ioctl(pty->slave, FIONREAD, &left) != 0)
            return;
        if (left != 0)
            seen = now;
        poll(NULL, 0, 1);
        now = host_milliseconds();
    }
}

static void close_pty(struct host *self)
{
    struct pty *pty = (struct pty *)self;
    if (pty->slave >= 0)
        let_others_read(pty);
    if (pty->slave >= 0)
        close(pty->slave);
    if (pty->master >= 0)
        close(pty->master);
}

static bool open_slave(struct pty *pty)
{
    if (grantpt(pty->master) != 0 || unlockpt(pty->master) != 0 ||
        ptsname_r(pty->master, pty->slave_name, sizeof pty->slave_name) != 0)
        return false;
    pty->slave = open(pty->slave_name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct termios settings;
    if (pty->slave < 0 || tcgetattr(pty->slave, &settings) != 0)
        return false;
    cfmakeraw(&settings);
    return tcsetattr(pty->slave, TCSANOW, &settings) == 0 &&
           fcntl(pty->master, F_SETFL, O_NONBLOCK) == 0;
}

struct host *host_serial_pty(struct arena *arena, struct fault *fault)
{
    struct pty *pty = ARENA_NEW(arena, struct pty);
    pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    pty->slave = -1;
    if (pty->master < 0 || !open_slave(pty)) {
        host_fault_errno(fault, "/dev/ptmx", "open a pseudo-terminal");
        close_pty(&pty->host);
        return NULL;
    }
    pty->host.name = pty->slave_name;
    pty->host.close = close_pty;
    pty->host.outlet = (struct device_outlet){.self = pty, .send = send_bytes};
    pty->host.inlet = (struct oracle_inlet){.self = pty,
                                            .poll = poll_byte,
                                            .is_exhausted = has_ended,
                                            .descriptor = pty->master,
                                            .failure = &pty->host.failure};
    return &pty->host;
}
