/* Refutations: a wrong image is refuted by running it, a right one never. */
#include "validator/propose/refute.h"

#include "tests/unit/check/pairing.h"
#include "tests/unit/check/samples.h"

#include <criterion/criterion.h>
#include <string.h>

/* Fewer than by default: machines are large, and the sanitizers keep books on all of it. */
enum { TRIES = 100 };

static struct counterexample *refuted(struct pairing *pairing, const char *name)
{
    return refute_function(pairing->arena, &pairing->subject, pairing_function(pairing, name),
                           TRIES);
}

Test(refute, right_code_agrees_on_every_state)
{
    struct pairing *pairing = pairing_make(sum_source, sum_code);
    cr_expect_null(refuted(pairing, "sum"));
    pairing_free(pairing);
    pairing = pairing_make(spread_source, NULL);
    cr_expect_null(refuted(pairing, "spread"));
    cr_expect_null(refuted(pairing, "twice"));
    pairing_free(pairing);
}

Test(refute, wrong_code_is_seen_to_differ)
{
    struct pairing *pairing = pairing_make(sum_source, sum_wrong_code);
    struct counterexample *example = refuted(pairing, "sum");
    cr_assert_not_null(example);
    cr_expect_eq(example->argument_count, 1);
    cr_expect_str_neq(example->source_end, example->machine_end);
    pairing_free(pairing);
}

Test(refute, the_same_state_is_found_again)
{
    struct pairing *first = pairing_make(sum_source, sum_wrong_code);
    struct pairing *second = pairing_make(sum_source, sum_wrong_code);
    struct counterexample *a = refuted(first, "sum"), *b = refuted(second, "sum");
    cr_assert(a != NULL && b != NULL);
    cr_expect_str_eq(a->arguments[0], b->arguments[0]);
    cr_expect_str_eq(a->source_end, b->source_end);
    cr_expect_str_eq(a->machine_end, b->machine_end);
    pairing_free(first);
    pairing_free(second);
}

Test(refute, a_verdict_of_refuted_holds_the_state)
{
    struct pairing *pairing = pairing_make(sum_source, sum_wrong_code);
    struct function_verdict verdict = pairing_decide(pairing, "sum");
    cr_expect_eq(verdict.verdict, VERDICT_REFUTED);
    cr_expect_not_null(verdict.counterexample);
    cr_expect_not_null(verdict.reason);
    pairing_free(pairing);
}

/* A function as assembly against a source. */
static bool is_refuted(const char *source, const char *body)
{
    struct arena *arena = arena_new();
    const char *code = arena_printf(arena,
                                    "        .text\n        .globl f\n        .type f, function\n"
                                    "f:\n%s        .size f, .-f\n        .bss\n"
                                    "        .globl g\n        .type g, object\n"
                                    "g:      .space 8\n        .size g, 8\n",
                                    body);
    struct pairing *pairing = pairing_make(source, code);
    bool is_found = refuted(pairing, "f") != NULL;
    pairing_free(pairing);
    arena_free(arena);
    return is_found;
}

#define G "struct pair {\n    int left;\n    int *right;\n};\nstruct pair g;\n"

Test(refute, states_on_which_the_source_faults_say_nothing)
{
    const char *source = G "int f(int a)\n{\n    return 1 / a;\n}\n";
    cr_expect_not(is_refuted(source, "    lw r1, 4(r29)\n    nop\n    addi r2, r0, -1\n"
                                     "    seq r2, r1, r2\n    seqi r1, r1, 1\n"
                                     "    jr r31\n    sub r1, r1, r2\n"));
    cr_expect(is_refuted(source, "    jr r31\n    addi r1, r0, 0\n"));
}

Test(refute, a_source_that_does_not_end_says_nothing)
{
    const char *source = G "int f(int a)\n{\n    while (a == a) {\n        a = a + 1;\n    }\n"
                           "    return a;\n}\n";
    cr_expect_not(is_refuted(source, "    jr r31\n    nop\n"));
}

Test(refute, code_that_does_not_end_differs)
{
    const char *source = G "int f(int a)\n{\n    return a;\n}\n";
    cr_expect(is_refuted(source, "    j f\n    nop\n"));
}

Test(refute, pointers_are_compared_by_what_they_mean)
{
    const char *source = G "int *f(int a)\n{\n    int *p;\n    p = g.right;\n"
                           "    if (p == NULL) {\n        p = &g.left;\n    }\n"
                           "    return p;\n}\n";
    const char *right = "    lw r1, g+4(r28)\n    nop\n    bnez r1, .Lend\n    nop\n"
                        "    addi r1, r28, g\n.Lend:\n    jr r31\n    nop\n";
    const char *wrong = "    lw r1, g+4(r28)\n    nop\n    bnez r1, .Lend\n    nop\n"
                        "    addi r1, r28, g+4\n.Lend:\n    jr r31\n    nop\n";
    cr_expect_not(is_refuted(source, right));
    cr_expect(is_refuted(source, wrong));
}

Test(refute, the_callers_frame_and_base_registers_count)
{
    const char *source = G "int f(int a)\n{\n    return a;\n}\n";
    cr_expect_not(is_refuted(source, "    lw r1, 4(r29)\n    jr r31\n    sw r0, 0(r29)\n"));
    cr_expect(is_refuted(source, "    lw r1, 4(r29)\n    jr r31\n    sw r0, -4(r29)\n"));
    cr_expect(is_refuted(source, "    lw r1, 4(r29)\n    jr r31\n    addi r29, r29, 4\n"));
    cr_expect(is_refuted(source, "    lw r1, 4(r29)\n    jr r31\n    addi r28, r28, 4\n"));
    cr_expect(is_refuted(source, "    lw r1, 4(r29)\n    jr r31\n    addi r30, r30, 4\n"));
}
