#include "validator/check/block.h"
#include "validator/propose/proposer.h"

#include <string.h>

/* ---- making equalities ---- */

static void add_equality(struct proposer *proposer, struct draft_cut *draft, struct place place,
                         uint32_t constant, const struct addend *addends, size_t count)
{
    struct equality equality = {.place = place, .constant = constant, .addend_count = count};
    if (count != 0) {
        struct addend *copy = ARENA_ARRAY(proposer->arena, struct addend, count);
        memcpy(copy, addends, count * sizeof *copy);
        equality.addends = copy;
    }
    ARRAY_PUSH(proposer->arena, &draft->equalities, equality);
}

static void add_symbol(struct proposer *proposer, struct draft_cut *draft, struct place place,
                       enum symbol_kind kind, uint32_t index, uint32_t constant)
{
    add_equality(proposer, draft, place, constant, &(struct addend){1, {kind, index}}, 1);
}

static bool is_word(const struct proposer *proposer, uint32_t variable)
{
    return block_value_is_word(proposer->input.function, variable);
}

static bool is_live_word(const struct proposer *proposer, const struct draft_cut *draft,
                         uint32_t variable)
{
    return is_word(proposer, variable) &&
           proposer_is_live(proposer, &draft->cut, variable);
}

/* ---- what a value is seen to be ---- */

/* A base register that holds its value does so by convention, whatever else is equal to it now. */
static bool add_base(struct proposer *proposer, struct draft_cut *draft, struct place place,
                     term value)
{
    const struct subject *subject = proposer->input.subject;
    uint64_t constant;
    for (size_t i = 0; i < subject->target->base_count; i++)
        if (place.kind == PLACE_REGISTER && place.number == subject->target->bases[i].number &&
            term_is_constant(proposer->terms, value, &constant) &&
            constant == subject->base_values[i]) {
            add_equality(proposer, draft, place, subject->base_values[i], NULL, 0);
            return true;
        }
    return false;
}

/* The frame base, the return address and entry values, as they stand in a place. */
static bool add_entry_symbol(struct proposer *proposer, struct draft_cut *draft,
                             struct place place, term value)
{
    struct terms *terms = proposer->terms;
    const struct target *target = proposer->input.subject->target;
    uint64_t constant;
    if (term_same(value, symbol_return(terms))) {
        add_symbol(proposer, draft, place, SYMBOL_RETURN, 0, 0);
        return true;
    }
    for (size_t i = 0; i < target->preserved_count; i++)
        if (term_same(value, symbol_preserved(terms, target, target->preserved[i]))) {
            add_symbol(proposer, draft, place, SYMBOL_PRESERVED, target->preserved[i], 0);
            return true;
        }
    if (term_is_constant(terms, term_sub(terms, value, symbol_frame(terms)), &constant)) {
        add_symbol(proposer, draft, place, SYMBOL_FRAME, 0, (uint32_t)constant);
        return true;
    }
    return false;
}

enum { ADDENDS_MAX = 4 };

/* A sum over the terms of live locals. */
static bool add_linear(struct proposer *proposer, struct draft_cut *draft, struct place place,
                       term value, const struct source_state *source)
{
    struct linear linear = term_linear(proposer->terms, value, proposer->arena);
    struct addend addends[ADDENDS_MAX];
    if (linear.count > ADDENDS_MAX)
        return false;
    for (size_t i = 0; i < linear.count; i++) {
        uint32_t v = 0, count = proposer_value_count(proposer);
        while (v < count && !(is_live_word(proposer, draft, v) &&
                              term_same(source->values[v], linear.atoms[i])))
            v++;
        if (v == count)
            return false;
        addends[i] = (struct addend){(uint32_t)linear.coefficients[i], {SYMBOL_LOCAL, v}};
    }
    add_equality(proposer, draft, place, (uint32_t)linear.constant, addends, linear.count);
    return true;
}

/* Everything that a place's value is seen to be equal to. */
static void add_value(struct proposer *proposer, struct draft_cut *draft, struct place place,
                      term value, const struct source_state *source)
{
    if (add_base(proposer, draft, place, value))
        return;
    bool is_explained = add_entry_symbol(proposer, draft, place, value);
    for (uint32_t i = 0; i < proposer_value_count(proposer); i++)
        if (is_live_word(proposer, draft, i) && term_same(value, source->values[i])) {
            add_symbol(proposer, draft, place, SYMBOL_LOCAL, i, 0);
            is_explained = true;
        }
    if (!is_explained)
        add_linear(proposer, draft, place, value, source);
}

static void add_places(struct proposer *proposer, struct draft_cut *draft,
                       const struct machine_arrival *machine, const struct source_state *source)
{
    const struct target *target = proposer->input.subject->target;
    for (unsigned i = 0; i < target->register_count; i++) {
        struct place place = {.kind = PLACE_REGISTER, .number = i};
        if ((int)i != target->zero_register && proposer_survives(proposer, machine, place))
            add_value(proposer, draft, place, machine->state.registers[i], source);
    }
    for (size_t i = 0; i < machine->state.slots.count; i++) {
        struct place place = {.kind = PLACE_SLOT, .offset = machine->state.slots.at[i].offset};
        if (proposer_survives(proposer, machine, place))
            add_value(proposer, draft, place, machine->state.slots.at[i].value, source);
    }
}

/* Candidates that pruning is left to look at. */
static void add_blocks(struct proposer *proposer, struct draft_cut *draft)
{
    for (size_t i = 0; i < proposer->relation.home_count; i++) {
        const struct home *home = &proposer->relation.homes[i];
        const struct c0_type *type = proposer->input.function->variables[home->variable]->type;
        struct place place = {
            .kind = PLACE_BLOCK,
            .offset = home->offset,
            .size_bytes = layout_size_bytes(proposer->input.subject, type),
        };
        if (proposer_is_live(proposer, &draft->cut, home->variable))
            add_symbol(proposer, draft, place, SYMBOL_LOCAL, home->variable, 0);
    }
}

/* ---- live locals that no place holds ---- */

static bool is_held(const struct draft_cut *draft, uint32_t variable)
{
    for (size_t i = 0; i < draft->equalities.count; i++) {
        const struct equality *equality = &draft->equalities.at[i];
        if (equality->place.kind == PLACE_LOCAL && equality->place.number == variable)
            return true;
        if (equality->place.kind != PLACE_LOCAL && equality->addend_count == 1 &&
            equality->addends[0].symbol.kind == SYMBOL_LOCAL &&
            equality->addends[0].symbol.index == variable)
            return true;
    }
    return false;
}

/* The source's value is a constant here, or another local's: the code need not keep it. */
static bool add_invariant(struct proposer *proposer, struct draft_cut *draft, uint32_t variable,
                          const struct source_state *source)
{
    struct place place = {.kind = PLACE_LOCAL, .number = variable};
    term value = source->values[variable];
    uint64_t constant;
    if (term_is_constant(proposer->terms, value, &constant)) {
        add_equality(proposer, draft, place, (uint32_t)constant, NULL, 0);
        return true;
    }
    for (uint32_t v = 0; v < proposer_value_count(proposer); v++)
        if (v != variable && is_live_word(proposer, draft, v) && is_held(draft, v) &&
            term_same(source->values[v], value)) {
            add_symbol(proposer, draft, place, SYMBOL_LOCAL, v, 0);
            return true;
        }
    return false;
}

static void add_if_equal(struct proposer *proposer, struct draft_cut *draft, struct place place,
                         term value, uint32_t variable, const struct machine_arrival *machine,
                         const struct source_state *source)
{
    if (proposer_survives(proposer, machine, place) &&
        proposer_equal(proposer, machine->guard, source->values[variable], value))
        add_symbol(proposer, draft, place, SYMBOL_LOCAL, variable, 0);
}

/* A place that held the same value in every sampled state is a candidate too. */
static void add_sampled(struct proposer *proposer, struct draft_cut *draft, uint32_t variable,
                        struct machine_arrival *machine, const struct source_state *source)
{
    const struct target *target = proposer->input.subject->target;
    for (size_t i = 0; i < machine->state.slots.count; i++) {
        struct place place = {.kind = PLACE_SLOT, .offset = machine->state.slots.at[i].offset};
        add_if_equal(proposer, draft, place, machine->state.slots.at[i].value, variable, machine,
                     source);
    }
    for (unsigned i = 0; i < target->register_count; i++) {
        struct place place = {.kind = PLACE_REGISTER, .number = i};
        if ((int)i != target->zero_register)
            add_if_equal(proposer, draft, place, machine->state.registers[i], variable, machine,
                         source);
    }
}

/* Where a block's accesses go has to be plain: a constant is stated even if the code keeps it. */
static void add_constants(struct proposer *proposer, struct draft_cut *draft,
                          const struct source_state *source)
{
    uint64_t constant;
    for (uint32_t v = 0; proposer->relation.has_blocks && v < proposer_value_count(proposer); v++)
        if (is_live_word(proposer, draft, v) && is_held(draft, v) &&
            term_is_constant(proposer->terms, source->values[v], &constant))
            add_equality(proposer, draft, (struct place){.kind = PLACE_LOCAL, .number = v},
                         (uint32_t)constant, NULL, 0);
}

static void add_missing(struct proposer *proposer, struct draft_cut *draft,
                        struct machine_arrival *machine, const struct source_state *source)
{
    for (uint32_t v = 0; v < proposer_value_count(proposer); v++)
        if (is_live_word(proposer, draft, v) && !is_held(draft, v) &&
            !add_invariant(proposer, draft, v, source))
            add_sampled(proposer, draft, v, machine, source);
}

static bool still_holds(struct proposer *proposer, const struct equality *equality,
                        struct machine_arrival *machine, const struct source_arrival *source)
{
    if (equality->place.kind == PLACE_BLOCK)
        return proposer_holds(proposer, machine->guard,
                              equality_holds(proposer->arena, proposer->terms,
                                             proposer->input.subject, &proposer->relation,
                                             equality, &source->state, &machine->state));
    term expected, found;
    equality_sides(proposer->arena, proposer->terms, proposer->input.subject,
                   &proposer->relation, equality, &source->state, &machine->state, &expected,
                   &found);
    return proposer_equal(proposer, machine->guard, expected, found);
}

/* In a function with blocks: what is plainly bounded when control first comes here. */
static void add_bounds(struct proposer *proposer, struct draft_cut *draft,
                       const struct source_state *source)
{
    const struct c0_function *function = proposer->input.function;
    for (uint32_t v = 0; proposer->relation.has_blocks && v < proposer_value_count(proposer); v++) {
        uint64_t low, high;
        if (!is_live_word(proposer, draft, v) ||
            (v < function->variable_count && !type_is_number(function->variables[v]->type)))
            continue;
        term_range(proposer->terms, source->values[v], &low, &high);
        unsigned bits = 1;
        while (bits < 32 && high - low >= (uint64_t)1 << bits)
            bits++;
        if (high != low && bits < 32 && low + ((uint64_t)1 << bits) <= (uint64_t)1 << 32)
            ARRAY_PUSH(proposer->arena, &draft->bounds, (struct bound){v, (uint32_t)low, bits});
    }
}

static void prune_bounds(struct proposer *proposer, struct draft_cut *draft,
                         const struct machine_arrival *machine, const struct source_state *source)
{
    size_t kept = 0;
    for (size_t i = 0; i < draft->bounds.count; i++) {
        struct bound bound = draft->bounds.at[i];
        if (proposer_holds(proposer, machine->guard,
                           bound_holds(proposer->terms, &bound, source)))
            draft->bounds.at[kept++] = bound;
    }
    draft->is_dirty = draft->is_dirty || kept != draft->bounds.count;
    draft->bounds.count = kept;
}

void candidates_prune(struct proposer *proposer, struct draft_cut *draft,
                      struct machine_arrival *machine, const struct source_arrival *source)
{
    size_t kept = 0;
    for (size_t i = 0; i < draft->equalities.count; i++) {
        struct equality equality = draft->equalities.at[i];
        if (proposer_survives(proposer, machine, equality.place) &&
            still_holds(proposer, &equality, machine, source))
            draft->equalities.at[kept++] = equality;
    }
    if (kept != draft->equalities.count)
        draft->is_dirty = true;
    draft->equalities.count = kept;
    prune_bounds(proposer, draft, machine, &source->state);
}

void candidates_add(struct proposer *proposer, struct draft_cut *draft,
                    struct machine_arrival *machine, const struct source_arrival *source)
{
    add_places(proposer, draft, machine, &source->state);
    add_blocks(proposer, draft);
    add_bounds(proposer, draft, &source->state);
    candidates_prune(proposer, draft, machine, source);
    add_constants(proposer, draft, &source->state);
    add_missing(proposer, draft, machine, &source->state);
}

/* ---- values that move in step ---- */

/* By how much a value moved since the walk began, if that is a constant other than 0. */
static bool moved_by(struct proposer *proposer, term before, term now, uint32_t *step)
{
    uint64_t constant;
    if (!term_is_constant(proposer->terms, term_sub(proposer->terms, now, before), &constant) ||
        constant == 0)
        return false;
    *step = (uint32_t)constant;
    return true;
}

/* place - factor * local, as it first was, is a constant or another local's value plus one. */
static bool add_offset(struct proposer *proposer, struct draft_cut *draft, struct place place,
                       term first, uint32_t factor, uint32_t variable)
{
    struct terms *terms = proposer->terms;
    const struct source_state *source = &draft->first_source;
    term rest = term_sub(terms, first,
                         term_mul(terms, term_word(terms, factor, 32),
                                  source->values[variable]));
    struct addend addends[2] = {{factor, {SYMBOL_LOCAL, variable}}};
    uint64_t constant;
    if (term_is_constant(terms, rest, &constant)) {
        add_equality(proposer, draft, place, (uint32_t)constant, addends, 1);
        return true;
    }
    for (uint32_t v = 0; v < proposer_value_count(proposer); v++) {
        if (!is_live_word(proposer, draft, v) || v == variable ||
            !term_is_constant(terms, term_sub(terms, rest, source->values[v]), &constant))
            continue;
        addends[1] = (struct addend){1, {SYMBOL_LOCAL, v}};
        add_equality(proposer, draft, place, (uint32_t)constant, addends, 2);
        return true;
    }
    return false;
}

static bool is_stated(const struct draft_cut *draft, struct place place)
{
    for (size_t i = 0; i < draft->equalities.count; i++)
        if (place_same(draft->equalities.at[i].place, place))
            return true;
    return false;
}

static bool fit_place(struct proposer *proposer, struct draft_cut *draft, struct place place,
                      term first, term before, term now, const struct source_arrival *source)
{
    const struct source_state *start = &proposer->segment.start.source.state;
    uint32_t step, local_step;
    if (is_stated(draft, place) || !moved_by(proposer, before, now, &step))
        return false;
    for (uint32_t v = 0; v < proposer_value_count(proposer); v++)
        if (is_live_word(proposer, draft, v) &&
            moved_by(proposer, start->values[v], source->state.values[v], &local_step) &&
            (int32_t)step % (int32_t)local_step == 0 && step != 0x80000000u &&
            add_offset(proposer, draft, place, first,
                       (uint32_t)((int32_t)step / (int32_t)local_step), v))
            return true;
    return false;
}

void candidates_fit(struct proposer *proposer, struct draft_cut *draft,
                    struct machine_arrival *machine, const struct source_arrival *source)
{
    const struct target *target = proposer->input.subject->target;
    struct machine_state *start = &proposer->segment.start.machine;
    bool is_fitted = false;
    for (unsigned i = 0; i < target->register_count; i++) {
        struct place place = {.kind = PLACE_REGISTER, .number = i};
        if ((int)i != target->zero_register)
            is_fitted |= fit_place(proposer, draft, place, draft->first_machine.registers[i],
                                   start->registers[i], machine->state.registers[i], source);
    }
    for (size_t i = 0; i < machine->state.slots.count; i++) {
        int32_t offset = machine->state.slots.at[i].offset;
        struct place place = {.kind = PLACE_SLOT, .offset = offset};
        term first = machine_slot(proposer->arena, proposer->terms, &draft->first_machine, offset);
        term before = machine_slot(proposer->arena, proposer->terms, start, offset);
        is_fitted |= fit_place(proposer, draft, place, first, before,
                               machine->state.slots.at[i].value, source);
    }
    draft->is_dirty = draft->is_dirty || is_fitted;
}
