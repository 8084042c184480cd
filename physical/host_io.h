/* Reading, writing and waiting on descriptors, with interrupted calls taken up again. */
#ifndef PHYSICAL_HOST_IO_H
#define PHYSICAL_HOST_IO_H

#include "physical/host.h"

#include <sys/un.h>

/* Always false: `errno` of what was being done with a file. */
bool host_fault_errno(struct fault *fault, const char *path, const char *doing);

enum host_io { HOST_IO_DONE, HOST_IO_LATER, HOST_IO_ENDED, HOST_IO_FAILED };

/* One byte, if it is there now. */
enum host_io host_read_byte(int descriptor, unsigned char *byte);

/* All of it; waits for at most `timeout_milliseconds` (-1: as long as it takes) each time that
 * there is no room. LATER: the rest is lost. FAILED with EINTR: the user wants the run to end. */
enum host_io host_write_all(int descriptor, struct text content, int timeout_milliseconds,
                            const struct host *host);

bool host_is_interrupted(const struct host *host);

/* By a clock that only goes forward. */
uint64_t host_milliseconds(void);

/* Waits until `events` of poll(2) are there; false: time is up, whatever signals come. */
bool host_wait(int descriptor, short events, int timeout_milliseconds);

/* A non-blocking datagram socket with the name `path`; -1, with a fault. The name of a socket that
 * nobody has open any more is taken over. */
int host_socket_bind(const char *path, struct fault *fault);
bool host_socket_address(const char *path, struct sockaddr_un *address, struct fault *fault);

#endif
