#include "tools/vouch_run_outside.h"

#include <stdio.h>
#include <string.h>

/* --- Disks --- */

/* FILE, FILE,snapshot or FILE,read-only */
static const char *parse_disk(struct arena *arena, const char *value, enum store_mode *mode)
{
    const char *comma = strrchr(value, ',');
    *mode = STORE_READ_WRITE;
    if (comma != NULL && strcmp(comma, ",snapshot") == 0)
        *mode = STORE_SNAPSHOT;
    else if (comma != NULL && strcmp(comma, ",read-only") == 0)
        *mode = STORE_READ_ONLY;
    else
        return value;
    return arena_copy(arena, value, (size_t)(comma - value));
}

static bool open_disk(struct run_outside *outside, struct arena *arena, enum run_device d,
                      const char *value, struct fault *fault)
{
    enum store_mode mode;
    if (value == NULL)
        return true;
    const char *path = parse_disk(arena, value, &mode);
    outside->files[d] = store_file_open(arena, path, mode, &outside->stores[d], fault);
    return outside->files[d] != NULL;
}

static void repeat_disk(struct run_outside *outside, struct arena *arena, enum run_device d,
                        const struct recording *recording)
{
    if (recording_setup(recording)->devices[d].sector_count != 0)
        outside->stores[d] = recording_store(recording, arena, d);
}

static bool open_disks(struct run_outside *outside, struct arena *arena,
                       const struct run_options *options, const struct recording *recording,
                       struct fault *fault)
{
    if (recording == NULL)
        return open_disk(outside, arena, RUN_SWAP_DISK, options->swap, fault) &&
               open_disk(outside, arena, RUN_SYSTEM_DISK, options->disk, fault);
    repeat_disk(outside, arena, RUN_SWAP_DISK, recording);
    repeat_disk(outside, arena, RUN_SYSTEM_DISK, recording);
    return true;
}

/* --- Hosts --- */

static struct host *open_network(struct arena *arena, const struct run_options *options,
                                 struct fault *fault)
{
    return options->network == NULL ? host_none(arena)
                                    : host_open_network(arena, options->network, fault);
}

static struct host *open_controller(struct arena *arena, const struct run_options *options,
                                    struct fault *fault)
{
    return options->controller == NULL ? host_none(arena)
                                       : host_open_controller(arena, options->controller, fault);
}

static bool open_hosts(struct run_outside *outside, struct arena *arena,
                       const struct run_options *options, struct fault *fault)
{
    const char *serial = options->serial == NULL ? "stdio" : options->serial;
    outside->hosts[RUN_NETWORK] = open_network(arena, options, fault);
    if (outside->hosts[RUN_NETWORK] == NULL)
        return false;
    outside->hosts[RUN_CONTROLLER] = open_controller(arena, options, fault);
    if (outside->hosts[RUN_CONTROLLER] == NULL)
        return false;
    outside->hosts[RUN_SERIAL] = host_open_serial(arena, serial, fault);
    if (outside->hosts[RUN_SERIAL] == NULL)
        return false;
    if (strcmp(serial, "pty") == 0)
        fprintf(stderr, "vouch run: the serial line is %s\n", outside->hosts[RUN_SERIAL]->name);
    return true;
}

/* --- All of it --- */

bool run_outside_open(struct run_outside *outside, struct arena *arena,
                      const struct run_options *options, const struct recording *recording,
                      struct fault *fault)
{
    *outside = (struct run_outside){0};
    return open_disks(outside, arena, options, recording, fault) &&
           open_hosts(outside, arena, options, fault);
}

struct bus run_outside_bus(const struct run_outside *outside, struct arena *arena)
{
    struct host *const *hosts = outside->hosts;
    struct bus bus = {{
        [RUN_TIMER] = device_new_timer(arena),
        [RUN_SERIAL] = device_new_serial(arena, hosts[RUN_SERIAL]->outlet),
        [RUN_NETWORK] = device_new_network(arena, hosts[RUN_NETWORK]->outlet),
        [RUN_CONTROLLER] = device_new_controller(arena, hosts[RUN_CONTROLLER]->outlet),
    }};
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        if (outside->stores[d].sector_count != 0)
            bus.devices[d] = device_new_disk(arena, outside->stores[d]);
    }
    return bus;
}

bool run_outside_close(struct run_outside *outside, struct fault *fault)
{
    bool is_all_there = true;
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        if (outside->hosts[d] != NULL)
            is_all_there = host_close(outside->hosts[d], fault) && is_all_there;
        if (outside->files[d] != NULL)
            store_file_close(outside->files[d]);
    }
    return is_all_there;
}
