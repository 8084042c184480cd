/* The plain reading of isa.def: one instruction, described first and performed then. */
#include "semantics/vamp/vamp.h"

#include "base/require.h"
#include "semantics/vamp/effect.h"

enum { SR_OVERFLOW = UINT32_C(1) << 6 };

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
#define CONSTANT(n) UINT32_C(n)
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

static bool stop(struct vamp_diagnosis *diagnosis, enum vamp_stop reason, uint32_t address)
{
    diagnosis->stop = reason;
    diagnosis->address = address;
    return false;
}

static bool fetch(const struct vamp_state *state, const struct vamp_memory *memory,
                  struct vamp_insn *insn, struct vamp_diagnosis *diagnosis)
{
    if (vamp_is_user_mode(state))
        return stop(diagnosis, VAMP_STOP_USER_MODE, state->dpc);
    if (state->dpc % 4 != 0)
        return stop(diagnosis, VAMP_STOP_MISALIGNED_FETCH, state->dpc);
    if (!memory->read(memory->self, state->dpc, &diagnosis->word))
        return stop(diagnosis, VAMP_STOP_BUS_ERROR_FETCH, state->dpc);
    if (!vamp_decode(diagnosis->word, insn))
        return stop(diagnosis, VAMP_STOP_ILLEGAL_INSTRUCTION, state->dpc);
    return true;
}

/* Causes that keep the instruction from completing, in the order of their numbers. */
static bool check_completes(const struct vamp_insn *insn, const struct plain_effect *effect,
                            const struct vamp_state *state, struct vamp_diagnosis *diagnosis)
{
    if (effect->access != VAMP_ACCESS_NONE && effect->address % effect->size_bytes != 0)
        return stop(diagnosis, VAMP_STOP_MISALIGNED_ACCESS, effect->address);
    if (effect->control == VAMP_CONTROL_STOP)
        return stop(diagnosis, insn->op == VAMP_OP_TRAP ? VAMP_STOP_TRAP : VAMP_STOP_RFE,
                    state->dpc);
    if (effect->may_overflow && effect->overflow && (state->spr[VAMP_SPR_SR] & SR_OVERFLOW) != 0)
        return stop(diagnosis, VAMP_STOP_OVERFLOW, state->dpc);
    return true;
}

/* The bytes of an access within their little-endian word. */
static unsigned lane_shift(const struct plain_effect *effect)
{
    return 8 * (effect->address % 4);
}

static uint32_t lane_mask(const struct plain_effect *effect)
{
    return UINT32_MAX >> (32 - 8 * effect->size_bytes);
}

static uint32_t loaded(const struct plain_effect *effect, uint32_t word)
{
    uint32_t value = word >> lane_shift(effect) & lane_mask(effect);
    uint32_t sign = lane_mask(effect) / 2 + 1;
    return effect->is_signed ? (value ^ sign) - sign : value;
}

static uint32_t merged(const struct plain_effect *effect, uint32_t word)
{
    uint32_t mask = lane_mask(effect) << lane_shift(effect);
    return (word & ~mask) | (effect->data << lane_shift(effect) & mask);
}

/* A load or store; a load leaves its result in `effect->value`. */
static bool access_memory(struct plain_effect *effect, const struct vamp_memory *memory,
                          struct vamp_diagnosis *diagnosis)
{
    if (effect->access == VAMP_ACCESS_NONE)
        return true;
    uint32_t word = 0, aligned = effect->address & ~UINT32_C(3);
    bool is_part = effect->size_bytes < 4;
    if ((effect->access == VAMP_ACCESS_LOAD || is_part) &&
        !memory->read(memory->self, aligned, &word))
        return stop(diagnosis, VAMP_STOP_BUS_ERROR, effect->address);
    if (effect->access == VAMP_ACCESS_LOAD)
        effect->value = loaded(effect, word);
    else if (!memory->write(memory->self, aligned, merged(effect, word)))
        return stop(diagnosis, VAMP_STOP_BUS_ERROR, effect->address);
    return true;
}

static void write_registers(const struct plain_effect *effect, struct vamp_state *state)
{
    uint8_t special = effect->special_register;
    if (effect->special == VAMP_SPECIAL_WRITE && vamp_spr_exists(special))
        state->spr[special] = effect->value;
    if (!effect->writes_register)
        return;
    if (effect->special == VAMP_SPECIAL_READ)
        state->gpr[effect->destination] = vamp_spr_exists(special) ? state->spr[special] : 0;
    else
        state->gpr[effect->destination] = effect->value;
}

static void advance(const struct plain_effect *effect, struct vamp_state *state)
{
    bool leaves = effect->control == VAMP_CONTROL_JUMP ||
                  (effect->control == VAMP_CONTROL_BRANCH && effect->taken);
    state->dpc = state->pcp;
    state->pcp = leaves ? effect->target : state->pcp + 4;
}

bool vamp_step(struct vamp_state *state, const struct vamp_memory *memory,
               struct vamp_diagnosis *diagnosis)
{
    struct vamp_insn insn;
    *diagnosis = (struct vamp_diagnosis){.dpc = state->dpc};
    if (!fetch(state, memory, &insn, diagnosis))
        return false;
    struct plain_effect effect = describe(&insn, state->gpr, state->pcp);
    if (!check_completes(&insn, &effect, state, diagnosis) ||
        !access_memory(&effect, memory, diagnosis))
        return false;
    write_registers(&effect, state);
    advance(&effect, state);
    return true;
}
