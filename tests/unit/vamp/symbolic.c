/* The symbolic reading against the plain step: its terms, evaluated in a state, say what the step
 * does to that state. */
#include "semantics/vamp/symbolic.h"

#include "semantics/vamp/sparse.h"
#include "smt/evaluate.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { STATE_COUNT = 1000 };

struct world {
    struct arena *arena;
    struct terms *terms;
    struct assignment *assignment;
    struct vamp_sparse *sparse;
    struct vamp_memory memory;
    struct vamp_state state;
    term registers[VAMP_GPR_COUNT];
    uint64_t seed;
};

static uint32_t random_word(struct world *world)
{
    static const uint32_t edges[] = {0,          1,          2,          31,         32,
                                     0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x00007FFF, 0xFFFF8000};
    world->seed = world->seed * 6364136223846793005u + 1442695040888963407u;
    uint32_t word = (uint32_t)(world->seed >> 32);
    return word % 3 == 0 ? edges[(world->seed >> 20) % (sizeof edges / sizeof edges[0])] : word;
}

static struct vamp_insn random_operands(struct world *world, enum vamp_op op)
{
    struct vamp_insn insn = {.op = op}, decoded;
    insn.rs1 = random_word(world) % 32;
    insn.rs2 = random_word(world) % 32;
    insn.rd = random_word(world) % 32;
    insn.sa = random_word(world) % 32;
    insn.immediate = (uint32_t)(int16_t)random_word(world);
    vamp_decode(vamp_encode(&insn), &decoded);
    return decoded;
}

/* Registers are variables, or constants for every other state: both must mean the same. */
static void randomise(struct world *world, bool is_constant)
{
    world->state = (struct vamp_state){.dpc = random_word(world) & ~UINT32_C(3),
                                       .pcp = random_word(world) & ~UINT32_C(3)};
    world->assignment = assignment_new(world->arena, 0);
    for (unsigned i = 1; i < VAMP_GPR_COUNT; i++) {
        char name[8];
        snprintf(name, sizeof name, "r%u", i);
        world->state.gpr[i] = random_word(world);
        world->registers[i] = term_variable(world->terms, name, (struct sort){SORT_WORD, 32});
        assignment_set_word(world->assignment, world->registers[i], world->state.gpr[i]);
        if (is_constant)
            world->registers[i] = term_word(world->terms, world->state.gpr[i], 32);
    }
    for (unsigned i = 0; i < VAMP_SPR_MODE; i++)
        world->state.spr[i] = vamp_spr_exists(i) ? random_word(world) : 0;
}

static uint32_t word_of(struct world *world, term t)
{
    return (uint32_t)evaluate_word(world->terms, world->assignment, t);
}

static uint32_t loaded(struct world *world, const struct vamp_effect *effect)
{
    uint32_t value = 0, address = word_of(world, effect->address);
    for (uint32_t i = 0; i < effect->size_bytes; i++) {
        uint32_t word;
        world->memory.read(world->memory.self, (address + i) & ~UINT32_C(3), &word);
        value |= (word >> 8 * ((address + i) % 4) & 0xFF) << 8 * i;
    }
    uint32_t sign = UINT32_C(1) << (8 * effect->size_bytes - 1);
    if (effect->is_signed && (value & sign) != 0)
        value -= 2 * sign;
    return value;
}

static void check_store(struct world *world, const struct vamp_effect *effect, uint32_t before)
{
    uint32_t address = word_of(world, effect->address), data = word_of(world, effect->data), after;
    world->memory.read(world->memory.self, address & ~UINT32_C(3), &after);
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t offset = i - address % 4;
        uint32_t expected = offset < effect->size_bytes ? data >> 8 * offset : before >> 8 * i;
        cr_assert_eq(after >> 8 * i & 0xFF, expected & 0xFF);
    }
}

/* The state that the effect describes. */
static struct vamp_state performed(struct world *world, const struct vamp_effect *effect)
{
    struct vamp_state state = world->state;
    uint8_t special = effect->special_register;
    if (effect->writes_register) {
        uint32_t *destination = &state.gpr[effect->destination];
        cr_assert_neq(effect->destination, 0);
        if (effect->access == VAMP_ACCESS_LOAD)
            *destination = loaded(world, effect);
        else if (effect->special == VAMP_SPECIAL_READ)
            *destination = vamp_spr_exists(special) ? state.spr[special] : 0;
        else
            *destination = word_of(world, effect->value);
    }
    if (effect->special == VAMP_SPECIAL_WRITE && vamp_spr_exists(special))
        state.spr[special] = word_of(world, effect->value);
    bool leaves = effect->control == VAMP_CONTROL_JUMP ||
                  (effect->control == VAMP_CONTROL_BRANCH &&
                   evaluate_bool(world->terms, world->assignment, effect->taken));
    state.dpc = state.pcp;
    state.pcp = leaves ? word_of(world, effect->target) : state.pcp + 4;
    return state;
}

/* The interrupt that the effect says keeps the instruction from being all of the step. */
static uint32_t interrupt(struct world *world, const struct vamp_effect *effect)
{
    if (effect->access != VAMP_ACCESS_NONE &&
        word_of(world, effect->address) % effect->size_bytes != 0)
        return 1 << VAMP_INTERRUPT_MAL;
    if (effect->control == VAMP_CONTROL_TRAP)
        return 1 << VAMP_INTERRUPT_TRAP;
    if (effect->may_overflow && (world->state.spr[VAMP_SPR_SR] & 1 << VAMP_INTERRUPT_OVF) != 0 &&
        evaluate_bool(world->terms, world->assignment, effect->overflow))
        return 1 << VAMP_INTERRUPT_OVF;
    return 0;
}

/* The memory word of an access is random; the instruction itself lies where no access goes. */
static void place(struct world *world, const struct vamp_insn *insn,
                  const struct vamp_effect *effect, uint32_t *before)
{
    uint32_t address = 0;
    *before = random_word(world);
    if (effect->access != VAMP_ACCESS_NONE) {
        address = word_of(world, effect->address) & ~UINT32_C(3);
        world->memory.write(world->memory.self, address, *before);
        if (address == world->state.dpc)
            world->state.dpc ^= 4;
    }
    world->memory.write(world->memory.self, world->state.dpc, vamp_encode(insn));
}

static void check_insn(struct world *world, enum vamp_op op, bool is_constant)
{
    struct vamp_insn insn = random_operands(world, op);
    struct vamp_diagnosis diagnosis;
    uint32_t before;
    char text[64];
    randomise(world, is_constant);
    vamp_print(&insn, text, sizeof text);
    struct vamp_effect effect =
        vamp_symbolic(world->terms, &insn, world->registers, world->state.dpc, world->state.pcp);
    place(world, &insn, &effect, &before);
    struct vamp_state after = world->state;
    cr_assert(vamp_step(&after, &world->memory, 0, &diagnosis), "%s", text);
    cr_assert_eq(diagnosis.interrupts, interrupt(world, &effect), "%s", text);
    if (diagnosis.interrupts != 0 || effect.control == VAMP_CONTROL_RFE)
        return;
    if (effect.access == VAMP_ACCESS_STORE)
        check_store(world, &effect, before);
    struct vamp_state expected = performed(world, &effect);
    cr_assert(memcmp(&after, &expected, sizeof after) == 0, "%s", text);
}

Test(vamp_symbolic, agrees_with_the_plain_step_for_every_instruction)
{
    for (int op = 0; op < VAMP_OP_COUNT; op++) {
        struct world world = {.arena = arena_new(), .seed = 7919u * (unsigned)op + 1};
        world.terms = terms_new(world.arena);
        for (int i = 0; i < STATE_COUNT; i++) {
            world.sparse = vamp_sparse_new(world.arena);
            world.memory = vamp_sparse_memory(world.sparse);
            check_insn(&world, (enum vamp_op)op, i % 2 == 1);
        }
        arena_free(world.arena);
    }
}

Test(vamp_symbolic, targets_are_constants_unless_by_register)
{
    struct arena *arena = arena_new();
    struct terms *terms = terms_new(arena);
    term registers[VAMP_GPR_COUNT] = {{0}};
    uint64_t target;
    for (unsigned i = 1; i < VAMP_GPR_COUNT; i++)
        registers[i] = term_fresh(terms, "r", (struct sort){SORT_WORD, 32});
    struct vamp_insn branch = {.op = VAMP_OP_BEQZ, .rs1 = 3, .immediate = (uint32_t)-8};
    struct vamp_effect effect = vamp_symbolic(terms, &branch, registers, 100, 200);
    cr_expect(term_is_constant(terms, effect.target, &target) && target == 192);
    struct vamp_insn call = {.op = VAMP_OP_JALR, .rs1 = 31};
    effect = vamp_symbolic(terms, &call, registers, 100, 104);
    cr_expect(effect.links && effect.writes_register && effect.destination == 31);
    cr_expect(term_same(effect.target, registers[31]));
    cr_expect(term_is_constant(terms, effect.value, &target) && target == 108);
    arena_free(arena);
}

Test(vamp_symbolic, r0_is_zero_whatever_the_register_file_says)
{
    struct arena *arena = arena_new();
    struct terms *terms = terms_new(arena);
    term registers[VAMP_GPR_COUNT];
    uint64_t value;
    for (unsigned i = 0; i < VAMP_GPR_COUNT; i++)
        registers[i] = term_word(terms, 5, 32);
    struct vamp_insn add = {.op = VAMP_OP_ADD, .rs1 = 0, .rs2 = 0, .rd = 1};
    struct vamp_effect effect = vamp_symbolic(terms, &add, registers, 0, 4);
    cr_expect(term_is_constant(terms, effect.value, &value) && value == 0);
    add.rd = 0;
    cr_expect_not(vamp_symbolic(terms, &add, registers, 0, 4).writes_register);
    arena_free(arena);
}
