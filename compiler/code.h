/* The instructions of one function while it is compiled: labels in place of distances, delay slots
 * filled as instructions come, branches beyond their reach rewritten at the end. */
#ifndef COMPILER_CODE_H
#define COMPILER_CODE_H

#include "base/arena.h"
#include "base/fault.h"
#include "compiler/object.h"
#include "semantics/vamp/vamp.h"

struct code;
typedef uint32_t code_label;

struct code *code_new(struct arena *arena);

void code_add(struct code *code, struct vamp_insn insn);
/* An instruction whose immediate the linker supplies. */
void code_add_reloc(struct code *code, struct vamp_insn insn, enum object_reloc_kind kind,
                    uint32_t symbol, uint32_t addend);
/* `reg` becomes `word`, by one instruction where one suffices. */
void code_add_constant(struct code *code, uint8_t reg, uint32_t word);

code_label code_new_label(struct code *code);
void code_bind(struct code *code, code_label label);
/* Goes to the label, always, or if `reg` is not 0 (`if_true`) or is 0. The delay slot takes the
 * instruction before the branch if that is possible, else a no-op. */
void code_jump(struct code *code, code_label label);
void code_branch(struct code *code, bool if_true, uint8_t reg, code_label label);
/* jal to the symbol, with `slot` in the delay slot. */
void code_call(struct code *code, uint32_t symbol, struct vamp_insn slot);
/* The function's return, there is one at most. If the function calls, its entry saves r31 in the
 * frame's first word and the return loads it. */
void code_return(struct code *code, bool has_calls);

/* Remembers the current place, for tables: `kind` is the caller's. */
void code_mark(struct code *code, int kind, const void *subject);

struct code_mark {
    int kind;
    const void *subject;
    uint32_t offset; /* in bytes, from the function's start */
};
struct code_marks {
    const struct code_mark *at;
    size_t count;
};

/* Appends the instructions to the object's text. Refused at `where` if a jump inside the function
 * is beyond the reach of `j`. */
bool code_finish(struct code *code, struct object *object, struct location where,
                 struct code_marks *marks, struct fault *fault);

#endif
