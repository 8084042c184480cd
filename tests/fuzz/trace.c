/* Any file is a trace or is refused with a fault; what is accepted can be played, sought and
 * compared with itself. Most random changes only spoil a checksum, so the checksums are put right
 * first: the input is a file whose CRCs do not count. */
#include "base/require.h"
#include "traces/diff.h"
#include "traces/player.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY_BYTES_LIMIT = 1 << 20, STEPS_LIMIT = 2000 };

static uint32_t word_at(const unsigned char *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void put_word(unsigned char *at, uint32_t word)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (unsigned char)(word >> 8 * i);
}

/* The header, each block that seems to follow another one, and the trailer. */
static void repair(unsigned char *file, size_t size)
{
    if (size < TRACE_FILE_HEADER_BYTES)
        return;
    put_word(file + 92, trace_crc(file, 92));
    size_t offset = TRACE_FILE_HEADER_BYTES;
    while (size - offset >= TRACE_BLOCK_HEADER_BYTES && word_at(file + offset) == TRACE_BLOCK_TAG) {
        unsigned char *block = file + offset;
        uint32_t length = word_at(block + 8);
        offset += TRACE_BLOCK_HEADER_BYTES;
        if (length > size - offset)
            break;
        put_word(block + 24, trace_crc(block + TRACE_BLOCK_HEADER_BYTES, length));
        put_word(block + 28, trace_crc(block, 28));
        offset += length;
    }
    if (size - offset == TRACE_TRAILER_BYTES)
        put_word(file + offset + 12, trace_crc(file + offset, 12));
}

/* As many steps as there is time for; true if all were good so far. */
static bool play(struct arena *arena, const struct trace *trace, bool *is_whole)
{
    struct fault fault = {0};
    struct trace_step step;
    struct trace_player *player = trace_player_new(arena, trace, &fault);
    enum trace_player_status status = player == NULL ? TRACE_PLAYER_FAULT : TRACE_PLAYER_STEP;
    for (unsigned i = 0; i < STEPS_LIMIT && status == TRACE_PLAYER_STEP; i++) {
        status = trace_player_next(player, &step, &fault);
        if (status == TRACE_PLAYER_STEP && i % 2 == 0)
            trace_player_skip(player, trace_player_waits_until(player));
    }
    require(fault.is_set == (status == TRACE_PLAYER_FAULT), "a fault has a reason");
    *is_whole = status == TRACE_PLAYER_END || status == TRACE_PLAYER_CUT;
    return status != TRACE_PLAYER_FAULT;
}

static void compare(const struct trace *trace)
{
    struct fault fault = {0};
    struct trace_difference difference;
    require(trace_diff(trace, trace, &difference, &fault), "what plays can be compared");
    require(difference.kind == TRACE_SAME, "a trace is the same as itself");
}

static void seek(struct arena *arena, const struct trace *trace, uint64_t distance)
{
    struct fault fault = {0};
    struct trace_player *player = trace_player_new(arena, trace, &fault);
    uint64_t step = trace_player_step(player) + distance;
    enum trace_player_status status = trace_player_seek(player, step, &fault);
    require(status != TRACE_PLAYER_FAULT, "what plays can be sought");
    require(status != TRACE_PLAYER_STEP || trace_player_step(player) == step, "and is found");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    struct text file = {arena_copy(arena, (const char *)data, size), size};
    repair((unsigned char *)file.at, size);
    struct trace *trace = trace_open_bytes(arena, "input", file, &fault);
    bool is_whole = false;
    require((trace == NULL) == fault.is_set, "refused with a fault, or accepted");
    if (trace != NULL && trace->header.memory_bytes <= MEMORY_BYTES_LIMIT &&
        play(arena, trace, &is_whole) && is_whole) {
        compare(trace);
        seek(arena, trace, size > 100 ? data[99] : 0);
    }
    arena_free(arena);
    return 0;
}
