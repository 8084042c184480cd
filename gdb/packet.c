#include "gdb/packet.h"

#include "gdb/hex.h"

enum { ESCAPE_FLIP = 0x20, INTERRUPT = 0x03 };

/* A run of a character is written as the character, a star, and the number of repetitions as a
 * printable character. */
enum { RUN_OFFSET = 29, RUN_LEAST = 3, RUN_MOST = '~' - RUN_OFFSET };

static void begin(struct gdb_reader *reader)
{
    reader->state = GDB_READER_CONTENT;
    reader->sum = 0;
    reader->is_damaged = reader->is_oversize = false;
    reader->length = 0;
}

static enum gdb_input take_outside(struct gdb_reader *reader, char byte)
{
    switch (byte) {
    case '$':
        begin(reader);
        return GDB_INPUT_NONE;
    case '+':
        return GDB_INPUT_ACK;
    case '-':
        return GDB_INPUT_NAK;
    case INTERRUPT:
        return GDB_INPUT_INTERRUPT;
    default:
        return GDB_INPUT_NONE;
    }
}

static void keep(struct gdb_reader *reader, char byte)
{
    if (reader->length == sizeof reader->content)
        reader->is_oversize = true;
    else
        reader->content[reader->length++] = byte;
}

/* A $ within a packet begins another one: the end of the first was lost. */
static void take_content(struct gdb_reader *reader, char byte)
{
    bool is_escaped = reader->state == GDB_READER_ESCAPE;
    if (byte == '$') {
        begin(reader);
        return;
    }
    if (byte == '#') {
        reader->is_damaged = is_escaped;
        reader->state = GDB_READER_SUM_HIGH;
        return;
    }
    reader->sum = (unsigned char)(reader->sum + (unsigned char)byte);
    if (byte == '}' && !is_escaped) {
        reader->state = GDB_READER_ESCAPE;
        return;
    }
    keep(reader, is_escaped ? (char)(byte ^ ESCAPE_FLIP) : byte);
    reader->state = GDB_READER_CONTENT;
}

static enum gdb_input finish(struct gdb_reader *reader, char low)
{
    int high_digit = gdb_digit((char)reader->sum_high), low_digit = gdb_digit(low);
    reader->state = GDB_READER_OUTSIDE;
    if (reader->is_damaged || high_digit < 0 || low_digit < 0 ||
        reader->sum != (high_digit << 4 | low_digit))
        return GDB_INPUT_DAMAGED;
    return reader->is_oversize ? GDB_INPUT_OVERSIZE : GDB_INPUT_PACKET;
}

enum gdb_input gdb_reader_take(struct gdb_reader *reader, char byte)
{
    switch (reader->state) {
    case GDB_READER_OUTSIDE:
        return take_outside(reader, byte);
    case GDB_READER_CONTENT:
    case GDB_READER_ESCAPE:
        take_content(reader, byte);
        return GDB_INPUT_NONE;
    case GDB_READER_SUM_HIGH:
        reader->sum_high = (unsigned char)byte;
        reader->state = GDB_READER_SUM_LOW;
        return GDB_INPUT_NONE;
    case GDB_READER_SUM_LOW:
        return finish(reader, byte);
    }
    return GDB_INPUT_NONE;
}

static bool needs_escape(char byte)
{
    return byte == '#' || byte == '$' || byte == '}' || byte == '*';
}

/* Whether a number of repetitions looks like something of the protocol's own. */
static bool is_misleading(size_t count)
{
    char written = (char)(count + RUN_OFFSET);
    return needs_escape(written) || written == '+' || written == '-';
}

/* How often the first character comes again, as far as that can be said in one character. */
static size_t repetitions(struct text content)
{
    size_t count = 0;
    while (count + 1 < content.length && count < RUN_MOST && content.at[count + 1] == content.at[0])
        count++;
    while (is_misleading(count))
        count--;
    return count < RUN_LEAST ? 0 : count;
}

static void append_content(struct text_builder *out, struct text content)
{
    while (content.length > 0) {
        char byte = content.at[0];
        size_t taken = 1;
        if (needs_escape(byte)) {
            text_append_bytes(out, (const char[]){'}', (char)(byte ^ ESCAPE_FLIP)}, 2);
        } else {
            size_t count = repetitions(content);
            text_append_bytes(out, &byte, 1);
            if (count > 0)
                text_append_bytes(out, (const char[]){'*', (char)(count + RUN_OFFSET)}, 2);
            taken += count;
        }
        content.at += taken;
        content.length -= taken;
    }
}

void gdb_packet_append(struct text_builder *out, struct text content)
{
    text_append_bytes(out, "$", 1);
    size_t start = out->length;
    append_content(out, content);
    unsigned char sum = 0;
    for (size_t i = start; i < out->length; i++)
        sum = (unsigned char)(sum + (unsigned char)out->at[i]);
    text_append(out, "#%02x", sum);
}
