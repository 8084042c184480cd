#include "validator/check/contract_state.h"

#include "base/require.h"
#include "validator/check/contract_law.h"

static struct sort word_sort(void)
{
    return (struct sort){SORT_WORD, 32};
}

const struct image_symbol *contract_code(const struct subject *subject,
                                         const struct contract *contract)
{
    const struct image_symbol *symbol = image_symbol(subject->image, contract->symbol, NULL);
    bool has_code =
        symbol != NULL && symbol->kind == IMAGE_SYMBOL_FUNCTION && symbol->size_bytes != 0;
    return has_code ? symbol : NULL;
}

void contract_assume(struct arena *arena, struct terms *terms, struct contract_start *start,
                     term condition)
{
    if (!term_is_true(terms, condition))
        ARRAY_PUSH(arena, &start->assumptions, condition);
}

static void unknown_machine(struct terms *terms, const struct target *target,
                            struct machine_state *machine)
{
    *machine = (struct machine_state){0};
    for (unsigned i = 0; i < target->register_count; i++)
        machine->registers[i] = (int)i == target->zero_register
                                    ? term_word(terms, 0, 32)
                                    : machine_junk(terms, target->register_name(i), 0, word_sort());
    machine->memory = term_variable(terms, "@memory", (struct sort){SORT_MEMORY, 0});
}

/* What holds of the entry's symbols: the contract's precondition, and a frame that is aligned and
 * lies in the stack. */
static void assume_entry(struct arena *arena, struct terms *terms, const struct subject *subject,
                         const struct contract *contract, uint32_t frame_bytes,
                         struct contract_start *start)
{
    term arguments[2] = {contract_argument(terms, 0), contract_argument(terms, 1)};
    bool grows_up = subject->target->frame_grows_up;
    uint32_t low = subject->stack.start + (grows_up ? 0 : frame_bytes);
    uint32_t high = subject->stack.end - (grows_up ? frame_bytes : 0);
    term frame = symbol_frame(terms);
    contract_assume(arena, terms, start, contract_applies(terms, contract, arguments));
    contract_assume(arena, terms, start,
                    term_eq(terms, term_extract(terms, frame, 1, 0), term_word(terms, 0, 2)));
    contract_assume(arena, terms, start, term_ule(terms, term_word(terms, low, 32), frame));
    contract_assume(arena, terms, start, term_ule(terms, frame, term_word(terms, high, 32)));
}

void contract_entry(struct arena *arena, struct terms *terms, const struct subject *subject,
                    const struct contract *contract, const struct image_symbol *code,
                    uint32_t frame_bytes, struct contract_start *start)
{
    const struct target *target = subject->target;
    *start = (struct contract_start){.point = {code->address, code->address + 4}};
    struct machine_state *machine = &start->machine;
    unknown_machine(terms, target, machine);
    assume_entry(arena, terms, subject, contract, frame_bytes, start);
    machine->registers[target->frame_register] = symbol_frame(terms);
    machine->registers[target->return_register] = symbol_return(terms);
    for (size_t i = 0; i < target->base_count; i++)
        machine->registers[target->bases[i].number] = term_word(terms, subject->base_values[i], 32);
    for (size_t i = 0; i < target->preserved_count; i++)
        machine->registers[target->preserved[i]] =
            symbol_preserved(terms, target, target->preserved[i]);
    for (unsigned i = 0; i < contract->parameter_count; i++) {
        struct parameter_place place = target->parameter(i);
        if (place.in_register)
            machine->registers[place.number] = contract_argument(terms, i);
        else
            machine_slot_set(arena, machine, place.frame_offset, contract_argument(terms, i));
    }
}

static bool place_is_sound(const struct target *target, const struct contract_relation *relation,
                           struct place place)
{
    if (place.kind == PLACE_REGISTER)
        return (int)place.number != target->zero_register;
    int64_t offset = place.offset, size_bytes = relation->frame_bytes;
    return offset % 4 == 0 && (target->frame_grows_up ? offset >= 0 && offset + 4 <= size_bytes
                                                      : -offset <= size_bytes);
}

static bool word_is_sound(const struct target *target, const struct contract_relation *relation,
                          const struct contract_word *word)
{
    if (contract_word_is_operation(word->kind))
        return word_is_sound(target, relation, word->left) &&
               word_is_sound(target, relation, word->right);
    return word->kind != CONTRACT_WORD_PLACE || place_is_sound(target, relation, word->place);
}

static bool condition_is_sound(const struct target *target,
                               const struct contract_relation *relation,
                               const struct contract_condition *condition)
{
    return word_is_sound(target, relation, condition->left) &&
           word_is_sound(target, relation, condition->right);
}

static bool law_is_sound(const struct target *target, const struct contract_relation *relation,
                         const struct contract_law *law)
{
    return word_is_sound(target, relation, law->whole) &&
           (law->half == NULL || word_is_sound(target, relation, law->half)) &&
           (law->bit == NULL || word_is_sound(target, relation, law->bit));
}

static bool cut_is_sound(const struct target *target, const struct contract_relation *relation,
                         const struct contract_cut *cut)
{
    for (size_t i = 0; i < cut->equalities.count; i++)
        if (!place_is_sound(target, relation, cut->equalities.at[i].place))
            return false;
    for (size_t i = 0; i < cut->invariants.count; i++)
        if (!condition_is_sound(target, relation, &cut->invariants.at[i]))
            return false;
    for (size_t i = 0; i < cut->lemmas.count; i++)
        if (!condition_is_sound(target, relation, &cut->lemmas.at[i].condition) ||
            (cut->lemmas.at[i].is_by_cases &&
             !place_is_sound(target, relation, cut->lemmas.at[i].place)))
            return false;
    for (size_t i = 0; i < cut->laws.count; i++)
        if (!law_is_sound(target, relation, &cut->laws.at[i]))
            return false;
    return cut->measure == NULL || word_is_sound(target, relation, cut->measure);
}

bool contract_relation_is_sound(const struct target *target,
                                const struct contract_relation *relation, struct fault *fault)
{
    static const char message[] = "names a place that is no word of the routine's own";
    for (size_t i = 0; i < relation->laws.count; i++)
        if (!law_is_sound(target, relation, &relation->laws.at[i]))
            return fault_at(fault, (struct location){0}, "certificate: the entry %s", message);
    for (size_t i = 0; i < relation->cuts.count; i++)
        if (!cut_is_sound(target, relation, &relation->cuts.at[i]))
            return fault_at(fault, (struct location){0}, "certificate: cut %zu %s", i + 1, message);
    return true;
}

static void place_set(struct contract_reader *reader, struct machine_state *machine,
                      struct place place, term value)
{
    if (place.kind == PLACE_REGISTER)
        machine->registers[place.number] = value;
    else
        machine_slot_set(reader->arena, machine, place.offset, value);
}

/* A place that an invariant equates to a word may as well hold that word: most of what is to be
 * shown then needs no solver. */
static void substitute_invariants(struct contract_reader *reader, const struct contract_cut *cut,
                                  struct machine_state *machine)
{
    term *values = ARENA_ARRAY(reader->arena, term, cut->invariants.count);
    for (size_t i = 0; i < cut->invariants.count; i++)
        values[i] = contract_word_read(reader, machine, cut->invariants.at[i].right);
    for (size_t i = 0; i < cut->invariants.count; i++) {
        const struct contract_condition *invariant = &cut->invariants.at[i];
        if (invariant->comparison == CONTRACT_EQ && invariant->left->kind == CONTRACT_WORD_PLACE)
            place_set(reader, machine, invariant->left->place, values[i]);
    }
}

void contract_cut_start(struct contract_reader *reader, const struct subject *subject,
                        const struct contract *contract, const struct contract_relation *relation,
                        size_t number, struct contract_start *start)
{
    const struct contract_cut *cut = &relation->cuts.at[number];
    *start = (struct contract_start){.point = cut->point};
    struct machine_state *machine = &start->machine;
    unknown_machine(reader->terms, subject->target, machine);
    assume_entry(reader->arena, reader->terms, subject, contract, relation->frame_bytes, start);
    for (size_t i = 0; i < cut->equalities.count; i++)
        place_set(reader, machine, cut->equalities.at[i].place,
                  contract_word_read(reader, machine, cut->equalities.at[i].value));
    for (size_t i = 0; i < cut->invariants.count; i++)
        contract_assume(reader->arena, reader->terms, start,
                        contract_condition_read(reader, machine, &cut->invariants.at[i]));
    substitute_invariants(reader, cut, machine);
}

term contract_law_premise(struct contract_reader *reader, const struct contract_law *law,
                          struct contract_start *start)
{
    if (law->whole->kind == CONTRACT_WORD_UREM)
        return term_true(reader->terms);
    const struct contract_word *operand =
        law->whole->kind == CONTRACT_WORD_MUL ? law->whole->right : law->whole->left;
    return law_premise(reader->terms, contract_word_read(reader, &start->machine, operand),
                       contract_word_read(reader, &start->machine, law->half),
                       contract_word_read(reader, &start->machine, law->bit));
}

void contract_law_assume(struct contract_reader *reader, const struct contract_law *law,
                         struct contract_start *start)
{
    struct terms *terms = reader->terms;
    term left = contract_word_read(reader, &start->machine, law->whole->left);
    term right = contract_word_read(reader, &start->machine, law->whole->right);
    if (law->whole->kind == CONTRACT_WORD_UREM) {
        contract_assume(reader->arena, terms, start, law_remainder(terms, left, right));
        return;
    }
    term half = contract_word_read(reader, &start->machine, law->half);
    term bit = contract_word_read(reader, &start->machine, law->bit);
    if (law->whole->kind == CONTRACT_WORD_MUL) {
        contract_assume(reader->arena, terms, start, law_product(terms, left, right, half, bit));
        return;
    }
    require(law->whole->kind == CONTRACT_WORD_UDIV, "no such law");
    term facts[LAW_QUOTIENT_FACTS];
    law_quotient(terms, left, right, half, bit, facts);
    for (size_t i = 0; i < LAW_QUOTIENT_FACTS; i++)
        contract_assume(reader->arena, terms, start, facts[i]);
}

bool contract_segment(struct arena *arena, struct terms *terms, const struct subject *subject,
                      const struct image_symbol *code, const struct contract_relation *relation,
                      const struct contract_start *start, struct machine_segment *segment,
                      struct fault *fault)
{
    struct point *points = ARENA_ARRAY(arena, struct point, relation->cuts.count);
    for (size_t i = 0; i < relation->cuts.count; i++)
        points[i] = relation->cuts.at[i].point;
    struct code_ends ends = {.points = points, .point_count = relation->cuts.count};
    struct relation frame = {.frame_bytes = relation->frame_bytes};
    struct machine_walk_input walk = {
        .subject = subject,
        .relation = &frame,
        .ends = &ends,
        .frame = symbol_frame(terms),
        .code_start = code->address,
        .code_end = code->address + code->size_bytes,
    };
    *segment = (struct machine_segment){0};
    return machine_walk(arena, terms, &walk, start->point, &start->machine, segment, fault);
}
