#include "validator/check/contract_word.h"

#include "base/require.h"

bool contract_word_is_operation(enum contract_word_kind kind)
{
    return kind >= CONTRACT_WORD_ADD;
}

const char *contract_word_operator(enum contract_word_kind kind)
{
    static const char *const operators[] = {
        [CONTRACT_WORD_ADD] = "+",   [CONTRACT_WORD_SUB] = "-",  [CONTRACT_WORD_MUL] = "*",
        [CONTRACT_WORD_UDIV] = "/",  [CONTRACT_WORD_UREM] = "%", [CONTRACT_WORD_SHL] = "<<",
        [CONTRACT_WORD_LSHR] = ">>", [CONTRACT_WORD_AND] = "&",  [CONTRACT_WORD_OR] = "|",
        [CONTRACT_WORD_XOR] = "^",
    };
    require(contract_word_is_operation(kind), "only operations have an operator");
    return operators[kind];
}

const char *contract_comparison_name(enum contract_comparison comparison)
{
    static const char *const names[] = {
        [CONTRACT_EQ] = "==", [CONTRACT_NE] = "!=", [CONTRACT_LT] = "<", [CONTRACT_LE] = "<="};
    return names[comparison];
}

bool contract_word_is_constant(const struct contract_word *word)
{
    if (contract_word_is_operation(word->kind))
        return contract_word_is_constant(word->left) && contract_word_is_constant(word->right);
    return word->kind != CONTRACT_WORD_PLACE;
}

/* ---- making ---- */

static const struct contract_word *made(struct arena *arena, struct contract_word word)
{
    struct contract_word *copy = ARENA_NEW(arena, struct contract_word);
    *copy = word;
    return copy;
}

const struct contract_word *contract_word_number(struct arena *arena, uint32_t number)
{
    return made(arena, (struct contract_word){.kind = CONTRACT_WORD_NUMBER, .number = number});
}

const struct contract_word *contract_word_argument(struct arena *arena, unsigned index)
{
    return made(arena, (struct contract_word){.kind = CONTRACT_WORD_ARGUMENT, .number = index});
}

const struct contract_word *contract_word_place(struct arena *arena, struct place place)
{
    return made(arena, (struct contract_word){.kind = CONTRACT_WORD_PLACE, .place = place});
}

const struct contract_word *contract_word_operate(struct arena *arena, enum contract_word_kind kind,
                                                  const struct contract_word *left,
                                                  const struct contract_word *right)
{
    require(contract_word_is_operation(kind), "an operation has two operands");
    return made(arena, (struct contract_word){.kind = kind, .left = left, .right = right});
}

/* ---- reading in a state ---- */

term contract_argument(struct terms *terms, unsigned index)
{
    char name[16];
    snprintf(name, sizeof name, "@%u", index + 1);
    return term_variable(terms, name, (struct sort){SORT_WORD, 32});
}

static term operate(struct terms *terms, enum contract_word_kind kind, term a, term b)
{
    switch (kind) {
    case CONTRACT_WORD_ADD:
        return term_add(terms, a, b);
    case CONTRACT_WORD_SUB:
        return term_sub(terms, a, b);
    case CONTRACT_WORD_MUL:
        return term_mul(terms, a, b);
    case CONTRACT_WORD_UDIV:
        return term_udiv(terms, a, b);
    case CONTRACT_WORD_UREM:
        return term_urem(terms, a, b);
    case CONTRACT_WORD_SHL:
        return term_shl(terms, a, b);
    case CONTRACT_WORD_LSHR:
        return term_lshr(terms, a, b);
    case CONTRACT_WORD_AND:
        return term_bitand(terms, a, b);
    case CONTRACT_WORD_OR:
        return term_bitor(terms, a, b);
    case CONTRACT_WORD_XOR:
        return term_bitxor(terms, a, b);
    case CONTRACT_WORD_NUMBER:
    case CONTRACT_WORD_ARGUMENT:
    case CONTRACT_WORD_FRAME:
    case CONTRACT_WORD_RETURN:
    case CONTRACT_WORD_PRESERVED:
    case CONTRACT_WORD_PLACE:
        break;
    }
    require(false, "not an operation");
    return (term){0};
}

term contract_unnamed(const struct contract_reader *reader, term t)
{
    return term_substitute(reader->terms, t, reader->names.at, reader->meanings.at,
                           reader->names.count);
}

/* One name for each meaning. */
static term shift_named(struct contract_reader *reader, term shift)
{
    enum term_kind kind = term_kind(reader->terms, shift);
    if (!reader->names_shifts || (kind != TERM_SHL && kind != TERM_LSHR))
        return shift;
    term meaning = contract_unnamed(reader, shift);
    for (size_t i = 0; i < reader->names.count; i++)
        if (term_same(reader->meanings.at[i], meaning))
            return reader->names.at[i];
    term name = term_fresh(reader->terms, "shift", (struct sort){SORT_WORD, 32});
    ARRAY_PUSH(reader->arena, &reader->names, name);
    ARRAY_PUSH(reader->arena, &reader->meanings, meaning);
    return name;
}

term contract_place_read(struct contract_reader *reader, struct machine_state *state,
                         struct place place)
{
    require(place.kind != PLACE_BLOCK, "a routine has no aggregates");
    return place.kind == PLACE_REGISTER
               ? state->registers[place.number]
               : machine_slot(reader->arena, reader->terms, state, place.offset);
}

term contract_word_read(struct contract_reader *reader, struct machine_state *state,
                        const struct contract_word *word)
{
    struct terms *terms = reader->terms;
    if (contract_word_is_operation(word->kind)) {
        term left = contract_word_read(reader, state, word->left);
        term right = contract_word_read(reader, state, word->right);
        return shift_named(reader, operate(terms, word->kind, left, right));
    }
    if (word->kind == CONTRACT_WORD_NUMBER)
        return term_word(terms, word->number, 32);
    if (word->kind == CONTRACT_WORD_ARGUMENT)
        return contract_argument(terms, word->number);
    if (word->kind == CONTRACT_WORD_FRAME)
        return symbol_frame(terms);
    if (word->kind == CONTRACT_WORD_RETURN)
        return symbol_return(terms);
    if (word->kind == CONTRACT_WORD_PRESERVED)
        return symbol_preserved(terms, reader->target, word->number);
    return contract_place_read(reader, state, word->place);
}

term contract_condition_read(struct contract_reader *reader, struct machine_state *state,
                             const struct contract_condition *condition)
{
    term left = contract_word_read(reader, state, condition->left);
    term right = contract_word_read(reader, state, condition->right);
    switch (condition->comparison) {
    case CONTRACT_EQ:
        return term_eq(reader->terms, left, right);
    case CONTRACT_NE:
        return term_ne(reader->terms, left, right);
    case CONTRACT_LT:
        return term_ult(reader->terms, left, right);
    case CONTRACT_LE:
        return term_ule(reader->terms, left, right);
    }
    require(false, "no such comparison");
    return (term){0};
}

/* ---- printing ---- */

static void number_print(uint32_t number, struct text_builder *out)
{
    text_append(out, number < 0x10000 ? "%lu" : "0x%08lx", (unsigned long)number);
}

static void atom_print(const struct target *target, const struct contract_word *word,
                       struct text_builder *out)
{
    bool is_nested = contract_word_is_operation(word->kind);
    text_append(out, is_nested ? "(" : "");
    contract_word_print(target, word, out);
    text_append(out, is_nested ? ")" : "");
}

void contract_word_print(const struct target *target, const struct contract_word *word,
                         struct text_builder *out)
{
    if (contract_word_is_operation(word->kind)) {
        atom_print(target, word->left, out);
        text_append(out, " %s ", contract_word_operator(word->kind));
        atom_print(target, word->right, out);
    } else if (word->kind == CONTRACT_WORD_NUMBER) {
        number_print(word->number, out);
    } else if (word->kind == CONTRACT_WORD_ARGUMENT) {
        text_append(out, "@%lu", (unsigned long)word->number + 1);
    } else if (word->kind == CONTRACT_WORD_PLACE) {
        place_print(target, word->place, out);
    } else if (word->kind == CONTRACT_WORD_PRESERVED) {
        text_append(out, "@%s", target->register_name(word->number));
    } else {
        text_append(out, word->kind == CONTRACT_WORD_FRAME ? "@frame" : "@return");
    }
}

void contract_condition_print(const struct target *target,
                              const struct contract_condition *condition, struct text_builder *out)
{
    contract_word_print(target, condition->left, out);
    text_append(out, " %s ", contract_comparison_name(condition->comparison));
    contract_word_print(target, condition->right, out);
}
