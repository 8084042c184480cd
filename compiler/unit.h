/* One C0 unit on its way to an object, and one function of it: what lowering (lower.c), selection
 * (emit.c) and the statements (function.c) share. Private to the compiler. */
#ifndef COMPILER_UNIT_H
#define COMPILER_UNIT_H

#include "base/fault.h"
#include "compiler/code.h"
#include "compiler/object.h"
#include "compiler/tree.h"
#include "semantics/c0/program.h"

enum { WORD_BYTES = 4, REG_RESULT = 1, REG_LAST_SCRATCH = 27, REG_GLOBALS = 28, REG_FRAME = 29 };

struct unit {
    struct arena *arena;
    const struct c0_program *program;
    struct object *object;
    bool has_far_globals; /* globals may lie beyond 16 bits from r28 */
    bool has_lines;
    uint32_t *function_symbols; /* by index; TREE_NO_SYMBOL until wanted */
    uint32_t *global_symbols;
};

uint32_t unit_function(struct unit *unit, const struct c0_function *function);
uint32_t unit_global(struct unit *unit, const struct c0_variable *global);

struct function {
    struct unit *unit;
    struct arena *arena; /* as long as the function */
    const struct c0_function *source;
    struct code *code;
    uint32_t *slots; /* of the variables: bytes from the frame base */
    uint32_t top;    /* bytes of the frame that are in use; the next free one */
    bool has_calls;
    struct location where; /* the statement, for faults */
    struct fault *fault;
};

enum function_mark { FUNCTION_MARK_STATEMENT, FUNCTION_MARK_NEW };

/* lower.c: expressions to trees. */
const struct tree *lower_value(struct function *function, const struct c0_expr *expr);
struct tree_address lower_place(struct function *function, const struct c0_expr *expr);

/* emit.c: trees to instructions. A value at depth d takes r(d+1); those below are live. */
void emit_value(struct function *function, const struct tree *tree, uint8_t reg);
void emit_branch(struct function *function, const struct tree *condition, bool if_true,
                 code_label label);
void emit_store(struct function *function, struct tree_address to, const struct tree *value);
/* The same for the value that a call has left in r1. */
void emit_store_result(struct function *function, struct tree_address to);
void emit_copy(struct function *function, struct tree_address to, struct tree_address from,
               uint32_t words);
/* The word of the frame becomes the value. */
void emit_store_frame(struct function *function, uint32_t offset, const struct tree *value);
/* Calls with the callee's frame at the top of this one; `allocated` is the type of a `new`. */
void emit_call(struct function *function, uint32_t symbol, const struct c0_type *allocated);

/* block.c: an asm block; whether control can leave it at its end. False after a fault. */
bool compile_asm(struct function *function, const struct c0_asm *block, bool *goes_on);

/* function.c */
bool function_compile(struct unit *unit, const struct c0_function *source, struct fault *fault);

#endif
