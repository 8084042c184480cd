/* Several machines joined by their bus controllers. Each node has a datagram socket in a directory
 * of theirs. At each slot start a node sends to all others what it sends in that slot, or that it
 * sends nothing, and waits until it has the same from all others: so slot n begins for all of them
 * together, and no message can be late.
 *
 * A datagram is little-endian words: magic, node, nodes, slot starts so far in two words (0: the
 * node leaves), slot, and the words of the message. */
#include "physical/host.h"
#include "physical/host_io.h"

#include "base/file.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAGIC = 0x56425553, HEADER_WORDS = 6, MESSAGE_WORDS = 64, WORD_BYTES = 4 };
enum { DATAGRAM_BYTES = (HEADER_WORDS + MESSAGE_WORDS) * WORD_BYTES };
/* How long to wait before a peer is tried again that has no socket yet, or no room in it. */
enum { RETRY_MILLISECONDS = 5, WAIT_MILLISECONDS = 100, LEAVE_MILLISECONDS = 1000 };

/* What a peer does in one slot. */
struct part {
    bool has_come;
    uint32_t slot;
    size_t length_bytes; /* 0: it sends nothing */
    char bytes[MESSAGE_WORDS * WORD_BYTES];
};

struct peer {
    struct sockaddr_un address;
    bool has_left;
    bool is_told; /* it has our part of this slot */
    /* By the lowest bit of the slot's count: of this slot, and of the next, which a peer can be
     * in already while we still wait for a third. */
    struct part parts[2];
};

struct group {
    struct host host;
    int descriptor;
    unsigned node, nodes, timeout_milliseconds;
    uint64_t count; /* slot starts so far */
    struct peer peers[HOST_GROUP_NODES];
    const struct part *received; /* the message of this slot, until it is fetched */
    size_t datagram_bytes;
    char datagram[DATAGRAM_BYTES];
};

static uint32_t word_at(const char *at)
{
    const unsigned char *bytes = (const unsigned char *)at;
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void put_word(char *at, uint32_t word)
{
    for (unsigned i = 0; i < WORD_BYTES; i++)
        at[i] = (char)(word >> i * 8);
}

static bool is_waited_for(const struct group *group, unsigned node)
{
    return node != group->node && !group->peers[node].has_left;
}

/* ---- sending */

static void put_datagram(struct group *group, uint64_t count, uint32_t slot, struct text message)
{
    const uint32_t header[HEADER_WORDS] = {
        MAGIC, group->node, group->nodes, (uint32_t)count, (uint32_t)(count >> 32), slot};
    for (unsigned i = 0; i < HEADER_WORDS; i++)
        put_word(group->datagram + i * WORD_BYTES, header[i]);
    memcpy(group->datagram + HEADER_WORDS * WORD_BYTES, message.at, message.length);
    group->datagram_bytes = HEADER_WORDS * WORD_BYTES + message.length;
}

enum told { TOLD, TOLD_ABSENT, TOLD_FULL, TOLD_FAILED };

static enum told tell_peer(struct group *group, const struct peer *peer)
{
    ssize_t sent;
    do {
        sent = sendto(group->descriptor, group->datagram, group->datagram_bytes, MSG_NOSIGNAL,
                      (const struct sockaddr *)&peer->address, sizeof peer->address);
    } while (sent < 0 && errno == EINTR);
    if (sent >= 0)
        return TOLD;
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)
        return TOLD_FULL;
    return errno == ENOENT || errno == ECONNREFUSED ? TOLD_ABSENT : TOLD_FAILED;
}

/* A peer that is not there yet, or has no room, is tried again later. */
static void tell_peers(struct group *group)
{
    for (unsigned node = 0; node < group->nodes; node++) {
        struct peer *peer = &group->peers[node];
        if (!is_waited_for(group, node) || peer->is_told)
            continue;
        enum told told = tell_peer(group, peer);
        peer->is_told = told == TOLD;
        if (told == TOLD_FAILED)
            host_fault_errno(&group->host.failure, peer->address.sun_path, "send to this socket");
    }
}

/* ---- receiving */

static bool refuse_datagram(struct group *group, const char *why)
{
    return fault_at(&group->host.failure, (struct location){group->host.name, 0, 0},
                    "a datagram that is none of this group's: %s", why);
}

/* False, with a failure: not of this group, or of a slot that its sender cannot be in. */
static bool take_datagram(struct group *group, const char *bytes, size_t length)
{
    size_t header = HEADER_WORDS * WORD_BYTES;
    if (length < header || length > DATAGRAM_BYTES || length % WORD_BYTES != 0)
        return refuse_datagram(group, "its length");
    uint32_t node = word_at(bytes + 4);
    uint64_t count = word_at(bytes + 12) | (uint64_t)word_at(bytes + 16) << 32;
    if (word_at(bytes) != MAGIC)
        return refuse_datagram(group, "it begins with something else");
    if (word_at(bytes + 8) != group->nodes || node >= group->nodes || node == group->node)
        return refuse_datagram(group, "a node of another number, or of a group of another size");
    if (count == 0) {
        group->peers[node].has_left = true;
        return true;
    }
    if (count - group->count > 1)
        return refuse_datagram(group, "a slot of another time (all nodes are to begin together)");
    struct part *part = &group->peers[node].parts[count & 1];
    *part = (struct part){
        .has_come = true, .slot = word_at(bytes + 20), .length_bytes = length - header};
    memcpy(part->bytes, bytes + header, part->length_bytes);
    return true;
}

static void take_datagrams(struct group *group)
{
    char bytes[DATAGRAM_BYTES + 1];
    while (!group->host.failure.is_set) {
        ssize_t length = recv(group->descriptor, bytes, sizeof bytes, 0);
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
            host_fault_errno(&group->host.failure, group->host.name, "receive from this socket");
        if (length < 0)
            return;
        take_datagram(group, bytes, (size_t)length);
    }
}

/* ---- the meeting at a slot start */

/* The first node whose part has not come, or that does not have ours; `nodes` if there is none. */
static unsigned first_missing(const struct group *group)
{
    unsigned node = 0;
    for (; node < group->nodes; node++) {
        const struct peer *peer = &group->peers[node];
        if (is_waited_for(group, node) &&
            !(peer->is_told && peer->parts[group->count & 1].has_come))
            break;
    }
    return node;
}

static bool is_all_told(const struct group *group)
{
    for (unsigned node = 0; node < group->nodes; node++) {
        if (is_waited_for(group, node) && !group->peers[node].is_told)
            return false;
    }
    return true;
}

/* With a failure: time is up, or the user wants no more of it. */
static bool is_given_up(struct group *group, unsigned missing, uint64_t now, uint64_t deadline)
{
    struct location where = {group->host.name, 0, 0};
    if (host_is_interrupted(&group->host))
        fault_at(&group->host.failure, where, "interrupted while waiting for node %u", missing);
    else if (now >= deadline)
        fault_at(&group->host.failure, where,
                 "node %u did not come to slot start %llu within %u milliseconds", missing,
                 (unsigned long long)group->count, group->timeout_milliseconds);
    return group->host.failure.is_set;
}

static void meet(struct group *group)
{
    uint64_t deadline = host_milliseconds() + group->timeout_milliseconds;
    for (;;) {
        tell_peers(group);
        take_datagrams(group);
        unsigned missing = first_missing(group);
        if (group->host.failure.is_set || missing == group->nodes)
            return;
        uint64_t now = host_milliseconds();
        if (is_given_up(group, missing, now, deadline))
            return;
        uint64_t left = deadline - now;
        uint64_t most = is_all_told(group) ? WAIT_MILLISECONDS : RETRY_MILLISECONDS;
        host_wait(group->descriptor, POLLIN, (int)(left < most ? left : most));
    }
}

/* What is to be heard in this slot: the one message that is sent. Two destroy each other. */
static const struct part *heard(const struct group *group, bool is_sending)
{
    const struct part *found = NULL;
    unsigned senders = is_sending ? 1 : 0;
    for (unsigned node = 0; node < group->nodes; node++) {
        const struct part *part = &group->peers[node].parts[group->count & 1];
        if (!part->has_come || part->length_bytes == 0)
            continue;
        found = part;
        senders++;
    }
    return senders == 1 ? found : NULL;
}

static void begin_slot(void *self, struct text content)
{
    struct group *group = self;
    if (group->host.failure.is_set)
        return;
    struct text message = {content.at + WORD_BYTES, content.length - WORD_BYTES};
    unsigned before = group->count & 1;
    group->count++;
    for (unsigned node = 0; node < group->nodes; node++) {
        group->peers[node].is_told = false;
        group->peers[node].parts[before].has_come = false;
    }
    put_datagram(group, group->count, word_at(content.at), message);
    meet(group);
    group->received = group->host.failure.is_set ? NULL : heard(group, message.length > 0);
}

static bool poll_message(void *self, struct device_event *event)
{
    struct group *group = self;
    const struct part *part = group->received;
    if (part == NULL)
        return false;
    group->received = NULL;
    *event = (struct device_event){.kind = DEVICE_EVENT_MESSAGE,
                                   .number = part->slot,
                                   .content = {part->bytes, part->length_bytes}};
    return true;
}

/* Nothing comes but at a slot start. */
static bool has_nothing(void *self)
{
    return ((const struct group *)self)->received == NULL;
}

/* ---- coming and going */

/* Says so to all that are still there; one that has no room for a second is not told. */
static void leave(struct group *group)
{
    put_datagram(group, 0, 0, (struct text){"", 0});
    uint64_t deadline = host_milliseconds() + LEAVE_MILLISECONDS;
    for (unsigned node = 0; node < group->nodes; node++) {
        while (is_waited_for(group, node) && tell_peer(group, &group->peers[node]) == TOLD_FULL &&
               host_milliseconds() < deadline)
            poll(NULL, 0, RETRY_MILLISECONDS);
    }
}

static void close_group(struct host *self)
{
    struct group *group = (struct group *)self;
    leave(group);
    close(group->descriptor);
    unlink(group->host.name);
}

static bool open_sockets(struct group *group, struct arena *arena, const char *directory,
                         struct fault *fault)
{
    if (!file_make_directory(directory, fault))
        return false;
    for (unsigned node = 0; node < group->nodes; node++) {
        const char *path = arena_printf(arena, "%s/node-%u", directory, node);
        if (!host_socket_address(path, &group->peers[node].address, fault))
            return false;
    }
    group->host.name = arena_printf(arena, "%s/node-%u", directory, group->node);
    group->descriptor = host_socket_bind(group->host.name, fault);
    return group->descriptor >= 0;
}

struct host *host_controller_group(struct arena *arena, const char *directory, unsigned node,
                                   unsigned nodes, unsigned timeout_milliseconds,
                                   struct fault *fault)
{
    struct group *group = ARENA_NEW(arena, struct group);
    group->node = node;
    group->nodes = nodes;
    group->timeout_milliseconds = timeout_milliseconds;
    if (!open_sockets(group, arena, directory, fault))
        return NULL;
    group->host.close = close_group;
    group->host.outlet = (struct device_outlet){.self = group, .send = begin_slot};
    group->host.inlet = (struct oracle_inlet){.self = group,
                                              .poll = poll_message,
                                              .is_exhausted = has_nothing,
                                              .descriptor = -1,
                                              .is_prompt = true,
                                              .failure = &group->host.failure};
    return &group->host;
}
