/* The bytes of a recording. */
#ifndef PHYSICAL_RECORDING_FORMAT_H
#define PHYSICAL_RECORDING_FORMAT_H

#include "physical/recording.h"

#define RECORDING_MAGIC "VOUCHRUN"
enum {
    RECORDING_MAGIC_BYTES = 8,
    RECORDING_VERSION = 1,
    RECORDING_FILE_HEADER_BYTES = RECORDING_MAGIC_BYTES + 4,
    RECORDING_BLOCK_BYTES = 1 << 14,  /* a block is written once it has so many */
    RECORDING_BLOCK_LIMIT = 1 << 17,  /* no block has more */
    RECORDING_CONTENT_LIMIT = 1 << 16 /* of a frame or message */
};

/* Kinds of entries: the low four bits of their first byte, with the device in the next three. */
enum recording_kind {
    RECORDING_TICK = 1,
    RECORDING_DONE = 2,
    RECORDING_BYTE = 3,
    RECORDING_FRAME = 4,
    RECORDING_MESSAGE = 5,
    RECORDING_RESET = 6,
    RECORDING_SECTOR = 7,
    RECORDING_FAILURE = 8,
    RECORDING_END = 15,
};

/* --- Writing into a block --- */

struct recording_block {
    unsigned char bytes[RECORDING_BLOCK_LIMIT];
    size_t length;
};
void recording_put_byte(struct recording_block *block, unsigned byte);
/* Seven bits a byte, the lowest first; the high bit says that more follow. */
void recording_put_number(struct recording_block *block, uint64_t number);
void recording_put_bytes(struct recording_block *block, const void *bytes, size_t length);
/* The block as it stands in the file, in `arena`: its length in four bytes, a frame of zstd. */
struct text recording_pack(struct arena *arena, const struct recording_block *block);

/* --- Reading from one --- */

/* Once something was missing or too large, `is_good` is false and all that is read is 0. */
struct recording_input {
    const unsigned char *at;
    size_t length;
    bool is_good;
};
unsigned recording_get_byte(struct recording_input *input);
uint64_t recording_get_number(struct recording_input *input, uint64_t limit);
/* NULL: there are not so many. */
const unsigned char *recording_get_bytes(struct recording_input *input, size_t length);

/* Takes the block at the beginning of `file` off it. False, with a fault: it is cut or corrupt. */
bool recording_unpack(struct text *file, struct recording_block *block, const char *path,
                      uint64_t number, struct fault *fault);

#endif
