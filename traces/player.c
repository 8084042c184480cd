#include "traces/player.h"

#include "base/require.h"

#include <string.h>

struct trace_player {
    const struct trace *trace;
    struct arena *arena;
    struct trace_reader reader;
    struct trace_item item; /* the next one of the reader, not yet played */
    uint64_t step;
    uint64_t checkpoint; /* step of the last one */
    uint64_t checkpoint_count;
    /* The state now and before the last two steps, in turn. */
    struct vamp_state states[3];
    unsigned now;
    unsigned calm_steps; /* the last steps, at most 2, that changed nothing but registers */
    uint32_t lines;
    struct trace_memory *memory;
    bool is_used; /* the item was the device access of this step */
    bool is_at_end;
    struct trace_step *played;
    struct vamp_diagnosis diagnosis;
};

static bool disagree(const struct trace_player *player, uint64_t end, struct fault *fault,
                     const char *what)
{
    return fault_at(fault, (struct location){player->trace->path, 0, 0},
                    "the trace does not follow from the processor's semantics between steps %llu "
                    "and %llu: %s",
                    (unsigned long long)player->checkpoint, (unsigned long long)end, what);
}

static const struct vamp_state *state_now(const struct trace_player *player)
{
    return &player->states[player->now];
}

/* The state before the last step but one. */
static const struct vamp_state *state_before_that(const struct trace_player *player)
{
    return &player->states[(player->now + 1) % 3];
}

/* --- The bus: what was recorded is all there is --- */

static bool read_word(void *self, uint32_t address, uint32_t *word)
{
    struct trace_player *player = self;
    if (address / 4 < player->memory->word_count) {
        *word = player->memory->words[address / 4];
        return true;
    }
    const struct trace_item *item = &player->item;
    if (item->kind != TRACE_ITEM_READ || item->step != player->step || item->address != address)
        return false;
    player->is_used = true;
    player->played->access = TRACE_ACCESS_READ;
    player->played->access_address = address;
    player->played->access_word = *word = item->word;
    return true;
}

static bool write_word(void *self, uint32_t address, uint32_t word)
{
    struct trace_player *player = self;
    struct trace_step *played = player->played;
    if (address / 4 < player->memory->word_count) {
        played->stores = true;
        played->store_address = address;
        played->store_before = player->memory->words[address / 4];
        played->store_after = word;
        trace_memory_write(player->memory, address / 4, word);
        return true;
    }
    const struct trace_item *item = &player->item;
    if (item->kind != TRACE_ITEM_WRITE || item->step != player->step || item->address != address ||
        item->word != word)
        return false;
    player->is_used = true;
    played->access = TRACE_ACCESS_WRITE;
    played->access_address = address;
    played->access_word = word;
    return true;
}

/* --- Checkpoints --- */

static void describe_difference(const struct trace_player *player, char *text, size_t size_bytes)
{
    struct trace_registers now = trace_registers_of(state_now(player), player->lines);
    const struct trace_registers *recorded = &player->reader.registers;
    for (unsigned i = 0; i < TRACE_REGISTER_COUNT; i++) {
        char name[16];
        if (now.at[i] == recorded->at[i])
            continue;
        trace_register_name(i, name);
        snprintf(text, size_bytes, "%s is 0x%08x, recorded as 0x%08x", name, now.at[i],
                 recorded->at[i]);
        return;
    }
    const struct trace_memory *left = player->memory, *right = player->reader.memory;
    uint32_t index = trace_memory_difference(left, right, &left->changed);
    uint32_t other = trace_memory_difference(left, right, &right->changed);
    index = other < index ? other : index;
    snprintf(text, size_bytes, "the word at 0x%08x is 0x%08x, recorded as 0x%08x", index * 4,
             left->words[index], right->words[index]);
}

static bool is_as_recorded(const struct trace_player *player)
{
    struct trace_registers now = trace_registers_of(state_now(player), player->lines);
    const struct trace_memory *left = player->memory, *right = player->reader.memory;
    return memcmp(&now, &player->reader.registers, sizeof now) == 0 &&
           trace_memory_difference(left, right, &left->changed) == UINT32_MAX &&
           trace_memory_difference(left, right, &right->changed) == UINT32_MAX;
}

static bool check_checkpoint(struct trace_player *player, struct fault *fault)
{
    char text[128];
    if (!is_as_recorded(player)) {
        describe_difference(player, text, sizeof text);
        return disagree(player, player->step, fault, text);
    }
    trace_memory_settle(player->memory);
    trace_memory_settle(player->reader.memory);
    player->checkpoint = player->step;
    player->checkpoint_count++;
    return true;
}

/* Takes what is recorded for between the last step and this one; after it, the item is an access
 * of this step, the end, or of a later step. */
static bool settle(struct trace_player *player, struct fault *fault)
{
    while (player->item.step == player->step) {
        if (player->item.kind == TRACE_ITEM_CHECKPOINT) {
            if (!check_checkpoint(player, fault))
                return false;
        } else if (player->item.kind == TRACE_ITEM_LINES) {
            player->lines = player->item.lines;
            player->calm_steps = 0;
        } else {
            break;
        }
        if (!trace_reader_next(&player->reader, &player->item, fault))
            return false;
    }
    return true;
}

/* --- Steps --- */

static bool execute(struct trace_player *player, struct trace_step *played)
{
    struct vamp_memory memory = {player, player->trace->header.memory_bytes, read_word, write_word};
    struct vamp_state *after = &player->states[(player->now + 1) % 3];
    *after = *state_now(player);
    *played = (struct trace_step){.step = player->step, .lines = player->lines};
    player->played = played;
    player->is_used = false;
    bool is_done = vamp_step(after, &memory, player->lines, &played->diagnosis);
    player->played = NULL;
    played->before = state_now(player);
    played->after = after;
    if (is_done)
        player->now = (player->now + 1) % 3;
    return is_done;
}

/* A processor that stopped must stop here too, in the same way it did not go on. */
static enum trace_player_status finish(struct trace_player *player, struct fault *fault)
{
    struct trace_step last;
    player->is_at_end = true;
    if (!player->reader.ending.is_stopped)
        return TRACE_PLAYER_END;
    if (execute(player, &last)) {
        disagree(player, player->step, fault, "the processor goes on where it is said to stop");
        return TRACE_PLAYER_FAULT;
    }
    player->diagnosis = last.diagnosis;
    return TRACE_PLAYER_END;
}

static bool play(struct trace_player *player, struct trace_step *played, struct fault *fault)
{
    if (!execute(player, played)) {
        char text[256];
        vamp_diagnosis_print(&played->diagnosis, text, sizeof text);
        return disagree(player, player->step + 1, fault, text);
    }
    bool is_access = player->item.kind == TRACE_ITEM_READ || player->item.kind == TRACE_ITEM_WRITE;
    if (is_access && player->item.step == player->step && !player->is_used)
        return disagree(player, player->step + 1, fault, "a recorded access is not made");
    bool is_calm = !played->stores && !player->is_used;
    player->calm_steps = is_calm ? player->calm_steps + (player->calm_steps < 2) : 0;
    player->step++;
    if (player->is_used && !trace_reader_next(&player->reader, &player->item, fault))
        return false;
    if (player->is_used && player->item.step < player->step && player->item.kind != TRACE_ITEM_CUT)
        return disagree(player, player->step, fault, "a record is late");
    return settle(player, fault);
}

enum trace_player_status trace_player_next(struct trace_player *player, struct trace_step *step,
                                           struct fault *fault)
{
    if (player->is_at_end)
        return player->item.kind == TRACE_ITEM_CUT ? TRACE_PLAYER_CUT : TRACE_PLAYER_END;
    if (player->item.kind == TRACE_ITEM_CUT && player->item.step <= player->step) {
        player->is_at_end = true;
        return TRACE_PLAYER_CUT;
    }
    if (player->item.kind == TRACE_ITEM_END && player->item.step == player->step)
        return finish(player, fault);
    return play(player, step, fault) ? TRACE_PLAYER_STEP : TRACE_PLAYER_FAULT;
}

uint64_t trace_player_waits_until(const struct trace_player *player)
{
    if (player->calm_steps < 2 || player->item.step <= player->step ||
        state_now(player)->dpc != state_before_that(player)->dpc ||
        memcmp(state_now(player), state_before_that(player), sizeof player->states[0]) != 0)
        return player->step;
    /* The step before the next record is played, so that the record is met. */
    return player->step + (player->item.step - 1 - player->step) / 2 * 2;
}

void trace_player_skip(struct trace_player *player, uint64_t step)
{
    require(step >= player->step && step <= trace_player_waits_until(player) &&
                (step - player->step) % 2 == 0,
            "steps that are known to do nothing");
    player->step = step;
}

/* As far as waiting goes and not beyond `limit`. */
static void skip_waiting(struct trace_player *player, uint64_t limit)
{
    uint64_t end = trace_player_waits_until(player);
    if (player->step < end && player->step < limit)
        trace_player_skip(player,
                          player->step + ((end < limit ? end : limit) - player->step) / 2 * 2);
}

/* --- Seeking --- */

/* How many checkpoints of a section are at `step` or before; the first one is, in the first
 * section at the latest. */
static bool count_checkpoints(const struct trace_player *player,
                              const struct trace_section *section, uint64_t step, uint64_t *count,
                              struct fault *fault)
{
    struct arena *arena = arena_new();
    struct trace_reader reader;
    struct trace_item item = {0};
    bool is_read = true, is_done = false;
    *count = 0;
    trace_reader_init(&reader, arena, player->trace, false);
    trace_reader_start(&reader, section);
    while (is_read && !is_done) {
        is_read = trace_reader_next(&reader, &item, fault);
        bool is_checkpoint = is_read && item.kind == TRACE_ITEM_CHECKPOINT;
        is_done = is_read &&
                  (item.step > step || item.kind == TRACE_ITEM_END || item.kind == TRACE_ITEM_CUT);
        *count += is_checkpoint && !is_done;
    }
    arena_free(arena);
    return is_read;
}

/* To the `count`-th checkpoint of a section, which is taken as it is. */
static bool go_to_checkpoint(struct trace_player *player, const struct trace_section *section,
                             uint64_t count, struct fault *fault)
{
    struct trace_reader *reader = &player->reader;
    trace_reader_start(reader, section);
    while (count > 0) {
        if (!trace_reader_next(reader, &player->item, fault))
            return false;
        count -= player->item.kind == TRACE_ITEM_CHECKPOINT;
    }
    trace_memory_settle(reader->memory);
    trace_memory_copy(player->memory, reader->memory);
    player->states[player->now] = trace_registers_state(&reader->registers);
    player->lines = reader->registers.at[TRACE_REGISTER_LINES];
    player->step = player->checkpoint = player->item.step;
    player->checkpoint_count = 1;
    player->calm_steps = 0;
    player->is_at_end = false;
    return trace_reader_next(reader, &player->item, fault) && settle(player, fault);
}

static bool go_before(struct trace_player *player, uint64_t step, struct fault *fault)
{
    const struct trace_section *section = trace_section_at(player->trace, step);
    uint64_t count;
    if (step < section->step)
        return fault_at(fault, (struct location){player->trace->path, 0, 0},
                        "the trace begins with step %llu", (unsigned long long)section->step);
    return count_checkpoints(player, section, step, &count, fault) &&
           go_to_checkpoint(player, section, count, fault);
}

enum trace_player_status trace_player_seek(struct trace_player *player, uint64_t step,
                                           struct fault *fault)
{
    struct trace_step played;
    if (!go_before(player, step, fault))
        return TRACE_PLAYER_FAULT;
    while (player->step < step) {
        enum trace_player_status status = trace_player_next(player, &played, fault);
        if (status != TRACE_PLAYER_STEP)
            return status;
        skip_waiting(player, step);
    }
    return TRACE_PLAYER_STEP;
}

struct trace_player *trace_player_new(struct arena *arena, const struct trace *trace,
                                      struct fault *fault)
{
    struct trace_player *player = ARENA_NEW(arena, struct trace_player);
    player->trace = trace;
    player->arena = arena;
    player->memory = trace_memory_new(arena, trace->header.memory_bytes);
    trace_reader_init(&player->reader, arena, trace, true);
    return go_to_checkpoint(player, &trace->sections[0], 1, fault) ? player : NULL;
}

/* --- Questions --- */

uint64_t trace_player_step(const struct trace_player *player)
{
    return player->step;
}

const struct vamp_state *trace_player_state(const struct trace_player *player)
{
    return state_now(player);
}

const struct trace_memory *trace_player_memory(const struct trace_player *player)
{
    return player->memory;
}

uint32_t trace_player_lines(const struct trace_player *player)
{
    return player->lines;
}

const struct trace_ending *trace_player_ending(const struct trace_player *player)
{
    return &player->reader.ending;
}

const struct vamp_diagnosis *trace_player_diagnosis(const struct trace_player *player)
{
    return &player->diagnosis;
}

uint64_t trace_player_checkpoints(const struct trace_player *player)
{
    return player->checkpoint_count;
}
