/* The symbolic reading of isa.def, translation.def and step.def: one step over terms. */
#include "semantics/vamp/symbolic.h"

#include "base/require.h"

enum { TERM_BITS = 32 };

/* --- The instruction --- */

static term read_register(struct terms *terms, const term registers[VAMP_GPR_COUNT], uint8_t number)
{
    return number == 0 ? term_word(terms, 0, TERM_BITS) : registers[number];
}

#define RS1 read_register(terms, registers, insn->rs1)
#define RS2 read_register(terms, registers, insn->rs2)
#define RD read_register(terms, registers, insn->rd)
#define IMM CONSTANT(insn->immediate)
#define SA CONSTANT(insn->sa)
#define PCP pcp
#define CONSTANT(n) term_word(terms, (n), TERM_BITS)
#define ADD(a, b) term_add(terms, a, b)
#define SUB(a, b) term_sub(terms, a, b)
#define AND(a, b) term_bitand(terms, a, b)
#define OR(a, b) term_bitor(terms, a, b)
#define XOR(a, b) term_bitxor(terms, a, b)
#define SHIFT_LEFT(a, amount) term_shl(terms, a, amount)
#define SHIFT_RIGHT(a, amount) term_lshr(terms, a, amount)
#define SHIFT_RIGHT_SIGNED(a, amount) term_ashr(terms, a, amount)
#define LOW5(a) term_bitand(terms, a, CONSTANT(31))
#define FLAG(condition) term_of_bool(terms, condition, TERM_BITS)
#define EQUAL(a, b) term_eq(terms, a, b)
#define LESS(a, b) term_slt(terms, a, b)
#define NOT(condition) term_not(terms, condition)
#include "semantics/vamp/meaning.def"

static struct vamp_effect describe(struct terms *terms, const struct vamp_insn *insn,
                                   const term registers[VAMP_GPR_COUNT], term pcp)
{
    struct vamp_effect effect = {0};
    switch (insn->op) {
#define VAMP_INSTRUCTION(name, mnemonic, format, operands, encoding, ...)                          \
    case VAMP_OP_##name:                                                                           \
        __VA_ARGS__;                                                                               \
        break;
#include "semantics/vamp/isa.def"
#undef VAMP_INSTRUCTION
    case VAMP_OP_COUNT:
        require(false, "an instruction of isa.def");
    }
    return effect;
}

struct vamp_effect vamp_symbolic(struct terms *terms, const struct vamp_insn *insn,
                                 const term registers[VAMP_GPR_COUNT], uint32_t dpc, uint32_t pcp)
{
    (void)dpc; /* no instruction reads its own address: jumps count from pcp */
    return describe(terms, insn, registers, CONSTANT(pcp));
}
#undef PCP

/* --- Translation --- */

#define WORD(name, value) term name = (value);
#define CONDITION(name, value) term name = (value);
#define LESS_UNSIGNED(a, b) term_ult(terms, a, b)
#define BIT(word, number)                                                                          \
    term_eq(terms, term_extract(terms, word, number, number), term_word(terms, 1, 1))
#define SELECT(condition, then, otherwise) term_ite(terms, condition, then, otherwise)
#define BOTH(a, b) term_and(terms, a, b)
#define EITHER(a, b) term_or(terms, a, b)
#define KNOWN(condition) term_bool(terms, condition)

#define DPC state->dpc
#define PCP state->pcp
#define SPR(name) state->spr[VAMP_SPR_##name]
#define IN_MEMORY(address) is_in_memory(terms, given, address)
#define MEMORY(address) term_select(terms, state->memory, address)

static term is_in_memory(struct terms *terms, const struct vamp_symbolic_given *given, term address)
{
    if (given->memory_bytes > UINT32_MAX)
        return term_true(terms);
    return term_ult(terms, address, CONSTANT(given->memory_bytes));
}

/* Where an access goes, if it goes anywhere. */
struct symbolic_place {
    term faults, lacks_entry, is_reached, is_memory, is_device; /* Booleans */
    term address;
};

#define ADDRESS address
#define IS_STORE is_store
static struct symbolic_place locate(struct terms *terms, const struct vamp_symbolic_state *state,
                                    const struct vamp_symbolic_given *given, term when,
                                    term address, bool is_store)
{
#include "semantics/vamp/translation.def"
    term arrives = term_not(terms, term_or(terms, place_faults, place_lacks_entry));
    return (struct symbolic_place){
        .faults = term_and(terms, when, place_faults),
        .lacks_entry = term_and(terms, when, place_lacks_entry),
        .is_reached = term_and(terms, when, arrives),
        .is_memory = place_is_memory,
        .is_device = place_is_device,
        .address = place_address,
    };
}

/* --- The step --- */

/* The effect of no instruction, and what an instruction leaves open: terms of no consequence. */
static struct vamp_effect completed(struct terms *terms, struct vamp_effect effect)
{
    term *words[] = {&effect.value, &effect.address, &effect.data, &effect.target};
    term *conditions[] = {&effect.taken, &effect.overflow};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        *words[i] = term_is_none(*words[i]) ? CONSTANT(0) : *words[i];
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++)
        *conditions[i] = term_is_none(*conditions[i]) ? term_false(terms) : *conditions[i];
    return effect;
}

static term has_stopped(struct terms *terms, const struct vamp_symbolic_step *step)
{
    return term_or_all(terms, step->stops, VAMP_STOP_COUNT);
}

/* An earlier reason has priority. */
static void add_stop(struct terms *terms, struct vamp_symbolic_step *step, enum vamp_stop reason,
                     term when)
{
    step->stops[reason] = term_and(terms, when, term_not(terms, has_stopped(terms, step)));
}

static term assumed_fetch(struct terms *terms, const struct vamp_symbolic_step *step, term when,
                          term there, uint32_t word)
{
    term is_fetched = term_and(terms, when, term_not(terms, has_stopped(terms, step)));
    return term_implies(terms, is_fetched, term_eq(terms, there, CONSTANT(word)));
}

static void read_word(struct terms *terms, struct vamp_symbolic_step *step,
                      const struct vamp_symbolic_given *given, term when,
                      const struct symbolic_place *place, term *word)
{
    term there = term_select(terms, step->after.memory, place->address);
    step->reads_device = term_and(terms, when, place->is_device);
    step->device_address = place->address;
    *word = term_ite(terms, place->is_device, given->device_word, there);
}

static void write_word(struct terms *terms, struct vamp_symbolic_step *step, term when,
                       const struct symbolic_place *place, term word)
{
    struct vamp_symbolic_state *state = &step->after;
    term stored = term_store(terms, state->memory, place->address, word);
    step->writes_device = term_and(terms, when, place->is_device);
    step->device_address = place->address;
    step->written_word = word;
    state->memory = term_ite(terms, term_and(terms, when, place->is_memory), stored, state->memory);
}

#define LINES given->lines
#define PLACE(name, when, address, is_store)                                                       \
    struct symbolic_place name = locate(terms, state, given, when, address, is_store);
#define STOP(reason, address, when) add_stop(terms, &step, VAMP_STOP_##reason, when);
#define INSTRUCTION(when, address)                                                                 \
    step.assumption = assumed_fetch(terms, &step, when, MEMORY(address), given->word);             \
    struct vamp_insn insn = {0};                                                                   \
    struct vamp_effect effect = {0};                                                               \
    bool is_decoded = vamp_decode(given->word, &insn);                                             \
    if (is_decoded)                                                                                \
        effect = describe(terms, &insn, state->gpr, state->pcp);                                   \
    effect = completed(terms, effect);
#define RAISE(number, when) causes = OR(causes, SHIFT_LEFT(FLAG(when), CONSTANT(number)));
#define READ_WORD(name, when, place)                                                               \
    term name;                                                                                     \
    read_word(terms, &step, given, when, &place, &name);
#define WRITE_WORD(when, place, word) write_word(terms, &step, when, &place, word);
#define SPR_NUMBERED(number) state->spr[number]
#define GPR_NUMBERED(number) state->gpr[number]
#define SET(when, place, value) place = SELECT(when, value, place);

struct vamp_symbolic_step vamp_symbolic_step(struct terms *terms,
                                             const struct vamp_symbolic_state *before,
                                             const struct vamp_symbolic_given *given)
{
    struct vamp_symbolic_step step = {.after = *before};
    struct vamp_symbolic_state *state = &step.after;
    term causes = CONSTANT(0);
    state->gpr[0] = CONSTANT(0);
    for (unsigned i = 0; i < VAMP_SPR_COUNT; i++)
        state->spr[i] = vamp_spr_exists(i) ? state->spr[i] : CONSTANT(0);
    for (unsigned i = 0; i < VAMP_STOP_COUNT; i++)
        step.stops[i] = term_false(terms);
#include "semantics/vamp/step.def"
    step.interrupts = masked_causes;
    return step;
}
