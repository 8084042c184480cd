/* What happened to the physical machine's devices, in its order, until it has happened to the
 * abstract machine's too. Device 1 is not in it: nobody sees it on the abstract side. */
#include "base/require.h"
#include "cosim/lockstep.h"

#include <string.h>

static size_t keep_content(struct cosim *cosim, struct text content)
{
    size_t at = cosim->log.contents.count;
    for (size_t i = 0; i < content.length; i++)
        ARRAY_PUSH(cosim->arena, &cosim->log.contents, content.at[i]);
    return at;
}

void log_access(struct cosim *cosim, enum log_kind kind, uint64_t step, uint32_t address,
                uint32_t word)
{
    unsigned device = (address - BUS_ADDRESS) / BUS_WINDOW_BYTES;
    if (device == CVM_HIDDEN_DEVICE)
        return;
    struct log_entry entry = {.kind = kind,
                              .device = device,
                              .step = step,
                              .port = address % BUS_WINDOW_BYTES / 4,
                              .word = word};
    ARRAY_PUSH(cosim->arena, &cosim->log.entries, entry);
}

void log_event(struct cosim *cosim, const struct oracle_event *event)
{
    if (event->is_reset || event->device == CVM_HIDDEN_DEVICE)
        return;
    struct log_entry entry = {.kind = LOG_EVENT,
                              .device = event->device,
                              .step = event->step,
                              .event_kind = event->event.kind,
                              .number = event->event.number,
                              .content = keep_content(cosim, event->event.content),
                              .content_bytes = event->event.content.length};
    ARRAY_PUSH(cosim->arena, &cosim->log.entries, entry);
}

const struct log_entry *log_next(const struct cosim *cosim)
{
    const struct lockstep_log *log = &cosim->log;
    return log->first < log->entries.count ? &log->entries.at[log->first] : NULL;
}

static void take(struct cosim *cosim)
{
    struct lockstep_log *log = &cosim->log;
    cosim->changed_devices |= UINT32_C(1) << log->entries.at[log->first].device;
    log->first++;
    if (log->first == log->entries.count)
        log->first = log->entries.count = log->contents.count = 0;
}

/* --- Events --- */

static bool deliver(struct cosim *cosim, const struct log_entry *entry)
{
    struct fault fault = {0};
    const struct device_event event = {
        .kind = entry->event_kind,
        .number = entry->number,
        .content = {cosim->log.contents.at + entry->content, entry->content_bytes}};
    unsigned device = entry->device;
    bool is_taken = cvm_device_event(cosim->abstract, device, &event, &fault);
    take(cosim);
    if (!is_taken)
        return lockstep_diverge(cosim, COSIM_DEVICES, "the abstract device %u refuses an event: %s",
                                device, fault.message);
    return cosim->end == LOCKSTEP_GOES_ON;
}

bool log_deliver(struct cosim *cosim, uint64_t end)
{
    const struct log_entry *entry;
    while ((entry = log_next(cosim)) != NULL && entry->kind == LOG_EVENT && entry->step < end) {
        if (!deliver(cosim, entry))
            return false;
    }
    return true;
}

/* --- Accesses --- */

static const char *device_name(const struct cosim *cosim, unsigned device)
{
    const struct device *on_bus = physical_bus(cosim->physical)->devices[device];
    return on_bus == NULL ? "none" : on_bus->class->name;
}

static const char *place_of(struct cosim *cosim, unsigned device, uint32_t port)
{
    return arena_printf(cosim->arena, "device %u (%s), port %u", device, device_name(cosim, device),
                        (unsigned)port);
}

/* A word read must be the one that was read before. */
static bool compare_word(struct cosim *cosim, const struct log_entry *entry, uint32_t word)
{
    lockstep_count(cosim, COSIM_DEVICES, 1);
    if (word == entry->word)
        return true;
    return lockstep_differ(
        cosim, COSIM_DEVICES, place_of(cosim, entry->device, entry->port), word, entry->word,
        "device %u: port %u has 0x%08x, and 0x%08x on the other "
        "side",
        entry->device, (unsigned)entry->port, (unsigned)word, (unsigned)entry->word);
}

static bool repeat(struct cosim *cosim, const struct log_entry *entry)
{
    struct bus *bus = cvm_devices(cosim->abstract);
    uint32_t address = BUS_ADDRESS + entry->device * BUS_WINDOW_BYTES + 4 * entry->port;
    uint32_t word = entry->word;
    bool is_there =
        entry->kind == LOG_WRITE ? bus_write(bus, address, word) : bus_read(bus, address, &word);
    if (!is_there)
        return lockstep_diverge(cosim, COSIM_DEVICES, "the abstract machine has no device %u",
                                entry->device);
    bool is_same = compare_word(cosim, entry, word);
    take(cosim);
    return is_same && cosim->end == LOCKSTEP_GOES_ON;
}

/* An access that no abstract one stands for. */
static bool refuse(struct cosim *cosim, const struct log_entry *entry)
{
    return lockstep_differ(
        cosim, COSIM_DEVICES, place_of(cosim, entry->device, entry->port), 0, entry->word,
        "the kernel %s device %u (%s), port %u, at step %llu, where the "
        "abstract kernel does not",
        entry->kind == LOG_WRITE ? "writes" : "reads", entry->device,
        device_name(cosim, entry->device), (unsigned)entry->port, (unsigned long long)entry->step);
}

/* Words for the disk, or a command that asks for them: repeated on the abstract disk they would
 * change its content, too, though nothing on that side has done so. */
static bool writes_content(const struct log_entry *entry)
{
    enum { PORT_DATA = 0, PORT_COMMAND = 7, WRITE_SECTORS = 0x30 };
    bool is_command = entry->port == PORT_COMMAND && (entry->word & 0xFE) == WRITE_SECTORS;
    return entry->kind == LOG_WRITE && (entry->port == PORT_DATA || is_command);
}

/* The layer's own accesses are of this device alone, and read it. */
static bool is_own(const struct log_entry *entry, unsigned device)
{
    return entry->device == device && !writes_content(entry);
}

bool log_replay(struct cosim *cosim, unsigned device)
{
    const struct log_entry *entry;
    while (log_deliver(cosim, UINT64_MAX) && (entry = log_next(cosim)) != NULL) {
        if (!is_own(entry, device))
            return refuse(cosim, entry);
        if (!repeat(cosim, entry))
            return false;
    }
    return cosim->end == LOCKSTEP_GOES_ON;
}

bool log_replay_interrupted(struct cosim *cosim)
{
    const struct log_entry *entry;
    while (log_deliver(cosim, UINT64_MAX) && (entry = log_next(cosim)) != NULL) {
        if (!repeat(cosim, entry))
            return false;
    }
    return cosim->end == LOCKSTEP_GOES_ON;
}

bool log_expect(struct cosim *cosim, unsigned device, uint32_t port, bool is_write, uint32_t word)
{
    if (!log_deliver(cosim, UINT64_MAX))
        return false;
    const struct log_entry *entry = log_next(cosim);
    const char *verb = is_write ? "writes" : "reads";
    lockstep_count(cosim, COSIM_DEVICES, 1);
    if (entry == NULL)
        return lockstep_differ(cosim, COSIM_DEVICES, place_of(cosim, device, port), word, 0,
                               "the abstract kernel %s device %u (%s), port %u, and the kernel "
                               "does not",
                               verb, device, device_name(cosim, device), (unsigned)port);
    if (entry->device != device || entry->port != port || (entry->kind == LOG_WRITE) != is_write)
        return lockstep_diverge(cosim, COSIM_DEVICES,
                                "the abstract kernel %s device %u, port %u; the kernel %s device "
                                "%u, port %u, at step %llu",
                                verb, device, (unsigned)port,
                                entry->kind == LOG_WRITE ? "writes" : "reads", entry->device,
                                (unsigned)entry->port, (unsigned long long)entry->step);
    return !is_write || compare_word(cosim, entry, word);
}

bool log_take_access(struct cosim *cosim, uint32_t word)
{
    const struct log_entry *entry = log_next(cosim);
    require(entry != NULL && entry->kind != LOG_EVENT, "the access was expected");
    bool is_same = compare_word(cosim, entry, word);
    take(cosim);
    return is_same && cosim->end == LOCKSTEP_GOES_ON;
}

/* --- What devices send --- */

static void push_bytes(struct lockstep_outlet *outlet, const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        ARRAY_PUSH(outlet->cosim->arena, &outlet->sent, ((const char *)bytes)[i]);
}

static void send_physical(void *self, struct text content)
{
    struct lockstep_outlet *outlet = self;
    push_bytes(outlet, &content.length, sizeof content.length);
    push_bytes(outlet, content.at, content.length);
}

/* The abstract device follows: what it sends has been sent. */
static void send_abstract(void *self, struct text content)
{
    struct lockstep_outlet *outlet = self;
    size_t length, left = outlet->sent.count - outlet->first;
    bool is_same = left >= sizeof length;
    lockstep_count(outlet->cosim, COSIM_DEVICES, 1);
    if (is_same) {
        memcpy(&length, outlet->sent.at + outlet->first, sizeof length);
        outlet->first += sizeof length;
        is_same = length == content.length &&
                  memcmp(outlet->sent.at + outlet->first, content.at, length) == 0;
        outlet->first += length;
    }
    if (outlet->first == outlet->sent.count)
        outlet->first = outlet->sent.count = 0;
    if (!is_same)
        lockstep_diverge(outlet->cosim, COSIM_DEVICES, "device %u sends %s on the abstract side",
                         outlet->device, left == 0 ? "more" : "something else");
}

struct device_outlet outlet_of_physical(struct cosim *cosim, unsigned device)
{
    struct lockstep_outlet *outlet = &cosim->outlets[device];
    outlet->cosim = cosim;
    outlet->device = device;
    return (struct device_outlet){outlet, send_physical};
}

struct device_outlet outlet_of_abstract(struct cosim *cosim, unsigned device)
{
    return (struct device_outlet){&cosim->outlets[device], send_abstract};
}

bool outlets_agree(struct cosim *cosim)
{
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        if (cosim->outlets[d].first != cosim->outlets[d].sent.count)
            return lockstep_diverge(cosim, COSIM_DEVICES,
                                    "device %u (%s) has sent what it has not sent on the abstract "
                                    "side",
                                    d, device_name(cosim, d));
    }
    return true;
}
