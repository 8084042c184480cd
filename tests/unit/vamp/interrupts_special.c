/* Each special register: its number, that it can be written and read, that others cannot. */
#include "tests/unit/vamp/scene.h"

#include <criterion/criterion.h>
#include <stdio.h>

static const struct {
    const char *name;
    unsigned number;
} rows[] = {{"SR", 0},    {"ESR", 1},    {"ECA", 2},   {"EPC", 3}, {"EDPC", 4},
            {"EDATA", 5}, {"RM", 6},     {"IEEEF", 7}, {"FCC", 8}, {"PTO", 9},
            {"PTL", 10},  {"EMODE", 11}, {"MODE", 16}};
enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

static bool has_row(unsigned number)
{
    return number <= 11 || number == 16;
}

Test(vamp_special, each_register_is_written_by_movi2s_and_no_other_changes)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        char instruction[32];
        snprintf(instruction, sizeof instruction, "movi2s %s,r31", rows[i].name);
        struct scene scene = scene_system(instruction);
        scene.before.gpr[31] = 0x89ABCDEF;
        scene_step(&scene);
        scene_expect_no_interrupt(&scene);
        for (unsigned n = 0; n < VAMP_SPR_COUNT; n++)
            cr_expect_eq(scene.after.spr[n], n == rows[i].number ? 0x89ABCDEF : scene.before.spr[n],
                         "%s: s%u", rows[i].name, n);
    }
}

Test(vamp_special, each_register_is_read_by_movs2i)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        char instruction[32];
        snprintf(instruction, sizeof instruction, "movs2i r31,%s", rows[i].name);
        struct scene scene = scene_system(instruction);
        scene.before.spr[VAMP_SPR_SR] = 0x1000;
        scene_step(&scene);
        scene_expect_no_interrupt(&scene);
        cr_expect_eq(scene.after.gpr[31], scene.before.spr[rows[i].number], "%s", rows[i].name);
        cr_expect_arr_eq(scene.after.spr, scene.before.spr, sizeof scene.before.spr);
    }
}

Test(vamp_special, all_other_numbers_read_0_and_ignore_writes)
{
    for (unsigned n = 0; n < VAMP_SPR_COUNT; n++) {
        char instruction[32];
        if (has_row(n))
            continue;
        snprintf(instruction, sizeof instruction, "movi2s s%u,r31", n);
        struct scene scene = scene_system(instruction);
        scene_step(&scene);
        scene_expect_no_interrupt(&scene);
        cr_expect_arr_eq(scene.after.spr, scene.before.spr, sizeof scene.before.spr);
        snprintf(instruction, sizeof instruction, "movs2i r31,s%u", n);
        scene = scene_system(instruction);
        scene_step(&scene);
        scene_expect_no_interrupt(&scene);
        cr_expect_eq(scene.after.gpr[31], 0, "s%u", n);
    }
}

Test(vamp_special, each_register_has_its_name)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        cr_expect_str_eq(vamp_spr_name(rows[i].number), rows[i].name);
    for (unsigned n = 0; n < VAMP_SPR_COUNT; n++) {
        cr_expect_eq(vamp_spr_exists(n), has_row(n));
        cr_expect_eq(vamp_spr_name(n) != NULL, has_row(n));
    }
}

Test(vamp_special, movs2i_to_r0_has_no_effect)
{
    struct scene scene = scene_system("movs2i r0,ESR");
    scene_step(&scene);
    scene_expect_no_interrupt(&scene);
    cr_expect_eq(scene.after.gpr[0], 0);
}
