/* Each primitive: its effect, and what is outside its precondition (kernel/cvm/cvm.h). */
#include "rig.h"

#include <criterion/criterion.h>
#include <string.h>

enum { PAGE = VAMP_PAGE_BYTES };

static struct rig rig;

static void begin(void)
{
    rig = rig_new();
}

static void end(void)
{
    rig_free(&rig);
}

TestSuite(cvm_primitives, .init = begin, .fini = end);

/* The kernel is at fault, and told why; nothing has happened. */
static void refuses(struct cvm_outcome outcome, const char *message)
{
    cr_assert_eq(outcome.status, CVM_FAULTED);
    cr_assert_str_eq(outcome.message, message);
    cr_assert_str_eq(outcome.where.file, "kernel.c0");
    cr_assert_gt(outcome.where.line, 4);
    cr_assert_lt(outcome.where.line, 27);
}

#define REFUSES(message, name, ...) refuses(TRY(&rig, name, __VA_ARGS__), message)

/* --- Processes --- */

Test(cvm_primitives, a_process_has_no_memory_at_first)
{
    struct vamp_state state = cvm_registers(rig.cvm, 1);
    cr_assert_eq(cvm_pages(rig.cvm, 1), 0);
    cr_assert_eq(state.dpc, 0);
    cr_assert_eq(state.pcp, 4);
    uint32_t word;
    cr_assert_not(cvm_read(rig.cvm, 1, 0, &word));
}

Test(cvm_primitives, reset_leaves_neither_registers_nor_memory)
{
    rig_start(&rig, 3, 2, "addi r1,r0,7\nori r2,r0,1\nmovi2s FCC,r1\nsw r1,16(r0)\n");
    cvm_run_process(rig.cvm, 4);
    cr_assert_eq(cvm_registers(rig.cvm, 3).spr[VAMP_SPR_FCC], 7);
    CALL(&rig, RESET, 3);
    struct vamp_state state = cvm_registers(rig.cvm, 3);
    struct vamp_state fresh = {.pcp = 4};
    cr_assert_eq(memcmp(&state, &fresh, sizeof fresh), 0);
    cr_assert_eq(cvm_pages(rig.cvm, 3), 0);
    CALL(&rig, ALLOC, 3, 1);
    cr_assert_eq(rig_word(&rig, 3, 16), 0);
    cr_assert_eq(rig_word(&rig, 3, 0), 0);
}

Test(cvm_primitives, reset_wants_a_process)
{
    REFUSES("cvm_reset: argument 1 is 0x0: no such process", RESET, 0);
    REFUSES("cvm_reset: argument 1 is 0x8: no such process", RESET, RIG_PROCESSES);
    REFUSES("cvm_reset: argument 1 is 0xffffffff: no such process", RESET, UINT32_MAX);
}

Test(cvm_primitives, clone_copies_registers_and_memory)
{
    rig_start(&rig, 2, 3, "addi r9,r0,7\nmovi2s RM,r9\nnop\n");
    cvm_run_process(rig.cvm, 2);
    CALL(&rig, SET_WORD, 2, 2 * PAGE + 4, 0x1234);
    CALL(&rig, ALLOC, 5, 8);
    CALL(&rig, SET_WORD, 5, 2 * PAGE + 8, 99);
    CALL(&rig, CLONE, 5, 2);
    struct vamp_state from = cvm_registers(rig.cvm, 2), to = cvm_registers(rig.cvm, 5);
    cr_assert_eq(memcmp(&from, &to, sizeof from), 0);
    cr_assert_eq(to.gpr[9], 7);
    cr_assert_eq(to.spr[VAMP_SPR_RM], 7);
    cr_assert_eq(to.dpc, 8);
    cr_assert_eq(cvm_pages(rig.cvm, 5), 3);
    for (uint32_t a = 0; a < 3 * PAGE; a += 4)
        cr_assert_eq(rig_word(&rig, 5, a), rig_word(&rig, 2, a));
    cr_assert_eq(rig_word(&rig, 5, 2 * PAGE + 4), 0x1234);
}

Test(cvm_primitives, a_clone_is_on_its_own)
{
    rig_start(&rig, 2, 1, "nop\n");
    CALL(&rig, CLONE, 1, 2);
    CALL(&rig, SET_WORD, 1, 64, 5);
    CALL(&rig, SET_GPR, 1, 4, 6);
    cr_assert_eq(rig_word(&rig, 2, 64), 0);
    cr_assert_eq(rig_gpr(&rig, 2, 4), 0);
}

Test(cvm_primitives, clone_wants_two_processes)
{
    REFUSES("cvm_clone: argument 1 is 0x0: no such process", CLONE, 0, 1);
    REFUSES("cvm_clone: argument 2 is 0x9: no such process", CLONE, 1, 9);
    REFUSES("cvm_clone: argument 2 is 0x3: a process cannot become a copy of itself", CLONE, 3, 3);
}

Test(cvm_primitives, alloc_gives_zeros_at_the_end)
{
    CALL(&rig, ALLOC, 1, 2);
    CALL(&rig, SET_WORD, 1, 2 * PAGE - 4, 17);
    CALL(&rig, ALLOC, 1, 6);
    cr_assert_eq(cvm_pages(rig.cvm, 1), 8);
    for (uint32_t a = 0; a < 8 * PAGE; a += 4)
        cr_assert_eq(rig_word(&rig, 1, a), a == 2 * PAGE - 4 ? 17 : 0);
    uint32_t word;
    cr_assert_not(cvm_read(rig.cvm, 1, 8 * PAGE, &word));
    cr_assert_not(cvm_read(rig.cvm, 1, 2, &word));
}

Test(cvm_primitives, alloc_gives_no_more_than_a_process_can_have)
{
    CALL(&rig, ALLOC, 1, 7);
    CALL(&rig, ALLOC, 1, 0);
    REFUSES("cvm_alloc: argument 2 is 0x2: more pages than the process can still have", ALLOC, 1,
            2);
    REFUSES("cvm_alloc: argument 2 is 0xffffffff: more pages than the process can still have",
            ALLOC, 1, UINT32_MAX);
    REFUSES("cvm_alloc: argument 1 is 0x0: no such process", ALLOC, 0, 1);
    cr_assert_eq(cvm_pages(rig.cvm, 1), 7);
    CALL(&rig, ALLOC, 1, 1);
}

Test(cvm_primitives, freed_pages_come_back_as_zeros)
{
    CALL(&rig, ALLOC, 1, 3);
    for (uint32_t v = 0; v < 3; v++)
        CALL(&rig, SET_WORD, 1, v * PAGE + 12, 0xAA);
    CALL(&rig, FREE, 1, 2);
    cr_assert_eq(cvm_pages(rig.cvm, 1), 1);
    CALL(&rig, ALLOC, 1, 1);
    cr_assert_eq(rig_word(&rig, 1, 12), 0xAA);
    cr_assert_eq(rig_word(&rig, 1, PAGE + 12), 0);
}

Test(cvm_primitives, free_takes_no_more_than_there_is)
{
    CALL(&rig, ALLOC, 1, 3);
    REFUSES("cvm_free: argument 2 is 0x4: more pages than the process has", FREE, 1, 4);
    REFUSES("cvm_free: argument 1 is 0x8: no such process", FREE, 8, 0);
    CALL(&rig, FREE, 1, 3);
    cr_assert_eq(cvm_pages(rig.cvm, 1), 0);
}

Test(cvm_primitives, registers_are_read_and_written)
{
    CALL(&rig, SET_GPR, 6, 31, 0xFFFFFFFF);
    cr_assert_eq(CALL(&rig, GET_GPR, 6, 31), 0xFFFFFFFF);
    cr_assert_eq(rig_gpr(&rig, 6, 31), 0xFFFFFFFF);
    cr_assert_eq(CALL(&rig, GET_GPR, 6, 30), 0);
}

Test(cvm_primitives, register_0_stays_0)
{
    CALL(&rig, SET_GPR, 6, 0, 5);
    cr_assert_eq(CALL(&rig, GET_GPR, 6, 0), 0);
}

Test(cvm_primitives, there_are_32_registers)
{
    REFUSES("cvm_get_gpr: argument 2 is 0x20: no such register", GET_GPR, 1, 32);
    REFUSES("cvm_set_gpr: argument 2 is 0x20: no such register", SET_GPR, 1, 32, 0);
    REFUSES("cvm_get_gpr: argument 1 is 0x0: no such process", GET_GPR, 0, 0);
    REFUSES("cvm_set_gpr: argument 1 is 0x8: no such process", SET_GPR, 8, 1, 0);
}

/* --- Memory --- */

Test(cvm_primitives, words_are_read_and_written)
{
    CALL(&rig, ALLOC, 7, 1);
    CALL(&rig, SET_WORD, 7, PAGE - 4, 0x01020304);
    cr_assert_eq(CALL(&rig, GET_WORD, 7, PAGE - 4), 0x01020304);
    cr_assert_eq(rig_word(&rig, 7, PAGE - 4), 0x01020304);
    cr_assert_eq(CALL(&rig, GET_WORD, 7, 0), 0);
}

Test(cvm_primitives, words_lie_in_memory)
{
    CALL(&rig, ALLOC, 7, 1);
    REFUSES("cvm_get_word: argument 2 is 0x1000: beyond the memory of the process", GET_WORD, 7,
            PAGE);
    REFUSES("cvm_get_word: argument 2 is 0x2: not a multiple of 4", GET_WORD, 7, 2);
    REFUSES("cvm_get_word: argument 1 is 0x8: no such process", GET_WORD, 8, 0);
    REFUSES("cvm_set_word: argument 2 is 0xfffffffc: beyond the memory of the process", SET_WORD, 7,
            0xFFFFFFFC, 1);
    REFUSES("cvm_set_word: argument 2 is 0x1: not a multiple of 4", SET_WORD, 7, 1, 1);
    REFUSES("cvm_set_word: argument 1 is 0x0: no such process", SET_WORD, 0, 0, 1);
    REFUSES("cvm_set_word: argument 2 is 0x0: beyond the memory of the process", SET_WORD, 1, 0, 1);
}

Test(cvm_primitives, copy_moves_words_between_processes)
{
    CALL(&rig, ALLOC, 1, 2);
    CALL(&rig, ALLOC, 2, 3);
    for (uint32_t i = 0; i < 1030; i++)
        CALL(&rig, SET_WORD, 1, 8 + 4 * i, i + 1);
    CALL(&rig, COPY, 2, PAGE - 8, 1, 8, 1030);
    for (uint32_t i = 0; i < 1030; i++)
        cr_assert_eq(rig_word(&rig, 2, PAGE - 8 + 4 * i), i + 1);
    cr_assert_eq(rig_word(&rig, 2, PAGE - 12), 0);
    cr_assert_eq(rig_word(&rig, 2, PAGE - 8 + 4 * 1030), 0);
}

Test(cvm_primitives, copy_within_a_process_goes_upwards)
{
    CALL(&rig, ALLOC, 1, 1);
    CALL(&rig, SET_WORD, 1, 0, 5);
    CALL(&rig, COPY, 1, 4, 1, 0, 3);
    for (uint32_t a = 0; a <= 12; a += 4)
        cr_assert_eq(rig_word(&rig, 1, a), 5);
    cr_assert_eq(rig_word(&rig, 1, 16), 0);
}

Test(cvm_primitives, copy_may_move_no_word)
{
    CALL(&rig, ALLOC, 1, 1);
    CALL(&rig, COPY, 1, 0, 1, PAGE - 4, 0);
    REFUSES("cvm_copy: argument 4 is 0x1000: beyond the memory of the process", COPY, 1, 0, 1, PAGE,
            0);
}

Test(cvm_primitives, copy_stays_within_both_memories)
{
    CALL(&rig, ALLOC, 1, 1);
    CALL(&rig, ALLOC, 2, 2);
    CALL(&rig, COPY, 1, 0, 2, PAGE, 1024);
    REFUSES("cvm_copy: argument 5 is 0x401: more words than the process's memory has from there on",
            COPY, 1, 0, 2, 0, 1025);
    REFUSES("cvm_copy: argument 5 is 0x2: more words than the process's memory has from there on",
            COPY, 1, 0, 2, 2 * PAGE - 4, 2);
    REFUSES("cvm_copy: argument 5 is 0x40000001: more words than the process's memory has from "
            "there on",
            COPY, 1, 0, 2, 0, 0x40000001);
    REFUSES("cvm_copy: argument 2 is 0x2: not a multiple of 4", COPY, 1, 2, 2, 0, 1);
    REFUSES("cvm_copy: argument 4 is 0x7: not a multiple of 4", COPY, 1, 0, 2, 7, 1);
    REFUSES("cvm_copy: argument 1 is 0x0: no such process", COPY, 0, 0, 2, 0, 1);
    REFUSES("cvm_copy: argument 3 is 0x8: no such process", COPY, 1, 0, 8, 0, 1);
    REFUSES("cvm_copy: argument 2 is 0x1000: beyond the memory of the process", COPY, 1, PAGE, 2, 0,
            1);
}

/* --- Devices --- */

Test(cvm_primitives, ports_are_written_and_read)
{
    CALL(&rig, OUT_WORD, 0, 0, 42); /* the timer's period, which COUNT then starts from */
    cr_assert_eq(CALL(&rig, IN_WORD, 0, 0), 42);
    cr_assert_eq(CALL(&rig, IN_WORD, 0, 1), 42);
    rig_event(&rig, 0, DEVICE_EVENT_TICK, 0);
    cr_assert_eq(CALL(&rig, IN_WORD, 0, 1), 41);
    cr_assert_eq(CALL(&rig, IN_WORD, 0, 1023), 0);
}

Test(cvm_primitives, ports_belong_to_devices_that_are_there)
{
    REFUSES("cvm_in_word: argument 1 is 0x1: the swap disk is hidden", IN_WORD, 1, 0);
    REFUSES("cvm_in_word: argument 1 is 0x6: no such device", IN_WORD, 6, 0);
    REFUSES("cvm_in_word: argument 1 is 0x8: no such device", IN_WORD, 8, 0);
    REFUSES("cvm_in_word: argument 2 is 0x400: no such port", IN_WORD, 0, 1024);
    REFUSES("cvm_out_word: argument 1 is 0x1: the swap disk is hidden", OUT_WORD, 1, 0, 0);
    REFUSES("cvm_out_word: argument 1 is 0x7: no such device", OUT_WORD, 7, 0, 0);
    REFUSES("cvm_out_word: argument 2 is 0xffffffff: no such port", OUT_WORD, 0, UINT32_MAX, 0);
}

/* The serial line keeps what comes in; its port 0 is what was received. */
Test(cvm_primitives, in_block_reads_a_port_word_by_word)
{
    CALL(&rig, ALLOC, 4, 1);
    CALL(&rig, OUT_WORD, 2, 2, 1); /* FIFOs on (docs/DEVICES.md) */
    for (uint32_t i = 0; i < 3; i++)
        rig_event(&rig, 2, DEVICE_EVENT_BYTE, 'a' + i);
    CALL(&rig, IN_BLOCK, 2, 0, 4, 20, 3);
    for (uint32_t i = 0; i < 3; i++)
        cr_assert_eq(rig_word(&rig, 4, 20 + 4 * i), 'a' + i);
    cr_assert_eq(rig_word(&rig, 4, 32), 0);
}

Test(cvm_primitives, out_block_writes_a_port_word_by_word)
{
    CALL(&rig, ALLOC, 4, 1);
    for (uint32_t i = 0; i < 3; i++)
        CALL(&rig, SET_WORD, 4, 4 * i, 10 + i);
    CALL(&rig, OUT_BLOCK, 0, 0, 4, 0, 3);
    cr_assert_eq(CALL(&rig, IN_WORD, 0, 0), 12, "the last word stays in the timer's period");
}

Test(cvm_primitives, blocks_have_a_port_and_memory)
{
    CALL(&rig, ALLOC, 4, 1);
    REFUSES("cvm_in_block: argument 1 is 0x1: the swap disk is hidden", IN_BLOCK, 1, 0, 4, 0, 1);
    REFUSES("cvm_in_block: argument 1 is 0x7: no such device", IN_BLOCK, 7, 0, 4, 0, 1);
    REFUSES("cvm_in_block: argument 2 is 0x400: no such port", IN_BLOCK, 0, 1024, 4, 0, 1);
    REFUSES("cvm_in_block: argument 3 is 0x0: no such process", IN_BLOCK, 0, 0, 0, 0, 1);
    REFUSES("cvm_in_block: argument 4 is 0x1000: beyond the memory of the process", IN_BLOCK, 0, 0,
            4, PAGE, 0);
    REFUSES("cvm_in_block: argument 5 is 0x401: more words than the process's memory has from "
            "there on",
            IN_BLOCK, 0, 0, 4, 0, 1025);
    REFUSES("cvm_out_block: argument 1 is 0x1: the swap disk is hidden", OUT_BLOCK, 1, 0, 4, 0, 1);
    REFUSES("cvm_out_block: argument 2 is 0x400: no such port", OUT_BLOCK, 0, 1024, 4, 0, 1);
    REFUSES("cvm_out_block: argument 3 is 0x8: no such process", OUT_BLOCK, 0, 0, 8, 0, 1);
    REFUSES("cvm_out_block: argument 4 is 0x6: not a multiple of 4", OUT_BLOCK, 0, 0, 4, 6, 1);
    REFUSES("cvm_out_block: argument 5 is 0x2: more words than the process's memory has from "
            "there on",
            OUT_BLOCK, 0, 0, 4, PAGE - 4, 2);
    CALL(&rig, IN_BLOCK, 0, 0, 4, PAGE - 4, 0);
}

Test(cvm_primitives, the_mask_has_a_bit_for_each_device_but_the_hidden_one)
{
    cr_assert_eq(CALL(&rig, GET_MASK, 0), 0);
    CALL(&rig, SET_MASK, 0x25);
    cr_assert_eq(CALL(&rig, GET_MASK, 0), 0x25);
    CALL(&rig, SET_MASK, UINT32_MAX);
    cr_assert_eq(CALL(&rig, GET_MASK, 0), 0xFD);
    cr_assert_eq(cvm_mask(rig.cvm), 0xFD);
}

/* --- Images --- */

static void fill_sector(uint32_t sector, unsigned char first)
{
    unsigned char bytes[DEVICE_SECTOR_BYTES];
    for (unsigned i = 0; i < DEVICE_SECTOR_BYTES; i++)
        bytes[i] = (unsigned char)(first + i);
    cr_assert(rig.setup.system_disk.write(rig.setup.system_disk.self, sector, bytes));
}

Test(cvm_primitives, load_reads_pages_of_the_system_disk)
{
    for (uint32_t s = 0; s < RIG_SECTORS; s++)
        fill_sector(s, (unsigned char)(16 * s));
    CALL(&rig, ALLOC, 2, 3);
    CALL(&rig, LOAD, 2, 3, 2);
    cr_assert_eq(rig_word(&rig, 2, 0), 0x33323130, "words are little-endian");
    cr_assert_eq(rig_word(&rig, 2, 512), 0x43424140);
    cr_assert_eq(rig_word(&rig, 2, 2 * PAGE - 512), 0x23222120, "sector 18");
    cr_assert_eq(rig_word(&rig, 2, 2 * PAGE), 0);
}

static bool read_up_to_9(void *self, uint32_t sector, unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    (void)self;
    for (unsigned i = 0; i < DEVICE_SECTOR_BYTES; i++)
        bytes[i] = 1;
    return sector != 10;
}

Test(cvm_primitives, load_ends_at_a_sector_that_cannot_be_read)
{
    rig.setup.system_disk.read = read_up_to_9;
    rig = rig_of(&rig);
    CALL(&rig, ALLOC, 2, 2);
    CALL(&rig, SET_WORD, 2, 3 * 512 - 4, 77);
    CALL(&rig, SET_WORD, 2, 2 * 512, 78);
    CALL(&rig, LOAD, 2, 8, 2);
    cr_assert_eq(rig_word(&rig, 2, 0), 0x01010101);
    cr_assert_eq(rig_word(&rig, 2, 2 * 512 - 4), 0x01010101);
    cr_assert_eq(rig_word(&rig, 2, 2 * 512), 78, "what cannot be read stays as it is");
    cr_assert_eq(rig_word(&rig, 2, 3 * 512), 0);
    cr_assert_eq(rig_word(&rig, 2, PAGE), 0);
}

Test(cvm_primitives, load_ends_with_the_disk)
{
    fill_sector(RIG_SECTORS - 1, 9);
    CALL(&rig, ALLOC, 2, 1);
    CALL(&rig, LOAD, 2, RIG_SECTORS - 1, 1);
    cr_assert_eq(rig_word(&rig, 2, 0), 0x0C0B0A09);
    cr_assert_eq(rig_word(&rig, 2, 512), 0);
    CALL(&rig, LOAD, 2, 0x0FFFFFF8, 1);
    cr_assert_eq(rig_word(&rig, 2, 0), 0x0C0B0A09);
}

Test(cvm_primitives, load_wants_pages_and_sectors)
{
    CALL(&rig, ALLOC, 2, 1);
    REFUSES("cvm_load: argument 1 is 0x0: no such process", LOAD, 0, 0, 0);
    REFUSES("cvm_load: argument 3 is 0x2: more pages than the process has", LOAD, 2, 0, 2);
    REFUSES("cvm_load: argument 3 is 0x20000001: more pages than the process has", LOAD, 2, 0,
            0x20000001);
    REFUSES("cvm_load: argument 2 is 0xffffff9: no disk has as many sectors", LOAD, 2, 0x0FFFFFF9,
            1);
    REFUSES("cvm_load: argument 2 is 0x10000001: no disk has as many sectors", LOAD, 2, 0x10000001,
            0);
    CALL(&rig, LOAD, 2, 0x10000000, 0);
}

/* --- All of them --- */

Test(cvm_primitives, each_is_counted_when_it_has_had_its_effect)
{
    uint64_t before = cvm_transitions(rig.cvm, CVM_PRIMITIVE_STEP);
    CALL(&rig, ALLOC, 1, 1);
    CALL(&rig, GET_WORD, 1, 0);
    CALL(&rig, GET_WORD, 1, 0);
    TRY(&rig, GET_WORD, 1, 2);
    cr_assert_eq(cvm_primitive_calls(rig.cvm, CVM_PRIMITIVE_ALLOC), 1);
    cr_assert_eq(cvm_primitive_calls(rig.cvm, CVM_PRIMITIVE_GET_WORD), 2);
    cr_assert_eq(cvm_transitions(rig.cvm, CVM_PRIMITIVE_STEP), before + 3);
}

Test(cvm_primitives, names_and_shapes_are_those_of_the_specification)
{
    cr_assert_str_eq(cvm_primitive_name(CVM_PRIMITIVE_RESET), "cvm_reset");
    cr_assert_str_eq(cvm_primitive_name(CVM_PRIMITIVE_OUT_BLOCK), "cvm_out_block");
    cr_assert_eq(cvm_primitive_arguments(CVM_PRIMITIVE_COPY), 5);
    cr_assert_eq(cvm_primitive_arguments(CVM_PRIMITIVE_GET_MASK), 0);
    cr_assert(cvm_primitive_has_result(CVM_PRIMITIVE_IN_WORD));
    cr_assert_not(cvm_primitive_has_result(CVM_PRIMITIVE_LOAD));
    cr_assert_eq(CVM_PRIMITIVE_COUNT, 16);
}
