/* The C0 machine as docs/C0-MACHINE.md describes it: a configuration, and one step at a time. */
#include "semantics/c0/machine_memory.h"

#include "base/require.h"
#include "semantics/c0/machine_word.h"

#include <string.h>

struct frame {
    const struct c0_function *function;
    const struct c0_frame_layout *layout;
    struct c0_flow flow;
    uint32_t node; /* the head of this frame's program rest */
    uint32_t first_cell;
};

/* A configuration: the frames (the last one runs) over the machine's memory. */
struct run {
    struct c0_machine *machine;
    ARRAY(struct frame) frames;
    ARRAY(uint32_t) arguments; /* of the call that is being made */
    bool is_faulted, is_finished, has_left, is_stopped, has_result;
    enum c0_rule rule;
    uint32_t result;
};

static struct frame *top(struct run *run)
{
    return &run->frames.at[run->frames.count - 1];
}

static void fault(struct run *run, enum c0_rule rule)
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
        require(((struct run *)self)->is_faulted, "the rules exclude undefined divisions");
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
    struct run *run = self;
    uint32_t first = variable->scope == C0_SCOPE_GLOBAL
                         ? c0_machine_global_cell(run->machine, variable)
                         : top(run)->first_cell + top(run)->layout->first_cells[variable->index];
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

static uint32_t cell_of(const struct run *run, struct c0_place place)
{
    uint64_t cell = place.base + place.offset;
    require(cell != 0 && cell < run->machine->end, "a place lies in memory");
    return (uint32_t)cell;
}

static struct c0_value plain_address(void *self, struct c0_place place)
{
    struct run *run = self;
    return value_of(run->is_faulted ? 0 : cell_of(run, place));
}

static struct c0_value plain_load(void *self, struct c0_place place, const struct c0_type *type,
                                  struct location where)
{
    struct run *run = self;
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
    struct run *run = self;
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
    struct run *run = self;
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
static void push_frame(struct run *run, const struct c0_function *function,
                       const uint32_t *arguments)
{
    struct c0_machine *machine = run->machine;
    struct frame frame = {.function = function, .first_cell = machine->stack_first};
    if (run->frames.count != 0)
        frame.first_cell = top(run)->first_cell + (uint32_t)top(run)->layout->stack_cells;
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
static void step_new(struct run *run, const struct c0_flow_node *node)
{
    struct c0_value value = value_of(c0_machine_new_object(run->machine, node->stmt->allocated));
    struct c0_place place = c0_rule_place(&plain_domain, run, node->stmt->place);
    plain_store(run, place, node->stmt->place->type, value);
    top(run)->node = node->next;
}

static void store_result(struct run *run, const struct c0_stmt *call, uint32_t result)
{
    const struct c0_expr *place = call->place;
    if (place != NULL)
        plain_store(run, c0_rule_place(&plain_domain, run, place), place->type, value_of(result));
}

/* f is only declared: the call is one step, and x takes its result at once. */
static void step_external(struct run *run, const struct c0_flow_node *node)
{
    uint32_t result = 0;
    switch (c0_machine_call_external(run->machine, node->stmt, top(run)->function,
                                     run->arguments.at, &result)) {
    case C0_EXTERNAL_RETURNS:
        store_result(run, node->stmt, result);
        top(run)->node = node->next;
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
static void step_call(struct run *run, const struct c0_flow_node *node)
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
        push_frame(run, node->stmt->callee, run->arguments.at);
}

/* `return e;`: the value of e, then the frame goes, then the caller's x takes the value. */
static void step_return(struct run *run, const struct c0_flow_node *node)
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
    const struct c0_flow_node *call = &top(run)->flow.nodes[top(run)->node];
    store_result(run, call->stmt, (uint32_t)value.bits);
    top(run)->node = call->next;
}

/* The word of the variable that the step names, which has a value before and afterwards. */
static uint32_t *asm_word(struct run *run, const struct c0_asm_step *step)
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
static void step_asm(struct run *run, const struct c0_flow_node *node)
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
    top(run)->node = outcome == C0_ASM_GOES_ON ? node->next : node->otherwise;
}

/* One step: the head of the program rest is executed. */
static void step(struct run *run)
{
    struct frame *frame = top(run);
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

static bool has_ended(const struct run *run)
{
    return run->is_faulted || run->is_finished || run->has_left || run->is_stopped;
}

struct c0_outcome c0_machine_call_plain(struct c0_machine *machine,
                                        const struct c0_function *function,
                                        const uint32_t *arguments, uint64_t max_steps)
{
    struct run run = {.machine = machine};
    struct c0_outcome outcome = {.status = C0_LIMIT, .where = function->where};
    c0_machine_require_arguments(machine, function, arguments);
    push_frame(&run, function, arguments);
    while (!has_ended(&run) && outcome.steps < max_steps) {
        const struct frame *frame = top(&run);
        const struct c0_stmt *stmt = frame->flow.nodes[frame->node].stmt;
        if (stmt != NULL)
            outcome.where = stmt->where;
        if (machine->counts != NULL)
            machine->counts[machine->first_count[frame->function->index] + frame->node]++;
        step(&run);
        outcome.steps += !run.is_faulted && !run.is_stopped; /* such a step is none */
    }
    if (run.is_faulted) {
        outcome.status = C0_FAULTED;
        outcome.rule = run.rule;
    } else if (run.is_stopped) {
        outcome.status = C0_STOPPED;
    } else if (run.has_left) {
        outcome.status = C0_LEFT;
    } else if (run.is_finished) {
        outcome.status = C0_RETURNED;
        outcome.has_result = run.has_result;
        outcome.result = run.result;
    }
    return outcome;
}
