/* A block being bound: what bind.c (lines), steps.c (paths) and registers.c (rules about registers)
 * share. Private. */
#ifndef SEMANTICS_C0A_BIND_H
#define SEMANTICS_C0A_BIND_H

#include "base/array.h"
#include "semantics/c0/names.h"
#include "semantics/c0a/c0a.h"

struct c0a_jump {
    uint32_t instruction, target;
    const char *label;
    struct location where;
};

struct c0a_binder {
    struct arena *arena;
    struct c0_asm_reporter reporter;
    bool is_refused;
    ARRAY(struct c0a_instruction) instructions;
    ARRAY(bool) is_continued; /* per instruction: the next one is of the same line */
    struct c0_names labels; /* to 1 more than the instruction behind it; at the end: their number */
    ARRAY(struct c0a_jump) jumps; /* in the order of the instructions */
};

/* Always false. */
bool c0a_refuse(struct c0a_binder *binder, struct location where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Delay slots are resolved: each step has its successors. */
void c0a_make_steps(struct c0a_binder *binder, struct c0_asm *block);

/* r28 to r31 hold the ABI's addresses wherever control may still leave the block. */
void c0a_check_registers(struct c0a_binder *binder, const struct c0_asm *block);

#endif
