#include "validator/check/cut_start.h"

#include "base/require.h"
#include "validator/check/block.h"

static struct sort word_sort(void)
{
    return (struct sort){SORT_WORD, 32};
}

static struct sort memory_sort(void)
{
    return (struct sort){SORT_MEMORY, 0};
}

term symbol_frame(struct terms *terms)
{
    return term_variable(terms, "@frame", word_sort());
}

term symbol_return(struct terms *terms)
{
    return term_variable(terms, "@return", word_sort());
}

term symbol_preserved(struct terms *terms, const struct target *target, unsigned number)
{
    char name[32];
    snprintf(name, sizeof name, "@%s", target->register_name(number));
    return term_variable(terms, name, word_sort());
}

static term symbol_value(struct terms *terms, const struct target *target, struct symbol symbol,
                         const struct source_state *state)
{
    switch (symbol.kind) {
    case SYMBOL_LOCAL:
        return state->values[symbol.index];
    case SYMBOL_FRAME:
        return symbol_frame(terms);
    case SYMBOL_RETURN:
        return symbol_return(terms);
    case SYMBOL_PRESERVED:
        return symbol_preserved(terms, target, symbol.index);
    }
    require(false, "no such symbol");
    return (term){0};
}

term equality_value(struct terms *terms, const struct subject *subject,
                    const struct equality *equality, const struct source_state *state)
{
    if (equality->place.kind == PLACE_BLOCK)
        return state->values[equality->addends[0].symbol.index];
    term sum = term_word(terms, equality->constant, 32);
    for (size_t i = 0; i < equality->addend_count; i++) {
        const struct addend *addend = &equality->addends[i];
        term value = symbol_value(terms, subject->target, addend->symbol, state);
        sum = term_add(terms, sum,
                       term_mul(terms, term_word(terms, addend->coefficient, 32), value));
    }
    return sum;
}

static bool find_home(const struct relation *relation, int32_t offset, size_t *home)
{
    for (size_t i = 0; i < relation->home_count; i++)
        if (relation->homes[i].offset == offset) {
            *home = i;
            return true;
        }
    return false;
}

term place_value(struct arena *arena, struct terms *terms, const struct relation *relation,
                 struct machine_state *state, struct place place)
{
    switch (place.kind) {
    case PLACE_REGISTER:
        return state->registers[place.number];
    case PLACE_SLOT:
        return machine_slot(arena, terms, state, place.offset);
    case PLACE_BLOCK: {
        size_t home = 0;
        require(find_home(relation, place.offset, &home), "a block that is no home");
        return state->blocks[home];
    }
    case PLACE_LOCAL:
        break;
    }
    require(false, "no such place");
    return (term){0};
}

enum { WORDWISE_BYTES_MAX = 256 };

void equality_sides(struct arena *arena, struct terms *terms, const struct subject *subject,
                    const struct relation *relation, const struct equality *equality,
                    const struct source_state *source, struct machine_state *machine,
                    term *expected, term *found)
{
    *expected = equality_value(terms, subject, equality, source);
    *found = equality->place.kind == PLACE_LOCAL
                 ? source->values[equality->place.number]
                 : place_value(arena, terms, relation, machine, equality->place);
}

term equality_holds(struct arena *arena, struct terms *terms, const struct subject *subject,
                    const struct relation *relation, const struct equality *equality,
                    const struct source_state *source, struct machine_state *machine)
{
    term expected, found;
    equality_sides(arena, terms, subject, relation, equality, source, machine, &expected, &found);
    if (term_same(expected, found) || equality->place.kind != PLACE_BLOCK ||
        equality->place.size_bytes > WORDWISE_BYTES_MAX)
        return term_eq(terms, expected, found);
    term all = term_true(terms);
    for (uint32_t offset = 0; offset < equality->place.size_bytes; offset += 4) {
        term at = term_word(terms, offset, 32);
        all = term_and(terms, all,
                       term_eq(terms, term_select(terms, expected, at),
                               term_select(terms, found, at)));
    }
    return all;
}

term bound_holds(struct terms *terms, const struct bound *bound, const struct source_state *source)
{
    term distance = term_sub(terms, source->values[bound->value], term_word(terms, bound->low, 32));
    return term_ult(terms, distance, term_word(terms, (uint32_t)1 << bound->bits, 32));
}

struct builder {
    struct arena *arena;
    struct terms *terms;
    const struct subject *subject;
    const struct relation *relation;
    struct cut_start *start;
    struct fault *fault;
    bool is_set[TARGET_REGISTERS_MAX]; /* registers that an equality has given a value */
};

static void assume(struct builder *builder, term condition)
{
    if (!term_is_true(builder->terms, condition))
        ARRAY_PUSH(builder->arena, &builder->start->assumptions, condition);
}

static void build_source(struct builder *builder)
{
    const struct c0_function *function = builder->relation->function;
    struct source_state *state = &builder->start->source.state;
    const struct target *target = builder->subject->target;
    uint32_t count = block_value_count(target, function, builder->relation->has_blocks);
    state->values = ARENA_ARRAY(builder->arena, term, count);
    state->memory = term_variable(builder->terms, "@memory", memory_sort());
    for (uint32_t i = 0; i < function->variable_count; i++) {
        const struct c0_variable *variable = function->variables[i];
        bool is_word = c0_type_is_elementary(variable->type);
        state->values[i] = term_variable(builder->terms, variable->name,
                                         is_word ? word_sort() : memory_sort());
    }
    for (uint32_t i = function->variable_count; i < count; i++)
        state->values[i] =
            block_start_value(builder->terms, target, i - function->variable_count);
}

/* Every local's value is one of its type; so where locals are known to be equal, their one term is
 * a value of all their types. */
static void assume_types(struct builder *builder)
{
    const struct c0_function *function = builder->relation->function;
    const term *values = builder->start->source.state.values;
    for (uint32_t i = 0; i < function->variable_count; i++)
        if (c0_type_is_elementary(function->variables[i]->type))
            assume(builder, typed_word(builder->subject, builder->terms, values[i],
                                       function->variables[i]->type));
}

/* The local that an equality says the place holds, and nothing more; or none. */
static bool plain_local(const struct equality *equality, uint32_t *variable)
{
    if (equality->place.kind == PLACE_BLOCK || equality->place.kind == PLACE_LOCAL ||
        equality->constant != 0 ||
        equality->addend_count != 1 || equality->addends[0].coefficient != 1 ||
        equality->addends[0].symbol.kind != SYMBOL_LOCAL)
        return false;
    *variable = equality->addends[0].symbol.index;
    return true;
}

static uint32_t named_count(const struct subject *subject, const struct relation *relation)
{
    return block_named_count(subject->target, relation->function, relation->has_blocks);
}

/* Two locals that stand in one place are equal: one term serves both. */
static void unite_locals(struct builder *builder, const struct cut *cut)
{
    term *values = builder->start->source.state.values;
    for (size_t i = 0; i < cut->equality_count; i++) {
        uint32_t first, second;
        if (!plain_local(&cut->equalities[i], &first))
            continue;
        for (size_t k = i + 1; k < cut->equality_count; k++) {
            if (!place_same(cut->equalities[i].place, cut->equalities[k].place) ||
                !plain_local(&cut->equalities[k], &second))
                continue;
            term kept = values[first], dropped = values[second];
            for (uint32_t v = 0; v < named_count(builder->subject, builder->relation); v++)
                if (term_same(values[v], dropped))
                    values[v] = kept;
        }
    }
}

/* The frame base is aligned and the function's own frame lies in the stack. */
static void assume_frame(struct builder *builder)
{
    struct terms *terms = builder->terms;
    struct region stack = builder->subject->stack;
    uint32_t need = builder->relation->frame_bytes;
    term frame = symbol_frame(terms);
    bool grows_up = builder->subject->target->frame_grows_up;
    uint32_t low = grows_up ? stack.start : stack.start + need;
    uint32_t high = grows_up ? stack.end - need : stack.end;
    assume(builder, term_eq(terms, term_extract(terms, frame, 1, 0), term_word(terms, 0, 2)));
    assume(builder, term_ule(terms, term_word(terms, low, 32), frame));
    assume(builder, term_ule(terms, frame, term_word(terms, high, 32)));
}

static void unknown_machine(struct builder *builder)
{
    const struct target *target = builder->subject->target;
    struct machine_state *machine = &builder->start->machine;
    for (unsigned i = 0; i < target->register_count; i++)
        machine->registers[i] =
            (int)i == target->zero_register
                ? term_word(builder->terms, 0, 32)
                : machine_junk(builder->terms, target->register_name(i), 0, word_sort());
    unsigned state_count = target_state_count(target, builder->relation->has_blocks);
    for (unsigned i = target->register_count; i < state_count; i++)
        machine->registers[i] = block_start_value(builder->terms, target, i);
    machine->blocks = ARENA_ARRAY(builder->arena, term, builder->relation->home_count);
    for (size_t i = 0; i < builder->relation->home_count; i++) {
        char name[32];
        snprintf(name, sizeof name, "block%zu", i);
        machine->blocks[i] = machine_junk(builder->terms, name, 0, memory_sort());
    }
    machine->memory = builder->start->source.state.memory;
}

/* What the ABI promises at entry. The unknown content of a local aggregate is, on both sides, what
 * the frame holds there: C0 never looks at a cell before it is written. */
static void build_entry(struct builder *builder)
{
    const struct target *target = builder->subject->target;
    struct machine_state *machine = &builder->start->machine;
    const struct c0_function *function = builder->relation->function;
    const term *values = builder->start->source.state.values;
    machine->registers[target->frame_register] = symbol_frame(builder->terms);
    machine->registers[target->return_register] = symbol_return(builder->terms);
    for (size_t i = 0; i < target->base_count; i++)
        machine->registers[target->bases[i].number] =
            term_word(builder->terms, builder->subject->base_values[i], 32);
    for (size_t i = 0; i < target->preserved_count; i++)
        machine->registers[target->preserved[i]] =
            symbol_preserved(builder->terms, target, target->preserved[i]);
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        struct parameter_place place = target->parameter(i);
        if (place.in_register)
            machine->registers[place.number] = values[i];
        else
            machine_slot_set(builder->arena, machine, place.frame_offset, values[i]);
    }
    for (size_t i = 0; i < builder->relation->home_count; i++)
        machine->blocks[i] = values[builder->relation->homes[i].variable];
}

static bool refuse(struct builder *builder, const struct equality *equality, const char *message)
{
    struct text_builder text = {.arena = builder->arena};
    equality_print(builder->subject->target, builder->relation->function, equality, &text);
    return fault_at(builder->fault, (struct location){0}, "%s: '%s'", message,
                    text_built(&text));
}

static bool block_is_sound(struct builder *builder, const struct equality *equality, size_t *home)
{
    const struct relation *relation = builder->relation;
    if (!find_home(relation, equality->place.offset, home))
        return refuse(builder, equality, "no aggregate has its home there");
    uint32_t variable = relation->homes[*home].variable;
    const struct c0_type *type = relation->function->variables[variable]->type;
    if (equality->place.size_bytes != layout_size_bytes(builder->subject, type) ||
        equality->addend_count != 1 || equality->constant != 0 ||
        equality->addends[0].coefficient != 1 ||
        equality->addends[0].symbol.kind != SYMBOL_LOCAL ||
        equality->addends[0].symbol.index != variable)
        return refuse(builder, equality, "a block can only equal the aggregate at home there");
    return true;
}

/* The source's state has the values; the shared ones are no business of a relation. */
static bool values_are_known(struct builder *builder, const struct equality *equality)
{
    uint32_t count = named_count(builder->subject, builder->relation);
    bool are_known = equality->place.kind != PLACE_LOCAL || equality->place.number < count;
    for (size_t i = 0; i < equality->addend_count; i++)
        are_known = are_known && (equality->addends[i].symbol.kind != SYMBOL_LOCAL ||
                                  equality->addends[i].symbol.index < count);
    return are_known || refuse(builder, equality, "the function has no asm block");
}

/* An invariant of the source: the local's value follows from other locals. Those before it in the
 * relation count with the values that they were given. */
static bool local_is_sound(struct builder *builder, const struct equality *equality)
{
    const struct c0_function *function = builder->relation->function;
    uint32_t variable = equality->place.number;
    if (!values_are_known(builder, equality))
        return false;
    if (!block_value_is_word(function, variable))
        return refuse(builder, equality, "an aggregate is not a word");
    for (size_t i = 0; i < equality->addend_count; i++) {
        struct symbol symbol = equality->addends[i].symbol;
        if (symbol.kind != SYMBOL_LOCAL || symbol.index == variable ||
            !block_value_is_word(function, symbol.index))
            return refuse(builder, equality, "a local follows from other word locals only");
    }
    return true;
}

static bool apply_local(struct builder *builder, const struct equality *equality)
{
    uint32_t variable = equality->place.number;
    if (!local_is_sound(builder, equality))
        return false;
    term *values = builder->start->source.state.values;
    term value = equality_value(builder->terms, builder->subject, equality,
                                &builder->start->source.state);
    term replaced = values[variable];
    if (term_kind(builder->terms, replaced) != TERM_VARIABLE) {
        assume(builder, term_eq(builder->terms, replaced, value));
        return true; /* it was given a value before */
    }
    /* All locals of one term were united: they are equal. */
    for (uint32_t i = 0; i < named_count(builder->subject, builder->relation); i++)
        if (term_same(values[i], replaced))
            values[i] = value;
    return true;
}

static bool word_is_sound(struct builder *builder, const struct equality *equality)
{
    const struct relation *relation = builder->relation;
    if (!values_are_known(builder, equality))
        return false;
    for (size_t i = 0; i < equality->addend_count; i++) {
        struct symbol symbol = equality->addends[i].symbol;
        if (symbol.kind == SYMBOL_LOCAL && !block_value_is_word(relation->function, symbol.index))
            return refuse(builder, equality, "an aggregate is not a word");
    }
    if (equality->place.kind == PLACE_REGISTER)
        return (int)equality->place.number != builder->subject->target->zero_register ||
               refuse(builder, equality, "the zero register needs no relation");
    int32_t offset = equality->place.offset;
    for (size_t i = 0; i < relation->home_count; i++) {
        const struct c0_type *type =
            relation->function->variables[relation->homes[i].variable]->type;
        int64_t within = (int64_t)offset - relation->homes[i].offset;
        if (within > -4 && within < (int64_t)layout_size_bytes(builder->subject, type))
            return refuse(builder, equality, "the slot lies in an aggregate's home");
    }
    bool is_inside = builder->subject->target->frame_grows_up
                         ? offset >= 0 && (int64_t)offset + 4 <= (int64_t)relation->frame_bytes
                         : -(int64_t)offset <= (int64_t)relation->frame_bytes;
    if (offset % 4 != 0 || !is_inside)
        return refuse(builder, equality, "the slot is no word of the frame");
    return true;
}

static bool bound_is_sound(struct builder *builder, const struct bound *bound)
{
    const struct c0_function *function = builder->relation->function;
    uint32_t size = (uint32_t)1 << bound->bits;
    bool is_known = bound->value < named_count(builder->subject, builder->relation);
    bool is_number = is_known && (bound->value >= function->variable_count ||
                                  type_is_number(function->variables[bound->value]->type));
    if (builder->relation->has_blocks && is_number && bound->low <= UINT32_MAX - (size - 1))
        return true;
    return fault_at(builder->fault, (struct location){0}, "a bound of something that has none");
}

bool equalities_are_sound(struct arena *arena, const struct subject *subject,
                  const struct relation *relation, const struct cut *cut, struct fault *fault)
{
    struct builder builder = {
        .arena = arena, .subject = subject, .relation = relation, .fault = fault};
    for (size_t i = 0; i < cut->equality_count; i++) {
        const struct equality *equality = &cut->equalities[i];
        size_t home;
        bool is_sound = equality->place.kind == PLACE_BLOCK
                            ? block_is_sound(&builder, equality, &home)
                        : equality->place.kind == PLACE_LOCAL ? local_is_sound(&builder, equality)
                                                              : word_is_sound(&builder, equality);
        if (!is_sound)
            return false;
    }
    for (size_t i = 0; i < cut->bound_count; i++)
        if (!bound_is_sound(&builder, &cut->bounds[i]))
            return false;
    return true;
}

/* A number that is bounded is its lower bound and some bits. */
static void apply_bound(struct builder *builder, const struct bound *bound)
{
    struct terms *terms = builder->terms;
    term *values = builder->start->source.state.values;
    term replaced = values[bound->value];
    char name[32];
    if (term_kind(terms, replaced) != TERM_VARIABLE) {
        assume(builder, bound_holds(terms, bound, &builder->start->source.state));
        return;
    }
    snprintf(name, sizeof name, "%%bound%lu-%u", (unsigned long)bound->value, bound->bits);
    term bits = term_variable(terms, name, (struct sort){SORT_WORD, (uint8_t)bound->bits});
    term value = term_add(terms, term_word(terms, bound->low, 32), term_zext(terms, bits, 32));
    for (uint32_t i = 0; i < named_count(builder->subject, builder->relation); i++)
        if (term_same(values[i], replaced))
            values[i] = value;
}

/* The first equality of a place defines it; a second one is a fact about the source. */
static bool apply(struct builder *builder, const struct equality *equality)
{
    struct terms *terms = builder->terms;
    struct machine_state *machine = &builder->start->machine;
    size_t home = 0;
    if (equality->place.kind == PLACE_BLOCK) {
        if (!block_is_sound(builder, equality, &home))
            return false;
        machine->blocks[home] =
            builder->start->source.state.values[equality->addends[0].symbol.index];
        return true;
    }
    if (!word_is_sound(builder, equality))
        return false;
    term value =
        equality_value(terms, builder->subject, equality, &builder->start->source.state);
    if (equality->place.kind == PLACE_REGISTER) {
        unsigned number = equality->place.number;
        if (builder->is_set[number])
            assume(builder, term_eq(terms, machine->registers[number], value));
        else
            machine->registers[number] = value;
        builder->is_set[number] = true;
        return true;
    }
    for (size_t i = 0; i < machine->slots.count; i++)
        if (machine->slots.at[i].offset == equality->place.offset) {
            assume(builder, term_eq(terms, machine->slots.at[i].value, value));
            return true;
        }
    machine_slot_set(builder->arena, machine, equality->place.offset, value);
    return true;
}

/* After a call: its result, the same unknown on both sides, typed. */
static void build_result(struct builder *builder, const struct c0_stmt *stmt)
{
    const struct target *target = builder->subject->target;
    const struct c0_type *type =
        stmt->kind == C0_STMT_NEW ? stmt->place->type : stmt->callee->result;
    if (type->kind == C0_TYPE_VOID)
        return;
    term result = term_variable(builder->terms, "@result", word_sort());
    builder->start->source.result = result;
    builder->start->machine.registers[target->result_register] = result;
    builder->is_set[target->result_register] = true;
    assume(builder, typed_word(builder->subject, builder->terms, result, type));
}

bool cut_start_build(struct arena *arena, struct terms *terms, const struct subject *subject,
                     const struct relation *relation, const struct c0_flow *flow,
                     const struct cut *cut, struct cut_start *start, struct fault *fault)
{
    struct builder builder = {
        .arena = arena,
        .terms = terms,
        .subject = subject,
        .relation = relation,
        .start = start,
        .fault = fault,
    };
    *start = (struct cut_start){.point = cut->point};
    start->source.node = cut->node;
    start->source.kind = cut->kind == CUT_CALL   ? START_AFTER
                         : cut->kind == CUT_LOOP ? START_AT
                                                 : START_BEFORE;
    build_source(&builder);
    unknown_machine(&builder);
    assume_frame(&builder);
    if (cut->kind == CUT_ENTRY) {
        assume_types(&builder);
        build_entry(&builder);
        return true;
    }
    unite_locals(&builder, cut);
    if (cut->kind == CUT_CALL)
        build_result(&builder, flow->nodes[cut->node].stmt);
    for (size_t i = 0; i < cut->bound_count; i++) {
        if (!bound_is_sound(&builder, &cut->bounds[i]))
            return false;
        apply_bound(&builder, &cut->bounds[i]);
    }
    for (size_t i = 0; i < cut->equality_count; i++)
        if (cut->equalities[i].place.kind == PLACE_LOCAL &&
            !apply_local(&builder, &cut->equalities[i]))
            return false;
    assume_types(&builder);
    for (size_t i = 0; i < cut->equality_count; i++)
        if (cut->equalities[i].place.kind != PLACE_LOCAL &&
            !apply(&builder, &cut->equalities[i]))
            return false;
    return true;
}
