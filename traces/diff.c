#include "traces/diff.h"

#include "base/require.h"
#include "traces/player.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct diff {
    struct arena *arena;
    const struct trace *traces[2];
    struct trace_reader readers[2];
    struct trace_item items[2];
    struct trace_player *players[2];
    uint64_t agreed; /* the states before this step are equal, and all before */
    struct trace_difference *difference;
    struct fault *fault;
};

/* What comes of each part: it goes on, the answer is known, or there is a fault. */
enum diff_status { DIFF_GOES_ON, DIFF_KNOWN, DIFF_FAULT };

static enum diff_status differ(struct diff *diff, enum trace_difference_kind kind, uint64_t step,
                               const char *format, ...) __attribute__((format(printf, 4, 5)));

static enum diff_status differ(struct diff *diff, enum trace_difference_kind kind, uint64_t step,
                               const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    diff->difference->kind = kind;
    diff->difference->step = step;
    vsnprintf(diff->difference->what, sizeof diff->difference->what, format, arguments);
    va_end(arguments);
    return DIFF_KNOWN;
}

/* --- Comparing states --- */

/* The first register that differs; TRACE_REGISTER_COUNT: none. */
static unsigned different_register(const struct trace_registers *a, const struct trace_registers *b)
{
    unsigned i = 0;
    while (i < TRACE_REGISTER_COUNT && a->at[i] == b->at[i])
        i++;
    return i;
}

static enum diff_status compare_registers(struct diff *diff, const struct trace_registers *a,
                                          const struct trace_registers *b,
                                          enum trace_difference_kind kind, uint64_t step)
{
    char name[16];
    unsigned i = different_register(a, b);
    if (i == TRACE_REGISTER_COUNT)
        return DIFF_GOES_ON;
    trace_register_name(i, name);
    return differ(diff, kind, step, "%s %s 0x%08x in A, 0x%08x in B", name,
                  kind == TRACE_DIFFERENT_START ? "is" : "becomes", a->at[i], b->at[i]);
}

/* The lowest word that differs in lines that either says have changed; UINT32_MAX: none. */
static uint32_t different_word(const struct trace_memory *a, const struct trace_memory *b)
{
    uint32_t in_a = trace_memory_difference(a, b, &a->changed);
    uint32_t in_b = trace_memory_difference(a, b, &b->changed);
    return in_a < in_b ? in_a : in_b;
}

/* --- Recorded states --- */

static bool advance(struct diff *diff, unsigned side)
{
    return trace_reader_next(&diff->readers[side], &diff->items[side], diff->fault);
}

static bool is_at(const struct diff *diff, unsigned side, enum trace_item_kind kind, uint64_t step)
{
    return diff->items[side].kind == kind && diff->items[side].step == step;
}

/* Both stand at a checkpoint of the same step. Lines are left out: it is what they are when all of
 * the step has been read that counts. */
static bool is_checkpoint_equal(const struct diff *diff)
{
    struct trace_registers a = diff->readers[0].registers, b = diff->readers[1].registers;
    a.at[TRACE_REGISTER_LINES] = b.at[TRACE_REGISTER_LINES] = 0;
    return different_register(&a, &b) == TRACE_REGISTER_COUNT &&
           different_word(diff->readers[0].memory, diff->readers[1].memory) == UINT32_MAX;
}

/* Reads what both have between the last step and this one. KNOWN: a state differs. */
static enum diff_status read_states(struct diff *diff, uint64_t step)
{
    for (;;) {
        bool at[2];
        for (unsigned side = 0; side < 2; side++) {
            while (is_at(diff, side, TRACE_ITEM_LINES, step))
                if (!advance(diff, side))
                    return DIFF_FAULT;
            at[side] = is_at(diff, side, TRACE_ITEM_CHECKPOINT, step);
        }
        if (!at[0] && !at[1])
            return DIFF_GOES_ON;
        if (at[0] && at[1]) {
            if (!is_checkpoint_equal(diff))
                return DIFF_KNOWN;
            trace_memory_settle(diff->readers[0].memory);
            trace_memory_settle(diff->readers[1].memory);
            diff->agreed = step;
        }
        if ((at[0] && !advance(diff, 0)) || (at[1] && !advance(diff, 1)))
            return DIFF_FAULT;
    }
}

/* What a step received. KNOWN: it differs, or one of them ends. */
static enum diff_status read_inputs(struct diff *diff, uint64_t step)
{
    const struct trace_item *a = &diff->items[0], *b = &diff->items[1];
    if (diff->readers[0].registers.at[TRACE_REGISTER_LINES] !=
        diff->readers[1].registers.at[TRACE_REGISTER_LINES])
        return DIFF_KNOWN;
    if (a->step != step && b->step != step)
        return DIFF_GOES_ON;
    bool is_end = a->kind == TRACE_ITEM_END || a->kind == TRACE_ITEM_CUT;
    if (is_end || a->kind != b->kind || a->step != b->step || a->address != b->address ||
        a->word != b->word)
        return DIFF_KNOWN;
    return advance(diff, 0) && advance(diff, 1) ? DIFF_GOES_ON : DIFF_FAULT;
}

/* Goes on as long as the files agree; then `agreed` is the last state that is known to be the same.
 * KNOWN: from there on the traces have to be played. */
static enum diff_status compare_files(struct diff *diff)
{
    for (;;) {
        uint64_t a = diff->items[0].step, b = diff->items[1].step, step = a < b ? a : b;
        enum diff_status status = read_states(diff, step);
        if (status == DIFF_GOES_ON)
            status = read_inputs(diff, step);
        if (status != DIFF_GOES_ON)
            return status;
    }
}

static enum diff_status compare_starts(struct diff *diff)
{
    const struct trace *a = diff->traces[0], *b = diff->traces[1];
    uint64_t step = a->sections[0].step;
    if (a->header.memory_bytes != b->header.memory_bytes)
        return differ(diff, TRACE_DIFFERENT_MACHINE, step, "memory has %u bytes in A, %u in B",
                      a->header.memory_bytes, b->header.memory_bytes);
    if (step != b->sections[0].step)
        return differ(diff, TRACE_DIFFERENT_MACHINE, step, "A begins with step %llu, B with %llu",
                      (unsigned long long)step, (unsigned long long)b->sections[0].step);
    for (unsigned side = 0; side < 2; side++) {
        trace_reader_init(&diff->readers[side], diff->arena, diff->traces[side], true);
        trace_reader_start(&diff->readers[side], &diff->traces[side]->sections[0]);
        if (!advance(diff, side))
            return DIFF_FAULT;
    }
    struct trace_registers first[2] = {diff->readers[0].registers, diff->readers[1].registers};
    first[0].at[TRACE_REGISTER_LINES] = first[1].at[TRACE_REGISTER_LINES] = 0;
    enum diff_status status =
        compare_registers(diff, &first[0], &first[1], TRACE_DIFFERENT_START, step);
    uint32_t index = different_word(diff->readers[0].memory, diff->readers[1].memory);
    if (status == DIFF_GOES_ON && index != UINT32_MAX)
        status =
            differ(diff, TRACE_DIFFERENT_START, step,
                   "the word at 0x%08x is 0x%08x in A, 0x%08x in B", index * 4,
                   diff->readers[0].memory->words[index], diff->readers[1].memory->words[index]);
    diff->agreed = step;
    return status;
}

/* --- Played steps --- */

static void describe_access(const struct trace_step *step, char text[64])
{
    bool is_read = step->access == TRACE_ACCESS_READ;
    if (step->access == TRACE_ACCESS_NONE)
        snprintf(text, 64, "accesses no device");
    else
        snprintf(text, 64, "%s 0x%08x %s 0x%08x", is_read ? "reads" : "writes", step->access_word,
                 is_read ? "from" : "to", step->access_address);
}

static void describe_store(const struct trace_step *step, char text[64])
{
    if (!step->stores)
        snprintf(text, 64, "stores nothing");
    else
        snprintf(text, 64, "makes the word at 0x%08x 0x%08x", step->store_address,
                 step->store_after);
}

static enum diff_status compare_steps(struct diff *diff, const struct trace_step *a,
                                      const struct trace_step *b)
{
    char in_a[64], in_b[64];
    if (a->access != b->access || a->access_address != b->access_address ||
        a->access_word != b->access_word) {
        describe_access(a, in_a);
        describe_access(b, in_b);
        return differ(diff, TRACE_DIFFERENT_STEP, a->step, "A %s, B %s", in_a, in_b);
    }
    if (a->stores != b->stores || a->store_address != b->store_address ||
        a->store_after != b->store_after) {
        describe_store(a, in_a);
        describe_store(b, in_b);
        return differ(diff, TRACE_DIFFERENT_STEP, a->step, "A %s, B %s", in_a, in_b);
    }
    struct trace_registers after[2] = {trace_registers_of(a->after, 0),
                                       trace_registers_of(b->after, 0)};
    return compare_registers(diff, &after[0], &after[1], TRACE_DIFFERENT_STEP, a->step);
}

static const char *ending_name(const struct trace_player *player, enum trace_player_status status)
{
    if (status == TRACE_PLAYER_CUT)
        return "is cut off";
    if (status == TRACE_PLAYER_STEP)
        return "goes on";
    const struct trace_ending *ending = trace_player_ending(player);
    return ending->reason[0] != '\0' ? ending->reason : "ends";
}

/* Not both have another step. */
static enum diff_status compare_ends(struct diff *diff, uint64_t step,
                                     const enum trace_player_status statuses[2])
{
    const struct trace_ending *a = trace_player_ending(diff->players[0]);
    const struct trace_ending *b = trace_player_ending(diff->players[1]);
    bool is_same = statuses[0] == statuses[1];
    if (is_same && statuses[0] == TRACE_PLAYER_END)
        is_same = a->is_stopped == b->is_stopped && strcmp(a->reason, b->reason) == 0;
    if (!is_same)
        return differ(diff, TRACE_DIFFERENT_END, step, "before step %llu: A %s, B %s",
                      (unsigned long long)step, ending_name(diff->players[0], statuses[0]),
                      ending_name(diff->players[1], statuses[1]));
    if (a->has_digest && b->has_digest && memcmp(a->digest, b->digest, sizeof a->digest) != 0)
        return differ(diff, TRACE_DIFFERENT_END, step,
                      "the processors do the same; the machines' last states differ by digest");
    diff->difference->kind = TRACE_SAME;
    diff->difference->step = step;
    return DIFF_KNOWN;
}

static void skip_waiting(struct diff *diff)
{
    uint64_t a = trace_player_waits_until(diff->players[0]);
    uint64_t b = trace_player_waits_until(diff->players[1]);
    for (unsigned side = 0; side < 2; side++)
        trace_player_skip(diff->players[side], a < b ? a : b);
}

/* From the last state in which both agree, until they do not. */
static enum diff_status compare_played(struct diff *diff)
{
    for (unsigned side = 0; side < 2; side++) {
        diff->players[side] = trace_player_new(diff->arena, diff->traces[side], diff->fault);
        if (diff->players[side] == NULL ||
            trace_player_seek(diff->players[side], diff->agreed, diff->fault) != TRACE_PLAYER_STEP)
            return DIFF_FAULT;
    }
    for (;;) {
        struct trace_step steps[2] = {0};
        enum trace_player_status statuses[2];
        uint64_t step = trace_player_step(diff->players[0]);
        uint32_t a = trace_player_lines(diff->players[0]), b = trace_player_lines(diff->players[1]);
        if (a != b)
            return differ(diff, TRACE_DIFFERENT_STEP, step,
                          "the causes from outside are 0x%08x in A, 0x%08x in B", a, b);
        for (unsigned side = 0; side < 2; side++) {
            statuses[side] = trace_player_next(diff->players[side], &steps[side], diff->fault);
            if (statuses[side] == TRACE_PLAYER_FAULT)
                return DIFF_FAULT;
        }
        if (statuses[0] != TRACE_PLAYER_STEP || statuses[1] != TRACE_PLAYER_STEP)
            return compare_ends(diff, step, statuses);
        if (compare_steps(diff, &steps[0], &steps[1]) == DIFF_KNOWN)
            return DIFF_KNOWN;
        skip_waiting(diff);
    }
}

bool trace_diff(const struct trace *a, const struct trace *b, struct trace_difference *difference,
                struct fault *fault)
{
    struct diff diff = {
        .arena = arena_new(), .traces = {a, b}, .difference = difference, .fault = fault};
    *difference = (struct trace_difference){0};
    enum diff_status status = compare_starts(&diff);
    if (status == DIFF_GOES_ON) {
        status = compare_files(&diff);
        if (status == DIFF_KNOWN)
            status = compare_played(&diff);
    }
    arena_free(diff.arena);
    return status == DIFF_KNOWN;
}
