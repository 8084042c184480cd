/* The packet layer of the GDB remote serial protocol: $content#checksum, with escapes, and the
 * bytes that stand alone. It knows nothing of what packets mean. */
#ifndef GDB_PACKET_H
#define GDB_PACKET_H

#include "base/text.h"

/* The longest content of a packet, in either direction. */
enum { GDB_PACKET_BYTES = 16384 };

/* What a byte from the client completes. */
enum gdb_input {
    GDB_INPUT_NONE,      /* nothing yet; or a byte outside any packet, which is skipped */
    GDB_INPUT_PACKET,    /* the reader's content, escapes resolved */
    GDB_INPUT_DAMAGED,   /* a packet with a wrong checksum, or one that ends within an escape */
    GDB_INPUT_OVERSIZE,  /* a packet that came whole, but is too long: its content is lost */
    GDB_INPUT_ACK,       /* + */
    GDB_INPUT_NAK,       /* - */
    GDB_INPUT_INTERRUPT, /* 0x03 */
};

/* Zeroed at first. */
struct gdb_reader {
    enum {
        GDB_READER_OUTSIDE,
        GDB_READER_CONTENT,
        GDB_READER_ESCAPE,
        GDB_READER_SUM_HIGH,
        GDB_READER_SUM_LOW,
    } state;
    unsigned char sum, sum_high; /* of the bytes since $; the first digit after # */
    bool is_damaged, is_oversize;
    size_t length;
    char content[GDB_PACKET_BYTES];
};

enum gdb_input gdb_reader_take(struct gdb_reader *reader, char byte);

/* Appends the packet with that content: escapes where they are needed, and runs of a character by
 * their length. */
void gdb_packet_append(struct text_builder *out, struct text content);

#endif
