/* The symbolic reading of isa.def. */
#include "semantics/vamp/symbolic.h"

#include "base/require.h"

enum { WORD_BITS = 32 };

static term read_register(struct terms *terms, const term registers[VAMP_GPR_COUNT], uint8_t number)
{
    return number == 0 ? term_word(terms, 0, WORD_BITS) : registers[number];
}

#define RS1 read_register(terms, registers, insn->rs1)
#define RS2 read_register(terms, registers, insn->rs2)
#define RD read_register(terms, registers, insn->rd)
#define IMM CONSTANT(insn->immediate)
#define SA CONSTANT(insn->sa)
#define PCP CONSTANT(pcp)
#define CONSTANT(n) term_word(terms, (n), WORD_BITS)
#define ADD(a, b) term_add(terms, a, b)
#define SUB(a, b) term_sub(terms, a, b)
#define AND(a, b) term_bitand(terms, a, b)
#define OR(a, b) term_bitor(terms, a, b)
#define XOR(a, b) term_bitxor(terms, a, b)
#define SHIFT_LEFT(a, amount) term_shl(terms, a, amount)
#define SHIFT_RIGHT(a, amount) term_lshr(terms, a, amount)
#define SHIFT_RIGHT_SIGNED(a, amount) term_ashr(terms, a, amount)
#define LOW5(a) term_bitand(terms, a, CONSTANT(31))
#define FLAG(condition) term_of_bool(terms, condition, WORD_BITS)
#define EQUAL(a, b) term_eq(terms, a, b)
#define LESS(a, b) term_slt(terms, a, b)
#define NOT(condition) term_not(terms, condition)
#include "semantics/vamp/meaning.def"

struct vamp_effect vamp_symbolic(struct terms *terms, const struct vamp_insn *insn,
                                 const term registers[VAMP_GPR_COUNT], uint32_t dpc, uint32_t pcp)
{
    (void)dpc; /* no instruction reads its own address: jumps count from pcp */
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
