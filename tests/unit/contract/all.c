/* The contracts of an image together. */
#include "tests/unit/contract/routines.h"

#include "validator/propose/contract_search.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena *arena;

static void begin(void)
{
    arena = arena_new();
}

static void end(void)
{
    arena_free(arena);
}

TestSuite(contracts, .init = begin, .fini = end);

struct all {
    struct contract_proof *proofs;
    size_t count;
};

static struct all check_all(struct routines *routines,
                            const struct contract_certificates *certificates, bool wants_evidence)
{
    struct all all;
    all.proofs = contracts_check_all(arena, &routines->subject, certificates, routines->rlimit,
                                     wants_evidence, &all.count);
    return all;
}

static const struct contract_finding *finding(const struct all *all, const char *symbol)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->proofs[i].finding.symbol, symbol) == 0)
            return &all->proofs[i].finding;
    cr_assert_fail("no finding for '%s'", symbol);
    return NULL;
}

static void expect_assumed(const struct all *all, const char *symbol, const char *reason)
{
    const struct contract_finding *found = finding(all, symbol);
    cr_expect_eq(found->status, CONTRACT_ASSUMED);
    cr_expect(found->reason != NULL && strcmp(found->reason, reason) == 0, "%s", found->reason);
}

Test(contracts, all_of_the_compiler_are_found_and_proved)
{
    struct routines *routines = routines_make(arena, NULL);
    struct contract_certificates certificates =
        contracts_search_all(arena, &routines->subject, routines->rlimit);
    struct all all = check_all(routines, &certificates, false);
    cr_assert_eq(all.count, 6);
    for (size_t i = 0; i < all.count; i++) {
        const struct contract_finding *found = &all.proofs[i].finding;
        cr_expect_eq(found->status, CONTRACT_PROVED, "%s: %s", found->symbol, found->reason);
        cr_expect_null(found->reason);
        cr_expect_lt(found->code_start, found->code_end);
        cr_expect_geq(found->obligations, found->obligations_by_solver);
    }
    cr_expect_eq(finding(&all, "__udiv")->frame_bytes, 12);
    cr_expect_eq(finding(&all, "__sdiv")->frame_bytes, 24); /* its own 12, then __udiv's */
}

Test(contracts, what_rests_on_an_unproved_contract_is_assumed)
{
    struct routines *routines = routines_make(arena, NULL);
    struct contract_certificates certificates =
        contracts_search_all(arena, &routines->subject, routines->rlimit);
    struct text texts[6];
    memcpy(texts, certificates.texts, sizeof texts);
    texts[1] = (struct text){0};
    certificates.texts = texts;
    struct all all = check_all(routines, &certificates, false);
    expect_assumed(&all, "__udiv", "there is no certificate for it");
    expect_assumed(&all, "__sdiv", "its proof rests on __udiv, which is not proved");
    cr_expect_eq(finding(&all, "__srem")->status, CONTRACT_PROVED);
}

Test(contracts, routines_that_call_each_other_are_assumed)
{
    struct routines *routines = routines_make(
        arena, "        .text\n        .globl  __udiv\n        .type   __udiv, function\n"
               "__udiv:\n        sw      r31, 0(r29)\n        lw      r1, 4(r29)\n"
               "        lw      r2, 8(r29)\n        sw      r1, 16(r29)\n"
               "        sw      r2, 20(r29)\n        jal     __udiv\n"
               "        addi    r29, r29, 12\n        addi    r29, r29, -12\n"
               "        lw      r31, 0(r29)\n        nop\n        jr      r31\n"
               "        nop\n        .size   __udiv, .-__udiv\n");
    struct contract_certificates certificates =
        contracts_search_all(arena, &routines->subject, routines->rlimit);
    struct all all = check_all(routines, &certificates, false);
    expect_assumed(&all, "__udiv", "its proof rests on __udiv, and so on itself");
    expect_assumed(&all, "__sdiv", "its proof rests on __udiv, which is not proved");
}

Test(contracts, questions_to_the_solver_are_kept_as_scripts)
{
    struct routines *routines = routines_make(arena, NULL);
    struct contract_certificates certificates =
        contracts_search_all(arena, &routines->subject, routines->rlimit);
    struct all all = check_all(routines, &certificates, true);
    size_t count = 0;
    for (size_t i = 0; i < all.count; i++)
        for (size_t k = 0; k < all.proofs[i].evidence.count; k++) {
            const struct evidence *evidence = &all.proofs[i].evidence.at[k];
            cr_expect_eq(evidence->answer, ANSWER_PROVED, "%s", evidence->name);
            cr_expect_not_null(strstr(evidence->smtlib, "(check-sat)"));
            count++;
        }
    cr_expect_gt(count, 0);
}

Test(contracts, evidence_is_only_kept_if_wanted)
{
    struct routines *routines = routines_make(arena, NULL);
    struct contract_certificates certificates =
        contracts_search_all(arena, &routines->subject, routines->rlimit);
    struct all all = check_all(routines, &certificates, false);
    for (size_t i = 0; i < all.count; i++)
        cr_expect_eq(all.proofs[i].evidence.count, 0);
}
