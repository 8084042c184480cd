/* The machine around the processor: bus, waiting, breakpoints, changed lines; as machine.h says,
 * on both runs. */
#include "tests/unit/vamp/both_runs.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(vamp_bus, .init = make_arena, .fini = free_arena);
TestSuite(vamp_waiting, .init = make_arena, .fini = free_arena);
TestSuite(vamp_changes, .init = make_arena, .fini = free_arena);
TestSuite(vamp_breakpoint, .init = make_arena, .fini = free_arena);
TestSuite(vamp_translations, .init = make_arena, .fini = free_arena);

/* --- The bus --- */

/* A device that remembers the last word written and when, and whose line that word is. */
struct test_bus {
    struct vamp_machine *machine;
    uint32_t address, word, lines;
    uint64_t steps;
    unsigned accesses;
    bool ends_run;
};

static bool read_test(void *self, uint32_t address, uint32_t *word)
{
    struct test_bus *bus = self;
    bus->accesses++;
    bus->steps = vamp_machine_steps(bus->machine);
    *word = address + 1;
    return true;
}

static bool write_test(void *self, uint32_t address, uint32_t word)
{
    struct test_bus *bus = self;
    bus->accesses++;
    bus->steps = vamp_machine_steps(bus->machine);
    bus->address = address;
    bus->lines = bus->word = word;
    if (bus->ends_run)
        vamp_machine_end_run(bus->machine);
    return true;
}

static uint32_t test_lines(void *self)
{
    const struct test_bus *bus = self;
    return bus->lines;
}

static struct vamp_machine *begin_with(struct test_bus *bus, const char *text)
{
    struct vamp_machine *machine = begin(text);
    *bus = (struct test_bus){.machine = machine};
    vamp_machine_connect(machine, (struct vamp_bus){bus, read_test, write_test, test_lines});
    vamp_machine_state(machine)->gpr[1] = VAMP_DEVICES;
    return machine;
}

Test(vamp_bus, words_from_the_devices_address_on_go_to_the_bus)
{
    EACH_RUN(run)
    {
        struct test_bus bus;
        struct vamp_machine *machine =
            begin_with(&bus, "addi r2,r0,32\nsw r2,8(r1)\nlw r3,4(r1)\n");
        run(machine, 2);
        cr_expect_eq(bus.address, VAMP_DEVICES + 8);
        cr_expect_eq(bus.word, 32);
        run(machine, 1);
        cr_expect_eq(vamp_machine_state(machine)->gpr[3], VAMP_DEVICES + 5);
    }
}

Test(vamp_bus, steps_seen_by_a_device_are_those_before_the_instruction)
{
    EACH_RUN(run)
    {
        struct test_bus bus;
        struct vamp_machine *machine = begin_with(&bus, "nop\nnop\nlw r3,0(r1)\nnop\n");
        run(machine, 4);
        cr_expect_eq(bus.steps, 2);
        cr_expect_eq(vamp_machine_steps(machine), 4);
    }
}

/* The store raises line 0; the next instruction completes and is interrupted. */
Test(vamp_bus, a_line_that_an_access_raises_interrupts_the_next_step)
{
    EACH_RUN(run)
    {
        struct test_bus bus;
        struct vamp_machine *machine =
            begin_with(&bus, "nop\nnop\nnop\nsw r2,0(r1)\naddi r4,r0,1\naddi r5,r0,1\n");
        struct vamp_state *state = vamp_machine_state(machine);
        state->dpc = 12;
        state->pcp = 16;
        state->gpr[2] = UINT32_C(1) << 13;
        state->spr[VAMP_SPR_SR] = UINT32_C(1) << 13;
        run(machine, 2);
        cr_expect_eq(state->dpc, 0);
        cr_expect_eq(state->gpr[4], 1);
        cr_expect_eq(state->gpr[5], 0);
        cr_expect_eq(state->spr[VAMP_SPR_ECA], UINT32_C(1) << 13);
        cr_expect_eq(state->spr[VAMP_SPR_EDPC], 20);
    }
}

Test(vamp_bus, a_line_that_was_raised_between_runs_interrupts_the_first_step)
{
    EACH_RUN(run)
    {
        struct test_bus bus;
        struct vamp_machine *machine = begin_with(&bus, "nop\nnop\nnop\nnop\n");
        struct vamp_state *state = vamp_machine_state(machine);
        state->spr[VAMP_SPR_SR] = UINT32_C(1) << 15 | UINT32_C(1) << 16;
        run(machine, 2);
        cr_expect_eq(state->dpc, 8);
        bus.lines = UINT32_C(1) << 14 | UINT32_C(1) << 15 | UINT32_C(1) << 16;
        run(machine, 1);
        cr_expect_eq(state->dpc, 0);
        cr_expect_eq(vamp_machine_interrupts(machine, 14), 0);
        cr_expect_eq(vamp_machine_interrupts(machine, 15), 1);
        cr_expect_eq(vamp_machine_interrupts(machine, 16), 1);
    }
}

Test(vamp_bus, masked_lines_do_not_interrupt)
{
    EACH_RUN(run)
    {
        struct test_bus bus;
        struct vamp_machine *machine = begin_with(&bus, "nop\nnop\nnop\nnop\n");
        bus.lines = UINT32_C(1) << 13;
        vamp_machine_state(machine)->spr[VAMP_SPR_SR] = ~bus.lines;
        run(machine, 3);
        cr_expect_eq(vamp_machine_state(machine)->dpc, 12);
    }
}

Test(vamp_bus, a_device_ends_the_run_after_its_access)
{
    EACH_RUN(run)
    {
        struct test_bus bus;
        struct vamp_machine *machine = begin_with(&bus, "nop\nsw r0,0(r1)\nnop\nnop\n");
        bus.ends_run = true;
        struct vamp_run ended = run(machine, 100);
        cr_expect_eq(ended.status, VAMP_RUN_ENDED);
        cr_expect_eq(ended.steps, 2);
        cr_expect_eq(run(machine, 1).status, VAMP_RUN_LIMIT);
    }
}

/* Neither memory nor a device hears of a step that is undone. */
Test(vamp_bus, a_machine_that_stops_at_interrupts_leaves_memory_and_devices_alone)
{
    EACH_RUN(run)
    {
        struct test_bus bus;
        struct vamp_machine *machine = begin_with(&bus, "sw r1,64(r0)\nlw r3,0(r1)\n");
        struct vamp_state *state = vamp_machine_state(machine);
        vamp_machine_stop_at_interrupts(machine, true);
        bus.lines = state->spr[VAMP_SPR_SR] = UINT32_C(1) << 20;
        struct vamp_run stopped = run(machine, 5);
        uint32_t word;
        cr_expect_eq(stopped.status, VAMP_RUN_STOPPED);
        cr_expect_eq(stopped.diagnosis.stop, VAMP_STOP_INTERRUPT);
        cr_expect_eq(stopped.diagnosis.interrupts, UINT32_C(1) << 20);
        cr_expect(vamp_machine_read(machine, 64, &word) && word == 0);
        state->dpc = 4;
        state->pcp = 8;
        cr_expect_eq(run(machine, 5).status, VAMP_RUN_STOPPED);
        cr_expect_eq(bus.accesses, 0);
        cr_expect_eq(state->dpc, 4);
        cr_expect_eq(vamp_machine_steps(machine), 0);
    }
}

/* --- Waiting --- */

/* Address 0: a handler that returns at once; the jump to itself is at 8. */
static const char *const waiting = "rfe\nnop\nj -4\nnop\n";

static struct vamp_machine *begin_waiting(const char *text, uint32_t dpc, uint32_t pcp)
{
    struct vamp_machine *machine = begin(text);
    vamp_machine_state(machine)->dpc = dpc;
    vamp_machine_state(machine)->pcp = pcp;
    vamp_machine_stop_at_waiting(machine, true);
    return machine;
}

Test(vamp_waiting, a_run_ends_before_the_processor_begins_to_wait)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin_waiting(waiting, 4, 8);
        struct vamp_run ended = run(machine, 100);
        cr_expect_eq(ended.status, VAMP_RUN_ENDED);
        cr_expect_eq(ended.steps, 1);
        cr_expect_eq(vamp_machine_state(machine)->dpc, 8);
    }
}

Test(vamp_waiting, a_run_that_begins_with_it_or_in_its_delay_slot_passes)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin_waiting(waiting, 8, 12);
        struct vamp_run ended = run(machine, 101);
        cr_expect_eq(ended.status, VAMP_RUN_LIMIT);
        cr_expect_eq(ended.steps, 101);
        cr_expect_eq(vamp_machine_state(machine)->dpc, 12);
        cr_expect_eq(vamp_machine_state(machine)->pcp, 8);
        cr_expect_eq(run(machine, 101).steps, 101);
        cr_expect_eq(vamp_machine_state(machine)->dpc, 8);
        cr_expect_eq(vamp_machine_state(machine)->pcp, 12);
    }
}

/* The jump completes and is interrupted; the handler lowers the line and returns into the delay
 * slot. */
Test(vamp_waiting, an_interrupted_run_ends_when_the_processor_waits_again)
{
    EACH_RUN(run)
    {
        struct test_bus bus;
        struct vamp_machine *machine = begin_with(&bus, "sw r0,0(r1)\nrfe\nj -4\nnop\n");
        struct vamp_state *state = vamp_machine_state(machine);
        vamp_machine_stop_at_waiting(machine, true);
        state->dpc = 8;
        state->pcp = 12;
        bus.lines = state->spr[VAMP_SPR_SR] = UINT32_C(1) << 13;
        struct vamp_run ended = run(machine, 100);
        cr_expect_eq(ended.status, VAMP_RUN_ENDED);
        cr_expect_eq(ended.steps, 4);
        cr_expect_eq(vamp_machine_interrupts(machine, 13), 1);
        cr_expect_eq(state->dpc, 8);
    }
}

Test(vamp_waiting, only_the_usual_no_operation_after_a_jump_to_itself_is_waiting)
{
    EACH_RUN(run)
    {
        cr_expect_eq(run(begin_waiting("nop\nnop\nj -4\nori r2,r2,0\n", 4, 8), 100).steps, 100);
        cr_expect_eq(run(begin_waiting("nop\nj -8\nnop\nnop\n", 4, 8), 100).steps, 100);
    }
}

Test(vamp_waiting, user_mode_does_not_wait)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = program_machine(arena, 2 * 4096, waiting);
        struct vamp_state *state = vamp_machine_state(machine);
        vamp_machine_stop_at_waiting(machine, true);
        vamp_machine_write(machine, 4096, 1 << 11); /* page 0 is page 0, valid */
        state->dpc = 4;
        state->pcp = 8;
        state->spr[VAMP_SPR_MODE] = 1;
        state->spr[VAMP_SPR_PTO] = 1;
        cr_expect_eq(run(machine, 100).steps, 100);
    }
}

/* 10^18 steps: more than any machine could do one by one. Also where its delay slot begins a page.
 */
Test(vamp_waiting, waiting_is_passed_at_once)
{
    for (uint32_t place = 8; place <= 4092; place += 4084) {
        struct vamp_machine *machine = program_machine(arena, 2 * 4096, "");
        struct vamp_state *state = vamp_machine_state(machine);
        vamp_machine_write(machine, place, 0x0BFFFFFC);
        vamp_machine_write(machine, place + 4, 0x34210000);
        state->dpc = place;
        state->pcp = place + 4;
        struct vamp_run ended = vamp_machine_run(machine, UINT64_C(1000000000000000001));
        cr_expect_eq(ended.steps, UINT64_C(1000000000000000001));
        cr_expect_eq(state->dpc, place + 4);
        cr_expect_eq(state->pcp, place);
    }
}

/* --- Changed lines --- */

struct seen {
    uint32_t lines[8];
    unsigned count;
};

static void see(void *self, uint32_t address)
{
    struct seen *seen = self;
    cr_assert_lt(seen->count, 8);
    seen->lines[seen->count++] = address;
}

Test(vamp_changes, each_written_line_is_visited_once_in_order_of_address)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine =
            begin("sw r1,1024(r0)\nsb r1,513(r0)\nsh r1,766(r0)\nsw r1,1276(r0)\nsw r0,1024(r0)\n");
        vamp_machine_write(machine, 2048, 1);
        vamp_machine_track_changes(machine);
        struct seen seen = {0};
        run(machine, 5);
        vamp_machine_each_changed_line(machine, see, &seen);
        cr_assert_eq(seen.count, 2);
        cr_expect_eq(seen.lines[0], 512);
        cr_expect_eq(seen.lines[1], 1024);
    }
}

Test(vamp_changes, a_line_that_was_visited_counts_again_when_it_is_written_again)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("sw r1,1024(r0)\nsw r1,1024(r0)\nnop\n");
        struct seen seen = {0};
        vamp_machine_track_changes(machine);
        for (int i = 0; i < 3; i++) {
            run(machine, 1);
            vamp_machine_each_changed_line(machine, see, &seen);
        }
        cr_expect_eq(seen.count, 2);
    }
}

Test(vamp_changes, each_reader_is_told_of_every_line)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine =
            begin("sw r1,1024(r0)\nsw r1,512(r0)\nsw r1,1024(r0)\nnop\n");
        struct seen first = {0}, second = {0};
        vamp_machine_track_changes(machine);
        run(machine, 1);
        vamp_machine_track_changes_for(machine, 1);
        run(machine, 1);
        vamp_machine_each_changed_line_for(machine, 1, see, &second);
        cr_assert_eq(second.count, 1);
        cr_expect_eq(second.lines[0], 512);
        run(machine, 1);
        vamp_machine_each_changed_line(machine, see, &first);
        cr_assert_eq(first.count, 2); /* 512 and 1024 */
        cr_expect_eq(first.lines[0], 512);
        cr_expect_eq(first.lines[1], 1024);
        vamp_machine_each_changed_line_for(machine, 1, see, &second);
        cr_assert_eq(second.count, 2);
        cr_expect_eq(second.lines[1], 1024);
        run(machine, 1);
        vamp_machine_each_changed_line_for(machine, 1, see, &second);
        vamp_machine_each_changed_line(machine, see, &first);
        cr_assert(first.count == 2 && second.count == 2);
    }
}

Test(vamp_changes, writes_between_runs_count_and_the_last_line_may_be_in_part)
{
    struct vamp_machine *machine = vamp_machine_new(arena, 260);
    struct seen seen = {0};
    vamp_machine_track_changes(machine);
    vamp_machine_write(machine, 256, 7);
    vamp_machine_each_changed_line(machine, see, &seen);
    cr_assert_eq(seen.count, 1);
    cr_expect_eq(seen.lines[0], 256);
}

/* --- Breakpoints --- */

/* Page 1 is a page table that maps virtual page 3 to physical page 0. */
static struct vamp_machine *begin_mapped(const char *text)
{
    struct vamp_machine *machine = program_machine(arena, 2 * 4096, text);
    struct vamp_state *state = vamp_machine_state(machine);
    vamp_machine_write(machine, 4096 + 4 * 3, 1 << 11);
    state->spr[VAMP_SPR_PTO] = 1;
    state->spr[VAMP_SPR_PTL] = 3;
    return machine;
}

static void enter_user_mode(struct vamp_machine *machine, uint32_t dpc)
{
    struct vamp_state *state = vamp_machine_state(machine);
    state->spr[VAMP_SPR_MODE] = 1;
    state->dpc = dpc;
    state->pcp = dpc + 4;
}

/* The code was run in system mode before, so that it is decoded. */
Test(vamp_breakpoint, a_virtual_address_stops_user_mode)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin_mapped("nop\nnop\nnop\nnop\nnop\n");
        vamp_machine_add_breakpoint(machine, 0x3008);
        cr_expect_eq(run(machine, 4).status, VAMP_RUN_LIMIT);
        enter_user_mode(machine, 0x3000);
        struct vamp_run stopped = run(machine, 4);
        cr_expect_eq(stopped.status, VAMP_RUN_BREAKPOINT);
        cr_expect_eq(stopped.steps, 2);
        cr_expect_eq(run(machine, 2).steps, 2);
    }
}

Test(vamp_breakpoint, the_physical_address_does_not_stop_user_mode)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin_mapped("nop\nnop\nnop\nnop\n");
        enter_user_mode(machine, 0x3000);
        vamp_machine_add_breakpoint(machine, 8);
        cr_expect_eq(run(machine, 4).status, VAMP_RUN_LIMIT);
    }
}

Test(vamp_breakpoint, one_that_is_added_later_stops_code_that_user_mode_has_run)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin_mapped("nop\nnop\nnop\nnop\nnop\n");
        for (int i = 0; i < 2; i++) {
            enter_user_mode(machine, 0x3000);
            cr_expect_eq(run(machine, 4).steps, i == 0 ? 4 : 3);
            vamp_machine_add_breakpoint(machine, 0x300C);
        }
        vamp_machine_remove_breakpoint(machine, 0x300C);
        enter_user_mode(machine, 0x3000);
        cr_expect_eq(run(machine, 4).steps, 4);
    }
}

Test(vamp_breakpoint, the_delay_slot_of_a_waiting_jump_can_be_one)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("j -4\nnop\n");
        vamp_machine_add_breakpoint(machine, 4);
        struct vamp_run stopped = run(machine, 100);
        cr_expect_eq(stopped.status, VAMP_RUN_BREAKPOINT);
        cr_expect_eq(stopped.steps, 1);
    }
}

Test(vamp_waiting, a_run_ends_before_waiting_whose_delay_slot_is_a_breakpoint)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin_waiting(waiting, 4, 8);
        vamp_machine_add_breakpoint(machine, 12);
        cr_expect_eq(run(machine, 100).status, VAMP_RUN_ENDED);
        cr_expect_eq(vamp_machine_state(machine)->dpc, 8);
    }
}

Test(vamp_breakpoint, an_address_outside_memory_can_be_one)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = begin("jr r1\nnop\n");
        vamp_machine_state(machine)->gpr[1] = 0x10000000;
        vamp_machine_add_breakpoint(machine, 0x10000000);
        cr_expect_eq(run(machine, 100).status, VAMP_RUN_BREAKPOINT);
    }
}

/* --- Translations --- */

/* Virtual pages 1 and 2 are both physical page 0, whose words 4 and 5 wait: the jump at 0x1010 with
 * its delay slot at 0x2014 leads to 0x2010, and from there on the processor waits. */
Test(vamp_translations, waiting_may_begin_on_another_page_of_the_same_memory)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = program_machine(arena, 2 * 4096, "");
        struct vamp_state *state = vamp_machine_state(machine);
        vamp_machine_write(machine, 0x10, 0x0BFFFFFC);
        vamp_machine_write(machine, 0x14, 0x34210000);
        vamp_machine_write(machine, 4096 + 4, 1 << 11);
        vamp_machine_write(machine, 4096 + 8, 1 << 11);
        state->spr[VAMP_SPR_PTO] = 1;
        state->spr[VAMP_SPR_PTL] = 2;
        enter_user_mode(machine, 0x1010);
        state->pcp = 0x2014;
        cr_expect_eq(run(machine, 4).steps, 4);
        cr_expect_eq(state->dpc, 0x2010);
        cr_expect_eq(state->pcp, 0x2014);
    }
}

/* The same, and a breakpoint is on the way. */
Test(vamp_translations, waiting_on_another_page_stops_at_a_breakpoint_there)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = program_machine(arena, 2 * 4096, "");
        struct vamp_state *state = vamp_machine_state(machine);
        vamp_machine_write(machine, 0x10, 0x0BFFFFFC);
        vamp_machine_write(machine, 0x14, 0x34210000);
        vamp_machine_write(machine, 4096 + 4, 1 << 11);
        vamp_machine_write(machine, 4096 + 8, 1 << 11);
        state->spr[VAMP_SPR_PTO] = 1;
        state->spr[VAMP_SPR_PTL] = 2;
        enter_user_mode(machine, 0x1010);
        state->pcp = 0x2014;
        vamp_machine_add_breakpoint(machine, 0x2010);
        struct vamp_run stopped = run(machine, 10);
        cr_expect_eq(stopped.status, VAMP_RUN_BREAKPOINT);
        cr_expect_eq(stopped.steps, 2);
    }
}

/* A jump to itself ends page 0; physical page 1 would begin with the no-op, but virtual page 1 is
 * physical page 2. */
Test(vamp_translations, the_delay_slot_is_on_the_page_that_follows_in_virtual_memory)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = program_machine(arena, 4 * 4096, "");
        struct vamp_state *state = vamp_machine_state(machine);
        struct vamp_insn count = {.op = VAMP_OP_ADDI, .rd = 3, .rs1 = 3, .immediate = 1};
        vamp_machine_write(machine, 4092, 0x0BFFFFFC);
        vamp_machine_write(machine, 4096, 0x34210000);
        vamp_machine_write(machine, 2 * 4096, vamp_encode(&count));
        vamp_machine_write(machine, 3 * 4096, 1 << 11);
        vamp_machine_write(machine, 3 * 4096 + 4, 2 << 12 | 1 << 11);
        state->spr[VAMP_SPR_PTO] = 3;
        state->spr[VAMP_SPR_PTL] = 1;
        enter_user_mode(machine, 4092);
        run(machine, 100);
        cr_expect_eq(state->gpr[3], 50);
    }
}

Test(vamp_translations, a_run_may_end_where_a_page_ends)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = program_machine(arena, 2 * 4096, "");
        struct vamp_state *state = vamp_machine_state(machine);
        for (uint32_t at = 4080; at < 4112; at += 4)
            vamp_machine_write(machine, at, 0x34210000);
        state->dpc = 4084;
        state->pcp = 4088;
        run(machine, 3);
        cr_expect_eq(state->dpc, 4096);
        cr_expect_eq(state->pcp, 4100);
    }
}

/* r1 is a virtual address of the page table itself: it maps its own page 0 anew, in the midst of a
 * loop that runs there. Page 2 has other code at the same place. */
Test(vamp_translations, a_program_that_changes_its_page_table_runs_by_the_new_one_at_once)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine =
            program_machine(arena, 3 * 4096, "nop\nnop\nsw r2,0(r1)\naddi r3,r3,1\naddi r3,r3,1\n");
        struct vamp_state *state = vamp_machine_state(machine);
        vamp_machine_write(machine, 4096, 1 << 11);
        vamp_machine_write(machine, 4096 + 4, 1 << 12 | 1 << 11);
        for (uint32_t at = 0; at < 0x20; at += 4)
            vamp_machine_write(machine, 2 * 4096 + at, 0x34210000);
        state->gpr[1] = 0x1000;
        state->gpr[2] = 2 << 12 | 1 << 11;
        state->spr[VAMP_SPR_PTO] = 1;
        state->spr[VAMP_SPR_PTL] = 1;
        enter_user_mode(machine, 0);
        cr_expect_eq(run(machine, 5).steps, 5);
        cr_expect_eq(state->gpr[3], 0);
        cr_expect_eq(state->dpc, 20);
    }
}

/* A memory that ends within a page holds what lies below its end. */
Test(vamp_translations, a_page_in_part_in_memory_works_as_far_as_it_goes)
{
    EACH_RUN(run)
    {
        struct vamp_machine *machine = program_machine(arena, 4096 + 8,
                                                       "sw r1,4(r2)\nlw r3,4(r2)\n"
                                                       "sw r1,8(r2)\n");
        struct vamp_state *state = vamp_machine_state(machine);
        vamp_machine_write(machine, 512 * 4, 1 << 11);
        vamp_machine_write(machine, 512 * 4 + 4, 1 << 12 | 1 << 11);
        state->spr[VAMP_SPR_PTL] = 513;
        state->gpr[1] = 0x1234;
        state->gpr[2] = 513 * 4096;
        enter_user_mode(machine, 512 * 4096);
        struct vamp_run stopped = run(machine, 5);
        uint32_t word;
        cr_expect_eq(stopped.steps, 2);
        cr_expect_eq(state->gpr[3], 0x1234);
        cr_expect_eq(stopped.diagnosis.stop, VAMP_STOP_PHYSICAL_ADDRESS);
        cr_expect_eq(stopped.diagnosis.address, 4096 + 8);
        cr_expect(vamp_machine_read(machine, 4096 + 4, &word) && word == 0x1234);
    }
}

Test(vamp_translations, memory_may_be_of_any_size_even_none)
{
    static const uint32_t sizes[] = {0, 4, 8, 256, 4092, 4096, 4100};
    EACH_RUN(run)
    {
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            struct vamp_machine *machine = vamp_machine_new(arena, sizes[i]);
            for (uint32_t at = 0; at < sizes[i]; at += 4)
                vamp_machine_write(machine, at, 0x34210000);
            struct vamp_run stopped = run(machine, 10000);
            cr_expect_eq(stopped.status, VAMP_RUN_STOPPED);
            cr_expect_eq(stopped.steps, sizes[i] / 4);
            cr_expect_eq(stopped.diagnosis.stop, VAMP_STOP_BUS_ERROR_FETCH);
            cr_expect_eq(vamp_machine_state(machine)->dpc, sizes[i]);
            cr_expect_eq(vamp_machine_state(machine)->pcp, sizes[i] + 4);
        }
    }
}
