/* The fast reading of isa.def: threaded code. The instruction at dpc and the one at pcp are held
 * as pointers into the decoded image of memory, so that delay slots need no care: a step moves pcp
 * to dpc, and pcp to the next instruction or to a target.
 *
 * Code declines what is out of the ordinary (an access or target outside memory or misaligned, an
 * overflow, a special register, an illegal word, a breakpoint) before it has changed anything; the
 * run loop then takes one plain step. */
#include "semantics/vamp/threaded.h"

#include "semantics/vamp/format.h"

#include <string.h>

/* Labels as values are what makes threaded code; C17 has no other way to say it. */
#pragma GCC diagnostic ignored "-Wpedantic"
/* Each instruction keeps a jump of its own to the next one, which the processor then predicts by
 * what follows that instruction; gcc would unite them. It is half the speed. */
#pragma GCC optimize("no-gcse", "no-crossjumping")

static void decode(struct vamp_machine *machine, struct threaded_insn *at)
{
    struct vamp_insn insn;
    uint32_t number = (uint32_t)(at - machine->insns);
    machine->code_lines[number * 4 >> CODE_LINE_SHIFT] = 1;
    at->code = CODE_DECLINED;
    if (machine_is_breakpoint(machine, number * 4) || !vamp_decode(machine->words[number], &insn))
        return;
    bool reads_rd = insn.op == VAMP_OP_SB || insn.op == VAMP_OP_SH || insn.op == VAMP_OP_SW;
    bool has_amount = strchr(vamp_format(insn.op)->operands, VAMP_OPERAND_AMOUNT) != NULL;
    *at = (struct threaded_insn){.code = (uint8_t)(CODE_INSTRUCTION + insn.op),
                                 .rd = insn.rd == 0 && !reads_rd ? SINK : insn.rd,
                                 .rs1 = insn.rs1,
                                 .rs2 = insn.rs2,
                                 .immediate = has_amount ? insn.sa : insn.immediate};
}

static uint32_t shifted_right_signed(uint32_t word, uint32_t amount)
{
    uint32_t sign_bits = word >> 31 == 0 ? 0 : ~(UINT32_MAX >> amount);
    return word >> amount | sign_bits;
}

static uint32_t sign_extended(uint32_t value, uint32_t sign)
{
    return (value ^ sign) - sign;
}

#define RS1 gpr[insn->rs1]
#define RS2 gpr[insn->rs2]
#define RD gpr[insn->rd]
#define IMM insn->immediate
#define SA insn->immediate
#define PCP ((uint32_t)(next - insns) * 4)
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
#define LESS(a, b) ((int32_t)(a) < (int32_t)(b))
#define NOT(condition) (!(condition))
#define ADD_OVERFLOWS(a, b) ((((a) ^ ((a) + (b))) & ((b) ^ ((a) + (b)))) >> 31)
#define SUB_OVERFLOWS(a, b) ((((a) ^ (b)) & ((a) ^ ((a) - (b)))) >> 31)

#define DISPATCH                                                                                   \
    do {                                                                                           \
        if (remaining == 0)                                                                        \
            goto leave;                                                                            \
        remaining--;                                                                               \
        goto *labels[insn->code];                                                                  \
    } while (0)
#define NEXT                                                                                       \
    do {                                                                                           \
        insn = next++;                                                                             \
        DISPATCH;                                                                                  \
    } while (0)
#define GO_TO(address)                                                                             \
    do {                                                                                           \
        insn = next;                                                                               \
        next = insns + (address) / 4;                                                              \
        DISPATCH;                                                                                  \
    } while (0)
/* An aligned address below memory_bytes, a multiple of 4, has all its bytes in memory. */
#define DECLINE_UNLESS_PLACE(address, bytes)                                                       \
    do {                                                                                           \
        if ((address) % (bytes) != 0 || (address) >= memory_bytes)                                 \
            goto decline;                                                                          \
    } while (0)

#define WRITE(result)                                                                              \
    do {                                                                                           \
        gpr[insn->rd] = (result);                                                                  \
        NEXT;                                                                                      \
    } while (0)
#define WRITE_CHECKED(result, overflows)                                                           \
    do {                                                                                           \
        if (overflows)                                                                             \
            goto decline;                                                                          \
        WRITE(result);                                                                             \
    } while (0)
#define LOAD(bytes, is_signed, location)                                                           \
    do {                                                                                           \
        uint32_t address = (location);                                                             \
        DECLINE_UNLESS_PLACE(address, bytes);                                                      \
        uint32_t value = words[address / 4] >> 8 * (address % 4 & ~((bytes)-1)) &                  \
                         UINT32_MAX >> (32 - 8 * (bytes));                                         \
        WRITE((is_signed) ? sign_extended(value, UINT32_C(1) << (8 * (bytes)-1)) : value);         \
    } while (0)
#define STORE(bytes, location)                                                                     \
    do {                                                                                           \
        uint32_t address = (location);                                                             \
        DECLINE_UNLESS_PLACE(address, bytes);                                                      \
        uint32_t shift = 8 * (address % 4 & ~((bytes)-1));                                         \
        uint32_t mask = UINT32_MAX >> (32 - 8 * (bytes)) << shift;                                 \
        uint32_t *word = &words[address / 4];                                                      \
        *word = (*word & ~mask) | (RD << shift & mask);                                            \
        if (code_lines[address >> CODE_LINE_SHIFT] != 0)                                           \
            insns[address / 4].code = CODE_UNDECODED;                                              \
        NEXT;                                                                                      \
    } while (0)
#define BRANCH(condition, target)                                                                  \
    do {                                                                                           \
        if (condition)                                                                             \
            JUMP(target);                                                                          \
        NEXT;                                                                                      \
    } while (0)
#define JUMP(target)                                                                               \
    do {                                                                                           \
        uint32_t destination = (target);                                                           \
        DECLINE_UNLESS_PLACE(destination, 4);                                                      \
        GO_TO(destination);                                                                        \
    } while (0)
#define JUMP_AND_LINK(target)                                                                      \
    do {                                                                                           \
        uint32_t destination = (target);                                                           \
        DECLINE_UNLESS_PLACE(destination, 4);                                                      \
        gpr[31] = PCP + 4;                                                                         \
        GO_TO(destination);                                                                        \
    } while (0)
#define READ_SPECIAL goto decline
#define WRITE_SPECIAL(word) goto decline
#define RAISE_TRAP goto decline
#define RETURN_FROM_EXCEPTION goto decline

uint64_t machine_run_threaded(struct vamp_machine *machine, uint64_t limit)
{
    static const void *const labels[] = {
        [CODE_UNDECODED] = &&undecoded,
        [CODE_DECLINED] = &&decline,
#define VAMP_INSTRUCTION(name, ...) [CODE_INSTRUCTION + VAMP_OP_##name] = &&execute_##name,
#include "semantics/vamp/isa.def"
#undef VAMP_INSTRUCTION
    };
    struct threaded_insn *const insns = machine->insns;
    uint32_t *const words = machine->words;
    const uint8_t *const code_lines = machine->code_lines;
    const uint32_t memory_bytes = machine->memory_bytes;
    struct threaded_insn *insn = insns + machine->state.dpc / 4;
    struct threaded_insn *next = insns + machine->state.pcp / 4;
    uint64_t remaining = limit;
    uint32_t gpr[VAMP_GPR_COUNT + 1];
    memcpy(gpr, machine->state.gpr, sizeof machine->state.gpr);
    DISPATCH;

undecoded:
    decode(machine, insn);
    goto *labels[insn->code];

#define VAMP_INSTRUCTION(name, mnemonic, format, operands, encoding, ...)                          \
    execute_##name : __VA_ARGS__;
#include "semantics/vamp/isa.def"
#undef VAMP_INSTRUCTION

decline:
    remaining++; /* it was not executed */
leave:
    memcpy(machine->state.gpr, gpr, sizeof machine->state.gpr);
    machine->state.dpc = (uint32_t)(insn - insns) * 4;
    machine->state.pcp = (uint32_t)(next - insns) * 4;
    return limit - remaining;
}
