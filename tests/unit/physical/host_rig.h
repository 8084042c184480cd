/* Host sides under test: a directory of their own, and events as the oracle fetches them. */
#ifndef TESTS_UNIT_PHYSICAL_HOST_RIG_H
#define TESTS_UNIT_PHYSICAL_HOST_RIG_H

#include "physical/host.h"

struct host_rig {
    struct arena *arena;
    struct fault fault;
    const char *directory;
};

struct host_rig *host_rig_new(void);
/* Removes the directory and what is in it. */
void host_rig_free(struct host_rig *rig);

/* A path in the directory. */
const char *host_rig_path(struct host_rig *rig, const char *name);
void host_rig_put(struct host_rig *rig, const char *path, struct text content);
struct text host_rig_get(struct host_rig *rig, const char *path);

/* The host, which must have been opened; or the fault of one that must not. */
struct host *host_rig_opened(struct host_rig *rig, struct host *host);
void host_rig_refused(struct host_rig *rig, struct host *host, const char *why);
/* Closes it; nothing must have gone wrong. */
void host_rig_close(struct host_rig *rig, struct host *host);

void host_send(struct host *host, struct text content);
/* False: nothing came within a second. */
bool host_await(struct host *host, struct device_event *event);
/* What `count` byte events brought. */
struct text host_await_bytes(struct host_rig *rig, struct host *host, size_t count);
bool host_has_nothing(struct host *host);

/* A signal every millisecond, which interrupts system calls. */
void host_rig_disturb(void);

#endif
