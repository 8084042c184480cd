/* Routines written in other ways than the compiler's: the search knows no register, no address and
 * no order of instructions. */
#include "tests/unit/contract/routines.h"

#include <criterion/criterion.h>

static struct arena *arena;

static void begin(void)
{
    arena = arena_new();
}

static void end(void)
{
    arena_free(arena);
}

TestSuite(contract_variants, .init = begin, .fini = end);

#define ROUTINE(name, ...)                                                                         \
    "        .text\n        .globl  " name "\n        .type   " name ", function\n" name           \
    ":\n" __VA_ARGS__ "        .size   " name ", .-" name "\n"

static void expect_outcome(const char *symbol, const char *assembly, const char *outcome)
{
    struct routines *routines = routines_make(arena, assembly);
    struct text certificate = routines_search(routines, symbol);
    struct contract_proof proof = routines_check(routines, symbol, certificate.at);
    cr_expect_str_eq(routines_outcome(&proof), outcome, "%s\n%s", routines_outcome(&proof),
                     certificate.at);
}

Test(contract_variants, multiplication_in_other_registers_and_another_order)
{
    expect_outcome("__mul",
                   ROUTINE("__mul", "        addi    r20, r0, 0\n"
                                    "        lw      r17, 8(r29)\n"
                                    "        lw      r11, 4(r29)\n"
                                    ".Lr:    andi    r5, r17, 1\n"
                                    "        beqz    r5, .Le\n"
                                    "        nop\n"
                                    "        add     r20, r11, r20\n"
                                    ".Le:    slli    r11, r11, 1\n"
                                    "        srli    r17, r17, 1\n"
                                    "        bnez    r17, .Lr\n"
                                    "        nop\n"
                                    "        jr      r31\n"
                                    "        addi    r1, r20, 0\n"),
                   "proved");
}

Test(contract_variants, multiplication_with_its_variables_in_the_frame)
{
    expect_outcome("__mul",
                   ROUTINE("__mul", "        sw      r0, 12(r29)\n"
                                    ".Lr:    lw      r2, 8(r29)\n"
                                    "        lw      r3, 4(r29)\n"
                                    "        beqz    r2, .Ld\n"
                                    "        andi    r4, r2, 1\n"
                                    "        sub     r4, r0, r4\n"
                                    "        and     r4, r4, r3\n"
                                    "        lw      r5, 12(r29)\n"
                                    "        add     r5, r5, r4\n"
                                    "        sw      r5, 12(r29)\n"
                                    "        add     r3, r3, r3\n"
                                    "        sw      r3, 4(r29)\n"
                                    "        srli    r2, r2, 1\n"
                                    "        j       .Lr\n"
                                    "        sw      r2, 8(r29)\n"
                                    ".Ld:    lw      r1, 12(r29)\n"
                                    "        jr      r31\n"
                                    "        nop\n"),
                   "proved");
}

/* From the top bit on: the result is doubled, a counter tells how many bits are left. */
Test(contract_variants, multiplication_from_the_top_bit)
{
    expect_outcome("__mul",
                   ROUTINE("__mul", "        lw      r3, 4(r29)\n"
                                    "        lw      r4, 8(r29)\n"
                                    "        addi    r1, r0, 0\n"
                                    "        addi    r5, r0, 32\n"
                                    ".Lr:    add     r1, r1, r1\n"
                                    "        sgei    r2, r4, 0\n"
                                    "        bnez    r2, .Le\n"
                                    "        add     r4, r4, r4\n"
                                    "        add     r1, r1, r3\n"
                                    ".Le:    addi    r5, r5, -1\n"
                                    "        bnez    r5, .Lr\n"
                                    "        nop\n"
                                    "        jr      r31\n"
                                    "        nop\n"),
                   "proved");
}

/* The quotient's bits come in below as the dividend's leave above; a counter counts up. */
Test(contract_variants, division_with_dividend_and_quotient_in_one_register)
{
    expect_outcome("__udiv",
                   ROUTINE("__udiv", "        lw      r10, 4(r29)\n"
                                     "        lw      r12, 8(r29)\n"
                                     "        addi    r11, r0, 0\n"
                                     "        addi    r13, r0, 0\n"
                                     "        lhgi    r15, 0x8000\n"
                                     ".Lr:    srli    r14, r11, 31\n"
                                     "        add     r11, r11, r11\n"
                                     "        srli    r16, r10, 31\n"
                                     "        or      r11, r11, r16\n"
                                     "        bnez    r14, .Ls\n"
                                     "        add     r10, r10, r10\n"
                                     "        xor     r16, r11, r15\n"
                                     "        xor     r17, r12, r15\n"
                                     "        sge     r14, r16, r17\n"
                                     "        beqz    r14, .Ln\n"
                                     "        nop\n"
                                     ".Ls:    sub     r11, r11, r12\n"
                                     "        addi    r10, r10, 1\n"
                                     ".Ln:    addi    r13, r13, 1\n"
                                     "        seqi    r16, r13, 32\n"
                                     "        beqz    r16, .Lr\n"
                                     "        nop\n"
                                     "        jr      r31\n"
                                     "        addi    r1, r10, 0\n"),
                   "proved");
}

Test(contract_variants, remainder_by_a_call_of_division_and_multiplication)
{
    expect_outcome("__urem",
                   ROUTINE("__urem", "        sw      r31, 0(r29)\n"
                                     "        lw      r2, 4(r29)\n"
                                     "        lw      r3, 8(r29)\n"
                                     "        sw      r2, 16(r29)\n"
                                     "        sw      r3, 20(r29)\n"
                                     "        jal     __udiv\n"
                                     "        addi    r29, r29, 12\n"
                                     "        sw      r1, 4(r29)\n"
                                     "        lw      r3, -4(r29)\n"
                                     "        sw      r3, 8(r29)\n"
                                     "        jal     __mul\n"
                                     "        nop\n"
                                     "        addi    r29, r29, -12\n"
                                     "        lw      r2, 4(r29)\n"
                                     "        lw      r31, 0(r29)\n"
                                     "        nop\n"
                                     "        jr      r31\n"
                                     "        sub     r1, r2, r1\n"),
                   "proved");
}

Test(contract_variants, allocation_with_branches)
{
    expect_outcome("__new",
                   ROUTINE("__new", "        lw      r1, 0(r30)\n"
                                    "        li      r3, &__heap_end\n"
                                    "        bnez    r1, .Lu\n"
                                    "        lw      r2, 4(r29)\n"
                                    "        addi    r1, r30, 4\n"
                                    ".Lu:    sub     r3, r3, r1\n"
                                    "        lhgi    r4, 0x8000\n"
                                    "        xor     r3, r3, r4\n"
                                    "        xor     r4, r2, r4\n"
                                    "        sls     r3, r3, r4\n"
                                    "        bnez    r3, .Lx\n"
                                    "        add     r2, r1, r2\n"
                                    "        jr      r31\n"
                                    "        sw      r2, 0(r30)\n"
                                    ".Lx:    jr      r31\n"
                                    "        addi    r1, r0, 0\n"),
                   "proved");
}

/* ---- and what must not be proved ---- */

/* An arithmetic shift of a negative factor never comes to an end. */
Test(contract_variants, multiplication_that_need_not_end_is_not_proved)
{
    expect_outcome("__mul",
                   ROUTINE("__mul", "        lw      r3, 4(r29)\n"
                                    "        lw      r4, 8(r29)\n"
                                    "        addi    r1, r0, 0\n"
                                    ".Lr:    beqz    r4, .Ld\n"
                                    "        andi    r2, r4, 1\n"
                                    "        beqz    r2, .Le\n"
                                    "        srai    r4, r4, 1\n"
                                    "        add     r1, r1, r3\n"
                                    ".Le:    j       .Lr\n"
                                    "        add     r3, r3, r3\n"
                                    ".Ld:    jr      r31\n"
                                    "        nop\n"),
                   "at 0x00000064: not shown that control does not come back to the cut (refuted)");
}

Test(contract_variants, routine_that_writes_below_its_frame_is_not_proved)
{
    expect_outcome("__urem",
                   ROUTINE("__urem", "        jr      r31\n"
                                     "        sw      r1, -4(r29)\n"),
                   "at 0x0000005c (sw r1,r29,-4): an access outside the function's frame");
}

Test(contract_variants, routine_that_writes_a_global_is_not_proved)
{
    expect_outcome("__mul",
                   ROUTINE("__mul", "        sw      r0, 4(r30)\n"
                                    "        lw      r2, 4(r29)\n"
                                    "        lw      r3, 8(r29)\n"
                                    "        jr      r31\n"
                                    "        addi    r1, r0, 0\n"),
                   "at 0x00000068: not shown that the result is the contract's (refuted)");
}

Test(contract_variants, routine_that_does_not_restore_the_frame_base_is_not_proved)
{
    expect_outcome("__mul",
                   ROUTINE("__mul", "        lw      r2, 4(r29)\n"
                                    "        lw      r3, 8(r29)\n"
                                    "        addi    r1, r0, 0\n"
                                    ".Lr:    beqz    r2, .Ld\n"
                                    "        nop\n"
                                    "        add     r1, r1, r3\n"
                                    "        j       .Lr\n"
                                    "        addi    r2, r2, -1\n"
                                    ".Ld:    jr      r31\n"
                                    "        addi    r29, r29, 4\n"),
                   "at 0x0000007c: not shown that the frame base is restored (refuted)");
}
