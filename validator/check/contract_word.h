/* Words and conditions as a contract's certificate writes them (docs/CONTRACTS.md): over the
 * symbols of the routine's entry and the machine's places at a cut. Plain data; reading a word in a
 * machine state gives a term. All comparisons are unsigned. */
#ifndef VALIDATOR_CHECK_CONTRACT_WORD_H
#define VALIDATOR_CHECK_CONTRACT_WORD_H

#include "validator/check/cut_start.h"

enum contract_word_kind {
    CONTRACT_WORD_NUMBER,
    CONTRACT_WORD_ARGUMENT,  /* at entry: "@1" is the first */
    CONTRACT_WORD_FRAME,     /* "@frame": the frame base at entry */
    CONTRACT_WORD_RETURN,    /* "@return": the return address at entry */
    CONTRACT_WORD_PRESERVED, /* "@r16": a callee-saved register at entry */
    CONTRACT_WORD_PLACE,     /* "r3", "[8]": a register or a frame word now */
    CONTRACT_WORD_ADD,
    CONTRACT_WORD_SUB,
    CONTRACT_WORD_MUL,
    CONTRACT_WORD_UDIV,
    CONTRACT_WORD_UREM,
    CONTRACT_WORD_SHL,
    CONTRACT_WORD_LSHR,
    CONTRACT_WORD_AND,
    CONTRACT_WORD_OR,
    CONTRACT_WORD_XOR,
};

struct contract_word {
    enum contract_word_kind kind;
    uint32_t number; /* NUMBER: the value; ARGUMENT: counted from 0; PRESERVED: the register */
    struct place place;
    const struct contract_word *left, *right; /* of an operation */
};

enum contract_comparison { CONTRACT_EQ, CONTRACT_NE, CONTRACT_LT, CONTRACT_LE };

struct contract_condition {
    enum contract_comparison comparison;
    const struct contract_word *left, *right;
};

bool contract_word_is_operation(enum contract_word_kind kind);
/* "+", ">>", ...; of an operation */
const char *contract_word_operator(enum contract_word_kind kind);
const char *contract_comparison_name(enum contract_comparison comparison);
/* It reads no place: its value is known from the entry on. */
bool contract_word_is_constant(const struct contract_word *word);

const struct contract_word *contract_word_number(struct arena *arena, uint32_t number);
const struct contract_word *contract_word_argument(struct arena *arena, unsigned index);
const struct contract_word *contract_word_place(struct arena *arena, struct place place);
const struct contract_word *contract_word_operate(struct arena *arena, enum contract_word_kind kind,
                                                  const struct contract_word *left,
                                                  const struct contract_word *right);

/* An argument of the routine, as a term. */
term contract_argument(struct terms *terms, unsigned index);

/* Reads words in states. Shifts by an unknown amount, costly to look into, can be read as names of
 * their own: what holds whatever the names stand for holds of the shifts. */
struct contract_reader {
    struct arena *arena;
    struct terms *terms;
    const struct target *target;
    bool names_shifts;
    ARRAY(term) names;
    ARRAY(term) meanings; /* of the names, without names */
};

/* The value in a state (a slot not listed becomes known as unknown). */
term contract_word_read(struct contract_reader *reader, struct machine_state *state,
                        const struct contract_word *word);
term contract_place_read(struct contract_reader *reader, struct machine_state *state,
                         struct place place);
term contract_condition_read(struct contract_reader *reader, struct machine_state *state,
                             const struct contract_condition *condition);
/* `t` with the names replaced by what they stand for. */
term contract_unnamed(const struct contract_reader *reader, term t);

void contract_word_print(const struct target *target, const struct contract_word *word,
                         struct text_builder *out);
void contract_condition_print(const struct target *target,
                              const struct contract_condition *condition, struct text_builder *out);

#endif
