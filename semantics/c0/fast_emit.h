/* Emitting the fast machine's code (private to the machine): operands, registers, conditions, and
 * the few rewritings of the instruction just emitted. */
#ifndef SEMANTICS_C0_FAST_EMIT_H
#define SEMANTICS_C0_FAST_EMIT_H

#include "semantics/c0/fast_code.h"

/* Where a word is. A CONDITION is the outcome of && or || that is still a set of jumps; only the
 * one emitted last is, and any further instruction turns it into a register. */
enum fast_operand_kind { FAST_REGISTER, FAST_CONSTANT, FAST_CONDITION };

struct fast_operand {
    enum fast_operand_kind kind;
    uint32_t number; /* of the register, the constant itself, number of the condition */
};

/* A jump whose target is not known yet: field c or d of an instruction. */
struct fast_patch {
    uint32_t instr;
    bool is_d;
};

struct fast_patches {
    struct fast_patch *at;
    size_t count, capacity;
};

/* A test: the jumps that have decided it already, and the comparison that decides the rest. */
struct fast_condition {
    enum c0_fast_op branch; /* BR_ or BRK_ */
    uint32_t left, right;
    struct fast_patches if_true, if_false;
    bool is_resolved; /* its value is in a register */
    uint32_t resolved;
};

/* A jump to a flow node. */
struct fast_link {
    struct fast_patch patch;
    uint32_t node;
};

struct fast_emitter {
    struct c0_machine *machine;
    struct arena *arena;
    ARRAY(struct c0_instr) code;
    ARRAY(struct c0_site) sites;
    ARRAY(struct fast_condition) conditions; /* of the node being recorded */
    ARRAY(struct fast_patches) lazies;       /* what the enclosing && and || have decided */
    ARRAY(struct fast_link) links;
    const struct c0_stmt *stmt; /* of the node being recorded */
    uint32_t steps_done;        /* of the block before that node */
    uint32_t first_temporary, next_temporary, window_cells;
    uint32_t barrier; /* something leads to this instruction: those before it stay */
    uint32_t open;    /* number of the condition that is a set of jumps, or NO_CONDITION */
};

enum { NO_CONDITION = 0x7fffffff };

/* Begins to record a node: temporaries are free again. */
void fast_begin_node(struct fast_emitter *emitter, const struct c0_stmt *stmt);

uint32_t fast_temporary(struct fast_emitter *emitter);
/* `count` neighbouring ones. */
uint32_t fast_temporaries(struct fast_emitter *emitter, uint32_t count);

/* Appends an instruction and gives its number. */
uint32_t fast_emit(struct fast_emitter *emitter, struct c0_instr instr);

struct fast_operand fast_register(uint32_t number);
struct fast_operand fast_constant(uint32_t word);

/* The register that holds the operand, after moving it to one if need be. */
uint32_t fast_in_register(struct fast_emitter *emitter, struct fast_operand operand);
/* Puts the operand's word into that register. */
void fast_move_to(struct fast_emitter *emitter, uint32_t target, struct fast_operand operand);

struct fast_operand fast_word(struct fast_emitter *emitter, enum c0_word_op op,
                              struct fast_operand left, struct fast_operand right);
void fast_require(struct fast_emitter *emitter, struct fast_operand condition, enum c0_rule rule);

bool fast_lazy_begin(struct fast_emitter *emitter, bool is_and, struct fast_operand left);
struct fast_operand fast_lazy_end(struct fast_emitter *emitter, bool is_and,
                                  struct fast_operand left, struct fast_operand right);

/* To one node or the other. */
void fast_branch(struct fast_emitter *emitter, struct fast_operand condition, uint32_t if_true,
                 uint32_t if_false);
void fast_jump(struct fast_emitter *emitter, uint32_t node);

#endif
