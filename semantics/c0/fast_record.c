/* The recording reading of the rules: each operation of the domain becomes an instruction. */
#include "semantics/c0/fast_emit.h"

#include "base/require.h"

/* A place: cells at a constant offset from the sum of up to two registers, in memory or (then from
 * one register at most) in the window. */
struct recorded_place {
    bool is_in_frame;
    bool is_scalar; /* a local of elementary type: the compiler saw to its initialisation */
    uint32_t register_count, registers[2];
    uint32_t offset;
};

struct recorder {
    struct fast_emitter emitter;
    const struct c0_frame_layout *layout;
    ARRAY(struct recorded_place) places; /* of the node being recorded */
};

/* --- Operands and places as the domain passes them --- */

static struct c0_value wrap(struct fast_operand operand)
{
    return (struct c0_value){(uint64_t)operand.kind << 32 | operand.number};
}

static struct fast_operand unwrap(struct c0_value value)
{
    return (struct fast_operand){(enum fast_operand_kind)(value.bits >> 32), (uint32_t)value.bits};
}

static struct c0_place keep_place(struct recorder *recorder, struct recorded_place place)
{
    ARRAY_PUSH(recorder->emitter.arena, &recorder->places, place);
    return (struct c0_place){.base = recorder->places.count - 1};
}

static struct recorded_place kept_place(const struct recorder *recorder, struct c0_place place)
{
    return recorder->places.at[place.base];
}

static void emit(struct recorder *recorder, enum c0_fast_op op, uint32_t a, uint32_t b, uint32_t c,
                 uint32_t d)
{
    fast_emit(&recorder->emitter, (struct c0_instr){(uint16_t)op, 0, a, b, c, d});
}

/* --- Words --- */

static struct c0_value record_constant(void *self, uint32_t word)
{
    (void)self;
    return wrap(fast_constant(word));
}

/* Four bytes a cell. */
static struct c0_value record_size_of(void *self, const struct c0_type *type)
{
    (void)self;
    return wrap(fast_constant(type->size_cells * 4));
}

static struct c0_value record_word(void *self, enum c0_word_op op, struct c0_value left,
                                   struct c0_value right)
{
    struct recorder *recorder = self;
    return wrap(fast_word(&recorder->emitter, op, unwrap(left), unwrap(right)));
}

static void record_require(void *self, struct c0_value condition, enum c0_rule rule,
                           struct location where)
{
    struct recorder *recorder = self;
    (void)where; /* a fault is located by its statement */
    fast_require(&recorder->emitter, unwrap(condition), rule);
}

static bool record_lazy_begin(void *self, bool is_and, struct c0_value left)
{
    struct recorder *recorder = self;
    return fast_lazy_begin(&recorder->emitter, is_and, unwrap(left));
}

static struct c0_value record_lazy_end(void *self, bool is_and, struct c0_value left,
                                       struct c0_value right)
{
    struct recorder *recorder = self;
    return wrap(fast_lazy_end(&recorder->emitter, is_and, unwrap(left), unwrap(right)));
}

/* --- Places --- */

static struct c0_place record_variable(void *self, const struct c0_variable *variable)
{
    struct recorder *recorder = self;
    struct recorded_place place = {.is_in_frame = variable->scope != C0_SCOPE_GLOBAL};
    place.is_scalar = place.is_in_frame && c0_type_is_elementary(variable->type);
    place.offset = place.is_in_frame ? recorder->layout->first_cells[variable->index]
                                     : c0_machine_global_cell(recorder->emitter.machine, variable);
    return keep_place(recorder, place);
}

static struct c0_place record_object(void *self, struct c0_value pointer,
                                     const struct c0_type *type)
{
    struct recorder *recorder = self;
    struct recorded_place place = {.register_count = 1};
    (void)type;
    place.registers[0] = fast_in_register(&recorder->emitter, unwrap(pointer));
    return keep_place(recorder, place);
}

static struct c0_place record_field(void *self, struct c0_place base, const struct c0_field *field,
                                    const struct c0_type *record)
{
    struct recorded_place place = kept_place(self, base);
    (void)record;
    place.offset += field->offset_cells;
    return keep_place(self, place);
}

/* Makes the registers of a place one. */
static void join_registers(struct recorder *recorder, struct recorded_place *place)
{
    if (place->register_count < 2)
        return;
    uint32_t sum = fast_temporary(&recorder->emitter);
    emit(recorder, C0_FAST_ADD, sum, place->registers[0], place->registers[1], 0);
    place->register_count = 1;
    place->registers[0] = sum;
}

static struct c0_place record_element(void *self, struct c0_place base, struct c0_value index,
                                      const struct c0_type *array)
{
    struct recorder *recorder = self;
    struct recorded_place place = kept_place(recorder, base);
    struct fast_operand distance = fast_word(&recorder->emitter, C0_WORD_MUL, unwrap(index),
                                             fast_constant(array->element->size_cells));
    if (distance.kind == FAST_CONSTANT) {
        place.offset += distance.number;
        return keep_place(recorder, place);
    }
    join_registers(recorder, &place);
    place.registers[place.register_count++] = fast_in_register(&recorder->emitter, distance);
    if (place.is_in_frame)
        join_registers(recorder, &place);
    return keep_place(recorder, place);
}

/* The number of the place's first cell: in memory, or in the window. */
static struct fast_operand address_of(struct recorder *recorder, struct recorded_place place)
{
    join_registers(recorder, &place);
    struct fast_operand offset = fast_constant(place.offset);
    if (place.register_count == 0)
        return offset;
    struct fast_operand base = fast_register(place.registers[0]);
    return place.offset == 0 ? base : fast_word(&recorder->emitter, C0_WORD_ADD, base, offset);
}

static struct c0_value record_address(void *self, struct c0_place kept)
{
    struct recorded_place place = kept_place(self, kept);
    require(!place.is_in_frame, "no pointer leads into a frame");
    return wrap(address_of(self, place));
}

/* --- Cells --- */

/* An access `op` (the first of the instructions for no, one and two registers). */
static void access(struct recorder *recorder, enum c0_fast_op op, uint32_t a,
                   struct recorded_place place)
{
    if (place.register_count == 2)
        emit(recorder, (enum c0_fast_op)(op + 2), a, place.registers[0], place.registers[1],
             place.offset);
    else
        emit(recorder, (enum c0_fast_op)(op + place.register_count), a, place.registers[0],
             place.offset, 0);
}

/* The fault of reading a cell that is not initialised. */
static void check_mark(struct recorder *recorder, struct recorded_place place)
{
    enum c0_fast_op op = place.is_in_frame ? C0_FAST_SETF0 : C0_FAST_SETM0;
    emit(recorder, (enum c0_fast_op)(op + place.register_count), 0, place.registers[0],
         place.offset, C0_RULE_UNINITIALISED);
}

static void set_mark(struct recorder *recorder, struct recorded_place place)
{
    enum c0_fast_op op = place.is_in_frame ? C0_FAST_MARKF0 : C0_FAST_MARKM0;
    emit(recorder, (enum c0_fast_op)(op + place.register_count), 0, place.registers[0],
         place.offset, 0);
}

static bool has_mark(const struct recorder *recorder, struct recorded_place place)
{
    return place.is_in_frame ? !place.is_scalar : recorder->emitter.machine->may_unset_memory;
}

static struct c0_value record_load(void *self, struct c0_place kept, const struct c0_type *type,
                                   struct location where)
{
    struct recorder *recorder = self;
    struct recorded_place place = kept_place(recorder, kept);
    (void)type, (void)where;
    if (has_mark(recorder, place)) {
        join_registers(recorder, &place);
        check_mark(recorder, place);
    }
    if (place.is_in_frame && place.register_count == 0)
        return wrap(fast_register(place.offset));
    uint32_t target = fast_temporary(&recorder->emitter);
    if (place.is_in_frame)
        emit(recorder, C0_FAST_LOADF1, target, place.registers[0], place.offset, 0);
    else
        access(recorder, C0_FAST_LOADM0, target, place);
    return wrap(fast_register(target));
}

static void store_to(struct recorder *recorder, struct recorded_place place,
                     struct fast_operand operand)
{
    if (place.is_in_frame && place.register_count == 0) {
        fast_move_to(&recorder->emitter, place.offset, operand);
        return;
    }
    bool is_constant = operand.kind == FAST_CONSTANT;
    uint32_t source = is_constant ? operand.number : fast_in_register(&recorder->emitter, operand);
    if (place.is_in_frame)
        emit(recorder, is_constant ? C0_FAST_STOREKF1 : C0_FAST_STOREF1, source, place.registers[0],
             place.offset, 0);
    else
        access(recorder, is_constant ? C0_FAST_STOREKM0 : C0_FAST_STOREM0, source, place);
}

static void record_store(void *self, struct c0_place kept, const struct c0_type *type,
                         struct c0_value value)
{
    struct recorder *recorder = self;
    struct recorded_place place = kept_place(recorder, kept);
    (void)type;
    if (has_mark(recorder, place))
        join_registers(recorder, &place);
    store_to(recorder, place, unwrap(value));
    if (has_mark(recorder, place))
        set_mark(recorder, place);
}

static void record_copy(void *self, struct c0_place kept_to, struct c0_place kept_from,
                        const struct c0_type *type)
{
    static const enum c0_fast_op ops[2][2] = {{C0_FAST_COPYMM, C0_FAST_COPYMF},
                                              {C0_FAST_COPYFM, C0_FAST_COPYFF}};
    struct recorder *recorder = self;
    struct recorded_place to = kept_place(recorder, kept_to);
    struct recorded_place from = kept_place(recorder, kept_from);
    uint32_t to_first = fast_in_register(&recorder->emitter, address_of(recorder, to));
    uint32_t from_first = fast_in_register(&recorder->emitter, address_of(recorder, from));
    emit(recorder, ops[to.is_in_frame][from.is_in_frame], to_first, from_first, type->size_cells,
         0);
}

static const struct c0_domain recording_domain = {
    .constant = record_constant,
    .size_of = record_size_of,
    .word = record_word,
    .require = record_require,
    .lazy_begin = record_lazy_begin,
    .lazy_end = record_lazy_end,
    .variable = record_variable,
    .object = record_object,
    .field = record_field,
    .element = record_element,
    .address = record_address,
    .load = record_load,
    .store = record_store,
    .copy = record_copy,
};

/* --- Nodes --- */

static struct fast_operand value_operand(struct recorder *recorder, const struct c0_expr *expr)
{
    return unwrap(c0_rule_value(&recording_domain, recorder, expr));
}

/* `p = new(T);` */
static void record_new(struct recorder *recorder, const struct c0_stmt *stmt)
{
    struct c0_machine *machine = recorder->emitter.machine;
    uint32_t target = fast_temporary(&recorder->emitter);
    ARRAY_PUSH(machine->arena, &machine->fast->types, stmt->allocated);
    emit(recorder, C0_FAST_NEW, target, 0, (uint32_t)machine->fast->types.count - 1, 0);
    struct c0_place place = c0_rule_place(&recording_domain, recorder, stmt->place);
    record_store(recorder, place, stmt->place->type, wrap(fast_register(target)));
}

/* `x = f(e, ...);`: the arguments go where the callee's window begins, on top of this one's
 * temporaries. A local x takes the result at once; a global one with the instruction after the
 * call, which belongs to the step of the return. */
static void record_call(struct recorder *recorder, const struct c0_stmt *stmt)
{
    struct fast_emitter *emitter = &recorder->emitter;
    uint32_t window = fast_temporaries(emitter, stmt->argument_count + 1);
    for (uint32_t i = 0; i < stmt->argument_count; i++)
        fast_move_to(emitter, window + i, value_operand(recorder, stmt->arguments[i]));
    uint32_t result = window;
    struct c0_place kept = {0};
    if (stmt->place != NULL) {
        require(stmt->place->kind == C0_EXPR_VARIABLE, "a call's result goes to a variable");
        kept = c0_rule_place(&recording_domain, recorder, stmt->place);
        if (kept_place(recorder, kept).is_in_frame)
            result = kept_place(recorder, kept).offset;
    }
    emit(recorder, C0_FAST_CALL, stmt->callee->index, window, result, 0);
    emitter->barrier = (uint32_t)emitter->code.count;
    if (stmt->place != NULL && result == window)
        record_store(recorder, kept, stmt->place->type, wrap(fast_register(window)));
}

static void record_return(struct recorder *recorder, const struct c0_stmt *stmt)
{
    uint32_t stack_cells = (uint32_t)recorder->layout->stack_cells;
    if (stmt == NULL) {
        emit(recorder, C0_FAST_RETURNV, 0, stack_cells, 0, 0);
        return;
    }
    struct fast_operand result = value_operand(recorder, stmt->value);
    uint32_t source = fast_in_register(&recorder->emitter, result);
    emit(recorder, C0_FAST_RETURN, source, stack_cells, 0, 0);
}

/* --- Blocks --- */

enum {
    NO_BLOCK = 0x7fffffff,
    MOST_NODES = 60000, /* of a block: its steps fit their field */
    MOST_REPEATED = 4,  /* nodes after a join that a block repeats rather than jump to */
};

struct tracer {
    struct recorder recorder;
    struct c0_flow flow;
    uint32_t *blocks;       /* by node: the first instruction of its block */
    uint32_t *predecessors; /* by node: how many edges lead to it */
};

/* The block that began at `first` ends here: now its steps are known. */
static void close_block(struct fast_emitter *emitter, uint32_t first)
{
    require(emitter->code.count > first, "a block has an instruction");
    emitter->code.at[first].steps = (uint16_t)emitter->steps_done;
    for (size_t i = first; i < emitter->sites.count; i++)
        emitter->sites.at[i].pending = emitter->steps_done - emitter->sites.at[i].pending;
    emitter->steps_done = 0;
}

/* Records a node; true if control can only go on with `next`. */
static bool record_node(struct tracer *tracer, const struct c0_flow_node *node)
{
    struct recorder *recorder = &tracer->recorder;
    fast_begin_node(&recorder->emitter, node->stmt);
    recorder->places.count = 0;
    switch (node->kind) {
    case C0_FLOW_ASSIGN:
        c0_rule_assign(&recording_domain, recorder, node->stmt);
        return true;
    case C0_FLOW_NEW:
        record_new(recorder, node->stmt);
        return true;
    case C0_FLOW_CALL:
        record_call(recorder, node->stmt);
        return true;
    case C0_FLOW_BRANCH:
        fast_branch(&recorder->emitter, value_operand(recorder, node->stmt->value), node->next,
                    node->otherwise);
        return false;
    case C0_FLOW_RETURN:
        record_return(recorder, node->stmt);
        return false;
    }
    require(false, "a node of the flow graph");
    return false;
}

/* A call ends its block, for control comes back to the instruction after it. A result for a global
 * is stored there, in a block of no steps. Gives the first instruction of the next block. */
static uint32_t after_call(struct tracer *tracer, uint32_t first, uint32_t next)
{
    struct fast_emitter *emitter = &tracer->recorder.emitter;
    uint32_t end = (uint32_t)emitter->code.count, call = end - 1;
    while (emitter->code.at[call].op != C0_FAST_CALL)
        call--;
    close_block(emitter, first);
    if (call + 1 == end)
        return end;
    for (uint32_t i = call + 1; i < end; i++)
        emitter->sites.at[i].pending = 0;
    fast_jump(emitter, next);
    return NO_BLOCK;
}

/* Records a block: the chain of nodes from `node` on, up to a branch or a return. What follows a
 * join is repeated if it is short, so that a loop's test stands at the end of its body too. */
static void record_block(struct tracer *tracer, uint32_t node)
{
    struct fast_emitter *emitter = &tracer->recorder.emitter;
    uint32_t first = (uint32_t)emitter->code.count, repeated = 0;
    tracer->blocks[node] = first;
    for (;;) {
        const struct c0_flow_node *at = &tracer->flow.nodes[node];
        bool goes_on = record_node(tracer, at);
        emitter->steps_done++;
        if (!goes_on)
            break;
        node = at->next;
        if (at->kind == C0_FLOW_CALL) {
            first = after_call(tracer, first, node);
            if (first == NO_BLOCK)
                return;
        }
        bool is_end = tracer->flow.nodes[node].kind == C0_FLOW_BRANCH ||
                      tracer->flow.nodes[node].kind == C0_FLOW_RETURN;
        repeated += repeated != 0 || tracer->predecessors[node] > 1;
        if ((repeated > MOST_REPEATED && !is_end) || emitter->steps_done >= MOST_NODES) {
            fast_jump(emitter, node);
            break;
        }
    }
    close_block(emitter, first);
}

static void count_predecessors(struct tracer *tracer)
{
    tracer->predecessors[0]++;
    for (uint32_t i = 0; i < tracer->flow.count; i++) {
        const struct c0_flow_node *node = &tracer->flow.nodes[i];
        if (node->kind != C0_FLOW_RETURN)
            tracer->predecessors[node->next]++;
        if (node->kind == C0_FLOW_BRANCH)
            tracer->predecessors[node->otherwise]++;
    }
}

/* Entry: the marks of local structs and arrays say "uninitialised"; then node 0. */
static void record_entry(struct recorder *recorder, const struct c0_function *function)
{
    fast_begin_node(&recorder->emitter, NULL);
    for (uint32_t i = 0; i < function->variable_count; i++) {
        const struct c0_type *type = function->variables[i]->type;
        if (!c0_type_is_elementary(type))
            emit(recorder, C0_FAST_CLEARF, 0, recorder->layout->first_cells[i], type->size_cells,
                 0);
    }
    fast_jump(&recorder->emitter, 0);
    close_block(&recorder->emitter, 0);
}

static void resolve_links(struct tracer *tracer)
{
    struct fast_emitter *emitter = &tracer->recorder.emitter;
    for (size_t i = 0; i < emitter->links.count; i++) {
        const struct fast_link *link = &emitter->links.at[i];
        struct c0_instr *instr = &emitter->code.at[link->patch.instr];
        *(link->patch.is_d ? &instr->d : &instr->c) =
            tracer->blocks[link->node] - link->patch.instr;
    }
}

struct c0_code *c0_fast_record(struct c0_machine *machine, const struct c0_function *function)
{
    struct arena *scratch = arena_new();
    struct tracer tracer = {.flow = c0_machine_flow(machine, function)};
    struct recorder *recorder = &tracer.recorder;
    struct fast_emitter *emitter = &recorder->emitter;
    recorder->layout = c0_machine_layout(machine, function);
    emitter->machine = machine;
    emitter->arena = scratch;
    emitter->open = NO_CONDITION;
    emitter->first_temporary = emitter->window_cells = recorder->layout->cells;
    tracer.blocks = ARENA_ARRAY(scratch, uint32_t, tracer.flow.count);
    tracer.predecessors = ARENA_ARRAY(scratch, uint32_t, tracer.flow.count);
    for (uint32_t i = 0; i < tracer.flow.count; i++)
        tracer.blocks[i] = NO_BLOCK;
    count_predecessors(&tracer);
    record_entry(recorder, function);
    for (size_t i = 0; i < emitter->links.count; i++) /* grows as blocks are recorded */
        if (tracer.blocks[emitter->links.at[i].node] == NO_BLOCK)
            record_block(&tracer, emitter->links.at[i].node);
    resolve_links(&tracer);
    struct c0_code *code =
        c0_fast_finish(machine, emitter->code.at, emitter->sites.at, (uint32_t)emitter->code.count);
    code->window_cells = emitter->window_cells;
    code->stack_cells = (uint32_t)recorder->layout->stack_cells;
    arena_free(scratch);
    return code;
}
