/* What the user may write for a device's outside. */
#include "host_rig.h"

#include <criterion/criterion.h>
#include <string.h>

Test(host_open, none_takes_what_is_sent_and_brings_nothing)
{
    struct host_rig *rig = host_rig_new();
    struct host *hosts[] = {host_open_serial(rig->arena, "none", &rig->fault),
                            host_open_network(rig->arena, "none", &rig->fault),
                            host_open_controller(rig->arena, "none", &rig->fault)};
    for (unsigned i = 0; i < 3; i++) {
        struct host *host = host_rig_opened(rig, hosts[i]);
        host_send(host, text_of("text"));
        cr_assert_null(host->inlet.poll);
        cr_assert_eq(host->inlet.descriptor, -1);
        host_rig_close(rig, host);
    }
    host_rig_free(rig);
}

Test(host_open, every_kind_is_known_by_its_name)
{
    struct host_rig *rig = host_rig_new();
    struct arena *arena = rig->arena;
    const char *directory = rig->directory;
    struct host *hosts[] = {
        host_open_serial(arena, "pty", &rig->fault),
        host_open_serial(arena, arena_printf(arena, "file:,%s/out", directory), &rig->fault),
        host_open_serial(arena, "file:/dev/null,", &rig->fault),
        host_open_network(arena, arena_printf(arena, "pcap:,%s/out.pcap", directory), &rig->fault),
        host_open_network(arena, arena_printf(arena, "socket:%s/a,%s/b", directory, directory),
                          &rig->fault),
        host_open_controller(arena, arena_printf(arena, "group:%s/g,0,1", directory), &rig->fault),
        host_open_controller(arena, arena_printf(arena, "group:%s/h,2,3,5", directory),
                             &rig->fault),
    };
    for (unsigned i = 0; i < sizeof hosts / sizeof *hosts; i++)
        host_rig_close(rig, host_rig_opened(rig, hosts[i]));
    host_rig_free(rig);
}

Test(host_open, anything_else_is_refused_with_what_is_known)
{
    static const char *const texts[] = {
        "",       "stdi",       "stdio:",
        "none:x", "pty:a",      "file",
        "file:a", "file:a,b,c", "pcap",
        "pcap:a", "pcap:a,b,c", "socket:a",
        "tap",    "tap:a,b",    "group",
        "group:", "group:a,0",  "group:a,0,1,2,3",
        "Stdio",  ":",          "file:a,b,c,d,e,f,g",
    };
    struct host_rig *rig = host_rig_new();
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
        host_rig_refused(rig, host_open_serial(rig->arena, texts[i], &rig->fault), "is none of");
        host_rig_refused(rig, host_open_network(rig->arena, texts[i], &rig->fault), "is none of");
        host_rig_refused(rig, host_open_controller(rig->arena, texts[i], &rig->fault),
                         "is none of");
    }
    host_rig_free(rig);
}

Test(host_open, groups_without_such_a_node_are_refused)
{
    static const char *const texts[] = {
        "group:d,1,1", "group:d,0,0",       "group:d,-1,3", "group:d,0,65", "group:d,x,3",
        "group:d,,3",  "group:d,0,3,86401", "group:d,0,3,", "group:d,0,3x", "group:d,+1,3",
    };
    struct host_rig *rig = host_rig_new();
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++)
        host_rig_refused(rig, host_open_controller(rig->arena, texts[i], &rig->fault),
                         "numbered from 0");
    host_rig_free(rig);
}
