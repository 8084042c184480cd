/* Reading a recording: once all of it, to check it and to collect what the disks held; then again,
 * event by event, as the run goes on. */
#include "base/array.h"
#include "base/require.h"
#include "physical/recording_format.h"

#include <string.h>

/* What the disks held is kept in memory. */
enum { SECTORS_LIMIT = 1 << 21 };

/* One entry, as it was read last. */
struct entry {
    enum recording_kind kind;
    unsigned device;
    struct oracle_event event; /* of the kinds that are one */
    struct store_record record;
    struct recording_end end;
};

/* A place in the file. */
struct reader {
    const char *path;
    struct text rest;     /* blocks to come */
    uint64_t next_number; /* of the first of them */
    struct recording_block block;
    struct recording_input input; /* what is left of the present one */
    uint64_t step;
};

struct recording {
    struct reader reader;
    struct recording_setup setup;
    bool has_end;
    struct recording_end end;
    ARRAY(struct store_record) records[BUS_DEVICES];
    size_t sector_count;  /* of them all */
    uint64_t reset_count; /* resets that were not delivered yet */
    /* Where the run is. */
    struct oracle oracle;
    bool has_event;
    struct entry entry;
};

static bool is_corrupt(const struct reader *reader, const char *what, struct fault *fault)
{
    return fault_at(fault, (struct location){reader->path, 0, 0},
                    "block %llu of the recording is corrupt: %s",
                    (unsigned long long)(reader->next_number - 1), what);
}

/* --- Blocks --- */

static bool begin_block(struct reader *reader, struct fault *fault)
{
    uint64_t number = reader->next_number++;
    if (!recording_unpack(&reader->rest, &reader->block, reader->path, number, fault))
        return false;
    reader->input = (struct recording_input){reader->block.bytes, reader->block.length, true};
    if (recording_get_number(&reader->input, UINT64_MAX) != number || !reader->input.is_good)
        return is_corrupt(reader, "it belongs elsewhere", fault);
    uint64_t step = recording_get_number(&reader->input, UINT64_MAX);
    if (step != reader->step || !reader->input.is_good)
        return is_corrupt(reader, "it does not follow the block before", fault);
    return true;
}

/* False: the file ends here, or there is a fault. */
static bool has_more(struct reader *reader, struct fault *fault)
{
    while (reader->input.length == 0) {
        if (reader->rest.length == 0 || !begin_block(reader, fault))
            return false;
    }
    return true;
}

/* --- Entries --- */

static void get_text(struct recording_input *input, char *text, size_t limit)
{
    size_t length = recording_get_number(input, limit);
    const unsigned char *bytes = recording_get_bytes(input, length);
    memset(text, 0, limit + 1);
    if (bytes != NULL)
        memcpy(text, bytes, length);
    input->is_good = input->is_good && strlen(text) == length;
}

static void get_digest(struct recording_input *input, char digest[65])
{
    const unsigned char *bytes = recording_get_bytes(input, 64);
    memset(digest, 0, 65);
    if (bytes == NULL)
        return;
    memcpy(digest, bytes, 64);
    input->is_good = strspn(digest, "0123456789abcdef") == 64;
}

static void get_step(struct reader *reader, uint64_t *step)
{
    reader->step += recording_get_number(&reader->input, UINT64_MAX - reader->step);
    *step = reader->step;
}

static void get_event(struct reader *reader, struct entry *entry, enum device_event_kind kind)
{
    struct oracle_event *event = &entry->event;
    *event = (struct oracle_event){.device = entry->device, .event.kind = kind};
    get_step(reader, &event->step);
    if (kind == DEVICE_EVENT_BYTE || kind == DEVICE_EVENT_MESSAGE)
        event->event.number = (uint32_t)recording_get_number(&reader->input, UINT32_MAX);
    if (kind == DEVICE_EVENT_FRAME || kind == DEVICE_EVENT_MESSAGE) {
        size_t length = recording_get_number(&reader->input, RECORDING_CONTENT_LIMIT);
        const unsigned char *bytes = recording_get_bytes(&reader->input, length);
        event->event.content = (struct text){(const char *)bytes, bytes == NULL ? 0 : length};
    }
}

static void get_record(struct reader *reader, struct entry *entry, bool is_failure)
{
    entry->record = (struct store_record){.is_failure = is_failure};
    entry->record.operation = recording_get_number(&reader->input, UINT64_MAX);
    entry->record.sector = (uint32_t)recording_get_number(&reader->input, UINT32_MAX);
    if (is_failure)
        return;
    const unsigned char *bytes = recording_get_bytes(&reader->input, DEVICE_SECTOR_BYTES);
    if (bytes != NULL)
        memcpy(entry->record.bytes, bytes, DEVICE_SECTOR_BYTES);
}

static bool find_status(const char *name, enum physical_status *status)
{
    for (*status = PHYSICAL_HALTED; *status <= PHYSICAL_FAILED; ++*status) {
        if (strcmp(physical_status_name(*status), name) == 0)
            return true;
    }
    return false;
}

static void get_end(struct reader *reader, struct recording_end *end)
{
    char status[32];
    get_step(reader, &end->steps);
    get_text(&reader->input, status, sizeof status - 1);
    get_digest(&reader->input, end->digest);
    reader->input.is_good = reader->input.is_good && find_status(status, &end->status);
}

static bool get_entry(struct reader *reader, struct entry *entry, struct fault *fault)
{
    unsigned byte = recording_get_byte(&reader->input);
    entry->kind = (enum recording_kind)(byte & 15);
    entry->device = byte >> 4;
    switch (entry->kind) {
    case RECORDING_TICK:
        get_event(reader, entry, DEVICE_EVENT_TICK);
        break;
    case RECORDING_DONE:
        get_event(reader, entry, DEVICE_EVENT_DONE);
        break;
    case RECORDING_BYTE:
        get_event(reader, entry, DEVICE_EVENT_BYTE);
        break;
    case RECORDING_FRAME:
        get_event(reader, entry, DEVICE_EVENT_FRAME);
        break;
    case RECORDING_MESSAGE:
        get_event(reader, entry, DEVICE_EVENT_MESSAGE);
        break;
    case RECORDING_RESET:
        get_event(reader, entry, DEVICE_EVENT_NONE);
        entry->event.is_reset = true;
        break;
    case RECORDING_SECTOR:
    case RECORDING_FAILURE:
        get_record(reader, entry, entry->kind == RECORDING_FAILURE);
        break;
    case RECORDING_END:
        get_end(reader, &entry->end);
        break;
    default: /* a number out of a file */
        reader->input.is_good = false;
    }
    return reader->input.is_good || is_corrupt(reader, "it holds something unknown", fault);
}

/* --- The whole file --- */

static bool get_setup(struct reader *reader, struct recording_setup *setup, struct fault *fault)
{
    if (!begin_block(reader, fault))
        return false;
    get_digest(&reader->input, setup->image_digest);
    setup->memory_bytes = (uint32_t)recording_get_number(&reader->input, UINT32_MAX);
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        struct recording_device *device = &setup->devices[d];
        get_text(&reader->input, device->name, sizeof device->name - 1);
        device->sector_count = (uint32_t)recording_get_number(&reader->input, STORE_MAX_SECTORS);
    }
    bool is_good = reader->input.is_good && reader->input.length == 0 &&
                   setup->memory_bytes % 4 == 0 && setup->memory_bytes <= VAMP_DEVICES;
    return is_good || is_corrupt(reader, "it describes no machine", fault);
}

static bool is_there(const struct recording *recording, const struct entry *entry)
{
    if (entry->kind == RECORDING_RESET || entry->kind == RECORDING_END)
        return entry->device == 0;
    return entry->device < BUS_DEVICES && recording->setup.devices[entry->device].name[0] != '\0';
}

/* The records of a disk are in the order of its operations, and of its sectors. */
static bool collect(struct recording *recording, struct arena *arena, const struct entry *entry,
                    struct fault *fault)
{
    const struct store_record *record = &entry->record;
    unsigned d = entry->device;
    size_t count = recording->records[d].count;
    bool is_ordered =
        count == 0 || record->operation > recording->records[d].at[count - 1].operation;
    if (!is_ordered || record->sector >= recording->setup.devices[d].sector_count)
        return is_corrupt(&recording->reader, "no disk holds such a sector", fault);
    if (recording->sector_count++ == SECTORS_LIMIT)
        return is_corrupt(&recording->reader, "it holds too many sectors", fault);
    ARRAY_PUSH(arena, &recording->records[d], *record);
    return true;
}

static bool check(struct recording *recording, struct arena *arena, struct fault *fault)
{
    struct reader *reader = &recording->reader;
    struct entry entry = {0};
    while (has_more(reader, fault)) {
        if (recording->has_end)
            return is_corrupt(reader, "it goes on beyond its end", fault);
        if (!get_entry(reader, &entry, fault))
            return false;
        if (!is_there(recording, &entry))
            return is_corrupt(reader, "something comes to a device that is not there", fault);
        bool is_record = entry.kind == RECORDING_SECTOR || entry.kind == RECORDING_FAILURE;
        if (is_record && !collect(recording, arena, &entry, fault))
            return false;
        recording->reset_count += entry.kind == RECORDING_RESET;
        if (entry.kind == RECORDING_END) {
            recording->has_end = true;
            recording->end = entry.end;
        }
    }
    return !fault->is_set;
}

static bool begin(struct recording *recording, const char *path, struct text file,
                  struct fault *fault)
{
    static const char header[RECORDING_FILE_HEADER_BYTES + 1] = RECORDING_MAGIC "\1\0\0";
    struct location where = {path, 0, 0};
    if (file.length < RECORDING_FILE_HEADER_BYTES ||
        memcmp(file.at, header, RECORDING_MAGIC_BYTES) != 0)
        return fault_at(fault, where, "this is no recording of a run");
    if (memcmp(file.at, header, RECORDING_FILE_HEADER_BYTES) != 0)
        return fault_at(fault, where, "this recording is of another version than %d",
                        RECORDING_VERSION);
    recording->reader = (struct reader){.path = path};
    recording->reader.rest = (struct text){file.at + RECORDING_FILE_HEADER_BYTES,
                                           file.length - RECORDING_FILE_HEADER_BYTES};
    return get_setup(&recording->reader, &recording->setup, fault);
}

struct recording *recording_parse(struct arena *arena, const char *path, struct text file,
                                  struct fault *fault)
{
    struct recording *recording = ARENA_NEW(arena, struct recording);
    if (!begin(recording, path, file, fault) || !check(recording, arena, fault) ||
        !begin(recording, path, file, fault))
        return NULL;
    return recording;
}

const struct recording_setup *recording_setup(const struct recording *recording)
{
    return &recording->setup;
}

const struct recording_end *recording_end(const struct recording *recording)
{
    return recording->has_end ? &recording->end : NULL;
}

struct device_store recording_store(const struct recording *recording, struct arena *arena,
                                    unsigned device)
{
    require(device < BUS_DEVICES && recording->setup.devices[device].sector_count != 0,
            "a disk of the recording");
    return store_replayed_new(arena, recording->setup.devices[device].sector_count,
                              recording->records[device].at, recording->records[device].count);
}

/* --- The oracle --- */

/* The next event that was not delivered yet. False: there is none. */
static bool find_event(struct recording *recording, struct fault *fault)
{
    struct entry *entry = &recording->entry;
    while (!recording->has_event && has_more(&recording->reader, fault) &&
           get_entry(&recording->reader, entry, fault))
        recording->has_event = entry->kind != RECORDING_SECTOR &&
                               entry->kind != RECORDING_FAILURE && entry->kind != RECORDING_END;
    return recording->has_event;
}

/* Whether the machine itself has to come to the recorded end. */
static bool is_end_natural(const struct recording *recording)
{
    enum physical_status status = recording->end.status;
    return recording->has_end &&
           (status == PHYSICAL_HALTED || status == PHYSICAL_IDLE || status == PHYSICAL_STOPPED);
}

/* A run that did not come to its end, though it seems to have nothing to wait for, was going to be
 * reset. */
static bool is_reset_ahead(const struct recording *recording)
{
    return recording->reset_count > 0 || !is_end_natural(recording);
}

static enum oracle_answer answer_at_end(const struct recording *recording, uint64_t now,
                                        struct oracle_event *event)
{
    if (!recording->has_end || now > recording->end.steps)
        return ORACLE_END;
    *event = (struct oracle_event){.step = recording->end.steps,
                                   .is_reset_ahead = is_reset_ahead(recording)};
    if (now < recording->end.steps)
        return ORACLE_UNTIL;
    return is_end_natural(recording) ? ORACLE_NEVER : ORACLE_END;
}

static enum oracle_answer next(void *self, uint64_t now, const struct bus *bus,
                               struct oracle_event *event, struct fault *fault)
{
    (void)bus;
    struct recording *recording = self;
    if (!find_event(recording, fault)) {
        require(!fault->is_set, "the recording has been read before");
        return answer_at_end(recording, now, event);
    }
    *event = recording->entry.event;
    if (event->step < now) {
        fault_at(fault, (struct location){recording->reader.path, 0, 0},
                 "the recorded event at step %llu comes too late: this is another run",
                 (unsigned long long)event->step);
        return ORACLE_FAILED;
    }
    event->is_reset_ahead = is_reset_ahead(recording);
    recording->has_event = event->step > now;
    if (!recording->has_event && event->is_reset)
        recording->reset_count--;
    return ORACLE_EVENT;
}

struct oracle *recording_oracle(struct recording *recording)
{
    recording->oracle = (struct oracle){.self = recording, .next = next};
    return &recording->oracle;
}
