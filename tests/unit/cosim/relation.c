/* Each conjunct of the relations: it holds, and it fails when one thing is broken, by both ways. */
#include "relation_world.h"

#include <criterion/criterion.h>
#include <string.h>

/* --- Agreement --- */

Test(relation, a_machine_after_reset_agrees)
{
    struct world *world = world_new();
    world_agrees(world);
    world_agrees(world);
    world_free(world);
}

Test(relation, a_busy_machine_agrees_at_each_point)
{
    struct world *world = world_new_busy();
    world_agrees(world);
    world_move_to(world, COSIM_IN_PROCESS);
    world_agrees(world);
    world_run(world, 7);
    world_agrees(world);
    world_move_to(world, COSIM_AT_ENTRY);
    world_agrees(world);
    world_move_to(world, COSIM_IN_KERNEL);
    world_agrees(world);
    world_dispatch(world, CVM_IDLE);
    world_agrees(world);
    world_move_to(world, COSIM_IN_PROCESS);
    world_agrees(world);
    vamp_machine_state(world->processor)->dpc = 12;
    vamp_machine_state(world->processor)->pcp = 8;
    world_agrees(world);
    world_free(world);
}

Test(relation, all_that_there_is_is_compared)
{
    struct world *world = world_new_busy();
    memset(&world->counts, 0, sizeof world->counts);
    world_sweep(world);
    /* 25 pages, some of them lost: none; one more comparison a page for that. */
    cr_expect_eq(world->counts.compared[COSIM_MEMORY], 25 * (1024 + 1));
    cr_expect_eq(world->counts.compared[COSIM_REGISTERS], 4 * (32 + 5));
    /* kernel 1 + 20 * 4 + 2 + 5, a b c next 4, anchor 3, and three objects of the list. */
    cr_expect_eq(world->counts.compared[COSIM_KERNEL], 88 + 4 + 3 + 9);
    cr_expect_eq(world->counts.compared[COSIM_DEVICES], 3);
    cr_expect_eq(world->counts.compared[COSIM_PAGES], WORLD_PROCESSES + 2);
    cr_expect_eq(world->counts.compared[COSIM_TABLES], 25 + 2);
    world_free(world);
}

Test(relation, a_check_after_nothing_compares_no_more_than_who_runs)
{
    struct world *world = world_new_busy();
    world_agrees(world);
    memset(&world->counts, 0, sizeof world->counts);
    cr_assert(world_check(world));
    cr_expect_eq(world->counts.compared[COSIM_MEMORY], 0);
    cr_expect_eq(world->counts.compared[COSIM_REGISTERS], 32 + 5);
    cr_expect_eq(world->counts.compared[COSIM_KERNEL], 0);
    cr_expect_eq(world->counts.compared[COSIM_DEVICES], 0);
    cr_expect_eq(world->counts.compared[COSIM_TABLES], 0);
    cr_expect_eq(world->counts.compared[COSIM_FRAMES], 0);
    world_free(world);
}

Test(relation, a_write_costs_its_line)
{
    struct world *world = world_new_busy();
    world_agrees(world);
    memset(&world->counts, 0, sizeof world->counts);
    world_call(world, CVM_PRIMITIVE_SET_WORD, 3, 3 * VAMP_PAGE_BYTES + 0x804, 77);
    cr_assert(world_check(world));
    cr_expect_eq(world->counts.compared[COSIM_MEMORY], 64 + 1);
    cr_expect_eq(world->counts.compared[COSIM_REGISTERS], 32 + 5); /* of who ran, saved */
    world_free(world);
}

Test(relation, it_goes_on_after_a_divergence_is_undone)
{
    struct world *world = world_new_busy();
    world_agrees(world);
    uint32_t address = world_entry_address(3, 2), entry = world_word(world, address);
    world_write(world, address, 0xFFFFF800);
    cr_assert_not(world_check(world));
    world_write(world, address, entry);
    world_agrees(world);
    world_free(world);
}

/* --- Divergence --- */

/* The busy machine is seen to agree first, so that the incremental check has to see the change. */
#define BREAKS(name, conjunct, place, ...)                                                         \
    Test(relation_breaks, name)                                                                    \
    {                                                                                              \
        struct world *world = world_new_busy();                                                    \
        struct vamp_state *state = vamp_machine_state(world->processor);                           \
        (void)state;                                                                               \
        world_agrees(world);                                                                       \
        __VA_ARGS__;                                                                               \
        world_differs(world, conjunct, place);                                                     \
        world_free(world);                                                                         \
    }

static uint32_t frame_of(const struct world *world, uint32_t p, uint32_t v)
{
    return world_word(world, world_entry_address(p, v)) & ~UINT32_C(0xFFF);
}

static void flip(struct world *world, uint32_t address)
{
    world_write(world, address, world_word(world, address) ^ 0x10);
}

BREAKS(another_process_for_the_layer, COSIM_NEXT, "current",
       world_write(world, world->kernel.current, 3))
BREAKS(a_process_in_system_mode, COSIM_CONTROL, "EMODE", state->spr[VAMP_SPR_EMODE] = 0)
BREAKS(the_kernel_in_user_mode, COSIM_CONTROL, "MODE", state->spr[VAMP_SPR_MODE] = 1)
BREAKS(waiting_elsewhere, COSIM_CONTROL, "the waiting machine's dpc",
       world_dispatch(world, CVM_IDLE);
       state->spr[VAMP_SPR_EDPC] = 16)
BREAKS(waiting_with_another_pcp, COSIM_CONTROL, "the waiting machine's pcp",
       world_dispatch(world, CVM_IDLE);
       state->spr[VAMP_SPR_EPC] = 16)

BREAKS(another_mask_for_the_layer, COSIM_MASK, "the mask",
       world_write(world, world->kernel.mask, 0x24))
BREAKS(a_mask_that_is_not_restored, COSIM_MASK, "ESR", state->spr[VAMP_SPR_ESR] = 0x40)
BREAKS(overflows_that_are_masked, COSIM_MASK, "ESR", state->spr[VAMP_SPR_ESR] &= ~0x40u)
BREAKS(interrupts_in_the_kernel, COSIM_MASK, "SR", world_move_to(world, COSIM_IN_KERNEL);
       state->spr[VAMP_SPR_SR] = 0x2000)
BREAKS(a_mask_of_who_runs, COSIM_MASK, "SR", world_move_to(world, COSIM_IN_PROCESS);
       state->spr[VAMP_SPR_SR] = 0x40)

BREAKS(a_field_of_the_kernel, COSIM_KERNEL, "kernel.process[3].exchange.partner",
       flip(world, world_address(world, "kernel.process[3].exchange.partner")))
BREAKS(a_field_of_the_abstract_kernel, COSIM_KERNEL, "kernel.process[19].exchange.is_request",
       uint32_t address = world_address(world, "kernel.process[19].exchange.is_request");
       world_set(world, "kernel.process[19].exchange.is_request", 1);
       world_write(world, address, 0))
BREAKS(a_pointer_into_another_element, COSIM_KERNEL, "kernel.cursor",
       uint32_t address = world_address(world, "kernel.cursor");
       world_write(world, address, world_word(world, address) + 4))
BREAKS(a_pointer_that_is_null, COSIM_KERNEL, "kernel.cursor",
       world_write(world, world_address(world, "kernel.cursor"), 0))
BREAKS(a_pointer_that_is_not_null, COSIM_KERNEL, "anchor.next",
       world_write(world, world_address(world, "anchor.next"), 0x2020))
BREAKS(a_pointer_to_another_object, COSIM_KERNEL, NULL, /* the sweep sees another object there */
       uint32_t address = world_address(world, "kernel.first");
       world_write(world, address, world_word(world, world_word(world, address) + 4)))
BREAKS(a_value_on_the_heap, COSIM_KERNEL, "heap object 1 (struct node).value",
       uint32_t first = world_word(world, world_address(world, "kernel.first"));
       flip(world, world_word(world, first + 4)))
BREAKS(a_pointer_on_the_heap, COSIM_KERNEL, "heap object 1 (struct node).of",
       uint32_t first = world_word(world, world_address(world, "kernel.first"));
       uint32_t second = world_word(world, first + 4); world_write(world, second + 8, first))

BREAKS(a_device_that_has_moved_on_one_side, COSIM_DEVICES, "device 0 (timer)",
       world->devices.devices[0]->class->write(world->devices.devices[0], 0, 1);
       relation_note_device(world->relation, 0))

BREAKS(a_page_too_much, COSIM_PAGES, "page_count[3]",
       world_write(world, world->kernel.page_counts + 12, 19))
BREAKS(pages_of_nobody, COSIM_PAGES, "page_count[0]",
       world_write(world, world->kernel.page_counts, 1))
BREAKS(the_table_of_another, COSIM_PAGES, "PTO", state->spr[VAMP_SPR_PTO]++)
BREAKS(a_table_too_long, COSIM_PAGES, "PTL", state->spr[VAMP_SPR_PTL]++)

BREAKS(an_entry_with_a_strange_bit, COSIM_TABLES, "page table entry 2",
       world_write(world, world_entry_address(2, 2), WORLD_ENTRY_ZERO | 4))
BREAKS(an_entry_that_is_neither_swapped_nor_lost, COSIM_TABLES, "page table entry 17",
       world_write(world, world_entry_address(3, 17), 0x1001))
BREAKS(an_entry_of_ones, COSIM_TABLES, "page table entry 1",
       world_write(world, world_entry_address(3, 1), 0xFFFFFFFF))
BREAKS(a_page_that_is_a_page_table, COSIM_TABLES, "page table entry 1",
       world_write(world, world_entry_address(2, 1), WORLD_TABLES | 0x800))
BREAKS(a_page_of_the_kernel, COSIM_TABLES, "page table entry 1",
       world_write(world, world_entry_address(2, 1), 0x1000 | 0x800))
BREAKS(a_page_behind_the_frames, COSIM_TABLES, "page table entry 1",
       world_write(world, world_entry_address(2, 1), WORLD_MEMORY_BYTES | 0x800))
BREAKS(a_frame_that_is_protected, COSIM_TABLES, "page table entry 3",
       uint32_t address = world_entry_address(3, 3);
       world_write(world, address, world_word(world, address) | 0x400))
BREAKS(an_empty_table_with_an_entry, COSIM_TABLES, "page table entry 0",
       world_write(world, world_entry_address(4, 0), WORLD_ENTRY_ZERO))
BREAKS(a_table_of_nobody_with_an_entry, COSIM_TABLES, "page table entry 0",
       world_write(world, world_entry_address(0, 0), WORLD_ENTRY_ZERO))

BREAKS(a_frame_for_two_processes, COSIM_FRAMES, "page table entry 3",
       world_write(world, world_entry_address(3, 3), frame_of(world, 2, 1) | 0x800))
BREAKS(a_frame_twice_in_one_process, COSIM_FRAMES, "page table entry 3",
       world_write(world, world_entry_address(3, 3), frame_of(world, 3, 2) | 0x800))
BREAKS(a_zero_page_that_is_not_protected, COSIM_FRAMES, "page table entry 2",
       world_write(world, world_entry_address(2, 2), WORLD_ENTRY_ZERO & ~0x400))
BREAKS(a_zero_page_that_is_written, COSIM_FRAMES, "the zero page",
       world_write(world, WORLD_ZERO_FRAME *VAMP_PAGE_BYTES + 0x10, 1))

BREAKS(a_register_that_is_not_restored, COSIM_REGISTERS, "gpr[17]", state->gpr[17] = 1)
BREAKS(another_dpc, COSIM_REGISTERS, "dpc", state->spr[VAMP_SPR_EDPC] += 4)
BREAKS(another_pcp, COSIM_REGISTERS, "pcp", state->spr[VAMP_SPR_EPC] += 4)
BREAKS(another_dpc_between_instructions, COSIM_REGISTERS, "dpc",
       world_move_to(world, COSIM_IN_PROCESS);
       state->dpc += 4)
BREAKS(another_rounding_mode, COSIM_REGISTERS, "RM", state->spr[VAMP_SPR_RM] = 1)
BREAKS(other_flags, COSIM_REGISTERS, "IEEEF", state->spr[VAMP_SPR_IEEEF] = 1)
BREAKS(another_condition, COSIM_REGISTERS, "FCC", state->spr[VAMP_SPR_FCC] = 1)
BREAKS(a_control_block, COSIM_REGISTERS, "gpr[31]",
       flip(world, world_block(world, 3) + world->kernel.gpr_offset + 31 * 4))
BREAKS(a_pcp_in_a_control_block, COSIM_REGISTERS, "pcp",
       flip(world, world_block(world, 1) + world->kernel.pcp_offset))
BREAKS(registers_that_were_not_saved, COSIM_REGISTERS, "gpr[9]",
       world_write(world, world_block(world, 2) + world->kernel.gpr_offset + 9 * 4, 5);
       cr_assert(world_check(world)); /* nobody reads it while the process runs */
           *state = (struct vamp_state){.dpc = 0x400, .pcp = 0x404}; world->point = COSIM_IN_KERNEL)

BREAKS(a_word_in_a_frame, COSIM_MEMORY, "memory of process 3",
       flip(world, frame_of(world, 3, 3) + 0xFFC))
BREAKS(a_word_on_the_swap_disk, COSIM_MEMORY, "memory of process 1",
       world_write_swap(world, cosim_swap_sector(&world->kernel, 1, 0) + 7, 508, 9))
BREAKS(a_page_in_the_wrong_state, COSIM_MEMORY, "memory of process 3",
       world_write(world, world_entry_address(3, 3), WORLD_ENTRY_ZERO))
BREAKS(frames_that_are_exchanged, COSIM_MEMORY, "memory of process 3",
       uint32_t one = world_word(world, world_entry_address(3, 2));
       uint32_t other = world_word(world, world_entry_address(3, 3));
       world_write(world, world_entry_address(3, 2), other);
       world_write(world, world_entry_address(3, 3), one))
BREAKS(a_lost_page_that_is_not, COSIM_MEMORY, "memory of process 2",
       world_write(world, world_entry_address(2, 0), 0))
BREAKS(a_page_that_is_lost_on_the_abstract_side, COSIM_MEMORY, "memory of process 3",
       cvm_lose_page(world->cvm, 3, 3))
BREAKS(an_eviction_without_the_write, COSIM_MEMORY, "memory of process 3",
       world_write(world, world_entry_address(3, 3), 1))
BREAKS(a_word_of_the_abstract_process, COSIM_MEMORY, "memory of process 1",
       world_call(world, CVM_PRIMITIVE_SET_WORD, 1, 0x104, 5);
       world_write(world, frame_of(world, 1, 0) + 0x104, 0))

Test(relation, a_place_names_page_and_address)
{
    struct world *world = world_new_busy();
    uint32_t frame = frame_of(world, 3, 3);
    world_write(world, frame + 0xFFC, 9);
    cr_assert_not(world_check(world));
    const struct cosim_divergence *found = &world->divergence;
    cr_expect_eq(found->process, 3);
    cr_expect(found->has_address);
    cr_expect_eq(found->address, 0x3FFC);
    cr_expect_eq(found->abstract, 0x303);
    cr_expect_eq(found->concrete, 9);
    char expected[200];
    snprintf(expected, sizeof expected,
             "process 3 has 0x00000303 at 0x00003ffc, and 0x00000009 in its page 3, resident at "
             "0x%08x",
             frame);
    cr_expect_str_eq(found->text, expected);
    world_free(world);
}

static void says(struct world *world, const char *expected)
{
    cr_assert_not(world_check(world));
    cr_expect_not_null(strstr(world->divergence.text, expected), "%s", world->divergence.text);
}

Test(relation, pointers_are_told_by_what_they_lead_to)
{
    struct world *world = world_new_busy();
    world_agrees(world);
    uint32_t cursor = world_address(world, "kernel.cursor"), right = world_word(world, cursor);
    world_write(world, cursor, right + 4);
    says(world, "kernel.cursor points to kernel.numbers[3] in the abstract kernel, and at 0x");
    cr_expect_not_null(strstr(world->divergence.text, " to kernel.numbers[4]"));
    cr_expect_eq(world->divergence.abstract, right);
    world_write(world, cursor, 0);
    says(world, " to NULL");
    world_write(world, cursor, 0x12345);
    says(world, " to 0x00012345");
    world_write(world, cursor, right);
    world_write(world, world_address(world, "kernel.first"), 0x4000);
    says(world, " to 0x00004000, which is no place of the heap for it");
    world_free(world);
}

Test(relation, lost_pages_agree_and_have_no_content)
{
    struct world *world = world_new_busy();
    world_agrees(world);
    world_lose(world, 3, 2);
    world_agrees(world);
    world_move_to(world, COSIM_IN_KERNEL);
    world_call(world, CVM_PRIMITIVE_SET_WORD, 3, 2 * VAMP_PAGE_BYTES, 5);
    world_agrees(world);
    world_call(world, CVM_PRIMITIVE_FREE, 3, 17, 0);
    world_call(world, CVM_PRIMITIVE_ALLOC, 3, 3, 0);
    world_agrees(world);
    world_free(world);
}

Test(relation, objects_that_nothing_leads_to_are_not_compared)
{
    struct world *world = world_new_busy();
    world_agrees(world);
    uint32_t first = world_word(world, world_address(world, "kernel.first"));
    world_pop(world);
    world_agrees(world);
    flip(world, first);
    world_agrees(world);
    world_push(world, 14);
    world_agrees(world);
    flip(world, world_word(world, world_address(world, "kernel.first")));
    world_differs(world, COSIM_KERNEL, "heap object 3 (struct node).value");
    world_free(world);
}

Test(relation, a_sector_that_cannot_be_read_is_a_divergence)
{
    struct world *world = world_new_busy();
    world_agrees(world);
    world_write(world, world_entry_address(3, 3), 1);
    world->swap.sector_count = 8; /* the relation has a view of its own */
    cr_expect_not(world_check(world));
    cr_expect_eq(world->divergence.conjunct, COSIM_MEMORY);
    world_free(world);
}

Test(relation, moved_devices_agree)
{
    struct world *world = world_new_busy();
    world_tick(world);
    world_agrees(world);
    cr_expect_eq(world->counts.compared[COSIM_DEVICES], 3 + 3 + 0);
    world_free(world);
}
