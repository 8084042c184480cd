/* What is to hold of the processes' memories, one page at a time (docs/COSIM.md, "The relations").
 */
#include "cosim/relation_state.h"

/* --- Pages --- */

bool judge_page_count(struct relation *relation, uint32_t p)
{
    uint32_t address = relation->kernel->page_counts + p * WORD_BYTES;
    uint32_t abstract = p == CVM_IDLE ? 0 : cvm_pages(relation->cvm, p);
    uint32_t concrete = relation_word(relation, address);
    relation_count(relation, COSIM_PAGES, 1);
    if (abstract == concrete)
        return true;
    struct difference difference = {.conjunct = COSIM_PAGES,
                                    .process = p,
                                    .has_address = true,
                                    .address = address,
                                    .abstract = abstract,
                                    .concrete = concrete};
    return report(relation, difference, arena_printf(relation->arena, "page_count[%u]", p),
                  "process %u has %u pages, and for the layer %u", p, abstract, concrete);
}

static bool report_entry(struct relation *relation, enum cosim_conjunct conjunct, uint32_t p,
                         uint32_t v, uint32_t entry, const char *reason)
{
    struct difference difference = {.conjunct = conjunct,
                                    .process = p,
                                    .has_address = true,
                                    .address = v * VAMP_PAGE_BYTES,
                                    .concrete = entry};
    return report(relation, difference, arena_printf(relation->arena, "page table entry %u", v),
                  "page %u of process %u has the page table entry 0x%08x: %s", v, p, entry, reason);
}

/* Zero: the zero page, valid (whether it is protected is the frames' affair). Resident: valid, one
 * of the frames, not protected. Swapped, lost: nothing else. */
bool judge_entry(struct relation *relation, uint32_t p, uint32_t v, uint32_t entry)
{
    const struct cosim_kernel *kernel = relation->kernel;
    uint32_t frame = entry / VAMP_PAGE_BYTES, flags = entry & ENTRY_FLAGS;
    const char *reason = NULL;
    relation_count(relation, COSIM_TABLES, 1);
    if ((flags & ENTRY_VALID) == 0) {
        if (entry != ENTRY_SWAPPED && entry != ENTRY_LOST)
            reason = "not valid, and neither swapped nor lost";
    } else if ((flags & ~(uint32_t)ENTRY_PROTECTED) != ENTRY_VALID) {
        reason = "bits that mean nothing";
    } else if (frame != kernel->zero_frame) {
        if (frame - kernel->first_frame >= kernel->parameters.frame_count)
            reason = "no frame of the processes";
        else if ((flags & ENTRY_PROTECTED) != 0)
            reason = "protected, and not the zero page";
    }
    return reason == NULL || report_entry(relation, COSIM_TABLES, p, v, entry, reason);
}

bool judge_empty_table(struct relation *relation, uint32_t p)
{
    uint32_t entry = entry_of(relation, p, 0);
    relation_count(relation, COSIM_TABLES, 1);
    return (entry & ENTRY_VALID) == 0 ||
           report_entry(relation, COSIM_TABLES, p, 0, entry, "valid, and it has no pages");
}

bool judge_frame(struct relation *relation, uint32_t *owners, uint32_t p, uint32_t v,
                 uint32_t entry)
{
    const struct cosim_kernel *kernel = relation->kernel;
    if ((entry & ENTRY_VALID) == 0)
        return true;
    relation_count(relation, COSIM_FRAMES, 1);
    if (entry / VAMP_PAGE_BYTES == kernel->zero_frame)
        return (entry & ENTRY_PROTECTED) != 0 ||
               report_entry(relation, COSIM_FRAMES, p, v, entry, "the zero page is not protected");
    uint32_t *owner = &owners[entry / VAMP_PAGE_BYTES - kernel->first_frame];
    if (*owner != 0) {
        uint32_t other = *owner - 1;
        return report_entry(
            relation, COSIM_FRAMES, p, v, entry,
            arena_printf(relation->arena, "the frame is that of page %u of process %u, too",
                         other % relation->virtual_pages, other / relation->virtual_pages));
    }
    *owner = page_number(relation, p, v) + 1;
    return true;
}

bool judge_zero_page(struct relation *relation)
{
    uint32_t first = relation->kernel->zero_frame * VAMP_PAGE_BYTES;
    for (uint32_t address = first; address < first + VAMP_PAGE_BYTES; address += WORD_BYTES) {
        uint32_t word = relation_word(relation, address);
        if (word == 0)
            continue;
        struct difference difference = {
            .conjunct = COSIM_FRAMES, .has_address = true, .address = address, .concrete = word};
        return report(relation, difference, "the zero page",
                      "the zero page holds 0x%08x at the physical address 0x%08x", word, address);
    }
    relation_count(relation, COSIM_FRAMES, VAMP_PAGE_BYTES / WORD_BYTES);
    return true;
}

/* --- Memory --- */

static bool report_word(struct relation *relation, uint32_t p, uint32_t address, uint32_t abstract,
                        uint32_t concrete)
{
    uint32_t v = address / VAMP_PAGE_BYTES;
    struct difference difference = {.conjunct = COSIM_MEMORY,
                                    .process = p,
                                    .has_address = true,
                                    .address = address,
                                    .abstract = abstract,
                                    .concrete = concrete};
    return report(relation, difference, arena_printf(relation->arena, "memory of process %u", p),
                  "process %u has 0x%08x at 0x%08x, and 0x%08x in its page %u, %s", p, abstract,
                  address, concrete, v, page_state(relation, p, v));
}

static bool report_page(struct relation *relation, uint32_t p, uint32_t v, const char *reason)
{
    struct difference difference = {.conjunct = COSIM_MEMORY,
                                    .process = p,
                                    .has_address = true,
                                    .address = v * VAMP_PAGE_BYTES,
                                    .concrete = entry_of(relation, p, v)};
    return report(relation, difference, arena_printf(relation->arena, "memory of process %u", p),
                  "page %u of process %u is %s, and %s", v, p, page_state(relation, p, v), reason);
}

/* A line of the process's memory against its words, wherever they are. */
static bool judge_line(struct relation *relation, uint32_t p, uint32_t address,
                       const uint32_t words[LINE_WORDS])
{
    const uint32_t *page = cvm_page_words(relation->cvm, p, address / VAMP_PAGE_BYTES);
    const uint32_t *line = page + address % VAMP_PAGE_BYTES / WORD_BYTES;
    relation_count(relation, COSIM_MEMORY, LINE_WORDS);
    for (uint32_t i = 0; i < LINE_WORDS; i++) {
        if (line[i] != words[i])
            return report_word(relation, p, address + i * WORD_BYTES, line[i], words[i]);
    }
    return true;
}

static bool judge_resident(struct relation *relation, uint32_t p, uint32_t v, uint32_t lines)
{
    uint32_t frame = entry_of(relation, p, v) & ~(uint32_t)ENTRY_FLAGS;
    require(frame < relation->kernel->parameters.memory_bytes, "a frame, as the tables are judged");
    for (uint32_t line = 0; line < PAGE_LINES; line++) {
        uint32_t offset = line * VAMP_LINE_BYTES;
        if ((lines >> line & 1) != 0 &&
            !judge_line(relation, p, v * VAMP_PAGE_BYTES + offset,
                        relation->words + (frame + offset) / WORD_BYTES))
            return false;
    }
    return true;
}

static uint32_t word_of(const unsigned char *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static bool judge_sector(struct relation *relation, uint32_t p, uint32_t address,
                         const unsigned char *bytes, uint32_t lines)
{
    for (uint32_t line = 0; line < SECTOR_LINES; line++) {
        uint32_t words[LINE_WORDS], offset = line * VAMP_LINE_BYTES;
        if ((lines >> line & 1) == 0)
            continue;
        for (uint32_t i = 0; i < LINE_WORDS; i++)
            words[i] = word_of(bytes + offset + i * WORD_BYTES);
        if (!judge_line(relation, p, address + offset, words))
            return false;
    }
    return true;
}

static bool judge_swapped(struct relation *relation, uint32_t p, uint32_t v, uint32_t lines)
{
    const struct device_store *swap = &relation->setup.swap;
    uint32_t first = cosim_swap_sector(relation->kernel, p, v);
    for (uint32_t s = 0; s < PAGE_SECTORS; s++) {
        unsigned char bytes[DEVICE_SECTOR_BYTES];
        uint32_t of_sector = lines >> s * SECTOR_LINES & ((1 << SECTOR_LINES) - 1);
        if (of_sector == 0)
            continue;
        if (first + s >= swap->sector_count || !swap->read(swap->self, first + s, bytes))
            return report_page(relation, p, v, "the swap disk does not hold it");
        if (!judge_sector(relation, p, v * VAMP_PAGE_BYTES + s * DEVICE_SECTOR_BYTES, bytes,
                          of_sector))
            return false;
    }
    return true;
}

/* A page of a process is lost on both sides, or in its frame, or on the swap disk. */
bool judge_page(struct relation *relation, uint32_t p, uint32_t v, uint32_t lines)
{
    uint32_t entry = entry_of(relation, p, v);
    bool is_lost = cvm_is_page_lost(relation->cvm, p, v);
    relation_count(relation, COSIM_MEMORY, 1);
    if (is_lost != (entry == ENTRY_LOST))
        return report_page(relation, p, v,
                           is_lost ? "on the abstract side it is lost"
                                   : "on the abstract side it is not lost");
    if (entry == ENTRY_LOST)
        return true;
    return (entry & ENTRY_VALID) != 0 ? judge_resident(relation, p, v, lines)
                                      : judge_swapped(relation, p, v, lines);
}
