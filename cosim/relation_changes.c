/* What an incremental check has to look at. Two things that are to be equal were equal when they
 * were last compared. They can differ now only if one of them was written since, or if they are
 * another pair: because a page is in another place, or a process's registers are. Writes come as
 * lines or cells from whoever was written to; that a page is elsewhere shows in its page table or
 * count, which are written, too (relation_pages.c); and where the registers of who runs are is
 * asked anew each time (relation.c). */
#include "cosim/relation_state.h"

#include <stdlib.h>

/* --- Sets --- */

void number_set_init(struct relation *relation, struct number_set *set, size_t size)
{
    set->has = ARENA_ARRAY(relation->arena, bool, size);
}

void number_set_add(struct relation *relation, struct number_set *set, uint32_t number)
{
    if (set->has[number])
        return;
    set->has[number] = true;
    ARRAY_PUSH(relation->arena, &set->list, number);
}

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

size_t number_set_take(struct number_set *set)
{
    size_t count = set->list.count;
    if (count > 1)
        qsort(set->list.at, count, sizeof *set->list.at, by_number);
    for (size_t i = 0; i < count; i++)
        set->has[set->list.at[i]] = false;
    set->list.count = 0;
    return count;
}

void note_page_lines(struct relation *relation, uint32_t page, uint32_t lines)
{
    number_set_add(relation, &relation->pages, page);
    relation->page_lines[page] |= (uint16_t)lines;
}

/* --- Lines of physical memory --- */

/* [address, address + VAMP_LINE_BYTES) cut to [first, end), seen from `first`. */
struct part {
    uint32_t begin, end;
};

static struct part part_of(uint32_t address, uint32_t first, uint32_t end)
{
    uint32_t behind = address + VAMP_LINE_BYTES;
    if (behind <= first || address >= end)
        return (struct part){0, 0};
    return (struct part){address > first ? address - first : 0,
                         (behind < end ? behind : end) - first};
}

static void note_blocks(struct relation *relation, uint32_t address)
{
    const struct cosim_kernel *kernel = relation->kernel;
    uint32_t size = kernel->control_block_bytes;
    struct part part = part_of(address, kernel->control_blocks,
                               kernel->control_blocks + relation->process_count * size);
    if (part.end == 0)
        return;
    for (uint32_t p = part.begin / size; p <= (part.end - 1) / size; p++)
        number_set_add(relation, &relation->processes, p);
}

static void note_counts(struct relation *relation, uint32_t address)
{
    const struct cosim_kernel *kernel = relation->kernel;
    struct part part = part_of(address, kernel->page_counts,
                               kernel->page_counts + relation->process_count * WORD_BYTES);
    for (uint32_t at = part.begin; at < part.end; at += WORD_BYTES)
        number_set_add(relation, &relation->counted, at / WORD_BYTES);
}

static void note_cell(struct relation *relation, uint32_t cell)
{
    number_set_add(relation, &relation->cell_blocks, cell / C0_CHANGE_CELLS);
    relation->block_cells[cell / C0_CHANGE_CELLS] |= UINT64_C(1) << cell % C0_CHANGE_CELLS;
}

static void note_globals(struct relation *relation, uint32_t address)
{
    struct part part =
        part_of(address, relation->globals, relation->globals + relation->word_count * WORD_BYTES);
    for (uint32_t at = part.begin; at < part.end; at += WORD_BYTES) {
        uint32_t cell = relation->word_cells[at / WORD_BYTES];
        if (cell != 0)
            note_cell(relation, cell);
    }
}

/* Of objects that were not met there is nothing to compare; once met, all of it is. */
static void note_heap(struct relation *relation, uint32_t address)
{
    const struct cosim_kernel *kernel = relation->kernel;
    struct part part = part_of(address, kernel->heap, kernel->heap_end);
    for (uint32_t at = part.begin; at < part.end; at += WORD_BYTES) {
        uint32_t cell = relation->objects.cells[at / WORD_BYTES];
        if (cell != 0)
            ARRAY_PUSH(relation->arena, &relation->heap_cells, cell);
    }
}

static void note_frame(struct relation *relation, uint32_t address)
{
    uint32_t frame = address / VAMP_PAGE_BYTES - relation->kernel->first_frame;
    if (frame >= relation->kernel->parameters.frame_count)
        return;
    number_set_add(relation, &relation->frames, frame);
    relation->frame_lines[frame] |= (uint16_t)(1u << address % VAMP_PAGE_BYTES / VAMP_LINE_BYTES);
}

static void note_line(void *self, uint32_t address)
{
    struct relation *relation = self;
    const struct cosim_kernel *kernel = relation->kernel;
    if (address < kernel->tables) {
        note_blocks(relation, address);
        note_counts(relation, address);
        note_globals(relation, address);
        note_heap(relation, address);
    } else if (address / VAMP_PAGE_BYTES < kernel->zero_frame) {
        number_set_add(relation, &relation->table_lines,
                       (address - kernel->tables) / VAMP_LINE_BYTES);
    } else if (address / VAMP_PAGE_BYTES == kernel->zero_frame) {
        relation->zero_is_written = true;
    } else {
        note_frame(relation, address);
    }
}

/* --- The abstract side --- */

static void note_abstract_line(void *self, uint32_t p, uint32_t address)
{
    struct relation *relation = self;
    note_page_lines(relation, page_number(relation, p, address / VAMP_PAGE_BYTES),
                    1u << address % VAMP_PAGE_BYTES / VAMP_LINE_BYTES);
}

static void note_process(void *self, uint32_t p)
{
    struct relation *relation = self;
    number_set_add(relation, &relation->processes, p);
    number_set_add(relation, &relation->counted, p);
}

static void note_cells(void *self, uint32_t first, uint32_t count)
{
    struct relation *relation = self;
    for (uint32_t cell = first; cell < first + count; cell++) {
        if (cell < relation->global_cells)
            note_cell(relation, cell);
        else
            ARRAY_PUSH(relation->arena, &relation->heap_cells, cell);
    }
}

/* --- Everything --- */

static void ignore_line(void *self, uint32_t address)
{
    (void)self, (void)address;
}

void changes_init(struct relation *relation)
{
    const struct cosim_kernel *kernel = relation->kernel;
    size_t pages = (size_t)relation->process_count * relation->virtual_pages;
    size_t blocks = relation->global_cells / C0_CHANGE_CELLS + 1;
    number_set_init(relation, &relation->processes, relation->process_count);
    number_set_init(relation, &relation->counted, relation->process_count);
    number_set_init(relation, &relation->table_lines, (size_t)relation->process_count * PAGE_LINES);
    number_set_init(relation, &relation->frames, kernel->parameters.frame_count);
    number_set_init(relation, &relation->pages, pages);
    number_set_init(relation, &relation->cell_blocks, blocks);
    relation->frame_lines = ARENA_ARRAY(relation->arena, uint16_t, kernel->parameters.frame_count);
    relation->page_lines = ARENA_ARRAY(relation->arena, uint16_t, pages);
    relation->block_cells = ARENA_ARRAY(relation->arena, uint64_t, blocks);
    vamp_machine_track_changes(relation->processor);
    vamp_machine_each_changed_line(relation->processor, ignore_line, NULL);
}

void changes_note_all(struct relation *relation)
{
    for (uint32_t p = 0; p < relation->process_count; p++)
        note_process(relation, p);
    for (uint32_t line = 0; line < relation->process_count * PAGE_LINES; line++)
        number_set_add(relation, &relation->table_lines, line);
    for (uint32_t cell = 1; cell < relation->global_cells; cell++)
        note_cell(relation, cell);
    relation->zero_is_written = true;
    relation->devices = (1u << BUS_DEVICES) - 1;
}

void changes_collect(struct relation *relation)
{
    vamp_machine_each_changed_line(relation->processor, note_line, relation);
    cvm_each_changed_line(relation->cvm, note_abstract_line, relation);
    cvm_each_changed_process(relation->cvm, note_process, relation);
    c0_machine_each_change(relation->c0, note_cells, relation);
}
