/* The plain reading of isa.def, translation.def and step.def: one step over words. */
#include "semantics/vamp/vamp.h"

#include "base/require.h"
#include "semantics/vamp/effect.h"

/* vamp_effect over plain words. */
struct plain_effect {
    bool writes_register;
    uint8_t destination;
    uint32_t value;

    enum vamp_access access;
    uint8_t size_bytes;
    bool is_signed;
    uint32_t address, data;

    enum vamp_control control;
    bool links;
    bool taken;
    uint32_t target;

    bool may_overflow, overflow;

    enum vamp_special special;
    uint8_t special_register;
};

static uint32_t shifted_right_signed(uint32_t word, uint32_t amount)
{
    uint32_t sign_bits = word >> 31 == 0 ? 0 : ~(UINT32_MAX >> amount);
    return word >> amount | sign_bits;
}

static bool less_signed(uint32_t left, uint32_t right)
{
    return (left ^ 0x80000000) < (right ^ 0x80000000);
}

#define RS1 gpr[insn->rs1]
#define RS2 gpr[insn->rs2]
#define RD gpr[insn->rd]
#define IMM insn->immediate
#define SA insn->sa
#define PCP pcp
#define CONSTANT(n) ((uint32_t)(n))
#define ADD(a, b) ((a) + (b))
#define SUB(a, b) ((a) - (b))
#define AND(a, b) ((a) & (b))
#define OR(a, b) ((a) | (b))
#define XOR(a, b) ((a) ^ (b))
#define SHIFT_LEFT(a, amount) ((a) << (amount))
#define SHIFT_RIGHT(a, amount) ((a) >> (amount))
#define SHIFT_RIGHT_SIGNED(a, amount) shifted_right_signed(a, amount)
#define LOW5(a) ((a)&31)
#define FLAG(condition) ((condition) ? 1 : 0)
#define EQUAL(a, b) ((a) == (b))
#define LESS(a, b) less_signed(a, b)
#define NOT(condition) (!(condition))
#include "semantics/vamp/meaning.def"

static struct plain_effect describe(const struct vamp_insn *insn,
                                    const uint32_t gpr[VAMP_GPR_COUNT], uint32_t pcp)
{
    struct plain_effect effect = {0};
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

#undef PCP

#define WORD(name, value) uint32_t name = (value);
#define CONDITION(name, value) bool name = (value);
#define LESS_UNSIGNED(a, b) ((a) < (b))
#define BIT(word, number) (((word) >> (number)&1) != 0)
#define SELECT(condition, then, otherwise) ((condition) ? (then) : (otherwise))
#define BOTH(a, b) ((a) && (b))
#define EITHER(a, b) ((a) || (b))
#define KNOWN(condition) (condition)

#define DPC state->dpc
#define PCP state->pcp
#define SPR(name) state->spr[VAMP_SPR_##name]
#define IN_MEMORY(address) ((address) < memory->size_bytes)
#define MEMORY(address) read_memory(memory, address)

/* Where an access goes, if it goes anywhere. */
struct plain_place {
    bool faults, lacks_entry, is_reached, is_memory, is_device;
    uint32_t address;
};

static uint32_t read_memory(const struct vamp_memory *memory, uint32_t address)
{
    uint32_t word;
    require(memory->read(memory->self, address, &word), "memory answers all of its addresses");
    return word;
}

#define ADDRESS address
#define IS_STORE is_store
static struct plain_place locate(const struct vamp_state *state, const struct vamp_memory *memory,
                                 uint32_t address, bool is_store)
{
#include "semantics/vamp/translation.def"
    return (struct plain_place){
        .faults = place_faults,
        .lacks_entry = place_lacks_entry,
        .is_reached = !place_faults && !place_lacks_entry,
        .is_memory = place_is_memory,
        .is_device = place_is_device,
        .address = place_address,
    };
}

bool vamp_translate(const struct vamp_state *state, const struct vamp_memory *memory,
                    uint32_t address, bool is_store, uint32_t *physical)
{
    struct plain_place place = locate(state, memory, address, is_store);
    *physical = place.address;
    return place.is_reached;
}

static bool stop(struct vamp_diagnosis *diagnosis, enum vamp_stop reason, uint32_t address)
{
    diagnosis->stop = reason;
    diagnosis->address = address;
    return false;
}

#define LINES lines
#define PLACE(name, when, address, is_store)                                                       \
    struct plain_place name = {0};                                                                 \
    if (when)                                                                                      \
        name = locate(state, memory, address, is_store);
#define STOP(reason, address, when)                                                                \
    if (when)                                                                                      \
        return stop(diagnosis, VAMP_STOP_##reason, address);
#define INSTRUCTION(when, address)                                                                 \
    struct vamp_insn insn = {0};                                                                   \
    struct plain_effect effect = {0};                                                              \
    bool is_decoded = false;                                                                       \
    if (when) {                                                                                    \
        diagnosis->word = read_memory(memory, address);                                            \
        is_decoded = vamp_decode(diagnosis->word, &insn);                                          \
        if (is_decoded)                                                                            \
            effect = describe(&insn, state->gpr, state->pcp);                                      \
    }
#define RAISE(number, when) causes |= (uint32_t)(when) << (number);
#define READ_WORD(name, when, place)                                                               \
    uint32_t name = 0;                                                                             \
    if ((when) && !memory->read(memory->self, (place).address & ~UINT32_C(3), &name))              \
        return stop(diagnosis, VAMP_STOP_BUS_ERROR, effect.address);
#define WRITE_WORD(when, place, word)                                                              \
    if ((when) && !memory->write(memory->self, (place).address & ~UINT32_C(3), word))              \
        return stop(diagnosis, VAMP_STOP_BUS_ERROR, effect.address);
#define SPR_NUMBERED(number) state->spr[number]
#define GPR_NUMBERED(number) state->gpr[number]
#define SET(when, place, value)                                                                    \
    if (when)                                                                                      \
        place = (value);

bool vamp_step(struct vamp_state *state, const struct vamp_memory *memory, uint32_t lines,
               struct vamp_diagnosis *diagnosis)
{
    uint32_t causes = 0;
    *diagnosis = (struct vamp_diagnosis){.dpc = state->dpc};
#include "semantics/vamp/step.def"
    diagnosis->interrupts = masked_causes;
    if (has_fetch_data || has_access_data)
        diagnosis->address = exception_data;
    return true;
}
