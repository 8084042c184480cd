#include "traces/writer.h"

#include "base/array.h"
#include "base/require.h"
#include "traces/memory.h"
#include "traces/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

enum {
    /* A block is closed when it holds so much, or at a checkpoint after so many steps: what a
     * killed run loses is little. */
    BLOCK_BYTES = 256 * 1024,
    BLOCK_STEPS = 1 << 26,
    /* A new section begins when the present one has this size, and is so many times as large as
     * the state at its start: states to start from add little to the trace. */
    SECTION_BYTES = 1024 * 1024,
    SECTION_FACTOR = 4,
    /* Runs of changed words with no more unchanged ones between them are made one. */
    GAP_WORDS = 2,
    /* What a checkpoint costs, in steps of a fast machine that take as long: to look at a line, and
     * to note a changed word. */
    LINE_STEPS = 256,
    WORD_STEPS = 24,
    COMPRESSION_LEVEL = 1,
};

_Static_assert(VAMP_LINE_BYTES == 4 * TRACE_LINE_WORDS, "the machine tells of the same lines");

struct trace_writer {
    struct arena *arena;
    const char *path;
    int descriptor;
    struct fault fault; /* of writing: the run goes on, its trace does not */
    uint64_t offset;    /* bytes written */
    ZSTD_CCtx *compressor;
    unsigned char *packed;
    size_t packed_bytes;
    struct trace_header header;

    struct vamp_machine *machine;
    uint32_t *words;  /* memory at the last checkpoint */
    uint8_t *is_used; /* of each line: some word may not be 0 */
    uint32_t line_count;
    uint64_t cost_steps; /* of the present checkpoint */
    uint64_t due_step;   /* no checkpoint before */
    bool is_adaptive;
    uint64_t checkpoint_step; /* of the last one */

    struct trace_block_header block;
    unsigned char *plain, *at;
    struct trace_registers registers; /* at the last checkpoint; but lines as they are now */
    uint64_t step;                    /* what records count from */
    uint32_t port, run_end;
    uint64_t section_bytes, state_bytes; /* of records since its start; of its first state */
    ARRAY(struct trace_section) sections;
};

/* --- The file --- */

static void write_bytes(struct trace_writer *writer, const unsigned char *bytes, size_t length)
{
    writer->offset += length;
    while (length > 0 && !writer->fault.is_set) {
        ssize_t count = write(writer->descriptor, bytes, length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0) {
            fault_at(&writer->fault, (struct location){writer->path, 0, 0}, "cannot write: %s",
                     strerror(errno));
            return;
        }
        bytes += count;
        length -= (size_t)count;
    }
}

static void write_header(struct trace_writer *writer)
{
    unsigned char bytes[TRACE_FILE_HEADER_BYTES];
    trace_header_encode(&writer->header, bytes);
    write_bytes(writer, bytes, sizeof bytes);
}

/* A block of `length` plain bytes; `block` says the rest. */
static void write_block(struct trace_writer *writer, struct trace_block_header *block,
                        const unsigned char *plain, size_t length)
{
    unsigned char bytes[TRACE_BLOCK_HEADER_BYTES];
    const unsigned char *content = writer->packed;
    size_t size = ZSTD_compressCCtx(writer->compressor, writer->packed, writer->packed_bytes, plain,
                                    length, COMPRESSION_LEVEL);
    if (ZSTD_isError(size) || size >= length) {
        block->flags |= TRACE_BLOCK_RAW;
        content = plain;
        size = length;
    }
    block->plain_bytes = (uint32_t)length;
    block->stored_bytes = (uint32_t)size;
    block->content_crc = trace_crc(content, size);
    trace_block_header_encode(block, bytes);
    write_bytes(writer, bytes, sizeof bytes);
    write_bytes(writer, content, size);
}

static size_t pending_bytes(const struct trace_writer *writer)
{
    return (size_t)(writer->at - writer->plain);
}

static void flush(struct trace_writer *writer)
{
    size_t length = pending_bytes(writer);
    if (length != 0)
        write_block(writer, &writer->block, writer->plain, length);
    writer->section_bytes += length;
    writer->block = (struct trace_block_header){.step = writer->step};
    writer->at = writer->plain;
}

/* --- Records --- */

static void begin_record(struct trace_writer *writer, enum trace_record_kind kind)
{
    if (pending_bytes(writer) >= BLOCK_BYTES)
        flush(writer);
    *writer->at++ = (unsigned char)kind;
}

static void put_number(struct trace_writer *writer, uint64_t number)
{
    writer->at = trace_put_number(writer->at, number);
}

static void put_step(struct trace_writer *writer, uint64_t step)
{
    require(step >= writer->step, "steps do not go back");
    put_number(writer, step - writer->step);
    writer->step = step;
}

static void put_run(struct trace_writer *writer, uint32_t index, const uint32_t *before,
                    const uint32_t *after, uint32_t count)
{
    begin_record(writer, TRACE_RECORD_MEMORY);
    put_number(writer, index - writer->run_end);
    put_number(writer, count);
    for (uint32_t i = 0; i < count; i++)
        writer->at = trace_put_change(writer->at, before[i], after[i]);
    writer->run_end = index + count;
    writer->cost_steps += (uint64_t)count * WORD_STEPS;
}

/* The runs of changed words in a line. */
static void put_line(struct trace_writer *writer, uint32_t line, const uint32_t *before,
                     const uint32_t *after)
{
    uint32_t first = line * TRACE_LINE_WORDS;
    for (uint32_t i = 0; i < TRACE_LINE_WORDS; i++) {
        if (before[i] == after[i])
            continue;
        uint32_t end = i + 1;
        for (uint32_t j = end; j < TRACE_LINE_WORDS && j <= end + GAP_WORDS; j++)
            end = before[j] != after[j] ? j + 1 : end;
        put_run(writer, first + i, before + i, after + i, end - i);
        i = end;
    }
}

static void put_registers(struct trace_writer *writer, const struct trace_registers *now)
{
    struct trace_registers *last = &writer->registers;
    uint32_t count = 0, number = 0;
    for (uint32_t i = 0; i < TRACE_REGISTER_COUNT; i++)
        count += last->at[i] != now->at[i];
    put_number(writer, count);
    for (uint32_t i = 0; i < TRACE_REGISTER_COUNT; i++) {
        if (last->at[i] == now->at[i])
            continue;
        put_number(writer, i - number);
        writer->at = trace_put_change(writer->at, last->at[i], now->at[i]);
        number = i + 1;
    }
    *last = *now;
}

static void put_checkpoint(struct trace_writer *writer, uint64_t step)
{
    struct trace_registers now = trace_registers_of(vamp_machine_state(writer->machine),
                                                    writer->registers.at[TRACE_REGISTER_LINES]);
    begin_record(writer, TRACE_RECORD_CHECKPOINT);
    put_step(writer, step);
    put_registers(writer, &now);
    writer->run_end = 0;
    writer->checkpoint_step = step;
}

/* --- Memory --- */

static void visit_line(void *self, uint32_t address)
{
    struct trace_writer *writer = self;
    uint32_t now[TRACE_LINE_WORDS] = {0}, line = address / VAMP_LINE_BYTES;
    uint32_t *before = &writer->words[(size_t)line * TRACE_LINE_WORDS];
    for (uint32_t i = 0; i < TRACE_LINE_WORDS; i++)
        vamp_machine_read(writer->machine, address + 4 * i, &now[i]);
    writer->cost_steps += LINE_STEPS;
    if (memcmp(before, now, sizeof now) == 0)
        return;
    put_line(writer, line, before, now);
    memcpy(before, now, sizeof now);
    writer->is_used[line] = 1;
}

/* --- Sections --- */

/* The state of the last checkpoint once more, from nothing: reading can start here. */
static void start_section(struct trace_writer *writer)
{
    static const uint32_t zero[TRACE_LINE_WORDS];
    uint32_t lines = writer->registers.at[TRACE_REGISTER_LINES];
    struct trace_section section = {writer->step, writer->offset};
    ARRAY_PUSH(writer->arena, &writer->sections, section);
    writer->block.flags = TRACE_BLOCK_SECTION;
    writer->port = writer->run_end = 0;
    writer->section_bytes = 0;
    for (uint32_t i = 0; i < writer->line_count; i++) {
        if (writer->is_used[i])
            put_line(writer, i, zero, &writer->words[(size_t)i * TRACE_LINE_WORDS]);
    }
    writer->registers = (struct trace_registers){0};
    struct trace_registers now = trace_registers_of(vamp_machine_state(writer->machine), lines);
    begin_record(writer, TRACE_RECORD_CHECKPOINT);
    put_step(writer, writer->step);
    put_registers(writer, &now);
    writer->run_end = 0;
    writer->state_bytes = writer->section_bytes + pending_bytes(writer);
}

static void start_section_if_due(struct trace_writer *writer)
{
    uint64_t bytes = writer->section_bytes + pending_bytes(writer);
    if (bytes < SECTION_BYTES || bytes < SECTION_FACTOR * writer->state_bytes)
        return;
    flush(writer);
    start_section(writer);
}

/* --- What the run reports --- */

uint64_t trace_writer_checkpoint_steps(const struct trace_writer *writer)
{
    return writer->is_adaptive ? TRACE_INTERVAL_STEPS : writer->header.interval_steps;
}

static void put_access(struct trace_writer *writer, enum trace_record_kind kind, uint64_t step,
                       uint32_t address, uint32_t word)
{
    uint32_t port = (address - VAMP_DEVICES) / 4;
    require(address >= VAMP_DEVICES && address % 4 == 0, "the address of a device's port");
    begin_record(writer, kind);
    put_step(writer, step);
    writer->at = trace_put_change(writer->at, writer->port, port);
    put_number(writer, word);
    writer->port = port;
}

void trace_writer_read(void *self, uint64_t step, uint32_t address, uint32_t word)
{
    put_access(self, TRACE_RECORD_READ, step, address, word);
}

void trace_writer_write(void *self, uint64_t step, uint32_t address, uint32_t word)
{
    put_access(self, TRACE_RECORD_WRITE, step, address, word);
}

void trace_writer_lines(void *self, uint64_t step, uint32_t lines)
{
    struct trace_writer *writer = self;
    uint32_t *last = &writer->registers.at[TRACE_REGISTER_LINES];
    require((lines & ~TRACE_LINES) == 0, "causes from outside");
    if (lines == *last || writer->machine == NULL) {
        *last = lines; /* of the first state, if nothing is recorded yet */
        return;
    }
    begin_record(writer, TRACE_RECORD_LINES);
    put_step(writer, step);
    put_number(writer, *last ^ lines);
    *last = lines;
}

static void note_state(struct trace_writer *writer, uint64_t step)
{
    writer->cost_steps = 0;
    vamp_machine_each_changed_line(writer->machine, visit_line, writer);
    put_checkpoint(writer, step);
    start_section_if_due(writer);
    writer->due_step = writer->is_adaptive ? step + writer->cost_steps : step;
    if (step - writer->block.step >= BLOCK_STEPS)
        flush(writer);
}

void trace_writer_checkpoint(void *self, uint64_t step)
{
    struct trace_writer *writer = self;
    if (step >= writer->due_step && step != writer->checkpoint_step)
        note_state(writer, step);
}

/* --- Begin and end --- */

static void print_into(char *to, size_t length, const char *from)
{
    memcpy(to, from, strnlen(from, length));
}

struct trace_writer *trace_writer_new(struct arena *arena, const struct trace_setup *setup,
                                      struct fault *fault)
{
    struct trace_writer *writer = ARENA_NEW(arena, struct trace_writer);
    writer->arena = arena;
    writer->path = setup->path;
    writer->is_adaptive = setup->interval_steps == 0;
    writer->header.interval_steps = setup->interval_steps;
    print_into(writer->header.recorder, TRACE_RECORDER_BYTES, setup->recorder);
    writer->descriptor = open(setup->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (writer->descriptor < 0) {
        fault_at(fault, (struct location){setup->path, 0, 0}, "cannot write: %s", strerror(errno));
        return NULL;
    }
    writer->compressor = ZSTD_createCCtx();
    require(writer->compressor != NULL, "out of memory");
    writer->packed_bytes = ZSTD_COMPRESSBOUND(BLOCK_BYTES + TRACE_RECORD_BYTES_LIMIT);
    writer->packed = arena_alloc(arena, writer->packed_bytes);
    writer->plain = arena_alloc(arena, BLOCK_BYTES + TRACE_RECORD_BYTES_LIMIT);
    writer->at = writer->plain;
    return writer;
}

bool trace_writer_begin(struct trace_writer *writer, struct vamp_machine *machine,
                        const char *image_digest, struct fault *fault)
{
    uint32_t memory_bytes = vamp_machine_memory_bytes(machine);
    if (memory_bytes > TRACE_MEMORY_BYTES_LIMIT)
        return fault_at(fault, (struct location){writer->path, 0, 0},
                        "a trace holds at most %u bytes of memory", TRACE_MEMORY_BYTES_LIMIT);
    require(image_digest == NULL || trace_digest_parse(image_digest, writer->header.image_digest),
            "a digest in hexadecimal");
    writer->machine = machine;
    writer->header.memory_bytes = memory_bytes;
    writer->line_count = (memory_bytes + VAMP_LINE_BYTES - 1) / VAMP_LINE_BYTES;
    writer->words =
        ARENA_ARRAY(writer->arena, uint32_t, (size_t)writer->line_count * TRACE_LINE_WORDS);
    writer->is_used = ARENA_ARRAY(writer->arena, uint8_t, writer->line_count);
    write_header(writer);
    vamp_machine_track_changes(machine);
    for (uint32_t i = 0; i < writer->line_count; i++) {
        uint32_t *words = &writer->words[(size_t)i * TRACE_LINE_WORDS];
        for (uint32_t j = 0; j < TRACE_LINE_WORDS; j++) {
            uint32_t word = 0;
            vamp_machine_read(machine, i * VAMP_LINE_BYTES + 4 * j, &word);
            if (word != 0) {
                words[j] = word;
                writer->is_used[i] = 1;
            }
        }
    }
    start_section(writer);
    return true;
}

static void put_end(struct trace_writer *writer, const struct trace_writer_end *end)
{
    unsigned char digest[TRACE_DIGEST_BYTES];
    size_t length = strnlen(end->reason, TRACE_REASON_BYTES);
    begin_record(writer, TRACE_RECORD_END);
    put_step(writer, end->step);
    put_number(writer, (end->is_stopped ? TRACE_END_STOPPED : 0u) |
                           (end->digest != NULL ? TRACE_END_HAS_DIGEST : 0u));
    put_number(writer, length);
    memcpy(writer->at, end->reason, length);
    writer->at += length;
    if (end->digest == NULL)
        return;
    require(trace_digest_parse(end->digest, digest), "a digest in hexadecimal");
    memcpy(writer->at, digest, sizeof digest);
    writer->at += sizeof digest;
}

/* Each section by its distance from the one before. A trace of more sections than a block holds
 * is indexed as far as that goes. */
static void write_index(struct trace_writer *writer)
{
    struct trace_block_header block = {.flags = TRACE_BLOCK_INDEX, .step = writer->step};
    unsigned char trailer[TRACE_TRAILER_BYTES];
    uint64_t offset = writer->offset;
    struct trace_section last = {0};
    writer->at = writer->plain;
    for (size_t i = 0; i < writer->sections.count && pending_bytes(writer) < BLOCK_BYTES; i++) {
        const struct trace_section *section = &writer->sections.at[i];
        put_number(writer, section->step - last.step);
        put_number(writer, section->offset - last.offset);
        last = *section;
    }
    write_block(writer, &block, writer->plain, pending_bytes(writer));
    trace_trailer_encode(offset, trailer);
    write_bytes(writer, trailer, sizeof trailer);
}

void trace_writer_abandon(struct trace_writer *writer)
{
    if (writer->descriptor >= 0 && close(writer->descriptor) != 0)
        fault_at(&writer->fault, (struct location){writer->path, 0, 0}, "cannot write: %s",
                 strerror(errno));
    writer->descriptor = -1;
    ZSTD_freeCCtx(writer->compressor);
    writer->compressor = NULL;
}

bool trace_writer_finish(struct trace_writer *writer, const struct trace_writer_end *end,
                         struct fault *fault)
{
    if (end->step != writer->checkpoint_step)
        note_state(writer, end->step);
    put_end(writer, end);
    flush(writer);
    write_index(writer);
    trace_writer_abandon(writer);
    if (writer->fault.is_set)
        return fault_at(fault, (struct location){writer->path, 0, 0}, "%s", writer->fault.message);
    return true;
}
