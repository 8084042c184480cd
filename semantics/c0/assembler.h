/* What the front end must know of a target's assembler to read C0A (docs/C0.md, "Inline
 * assembler"): C0 itself knows neither registers nor instructions. */
#ifndef SEMANTICS_C0_ASSEMBLER_H
#define SEMANTICS_C0_ASSEMBLER_H

#include "base/arena.h"
#include "semantics/c0/program.h"

struct c0_asm_reporter {
    void *self;
    void (*report)(void *self, struct location where, const char *message);
};

struct c0_assembler {
    /* Checks the block's lines and fills in its steps and code. What is wrong is reported, and the
     * steps are then of no use. */
    void (*bind)(struct arena *arena, struct c0_asm *block, struct c0_asm_reporter reporter);
};

#endif
