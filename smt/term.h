/* Terms: hash-consed, simplified as they are built, named by id. Equal ids mean equal values;
 * most of the validator's questions end here, because both machines build the same term.
 *
 * Sorts: Booleans, words of 1 to 64 bits, memories. A memory maps *aligned* 32-bit byte addresses
 * to 32-bit words; the two low bits of an address are ignored (Array (BitVec 30) (BitVec 32)).
 *
 * Normal form. Sums are linear: constant + coefficient * atom + ..., atoms ordered by id, modulo
 * 2^width; a product of non-constants is an atom with its factors ordered; shifts left by
 * constants and subtraction are such sums. Every constructor returns the normal form, never an
 * error: an ill-sorted call is a broken invariant (require.h). Division by zero has the value
 * SMT-LIB gives it.
 *
 * Every simplification is an equation valid in SMT-LIB's theories; the tests compare each with an
 * evaluator and with the solver. This file is trusted. */
#ifndef SMT_TERM_H
#define SMT_TERM_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 0 is no term: `term t = {0}; term_is_none(t)`. */
typedef struct term {
    uint32_t id;
} term;

enum sort_kind { SORT_BOOL, SORT_WORD, SORT_MEMORY };

struct sort {
    enum sort_kind kind;
    uint8_t width_bits; /* of a word */
};

enum term_kind {
    TERM_CONSTANT, /* word */
    TERM_TRUE,
    TERM_FALSE,
    TERM_VARIABLE,
    TERM_APPLY, /* uninterpreted function */
    TERM_ITE,   /* of any sort */
    TERM_NOT,
    TERM_AND, /* n-ary, ordered, flat */
    TERM_OR,
    TERM_EQ,  /* of any sort */
    TERM_SUM, /* linear: see term_linear */
    TERM_MUL, /* n-ary product of non-constants, ordered */
    TERM_UDIV,
    TERM_UREM,
    TERM_BITAND,
    TERM_BITOR,
    TERM_BITXOR,
    TERM_BITNOT,
    TERM_SHL,
    TERM_LSHR,
    TERM_ASHR,
    TERM_ULT,
    TERM_SLT,
    TERM_CONCAT,
    TERM_EXTRACT,
    TERM_ZEXT,
    TERM_SEXT,
    TERM_SELECT,
    TERM_STORE,
};

struct terms;

/* The store lives in `arena` and goes with it. */
struct terms *terms_new(struct arena *arena);
size_t terms_count(const struct terms *terms);

static inline bool term_is_none(term t)
{
    return t.id == 0;
}
static inline bool term_same(term a, term b)
{
    return a.id == b.id;
}

/* Leaves. A variable is its name and sort: asking twice gives the same term; one name with two
 * sorts is a broken invariant. `term_fresh` appends "!k" so that the name is new. */
term term_word(struct terms *terms, uint64_t value, unsigned width_bits);
term term_true(struct terms *terms);
term term_false(struct terms *terms);
term term_bool(struct terms *terms, bool value);
term term_variable(struct terms *terms, const char *name, struct sort sort);
term term_fresh(struct terms *terms, const char *prefix, struct sort sort);
/* An uninterpreted function of its arguments; a name has one signature. */
term term_apply(struct terms *terms, const char *name, struct sort sort, const term *arguments,
                size_t count);

/* Any sort */
term term_ite(struct terms *terms, term condition, term then, term otherwise);
term term_eq(struct terms *terms, term a, term b);
term term_ne(struct terms *terms, term a, term b);

/* Booleans */
term term_not(struct terms *terms, term a);
term term_and(struct terms *terms, term a, term b);
term term_or(struct terms *terms, term a, term b); /* (p and q) or (p and not q) is p */
term term_and_all(struct terms *terms, const term *list, size_t count);
term term_or_all(struct terms *terms, const term *list, size_t count);
term term_implies(struct terms *terms, term a, term b);

/* Words of equal width */
term term_add(struct terms *terms, term a, term b);
term term_sub(struct terms *terms, term a, term b);
term term_neg(struct terms *terms, term a);
term term_mul(struct terms *terms, term a, term b);
term term_udiv(struct terms *terms, term a, term b);
term term_urem(struct terms *terms, term a, term b);
term term_sdiv(struct terms *terms, term a, term b); /* rewritten to udiv by signs */
term term_srem(struct terms *terms, term a, term b); /* sign of the dividend; to urem by signs */
term term_bitand(struct terms *terms, term a, term b);
term term_bitor(struct terms *terms, term a, term b);
term term_bitxor(struct terms *terms, term a, term b);
term term_bitnot(struct terms *terms, term a);
term term_shl(struct terms *terms, term a, term amount); /* amounts >= width give 0 ... */
term term_lshr(struct terms *terms, term a, term amount);
term term_ashr(struct terms *terms, term a, term amount); /* ... or the sign */
term term_ult(struct terms *terms, term a, term b);
term term_ule(struct terms *terms, term a, term b);
term term_slt(struct terms *terms, term a, term b);
term term_sle(struct terms *terms, term a, term b);

/* Widths */
term term_concat(struct terms *terms, term high, term low);
term term_extract(struct terms *terms, term a, unsigned high, unsigned low);
term term_zext(struct terms *terms, term a, unsigned width_bits);
term term_sext(struct terms *terms, term a, unsigned width_bits);
/* 1 or 0 of that width, and back (not equal to 0). */
term term_of_bool(struct terms *terms, term condition, unsigned width_bits);
term term_truth(struct terms *terms, term word);

/* Memories: addresses are 32-bit byte addresses, aligned. */
term term_select(struct terms *terms, term memory, term address);
term term_store(struct terms *terms, term memory, term address, term word);

/* Questions */
struct sort term_sort(const struct terms *terms, term t);
enum term_kind term_kind(const struct terms *terms, term t);
size_t term_argument_count(const struct terms *terms, term t);
term term_argument(const struct terms *terms, term t, size_t i);
/* Of a VARIABLE or APPLY. */
const char *term_name(const struct terms *terms, term t);
bool term_is_constant(const struct terms *terms, term t, uint64_t *value);
bool term_is_true(const struct terms *terms, term t);
bool term_is_false(const struct terms *terms, term t);
/* EXTRACT: its bounds. */
unsigned term_extract_low(const struct terms *terms, term t);
unsigned term_extract_high(const struct terms *terms, term t);

/* Any word term as constant + sum of coefficient * atom. An atom alone is 0 + 1 * itself. */
struct linear {
    uint64_t constant;
    size_t count;
    const uint64_t *coefficients; /* never 0 */
    const term *atoms;            /* ordered by id */
};
struct linear term_linear(const struct terms *terms, term t, struct arena *scratch);

/* True if the word provably fits: an over-approximation [low, high] of its unsigned values. */
void term_range(const struct terms *terms, term t, uint64_t *low, uint64_t *high);

/* `t` with each variable `from[i]` replaced by `to[i]`, simplified anew. */
term term_substitute(struct terms *terms, term t, const term *from, const term *to, size_t count);
/* The same for terms of any kind, wherever they stand in `t`. */
term term_replace(struct terms *terms, term t, const term *from, const term *to, size_t count);

/* Visits every variable in `t` once, in the order of ids. */
void term_each_variable(const struct terms *terms, term t, void (*visit)(void *self, term v),
                        void *self);

#endif
