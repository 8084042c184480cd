#include "draw.h"

enum { PAGE = VAMP_PAGE_BYTES, PROGRAM_WORDS = 24 };

static uint32_t draw_process(uint64_t *seed)
{
    return 1 + rig_below(seed, RIG_PROCESSES - 1);
}

/* An address of a word of p, which has memory. */
static uint32_t draw_address(const struct rig *rig, uint32_t p, uint64_t *seed)
{
    return 4 * rig_below(seed, cvm_pages(rig->cvm, p) * (PAGE / 4));
}

static bool has_memory(const struct rig *rig, uint32_t p)
{
    return cvm_pages(rig->cvm, p) != 0;
}

static uint32_t rest_words(const struct rig *rig, uint32_t p, uint32_t address)
{
    return (cvm_pages(rig->cvm, p) * PAGE - address) / 4;
}

/* --- Programs --- */

/* Branches, and accesses near the memory of a process with few pages, are small numbers. */
static uint32_t draw_instruction(uint64_t *seed)
{
    struct vamp_insn insn = {
        .op = (enum vamp_op)rig_below(seed, VAMP_OP_COUNT),
        .rs1 = (uint8_t)rig_below(seed, 6),
        .rs2 = (uint8_t)rig_below(seed, 6),
        .rd = (uint8_t)rig_below(seed, 6),
        .sa = (uint8_t)rig_below(seed, 32),
        .immediate = 4 * (rig_below(seed, 40) - 20),
    };
    if (rig_below(seed, 16) == 0)
        return (uint32_t)rig_random(seed);
    if (rig_below(seed, 3) == 0)
        insn.immediate = 4 * rig_below(seed, 3 * PAGE / 4);
    return vamp_encode(&insn);
}

static void draw_program(struct rig *rig, uint32_t p, uint64_t *seed)
{
    uint32_t first = draw_address(rig, p, seed);
    for (uint32_t i = 0; i < PROGRAM_WORDS && i < rest_words(rig, p, first); i++)
        CALL(rig, SET_WORD, p, first + 4 * i, draw_instruction(seed));
}

/* --- Deeds --- */

/* An address, or a large number, so that sums overflow. */
static uint32_t draw_value(uint64_t *seed)
{
    bool is_large = rig_below(seed, 2) == 0;
    return is_large ? (uint32_t)rig_random(seed) : rig_below(seed, 4 * PAGE);
}

static void draw_size(struct rig *rig, uint32_t p, uint64_t *seed)
{
    uint32_t pages = cvm_pages(rig->cvm, p);
    if (rig_below(seed, 2) == 0)
        CALL(rig, ALLOC, p, rig_below(seed, RIG_PAGES - pages + 1));
    else
        CALL(rig, FREE, p, rig_below(seed, pages + 1));
}

static void draw_copy(struct rig *rig, uint64_t *seed)
{
    uint32_t p1 = draw_process(seed), p2 = draw_process(seed);
    if (!has_memory(rig, p1) || !has_memory(rig, p2))
        return;
    uint32_t a1 = draw_address(rig, p1, seed), a2 = draw_address(rig, p2, seed);
    uint32_t words = rig_below(seed, 2000), limit = rest_words(rig, p1, a1);
    words = words < limit ? words : limit;
    limit = rest_words(rig, p2, a2);
    CALL(rig, COPY, p1, a1, p2, a2, words < limit ? words : limit);
}

static void draw_block(struct rig *rig, uint32_t p, uint64_t *seed)
{
    uint32_t address = draw_address(rig, p, seed), limit = rest_words(rig, p, address);
    uint32_t words = rig_below(seed, 6) % (limit + 1), device = 2 * rig_below(seed, 2);
    if (rig_below(seed, 2) == 0)
        CALL(rig, IN_BLOCK, device, rig_below(seed, 3), p, address, words);
    else
        CALL(rig, OUT_BLOCK, 0, rig_below(seed, 3), p, address, words);
}

static void draw_memory_deed(struct rig *rig, uint32_t p, uint64_t *seed)
{
    switch (rig_below(seed, 6)) {
    case 0:
        CALL(rig, SET_WORD, p, draw_address(rig, p, seed), (uint32_t)rig_random(seed));
        return;
    case 1:
        draw_block(rig, p, seed);
        return;
    case 2:
        CALL(rig, LOAD, p, rig_below(seed, RIG_SECTORS),
             rig_below(seed, cvm_pages(rig->cvm, p) + 1));
        return;
    case 3:
        if (rig_below(seed, 20) == 0)
            cvm_lose_page(rig->cvm, p, rig_below(seed, cvm_pages(rig->cvm, p)));
        return;
    default:
        draw_program(rig, p, seed);
    }
}

static void draw_other_deed(struct rig *rig, uint32_t p, uint64_t *seed)
{
    switch (rig_below(seed, 6)) {
    case 0:
        CALL(rig, SET_GPR, p, rig_below(seed, 7), draw_value(seed));
        return;
    case 1:
        CALL(rig, SET_MASK, rig_below(seed, 256));
        return;
    case 2:
        CALL(rig, OUT_WORD, 0, rig_below(seed, 3), rig_below(seed, 3));
        return;
    case 3:
        if (rig_below(seed, 8) == 0)
            CALL(rig, RESET, p);
        return;
    case 4: {
        uint32_t other = draw_process(seed);
        if (rig_below(seed, 8) == 0 && other != p)
            CALL(rig, CLONE, p, other);
        return;
    }
    default:
        rig_event(rig, 0, DEVICE_EVENT_TICK, 0);
    }
}

void draw_deed(struct rig *rig, uint64_t *seed)
{
    uint32_t p = draw_process(seed), kind = rig_below(seed, 8);
    if (kind == 0)
        draw_size(rig, p, seed);
    else if (kind == 1)
        draw_copy(rig, seed);
    else if (kind < 5 && has_memory(rig, p))
        draw_memory_deed(rig, p, seed);
    else
        draw_other_deed(rig, p, seed);
}

/* Most processes without memory would not get far. */
static void draw_life(struct rig *rig, uint32_t p, uint64_t *seed)
{
    if (has_memory(rig, p) || rig_below(seed, 20) == 0)
        return;
    CALL(rig, RESET, p);
    CALL(rig, ALLOC, p, 1 + rig_below(seed, 3));
    for (uint32_t r = 1; r < 6; r++)
        CALL(rig, SET_GPR, p, r, draw_value(seed));
    draw_program(rig, p, seed);
}

struct cvm_outcome draw_run(struct rig *rig, uint64_t *seed)
{
    uint32_t p = draw_process(seed);
    uint64_t steps = rig_below(seed, 2000);
    draw_life(rig, p, seed);
    rig_dispatch(rig, p);
    struct cvm_outcome outcome = cvm_run_process(rig->cvm, steps);
    if (outcome.status == CVM_INTERRUPTED && rig_below(seed, 4) == 0)
        CALL(rig, RESET, p); /* most would stand at their exception for ever */
    return outcome;
}
