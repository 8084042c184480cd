#include "traces/reader.h"

#include "base/require.h"
#include "semantics/vamp/machine.h"

#include <string.h>

/* --- Blocks and sections --- */

/* A section starts from nothing: all registers and words are 0. Where it continues another one it
 * must come to the same state, which is kept to be compared. */
static void start_section(struct trace_reader *reader)
{
    reader->before = reader->registers;
    reader->registers = (struct trace_registers){0};
    reader->port = reader->run_end = 0;
    reader->is_first = true;
    reader->is_continued = reader->has_block;
    if (reader->memory == NULL || !reader->has_block)
        return;
    if (reader->spare == NULL)
        reader->spare = trace_memory_new(reader->arena, reader->trace->header.memory_bytes);
    struct trace_memory *memory = reader->spare;
    reader->spare = reader->memory;
    reader->memory = memory;
    trace_memory_clear(memory);
}

static bool bad(const struct trace_reader *reader, struct fault *fault, const char *message)
{
    return trace_fault(reader->trace, reader->offset, fault, message);
}

/* Whether the block may come where it does. */
static bool check_block(const struct trace_reader *reader, struct fault *fault)
{
    const struct trace_block_header *header = &reader->block.header;
    bool is_section = (header->flags & TRACE_BLOCK_SECTION) != 0;
    if (reader->block.next_offset > reader->trace->records_end ||
        (header->flags & TRACE_BLOCK_INDEX) != 0)
        return bad(reader, fault, "the records run into the index");
    if (!reader->has_block && !is_section)
        return bad(reader, fault, "no section begins here");
    if (header->step != reader->step)
        return bad(reader, fault, "the block is of another step than one comes to here");
    if (reader->has_block && is_section && !reader->is_at_checkpoint)
        return bad(reader, fault, "the section does not follow a checkpoint");
    return true;
}

static bool next_block(struct trace_reader *reader, struct fault *fault)
{
    struct trace_block *block = &reader->block;
    reader->offset = block->next_offset;
    if (!trace_read_block(reader->trace, reader->arena, reader->offset, block, fault) ||
        !check_block(reader, fault))
        return false;
    reader->input =
        (struct trace_input){block->plain, block->plain + block->header.plain_bytes, true};
    if ((block->header.flags & TRACE_BLOCK_SECTION) != 0)
        start_section(reader);
    reader->has_block = true;
    return true;
}

void trace_reader_init(struct trace_reader *reader, struct arena *arena, const struct trace *trace,
                       bool with_memory)
{
    *reader = (struct trace_reader){.trace = trace, .arena = arena};
    if (with_memory)
        reader->memory = trace_memory_new(arena, trace->header.memory_bytes);
}

void trace_reader_start(struct trace_reader *reader, const struct trace_section *section)
{
    if (reader->memory != NULL)
        trace_memory_clear(reader->memory);
    reader->step = section->step;
    reader->block.next_offset = section->offset;
    reader->input = (struct trace_input){.is_good = true};
    reader->is_first = true;
    reader->has_block = reader->is_continued = reader->is_open = false;
    reader->is_at_checkpoint = reader->is_done = false;
    reader->ending = (struct trace_ending){0};
}

/* --- Records --- */

static void advance_step(struct trace_reader *reader)
{
    uint64_t steps = trace_get_number(&reader->input);
    if (steps > UINT64_MAX - reader->step)
        reader->input.is_good = false;
    else
        reader->step += steps;
}

/* MEMORY: how many words after the last run of this checkpoint, how many words, their changes. */
static bool read_memory(struct trace_reader *reader)
{
    struct trace_input *input = &reader->input;
    uint32_t word_count = reader->trace->header.memory_bytes / 4;
    uint32_t gap = trace_get_word(input), count = trace_get_word(input);
    if (gap > word_count - reader->run_end)
        return false;
    uint32_t index = reader->run_end + gap;
    if (count == 0 || count > TRACE_RUN_WORDS_LIMIT || count > word_count - index)
        return false;
    reader->run_end = index + count;
    reader->is_open = true;
    if (reader->memory == NULL) {
        for (uint32_t i = 0; i < count; i++)
            trace_get_word(input);
        return input->is_good;
    }
    for (; count > 0 && input->is_good; index++, count--) {
        uint32_t word = trace_get_change(input, reader->memory->words[index]);
        if (input->is_good)
            trace_memory_write(reader->memory, index, word);
    }
    return input->is_good;
}

/* No machine holds anything else: r0 and the special registers that do not exist are 0. */
static bool is_possible(const struct trace_registers *registers)
{
    if (registers->at[TRACE_REGISTER_GPR] != 0 ||
        (registers->at[TRACE_REGISTER_LINES] & ~TRACE_LINES) != 0)
        return false;
    for (unsigned i = 0; i < VAMP_SPR_COUNT; i++) {
        if (!vamp_spr_exists(i) && registers->at[TRACE_REGISTER_SPR + i] != 0)
            return false;
    }
    return true;
}

/* CHECKPOINT: steps since the last record, how many registers changed, and for each how many
 * registers lie between it and the one before, and its change. */
static bool read_registers(struct trace_reader *reader)
{
    struct trace_input *input = &reader->input;
    advance_step(reader);
    uint32_t count = trace_get_word(input), number = 0;
    for (; count > 0 && input->is_good; count--, number++) {
        uint32_t gap = trace_get_word(input);
        if (gap >= TRACE_REGISTER_COUNT - number)
            return false;
        number += gap;
        bool is_lines = number == TRACE_REGISTER_LINES;
        if (is_lines && !reader->is_first)
            return false;
        reader->registers.at[number] = trace_get_change(input, reader->registers.at[number]);
    }
    return input->is_good && is_possible(&reader->registers);
}

/* A section that continues another one is not taken on trust. */
static bool check_continued(struct trace_reader *reader, struct fault *fault)
{
    const struct trace_memory *now = reader->memory, *before = reader->spare;
    if (memcmp(&reader->registers, &reader->before, sizeof reader->before) != 0)
        return bad(reader, fault, "the section has other registers than the one before ends with");
    if (now == NULL)
        return true;
    if (trace_memory_difference(now, before, &now->used) != UINT32_MAX ||
        trace_memory_difference(now, before, &before->used) != UINT32_MAX)
        return bad(reader, fault, "the section has other memory than the one before ends with");
    trace_memory_settle(reader->memory);
    return true;
}

/* `is_item`: it is one; else it repeats the checkpoint before it. */
static bool finish_checkpoint(struct trace_reader *reader, bool *is_item, struct fault *fault)
{
    bool is_repeated = reader->is_first && reader->is_continued;
    if (reader->is_first && reader->step != reader->block.header.step)
        return bad(reader, fault, "the section does not begin with a state");
    if (is_repeated && !check_continued(reader, fault))
        return false;
    reader->is_first = reader->is_open = false;
    reader->is_at_checkpoint = true;
    reader->run_end = 0;
    *is_item = !is_repeated;
    return true;
}

/* READ, WRITE: steps, the port as a change from the last one, the word. */
static bool read_access(struct trace_reader *reader, struct trace_item *item)
{
    advance_step(reader);
    reader->port = trace_get_change(&reader->input, reader->port);
    if (reader->port > (UINT32_MAX - VAMP_DEVICES) / 4)
        return false;
    item->address = VAMP_DEVICES + 4 * reader->port;
    item->word = trace_get_word(&reader->input);
    return reader->input.is_good;
}

/* LINES: steps, the causes that changed. */
static bool read_lines(struct trace_reader *reader, struct trace_item *item)
{
    advance_step(reader);
    uint32_t *lines = &reader->registers.at[TRACE_REGISTER_LINES];
    *lines ^= trace_get_word(&reader->input);
    item->lines = *lines;
    return reader->input.is_good && (*lines & ~TRACE_LINES) == 0;
}

static bool read_bytes(struct trace_input *input, void *into, size_t length)
{
    if (!input->is_good || length > (size_t)(input->end - input->at))
        return false;
    memcpy(into, input->at, length);
    input->at += length;
    return true;
}

/* END: steps, flags, the length of the reason and its characters, the digest if there is one. */
static bool read_ending(struct trace_reader *reader)
{
    struct trace_ending *ending = &reader->ending;
    advance_step(reader);
    uint32_t flags = trace_get_word(&reader->input);
    uint32_t length = trace_get_word(&reader->input);
    if ((flags & ~(uint32_t)(TRACE_END_STOPPED | TRACE_END_HAS_DIGEST)) != 0 ||
        length > TRACE_REASON_BYTES || !read_bytes(&reader->input, ending->reason, length))
        return false;
    for (uint32_t i = 0; i < length; i++) {
        if (ending->reason[i] < ' ' || ending->reason[i] > '~')
            return false;
    }
    ending->is_stopped = (flags & TRACE_END_STOPPED) != 0;
    ending->has_digest = (flags & TRACE_END_HAS_DIGEST) != 0;
    if (ending->has_digest && !read_bytes(&reader->input, ending->digest, TRACE_DIGEST_BYTES))
        return false;
    bool is_last = reader->input.at == reader->input.end &&
                   reader->block.next_offset == reader->trace->records_end;
    return is_last;
}

/* One record; false: it is malformed. */
static bool read_record(struct trace_reader *reader, unsigned char kind, struct trace_item *item)
{
    bool is_state = kind == TRACE_RECORD_MEMORY || kind == TRACE_RECORD_CHECKPOINT;
    if ((reader->is_first || reader->is_open) && !is_state)
        return false;
    switch (kind) {
    case TRACE_RECORD_MEMORY:
        return read_memory(reader);
    case TRACE_RECORD_CHECKPOINT:
        item->kind = TRACE_ITEM_CHECKPOINT;
        return read_registers(reader);
    case TRACE_RECORD_READ:
        item->kind = TRACE_ITEM_READ;
        return read_access(reader, item);
    case TRACE_RECORD_WRITE:
        item->kind = TRACE_ITEM_WRITE;
        return read_access(reader, item);
    case TRACE_RECORD_LINES:
        item->kind = TRACE_ITEM_LINES;
        return read_lines(reader, item);
    case TRACE_RECORD_END:
        item->kind = TRACE_ITEM_END;
        reader->is_done = true;
        return read_ending(reader);
    }
    return false;
}

/* The records stop here, and END was not among them. */
static bool end_cut(struct trace_reader *reader, struct trace_item *item, struct fault *fault)
{
    if (!reader->trace->is_cut)
        return bad(reader, fault, "the records end without an end of the run");
    if (reader->is_first && !reader->is_continued)
        return bad(reader, fault, "the trace is cut off before its first state");
    reader->is_done = true;
    *item = (struct trace_item){.kind = TRACE_ITEM_CUT, .step = reader->step};
    return true;
}

bool trace_reader_next(struct trace_reader *reader, struct trace_item *item, struct fault *fault)
{
    require(!reader->is_done, "there is a next item");
    for (bool is_item = false; !is_item;) {
        if (reader->input.at == reader->input.end) {
            if (reader->block.next_offset >= reader->trace->records_end)
                return end_cut(reader, item, fault);
            if (!next_block(reader, fault))
                return false;
            continue;
        }
        *item = (struct trace_item){0};
        unsigned char kind = *reader->input.at++;
        if (!read_record(reader, kind, item))
            return bad(reader, fault, "the block holds a malformed record");
        item->step = reader->step;
        if (kind == TRACE_RECORD_CHECKPOINT) {
            if (!finish_checkpoint(reader, &is_item, fault))
                return false;
        } else {
            reader->is_at_checkpoint = false;
            is_item = kind != TRACE_RECORD_MEMORY;
        }
    }
    return true;
}
