/* What an interrupt saves, by kind; what rfe restores; moves to the registers concerned. */
#include "tests/unit/vamp/scene.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { ILL = 1 << 1, MAL = 1 << 2, PFF = 1 << 3, PFLS = 1 << 4, TRAP = 1 << 5, OVF = 1 << 6 };
enum { LINE = 1 << 16 }; /* of device 3 */

static const uint32_t slot = SCENE_PCP; /* of a branch at SCENE_DPC */

/* With the line of device 3 up and enabled. */
static struct scene interrupted(struct scene scene)
{
    scene.lines = LINE;
    scene.before.spr[VAMP_SPR_SR] = LINE;
    return scene;
}

/* --- Repeat, abort, continue --- */

Test(vamp_kind, abort_saves_both_pcs_and_sr_of_before)
{
    struct scene scene = scene_system("nop");
    scene_write(&scene, SCENE_DPC, 0x00000008);
    scene.before.pcp = 0x2468;
    scene.before.spr[VAMP_SPR_SR] = 0x1FFFC0;
    scene_step(&scene);
    scene_expect_without_effect(&scene, ILL, scene_special(VAMP_SPR_EDATA));
    cr_expect_eq(scene.after.spr[VAMP_SPR_EPC], 0x2468);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EDPC], SCENE_DPC);
    cr_expect_eq(scene.after.spr[VAMP_SPR_ESR], 0x1FFFC0);
}

Test(vamp_kind, repeat_saves_both_pcs_and_sr_of_before)
{
    struct scene scene = scene_user("lw r1,r2,0");
    scene.before.gpr[2] = SCENE_INVALID_PAGE * 0x1000;
    scene.before.pcp = 0x468;
    scene.before.spr[VAMP_SPR_SR] = 0x40;
    scene_step(&scene);
    scene_expect_without_effect(&scene, PFLS, SCENE_INVALID_PAGE * 0x1000);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EPC], 0x468);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EDPC], SCENE_DPC);
    cr_expect_eq(scene.after.spr[VAMP_SPR_ESR], 0x40);
}

/* The page is mapped, the return from the exception executes the same instruction again. */
Test(vamp_kind, repeated_instruction_completes_after_rfe)
{
    struct scene scene = scene_user("sw r1,r2,4");
    scene.before.gpr[2] = SCENE_INVALID_PAGE * 0x1000;
    scene_step(&scene);
    scene_expect_without_effect(&scene, PFLS, SCENE_INVALID_PAGE * 0x1000 + 4);
    scene.after.dpc = 0x40;
    scene_put(&scene, 0x40, "rfe");
    scene_map(&scene, SCENE_INVALID_PAGE, 0x6000 | SCENE_VALID);
    scene_step_on(&scene);
    cr_expect_eq(scene.after.dpc, SCENE_DPC);
    scene_step_on(&scene);
    scene_expect_no_interrupt(&scene);
    cr_expect_eq(scene_read(&scene, 0x6004), 0x11);
    cr_expect_eq(scene.after.dpc, SCENE_PCP);
}

Test(vamp_kind, continue_saves_both_pcs_of_after)
{
    struct scene scene = interrupted(scene_system("addi r1,r1,1"));
    scene.before.pcp = 0x2468; /* the instruction is in a delay slot */
    scene_step(&scene);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EDPC], 0x2468);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EPC], 0x246C);
    cr_expect_eq(scene.after.spr[VAMP_SPR_ESR], LINE);
    cr_expect_eq(scene.after.gpr[1], 0x12);
}

Test(vamp_kind, continue_completes_a_store)
{
    struct scene scene = interrupted(scene_system("sh r3,r0,0x602"));
    scene_write(&scene, 0x600, 0xAABBCCDD);
    scene_step(&scene);
    scene_expect_completed(&scene, LINE);
    cr_expect_eq(scene_read(&scene, 0x600), 0x0033CCDD);
}

Test(vamp_kind, continue_completes_an_access_to_a_device_once)
{
    struct scene scene = interrupted(scene_system("lw r3,r0,-0x4000"));
    scene_step(&scene);
    scene_expect_completed(&scene, LINE);
    cr_expect_eq(scene.after.gpr[3], 0xD0);
    cr_expect_eq(scene.access.count, 1);
}

Test(vamp_kind, enabled_overflow_writes_its_result)
{
    struct scene scene = scene_system("subo r1,r2,r3");
    scene.before.gpr[2] = 0x80000000;
    scene.before.gpr[3] = 1;
    scene.before.spr[VAMP_SPR_SR] = OVF;
    scene_step(&scene);
    scene_expect_completed(&scene, OVF);
    cr_expect_eq(scene.after.gpr[1], 0x7FFFFFFF);
}

Test(vamp_kind, the_next_instruction_is_that_at_0_then_that_at_4)
{
    struct scene scene = scene_system("trap 1");
    scene_put(&scene, 0, "addi r1,r0,7");
    scene_put(&scene, 4, "addi r2,r0,8");
    scene_step(&scene);
    scene_step_on(&scene);
    scene_step_on(&scene);
    cr_expect_eq(scene.after.gpr[1], 7);
    cr_expect_eq(scene.after.gpr[2], 8);
    cr_expect_eq(scene.after.dpc, 8);
}

/* ... in system mode: untranslated. */
Test(vamp_kind, the_handler_of_a_user_program_runs_in_system_mode)
{
    struct scene scene = scene_user("trap 1");
    scene_put(&scene, 0, "movs2i r1,EMODE");
    scene_step(&scene);
    scene_step_on(&scene);
    scene_expect_no_interrupt(&scene);
    cr_expect_eq(scene.after.gpr[1], 1);
}

Test(vamp_kind, emode_keeps_all_of_mode)
{
    struct scene scene = scene_user("trap 1");
    scene.before.spr[VAMP_SPR_MODE] = 0x80000002;
    scene_step(&scene);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EMODE], 0x80000002);
    cr_expect_eq(scene.after.spr[VAMP_SPR_MODE], 0);
}

/* --- Delay slots --- */

Test(vamp_delay, a_branch_that_is_interrupted_saves_its_slot_and_its_target)
{
    struct scene scene = interrupted(scene_system("beqz r0,0x200"));
    scene_step(&scene);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EDPC], slot);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EPC], slot + 0x200);
}

Test(vamp_delay, an_untaken_branch_that_is_interrupted_saves_what_follows_its_slot)
{
    struct scene scene = interrupted(scene_system("bnez r0,0x200"));
    scene_step(&scene);
    scene_expect_completed(&scene, LINE);
}

Test(vamp_delay, a_call_that_is_interrupted_has_linked)
{
    struct scene scene = interrupted(scene_system("jalr r31"));
    scene.before.gpr[31] = 0x2000;
    scene_step(&scene);
    cr_expect_eq(scene.after.gpr[31], slot + 4);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EDPC], slot);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EPC], 0x2000);
}

/* rfe between a branch and its delay slot: both PCs matter. */
Test(vamp_delay, rfe_goes_on_between_a_branch_and_its_slot)
{
    struct scene scene = interrupted(scene_system("j 0x200"));
    scene_put(&scene, 0, "rfe");
    scene_put(&scene, slot, "addi r1,r1,1");
    scene_put(&scene, slot + 4, "addi r2,r2,1");
    scene_put(&scene, slot + 0x200, "addi r3,r3,1");
    scene_step(&scene);
    scene.lines = 0;
    scene_step_on(&scene);
    cr_expect_eq(scene.after.dpc, slot);
    cr_expect_eq(scene.after.pcp, slot + 0x200);
    scene_step_on(&scene);
    scene_step_on(&scene);
    cr_expect_eq(scene.after.gpr[1], 0x12);
    cr_expect_eq(scene.after.gpr[2], 0x22);
    cr_expect_eq(scene.after.gpr[3], 0x34);
}

Test(vamp_delay, a_repeated_instruction_in_a_slot_saves_the_target)
{
    struct scene scene = scene_user("lw r1,r2,0");
    scene.before.gpr[2] = SCENE_INVALID_PAGE * 0x1000;
    scene.before.pcp = 0x800; /* the target of a branch before it */
    scene_step(&scene);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EDPC], SCENE_DPC);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EPC], 0x800);
}

Test(vamp_delay, a_page_fault_on_the_fetch_of_a_slot_saves_the_target)
{
    struct scene scene = scene_user("nop");
    scene.before.dpc = SCENE_INVALID_PAGE * 0x1000;
    scene.before.pcp = 0x800;
    scene_step(&scene);
    scene_expect_without_effect(&scene, PFF, SCENE_INVALID_PAGE * 0x1000);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EPC], 0x800);
}

/* The trap is over: its handler returns to the target. */
Test(vamp_delay, trap_in_a_slot_saves_the_target_as_the_next_instruction)
{
    struct scene scene = scene_system("trap 1");
    scene.before.pcp = 0x800;
    scene_step(&scene);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EDPC], 0x800);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EPC], 0x804);
}

Test(vamp_delay, an_illegal_instruction_in_a_slot_saves_the_target)
{
    struct scene scene = scene_system("nop");
    scene_write(&scene, SCENE_DPC, 61u << 26);
    scene.before.pcp = 0x800;
    scene_step(&scene);
    scene_expect_without_effect(&scene, ILL, scene_special(VAMP_SPR_EDATA));
    cr_expect_eq(scene.after.spr[VAMP_SPR_EPC], 0x800);
}

Test(vamp_delay, a_misaligned_target_interrupts_at_the_target_not_at_the_jump)
{
    struct scene scene = scene_system("jr r2");
    scene.before.gpr[2] = 0x502;
    scene_put(&scene, slot, "addi r1,r1,1");
    scene_step(&scene);
    scene_expect_no_interrupt(&scene);
    scene_step_on(&scene);
    scene_expect_no_interrupt(&scene);
    cr_expect_eq(scene.after.gpr[1], 0x12);
    scene_step_on(&scene);
    scene_expect_without_effect(&scene, MAL, 0x502);
}

/* --- The first and the second access of an instruction --- */

Test(vamp_access, a_fault_on_the_fetch_hides_one_on_the_data)
{
    struct scene scene = scene_user("lw r1,r0,0x3000");
    scene_map(&scene, SCENE_CODE_PAGE, 0x3000);
    scene_step(&scene);
    scene_expect_without_effect(&scene, PFF, SCENE_DPC);
}

Test(vamp_access, once_the_code_is_there_the_data_faults)
{
    struct scene scene = scene_user("lw r1,r0,0x3000");
    scene_map(&scene, SCENE_CODE_PAGE, 0x3000);
    scene_step(&scene);
    scene.after = scene.before;
    scene_map(&scene, SCENE_CODE_PAGE, 0x3000 | SCENE_VALID);
    scene_step_on(&scene);
    scene_expect_without_effect(&scene, PFLS, 0x3000);
    cr_expect_eq(scene.diagnosis.word, scene_read(&scene, 0x3000 + SCENE_DPC));
}

Test(vamp_access, a_misaligned_fetch_hides_misaligned_data)
{
    struct scene scene = scene_system("lw r1,r0,2");
    scene.before.dpc = SCENE_DPC + 1;
    scene_step(&scene);
    scene_expect_without_effect(&scene, MAL, SCENE_DPC + 1);
}

/* Instruction and data in one word. */
Test(vamp_access, a_load_of_its_own_instruction_sees_it)
{
    struct scene scene = scene_user("lw r1,r0,0x100");
    scene_step(&scene);
    scene_expect_no_interrupt(&scene);
    cr_expect_eq(scene.after.gpr[1], scene_read(&scene, 0x3000 + SCENE_DPC));
}

/* --- Moves to SR and to what an interrupt saves --- */

/* SR is that of before the step. */
Test(vamp_move, sr_that_is_enabled_by_an_instruction_masks_until_after_it)
{
    struct scene scene = scene_system("movi2s SR,r1");
    scene.lines = LINE;
    scene.before.gpr[1] = LINE;
    scene_put(&scene, SCENE_PCP, "addi r2,r2,1");
    scene_step(&scene);
    scene_expect_no_interrupt(&scene);
    cr_expect_eq(scene.after.spr[VAMP_SPR_SR], LINE);
    scene_step_on(&scene);
    cr_expect_eq(scene.diagnosis.interrupts, LINE);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EDPC], SCENE_PCP + 4);
    cr_expect_eq(scene.after.gpr[2], 0x23);
}

Test(vamp_move, sr_that_is_disabled_by_an_instruction_enables_until_after_it)
{
    struct scene scene = interrupted(scene_system("movi2s SR,r1"));
    scene.before.gpr[1] = 0x40;
    scene_step(&scene);
    cr_expect_eq(scene.diagnosis.interrupts, LINE);
    cr_expect_eq(scene.after.spr[VAMP_SPR_ESR], 0x40, "ESR is SR of after the instruction");
    cr_expect_eq(scene.after.spr[VAMP_SPR_SR], 0);
}

Test(vamp_move, mode_that_is_set_by_an_interrupted_instruction_is_saved)
{
    struct scene scene = interrupted(scene_system("movi2s MODE,r1"));
    scene_step(&scene);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EMODE], 0x11);
    cr_expect_eq(scene.after.spr[VAMP_SPR_MODE], 0);
}

Test(vamp_move, mode_counts_from_the_next_instruction)
{
    struct scene scene = scene_system("movi2s MODE,r1");
    scene_map(&scene, 0, 0x3000 | SCENE_VALID);
    scene_put(&scene, 0x3000 + SCENE_PCP, "addi r1,r1,1");
    scene_step(&scene);
    scene_step_on(&scene);
    scene_expect_no_interrupt(&scene);
    cr_expect_eq(scene.after.gpr[1], 0x12);
}

Test(vamp_move, registers_that_an_interrupt_writes_are_lost_to_it)
{
    static const enum vamp_spr numbers[] = {VAMP_SPR_ESR, VAMP_SPR_ECA, VAMP_SPR_EPC, VAMP_SPR_EDPC,
                                            VAMP_SPR_EMODE};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char instruction[32];
        snprintf(instruction, sizeof instruction, "movi2s s%d,r1", (int)numbers[i]);
        struct scene scene = interrupted(scene_system(instruction));
        scene_step(&scene);
        scene_expect_completed(&scene, LINE);
    }
}

Test(vamp_move, edata_is_kept_by_an_interrupt_without_data)
{
    struct scene scene = interrupted(scene_system("movi2s EDATA,r1"));
    scene_step(&scene);
    scene_expect_completed(&scene, LINE);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EDATA], 0x11);
}

/* --- rfe --- */

Test(vamp_rfe, restores_sr_both_pcs_and_mode)
{
    struct scene scene = scene_system("rfe");
    scene.before.spr[VAMP_SPR_ESR] = 0xABC;
    scene.before.spr[VAMP_SPR_EDPC] = 0x2000;
    scene.before.spr[VAMP_SPR_EPC] = 0x1234;
    scene.before.spr[VAMP_SPR_EMODE] = 7;
    scene_step(&scene);
    cr_expect(scene.has_run);
    cr_expect_eq(scene.diagnosis.interrupts, 0);
    cr_expect_eq(scene.after.spr[VAMP_SPR_SR], 0xABC);
    cr_expect_eq(scene.after.dpc, 0x2000);
    cr_expect_eq(scene.after.pcp, 0x1234);
    cr_expect_eq(scene.after.spr[VAMP_SPR_MODE], 7);
    struct vamp_state expected = scene.before;
    expected.dpc = 0x2000;
    expected.pcp = 0x1234;
    expected.spr[VAMP_SPR_SR] = 0xABC;
    expected.spr[VAMP_SPR_MODE] = 7;
    cr_expect(memcmp(&expected, &scene.after, sizeof expected) == 0, "and nothing else");
}

Test(vamp_rfe, has_no_delay_slot)
{
    struct scene scene = scene_system("rfe");
    scene_put(&scene, SCENE_PCP, "addi r1,r1,1");
    scene_put(&scene, 0x2000, "addi r2,r2,1");
    scene.before.spr[VAMP_SPR_EDPC] = 0x2000;
    scene.before.spr[VAMP_SPR_EPC] = 0x2004;
    scene.before.spr[VAMP_SPR_EMODE] = 0;
    scene_step(&scene);
    scene_step_on(&scene);
    cr_expect_eq(scene.after.gpr[1], 0x11);
    cr_expect_eq(scene.after.gpr[2], 0x23);
}

Test(vamp_rfe, its_other_fields_do_not_matter)
{
    struct scene scene = scene_system("rfe");
    scene_write(&scene, SCENE_DPC, 0xFFFFFFFF);
    scene_step(&scene);
    cr_expect_eq(scene.diagnosis.interrupts, 0);
    cr_expect_eq(scene.after.dpc, scene_special(VAMP_SPR_EDPC));
}

/* The line was masked by SR of before; what rfe enables counts from the next step on. */
Test(vamp_rfe, enabled_line_is_taken_after_the_next_instruction)
{
    struct scene scene = scene_system("rfe");
    scene.lines = LINE;
    scene.before.spr[VAMP_SPR_ESR] = LINE;
    scene.before.spr[VAMP_SPR_EDPC] = 0x2000;
    scene.before.spr[VAMP_SPR_EPC] = 0x2004;
    scene.before.spr[VAMP_SPR_EMODE] = 0;
    scene_put(&scene, 0x2000, "addi r1,r1,1");
    scene_step(&scene);
    cr_expect_eq(scene.diagnosis.interrupts, 0);
    scene_step_on(&scene);
    cr_expect_eq(scene.diagnosis.interrupts, LINE);
    cr_expect_eq(scene.after.gpr[1], 0x12);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EDPC], 0x2004);
    cr_expect_eq(scene.after.spr[VAMP_SPR_ESR], LINE);
}

/* It completes first: all of what it restores is saved again. */
Test(vamp_rfe, interrupted_rfe_saves_what_it_restored)
{
    struct scene scene = interrupted(scene_system("rfe"));
    scene.before.spr[VAMP_SPR_ESR] = 0xABC;
    scene.before.spr[VAMP_SPR_EDPC] = 0x2000;
    scene.before.spr[VAMP_SPR_EPC] = 0x1234;
    scene.before.spr[VAMP_SPR_EMODE] = 1;
    scene_step(&scene);
    struct vamp_state saved = {.dpc = 0x2000, .pcp = 0x1234};
    saved.spr[VAMP_SPR_SR] = 0xABC;
    saved.spr[VAMP_SPR_MODE] = 1;
    scene_expect_interrupt(&scene, LINE, &saved);
}

Test(vamp_rfe, to_a_misaligned_address_interrupts_there)
{
    struct scene scene = scene_system("rfe");
    scene.before.spr[VAMP_SPR_EDPC] = 0x2001;
    scene.before.spr[VAMP_SPR_EPC] = 0x2008;
    scene.before.spr[VAMP_SPR_EMODE] = 1;
    scene_step(&scene);
    scene_step_on(&scene);
    scene_expect_without_effect(&scene, MAL, 0x2001);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EMODE], 1);
}
