/* C0A: asm blocks. Here they are only read; their meaning is the assembler's (assembler.h). */
#include "base/array.h"
#include "semantics/c0/check.h"
#include "semantics/c0/parse.h"

#include <string.h>

struct lines {
    struct c0_asm_line *at;
    size_t count, capacity;
};

struct operands {
    struct c0_asm_operand *at;
    size_t count, capacity;
};

/* A name of the block: an identifier, or a keyword of C0 that no block needs as such. */
static const char *name_of(struct c0_unit *unit, const struct c0_token *token)
{
    if (token->kind == C0_TOKEN_IDENTIFIER)
        return token->name;
    bool is_word = token->text.length != 0 && token->text.at[0] >= 'a' && token->text.at[0] <= 'z';
    return is_word ? text_copy(unit->arena, token->text) : NULL;
}

/* A number of the block has 32 bits, with or without a `u`. */
static bool read_number(struct c0_unit *unit, const struct c0_token *token, bool is_negative,
                        uint32_t *word)
{
    struct text digits = token->text;
    if (digits.length > 1 && (digits.at[digits.length - 1] | 0x20) == 'u')
        digits.length--;
    if (token->kind == C0_TOKEN_CHARACTER && token->message == NULL)
        *word = token->word;
    else if (token->kind != C0_TOKEN_NUMBER || !text_to_word(digits, word)) {
        c0_syntax_error(unit, token->where, "malformed number: %.*s", (int)token->text.length,
                        token->text.at);
        return false;
    }
    if (is_negative && *word > UINT32_C(0x80000000)) {
        c0_syntax_error(unit, token->where, "the number does not fit 32 bits");
        return false;
    }
    *word = is_negative ? -*word : *word;
    return true;
}

/* The variable that stands after [ or &. */
static const struct c0_variable *variable(struct c0_unit *unit)
{
    const struct c0_token *token = c0_token(unit);
    if (token->kind != C0_TOKEN_IDENTIFIER) {
        c0_unexpected(unit, "a variable");
        return NULL;
    }
    c0_advance(unit);
    const struct c0_expr *expr = c0_check_name(unit, token->where, token->name);
    if (expr == NULL || expr->kind == C0_EXPR_VARIABLE)
        return expr == NULL ? NULL : expr->variable;
    c0_error(unit, token->where, "%s is not a variable", token->name);
    return NULL;
}

/* [x] | &g */
static bool variable_operand(struct c0_unit *unit, struct c0_asm_operand *operand)
{
    bool is_word = c0_peek(unit) == C0_TOKEN_OPEN_BRACKET;
    operand->kind = is_word ? C0_ASM_VARIABLE : C0_ASM_ADDRESS;
    c0_advance(unit);
    operand->variable = variable(unit);
    if (is_word && !c0_expect(unit, C0_TOKEN_CLOSE_BRACKET, "after the variable"))
        return false;
    if (operand->variable == NULL)
        return !unit->is_panicking;
    if (is_word && !c0_type_is_elementary(operand->variable->type))
        c0_error(unit, operand->where, "[%s]: the variable must be of an elementary type",
                 operand->variable->name);
    if (!is_word && operand->variable->scope != C0_SCOPE_GLOBAL)
        c0_error(unit, operand->where, "&%s: only a global has an address in a block",
                 operand->variable->name);
    return true;
}

/* operand ::= name | [ - ] number [ ( name ) ] | [x] | &g */
static bool operand(struct c0_unit *unit, struct c0_asm_operand *operand)
{
    *operand = (struct c0_asm_operand){.where = c0_here(unit)};
    if (c0_peek(unit) == C0_TOKEN_OPEN_BRACKET || c0_peek(unit) == C0_TOKEN_AND)
        return variable_operand(unit, operand);
    bool is_negative = c0_accept(unit, C0_TOKEN_MINUS);
    const struct c0_token *token = c0_token(unit);
    operand->name = is_negative ? NULL : name_of(unit, token);
    if (operand->name != NULL) {
        c0_advance(unit);
        return true;
    }
    if (token->kind != C0_TOKEN_NUMBER && token->kind != C0_TOKEN_CHARACTER) {
        c0_unexpected(unit, "an operand");
        return false;
    }
    operand->kind = C0_ASM_NUMBER;
    if (!read_number(unit, token, is_negative, &operand->word))
        return false;
    c0_advance(unit);
    if (!c0_accept(unit, C0_TOKEN_OPEN))
        return true;
    operand->kind = C0_ASM_INDEXED;
    operand->name = name_of(unit, c0_token(unit));
    if (operand->name == NULL) {
        c0_unexpected(unit, "a register");
        return false;
    }
    c0_advance(unit);
    return c0_expect(unit, C0_TOKEN_CLOSE, "after the register");
}

/* The token still belongs to the line that is read: a line ends where the text's does, with a
 * `;`, or with the block. */
static bool is_on_line(struct c0_unit *unit, struct location line)
{
    enum c0_token_kind kind = c0_peek(unit);
    struct location where = c0_here(unit);
    return kind != C0_TOKEN_SEMICOLON && kind != C0_TOKEN_CLOSE_BRACE && kind != C0_TOKEN_END &&
           where.line == line.line && where.file == line.file;
}

static bool operands_of(struct c0_unit *unit, struct c0_asm_line *line)
{
    struct operands operands = {0};
    while (is_on_line(unit, line->where)) {
        struct c0_asm_operand read;
        if (!operand(unit, &read))
            return false;
        ARRAY_PUSH(unit->arena, &operands, read);
        if (is_on_line(unit, line->where) &&
            !c0_expect(unit, C0_TOKEN_COMMA, "between the operands"))
            return false;
    }
    if (operands.count != 0 && unit->tokens.at[unit->at - 1].kind == C0_TOKEN_COMMA) {
        c0_unexpected(unit, "an operand");
        return false;
    }
    line->operands = operands.at;
    line->operand_count = (uint32_t)operands.count;
    return true;
}

/* line ::= [ name : ] [ name { operand , } ] */
static bool line(struct c0_unit *unit, struct c0_asm_line *line)
{
    const struct c0_token *token = c0_token(unit);
    *line = (struct c0_asm_line){.where = token->where};
    const char *name = name_of(unit, token);
    if (name == NULL) {
        c0_unexpected(unit, "an instruction");
        return false;
    }
    c0_advance(unit);
    if (c0_accept(unit, C0_TOKEN_COLON)) {
        line->label = name;
        if (!is_on_line(unit, line->where))
            return true;
        line->where = c0_here(unit);
        name = name_of(unit, c0_token(unit));
        if (name == NULL) {
            c0_unexpected(unit, "an instruction");
            return false;
        }
        c0_advance(unit);
    }
    line->mnemonic = name;
    return operands_of(unit, line);
}

/* An operand names something unknown, which was reported where it was met first, perhaps before
 * the block. */
static bool has_unknown(const struct c0_asm *block)
{
    for (uint32_t i = 0; i < block->line_count; i++)
        for (uint32_t k = 0; k < block->lines[i].operand_count; k++) {
            const struct c0_asm_operand *operand = &block->lines[i].operands[k];
            if ((operand->kind == C0_ASM_VARIABLE || operand->kind == C0_ASM_ADDRESS) &&
                operand->variable == NULL)
                return true;
        }
    return false;
}

static void report(void *self, struct location where, const char *message)
{
    c0_error(self, where, "%s", message);
}

/* Ends a panic at the end of the block. */
static void pass_block(struct c0_unit *unit)
{
    unit->is_panicking = false;
    while (c0_peek(unit) != C0_TOKEN_CLOSE_BRACE && c0_peek(unit) != C0_TOKEN_END)
        c0_advance(unit);
    c0_accept(unit, C0_TOKEN_CLOSE_BRACE);
}

/* asm ::= asm { { line (; | the end of the line) } } */
struct c0_stmt *c0_parse_asm(struct c0_unit *unit)
{
    struct c0_stmt *stmt = ARENA_NEW(unit->arena, struct c0_stmt);
    struct c0_asm *block = ARENA_NEW(unit->arena, struct c0_asm);
    *stmt = (struct c0_stmt){.kind = C0_STMT_ASM, .where = c0_here(unit), .assembly = block};
    struct lines lines = {0};
    c0_advance(unit);
    if (!c0_expect(unit, C0_TOKEN_OPEN_BRACE, "after asm"))
        return NULL;
    uint32_t errors = unit->front->diagnostics.count;
    while (c0_peek(unit) != C0_TOKEN_CLOSE_BRACE && c0_peek(unit) != C0_TOKEN_END) {
        if (c0_accept(unit, C0_TOKEN_SEMICOLON))
            continue;
        struct c0_asm_line read;
        if (!line(unit, &read)) {
            pass_block(unit);
            return NULL;
        }
        ARRAY_PUSH(unit->arena, &lines, read);
    }
    if (!c0_expect(unit, C0_TOKEN_CLOSE_BRACE, "at the end of the asm block"))
        return NULL;
    block->lines = lines.at;
    block->line_count = (uint32_t)lines.count;
    if (unit->front->diagnostics.count != errors || has_unknown(block))
        return NULL;
    const struct c0_assembler *assembler = unit->front->options->assembler;
    if (assembler == NULL)
        c0_error(unit, stmt->where, "asm blocks are not allowed here");
    else
        assembler->bind(unit->arena, block, (struct c0_asm_reporter){unit, report});
    return unit->front->diagnostics.count == errors ? stmt : NULL;
}
