/* What a client may say at any time, good or bad. */
#include "gdb/packet.h"
#include "tests/unit/gdb/bench.h"

#include <criterion/criterion.h>
#include <string.h>

static struct bench *bench;

static void begin(void)
{
    bench = bench_new("addi r1,r0,1\nj -8\nnop\n");
}

static void end(void)
{
    bench_free(bench);
}

TestSuite(gdb_session, .init = begin, .fini = end);

static void expect_reply(const char *packet, const char *expected)
{
    const char *got = bench_ask(bench, packet);
    cr_expect_str_eq(got, expected, "%s: %s", packet, got);
}

static void expect_bytes(const char *sent, const char *expected)
{
    struct text got = bench_send(bench, text_of(sent));
    cr_expect(text_is(got, expected), "%s: %.*s", sent, (int)got.length, got.at);
}

Test(gdb_session, a_packet_is_acknowledged_and_answered)
{
    expect_bytes("$qC#b4", "+$QC1#c5");
}

Test(gdb_session, a_damaged_packet_is_asked_for_again)
{
    expect_bytes("$qC#b5", "-");
    expect_bytes("$qC#b4", "+$QC1#c5");
}

Test(gdb_session, a_lost_reply_is_sent_again)
{
    expect_bytes("$qC#b4", "+$QC1#c5");
    expect_bytes("-", "$QC1#c5");
    expect_bytes("+", "");
}

Test(gdb_session, a_reply_is_not_sent_again_for_ever)
{
    expect_bytes("$qC#b4", "+$QC1#c5");
    struct text got = bench_send(bench, text_of("----------------------------------------"));
    cr_expect_eq(got.length, 8 * strlen("$QC1#c5"));
    expect_bytes("$qC#b4", "+$QC1#c5");
    expect_bytes("-", "$QC1#c5");
}

Test(gdb_session, acknowledgements_can_be_agreed_away)
{
    expect_bytes("$QStartNoAckMode#b0", "+$OK#9a");
    expect_bytes("+", "");
    expect_bytes("$qC#b4", "$QC1#c5");
    expect_bytes("-", "");
    expect_bytes("$qC#b5", "$E22#a9");
}

Test(gdb_session, a_packet_that_is_too_long_gets_an_error)
{
    char *content = arena_alloc(bench->arena, GDB_PACKET_BYTES + 2);
    memset(content, 'm', GDB_PACKET_BYTES + 1);
    expect_reply(content, "E22");
    expect_reply("qC", "QC1");
}

Test(gdb_session, what_is_not_known_gets_an_empty_reply)
{
    static const char *const unknown[] = {"",
                                          "vMustReplyEmpty",
                                          "vContinue",
                                          "qCRC:0,4",
                                          "qRcmd",
                                          "x",
                                          "R00",
                                          "vRun;",
                                          "!",
                                          "gg",
                                          "?x",
                                          "kill",
                                          "qXfer:memory-map:read::0,100",
                                          "QStartNoAckModes"};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        expect_reply(unknown[i], "");
}

Test(gdb_session, features_are_told)
{
    const char *features = bench_ask(bench, "qSupported:multiprocess+;swbreak+;xmlRegisters=i386");
    cr_expect_str_eq(features, "PacketSize=4000;qXfer:features:read+;QStartNoAckMode+;swbreak+;"
                               "hwbreak+;vContSupported+");
    expect_reply("qSupported", features);
    expect_reply("vCont?", "vCont;c;C;s;S");
}

Test(gdb_session, there_is_one_thread)
{
    expect_reply("qfThreadInfo", "m1");
    expect_reply("qsThreadInfo", "l");
    expect_reply("qAttached", "1");
    expect_reply("qAttached:1", "1");
    expect_reply("Hg0", "OK");
    expect_reply("Hc-1", "OK");
    expect_reply("Hg1", "OK");
    expect_reply("T1", "OK");
    expect_reply("Hg2", "E22");
    expect_reply("Hg-0", "E22");
    expect_reply("Hx1", "E22");
    expect_reply("H", "E22");
    expect_reply("T2", "E22");
    expect_reply("T", "E22");
}

Test(gdb_session, at_first_the_machine_stands_still)
{
    expect_reply("?", "T0520:00000000;21:04000000;thread:1;");
}

Test(gdb_session, an_interrupt_while_nothing_runs_is_nothing)
{
    expect_bytes("\x03", "");
    expect_reply("?", "T0520:00000000;21:04000000;thread:1;");
}

Test(gdb_session, an_interrupt_stops_a_run)
{
    bench_send(bench, bench_frame(bench, "c"));
    cr_expect_eq(gdb_session_state(bench->session), GDB_SESSION_RUNNING);
    struct text got = bench_send(bench, text_of("\x03"));
    cr_expect_str_eq(bench_packets(bench, got), "T0220:00000000;21:04000000;thread:1;");
    cr_expect_eq(gdb_session_state(bench->session), GDB_SESSION_STOPPED);
}

Test(gdb_session, while_the_machine_runs_only_leaving_is_possible)
{
    bench_send(bench, bench_frame(bench, "c"));
    struct text got = bench_send(bench, bench_frame(bench, "g"));
    cr_expect_str_eq(bench_packets(bench, got), "E16");
    cr_expect_eq(gdb_session_state(bench->session), GDB_SESSION_RUNNING);
    got = bench_send(bench, bench_frame(bench, "D"));
    cr_expect_str_eq(bench_packets(bench, got), "OK");
    cr_expect_eq(gdb_session_state(bench->session), GDB_SESSION_DETACHED);
}

Test(gdb_session, kill_ends_it_without_a_reply)
{
    expect_reply("k", "");
    cr_expect_eq(gdb_session_state(bench->session), GDB_SESSION_KILLED);
    expect_bytes("$qC#b4", "");
}

Test(gdb_session, vKill_ends_it_with_a_reply)
{
    expect_reply("vKill;1", "OK");
    cr_expect_eq(gdb_session_state(bench->session), GDB_SESSION_KILLED);
}

Test(gdb_session, detaching_takes_the_breakpoints_along)
{
    struct fault fault = {0};
    expect_reply("Z0,4,4", "OK");
    expect_reply("Z1,8,4", "OK");
    expect_reply("D;1", "OK");
    cr_expect_eq(gdb_session_state(bench->session), GDB_SESSION_DETACHED);
    struct physical_outcome outcome = physical_run(bench->physical, 100, false, &fault);
    cr_expect_eq(outcome.status, PHYSICAL_LIMIT);
}

static const char *monitor(const char *line)
{
    struct text_builder packet = {.arena = bench->arena};
    text_append(&packet, "qRcmd,");
    for (; *line != '\0'; line++)
        text_append(&packet, "%02x", *line);
    return bench_ask(bench, text_built(&packet));
}

Test(gdb_session, monitor_commands_answer_in_words)
{
    bench_ask(bench, "s");
    bench_ask(bench, "s");
    cr_expect_str_eq(monitor("steps"), "O2 steps\n\nOK");
    cr_expect_str_eq(monitor("  steps  "), "O2 steps\n\nOK");
    cr_expect_str_eq(monitor("read 0x8"), "O0x00000008: 0x34210000\n\nOK");
    cr_expect_str_eq(monitor("read 8 2"),
                     "O0x00000008: 0x34210000\n\nO0x0000000c: 0x00000000\n\nOK");
    cr_expect_str_eq(monitor("read 0x10000"), "O0x00010000: no memory\n\nOK");
    cr_expect_str_eq(monitor("translate 0x123"), "O0x00000123 is 0x00000123\n\nOK");
    cr_expect(strstr(monitor("devices"), "timer") != NULL);
    cr_expect(strstr(monitor("help"), "translate") != NULL);
    cr_expect_eq(strlen(monitor("digest")), strlen("O\n\nOK") + 64);
}

Test(gdb_session, bad_monitor_commands_say_so)
{
    cr_expect(strstr(monitor("nonsense"), "help") != NULL);
    cr_expect(strstr(monitor(""), "help") != NULL);
    cr_expect(strstr(monitor("read"), "missing") != NULL);
    cr_expect(strstr(monitor("read 2"), "missing") != NULL);
    cr_expect(strstr(monitor("translate x"), "missing") != NULL);
    expect_reply("qRcmd,6", "E22");
    expect_reply("qRcmd,6x", "E22");
}

/* The reset row of the table of interrupts: ECA = 1, SR = MODE = 0, dpc = 0, pcp = 4, and what an
 * abort saves. */
Test(gdb_session, monitor_reset_presses_the_button)
{
    bench->state->dpc = 0x40;
    bench->state->pcp = 0x80;
    bench->state->gpr[7] = 7;
    bench->state->spr[VAMP_SPR_SR] = 0x40;
    bench->state->spr[VAMP_SPR_MODE] = 1;
    cr_expect(strstr(monitor("reset"), "OK") != NULL);
    cr_expect(bench->state->dpc == 0 && bench->state->pcp == 4 && bench->state->gpr[7] == 7);
    cr_expect_eq(bench->state->spr[VAMP_SPR_ECA], 1);
    cr_expect_eq(bench->state->spr[VAMP_SPR_SR], 0);
    cr_expect_eq(bench->state->spr[VAMP_SPR_MODE], 0);
    cr_expect_eq(bench->state->spr[VAMP_SPR_ESR], 0x40);
    cr_expect_eq(bench->state->spr[VAMP_SPR_EMODE], 1);
    cr_expect_eq(bench->state->spr[VAMP_SPR_EDPC], 0x40);
    cr_expect_eq(bench->state->spr[VAMP_SPR_EPC], 0x80);
}
