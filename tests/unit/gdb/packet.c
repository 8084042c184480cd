/* Framing: every expected byte is worked out from the protocol's description. */
#include "gdb/packet.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct gdb_reader reader;
static struct arena *arena;

static void begin(void)
{
    arena = arena_new();
    reader = (struct gdb_reader){0};
}

static void end(void)
{
    arena_free(arena);
}

TestSuite(gdb_reader, .init = begin, .fini = end);
TestSuite(gdb_writer, .init = begin, .fini = end);

/* What the last byte completes; those before it complete nothing. */
static enum gdb_input take(const char *bytes, size_t length)
{
    for (size_t i = 0; i + 1 < length; i++)
        cr_expect_eq(gdb_reader_take(&reader, bytes[i]), GDB_INPUT_NONE, "byte %zu", i);
    return gdb_reader_take(&reader, bytes[length - 1]);
}

static enum gdb_input take_string(const char *bytes)
{
    return take(bytes, strlen(bytes));
}

static bool holds(const char *content)
{
    return text_is((struct text){reader.content, reader.length}, content);
}

Test(gdb_reader, a_packet_ends_with_its_checksum)
{
    cr_expect_eq(take_string("$m0,4#fd"), GDB_INPUT_PACKET);
    cr_expect(holds("m0,4"));
}

Test(gdb_reader, the_digits_of_a_checksum_may_be_capitals)
{
    cr_expect_eq(take_string("$m0,4#FD"), GDB_INPUT_PACKET);
}

Test(gdb_reader, an_empty_packet_is_a_packet)
{
    cr_expect_eq(take_string("$#00"), GDB_INPUT_PACKET);
    cr_expect(holds(""));
}

Test(gdb_reader, a_wrong_checksum_is_damage)
{
    cr_expect_eq(take_string("$m0,4#fc"), GDB_INPUT_DAMAGED);
    cr_expect_eq(take_string("$m0,4#0d"), GDB_INPUT_DAMAGED);
    cr_expect_eq(take_string("$m0,4#xx"), GDB_INPUT_DAMAGED);
    cr_expect_eq(take_string("$g#67"), GDB_INPUT_PACKET);
}

/* } flips bit 5 of what follows: it is itself written as }]. */
Test(gdb_reader, an_escape_stands_for_the_flipped_character)
{
    cr_expect_eq(take_string("$X}\x03}\x04}]}\x0a#ba"), GDB_INPUT_PACKET);
    cr_expect(holds("X#$}*"));
}

Test(gdb_reader, an_escape_of_nothing_is_damage)
{
    cr_expect_eq(take_string("$X}#d5"), GDB_INPUT_DAMAGED);
}

Test(gdb_reader, a_dollar_begins_a_packet_anew)
{
    cr_expect_eq(take_string("$m0,$g#67"), GDB_INPUT_PACKET);
    cr_expect(holds("g"));
    cr_expect_eq(take_string("$X}$g#67"), GDB_INPUT_PACKET);
    cr_expect(holds("g"));
}

Test(gdb_reader, single_bytes_count_outside_packets)
{
    cr_expect_eq(take_string("+"), GDB_INPUT_ACK);
    cr_expect_eq(take_string("-"), GDB_INPUT_NAK);
    cr_expect_eq(take_string("\x03"), GDB_INPUT_INTERRUPT);
    cr_expect_eq(take("GET / HTTP/1.1\r\n\0\xff#00", 21), GDB_INPUT_NONE);
}

Test(gdb_reader, single_bytes_are_content_within_packets)
{
    cr_expect_eq(take_string("$+-\x03#5b"), GDB_INPUT_PACKET);
    cr_expect(holds("+-\x03"));
}

static enum gdb_input take_long(size_t length)
{
    unsigned sum = 0;
    char tail[4];
    gdb_reader_take(&reader, '$');
    for (size_t i = 0; i < length; i++, sum += 'a')
        cr_assert_eq(gdb_reader_take(&reader, 'a'), GDB_INPUT_NONE);
    snprintf(tail, sizeof tail, "#%02x", sum % 256);
    return take_string(tail);
}

Test(gdb_reader, the_longest_packet_is_kept_whole)
{
    cr_expect_eq(take_long(GDB_PACKET_BYTES), GDB_INPUT_PACKET);
    cr_expect_eq(reader.length, GDB_PACKET_BYTES);
}

Test(gdb_reader, a_longer_packet_is_told_apart_and_leaves_no_trace)
{
    cr_expect_eq(take_long(GDB_PACKET_BYTES + 1), GDB_INPUT_OVERSIZE);
    cr_expect_eq(take_long(10 * GDB_PACKET_BYTES), GDB_INPUT_OVERSIZE);
    cr_expect_eq(take_string("$g#67"), GDB_INPUT_PACKET);
    cr_expect(holds("g"));
}

static void expect_written(const char *content, size_t length, const char *expected)
{
    struct text_builder out = {.arena = arena};
    gdb_packet_append(&out, (struct text){content, length});
    cr_expect_str_eq(text_built(&out), expected);
}

Test(gdb_writer, content_stands_between_dollar_and_checksum)
{
    expect_written("OK", 2, "$OK#9a");
    expect_written("", 0, "$#00");
}

/* '}' and the character with bit 5 flipped: 7d 03, 7d 04, 7d 5d, 7d 0a. */
Test(gdb_writer, characters_of_the_protocol_are_escaped)
{
    expect_written("#$}*", 4, "$}\x03}\x04}]}\x0a#62");
}

/* A star and the number of further characters + 29; three is the least, 97 the most. Not
 * 6, 7, 13, 14, 16 and 96, which would be # $ * + - }. */
Test(gdb_writer, runs_are_written_by_their_length)
{
    expect_written("000", 3, "$000#90");
    expect_written("0000", 4, "$0* #7a");
    expect_written("000000", 6, "$0*\"#7c");
    expect_written("0000000", 7, "$0*\"0#ac");
    expect_written("00000000", 8, "$0*\"00#dc");
    expect_written("000000000", 9, "$0*%#7f");
}

Test(gdb_writer, the_longest_run_is_98_characters)
{
    char zeros[100];
    memset(zeros, '0', sizeof zeros);
    expect_written(zeros, 98, "$0*~#d8");
    expect_written(zeros, 99, "$0*~0#08");
}

Test(gdb_writer, what_is_written_is_never_the_protocols_own)
{
    for (size_t length = 1; length < 300; length++) {
        char content[300];
        struct text_builder out = {.arena = arena};
        memset(content, 'x', length);
        gdb_packet_append(&out, (struct text){content, length});
        for (size_t i = 1; i + 3 < out.length; i++)
            cr_expect(strchr("$#+-}", out.at[i]) == NULL, "length %zu", length);
        cr_expect(strstr(out.at, "**") == NULL, "length %zu", length);
    }
}
