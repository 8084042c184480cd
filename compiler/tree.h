/* Expressions on their way to the machine: trees of machine operations whose addresses are worked
 * out but whose registers are not yet chosen. Only what would make an instruction without effect
 * is simplified on building one: operations on constants, and a neutral or absorbing constant. */
#ifndef COMPILER_TREE_H
#define COMPILER_TREE_H

#include "base/arena.h"
#include "semantics/vamp/vamp.h"

enum tree_kind {
    TREE_CONSTANT, /* `word` */
    TREE_REGISTER, /* a register that holds the value throughout the function: r28, r29 */
    TREE_SYMBOL,   /* the address of `symbol` */
    TREE_ADDRESS,  /* `address` as a value */
    TREE_LOAD,     /* the word at `address` */
    TREE_WORD,     /* left op right; op is one of the three-register operations */
    TREE_SCALE,    /* left * word, by shifts, additions and subtractions */
    TREE_ROUTINE,  /* the runtime routine `symbol` of left and right */
    TREE_NOT,      /* 1 - left, of a bool */
    TREE_AND,      /* of bools, lazily */
    TREE_OR,
};

enum { TREE_NO_SYMBOL = UINT32_MAX };

/* base + offset, and, if there is a symbol, + the symbol's distance from __globals. */
struct tree_address {
    const struct tree *base;
    uint32_t symbol;
    uint32_t offset;
};

struct tree {
    enum tree_kind kind;
    enum vamp_op op;
    uint32_t word;
    uint8_t reg;
    uint32_t symbol;
    struct tree_address address;
    const struct tree *left, *right;
    bool has_call;   /* evaluating it clobbers r1 to r27 */
    uint32_t demand; /* registers that its evaluation needs (Sethi and Ullman's number) */
};

const struct tree *tree_constant(struct arena *arena, uint32_t word);
const struct tree *tree_register(struct arena *arena, uint8_t reg);
const struct tree *tree_symbol(struct arena *arena, uint32_t symbol);
const struct tree *tree_of_address(struct arena *arena, struct tree_address address);
const struct tree *tree_load(struct arena *arena, struct tree_address address);
const struct tree *tree_word(struct arena *arena, enum vamp_op op, const struct tree *left,
                             const struct tree *right);
const struct tree *tree_scale(struct arena *arena, const struct tree *left, uint32_t factor);
const struct tree *tree_routine(struct arena *arena, uint32_t symbol, const struct tree *left,
                                const struct tree *right);
const struct tree *tree_not(struct arena *arena, const struct tree *left);
const struct tree *tree_lazy(struct arena *arena, enum tree_kind kind, const struct tree *left,
                             const struct tree *right);

static inline bool tree_is_constant(const struct tree *tree, uint32_t word)
{
    return tree->kind == TREE_CONSTANT && tree->word == word;
}

/* Its value is in a register already: r0, r28, r29. */
static inline bool tree_is_free(const struct tree *tree)
{
    return tree->kind == TREE_REGISTER || tree_is_constant(tree, 0);
}

/* A word that a sign-extended field of 16 bits can hold. */
static inline bool tree_fits_16(uint32_t word)
{
    return word + 0x8000 < 0x10000;
}

/* The operation with an immediate in place of the right operand, and that immediate; false if
 * there is none or `word` does not fit it. */
bool tree_immediate(enum vamp_op op, uint32_t word, enum vamp_op *immediate_op,
                    uint32_t *immediate);

/* The digits of a factor, -1, 0 or 1 for each power of 2, no two neighbours both nonzero; gives
 * how many are nonzero. */
unsigned tree_factor_digits(uint32_t factor, int8_t digits[32]);

#endif
