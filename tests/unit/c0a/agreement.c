/* Random blocks run alike on the C0 machine with its world and, compiled, on the VAMP: results,
 * globals, memory, devices, special registers; after rfe all registers. */
#include "random_blocks.h"
#include "rig.h"

#include <stdlib.h>

enum { PROGRAMS = 700 };

struct ends {
    uint32_t returned, left, interrupted, typed;
};

static void expect_same_global(const struct rig *rig, const struct target *target, const char *name,
                               uint32_t words, uint64_t seed)
{
    uint32_t address = target_symbol(target->image, name);
    for (uint32_t i = 0; i < words; i++)
        cr_assert_eq(target_word(target, address + 4 * i), rig_global(rig, name, i),
                     "program %lu: %s+%u", (unsigned long)seed, name, (unsigned)i);
}

/* A pointer into ga, seen as an index. */
static void expect_same_pointer(const struct rig *rig, const struct target *target, uint64_t seed)
{
    uint32_t shown = target_word(target, target_symbol(target->image, "gp")) -
                     target_symbol(target->image, "ga");
    uint32_t index = rig_global(rig, "gp", 0) - rig_cell(rig, "ga");
    cr_assert_eq(shown, 4 * index, "program %lu: gp", (unsigned long)seed);
}

/* The object that gl points to. */
static void expect_same_object(const struct rig *rig, const struct target *target, uint64_t seed)
{
    uint32_t cell = rig_global(rig, "gl", 0);
    uint32_t address = target_word(target, target_symbol(target->image, "gl"));
    cr_assert_eq(cell == 0, address == 0);
    for (uint32_t i = 0; cell != 0 && i < 3; i++)
        cr_assert_eq(target_word(target, address + 4 * i), c0_machine_read(rig->machine, cell + i),
                     "program %lu: *gl+%u", (unsigned long)seed, (unsigned)i);
}

static void expect_same_world(const struct rig *rig, const struct target *target, uint64_t seed)
{
    static const struct {
        const char *name;
        uint32_t words;
    } globals[] = {{"gi", 1}, {"gu", 1}, {"gc", 1}, {"gb", 1}, {"ga", 8}, {"gs", 3}, {"gt", 1}};
    for (size_t i = 0; i < sizeof globals / sizeof *globals; i++)
        expect_same_global(rig, target, globals[i].name, globals[i].words, seed);
    expect_same_pointer(rig, target, seed);
    expect_same_object(rig, target, seed);
    for (uint32_t i = 0; i < RANDOM_WORDS; i++)
        cr_assert_eq(target_word(target, RANDOM_MEMORY + 4 * i),
                     rig_memory(rig, RANDOM_MEMORY + 4 * i), "program %lu: memory word %u",
                     (unsigned long)seed, (unsigned)i);
    const struct vamp_state *state = vamp_machine_state(target->machine);
    for (uint32_t i = 0; i < VAMP_SPR_COUNT; i++)
        cr_assert_eq(state->spr[i], rig->world->processor.spr[i], "program %lu: s%u",
                     (unsigned long)seed, (unsigned)i);
    rig_expect_same_accesses(rig->bus, target->bus);
}

/* After rfe every register belongs to whoever goes on. */
static void expect_same_processor(const struct rig *rig, const struct target *target, uint64_t seed)
{
    const struct vamp_state *left = &rig->world->processor;
    const struct vamp_state *right = vamp_machine_state(target->machine);
    cr_assert_eq(left->dpc, right->dpc);
    cr_assert_eq(left->pcp, right->pcp);
    for (uint32_t i = 0; i < VAMP_GPR_COUNT; i++)
        cr_assert_eq(left->gpr[i], right->gpr[i], "program %lu: r%u", (unsigned long)seed,
                     (unsigned)i);
}

/* Nothing may depend on what the registers hold at first, but for the special ones. */
static void set_registers(struct vamp_state *state, uint64_t seed, bool is_target)
{
    for (uint32_t i = 0; i < VAMP_GPR_COUNT; i++) {
        state->gpr[i] = i == 0 ? 0 : (uint32_t)(seed * 77 + i + (is_target ? 0x5A5A : 0));
        if (vamp_spr_exists(i) && i != VAMP_SPR_SR && i != VAMP_SPR_MODE)
            state->spr[i] = (uint32_t)(seed * 991 + i);
    }
}

static void compare(uint64_t seed, struct ends *ends)
{
    struct arena *text = arena_new();
    struct rig rig = rig_of(random_blocks(text, seed));
    struct target target = rig_compile(&rig);
    const uint32_t arguments[] = {(uint32_t)seed, (uint32_t)(seed * 0x01234567)};
    set_registers(&rig.world->processor, seed, false);
    set_registers(vamp_machine_state(target.machine), seed, true);
    vamp_machine_stop_at_interrupts(target.machine, false);
    vamp_machine_add_breakpoint(target.machine, RANDOM_RESUMED);
    vamp_machine_add_breakpoint(target.machine, 0);
    struct c0_outcome outcome = rig_call(&rig, "f", arguments);
    if (outcome.status == C0_FAULTED && outcome.rule == C0_RULE_ASM_TYPE) {
        ends->typed++; /* the VAMP knows no types */
    } else {
        struct vamp_run run = target_call(&target, "f", arguments, 2);
        const struct vamp_state *state = vamp_machine_state(target.machine);
        if (outcome.status == C0_FAULTED) {
            ends->interrupted++;
            cr_assert(outcome.rule == C0_RULE_ASM_ADDRESS || outcome.rule == C0_RULE_ASM_INTERRUPT,
                      "program %lu: %s", (unsigned long)seed, c0_rule_name(outcome.rule));
            cr_assert(run.status == VAMP_RUN_STOPPED || state->dpc == 0, "program %lu",
                      (unsigned long)seed);
        } else {
            cr_assert(outcome.status == C0_RETURNED || outcome.status == C0_LEFT);
            ends->returned += outcome.status == C0_RETURNED;
            ends->left += outcome.status == C0_LEFT;
            cr_assert_eq(run.status, VAMP_RUN_BREAKPOINT, "program %lu", (unsigned long)seed);
            cr_assert_eq(state->dpc, outcome.status == C0_LEFT ? RANDOM_RESUMED : TARGET_RETURN);
            if (outcome.has_result)
                cr_assert_eq(state->gpr[1], outcome.result, "program %lu", (unsigned long)seed);
            if (outcome.status == C0_LEFT)
                expect_same_processor(&rig, &target, seed);
            expect_same_world(&rig, &target, seed);
        }
    }
    rig_free(&rig);
    arena_free(text);
}

Test(c0a_agreement, blocks_run_on_the_c0_machine_as_on_the_vamp)
{
    const char *first = getenv("C0A_FIRST_SEED"), *count = getenv("C0A_PROGRAMS");
    uint64_t from = first != NULL ? strtoull(first, NULL, 10) : 1;
    uint64_t programs = count != NULL ? strtoull(count, NULL, 10) : PROGRAMS;
    struct ends ends = {0};
    for (uint64_t seed = from; seed < from + programs; seed++)
        compare(seed, &ends);
    cr_log_info("%u returned, %u left, %u were interrupted, %u broke types",
                (unsigned)ends.returned, (unsigned)ends.left, (unsigned)ends.interrupted,
                (unsigned)ends.typed);
    if (programs < PROGRAMS)
        return;
    /* The programs are no use if they all end alike. */
    cr_assert_gt(ends.returned, programs / 2);
    cr_assert_gt(ends.left, programs / 20);
    cr_assert_gt(ends.interrupted, programs / 100);
    cr_assert_gt(ends.typed, 0);
}
