/* The recording reading of the rules: each operation of the domain becomes an instruction. */
#include "semantics/c0/fast_record.h"

#include "base/require.h"

/* --- Operands and places as the domain passes them --- */

static struct c0_value wrap(struct fast_operand operand)
{
    return (struct c0_value){(uint64_t)operand.kind << 32 | operand.number};
}

static struct fast_operand unwrap(struct c0_value value)
{
    return (struct fast_operand){(enum fast_operand_kind)(value.bits >> 32), (uint32_t)value.bits};
}

static struct c0_place keep_place(struct fast_recorder *recorder, struct fast_place place)
{
    ARRAY_PUSH(recorder->emitter.arena, &recorder->places, place);
    return (struct c0_place){.base = recorder->places.count - 1};
}

static struct fast_place kept_place(const struct fast_recorder *recorder, struct c0_place place)
{
    return recorder->places.at[place.base];
}

static void emit(struct fast_recorder *recorder, enum c0_fast_op op, uint32_t a, uint32_t b,
                 uint32_t c, uint32_t d)
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
    struct fast_recorder *recorder = self;
    return wrap(fast_word(&recorder->emitter, op, unwrap(left), unwrap(right)));
}

static void record_require(void *self, struct c0_value condition, enum c0_rule rule,
                           struct location where)
{
    struct fast_recorder *recorder = self;
    (void)where; /* a fault is located by its statement */
    fast_require(&recorder->emitter, unwrap(condition), rule);
}

static bool record_lazy_begin(void *self, bool is_and, struct c0_value left)
{
    struct fast_recorder *recorder = self;
    return fast_lazy_begin(&recorder->emitter, is_and, unwrap(left));
}

static struct c0_value record_lazy_end(void *self, bool is_and, struct c0_value left,
                                       struct c0_value right)
{
    struct fast_recorder *recorder = self;
    return wrap(fast_lazy_end(&recorder->emitter, is_and, unwrap(left), unwrap(right)));
}

/* --- Places --- */

static struct c0_place record_variable(void *self, const struct c0_variable *variable)
{
    struct fast_recorder *recorder = self;
    struct fast_place place = {.is_in_frame = variable->scope != C0_SCOPE_GLOBAL};
    place.is_scalar = place.is_in_frame && c0_type_is_elementary(variable->type);
    place.offset = place.is_in_frame ? recorder->layout->first_cells[variable->index]
                                     : c0_machine_global_cell(recorder->emitter.machine, variable);
    return keep_place(recorder, place);
}

static struct c0_place record_object(void *self, struct c0_value pointer,
                                     const struct c0_type *type)
{
    struct fast_recorder *recorder = self;
    struct fast_place place = {.register_count = 1};
    (void)type;
    place.registers[0] = fast_in_register(&recorder->emitter, unwrap(pointer));
    return keep_place(recorder, place);
}

static struct c0_place record_field(void *self, struct c0_place base, const struct c0_field *field,
                                    const struct c0_type *record)
{
    struct fast_place place = kept_place(self, base);
    (void)record;
    place.offset += field->offset_cells;
    return keep_place(self, place);
}

/* Makes the registers of a place one. */
static void join_registers(struct fast_recorder *recorder, struct fast_place *place)
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
    struct fast_recorder *recorder = self;
    struct fast_place place = kept_place(recorder, base);
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
static struct fast_operand address_of(struct fast_recorder *recorder, struct fast_place place)
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
    struct fast_place place = kept_place(self, kept);
    require(!place.is_in_frame, "no pointer leads into a frame");
    return wrap(address_of(self, place));
}

/* --- Cells --- */

/* An access `op` (the first of the instructions for no, one and two registers). */
static void access(struct fast_recorder *recorder, enum c0_fast_op op, uint32_t a,
                   struct fast_place place)
{
    if (place.register_count == 2)
        emit(recorder, (enum c0_fast_op)(op + 2), a, place.registers[0], place.registers[1],
             place.offset);
    else
        emit(recorder, (enum c0_fast_op)(op + place.register_count), a, place.registers[0],
             place.offset, 0);
}

/* The fault of reading a cell that is not initialised. */
static void check_mark(struct fast_recorder *recorder, struct fast_place place)
{
    enum c0_fast_op op = place.is_in_frame ? C0_FAST_SETF0 : C0_FAST_SETM0;
    emit(recorder, (enum c0_fast_op)(op + place.register_count), 0, place.registers[0],
         place.offset, C0_RULE_UNINITIALISED);
}

static void set_mark(struct fast_recorder *recorder, struct fast_place place)
{
    enum c0_fast_op op = place.is_in_frame ? C0_FAST_MARKF0 : C0_FAST_MARKM0;
    emit(recorder, (enum c0_fast_op)(op + place.register_count), 0, place.registers[0],
         place.offset, 0);
}

static bool has_mark(const struct fast_recorder *recorder, struct fast_place place)
{
    return place.is_in_frame ? !place.is_scalar : recorder->emitter.machine->may_unset_memory;
}

static struct c0_value record_load(void *self, struct c0_place kept, const struct c0_type *type,
                                   struct location where)
{
    struct fast_recorder *recorder = self;
    struct fast_place place = kept_place(recorder, kept);
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

static bool is_tracked(const struct fast_recorder *recorder)
{
    return recorder->emitter.machine->changed != NULL;
}

static void store_to(struct fast_recorder *recorder, struct fast_place place,
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
    if (!place.is_in_frame && is_tracked(recorder))
        access(recorder, C0_FAST_CHANGEM0, 0, place);
}

static void record_store(void *self, struct c0_place kept, const struct c0_type *type,
                         struct c0_value value)
{
    struct fast_recorder *recorder = self;
    struct fast_place place = kept_place(recorder, kept);
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
    struct fast_recorder *recorder = self;
    struct fast_place to = kept_place(recorder, kept_to);
    struct fast_place from = kept_place(recorder, kept_from);
    uint32_t to_first = fast_in_register(&recorder->emitter, address_of(recorder, to));
    uint32_t from_first = fast_in_register(&recorder->emitter, address_of(recorder, from));
    emit(recorder, ops[to.is_in_frame][from.is_in_frame], to_first, from_first, type->size_cells,
         0);
    if (!to.is_in_frame && is_tracked(recorder))
        emit(recorder, C0_FAST_CHANGEMC, to_first, 0, type->size_cells, 0);
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

static struct fast_operand value_operand(struct fast_recorder *recorder, const struct c0_expr *expr)
{
    return unwrap(c0_rule_value(&recording_domain, recorder, expr));
}

/* `p = new(T);` */
static void record_new(struct fast_recorder *recorder, const struct c0_stmt *stmt)
{
    struct c0_machine *machine = recorder->emitter.machine;
    uint32_t target = fast_temporary(&recorder->emitter);
    ARRAY_PUSH(machine->arena, &machine->fast->types, stmt->allocated);
    emit(recorder, C0_FAST_NEW, target, 0, (uint32_t)machine->fast->types.count - 1, 0);
    struct c0_place place = c0_rule_place(&recording_domain, recorder, stmt->place);
    record_store(recorder, place, stmt->place->type, wrap(fast_register(target)));
}

static void emit_external(struct fast_recorder *recorder, const struct c0_stmt *stmt,
                          uint32_t window, uint32_t result)
{
    struct c0_machine *machine = recorder->emitter.machine;
    struct c0_external_call call = {stmt, recorder->function};
    ARRAY_PUSH(machine->arena, &machine->fast->externals, call);
    emit(recorder, C0_FAST_EXTERNAL, (uint32_t)machine->fast->externals.count - 1, window, result,
         C0_RULE_PRECONDITION);
}

/* `x = f(e, ...);`: the arguments go where the callee's window begins, on top of this one's
 * temporaries. A local x takes the result at once; a global one with the instruction after the
 * call, which belongs to the step of the return (of a function that is only declared: of the call).
 */
static void record_call(struct fast_recorder *recorder, const struct c0_stmt *stmt)
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
    if (stmt->callee->body == NULL)
        emit_external(recorder, stmt, window, result);
    else
        emit(recorder, C0_FAST_CALL, stmt->callee->index, window, result, 0);
    emitter->barrier = (uint32_t)emitter->code.count;
    if (stmt->place != NULL && result == window)
        record_store(recorder, kept, stmt->place->type, wrap(fast_register(window)));
}

static void record_return(struct fast_recorder *recorder, const struct c0_stmt *stmt)
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

/* Where steps are counted, a node begins with that. */
static void record_count(struct fast_recorder *recorder, const struct c0_flow_node *node)
{
    const struct c0_machine *machine = recorder->emitter.machine;
    uint32_t number = (uint32_t)(node - recorder->flow.nodes);
    if (machine->counts != NULL)
        emit(recorder, C0_FAST_COUNT, machine->first_count[recorder->function->index] + number, 0,
             0, 0);
}

bool fast_record_node(struct fast_recorder *recorder, const struct c0_flow_node *node)
{
    fast_begin_node(&recorder->emitter, node->stmt);
    recorder->places.count = 0;
    record_count(recorder, node);
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
    case C0_FLOW_ASM:
        break; /* programs with blocks are run plainly */
    }
    require(false, "a node of the flow graph");
    return false;
}
