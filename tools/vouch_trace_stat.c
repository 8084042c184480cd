/* vouch trace stat: what a trace holds, and what the processor did in it. */
#include "tools/commands.h"
#include "tools/vouch_trace.h"

#include "semantics/devices/bus.h"

#include <inttypes.h>
#include <stdlib.h>

struct file_facts {
    uint64_t blocks, plain_bytes, stored_bytes, checkpoints, records;
    uint64_t end_step;
    bool is_cut;
    struct trace_ending ending;
};

struct run_facts {
    uint64_t steps[2]; /* in system and in user mode */
    uint64_t by_op[VAMP_OP_COUNT], not_executed;
    uint64_t interrupts, by_cause[VAMP_INTERRUPT_COUNT];
    uint64_t reads[BUS_DEVICES], writes[BUS_DEVICES];
    uint64_t stores;
    uint32_t touched_lines;
};

/* --- The file --- */

static bool read_blocks(struct arena *arena, const struct trace *trace, struct file_facts *facts,
                        struct fault *fault)
{
    struct trace_block block = {.next_offset = TRACE_FILE_HEADER_BYTES};
    while (block.next_offset < trace->records_end) {
        if (!trace_read_block(trace, arena, block.next_offset, &block, fault))
            return false;
        facts->blocks++;
        facts->plain_bytes += block.header.plain_bytes;
        facts->stored_bytes += block.header.stored_bytes;
    }
    return true;
}

static bool read_items(struct arena *arena, const struct trace *trace, struct file_facts *facts,
                       struct fault *fault)
{
    struct trace_reader reader;
    struct trace_item item = {0};
    bool is_end = false;
    trace_reader_init(&reader, arena, trace, false);
    trace_reader_start(&reader, &trace->sections[0]);
    while (!is_end) {
        if (!trace_reader_next(&reader, &item, fault))
            return false;
        is_end = item.kind == TRACE_ITEM_END || item.kind == TRACE_ITEM_CUT;
        facts->checkpoints += item.kind == TRACE_ITEM_CHECKPOINT;
        facts->records += !is_end && item.kind != TRACE_ITEM_CHECKPOINT;
    }
    facts->end_step = item.step;
    facts->is_cut = item.kind == TRACE_ITEM_CUT;
    facts->ending = reader.ending;
    return true;
}

/* --- The run --- */

static void count_step(struct run_facts *facts, const struct trace_step *step, bool is_user,
                       uint64_t times)
{
    struct vamp_insn insn;
    uint32_t causes = step->diagnosis.interrupts;
    bool is_hindered = causes != 0 && vamp_first_interrupt(causes) <= VAMP_INTERRUPT_PFLS;
    facts->steps[is_user] += times;
    if (!is_hindered && vamp_decode(step->diagnosis.word, &insn))
        facts->by_op[insn.op] += times;
    else
        facts->not_executed += times;
    facts->interrupts += causes != 0 ? times : 0;
    for (unsigned i = 0; causes != 0 && i < VAMP_INTERRUPT_COUNT; i++)
        facts->by_cause[i] += (causes >> i & 1) * times;
    facts->stores += step->stores;
    if (step->access == TRACE_ACCESS_READ)
        facts->reads[trace_device(step->access_address)]++;
    if (step->access == TRACE_ACCESS_WRITE)
        facts->writes[trace_device(step->access_address)]++;
}

/* The two steps that are repeated while the processor waits do the same each time. */
static bool play(struct arena *arena, const struct trace *trace, struct run_facts *facts,
                 struct fault *fault)
{
    struct trace_player *player = trace_player_new(arena, trace, fault);
    struct trace_step steps[2] = {0}; /* the last two, in turn */
    bool is_user[2] = {false, false};
    enum trace_player_status status = TRACE_PLAYER_STEP;
    if (player == NULL)
        return false;
    for (unsigned now = 0;; now = 1 - now) {
        status = trace_player_next(player, &steps[now], fault);
        if (status != TRACE_PLAYER_STEP)
            break;
        is_user[now] = vamp_is_user_mode(steps[now].before);
        count_step(facts, &steps[now], is_user[now], 1);
        uint64_t pairs = (trace_player_waits_until(player) - trace_player_step(player)) / 2;
        for (unsigned i = 0; i < 2 && pairs != 0; i++)
            count_step(facts, &steps[i], is_user[i], pairs);
        if (pairs != 0)
            trace_player_skip(player, trace_player_waits_until(player));
    }
    facts->touched_lines = trace_player_memory(player)->used.count;
    return status != TRACE_PLAYER_FAULT;
}

/* --- In words --- */

/* "1,234,567", in one of a few buffers of the caller. */
static const char *grouped(uint64_t number, char text[32])
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, number), at = 0;
    for (int i = 0; i < length; i++) {
        if (i != 0 && (length - i) % 3 == 0)
            text[at++] = ',';
        text[at++] = digits[i];
    }
    text[at] = '\0';
    return text;
}

static void print_number(const char *name, uint64_t number, const char *unit)
{
    char text[32];
    printf("%-14s%s%s\n", name, grouped(number, text), unit);
}

static double ratio(uint64_t dividend, uint64_t divisor)
{
    return divisor == 0 ? 0 : (double)dividend / (double)divisor;
}

static void print_header(const struct trace *trace, const struct file_facts *facts)
{
    char digest[65];
    const struct trace_header *header = &trace->header;
    trace_digest_print(header->image_digest, digest);
    printf("%-14s%s\n", "recorded by", header->recorder);
    printf("%-14s%s\n", "image", digest);
    print_number("memory", header->memory_bytes, " bytes");
    print_number("first step", trace->sections[0].step, "");
    print_number(facts->is_cut ? "cut off at" : "ends before", facts->end_step, "");
    if (!facts->is_cut)
        printf("%-14s%s\n", "because", facts->ending.reason);
    if (facts->ending.has_digest) {
        trace_digest_print(facts->ending.digest, digest);
        printf("%-14s%s\n", "last state", digest);
    }
}

static void print_file(const struct trace *trace, const struct file_facts *facts)
{
    uint64_t steps = facts->end_step - trace->sections[0].step;
    print_number("file", trace->size_bytes, " bytes");
    printf("%-14s%.3f bytes\n", "a 1000 steps", 1000 * ratio(trace->size_bytes, steps));
    printf("%-14s%.2f times as large\n", "unpacked",
           ratio(facts->plain_bytes, facts->stored_bytes));
    print_number("blocks", facts->blocks, "");
    print_number("sections", trace->section_count, "");
    print_number("checkpoints", facts->checkpoints, "");
    if (trace->header.interval_steps == 0)
        printf("%-14sas it came, %.0f steps on average\n", "interval",
               ratio(steps, facts->checkpoints > 1 ? facts->checkpoints - 1 : 1));
    else
        print_number("interval", trace->header.interval_steps, " steps");
    print_number("inputs", facts->records, " device accesses and changes of lines");
}

static void print_devices(const struct run_facts *facts)
{
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        char reads[32], writes[32];
        if (facts->reads[d] + facts->writes[d] != 0)
            printf("device %u      read %s times, written %s times\n", d,
                   grouped(facts->reads[d], reads), grouped(facts->writes[d], writes));
    }
}

struct op_count {
    enum vamp_op op;
    uint64_t count;
};

static int by_count(const void *left, const void *right)
{
    const struct op_count *a = left, *b = right;
    return a->count != b->count ? (a->count < b->count ? 1 : -1) : (int)a->op - (int)b->op;
}

static void print_instructions(const struct run_facts *facts)
{
    struct op_count counts[VAMP_OP_COUNT];
    uint64_t steps = facts->steps[0] + facts->steps[1];
    for (unsigned i = 0; i < VAMP_OP_COUNT; i++)
        counts[i] = (struct op_count){(enum vamp_op)i, facts->by_op[i]};
    qsort(counts, VAMP_OP_COUNT, sizeof counts[0], by_count);
    for (unsigned i = 0; i < VAMP_OP_COUNT && counts[i].count != 0; i++) {
        char text[32];
        printf("  %-8s%16s  %5.1f%%\n", vamp_mnemonic(counts[i].op), grouped(counts[i].count, text),
               100 * ratio(counts[i].count, steps));
    }
}

static void print_run(const struct run_facts *facts)
{
    print_number("system mode", facts->steps[0], " steps");
    print_number("user mode", facts->steps[1], " steps");
    print_number("interrupts", facts->interrupts, "");
    for (unsigned i = 0; i < VAMP_INTERRUPT_COUNT; i++) {
        char text[32];
        if (facts->by_cause[i] != 0)
            printf("  %-24s%s\n", vamp_interrupt_name((enum vamp_interrupt)i),
                   grouped(facts->by_cause[i], text));
    }
    print_devices(facts);
    print_number("stores", facts->stores, "");
    print_number("memory used", (uint64_t)facts->touched_lines * TRACE_LINE_WORDS * 4,
                 " bytes, in lines of 256");
    print_number("not executed", facts->not_executed, " instructions");
    puts("instructions");
    print_instructions(facts);
}

static bool stat_trace(struct arena *arena, const struct trace *trace,
                       const struct trace_options *options, struct fault *fault)
{
    struct file_facts file = {0};
    struct run_facts run = {0};
    if (!read_blocks(arena, trace, &file, fault) || !read_items(arena, trace, &file, fault) ||
        (!options->is_brief && !play(arena, trace, &run, fault)))
        return false;
    print_header(trace, &file);
    print_file(trace, &file);
    if (!options->is_brief)
        print_run(&run);
    return true;
}

int trace_stat(struct arena *arena, const struct trace_options *options, struct fault *fault)
{
    struct trace *trace = trace_open(arena, options->files[0], fault);
    bool is_told = trace != NULL && stat_trace(arena, trace, options, fault);
    trace_close(trace);
    return is_told ? VOUCH_EXIT_OK : VOUCH_EXIT_BAD;
}
