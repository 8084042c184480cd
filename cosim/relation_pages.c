/* Incremental: which pages there are, where they are, and who has which frame. */
#include "cosim/relation_state.h"

static bool is_page(const struct relation *relation, uint32_t p, uint32_t v)
{
    return v < relation->counts[p];
}

/* The entry may not be what it was; the frame that it had is free until all that moved are known.
 */
static void note_move(struct relation *relation, uint32_t p, uint32_t v)
{
    uint32_t id = page_number(relation, p, v), before = relation->entries[id];
    uint32_t entry = is_page(relation, p, v) ? entry_of(relation, p, v) : ENTRY_NONE;
    bool was_page = before != ENTRY_NONE;
    if (entry == before && is_page(relation, p, v) == was_page)
        return;
    uint32_t frame = before / VAMP_PAGE_BYTES - relation->kernel->first_frame;
    if (frame < relation->kernel->parameters.frame_count && relation->owners[frame] == id + 1)
        relation->owners[frame] = 0;
    relation->entries[id] = entry;
    ARRAY_PUSH(relation->arena, &relation->moves, id);
}

static void note_moves(struct relation *relation, uint32_t p, uint32_t begin, uint32_t end)
{
    for (uint32_t v = begin; v < end && v < relation->virtual_pages; v++)
        note_move(relation, p, v);
}

/* Pages that came or went are those between the two counts. */
bool pages_check(struct relation *relation)
{
    size_t count = number_set_take(&relation->counted);
    for (size_t i = 0; i < count; i++) {
        uint32_t p = relation->counted.list.at[i];
        if (!judge_page_count(relation, p))
            return false;
        uint32_t before = relation->counts[p];
        uint32_t now = relation_word(relation, relation->kernel->page_counts + p * WORD_BYTES);
        if (now == 0 && before != 0)
            number_set_add(relation, &relation->table_lines, p * PAGE_LINES);
        relation->counts[p] = now;
        note_moves(relation, p, now < before ? now : before, now < before ? before : now);
    }
    return true;
}

bool tables_check(struct relation *relation)
{
    enum { LINE_ENTRIES = LINE_WORDS };
    size_t count = number_set_take(&relation->table_lines);
    for (size_t i = 0; i < count; i++) {
        uint32_t line = relation->table_lines.list.at[i], p = line / PAGE_LINES;
        uint32_t first = line % PAGE_LINES * LINE_ENTRIES;
        note_moves(relation, p, first, first + LINE_ENTRIES);
        if (first == 0 && relation->counts[p] == 0 && !judge_empty_table(relation, p))
            return false;
    }
    for (size_t i = 0; i < relation->moves.count; i++) {
        uint32_t id = relation->moves.at[i];
        uint32_t p = id / relation->virtual_pages, v = id % relation->virtual_pages;
        if (is_page(relation, p, v) && !judge_entry(relation, p, v, relation->entries[id]))
            return false;
    }
    return true;
}

/* Frames are taken only when all that were given up are known, as pages change places. What was
 * written into a frame was written to the page that has it now. */
bool frames_check(struct relation *relation)
{
    for (size_t i = 0; i < relation->moves.count; i++) {
        uint32_t id = relation->moves.at[i];
        uint32_t p = id / relation->virtual_pages, v = id % relation->virtual_pages;
        if (!is_page(relation, p, v))
            continue;
        if (!judge_frame(relation, relation->owners, p, v, relation->entries[id]))
            return false;
        note_page_lines(relation, id, ALL_LINES);
    }
    relation->moves.count = 0;
    size_t count = number_set_take(&relation->frames);
    for (size_t i = 0; i < count; i++) {
        uint32_t frame = relation->frames.list.at[i];
        if (relation->owners[frame] != 0)
            note_page_lines(relation, relation->owners[frame] - 1, relation->frame_lines[frame]);
        relation->frame_lines[frame] = 0;
    }
    bool was_written = relation->zero_is_written;
    relation->zero_is_written = false;
    return !was_written || judge_zero_page(relation);
}
