/* The C0 machine as docs/C0-MACHINE.md describes it: a configuration, and one step at a time. */
#include "semantics/c0/machine_plain.h"

#include "base/require.h"
#include "semantics/c0/machine_word.h"

#include <string.h>

static void fault(struct plain_run *run, enum c0_rule rule)
{
    if (!run->is_faulted)
        run->rule = rule;
    run->is_faulted = true;
}

/* --- The domain of words: a value is its word, a place its cell number --- */

static struct c0_value value_of(uint32_t word)
{
    return (struct c0_value){word};
}

static struct c0_value plain_constant(void *self, uint32_t word)
{
    (void)self;
    return value_of(word);
}

/* Four bytes a cell. */
static struct c0_value plain_size_of(void *self, const struct c0_type *type)
{
    (void)self;
    return value_of(type->size_cells * 4);
}

static struct c0_value plain_word(void *self, enum c0_word_op op, struct c0_value left,
                                  struct c0_value right)
{
    uint32_t left_word = (uint32_t)left.bits, right_word = (uint32_t)right.bits;
    if (c0_word_is_undefined(op, left_word, right_word)) {
        require(((struct plain_run *)self)->is_faulted, "the rules exclude undefined divisions");
        return value_of(0);
    }
    return value_of(c0_word_compute(op, left_word, right_word));
}

static void plain_require(void *self, struct c0_value condition, enum c0_rule rule,
                          struct location where)
{
    (void)where; /* a fault is located by its statement */
    if (condition.bits == 0)
        fault(self, rule);
}

static bool plain_lazy_begin(void *self, bool is_and, struct c0_value left)
{
    (void)self;
    return is_and == (left.bits != 0);
}

static struct c0_value plain_lazy_end(void *self, bool is_and, struct c0_value left,
                                      struct c0_value right)
{
    (void)self, (void)is_and, (void)left;
    return right; /* of a decided operator: the left one again */
}

static struct c0_place plain_variable(void *self, const struct c0_variable *variable)
{
    struct plain_run *run = self;
    uint32_t first =
        variable->scope == C0_SCOPE_GLOBAL
            ? c0_machine_global_cell(run->machine, variable)
            : plain_top(run)->first_cell + plain_top(run)->layout->first_cells[variable->index];
    return (struct c0_place){.variable = variable, .base = first};
}

static struct c0_place plain_object(void *self, struct c0_value pointer, const struct c0_type *type)
{
    (void)self, (void)type;
    return (struct c0_place){.base = pointer.bits};
}

static struct c0_place plain_field(void *self, struct c0_place base, const struct c0_field *field,
                                   const struct c0_type *record)
{
    (void)self, (void)record;
    base.offset += field->offset_cells;
    return base;
}

static struct c0_place plain_element(void *self, struct c0_place base, struct c0_value index,
                                     const struct c0_type *array)
{
    (void)self;
    base.offset += index.bits * array->element->size_cells;
    return base;
}

static uint32_t cell_of(const struct plain_run *run, struct c0_place place)
{
    uint64_t cell = place.base + place.offset;
    require(cell != 0 && cell < run->machine->end, "a place lies in memory");
    return (uint32_t)cell;
}

static struct c0_value plain_address(void *self, struct c0_place place)
{
    struct plain_run *run = self;
    return value_of(run->is_faulted ? 0 : cell_of(run, place));
}

static struct c0_value plain_load(void *self, struct c0_place place, const struct c0_type *type,
                                  struct location where)
{
    struct plain_run *run = self;
    (void)type, (void)where;
    if (run->is_faulted)
        return value_of(0);
    uint32_t cell = cell_of(run, place);
    if (run->machine->unset[cell])
        fault(run, C0_RULE_UNINITIALISED);
    return value_of(run->machine->words[cell]);
}

static void plain_store(void *self, struct c0_place place, const struct c0_type *type,
                        struct c0_value value)
{
    struct plain_run *run = self;
    (void)type;
    if (run->is_faulted)
        return;
    uint32_t cell = cell_of(run, place);
    if (cell < run->machine->stack_first)
        c0_machine_note_change(run->machine, cell, 1);
    run->machine->words[cell] = (uint32_t)value.bits;
    run->machine->unset[cell] = 0;
}

static void plain_copy(void *self, struct c0_place to, struct c0_place from,
                       const struct c0_type *type)
{
    struct plain_run *run = self;
    if (!run->is_faulted && cell_of(run, to) < run->machine->stack_first)
        c0_machine_note_change(run->machine, cell_of(run, to), type->size_cells);
    for (uint32_t i = 0; !run->is_faulted && i < type->size_cells; i++) {
        uint32_t to_cell = cell_of(run, to) + i, from_cell = cell_of(run, from) + i;
        run->machine->words[to_cell] = run->machine->words[from_cell];
        run->machine->unset[to_cell] = run->machine->unset[from_cell];
    }
}

static const struct c0_domain plain_domain = {
    .constant = plain_constant,
    .size_of = plain_size_of,
    .word = plain_word,
    .require = plain_require,
    .lazy_begin = plain_lazy_begin,
    .lazy_end = plain_lazy_end,
    .variable = plain_variable,
    .object = plain_object,
    .field = plain_field,
    .element = plain_element,
    .address = plain_address,
    .load = plain_load,
    .store = plain_store,
    .copy = plain_copy,
};

/* --- Steps --- */

/* A call's frame: the arguments are its first cells, the locals are uninitialised (their words are
 * 0, so that a copy of them into a global shows the same everywhere). The frame stack is exhausted
 * when the frames' cells, and two more for each, exceed the limit. */
void plain_push(struct plain_run *run, const struct c0_function *function,
                const uint32_t *arguments)
{
    struct c0_machine *machine = run->machine;
    struct plain_frame frame = {.function = function, .first_cell = machine->stack_first};
    if (run->frames.count != 0)
        frame.first_cell =
            plain_top(run)->first_cell + (uint32_t)plain_top(run)->layout->stack_cells;
    frame.layout = c0_machine_layout(machine, function);
    frame.flow = c0_machine_flow(machine, function);
    if (frame.layout->stack_cells > machine->end - frame.first_cell) {
        fault(run, C0_RULE_STACK_EXHAUSTED);
        return;
    }
    if (frame.layout->cells != 0) {
        memset(machine->words + frame.first_cell, 0, frame.layout->cells * sizeof(uint32_t));
        memset(machine->unset + frame.first_cell, 1, frame.layout->cells);
    }
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        machine->words[frame.first_cell + i] = arguments[i];
        machine->unset[frame.first_cell + i] = 0;
    }
    ARRAY_PUSH(machine->arena, &run->frames, frame);
}

/* `p = new(T);`: a zeroed object or NULL, then the place of p, then the store. */
static void step_new(struct plain_run *run, const struct c0_flow_node *node)
{
    struct c0_value value = value_of(c0_machine_new_object(run->machine, node->stmt->allocated));
    struct c0_place place = c0_rule_place(&plain_domain, run, node->stmt->place);
    plain_store(run, place, node->stmt->place->type, value);
    plain_top(run)->node = node->next;
}

static void store_result(struct plain_run *run, const struct c0_stmt *call, uint32_t result)
{
    const struct c0_expr *place = call->place;
    if (place != NULL)
        plain_store(run, c0_rule_place(&plain_domain, run, place), place->type, value_of(result));
}

/* f is only declared: the call is one step, and x takes its result at once. */
static void step_external(struct plain_run *run, const struct c0_flow_node *node)
{
    uint32_t result = 0;
    switch (c0_machine_call_external(run->machine, node->stmt, plain_top(run)->function,
                                     run->arguments.at, &result)) {
    case C0_EXTERNAL_RETURNS:
        store_result(run, node->stmt, result);
        plain_top(run)->node = node->next;
        return;
    case C0_EXTERNAL_FAULTS:
        fault(run, C0_RULE_PRECONDITION);
        return;
    case C0_EXTERNAL_STOPS:
        run->is_stopped = true;
        return;
    }
}

/* `x = f(e, ...);`: the arguments from left to right, then f's frame; x waits for the return. */
static void step_call(struct plain_run *run, const struct c0_flow_node *node)
{
    run->arguments.count = 0;
    for (uint32_t i = 0; i < node->stmt->argument_count; i++) {
        struct c0_value value = c0_rule_value(&plain_domain, run, node->stmt->arguments[i]);
        ARRAY_PUSH(run->machine->arena, &run->arguments, (uint32_t)value.bits);
    }
    if (run->is_faulted)
        return;
    if (node->stmt->callee->body == NULL)
        step_external(run, node);
    else
        plain_push(run, node->stmt->callee, run->arguments.at);
}

/* `return e;`: the value of e, then the frame goes, then the caller's x takes the value. */
static void step_return(struct plain_run *run, const struct c0_flow_node *node)
{
    struct c0_value value = {0};
    if (node->stmt != NULL)
        value = c0_rule_value(&plain_domain, run, node->stmt->value);
    if (run->is_faulted)
        return;
    run->frames.count--;
    if (run->frames.count == 0) {
        run->is_finished = true;
        run->has_result = node->stmt != NULL;
        run->result = (uint32_t)value.bits;
        return;
    }
    const struct c0_flow_node *call = &plain_top(run)->flow.nodes[plain_top(run)->node];
    store_result(run, call->stmt, (uint32_t)value.bits);
    plain_top(run)->node = call->next;
}

/* The word of the variable that the step names, which has a value before and afterwards. */
static uint32_t *asm_word(struct plain_run *run, const struct c0_asm_step *step)
{
    if (step->variable == NULL)
        return NULL;
    uint32_t cell = cell_of(run, plain_variable(run, step->variable));
    run->machine->unset[cell] = 0;
    if (step->variable->scope == C0_SCOPE_GLOBAL) /* the instruction may write it */
        c0_machine_note_change(run->machine, cell, 1);
    return &run->machine->words[cell];
}

/* A step of an asm block: one instruction. */
static void step_asm(struct plain_run *run, const struct c0_flow_node *node)
{
    const struct c0_asm_world *world = &run->machine->world;
    const struct c0_asm_step *step = c0_flow_asm_step(node);
    enum c0_rule rule = C0_RULE_ASM_INTERRUPT;
    if (world->step == NULL) {
        fault(run, rule);
        return;
    }
    enum c0_asm_outcome outcome = world->step(world->self, run->machine, node->stmt->assembly,
                                              node->step, asm_word(run, step), &rule);
    if (outcome == C0_ASM_FAULT) {
        fault(run, rule);
        return;
    }
    run->has_left = step->kind == C0_ASM_STEP_END;
    plain_top(run)->node = outcome == C0_ASM_GOES_ON ? node->next : node->otherwise;
}

uint32_t plain_value(struct plain_run *run, const struct c0_expr *expr)
{
    return (uint32_t)c0_rule_value(&plain_domain, run, expr).bits;
}

void plain_step(struct plain_run *run)
{
    struct plain_frame *frame = plain_top(run);
    const struct c0_flow_node *node = &frame->flow.nodes[frame->node];
    switch (node->kind) {
    case C0_FLOW_ASSIGN:
        c0_rule_assign(&plain_domain, run, node->stmt);
        frame->node = node->next;
        return;
    case C0_FLOW_NEW:
        step_new(run, node);
        return;
    case C0_FLOW_CALL:
        step_call(run, node);
        return;
    case C0_FLOW_BRANCH:
        frame->node = c0_rule_value(&plain_domain, run, node->stmt->value).bits != 0
                          ? node->next
                          : node->otherwise;
        return;
    case C0_FLOW_RETURN:
        step_return(run, node);
        return;
    case C0_FLOW_ASM:
        step_asm(run, node);
        return;
    }
    require(false, "a node of the flow graph");
}
