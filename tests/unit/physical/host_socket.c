/* A cable of two Unix datagram sockets, both ends in one process. */
#include "host_rig.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { LONGEST = 1518 };

static struct host *end(struct host_rig *rig, const char *own, const char *peer)
{
    return host_rig_opened(rig, host_network_socket(rig->arena, host_rig_path(rig, own),
                                                    host_rig_path(rig, peer), &rig->fault));
}

static void check_frame(struct host *host, struct text frame)
{
    struct device_event event;
    cr_assert(host_await(host, &event));
    cr_assert_eq(event.kind, DEVICE_EVENT_FRAME);
    cr_assert(text_equals(event.content, frame));
}

Test(host_socket, frames_go_both_ways_and_keep_their_order)
{
    struct host_rig *rig = host_rig_new();
    struct host *left = end(rig, "left", "right"), *right = end(rig, "right", "left");
    char longest[LONGEST];
    for (unsigned i = 0; i < LONGEST; i++)
        longest[i] = (char)(i * 3);
    cr_assert(host_has_nothing(left) && host_has_nothing(right));
    host_send(left, text_of("one"));
    host_send(left, (struct text){longest, LONGEST});
    host_send(right, text_of("back"));
    check_frame(right, text_of("one"));
    check_frame(right, (struct text){longest, LONGEST});
    check_frame(left, text_of("back"));
    cr_assert(host_has_nothing(left) && host_has_nothing(right));
    cr_assert_not(left->inlet.is_exhausted(left->inlet.self), "more may always come");
    host_rig_close(rig, left);
    host_rig_close(rig, right);
    host_rig_free(rig);
}

Test(host_socket, frames_are_lost_while_nobody_is_at_the_other_end)
{
    struct host_rig *rig = host_rig_new();
    struct host *left = end(rig, "left", "right");
    host_send(left, text_of("lost"));
    struct host *right = end(rig, "right", "left");
    host_send(left, text_of("kept"));
    check_frame(right, text_of("kept"));
    host_rig_close(rig, right);
    host_send(left, text_of("lost again"));
    cr_assert_not(left->failure.is_set);
    host_rig_close(rig, left);
    host_rig_free(rig);
}

Test(host_socket, frames_are_lost_while_the_other_end_does_not_read)
{
    struct host_rig *rig = host_rig_new();
    struct host *left = end(rig, "left", "right"), *right = end(rig, "right", "left");
    for (unsigned i = 0; i < 20000; i++)
        host_send(left, (struct text){(const char *)&i, sizeof i});
    struct device_event event;
    unsigned count = 0;
    while (right->inlet.poll(right->inlet.self, &event)) {
        cr_assert_eq(memcmp(event.content.at, &count, sizeof count), 0);
        count++;
    }
    cr_assert(count > 0 && count < 20000);
    host_send(left, text_of("room again"));
    check_frame(right, text_of("room again"));
    host_rig_close(rig, left);
    host_rig_close(rig, right);
    host_rig_free(rig);
}

Test(host_socket, datagrams_that_are_no_frames_are_passed_over)
{
    struct host_rig *rig = host_rig_new();
    struct host *right = end(rig, "right", "left");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, right->name);
    int sender = socket(AF_UNIX, SOCK_DGRAM, 0);
    static const char bytes[65536];
    static const size_t lengths[] = {0, LONGEST + 1, 65536, 3, 0, LONGEST};
    for (unsigned i = 0; i < 6; i++)
        cr_assert_eq(
            sendto(sender, bytes, lengths[i], 0, (struct sockaddr *)&address, sizeof address),
            (ssize_t)lengths[i]);
    check_frame(right, (struct text){bytes, 3});
    check_frame(right, (struct text){bytes, LONGEST});
    cr_assert(host_has_nothing(right));
    close(sender);
    host_rig_close(rig, right);
    host_rig_free(rig);
}

Test(host_socket, descriptor_is_readable_once_a_frame_is_there)
{
    struct host_rig *rig = host_rig_new();
    struct host *left = end(rig, "left", "right"), *right = end(rig, "right", "left");
    host_rig_disturb();
    for (unsigned i = 0; i < 200; i++) {
        host_send(left, text_of("frame"));
        check_frame(right, text_of("frame"));
    }
    cr_assert_geq(right->inlet.descriptor, 0);
    cr_assert_eq(right->inlet.failure, &right->failure);
    host_rig_close(rig, left);
    host_rig_close(rig, right);
    host_rig_free(rig);
}

Test(host_socket, name_of_a_socket_that_was_left_behind_is_taken_over)
{
    struct host_rig *rig = host_rig_new();
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, host_rig_path(rig, "own"));
    int abandoned = socket(AF_UNIX, SOCK_DGRAM, 0);
    cr_assert_eq(bind(abandoned, (struct sockaddr *)&address, sizeof address), 0);
    host_rig_refused(rig, host_network_socket(rig->arena, address.sun_path, "peer", &rig->fault),
                     "cannot make a socket of this name");
    close(abandoned);
    struct host *host = end(rig, "own", "peer");
    host_rig_close(rig, host);
    cr_assert_neq(access(address.sun_path, F_OK), 0, "and removed at the end");
    host_rig_free(rig);
}

Test(host_socket, file_that_is_no_socket_is_left_alone)
{
    struct host_rig *rig = host_rig_new();
    const char *path = host_rig_path(rig, "file");
    host_rig_put(rig, path, text_of("precious"));
    host_rig_refused(rig, host_network_socket(rig->arena, path, "peer", &rig->fault),
                     "cannot make a socket of this name");
    cr_assert(text_is(host_rig_get(rig, path), "precious"));
    host_rig_free(rig);
}

Test(host_socket, socket_of_another_kind_is_left_alone)
{
    struct host_rig *rig = host_rig_new();
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, host_rig_path(rig, "stream"));
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    cr_assert_eq(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    cr_assert_eq(listen(listener, 1), 0);
    host_rig_refused(rig, host_network_socket(rig->arena, address.sun_path, "peer", &rig->fault),
                     "cannot make a socket of this name");
    cr_assert_eq(access(address.sun_path, F_OK), 0);
    close(listener);
    host_rig_free(rig);
}

Test(host_socket, names_that_do_not_fit_are_refused)
{
    struct host_rig *rig = host_rig_new();
    char name[200];
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    const char *good = host_rig_path(rig, "good");
    host_rig_refused(rig, host_network_socket(rig->arena, name, good, &rig->fault), "107 bytes");
    host_rig_refused(rig, host_network_socket(rig->arena, good, name, &rig->fault), "107 bytes");
    host_rig_refused(rig, host_network_socket(rig->arena, "", good, &rig->fault), "107 bytes");
    host_rig_refused(rig, host_network_socket(rig->arena, good, "", &rig->fault), "107 bytes");
    host_rig_free(rig);
}
