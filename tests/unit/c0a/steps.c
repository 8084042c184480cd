/* Which step of a block follows which: by hand, and as the processor has it. */
#include "rig.h"

static const struct c0_asm *block_of(struct arena *arena, const char *lines)
{
    const char *report;
    const char *text = arena_printf(arena, "int g; void f(void) { asm { %s } }", lines);
    const struct c0_program *program = rig_load(arena, text, &report);
    cr_assert_not_null(program, "%s\n%s", report, text);
    return rig_block(program, 0);
}

struct expected {
    enum c0_asm_step_kind kind;
    uint32_t instruction, next, otherwise;
};

static void expect_steps(const char *lines, const struct expected *steps, uint32_t count)
{
    struct arena *arena = arena_new();
    const struct c0_asm *block = block_of(arena, lines);
    cr_assert_eq(block->step_count, count, "%s: %u steps", lines, (unsigned)block->step_count);
    for (uint32_t i = 0; i < count; i++) {
        const struct c0_asm_step *step = &block->steps[i];
        cr_expect_eq(step->kind, steps[i].kind, "%s: step %u", lines, (unsigned)i);
        cr_expect_eq(step->instruction, steps[i].instruction, "%s: step %u", lines, (unsigned)i);
        if (step->kind != C0_ASM_STEP_END)
            cr_expect_eq(step->next, steps[i].next, "%s: step %u", lines, (unsigned)i);
        if (step->kind == C0_ASM_STEP_BRANCH)
            cr_expect_eq(step->otherwise, steps[i].otherwise, "%s: step %u", lines, (unsigned)i);
    }
    arena_free(arena);
}

#define EXPECT_STEPS(lines, ...)                                                                   \
    do {                                                                                           \
        const struct expected steps[] = {__VA_ARGS__};                                             \
        expect_steps(lines, steps, sizeof steps / sizeof *steps);                                  \
    } while (0)

#define NEXT(instruction, next)                                                                    \
    {                                                                                              \
        C0_ASM_STEP_NEXT, instruction, next, 0                                                     \
    }
#define BRANCH(instruction, next, otherwise)                                                       \
    {                                                                                              \
        C0_ASM_STEP_BRANCH, instruction, next, otherwise                                           \
    }
#define END(instruction)                                                                           \
    {                                                                                              \
        C0_ASM_STEP_END, instruction, 0, 0                                                         \
    }

Test(c0a_steps, empty_block_has_none)
{
    expect_steps("", NULL, 0);
    expect_steps("l: ; m: ", NULL, 0);
}

Test(c0a_steps, straight_line_runs_to_the_end)
{
    EXPECT_STEPS("nop; nop", NEXT(0, 1), NEXT(1, 2));
    EXPECT_STEPS("li r1,&g", NEXT(0, 1), NEXT(1, 2));
}

Test(c0a_steps, jump_runs_its_delay_slot_first)
{
    EXPECT_STEPS("j l; nop; nop; l: nop", NEXT(0, 1), NEXT(1, 2), NEXT(3, 3));
    EXPECT_STEPS("j l; nop; l: ", NEXT(0, 1), NEXT(1, 2));
    EXPECT_STEPS("l: j l; nop", NEXT(0, 1), NEXT(1, 0));
}

Test(c0a_steps, delay_slot_of_a_branch_is_a_step_on_either_path)
{
    EXPECT_STEPS("beqz r0,l; nop; nop; l: ", BRANCH(0, 1, 2), NEXT(1, 4), NEXT(1, 3), NEXT(2, 4));
    EXPECT_STEPS("l: bnez r0,l; nop", BRANCH(0, 1, 2), NEXT(1, 0), NEXT(1, 3));
}

Test(c0a_steps, jump_into_a_delay_slot_runs_it_as_any_instruction)
{
    EXPECT_STEPS("beqz r0,s; nop; j l; s: nop; nop; l: ", BRANCH(0, 1, 2), NEXT(1, 5), NEXT(1, 3),
                 NEXT(2, 4), NEXT(3, 7), NEXT(3, 6), NEXT(4, 7));
}

Test(c0a_steps, branch_to_its_own_delay_slot_runs_it_twice)
{
    EXPECT_STEPS("j s; s: nop; nop", NEXT(0, 1), NEXT(1, 2), NEXT(1, 3), NEXT(2, 4));
}

Test(c0a_steps, rfe_ends_and_has_no_delay_slot)
{
    EXPECT_STEPS("rfe", END(0));
    EXPECT_STEPS("rfe; nop; nop", END(0));
    EXPECT_STEPS("beqz r0,l; nop; rfe; l: nop", BRANCH(0, 1, 2), NEXT(1, 4), NEXT(1, 3), END(2),
                 NEXT(3, 5));
}

Test(c0a_steps, what_no_path_reaches_is_no_step)
{
    EXPECT_STEPS("j l; nop; add r9,r9,r9; m: j m; nop; l: ", NEXT(0, 1), NEXT(1, 2));
}

/* --- As the processor has it --- */

enum { BLOCKS = 3000, WALK_LIMIT = 300, CODE_ADDRESS = 0x1000, REGISTERS = 6 };

static uint32_t below(uint64_t *seed, uint32_t bound)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)(*seed >> 32) % bound;
}

static void append_ordinary(struct text_builder *text, uint64_t *seed)
{
    unsigned to = 1 + below(seed, REGISTERS), from = 1 + below(seed, REGISTERS);
    switch (below(seed, 4)) {
    case 0:
        text_append(text, "nop\n");
        return;
    case 1:
        text_append(text, "andi r%u,r%u,%u\n", to, from, (unsigned)below(seed, 4));
        return;
    default:
        text_append(text, "addi r%u,r%u,%d\n", to, from, (int)below(seed, 3) - 1);
    }
}

/* Branches from anywhere to anywhere; only the delay slots are as they must be. */
static const char *random_lines(struct arena *arena, uint64_t *seed)
{
    struct text_builder text = {.arena = arena};
    uint32_t count = 2 + below(seed, 24);
    for (unsigned i = 1; i <= REGISTERS; i++)
        text_append(&text, "addi r%u,r0,%d\n", i, (int)below(seed, 5) - 2);
    bool is_slot = false;
    for (uint32_t i = 0; i < count; i++) {
        text_append(&text, "l%u: ", (unsigned)i);
        uint32_t kind = is_slot || i + 1 == count ? 3 : below(seed, 9);
        is_slot = kind <= 2;
        if (kind <= 1)
            text_append(&text, "%s r%u,l%u\n", kind == 0 ? "beqz" : "bnez",
                        (unsigned)below(seed, REGISTERS + 1), (unsigned)below(seed, count + 1));
        else if (kind == 2)
            text_append(&text, "j l%u\n", (unsigned)below(seed, count + 1));
        else if (kind == 4 && below(seed, 8) == 0)
            text_append(&text, "rfe\n");
        else
            append_ordinary(&text, seed);
    }
    text_append(&text, "l%u: ", (unsigned)count);
    return text_built(&text);
}

/* Follows the processor through the steps; gives how many it made. */
static uint32_t walk(const struct c0_asm *block, struct vamp_state *state,
                     const struct vamp_memory *memory, bool *is_reached)
{
    const struct c0a_code *code = block->code;
    uint32_t at = 0, made = 0;
    for (; at != block->step_count && made < WALK_LIMIT; made++) {
        const struct c0_asm_step *step = &block->steps[at];
        const struct vamp_insn *insn = &code->at[step->instruction].insn;
        is_reached[at] = true;
        cr_assert_eq(state->dpc, CODE_ADDRESS + 4 * step->instruction);
        cr_assert_eq(step->kind == C0_ASM_STEP_END, insn->op == VAMP_OP_RFE);
        if (step->kind == C0_ASM_STEP_END)
            return made;
        bool is_zero = state->gpr[insn->rs1] == 0;
        bool goes_on = step->kind == C0_ASM_STEP_NEXT || is_zero == (insn->op == VAMP_OP_BEQZ);
        struct vamp_diagnosis diagnosis;
        cr_assert(vamp_step(state, memory, 0, &diagnosis));
        cr_assert_eq(diagnosis.interrupts, 0);
        at = goes_on ? step->next : step->otherwise;
    }
    if (at == block->step_count) {
        cr_assert_eq(state->dpc, CODE_ADDRESS + 4 * code->count, "the block is left at its end");
        cr_assert_eq(state->pcp, state->dpc + 4);
    }
    return made;
}

Test(c0a_steps, processor_goes_from_step_to_step)
{
    uint64_t seed = 1, made = 0, reached = 0, all = 0;
    for (uint32_t k = 0; k < BLOCKS; k++) {
        struct arena *arena = arena_new();
        const struct c0_asm *block = block_of(arena, random_lines(arena, &seed));
        const struct c0a_code *code = block->code;
        struct vamp_sparse *sparse = vamp_sparse_new(arena);
        struct vamp_memory memory = vamp_sparse_memory(sparse);
        for (uint32_t i = 0; i < code->count; i++)
            cr_assert(
                memory.write(memory.self, CODE_ADDRESS + 4 * i, vamp_encode(&code->at[i].insn)));
        struct vamp_state state = {.dpc = CODE_ADDRESS, .pcp = CODE_ADDRESS + 4};
        bool *is_reached = ARENA_ARRAY(arena, bool, block->step_count);
        made += walk(block, &state, &memory, is_reached);
        for (uint32_t i = 0; i < block->step_count; i++)
            reached += is_reached[i];
        all += block->step_count;
        arena_free(arena);
    }
    cr_assert_gt(made, 20 * BLOCKS);
    cr_assert_gt(reached, all / 2, "most steps are walked");
}
