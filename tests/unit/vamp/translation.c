/* Address translation, rule by rule: page table entries, faults, what is outside memory. */
#include "tests/unit/vamp/scene.h"

#include <criterion/criterion.h>
#include <stdio.h>

enum { MAL = 1 << 2, PFF = 1 << 3, PFLS = 1 << 4 };

/* `instruction` with r2 = address. */
static struct scene user_access(const char *instruction, uint32_t address)
{
    struct scene scene = scene_user(instruction);
    scene.before.gpr[2] = address;
    return scene;
}

static struct scene system_access(const char *instruction, uint32_t address)
{
    struct scene scene = scene_system(instruction);
    scene.before.gpr[2] = address;
    return scene;
}

/* --- Modes --- */

Test(vamp_translation, system_mode_uses_physical_addresses)
{
    struct scene scene = system_access("lw r1,r2,0", 0x5008);
    scene.before.spr[VAMP_SPR_PTO] = UINT32_MAX;
    scene.before.spr[VAMP_SPR_PTL] = UINT32_MAX;
    scene_write(&scene, 0x5008, 0x12345678);
    scene_step(&scene);
    scene_expect_no_interrupt(&scene);
    cr_expect_eq(scene.after.gpr[1], 0x12345678);
}

Test(vamp_translation, every_mode_but_0_is_user_mode)
{
    static const uint32_t modes[] = {1, 2, 0x80000000, UINT32_MAX};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        struct scene scene = user_access("lw r1,r2,0", 0x1008);
        scene.before.spr[VAMP_SPR_MODE] = modes[i];
        scene_write(&scene, 0x4008, 0x12345678);
        scene_step(&scene);
        scene_expect_no_interrupt(&scene);
        cr_expect_eq(scene.after.gpr[1], 0x12345678);
    }
}

/* --- pma = ppx . bx --- */

/* The first and the last word of a page, and bytes within. */
Test(vamp_translation, loads_and_stores_go_to_ppx_and_bx)
{
    static const uint32_t offsets[] = {0, 4, 0x7FC, 0xFFC};
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        struct scene scene = user_access("lw r1,r2,0", 0x1000 + offsets[i]);
        scene_write(&scene, 0x4000 + offsets[i], 0x89ABCDEF);
        scene_step(&scene);
        scene_expect_no_interrupt(&scene);
        cr_expect_eq(scene.after.gpr[1], 0x89ABCDEF);
        scene = user_access("sw r1,r2,0", 0x1000 + offsets[i]);
        scene_step(&scene);
        scene_expect_no_interrupt(&scene);
        cr_expect_eq(scene_read(&scene, 0x4000 + offsets[i]), 0x11);
        cr_expect_neq(scene_read(&scene, 0x1000 + offsets[i]), 0x11, "not to the virtual address");
    }
}

Test(vamp_translation, fetches_go_to_ppx_and_bx)
{
    struct scene scene = scene_user("nop");
    scene.before.dpc = 0x1FFC;
    scene_put(&scene, 0x4FFC, "addi r1,r1,1");
    scene_step(&scene);
    scene_expect_no_interrupt(&scene);
    cr_expect_eq(scene.after.gpr[1], 0x12);
}

Test(vamp_translation, a_program_goes_on_from_page_to_page)
{
    struct scene scene = scene_user("nop");
    scene.before.dpc = 0x0FFC;
    scene.before.pcp = 0x1000;
    scene_put(&scene, 0x3FFC, "addi r1,r1,1");
    scene_put(&scene, 0x4000, "addi r2,r2,1");
    scene_step(&scene);
    scene_step_on(&scene);
    cr_expect_eq(scene.after.gpr[1], 0x12);
    cr_expect_eq(scene.after.gpr[2], 0x23);
}

Test(vamp_translation, each_width_of_access_on_a_page)
{
    static const struct {
        const char *instruction;
        uint32_t address, expected;
    } loads[] = {{"lb r1,r2,0", 0x1001, 0xFFFFFFCD}, {"lbu r1,r2,0", 0x1001, 0xCD},
                 {"lh r1,r2,0", 0x1002, 0xFFFF89AB}, {"lhu r1,r2,0", 0x1002, 0x89AB},
                 {"lb r1,r2,0", 0x1003, 0xFFFFFF89}, {"lhu r1,r2,0", 0x1000, 0xCDEF}},
      stores[] = {{"sb r1,r2,0", 0x1000, 0x89ABCD11},
                  {"sb r1,r2,0", 0x1003, 0x11ABCDEF},
                  {"sh r1,r2,0", 0x1000, 0x89AB0011},
                  {"sh r1,r2,0", 0x1002, 0x0011CDEF}};
    for (size_t i = 0; i < sizeof loads / sizeof loads[0]; i++) {
        struct scene scene = user_access(loads[i].instruction, loads[i].address);
        scene_write(&scene, 0x4000, 0x89ABCDEF);
        scene_step(&scene);
        scene_expect_no_interrupt(&scene);
        cr_expect_eq(scene.after.gpr[1], loads[i].expected, "%s", loads[i].instruction);
    }
    for (size_t i = 0; i < sizeof stores / sizeof stores[0]; i++) {
        struct scene scene = user_access(stores[i].instruction, stores[i].address);
        scene_write(&scene, 0x4000, 0x89ABCDEF);
        scene_step(&scene);
        scene_expect_no_interrupt(&scene);
        cr_expect_eq(scene_read(&scene, 0x4000), stores[i].expected, "%s", stores[i].instruction);
    }
}

Test(vamp_translation, two_pages_may_lead_to_one)
{
    struct scene scene = user_access("lw r1,r2,0", 0x2FF0);
    scene_map(&scene, SCENE_PROTECTED_PAGE, 0x4000 | SCENE_VALID);
    scene_write(&scene, 0x4FF0, 77);
    scene_step(&scene);
    cr_expect_eq(scene.after.gpr[1], 77);
}

/* --- The page table --- */

/* PTO counts pages. */
Test(vamp_translation, entry_is_at_pto_times_4096_plus_4_times_px)
{
    struct scene scene = user_access("lw r1,r2,0", 0x2010);
    scene.before.spr[VAMP_SPR_PTO] = 6;
    scene_write(&scene, 0x6000, 0x3000 | SCENE_VALID);
    scene_write(&scene, 0x6008, 0x7000 | SCENE_VALID);
    scene_write(&scene, 0x7010, 4711);
    scene_step(&scene);
    scene_expect_no_interrupt(&scene);
    cr_expect_eq(scene.after.gpr[1], 4711);
}

Test(vamp_translation, entry_without_bit_11_is_not_valid)
{
    struct scene scene = user_access("lw r1,r2,0", 0x1000);
    scene_map(&scene, SCENE_DATA_PAGE, 0xFFFFFFFF & ~(uint32_t)SCENE_VALID);
    scene_step(&scene);
    scene_expect_without_effect(&scene, PFLS, 0x1000);
    scene = scene_user("nop");
    scene_map(&scene, SCENE_CODE_PAGE, 0xFFFFFFFF & ~(uint32_t)SCENE_VALID);
    scene_step(&scene);
    scene_expect_without_effect(&scene, PFF, SCENE_DPC);
}

Test(vamp_translation, protected_page_is_read)
{
    static const char *const loads[] = {"lb r1,r2,0", "lbu r1,r2,0", "lh r1,r2,0", "lhu r1,r2,0",
                                        "lw r1,r2,0"};
    for (size_t i = 0; i < sizeof loads / sizeof loads[0]; i++) {
        struct scene scene = user_access(loads[i], 0x2000);
        scene_write(&scene, 0x5000, 0x33);
        scene_step(&scene);
        scene_expect_no_interrupt(&scene);
        cr_expect_eq(scene.after.gpr[1], 0x33);
    }
}

Test(vamp_translation, protected_page_is_executed)
{
    struct scene scene = scene_user("addi r1,r1,1");
    scene_map(&scene, SCENE_CODE_PAGE, 0x3000 | SCENE_VALID | SCENE_PROTECTED);
    scene_step(&scene);
    scene_expect_no_interrupt(&scene);
    cr_expect_eq(scene.after.gpr[1], 0x12);
}

Test(vamp_translation, protected_page_is_not_written)
{
    static const char *const stores[] = {"sb r1,r2,0", "sh r1,r2,0", "sw r1,r2,0"};
    for (size_t i = 0; i < sizeof stores / sizeof stores[0]; i++) {
        struct scene scene = user_access(stores[i], 0x2004);
        scene_step(&scene);
        scene_expect_without_effect(&scene, PFLS, 0x2004);
    }
}

Test(vamp_translation, page_that_is_protected_but_not_valid_faults_on_reads_too)
{
    struct scene scene = user_access("lw r1,r2,0", 0x2004);
    scene_map(&scene, SCENE_PROTECTED_PAGE, 0x5000 | SCENE_PROTECTED);
    scene_step(&scene);
    scene_expect_without_effect(&scene, PFLS, 0x2004);
}

Test(vamp_translation, bits_0_to_9_of_an_entry_are_ignored)
{
    for (unsigned bit = 0; bit < 10; bit++) {
        struct scene scene = user_access("sw r1,r2,0", 0x1000);
        scene_map(&scene, SCENE_DATA_PAGE, 0x4000 | SCENE_VALID | UINT32_C(1) << bit);
        scene_map(&scene, SCENE_CODE_PAGE, 0x3000 | SCENE_VALID | UINT32_C(1) << bit);
        scene_step(&scene);
        scene_expect_no_interrupt(&scene);
        cr_expect_eq(scene_read(&scene, 0x4000), 0x11);
    }
}

/* An entry counts from the step after the store into it. */
Test(vamp_translation, a_program_that_maps_its_page_table_changes_it)
{
    struct scene scene = user_access("sw r1,r2,12", 0x1000);
    scene_map(&scene, SCENE_DATA_PAGE, SCENE_TABLE | SCENE_VALID);
    scene_put(&scene, 0x3000 + SCENE_PCP, "lw r4,r5,0");
    scene_write(&scene, 0x6000, 0xCAFE);
    scene.before.gpr[1] = 0x6000 | SCENE_VALID;
    scene.before.gpr[5] = SCENE_INVALID_PAGE * 0x1000;
    scene_step(&scene);
    scene_expect_no_interrupt(&scene);
    scene_step_on(&scene);
    scene_expect_no_interrupt(&scene);
    cr_expect_eq(scene.after.gpr[4], 0xCAFE);
}

/* --- The length: px > PTL, signed --- */

static void check_length(uint32_t length, uint32_t page, bool faults)
{
    struct scene scene = user_access("lw r1,r2,0", page << 12);
    scene.before.spr[VAMP_SPR_PTL] = length;
    scene_map(&scene, page, 0x4000 | SCENE_VALID);
    scene_write(&scene, 0x4000, 0xBEEF);
    scene_step(&scene);
    if (faults) {
        scene_expect_without_effect(&scene, PFLS, page << 12);
    } else {
        scene_expect_no_interrupt(&scene);
        cr_expect_eq(scene.after.gpr[1], 0xBEEF);
    }
}

Test(vamp_translation, ptl_is_the_last_page_that_there_is)
{
    check_length(0, 1, true);
    check_length(1, 1, false);
    check_length(1, 2, true);
    check_length(0x3FF, 0x3FF, false);
    check_length(0x3FF, 0x400, true);
}

Test(vamp_translation, ptl_beyond_all_pages_allows_them_all)
{
    check_length(0x00100000, 1, false);
    check_length(0x7FFFFFFF, 0x3FF, false);
}

Test(vamp_translation, ptl_of_minus_1_means_no_page_at_all)
{
    struct scene scene = scene_user("nop");
    scene.before.spr[VAMP_SPR_PTL] = UINT32_MAX;
    scene_step(&scene);
    scene_expect_without_effect(&scene, PFF, SCENE_DPC);
    scene.before.dpc = 0xFFFFF000;
    scene_step(&scene);
    scene_expect_without_effect(&scene, PFF, 0xFFFFF000);
}

Test(vamp_translation, every_negative_ptl_means_no_page_at_all)
{
    static const uint32_t lengths[] = {0x80000000, 0xFFFFFFFE, 0xFFF00000, 0x80000001};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct scene scene = scene_user("nop");
        scene.before.spr[VAMP_SPR_PTL] = lengths[i];
        scene_step(&scene);
        scene_expect_without_effect(&scene, PFF, SCENE_DPC);
    }
}

/* --- mal before page faults --- */

Test(vamp_translation, misaligned_fetch_is_before_page_fault_and_configuration_error)
{
    struct scene scene = scene_user("nop");
    scene.before.dpc = SCENE_INVALID_PAGE * 0x1000 + 1;
    scene_step(&scene);
    scene_expect_without_effect(&scene, MAL, SCENE_INVALID_PAGE * 0x1000 + 1);
    scene.before.spr[VAMP_SPR_PTO] = SCENE_BYTES / VAMP_PAGE_BYTES;
    scene_step(&scene);
    scene_expect_without_effect(&scene, MAL, SCENE_INVALID_PAGE * 0x1000 + 1);
}

Test(vamp_translation, misaligned_data_is_before_page_fault_and_configuration_error)
{
    struct scene scene = user_access("sw r1,r2,2", 0x2000);
    scene_step(&scene);
    scene_expect_without_effect(&scene, MAL, 0x2002);
    scene = user_access("lw r1,r2,2", 0x1000);
    scene_map(&scene, SCENE_DATA_PAGE, 0xFFFF8000 | SCENE_VALID);
    scene_step(&scene);
    scene_expect_without_effect(&scene, MAL, 0x1002);
}

/* --- Errors of the machine's configuration --- */

Test(vamp_translation, page_table_outside_memory_is_a_configuration_error)
{
    static const uint32_t origins[] = {SCENE_BYTES / VAMP_PAGE_BYTES,
                                       0xFFFF8,
                                       0xFFFFF,
                                       0x100000,
                                       0x100001,
                                       0x80000000,
                                       0xFFFFFFFF};
    for (size_t i = 0; i < sizeof origins / sizeof origins[0]; i++) {
        struct scene scene = scene_user("nop");
        scene.before.spr[VAMP_SPR_PTO] = origins[i];
        scene_step(&scene);
        scene_expect_stop(&scene, VAMP_STOP_PAGE_TABLE_FETCH, SCENE_DPC);
        cr_expect_eq(scene.access.count, 0, "no device is asked for it");
    }
}

/* The table at the last page of memory: its entry 0x3FF is there, 0x400 is not. */
Test(vamp_translation, page_table_may_end_with_memory)
{
    struct scene scene = user_access("lw r1,r2,0", 0x3FF << 12);
    scene.before.spr[VAMP_SPR_PTO] = SCENE_BYTES / VAMP_PAGE_BYTES - 1;
    scene.before.spr[VAMP_SPR_PTL] = 0x400;
    scene_write(&scene, SCENE_BYTES - 0x1000, 0x3000 | SCENE_VALID);
    scene_write(&scene, SCENE_BYTES - 4, 0x4000 | SCENE_VALID);
    scene_write(&scene, 0x4000, 0xBEEF);
    scene_step(&scene);
    scene_expect_no_interrupt(&scene);
    cr_expect_eq(scene.after.gpr[1], 0xBEEF);
    scene.before.gpr[2] = 0x400 << 12;
    scene_step(&scene);
    scene_expect_stop(&scene, VAMP_STOP_PAGE_TABLE, 0x400 << 12);
}

/* A store is no different, and the store has not happened. */
Test(vamp_translation, store_through_an_entry_outside_memory_stops)
{
    struct scene scene = user_access("sw r1,r2,0", 0x007FF000);
    scene.before.spr[VAMP_SPR_PTL] = 0xFFFFF;
    scene.before.gpr[2] = 0x01C00000; /* 4 * px is 0x7000, and the table is at 0x1000 */
    scene_step(&scene);
    scene_expect_stop(&scene, VAMP_STOP_PAGE_TABLE, 0x01C00000);
}

/* All of the 32-bit space is memory: 4 * px from the last page on would be at 0 again. */
Test(vamp_translation, entry_addresses_do_not_wrap_around)
{
    struct scene scene = user_access("lw r1,r2,0", 0x400 << 12);
    scene.memory_bytes = UINT64_C(1) << 32;
    scene.before.spr[VAMP_SPR_PTO] = 0xFFFFF;
    scene.before.spr[VAMP_SPR_PTL] = 0x7FFFFFFF;
    scene_write(&scene, 0xFFFFF000, 0x3000 | SCENE_VALID);
    scene_write(&scene, 0xFFFFFFFC, 0x4000 | SCENE_VALID);
    scene_write(&scene, 0, 0x4000 | SCENE_VALID);
    scene_step(&scene);
    scene_expect_stop(&scene, VAMP_STOP_PAGE_TABLE, 0x400 << 12);
    scene.before.gpr[2] = 0x3FF << 12;
    scene_step(&scene);
    scene_expect_no_interrupt(&scene);
}

Test(vamp_translation, pto_times_4096_does_not_wrap_around)
{
    struct scene scene = scene_user("nop");
    scene.memory_bytes = UINT64_C(1) << 32;
    scene.before.spr[VAMP_SPR_PTO] = 0x100001; /* modulo 2^32 the table would be found */
    scene_step(&scene);
    scene_expect_stop(&scene, VAMP_STOP_PAGE_TABLE_FETCH, SCENE_DPC);
}

/* The entry of a page that is not in the table is not looked at. */
Test(vamp_translation, length_is_checked_before_the_page_table_is_read)
{
    struct scene scene = scene_user("nop");
    scene.before.spr[VAMP_SPR_PTO] = 0xFFFFFFFF;
    scene.before.spr[VAMP_SPR_PTL] = UINT32_MAX;
    scene_step(&scene);
    scene_expect_without_effect(&scene, PFF, SCENE_DPC);
}

Test(vamp_translation, physical_address_outside_memory_is_a_configuration_error)
{
    static const uint32_t pages[] = {SCENE_BYTES, 0x7FFFF000, 0xFFFF7000, 0xFFFFF000};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        struct scene scene = scene_user("nop");
        scene_map(&scene, SCENE_CODE_PAGE, pages[i] | SCENE_VALID);
        scene_step(&scene);
        scene_expect_stop(&scene, VAMP_STOP_PHYSICAL_ADDRESS_FETCH, pages[i] + SCENE_DPC);
        scene = user_access("lb r1,r2,5", 0x1000);
        scene_map(&scene, SCENE_DATA_PAGE, pages[i] | SCENE_VALID);
        scene_step(&scene);
        scene_expect_stop(&scene, VAMP_STOP_PHYSICAL_ADDRESS, pages[i] + 5);
        cr_expect_eq(scene.access.count, 0);
    }
}

/* Devices belong to system mode. */
Test(vamp_translation, device_is_not_reached_from_user_mode)
{
    static const char *const instructions[] = {"lw r1,r2,0", "sw r1,r2,0"};
    for (size_t i = 0; i < 2; i++) {
        struct scene scene = user_access(instructions[i], 0x1004);
        scene_map(&scene, SCENE_DATA_PAGE, 0xFFFFA000 | SCENE_VALID);
        scene_step(&scene);
        scene_expect_stop(&scene, VAMP_STOP_PHYSICAL_ADDRESS, 0xFFFFA004);
        cr_expect_eq(scene.access.count, 0);
    }
}

/* A protected page that leads nowhere faults before it is followed. */
Test(vamp_translation, page_fault_is_before_the_physical_address)
{
    struct scene scene = user_access("sw r1,r2,0", 0x1004);
    scene_map(&scene, SCENE_DATA_PAGE, 0xFFFFA000 | SCENE_VALID | SCENE_PROTECTED);
    scene_step(&scene);
    scene_expect_without_effect(&scene, PFLS, 0x1004);
}

/* Virtual addresses that look like devices are pages as any other. */
Test(vamp_translation, virtual_addresses_of_devices_are_ordinary)
{
    struct scene scene = user_access("lw r1,r2,0", 0xFFFF8000);
    scene_step(&scene);
    scene_expect_without_effect(&scene, PFLS, 0xFFFF8000);

    scene.memory_bytes = 0x500000;
    scene.before.spr[VAMP_SPR_PTL] = 0xFFFFF;
    scene_write(&scene, SCENE_TABLE + 4 * 0xFFFF8, 0x4000 | SCENE_VALID);
    scene_write(&scene, 0x4000, 0xBEEF);
    scene_step(&scene);
    scene_expect_no_interrupt(&scene);
    cr_expect_eq(scene.after.gpr[1], 0xBEEF);
    cr_expect_eq(scene.access.count, 0);
}

/* --- Memory, devices and nothing, in system mode --- */

Test(vamp_bus, memory_ends_where_it_ends)
{
    struct scene scene = system_access("lw r1,r2,0", SCENE_BYTES - 4);
    scene_write(&scene, SCENE_BYTES - 4, 5);
    scene_step(&scene);
    scene_expect_no_interrupt(&scene);
    cr_expect_eq(scene.after.gpr[1], 5);
    scene.before.gpr[2] = SCENE_BYTES;
    scene_step(&scene);
    scene_expect_stop(&scene, VAMP_STOP_BUS_ERROR, SCENE_BYTES);
}

Test(vamp_bus, address_between_memory_and_devices_is_a_bus_error)
{
    static const char *const instructions[] = {"lb r1,r2,0", "lh r1,r2,0", "lw r1,r2,0",
                                               "sb r1,r2,0", "sh r1,r2,0", "sw r1,r2,0"};
    for (size_t i = 0; i < sizeof instructions / sizeof instructions[0]; i++) {
        struct scene scene = system_access(instructions[i], 0xFFFF7FFC);
        scene_step(&scene);
        scene_expect_stop(&scene, VAMP_STOP_BUS_ERROR, 0xFFFF7FFC);
        cr_expect_eq(scene.access.count, 0);
    }
}

Test(vamp_bus, fetch_outside_memory_is_a_bus_error)
{
    struct scene scene = scene_system("nop");
    scene.before.dpc = SCENE_BYTES;
    scene_step(&scene);
    scene_expect_stop(&scene, VAMP_STOP_BUS_ERROR_FETCH, SCENE_BYTES);
    scene.before.dpc = 0xFFFF8000;
    scene_step(&scene);
    scene_expect_stop(&scene, VAMP_STOP_BUS_ERROR_FETCH, 0xFFFF8000);
    cr_expect_eq(scene.access.count, 0, "a device is no code");
}

/* Device d is at 0xFFFF8000 + d * 0x1000. */
Test(vamp_bus, words_of_each_device_are_read_and_written)
{
    for (uint32_t d = 0; d < 8; d++) {
        uint32_t address = 0xFFFF8000 + d * 0x1000 + 8;
        struct scene scene = system_access("lw r1,r2,0", address);
        scene_step(&scene);
        scene_expect_no_interrupt(&scene);
        cr_expect_eq(scene.after.gpr[1], 0xD0);
        cr_expect(scene.access.count == 1 && !scene.access.is_write);
        cr_expect_eq(scene.access.address, address);
        scene = system_access("sw r1,r2,0", address);
        scene_step(&scene);
        scene_expect_no_interrupt(&scene);
        cr_expect(scene.access.count == 1 && scene.access.is_write);
        cr_expect_eq(scene.access.address, address);
        cr_expect_eq(scene.access.word, 0x11);
    }
}

Test(vamp_bus, bytes_and_half_words_of_a_device_are_a_bus_error)
{
    static const char *const instructions[] = {"lb r1,r2,0",  "lbu r1,r2,0", "lh r1,r2,0",
                                               "lhu r1,r2,0", "sb r1,r2,0",  "sh r1,r2,0"};
    for (size_t i = 0; i < sizeof instructions / sizeof instructions[0]; i++) {
        struct scene scene = system_access(instructions[i], 0xFFFFF000);
        scene_step(&scene);
        scene_expect_stop(&scene, VAMP_STOP_BUS_ERROR, 0xFFFFF000);
        cr_expect_eq(scene.access.count, 0, "the device is not asked");
    }
}

Test(vamp_bus, window_without_a_device_is_a_bus_error)
{
    static const char *const instructions[] = {"lw r1,r2,0", "sw r1,r2,0"};
    for (size_t i = 0; i < 2; i++) {
        struct scene scene = system_access(instructions[i], 0xFFFFE000);
        scene.has_devices = false;
        scene_step(&scene);
        scene_expect_stop(&scene, VAMP_STOP_BUS_ERROR, 0xFFFFE000);
    }
}

/* An interrupt that would let the instruction complete finds it not completed. */
Test(vamp_bus, bus_error_is_before_an_interrupt_that_continues)
{
    struct scene scene = system_access("lw r1,r2,0", SCENE_BYTES);
    scene.lines = 1 << 13;
    scene.before.spr[VAMP_SPR_SR] = 1 << 13;
    scene_step(&scene);
    scene_expect_stop(&scene, VAMP_STOP_BUS_ERROR, SCENE_BYTES);
}

/* --- In words --- */

static void check_message(const struct scene *scene, const char *name, const char *message)
{
    char text[256];
    vamp_diagnosis_print(&scene->diagnosis, text, sizeof text);
    cr_expect_str_eq(text, message);
    cr_expect_str_eq(vamp_diagnosis_name(&scene->diagnosis), name);
}

Test(vamp_bus, each_stop_says_what_it_is)
{
    struct scene scene = scene_system("nop");
    scene.before.dpc = 0x8000;
    scene_step(&scene);
    check_message(&scene, "bus-error", "bus-error: fetch from 0x00008000");
    scene = system_access("sb r1,r2,3", 0xFFFF8000);
    scene_step(&scene);
    check_message(&scene, "bus-error", "bus-error: sb r1,r2,3 at 0x00000100 accesses 0xffff8003");
    scene = scene_user("nop");
    scene.before.spr[VAMP_SPR_PTO] = 8;
    scene_step(&scene);
    check_message(&scene, "page-table",
                  "page-table: the entry for the fetch from 0x00000100 is outside memory");
    scene = user_access("lw r1,r2,0", 0x01C00000);
    scene.before.spr[VAMP_SPR_PTL] = 0xFFFFF;
    scene_step(&scene);
    check_message(&scene, "page-table",
                  "page-table: the entry for 0x01c00000, accessed by lw r1,r2,0 at 0x00000100, is "
                  "outside memory");
    scene = scene_user("nop");
    scene_map(&scene, SCENE_CODE_PAGE, 0x00009000 | SCENE_VALID);
    scene_step(&scene);
    check_message(&scene, "physical-address",
                  "physical-address: the fetch from 0x00000100 leads to 0x00009100, which is "
                  "outside memory");
    scene = user_access("sh r1,r2,6", 0x1000);
    scene_map(&scene, SCENE_DATA_PAGE, 0x00009000 | SCENE_VALID);
    scene_step(&scene);
    check_message(&scene, "physical-address",
                  "physical-address: sh r1,r2,6 at 0x00000100 leads to 0x00009006, which is "
                  "outside memory");
}
