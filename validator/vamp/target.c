#include "validator/vamp/target.h"

#include "base/require.h"
#include "semantics/c0a/c0a.h"
#include "semantics/vamp/machine.h"
#include "semantics/vamp/symbolic.h"
#include "validator/vamp/concrete.h"

#include <stdio.h>

/* An absolute branch distance counts from pcp, the address after the instruction. */
static struct decoded transfer(enum control control, const struct vamp_insn *insn, uint32_t pc)
{
    return (struct decoded){.control = control, .target = pc + 4 + insn->immediate};
}

static struct decoded refused(const char *refusal)
{
    return (struct decoded){.control = CONTROL_REFUSED, .refusal = refusal};
}

static struct decoded of_system(enum control control, const char *why_not)
{
    return (struct decoded){.control = control, .system = why_not};
}

static struct decoded decode(const struct image *image, uint32_t pc)
{
    uint32_t word;
    struct vamp_insn insn;
    if (!image_word(image, pc, &word))
        return refused("no instruction there");
    if (!vamp_decode(word, &insn))
        return refused("an illegal instruction");
    if (insn.op == VAMP_OP_J)
        return transfer(CONTROL_JUMP, &insn, pc);
    if (insn.op == VAMP_OP_JAL)
        return transfer(CONTROL_CALL, &insn, pc);
    if (insn.op == VAMP_OP_BEQZ || insn.op == VAMP_OP_BNEZ)
        return transfer(CONTROL_BRANCH, &insn, pc);
    if (insn.op == VAMP_OP_JR)
        return (struct decoded){.control = CONTROL_JUMP_INDIRECT};
    if (insn.op == VAMP_OP_JALR)
        return (struct decoded){.control = CONTROL_CALL_INDIRECT};
    if (insn.op == VAMP_OP_TRAP)
        return refused("trap and rfe are not part of a C0 function");
    if (insn.op == VAMP_OP_RFE)
        return of_system(CONTROL_LEAVE, "trap and rfe are not part of a C0 function");
    if (insn.op == VAMP_OP_MOVI2S || insn.op == VAMP_OP_MOVS2I)
        return of_system(CONTROL_NEXT, "special registers are not part of a C0 function");
    return (struct decoded){.control = CONTROL_NEXT};
}

static enum access access_of(enum vamp_access access)
{
    switch (access) {
    case VAMP_ACCESS_NONE:
        return ACCESS_NONE;
    case VAMP_ACCESS_LOAD:
        return ACCESS_LOAD;
    case VAMP_ACCESS_STORE:
        return ACCESS_STORE;
    }
    require(false, "no such access");
    return ACCESS_NONE;
}

/* Numbers from 0 to MODE; some of them mean nothing. */
enum { SPECIAL_COUNT = VAMP_SPR_MODE + 1 };

static const char *special_name(unsigned number)
{
    require(number < SPECIAL_COUNT, "no such special register");
    return vamp_spr_name(number);
}

/* Not masking overflow, or translating addresses, would make the code another one. */
static bool special_stays_zero(unsigned number)
{
    return number == VAMP_SPR_SR || number == VAMP_SPR_MODE;
}

/* A special register as a further register; one without a meaning reads 0 and ignores writes. */
static void apply_special(struct terms *terms, const struct vamp_effect *effect,
                          const term *registers, struct effect *result)
{
    bool exists = vamp_spr_exists(effect->special_register);
    unsigned number = VAMP_GPR_COUNT + effect->special_register;
    require(!exists || effect->special_register < SPECIAL_COUNT, "a special register");
    if (effect->special == VAMP_SPECIAL_READ) {
        result->value = exists ? registers[number] : term_word(terms, 0, 32);
    } else if (effect->special == VAMP_SPECIAL_WRITE) {
        result->writes_register = exists;
        result->destination = number;
    }
}

/* Overflow is masked: SR is 0 at entry (docs/ABI.md) and stays so (special_stays_zero). */
static struct effect effect_of(struct terms *terms, const struct vamp_insn *insn,
                               const term *registers, uint32_t dpc, uint32_t pcp)
{
    struct vamp_effect effect = vamp_symbolic(terms, insn, registers, dpc, pcp);
    require(effect.control != VAMP_CONTROL_TRAP,
            "an instruction was stepped that decode refuses");
    struct effect result = {
        .writes_register = effect.writes_register,
        .destination = effect.destination,
        .value = effect.value,
        .access = access_of(effect.access),
        .size_bytes = effect.size_bytes,
        .is_signed = effect.is_signed,
        .address = effect.address,
        .data = effect.data,
        .taken = effect.taken,
        .target = effect.target,
    };
    apply_special(terms, &effect, registers, &result);
    return result;
}

static struct effect step(struct terms *terms, const struct image *image, struct point point,
                          const term *registers)
{
    uint32_t word = 0;
    struct vamp_insn insn;
    bool is_there = image_word(image, point.pc, &word) && vamp_decode(word, &insn);
    require(is_there, "an instruction was stepped that was not decoded");
    return effect_of(terms, &insn, registers, point.pc, point.next);
}

/* An instruction of a block, with the address of its global. Where a branch goes is the block's to
 * say, and no other instruction of a block looks at its own address. */
static struct effect block_step(struct terms *terms, const struct c0_asm *block, uint32_t step,
                                const uint32_t *global_addresses, const term *registers)
{
    const struct c0a_instruction *instruction = c0a_instruction(block, step);
    struct vamp_insn insn = instruction->insn;
    if (instruction->operand == C0A_HIGH_HALF || instruction->operand == C0A_LOW_HALF) {
        uint32_t address = global_addresses[instruction->variable->index];
        uint32_t low = (uint32_t)(int32_t)(int16_t)(address & 0xFFFF);
        uint32_t high = (uint32_t)(int32_t)(int16_t)((address ^ low) >> 16);
        insn.immediate = instruction->operand == C0A_HIGH_HALF ? high : low;
    }
    return effect_of(terms, &insn, registers, 0, 4);
}

static const char *register_name(unsigned number)
{
    static const char *const names[VAMP_GPR_COUNT] = {
        "r0",  "r1",  "r2",  "r3",  "r4",  "r5",  "r6",  "r7",  "r8",  "r9",  "r10",
        "r11", "r12", "r13", "r14", "r15", "r16", "r17", "r18", "r19", "r20", "r21",
        "r22", "r23", "r24", "r25", "r26", "r27", "r28", "r29", "r30", "r31"};
    require(number < VAMP_GPR_COUNT, "no such register");
    return names[number];
}

static void print(const struct image *image, uint32_t pc, char *buffer, size_t size_bytes)
{
    uint32_t word = 0;
    struct vamp_insn insn;
    if (image_word(image, pc, &word) && vamp_decode(word, &insn))
        vamp_print(&insn, buffer, size_bytes);
    else
        snprintf(buffer, size_bytes, ".word 0x%08lx", (unsigned long)word);
}

/* Frame word 0 is free for the callee; the parameters follow. */
static struct parameter_place parameter(unsigned index)
{
    return (struct parameter_place){.frame_offset = (int32_t)(4 + 4 * index)};
}

static const struct base_register bases[] = {{28, "__globals"}, {30, "__heap"}};

static const struct contract contracts[] = {
    {CONTRACT_MUL, "__mul", "r1 = a * b mod 2^32", 2},
    {CONTRACT_UDIV, "__udiv", "r1 = a / b, unsigned, if b is not 0", 2},
    {CONTRACT_UREM, "__urem", "r1 = a % b, unsigned, if b is not 0", 2},
    {CONTRACT_SDIV, "__sdiv", "r1 = a / b, signed, truncating, if b is not 0 and the quotient fits",
     2},
    {CONTRACT_SREM, "__srem", "r1 = a % b, signed, sign of a, if b is not 0 and a / b fits", 2},
    {CONTRACT_NEW, "__new",
     "r1 = the heap's cursor, which moves by a bytes, or 0 if the heap is exhausted", 1},
};

const struct target vamp_target = {
    .name = "vamp",
    .elf_machine = IMAGE_MACHINE_VAMP,
    .register_count = VAMP_GPR_COUNT,
    .special_count = SPECIAL_COUNT,
    .special_name = special_name,
    .special_stays_zero = special_stays_zero,
    .has_delay_slot = true,
    .decode = decode,
    .step = step,
    .block_step = block_step,
    .register_name = register_name,
    .print = print,
    .concrete = &vamp_concrete,
    .zero_register = 0,
    .frame_register = 29,
    .return_register = 31,
    .result_register = 1,
    .frame_grows_up = true,
    .bases = bases,
    .base_count = sizeof bases / sizeof *bases,
    .parameter = parameter,
    .code = {"__code", "__code_end"},
    .globals = {"__globals", "__globals_end"},
    .heap = {"__heap", "__heap_end"},
    .stack = {"__stack", "__stack_end"},
    .memory_end = VAMP_DEVICES,
    .contracts = contracts,
    .contract_count = sizeof contracts / sizeof *contracts,
};
