/* Certificates as text: what is printed reads back the same, and each defect is found. */
#include "tests/unit/check/pairing.h"
#include "tests/unit/check/samples.h"

#include <criterion/criterion.h>
#include <string.h>

static void reads_back(const char *source, const char *assembly, const char *name)
{
    struct pairing *pairing = pairing_make(source, assembly);
    struct relation relation = pairing_propose(pairing, name), again;
    const char *text = pairing_certificate(pairing, &relation);
    struct fault fault = {0};
    cr_assert(pairing_parse(pairing, name, text_of(text), &again, &fault), "%s", fault.message);
    cr_expect_str_eq(pairing_certificate(pairing, &again), text);
    struct check_result result = pairing_check(pairing, name, &again);
    cr_expect_eq(result.verdict, VERDICT_PROVED, "%s", result.reason);
    pairing_free(pairing);
}

Test(certificate_text, a_proposed_relation_reads_back_and_proves)
{
    reads_back(sum_source, NULL, "sum");
    reads_back(sum_source, sum_code, "sum");
    reads_back(spread_source, NULL, "spread");
    reads_back(spread_source, NULL, "twice");
}

Test(certificate_text, constants_coefficients_and_every_place_read_back)
{
    static const char text[] = "certificate 1\n"
                               "function spread\n"
                               "frame 64\n"
                               "home p at 12\n"
                               "home v at 24\n"
                               "cut 1 loop node 3 at 0x00000020 0x00000040\n"
                               "  r29 = @frame + 16\n"
                               "  [0] = @return\n"
                               "  [12..20] = p\n"
                               "  r5 = 4*i + -1*a + 12\n"
                               "  r6 = 0xffffffff\n"
                               "  r7 = -1*@frame + -4\n"
                               "cut 2 call node 6 at 0x00000024 0x00000028\n"
                               "end\n";
    struct pairing *pairing = pairing_make(spread_source, NULL);
    struct relation relation;
    struct fault fault = {0};
    cr_assert(pairing_parse(pairing, "spread", text_of(text), &relation, &fault), "%s",
              fault.message);
    cr_expect_str_eq(pairing_certificate(pairing, &relation), text);
    cr_assert_eq(relation.cut_count, 3);
    cr_expect_eq(relation.cuts[1].equality_count, 6);
    cr_expect_eq(relation.cuts[1].point.next, 0x40);
    cr_expect_eq(relation.cuts[1].equalities[2].place.size_bytes, 8);
    cr_expect_eq(relation.cuts[1].equalities[3].addends[1].coefficient, UINT32_MAX);
    pairing_free(pairing);
}

/* What is refused, and where. */
static void refuses(const char *text, uint32_t line, uint32_t column, const char *message)
{
    struct pairing *pairing = pairing_make(sum_source, sum_code);
    struct relation relation;
    struct fault fault = {0};
    cr_assert_not(pairing_parse(pairing, "sum", text_of(text), &relation, &fault), "%s", text);
    cr_expect_eq(fault.line, line, "line %u: %s", (unsigned)fault.line, fault.message);
    cr_expect_eq(fault.column, column, "column %u: %s", (unsigned)fault.column, fault.message);
    cr_expect_str_eq(fault.message, message);
    cr_expect_str_eq(fault.file, "c");
    pairing_free(pairing);
}

#define HEAD "certificate 1\nfunction sum\nframe 8\n"
#define CUT HEAD "cut 1 loop node 2 at 0x20 0x24\n"

Test(certificate_defect, empty)
{
    refuses("", 0, 1, "the certificate ends before 'end'");
    refuses("\n \n", 2, 1, "the certificate ends before 'end'");
}

Test(certificate_defect, another_version)
{
    refuses("certificate 2\n", 1, 13, "expected '1'");
    refuses("proof 1\n", 1, 1, "expected 'certificate'");
    refuses("certificate 1 2\n" CUT "end\n", 1, 15, "unexpected text");
}

Test(certificate_defect, another_function)
{
    refuses("certificate 1\nfunction sun\nframe 8\nend\n", 2, 10, "expected 'sum'");
    refuses("certificate 1\nfunction\nframe 8\nend\n", 2, 1, "expected 'sum'");
}

Test(certificate_defect, no_frame)
{
    refuses("certificate 1\nfunction sum\ncut 1 loop node 2 at 32 36\nend\n", 3, 1,
            "expected 'frame'");
    refuses("certificate 1\nfunction sum\nframe\nend\n", 3, 1, "expected a number");
    refuses("certificate 1\nfunction sum\nframe big\nend\n", 3, 7, "expected a number");
    refuses("certificate 1\nfunction sum\nframe 99999999999\nend\n", 3, 7, "expected a number");
    refuses("certificate 1\nfunction sum\nframe 8 9\nend\n", 3, 9, "unexpected text");
}

Test(certificate_defect, home_of_nothing)
{
    refuses(HEAD "home\nend\n", 4, 1, "the function has no such variable");
    refuses(HEAD "home table at 8\nend\n", 4, 6, "the function has no such variable");
    refuses(HEAD "home i on 8\nend\n", 4, 8, "expected 'at'");
    refuses(HEAD "home i at r5\nend\n", 4, 11, "expected a number");
    refuses(HEAD "home i at 8 8\nend\n", 4, 13, "unexpected text");
}

Test(certificate_defect, no_end)
{
    refuses(HEAD, 3, 1, "the certificate ends before 'end'");
    refuses(CUT "  r5 = i\n", 5, 3, "the certificate ends before 'end'");
    refuses(HEAD "fin\n", 4, 1, "expected 'end'");
}

Test(certificate_defect, text_behind_the_end)
{
    refuses(CUT "end\n\nmore\n", 7, 1, "unexpected text");
    refuses(CUT "end of it\n", 5, 5, "unexpected text");
}

Test(certificate_defect, cut_out_of_order)
{
    refuses(HEAD "cut 2 loop node 2 at 0x20 0x24\nend\n", 4, 5,
            "cuts are numbered from 1 in order");
    refuses(HEAD "cut 0 loop node 2 at 0x20 0x24\nend\n", 4, 5,
            "cuts are numbered from 1 in order");
    refuses(CUT "cut 1 loop node 2 at 0x20 0x24\nend\n", 5, 5, "cuts are numbered from 1 in order");
}

Test(certificate_defect, cut_of_no_kind)
{
    refuses(HEAD "cut 1\nend\n", 4, 1, "expected 'loop' or 'call'");
    refuses(HEAD "cut 1 entry node 0 at 0x20 0x24\nend\n", 4, 7, "expected 'loop' or 'call'");
}

Test(certificate_defect, cut_without_a_point)
{
    refuses(HEAD "cut 1 loop node 2\nend\n", 4, 1, "expected 'at'");
    refuses(HEAD "cut 1 loop node 2 at 0x20\nend\n", 4, 1, "expected a number");
    refuses(HEAD "cut 1 loop node x at 0x20 0x24\nend\n", 4, 17, "expected a number");
    refuses(HEAD "cut 1 loop node 2 at 0x20 0x24 0x28\nend\n", 4, 32, "unexpected text");
}

Test(certificate_defect, no_such_place)
{
    refuses(CUT "  r32 = i\nend\n", 5, 3, "no such register");
    refuses(CUT "  i = r3\nend\n", 5, 3, "no such register");
    refuses(CUT "  [] = i\nend\n", 5, 4, "expected a number");
    refuses(CUT "  [8 = i\nend\n", 5, 6, "expected ']'");
    refuses(CUT "  [8..8] = i\nend\n", 5, 7, "an empty block");
    refuses(CUT "  [8..4] = i\nend\n", 5, 7, "an empty block");
    refuses(CUT "  [8.12] = i\nend\n", 5, 6, "expected '.'");
}

Test(certificate_defect, no_equation)
{
    refuses(CUT "  r5\nend\n", 5, 1, "expected '='");
    refuses(CUT "  r5 i\nend\n", 5, 6, "expected '='");
    refuses(CUT "  r5 =\nend\n", 5, 1, "expected a term");
    refuses(CUT "  r5 = i +\nend\n", 5, 1, "expected a term");
    refuses(CUT "  r5 = 4 *\nend\n", 5, 1, "expected a variable");
    refuses(CUT "  r5 = i i\nend\n", 5, 10, "unexpected text after the equality");
}

Test(certificate_defect, no_such_variable)
{
    refuses(CUT "  r5 = table\nend\n", 5, 8, "the function has no such variable");
    refuses(CUT "  r5 = @base\nend\n", 5, 8, "no such register");
    refuses(CUT "  r5 = 4*k\nend\n", 5, 10, "the function has no such variable");
}

Test(certificate_defect, endless_line)
{
    struct pairing *pairing = pairing_make(sum_source, sum_code);
    struct text_builder text = {.arena = pairing->arena};
    text_append(&text, CUT "  r5 = i");
    for (int i = 0; i < 200; i++)
        text_append(&text, " + i");
    text_append(&text, "\nend\n");
    struct relation relation;
    struct fault fault = {0};
    cr_assert_not(pairing_parse(pairing, "sum", text_of(text_built(&text)), &relation, &fault));
    cr_expect_str_eq(fault.message, "the line is too long");
    pairing_free(pairing);
}

/* Every prefix, every byte lost, and every byte replaced: read or refused with a place. */
static void survives(struct pairing *pairing, struct text text)
{
    struct relation relation;
    struct fault fault = {0};
    if (!pairing_parse(pairing, "sum", text, &relation, &fault))
        cr_assert(fault.is_set && fault.message[0] != '\0');
}

Test(certificate_text, hostile_bytes_are_refused_not_fatal)
{
    struct pairing *pairing = pairing_make(sum_source, sum_code);
    struct relation relation = pairing_propose(pairing, "sum");
    const char *good = pairing_certificate(pairing, &relation);
    size_t length = strlen(good);
    char *copy = arena_copy(pairing->arena, good, length);
    for (size_t i = 0; i < length; i++) {
        survives(pairing, (struct text){good, i});
        survives(pairing, (struct text){good + i, length - i});
        static const char bytes[] = {'\0', '\xff', '\n', '[', '@', '9', '='};
        for (size_t b = 0; b < sizeof bytes; b++) {
            copy[i] = bytes[b];
            survives(pairing, (struct text){copy, length});
        }
        copy[i] = good[i];
    }
    pairing_free(pairing);
}
