/* One line of assembly to an instruction. */
#include "semantics/vamp/assemble.h"

#include "semantics/vamp/format.h"

#include <ctype.h>
#include <strings.h>

enum { OPERAND_LIMIT = 3 };

struct line {
    struct text text;
    struct location where;
    struct text mnemonic;
    struct text operands[OPERAND_LIMIT];
    size_t operand_count;
};

static struct text trimmed(struct text text)
{
    while (text.length != 0 && isspace((unsigned char)text.at[0])) {
        text.at++;
        text.length--;
    }
    while (text.length != 0 && isspace((unsigned char)text.at[text.length - 1]))
        text.length--;
    return text;
}

static struct location location_of(const struct line *line, struct text part)
{
    struct location where = line->where;
    if (where.column != 0)
        where.column += (uint32_t)(part.at - line->text.at);
    return where;
}

/* Cuts "mnemonic operand , operand , operand"; commas inside parentheses belong to an operand. */
static bool split_line(struct line *line, struct fault *fault)
{
    struct text rest = trimmed(line->text);
    size_t length = 0;
    while (length < rest.length && !isspace((unsigned char)rest.at[length]))
        length++;
    line->mnemonic = (struct text){rest.at, length};
    rest = trimmed((struct text){rest.at + length, rest.length - length});
    if (rest.length == 0)
        return true;
    int depth = 0;
    size_t start = 0;
    for (size_t i = 0; i <= rest.length; i++) {
        if (i < rest.length && rest.at[i] != ',') {
            depth += (rest.at[i] == '(') - (rest.at[i] == ')');
            continue;
        }
        if (i < rest.length && depth > 0)
            continue;
        struct text operand = trimmed((struct text){rest.at + start, i - start});
        if (operand.length == 0)
            return fault_at(fault, location_of(line, operand), "an operand is missing");
        if (line->operand_count == OPERAND_LIMIT)
            return fault_at(fault, location_of(line, operand), "too many operands");
        line->operands[line->operand_count++] = operand;
        start = i + 1;
    }
    return true;
}

/* "r17", "s3": a letter and a decimal number below 32 without leading zeros. */
static bool register_number(struct text text, char letter, uint8_t *number)
{
    if (text.length < 2 || text.length > 3 || text.at[0] != letter)
        return false;
    if (!isdigit((unsigned char)text.at[1]) || (text.length == 3 && text.at[1] == '0'))
        return false;
    uint32_t value;
    if (!text_to_word((struct text){text.at + 1, text.length - 1}, &value) || value >= 32)
        return false;
    *number = (uint8_t)value;
    return true;
}

static bool special_number(struct text text, uint8_t *number)
{
    if (register_number(text, 's', number))
        return true;
    for (unsigned i = 0; i < VAMP_SPR_COUNT; i++) {
        if (vamp_spr_exists(i) && text_is(text, vamp_spr_name(i))) {
            *number = (uint8_t)i;
            return true;
        }
    }
    return false;
}

static enum vamp_symbolic_operand symbolic_operand(char operand, enum vamp_format_kind kind)
{
    switch (operand) {
    case VAMP_OPERAND_HIGH_HALF:
        return VAMP_SYMBOLIC_HIGH_HALF;
    case VAMP_OPERAND_DISTANCE:
        return kind == VAMP_FORMAT_J ? VAMP_SYMBOLIC_JUMP : VAMP_SYMBOLIC_BRANCH;
    case VAMP_OPERAND_TRAP_CODE:
        return VAMP_SYMBOLIC_TRAP_CODE;
    default:
        return VAMP_SYMBOLIC_IMMEDIATE;
    }
}

static bool parse_immediate(const struct line *line, struct text text, char operand,
                            const struct vamp_resolver *resolver, struct vamp_insn *insn,
                            struct fault *fault)
{
    struct location where = location_of(line, text);
    enum vamp_format_kind kind = vamp_format(insn->op)->kind;
    uint32_t value;
    if (!text_to_word(text, &value)) {
        if (resolver == NULL || isdigit((unsigned char)text.at[0]) || text.at[0] == '-')
            return fault_at(fault, where, "'%.*s' is not a number", (int)text.length, text.at);
        if (!resolver->resolve(resolver->self, text, symbolic_operand(operand, kind), where, &value,
                               fault))
            return fault_at(fault, where, "'%.*s' cannot be resolved", (int)text.length, text.at);
    }
    /* The high half has no sign of its own: 0x8000 and -0x8000 are the same 16 bits. */
    if (operand == VAMP_OPERAND_HIGH_HALF && value >= 0x8000 && value <= 0xFFFF)
        value -= 0x10000;
    if (!vamp_immediate_fits(kind, value))
        return fault_at(fault, where, "'%.*s', which is %d, does not fit %u bits", (int)text.length,
                        text.at, (int)value, vamp_immediate_bits(kind));
    insn->immediate = value;
    return true;
}

static bool parse_register(const struct line *line, struct text text, uint8_t *number,
                           struct fault *fault)
{
    if (register_number(text, 'r', number))
        return true;
    return fault_at(fault, location_of(line, text), "'%.*s' is not a register r0 to r31",
                    (int)text.length, text.at);
}

static bool parse_operand(const struct line *line, struct text text, char operand,
                          const struct vamp_resolver *resolver, struct vamp_insn *insn,
                          struct fault *fault)
{
    uint32_t amount;
    switch (operand) {
    case VAMP_OPERAND_RD:
        return parse_register(line, text, &insn->rd, fault);
    case VAMP_OPERAND_RS1:
        return parse_register(line, text, &insn->rs1, fault);
    case VAMP_OPERAND_RS2:
        return parse_register(line, text, &insn->rs2, fault);
    case VAMP_OPERAND_AMOUNT:
        if (!text_to_word(text, &amount) || amount >= 32)
            return fault_at(fault, location_of(line, text), "'%.*s' is not a shift amount 0 to 31",
                            (int)text.length, text.at);
        insn->sa = (uint8_t)amount;
        return true;
    case VAMP_OPERAND_SPECIAL:
        if (special_number(text, &insn->sa))
            return true;
        return fault_at(fault, location_of(line, text), "'%.*s' is not a special register",
                        (int)text.length, text.at);
    default:
        return parse_immediate(line, text, operand, resolver, insn, fault);
    }
}

/* Rewrites the two-operand form "lw r1,4(r2)" as "lw r1,r2,4". */
static void split_address(struct line *line)
{
    if (line->operand_count != 2)
        return;
    struct text address = line->operands[1];
    if (address.at[address.length - 1] != ')')
        return;
    size_t open = address.length;
    while (open != 0 && address.at[open - 1] != '(')
        open--;
    if (open == 0)
        return;
    struct text offset = trimmed((struct text){address.at, open - 1});
    if (offset.length == 0)
        return;
    line->operands[1] = trimmed((struct text){address.at + open, address.length - open - 1});
    line->operands[2] = offset;
    line->operand_count = 3;
}

static bool find_mnemonic(struct text mnemonic, enum vamp_op *op)
{
    for (int i = 0; i < VAMP_OP_COUNT; i++) {
        if (text_is(mnemonic, vamp_mnemonic((enum vamp_op)i))) {
            *op = (enum vamp_op)i;
            return true;
        }
    }
    return false;
}

bool vamp_assemble(struct text text, struct location where, const struct vamp_resolver *resolver,
                   struct vamp_insn *insn, struct fault *fault)
{
    struct line line = {.text = text, .where = where};
    *insn = (struct vamp_insn){0};
    if (!split_line(&line, fault))
        return false;
    if (line.mnemonic.length == 0)
        return fault_at(fault, where, "an instruction is missing");
    if (text_is(line.mnemonic, "nop") && line.operand_count == 0) {
        *insn = (struct vamp_insn){.op = VAMP_OP_ORI, .rd = 1, .rs1 = 1};
        return true;
    }
    if (!find_mnemonic(line.mnemonic, &insn->op))
        return fault_at(fault, location_of(&line, line.mnemonic), "'%.*s' is not an instruction",
                        (int)line.mnemonic.length, line.mnemonic.at);
    const char *operands = vamp_format(insn->op)->operands;
    size_t count = text_of(operands).length;
    if (count == 3 && operands[2] == VAMP_OPERAND_OFFSET)
        split_address(&line);
    if (line.operand_count != count)
        return fault_at(fault, location_of(&line, line.mnemonic), "%s has %zu operand%s, not %zu",
                        vamp_mnemonic(insn->op), count, count == 1 ? "" : "s", line.operand_count);
    for (size_t i = 0; i < count; i++) {
        if (!parse_operand(&line, line.operands[i], operands[i], resolver, insn, fault))
            return false;
    }
    return true;
}
