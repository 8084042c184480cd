#include "physical/recording_format.h"

#include "base/require.h"

#include <string.h>
#include <zstd.h>

enum { LENGTH_BYTES = 4, COMPRESSION_LEVEL = 3 };

/* --- Writing --- */

void recording_put_byte(struct recording_block *block, unsigned byte)
{
    require(block->length < RECORDING_BLOCK_LIMIT, "an entry fits its block");
    block->bytes[block->length++] = (unsigned char)byte;
}

void recording_put_number(struct recording_block *block, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        recording_put_byte(block, 0x80 | (number & 0x7F));
    recording_put_byte(block, (unsigned)number);
}

void recording_put_bytes(struct recording_block *block, const void *bytes, size_t length)
{
    require(length <= RECORDING_BLOCK_LIMIT - block->length, "an entry fits its block");
    if (length != 0)
        memcpy(block->bytes + block->length, bytes, length);
    block->length += length;
}

struct text recording_pack(struct arena *arena, const struct recording_block *block)
{
    size_t bound = ZSTD_compressBound(block->length);
    unsigned char *packed = arena_alloc(arena, LENGTH_BYTES + bound);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    require(context != NULL, "there is memory");
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, COMPRESSION_LEVEL);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    size_t length =
        ZSTD_compress2(context, packed + LENGTH_BYTES, bound, block->bytes, block->length);
    ZSTD_freeCCtx(context);
    require(!ZSTD_isError(length), "a block can be compressed");
    for (unsigned i = 0; i < LENGTH_BYTES; i++)
        packed[i] = (unsigned char)(length >> 8 * i);
    return (struct text){(const char *)packed, LENGTH_BYTES + length};
}

/* --- Reading --- */

const unsigned char *recording_get_bytes(struct recording_input *input, size_t length)
{
    const unsigned char *bytes = input->at;
    if (!input->is_good || length > input->length) {
        input->is_good = false;
        return NULL;
    }
    input->at += length;
    input->length -= length;
    return bytes;
}

unsigned recording_get_byte(struct recording_input *input)
{
    const unsigned char *byte = recording_get_bytes(input, 1);
    return byte == NULL ? 0 : *byte;
}

uint64_t recording_get_number(struct recording_input *input, uint64_t limit)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint64_t byte = recording_get_byte(input), bits = byte & 0x7F;
        if (bits << shift >> shift != bits)
            break;
        number |= bits << shift;
        if (byte < 0x80) {
            input->is_good = input->is_good && number <= limit;
            return input->is_good ? number : 0;
        }
    }
    input->is_good = false;
    return 0;
}

static bool is_refused(const char *path, uint64_t number, const char *what, struct fault *fault)
{
    return fault_at(fault, (struct location){path, 0, 0}, "block %llu of the recording is %s",
                    (unsigned long long)number, what);
}

bool recording_unpack(struct text *file, struct recording_block *block, const char *path,
                      uint64_t number, struct fault *fault)
{
    const unsigned char *bytes = (const unsigned char *)file->at;
    size_t length = 0;
    if (file->length < LENGTH_BYTES)
        return is_refused(path, number, "cut off", fault);
    for (unsigned i = 0; i < LENGTH_BYTES; i++)
        length |= (size_t)bytes[i] << 8 * i;
    if (length > ZSTD_compressBound(RECORDING_BLOCK_LIMIT))
        return is_refused(path, number, "corrupt: it is too long", fault);
    if (length > file->length - LENGTH_BYTES)
        return is_refused(path, number, "cut off", fault);
    size_t content =
        ZSTD_decompress(block->bytes, RECORDING_BLOCK_LIMIT, bytes + LENGTH_BYTES, length);
    if (ZSTD_isError(content))
        return is_refused(path, number, "corrupt: its bytes are not what was written", fault);
    block->length = content;
    file->at += LENGTH_BYTES + length;
    file->length -= LENGTH_BYTES + length;
    return true;
}
