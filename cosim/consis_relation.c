/* One cut's relation, evaluated on the two states as they stand: what the validator proved of all
 * states holds of these. An equality that speaks of a local without a value says nothing: C0 gives
 * it any. */
#include "cosim/consis_pair.h"

#include "base/require.h"

struct evaluation {
    struct consis_pair *pair;
    const struct relation *relation;
    size_t frame;
};

static const struct consis_frame *frame_of(const struct evaluation *evaluation)
{
    return &evaluation->pair->frames.at[evaluation->frame];
}

static uint32_t gpr(const struct consis_pair *pair, unsigned number)
{
    return vamp_machine_state(pair->processor)->gpr[number];
}

/* --- Values --- */

/* A local, or a register of the function's asm blocks. */
static bool local_value(const struct evaluation *evaluation, uint32_t index, uint32_t *word)
{
    const struct consis_pair *pair = evaluation->pair;
    const struct c0_function *function = evaluation->relation->function;
    if (index >= function->variable_count) {
        *word = pair->world->processor.gpr[index - function->variable_count];
        return true;
    }
    if (!c0_steps_variable(pair->steps, evaluation->frame, index, 0, word))
        return false;
    *word = placing_word(pair, function->variables[index]->type, *word);
    return true;
}

static bool symbol_value(const struct evaluation *evaluation, struct symbol symbol, uint32_t *word)
{
    const struct consis_frame *frame = frame_of(evaluation);
    switch (symbol.kind) {
    case SYMBOL_LOCAL:
        return local_value(evaluation, symbol.index, word);
    case SYMBOL_FRAME:
        *word = frame->base;
        return true;
    case SYMBOL_RETURN:
        *word = frame->back;
        return true;
    case SYMBOL_PRESERVED:
        *word = frame->registers[symbol.index];
        return true;
    }
    require(false, "a symbol of a relation");
    return false;
}

static bool sum_value(const struct evaluation *evaluation, const struct equality *equality,
                      uint32_t *sum)
{
    *sum = equality->constant;
    for (size_t i = 0; i < equality->addend_count; i++) {
        uint32_t word = 0;
        if (!symbol_value(evaluation, equality->addends[i].symbol, &word))
            return false;
        *sum += equality->addends[i].coefficient * word;
    }
    return true;
}

static bool place_holds(const struct evaluation *evaluation, struct place place, uint32_t *word)
{
    switch (place.kind) {
    case PLACE_REGISTER:
        *word = gpr(evaluation->pair, place.number);
        return true;
    case PLACE_SLOT:
        *word =
            pair_memory_word(evaluation->pair, frame_of(evaluation)->base + (uint32_t)place.offset);
        return true;
    case PLACE_LOCAL:
        return local_value(evaluation, place.number, word);
    case PLACE_BLOCK:
        break;
    }
    require(false, "a place of one word");
    return false;
}

/* --- Equalities and bounds --- */

static bool differ(const struct evaluation *evaluation, const char *statement, uint32_t source,
                   uint32_t machine)
{
    return pair_differ_in(evaluation->pair, statement, source, machine,
                          "the relation '%s' of the cut does not hold", statement);
}

static const char *equality_text(const struct evaluation *evaluation,
                                 const struct equality *equality)
{
    struct text_builder text = {.arena = evaluation->pair->arena};
    equality_print(evaluation->pair->target, evaluation->relation->function, equality, &text);
    return text_built(&text);
}

static bool word_agrees(const struct evaluation *evaluation, const struct equality *equality)
{
    uint32_t source, machine;
    if (!sum_value(evaluation, equality, &source) ||
        !place_holds(evaluation, equality->place, &machine))
        return true;
    evaluation->pair->counts.values++;
    return source == machine ||
           differ(evaluation, equality_text(evaluation, equality), source, machine);
}

/* An aggregate at home: word by word, those that have a value. */
static bool block_agrees(const struct evaluation *evaluation, const struct equality *equality)
{
    struct consis_pair *pair = evaluation->pair;
    uint32_t index = equality->addends[0].symbol.index;
    const struct c0_type *type = evaluation->relation->function->variables[index]->type;
    uint32_t address = frame_of(evaluation)->base + (uint32_t)equality->place.offset;
    for (uint32_t cell = 0; cell < type->size_cells; cell++) {
        uint32_t source, machine = pair_memory_word(pair, address + 4 * cell);
        if (!c0_steps_variable(pair->steps, evaluation->frame, index, cell, &source))
            continue;
        source = placing_word(pair, placing_type(type, cell), source);
        pair->counts.values++;
        if (source != machine)
            return differ(evaluation, equality_text(evaluation, equality), source, machine);
    }
    return true;
}

static bool bound_agrees(const struct evaluation *evaluation, const struct bound *bound)
{
    uint32_t value;
    struct consis_pair *pair = evaluation->pair;
    if (!local_value(evaluation, bound->value, &value))
        return true;
    pair->counts.values++;
    if (((uint64_t)(value - bound->low) >> bound->bits) == 0)
        return true;
    struct text_builder text = {.arena = pair->arena};
    bound_print(pair->target, evaluation->relation->function, bound, &text);
    return differ(evaluation, text_built(&text), value, value);
}

bool pair_relation_agrees(struct consis_pair *pair, const struct cut *cut, size_t frame)
{
    const struct c0_function *function = c0_steps_function(pair->steps, frame);
    const struct evaluation evaluation = {
        pair, pair->certificates->functions[function->index].relation, frame};
    for (size_t i = 0; i < cut->equality_count; i++) {
        const struct equality *equality = &cut->equalities[i];
        if (!(equality->place.kind == PLACE_BLOCK ? block_agrees(&evaluation, equality)
                                                  : word_agrees(&evaluation, equality)))
            return false;
    }
    for (size_t i = 0; i < cut->bound_count; i++)
        if (!bound_agrees(&evaluation, &cut->bounds[i]))
            return false;
    return true;
}

const struct cut *pair_cut(const struct relation *relation, enum cut_kind kind, struct point point)
{
    for (size_t i = 1; relation != NULL && i < relation->cut_count; i++) {
        const struct cut *cut = &relation->cuts[i];
        if (cut->kind == kind && cut->point.pc == point.pc && cut->point.next == point.next)
            return cut;
    }
    return NULL;
}

/* --- What functions with asm blocks share with their code --- */

bool pair_specials_agree(struct consis_pair *pair)
{
    const struct vamp_state *source = &pair->world->processor;
    const struct vamp_state *machine = vamp_machine_state(pair->processor);
    for (unsigned i = 0; i < pair->target->special_count; i++) {
        const char *name = pair->target->special_name(i);
        if (name != NULL && !pair_expect(pair, name, source->spr[i], machine->spr[i]))
            return false;
    }
    return true;
}
