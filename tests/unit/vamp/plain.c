/* The plain step from any state at all: it returns, and keeps what always holds. */
#include "semantics/vamp/vamp.h"

#include <criterion/criterion.h>
#include <string.h>

enum { STATE_COUNT = 200000, MEMORY_BYTES = 0x8000 };

struct any {
    uint64_t seed;
    uint32_t words[MEMORY_BYTES / 4];
    unsigned device_count;
};

static uint64_t next_random(struct any *any)
{
    any->seed ^= any->seed << 13;
    any->seed ^= any->seed >> 7;
    any->seed ^= any->seed << 17;
    return any->seed;
}

static uint32_t below(struct any *any, uint32_t bound)
{
    return (uint32_t)(next_random(any) >> 32) % bound;
}

/* All of a word, something near a border, or something within memory. */
static uint32_t random_word(struct any *any)
{
    static const uint32_t borders[] = {0, 0x7FFFFFFF, 0x80000000, MEMORY_BYTES, VAMP_DEVICES, 4096};
    switch (below(any, 4)) {
    case 0:
        return (uint32_t)next_random(any);
    case 1:
        return borders[below(any, 6)] + below(any, 9) - 4;
    default:
        return below(any, MEMORY_BYTES);
    }
}

static bool read_word(void *self, uint32_t address, uint32_t *word)
{
    struct any *any = self;
    cr_assert_eq(address % 4, 0);
    cr_assert(address < MEMORY_BYTES || address >= VAMP_DEVICES, "0x%08x", address);
    any->device_count += address >= VAMP_DEVICES;
    *word = address < MEMORY_BYTES ? any->words[address / 4] : (uint32_t)next_random(any);
    return address < MEMORY_BYTES || below(any, 4) != 0;
}

static bool write_word(void *self, uint32_t address, uint32_t word)
{
    struct any *any = self;
    cr_assert_eq(address % 4, 0);
    cr_assert(address < MEMORY_BYTES || address >= VAMP_DEVICES, "0x%08x", address);
    if (address < MEMORY_BYTES)
        any->words[address / 4] = word;
    return address < MEMORY_BYTES || below(any, 4) != 0;
}

/* Page table entries, instructions and data, wherever. */
static uint32_t random_content(struct any *any)
{
    struct vamp_insn insn = {.op = (enum vamp_op)below(any, VAMP_OP_COUNT),
                             .rs1 = (uint8_t)below(any, 32),
                             .rs2 = (uint8_t)below(any, 32),
                             .rd = (uint8_t)below(any, 32),
                             .sa = (uint8_t)below(any, 32),
                             .immediate = below(any, 0x10000) - 0x8000};
    switch (below(any, 4)) {
    case 0:
        return random_word(any);
    case 1:
        return below(any, 10) << 12 | below(any, 0x1000) | 1 << 11;
    default:
        return vamp_encode(&insn);
    }
}

static struct vamp_state random_state(struct any *any)
{
    struct vamp_state state = {.dpc = random_word(any), .pcp = random_word(any)};
    if (below(any, 4) != 0)
        state.dpc &= ~UINT32_C(3);
    for (unsigned i = 1; i < VAMP_GPR_COUNT; i++)
        state.gpr[i] = random_word(any);
    for (unsigned i = 0; i < VAMP_SPR_COUNT; i++)
        state.spr[i] = vamp_spr_exists(i) ? random_word(any) : 0;
    state.spr[VAMP_SPR_MODE] = below(any, 2);
    if (below(any, 4) != 0)
        state.spr[VAMP_SPR_PTO] = below(any, 9);
    return state;
}

static void check_invariants(const struct vamp_state *before, const struct vamp_state *after,
                             const struct vamp_diagnosis *diagnosis, uint32_t lines)
{
    cr_assert_eq(after->gpr[0], 0);
    for (unsigned i = 0; i < VAMP_SPR_COUNT; i++)
        cr_assert(vamp_spr_exists(i) || after->spr[i] == 0);
    cr_assert_eq(diagnosis->dpc, before->dpc);
    cr_assert(diagnosis->interrupts != 0 || (lines & 1) == 0, "a reset is an interrupt");
    if (diagnosis->interrupts == 0)
        return;
    cr_assert_eq(after->spr[VAMP_SPR_MODE], 0);
    cr_assert_eq(after->spr[VAMP_SPR_SR], 0);
    cr_assert_eq(after->dpc, 0);
    cr_assert_eq(after->pcp, 4);
    cr_assert_eq(after->spr[VAMP_SPR_ECA], diagnosis->interrupts);
    if (vamp_first_interrupt(diagnosis->interrupts) <= VAMP_INTERRUPT_PFLS)
        cr_assert(memcmp(before->gpr, after->gpr, sizeof after->gpr) == 0);
}

Test(vamp_plain, steps_from_any_state_and_keeps_what_always_holds)
{
    static struct any any;
    unsigned stop_counts[VAMP_STOP_COUNT] = {0}, interrupt_counts[VAMP_INTERRUPT_COUNT] = {0};
    unsigned completed_counts[2] = {0};
    any.seed = 88172645463325252u;
    for (int i = 0; i < STATE_COUNT; i++) {
        if (i % 1000 == 0) {
            for (size_t w = 0; w < MEMORY_BYTES / 4; w++)
                any.words[w] = random_content(&any);
        }
        struct vamp_memory memory = {&any, MEMORY_BYTES, read_word, write_word};
        struct vamp_diagnosis diagnosis;
        struct vamp_state before = random_state(&any), after = before;
        uint32_t lines = below(&any, 4) == 0 ? random_word(&any) : 0;
        char text[256];
        bool has_run = vamp_step(&after, &memory, lines, &diagnosis);
        cr_assert_eq(has_run, diagnosis.stop == VAMP_STOP_NONE);
        vamp_diagnosis_print(&diagnosis, text, sizeof text);
        stop_counts[diagnosis.stop]++;
        if (!has_run) {
            cr_assert(memcmp(&before, &after, sizeof after) == 0);
            continue;
        }
        check_invariants(&before, &after, &diagnosis, lines);
        if (diagnosis.interrupts == 0)
            completed_counts[vamp_is_user_mode(&before)]++;
        else
            interrupt_counts[vamp_first_interrupt(diagnosis.interrupts)]++;
    }
    for (int i = VAMP_STOP_NONE; i <= VAMP_STOP_PHYSICAL_ADDRESS; i++)
        cr_expect_gt(stop_counts[i], 10, "stop %d: %u", i, stop_counts[i]);
    for (int i = 0; i < VAMP_INTERRUPT_COUNT; i++)
        cr_expect((i > VAMP_INTERRUPT_OVF && i < VAMP_INTERRUPT_DEVICE_0) ==
                      (interrupt_counts[i] == 0),
                  "cause %d: %u", i, interrupt_counts[i]);
    cr_expect_gt(completed_counts[0], 1000);
    cr_expect_gt(completed_counts[1], 1000);
    cr_expect_gt(any.device_count, 10);
}
