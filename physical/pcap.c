#include "physical/pcap.h"

#include <string.h>

/* The magic number also tells the byte order and the unit of the times. */
#define MAGIC_MICROSECONDS UINT32_C(0xA1B2C3D4)
#define MAGIC_NANOSECONDS UINT32_C(0xA1B23C4D)

enum { VERSION_MAJOR = 2, VERSION_MINOR = 4, LINK_ETHERNET = 1, MICROSECONDS = 1000000 };
/* What a file without a limit of its own can hold at most, as libpcap has it. */
enum { SNAP_BYTES_MAX = 262144 };

static uint32_t word_at(const struct pcap_reader *reader, size_t offset)
{
    const unsigned char *at = (const unsigned char *)reader->content.at + offset;
    uint32_t little = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    return reader->is_big_endian ? __builtin_bswap32(little) : little;
}

static uint32_t half_at(const struct pcap_reader *reader, size_t offset)
{
    const unsigned char *at = (const unsigned char *)reader->content.at + offset;
    return reader->is_big_endian ? (uint32_t)at[0] << 8 | at[1] : at[0] | (uint32_t)at[1] << 8;
}

static bool is_magic(uint32_t word)
{
    return word == MAGIC_MICROSECONDS || word == MAGIC_NANOSECONDS;
}

bool pcap_begin(struct pcap_reader *reader, const char *path, struct text content,
                struct fault *fault)
{
    struct location where = {path, 0, 0};
    *reader = (struct pcap_reader){
        .path = path, .content = content, .at = PCAP_HEADER_BYTES, .record = 1};
    if (content.length < PCAP_HEADER_BYTES)
        return fault_at(fault, where, "no pcap file: it ends within its header");
    reader->is_big_endian = !is_magic(word_at(reader, 0));
    if (!is_magic(word_at(reader, 0)))
        return fault_at(fault, where, "no pcap file: its magic number is unknown");
    uint32_t major = half_at(reader, 4), minor = half_at(reader, 6);
    if (major != VERSION_MAJOR || minor != VERSION_MINOR)
        return fault_at(fault, where, "a pcap file of version %u.%u (2.4 is known)",
                        (unsigned)major, (unsigned)minor);
    uint32_t snap_bytes = word_at(reader, 16), link = word_at(reader, 20);
    if (link != LINK_ETHERNET)
        return fault_at(fault, where, "its link type is %u (Ethernet is %d)", (unsigned)link,
                        LINK_ETHERNET);
    bool is_limited = snap_bytes > 0 && snap_bytes < SNAP_BYTES_MAX;
    reader->snap_bytes = is_limited ? snap_bytes : SNAP_BYTES_MAX;
    return true;
}

bool pcap_is_at_end(const struct pcap_reader *reader)
{
    return reader->at == reader->content.length;
}

bool pcap_next(struct pcap_reader *reader, uint32_t frame_bytes, struct text *frame,
               struct fault *fault)
{
    struct location where = {reader->path, 0, 0};
    size_t left = reader->content.length - reader->at;
    unsigned number = (unsigned)reader->record;
    if (left < PCAP_RECORD_BYTES)
        return fault_at(fault, where, "record %u: the file ends within its header", number);
    uint32_t captured = word_at(reader, reader->at + 8);
    uint32_t original = word_at(reader, reader->at + 12);
    if (captured > reader->snap_bytes || captured > original)
        return fault_at(fault, where, "record %u: %u bytes captured of %u, where %u are the most",
                        number, (unsigned)captured, (unsigned)original,
                        (unsigned)reader->snap_bytes);
    if (captured > left - PCAP_RECORD_BYTES)
        return fault_at(fault, where, "record %u: the file ends within its frame", number);
    if (captured < original)
        return fault_at(fault, where, "record %u: only %u of the frame's %u bytes were captured",
                        number, (unsigned)captured, (unsigned)original);
    if (captured == 0 || captured > frame_bytes)
        return fault_at(fault, where, "record %u: a frame of %u bytes (1 to %u can be)", number,
                        (unsigned)captured, (unsigned)frame_bytes);
    *frame = (struct text){reader->content.at + reader->at + PCAP_RECORD_BYTES, captured};
    reader->at += PCAP_RECORD_BYTES + captured;
    reader->record++;
    return true;
}

static void put_word(unsigned char *at, uint32_t word)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (unsigned char)(word >> i * 8);
}

void pcap_put_header(unsigned char bytes[PCAP_HEADER_BYTES], uint32_t snap_bytes)
{
    memset(bytes, 0, PCAP_HEADER_BYTES);
    put_word(bytes, MAGIC_MICROSECONDS);
    put_word(bytes + 4, VERSION_MAJOR | (uint32_t)VERSION_MINOR << 16);
    put_word(bytes + 16, snap_bytes);
    put_word(bytes + 20, LINK_ETHERNET);
}

void pcap_put_record(unsigned char bytes[PCAP_RECORD_BYTES], uint64_t microseconds,
                     uint32_t length_bytes)
{
    put_word(bytes, (uint32_t)(microseconds / MICROSECONDS));
    put_word(bytes + 4, (uint32_t)(microseconds % MICROSECONDS));
    put_word(bytes + 8, length_bytes);
    put_word(bytes + 12, length_bytes);
}
