/* From the lines of a block to its instructions. */
#include "semantics/c0a/bind.h"

#include "semantics/c0a/c0a.h"
#include "semantics/vamp/assemble.h"
#include "semantics/vamp/format.h"

#include <stdarg.h>
#include <string.h>

bool c0a_refuse(struct c0a_binder *binder, struct location where, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    binder->reporter.report(binder->reporter.self, where,
                            arena_vprintf(binder->arena, format, arguments));
    va_end(arguments);
    binder->is_refused = true;
    return false;
}

static bool is_mnemonic(const struct c0_asm_line *line, const char *mnemonic)
{
    return strcmp(line->mnemonic, mnemonic) == 0;
}

/* Assembles a line that is made here or written as the assembler of .s files wants it. */
static bool assemble(struct c0a_binder *binder, struct location where, const char *text,
                     struct vamp_insn *insn)
{
    struct fault fault = {0};
    struct location none = {0};
    if (vamp_assemble(text_of(text), none, NULL, insn, &fault))
        return true;
    return c0a_refuse(binder, where, "%s", fault.message);
}

static bool add_text(struct c0a_binder *binder, struct location where, enum c0a_operand operand,
                     const struct c0_variable *variable, const char *text)
{
    struct c0a_instruction made = {.operand = operand, .variable = variable, .where = where};
    if (!assemble(binder, where, text, &made.insn))
        return false;
    ARRAY_PUSH(binder->arena, &binder->instructions, made);
    ARRAY_PUSH(binder->arena, &binder->is_continued, false);
    return true;
}

/* The same, behind the last instruction of the same line. */
static bool continue_text(struct c0a_binder *binder, struct location where,
                          enum c0a_operand operand, const struct c0_variable *variable,
                          const char *text)
{
    binder->is_continued.at[binder->is_continued.count - 1] = true;
    return add_text(binder, where, operand, variable, text);
}

/* li reg, number | li reg, &global: lhgi, then xori with the sign-extended low half. */
static bool bind_load_constant(struct c0a_binder *binder, const struct c0_asm_line *line)
{
    const struct c0_asm_operand *operands = line->operands;
    if (line->operand_count != 2 || operands[0].kind != C0_ASM_NAME ||
        (operands[1].kind != C0_ASM_NUMBER && operands[1].kind != C0_ASM_ADDRESS))
        return c0a_refuse(binder, line->where, "li has a register, and a number or &global");
    const char *reg = operands[0].name;
    const struct c0_variable *variable = operands[1].variable;
    uint32_t value = operands[1].word, low = (uint32_t)(int32_t)(int16_t)(value & 0xFFFF);
    uint32_t high = (value ^ low) >> 16;
    bool is_address = operands[1].kind == C0_ASM_ADDRESS;
    if (!is_address && value == low)
        return add_text(binder, line->where, C0A_PLAIN, NULL,
                        arena_printf(binder->arena, "addi %s,r0,%d", reg, (int)low));
    if (!add_text(binder, line->where, is_address ? C0A_HIGH_HALF : C0A_PLAIN, variable,
                  arena_printf(binder->arena, "lhgi %s,0x%x", reg, (unsigned)high)))
        return false;
    return (!is_address && low == 0) ||
           continue_text(binder, line->where, is_address ? C0A_LOW_HALF : C0A_PLAIN, variable,
                         arena_printf(binder->arena, "xori %s,%s,%d", reg, reg, (int)low));
}

/* lw reg, [x] | sw reg, [x], where one of the operands is [x] */
static bool bind_variable(struct c0a_binder *binder, const struct c0_asm_line *line,
                          const struct c0_variable *variable)
{
    bool is_store = is_mnemonic(line, "sw");
    if ((!is_mnemonic(line, "lw") && !is_store) || line->operand_count != 2 ||
        line->operands[0].kind != C0_ASM_NAME)
        return c0a_refuse(binder, line->where, "[%s] is the second operand of lw or sw",
                          variable->name);
    if (is_store && variable->type->kind != C0_TYPE_INT && variable->type->kind != C0_TYPE_UNSIGNED)
        return c0a_refuse(binder, line->where,
                          "sw stores any word, and %s is neither int nor unsigned int",
                          variable->name);
    return add_text(
        binder, line->where, C0A_VARIABLE, variable,
        arena_printf(binder->arena, "%s %s,r0,0", line->mnemonic, line->operands[0].name));
}

/* The operands as vamp_assemble reads them; a label is 0 for now. */
static bool append_operand(struct c0a_binder *binder, const struct c0_asm_operand *operand,
                           bool is_label, struct text_builder *text)
{
    switch (operand->kind) {
    case C0_ASM_NAME:
        text_append(text, "%s", is_label ? "0" : operand->name);
        return true;
    case C0_ASM_NUMBER:
        if (is_label)
            return c0a_refuse(binder, operand->where, "a branch goes to a label of its block");
        text_append(text, "%d", (int)operand->word);
        return true;
    case C0_ASM_INDEXED:
        text_append(text, "%d(%s)", (int)operand->word, operand->name);
        return true;
    case C0_ASM_VARIABLE:
    case C0_ASM_ADDRESS:
        return c0a_refuse(binder, operand->where, "&%s stands only in li", operand->variable->name);
    }
    return false;
}

/* Only rfe changes the mode: in user mode the rest of the block would be fetched through the page
 * table. */
static bool check_mode(struct c0a_binder *binder, const struct c0_asm_line *line)
{
    const struct vamp_insn *last = &binder->instructions.at[binder->instructions.count - 1].insn;
    if (last->op == VAMP_OP_MOVI2S && last->sa == VAMP_SPR_MODE)
        return c0a_refuse(binder, line->where, "a block may not write MODE: rfe sets it");
    return true;
}

static bool bind_plain(struct c0a_binder *binder, const struct c0_asm_line *line)
{
    bool branches =
        is_mnemonic(line, "j") || is_mnemonic(line, "beqz") || is_mnemonic(line, "bnez");
    struct text_builder text = {.arena = binder->arena};
    text_append(&text, "%s ", line->mnemonic);
    for (uint32_t i = 0; i < line->operand_count; i++) {
        bool is_label = branches && i + 1 == line->operand_count;
        if (i != 0)
            text_append(&text, ",");
        if (!append_operand(binder, &line->operands[i], is_label, &text))
            return false;
    }
    if (!add_text(binder, line->where, C0A_PLAIN, NULL, text_built(&text)) ||
        !check_mode(binder, line))
        return false;
    if (branches) {
        struct c0a_jump jump = {.instruction = (uint32_t)binder->instructions.count - 1,
                                .label = line->operands[line->operand_count - 1].name,
                                .where = line->operands[line->operand_count - 1].where};
        ARRAY_PUSH(binder->arena, &binder->jumps, jump);
    }
    return true;
}

static bool bind_line(struct c0a_binder *binder, const struct c0_asm_line *line)
{
    static const char *const refused[] = {"jal", "jr", "jalr", "trap"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        if (is_mnemonic(line, refused[i]))
            return c0a_refuse(binder, line->where, "%s may not stand in an asm block", refused[i]);
    }
    if (is_mnemonic(line, "li"))
        return bind_load_constant(binder, line);
    for (uint32_t i = 0; i < line->operand_count; i++) {
        if (line->operands[i].kind == C0_ASM_VARIABLE)
            return bind_variable(binder, line, line->operands[i].variable);
    }
    return bind_plain(binder, line);
}

static void bind_label(struct c0a_binder *binder, const struct c0_asm_line *line)
{
    void **number = c0_names_at(&binder->labels, text_of(line->label));
    if (*number != NULL)
        c0a_refuse(binder, line->where, "the label %s stands here twice", line->label);
    else
        *number = (void *)(uintptr_t)(binder->instructions.count + 1);
}

static void bind_lines(struct c0a_binder *binder, const struct c0_asm *block)
{
    for (uint32_t i = 0; i < block->line_count; i++) {
        if (block->lines[i].label != NULL)
            bind_label(binder, &block->lines[i]);
        if (block->lines[i].mnemonic != NULL)
            bind_line(binder, &block->lines[i]);
    }
}

/* A branch counts from the instruction behind it. */
static void bind_jumps(struct c0a_binder *binder)
{
    for (size_t i = 0; i < binder->jumps.count; i++) {
        struct c0a_jump *jump = &binder->jumps.at[i];
        uintptr_t number = (uintptr_t)c0_names_find(&binder->labels, text_of(jump->label));
        if (number == 0) {
            c0a_refuse(binder, jump->where, "no label %s stands in this block", jump->label);
            continue;
        }
        jump->target = (uint32_t)number - 1;
        struct vamp_insn *insn = &binder->instructions.at[jump->instruction].insn;
        insn->immediate = 4 * (jump->target - jump->instruction - 1);
        if (!vamp_immediate_fits(vamp_format(insn->op)->kind, insn->immediate))
            c0a_refuse(binder, jump->where, "the label %s is out of the reach of %s", jump->label,
                       vamp_mnemonic(insn->op));
    }
}

static void bind(struct arena *arena, struct c0_asm *block, struct c0_asm_reporter reporter)
{
    struct c0a_binder binder = {.arena = arena, .reporter = reporter, .labels = {.arena = arena}};
    bind_lines(&binder, block);
    if (!binder.is_refused)
        bind_jumps(&binder);
    if (!binder.is_refused)
        c0a_make_steps(&binder, block);
    if (!binder.is_refused)
        c0a_check_registers(&binder, block);
    struct c0a_code *code = ARENA_NEW(arena, struct c0a_code);
    *code = (struct c0a_code){binder.instructions.at, (uint32_t)binder.instructions.count};
    block->code = code;
}

const struct c0_assembler c0a_assembler = {.bind = bind};
