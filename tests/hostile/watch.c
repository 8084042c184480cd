#include "tests/hostile/watch.h"

#include "base/require.h"

/* ---- what is observed ---- */

static void fold(uint64_t *digest, const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        *digest = (*digest ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
}

void watch_fold(uint64_t *digest, uint64_t number)
{
    *digest = (*digest ^ number) * UINT64_C(0x9E3779B97F4A7C15);
    *digest ^= *digest >> 29;
}

static void fold_access(struct watch *watch, uint64_t kind, uint64_t step, uint32_t address,
                        uint32_t word)
{
    uint64_t *digest = &watch->record->observed;
    watch_fold(digest, kind << 60 | step);
    watch_fold(digest, (uint64_t)address << 32 | word);
}

static void see_read(void *self, uint64_t step, uint32_t address, uint32_t word)
{
    struct watch *watch = self;
    fold_access(watch, 1, step, address, word);
    if (watch->trace != NULL)
        trace_writer_read(watch->trace, step, address, word);
    if (watch->is_counted)
        cover_number("read of device", (address - BUS_ADDRESS) / BUS_WINDOW_BYTES, 1);
}

static void see_write(void *self, uint64_t step, uint32_t address, uint32_t word)
{
    struct watch *watch = self;
    uint32_t device = (address - BUS_ADDRESS) / BUS_WINDOW_BYTES;
    fold_access(watch, 2, step, address, word);
    if (watch->trace != NULL)
        trace_writer_write(watch->trace, step, address, word);
    if (!watch->is_counted)
        return;
    cover_number("write of device", device, 1);
    if ((device == 1 || device == 5) && address % BUS_WINDOW_BYTES == 28)
        cover_number("disk command", word & 0xFF, 1);
}

static void see_lines(void *self, uint64_t step, uint32_t lines)
{
    struct watch *watch = self;
    fold_access(watch, 3, step, 0, lines);
    if (watch->trace != NULL)
        trace_writer_lines(watch->trace, step, lines);
}

/* Of an event, what its kind has: a tick has no number, whatever the script holds. */
static void see_event(void *self, const struct oracle_event *event)
{
    struct watch *watch = self;
    enum device_event_kind kind = event->event.kind;
    bool has_number = kind == DEVICE_EVENT_BYTE || kind == DEVICE_EVENT_MESSAGE;
    bool has_content = kind == DEVICE_EVENT_FRAME || kind == DEVICE_EVENT_MESSAGE;
    fold_access(watch, 4, event->step, event->is_reset ? 99 : event->device,
                !event->is_reset && has_number ? event->event.number : 0);
    if (!event->is_reset && has_content)
        fold(&watch->record->observed, event->event.content.at, event->event.content.length);
    if (!watch->is_counted)
        return;
    cover("event", event->is_reset ? "reset" : device_event_name(event->event.kind), 1);
    if (!event->is_reset)
        cover_number("event of device", event->device, 1);
}

static void see_checkpoint(void *self, uint64_t step)
{
    struct watch *watch = self;
    if (watch->trace != NULL)
        trace_writer_checkpoint(watch->trace, step);
}

static void see_sent(void *self, struct text content)
{
    struct sink *sink = self;
    watch_fold(&sink->watch->record->sent, sink->device);
    fold(&sink->watch->record->sent, content.at, content.length);
    if (sink->watch->is_counted)
        cover_number("sent by device", sink->device, 1);
}

/* ---- disks that are watched ---- */

static bool count_sector(const struct medium *medium, const char *what, bool is_done)
{
    if (medium->watch->is_counted)
        cover("sector", is_done ? what : "failed", 1);
    return is_done;
}

static bool read_sector(void *self, uint32_t sector, unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct medium *medium = self;
    require(sector < medium->inner.sector_count, "a disk reads where there is something");
    return count_sector(medium, "read", medium->inner.read(medium->inner.self, sector, bytes));
}

static bool write_sector(void *self, uint32_t sector,
                         const unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct medium *medium = self;
    require(sector < medium->inner.sector_count, "a disk writes where there is something");
    return count_sector(medium, "written", medium->inner.write(medium->inner.self, sector, bytes));
}

static bool flush(void *self)
{
    struct medium *medium = self;
    return medium->inner.flush(medium->inner.self);
}

static struct device_store watched_store(struct watch *watch, unsigned device)
{
    const struct hostile *hostile = watch->hostile;
    struct medium *medium = &watch->media[device];
    struct device_store live =
        store_defective_new(watch->arena, store_memory_new(watch->arena, hostile->sectors),
                            hostile->defects, hostile->defect_count);
    medium->watch = watch;
    medium->inner = evidence_store(watch, device, live);
    return (struct device_store){medium, hostile->sectors, read_sector, write_sector, flush};
}

/* ---- the bus ---- */

struct bus watch_bus(struct watch *watch)
{
    struct bus bus = {0};
    struct device_outlet outlets[BUS_DEVICES];
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        watch->sinks[d] = (struct sink){watch, d};
        outlets[d] = (struct device_outlet){&watch->sinks[d], see_sent};
    }
    bus.devices[0] = device_new_timer(watch->arena);
    bus.devices[1] = device_new_disk(watch->arena, watched_store(watch, 1));
    bus.devices[2] = device_new_serial(watch->arena, outlets[2]);
    bus.devices[3] = device_new_network(watch->arena, outlets[3]);
    bus.devices[4] = device_new_controller(watch->arena, outlets[4]);
    bus.devices[5] = device_new_disk(watch->arena, watched_store(watch, 5));
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        if ((watch->hostile->present >> d & 1) == 0)
            bus.devices[d] = NULL;
    }
    return bus;
}

struct physical_observer watch_observer(struct watch *watch)
{
    return (struct physical_observer){watch,     see_read,  see_write,
                                      see_lines, see_event, see_checkpoint};
}
