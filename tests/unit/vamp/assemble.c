#include "semantics/vamp/assemble.h"

#include <criterion/criterion.h>
#include <string.h>

static bool resolve(void *self, struct text expression, enum vamp_symbolic_operand operand,
                    struct location where, uint32_t *value, struct fault *fault)
{
    enum vamp_symbolic_operand *asked = self;
    (void)where;
    *asked = operand;
    if (text_is(expression, "here"))
        *value = -8u;
    else if (text_is(expression, "far"))
        *value = 0x02000000;
    else if (text_is(expression, "lo(x,y)"))
        *value = 12;
    else
        return fault_at(fault, where, "no symbol %.*s", (int)expression.length, expression.at);
    return true;
}

static enum vamp_symbolic_operand asked;
static const struct vamp_resolver resolver = {&asked, resolve};
static const struct location where = {"a.s", 7, 5};

static void expect(const char *line, const char *printed)
{
    struct vamp_insn insn;
    struct fault fault = {0};
    char text[64];
    cr_assert(vamp_assemble(text_of(line), where, &resolver, &insn, &fault), "%s: %s", line,
              fault.message);
    vamp_print(&insn, text, sizeof text);
    cr_expect_str_eq(text, printed);
}

static void refuse(const char *line, uint32_t column, const char *message)
{
    struct vamp_insn insn;
    struct fault fault = {0};
    cr_expect_not(vamp_assemble(text_of(line), where, &resolver, &insn, &fault), "%s", line);
    cr_expect_str_eq(fault.message, message);
    cr_expect_str_eq(fault.file, "a.s");
    cr_expect_eq(fault.line, 7);
    cr_expect_eq(fault.column, column, "%s: column %u", line, fault.column);
}

Test(vamp_assemble, what_is_printed_is_read_back)
{
    uint32_t word = 12345;
    for (int i = 0; i < 200000; i++, word = word * 1664525 + 1013904223) {
        struct vamp_insn insn, again;
        struct fault fault = {0};
        char text[64];
        if (!vamp_decode(word, &insn))
            continue;
        vamp_print(&insn, text, sizeof text);
        cr_assert(vamp_assemble(text_of(text), where, NULL, &again, &fault), "%s", text);
        cr_assert_eq(vamp_encode(&insn), vamp_encode(&again), "%s", text);
    }
}

Test(vamp_assemble, blanks_do_not_matter)
{
    expect("  addi  r1 , r2 ,\t-4 ", "addi r1,r2,-4");
}

Test(vamp_assemble, addresses_have_two_forms)
{
    expect("lw r1,r2,4", "lw r1,r2,4");
    expect("lw r1,4(r2)", "lw r1,r2,4");
    expect("sb r31,-0x10( r29 )", "sb r31,r29,-16");
    expect("lw r1,lo(x,y)(r2)", "lw r1,r2,12");
    expect("lw r1,r2,lo(x,y)", "lw r1,r2,12");
}

Test(vamp_assemble, only_loads_and_stores_have_the_address_form)
{
    refuse("addi r1,4(r2)", 5, "addi has 3 operands, not 2");
}

Test(vamp_assemble, nop_is_the_usual_no_op)
{
    expect("nop", "ori r1,r1,0");
    refuse("nop r1", 5, "'nop' is not an instruction");
}

Test(vamp_assemble, special_registers_have_numbers_and_names)
{
    expect("movs2i r1,s6", "movs2i r1,s6");
    expect("movs2i r1,SR", "movs2i r1,s0");
    expect("movi2s MODE,r1", "movi2s s16,r1");
    refuse("movs2i r1,s32", 15, "'s32' is not a special register");
}

Test(vamp_assemble, symbols_are_asked_for_with_the_kind_of_operand)
{
    expect("beqz r3,here", "beqz r3,-8");
    cr_expect_eq(asked, VAMP_SYMBOLIC_BRANCH);
    expect("jal here", "jal -8");
    cr_expect_eq(asked, VAMP_SYMBOLIC_JUMP);
    expect("addi r1,r1,here", "addi r1,r1,-8");
    cr_expect_eq(asked, VAMP_SYMBOLIC_IMMEDIATE);
    expect("lhgi r1,here", "lhgi r1,-8");
    cr_expect_eq(asked, VAMP_SYMBOLIC_HIGH_HALF);
    expect("trap here", "trap -8");
    cr_expect_eq(asked, VAMP_SYMBOLIC_TRAP_CODE);
}

Test(vamp_assemble, immediates_at_the_bounds_are_read)
{
    expect("addi r1,r2,32767", "addi r1,r2,32767");
    expect("addi r1,r2,-32768", "addi r1,r2,-32768");
    expect("addi r1,r2,0xfffffffc", "addi r1,r2,-4");
    expect("lhgi r1,0xffff", "lhgi r1,-1");
    expect("lhgi r1,0x8000", "lhgi r1,-32768");
    expect("j 33554431", "j 33554431");
    expect("j -33554432", "j -33554432");
}

Test(vamp_assemble, immediates_beyond_the_bounds_are_refused)
{
    refuse("addi r1,r2,32768", 16, "'32768', which is 32768, does not fit 16 bits");
    refuse("ori r1,r2,0xffff", 15, "'0xffff', which is 65535, does not fit 16 bits");
    refuse("addi r1,r2,-32769", 16, "'-32769', which is -32769, does not fit 16 bits");
    refuse("lhgi r1,65536", 13, "'65536', which is 65536, does not fit 16 bits");
    refuse("beqz r1,far", 13, "'far', which is 33554432, does not fit 16 bits");
    refuse("jal far", 9, "'far', which is 33554432, does not fit 26 bits");
    refuse("slli r1,r2,32", 16, "'32' is not a shift amount 0 to 31");
}

Test(vamp_assemble, malformed_lines_are_refused)
{
    refuse("", 5, "an instruction is missing");
    refuse("addi", 5, "addi has 3 operands, not 0");
    refuse("addi r1,r2", 5, "addi has 3 operands, not 2");
    refuse("rfe r1", 5, "rfe has 0 operands, not 1");
    refuse("add r1,r2,r3,r4", 18, "too many operands");
    refuse("add r1,,r3", 12, "an operand is missing");
    refuse("add r1,r2,", 15, "an operand is missing");
    refuse("mul r1,r2,r3", 5, "'mul' is not an instruction");
    refuse("add r1,r2,r32", 15, "'r32' is not a register r0 to r31");
    refuse("add r1,r2,r03", 15, "'r03' is not a register r0 to r31");
    refuse("add r1,r2,3", 15, "'3' is not a register r0 to r31");
    refuse("addi r1,r2,12x", 16, "'12x' is not a number");
    refuse("addi r1,r2,nowhere", 16, "no symbol nowhere");
    refuse("addi r1,r2,99999999999", 16, "'99999999999' is not a number");
}

Test(vamp_assemble, symbols_without_a_resolver_are_refused)
{
    struct vamp_insn insn;
    struct fault fault = {0};
    cr_expect_not(vamp_assemble(text_of("j here"), where, NULL, &insn, &fault));
    cr_expect_str_eq(fault.message, "'here' is not a number");
}
