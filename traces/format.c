/* Headers, trailer and numbers of a trace file. */
#include "traces/format.h"

#include <stdio.h>
#include <string.h>

const unsigned char trace_magic[TRACE_MAGIC_BYTES] = {'V', 'A', 'M', 'P', 'T', 'R', 'C', '\n'};

/* --- Numbers --- */

static void put_fixed(unsigned char *at, uint64_t number, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        at[i] = (unsigned char)(number >> 8 * i);
}

static uint64_t get_fixed(const unsigned char *at, unsigned count)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < count; i++)
        number |= (uint64_t)at[i] << 8 * i;
    return number;
}

unsigned char *trace_put_number(unsigned char *at, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        *at++ = (unsigned char)(number | 0x80);
    *at++ = (unsigned char)number;
    return at;
}

unsigned char *trace_put_change(unsigned char *at, uint32_t before, uint32_t after)
{
    uint32_t difference = after - before;
    return trace_put_number(at, difference << 1 ^ (difference >> 31 != 0 ? UINT32_MAX : 0));
}

uint64_t trace_get_number(struct trace_input *input)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64 && input->at < input->end && input->is_good; shift += 7) {
        uint64_t bits = *input->at & 0x7F;
        if (shift == 63 && bits > 1)
            break;
        number |= bits << shift;
        if ((*input->at++ & 0x80) == 0)
            return number;
    }
    input->is_good = false;
    return 0;
}

uint32_t trace_get_word(struct trace_input *input)
{
    uint64_t number = trace_get_number(input);
    if (number > UINT32_MAX)
        input->is_good = false;
    return input->is_good ? (uint32_t)number : 0;
}

uint32_t trace_get_change(struct trace_input *input, uint32_t before)
{
    uint32_t code = trace_get_word(input);
    return before + (code >> 1 ^ ((code & 1) != 0 ? UINT32_MAX : 0));
}

/* --- CRC --- */

/* The reflected polynomial 0xEDB88320, four bits at a time. */
static uint32_t crc_of_byte(uint32_t crc, unsigned char byte)
{
    static const uint32_t table[16] = {0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC,
                                       0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
                                       0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
                                       0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
    crc ^= byte;
    crc = crc >> 4 ^ table[crc & 15];
    return crc >> 4 ^ table[crc & 15];
}

enum { SLICE_BYTES = 8 };

/* tables[k][b]: what a byte b does to the CRC after k more bytes. */
static void make_tables(uint32_t tables[SLICE_BYTES][256])
{
    for (unsigned b = 0; b < 256; b++)
        tables[0][b] = crc_of_byte(0, (unsigned char)b);
    for (unsigned k = 1; k < SLICE_BYTES; k++) {
        for (unsigned b = 0; b < 256; b++)
            tables[k][b] = tables[k - 1][b] >> 8 ^ tables[0][tables[k - 1][b] & 0xFF];
    }
}

/* Eight bytes at a time, by tables that are made anew for each long text: that costs little beside
 * it, and nothing has to be kept. */
static uint32_t crc_of_slices(uint32_t crc, const unsigned char *bytes, size_t slice_count)
{
    uint32_t tables[SLICE_BYTES][256] = {0};
    make_tables(tables);
    for (size_t i = 0; i < slice_count; i++, bytes += SLICE_BYTES) {
        uint64_t slice = get_fixed(bytes, SLICE_BYTES) ^ crc;
        crc = 0;
        for (unsigned k = 0; k < SLICE_BYTES; k++)
            crc ^= tables[SLICE_BYTES - 1 - k][slice >> 8 * k & 0xFF];
    }
    return crc;
}

uint32_t trace_crc(const unsigned char *bytes, size_t length)
{
    enum { LONG_BYTES = 16384 };
    uint32_t crc = UINT32_MAX;
    size_t done = 0;
    if (length >= LONG_BYTES) {
        done = length / SLICE_BYTES * SLICE_BYTES;
        crc = crc_of_slices(crc, bytes, length / SLICE_BYTES);
    }
    for (; done < length; done++)
        crc = crc_of_byte(crc, bytes[done]);
    return ~crc;
}

/* --- Registers --- */

struct trace_registers trace_registers_of(const struct vamp_state *state, uint32_t lines)
{
    struct trace_registers registers;
    registers.at[TRACE_REGISTER_DPC] = state->dpc;
    registers.at[TRACE_REGISTER_PCP] = state->pcp;
    memcpy(&registers.at[TRACE_REGISTER_GPR], state->gpr, sizeof state->gpr);
    memcpy(&registers.at[TRACE_REGISTER_SPR], state->spr, sizeof state->spr);
    registers.at[TRACE_REGISTER_LINES] = lines;
    return registers;
}

struct vamp_state trace_registers_state(const struct trace_registers *registers)
{
    struct vamp_state state = {.dpc = registers->at[TRACE_REGISTER_DPC],
                               .pcp = registers->at[TRACE_REGISTER_PCP]};
    memcpy(state.gpr, &registers->at[TRACE_REGISTER_GPR], sizeof state.gpr);
    memcpy(state.spr, &registers->at[TRACE_REGISTER_SPR], sizeof state.spr);
    return state;
}

void trace_register_name(unsigned number, char name[16])
{
    unsigned special = number - TRACE_REGISTER_SPR;
    if (number < TRACE_REGISTER_GPR)
        snprintf(name, 16, "%s", number == TRACE_REGISTER_DPC ? "dpc" : "pcp");
    else if (number < TRACE_REGISTER_SPR)
        snprintf(name, 16, "r%u", number - TRACE_REGISTER_GPR);
    else if (number == TRACE_REGISTER_LINES)
        snprintf(name, 16, "lines");
    else if (vamp_spr_name(special) != NULL)
        snprintf(name, 16, "%s", vamp_spr_name(special));
    else
        snprintf(name, 16, "s%u", special);
}

/* --- The file's header --- */

void trace_header_encode(const struct trace_header *header,
                         unsigned char bytes[TRACE_FILE_HEADER_BYTES])
{
    memset(bytes, 0, TRACE_FILE_HEADER_BYTES);
    memcpy(bytes, trace_magic, TRACE_MAGIC_BYTES);
    put_fixed(bytes + 8, TRACE_VERSION, 4);
    put_fixed(bytes + 12, header->memory_bytes, 4);
    put_fixed(bytes + 16, header->interval_steps, 8);
    memcpy(bytes + 24, header->image_digest, TRACE_DIGEST_BYTES);
    memcpy(bytes + 56, header->recorder, strnlen(header->recorder, TRACE_RECORDER_BYTES));
    put_fixed(bytes + 92, trace_crc(bytes, 92), 4);
}

bool trace_header_decode(const unsigned char bytes[TRACE_FILE_HEADER_BYTES],
                         struct trace_header *header, struct location where, struct fault *fault)
{
    if (memcmp(bytes, trace_magic, TRACE_MAGIC_BYTES) != 0)
        return fault_at(fault, where, "this is no trace");
    uint32_t version = (uint32_t)get_fixed(bytes + 8, 4);
    if (version != TRACE_VERSION)
        return fault_at(fault, where, "a trace of version %u; this program reads version %d",
                        version, TRACE_VERSION);
    if (get_fixed(bytes + 92, 4) != trace_crc(bytes, 92))
        return fault_at(fault, where, "the header is damaged");
    *header = (struct trace_header){.memory_bytes = (uint32_t)get_fixed(bytes + 12, 4),
                                    .interval_steps = get_fixed(bytes + 16, 8)};
    memcpy(header->image_digest, bytes + 24, TRACE_DIGEST_BYTES);
    memcpy(header->recorder, bytes + 56, TRACE_RECORDER_BYTES);
    for (char *c = header->recorder; *c != '\0'; c++)
        *c = *c < ' ' || *c > '~' ? '?' : *c; /* it will be printed */
    return true;
}

/* --- Block headers and the trailer --- */

void trace_block_header_encode(const struct trace_block_header *header,
                               unsigned char bytes[TRACE_BLOCK_HEADER_BYTES])
{
    put_fixed(bytes, TRACE_BLOCK_TAG, 4);
    put_fixed(bytes + 4, header->flags, 4);
    put_fixed(bytes + 8, header->stored_bytes, 4);
    put_fixed(bytes + 12, header->plain_bytes, 4);
    put_fixed(bytes + 16, header->step, 8);
    put_fixed(bytes + 24, header->content_crc, 4);
    put_fixed(bytes + 28, trace_crc(bytes, 28), 4);
}

bool trace_block_header_decode(const unsigned char bytes[TRACE_BLOCK_HEADER_BYTES],
                               struct trace_block_header *header)
{
    *header = (struct trace_block_header){.flags = (uint32_t)get_fixed(bytes + 4, 4),
                                          .stored_bytes = (uint32_t)get_fixed(bytes + 8, 4),
                                          .plain_bytes = (uint32_t)get_fixed(bytes + 12, 4),
                                          .step = get_fixed(bytes + 16, 8),
                                          .content_crc = (uint32_t)get_fixed(bytes + 24, 4)};
    uint32_t known = TRACE_BLOCK_SECTION | TRACE_BLOCK_RAW | TRACE_BLOCK_INDEX;
    return get_fixed(bytes, 4) == TRACE_BLOCK_TAG &&
           get_fixed(bytes + 28, 4) == trace_crc(bytes, 28) && (header->flags & ~known) == 0;
}

void trace_trailer_encode(uint64_t index_offset, unsigned char bytes[TRACE_TRAILER_BYTES])
{
    put_fixed(bytes, TRACE_TRAILER_TAG, 4);
    put_fixed(bytes + 4, index_offset, 8);
    put_fixed(bytes + 12, trace_crc(bytes, 12), 4);
}

bool trace_trailer_decode(const unsigned char bytes[TRACE_TRAILER_BYTES], uint64_t *index_offset)
{
    *index_offset = get_fixed(bytes + 4, 8);
    return get_fixed(bytes, 4) == TRACE_TRAILER_TAG &&
           get_fixed(bytes + 12, 4) == trace_crc(bytes, 12);
}

/* --- Digests --- */

bool trace_digest_parse(const char *hexadecimal, unsigned char digest[TRACE_DIGEST_BYTES])
{
    if (strlen(hexadecimal) != 2 * TRACE_DIGEST_BYTES ||
        strspn(hexadecimal, "0123456789abcdef") != 2 * TRACE_DIGEST_BYTES)
        return false;
    for (unsigned i = 0; i < TRACE_DIGEST_BYTES; i++) {
        unsigned byte;
        sscanf(hexadecimal + 2 * i, "%2x", &byte);
        digest[i] = (unsigned char)byte;
    }
    return true;
}

void trace_digest_print(const unsigned char digest[TRACE_DIGEST_BYTES], char hexadecimal[65])
{
    for (unsigned i = 0; i < TRACE_DIGEST_BYTES; i++)
        snprintf(hexadecimal + 2 * i, 3, "%02x", digest[i]);
}
