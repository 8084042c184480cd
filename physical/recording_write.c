/* Writing a recording: entries gather in a block; each block goes to the file in one call. */
#include "base/require.h"
#include "physical/recording_format.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct observed_disk {
    struct recorder *recorder;
    unsigned device;
};

struct recorder {
    const char *path;
    int file;
    struct fault fault;
    struct recording_block block;
    uint64_t number; /* of blocks before this one */
    uint64_t step;   /* of the last event */
    size_t first;    /* where the block's entries begin */
    struct oracle oracle, *inner;
    struct observed_disk disks[BUS_DEVICES];
};

/* --- Blocks --- */

static bool fail_to_write(struct recorder *recorder)
{
    return fault_at(&recorder->fault, (struct location){recorder->path, 0, 0}, "cannot write: %s",
                    strerror(errno));
}

static bool write_bytes(struct recorder *recorder, struct text bytes)
{
    while (bytes.length != 0) {
        ssize_t written = write(recorder->file, bytes.at, bytes.length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return fail_to_write(recorder);
        bytes.at += written;
        bytes.length -= (size_t)written;
    }
    return true;
}

static void begin_block(struct recorder *recorder)
{
    recorder->block.length = 0;
    recording_put_number(&recorder->block, recorder->number);
    recording_put_number(&recorder->block, recorder->step);
    recorder->first = recorder->block.length;
}

/* Once writing has failed, entries that still come before the oracle says so are dropped. */
static void write_block(struct recorder *recorder)
{
    if (recorder->block.length == recorder->first)
        return;
    if (!recorder->fault.is_set) {
        struct arena *arena = arena_new();
        write_bytes(recorder, recording_pack(arena, &recorder->block));
        arena_free(arena);
        recorder->number++;
    }
    begin_block(recorder);
}

static void end_entry(struct recorder *recorder)
{
    if (recorder->block.length >= RECORDING_BLOCK_BYTES)
        write_block(recorder);
}

/* --- Entries --- */

static void begin_entry(struct recorder *recorder, enum recording_kind kind, unsigned device)
{
    recording_put_byte(&recorder->block, (unsigned)kind | device << 4);
}

static void put_step(struct recorder *recorder, uint64_t step)
{
    recording_put_number(&recorder->block, step - recorder->step);
    recorder->step = step;
}

static void put_content(struct recorder *recorder, struct text content)
{
    require(content.length <= RECORDING_CONTENT_LIMIT, "no device takes more at once");
    recording_put_number(&recorder->block, content.length);
    recording_put_bytes(&recorder->block, content.at, content.length);
}

static enum recording_kind kind_of(const struct oracle_event *event)
{
    if (event->is_reset)
        return RECORDING_RESET;
    switch (event->event.kind) {
    case DEVICE_EVENT_NONE:
        break;
    case DEVICE_EVENT_TICK:
        return RECORDING_TICK;
    case DEVICE_EVENT_DONE:
        return RECORDING_DONE;
    case DEVICE_EVENT_BYTE:
        return RECORDING_BYTE;
    case DEVICE_EVENT_FRAME:
        return RECORDING_FRAME;
    case DEVICE_EVENT_MESSAGE:
        return RECORDING_MESSAGE;
    }
    require(false, "an event that happens");
    return RECORDING_END;
}

static void record_event(struct recorder *recorder, const struct oracle_event *event)
{
    enum recording_kind kind = kind_of(event);
    begin_entry(recorder, kind, event->is_reset ? 0 : event->device);
    put_step(recorder, event->step);
    if (kind == RECORDING_BYTE || kind == RECORDING_MESSAGE)
        recording_put_number(&recorder->block, event->event.number);
    if (kind == RECORDING_FRAME || kind == RECORDING_MESSAGE)
        put_content(recorder, event->event.content);
    end_entry(recorder);
}

static void record_store(void *self, const struct store_record *record)
{
    const struct observed_disk *disk = self;
    struct recorder *recorder = disk->recorder;
    begin_entry(recorder, record->is_failure ? RECORDING_FAILURE : RECORDING_SECTOR, disk->device);
    recording_put_number(&recorder->block, record->operation);
    recording_put_number(&recorder->block, record->sector);
    if (!record->is_failure)
        recording_put_bytes(&recorder->block, record->bytes, DEVICE_SECTOR_BYTES);
    end_entry(recorder);
}

static void record_end(struct recorder *recorder, const struct recording_end *end)
{
    const char *status = physical_status_name(end->status);
    begin_entry(recorder, RECORDING_END, 0);
    put_step(recorder, end->steps);
    recording_put_number(&recorder->block, strlen(status));
    recording_put_bytes(&recorder->block, status, strlen(status));
    recording_put_bytes(&recorder->block, end->digest, 64);
}

/* --- The oracle --- */

static enum oracle_answer next(void *self, uint64_t now, const struct bus *bus,
                               struct oracle_event *event, struct fault *fault)
{
    struct recorder *recorder = self;
    enum oracle_answer answer =
        recorder->inner->next(recorder->inner->self, now, bus, event, fault);
    if (answer == ORACLE_EVENT && event->step == now)
        record_event(recorder, event);
    if (!recorder->fault.is_set)
        return answer;
    *fault = fault->is_set ? *fault : recorder->fault;
    return ORACLE_FAILED;
}

/* A run that waits for its user may be killed. */
static bool wait(void *self, uint64_t now, uint64_t until)
{
    struct recorder *recorder = self;
    write_block(recorder);
    return recorder->inner->wait == NULL ||
           recorder->inner->wait(recorder->inner->self, now, until);
}

struct oracle *recorder_oracle(struct recorder *recorder, struct oracle *inner)
{
    recorder->inner = inner;
    recorder->oracle = (struct oracle){.self = recorder, .next = next, .wait = wait};
    return &recorder->oracle;
}

struct store_observer recorder_store(struct recorder *recorder, unsigned device)
{
    recorder->disks[device] = (struct observed_disk){recorder, device};
    return (struct store_observer){&recorder->disks[device], record_store};
}

/* --- The file --- */

static void put_setup(struct recording_block *block, const struct recording_setup *setup)
{
    recording_put_bytes(block, setup->image_digest, 64);
    recording_put_number(block, setup->memory_bytes);
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        const struct recording_device *device = &setup->devices[d];
        recording_put_number(block, strlen(device->name));
        recording_put_bytes(block, device->name, strlen(device->name));
        recording_put_number(block, device->sector_count);
    }
}

struct recorder *recorder_new(struct arena *arena, const char *path,
                              const struct recording_setup *setup, struct fault *fault)
{
    static const char header[RECORDING_FILE_HEADER_BYTES + 1] = RECORDING_MAGIC "\1\0\0";
    struct recorder *recorder = ARENA_NEW(arena, struct recorder);
    recorder->path = path;
    recorder->file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool is_open = recorder->file >= 0 || fail_to_write(recorder);
    if (!is_open || !write_bytes(recorder, (struct text){header, sizeof header - 1})) {
        *fault = fault->is_set ? *fault : recorder->fault;
        if (is_open)
            close(recorder->file);
        return NULL;
    }
    begin_block(recorder);
    put_setup(&recorder->block, setup);
    write_block(recorder);
    return recorder;
}

bool recorder_close(struct recorder *recorder, const struct recording_end *end, struct fault *fault)
{
    if (end != NULL)
        record_end(recorder, end);
    write_block(recorder);
    if (close(recorder->file) != 0 && !recorder->fault.is_set)
        fail_to_write(recorder);
    if (recorder->fault.is_set && !fault->is_set)
        *fault = recorder->fault;
    return !recorder->fault.is_set;
}
