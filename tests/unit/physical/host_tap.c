/* An interface of the host, where making one is permitted. */
#include "host_rig.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOCAL_EXPERIMENT = 0x88B5, HEADER_BYTES = 14, FRAME_BYTES = 60, LONGEST = 1518 };

/* An interface that is up, and a socket that sees the frames of the experiment on it; false, where
 * that is not permitted. */
static bool join(struct host *host, int *descriptor)
{
    *descriptor = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(LOCAL_EXPERIMENT));
    struct ifreq request = {0};
    strcpy(request.ifr_name, host->name);
    request.ifr_flags = IFF_UP;
    if (*descriptor < 0 || ioctl(*descriptor, SIOCSIFFLAGS, &request) != 0 ||
        ioctl(*descriptor, SIOCGIFINDEX, &request) != 0)
        return false;
    struct sockaddr_ll address = {.sll_family = AF_PACKET,
                                  .sll_protocol = htons(LOCAL_EXPERIMENT),
                                  .sll_ifindex = request.ifr_ifindex};
    return bind(*descriptor, (struct sockaddr *)&address, sizeof address) == 0;
}

static struct text frame(char bytes[LONGEST], char filler, size_t length)
{
    memset(bytes, filler, length);
    memset(bytes, 0xFF, 6);
    bytes[12] = (char)(LOCAL_EXPERIMENT >> 8);
    bytes[13] = (char)(LOCAL_EXPERIMENT & 0xFF);
    return (struct text){bytes, length};
}

/* The next frame of the experiment; the host sends others of its own accord. */
static struct text await_frame(struct host *host)
{
    struct device_event event;
    do {
        cr_assert(host_await(host, &event));
        cr_assert_eq(event.kind, DEVICE_EVENT_FRAME);
    } while (event.content.length < HEADER_BYTES ||
             memcmp(event.content.at + 12, "\x88\xB5", 2) != 0);
    return event.content;
}

/* Nobody else's, be there other runs of these tests at the same time. */
static const char *own_name(struct host_rig *rig, unsigned number)
{
    return arena_printf(rig->arena, "vou%u-%d", number, (int)getpid() % 1000000);
}

Test(host_tap, frames_go_both_ways_where_it_is_permitted)
{
    struct host_rig *rig = host_rig_new();
    struct host *host = host_network_tap(rig->arena, own_name(rig, 1), &rig->fault);
    int wire;
    if (host == NULL || !join(host, &wire))
        cr_skip_test("no right to make an interface");
    char sent[LONGEST], received[LONGEST + 1];
    struct text out = frame(sent, 'o', FRAME_BYTES);
    host_send(host, out);
    ssize_t length = -1;
    for (unsigned tries = 0; tries < 1000 && length < 0; tries++) {
        length = recv(wire, received, sizeof received, 0);
        usleep(1000);
    }
    cr_assert(text_equals((struct text){received, (size_t)length}, out));
    for (size_t size = FRAME_BYTES; size <= 1514; size += 727) {
        struct text in = frame(sent, 'i', size);
        cr_assert_eq(send(wire, in.at, in.length, 0), (ssize_t)in.length);
        cr_assert(text_equals(await_frame(host), in));
    }
    close(wire);
    host_rig_close(rig, host);
    host_rig_free(rig);
}

/* Where it is permitted, an interface; else a fault that says what is not. */
Test(host_tap, interface_is_made_or_the_fault_says_why_not)
{
    struct host_rig *rig = host_rig_new();
    const char *name = own_name(rig, 0);
    struct host *host = host_network_tap(rig->arena, name, &rig->fault);
    if (host == NULL) {
        host_rig_refused(rig, host, "cannot");
    } else {
        cr_assert_str_eq(host->name, name);
        cr_assert(host_has_nothing(host), "the interface is down");
        char frame[60] = {0};
        host_send(host, (struct text){frame, sizeof frame});
        host_send(host, (struct text){frame, 1});
        host_rig_close(rig, host);
    }
    host_rig_free(rig);
}

Test(host_tap, names_that_do_not_fit_are_refused)
{
    struct host_rig *rig = host_rig_new();
    host_rig_refused(rig, host_network_tap(rig->arena, "", &rig->fault), "1 to 15 bytes");
    host_rig_refused(rig, host_network_tap(rig->arena, "sixteen-bytes-00", &rig->fault),
                     "1 to 15 bytes");
    host_rig_free(rig);
}
