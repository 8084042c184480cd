/* Functions: the frame and the statements. A frame holds, in words from its base: r31; the
 * parameters; the locals in the order of their declaration; then, while a statement needs them,
 * values that wait for a call to end, and the arguments of the callee. */
#include "compiler/unit.h"

#include "base/require.h"
#include "semantics/c0/front.h"

enum {
    FRAME_LIMIT_BYTES = 1 << 27, /* so that every offset in a frame is a positive int */
    COPY_LIMIT_WORDS = 4096,     /* a copy is unrolled */
};

/* Compiles the statement; false if control never leaves it at its end. */
static bool compile_stmt(struct function *function, const struct c0_stmt *stmt);

/* The argument is stored in the callee's frame as soon as it is evaluated; what later arguments
 * call has its frame above the ones stored. */
static void compile_call(struct function *function, const struct c0_stmt *stmt)
{
    uint32_t frame = function->top;
    for (uint32_t i = 0; i < stmt->argument_count; i++) {
        uint32_t offset = frame + WORD_BYTES * (1 + i);
        function->top = offset;
        emit_store_frame(function, offset, lower_value(function, stmt->arguments[i]));
    }
    function->top = frame;
    emit_call(function, unit_function(function->unit, stmt->callee), NULL);
    if (stmt->place != NULL)
        emit_store_result(function, lower_place(function, stmt->place));
}

static void compile_new(struct function *function, const struct c0_stmt *stmt)
{
    uint32_t size_bytes = stmt->allocated->size_cells * WORD_BYTES;
    emit_store_frame(function, function->top + WORD_BYTES,
                     tree_constant(function->arena, size_bytes));
    emit_call(function, object_symbol_named(function->unit->object, "__new"), stmt->allocated);
    emit_store_result(function, lower_place(function, stmt->place));
}

static void compile_assign(struct function *function, const struct c0_stmt *stmt)
{
    const struct c0_type *type = stmt->place->type;
    if (c0_type_is_elementary(type)) {
        const struct tree *value = lower_value(function, stmt->value);
        emit_store(function, lower_place(function, stmt->place), value);
        return;
    }
    if (type->size_cells > COPY_LIMIT_WORDS) {
        fault_at(function->fault, stmt->where,
                 "an assignment of %u words is beyond the compiler's limit of %d",
                 (unsigned)type->size_cells, COPY_LIMIT_WORDS);
        return;
    }
    emit_copy(function, lower_place(function, stmt->place), lower_place(function, stmt->value),
              type->size_cells);
}

static bool compile_if(struct function *function, const struct c0_stmt *stmt)
{
    const struct tree *condition = lower_value(function, stmt->value);
    if (condition->kind == TREE_CONSTANT) {
        const struct c0_stmt *taken = condition->word != 0 ? stmt->body : stmt->otherwise;
        return taken == NULL || compile_stmt(function, taken);
    }
    code_label otherwise = code_new_label(function->code);
    emit_branch(function, condition, false, otherwise);
    bool then_ends = compile_stmt(function, stmt->body), else_ends = true;
    if (stmt->otherwise == NULL) {
        code_bind(function->code, otherwise);
        return true;
    }
    code_label end = code_new_label(function->code);
    if (then_ends)
        code_jump(function->code, end);
    code_bind(function->code, otherwise);
    else_ends = compile_stmt(function, stmt->otherwise);
    code_bind(function->code, end);
    return then_ends || else_ends;
}

static bool compile_while(struct function *function, const struct c0_stmt *stmt)
{
    const struct tree *condition = lower_value(function, stmt->value);
    bool is_constant = condition->kind == TREE_CONSTANT;
    if (is_constant && condition->word == 0)
        return true;
    code_label head = code_new_label(function->code), end = code_new_label(function->code);
    code_bind(function->code, head);
    if (!is_constant)
        emit_branch(function, condition, false, end);
    if (compile_stmt(function, stmt->body))
        code_jump(function->code, head);
    code_bind(function->code, end);
    return !is_constant;
}

static bool compile_block(struct function *function, const struct c0_stmt *stmt)
{
    for (uint32_t i = 0; i < stmt->stmt_count; i++) {
        if (!compile_stmt(function, stmt->stmts[i]))
            return false;
    }
    return true;
}

static bool compile_stmt(struct function *function, const struct c0_stmt *stmt)
{
    if (stmt->kind == C0_STMT_BLOCK)
        return compile_block(function, stmt);
    function->where = stmt->where;
    code_mark(function->code, FUNCTION_MARK_STATEMENT, stmt);
    switch (stmt->kind) {
    case C0_STMT_ASSIGN:
        compile_assign(function, stmt);
        return true;
    case C0_STMT_CALL:
        compile_call(function, stmt);
        return true;
    case C0_STMT_NEW:
        compile_new(function, stmt);
        return true;
    case C0_STMT_IF:
        return compile_if(function, stmt);
    case C0_STMT_WHILE:
        return compile_while(function, stmt);
    case C0_STMT_BLOCK:
        return true;
    case C0_STMT_RETURN:
        emit_value(function, lower_value(function, stmt->value), REG_RESULT);
        return true;
    case C0_STMT_ASM: {
        bool goes_on = true;
        return !compile_asm(function, stmt->assembly, &goes_on) || goes_on;
    }
    }
    require(false, "a statement");
    return true;
}

static bool lay_out_frame(struct function *function)
{
    const struct c0_function *source = function->source;
    function->slots = ARENA_ARRAY(function->arena, uint32_t, source->variable_count + 1);
    uint64_t top = WORD_BYTES;
    for (uint32_t i = 0; i < source->variable_count; i++) {
        function->slots[i] = (uint32_t)top;
        top += (uint64_t)source->variables[i]->type->size_cells * WORD_BYTES;
        if (top > FRAME_LIMIT_BYTES)
            return fault_at(function->fault, source->variables[i]->where,
                            "the frame of '%s' is larger than %d bytes", source->name,
                            FRAME_LIMIT_BYTES);
    }
    function->top = (uint32_t)top;
    return true;
}

/* A statement without code of its own: the next one starts where it does. */
static bool is_empty(struct code_marks marks, size_t number)
{
    return number + 1 < marks.count && marks.at[number + 1].kind == FUNCTION_MARK_STATEMENT &&
           marks.at[number + 1].offset == marks.at[number].offset;
}

/* "function+0xOFFSET TYPE" for each new, "function+0xOFFSET FILE:LINE" for each statement. */
static void write_tables(struct function *function, uint32_t symbol, struct code_marks marks)
{
    struct object *object = function->unit->object;
    const char *name = object_symbol_print(object, symbol);
    for (size_t i = 0; i < marks.count; i++) {
        const struct code_mark *mark = &marks.at[i];
        if (mark->kind == FUNCTION_MARK_NEW) {
            text_append(&object->news, "%s+0x%x ", name, (unsigned)mark->offset);
            c0_print_type(mark->subject, "", &object->news);
            text_append(&object->news, "\n");
        } else if (function->unit->has_lines && !is_empty(marks, i)) {
            const struct c0_stmt *stmt = mark->subject;
            text_append(&object->lines, "%s+0x%x %s:%u\n", name, (unsigned)mark->offset,
                        stmt->where.file, (unsigned)stmt->where.line);
        }
    }
}

static bool compile_body(struct function *function)
{
    if (!lay_out_frame(function))
        return false;
    if (compile_stmt(function, function->source->body))
        code_return(function->code, function->has_calls);
    struct object *object = function->unit->object;
    uint32_t start = (uint32_t)object->text.length;
    struct code_marks marks;
    if (!code_finish(function->code, object, function->source->where, &marks, function->fault))
        return false;
    uint32_t number = unit_function(function->unit, function->source);
    struct object_symbol *symbol = &object->symbols.at[number];
    symbol->place = OBJECT_TEXT;
    symbol->kind = OBJECT_SYMBOL_FUNCTION;
    symbol->value = start;
    symbol->size_bytes = (uint32_t)object->text.length - start;
    write_tables(function, number, marks);
    return !function->fault->is_set;
}

bool function_compile(struct unit *unit, const struct c0_function *source, struct fault *fault)
{
    struct arena *arena = arena_new();
    struct function function = {.unit = unit,
                                .arena = arena,
                                .source = source,
                                .code = code_new(arena),
                                .where = source->where,
                                .fault = fault};
    bool is_compiled = compile_body(&function);
    arena_free(arena);
    return is_compiled;
}
