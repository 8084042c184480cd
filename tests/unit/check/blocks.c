/* Functions with asm blocks: what proves, what must not, and what their certificates say. */
#include "tests/unit/check/pairing.h"

#include <criterion/criterion.h>
#include <string.h>

/* `reason` NULL: proved. */
static void comes_to(const char *source, const char *name, const char *reason)
{
    struct pairing *pairing = pairing_make(source, NULL);
    struct function_verdict verdict = pairing_decide(pairing, name);
    if (reason == NULL) {
        cr_expect_eq(verdict.verdict, VERDICT_PROVED, "%s: %s", source, verdict.reason);
    } else {
        cr_expect_eq(verdict.verdict, VERDICT_UNDECIDED, "%s", source);
        cr_expect(verdict.reason != NULL && strstr(verdict.reason, reason) != NULL, "%s: %s",
                  source, verdict.reason);
    }
    pairing_free(pairing);
}

#define STORE_AT(globals, address, word)                                                           \
    globals " void f(unsigned int a, unsigned int w) { unsigned int at; at = " address             \
            "; asm { lw r1,[at]; addi r2,r0," word "; sw r2,0(r1) } }"
#define STORE_IN(globals, name, offset)                                                            \
    globals " void f(void) { asm { li r1,&" name "; addi r2,r0,2; sw r2," offset "(r1) } }"

static const char ill_typed[] = "keeps C0's objects well-typed";
static const char not_memory[] = "goes to memory, or plainly to a device";

Test(blocks, a_store_beyond_the_image_is_free)
{
    comes_to(STORE_AT("", "0x01000000u + (a & 0xFFFFu)", "2"), "f", NULL);
    comes_to(STORE_AT("", "0xFFFF8000u + (a & 0x7FFCu)", "2"), "f", NULL);
}

Test(blocks, a_store_anywhere_is_not)
{
    comes_to(STORE_AT("", "a", "2"), "f", not_memory);
    comes_to(STORE_AT("", "a & 0x7FFFFFFFu", "2"), "f", ill_typed);
    comes_to(STORE_AT("", "0xFFFF7000u + (a & 0x1FFFu)", "2"), "f", not_memory);
}

Test(blocks, a_store_into_a_global_keeps_its_type)
{
    comes_to(STORE_IN("int g;", "g", "0"), "f", NULL);
    comes_to(STORE_IN("unsigned int g[4];", "g", "12"), "f", NULL);
    comes_to(STORE_IN("bool g;", "g", "0"), "f", ill_typed);
    comes_to(STORE_IN("char g;", "g", "0"), "f", ill_typed);
    comes_to(STORE_IN("int *g;", "g", "0"), "f", ill_typed);
}

Test(blocks, a_store_into_a_struct_is_one_into_its_cell)
{
#define PAIR "struct pair { int number; int *pointer; int more[2]; }; struct pair g[2];"
    comes_to(STORE_IN(PAIR, "g", "0"), "f", NULL);
    comes_to(STORE_IN(PAIR, "g", "4"), "f", ill_typed);
    comes_to(STORE_IN(PAIR, "g", "8"), "f", NULL);
    comes_to(STORE_IN(PAIR, "g", "12"), "f", NULL);
    comes_to(STORE_IN(PAIR, "g", "16"), "f", NULL);
    comes_to(STORE_IN(PAIR, "g", "20"), "f", ill_typed);
}

#define STORE_BY_INDEX(globals, mask)                                                              \
    globals " void f(unsigned int i) { unsigned int part; part = i & " mask                        \
            "; asm { li r1,&g; lw r2,[part]; slli r2,r2,2; add r1,r1,r2; sw r2,0(r1) } }"

Test(blocks, a_computed_store_stays_in_its_global)
{
    comes_to(STORE_BY_INDEX("int h; int g[8];", "7u"), "f", NULL);
    comes_to(STORE_BY_INDEX("int h; int g[8]; int *k;", "8u"), "f", ill_typed);
    comes_to(STORE_BY_INDEX("int h; int *g[8];", "7u"), "f", ill_typed);
}

Test(blocks, a_store_into_the_heap_is_not_shown_to_be_typed)
{
    comes_to("void f(int *p) { asm { lw r1,[p]; sw r1,0(r1) } }", "f", ill_typed);
}

/* The load assumes that the flag is 0 or 1, which the store before it would break. */
Test(blocks, what_comes_later_does_not_excuse_a_store)
{
    comes_to("bool g; int f(void) { int r; r = 0;"
             " asm { li r1,&g; addi r2,r0,2; sw r2,0(r1); lw r3,[g]; sw r3,[r] } return r; }",
             "f", ill_typed);
    comes_to("int f(unsigned int a) { int r; r = 0;"
             " asm { lw r1,[a]; lw r2,0(r1); sw r2,[r]; lw r2,1(r1) } return r; }",
             "f", not_memory);
}

Test(blocks, what_decides_how_code_runs_stays)
{
    comes_to("void f(void) { asm { addi r1,r0,0; movi2s SR,r1 } }", "f", NULL);
    comes_to("void f(void) { asm { addi r1,r0,1; movi2s SR,r1 } }", "f", "stays 0");
    comes_to("void f(int a) { asm { lw r1,[a]; movi2s SR,r1 } }", "f", "stays 0");
    comes_to("void f(int a) { asm { lw r1,[a]; movi2s ESR,r1 } }", "f", NULL);
}

Test(blocks, the_end_of_the_run_needs_every_register)
{
    comes_to("void f(void) { asm { addi r1,r0,0; movi2s EPC,r1; rfe } }", "f", "r2 agrees");
}

static const char loop[] = "unsigned int f(unsigned int n) { unsigned int r; unsigned int i;"
                           " r = 0u;"
                           " asm { lw r5,[n]; addi r7,r0,1; again: add r7,r7,r5; addi r5,r5,-1;"
                           " bnez r5,again; nop; sw r7,[r] }"
                           " i = 0u;"
                           " while (i < n) { r = r + i; i = i + 1u; }"
                           " return r; }";

/* The relation as text, with `line` behind the head of cut `number`. */
static const char *with_line(struct pairing *pairing, const char *text, unsigned number,
                             const char *line)
{
    char head[16];
    snprintf(head, sizeof head, "cut %u ", number);
    const char *at = strstr(text, head);
    cr_assert_not_null(at, "%s", text);
    at = strchr(at, '\n') + 1;
    return arena_printf(pairing->arena, "%.*s%s\n%s", (int)(at - text), text, line, at);
}

static enum verdict with(struct pairing *pairing, const char *name, const char *certificate)
{
    struct relation relation;
    struct fault fault = {0};
    cr_assert(pairing_parse(pairing, name, text_of(certificate), &relation, &fault), "%s",
              fault.message);
    return pairing_check(pairing, name, &relation).verdict;
}

Test(blocks, certificates_name_the_registers_of_blocks)
{
    struct pairing *pairing = pairing_make(loop, NULL);
    struct relation relation = pairing_propose(pairing, "f"), again;
    const char *text = pairing_certificate(pairing, &relation);
    struct fault fault = {0};
    cr_expect_not_null(strstr(text, "r5 = %r5"), "%s", text);
    cr_assert(pairing_parse(pairing, "f", text_of(text), &again, &fault), "%s", fault.message);
    cr_expect_str_eq(pairing_certificate(pairing, &again), text);
    cr_expect_eq(with(pairing, "f", text), VERDICT_PROVED);
    pairing_free(pairing);
}

Test(blocks, certificates_may_not_lie_about_registers)
{
    struct pairing *pairing = pairing_make(loop, NULL);
    struct relation relation = pairing_propose(pairing, "f");
    const char *text = pairing_certificate(pairing, &relation);
    static const char *const lies[] = {"  r9 = %r9", "  local %r5 = 0x1", "  local %r7 = n",
                                       "  r5 = %r7", "  local r = %r7 + 1"};
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++)
        cr_expect_neq(with(pairing, "f", with_line(pairing, text, 1, lies[i])), VERDICT_PROVED,
                      "%s", lies[i]);
    pairing_free(pairing);
}

/* What a block leaves in a register means nothing behind it, even if the code leaves it there. */
Test(blocks, registers_do_not_survive_their_block)
{
    struct pairing *pairing = pairing_make(loop, NULL);
    struct relation relation = pairing_propose(pairing, "f");
    const char *text = pairing_certificate(pairing, &relation);
    static const char *const lies[] = {"  r7 = %r7", "  r5 = %r5", "  r9 = %r9",
                                       "  local %r5 = 0x0"};
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++)
        cr_expect_neq(with(pairing, "f", with_line(pairing, text, 2, lies[i])), VERDICT_PROVED,
                      "%s", lies[i]);
    pairing_free(pairing);
}

Test(blocks, only_functions_with_blocks_have_registers)
{
    static const char source[] = "unsigned int f(unsigned int n) { unsigned int i; i = 0u;"
                                 " while (i < n) { i = i + 1u; } return i; }";
    struct pairing *pairing = pairing_make(source, NULL);
    struct relation relation = pairing_propose(pairing, "f");
    const char *text = pairing_certificate(pairing, &relation);
    cr_expect_eq(with(pairing, "f", text), VERDICT_PROVED);
    static const char *const lies[] = {"  r5 = %r5", "  local %r5 = 0x0", "  local i = %r0",
                                       "  bound i 0x0 31", "  bound %r5 0x0 31"};
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++)
        cr_expect_neq(with(pairing, "f", with_line(pairing, text, 1, lies[i])), VERDICT_PROVED,
                      "%s", lies[i]);
    pairing_free(pairing);
}

static const char polling[] = "unsigned int f(unsigned int d, bool b) { unsigned int at;"
                              " unsigned int r; at = 0xFFFF8000u | ((d << 12) & 0x7000u); r = 0u;"
                              " asm { lw r1,[at]; again: lw r4,0(r1); beqz r4,again; nop;"
                              " lw r5,[d]; lw r6,[b]; sw r4,[r] } return r; }";

Test(blocks, certificates_name_bounds)
{
    struct pairing *pairing = pairing_make(polling, NULL);
    struct relation relation = pairing_propose(pairing, "f"), again;
    const char *text = pairing_certificate(pairing, &relation);
    struct fault fault = {0};
    cr_expect_not_null(strstr(text, "  bound %r1 0xffff8000 15\n"), "%s", text);
    cr_assert(pairing_parse(pairing, "f", text_of(text), &again, &fault), "%s", fault.message);
    cr_expect_str_eq(pairing_certificate(pairing, &again), text);
    cr_expect_eq(with(pairing, "f", text), VERDICT_PROVED);
    cr_expect_eq(with(pairing, "f", with_line(pairing, text, 1, "  bound %r1 0xffff8000 15")),
                 VERDICT_PROVED, "said twice");
    pairing_free(pairing);
}

Test(blocks, certificates_may_not_lie_about_bounds)
{
    struct pairing *pairing = pairing_make(polling, NULL);
    struct relation relation = pairing_propose(pairing, "f");
    const char *text = pairing_certificate(pairing, &relation);
    static const char *const lies[] = {"  bound %r1 0xffff8000 14", "  bound %r1 0xffff8001 14",
                                       "  bound d 0x0 31",          "  bound b 0x0 1",
                                       "  bound %r4 0x0 31",        "  bound %r9 0x0 31",
                                       "  bound %r1 0xffffff00 31", "  bound %r0 0x1 1"};
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++)
        cr_expect_neq(with(pairing, "f", with_line(pairing, text, 1, lies[i])), VERDICT_PROVED,
                      "%s", lies[i]);
    pairing_free(pairing);
}

Test(blocks, bounds_are_read_strictly)
{
    struct pairing *pairing = pairing_make(polling, NULL);
    struct relation relation = pairing_propose(pairing, "f"), again;
    const char *text = pairing_certificate(pairing, &relation);
    static const char *const bad[] = {"  bound",           "  bound %r1",      "  bound %r1 0x0",
                                      "  bound x 0x0 4",   "  bound %r1 0 0",  "  bound %r1 0 32",
                                      "  bound %r1 0 4 4", "  bound r1 0x0 4", "  bound %x1 0 4"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct fault fault = {0};
        cr_expect_not(pairing_parse(pairing, "f", text_of(with_line(pairing, text, 1, bad[i])),
                                    &again, &fault),
                      "%s", bad[i]);
    }
    pairing_free(pairing);
}
