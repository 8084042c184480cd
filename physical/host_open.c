/* What the user writes behind --serial, --network and --controller. */
#include "physical/host.h"

#include "base/array.h"

#include <string.h>

enum { GROUP_SECONDS = 10, GROUP_SECONDS_MAX = 86400 };

static void send_nowhere(void *self, struct text content)
{
    (void)self;
    (void)content;
}

static void close_nothing(struct host *self)
{
    (void)self;
}

struct host *host_none(struct arena *arena)
{
    struct host *host = ARENA_NEW(arena, struct host);
    host->name = "none";
    host->close = close_nothing;
    host->outlet = (struct device_outlet){.self = host, .send = send_nowhere};
    host->inlet.descriptor = -1;
    return host;
}

bool host_close(struct host *host, struct fault *fault)
{
    host->close(host);
    if (host->failure.is_set && !fault->is_set)
        *fault = host->failure;
    return !host->failure.is_set;
}

/* "kind" or "kind:part,part,…" */
enum { PARTS = 4 };
struct request {
    const char *text;
    const char *kind;
    const char *parts[PARTS];
    unsigned count;
};

/* False: too many parts. */
static bool divide(struct request *request, struct arena *arena, const char *text)
{
    *request = (struct request){.text = text};
    char *rest = text_copy(arena, text_of(text));
    request->kind = strsep(&rest, ":");
    while (rest != NULL) {
        if (request->count == PARTS)
            return false;
        request->parts[request->count++] = strsep(&rest, ",");
    }
    return true;
}

static bool is_kind(const struct request *request, const char *kind, unsigned parts)
{
    return strcmp(request->kind, kind) == 0 && request->count == parts;
}

static struct host *refuse(const struct request *request, const char *known, struct fault *fault)
{
    fault_at(fault, (struct location){0}, "`%s` is none of: %s", request->text, known);
    return NULL;
}

/* An empty path is none. */
static const char *path(const char *part)
{
    return part[0] != '\0' ? part : NULL;
}

struct host *host_open_serial(struct arena *arena, const char *text, struct fault *fault)
{
    struct request request;
    if (divide(&request, arena, text)) {
        if (is_kind(&request, "none", 0))
            return host_none(arena);
        if (is_kind(&request, "stdio", 0))
            return host_serial_stdio(arena, fault);
        if (is_kind(&request, "pty", 0))
            return host_serial_pty(arena, fault);
        if (is_kind(&request, "file", 2))
            return host_serial_files(arena, path(request.parts[0]), path(request.parts[1]), fault);
    }
    return refuse(&request, "none, stdio, pty, file:INPUT,OUTPUT", fault);
}

struct host *host_open_network(struct arena *arena, const char *text, struct fault *fault)
{
    struct request request;
    if (divide(&request, arena, text)) {
        if (is_kind(&request, "none", 0))
            return host_none(arena);
        if (is_kind(&request, "pcap", 2))
            return host_network_pcap(arena, path(request.parts[0]), path(request.parts[1]), fault);
        if (is_kind(&request, "socket", 2))
            return host_network_socket(arena, request.parts[0], request.parts[1], fault);
        if (is_kind(&request, "tap", 1))
            return host_network_tap(arena, request.parts[0], fault);
    }
    return refuse(&request, "none, pcap:INPUT,OUTPUT, socket:OWN,PEER, tap:NAME", fault);
}

static bool parse_number(const char *part, uint32_t most, uint32_t *number)
{
    return part[0] >= '0' && part[0] <= '9' && text_to_word(text_of(part), number) &&
           *number <= most;
}

static struct host *open_group(struct arena *arena, const struct request *request,
                               struct fault *fault)
{
    uint32_t node, nodes, seconds = GROUP_SECONDS;
    bool is_right = parse_number(request->parts[1], HOST_GROUP_NODES, &node) &&
                    parse_number(request->parts[2], HOST_GROUP_NODES, &nodes) && node < nodes;
    if (request->count == 4)
        is_right = is_right && parse_number(request->parts[3], GROUP_SECONDS_MAX, &seconds);
    if (is_right)
        return host_controller_group(arena, request->parts[0], node, nodes, seconds * 1000, fault);
    fault_at(fault, (struct location){0},
             "`%s`: nodes are numbered from 0, at most %d of them; at most %d seconds",
             request->text, HOST_GROUP_NODES, GROUP_SECONDS_MAX);
    return NULL;
}

struct host *host_open_controller(struct arena *arena, const char *text, struct fault *fault)
{
    struct request request;
    if (divide(&request, arena, text)) {
        if (is_kind(&request, "none", 0))
            return host_none(arena);
        if (is_kind(&request, "group", 3) || is_kind(&request, "group", 4))
            return open_group(arena, &request, fault);
    }
    return refuse(&request, "none, group:DIRECTORY,NODE,NODES[,SECONDS]", fault);
}
