/* Frames from and to pcap files: good ones of each kind, cut off ones, contradictory ones. */
#include "host_rig.h"

#include "physical/pcap.h"

#include <criterion/criterion.h>
#include <string.h>

enum { LONGEST = 1518, HEADER = 24, RECORD = 16 };

/* Written here by hand, so that reading and writing are not only checked against each other. */
struct file {
    struct text_builder builder;
    bool is_big_endian;
};

static void put(struct file *file, uint32_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        unsigned shift = 8 * (file->is_big_endian ? bytes - 1 - i : i);
        char byte = (char)(value >> shift);
        text_append_bytes(&file->builder, &byte, 1);
    }
}

static struct file file_begin(struct host_rig *rig, bool is_big_endian, uint32_t magic,
                              uint32_t snap_bytes)
{
    struct file file = {{.arena = rig->arena}, is_big_endian};
    put(&file, magic, 4);
    put(&file, 2, 2);
    put(&file, 4, 2);
    put(&file, 0, 4);
    put(&file, 0, 4);
    put(&file, snap_bytes, 4);
    put(&file, 1, 4);
    return file;
}

static void file_record(struct file *file, uint32_t captured, uint32_t original, const char *bytes)
{
    put(file, 1000, 4);
    put(file, 999, 4);
    put(file, captured, 4);
    put(file, original, 4);
    text_append_bytes(&file->builder, bytes, captured);
}

static struct host *file_open(struct host_rig *rig, const struct file *file)
{
    const char *path = host_rig_path(rig, "input.pcap");
    host_rig_put(rig, path, (struct text){text_built(&file->builder), file->builder.length});
    return host_network_pcap(rig->arena, path, NULL, &rig->fault);
}

static void check_frame(struct host *host, struct text frame)
{
    struct device_event event;
    cr_assert_not(host->inlet.is_exhausted(host->inlet.self));
    cr_assert(host->inlet.poll(host->inlet.self, &event));
    cr_assert_eq(event.kind, DEVICE_EVENT_FRAME);
    cr_assert(text_equals(event.content, frame));
}

static void check_kind(bool is_big_endian, uint32_t magic)
{
    struct host_rig *rig = host_rig_new();
    struct file file = file_begin(rig, is_big_endian, magic, 65535);
    char longest[LONGEST];
    for (unsigned i = 0; i < LONGEST; i++)
        longest[i] = (char)i;
    file_record(&file, 5, 5, "first");
    file_record(&file, LONGEST, LONGEST, longest);
    file_record(&file, 1, 1, "3");
    struct host *host = host_rig_opened(rig, file_open(rig, &file));
    check_frame(host, text_of("first"));
    check_frame(host, (struct text){longest, LONGEST});
    check_frame(host, text_of("3"));
    cr_assert(host->inlet.is_exhausted(host->inlet.self));
    cr_assert(host_has_nothing(host));
    host_rig_close(rig, host);
    host_rig_free(rig);
}

Test(host_pcap, little_endian_file_with_microseconds_is_read)
{
    check_kind(false, 0xA1B2C3D4);
}

Test(host_pcap, big_endian_file_with_microseconds_is_read)
{
    check_kind(true, 0xA1B2C3D4);
}

Test(host_pcap, little_endian_file_with_nanoseconds_is_read)
{
    check_kind(false, 0xA1B23C4D);
}

Test(host_pcap, big_endian_file_with_nanoseconds_is_read)
{
    check_kind(true, 0xA1B23C4D);
}

Test(host_pcap, file_without_records_is_at_its_end)
{
    struct host_rig *rig = host_rig_new();
    struct file file = file_begin(rig, false, 0xA1B2C3D4, 0);
    struct host *host = host_rig_opened(rig, file_open(rig, &file));
    cr_assert(host->inlet.is_exhausted(host->inlet.self));
    host_rig_close(rig, host);
    host_rig_free(rig);
}

/* The first `length` bytes of a file with two frames. */
static struct host *open_cut(struct host_rig *rig, size_t length)
{
    struct file file = file_begin(rig, false, 0xA1B2C3D4, 65535);
    file_record(&file, 5, 5, "first");
    file_record(&file, 7, 7, "another");
    cr_assert_leq(length, file.builder.length);
    file.builder.length = length;
    return file_open(rig, &file);
}

Test(host_pcap, file_cut_anywhere_but_between_records_is_refused)
{
    struct host_rig *rig = host_rig_new();
    for (size_t length = 0; length <= HEADER + 2 * RECORD + 12; length++) {
        bool is_whole =
            length == HEADER || length == HEADER + RECORD + 5 || length == HEADER + 2 * RECORD + 12;
        struct host *host = open_cut(rig, length);
        if (is_whole)
            host_rig_close(rig, host_rig_opened(rig, host));
        else
            host_rig_refused(rig, host, "ends within its");
    }
    host_rig_free(rig);
}

Test(host_pcap, file_with_another_magic_number_is_refused)
{
    static const uint32_t magics[] = {0, 0xA1B2C3D5, 0x0A0D0D0A, 0xA1B2CD34};
    struct host_rig *rig = host_rig_new();
    for (unsigned i = 0; i < 4; i++) {
        struct file file = file_begin(rig, false, magics[i], 65535);
        host_rig_refused(rig, file_open(rig, &file), "magic");
    }
    host_rig_free(rig);
}

/* A file with one byte of the header changed. */
static struct host *open_changed(struct host_rig *rig, size_t offset, char byte)
{
    struct file file = file_begin(rig, false, 0xA1B2C3D4, 65535);
    file_record(&file, 5, 5, "first");
    file.builder.at[offset] = byte;
    return file_open(rig, &file);
}

Test(host_pcap, file_of_another_version_is_refused)
{
    struct host_rig *rig = host_rig_new();
    host_rig_refused(rig, open_changed(rig, 4, 1), "version 1.4");
    host_rig_refused(rig, open_changed(rig, 6, 3), "version 2.3");
    host_rig_free(rig);
}

Test(host_pcap, file_of_another_link_is_refused)
{
    struct host_rig *rig = host_rig_new();
    host_rig_refused(rig, open_changed(rig, 20, 101), "link type is 101");
    host_rig_refused(rig, open_changed(rig, 23, 0x10), "link type");
    host_rig_free(rig);
}

static void check_refused_record(uint32_t snap_bytes, uint32_t captured, uint32_t original,
                                 const char *why)
{
    static const char zeros[4096];
    struct host_rig *rig = host_rig_new();
    struct file file = file_begin(rig, false, 0xA1B2C3D4, snap_bytes);
    file_record(&file, 4, 4, "good");
    file_record(&file, captured, original, zeros);
    host_rig_refused(rig, file_open(rig, &file), why);
    host_rig_free(rig);
}

Test(host_pcap, record_longer_than_the_file_allows_is_refused)
{
    check_refused_record(64, 65, 65, "record 2: 65 bytes captured of 65, where 64 are the most");
}

Test(host_pcap, record_with_more_bytes_than_its_frame_had_is_refused)
{
    check_refused_record(65535, 60, 59, "record 2: 60 bytes captured of 59");
}

Test(host_pcap, record_of_a_part_of_its_frame_is_refused)
{
    check_refused_record(64, 64, 100, "record 2: only 64 of the frame's 100 bytes");
}

Test(host_pcap, record_without_bytes_is_refused)
{
    check_refused_record(65535, 0, 0, "record 2: a frame of 0 bytes");
}

Test(host_pcap, record_longer_than_any_frame_is_refused)
{
    check_refused_record(0, LONGEST + 1, LONGEST + 1, "record 2: a frame of 1519 bytes");
}

Test(host_pcap, absurd_length_is_refused)
{
    struct host_rig *rig = host_rig_new();
    struct file file = file_begin(rig, false, 0xA1B2C3D4, 0xFFFFFFFF);
    put(&file, 0, 4);
    put(&file, 0, 4);
    put(&file, 0xFFFFFFFF, 4);
    put(&file, 0xFFFFFFFF, 4);
    host_rig_refused(rig, file_open(rig, &file), "record 1");
    host_rig_free(rig);
}

Test(host_pcap, file_that_is_not_there_is_refused)
{
    struct host_rig *rig = host_rig_new();
    const char *path = host_rig_path(rig, "none.pcap");
    host_rig_refused(rig, host_network_pcap(rig->arena, path, NULL, &rig->fault), "cannot read");
    host_rig_free(rig);
}

Test(host_pcap, output_is_kept_if_the_input_is_refused)
{
    struct host_rig *rig = host_rig_new();
    const char *output = host_rig_path(rig, "output.pcap");
    host_rig_put(rig, output, text_of("precious"));
    host_rig_refused(rig,
                     host_network_pcap(rig->arena, host_rig_path(rig, "no"), output, &rig->fault),
                     "cannot");
    cr_assert(text_is(host_rig_get(rig, output), "precious"));
    host_rig_free(rig);
}

static uint64_t clock_steps(void *self)
{
    return *(uint64_t *)self;
}

Test(host_pcap, sent_frames_are_written_with_the_steps_as_microseconds)
{
    static const unsigned char expected[] = {
        0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xEE, 5,   0,
        0,    1,    0,    0,    0,                                                  /**/
        0,    0,    0,    0,    7, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 'a',  'b', 'c', /**/
        2,    0,    0,    0,    1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 'z',
    };
    struct host_rig *rig = host_rig_new();
    const char *path = host_rig_path(rig, "output.pcap");
    struct host *host =
        host_rig_opened(rig, host_network_pcap(rig->arena, NULL, path, &rig->fault));
    cr_assert_null(host->inlet.poll, "nothing comes in");
    uint64_t now = 7;
    host->clock = (struct host_clock){&now, clock_steps};
    host_send(host, text_of("abc"));
    now = 2000001;
    host_send(host, text_of("z"));
    host_rig_close(rig, host);
    struct text content = host_rig_get(rig, path);
    cr_assert(text_equals(content, (struct text){(const char *)expected, sizeof expected}));
    host_rig_free(rig);
}

Test(host_pcap, what_was_written_is_read_again)
{
    struct host_rig *rig = host_rig_new();
    const char *path = host_rig_path(rig, "both.pcap");
    struct host *out = host_rig_opened(rig, host_network_pcap(rig->arena, NULL, path, &rig->fault));
    char bytes[LONGEST] = {0};
    for (size_t length = 1; length <= LONGEST; length += 37)
        host_send(out, (struct text){bytes, length});
    host_rig_close(rig, out);
    struct host *in = host_rig_opened(rig, host_network_pcap(rig->arena, path, NULL, &rig->fault));
    for (size_t length = 1; length <= LONGEST; length += 37)
        check_frame(in, (struct text){bytes, length});
    cr_assert(in->inlet.is_exhausted(in->inlet.self));
    host_rig_close(rig, in);
    host_rig_free(rig);
}

Test(host_pcap, full_disk_is_told)
{
    struct host_rig *rig = host_rig_new();
    host_rig_refused(rig, host_network_pcap(rig->arena, NULL, "/dev/full", &rig->fault),
                     "cannot write");
    host_rig_free(rig);
}

/* Bytes changed at random: refused or read, and what is read lies within the file. */
Test(host_pcap, damaged_files_never_give_frames_out_of_bounds)
{
    struct host_rig *rig = host_rig_new();
    struct file file = file_begin(rig, false, 0xA1B2C3D4, 200);
    static const char zeros[200];
    for (unsigned i = 1; i < 20; i++)
        file_record(&file, i * 10, i * 10, zeros);
    uint64_t random = 1;
    unsigned read_count = 0;
    for (unsigned run = 0; run < 20000; run++) {
        char *copy = arena_copy(rig->arena, file.builder.at, file.builder.length);
        for (unsigned i = 0; i < 1 + run % 4; i++) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
            size_t at = (random >> 33) % file.builder.length;
            copy[at] = (char)(random >> 20);
        }
        struct fault fault = {0};
        struct pcap_reader reader;
        struct text frame, content = {copy, file.builder.length - run % 7};
        if (!pcap_begin(&reader, "damaged", content, &fault))
            continue;
        while (!pcap_is_at_end(&reader) && pcap_next(&reader, LONGEST, &frame, &fault)) {
            cr_assert(frame.at >= content.at && frame.length > 0 &&
                      frame.at + frame.length <= content.at + content.length);
            read_count++;
        }
        cr_assert(fault.is_set || pcap_is_at_end(&reader));
    }
    cr_assert_gt(read_count, 10000u);
    host_rig_free(rig);
}
