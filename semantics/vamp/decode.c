/* Words to instructions and back. */
#include "semantics/vamp/vamp.h"

#include "semantics/vamp/format.h"

#include "base/require.h"

enum {
    OP_SHIFT = 26,
    RS1_SHIFT = 21,
    I_RD_SHIFT = 16,
    RS2_SHIFT = 16,
    RD_SHIFT = 11,
    SA_SHIFT = 6
};

static const struct vamp_format formats[VAMP_OP_COUNT] = {
#define OP(op) (uint32_t)(op) << OP_SHIFT
#define FN(fn) (fn)
#define FN_ALSO(fn, other) (fn)
#define VAMP_INSTRUCTION(name, mnemonic, format, operands, encoding, ...)                          \
    [VAMP_OP_##name] = {mnemonic, VAMP_FORMAT_##format, operands, encoding},
#include "semantics/vamp/isa.def"
#undef VAMP_INSTRUCTION
#undef FN_ALSO
#undef FN
#undef OP
};

const struct vamp_format *vamp_format(enum vamp_op op)
{
    require((unsigned)op < VAMP_OP_COUNT, "an instruction of isa.def");
    return &formats[op];
}

const char *vamp_mnemonic(enum vamp_op op)
{
    return vamp_format(op)->mnemonic;
}

unsigned vamp_immediate_bits(enum vamp_format_kind kind)
{
    return kind == VAMP_FORMAT_J ? 26 : 16;
}

bool vamp_immediate_fits(enum vamp_format_kind kind, uint32_t immediate)
{
    uint32_t half = UINT32_C(1) << (vamp_immediate_bits(kind) - 1);
    return immediate + half < 2 * half;
}

/* The instruction of an op field and, for op 0, an fn field. Two lines of isa.def with one encoding
 * do not compile here. */
static bool find_op(uint32_t word, enum vamp_op *found)
{
    uint32_t op = word >> OP_SHIFT, fn = word & 0x3F;
    switch (op == 0 ? fn : op << 6) {
#define OP(op) case (op) << 6
#define FN(fn) case (fn)
#define FN_ALSO(fn, other)                                                                         \
    case (fn):                                                                                     \
    case (other)
#define VAMP_INSTRUCTION(name, mnemonic, format, operands, encoding, ...)                          \
    encoding:                                                                                      \
    *found = VAMP_OP_##name;                                                                       \
    return true;
#include "semantics/vamp/isa.def"
#undef VAMP_INSTRUCTION
#undef FN_ALSO
#undef FN
#undef OP
    default:
        return false;
    }
}

static uint32_t field(uint32_t word, unsigned shift)
{
    return word >> shift & 0x1F;
}

static uint32_t sign_extended(uint32_t word, unsigned bits)
{
    uint32_t sign = UINT32_C(1) << (bits - 1);
    return ((word & (2 * sign - 1)) ^ sign) - sign;
}

bool vamp_decode(uint32_t word, struct vamp_insn *insn)
{
    *insn = (struct vamp_insn){0};
    if (!find_op(word, &insn->op))
        return false;
    const struct vamp_format *format = vamp_format(insn->op);
    for (const char *operand = format->operands; *operand != 0; operand++) {
        switch (*operand) {
        case VAMP_OPERAND_RD:
            insn->rd = field(word, format->kind == VAMP_FORMAT_R ? RD_SHIFT : I_RD_SHIFT);
            break;
        case VAMP_OPERAND_RS1:
            insn->rs1 = field(word, RS1_SHIFT);
            break;
        case VAMP_OPERAND_RS2:
            insn->rs2 = field(word, RS2_SHIFT);
            break;
        case VAMP_OPERAND_AMOUNT:
        case VAMP_OPERAND_SPECIAL:
            insn->sa = field(word, SA_SHIFT);
            break;
        default:
            insn->immediate = sign_extended(word, vamp_immediate_bits(format->kind));
        }
    }
    return true;
}

static uint32_t placed(uint8_t number, unsigned shift)
{
    require(number < 32, "a register or shift amount below 32");
    return (uint32_t)number << shift;
}

uint32_t vamp_encode(const struct vamp_insn *insn)
{
    const struct vamp_format *format = vamp_format(insn->op);
    uint32_t word = format->encoding;
    for (const char *operand = format->operands; *operand != 0; operand++) {
        switch (*operand) {
        case VAMP_OPERAND_RD:
            word |= placed(insn->rd, format->kind == VAMP_FORMAT_R ? RD_SHIFT : I_RD_SHIFT);
            break;
        case VAMP_OPERAND_RS1:
            word |= placed(insn->rs1, RS1_SHIFT);
            break;
        case VAMP_OPERAND_RS2:
            word |= placed(insn->rs2, RS2_SHIFT);
            break;
        case VAMP_OPERAND_AMOUNT:
        case VAMP_OPERAND_SPECIAL:
            word |= placed(insn->sa, SA_SHIFT);
            break;
        default:
            require(vamp_immediate_fits(format->kind, insn->immediate), "an immediate that fits");
            word |= insn->immediate & ((UINT32_C(1) << vamp_immediate_bits(format->kind)) - 1);
        }
    }
    return word;
}
