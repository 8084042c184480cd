/* Groups of bus controllers, each node a process. */
#include "host_rig.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIMEOUT = 20000, MOST = 16 };

/* What one node does in each slot: returns the words of its message. */
struct plan {
    unsigned nodes, slots, starts;
    /* Words that `node` sends at slot start `start`; 0: none. */
    size_t (*message)(unsigned node, unsigned start, uint32_t words[64]);
    bool is_disturbed;
};

static void announce(struct host *host, uint32_t slot, const uint32_t *words, size_t count)
{
    unsigned char bytes[65 * 4];
    for (size_t i = 0; i <= count; i++) {
        uint32_t word = i == 0 ? slot : words[i - 1];
        for (unsigned k = 0; k < 4; k++)
            bytes[4 * i + k] = (unsigned char)(word >> 8 * k);
    }
    host_send(host, (struct text){(const char *)bytes, 4 * (count + 1)});
}

/* What is to be heard by `node`: the message of the only sender. */
static size_t expected(const struct plan *plan, unsigned node, unsigned start, uint32_t words[64])
{
    unsigned senders = 0;
    size_t count = 0;
    for (unsigned other = 0; other < plan->nodes; other++) {
        uint32_t message[64];
        size_t length = plan->message(other, start, message);
        if (length == 0)
            continue;
        senders++;
        count = other == node ? 0 : length;
        memcpy(words, message, sizeof message);
    }
    return senders == 1 ? count : 0;
}

static bool hears(struct host *host, uint32_t slot, const uint32_t *words, size_t count)
{
    struct device_event event;
    bool has_message = host->inlet.poll(host->inlet.self, &event);
    if (count == 0)
        return !has_message && host->inlet.is_exhausted(host->inlet.self);
    /* This host is little-endian, as are the words of a message. */
    return has_message && event.kind == DEVICE_EVENT_MESSAGE && event.number == slot &&
           event.content.length == 4 * count && memcmp(event.content.at, words, 4 * count) == 0 &&
           host_has_nothing(host);
}

/* 0: all was as expected. */
static int run_node(const struct plan *plan, const char *directory, unsigned node)
{
    struct fault fault = {0};
    struct host *host =
        host_controller_group(arena_new(), directory, node, plan->nodes, TIMEOUT, &fault);
    if (host == NULL)
        return 1;
    if (plan->is_disturbed)
        host_rig_disturb();
    srand(node);
    for (unsigned start = 0; start < plan->starts; start++) {
        uint32_t words[64];
        size_t count = plan->message(node, start, words);
        announce(host, start % plan->slots, words, count);
        if (host->failure.is_set)
            return 2;
        count = expected(plan, node, start, words);
        if (!hears(host, start % plan->slots, words, count))
            return 3;
        if (rand() % 50 == 0)
            poll(NULL, 0, 1);
    }
    return host_close(host, &fault) ? 0 : 4;
}

static void run_group(const struct plan *plan)
{
    struct host_rig *rig = host_rig_new();
    pid_t children[MOST];
    for (unsigned node = 0; node < plan->nodes; node++) {
        children[node] = fork();
        if (children[node] == 0)
            _exit(run_node(plan, rig->directory, node));
    }
    for (unsigned node = 0; node < plan->nodes; node++) {
        int status;
        cr_assert_eq(waitpid(children[node], &status, 0), children[node]);
        cr_assert(WIFEXITED(status));
        cr_assert_eq(WEXITSTATUS(status), 0, "node %u: %d", node, WEXITSTATUS(status));
    }
    host_rig_free(rig);
}

/* Slot n belongs to node n; lengths and contents vary. */
static size_t in_turn(unsigned node, unsigned start, uint32_t words[64])
{
    size_t count = start % 3 == node ? 1 + start % 64 : 0;
    for (size_t i = 0; i < 64; i++)
        words[i] = start * 0x01000193u + node * 7 + (uint32_t)i;
    return count;
}

Test(host_group, three_nodes_hear_each_message_in_its_slot)
{
    run_group(&(struct plan){.nodes = 3, .slots = 3, .starts = 1000, .message = in_turn});
}

Test(host_group, signals_disturb_nobody)
{
    run_group(&(struct plan){
        .nodes = 3, .slots = 3, .starts = 500, .message = in_turn, .is_disturbed = true});
}

Test(host_group, group_can_be_larger_than_a_sockets_queue)
{
    run_group(&(struct plan){.nodes = 16, .slots = 3, .starts = 100, .message = in_turn});
}

/* Now and then two or three send at once. */
static size_t at_random(unsigned node, unsigned start, uint32_t words[64])
{
    memset(words, (int)node, 64 * sizeof *words);
    return (start * 2654435761u >> (8 + node)) % 3 == 0 ? 2 : 0;
}

Test(host_group, messages_of_two_in_one_slot_destroy_each_other)
{
    run_group(&(struct plan){.nodes = 4, .slots = 5, .starts = 500, .message = at_random});
}

/* Later nodes end earlier; the others go on without them. */
static size_t ending(unsigned node, unsigned start, uint32_t words[64])
{
    words[0] = start;
    return start % 3 == node && start < 300 / (node + 1) ? 1 : 0;
}

Test(host_group, nodes_whose_machine_ended_are_not_waited_for)
{
    struct host_rig *rig = host_rig_new();
    pid_t children[3];
    for (unsigned node = 0; node < 3; node++) {
        struct plan plan = {.nodes = 3, .slots = 3, .starts = 300 / (node + 1), .message = ending};
        children[node] = fork();
        if (children[node] == 0)
            _exit(run_node(&plan, rig->directory, node));
    }
    for (unsigned node = 0; node < 3; node++) {
        int status;
        cr_assert_eq(waitpid(children[node], &status, 0), children[node]);
        cr_assert_eq(status, 0, "node %u", node);
    }
    host_rig_free(rig);
}

static struct host *node_of(struct host_rig *rig, unsigned node, unsigned nodes, unsigned timeout)
{
    return host_rig_opened(
        rig, host_controller_group(rig->arena, rig->directory, node, nodes, timeout, &rig->fault));
}

static void check_failure(struct host_rig *rig, struct host *host, const char *why)
{
    cr_assert(host->inlet.failure->is_set);
    cr_assert_not_null(strstr(host->failure.message, why), "%s", host->failure.message);
    announce(host, 0, NULL, 0);
    cr_assert(host_has_nothing(host));
    cr_assert_not(host_close(host, &rig->fault));
    rig->fault = (struct fault){0};
}

Test(host_group, node_that_never_comes_is_a_failure)
{
    struct host_rig *rig = host_rig_new();
    struct host *host = node_of(rig, 0, 2, 50);
    announce(host, 0, NULL, 0);
    check_failure(rig, host, "node 1 did not come to slot start 1 within 50 milliseconds");
    host_rig_free(rig);
}

/* A socket with the name of node 1, from which what `header` says has been sent to `host`. */
static int send_as_node_1(struct host_rig *rig, struct host *host, const uint32_t header[6])
{
    struct sockaddr_un own = {.sun_family = AF_UNIX}, address = {.sun_family = AF_UNIX};
    strcpy(own.sun_path, host_rig_path(rig, "node-1"));
    strcpy(address.sun_path, host->name);
    int node = socket(AF_UNIX, SOCK_DGRAM, 0);
    cr_assert_eq(bind(node, (struct sockaddr *)&own, sizeof own), 0);
    cr_assert_eq(sendto(node, header, 24, 0, (struct sockaddr *)&address, sizeof address), 24);
    return node;
}

/* Node 1 comes to slot start 1, and is gone without saying goodbye. */
Test(host_group, node_that_stays_away_later_is_a_failure)
{
    struct host_rig *rig = host_rig_new();
    struct host *host = node_of(rig, 0, 2, 200);
    int node = send_as_node_1(rig, host, (const uint32_t[]){0x56425553, 1, 2, 1, 0, 0});
    announce(host, 0, NULL, 0);
    cr_assert_not(host->failure.is_set, "%s", host->failure.message);
    close(node);
    announce(host, 1, NULL, 0);
    check_failure(rig, host, "node 1 did not come to slot start 2");
    host_rig_free(rig);
}

/* There is always another signal before the time for the next try has come. */
Test(host_group, signals_make_no_wait_endless)
{
    struct host_rig *rig = host_rig_new();
    struct host *host = node_of(rig, 0, 2, 50);
    host_rig_disturb();
    announce(host, 0, NULL, 0);
    check_failure(rig, host, "node 1 did not come to slot start 1 within 50 milliseconds");
    host_rig_free(rig);
}

static bool is_interrupted_at_the_third_time(void *self)
{
    return ++*(unsigned *)self == 3;
}

Test(host_group, waiting_ends_when_the_user_wants_it)
{
    struct host_rig *rig = host_rig_new();
    struct host *host = node_of(rig, 0, 2, TIMEOUT);
    unsigned times = 0;
    host->interrupter = (struct host_interrupter){&times, is_interrupted_at_the_third_time};
    announce(host, 0, NULL, 0);
    check_failure(rig, host, "interrupted while waiting for node 1");
    host_rig_free(rig);
}

Test(host_group, group_of_one_is_alone)
{
    struct host_rig *rig = host_rig_new();
    struct host *host = node_of(rig, 0, 1, 50);
    uint32_t word = 7;
    cr_assert(host->inlet.is_prompt, "messages come before the tick that ends their slot");
    for (unsigned i = 0; i < 10; i++) {
        announce(host, i % 2, &word, 1);
        cr_assert(host_has_nothing(host), "it does not hear itself");
    }
    host_rig_close(rig, host);
    host_rig_free(rig);
}

/* Sends `words` words from `header` on to node 0 of 2, which meets nobody else. */
static void check_stray(const uint32_t *header, size_t bytes, const char *why)
{
    struct host_rig *rig = host_rig_new();
    struct host *host = node_of(rig, 0, 2, TIMEOUT);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, host->name);
    int sender = socket(AF_UNIX, SOCK_DGRAM, 0);
    static char content[1000];
    memcpy(content, header, bytes < 24 ? bytes : 24);
    cr_assert_eq(sendto(sender, content, bytes, 0, (struct sockaddr *)&address, sizeof address),
                 (ssize_t)bytes);
    announce(host, 0, NULL, 0);
    check_failure(rig, host, why);
    close(sender);
    host_rig_free(rig);
}

Test(host_group, datagrams_of_others_are_a_failure)
{
    const uint32_t magic = 0x56425553;
    check_stray((uint32_t[]){magic, 1, 2, 1, 0, 0}, 0, "its length");
    check_stray((uint32_t[]){magic, 1, 2, 1, 0, 0}, 20, "its length");
    check_stray((uint32_t[]){magic, 1, 2, 1, 0, 0}, 27, "its length");
    check_stray((uint32_t[]){magic, 1, 2, 1, 0, 0}, 24 + 65 * 4, "its length");
    check_stray((uint32_t[]){magic ^ 1, 1, 2, 1, 0, 0}, 24, "something else");
    check_stray((uint32_t[]){magic, 2, 2, 1, 0, 0}, 24, "a node of another number");
    check_stray((uint32_t[]){magic, 0, 2, 1, 0, 0}, 24, "a node of another number");
    check_stray((uint32_t[]){magic, 1, 3, 1, 0, 0}, 24, "a group of another size");
    check_stray((uint32_t[]){magic, 1, 2, 3, 0, 0}, 24, "a slot of another time");
    check_stray((uint32_t[]){magic, 1, 2, 1, 1, 0}, 24, "a slot of another time");
}

Test(host_group, node_that_is_taken_is_refused)
{
    struct host_rig *rig = host_rig_new();
    struct host *host = node_of(rig, 0, 2, 50);
    host_rig_refused(rig, host_controller_group(rig->arena, rig->directory, 0, 2, 50, &rig->fault),
                     "cannot make a socket of this name");
    host_rig_close(rig, host);
    host_rig_free(rig);
}
