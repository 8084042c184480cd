#include "tools/vouch_run_outside.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- Disks --- */

/* FILE, and after commas: snapshot, read-only, and the sectors of which the medium is broken. */
struct disk_value {
    const char *path;
    enum store_mode mode;
    ARRAY(struct store_defect) defects;
};

/* "FIRST" or "FIRST-LAST" */
static bool parse_sectors(const char *text, struct store_defect *defect)
{
    char *end;
    if (!isdigit((unsigned char)*text))
        return false;
    unsigned long long first = strtoull(text, &end, 10), last = first;
    if (*end == '-' && isdigit((unsigned char)end[1]))
        last = strtoull(end + 1, &end, 10);
    if (*end != '\0' || first > last || last >= STORE_MAX_SECTORS)
        return false;
    defect->first = (uint32_t)first;
    defect->count = (uint32_t)(last - first + 1);
    return true;
}

/* What stands after the last comma; false: nothing that is known, so it belongs to the path. */
static bool parse_suffix(struct arena *arena, const char *suffix, struct disk_value *value)
{
    static const struct {
        const char *name;
        bool fails_read, fails_write;
    } kinds[] = {{"bad=", true, true}, {"unreadable=", true, false}, {"unwritable=", false, true}};
    if (strcmp(suffix, "snapshot") == 0) {
        value->mode = STORE_SNAPSHOT;
        return true;
    }
    if (strcmp(suffix, "read-only") == 0) {
        value->mode = STORE_READ_ONLY;
        return true;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t length = strlen(kinds[i].name);
        struct store_defect defect = {.fails_read = kinds[i].fails_read,
                                      .fails_write = kinds[i].fails_write};
        if (strncmp(suffix, kinds[i].name, length) == 0 &&
            parse_sectors(suffix + length, &defect)) {
            ARRAY_PUSH(arena, &value->defects, defect);
            return true;
        }
    }
    return false;
}

static struct disk_value parse_disk(struct arena *arena, const char *text)
{
    struct disk_value value = {.path = text, .mode = STORE_READ_WRITE};
    const char *comma = strrchr(value.path, ',');
    while (comma != NULL && parse_suffix(arena, comma + 1, &value)) {
        value.path = arena_copy(arena, value.path, (size_t)(comma - value.path));
        comma = strrchr(value.path, ',');
    }
    return value;
}

static bool open_disk(struct run_outside *outside, struct arena *arena, enum run_device d,
                      const char *text, struct fault *fault)
{
    struct device_store *store = &outside->stores[d];
    if (text == NULL)
        return true;
    struct disk_value value = parse_disk(arena, text);
    outside->files[d] = store_file_open(arena, value.path, value.mode, store, fault);
    if (outside->files[d] != NULL && value.defects.count != 0)
        *store = store_defective_new(arena, *store, value.defects.at, value.defects.count);
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
