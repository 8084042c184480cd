/* Instructions, and the two that stand for more than one: li and la. */
#include "compiler/assembly.h"

#include "base/require.h"
#include "semantics/vamp/assemble.h"

#include <ctype.h>
#include <string.h>

static bool resolve(void *self, struct text expression, enum vamp_symbolic_operand operand,
                    struct location where, uint32_t *value, struct fault *fault)
{
    struct assembler *as = self;
    require(fault == &as->fault, "one line has one fault");
    if (as_read_number(as, expression, value))
        return true;
    *value = 0;
    switch (operand) {
    case VAMP_SYMBOLIC_IMMEDIATE:
        return as_add_pending(as, expression, where, OBJECT_RELOC_GLOBAL16);
    case VAMP_SYMBOLIC_BRANCH:
        return as_add_pending(as, expression, where, OBJECT_RELOC_B16);
    case VAMP_SYMBOLIC_JUMP:
        return as_add_pending(as, expression, where, OBJECT_RELOC_J26);
    case VAMP_SYMBOLIC_HIGH_HALF:
    case VAMP_SYMBOLIC_TRAP_CODE:
        break;
    }
    return as_refuse(as, where, "not a number or constant:", expression);
}

static bool need_text(struct assembler *as, struct location where)
{
    if (as->place != OBJECT_TEXT)
        return fault_at(&as->fault, where, "an instruction outside .text");
    if (as_here(as) % 4 != 0)
        return fault_at(&as->fault, where, "the instruction is not aligned; use .align 4");
    return true;
}

/* Instructions of the assembler's own making are written as a programmer would. */
static bool add_line(struct assembler *as, struct location where, const char *line)
{
    struct vamp_insn insn;
    if (!vamp_assemble(text_of(line), where, NULL, &insn, &as->fault))
        return false;
    object_add_word(as->object, OBJECT_TEXT, vamp_encode(&insn));
    return true;
}

static bool load_number(struct assembler *as, struct location where, struct text reg,
                        uint32_t value)
{
    int length = (int)reg.length;
    uint32_t low = (uint32_t)(int32_t)(int16_t)(value & 0xFFFF);
    if (value == low)
        return add_line(as, where,
                        arena_printf(as->arena, "addi %.*s,r0,%d", length, reg.at, (int)low));
    const char *high =
        arena_printf(as->arena, "lhgi %.*s,0x%x", length, reg.at, (unsigned)((value ^ low) >> 16));
    if (!add_line(as, where, high) || low == 0)
        return low == 0 && !as->fault.is_set;
    return add_line(
        as, where,
        arena_printf(as->arena, "xori %.*s,%.*s,%d", length, reg.at, length, reg.at, (int)low));
}

/* li reg, number; li reg, &symbol; la reg, symbol */
static bool load_constant(struct assembler *as, struct text line, struct location where,
                          struct text operands)
{
    const char *comma = memchr(operands.at, ',', operands.length);
    if (comma == NULL)
        return fault_at(&as->fault, where, "a register and a value are wanted");
    struct text reg = as_trimmed((struct text){operands.at, (size_t)(comma - operands.at)});
    struct text value = as_trimmed(as_after(operands, (size_t)(comma + 1 - operands.at)));
    struct location value_where = as_at_part(where, line, value);
    uint32_t number;
    if (!need_text(as, where))
        return false;
    if (as_read_number(as, value, &number))
        return load_number(as, where, reg, number);
    return as_add_pending(as, value, value_where, OBJECT_RELOC_HI16) &&
           add_line(as, where, arena_printf(as->arena, "lhgi %.*s,0", (int)reg.length, reg.at)) &&
           as_add_pending(as, value, value_where, OBJECT_RELOC_LO16) &&
           add_line(as, where,
                    arena_printf(as->arena, "xori %.*s,%.*s,0", (int)reg.length, reg.at,
                                 (int)reg.length, reg.at));
}

bool as_add_instruction(struct assembler *as, struct text line, struct location where)
{
    size_t length = 0;
    while (length < line.length && !isspace((unsigned char)line.at[length]))
        length++;
    struct text mnemonic = {line.at, length};
    if (text_is(mnemonic, "li") || text_is(mnemonic, "la"))
        return load_constant(as, line, where, as_trimmed(as_after(line, length)));
    struct vamp_resolver resolver = {as, resolve};
    struct vamp_insn insn;
    if (!need_text(as, where) || !vamp_assemble(line, where, &resolver, &insn, &as->fault))
        return false;
    object_add_word(as->object, OBJECT_TEXT, vamp_encode(&insn));
    return true;
}
