/* A trace file that is open for reading: its header and where its sections begin.
 *
 * Nothing in the file is believed: every length is bounded, every number is checked before it is
 * used, and a fault names the offset of the block that is wrong. */
#ifndef TRACES_TRACE_H
#define TRACES_TRACE_H

#include "traces/format.h"

/* Traces of machines with more memory are refused. */
#define TRACE_MEMORY_BYTES_LIMIT (UINT32_C(1) << 30)

/* A place from which reading can start. */
struct trace_section {
    uint64_t step, offset;
};

struct trace {
    const char *path;
    struct trace_header header;
    uint64_t size_bytes;
    struct trace_section *sections; /* at least one, by step and offset */
    size_t section_count;
    uint64_t records_end; /* the offset after the last block of records */
    bool is_cut;          /* the file ends there: whoever wrote it did not end it */
    int descriptor;       /* -1: `bytes` is the file */
    struct text bytes;
};

/* NULL, with a fault: the file cannot be read, or is no trace. trace_close when done. */
struct trace *trace_open(struct arena *arena, const char *path, struct fault *fault);
/* The same of a file that has been read; `path` only names it. */
struct trace *trace_open_bytes(struct arena *arena, const char *path, struct text bytes,
                               struct fault *fault);
void trace_close(struct trace *trace);

/* The last section that starts at `step` or before; the first one if none does. */
const struct trace_section *trace_section_at(const struct trace *trace, uint64_t step);

struct trace_block {
    struct trace_block_header header;
    unsigned char *stored, *plain; /* the content, as in the file and unpacked */
    size_t stored_capacity, plain_capacity;
    uint64_t next_offset;
};
/* Reads and unpacks the block at an offset; the buffers grow in `arena` as needed. */
bool trace_read_block(const struct trace *trace, struct arena *arena, uint64_t offset,
                      struct trace_block *block, struct fault *fault);

/* "the trace, at offset 0x60: <message>"; always false. */
bool trace_fault(const struct trace *trace, uint64_t offset, struct fault *fault,
                 const char *message);

#endif
