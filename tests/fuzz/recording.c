/* Any bytes are a recording or are refused with a fault; one that is accepted can be repeated. The
 * first byte says what the others are: a file as it is, or the contents of its blocks, which are
 * then packed as a recorder packs them: past the checksums is where the entries are. */
#include "base/require.h"
#include "physical/recording_format.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ANSWERS = 10000, OPERATIONS = 64 };

static void put_machine(struct recording_block *block)
{
    static const char *const names[BUS_DEVICES] = {"timer",      "disk", "serial", "network",
                                                   "controller", "disk", "",       ""};
    for (unsigned i = 0; i < 64; i++)
        recording_put_byte(block, 'a');
    recording_put_number(block, 0x10000);
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        recording_put_number(block, strlen(names[d]));
        recording_put_bytes(block, names[d], strlen(names[d]));
        recording_put_number(block, d == 1 || d == 5 ? 64 : 0);
    }
}

static void append_block(struct arena *arena, struct text_builder *file,
                         const struct recording_block *block)
{
    struct text packed = recording_pack(arena, block);
    text_append_bytes(file, packed.at, packed.length);
}

/* The machine, from `data` or a usual one, then its entries in blocks of 4096 bytes. */
static struct text file_of(struct arena *arena, const uint8_t *data, size_t size, bool has_machine)
{
    struct text_builder file = {.arena = arena};
    struct recording_block *block = ARENA_NEW(arena, struct recording_block);
    text_append_bytes(&file, RECORDING_MAGIC "\1\0\0", RECORDING_FILE_HEADER_BYTES);
    for (uint64_t number = 0; number == 0 || size != 0; number++) {
        size_t length = size < 4096 ? size : 4096;
        block->length = 0;
        recording_put_number(block, number);
        recording_put_number(block, 0);
        if (number == 0 && !has_machine) {
            put_machine(block);
            length = 0;
        }
        recording_put_bytes(block, data, length);
        append_block(arena, &file, block);
        data += length;
        size -= length;
    }
    return (struct text){text_built(&file), file.length};
}

/* Each answer is one that physical_run can take. */
static void repeat_events(struct recording *recording)
{
    struct oracle *oracle = recording_oracle(recording);
    struct fault fault = {0};
    uint64_t now = 0;
    for (unsigned i = 0; i < ANSWERS; i++) {
        struct oracle_event event;
        switch (oracle->next(oracle->self, now, NULL, &event, &fault)) {
        case ORACLE_EVENT:
            require(event.step >= now && event.device < BUS_DEVICES, "an event to come");
            now = event.step;
            break;
        case ORACLE_UNTIL:
            require(event.step > now, "a step to come");
            now = event.step;
            break;
        case ORACLE_NEVER:
            now++;
            break;
        case ORACLE_END:
            return;
        case ORACLE_FAILED:
            require(false, "a recording that was read holds no surprise");
        }
    }
}

static void use_disk(const struct recording *recording, struct arena *arena, unsigned device)
{
    unsigned char bytes[DEVICE_SECTOR_BYTES] = {0};
    if (recording_setup(recording)->devices[device].sector_count == 0)
        return;
    struct device_store store = recording_store(recording, arena, device);
    for (uint32_t i = 0; i < OPERATIONS; i++) {
        uint32_t sector = i * i % store.sector_count;
        if (i % 3 == 1)
            store.write(store.self, sector, bytes);
        else
            store.read(store.self, sector, bytes);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct arena *arena = arena_new();
    struct fault fault = {0};
    struct text file = {(const char *)data + 1, size - 1};
    if (data[0] % 4 != 0)
        file = file_of(arena, data + 1, size - 1, data[0] % 4 == 1);
    struct recording *recording = recording_parse(arena, "recording", file, &fault);
    require((recording == NULL) == fault.is_set, "refused with a fault, or accepted");
    if (recording != NULL) {
        for (unsigned d = 0; d < BUS_DEVICES; d++)
            use_disk(recording, arena, d);
        repeat_events(recording);
    }
    arena_free(arena);
    return 0;
}
