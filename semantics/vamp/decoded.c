/* The decoded image of memory: what a slot holds for a word. */
#include "semantics/vamp/format.h"
#include "semantics/vamp/threaded.h"

#include <string.h>

static bool has_operand(enum vamp_op op, enum vamp_operand operand)
{
    return strchr(vamp_format(op)->operands, operand) != NULL;
}

static enum threaded_code near_code(const struct vamp_insn *insn, uint32_t distance_slots)
{
    switch ((int)insn->op) {
    case VAMP_OP_J:
        return distance_slots == 0 ? CODE_SELF_JUMP : CODE_NEAR_J;
    case VAMP_OP_JAL:
        return CODE_NEAR_JAL;
    case VAMP_OP_BEQZ:
        return CODE_NEAR_BEQZ;
    case VAMP_OP_BNEZ:
        return CODE_NEAR_BNEZ;
    }
    return (enum threaded_code)(CODE_INSTRUCTION + insn->op);
}

/* A branch whose delay slot follows it and whose target is on the same page and in memory: its
 * target is a slot at a distance. */
static void make_near(const struct vamp_machine *machine, uint32_t address,
                      const struct vamp_insn *insn, struct threaded_insn *made)
{
    uint32_t target = address + 4 + insn->immediate;
    bool is_same_page = target / VAMP_PAGE_BYTES == address / VAMP_PAGE_BYTES;
    if (!has_operand(insn->op, VAMP_OPERAND_DISTANCE) || !is_same_page ||
        !machine_has_word(machine, target))
        return;
    made->immediate = target / 4 - address / 4;
    made->code = (uint8_t)near_code(insn, made->immediate);
}

static struct threaded_insn decoded(const struct vamp_machine *machine, uint32_t address)
{
    struct vamp_insn insn;
    if (machine->words[address / 4] == NO_OPERATION)
        return (struct threaded_insn){.code = CODE_NO_OPERATION};
    if (!vamp_decode(machine->words[address / 4], &insn))
        return (struct threaded_insn){.code = CODE_DECLINED};
    bool reads_rd = insn.op == VAMP_OP_SB || insn.op == VAMP_OP_SH || insn.op == VAMP_OP_SW;
    bool has_sa =
        has_operand(insn.op, VAMP_OPERAND_AMOUNT) || has_operand(insn.op, VAMP_OPERAND_SPECIAL);
    struct threaded_insn made = {.code = (uint8_t)(CODE_INSTRUCTION + insn.op),
                                 .rd = insn.rd == 0 && !reads_rd ? SINK : insn.rd,
                                 .rs1 = insn.rs1,
                                 .rs2 = insn.rs2,
                                 .immediate = has_sa ? insn.sa : insn.immediate};
    make_near(machine, address, &insn, &made);
    return made;
}

/* In user mode a breakpoint can be at any page's word with its offset. */
static bool may_be_breakpoint(const struct vamp_machine *machine, uint32_t address)
{
    if (!machine->has_users || machine->breaks_in_system_mode_only)
        return machine_has_breakpoint(machine, address);
    for (size_t i = 0; i < machine->breakpoints.count; i++)
        if ((machine->breakpoints.at[i] ^ address) % VAMP_PAGE_BYTES == 0)
            return true;
    return false;
}

void machine_decode(struct vamp_machine *machine, size_t slot)
{
    if (ends_page(slot)) {
        machine->slots[slot].code = CODE_PAGE_END;
        return;
    }
    uint32_t address = address_of_slot(slot);
    machine->line_flags[address / VAMP_LINE_BYTES] |= LINE_CODE;
    machine->slots[slot] = decoded(machine, address);
    if (may_be_breakpoint(machine, address))
        machine->slots[slot].code = CODE_BREAKPOINT;
}

enum threaded_code machine_true_code(const struct vamp_machine *machine, size_t slot)
{
    return (enum threaded_code)decoded(machine, address_of_slot(slot)).code;
}

bool machine_self_jump_waits(const struct vamp_machine *machine, size_t slot)
{
    uint32_t address = address_of_slot(slot);
    bool is_split = vamp_is_user_mode(&machine->state) && ends_page(slot + 1);
    if (is_split || !machine_has_word(machine, address + 4))
        return false;
    const uint32_t *word = &machine->words[address / 4];
    return machine_is_waiting(word[0], word[1]);
}
