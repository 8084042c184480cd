#include "host_rig.h"

#include "base/file.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

struct host_rig *host_rig_new(void)
{
    struct arena *arena = arena_new();
    struct host_rig *rig = ARENA_NEW(arena, struct host_rig);
    char *directory = arena_printf(arena, "%s/vouch-host-XXXXXX", P_tmpdir);
    cr_assert_not_null(mkdtemp(directory));
    rig->arena = arena;
    rig->directory = directory;
    return rig;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

void host_rig_free(struct host_rig *rig)
{
    nftw(rig->directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    arena_free(rig->arena);
}

const char *host_rig_path(struct host_rig *rig, const char *name)
{
    return arena_printf(rig->arena, "%s/%s", rig->directory, name);
}

void host_rig_put(struct host_rig *rig, const char *path, struct text content)
{
    cr_assert(file_write(path, content, &rig->fault), "%s", rig->fault.message);
}

struct text host_rig_get(struct host_rig *rig, const char *path)
{
    struct text content;
    cr_assert(file_read(rig->arena, path, &content, &rig->fault), "%s", rig->fault.message);
    return content;
}

struct host *host_rig_opened(struct host_rig *rig, struct host *host)
{
    cr_assert_not_null(host, "%s", rig->fault.message);
    return host;
}

void host_rig_refused(struct host_rig *rig, struct host *host, const char *why)
{
    cr_assert_null(host);
    cr_assert(rig->fault.is_set);
    cr_assert_not_null(strstr(rig->fault.message, why), "`%s`, not `%s`", rig->fault.message, why);
    rig->fault = (struct fault){0};
}

void host_rig_close(struct host_rig *rig, struct host *host)
{
    cr_assert(host_close(host, &rig->fault), "%s", rig->fault.message);
}

void host_send(struct host *host, struct text content)
{
    host->outlet.send(host->outlet.self, content);
}

bool host_await(struct host *host, struct device_event *event)
{
    for (unsigned tries = 0; tries < 1000; tries++) {
        if (host->inlet.poll(host->inlet.self, event))
            return true;
        poll(NULL, 0, 1);
    }
    return false;
}

struct text host_await_bytes(struct host_rig *rig, struct host *host, size_t count)
{
    struct text_builder builder = {.arena = rig->arena};
    for (size_t i = 0; i < count; i++) {
        struct device_event event;
        cr_assert(host_await(host, &event), "after %zu bytes", i);
        cr_assert_eq(event.kind, DEVICE_EVENT_BYTE);
        cr_assert_lt(event.number, 256u);
        char byte = (char)event.number;
        text_append_bytes(&builder, &byte, 1);
    }
    return (struct text){text_built(&builder), builder.length};
}

bool host_has_nothing(struct host *host)
{
    struct device_event event;
    return !host->inlet.poll(host->inlet.self, &event);
}

static void do_nothing(int number)
{
    (void)number;
}

void host_rig_disturb(void)
{
    struct sigaction action = {.sa_handler = do_nothing}; /* without SA_RESTART */
    struct itimerval often = {{0, 1000}, {0, 1000}};
    cr_assert_eq(sigaction(SIGALRM, &action, NULL), 0);
    cr_assert_eq(setitimer(ITIMER_REAL, &often, NULL), 0);
}
