#include "validator/propose/contract_shape.h"

#include "base/require.h"
#include "validator/check/code_graph.h"

enum { CUTS_MAX = 16, ROUNDS_MAX = 256, WORD_DEPTH_MAX = 8, SLOTS_MAX = 64 };

bool contract_shape_cut(const struct contract_shape *shape, const struct machine_arrival *arrival,
                        size_t *cut)
{
    for (size_t i = 0; i < shape->relation.cuts.count && arrival->kind == ARRIVAL_LOOP; i++) {
        struct point point = shape->relation.cuts.at[i].point;
        if (point.pc == arrival->point.pc && point.next == arrival->point.next) {
            *cut = i;
            return true;
        }
    }
    return false;
}

/* ---- terms of the entry's symbols as a certificate writes them ---- */

static const struct contract_word *word_of(const struct contract_shape *shape, term t,
                                           unsigned depth);

static const struct contract_word *leaf(struct arena *arena, enum contract_word_kind kind,
                                        uint32_t number)
{
    struct contract_word *word = ARENA_NEW(arena, struct contract_word);
    *word = (struct contract_word){.kind = kind, .number = number};
    return word;
}

static const struct contract_word *word_of_variable(const struct contract_shape *shape, term t)
{
    const struct target *target = shape->subject->target;
    for (unsigned i = 0; i < shape->contract->parameter_count; i++)
        if (term_same(t, contract_argument(shape->terms, i)))
            return leaf(shape->arena, CONTRACT_WORD_ARGUMENT, i);
    if (term_same(t, symbol_frame(shape->terms)))
        return leaf(shape->arena, CONTRACT_WORD_FRAME, 0);
    if (term_same(t, symbol_return(shape->terms)))
        return leaf(shape->arena, CONTRACT_WORD_RETURN, 0);
    for (size_t i = 0; i < target->preserved_count; i++)
        if (term_same(t, symbol_preserved(shape->terms, target, target->preserved[i])))
            return leaf(shape->arena, CONTRACT_WORD_PRESERVED, target->preserved[i]);
    return NULL;
}

static const struct contract_word *word_of_sum(const struct contract_shape *shape, term t,
                                               unsigned depth)
{
    struct arena *arena = shape->arena;
    struct linear linear = term_linear(shape->terms, t, arena);
    const struct contract_word *sum = NULL;
    for (size_t i = 0; i < linear.count; i++) {
        const struct contract_word *atom = word_of(shape, linear.atoms[i], depth + 1);
        if (atom == NULL)
            return NULL;
        if (linear.coefficients[i] != 1)
            atom = contract_word_operate(
                arena, CONTRACT_WORD_MUL,
                contract_word_number(arena, (uint32_t)linear.coefficients[i]), atom);
        sum = sum == NULL ? atom : contract_word_operate(arena, CONTRACT_WORD_ADD, sum, atom);
    }
    if (linear.constant == 0 && sum != NULL)
        return sum;
    const struct contract_word *constant = contract_word_number(arena, (uint32_t)linear.constant);
    return sum == NULL ? constant : contract_word_operate(arena, CONTRACT_WORD_ADD, sum, constant);
}

static bool operation_of(enum term_kind kind, enum contract_word_kind *operation)
{
    static const struct {
        enum term_kind from;
        enum contract_word_kind to;
    } operations[] = {
        {TERM_MUL, CONTRACT_WORD_MUL},   {TERM_UDIV, CONTRACT_WORD_UDIV},
        {TERM_UREM, CONTRACT_WORD_UREM}, {TERM_BITAND, CONTRACT_WORD_AND},
        {TERM_BITOR, CONTRACT_WORD_OR},  {TERM_BITXOR, CONTRACT_WORD_XOR},
        {TERM_SHL, CONTRACT_WORD_SHL},   {TERM_LSHR, CONTRACT_WORD_LSHR},
    };
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        if (operations[i].from == kind) {
            *operation = operations[i].to;
            return true;
        }
    return false;
}

/* NULL: the term is about something else than the entry's symbols, or too large. */
static const struct contract_word *word_of(const struct contract_shape *shape, term t,
                                           unsigned depth)
{
    enum term_kind kind = term_kind(shape->terms, t);
    enum contract_word_kind operation;
    if (depth > WORD_DEPTH_MAX)
        return NULL;
    if (kind == TERM_VARIABLE)
        return word_of_variable(shape, t);
    if (kind == TERM_SUM || kind == TERM_CONSTANT)
        return word_of_sum(shape, t, depth);
    if (!operation_of(kind, &operation))
        return NULL;
    const struct contract_word *word = NULL;
    for (size_t i = 0; i < term_argument_count(shape->terms, t); i++) {
        const struct contract_word *next =
            word_of(shape, term_argument(shape->terms, t, i), depth + 1);
        if (next == NULL)
            return NULL;
        word = word == NULL ? next : contract_word_operate(shape->arena, operation, word, next);
    }
    return word;
}

/* ---- what stays as entry has left it ---- */

static void equality_add(struct contract_shape *shape, struct contract_cut *cut, struct place place,
                         term value)
{
    const struct contract_word *word = word_of(shape, value, 0);
    if (word != NULL)
        ARRAY_PUSH(shape->arena, &cut->equalities, (struct contract_equality){place, word});
}

static void equalities_of(struct contract_shape *shape, struct contract_cut *cut,
                          const struct machine_state *state)
{
    const struct target *target = shape->subject->target;
    for (unsigned i = 0; i < target->register_count; i++)
        if ((int)i != target->zero_register)
            equality_add(shape, cut, (struct place){.kind = PLACE_REGISTER, .number = i},
                         state->registers[i]);
    for (size_t i = 0; i < state->slots.count; i++)
        equality_add(shape, cut,
                     (struct place){.kind = PLACE_SLOT, .offset = state->slots.at[i].offset},
                     state->slots.at[i].value);
}

/* Drops what is different at a further arrival. True if something was dropped. */
static bool equalities_keep(struct contract_shape *shape, struct contract_cut *cut,
                            struct machine_state *state)
{
    size_t kept = 0, count = cut->equalities.count;
    for (size_t i = 0; i < count; i++) {
        struct contract_equality equality = cut->equalities.at[i];
        term found = contract_place_read(&shape->reader, state, equality.place);
        term expected = contract_word_read(&shape->reader, state, equality.value);
        if (term_same(found, expected))
            cut->equalities.at[kept++] = equality;
    }
    cut->equalities.count = kept;
    return kept != count;
}

/* ---- walking ---- */

struct walker {
    struct contract_shape *shape;
    bool is_reached[CUTS_MAX], is_dirty[CUTS_MAX];
    bool leads[1 + CUTS_MAX][CUTS_MAX]; /* control goes from the entry or a cut to a cut */
    struct fault *fault;
};

/* Walks from the entry (0) or cut `index` - 1 and tells the cuts what arrives there. */
static bool walk_from(struct walker *walker, size_t index)
{
    struct contract_shape *shape = walker->shape;
    struct contract_start *start = &shape->starts[index];
    if (index == 0)
        contract_entry(shape->arena, shape->terms, shape->subject, shape->contract, shape->code,
                       shape->relation.frame_bytes, start);
    else
        contract_cut_start(&shape->reader, shape->subject, shape->contract, &shape->relation,
                           index - 1, start);
    struct machine_segment *segment = &shape->segments[index];
    if (!contract_segment(shape->arena, shape->terms, shape->subject, shape->code, &shape->relation,
                          start, segment, walker->fault))
        return false;
    for (size_t i = 0; i < segment->arrivals.count; i++) {
        struct machine_arrival *arrival = &segment->arrivals.at[i];
        size_t to;
        if (!contract_shape_cut(shape, arrival, &to))
            continue;
        struct contract_cut *cut = &shape->relation.cuts.at[to];
        walker->leads[index][to] = true;
        if (!walker->is_reached[to])
            equalities_of(shape, cut, &arrival->state);
        if (!walker->is_reached[to] || equalities_keep(shape, cut, &arrival->state))
            walker->is_dirty[to] = true;
        walker->is_reached[to] = true;
    }
    return true;
}

static bool walk_all(struct walker *walker)
{
    size_t count = walker->shape->relation.cuts.count;
    if (!walk_from(walker, 0))
        return false;
    for (unsigned round = 0; round < ROUNDS_MAX; round++) {
        size_t next = 0;
        while (next < count && !walker->is_dirty[next])
            next++;
        if (next == count)
            return true;
        walker->is_dirty[next] = false;
        if (!walk_from(walker, 1 + next))
            return false;
    }
    return fault_at(walker->fault, (struct location){0}, "the loops of the routine do not settle");
}

/* ---- the order of the cuts ---- */

static bool is_preceded(const struct walker *walker, const bool *is_placed, size_t cut)
{
    for (size_t i = 0; i < walker->shape->relation.cuts.count; i++)
        if (i != cut && !is_placed[i] && walker->leads[1 + i][cut])
            return true;
    return false;
}

/* Earlier ones first, as far as there is such an order; the walked segments move along. */
static void order_cuts(struct walker *walker)
{
    struct contract_shape *shape = walker->shape;
    size_t count = shape->relation.cuts.count;
    bool is_placed[CUTS_MAX] = {false};
    struct contract_cut cuts[CUTS_MAX];
    struct contract_start starts[CUTS_MAX];
    struct machine_segment segments[CUTS_MAX];
    for (size_t placed = 0; placed < count; placed++) {
        size_t next = 0;
        while (next < count && (is_placed[next] || is_preceded(walker, is_placed, next)))
            next++;
        for (size_t i = 0; next == count && i < count; i++)
            if (!is_placed[i])
                next = i;
        is_placed[next] = true;
        cuts[placed] = shape->relation.cuts.at[next];
        starts[placed] = shape->starts[1 + next];
        segments[placed] = shape->segments[1 + next];
    }
    for (size_t i = 0; i < count; i++) {
        shape->relation.cuts.at[i] = cuts[i];
        shape->starts[1 + i] = starts[i];
        shape->segments[1 + i] = segments[i];
    }
}

static void settle_frame(struct contract_shape *shape)
{
    uint32_t extent = 0;
    for (size_t i = 0; i <= shape->relation.cuts.count; i++)
        if (shape->segments[i].extent_bytes > extent)
            extent = shape->segments[i].extent_bytes;
    shape->relation.frame_bytes = (extent + 3) / 4 * 4;
}

/* ---- what matters ---- */

struct marks {
    bool *is_marked; /* by id of a term */
    size_t count;
};

static void mark(void *self, term variable)
{
    struct marks *marks = self;
    if (variable.id < marks->count)
        marks->is_marked[variable.id] = true;
}

static void mark_all(struct contract_shape *shape, struct marks *marks, term t)
{
    if (!term_is_none(t))
        term_each_variable(shape->terms, t, mark, marks);
}

static void mark_exit(struct contract_shape *shape, struct marks *marks,
                      const struct machine_state *state)
{
    const struct target *target = shape->subject->target;
    mark_all(shape, marks, state->target);
    mark_all(shape, marks, state->memory);
    mark_all(shape, marks, state->registers[target->result_register]);
    mark_all(shape, marks, state->registers[target->frame_register]);
}

static void mark_segment(struct contract_shape *shape, struct marks *marks,
                         const struct machine_segment *segment)
{
    for (size_t i = 0; i < segment->obligations.count; i++) {
        mark_all(shape, marks, segment->obligations.at[i].guard);
        mark_all(shape, marks, segment->obligations.at[i].goal);
    }
    for (size_t i = 0; i < segment->arrivals.count; i++) {
        mark_all(shape, marks, segment->arrivals.at[i].guard);
        if (segment->arrivals.at[i].kind == ARRIVAL_EXIT)
            mark_exit(shape, marks, &segment->arrivals.at[i].state);
    }
}

/* The places of a cut that hold a symbol of their own. */
static size_t places_of(struct contract_shape *shape, size_t cut, struct contract_variable *places)
{
    const struct target *target = shape->subject->target;
    struct machine_state *machine = &shape->starts[1 + cut].machine;
    size_t count = 0;
    for (unsigned i = 0; i < target->register_count; i++) {
        struct place place = {.kind = PLACE_REGISTER, .number = i};
        if (term_kind(shape->terms, machine->registers[i]) == TERM_VARIABLE)
            places[count++] = (struct contract_variable){place, machine->registers[i]};
    }
    for (uint32_t i = 0; i < shape->relation.frame_bytes / 4 && i < SLOTS_MAX; i++) {
        int32_t offset = target->frame_grows_up ? (int32_t)(4 * i) : -(int32_t)(4 * i + 4);
        struct place place = {.kind = PLACE_SLOT, .offset = offset};
        term value = machine_slot(shape->arena, shape->terms, machine, offset);
        if (term_kind(shape->terms, value) == TERM_VARIABLE)
            places[count++] = (struct contract_variable){place, value};
    }
    return count;
}

static bool is_entry_symbol(const struct contract_shape *shape, term symbol)
{
    return word_of_variable(shape, symbol) != NULL;
}

/* Marks what the marked places of the cuts are computed from. All cuts give a place the same
 * symbol, so that a place that matters at one of them counts at all. */
static void mark_sources(struct contract_shape *shape, struct marks *marks,
                         const struct contract_variable *places, size_t count)
{
    for (size_t s = 0; s <= shape->relation.cuts.count; s++)
        for (size_t i = 0; i < shape->segments[s].arrivals.count; i++) {
            struct machine_arrival *arrival = &shape->segments[s].arrivals.at[i];
            for (size_t k = 0; k < count && arrival->kind == ARRIVAL_LOOP; k++)
                if (marks->is_marked[places[k].symbol.id])
                    mark_all(shape, marks,
                             contract_place_read(&shape->reader, &arrival->state, places[k].place));
        }
}

static void find_variables(struct contract_shape *shape)
{
    size_t cut_count = shape->relation.cuts.count;
    struct contract_variable places[CUTS_MAX][TARGET_REGISTERS_MAX + SLOTS_MAX];
    size_t counts[CUTS_MAX] = {0};
    for (size_t c = 0; c < cut_count; c++)
        counts[c] = places_of(shape, c, places[c]);
    size_t term_count = terms_count(shape->terms) + 1;
    struct marks marks = {ARENA_ARRAY(shape->arena, bool, term_count), term_count};
    for (size_t s = 0; s <= cut_count; s++)
        mark_segment(shape, &marks, &shape->segments[s]);
    for (size_t round = 0; round < TARGET_REGISTERS_MAX; round++)
        for (size_t c = 0; c < cut_count; c++)
            mark_sources(shape, &marks, places[c], counts[c]);
    for (size_t c = 0; c < cut_count; c++) {
        shape->variables[c] = ARENA_ARRAY(shape->arena, struct contract_variable, counts[c]);
        for (size_t k = 0; k < counts[c]; k++)
            if (marks.is_marked[places[c][k].symbol.id] &&
                !is_entry_symbol(shape, places[c][k].symbol))
                shape->variables[c][shape->variable_counts[c]++] = places[c][k];
    }
}

bool contract_shape_find(struct arena *arena, struct terms *terms, const struct subject *subject,
                         const struct contract *contract, struct contract_shape *shape,
                         struct fault *fault)
{
    *shape = (struct contract_shape){
        .arena = arena,
        .terms = terms,
        .reader = {.arena = arena, .terms = terms, .target = subject->target},
        .subject = subject,
        .contract = contract,
        .code = contract_code(subject, contract),
        .relation = {.frame_bytes = (subject->stack.end - subject->stack.start) / 4 * 4},
    };
    require(shape->code != NULL, "a proof is looked for of a routine that the image has");
    struct point *heads;
    size_t count;
    uint32_t code_end = shape->code->address + shape->code->size_bytes;
    if (!code_graph_loop_heads(arena, subject, shape->code->address, code_end, false, &heads, &count,
                               fault))
        return false;
    if (count > CUTS_MAX)
        return fault_at(fault, (struct location){0}, "the routine has too many loops");
    for (size_t i = 0; i < count; i++)
        ARRAY_PUSH(arena, &shape->relation.cuts, (struct contract_cut){.point = heads[i]});
    shape->starts = ARENA_ARRAY(arena, struct contract_start, 1 + count);
    shape->segments = ARENA_ARRAY(arena, struct machine_segment, 1 + count);
    shape->variables = ARENA_ARRAY(arena, struct contract_variable *, count);
    shape->variable_counts = ARENA_ARRAY(arena, size_t, count);
    struct walker walker = {.shape = shape, .fault = fault};
    if (!walk_all(&walker))
        return false;
    order_cuts(&walker);
    settle_frame(shape);
    find_variables(shape);
    return true;
}
