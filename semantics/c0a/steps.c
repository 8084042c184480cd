/* From instructions to steps: which instruction runs after which.
 *
 * A branch decides before its delay slot runs, so it is a step with two successors, each of which
 * begins with the instruction in the delay slot. */
#include "semantics/c0a/bind.h"

enum { NONE = UINT32_MAX };

/* A step while the steps are made: its successors are places to be numbered later. An instruction
 * has a step of its own, and a second one as the delay slot of a branch that is taken. */
struct place {
    uint32_t instruction;
    bool is_taken_slot;
};

struct maker {
    struct c0a_binder *binder;
    uint32_t count;                  /* of instructions */
    const struct c0a_jump **jump_of; /* per instruction: NULL, or its jump */
    uint32_t *own, *taken;           /* per instruction: its number as a step, or NONE */
    ARRAY(struct place) order;
};

static enum vamp_op op_of(const struct maker *maker, uint32_t instruction)
{
    return maker->binder->instructions.at[instruction].insn.op;
}

static bool is_branch(enum vamp_op op)
{
    return op == VAMP_OP_BEQZ || op == VAMP_OP_BNEZ;
}

static bool transfers_control(enum vamp_op op)
{
    return is_branch(op) || op == VAMP_OP_J || op == VAMP_OP_RFE;
}

static bool check_delay_slot(struct maker *maker, uint32_t instruction)
{
    const struct c0a_instruction *at = &maker->binder->instructions.at[instruction];
    if (instruction + 1 == maker->count)
        return c0a_refuse(maker->binder, at->where, "the delay slot of %s is outside the block",
                          vamp_mnemonic(at->insn.op));
    const struct c0a_instruction *slot = at + 1;
    if (transfers_control(slot->insn.op))
        return c0a_refuse(maker->binder, slot->where, "%s may not stand in a delay slot",
                          vamp_mnemonic(slot->insn.op));
    if (maker->binder->is_continued.at[instruction + 1])
        return c0a_refuse(maker->binder, slot->where,
                          "li is two instructions here, which a delay slot does not hold");
    return true;
}

/* The successors of a place, of which `second` is for a branch that is not taken. A place beyond
 * the last instruction is the end of the block. */
static unsigned successors(const struct maker *maker, struct place place, struct place next[2])
{
    uint32_t i = place.instruction;
    if (place.is_taken_slot) {
        next[0] = (struct place){maker->jump_of[i - 1]->target, false};
        return 1;
    }
    enum vamp_op op = op_of(maker, i);
    if (op == VAMP_OP_RFE)
        return 0;
    if (op == VAMP_OP_J || is_branch(op)) {
        next[0] = (struct place){i + 1, true};
        next[1] = (struct place){i + 1, false};
        return is_branch(op) ? 2 : 1;
    }
    next[0] = (struct place){i + 1, false};
    return 1;
}

static uint32_t *number_of(struct maker *maker, struct place place)
{
    return &(place.is_taken_slot ? maker->taken : maker->own)[place.instruction];
}

/* Marks what control can reach, from the first instruction on. */
static void reach(struct maker *maker)
{
    ARRAY(struct place) pending = {0};
    struct place first = {0, false};
    ARRAY_PUSH(maker->binder->arena, &pending, first);
    while (pending.count != 0) {
        struct place place = pending.at[--pending.count], next[2];
        if (place.instruction == maker->count || *number_of(maker, place) != NONE)
            continue;
        *number_of(maker, place) = 0;
        unsigned count = successors(maker, place, next);
        for (unsigned i = 0; i < count; i++)
            ARRAY_PUSH(maker->binder->arena, &pending, next[i]);
    }
}

/* Numbers the places reached in the order of the text; a taken branch's slot precedes the other. */
static void number(struct maker *maker)
{
    for (uint32_t i = 0; i < maker->count; i++)
        for (int is_own = 0; is_own < 2; is_own++) {
            struct place place = {i, is_own == 0};
            if (*number_of(maker, place) == NONE)
                continue;
            *number_of(maker, place) = (uint32_t)maker->order.count;
            ARRAY_PUSH(maker->binder->arena, &maker->order, place);
        }
}

static uint32_t step_at(struct maker *maker, struct place place)
{
    return place.instruction == maker->count ? (uint32_t)maker->order.count
                                             : *number_of(maker, place);
}

static void find_jumps(struct maker *maker)
{
    struct c0a_binder *binder = maker->binder;
    for (size_t i = 0; i < binder->jumps.count; i++)
        maker->jump_of[binder->jumps.at[i].instruction] = &binder->jumps.at[i];
}

void c0a_make_steps(struct c0a_binder *binder, struct c0_asm *block)
{
    uint32_t count = (uint32_t)binder->instructions.count;
    struct maker maker = {.binder = binder, .count = count};
    maker.jump_of = ARENA_ARRAY(binder->arena, const struct c0a_jump *, count);
    maker.own = ARENA_ARRAY(binder->arena, uint32_t, count);
    maker.taken = ARENA_ARRAY(binder->arena, uint32_t, count);
    find_jumps(&maker);
    for (uint32_t i = 0; i < count; i++) {
        maker.own[i] = maker.taken[i] = NONE;
        if ((op_of(&maker, i) == VAMP_OP_J || is_branch(op_of(&maker, i))) &&
            !check_delay_slot(&maker, i))
            return;
    }
    if (count != 0)
        reach(&maker);
    number(&maker);
    struct c0_asm_step *steps = ARENA_ARRAY(binder->arena, struct c0_asm_step, maker.order.count);
    for (size_t i = 0; i < maker.order.count; i++) {
        struct place next[2];
        unsigned ways = successors(&maker, maker.order.at[i], next);
        steps[i].kind = ways == 0   ? C0_ASM_STEP_END
                        : ways == 1 ? C0_ASM_STEP_NEXT
                                    : C0_ASM_STEP_BRANCH;
        steps[i].instruction = maker.order.at[i].instruction;
        steps[i].next = ways == 0 ? 0 : step_at(&maker, next[0]);
        steps[i].otherwise = ways == 2 ? step_at(&maker, next[1]) : 0;
        const struct c0a_instruction *at = &binder->instructions.at[steps[i].instruction];
        steps[i].variable = at->operand == C0A_VARIABLE ? at->variable : NULL;
    }
    block->steps = steps;
    block->step_count = (uint32_t)maker.order.count;
}
