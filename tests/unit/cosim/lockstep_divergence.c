/* Kernels with other instructions than their sources ask for: each divergence is the lockstep's
 * own, without the relations. */
#include "lockstep_rig.h"

#include <criterion/criterion.h>
#include <string.h>

static uint32_t encoded(struct vamp_insn insn)
{
    return vamp_encode(&insn);
}

static uint32_t add_immediate(unsigned rd, unsigned rs, uint32_t immediate)
{
    return encoded((struct vamp_insn){
        .op = VAMP_OP_ADDI, .rd = (uint8_t)rd, .rs1 = (uint8_t)rs, .immediate = immediate});
}

static uint32_t jump(uint32_t distance)
{
    return encoded((struct vamp_insn){.op = VAMP_OP_J, .immediate = distance});
}

static uint32_t jump_register(unsigned rs)
{
    return encoded((struct vamp_insn){.op = VAMP_OP_JR, .rs1 = (uint8_t)rs});
}

static uint32_t no_operation(void)
{
    return encoded((struct vamp_insn){.op = VAMP_OP_ORI, .rd = 1, .rs1 = 1, .immediate = 0});
}

Test(lockstep_divergence, a_kernel_that_halts_does_not_come_to_its_exit)
{
    struct scenario_rig rig = scenario_rig_new();
    const uint32_t words[] = {jump((uint32_t)-4), no_operation()};
    const struct cosim_kernel *kernel =
        lockstep_rig_patch(&rig, rig.kernel->dispatch + 4, words, 2);
    lockstep_rig_expect(&rig, kernel, COSIM_CONTROL, "halted");
    scenario_rig_free(&rig);
}

Test(lockstep_divergence, a_kernel_that_executes_what_is_no_instruction_is_interrupted)
{
    struct scenario_rig rig = scenario_rig_new();
    const uint32_t word = UINT32_C(1) << 26;
    struct vamp_insn insn;
    cr_assert(!vamp_decode(word, &insn));
    const struct cosim_kernel *kernel =
        lockstep_rig_patch(&rig, rig.kernel->dispatch + 4, &word, 1);
    lockstep_rig_expect(&rig, kernel, COSIM_CONTROL, "illegal-instruction");
    scenario_rig_free(&rig);
}

/* Not the reset button, though the cause is still that of the boot. */
Test(lockstep_divergence, a_kernel_that_jumps_to_its_entry_has_not_been_reset)
{
    struct scenario_rig rig = scenario_rig_new();
    const uint32_t words[] = {jump_register(0), no_operation()};
    const struct cosim_kernel *kernel =
        lockstep_rig_patch(&rig, rig.kernel->dispatch + 4, words, 2);
    lockstep_rig_expect(&rig, kernel, COSIM_CONTROL, "the kernel is interrupted");
    scenario_rig_free(&rig);
}

Test(lockstep_divergence, a_kernel_that_reads_where_nothing_is_cannot_go_on)
{
    struct scenario_rig rig = scenario_rig_new();
    const uint32_t word = encoded((struct vamp_insn){
        .op = VAMP_OP_LW, .rd = 2, .rs1 = 0, .immediate = (uint32_t)-4}); /* device 7 */
    const struct cosim_kernel *kernel =
        lockstep_rig_patch(&rig, rig.kernel->dispatch + 4, &word, 1);
    lockstep_rig_expect(&rig, kernel, COSIM_CONTROL, "cannot go on");
    scenario_rig_free(&rig);
}

Test(lockstep_divergence, a_primitive_with_another_result_is_another_call)
{
    struct scenario_rig rig = scenario_rig_new();
    const uint32_t words[] = {add_immediate(1, 0, 77), jump_register(31), no_operation()};
    uint32_t primitive = rig.kernel->primitives[CVM_PRIMITIVE_GET_GPR];
    const struct cosim_kernel *kernel = lockstep_rig_patch(&rig, primitive, words, 3);
    lockstep_rig_expect(&rig, kernel, COSIM_CALLS, "cvm_get_gpr answers 0x0000004d");
    scenario_rig_free(&rig);
}

Test(lockstep_divergence, a_primitive_that_does_nothing_to_a_port_lacks_an_access)
{
    struct scenario_rig rig = scenario_rig_new();
    const uint32_t words[] = {jump_register(31), no_operation()};
    uint32_t primitive = rig.kernel->primitives[CVM_PRIMITIVE_OUT_WORD];
    const struct cosim_kernel *kernel = lockstep_rig_patch(&rig, primitive, words, 2);
    lockstep_rig_expect(&rig, kernel, COSIM_DEVICES, "the kernel does not");
    scenario_rig_free(&rig);
}

Test(lockstep_divergence, a_primitive_that_touches_a_port_of_its_own_has_an_access_too_many)
{
    struct scenario_rig rig = scenario_rig_new();
    const uint32_t words[] = {
        encoded((struct vamp_insn){
            .op = VAMP_OP_LW, .rd = 2, .rs1 = 0, .immediate = (uint32_t)-0x8000}), /* the timer */
        jump_register(31), no_operation()};
    uint32_t primitive = rig.kernel->primitives[CVM_PRIMITIVE_SET_MASK];
    const struct cosim_kernel *kernel = lockstep_rig_patch(&rig, primitive, words, 3);
    lockstep_rig_expect(&rig, kernel, COSIM_DEVICES, "device 0 (timer), port 0");
    scenario_rig_free(&rig);
}

/* kdispatch answers nobody, before it has called anything. */
Test(lockstep_divergence, a_kernel_that_skips_a_primitive_leaves_too_early)
{
    struct scenario_rig rig = scenario_rig_new();
    const uint32_t words[] = {add_immediate(1, 0, 0), jump_register(31), no_operation()};
    const struct cosim_kernel *kernel = lockstep_rig_patch(&rig, rig.kernel->dispatch, words, 3);
    lockstep_rig_expect(&rig, kernel, COSIM_CALLS, "the kernel leaves");
    scenario_rig_free(&rig);
}

Test(lockstep_divergence, another_choice_of_who_runs_is_named_as_such)
{
    struct scenario_rig rig = scenario_rig_new();
    const uint32_t words[] = {add_immediate(1, 0, 0), jump_register(31), no_operation()};
    uint32_t choose = lockstep_rig_function(&rig, "scheduling_choose");
    const struct cosim_kernel *kernel = lockstep_rig_patch(&rig, choose, words, 3);
    lockstep_rig_expect(&rig, kernel, COSIM_NEXT, "runs next");
    scenario_rig_free(&rig);
}

/* The causes are lost on their way to kdispatch: the layer's own addition to its argument. */
Test(lockstep_divergence, kdispatch_is_called_with_the_causes_that_there_are)
{
    struct scenario_rig rig = scenario_rig_new();
    uint32_t entry = rig.kernel->dispatch, word = 0;
    cr_assert(image_word(rig.kernel->image, entry, &word));
    struct vamp_insn first;
    cr_assert(vamp_decode(word, &first));
    cr_assert_eq(first.op, VAMP_OP_SW, "kdispatch begins by saving its return address");
    struct cosim_kernel *kernel = ARENA_NEW(rig.arena, struct cosim_kernel);
    *kernel = *rig.kernel;
    kernel->dispatch = lockstep_rig_function(&rig, "memory_start"); /* what is called instead */
    lockstep_rig_expect(&rig, kernel, COSIM_CAUSES, "kdispatch is called with the causes");
    scenario_rig_free(&rig);
}
