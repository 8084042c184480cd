/* Code that cannot be followed is refused, with its place and the reason. */
#include "tests/unit/check/pairing.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* f starts behind the start-up code's 8 instructions. */
enum { F = 0x20 };

#define FUNCTION(name, body)                                                                       \
    "        .text\n        .globl " name "\n        .type " name ", function\n" name ":\n" body   \
    "        .size " name ", .-" name "\n"

/* The segment from f's entry cannot be built. */
static void refuses_of(const char *source, const char *code, const char *message)
{
    struct pairing *pairing = pairing_make(source, code);
    struct check_input input = pairing_input(pairing, "f");
    struct cut entry = {.kind = CUT_ENTRY};
    struct relation relation = {
        .function = input.function, .frame_bytes = 64, .cuts = &entry, .cut_count = 1};
    input.relation = &relation;
    struct walk_ends ends = walk_ends_of(pairing->arena, &input);
    struct segment segment;
    struct fault fault = {0};
    struct terms *terms = terms_new(pairing->arena);
    cr_expect_not(segment_build(pairing->arena, terms, &input, &entry, &ends, &segment, &fault),
                  "%s", code);
    cr_expect_str_eq(fault.message, message);
    struct check_result result = pairing_check(pairing, "f", &relation);
    cr_expect_eq(result.verdict, VERDICT_UNSUPPORTED, "%s", result.reason);
    pairing_free(pairing);
}

static void refuses(const char *body, const char *message)
{
    char code[1000];
    snprintf(code, sizeof code, FUNCTION("f", "%s"), body);
    refuses_of("int f(int a, int b)\n{\n    return a;\n}\n", code, message);
}

Test(code_graph, a_branch_in_a_delay_slot_is_refused)
{
    refuses("    beqz r1, f\n    j f\n    nop\n",
            "at 0x00000024 (j -8): a transfer of control in a delay slot");
    refuses("    j f\n    bnez r1, f\n    nop\n",
            "at 0x00000024 (bnez r1,-8): a transfer of control in a delay slot");
    refuses("    jr r31\n    jr r31\n",
            "at 0x00000024 (jr r31): a transfer of control in a delay slot");
    refuses("    jr r31\n    jal f\n",
            "at 0x00000024 (jal -8): a transfer of control in a delay slot");
}

Test(code_graph, control_stays_in_the_function)
{
    refuses("    nop\n", "control leaves the function's code to 0x00000024");
    refuses("    beqz r1, f-4\n    nop\n    jr r31\n    nop\n",
            "control leaves the function's code to 0x0000001c");
    refuses("    j f+16\n    nop\n    jr r31\n    nop\n",
            "control leaves the function's code to 0x00000030");
    refuses("    nop\n    jr r31\n", "control leaves the function's code to 0x00000028");
}

Test(code_graph, undecodable_words_are_refused)
{
    refuses("    .word 0xffffffff\n    jr r31\n    nop\n",
            "at 0x00000020 (rfe): trap and rfe are not part of a C0 function");
    refuses("    .word 0x0000003f\n    jr r31\n    nop\n",
            "at 0x00000020 (.word 0x0000003f): an illegal instruction");
}

Test(code_graph, only_system_code_is_refused)
{
    refuses("    trap 3\n    jr r31\n    nop\n",
            "at 0x00000020 (trap 3): trap and rfe are not part of a C0 function");
    refuses("    movi2s SR, r1\n    jr r31\n    nop\n",
            "at 0x00000020 (movi2s s0,r1): special registers are not part of a C0 function");
    refuses("    movs2i r1, SR\n    jr r31\n    nop\n",
            "at 0x00000020 (movs2i r1,s0): special registers are not part of a C0 function");
}

Test(code_graph, a_call_through_a_register_is_refused)
{
    refuses("    jalr r5\n    nop\n    jr r31\n    nop\n",
            "at 0x00000020 (jalr r5): a call through a register");
}

Test(machine_walk, the_frame_has_ends)
{
    refuses("    lw r1, -4(r29)\n    jr r31\n    nop\n",
            "at 0x00000020 (lw r1,r29,-4): an access outside the function's frame");
    refuses("    sw r1, 64(r29)\n    jr r31\n    nop\n",
            "at 0x00000020 (sw r1,r29,64): an access outside the function's frame");
    refuses("    addi r29, r29, -8\n    sw r1, 4(r29)\n    jr r31\n    nop\n",
            "at 0x00000024 (sw r1,r29,4): an access outside the function's frame");
}

Test(machine_walk, the_frame_is_accessed_in_aligned_words)
{
    refuses("    lw r1, 2(r29)\n    jr r31\n    nop\n",
            "at 0x00000020 (lw r1,r29,2): a misaligned access to the frame");
    refuses("    sw r1, 7(r29)\n    jr r31\n    nop\n",
            "at 0x00000020 (sw r1,r29,7): a misaligned access to the frame");
}

Test(machine_walk, a_computed_place_in_the_frame_needs_an_aggregate)
{
    refuses("    lw r1, 4(r29)\n    add r2, r1, r29\n    lw r1, 8(r2)\n    jr r31\n    nop\n",
            "at 0x00000028 (lw r1,r2,8): a computed address in the frame that no aggregate "
            "explains");
}

#define CALLING                                                                                    \
    "int g(int a)\n{\n    return a;\n}\nint f(int a, int b)\n{\n    int r;\n"                      \
    "    r = g(a);\n    return r;\n}\n"
#define G FUNCTION("g", "    lw r1, 4(r29)\n    jr r31\n    nop\n")

Test(machine_walk, a_call_of_code_without_a_source_is_refused)
{
    refuses("    jal _start\n    nop\n    jr r31\n    nop\n",
            "at 0x00000024 (ori r1,r1,0): a call of code that has no source");
    refuses_of(CALLING, FUNCTION("f", "    jal g+4\n    addi r29, r29, 8\n    jr r31\n    nop\n") G,
               "at 0x00000024 (addi r29,r29,8): a call of code that has no source");
}

Test(machine_walk, a_callee_frame_lies_a_constant_above)
{
    refuses_of(CALLING,
               FUNCTION("f", "    lw r1, 4(r29)\n    jal g\n    add r29, r29, r1\n"
                             "    jr r31\n    nop\n") G,
               "at 0x00000028 (add r29,r29,r1): a call whose frame base is not a constant distance "
               "away");
    refuses_of(CALLING, FUNCTION("f", "    jal g\n    addi r29, r29, -16\n    jr r31\n    nop\n") G,
               "at 0x00000024 (addi r29,r29,-16): a call whose frame lies in the caller's "
               "caller's");
    refuses_of(CALLING, FUNCTION("f", "    jal g\n    addi r29, r29, 6\n    jr r31\n    nop\n") G,
               "at 0x00000024 (addi r29,r29,6): a call whose frame base is not a constant distance "
               "away");
}

Test(machine_walk, arguments_lie_in_the_frame)
{
    refuses_of(CALLING, FUNCTION("f", "    jal g\n    addi r29, r29, 64\n    jr r31\n    nop\n") G,
               "at 0x00000024 (addi r29,r29,64): an access outside the function's frame");
}
