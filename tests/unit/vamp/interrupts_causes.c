/* Each row of the table of causes: when it is raised, and what EDATA is then. */
#include "tests/unit/vamp/scene.h"

#include <criterion/criterion.h>
#include <stdio.h>

enum {
    RESET = 1 << 0,
    ILL = 1 << 1,
    MAL = 1 << 2,
    PFF = 1 << 3,
    PFLS = 1 << 4,
    TRAP = 1 << 5,
    OVF = 1 << 6,
};

static const uint32_t old_data = 0x51000005; /* what EDATA is in a new scene */

/* --- 0 reset --- */

Test(vamp_cause, row_0_reset_is_cause_0_and_aborts_the_instruction)
{
    struct scene scene = scene_system("addi r1,r1,1");
    scene.lines = RESET;
    scene.before.spr[VAMP_SPR_SR] = 0x1234;
    scene_step(&scene);
    scene_expect_without_effect(&scene, RESET, old_data);
}

Test(vamp_cause, row_0_reset_leaves_user_mode)
{
    struct scene scene = scene_user("addi r1,r1,1");
    scene.lines = RESET;
    scene_step(&scene);
    scene_expect_without_effect(&scene, RESET, old_data);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EMODE], 1);
}

/* Whatever else there is: ECA = 1. */
Test(vamp_cause, row_0_reset_is_recorded_alone)
{
    struct scene scene = scene_system("trap 5");
    scene.lines = RESET | 0xFF << 13;
    scene.before.spr[VAMP_SPR_SR] = UINT32_MAX;
    scene_step(&scene);
    scene_expect_without_effect(&scene, RESET, old_data);
}

Test(vamp_cause, row_0_reset_has_no_fetch)
{
    struct scene scene = scene_system("nop");
    scene.lines = RESET;
    scene.before.dpc = 0x00100002; /* misaligned and outside memory */
    scene_step(&scene);
    scene_expect_without_effect(&scene, RESET, old_data);
    cr_expect_eq(scene.diagnosis.word, 0);
    scene.before.dpc = 0x00100000;
    scene_step(&scene);
    scene_expect_without_effect(&scene, RESET, old_data);
}

/* --- 1 ill --- */

Test(vamp_cause, row_1_ill_is_a_word_that_does_not_decode)
{
    static const uint32_t words[] = {
        0x00000008,            /* op 0, fn 8 */
        0x00000030,            /* op 0, fn 48 */
        0x00000012,            /* op 0, fn 18 */
        1u << 26,   17u << 26, /* floating point */
        34u << 26,  42u << 26, 61u << 26, 6u << 26, 7u << 26, 16u << 26,
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct scene scene = scene_system("nop");
        scene_write(&scene, SCENE_DPC, words[i]);
        scene_step(&scene);
        scene_expect_without_effect(&scene, ILL, old_data);
    }
}

Test(vamp_cause, row_1_ill_is_rfe_in_user_mode)
{
    struct scene scene = scene_user("rfe");
    scene_step(&scene);
    scene_expect_without_effect(&scene, ILL, old_data);
}

/* In user mode movs2i and movi2s touch only RM, IEEEF, FCC. */
Test(vamp_cause, row_1_ill_is_a_special_register_in_user_mode_but_three)
{
    for (unsigned i = 0; i < VAMP_SPR_COUNT; i++) {
        char instruction[32];
        bool is_allowed = i == 6 || i == 7 || i == 8;
        snprintf(instruction, sizeof instruction, "movi2s s%u,r3", i);
        struct scene scene = scene_user(instruction);
        scene_step(&scene);
        if (is_allowed) {
            scene_expect_no_interrupt(&scene);
            cr_expect_eq(scene.after.spr[i], 0x33);
        } else {
            scene_expect_without_effect(&scene, ILL, old_data);
        }
        snprintf(instruction, sizeof instruction, "movs2i r4,s%u", i);
        scene = scene_user(instruction);
        scene_step(&scene);
        if (is_allowed) {
            scene_expect_no_interrupt(&scene);
            cr_expect_eq(scene.after.gpr[4], 0x51000000 + i);
        } else {
            scene_expect_without_effect(&scene, ILL, old_data);
        }
    }
}

Test(vamp_cause, row_1_ill_is_not_trap_in_user_mode)
{
    struct scene scene = scene_user("trap 1");
    scene_step(&scene);
    cr_expect_eq(scene.after.spr[VAMP_SPR_ECA], TRAP);
}

/* --- 2 mal --- */

Test(vamp_cause, row_2_mal_on_fetch_and_edata_is_the_fetch_address)
{
    for (uint32_t offset = 1; offset < 4; offset++) {
        struct scene scene = scene_system("nop");
        scene.before.dpc = SCENE_DPC + offset;
        scene_step(&scene);
        scene_expect_without_effect(&scene, MAL, SCENE_DPC + offset);
        cr_expect_eq(scene.diagnosis.address, SCENE_DPC + offset);
    }
}

Test(vamp_cause, row_2_mal_on_fetch_outside_memory)
{
    struct scene scene = scene_system("nop");
    scene.before.dpc = 0xFFFFFFFF;
    scene_step(&scene);
    scene_expect_without_effect(&scene, MAL, 0xFFFFFFFF);
}

/* Half-words align to 2, words to 4; EDATA is the effective address. */
Test(vamp_cause, row_2_mal_on_data_and_edata_is_the_effective_address)
{
    static const struct {
        const char *instruction;
        uint32_t bytes;
    } rows[] = {{"lb r1,r2,5", 1},  {"lbu r1,r2,5", 1}, {"sb r1,r2,5", 1}, {"lh r1,r2,5", 2},
                {"lhu r1,r2,5", 2}, {"sh r1,r2,5", 2},  {"lw r1,r2,5", 4}, {"sw r1,r2,5", 4}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (uint32_t address = 0x500; address < 0x504; address++) {
            struct scene scene = scene_system(rows[i].instruction);
            scene.before.gpr[2] = address - 5;
            scene_write(&scene, 0x500, 0x01020304);
            scene_step(&scene);
            if (address % rows[i].bytes == 0)
                scene_expect_no_interrupt(&scene);
            else
                scene_expect_without_effect(&scene, MAL, address);
        }
    }
}

Test(vamp_cause, row_2_mal_wraps_around_the_address_space)
{
    struct scene scene = scene_system("lw r1,r2,2");
    scene.before.gpr[2] = 0xFFFFFFFF;
    scene_step(&scene);
    scene_expect_without_effect(&scene, MAL, 1);
}

/* A misaligned access is no access: where it would go does not matter. */
Test(vamp_cause, row_2_mal_comes_before_bus_errors_and_devices)
{
    struct scene scene = scene_system("sw r1,r2,0");
    scene.before.gpr[2] = 0xFFFF8002;
    scene_step(&scene);
    scene_expect_without_effect(&scene, MAL, 0xFFFF8002);
    scene.before.gpr[2] = 0x00100002;
    scene_step(&scene);
    scene_expect_without_effect(&scene, MAL, 0x00100002);
}

/* --- 3 pff --- */

Test(vamp_cause, row_3_pff_and_edata_is_the_fetch_address)
{
    struct scene scene = scene_user("nop");
    scene.before.dpc = SCENE_INVALID_PAGE * 0x1000 + 0x24;
    scene_step(&scene);
    scene_expect_without_effect(&scene, PFF, SCENE_INVALID_PAGE * 0x1000 + 0x24);
    cr_expect_eq(scene.diagnosis.address, SCENE_INVALID_PAGE * 0x1000 + 0x24);
    cr_expect_eq(scene.diagnosis.word, 0);
}

Test(vamp_cause, row_3_pff_beyond_the_page_table)
{
    struct scene scene = scene_user("nop");
    scene.before.dpc = 0xFFFFFFFC;
    scene_step(&scene);
    scene_expect_without_effect(&scene, PFF, 0xFFFFFFFC);
}

Test(vamp_cause, row_3_pff_is_not_raised_in_system_mode)
{
    struct scene scene = scene_system("nop");
    scene.before.spr[VAMP_SPR_PTL] = UINT32_MAX;
    scene_step(&scene);
    scene_expect_no_interrupt(&scene);
}

/* --- 4 pfls --- */

Test(vamp_cause, row_4_pfls_on_each_load_and_store_and_edata_is_the_effective_address)
{
    static const char *const instructions[] = {"lb r1,r2,8",  "lh r1,r2,8",  "lw r1,r2,8",
                                               "lbu r1,r2,8", "lhu r1,r2,8", "sb r1,r2,8",
                                               "sh r1,r2,8",  "sw r1,r2,8"};
    for (size_t i = 0; i < sizeof instructions / sizeof instructions[0]; i++) {
        struct scene scene = scene_user(instructions[i]);
        scene.before.gpr[2] = SCENE_INVALID_PAGE * 0x1000;
        scene_step(&scene);
        scene_expect_without_effect(&scene, PFLS, SCENE_INVALID_PAGE * 0x1000 + 8);
        cr_expect_eq(scene.diagnosis.address, SCENE_INVALID_PAGE * 0x1000 + 8);
    }
}

/* --- 5 trap --- */

Test(vamp_cause, row_5_trap_and_edata_is_the_sign_extended_immediate)
{
    static const struct {
        const char *instruction;
        uint32_t data;
    } rows[] = {{"trap 0", 0},
                {"trap 77", 77},
                {"trap -1", 0xFFFFFFFF},
                {"trap 0x1ffffff", 0x01FFFFFF},
                {"trap -0x2000000", 0xFE000000}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene scene = scene_system(rows[i].instruction);
        scene_step(&scene);
        scene_expect_completed(&scene, TRAP);
        cr_expect_eq(scene.after.spr[VAMP_SPR_EDATA], rows[i].data);
        scene = scene_user(rows[i].instruction);
        scene_step(&scene);
        scene_expect_completed(&scene, TRAP);
        cr_expect_eq(scene.after.spr[VAMP_SPR_EDATA], rows[i].data);
    }
}

/* --- 6 ovf --- */

static void check_overflow(const char *instruction, uint32_t left, uint32_t right, bool overflows,
                           uint32_t result)
{
    struct scene scene = scene_system(instruction);
    scene.before.gpr[2] = left;
    scene.before.gpr[3] = right;
    scene.before.spr[VAMP_SPR_SR] = OVF;
    scene_step(&scene);
    cr_expect_eq(scene.after.gpr[1], result, "%s of 0x%08x, 0x%08x", instruction, left, right);
    if (!overflows) {
        scene_expect_no_interrupt(&scene);
        return;
    }
    scene_expect_completed(&scene, OVF);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EDATA], old_data);
}

Test(vamp_cause, row_6_ovf_on_addo)
{
    check_overflow("addo r1,r2,r3", 0x7FFFFFFF, 1, true, 0x80000000);
    check_overflow("addo r1,r2,r3", 0x80000000, 0xFFFFFFFF, true, 0x7FFFFFFF);
    check_overflow("addo r1,r2,r3", 0xFFFFFFFF, 1, false, 0);
    check_overflow("addo r1,r2,r3", 0x80000000, 0x7FFFFFFF, false, 0xFFFFFFFF);
}

Test(vamp_cause, row_6_ovf_on_addio)
{
    check_overflow("addio r1,r2,1", 0x7FFFFFFF, 0, true, 0x80000000);
    check_overflow("addio r1,r2,-1", 0x80000000, 0, true, 0x7FFFFFFF);
    check_overflow("addio r1,r2,-1", 0, 0, false, 0xFFFFFFFF);
}

Test(vamp_cause, row_6_ovf_on_subo)
{
    check_overflow("subo r1,r2,r3", 0, 0x80000000, true, 0x80000000);
    check_overflow("subo r1,r2,r3", 0x80000000, 1, true, 0x7FFFFFFF);
    check_overflow("subo r1,r2,r3", 0xFFFFFFFF, 0x80000000, false, 0x7FFFFFFF);
    check_overflow("subo r1,r2,r3", 0, 1, false, 0xFFFFFFFF);
}

Test(vamp_cause, row_6_ovf_on_subio)
{
    check_overflow("subio r1,r2,-1", 0x7FFFFFFF, 0, true, 0x80000000);
    check_overflow("subio r1,r2,1", 0x80000000, 0, true, 0x7FFFFFFF);
    check_overflow("subio r1,r2,1", 0, 0, false, 0xFFFFFFFF);
}

Test(vamp_cause, row_6_ovf_is_not_raised_by_the_forms_without_o)
{
    check_overflow("add r1,r2,r3", 0x7FFFFFFF, 1, false, 0x80000000);
    check_overflow("addi r1,r2,1", 0x7FFFFFFF, 0, false, 0x80000000);
    check_overflow("sub r1,r2,r3", 0x80000000, 1, false, 0x7FFFFFFF);
    check_overflow("subi r1,r2,1", 0x80000000, 0, false, 0x7FFFFFFF);
}

Test(vamp_cause, row_6_ovf_is_raised_also_where_the_result_goes_to_r0)
{
    struct scene scene = scene_system("addio r0,r2,1");
    scene.before.gpr[2] = 0x7FFFFFFF;
    scene.before.spr[VAMP_SPR_SR] = OVF;
    scene_step(&scene);
    scene_expect_completed(&scene, OVF);
    cr_expect_eq(scene.after.gpr[0], 0);
}

/* --- 7 to 12: floating point --- */

Test(vamp_cause, rows_7_to_12_floating_point_are_never_raised)
{
    struct scene scene = scene_system("addo r1,r2,r3");
    scene.before.spr[VAMP_SPR_SR] = UINT32_MAX & ~OVF;
    scene.lines = 0x1F80; /* these are no causes from outside */
    scene.before.gpr[2] = scene.before.gpr[3] = 0x7FFFFFFF;
    scene_step(&scene);
    scene_expect_no_interrupt(&scene);
}

/* --- 13 + d: device d --- */

Test(vamp_cause, rows_13_to_20_are_the_lines_of_devices_0_to_7)
{
    for (unsigned d = 0; d < 8; d++) {
        struct scene scene = scene_system("addi r1,r1,1");
        scene.lines = UINT32_C(1) << (13 + d);
        scene.before.spr[VAMP_SPR_SR] = UINT32_MAX;
        scene_step(&scene);
        scene_expect_completed(&scene, UINT32_C(1) << (13 + d));
        cr_expect_eq(scene.after.gpr[1], 0x12, "the instruction has completed");
        cr_expect_eq(scene.after.spr[VAMP_SPR_EDATA], old_data);
    }
}

Test(vamp_cause, rows_13_to_20_end_there)
{
    struct scene scene = scene_system("addi r1,r1,1");
    scene.lines = 0xFFE00000;
    scene.before.spr[VAMP_SPR_SR] = UINT32_MAX;
    scene_step(&scene);
    scene_expect_no_interrupt(&scene);
}

Test(vamp_cause, rows_13_to_20_leave_user_mode)
{
    struct scene scene = scene_user("addi r1,r1,1");
    scene.lines = 1 << 15;
    scene.before.spr[VAMP_SPR_SR] = 1 << 15;
    scene_step(&scene);
    scene_expect_completed(&scene, 1 << 15);
    cr_expect_eq(scene.after.gpr[1], 0x12);
}
