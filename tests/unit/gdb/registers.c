/* Registers by number, and what target.xml says of them. */
#include "gdb/registers.h"
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

TestSuite(gdb_registers, .init = begin, .fini = end);

/* The order of docs/GDB.md: r0 to r31, dpc, pcp, SR to PTL, EMODE, MODE. */
static const char *const names[] = {
    "r0",  "r1",  "r2",   "r3",    "r4",  "r5",    "r6",  "r7",  "r8",  "r9",    "r10", "r11",
    "r12", "r13", "r14",  "r15",   "r16", "r17",   "r18", "r19", "r20", "r21",   "r22", "r23",
    "r24", "r25", "r26",  "r27",   "r28", "r29",   "r30", "r31", "dpc", "pcp",   "SR",  "ESR",
    "ECA", "EPC", "EDPC", "EDATA", "RM",  "IEEEF", "FCC", "PTO", "PTL", "EMODE", "MODE"};
enum { NAME_COUNT = sizeof names / sizeof names[0] };

static const char *read_description(void)
{
    struct text_builder all = {.arena = bench->arena};
    for (unsigned offset = 0;; offset += 0x100) {
        const char *part = bench_ask(
            bench, arena_printf(bench->arena, "qXfer:features:read:target.xml:%x,100", offset));
        cr_assert(part[0] == 'l' || part[0] == 'm', "%s", part);
        cr_expect(part[0] == 'l' || strlen(part) == 0x101);
        text_append(&all, "%s", part + 1);
        if (part[0] == 'l')
            return text_built(&all);
    }
}

Test(gdb_registers, the_description_names_each_register_at_its_number)
{
    const char *description = read_description();
    cr_expect_eq(GDB_REGISTER_COUNT, NAME_COUNT);
    for (unsigned i = 0; i < NAME_COUNT; i++) {
        const char *entry = arena_printf(
            bench->arena, "<reg name=\"%s\" bitsize=\"32\" regnum=\"%u\"", names[i], i);
        cr_expect(strstr(description, entry) != NULL, "%s", entry);
    }
}

Test(gdb_registers, dpc_is_the_program_counter)
{
    const char *description = read_description();
    cr_expect(strstr(description, "name=\"dpc\" bitsize=\"32\" regnum=\"32\" type=\"code_ptr\""));
}

Test(gdb_registers, the_description_has_no_other_annex)
{
    cr_expect_str_eq(bench_ask(bench, "qXfer:features:read:other.xml:0,100"), "E00");
    cr_expect_str_eq(bench_ask(bench, "qXfer:features:read:target.xml:ffff,100"), "E22");
    cr_expect_str_eq(bench_ask(bench, "qXfer:features:read:target.xml:0"), "E22");
    cr_expect_str_eq(bench_ask(bench, "qXfer:features:read:"), "E00");
}

/* Different words everywhere. */
static void fill(struct vamp_state *state)
{
    for (unsigned i = 1; i < VAMP_GPR_COUNT; i++)
        state->gpr[i] = 0x11223300 + i;
    state->dpc = 0x40;
    state->pcp = 0x80;
    for (unsigned i = 0; i <= VAMP_SPR_EMODE; i++)
        state->spr[i] = 0x55667700 + i;
    state->spr[VAMP_SPR_MODE] = 0;
}

static const char *little_endian(uint32_t word)
{
    return arena_printf(bench->arena, "%02x%02x%02x%02x", word & 255, word >> 8 & 255,
                        word >> 16 & 255, word >> 24);
}

Test(gdb_registers, g_lists_all_in_the_order_of_the_description)
{
    struct text_builder expected = {.arena = bench->arena};
    fill(bench->state);
    text_append(&expected, "00000000");
    for (uint32_t i = 1; i < VAMP_GPR_COUNT; i++)
        text_append(&expected, "%s", little_endian(0x11223300 + i));
    text_append(&expected, "4000000080000000");
    for (uint32_t i = 0; i <= VAMP_SPR_EMODE; i++)
        text_append(&expected, "%s", little_endian(0x55667700 + i));
    text_append(&expected, "00000000");
    cr_expect_eq(expected.length, NAME_COUNT * 8);
    cr_expect_str_eq(bench_ask(bench, "g"), text_built(&expected));
}

Test(gdb_registers, G_writes_what_g_reads)
{
    fill(bench->state);
    struct vamp_state filled = *bench->state;
    const char *all = bench_ask(bench, "g");
    *bench->state = (struct vamp_state){0};
    cr_expect_str_eq(bench_ask(bench, arena_printf(bench->arena, "G%s", all)), "OK");
    cr_expect_arr_eq(bench->state, &filled, sizeof filled);
}

Test(gdb_registers, G_of_another_length_changes_nothing)
{
    fill(bench->state);
    struct vamp_state filled = *bench->state;
    const char *all = bench_ask(bench, "g");
    bench->state->gpr[1] = 7;
    filled.gpr[1] = 7;
    cr_expect_str_eq(bench_ask(bench, arena_printf(bench->arena, "G%.368s", all)), "E22");
    cr_expect_str_eq(bench_ask(bench, arena_printf(bench->arena, "G%s00000000", all)), "E22");
    cr_expect_str_eq(bench_ask(bench, arena_printf(bench->arena, "G%.375sx", all)), "E22");
    cr_expect_str_eq(bench_ask(bench, "G"), "E22");
    cr_expect_arr_eq(bench->state, &filled, sizeof filled);
}

Test(gdb_registers, p_and_P_take_one)
{
    cr_expect_str_eq(bench_ask(bench, "P5=78563412"), "OK");
    cr_expect_eq(bench->state->gpr[5], 0x12345678);
    cr_expect_str_eq(bench_ask(bench, "p5"), "78563412");
    cr_expect_str_eq(bench_ask(bench, "P20=10000000"), "OK");
    cr_expect_str_eq(bench_ask(bench, "P21=40000000"), "OK");
    cr_expect(bench->state->dpc == 0x10 && bench->state->pcp == 0x40);
    cr_expect_str_eq(bench_ask(bench, "P2e=01000000"), "OK");
    cr_expect_eq(bench->state->spr[VAMP_SPR_MODE], 1);
    cr_expect_str_eq(bench_ask(bench, "p2e"), "01000000");
}

Test(gdb_registers, r0_stays_0)
{
    cr_expect_str_eq(bench_ask(bench, "P0=01000000"), "OK");
    cr_expect_eq(bench->state->gpr[0], 0);
}

Test(gdb_registers, numbers_from_47_on_are_no_registers)
{
    cr_expect_str_eq(bench_ask(bench, "p2f"), "E22");
    cr_expect_str_eq(bench_ask(bench, "P2f=00000000"), "E22");
    cr_expect_str_eq(bench_ask(bench, "pffffffffffff"), "E22");
    cr_expect_str_eq(bench_ask(bench, "p"), "E22");
    cr_expect_str_eq(bench_ask(bench, "p1x"), "E22");
    cr_expect_str_eq(bench_ask(bench, "P1=000000"), "E22");
    cr_expect_str_eq(bench_ask(bench, "P1=0000000000"), "E22");
    cr_expect_str_eq(bench_ask(bench, "P1"), "E22");
}
