#include "validator/check/source_walk.h"

#include "base/require.h"
#include "semantics/c0/rules.h"
#include "validator/check/order.h"
#include "validator/check/path.h"
#include "validator/check/source_parts.h"

#include <string.h>

static term term_of(struct c0_value value)
{
    return (term){(uint32_t)value.bits};
}

static struct c0_value value_of(term t)
{
    return (struct c0_value){t.id};
}

/* ---- accesses ---- */

static uint32_t access_hash(const struct c0_variable *local, term address)
{
    uint64_t key = (uint64_t)(uintptr_t)local * 31 + address.id;
    return (uint32_t)((key * 0x9E3779B97F4A7C15u) >> 32);
}

static void index_access(struct arena *arena, struct source_segment *segment, uint32_t number)
{
    const struct source_access *access = &segment->accesses.at[number];
    uint32_t slot = access_hash(access->local, access->address) & (segment->access_slots - 1);
    segment->access_next =
        array_grown(arena, segment->access_next, number, &segment->access_next_capacity,
                    sizeof *segment->access_next);
    segment->access_next[number] = segment->access_index[slot];
    segment->access_index[slot] = number + 1;
}

void source_record(struct source_walker *walk, const struct c0_variable *local, term address,
                   bool is_load_only)
{
    struct source_segment *segment = walk->segment;
    ARRAY_PUSH(walk->arena, &segment->accesses,
               (struct source_access){local, address, walk->guard, is_load_only});
    uint32_t count = (uint32_t)segment->accesses.count;
    if (count * 2 <= segment->access_slots) {
        index_access(walk->arena, segment, count - 1);
        return;
    }
    segment->access_slots = segment->access_slots == 0 ? 64 : segment->access_slots * 2;
    segment->access_index = ARENA_ARRAY(walk->arena, uint32_t, segment->access_slots);
    segment->access_next = NULL;
    segment->access_next_capacity = 0;
    for (uint32_t i = 0; i < count; i++)
        index_access(walk->arena, segment, i);
}

term source_touches(struct terms *terms, const struct source_segment *segment,
                    const struct c0_variable *local, term address, bool may_store)
{
    term known = term_false(terms);
    if (segment->access_slots == 0)
        return known;
    uint32_t slot = access_hash(local, address) & (segment->access_slots - 1);
    for (uint32_t i = segment->access_index[slot]; i != 0; i = segment->access_next[i - 1]) {
        const struct source_access *access = &segment->accesses.at[i - 1];
        if (access->local == local && term_same(access->address, address) &&
            !(may_store && access->is_load_only))
            known = term_or(terms, known, access->guard);
        if (term_is_true(terms, known))
            break;
    }
    return known;
}

/* ---- the reading of rules.h ---- */

void source_assume(struct source_walker *walk, term condition)
{
    term assumption = term_implies(walk->terms, walk->guard, condition);
    if (!term_is_true(walk->terms, assumption))
        ARRAY_PUSH(walk->arena, &walk->segment->assumptions, assumption);
}

static struct c0_value read_constant(void *self, uint32_t word)
{
    struct source_walker *walk = self;
    return value_of(term_word(walk->terms, word, 32));
}

static struct c0_value read_size_of(void *self, const struct c0_type *type)
{
    struct source_walker *walk = self;
    return value_of(term_word(walk->terms, layout_size_bytes(walk->subject, type), 32));
}

/* The rules have asserted that the amount is below 32: its low five bits are all of it. Machines
 * look at no more, so that this form is theirs as well. */
static term shift_amount(struct terms *terms, term amount)
{
    return term_zext(terms, term_extract(terms, amount, 4, 0), 32);
}

static struct c0_value read_word(void *self, enum c0_word_op op, struct c0_value left,
                                 struct c0_value right)
{
    struct source_walker *walk = self;
    struct terms *terms = walk->terms;
    term a = term_of(left), b = term_of(right);
    switch (op) {
    case C0_WORD_ADD:
        return value_of(term_add(terms, a, b));
    case C0_WORD_SUB:
        return value_of(term_sub(terms, a, b));
    case C0_WORD_MUL:
        return value_of(term_mul(terms, a, b));
    case C0_WORD_UDIV:
        return value_of(term_udiv(terms, a, b));
    case C0_WORD_UREM:
        return value_of(term_urem(terms, a, b));
    case C0_WORD_SDIV:
        return value_of(term_sdiv(terms, a, b));
    case C0_WORD_SREM:
        return value_of(term_srem(terms, a, b));
    case C0_WORD_AND:
        return value_of(term_bitand(terms, a, b));
    case C0_WORD_OR:
        return value_of(term_bitor(terms, a, b));
    case C0_WORD_XOR:
        return value_of(term_bitxor(terms, a, b));
    case C0_WORD_SHL:
        return value_of(term_shl(terms, a, shift_amount(terms, b)));
    case C0_WORD_LSHR:
        return value_of(term_lshr(terms, a, shift_amount(terms, b)));
    case C0_WORD_ASHR:
        return value_of(term_ashr(terms, a, shift_amount(terms, b)));
    case C0_WORD_EQ:
        return value_of(term_of_bool(terms, term_eq(terms, a, b), 32));
    case C0_WORD_NE:
        return value_of(term_of_bool(terms, term_ne(terms, a, b), 32));
    case C0_WORD_ULT:
        return value_of(term_of_bool(terms, term_ult(terms, a, b), 32));
    case C0_WORD_ULE:
        return value_of(term_of_bool(terms, term_ule(terms, a, b), 32));
    case C0_WORD_SLT:
        return value_of(term_of_bool(terms, term_slt(terms, a, b), 32));
    case C0_WORD_SLE:
        return value_of(term_of_bool(terms, term_sle(terms, a, b), 32));
    case C0_WORD_SEXT8:
        return value_of(term_sext(terms, term_extract(terms, a, 7, 0), 32));
    }
    require(false, "no such word operation");
    return left;
}

static void read_require(void *self, struct c0_value condition, enum c0_rule rule,
                         struct location where)
{
    struct source_walker *walk = self;
    (void)rule;
    (void)where;
    source_assume(walk, term_truth(walk->terms, term_of(condition)));
}

static bool read_lazy_begin(void *self, bool is_and, struct c0_value left)
{
    struct source_walker *walk = self;
    term decides = term_truth(walk->terms, term_of(left));
    if (!is_and)
        decides = term_not(walk->terms, decides);
    ARRAY_PUSH(walk->arena, &walk->lazy_guards, walk->guard);
    walk->guard = term_and(walk->terms, walk->guard, decides);
    return true;
}

static struct c0_value read_lazy_end(void *self, bool is_and, struct c0_value left,
                                     struct c0_value right)
{
    struct source_walker *walk = self;
    walk->guard = walk->lazy_guards.at[--walk->lazy_guards.count];
    /* A bool is 0 or 1, so the value is that of the operand that decides. */
    term a = term_of(left), b = term_of(right), decided = term_truth(walk->terms, a);
    return value_of(is_and ? term_ite(walk->terms, decided, b, term_word(walk->terms, 0, 32))
                           : term_ite(walk->terms, decided, a, b));
}

/* Places: a local is its variable with a byte offset, everything else an address. */
static struct c0_place read_variable(void *self, const struct c0_variable *variable)
{
    struct source_walker *walk = self;
    uint32_t address = variable->scope == C0_SCOPE_GLOBAL
                           ? walk->subject->global_addresses[variable->index]
                           : 0;
    return (struct c0_place){
        .variable = variable->scope == C0_SCOPE_GLOBAL ? NULL : variable,
        .offset = term_word(walk->terms, address, 32).id,
    };
}

static struct c0_place read_object(void *self, struct c0_value pointer, const struct c0_type *type)
{
    (void)self;
    (void)type;
    return (struct c0_place){.variable = NULL, .offset = pointer.bits};
}

static struct c0_place moved(struct source_walker *walk, struct c0_place base, term by)
{
    base.offset = term_add(walk->terms, (term){(uint32_t)base.offset}, by).id;
    return base;
}

static struct c0_place read_field(void *self, struct c0_place base, const struct c0_field *field,
                                  const struct c0_type *record)
{
    struct source_walker *walk = self;
    (void)record;
    uint32_t offset = layout_field_offset_bytes(walk->subject, field);
    return moved(walk, base, term_word(walk->terms, offset, 32));
}

static struct c0_place read_element(void *self, struct c0_place base, struct c0_value index,
                                    const struct c0_type *array)
{
    struct source_walker *walk = self;
    term size = term_word(walk->terms, layout_size_bytes(walk->subject, array->element), 32);
    return moved(walk, base, term_mul(walk->terms, term_of(index), size));
}

static struct c0_value read_address(void *self, struct c0_place place)
{
    (void)self;
    require(place.variable == NULL, "the address of a local cannot be taken");
    return (struct c0_value){place.offset};
}

static bool is_scalar_local(struct c0_place place)
{
    return place.variable != NULL && c0_type_is_elementary(place.variable->type);
}

static term load_word(struct source_walker *walk, struct c0_place place)
{
    if (is_scalar_local(place))
        return walk->state->values[place.variable->index];
    term at = {(uint32_t)place.offset};
    source_record(walk, place.variable, at, false);
    term memory = place.variable != NULL ? walk->state->values[place.variable->index]
                                         : walk->state->memory;
    return term_select(walk->terms, memory, at);
}

static void store_word(struct source_walker *walk, struct c0_place place, term word)
{
    if (is_scalar_local(place)) {
        walk->state->values[place.variable->index] = word;
        return;
    }
    term at = {(uint32_t)place.offset};
    source_record(walk, place.variable, at, false);
    term *memory = place.variable != NULL ? &walk->state->values[place.variable->index]
                                          : &walk->state->memory;
    *memory = term_store(walk->terms, *memory, at, word);
}

static struct c0_value read_load(void *self, struct c0_place place, const struct c0_type *type,
                                 struct location where)
{
    struct source_walker *walk = self;
    (void)where;
    term word = load_word(walk, place);
    if (!is_scalar_local(place))
        source_assume(walk, typed_word(walk->subject, walk->terms, word, type));
    return value_of(word);
}

static void read_store(void *self, struct c0_place place, const struct c0_type *type,
                       struct c0_value value)
{
    (void)type;
    store_word(self, place, term_of(value));
}

/* Cell by cell in ascending order, as the rule says: no question of overlap arises. */
static void read_copy(void *self, struct c0_place to, struct c0_place from,
                      const struct c0_type *type)
{
    struct source_walker *walk = self;
    uint32_t size_bytes = layout_size_bytes(walk->subject, type);
    for (uint32_t offset = 0; offset < size_bytes; offset += 4) {
        term by = term_word(walk->terms, offset, 32);
        store_word(walk, moved(walk, to, by), load_word(walk, moved(walk, from, by)));
    }
}

static const struct c0_domain symbolic_reading = {
    .constant = read_constant,
    .size_of = read_size_of,
    .word = read_word,
    .require = read_require,
    .lazy_begin = read_lazy_begin,
    .lazy_end = read_lazy_end,
    .variable = read_variable,
    .object = read_object,
    .field = read_field,
    .element = read_element,
    .address = read_address,
    .load = read_load,
    .store = read_store,
    .copy = read_copy,
};

/* ---- states ---- */

static struct source_state state_copy(struct source_walker *walk, const struct source_state *state)
{
    uint32_t count = walk->value_count;
    struct source_state copy = {ARENA_ARRAY(walk->arena, term, count), state->memory};
    if (count != 0)
        memcpy(copy.values, state->values, count * sizeof *copy.values);
    return copy;
}

static void hand_on(struct source_walker *walk, struct node_state *to, const struct path *path,
                    const struct source_state *state)
{
    ARRAY_PUSH(walk->arena, &to->edges, (struct edge){path, *state});
}

/* Joins what reached the node. Only variables that differ cost anything. */
static void join(struct source_walker *walk, struct node_state *node)
{
    struct terms *terms = walk->terms;
    uint32_t count = (uint32_t)node->edges.count;
    const struct path **paths = ARENA_ARRAY(walk->arena, const struct path *, count);
    term *values = ARENA_ARRAY(walk->arena, term, count);
    for (uint32_t i = 0; i < count; i++)
        paths[i] = node->edges.at[i].path;
    const struct merge *plan = merge_plan(walk->arena, terms, paths, count, &node->path);
    node->guard = path_guard(terms, node->path);
    node->state = node->edges.at[0].state;
    if (count == 1)
        return;
    node->state = state_copy(walk, &node->edges.at[0].state);
    for (uint32_t v = 0; v < walk->value_count; v++) {
        for (uint32_t i = 0; i < count; i++)
            values[i] = node->edges.at[i].state.values[v];
        node->state.values[v] = merge_value(terms, plan, values);
    }
    for (uint32_t i = 0; i < count; i++)
        values[i] = node->edges.at[i].state.memory;
    node->state.memory = merge_value(terms, plan, values);
}

/* ---- statements ---- */

static const term *arguments_of(struct source_walker *walk, const struct c0_stmt *stmt)
{
    term *arguments = ARENA_ARRAY(walk->arena, term, stmt->argument_count);
    for (uint32_t i = 0; i < stmt->argument_count; i++)
        arguments[i] = term_of(c0_rule_value(&symbolic_reading, walk, stmt->arguments[i]));
    return arguments;
}

/* p = new(T): the result of the allocator, typed. */
static void execute_new(struct source_walker *walk, const struct c0_stmt *stmt)
{
    struct c0_place place = c0_rule_place(&symbolic_reading, walk, stmt->place);
    term size = term_word(walk->terms, layout_size_bytes(walk->subject, stmt->allocated), 32);
    term result, after;
    new_contract(walk->subject, walk->terms, walk->state->memory, size, &result, &after);
    walk->state->memory = after;
    source_assume(walk, typed_word(walk->subject, walk->terms, result, stmt->place->type));
    store_word(walk, place, result);
}

static void arrive(struct source_walker *walk, enum arrival_kind kind, uint32_t node,
                   const struct node_state *at, const term *arguments, term result)
{
    ARRAY_PUSH(walk->arena, &walk->segment->arrivals,
               (struct source_arrival){kind, node, at->guard, at->state, arguments, result});
}

struct graph {
    struct successors *edges;
    uint32_t *order;
    uint32_t count;
};

/* Edges of the walk: none out of a call or a return, none out of a cut but at the start. The node
 * after the last stands for the start itself, so that a loop may come back to the start's node. */
static bool is_constant(const struct c0_expr *condition, bool value)
{
    return condition->kind == C0_EXPR_CONSTANT && (condition->word != 0) == value;
}

bool source_never_loops(const struct c0_flow_node *node)
{
    return c0_flow_is_loop_head(node) && node->kind == C0_FLOW_BRANCH &&
           is_constant(node->stmt->value, false);
}

static struct successors edges_of(const struct c0_flow_node *node)
{
    switch (node->kind) {
    case C0_FLOW_ASSIGN:
    case C0_FLOW_NEW:
        return (struct successors){{node->next, ORDER_NONE}};
    case C0_FLOW_BRANCH:
        return (struct successors){
            {is_constant(node->stmt->value, false) ? ORDER_NONE : node->next,
             is_constant(node->stmt->value, true) ? ORDER_NONE : node->otherwise}};
    case C0_FLOW_ASM: {
        enum c0_asm_step_kind kind = c0_flow_asm_step(node)->kind;
        return (struct successors){{kind == C0_ASM_STEP_END ? ORDER_NONE : node->next,
                                    kind == C0_ASM_STEP_BRANCH ? node->otherwise : ORDER_NONE}};
    }
    case C0_FLOW_CALL:
    case C0_FLOW_RETURN:
        break;
    }
    return (struct successors){{ORDER_NONE, ORDER_NONE}};
}

static struct successors start_edges(const struct c0_flow *flow, const struct source_start *start)
{
    switch (start->kind) {
    case START_AT:
        break;
    case START_BEFORE:
        return (struct successors){{start->node, ORDER_NONE}};
    case START_AFTER:
        return (struct successors){{flow->nodes[start->node].next, ORDER_NONE}};
    }
    return edges_of(&flow->nodes[start->node]);
}

/* A cycle without a cut is cut where it closes: whoever comes there finds no partner, unless no
 * run does (a loop in dead code needs no relation). */
static void graph_of(struct source_walker *walk, const struct c0_flow *flow,
                     const struct source_start *start, struct graph *graph)
{
    graph->edges = ARENA_ARRAY(walk->arena, struct successors, flow->count + 1);
    for (uint32_t i = 0; i < flow->count; i++)
        graph->edges[i] = walk->is_cut[i] ? (struct successors){{ORDER_NONE, ORDER_NONE}}
                                          : edges_of(&flow->nodes[i]);
    graph->edges[flow->count] = start_edges(flow, start);
    uint32_t cycle;
    while (!order_topological(walk->arena, graph->edges, flow->count + 1, flow->count,
                              &graph->order, &graph->count, &cycle)) {
        walk->is_cut[cycle] = true;
        graph->edges[cycle] = (struct successors){{ORDER_NONE, ORDER_NONE}};
    }
}

/* Control goes from one node to another. The registers of a block are its own: behind it they are
 * unknown, and unknown to the code as well. */
static void hand_over(struct source_walker *walk, const struct c0_flow_node *from, uint32_t to,
                      const struct path *path, struct source_state *state)
{
    const struct c0_flow_node *nodes = walk->flow->nodes;
    if (from->kind == C0_FLOW_ASM && nodes[to].stmt != from->stmt)
        for (unsigned r = 0; r < walk->subject->target->register_count; r++)
            state->values[walk->function->variable_count + r] =
                block_junk(walk->terms, walk->subject->target, r, (uint32_t)(from - nodes));
    hand_on(walk, &walk->nodes[to], path, state);
}

static void branch(struct source_walker *walk, const struct c0_flow_node *node,
                   struct node_state *at, term condition)
{
    const struct path *path;
    if (path_extend(walk->arena, walk->terms, at->path, condition, &path)) {
        struct source_state copy = state_copy(walk, &at->state);
        hand_over(walk, node, node->next, path, &copy);
    }
    if (path_extend(walk->arena, walk->terms, at->path, term_not(walk->terms, condition), &path))
        hand_over(walk, node, node->otherwise, path, &at->state);
}

/* [x] of a block: the variable's word. */
static struct c0_place variable_of_step(struct source_walker *walk, const struct c0_asm_step *step)
{
    return read_variable(walk, step->variable);
}

static term load_in_block(struct source_walker *walk, const struct c0_asm_step *step,
                          const struct effect *effect)
{
    if (step->variable == NULL)
        return source_block_load(walk, effect);
    struct c0_place place = variable_of_step(walk, step);
    return term_of(read_load(walk, place, step->variable->type, (struct location){0}));
}

static void store_in_block(struct source_walker *walk, const struct c0_asm_step *step,
                           const struct effect *effect)
{
    if (step->variable == NULL)
        source_block_store(walk, effect);
    else
        store_word(walk, variable_of_step(walk, step), effect->data);
}

/* One instruction of a block: a machine's instruction, on the block's own registers. */
static void execute_block(struct source_walker *walk, const struct c0_flow_node *node,
                          uint32_t number, struct node_state *at)
{
    const struct c0_asm_step *step = c0_flow_asm_step(node);
    const struct target *target = walk->subject->target;
    term *registers = at->state.values + walk->function->variable_count;
    walk->node = number;
    if (step->kind == C0_ASM_STEP_END) {
        arrive(walk, ARRIVAL_LEAVE, number, at, NULL, (term){0});
        return;
    }
    struct effect effect = target->block_step(walk->terms, node->stmt->assembly, node->step,
                                              walk->subject->global_addresses, registers);
    term value = effect.value;
    if (effect.access == ACCESS_LOAD)
        value = load_in_block(walk, step, &effect);
    else if (effect.access == ACCESS_STORE)
        store_in_block(walk, step, &effect);
    if (effect.writes_register && (int)effect.destination != target->zero_register)
        registers[effect.destination] = value;
    if (step->kind == C0_ASM_STEP_BRANCH)
        branch(walk, node, at, effect.taken);
    else
        hand_over(walk, node, node->next, at->path, &at->state);
}

/* Executes one node in `at` and hands its state on. */
static void execute(struct source_walker *walk, const struct c0_flow_node *node, uint32_t number,
                    struct node_state *at)
{
    struct node_state *nodes = walk->nodes;
    walk->state = &at->state;
    walk->guard = at->guard;
    switch (node->kind) {
    case C0_FLOW_ASSIGN:
        c0_rule_assign(&symbolic_reading, walk, node->stmt);
        hand_on(walk, &nodes[node->next], at->path, &at->state);
        return;
    case C0_FLOW_NEW:
        execute_new(walk, node->stmt);
        hand_on(walk, &nodes[node->next], at->path, &at->state);
        return;
    case C0_FLOW_BRANCH:
        branch(walk, node, at,
               term_truth(walk->terms, term_of(c0_rule_value(&symbolic_reading, walk,
                                                             node->stmt->value))));
        return;
    case C0_FLOW_CALL: {
        const term *arguments = arguments_of(walk, node->stmt);
        arrive(walk, ARRIVAL_CALL, number, at, arguments, (term){0});
        return;
    }
    case C0_FLOW_RETURN: {
        term result = {0};
        if (node->stmt != NULL && node->stmt->value != NULL)
            result = term_of(c0_rule_value(&symbolic_reading, walk, node->stmt->value));
        arrive(walk, ARRIVAL_EXIT, number, at, NULL, result);
        return;
    }
    case C0_FLOW_ASM:
        execute_block(walk, node, number, at);
        return;
    }
}

static void stop_at(struct source_walker *walk, const struct c0_flow_node *node, uint32_t number,
                    const struct node_state *at)
{
    if (node->kind != C0_FLOW_NEW) {
        arrive(walk, ARRIVAL_LOOP, number, at, NULL, (term){0});
        return;
    }
    term *size = ARENA_NEW(walk->arena, term);
    *size = term_word(walk->terms, layout_size_bytes(walk->subject, node->stmt->allocated), 32);
    arrive(walk, ARRIVAL_CALL, number, at, size, (term){0});
}

/* After a call: its result goes to the place named there, which is evaluated now. */
static void store_result(struct source_walker *walk, const struct c0_stmt *stmt, term result)
{
    if (stmt->place == NULL)
        return;
    struct c0_place place = c0_rule_place(&symbolic_reading, walk, stmt->place);
    store_word(walk, place, result);
}

void source_walk(struct arena *arena, struct terms *terms, const struct subject *subject,
                 const struct c0_function *function, bool has_blocks,
                 const struct c0_flow *flow, const bool *is_cut,
                 const struct source_start *start, struct source_segment *segment)
{
    struct source_walker walk = {
        .arena = arena,
        .terms = terms,
        .subject = subject,
        .function = function,
        .flow = flow,
        .value_count = block_value_count(subject->target, function, has_blocks),
        .segment = segment,
        .is_cut = ARENA_ARRAY(arena, bool, flow->count),
    };
    memcpy(walk.is_cut, is_cut, flow->count);
    struct graph graph;
    graph_of(&walk, flow, start, &graph);
    struct node_state *nodes = ARENA_ARRAY(arena, struct node_state, flow->count);
    walk.nodes = nodes;
    struct node_state first = {.guard = term_true(terms),
                               .state = state_copy(&walk, &start->state)};
    const struct c0_flow_node *start_node = &flow->nodes[start->node];
    walk.state = &first.state;
    walk.guard = first.guard;
    switch (start->kind) {
    case START_AT:
        execute(&walk, start_node, start->node, &first);
        break;
    case START_BEFORE:
        hand_on(&walk, &nodes[start->node], NULL, &first.state);
        break;
    case START_AFTER:
        store_result(&walk, start_node->stmt, start->result);
        hand_on(&walk, &nodes[start_node->next], NULL, &first.state);
        break;
    }
    for (uint32_t i = 1; i < graph.count; i++) {
        uint32_t number = graph.order[i];
        struct node_state *at = &nodes[number];
        if (at->edges.count == 0)
            continue;
        join(&walk, at);
        if (walk.is_cut[number])
            stop_at(&walk, &flow->nodes[number], number, at);
        else
            execute(&walk, &flow->nodes[number], number, at);
    }
}
