/* Labels, delay slots and branches beyond their reach. */
#include "compiler/code.h"
#include "machine.h"

#include <criterion/criterion.h>

static struct arena *arena;
static struct code *code;
static struct object *object;
static struct code_marks marks;

static void start(void)
{
    arena = arena_new();
    code = code_new(arena);
    object = object_new(arena, "test", "test");
}

static void stop(void)
{
    arena_free(arena);
}

TestSuite(compiler_code, .init = start, .fini = stop);

static struct vamp_insn add_immediate(uint8_t rd, uint8_t rs1, uint32_t immediate)
{
    return (struct vamp_insn){.op = VAMP_OP_ADDI, .rd = rd, .rs1 = rs1, .immediate = immediate};
}

static void finish(void)
{
    struct fault fault = {0};
    cr_assert(code_finish(code, object, (struct location){0}, &marks, &fault));
}

static struct vamp_insn insn_at(uint32_t number)
{
    struct vamp_insn insn;
    cr_assert(vamp_decode(object_word(object, OBJECT_TEXT, 4 * number), &insn));
    return insn;
}

static size_t insn_count(void)
{
    return object->text.length / 4;
}

static void expect_word(uint32_t number, uint32_t word)
{
    cr_assert_eq(object_word(object, OBJECT_TEXT, 4 * number), word, "instruction %u is %08x",
                 (unsigned)number, (unsigned)object_word(object, OBJECT_TEXT, 4 * number));
}

Test(compiler_code, a_constant_takes_one_instruction_where_one_suffices)
{
    static const struct {
        uint32_t word;
        size_t count;
    } cases[] = {{0, 1},          {32767, 1},      {0xFFFF8000, 1}, {32768, 2},
                 {0x10000, 1},    {0x80000000, 1}, {0xFFFF0000, 1}, {0xFFFF7FFF, 2},
                 {0x12345678, 2}, {0x1234F678, 2}, {0x7FFFFFFF, 2}, {0x8000FFFF, 2}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        stop();
        start();
        code_add_constant(code, 1, cases[i].word);
        code_return(code, false);
        finish();
        /* The last of them is in the delay slot of the jr. */
        cr_expect_eq(insn_count(), cases[i].count + 1, "0x%x", (unsigned)cases[i].word);
        cr_expect_eq(run_object(object, 0, 0), cases[i].word, "0x%x", (unsigned)cases[i].word);
    }
}

Test(compiler_code, an_independent_instruction_moves_into_the_delay_slot)
{
    code_label label = code_new_label(code);
    code_add(code, add_immediate(1, 0, 7));
    code_branch(code, true, 2, label);
    code_bind(code, label);
    code_return(code, false);
    finish();
    cr_assert_eq(insn_at(0).op, VAMP_OP_BNEZ);
    cr_assert_eq(insn_at(0).immediate, 4);
    cr_assert_eq(insn_at(1).op, VAMP_OP_ADDI);
}

Test(compiler_code, the_instruction_that_makes_the_condition_stays_before_the_branch)
{
    code_label label = code_new_label(code);
    code_add(code, add_immediate(2, 0, 7));
    code_branch(code, false, 2, label);
    code_bind(code, label);
    code_return(code, false);
    finish();
    cr_assert_eq(insn_at(0).op, VAMP_OP_ADDI);
    cr_assert_eq(insn_at(1).op, VAMP_OP_BEQZ);
    expect_word(2, 0x34210000);
}

Test(compiler_code, an_instruction_before_a_label_stays_there)
{
    code_label label = code_new_label(code), head = code_new_label(code);
    code_branch(code, true, 2, label);
    code_bind(code, head);
    code_add(code, add_immediate(1, 1, 7));
    code_bind(code, label);
    code_jump(code, head);
    finish();
    cr_assert_eq(insn_at(2).op, VAMP_OP_ADDI);
    cr_assert_eq(insn_at(3).op, VAMP_OP_J);
    expect_word(4, 0x34210000);
}

Test(compiler_code, a_delay_slot_is_not_taken_from_another)
{
    code_label label = code_new_label(code);
    code_add(code, add_immediate(1, 0, 7));
    code_branch(code, true, 2, label);
    code_jump(code, label);
    code_bind(code, label);
    code_return(code, false);
    finish();
    cr_assert_eq(insn_at(0).op, VAMP_OP_BNEZ);
    cr_assert_eq(insn_at(1).op, VAMP_OP_ADDI);
    cr_assert_eq(insn_at(2).op, VAMP_OP_J);
    expect_word(3, 0x34210000);
}

Test(compiler_code, only_a_function_that_calls_saves_its_return_address)
{
    code_add(code, add_immediate(1, 0, 7));
    code_return(code, true);
    finish();
    expect_word(0, 0xAFBF0000); /* sw r31, 0(r29) */
    expect_word(1, 0x8FBF0000); /* lw r31, 0(r29) */
    cr_assert_eq(insn_at(2).op, VAMP_OP_JR);
    cr_assert_eq(insn_at(3).op, VAMP_OP_ADDI);
    cr_assert_eq(insn_count(), 4);
}

Test(compiler_code, the_frame_base_is_restored_before_the_return_address_is_loaded)
{
    code_add(code, add_immediate(29, 29, (uint32_t)-12));
    code_return(code, true);
    finish();
    cr_assert_eq(insn_at(1).rd, 29);
    expect_word(2, 0x8FBF0000);
}

Test(compiler_code, marks_give_the_place_of_what_follows_them)
{
    code_mark(code, 1, "first");
    code_add(code, add_immediate(1, 0, 7));
    code_call(code, object_symbol_named(object, "f"), add_immediate(29, 29, 12));
    code_mark(code, 2, "after the call");
    code_return(code, true);
    finish();
    cr_assert_eq(marks.count, 2);
    cr_assert_eq(marks.at[0].offset, 4);
    cr_assert_eq(marks.at[1].offset, 16);
    cr_assert_eq(object->relocs.count, 1);
    cr_assert_eq(object->relocs.at[0].offset, 8);
    cr_assert_eq(object->relocs.at[0].kind, OBJECT_RELOC_J26);
}

/* r1 = r3 == 0 ? r2 + 3 : 3 after `distance` additions that a branch skips; forward. */
static void branch_over(uint32_t count, bool if_true)
{
    code_label over = code_new_label(code);
    code_add(code, (struct vamp_insn){.op = VAMP_OP_LW, .rd = 2, .rs1 = 29, .immediate = 4});
    code_add(code, (struct vamp_insn){.op = VAMP_OP_ADDI, .rd = 1, .immediate = 3});
    code_branch(code, if_true, 2, over);
    for (uint32_t i = 0; i < count; i++)
        code_add(code, add_immediate(1, 1, 1));
    code_bind(code, over);
    code_return(code, false);
    finish();
}

Test(compiler_code, a_branch_reaches_32767_bytes_and_becomes_a_jump_beyond)
{
    for (uint32_t count = 8189; count <= 8192; count++) {
        for (uint32_t taken = 0; taken < 2; taken++) {
            stop();
            start();
            branch_over(count, true);
            /* From the delay slot to the target: the slot and the additions. */
            bool is_near = 4 * (count + 1) <= 32767;
            cr_expect_eq(insn_at(1).op, is_near ? VAMP_OP_BNEZ : VAMP_OP_BEQZ);
            cr_expect_eq(run_object(object, taken, 0), taken ? 3 : 3 + count);
        }
    }
}

Test(compiler_code, a_long_branch_keeps_its_sense)
{
    branch_over(9000, false);
    cr_assert_eq(run_object(object, 0, 0), 3);
    cr_assert_eq(run_object(object, 1, 0), 9003);
}

Test(compiler_code, a_branch_back_reaches_32768_bytes_and_becomes_a_jump_beyond)
{
    for (uint32_t count = 8188; count <= 8193; count++) {
        stop();
        start();
        code_label head = code_new_label(code);
        code_add_constant(code, 2, 2);
        code_add_constant(code, 1, 0);
        code_bind(code, head);
        code_add(code, add_immediate(2, 2, (uint32_t)-1));
        for (uint32_t i = 0; i < count; i++)
            code_add(code, add_immediate(1, 1, 1));
        code_branch(code, true, 2, head);
        code_return(code, false);
        finish();
        /* One addition is in the delay slot; backwards: the others, the branch, the decrement. */
        bool is_near = 4 * (count + 1) <= 32768;
        cr_expect_eq(insn_at(3 + count - 1).op, is_near ? VAMP_OP_BNEZ : VAMP_OP_BEQZ);
        cr_expect_eq(run_object(object, 0, 0), 2 * count);
    }
}

Test(compiler_code, a_jump_beyond_its_reach_is_refused)
{
    struct fault fault = {0};
    code_label over = code_new_label(code);
    code_jump(code, over);
    for (uint32_t i = 0; i < 1 << 23; i++)
        code_add(code, add_immediate(1, 1, 1));
    code_bind(code, over);
    code_return(code, false);
    cr_assert_not(code_finish(code, object, (struct location){"a.c0", 3, 1}, &marks, &fault));
    cr_assert_eq(fault.line, 3);
    cr_assert(strstr(fault.message, "out of reach"));
}
