/* Opening a trace: header, index, or a walk over the blocks where there is no index. */
#include "traces/trace.h"

#include "base/array.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

bool trace_fault(const struct trace *trace, uint64_t offset, struct fault *fault,
                 const char *message)
{
    return fault_at(fault, (struct location){trace->path, 0, 0}, "at offset 0x%llx: %s",
                    (unsigned long long)offset, message);
}

/* --- Bytes of the file --- */

static bool read_descriptor(const struct trace *trace, uint64_t offset, unsigned char *into,
                            size_t length, struct fault *fault)
{
    while (length > 0) {
        ssize_t count = pread(trace->descriptor, into, length, (off_t)offset);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return trace_fault(trace, offset, fault,
                               count < 0 ? strerror(errno) : "the file has become shorter");
        into += count;
        offset += (uint64_t)count;
        length -= (size_t)count;
    }
    return true;
}

/* The range lies in the file. */
static bool read_bytes(const struct trace *trace, uint64_t offset, unsigned char *into,
                       size_t length, struct fault *fault)
{
    if (trace->descriptor >= 0)
        return read_descriptor(trace, offset, into, length, fault);
    if (length != 0)
        memcpy(into, trace->bytes.at + offset, length);
    return true;
}

/* --- Blocks --- */

static bool has_bytes(const struct trace *trace, uint64_t offset, uint64_t length)
{
    return offset <= trace->size_bytes && length <= trace->size_bytes - offset;
}

/* A header and room for its content; `is_cut`: the file ends before the block does. */
static bool read_block_header(const struct trace *trace, uint64_t offset,
                              struct trace_block_header *header, bool *is_cut, struct fault *fault)
{
    unsigned char bytes[TRACE_BLOCK_HEADER_BYTES];
    *is_cut = !has_bytes(trace, offset, sizeof bytes);
    if (*is_cut)
        return true;
    if (!read_bytes(trace, offset, bytes, sizeof bytes, fault))
        return false;
    if (!trace_block_header_decode(bytes, header))
        return trace_fault(trace, offset, fault, "no block begins here, or its header is damaged");
    if (header->plain_bytes > TRACE_BLOCK_BYTES_LIMIT ||
        header->stored_bytes > ZSTD_COMPRESSBOUND(TRACE_BLOCK_BYTES_LIMIT))
        return trace_fault(trace, offset, fault, "the block is too large");
    *is_cut = !has_bytes(trace, offset + sizeof bytes, header->stored_bytes);
    return true;
}

static void reserve(struct arena *arena, unsigned char **at, size_t *capacity, size_t length)
{
    if (length <= *capacity && *at != NULL)
        return;
    *capacity = length > 2 * *capacity ? length : 2 * *capacity;
    *at = arena_alloc(arena, *capacity);
}

static bool unpack(const struct trace *trace, uint64_t offset, struct trace_block *block,
                   struct fault *fault)
{
    const struct trace_block_header *header = &block->header;
    if (trace_crc(block->stored, header->stored_bytes) != header->content_crc)
        return trace_fault(trace, offset, fault, "the block is damaged");
    if ((header->flags & TRACE_BLOCK_RAW) != 0) {
        if (header->stored_bytes != header->plain_bytes)
            return trace_fault(trace, offset, fault, "the block has two sizes");
        memcpy(block->plain, block->stored, header->plain_bytes);
        return true;
    }
    size_t size =
        ZSTD_decompress(block->plain, header->plain_bytes, block->stored, header->stored_bytes);
    if (ZSTD_isError(size) || size != header->plain_bytes)
        return trace_fault(trace, offset, fault, "the block does not unpack to what it says");
    return true;
}

bool trace_read_block(const struct trace *trace, struct arena *arena, uint64_t offset,
                      struct trace_block *block, struct fault *fault)
{
    struct trace_block_header *header = &block->header;
    bool is_cut;
    if (!read_block_header(trace, offset, header, &is_cut, fault))
        return false;
    if (is_cut)
        return trace_fault(trace, offset, fault, "the file ends within a block");
    reserve(arena, &block->stored, &block->stored_capacity, header->stored_bytes);
    reserve(arena, &block->plain, &block->plain_capacity, header->plain_bytes);
    offset += TRACE_BLOCK_HEADER_BYTES;
    block->next_offset = offset + header->stored_bytes;
    return read_bytes(trace, offset, block->stored, header->stored_bytes, fault) &&
           unpack(trace, offset - TRACE_BLOCK_HEADER_BYTES, block, fault);
}

/* --- Sections --- */

typedef ARRAY(struct trace_section) section_array;

/* Sections are ordered by offset and step. */
static bool add_section(struct trace *trace, struct arena *arena, section_array *sections,
                        struct trace_section section, struct fault *fault)
{
    const struct trace_section *last =
        sections->count == 0 ? NULL : &sections->at[sections->count - 1];
    if (last != NULL && (section.step < last->step || section.offset <= last->offset))
        return trace_fault(trace, section.offset, fault, "a section is out of order");
    ARRAY_PUSH(arena, sections, section);
    trace->sections = sections->at;
    trace->section_count = sections->count;
    return true;
}

/* A file without an index was cut off: its blocks are walked over, as far as they are whole. */
static bool find_sections(struct trace *trace, struct arena *arena, struct fault *fault)
{
    section_array sections = {0};
    struct trace_block_header header;
    uint64_t offset = TRACE_FILE_HEADER_BYTES;
    for (bool is_cut = false;; offset += TRACE_BLOCK_HEADER_BYTES + header.stored_bytes) {
        if (!read_block_header(trace, offset, &header, &is_cut, fault))
            return false;
        if (is_cut || (header.flags & TRACE_BLOCK_INDEX) != 0)
            break;
        struct trace_section section = {header.step, offset};
        if ((header.flags & TRACE_BLOCK_SECTION) != 0 &&
            !add_section(trace, arena, &sections, section, fault))
            return false;
    }
    trace->is_cut = true;
    trace->records_end = offset;
    return true;
}

/* The index: for each section, its distance from the one before in steps and in bytes. */
static bool read_index(struct trace *trace, struct arena *arena, uint64_t offset,
                       struct fault *fault)
{
    struct trace_block block = {0};
    section_array sections = {0};
    if (!trace_read_block(trace, arena, offset, &block, fault))
        return false;
    if ((block.header.flags & TRACE_BLOCK_INDEX) == 0 ||
        block.next_offset != trace->size_bytes - TRACE_TRAILER_BYTES)
        return trace_fault(trace, offset, fault, "this is not the index");
    struct trace_input input = {block.plain, block.plain + block.header.plain_bytes, true};
    struct trace_section section = {0};
    while (input.at < input.end) {
        section.step += trace_get_number(&input);
        section.offset += trace_get_number(&input);
        if (!input.is_good || section.offset >= offset)
            return trace_fault(trace, offset, fault, "the index is malformed");
        if (!add_section(trace, arena, &sections, section, fault))
            return false;
    }
    trace->records_end = offset;
    return true;
}

/* A whole file ends in a trailer. */
static bool find_index(const struct trace *trace, uint64_t *offset, bool *is_there,
                       struct fault *fault)
{
    unsigned char bytes[TRACE_TRAILER_BYTES];
    *is_there = false;
    if (trace->size_bytes < TRACE_FILE_HEADER_BYTES + TRACE_TRAILER_BYTES)
        return true;
    if (!read_bytes(trace, trace->size_bytes - sizeof bytes, bytes, sizeof bytes, fault))
        return false;
    *is_there = trace_trailer_decode(bytes, offset);
    return true;
}

static bool read_header(struct trace *trace, struct fault *fault)
{
    struct location where = {trace->path, 0, 0};
    unsigned char bytes[TRACE_FILE_HEADER_BYTES] = {0};
    if (trace->size_bytes < sizeof bytes)
        return fault_at(fault, where, "this is no trace: it is too short");
    if (!read_bytes(trace, 0, bytes, sizeof bytes, fault) ||
        !trace_header_decode(bytes, &trace->header, where, fault))
        return false;
    if (trace->header.memory_bytes % 4 != 0 ||
        trace->header.memory_bytes > TRACE_MEMORY_BYTES_LIMIT)
        return fault_at(fault, where, "a machine with %u bytes of memory; the limit is %u",
                        trace->header.memory_bytes, TRACE_MEMORY_BYTES_LIMIT);
    return true;
}

static bool open_parts(struct trace *trace, struct arena *arena, struct fault *fault)
{
    uint64_t index;
    bool has_index;
    if (!read_header(trace, fault) || !find_index(trace, &index, &has_index, fault) ||
        !(has_index ? read_index(trace, arena, index, fault) : find_sections(trace, arena, fault)))
        return false;
    if (trace->section_count == 0 || trace->sections[0].offset != TRACE_FILE_HEADER_BYTES)
        return fault_at(fault, (struct location){trace->path, 0, 0},
                        trace->is_cut ? "the trace is cut off before its first state"
                                      : "the trace has no first state");
    return true;
}

struct trace *trace_open_bytes(struct arena *arena, const char *path, struct text bytes,
                               struct fault *fault)
{
    struct trace *trace = ARENA_NEW(arena, struct trace);
    *trace =
        (struct trace){.path = path, .size_bytes = bytes.length, .descriptor = -1, .bytes = bytes};
    return open_parts(trace, arena, fault) ? trace : NULL;
}

struct trace *trace_open(struct arena *arena, const char *path, struct fault *fault)
{
    struct location where = {path, 0, 0};
    struct stat status;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        fault_at(fault, where, "cannot read: %s", strerror(errno));
        if (descriptor >= 0)
            close(descriptor);
        return NULL;
    }
    struct trace *trace = ARENA_NEW(arena, struct trace);
    *trace = (struct trace){
        .path = path, .size_bytes = (uint64_t)status.st_size, .descriptor = descriptor};
    if (S_ISREG(status.st_mode) ? open_parts(trace, arena, fault)
                                : fault_at(fault, where, "cannot read: not a regular file"))
        return trace;
    close(descriptor);
    return NULL;
}

void trace_close(struct trace *trace)
{
    if (trace != NULL && trace->descriptor >= 0)
        close(trace->descriptor);
}

const struct trace_section *trace_section_at(const struct trace *trace, uint64_t step)
{
    size_t first = 0, count = trace->section_count;
    while (count > 1) {
        size_t half = count / 2;
        if (trace->sections[first + half].step <= step) {
            first += half;
            count -= half;
        } else {
            count = half;
        }
    }
    return &trace->sections[first];
}
