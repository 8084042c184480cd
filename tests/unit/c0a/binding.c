/* Which lines an asm block may hold, and what becomes of them. */
#include "rig.h"

#include <stdlib.h>
#include <string.h>

/* --- Forms that are accepted --- */

Test(c0a_binding, every_format_of_instruction_is_read)
{
    accepts_block(" addi r1,r0,5; addio r2,r1,-5; subi r3,r1,1; andi r4,r1,0xFF; lhgi r5,0xFFFF ");
    accepts_block(" lhgi r5,-1; clri r6; seti r7; sgri r8,r7,0; clr r9; set r10; lhg r11,r10 ");
    accepts_block(" addi r1,r0,1; add r2,r1,r1; sll r3,r1,r2; slli r4,r1,31; seq r5,r1,r0 ");
    accepts_block(" movs2i r1,ECA; movi2s ESR,r1; movs2i r2,s9; movi2s PTL,r2; movs2i r3,s31 ");
}

Test(c0a_binding, addresses_have_both_forms)
{
    accepts_block(" li r1,64; lw r2,0(r1); lw r3,r1,-4; sw r2,-8(r1); sb r2,r1,3; lhu r4,2(r1) ");
    accepts_block(" lw r1,0x100(r0); lb r2,'a'(r0); sh r1,2u(r0) ");
}

Test(c0a_binding, scalar_variables_are_operands_of_lw_and_sw)
{
    accepts_block(" lw r1,[gi]; lw r2,[gu]; lw r3,[gc]; lw r4,[gb]; lw r5,[gp]; lw r6,[gq] ");
    accepts_block(" lw r1,[n]; lw r2,[m]; lw r3,[i]; lw r4,[c]; lw r5,[b]; lw r6,[p]; lw r7,[gt] ");
    accepts_block(" sw r0,[gi]; sw r0,[gu]; sw r0,[gt]; sw r0,[n]; sw r0,[m]; sw r0,[i] ");
}

Test(c0a_binding, lines_end_with_the_text_or_a_semicolon)
{
    accepts_block("");
    accepts_block(" ;; ; ");
    accepts_block("\n\n addi r1,r0,1\n ; addi r2,r1,1 ; ; \n\n nop ");
    accepts_block(" addi r1 , r0 /* none */ , 1 // one\n addi r2,r1,1 /* over\n two lines */ nop ");
    accepts_block("\r\n addi r1,r0,1\r\n addi r2,r1,1 // two\r\n");
}

Test(c0a_binding, labels_stand_before_an_instruction_alone_or_at_the_end)
{
    accepts_block(" a: addi r1,r0,1\n b:\n c: ; d: nop\n e: ");
    accepts_block(" addi r1,r0,2\n loop: subi r1,r1,1\n bnez r1,loop\n nop ");
    accepts_block(" j end\n nop\n end: ");
    accepts_block(" here: j here\n nop ");
}

Test(c0a_binding, labels_may_look_like_anything)
{
    accepts_block(
        " add: addi r1,r0,1; r1: bnez r0,add; nop; beqz r1,r1; nop; if: j while; nop; while: ");
    accepts_block(" j gi; nop; gi: nop ");
}

Test(c0a_binding, blocks_have_labels_of_their_own)
{
    accepts_block(" l: nop }\n asm { l: nop } if (b) { asm { j l; nop; l: } } asm { ");
}

Test(c0a_binding, no_op_needs_no_register)
{
    accepts_block(" nop ");
    accepts_block(" ori r7,r7,0; ori r29,r29,0 ");
    refuses_block(" nop; add r2,r1,r0 ", "the block may read r1 before it writes it");
    refuses_block(" ori r7,r7,1 ", "the block may read r7 before it writes it");
    refuses_block(" ori r7,r8,0 ", "the block may read r8 before it writes it");
}

Test(c0a_binding, macros_make_lines_and_blocks)
{
    struct arena *arena = arena_new();
    struct c0_front_options options = {.assembler = &c0a_assembler,
                                       .include_directory = SOURCE_ROOT "/include"};
    const char *path = SOURCE_ROOT "/tests/unit/c0a/macros.c0";
    const struct c0_program *program = c0_load(arena, &path, 1, &options, stderr);
    cr_assert_not_null(program);
    const struct c0a_code *code = rig_block(program, 0)->code;
    cr_expect_eq(code->count, 4);
    cr_expect_eq(code->at[0].insn.op, VAMP_OP_J);
    cr_expect_eq(code->at[0].insn.immediate, 8);
    arena_free(arena);
}

/* --- What li becomes --- */

static void expect_constant(const char *number, uint32_t count, uint32_t value)
{
    struct arena *arena = arena_new();
    const char *report;
    const char *text = arena_printf(arena, "void f(void) { asm { li r5,%s } }", number);
    const struct c0_program *program = rig_load(arena, text, &report);
    cr_assert_not_null(program, "%s", report);
    const struct c0a_code *code = rig_block(program, 0)->code;
    uint32_t made = 0;
    for (uint32_t i = 0; i < code->count; i++) {
        const struct vamp_insn *insn = &code->at[i].insn;
        cr_expect_eq(insn->rd, 5);
        if (insn->op == VAMP_OP_LHGI)
            made = insn->immediate << 16;
        else if (insn->op == VAMP_OP_XORI)
            made ^= insn->immediate;
        else
            made = insn->op == VAMP_OP_ADDI && insn->rs1 == 0 ? insn->immediate : ~value;
    }
    cr_expect_eq(code->count, count, "%s takes %u instructions", number, (unsigned)code->count);
    cr_expect_eq(made, value, "%s gives 0x%x", number, (unsigned)made);
    arena_free(arena);
}

Test(c0a_binding, li_takes_as_few_instructions_as_it_can)
{
    expect_constant("0", 1, 0);
    expect_constant("-1", 1, UINT32_MAX);
    expect_constant("4294967295", 1, UINT32_MAX);
    expect_constant("0xFFFFFFFFu", 1, UINT32_MAX);
    expect_constant("32767", 1, 32767);
    expect_constant("-32768", 1, (uint32_t)-32768);
    expect_constant("32768", 2, 32768);
    expect_constant("65535", 2, 65535);
    expect_constant("-32769", 2, (uint32_t)-32769);
    expect_constant("0x10000", 1, 0x10000);
    expect_constant("0x80000000", 1, 0x80000000);
    expect_constant("-2147483648", 1, 0x80000000);
    expect_constant("0x12345678", 2, 0x12345678);
    expect_constant("0x1234ABCD", 2, 0x1234ABCD);
    expect_constant("0x7FFF8000", 2, 0x7FFF8000);
    expect_constant("0xFFFF8000", 1, 0xFFFF8000);
    expect_constant("0xFFFF7FFF", 2, 0xFFFF7FFF);
    expect_constant("'a'", 1, 'a');
}

Test(c0a_binding, branch_counts_from_its_delay_slot)
{
    struct arena *arena = arena_new();
    const char *report;
    const struct c0_program *program = rig_load(
        arena, "void f(void) { asm { a: nop; beqz r0,b; nop; j a; nop; li r1,0x12345678; b: } }",
        &report);
    cr_assert_not_null(program, "%s", report);
    const struct c0a_code *code = rig_block(program, 0)->code;
    cr_assert_eq(code->count, 7);
    cr_expect_eq(code->at[1].insn.immediate, 20);
    cr_expect_eq(code->at[3].insn.immediate, (uint32_t)-16);
    arena_free(arena);
}

static void load_far(struct arena *arena, const char *branch, uint32_t between, bool is_accepted)
{
    struct text_builder text = {.arena = arena};
    text_append(&text, "void f(void) { asm { %s,l\nnop\n", branch);
    for (uint32_t i = 0; i < between; i++)
        text_append(&text, "nop\n");
    text_append(&text, "l: } }");
    const char *report;
    const struct c0_program *program = rig_load(arena, text_built(&text), &report);
    cr_expect_eq(program != NULL, is_accepted, "%s over %u: %s", branch, (unsigned)between, report);
    if (!is_accepted)
        cr_expect_not_null(strstr(report, "the label l is out of the reach of beqz"));
}

Test(c0a_binding, branch_reaches_as_far_as_its_field)
{
    struct arena *arena = arena_new();
    load_far(arena, "beqz r0", 8190, true); /* 32764 bytes */
    load_far(arena, "beqz r0", 8191, false);
    arena_free(arena);
}

Test(c0a_binding, jump_reaches_farther_than_a_branch)
{
    struct arena *arena = arena_new();
    struct text_builder text = {.arena = arena};
    text_append(&text, "void f(void) { asm { j l\nnop\n");
    for (uint32_t i = 0; i < 10000; i++)
        text_append(&text, "nop\n");
    text_append(&text, "l: } }");
    const char *report;
    const struct c0_program *program = rig_load(arena, text_built(&text), &report);
    cr_assert_not_null(program, "%s", report);
    const struct c0a_code *code = rig_block(program, 0)->code;
    cr_expect_eq(code->at[0].insn.immediate, 4 * 10001);
    arena_free(arena);
}

/* --- Forms that are refused --- */

Test(c0a_binding, unknown_instructions_and_operands_are_refused)
{
    refuses_block(" frob r1 ", "'frob' is not an instruction");
    refuses_block(" ADDI r1,r0,1 ", "'ADDI' is not an instruction");
    refuses_block(" addi r1,r0 ", "addi has 3 operands, not 2");
    refuses_block(" addi r1,r0,1,2 ", "too many operands");
    refuses_block(" addi r32,r0,1 ", "'r32' is not a register r0 to r31");
    refuses_block(" addi r01,r0,1 ", "'r01' is not a register r0 to r31");
    refuses_block(" addi n,r0,1 ", "'n' is not a register r0 to r31");
    refuses_block(" add r1,r0,5 ", "'5' is not a register r0 to r31");
    refuses_block(" addi r1,r0,r0 ", "'r0' is not a number");
    refuses_block(" addi r1,r0,five ", "'five' is not a number");
    refuses_block(" addi r1,r0,40000 ", "'40000', which is 40000, does not fit 16 bits");
    refuses_block(" slli r1,r0,32 ", "'32' is not a shift amount 0 to 31");
    refuses_block(" movs2i r1,FOO ", "'FOO' is not a special register");
    refuses_block(" movs2i r1,s32 ", "'s32' is not a special register");
    refuses_block(" lw r1,4 ", "lw has 3 operands, not 2");
    refuses_block(" lw r1,4(4) ", "expected a register, found '4'");
    refuses_block(" rfe r0 ", "rfe has 0 operands, not 1");
}

Test(c0a_binding, broken_lines_are_refused)
{
    refuses_block(" addi r1,,1 ", "expected an operand, found ','");
    refuses_block(" addi r1,r0,\n 1 ", "expected an operand, found '1'");
    refuses_block(" addi r1 r0 1 ", "expected ',' between the operands");
    refuses_block(" 5 ", "expected an instruction, found '5'");
    refuses_block(" l: 5 ", "expected an instruction, found '5'");
    refuses_block(" l: m: nop ", "expected an operand, found ':'");
    refuses_block(" lw r1,-[gi] ", "expected an operand, found '['");
    refuses_block(" lw r1,[5] ", "expected a variable, found '5'");
    refuses_block(" lw r1,[gi ", "expected ']' after the variable");
    refuses_block(" li r1,4294967296 ", "malformed number: 4294967296");
    refuses_block(" li r1,-2147483649 ", "the number does not fit 32 bits");
    refuses_block(" asm { nop } ", "expected an operand, found '{'");
}

Test(c0a_binding, li_has_a_register_and_a_constant)
{
    const char *message = "li has a register, and a number or &global";
    refuses_block(" li ", message);
    refuses_block(" li r1 ", message);
    refuses_block(" li r1,r2 ", message);
    refuses_block(" li 5,5 ", message);
    refuses_block(" li r1,4(r0) ", message);
    refuses_block(" li r1,[gi] ", message);
    refuses_block(" li [gi],5 ", message);
    refuses_block(" li r1,5,6 ", message);
    refuses_block(" li foo,5 ", "'foo' is not a register r0 to r31");
}

Test(c0a_binding, address_in_a_block_is_that_of_a_global)
{
    accepts_block(" li r1,&gi; li r2,&ga; li r3,&gs; li r4,&gt; lw r5,0(r2) ");
    refuses_block(" li r1,&n ", "&n: only a global has an address in a block");
    refuses_block(" li r1,&i ", "&i: only a global has an address in a block");
    refuses_block(" li r1,&act ", "act is a function: function pointers are not part of C0");
    refuses_block(" li r1,&five ", "five is not a variable");
    refuses_block(" li r1,&nope ", "nope is not declared");
    refuses_block(" addi r1,r0,&gi ", "&gi stands only in li");
    refuses_block(" lw r1,&gi ", "&gi stands only in li");
}

Test(c0a_binding, bracketed_variable_stands_in_second_place_of_lw_and_sw)
{
    const char *message = "[gi] is the second operand of lw or sw";
    refuses_block(" lw [gi],r1 ", message);
    refuses_block(" sw [gi],r0 ", message);
    refuses_block(" lw [gi] ", message);
    refuses_block(" lw r1,[gi],0 ", message);
    refuses_block(" lw [gi],[gu] ", message);
    refuses_block(" lb r1,[gi] ", message);
    refuses_block(" addi r1,r0,[gi] ", message);
    refuses_block(" lw 5,[gi] ", message);
    refuses_block(" beqz [gi],l\n l: ", message);
    refuses_block(" j [gi] ", message);
    refuses_block(" lw r1,[ga] ", "[ga]: the variable must be of an elementary type");
    refuses_block(" lw r1,[gs] ", "[gs]: the variable must be of an elementary type");
    refuses_block(" lw r1,[five] ", "five is not a variable");
    refuses_block(" sw r1,[nope] ", "nope is not declared");
}

Test(c0a_binding, unknown_name_is_reported_once_and_never_followed)
{
    struct arena *arena = arena_new();
    const char *report;
    const char *text = "int g; void f(void) { g = nope; asm { sw r0,[nope] } asm { li r1,&nope } }";
    cr_expect_null(rig_load(arena, text, &report));
    const char *first = strstr(report, "error: ");
    cr_assert_not_null(first);
    cr_expect_eq(strncmp(first, "error: nope is not declared\n", 28), 0);
    cr_expect_null(strstr(first + 1, "error: "));
    arena_free(arena);
}

Test(c0a_binding, only_ints_take_any_word)
{
    refuses_block(" sw r0,[gc] ", "sw stores any word, and gc is neither int nor unsigned int");
    refuses_block(" sw r0,[gb] ", "sw stores any word, and gb is neither int nor unsigned int");
    refuses_block(" sw r0,[gp] ", "sw stores any word, and gp is neither int nor unsigned int");
    refuses_block(" sw r0,[c] ", "sw stores any word, and c is neither int nor unsigned int");
    refuses_block(" sw r0,[p] ", "sw stores any word, and p is neither int nor unsigned int");
}

Test(c0a_binding, control_stays_in_the_block)
{
    refuses_block(" jal l\n nop\n l: ", "jal may not stand in an asm block");
    refuses_block(" jr r31 ", "jr may not stand in an asm block");
    refuses_block(" jalr r1 ", "jalr may not stand in an asm block");
    refuses_block(" trap 5 ", "trap may not stand in an asm block");
    refuses_block(" j 8 ", "a branch goes to a label of its block");
    refuses_block(" beqz r0,-4 ", "a branch goes to a label of its block");
    refuses_block(" j 4(r0) ", "'4(r0)' is not a number");
    refuses_block(" j ", "j has 1 operand, not 0");
    refuses_block(" beqz r0 ", "beqz has 2 operands, not 1");
    refuses_block(" j l\n nop ", "no label l stands in this block");
    refuses_block(" j act\n nop ", "no label act stands in this block");
    refuses_block(" l: nop }\n asm { j l\n nop ", "no label l stands in this block");
    refuses_block(" l: nop\n l: nop ", "the label l stands here twice");
}

Test(c0a_binding, mode_is_changed_by_rfe_alone)
{
    refuses_block(" movi2s MODE,r0 ", "a block may not write MODE: rfe sets it");
    refuses_block(" movi2s s16,r0 ", "a block may not write MODE: rfe sets it");
    accepts_block(" movi2s EMODE,r0; movs2i r1,MODE ");
}

Test(c0a_binding, delay_slot_holds_one_ordinary_instruction)
{
    refuses_block(" l: j l ", "the delay slot of j is outside the block");
    refuses_block(" l: nop; beqz r0,l ", "the delay slot of beqz is outside the block");
    refuses_block(" l: j l; j l; nop ", "j may not stand in a delay slot");
    refuses_block(" l: bnez r0,l; rfe ", "rfe may not stand in a delay slot");
    const char *message = "li is two instructions here, which a delay slot does not hold";
    refuses_block(" l: j l; li r1,0x12345678 ", message);
    refuses_block(" l: j l; li r1,&gi ", message);
    refuses_block(" j l; li r1,65535; nop; l: ", message);
    accepts_block(" l: j l; li r1,5 ");
    accepts_block(" l: j l; li r1,0x10000; li r2,0x10000 ");
    accepts_block(" l: j l; lw r1,[gi] ");
}

Test(c0a_binding, rule_of_delay_slots_holds_where_no_path_leads)
{
    refuses_block(" rfe; l: j l ", "the delay slot of j is outside the block");
}

/* --- Registers --- */

Test(c0a_binding, register_is_written_on_every_path_before_it_is_read)
{
    const char *message = "the block may read r2 before it writes it";
    refuses_block(" add r1,r2,r0 ", message);
    refuses_block(" add r1,r0,r2 ", message);
    refuses_block(" addi r2,r2,1 ", message);
    refuses_block(" sw r2,[gi] ", message);
    refuses_block(" sw r0,0(r2) ", message);
    refuses_block(" lw r1,0(r2) ", message);
    refuses_block(" sb r2,0(r0) ", message);
    refuses_block(" movi2s ESR,r2 ", message);
    refuses_block(" l: beqz r2,l; nop ", message);
    refuses_block(" lhg r1,r2 ", message);
    refuses_block(" slli r1,r2,3 ", message);
    refuses_block(" addi r2,r0,1 }\n asm { sw r2,[gi] ", message);
}

Test(c0a_binding, paths_that_skip_a_write_count)
{
    const char *message = "the block may read r2 before it writes it";
    refuses_block(" lw r1,[n]; beqz r1,l; nop; addi r2,r0,1; l: sw r2,[gi] ", message);
    accepts_block(" lw r1,[n]; beqz r1,l; addi r2,r0,1; nop; l: sw r2,[gi] ");
    accepts_block(" lw r1,[n]; beqz r1,l; addi r2,r0,1; addi r2,r0,3; l: sw r2,[gi] ");
    refuses_block(" lw r1,[n]; l: beqz r1,m; nop; subi r1,r1,1; j l; addi r2,r0,1; m: sw r2,[gi] ",
                  message);
    refuses_block(" lw r1,[n]; beqz r1,l; nop; addi r2,r0,1; j m; nop; l: addi r3,r0,1; m:"
                  " sw r2,[gi] ",
                  message);
    refuses_block(" lw r1,[n]; beqz r1,l; nop; addi r3,r0,1; j m; nop; l: addi r2,r0,1; m:"
                  " sw r2,[gi] ",
                  message);
    accepts_block(" j l; addi r2,r0,1; add r9,r9,r9; l: sw r2,[gi] ");
}

Test(c0a_binding, base_registers_are_not_the_blocks_to_read)
{
    refuses_block(" lw r1,0(r28) ", "the block may read r28 before it writes it");
    refuses_block(" sw r31,[gi] ", "the block may read r31 before it writes it");
}

Test(c0a_binding, base_registers_are_written_only_on_the_way_to_rfe)
{
    refuses_block(" addi r28,r0,1 ",
                  "r28 is the compiler's: it may be written only where rfe ends every path");
    refuses_block(" lw r31,[gi] ",
                  "r31 is the compiler's: it may be written only where rfe ends every path");
    refuses_block(" movs2i r29,ECA; lw r1,[n]; l: beqz r0,l; nop ",
                  "r29 is the compiler's: it may be written only where rfe ends every path");
    refuses_block(" lw r1,[n]; beqz r1,l; addi r30,r0,1; rfe; l: ",
                  "r30 is the compiler's: it may be written only where rfe ends every path");
    accepts_block(" addi r28,r0,1; li r29,5; add r30,r29,r28; addi r31,r0,9; rfe ");
    accepts_block(" lw r1,[n]; beqz r1,l; nop; li r30,7; rfe; l: sw r1,[gi] ");
    accepts_block(" li r30,7; l: j l; nop ");
}

Test(c0a_binding, no_variable_is_named_after_its_base_register_went)
{
    refuses_block(" li r28,5; lw r1,[gi]; rfe ", "[gi] after r28 was written");
    refuses_block(" li r30,5; nop; nop; lw r1,[gi]; rfe ", "[gi] after r30 was written");
    refuses_block(" li r31,5; sw r0,[n]; rfe ", "[n] after r31 was written");
    refuses_block(" lw r1,[n]; l: lw r2,[m]; bnez r1,l; li r29,5; rfe ",
                  "[m] after r29 was written");
    accepts_block(" lw r28,[gi]; li r1,&gi; lw r2,0(r1); rfe ");
}

/* --- Variables --- */

Test(c0a_binding, local_is_assigned_before_a_block_names_it)
{
    refuses_block(" lw r1,[later] ", "later may be read before it is assigned");
    refuses_block(" sw r0,[later] ", "later may be read before it is assigned");
}

Test(c0a_binding, block_assigns_no_local)
{
    struct arena *arena = arena_new();
    const char *report;
    const char *text = "int f(void) { int x; if (true) { x = 1; asm { sw r0,[x] } } return x; }";
    cr_expect_null(rig_load(arena, text, &report));
    cr_expect_not_null(strstr(report, "x may be read before it is assigned"));
    arena_free(arena);
}

Test(c0a_binding, blocks_are_refused_where_no_assembler_is_at_hand)
{
    struct arena *arena = arena_new();
    struct c0_front_options options = {0};
    char *report = NULL;
    size_t length;
    FILE *out = open_memstream(&report, &length);
    const char *text = "void f(void) { asm { nop } }";
    cr_expect_null(c0_load_text(arena, "t.c0", text_of(text), &options, out));
    fclose(out);
    cr_expect_not_null(strstr(report, "asm blocks are not allowed here"));
    free(report);
    arena_free(arena);
}
