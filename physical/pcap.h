/* The classic file format of libpcap: a header, then records of a captured frame each. Read in both
 * byte orders, with micro- and nanoseconds; written little-endian, with microseconds. */
#ifndef PHYSICAL_PCAP_H
#define PHYSICAL_PCAP_H

#include "base/fault.h"
#include "base/text.h"

enum { PCAP_HEADER_BYTES = 24, PCAP_RECORD_BYTES = 16 };

struct pcap_reader {
    const char *path; /* for faults */
    struct text content;
    bool is_big_endian;
    uint32_t snap_bytes; /* no record is longer */
    size_t at;           /* the next record */
    uint32_t record;     /* its number, from 1 */
};

/* False, with a fault: no such file, or not of Ethernet frames. */
bool pcap_begin(struct pcap_reader *reader, const char *path, struct text content,
                struct fault *fault);
bool pcap_is_at_end(const struct pcap_reader *reader);
/* The next frame, which is part of the content. False, with a fault: the record is cut off, or
 * contradicts itself or the header, or holds only part of its frame, or none of at most
 * `frame_bytes` bytes. */
bool pcap_next(struct pcap_reader *reader, uint32_t frame_bytes, struct text *frame,
               struct fault *fault);

void pcap_put_header(unsigned char bytes[PCAP_HEADER_BYTES], uint32_t snap_bytes);
void pcap_put_record(unsigned char bytes[PCAP_RECORD_BYTES], uint64_t microseconds,
                     uint32_t length_bytes);

#endif
