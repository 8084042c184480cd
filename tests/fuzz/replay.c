/* Whatever stands in a recording is refused, or runs a machine to an end: fast and plainly alike.
 * Its blocks are compressed and checked, so that the input is mostly what is inside of them; one
 * whose first byte is odd is a file as it stands. */
#include "base/require.h"
#include "physical/recording_format.h"
#include "tests/hostile/hostile.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { STEPS_MAX = 1500, SECTORS = 20 };

static const char no_image[] = "0000000000000000000000000000000000000000000000000000000000000000";
static const char *const names[BUS_DEVICES] = {"timer",   "disk",       "serial",
                                               "network", "controller", "disk"};

static void append(struct text_builder *file, struct recording_block *block)
{
    struct text packed = recording_pack(file->arena, block);
    text_append_bytes(file, packed.at, packed.length);
    block->length = 0;
}

/* A recording of the machine below, with the input as its entries, in one block or in two. */
static struct text make_file(struct arena *arena, uint32_t memory_bytes, const uint8_t *data,
                             size_t size)
{
    static struct recording_block block;
    struct text_builder file = {.arena = arena};
    block.length = 0;
    text_append_bytes(&file, RECORDING_MAGIC "\1\0\0", RECORDING_FILE_HEADER_BYTES);
    recording_put_number(&block, 0);
    recording_put_number(&block, 0);
    recording_put_bytes(&block, no_image, 64);
    recording_put_number(&block, memory_bytes);
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        size_t length = names[d] == NULL ? 0 : strlen(names[d]);
        recording_put_number(&block, length);
        recording_put_bytes(&block, names[d], length);
        recording_put_number(&block, d == 1 || d == 5 ? SECTORS : 0);
    }
    append(&file, &block);
    recording_put_number(&block, 1);
    recording_put_number(&block, 0);
    recording_put_bytes(&block, data, size < RECORDING_BLOCK_BYTES ? size : RECORDING_BLOCK_BYTES);
    append(&file, &block);
    return (struct text){file.at, file.length};
}

/* The image of a small seed, whose drivers ask the disks for something. */
static struct hostile draw(struct arena *arena, uint8_t seed)
{
    struct hostile hostile;
    hostile_draw(&hostile, arena, seed);
    hostile.max_steps = STEPS_MAX;
    hostile.present = 0x3F;
    hostile.sectors = SECTORS;
    return hostile;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    if (size >= 2) {
        struct hostile hostile = draw(arena, data[1]);
        bool is_file = data[0] % 2 != 0;
        struct text file = is_file ? (struct text){(const char *)data + 2, size - 2}
                                   : make_file(arena, hostile.memory_bytes, data + 2, size - 2);
        struct recording *recording = recording_parse(arena, "fuzz", file, &fault);
        require((recording == NULL) == fault.is_set, "a recording, or a fault");
        if (recording != NULL && !is_file) {
            struct evidence evidence = {.replayed = file};
            struct record fast, plain;
            hostile_run(&hostile, MANNER_FAST, false, &evidence, &fast);
            hostile_run(&hostile, MANNER_PLAIN, false, &evidence, &plain);
            require(record_equals(&fast, &plain, stderr), "one recording makes one run");
        }
    }
    arena_free(arena);
    return 0;
}
