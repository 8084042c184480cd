/* Which causes SR masks, and which of several has priority: MCA[i] = CA[i] and (SR[i] if maskable
 * else 1); the lowest index decides, and ECA records all. */
#include "tests/unit/vamp/scene.h"

#include <criterion/criterion.h>

enum {
    RESET = 1 << 0,
    ILL = 1 << 1,
    MAL = 1 << 2,
    PFF = 1 << 3,
    PFLS = 1 << 4,
    TRAP = 1 << 5,
    OVF = 1 << 6,
    DEVICES = 0xFF << 13,
};

/* A scene in which just this cause is up. */
static struct scene scene_of(unsigned cause)
{
    struct scene scene = scene_user("nop");
    uint32_t code = 0x3000 + SCENE_DPC;
    switch (cause) {
    case VAMP_INTERRUPT_RESET:
        scene.lines = RESET;
        break;
    case VAMP_INTERRUPT_ILL:
        scene_write(&scene, code, 0x00000008);
        break;
    case VAMP_INTERRUPT_MAL:
        scene_put(&scene, code, "lw r1,r0,2");
        break;
    case VAMP_INTERRUPT_PFF:
        scene.before.dpc = SCENE_INVALID_PAGE * 0x1000;
        break;
    case VAMP_INTERRUPT_PFLS:
        scene_put(&scene, code, "sw r1,r0,0x3000");
        break;
    case VAMP_INTERRUPT_TRAP:
        scene_put(&scene, code, "trap 9");
        break;
    case VAMP_INTERRUPT_OVF:
        scene_put(&scene, code, "addio r1,r2,1");
        scene.before.gpr[2] = 0x7FFFFFFF;
        break;
    default:
        scene.lines = UINT32_C(1) << cause;
        break;
    }
    return scene;
}

static bool is_real(unsigned cause)
{
    return cause <= VAMP_INTERRUPT_OVF || cause >= VAMP_INTERRUPT_DEVICE_0;
}

static bool is_maskable(unsigned cause)
{
    return cause >= VAMP_INTERRUPT_OVF;
}

Test(vamp_mask, causes_0_to_5_are_taken_with_all_of_sr_clear)
{
    for (unsigned cause = 0; cause <= VAMP_INTERRUPT_TRAP; cause++) {
        struct scene scene = scene_of(cause);
        scene_step(&scene);
        cr_expect_eq(scene.diagnosis.interrupts, UINT32_C(1) << cause, "%u", cause);
        cr_expect_eq(scene.after.spr[VAMP_SPR_ECA], UINT32_C(1) << cause);
    }
}

Test(vamp_mask, each_maskable_cause_is_not_taken_with_its_bit_clear)
{
    for (unsigned cause = 0; cause < VAMP_INTERRUPT_COUNT; cause++) {
        if (!is_real(cause) || !is_maskable(cause))
            continue;
        struct scene scene = scene_of(cause);
        scene.before.spr[VAMP_SPR_SR] = ~(UINT32_C(1) << cause);
        scene_step(&scene);
        scene_expect_no_interrupt(&scene);
        cr_expect_eq(scene.after.spr[VAMP_SPR_ECA], scene_special(VAMP_SPR_ECA));
    }
}

Test(vamp_mask, each_maskable_cause_is_taken_with_only_its_bit_set)
{
    for (unsigned cause = 0; cause < VAMP_INTERRUPT_COUNT; cause++) {
        if (!is_real(cause) || !is_maskable(cause))
            continue;
        struct scene scene = scene_of(cause);
        scene.before.spr[VAMP_SPR_SR] = UINT32_C(1) << cause;
        scene_step(&scene);
        scene_expect_completed(&scene, UINT32_C(1) << cause);
    }
}

Test(vamp_mask, masked_overflow_still_writes_its_result)
{
    struct scene scene = scene_of(VAMP_INTERRUPT_OVF);
    scene_step(&scene);
    scene_expect_no_interrupt(&scene);
    cr_expect_eq(scene.after.gpr[1], 0x80000000);
}

Test(vamp_mask, eca_records_no_masked_cause)
{
    struct scene scene = scene_of(VAMP_INTERRUPT_TRAP);
    scene.lines = DEVICES;
    scene.before.spr[VAMP_SPR_SR] = 1 << 14 | 1 << 20;
    scene_step(&scene);
    scene_expect_completed(&scene, TRAP | 1 << 14 | 1 << 20);
}

/* --- Priorities between pairs --- */

static bool is_without_effect(unsigned cause)
{
    return cause <= VAMP_INTERRUPT_PFLS;
}

/* Any cause of the processor with any line: both are recorded, the lower number's kind decides. */
Test(vamp_priority, each_cause_is_before_each_device_and_both_are_recorded)
{
    for (unsigned cause = VAMP_INTERRUPT_ILL; cause <= VAMP_INTERRUPT_OVF; cause++) {
        for (unsigned device = VAMP_INTERRUPT_DEVICE_0; device < VAMP_INTERRUPT_COUNT; device++) {
            struct scene scene = scene_of(cause);
            uint32_t causes = UINT32_C(1) << cause | UINT32_C(1) << device;
            scene.lines = UINT32_C(1) << device;
            scene.before.spr[VAMP_SPR_SR] = UINT32_MAX;
            scene_step(&scene);
            if (is_without_effect(cause))
                scene_expect_interrupt(&scene, causes, &scene.before);
            else
                scene_expect_completed(&scene, causes);
        }
    }
}

Test(vamp_priority, reset_is_before_every_other_cause)
{
    for (unsigned cause = VAMP_INTERRUPT_ILL; cause < VAMP_INTERRUPT_COUNT; cause++) {
        if (!is_real(cause))
            continue;
        struct scene scene = scene_of(cause);
        scene.lines |= RESET;
        scene.before.spr[VAMP_SPR_SR] = UINT32_MAX;
        scene_step(&scene);
        scene_expect_without_effect(&scene, RESET, scene_special(VAMP_SPR_EDATA));
    }
}

Test(vamp_priority, devices_among_themselves_are_all_recorded)
{
    for (unsigned first = 13; first < 21; first++) {
        for (unsigned second = first + 1; second < 21; second++) {
            struct scene scene = scene_system("nop");
            scene.lines = UINT32_C(1) << first | UINT32_C(1) << second;
            scene.before.spr[VAMP_SPR_SR] = UINT32_MAX;
            scene_step(&scene);
            scene_expect_completed(&scene, scene.lines);
        }
    }
}

Test(vamp_priority, mal_on_fetch_is_before_ill)
{
    struct scene scene = scene_system("nop");
    scene_write(&scene, SCENE_DPC, 0x00000008);
    scene.before.dpc = SCENE_DPC + 2;
    scene_step(&scene);
    scene_expect_without_effect(&scene, MAL, SCENE_DPC + 2);
}

Test(vamp_priority, mal_on_fetch_is_before_pff)
{
    struct scene scene = scene_user("nop");
    scene.before.dpc = SCENE_INVALID_PAGE * 0x1000 + 2;
    scene_step(&scene);
    scene_expect_without_effect(&scene, MAL, SCENE_INVALID_PAGE * 0x1000 + 2);
}

Test(vamp_priority, mal_on_data_is_before_pfls)
{
    struct scene scene = scene_user("lh r1,r2,1");
    scene.before.gpr[2] = SCENE_INVALID_PAGE * 0x1000;
    scene_step(&scene);
    scene_expect_without_effect(&scene, MAL, SCENE_INVALID_PAGE * 0x1000 + 1);
}

/* The instruction is not known, so that nothing of it can be raised. */
Test(vamp_priority, pff_is_before_all_causes_of_the_instruction)
{
    static const char *const instructions[] = {"trap 1", "lw r1,r2,1", "rfe", "addio r1,r2,1"};
    for (size_t i = 0; i < sizeof instructions / sizeof instructions[0]; i++) {
        struct scene scene = scene_user(instructions[i]);
        scene_map(&scene, SCENE_CODE_PAGE, 0x3000);
        scene.before.gpr[2] = 0x7FFFFFFF;
        scene.before.spr[VAMP_SPR_SR] = UINT32_MAX;
        scene_step(&scene);
        scene_expect_without_effect(&scene, PFF, SCENE_DPC);
    }
}

/* An illegal instruction has no operands that could be at fault. */
Test(vamp_priority, ill_is_before_what_a_legal_instruction_would_raise)
{
    struct scene scene = scene_user("nop");
    scene_write(&scene, 0x3000 + SCENE_DPC, 42u << 26 | 0x3001); /* a store of nothing known */
    scene_step(&scene);
    scene_expect_without_effect(&scene, ILL, scene_special(VAMP_SPR_EDATA));
}

/* The device's line is up all along, but only a cause that continues lets it complete. */
Test(vamp_priority, a_line_does_not_make_a_repeated_store_happen)
{
    struct scene scene = scene_of(VAMP_INTERRUPT_PFLS);
    scene.lines = 1 << 13;
    scene.before.spr[VAMP_SPR_SR] = 1 << 13;
    scene_step(&scene);
    scene_expect_without_effect(&scene, PFLS | 1 << 13, 0x3000);
}

Test(vamp_priority, trap_and_a_line_have_the_trap_code_in_edata)
{
    struct scene scene = scene_of(VAMP_INTERRUPT_TRAP);
    scene.lines = 1 << 13;
    scene.before.spr[VAMP_SPR_SR] = 1 << 13;
    scene_step(&scene);
    scene_expect_completed(&scene, TRAP | 1 << 13);
    cr_expect_eq(scene.after.spr[VAMP_SPR_EDATA], 9);
}
