#include "validator/vamp/target.h"

#include "base/require.h"
#include "semantics/vamp/machine.h"
#include "semantics/vamp/symbolic.h"
#include "validator/vamp/concrete.h"

#include <stdio.h>

/* An absolute branch distance counts from pcp, the address after the instruction. */
static struct decoded transfer(enum control control, const struct vamp_insn *insn, uint32_t pc)
{
    return (struct decoded){control, pc + 4 + insn->immediate, NULL};
}

static struct decoded refused(const char *refusal)
{
    return (struct decoded){CONTROL_REFUSED, 0, refusal};
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
        return (struct decoded){CONTROL_JUMP_INDIRECT, 0, NULL};
    if (insn.op == VAMP_OP_JALR)
        return (struct decoded){CONTROL_CALL_INDIRECT, 0, NULL};
    if (insn.op == VAMP_OP_TRAP || insn.op == VAMP_OP_RFE)
        return refused("trap and rfe are not part of a C0 function");
    if (insn.op == VAMP_OP_MOVI2S || insn.op == VAMP_OP_MOVS2I)
        return refused("special registers are not part of a C0 function");
    return (struct decoded){CONTROL_NEXT, 0, NULL};
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

/* Overflow is masked: SR is 0 at entry (docs/ABI.md), and nothing that `decode` lets through
 * writes SR. */
static struct effect step(struct terms *terms, const struct image *image, struct point point,
                          const term *registers)
{
    uint32_t word = 0;
    struct vamp_insn insn;
    bool is_there = image_word(image, point.pc, &word) && vamp_decode(word, &insn);
    require(is_there, "an instruction was stepped that was not decoded");
    struct vamp_effect effect = vamp_symbolic(terms, &insn, registers, point.pc, point.next);
    require(effect.special == VAMP_SPECIAL_NONE && effect.control != VAMP_CONTROL_TRAP &&
                effect.control != VAMP_CONTROL_RFE,
            "an instruction was stepped that decode refuses");
    return (struct effect){
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
    .has_delay_slot = true,
    .decode = decode,
    .step = step,
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
