/* The meaning of C0 expressions and of the statements without control, written once (rules.c)
 * over a small domain of operations. A domain is a reading: the C0 machine computes words, its
 * fast machine records code, the validator builds terms. No reading repeats a rule. */
#ifndef SEMANTICS_C0_RULES_H
#define SEMANTICS_C0_RULES_H

#include "semantics/c0/program.h"

/* A 32-bit word of the domain: the word itself, a register number, a term. */
struct c0_value {
    uint64_t bits;
};

/* A place of the domain: an object (or part of one) in memory. Its fields are the domain's. */
struct c0_place {
    const struct c0_variable *variable; /* the root; NULL when reached through a pointer */
    uint64_t base, offset;
};

/* Operations on words. Comparisons give 1 or 0. Division is unsigned or signed truncating; shift
 * amounts are below 32 and divisors are not 0 (the rules assert that first). */
enum c0_word_op {
    C0_WORD_ADD,
    C0_WORD_SUB,
    C0_WORD_MUL,
    C0_WORD_UDIV,
    C0_WORD_UREM,
    C0_WORD_SDIV,
    C0_WORD_SREM,
    C0_WORD_AND,
    C0_WORD_OR,
    C0_WORD_XOR,
    C0_WORD_SHL,
    C0_WORD_LSHR,
    C0_WORD_ASHR,
    C0_WORD_EQ,
    C0_WORD_NE,
    C0_WORD_ULT,
    C0_WORD_ULE,
    C0_WORD_SLT,
    C0_WORD_SLE,
    C0_WORD_SEXT8, /* the low 8 bits, sign-extended; the second operand is ignored */
};

/* The rules that a running program can break. */
enum c0_rule {
    C0_RULE_NULL_DEREFERENCE,
    C0_RULE_INDEX_BOUNDS,
    C0_RULE_DIVISION, /* zero divisor, or INT_MIN / -1 and INT_MIN % -1 */
    C0_RULE_SHIFT_AMOUNT,
    C0_RULE_UNINITIALISED,
    C0_RULE_STACK_EXHAUSTED,
    C0_RULE_ASM_ADDRESS,   /* a block's access is misaligned, or not where it may go */
    C0_RULE_ASM_TYPE,      /* a block stores a word that is no value of the cell's type */
    C0_RULE_ASM_INTERRUPT, /* a block's instruction raises an interrupt */
    C0_RULE_PRECONDITION,  /* a call of an external function is outside its precondition */
};

/* "null-dereference", "index-bounds", ... as the JSON output spells them. */
const char *c0_rule_name(enum c0_rule rule);

struct c0_domain {
    struct c0_value (*constant)(void *self, uint32_t word);
    struct c0_value (*size_of)(void *self, const struct c0_type *type);
    struct c0_value (*word)(void *self, enum c0_word_op op, struct c0_value left,
                            struct c0_value right);
    /* The run goes on only if `condition` is not 0; else it faults with `rule` at `where`. After
     * a fault the domain's operations still answer, and nothing they do counts. */
    void (*require)(void *self, struct c0_value condition, enum c0_rule rule,
                    struct location where);
    /* && and ||: the right operand is evaluated between begin and end iff `left` does not decide.
     * begin answers whether the reading wants the right operand evaluated at all; if it answers
     * false, end gets `left` again as `right`. */
    bool (*lazy_begin)(void *self, bool is_and, struct c0_value left);
    struct c0_value (*lazy_end)(void *self, bool is_and, struct c0_value left,
                                struct c0_value right);

    struct c0_place (*variable)(void *self, const struct c0_variable *variable);
    struct c0_place (*object)(void *self, struct c0_value pointer, const struct c0_type *type);
    struct c0_place (*field)(void *self, struct c0_place base, const struct c0_field *field,
                             const struct c0_type *record);
    struct c0_place (*element)(void *self, struct c0_place base, struct c0_value index,
                               const struct c0_type *array);
    struct c0_value (*address)(void *self, struct c0_place place);
    /* One cell of elementary `type`. A load faults on an uninitialised cell. */
    struct c0_value (*load)(void *self, struct c0_place place, const struct c0_type *type,
                            struct location where);
    void (*store)(void *self, struct c0_place place, const struct c0_type *type,
                  struct c0_value value);
    /* A struct's or array's cells, marks included, one by one in ascending order. */
    void (*copy)(void *self, struct c0_place to, struct c0_place from, const struct c0_type *type);
};

/* The value of an expression of elementary type. */
struct c0_value c0_rule_value(const struct c0_domain *domain, void *self,
                              const struct c0_expr *expr);
/* The place that a place expression denotes. */
struct c0_place c0_rule_place(const struct c0_domain *domain, void *self,
                              const struct c0_expr *expr);
/* place = value; for every assignable type. The value is evaluated before the place. */
void c0_rule_assign(const struct c0_domain *domain, void *self, const struct c0_stmt *stmt);

#endif
