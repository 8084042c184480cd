/* Steps, breakpoints, watchpoints, and each way in which a run ends. */
#include "tests/unit/gdb/bench.h"

#include <criterion/criterion.h>
#include <string.h>

static struct bench *bench;

static void begin(void)
{
    bench = bench_new("nop\n");
}

static void end(void)
{
    bench_free(bench);
}

TestSuite(gdb_run, .init = begin, .fini = end);
TestSuite(gdb_breakpoint, .init = begin, .fini = end);
TestSuite(gdb_watchpoint, .init = begin, .fini = end);

static void load(const char *program)
{
    bench_free(bench);
    bench = bench_new(program);
}

static void expect_reply(const char *packet, const char *expected)
{
    const char *got = bench_ask(bench, packet);
    cr_expect_str_eq(got, expected, "%s: %s", packet, got);
}

/* T, the signal and the reason; then dpc and pcp. */
static void expect_stop(const char *packet, const char *start, unsigned dpc, unsigned pcp)
{
    expect_reply(packet, arena_printf(bench->arena, "%s20:%02x%02x0000;21:%02x%02x0000;thread:1;",
                                      start, dpc & 255, dpc >> 8, pcp & 255, pcp >> 8));
}

static const char loop[] = "addi r1,r1,1\nj -8\naddi r2,r2,1\n";

Test(gdb_run, a_step_is_one_instruction_and_shows_the_delay_slot)
{
    load("nop\nj 8\naddi r1,r0,1\nnop\naddi r2,r0,1\n");
    expect_stop("s", "T05", 4, 8);
    expect_stop("vCont;s:1", "T05", 8, 16);
    expect_stop("S05", "T05", 16, 20);
    expect_stop("vCont;S05:1;c", "T05", 20, 24);
    cr_expect(bench->state->gpr[1] == 1 && bench->state->gpr[2] == 1);
    cr_expect_eq(physical_steps(bench->physical), 4);
}

Test(gdb_run, an_address_moves_both_program_counters)
{
    load("nop\nj 8\naddi r1,r0,1\nnop\naddi r2,r0,1\n");
    expect_stop("s10", "T05", 20, 24);
    expect_stop("S05;4", "T05", 8, 16);
    cr_expect_eq(bench->state->gpr[2], 1);
}

Test(gdb_run, arguments_that_are_none_are_refused)
{
    static const char *const bad[] = {
        "sx",     "c123456789", "C",         "C5",         "C05;",    "C0510",    "vCont",
        "vCont;", "vCont;t",    "vCont;s:2", "vCont;c:1x", "vCont;C", "vCont;c;", "vCont:c"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect_reply(bad[i], "E22");
    cr_expect_eq(physical_steps(bench->physical), 0);
}

Test(gdb_run, the_first_action_for_the_thread_counts)
{
    load(loop);
    expect_reply("Z0,8,4", "OK");
    expect_stop("vCont;c:1;s", "T05", 8, 0);
    expect_stop("vCont;s:-1;c", "T05", 0, 4);
}

Test(gdb_run, the_reason_of_the_stop_is_told_again)
{
    load(loop);
    expect_stop("s", "T05", 4, 8);
    expect_stop("?", "T05", 4, 8);
}

Test(gdb_run, a_halted_machine_exits)
{
    load("nop\nj -4\nnop\n");
    const char *got = bench_ask(bench, "c");
    cr_expect(strncmp(got, "Ohalted after", 13) == 0 && strstr(got, "\nW00") != NULL, "%s", got);
    expect_reply("?", "W00");
    expect_reply("p20", "04000000");
    cr_expect_eq(gdb_session_outcome(bench->session).status, PHYSICAL_HALTED);
    cr_expect(strstr(bench_ask(bench, "s"), "\nW00") != NULL);
}

Test(gdb_run, after_a_halt_the_client_may_send_the_machine_elsewhere)
{
    load("nop\nj -4\nnop\naddi r3,r0,3\nj -4\nnop\n");
    cr_expect(strstr(bench_ask(bench, "c"), "\nW00") != NULL);
    cr_expect(strstr(bench_ask(bench, "cc"), "\nW00") != NULL);
    cr_expect_eq(bench->state->gpr[3], 3);
}

/* SR enables the timer, which is off. */
Test(gdb_run, an_idle_machine_exits)
{
    load("lhgi r1,1\nsrli r1,r1,3\nmovi2s SR,r1\nj -4\nnop\n");
    const char *got = bench_ask(bench, "c");
    cr_expect(strncmp(got, "Oidle after", 11) == 0 && strstr(got, "\nW00") != NULL, "%s", got);
}

Test(gdb_run, a_bus_error_is_a_signal_with_a_message)
{
    load("lhgi r2,16\nlw r1,r2,0\n");
    const char *got = bench_ask(bench, "c");
    cr_expect(strstr(got, "bus-error: lw r1,r2,0 at 0x00000004 accesses 0x00100000") != NULL, "%s",
              got);
    cr_expect(strstr(got, "\nT0a20:04000000;21:08000000;thread:1;") != NULL, "%s", got);
    cr_expect_eq(gdb_session_outcome(bench->session).status, PHYSICAL_STOPPED);
    expect_reply("P2=00010000", "OK");
    expect_stop("s", "T05", 8, 12);
}

Test(gdb_run, the_limit_of_steps_ends_a_run)
{
    bench_free(bench);
    bench = bench_new_limited(loop, 10);
    const char *got = bench_ask(bench, "c");
    cr_expect(strncmp(got, "Othe limit of 10 steps", 22) == 0, "%s", got);
    cr_expect(strstr(got, "\nT1820:04000000;21:08000000;thread:1;") != NULL, "%s", got);
    cr_expect(strstr(bench_ask(bench, "s"), "\nT18") != NULL);
    cr_expect_eq(physical_steps(bench->physical), 10);
}

static enum oracle_answer say(void *self, uint64_t now, const struct bus *bus,
                              struct oracle_event *event, struct fault *fault)
{
    (void)bus, (void)event;
    enum oracle_answer answer = *(enum oracle_answer *)self;
    if (now < 5) {
        *event = (struct oracle_event){.step = 5};
        return ORACLE_UNTIL;
    }
    if (answer == ORACLE_FAILED)
        fault_at(fault, (struct location){0}, "the world ends");
    return answer;
}

/* Another machine, without a program. */
static void load_with_oracle(struct oracle *oracle)
{
    struct physical_setup setup = {.memory_bytes = BENCH_MEMORY_BYTES, .oracle = oracle};
    bench->physical = physical_new(bench->arena, &setup);
    bench->machine = physical_processor(bench->physical);
    bench->state = vamp_machine_state(bench->machine);
    struct gdb_setup gdb = {.physical = bench->physical, .max_steps = UINT64_MAX};
    bench->session = gdb_session_new(bench->arena, &gdb);
}

Test(gdb_run, the_end_of_a_recording_is_a_stop_with_a_message)
{
    enum oracle_answer answer = ORACLE_END;
    load_with_oracle(&(struct oracle){.self = &answer, .next = say});
    const char *got = bench_ask(bench, "c");
    cr_expect(strncmp(got, "Othe recording ends after 5 steps", 33) == 0, "%s", got);
    cr_expect(strstr(got, "\nT05") != NULL, "%s", got);
    cr_expect_eq(gdb_session_outcome(bench->session).status, PHYSICAL_ORACLE_END);
}

Test(gdb_run, a_failure_is_a_death_with_a_message)
{
    enum oracle_answer answer = ORACLE_FAILED;
    load_with_oracle(&(struct oracle){.self = &answer, .next = say});
    const char *got = bench_ask(bench, "c");
    cr_expect(strstr(got, "the world ends") != NULL && strstr(got, "\nX06") != NULL, "%s", got);
    cr_expect(gdb_session_fault(bench->session)->is_set);
}

Test(gdb_breakpoint, a_run_stops_before_the_instruction)
{
    load(loop);
    expect_reply("Z0,8,4", "OK");
    expect_stop("c", "T05", 8, 0);
    cr_expect(bench->state->gpr[1] == 1 && bench->state->gpr[2] == 0);
    expect_stop("c", "T05", 8, 0);
    cr_expect(bench->state->gpr[1] == 2 && bench->state->gpr[2] == 1);
}

Test(gdb_breakpoint, it_is_told_as_the_client_wants_it)
{
    load(loop);
    bench_ask(bench, "qSupported:swbreak+;hwbreak+");
    expect_reply("Z0,8,4", "OK");
    expect_reply("Z1,4,4", "OK");
    expect_stop("c", "T05hwbreak:;", 4, 8);
    expect_stop("c", "T05swbreak:;", 8, 0);
    expect_stop("s", "T05", 0, 4);
    expect_stop("s", "T05", 4, 8);
}

Test(gdb_breakpoint, both_kinds_may_be_at_one_place)
{
    load(loop);
    expect_reply("Z0,8,4", "OK");
    expect_reply("Z0,8,4", "OK");
    expect_reply("Z1,8,2", "OK");
    expect_reply("z0,8,4", "OK");
    expect_stop("c", "T05", 8, 0);
    expect_reply("Z0,4,4", "OK");
    expect_reply("z1,8,4", "OK");
    expect_stop("c", "T05", 4, 8);
    expect_stop("c", "T05", 4, 8);
}

Test(gdb_breakpoint, where_the_client_moves_the_machine_counts)
{
    load(loop);
    expect_reply("Z0,8,4", "OK");
    expect_stop("c8", "T05", 8, 12);
    expect_stop("s", "T05", 12, 16);
    expect_reply("P20=08000000", "OK");
    expect_stop("c", "T05", 8, 16);
}

Test(gdb_breakpoint, one_in_user_mode_is_virtual)
{
    load("nop\n");
    /* page 1 is at 0x2000, the table at 0x3000 */
    vamp_machine_write(bench->machine, 0x3004, 0x2800);
    vamp_machine_write(bench->machine, 0x2000, 0x24210001); /* addi r1,r1,1 */
    vamp_machine_write(bench->machine, 0x2004, 0x24210001);
    vamp_machine_write(bench->machine, 0x2008, 0x24210001);
    bench->state->spr[VAMP_SPR_PTO] = 3;
    bench->state->spr[VAMP_SPR_PTL] = 1;
    bench->state->spr[VAMP_SPR_MODE] = 1;
    bench->state->dpc = 0x1000;
    bench->state->pcp = 0x1004;
    expect_reply("Z0,2004,4", "OK");
    expect_reply("Z0,1008,4", "OK");
    expect_stop("c", "T05", 0x1008, 0x100C);
    cr_expect_eq(bench->state->gpr[1], 2);
}

/* An access to a device ends the inner run, right before the breakpoint. */
Test(gdb_breakpoint, one_behind_a_device_access_is_not_passed)
{
    load("addi r1,r0,5\nsw r1,r0,-32768\nnop\nj -4\nnop\n");
    expect_reply("Z0,8,4", "OK");
    expect_stop("c", "T05", 8, 12);
}

/* A slice ends at the breakpoint as it ends anywhere. */
Test(gdb_breakpoint, one_at_the_end_of_a_slice_is_not_passed)
{
    for (uint64_t slice = 1; slice < 6; slice++) {
        load(loop);
        struct gdb_setup setup = {
            .physical = bench->physical, .max_steps = UINT64_MAX, .slice_steps = slice};
        bench->session = gdb_session_new(bench->arena, &setup);
        expect_reply("Z0,8,4", "OK");
        expect_stop("c", "T05", 8, 0);
        cr_expect_eq(physical_steps(bench->physical), 2);
    }
}

Test(gdb_breakpoint, there_is_a_limit_to_them)
{
    for (unsigned i = 0; i < 256; i++)
        expect_reply(arena_printf(bench->arena, "Z0,%x,4", 0x1000 + 4 * i), "OK");
    expect_reply("Z0,8,4", "E28");
    expect_reply("Z0,1000,4", "OK");
    expect_reply("z0,1000,4", "OK");
    expect_reply("Z2,8,4", "OK");
    expect_reply("Z2,c,4", "E28");
}

Test(gdb_breakpoint, bad_ones_are_refused)
{
    static const char *const bad[] = {
        "Z",       "Z0",       "Z0,",    "Z0,4",   "Z0,4,4;X1,0", "Z2,4,0",        "Z2,fffffffd,4",
        "Z0,4,4x", "Z0,4,4,4", "Zx,4,4", "z2,4,0", "z0,4",        "Z2,1,100000000"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect_reply(bad[i], "E22");
    expect_reply("Z5,4,4", "");
    expect_reply("z5,4,4", "");
    expect_reply("Z2,fffffffc,4", "OK");
    expect_reply("Z4,1,ffffffff", "OK");
}

/* 0: r2 := 0x1000; 4: load; 8: store; 12: next byte; 16: store of a half-word; 20: j 4 */
static const char accesses[] = "addi r2,r0,4096\nlw r1,r2,4\nsw r1,r2,8\nlbu r3,r2,5\n"
                               "sh r3,r2,10\nj -20\nnop\n";

Test(gdb_watchpoint, a_write_is_watched_and_a_read_is_not)
{
    load(accesses);
    expect_reply("Z2,1008,4", "OK");
    expect_stop("c", "T05watch:00001008;", 12, 16);
    expect_stop("c", "T05watch:0000100a;", 20, 24);
    expect_reply("z2,1008,4", "OK");
    expect_reply("Z2,1004,4", "OK");
    expect_reply("Z0,14,4", "OK");
    expect_stop("c", "T05", 20, 24);
}

Test(gdb_watchpoint, a_read_is_watched_and_a_write_is_not)
{
    load(accesses);
    expect_reply("Z3,1005,1", "OK");
    expect_reply("Z3,1008,4", "OK");
    expect_stop("c", "T05rwatch:00001005;", 8, 12);
    expect_stop("c", "T05rwatch:00001005;", 16, 20);
    expect_stop("c", "T05rwatch:00001005;", 8, 12);
}

Test(gdb_watchpoint, both_are_accesses)
{
    load(accesses);
    expect_reply("Z4,1000,c", "OK");
    expect_stop("c", "T05awatch:00001004;", 8, 12);
    expect_stop("c", "T05awatch:00001008;", 12, 16);
    expect_stop("c", "T05awatch:00001005;", 16, 20);
    expect_stop("c", "T05awatch:0000100a;", 20, 24);
}

Test(gdb_watchpoint, neighbours_are_not_watched)
{
    load(accesses);
    expect_reply("Z4,1000,4", "OK");
    expect_reply("Z4,100c,f000", "OK");
    expect_reply("Z0,18,4", "OK");
    expect_stop("c", "T05", 24, 4);
}

Test(gdb_watchpoint, a_step_is_watched_too)
{
    load(accesses);
    expect_reply("Z4,1004,4", "OK");
    expect_stop("s", "T05", 4, 8);
    expect_stop("s", "T05awatch:00001004;", 8, 12);
}

Test(gdb_watchpoint, devices_can_be_watched)
{
    load("sw r1,r0,-32768\nlw r1,r0,-32764\nnop\n");
    expect_reply("Z2,ffff8000,4", "OK");
    expect_reply("Z3,ffff8004,4", "OK");
    expect_stop("c", "T05watch:ffff8000;", 4, 8);
    expect_stop("c", "T05rwatch:ffff8004;", 8, 12);
}

/* The load is misaligned: an interrupt instead, to address 0. */
Test(gdb_watchpoint, an_access_that_is_interrupted_is_none)
{
    load("j 12\nnop\nnop\nnop\nlw r1,r2,2\nnop\n");
    bench->state->gpr[2] = 0x1000;
    expect_reply("Z4,1000,8", "OK");
    expect_reply("Z0,0,4", "OK");
    expect_stop("c", "T05", 0, 4);
    cr_expect_eq(bench->state->spr[VAMP_SPR_ECA], 4);
}

/* 0x1000 is watched as a virtual address, although it is at 0x2000. */
Test(gdb_watchpoint, user_mode_addresses_are_virtual)
{
    load("nop\n");
    vamp_machine_write(bench->machine, 0x3000, 0x4800);
    vamp_machine_write(bench->machine, 0x3004, 0x2800);
    vamp_machine_write(bench->machine, 0x4000, 0xAC410004); /* sw r1,r2,4 */
    vamp_machine_write(bench->machine, 0x4004, 0x34210000);
    bench->state->gpr[1] = 0x1234;
    bench->state->gpr[2] = 0x1000;
    bench->state->spr[VAMP_SPR_PTO] = 3;
    bench->state->spr[VAMP_SPR_PTL] = 1;
    bench->state->spr[VAMP_SPR_MODE] = 1;
    expect_reply("Z2,2004,4", "OK");
    expect_reply("Z2,1004,4", "OK");
    expect_stop("c", "T05watch:00001004;", 4, 8);
    uint32_t word;
    cr_expect(vamp_machine_read(bench->machine, 0x2004, &word) && word == 0x1234);
}

/* The reset button, once. */
static enum oracle_answer press(void *self, uint64_t now, const struct bus *bus,
                                struct oracle_event *event, struct fault *fault)
{
    (void)bus, (void)fault;
    bool *was_pressed = self;
    *event = (struct oracle_event){.step = now, .is_reset = true};
    if (*was_pressed)
        return ORACLE_NEVER;
    *was_pressed = true;
    return ORACLE_EVENT;
}

Test(gdb_watchpoint, an_access_that_a_reset_prevents_is_none)
{
    bool was_pressed = false;
    load_with_oracle(&(struct oracle){.self = &was_pressed, .next = press});
    vamp_machine_write(bench->machine, 0x40, 0x8C410000); /* lw r1,r2,0 */
    bench->state->gpr[2] = 0x1000;
    expect_reply("Z4,1000,4", "OK");
    expect_reply("P20=40000000", "OK");
    expect_stop("s", "T05", 0, 4);
    cr_expect_eq(bench->state->spr[VAMP_SPR_EDPC], 0x40);
    expect_stop("s40", "T05awatch:00001000;", 0x44, 0x48);
}
