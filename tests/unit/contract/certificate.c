/* Certificates as text: what is accepted, and what is refused and where; and certificates that say
 * too little or something wrong. */
#include "tests/unit/contract/routines.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena *arena;
static struct routines *routines;

static const char assembly[] = "        .text\n"
                               "        .globl  __mul\n"
                               "        .type   __mul, function\n"
                               "__mul:\n"
                               "        lw      r3, 4(r29)\n"
                               "        lw      r4, 8(r29)\n"
                               "        addi    r1, r0, 0\n"
                               ".Lmul_round:\n"
                               "        beqz    r4, .Lmul_done\n"
                               "        andi    r2, r4, 1\n"
                               "        beqz    r2, .Lmul_even\n"
                               "        srli    r4, r4, 1\n"
                               "        add     r1, r1, r3\n"
                               ".Lmul_even:\n"
                               "        j       .Lmul_round\n"
                               "        add     r3, r3, r3\n"
                               ".Lmul_done:\n"
                               "        jr      r31\n"
                               "        nop\n"
                               "        .size   __mul, .-__mul\n"
                               "        .text\n"
                               "        .globl  __udiv\n"
                               "        .type   __udiv, function\n"
                               "__udiv:\n"
                               "        lw      r3, 4(r29)\n"
                               "        lw      r4, 8(r29)\n"
                               "        addi    r1, r0, 0\n"
                               "        addi    r2, r0, 0\n"
                               "        addi    r5, r0, 32\n"
                               "        lhgi    r6, 0x8000\n"
                               "        xor     r7, r4, r6\n"
                               ".Lround:\n"
                               "        srli    r8, r2, 31\n"
                               "        add     r2, r2, r2\n"
                               "        srli    r9, r3, 31\n"
                               "        add     r2, r2, r9\n"
                               "        add     r3, r3, r3\n"
                               "        bnez    r8, .Lsubtract\n"
                               "        add     r1, r1, r1\n"
                               "        xor     r8, r2, r6\n"
                               "        sls     r8, r8, r7\n"
                               "        bnez    r8, .Lnext\n"
                               "        nop\n"
                               ".Lsubtract:\n"
                               "        sub     r2, r2, r4\n"
                               "        addi    r1, r1, 1\n"
                               ".Lnext:\n"
                               "        addi    r5, r5, -1\n"
                               "        bnez    r5, .Lround\n"
                               "        nop\n"
                               "        jr      r31\n"
                               "        nop\n"
                               "        .size   __udiv, .-__udiv\n"
                               "        .text\n"
                               "        .globl  __sdiv\n"
                               "        .type   __sdiv, function\n"
                               "__sdiv:\n"
                               "        sw      r31, 0(r29)\n"
                               "        lw      r1, 4(r29)\n"
                               "        lw      r2, 8(r29)\n"
                               "        sgei    r3, r1, 0\n"
                               "        bnez    r3, .Lplus_a\n"
                               "        sgei    r3, r2, 0\n"
                               "        sub     r1, r0, r1\n"
                               ".Lplus_a:\n"
                               "        bnez    r3, .Lplus_b\n"
                               "        sw      r1, 16(r29)\n"
                               "        sub     r2, r0, r2\n"
                               ".Lplus_b:\n"
                               "        sw      r2, 20(r29)\n"
                               "        jal     __udiv\n"
                               "        addi    r29, r29, 12\n"
                               "        addi    r29, r29, -12\n"
                               "        lw      r2, 4(r29)\n"
                               "        lw      r3, 8(r29)\n"
                               "        xor     r2, r2, r3\n"
                               "        sgei    r2, r2, 0\n"
                               "        bnez    r2, .Lplus\n"
                               "        lw      r31, 0(r29)\n"
                               "        sub     r1, r0, r1\n"
                               ".Lplus:\n"
                               "        jr      r31\n"
                               "        nop\n"
                               "        .size   __sdiv, .-__sdiv\n";

static void begin(void)
{
    arena = arena_new();
    routines = routines_make(arena, assembly);
}

static void end(void)
{
    arena_free(arena);
}

TestSuite(contract_certificate, .init = begin, .fini = end);

static const char *certificate_of(const char *symbol)
{
    struct contract_proof proof = routines_prove(routines, symbol);
    cr_assert_str_eq(routines_outcome(&proof), "proved");
    return routines_search(routines, symbol).at;
}

/* The text with its first `old` replaced. */
static const char *edited(const char *text, const char *old, const char *new)
{
    const char *at = strstr(text, old);
    cr_assert_not_null(at, "'%s' is not in the certificate:\n%s", old, text);
    return arena_printf(arena, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
}

/* The reason without the address of the instruction. */
static void expect_outcome(const char *symbol, const char *certificate, const char *outcome)
{
    struct contract_proof proof = routines_check(routines, symbol, certificate);
    const char *reason = routines_outcome(&proof);
    size_t address = strncmp(reason, "at 0x", 5) == 0 ? strlen("at 0x00000000") : 0;
    reason += address + strspn(reason + address, ": ");
    cr_expect_str_eq(reason, outcome, "%s\n%s", reason, certificate);
}

static void expect_refusal(const char *body, const char *reason)
{
    expect_outcome("__mul", arena_printf(arena, "contract 1\nroutine __mul\nframe 12\n%s", body),
                   reason);
}

Test(contract_certificate, reads_what_it_prints)
{
    static const char *const symbols[] = {"__mul", "__udiv", "__sdiv"};
    for (size_t i = 0; i < 3; i++) {
        const char *text = certificate_of(symbols[i]);
        const struct contract *contract = routines_contract(symbols[i]);
        struct contract_relation relation;
        struct fault fault = {0};
        cr_assert(contract_certificate_parse(arena, routines->subject.target, contract, "c",
                                             text_of(text), &relation, &fault),
                  "%s", fault.message);
        struct text_builder again = {.arena = arena};
        contract_certificate_print(routines->subject.target, contract, &relation, &again);
        cr_expect_str_eq(text_built(&again), text);
    }
}

Test(contract_certificate, search_gives_the_same_text_twice)
{
    cr_expect_str_eq(routines_search(routines, "__udiv").at,
                     routines_search(routines, "__udiv").at);
}

Test(contract_certificate, text_that_is_ill_formed_is_refused_with_its_place)
{
    expect_refusal("", "certificate:3:1: the certificate ends before 'end'");
    expect_refusal("end\nend\n", "certificate:4:1: text follows 'end'");
    expect_refusal("cut 2 at 0x60 0x64\nend\n",
                   "certificate:4:7: cuts are numbered from 1 in order");
    expect_refusal("cut 1 at 0x60\nend\n", "certificate:4:1: expected a number");
    expect_refusal("cut 1 at 0x60 0x64\n  r1 = r2\nend\n",
                   "certificate:5:3: a place can only equal what is known from entry on");
    expect_refusal("cut 1 at 0x60 0x64\n  r1 = 1\n  r1 = 2\nend\n",
                   "certificate:6:3: a second equality for the place");
    expect_refusal("cut 1 at 0x60 0x64\n  invariant r1 + r2 + r3 == 0\nend\n",
                   "certificate:5:21: expected a comparison");
    expect_refusal("cut 1 at 0x60 0x64\n  invariant r99 == 0\nend\n",
                   "certificate:5:13: expected a place: no such register");
    expect_refusal("cut 1 at 0x60 0x64\n  invariant @3 == 0\nend\n",
                   "certificate:5:13: the routine has no such argument");
    expect_refusal("cut 1 at 0x60 0x64\n  invariant @fram == 0\nend\n",
                   "certificate:5:13: no such symbol");
    expect_refusal("cut 1 at 0x60 0x64\n  measure r1\n  measure r1\nend\n",
                   "certificate:6:3: a second measure");
    expect_refusal("cut 1 at 0x60 0x64\n  law r1 + r2 by r1 , r2\nend\n",
                   "certificate:5:15: a law is about a product, a quotient or a remainder");
    expect_refusal("cut 1 at 0x60 0x64\n  lemma r1 == r1 for r1 from 1 to 900\nend\n",
                   "certificate:5:1: no case, or too many");
    expect_refusal("cut 1 at 0x60 0x64\n  invariant ((r1) == 0\nend\n",
                   "certificate:5:19: expected ')'");
}

Test(contract_certificate, nesting_is_bounded)
{
    struct text_builder deep = {.arena = arena};
    text_append(&deep, "cut 1 at 0x60 0x64\n  invariant ");
    for (unsigned i = 0; i < 100; i++)
        text_append(&deep, "(");
    text_append(&deep, "r1 == 0\nend\n");
    expect_refusal(text_built(&deep), "certificate:5:45: the term is nested too deeply");
}

Test(contract_certificate, certificate_of_another_routine_is_refused)
{
    expect_outcome("__urem", certificate_of("__udiv"), "certificate:2:9: expected '__urem'");
}

Test(contract_certificate, cut_outside_the_code_is_refused)
{
    expect_refusal("cut 1 at 0x0 0x4\nend\n", "certificate: cut 1 is not in the routine's code");
}

Test(contract_certificate, frame_that_is_no_stack_is_refused)
{
    expect_outcome("__mul", "contract 1\nroutine __mul\nframe 0x7fffffff\nend\n",
                   "certificate: the frame is no part of the stack");
}

Test(contract_certificate, slot_outside_the_frame_is_refused)
{
    expect_refusal("cut 1 at 0x64 0x68\n  invariant [12] == 0\nend\n",
                   "certificate: cut 1 names a place that is no word of the routine's own");
    expect_refusal("cut 1 at 0x64 0x68\n  [-4] = 0\nend\n",
                   "certificate: cut 1 names a place that is no word of the routine's own");
    expect_refusal("cut 1 at 0x64 0x68\n  invariant [6] == 0\nend\n",
                   "certificate: cut 1 names a place that is no word of the routine's own");
}

Test(contract_certificate, loop_without_a_cut_is_refused)
{
    expect_refusal("end\n", "not shown that a loop without a cut is never run (refuted)");
}

Test(contract_certificate, loop_without_a_measure_is_refused)
{
    expect_outcome("__mul", edited(certificate_of("__mul"), "  measure r4\n", ""),
                   "not shown that control does not come back to the cut "
                   "(refuted)");
}

Test(contract_certificate, measure_that_does_not_decrease_is_refused)
{
    expect_outcome("__mul", edited(certificate_of("__mul"), "measure r4", "measure r3"),
                   "not shown that the measure decreases (refuted)");
}

Test(contract_certificate, invariant_that_does_not_hold_at_first_is_refused)
{
    expect_outcome("__udiv",
                   edited(certificate_of("__udiv"), "  invariant r5 <= 32", "  invariant r5 <= 31"),
                   "not shown that r5 <= 31 (refuted)");
}

Test(contract_certificate, invariant_that_nothing_satisfies_is_refused)
{
    expect_outcome("__udiv",
                   edited(certificate_of("__udiv"), "  invariant r5 <= 32",
                          "  invariant r5 <= 32\n  invariant r5 < 1"),
                   "not shown that r5 < 1 (refuted)");
}

Test(contract_certificate, lemma_that_is_wrong_in_one_case_is_refused)
{
    expect_outcome("__udiv",
                   edited(certificate_of("__udiv"), "  law",
                          "  lemma @1 >> (r5 - 2) == (@1 >> (r5 - 1)) + (@1 >> (r5 - 1)) for r5 "
                          "from 1 to 32\n  law"),
                   "not shown that @1 >> (r5 - 2) == (@1 >> (r5 - 1)) + (@1 >> (r5 "
                   "- 1)) (refuted)");
}

Test(contract_certificate, lemma_that_leaves_out_a_case_is_refused)
{
    expect_outcome("__udiv",
                   edited(certificate_of("__udiv"), "for r5 from 1 to 32", "for r5 from 2 to 32"),
                   "not shown that the cases are all (refuted)");
}

Test(contract_certificate, law_about_a_wrong_half_is_refused)
{
    expect_outcome("__mul", edited(certificate_of("__mul"), "by r4 >> 1", "by r4 >> 2"),
                   "not shown that a law's premise (refuted)");
}

Test(contract_certificate, law_about_a_wrong_bit_is_refused)
{
    expect_outcome("__udiv", edited(certificate_of("__udiv"), ", r3 >> 31", ", r3 >> 30"),
                   "not shown that a law's premise (refuted)");
}

Test(contract_certificate, equality_that_the_code_does_not_keep_is_refused)
{
    expect_outcome("__mul", edited(certificate_of("__mul"), "  r28 = ", "  r2 = 0\n  r28 = "),
                   "not shown that r2 = 0 (refuted)");
}

Test(contract_certificate, frame_that_is_too_small_is_refused)
{
    expect_outcome("__sdiv", edited(certificate_of("__sdiv"), "frame 24", "frame 20"),
                   "(sw r2,r29,20): an access outside the function's frame");
}

/* Whatever the text, the checker ends with a finding; and an edit that it accepts has changed
 * nothing that matters, for the routine is the same. */
Test(contract_certificate, damaged_text_never_breaks_the_checker)
{
    static const char bytes[] = "0123456789 @[]()+-*/%<>=!&|^,r\nabcdefilmnotuw";
    static const char *const symbols[] = {"__mul", "__udiv"};
    const char *texts[] = {certificate_of("__mul"), certificate_of("__udiv")};
    uint64_t random = 1;
    for (unsigned i = 0; i < 400; i++) {
        const char *symbol = symbols[i % 2];
        struct arena *own = arena_new();
        struct routines mine = *routines;
        mine.arena = own;
        mine.rlimit = 1000;
        char *text = arena_printf(own, "%s", texts[i % 2]);
        size_t length = strlen(text);
        for (unsigned edits = 0; edits <= i % 3; edits++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            text[(random >> 40) % length] = bytes[(random >> 33) % (sizeof bytes - 1)];
        }
        struct contract_proof proof = routines_check(&mine, symbol, text);
        cr_expect_eq(proof.finding.status == CONTRACT_PROVED, proof.finding.reason == NULL);
        arena_free(own);
    }
}
