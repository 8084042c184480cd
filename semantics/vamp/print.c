/* Instructions as text. */
#include "semantics/vamp/vamp.h"

#include "semantics/vamp/format.h"

#include <stdio.h>

static int print_operand(char operand, const struct vamp_insn *insn, char *buffer,
                         size_t size_bytes)
{
    switch (operand) {
    case VAMP_OPERAND_RD:
        return snprintf(buffer, size_bytes, "r%u", insn->rd);
    case VAMP_OPERAND_RS1:
        return snprintf(buffer, size_bytes, "r%u", insn->rs1);
    case VAMP_OPERAND_RS2:
        return snprintf(buffer, size_bytes, "r%u", insn->rs2);
    case VAMP_OPERAND_AMOUNT:
        return snprintf(buffer, size_bytes, "%u", insn->sa);
    case VAMP_OPERAND_SPECIAL:
        return snprintf(buffer, size_bytes, "s%u", insn->sa);
    default:
        return snprintf(buffer, size_bytes, "%d", (int32_t)insn->immediate);
    }
}

void vamp_print(const struct vamp_insn *insn, char *buffer, size_t size_bytes)
{
    char text[64]; /* the longest: "addio r31,r31,-32768" */
    const char *operands = vamp_format(insn->op)->operands;
    int length = snprintf(text, sizeof text, "%s", vamp_mnemonic(insn->op));
    for (size_t i = 0; operands[i] != 0; i++) {
        text[length++] = i == 0 ? ' ' : ',';
        length += print_operand(operands[i], insn, text + length, sizeof text - (size_t)length);
    }
    snprintf(buffer, size_bytes, "%.*s", length, text);
}
