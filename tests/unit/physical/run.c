/* The machine as a whole: how runs end, when events come, and what an observer is told. Steps are
 * counted by hand from the code. */
#include "tests/unit/physical/run_rig.h"

#include <criterion/criterion.h>
#include <string.h>

static struct run_rig *rig;

static void set_up(void)
{
    rig = run_rig_new();
}

static void tear_down(void)
{
    run_rig_free(rig);
}

TestSuite(physical_run, .init = set_up, .fini = tear_down);

/* SR with the timer's line. */
#define ENABLE_TIMER "addi r3,r0,0x2000\nmovi2s SR,r3\n"
#define WAIT "j -4\nnop\n"

/* r2 := 0xFFFF8000: addi sign-extends. */
#define TIMER_ADDRESS "addi r2,r0,-32768\n"
/* The serial line: eight bits a character. */
#define SERIAL_ADDRESS "addi r2,r0,-24576\naddi r3,r0,3\nsw r3,12(r2)\n"

/* At 0: after a reset on to 0x100, else to 0x80. */
static void place_kernel(const char *boot, const char *interrupt)
{
    run_rig_code(rig, 0x00,
                 "movs2i r20,ECA\n"
                 "andi r21,r20,1\n"
                 "bnez r21,244\n" /* 0x0C + 244 = 0x100 */
                 "nop\n"
                 "j 108\n" /* 0x14 + 108 = 0x80 */
                 "nop");
    run_rig_code(rig, 0x80, interrupt);
    run_rig_code(rig, 0x100, boot);
}

/* --- Ends --- */

Test(physical_run, jump_to_itself_with_nothing_enabled_halts)
{
    run_rig_code(rig, 0, "addi r1,r0,7\n" WAIT);
    run_rig_expect(rig, PHYSICAL_HALTED, 1);
    cr_assert_eq(run_rig_register(rig, 1), 7);
}

Test(physical_run, line_of_a_device_that_is_not_there_cannot_interrupt)
{
    run_rig_code(rig, 0, "lhgi r3,2\nmovi2s SR,r3\n" WAIT); /* device 4 */
    run_rig_expect(rig, PHYSICAL_HALTED, 2);
}

Test(physical_run, waiting_for_what_never_comes_is_idle)
{
    run_rig_code(rig, 0, ENABLE_TIMER WAIT);
    run_rig_expect(rig, PHYSICAL_IDLE, 2);
}

Test(physical_run, other_jumps_to_themselves_run_to_the_limit)
{
    run_rig_code(rig, 0, "j -4\naddi r1,r1,1");
    run_rig_expect(rig, PHYSICAL_LIMIT, 1000000);
    cr_assert_eq(run_rig_register(rig, 1), 500000);
}

Test(physical_run, run_ends_at_the_step_of_its_limit)
{
    run_rig_code(rig, 0, WAIT);
    run_rig_start(rig);
    cr_assert_eq(run_rig_run(rig, 0).status, PHYSICAL_LIMIT);
    cr_assert_eq(run_rig_run(rig, 5).status, PHYSICAL_HALTED);
    cr_assert_eq(physical_steps(rig->physical), 0);
}

Test(physical_run, access_to_nothing_stops_it_with_a_diagnosis)
{
    run_rig_code(rig, 0, "addi r2,r0,-4096\nlw r1,0(r2)"); /* device 7 */
    run_rig_expect(rig, PHYSICAL_STOPPED, 1);
    struct physical_outcome outcome = run_rig_run(rig, 1);
    cr_assert_eq(outcome.diagnosis.stop, VAMP_STOP_BUS_ERROR);
    cr_assert_eq(outcome.diagnosis.address, 0xFFFFF000);
    cr_assert_eq(outcome.diagnosis.dpc, 4);
}

Test(physical_run, breakpoint_ends_it_before_the_instruction)
{
    run_rig_code(rig, 0, "addi r1,r1,1\naddi r1,r1,1\naddi r1,r1,1\n" WAIT);
    run_rig_start(rig);
    vamp_machine_add_breakpoint(physical_processor(rig->physical), 8);
    cr_assert_eq(run_rig_run(rig, 100).status, PHYSICAL_BREAKPOINT);
    cr_assert_eq(physical_steps(rig->physical), 2);
    cr_assert_eq(run_rig_run(rig, 100).status, PHYSICAL_HALTED);
    cr_assert_eq(run_rig_register(rig, 1), 3);
}

Test(physical_run, breakpoint_after_an_access_that_starts_a_device_is_seen)
{
    run_rig_code(rig, 0, TIMER_ADDRESS "addi r3,r0,1\nsw r3,0(r2)\naddi r1,r0,1\n" WAIT);
    run_rig_start(rig);
    vamp_machine_add_breakpoint(physical_processor(rig->physical), 12);
    cr_assert_eq(run_rig_run(rig, 100).status, PHYSICAL_BREAKPOINT);
    cr_assert_eq(physical_steps(rig->physical), 3);
}

Test(physical_run, breakpoint_at_the_step_of_an_event_is_seen)
{
    rig->seed.tick_steps = 2;
    run_rig_code(rig, 0, TIMER_ADDRESS "addi r3,r0,9\nsw r3,0(r2)\nnop\nnop\nnop\n" WAIT);
    run_rig_start(rig);
    vamp_machine_add_breakpoint(physical_processor(rig->physical), 20);
    cr_assert_eq(run_rig_run(rig, 100).status, PHYSICAL_BREAKPOINT);
    cr_assert_eq(physical_steps(rig->physical), 5);
}

static bool stop_it(void *self)
{
    unsigned *asked = self;
    return ++*asked > 3;
}

Test(physical_run, user_can_interrupt_it)
{
    unsigned asked = 0;
    rig->setup.is_interrupted = stop_it;
    rig->setup.interrupter = &asked;
    run_rig_code(rig, 0, "j -4\naddi r1,r1,1");
    run_rig_start(rig);
    cr_assert_eq(run_rig_run(rig, UINT64_MAX).status, PHYSICAL_INTERRUPTED);
}

static enum oracle_answer give_nonsense(void *self, uint64_t now, const struct bus *bus,
                                        struct oracle_event *event, struct fault *fault)
{
    (void)self, (void)bus, (void)fault;
    *event = (struct oracle_event){.step = now > 10 ? now : 10, .device = 6};
    return ORACLE_EVENT;
}

Test(physical_run, event_for_a_device_that_is_not_there_is_a_fault)
{
    struct oracle oracle = {.next = give_nonsense};
    rig->setup.oracle = &oracle;
    run_rig_code(rig, 0, "j -4\naddi r1,r1,1");
    run_rig_expect(rig, PHYSICAL_FAILED, 10);
    cr_assert(rig->fault.is_set);
}

static enum oracle_answer end_at_20(void *self, uint64_t now, const struct bus *bus,
                                    struct oracle_event *event, struct fault *fault)
{
    (void)self, (void)bus, (void)fault;
    *event = (struct oracle_event){.step = 20};
    return now < 20 ? ORACLE_UNTIL : ORACLE_END;
}

Test(physical_run, oracle_can_end_it)
{
    struct oracle oracle = {.next = end_at_20};
    rig->setup.oracle = &oracle;
    run_rig_code(rig, 0, "j -4\naddi r1,r1,1");
    run_rig_expect(rig, PHYSICAL_ORACLE_END, 20);
}

Test(physical_run, without_an_oracle_nothing_ever_comes)
{
    struct bus none = {0};
    struct arena *arena = arena_new();
    struct physical_setup setup = {.memory_bytes = 8, .bus = none};
    struct fault fault = {0};
    struct physical *physical = physical_new(arena, &setup);
    vamp_machine_write(physical_processor(physical), 0, 0x0BFFFFFC);
    vamp_machine_write(physical_processor(physical), 4, 0x34210000);
    physical_power_up(physical, 0);
    vamp_machine_state(physical_processor(physical))->spr[VAMP_SPR_SR] = UINT32_MAX;
    cr_assert_eq(physical_run(physical, 10, false, &fault).status, PHYSICAL_HALTED,
                 "no device is there that could interrupt");
    arena_free(arena);
}

/* --- Time --- */

Test(physical_run, timer_interrupts_at_the_step_that_the_oracle_says)
{
    /* Boot: 4 steps to 0x100, then 3 to the write of PERIOD, which ends at 7; the ticks are at 107,
     * 207, 307: PERIOD is 3. In the handler: 6 steps to 0x80. */
    place_kernel(TIMER_ADDRESS "addi r3,r0,3\nsw r3,0(r2)\n" ENABLE_TIMER WAIT,
                 "movi2s SR,r0\n" WAIT);
    run_rig_expect(rig, PHYSICAL_HALTED, 308 + 6 + 1);
    cr_assert_eq(
        vamp_machine_interrupts(physical_processor(rig->physical), VAMP_INTERRUPT_DEVICE_0), 1);
    cr_assert_eq(physical_events(rig->physical, RUN_RIG_TIMER), 3);
}

Test(physical_run, interrupts_return_to_the_wait_and_come_again)
{
    place_kernel(TIMER_ADDRESS "addi r3,r0,1\nsw r3,0(r2)\n" ENABLE_TIMER WAIT,
                 "addi r10,r10,1\n"
                 "sgei r11,r10,50\n"
                 "sw r0,8(r2)\n"
                 "bnez r11,12\n" /* beyond rfe and its slot */
                 "nop\n"
                 "rfe\n"
                 "nop\n"
                 "movi2s SR,r0\n" WAIT);
    /* The 50th tick is before step 5007; that step takes it; 6 + 6 steps to the wait. */
    run_rig_expect(rig, PHYSICAL_HALTED, 5007 + 1 + 6 + 6);
    cr_assert_eq(run_rig_register(rig, 10), 50);
}

Test(physical_run, line_that_is_up_and_enabled_is_not_slept_over)
{
    /* The line rises while it is masked, in a wait loop of one's own; then it is enabled. */
    place_kernel(TIMER_ADDRESS "addi r3,r0,1\nsw r3,0(r2)\n"
                               "addi r4,r0,100\n"
                               "subi r4,r4,1\nbnez r4,-8\nnop\n" ENABLE_TIMER WAIT,
                 "addi r10,r10,1\n" WAIT);
    run_rig_expect(rig, PHYSICAL_HALTED, 4 + 3 + 1 + 300 + 2 + 1 + 6 + 1);
    cr_assert_eq(run_rig_register(rig, 10), 1);
}

Test(physical_run, machine_that_halts_lets_devices_finish_their_work)
{
    run_rig_code(rig, 0, SERIAL_ADDRESS "addi r4,r0,65\nsw r4,0(r2)\n" WAIT);
    run_rig_expect(rig, PHYSICAL_HALTED, 5 + 40);
    cr_assert_str_eq(text_built(&rig->sent), "A");
}

Test(physical_run, machine_that_halts_does_not_wait_for_its_clock)
{
    run_rig_code(rig, 0, TIMER_ADDRESS "addi r3,r0,5\nsw r3,0(r2)\n" WAIT);
    run_rig_expect(rig, PHYSICAL_HALTED, 3);
}

Test(physical_run, pieces_of_a_run_make_the_same_states_as_the_whole)
{
    place_kernel(TIMER_ADDRESS "addi r3,r0,2\nsw r3,0(r2)\n" ENABLE_TIMER "addi r1,r1,1\nj -8\nnop",
                 "addi r10,r10,1\nsw r0,8(r2)\nrfe\nnop");
    rig->seed.is_jittered = true;
    run_rig_start(rig);
    run_rig_run(rig, 5000);
    const char *whole = run_rig_digest(rig);
    cr_assert_gt(run_rig_register(rig, 10), 15);
    static const uint64_t pieces[] = {1, 3, 99, 100, 101, 1000};
    for (unsigned i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        run_rig_start(rig);
        while (physical_steps(rig->physical) < 5000) {
            uint64_t left = 5000 - physical_steps(rig->physical);
            run_rig_run(rig, pieces[i] < left ? pieces[i] : left);
        }
        cr_assert_str_eq(run_rig_digest(rig), whole, "pieces of %d", (int)pieces[i]);
    }
}

/* --- Reset --- */

Test(physical_run, reset_button_starts_the_processor_again_and_once)
{
    rig->seed.has_reset = true;
    rig->seed.reset_step = 50;
    /* r9 counts starts; memory keeps it no secret: registers survive. */
    run_rig_code(rig, 0, "addi r9,r9,1\nmovs2i r20,ECA\n" WAIT);
    run_rig_expect(rig, PHYSICAL_HALTED, 51 + 2);
    cr_assert_eq(run_rig_register(rig, 9), 2);
    cr_assert_eq(run_rig_register(rig, 20), 1);
}

Test(physical_run, power_up_is_a_reset_with_everything_else_0)
{
    run_rig_code(rig, 0, WAIT);
    run_rig_start(rig);
    const struct vamp_state *state = vamp_machine_state(physical_processor(rig->physical));
    struct vamp_state wanted = {.pcp = 4};
    wanted.spr[VAMP_SPR_ECA] = 1;
    cr_assert_eq(memcmp(state, &wanted, sizeof wanted), 0);
}

/* --- Observers --- */

struct notes {
    uint64_t reads, writes, events, last_write_step, last_line_step;
    uint32_t lines, line_changes, last_written;
    uint64_t checkpoints[16];
    unsigned checkpoint_count;
};

static void note_read(void *self, uint64_t step, uint32_t address, uint32_t word)
{
    (void)step, (void)address, (void)word;
    ((struct notes *)self)->reads++;
}

static void note_write(void *self, uint64_t step, uint32_t address, uint32_t word)
{
    struct notes *notes = self;
    (void)address;
    notes->writes++;
    notes->last_write_step = step;
    notes->last_written = word;
}

static void note_lines(void *self, uint64_t step, uint32_t lines)
{
    struct notes *notes = self;
    cr_assert_neq(lines, notes->lines, "they changed");
    notes->lines = lines;
    notes->line_changes++;
    notes->last_line_step = step;
}

static void note_event(void *self, const struct oracle_event *event)
{
    (void)event;
    ((struct notes *)self)->events++;
}

static void note_checkpoint(void *self, uint64_t step)
{
    struct notes *notes = self;
    if (notes->checkpoint_count < 16)
        notes->checkpoints[notes->checkpoint_count++] = step;
}

static void observe(struct notes *notes)
{
    *notes = (struct notes){0};
    rig->setup.observer = (struct physical_observer){notes,      note_read,  note_write,
                                                     note_lines, note_event, note_checkpoint};
}

Test(physical_run, observer_hears_of_accesses_and_lines_with_their_steps)
{
    struct notes notes;
    observe(&notes);
    run_rig_code(rig, 0,
                 TIMER_ADDRESS "addi r3,r0,1\nsw r3,0(r2)\n" /* step 2 */
                               "addi r4,r0,60\n"
                               "subi r4,r4,1\nbnez r4,-8\nnop\n" /* up to step 184 */
                               "lw r5,4(r2)\nsw r0,8(r2)\nsw r0,0(r2)\n" WAIT);
    run_rig_start(rig);
    cr_assert_eq(run_rig_run(rig, 103).status, PHYSICAL_LIMIT);
    cr_assert_eq(notes.lines, 0);
    cr_assert_eq(run_rig_run(rig, 1).status, PHYSICAL_LIMIT);
    cr_assert_eq(notes.lines, UINT32_C(1) << 13, "the tick came before step 103");
    cr_assert_eq(notes.last_line_step, 103);
    cr_assert_eq(run_rig_run(rig, 1000).status, PHYSICAL_HALTED);
    cr_assert_eq(notes.reads, 1);
    cr_assert_eq(notes.writes, 3);
    cr_assert_eq(notes.last_write_step, 186);
    cr_assert_eq(notes.lines, 0);
    cr_assert_eq(notes.line_changes, 2);
    cr_assert_eq(notes.last_line_step, 186, "ACK at step 185 is seen from the next one on");
    cr_assert_eq(notes.events, 1);
}

Test(physical_run, checkpoints_are_before_each_multiple_and_at_the_end)
{
    struct notes notes;
    observe(&notes);
    rig->setup.checkpoint_steps = 30;
    run_rig_code(rig, 0, "addi r1,r1,1\nj -8\nnop");
    run_rig_start(rig);
    run_rig_run(rig, 75);
    run_rig_run(rig, 15);
    static const uint64_t wanted[] = {30, 60, 75, 90};
    cr_assert_eq(notes.checkpoint_count, 4);
    for (unsigned i = 0; i < 4; i++)
        cr_assert_eq(notes.checkpoints[i], wanted[i]);
}

Test(physical_run, observer_hears_of_a_reset_as_a_line)
{
    struct notes notes;
    observe(&notes);
    rig->seed.has_reset = true;
    rig->seed.reset_step = 3;
    run_rig_code(rig, 0, "addi r9,r9,1\n" WAIT);
    run_rig_start(rig);
    run_rig_run(rig, 1000);
    cr_assert_eq(notes.line_changes, 2);
    cr_assert_eq(notes.lines, 0);
    cr_assert_eq(notes.last_line_step, 4);
    cr_assert_eq(notes.events, 1);
}

/* --- Digests --- */

Test(physical_run, digest_tells_states_apart)
{
    run_rig_code(rig, 0, WAIT);
    run_rig_start(rig);
    const char *at_first = run_rig_digest(rig);
    cr_assert_str_eq(run_rig_digest(rig), at_first);
    struct vamp_machine *machine = physical_processor(rig->physical);
    vamp_machine_write(machine, 0x8000, 1);
    const char *in_memory = run_rig_digest(rig);
    cr_assert_str_neq(in_memory, at_first);
    vamp_machine_write(machine, 0x8000, 0);
    vamp_machine_write(machine, 0x8004, 1);
    cr_assert_str_neq(run_rig_digest(rig), in_memory);
    vamp_machine_write(machine, 0x8004, 0);
    cr_assert_str_eq(run_rig_digest(rig), at_first);
    vamp_machine_state(machine)->spr[VAMP_SPR_EMODE] = 1;
    cr_assert_str_neq(run_rig_digest(rig), at_first);
    vamp_machine_state(machine)->spr[VAMP_SPR_EMODE] = 0;
    bus_write(physical_bus(rig->physical), 0xFFFF8000, 5);
    cr_assert_str_neq(run_rig_digest(rig), at_first);
}
