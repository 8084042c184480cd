/* Reads a trace from a section on, item by item, and keeps the state that was last recorded. It
 * executes nothing: that the states follow from one another is the player's business (player.h). */
#ifndef TRACES_READER_H
#define TRACES_READER_H

#include "traces/memory.h"
#include "traces/trace.h"

enum trace_item_kind {
    TRACE_ITEM_CHECKPOINT, /* `registers` and `memory` of the reader are the state before `step` */
    TRACE_ITEM_READ,       /* in `step`, `word` at `address` */
    TRACE_ITEM_WRITE,
    TRACE_ITEM_LINES, /* from `step` on, the reader's registers hold them too */
    TRACE_ITEM_END,   /* of the run, before `step`; `ending` of the reader */
    TRACE_ITEM_CUT,   /* the file ends; only of steps before `step` all is known */
};

struct trace_item {
    enum trace_item_kind kind;
    uint64_t step;
    uint32_t address, word; /* READ, WRITE */
    uint32_t lines;         /* LINES: all the causes from outside that are up */
};

struct trace_ending {
    bool is_stopped; /* the processor cannot execute the step */
    bool has_digest; /* of the whole machine, by whoever recorded the trace */
    unsigned char digest[TRACE_DIGEST_BYTES];
    char reason[TRACE_REASON_BYTES + 1]; /* printable */
};

struct trace_reader {
    struct trace_registers registers;
    struct trace_memory *memory; /* NULL: not wanted */
    struct trace_ending ending;

    /* For the reader itself. */
    const struct trace *trace;
    struct arena *arena;
    struct trace_memory *spare; /* of a section that continues another one */
    struct trace_block block;
    uint64_t offset; /* of the block */
    struct trace_input input;
    uint64_t step;
    uint32_t port, run_end; /* what the next record counts from */
    bool has_block;         /* one was read */
    bool is_first;          /* this section has had no checkpoint yet */
    bool is_continued;      /* this section was read on into from another one */
    bool is_open;           /* there was memory without its checkpoint */
    bool is_at_checkpoint;  /* the last record was one */
    bool is_done;           /* END or CUT was the last item */
    struct trace_registers before;
};

/* `with_memory`: else only the steps of checkpoints and what happens between them are of interest.
 * The trace stays open as long as the reader. */
void trace_reader_init(struct trace_reader *reader, struct arena *arena, const struct trace *trace,
                       bool with_memory);
/* Goes to the first item of a section, a checkpoint; from there it reads on to the end. */
void trace_reader_start(struct trace_reader *reader, const struct trace_section *section);
/* After END and CUT there is nothing. False: with a fault, the file is damaged. */
bool trace_reader_next(struct trace_reader *reader, struct trace_item *item, struct fault *fault);

#endif
