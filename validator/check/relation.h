/* The relation between a C0 function and its code: which points belong together (cuts), and what
 * holds there. A certificate is this data as text (certificate.h). Nothing here is believed: the
 * checker proves every relation along every segment (docs/RELATION.md). */
#ifndef VALIDATOR_CHECK_RELATION_H
#define VALIDATOR_CHECK_RELATION_H

#include "validator/check/subject.h"

/* A place of the machine. Frame offsets are in bytes from the frame base at entry. */
enum place_kind {
    PLACE_REGISTER,
    PLACE_SLOT,  /* one aligned word of the function's frame */
    PLACE_BLOCK, /* a stretch of the frame that holds an aggregate */
    PLACE_LOCAL, /* no place of the machine: an invariant of the source, on a word local */
};

struct place {
    enum place_kind kind;
    unsigned number;     /* REGISTER; LOCAL: index of the variable */
    int32_t offset;      /* SLOT, BLOCK */
    uint32_t size_bytes; /* BLOCK */
};

/* A value that both sides can name at a cut. */
enum symbol_kind {
    SYMBOL_LOCAL,     /* a local or parameter of the function, or a register of its asm blocks: its
                         value now */
    SYMBOL_FRAME,     /* the frame base at entry */
    SYMBOL_RETURN,    /* the return address at entry */
    SYMBOL_PRESERVED, /* a callee-saved register's value at entry */
};

struct symbol {
    enum symbol_kind kind;
    uint32_t index; /* the variable (behind them, the block's registers), or the register */
};

struct addend {
    uint32_t coefficient;
    struct symbol symbol;
};

/* place = constant + coefficient * symbol + ..., modulo 2^32. A block equals one aggregate local; a
 * local equals an expression over other locals. */
struct equality {
    struct place place;
    uint32_t constant;
    const struct addend *addends;
    size_t addend_count;
};

/* An invariant of the source, in a function with asm blocks: a number lies in [low, low + 2^bits).
 * Accesses of blocks need plain bounds, which equalities do not give. */
struct bound {
    uint32_t value; /* as a symbol's index */
    uint32_t low;
    unsigned bits;
};

enum cut_kind {
    CUT_ENTRY, /* cut 0, its relation is the ABI's */
    CUT_LOOP,  /* before source node `node`, at `point` of the machine */
    CUT_CALL,  /* after the call (or `new`) of source node `node` came back to `point` */
};

struct cut {
    enum cut_kind kind;
    uint32_t node; /* of the function's flow graph */
    struct point point;
    const struct equality *equalities;
    size_t equality_count;
    const struct bound *bounds;
    size_t bound_count;
};

/* Where a local aggregate lives in the frame. */
struct home {
    uint32_t variable; /* index in the function's variables */
    int32_t offset;
};

struct relation {
    const struct c0_function *function;
    bool has_blocks;      /* the function has asm blocks: check_function sees to it itself */
    uint32_t frame_bytes; /* the extent of the function's own frame */
    const struct home *homes;
    size_t home_count;
    const struct cut *cuts; /* cuts[0] is the entry */
    size_t cut_count;
};

const char *cut_kind_name(enum cut_kind kind);
bool place_same(struct place a, struct place b);
/* A callee whose frame base lies `displacement` bytes from the caller's leaves the place alone. */
bool place_survives_call(const struct target *target, struct place place, int32_t displacement);
/* "r5", "[12]", "[16..56]" */
void place_print(const struct target *target, struct place place, struct text_builder *out);
/* "bound %r5 0xffff8000 15" */
void bound_print(const struct target *target, const struct c0_function *function,
                 const struct bound *bound, struct text_builder *out);
/* "r5 = 4*i + 12" */
void equality_print(const struct target *target, const struct c0_function *function,
                    const struct equality *equality, struct text_builder *out);

#endif
