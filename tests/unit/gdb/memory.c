/* Memory in both modes, and what an instruction is about to access. */
#include "gdb/memory.h"
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

TestSuite(gdb_memory, .init = begin, .fini = end);
TestSuite(gdb_access, .init = begin, .fini = end);

static void expect_reply(const char *packet, const char *expected)
{
    const char *got = bench_ask(bench, packet);
    cr_expect_str_eq(got, expected, "%s: %s", packet, got);
}

static void put(uint32_t address, uint32_t word)
{
    cr_assert(vamp_machine_write(bench->machine, address, word));
}

static uint32_t word_at(uint32_t address)
{
    uint32_t word = 0;
    cr_assert(vamp_machine_read(bench->machine, address, &word));
    return word;
}

enum { VALID = 0x800, PROTECTED = 0x400 };

/* Pages 0, 1, 2, 3 and 4: at 0x5000, at 0x4000 and protected, none, at 0x20000 outside memory, at
 * 0xFFFF8000; the table is at 0x3000. */
static void enter_user_mode(void)
{
    put(0x3000, 0x5000 | VALID);
    put(0x3004, 0x4000 | VALID | PROTECTED);
    put(0x3008, 0x6000);
    put(0x300C, 0x20000 | VALID);
    put(0x3010, 0xFFFF8000 | VALID);
    put(0x3014, 0x7000 | VALID);
    bench->state->spr[VAMP_SPR_PTO] = 3;
    bench->state->spr[VAMP_SPR_PTL] = 4;
    bench->state->spr[VAMP_SPR_MODE] = 1;
}

Test(gdb_memory, system_mode_addresses_are_physical)
{
    put(0x1000, 0x44332211);
    put(0x1004, 0x88776655);
    expect_reply("m1000,8", "1122334455667788");
    expect_reply("m1001,3", "223344");
    expect_reply("m00001003,2", "4455");
}

Test(gdb_memory, M_and_X_write_bytes)
{
    put(0x1000, 0xFFFFFFFF);
    put(0x1004, 0xFFFFFFFF);
    expect_reply("M1001,5:0102030405", "OK");
    cr_expect(word_at(0x1000) == 0x030201FF && word_at(0x1004) == 0xFFFF0504);
    expect_reply("X1002,3:abc", "OK");
    cr_expect(word_at(0x1000) == 0x626101FF && word_at(0x1004) == 0xFFFF0563);
    expect_reply("X1002,0:", "OK");
}

Test(gdb_memory, lengths_must_be_those_of_the_data)
{
    expect_reply("M1000,2:010203", "E22");
    expect_reply("M1000,2:010", "E22");
    expect_reply("M1000,2:01xx", "E22");
    expect_reply("M1000,2", "E22");
    expect_reply("X1000,2:abc", "E22");
    expect_reply("X1000:ab", "E22");
    expect_reply("m1000", "E22");
    expect_reply("m1000,", "E22");
    expect_reply("m1000,0", "E22");
    expect_reply("m1000,4;", "E22");
    expect_reply("m100000000,4", "E22");
    cr_expect_eq(word_at(0x1000), 0);
}

Test(gdb_memory, a_read_ends_where_memory_does)
{
    put(0xFFFC, 0x44332211);
    expect_reply("mfffe,8", "3344");
    expect_reply("m10000,4", "E14");
    expect_reply("mfffffffe,8", "E14");
}

Test(gdb_memory, a_long_read_is_cut_to_a_packet)
{
    const char *all = bench_ask(bench, "m0,ffffffff");
    cr_expect_eq(strlen(all), 2 * 8190);
}

Test(gdb_memory, a_write_that_does_not_fit_writes_nothing)
{
    expect_reply("Mfffe,4:01020304", "E14");
    cr_expect_eq(word_at(0xFFFC), 0);
    expect_reply("Mffffffff,2:0102", "E14");
}

Test(gdb_memory, devices_are_refused)
{
    expect_reply("mffff8000,4", "E14");
    expect_reply("Mffff8000,4:01000000", "E14");
    expect_reply("Mffff8000,0:", "OK");
}

Test(gdb_memory, user_mode_addresses_are_virtual)
{
    enter_user_mode();
    put(0x5010, 0x44332211);
    expect_reply("m10,4", "11223344");
    expect_reply("M12,2:aabb", "OK");
    cr_expect_eq(word_at(0x5010), 0xBBAA2211);
}

Test(gdb_memory, an_access_across_pages_is_translated_for_each)
{
    enter_user_mode();
    put(0x5FFC, 0x44332211);
    put(0x4000, 0x88776655);
    expect_reply("mffe,4", "33445566");
    expect_reply("Mffe,4:a1a2a3a4", "OK");
    cr_expect(word_at(0x5FFC) == 0xA2A12211 && word_at(0x4000) == 0x8877A4A3);
}

Test(gdb_memory, what_is_not_mapped_is_not_there)
{
    enter_user_mode();
    put(0x4FFC, 0x44332211);
    expect_reply("m2000,4", "E14");
    expect_reply("m1ffe,4", "3344");
    expect_reply("m3000,4", "E14");
    expect_reply("m4000,4", "E14");
    expect_reply("m5000,4", "E14");
    expect_reply("mfffffffc,4", "E14");
    expect_reply("M1ffe,4:01020304", "E14");
    cr_expect_eq(word_at(0x4FFC), 0x44332211);
}

Test(gdb_memory, without_a_page_table_nothing_is_mapped)
{
    enter_user_mode();
    bench->state->spr[VAMP_SPR_PTL] = UINT32_MAX;
    expect_reply("m0,4", "E14");
    bench->state->spr[VAMP_SPR_PTL] = 4;
    bench->state->spr[VAMP_SPR_PTO] = 0x10;
    expect_reply("m0,4", "E14");
    /* 0x100003 * 4096 is 0x3000 but for the bits that do not fit. */
    bench->state->spr[VAMP_SPR_PTO] = 0x100003;
    expect_reply("m0,4", "E14");
}

Test(gdb_memory, a_write_that_hits_the_page_table_goes_where_it_was_before)
{
    enter_user_mode();
    put(0x3004, 0x3000 | VALID); /* page 1 is the table, page 0 before it */
    put(0x3008, 0x4000 | VALID);
    expect_reply("Mffc,c:0102030405060708090a0b0c", "OK");
    cr_expect_eq(word_at(0x5FFC), 0x04030201);
    cr_expect(word_at(0x3000) == 0x08070605 && word_at(0x3004) == 0x0C0B0A09);
}

/* isa.def itself is the witness: an instruction accesses memory if its meaning says LOAD or
 * STORE, and the size comes first. */
Test(gdb_access, the_table_of_accesses_is_that_of_the_instructions)
{
    static const char *const meanings[] = {
#define VAMP_INSTRUCTION(name, mnemonic, format, operands, encoding, ...) #__VA_ARGS__,
#include "semantics/vamp/isa.def"
#undef VAMP_INSTRUCTION
    };
    for (unsigned op = 0; op < VAMP_OP_COUNT; op++) {
        unsigned size_bytes = 0, expected_bytes = 0;
        bool is_store = false;
        bool is_access = gdb_memory_access_of((enum vamp_op)op, &size_bytes, &is_store);
        bool is_load_expected = sscanf(meanings[op], "LOAD(%u", &expected_bytes) == 1;
        bool is_store_expected = sscanf(meanings[op], "STORE(%u", &expected_bytes) == 1;
        cr_expect_eq(is_access, is_load_expected || is_store_expected, "%s", meanings[op]);
        cr_expect_eq(is_store, is_store_expected, "%s", meanings[op]);
        cr_expect_eq(size_bytes, expected_bytes, "%s", meanings[op]);
    }
}

static void expect_access(const char *program, uint32_t address, unsigned size_bytes, bool is_store)
{
    struct gdb_access access;
    bench_free(bench);
    bench = bench_new(program);
    bench->state->gpr[2] = 0x1000;
    cr_expect(gdb_memory_next_access(bench->machine, &access), "%s", program);
    cr_expect_eq(access.address, address, "%s", program);
    cr_expect_eq(access.size_bytes, size_bytes, "%s", program);
    cr_expect_eq(access.is_store, is_store, "%s", program);
}

static void expect_no_access(const char *program)
{
    struct gdb_access access;
    bench_free(bench);
    bench = bench_new(program);
    bench->state->gpr[2] = 0x1000;
    cr_expect(!gdb_memory_next_access(bench->machine, &access), "%s", program);
}

Test(gdb_access, loads_and_stores_are_foreseen)
{
    expect_access("lw r1,r2,-4", 0xFFC, 4, false);
    expect_access("lbu r1,r2,3", 0x1003, 1, false);
    expect_access("sh r1,r2,2", 0x1002, 2, true);
    expect_access("sw r1,r0,-4", 0xFFFFFFFC, 4, true);
    expect_no_access("add r1,r2,r2");
    expect_no_access("lw r1,r2,2");
    expect_no_access("lh r1,r2,1");
}

Test(gdb_access, an_access_that_faults_is_none)
{
    struct gdb_access access;
    enter_user_mode();
    put(0x5000, 0x8C410000); /* lw r1,r2,0 */
    bench->state->gpr[2] = 0x1000;
    cr_expect(gdb_memory_next_access(bench->machine, &access));
    cr_expect_eq(access.address, 0x1000);
    bench->state->gpr[2] = 0x2000;
    cr_expect_not(gdb_memory_next_access(bench->machine, &access));
    put(0x5000, 0xAC410000); /* sw r1,r2,0 */
    bench->state->gpr[2] = 0x1000;
    cr_expect_not(gdb_memory_next_access(bench->machine, &access));
    bench->state->gpr[2] = 0x800;
    cr_expect(gdb_memory_next_access(bench->machine, &access));
    bench->state->dpc = 0x2000;
    cr_expect_not(gdb_memory_next_access(bench->machine, &access));
    bench->state->dpc = 2;
    cr_expect_not(gdb_memory_next_access(bench->machine, &access));
}
