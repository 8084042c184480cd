/* Inside the smt room: the node store behind term.h and the helpers that its files share. */
#ifndef SMT_STORE_H
#define SMT_STORE_H

#include "base/require.h"
#include "smt/term.h"

/* What is known of a word's value whatever the variables are: an interval of its unsigned reading,
 * one of its signed reading, and the bits that may be 1. */
struct bounds {
    uint64_t low, high;
    int64_t signed_low, signed_high;
    uint64_t ones;
};

/* Never changed after `term_intern` has made it, but for `negation`. The array of nodes may move;
 * a node read before that stays readable, because the arena frees nothing. */
struct node {
    uint8_t kind; /* enum term_kind */
    uint8_t sort_kind;
    uint8_t width_bits; /* of a word, else 0 */
    uint8_t low;        /* EXTRACT: its lower bound */
    uint32_t count;     /* arguments; SUM: atoms */
    const term *arguments;
    const uint64_t *coefficients; /* SUM */
    uint64_t word;                /* CONSTANT: value; SUM: constant; VARIABLE, APPLY: symbol */
    struct bounds bounds;
    uint16_t layers; /* of operations on top of each other that act on bits or sums (width.c) */
    uint32_t hash;
    term self;
    term negation; /* of a Boolean, once asked for */
    term base;     /* of a 32-bit word, once used as an address: without its constant */
};

struct symbol {
    const char *name;
    bool is_function;
    struct sort sort;
    size_t count; /* parameters */
    const struct sort *parameters;
    term variable;
};

/* A remembered result: operation and operands -> term. A newer entry overwrites an older one. */
struct remembered {
    uint32_t operation;
    term a, b;
    term result;
};

enum { REMEMBERED_COUNT = 1 << 14 };

struct scratch_block;

struct terms {
    struct arena *arena;
    struct node *nodes; /* by id; 0 is no term */
    size_t count, capacity;
    uint32_t *table; /* ids, open addressing */
    size_t table_size;
    struct symbol *symbols;
    size_t symbol_count, symbol_capacity;
    uint32_t *symbol_table;
    size_t symbol_table_size;
    uint64_t fresh_count, bounded_count;
    struct remembered *remembered;
    struct scratch_block *scratch;
    unsigned depth; /* of rules that call constructors on parts: see term_deeper */
};

static inline const struct node *node_of(const struct terms *terms, term t)
{
    require(t.id != 0 && t.id < terms->count, "not a term of this store");
    return &terms->nodes[t.id];
}
static inline unsigned width_of(const struct terms *terms, term t)
{
    return node_of(terms, t)->width_bits;
}
static inline enum term_kind kind_of(const struct terms *terms, term t)
{
    return (enum term_kind)node_of(terms, t)->kind;
}
static inline term argument_of(const struct terms *terms, term t, size_t i)
{
    return node_of(terms, t)->arguments[i];
}

/* The low `width_bits` bits set; width 1 to 64. */
static inline uint64_t mask_of(unsigned width_bits)
{
    return UINT64_MAX >> (64 - width_bits);
}
static inline int64_t signed_of(uint64_t value, unsigned width_bits)
{
    unsigned shift = 64 - width_bits;
    return (int64_t)(value << shift) >> shift;
}

static inline struct sort sort_bool(void)
{
    return (struct sort){SORT_BOOL, 0};
}
static inline struct sort sort_word(unsigned width_bits)
{
    return (struct sort){SORT_WORD, (uint8_t)width_bits};
}
static inline struct sort sort_memory(void)
{
    return (struct sort){SORT_MEMORY, 0};
}

/* The node with these parts, as they are: simplification has happened. */
term term_intern(struct terms *terms, enum term_kind kind, struct sort sort, const term *arguments,
                 size_t count);
term term_intern_extract(struct terms *terms, term a, unsigned high, unsigned low);
term term_intern_sum(struct terms *terms, unsigned width_bits, uint64_t constant,
                     const uint64_t *coefficients, const term *atoms, size_t count);

/* A new variable of which it is taken for granted that its values keep to the bounds: for
 * questions that assume as much, never for the outside. */
term term_bounded(struct terms *terms, unsigned width_bits, struct bounds bounds);

/* Temporary memory, released in the order opposite to taking it. */
struct scratch_mark {
    struct scratch_block *block;
    size_t used_bytes;
};
struct scratch_mark scratch_mark(struct terms *terms);
void *scratch_take(struct terms *terms, size_t size_bytes);
void scratch_release(struct terms *terms, struct scratch_mark mark);

/* Results of rules that would otherwise walk shared parts again and again. */
enum operation {
    OPERATION_NONE,
    OPERATION_SELECT,
    OPERATION_STORE,
    OPERATION_EQ,
    OPERATION_EXTRACT,
    OPERATION_ZEXT,
    OPERATION_SEXT,
    OPERATION_AGREE,
};
term remembered_get(const struct terms *terms, uint32_t operation, term a, term b);
void remembered_put(struct terms *terms, uint32_t operation, term a, term b, term result);

/* Rules that build terms from parts of parts stop at this depth and leave the node as it is. */
enum { DEPTH_MAX = 48 };

/* What a new node's value can be (bounds.c). */
struct bounds bounds_of_node(const struct terms *terms, const struct node *node);
/* More is known; `settle` lets each reading narrow the others. */
void bounds_narrow_unsigned(struct bounds *bounds, uint64_t low, uint64_t high);
void bounds_narrow_signed(struct bounds *bounds, int64_t low, int64_t high);
void bounds_settle(struct bounds *bounds, unsigned width_bits);
static inline const struct bounds *bounds_of(const struct terms *terms, term t)
{
    return &node_of(terms, t)->bounds;
}

/* Sums (linear.c). No scratch is needed: the view lives as long as the store. */
struct linear linear_of(const struct terms *terms, term t);
/* p * a + q * b + constant, all of one width */
term linear_combine(struct terms *terms, unsigned width_bits, uint64_t p, struct linear a,
                    uint64_t q, struct linear b, uint64_t constant);
term linear_scale(struct terms *terms, unsigned width_bits, uint64_t p, struct linear a,
                  uint64_t constant);

/* A word with exactly two possible values, decided by one condition: constant + coefficient *
 * ite(condition, 1, 0) (choice.c). */
struct choice {
    term condition;
    uint64_t then, otherwise;
};
bool choice_of(const struct terms *terms, term t, struct choice *choice);
term choice_make(struct terms *terms, term condition, uint64_t then, uint64_t otherwise,
                 unsigned width_bits);
/* `t` where `condition` has the value `holds`: parts that it decides are decided. */
term word_under(struct terms *terms, term t, term condition, bool holds);
/* ite(condition, 1, 0) and 1 - ite(condition, 1, 0) as conditions; 0 and 1 too. */
bool word_as_bool(struct terms *terms, term t, term *condition);

/* Of two complementary Booleans one is the positive one; `is_negative` is flipped if `t` is not. */
term bool_positive(struct terms *terms, term t, bool *is_negative);
/* The Boolean of two conditions whose value in case (a, b) is bit a + 2 * b of `cases`. */
term bool_of_cases(struct terms *terms, term a, term b, unsigned cases);
term bool_eq(struct terms *terms, term a, term b);
term bool_ite(struct terms *terms, term condition, term then, term otherwise);
term memory_eq(struct terms *terms, term a, term b);
term word_eq(struct terms *terms, term a, term b);

/* A sum of multiples of 2^low divided by it, right in its low width - low bits (width.c). */
term sum_shifted_down(struct terms *terms, struct linear sum, unsigned width_bits, unsigned low);

/* Of s and ~s = -1 - s one is negative (bits.c). */
bool sum_is_negative(const struct terms *terms, term t);

/* The parts of a sum share no bit, so that it is as good as an `or`; one part of it (width.c). */
bool sum_is_disjoint(const struct terms *terms, term t);
term monomial_of(struct terms *terms, term t, size_t i);

/* The node of these parts, simplified, with other arguments (substitute.c). */
term term_rebuild(struct terms *terms, const struct node *node, const term *arguments);

/* term_substitute for any terms, not variables alone: each `from[i]` in `t` is taken for `to[i]`,
 * and what it is made of does not matter. */
term term_replace(struct terms *terms, term t, const term *from, const term *to, size_t count);

/* Every term reachable from the roots once, arguments before what they are part of: the ids in
 * their order. Released by the caller. */
struct reach {
    term *at;
    size_t count;
};
struct reach reach_of(const struct terms *terms, const term *roots, size_t count);
void reach_free(struct reach *reach);

/* The term is a product, quotient or remainder that the solver is given as a function first. */
static inline bool is_hard_arithmetic(const struct terms *terms, term t)
{
    enum term_kind kind = kind_of(terms, t);
    return kind == TERM_MUL || kind == TERM_UDIV || kind == TERM_UREM;
}

/* The address without its constant, and the constant. */
term address_base(struct terms *terms, term address, uint32_t *offset);

#endif
