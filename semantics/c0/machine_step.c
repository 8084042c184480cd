#include "semantics/c0/machine_step.h"

#include "base/require.h"
#include "semantics/c0/machine_plain.h"

struct c0_steps {
    struct plain_run run;
    struct c0_outcome outcome;
};

struct c0_steps *c0_steps_new(struct c0_machine *machine)
{
    struct c0_steps *steps = ARENA_NEW(machine->arena, struct c0_steps);
    steps->run.machine = machine;
    return steps;
}

/* --- Steps --- */

bool c0_steps_has_ended(const struct c0_steps *steps)
{
    const struct plain_run *run = &steps->run;
    return run->is_faulted || run->is_finished || run->has_left || run->is_stopped;
}

void c0_steps_begin(struct c0_steps *steps, const struct c0_function *function,
                    const uint32_t *arguments)
{
    struct plain_run *run = &steps->run;
    c0_machine_require_arguments(run->machine, function, arguments);
    run->frames.count = 0;
    run->is_faulted = run->is_finished = run->has_left = run->is_stopped = run->has_result = false;
    steps->outcome = (struct c0_outcome){.where = function->where};
    plain_push(run, function, arguments);
}

bool c0_steps_step(struct c0_steps *steps)
{
    struct plain_run *run = &steps->run;
    struct c0_machine *machine = run->machine;
    const struct plain_frame *frame = plain_top(run);
    const struct c0_stmt *stmt = frame->flow.nodes[frame->node].stmt;
    if (stmt != NULL)
        steps->outcome.where = stmt->where;
    if (machine->counts != NULL)
        machine->counts[machine->first_count[frame->function->index] + frame->node]++;
    plain_step(run);
    steps->outcome.steps += !run->is_faulted && !run->is_stopped; /* such a step is none */
    return !c0_steps_has_ended(steps);
}

struct c0_outcome c0_steps_outcome(const struct c0_steps *steps)
{
    const struct plain_run *run = &steps->run;
    struct c0_outcome outcome = steps->outcome;
    outcome.status = C0_LIMIT;
    if (run->is_faulted) {
        outcome.status = C0_FAULTED;
        outcome.rule = run->rule;
    } else if (run->is_stopped) {
        outcome.status = C0_STOPPED;
    } else if (run->has_left) {
        outcome.status = C0_LEFT;
    } else if (run->is_finished) {
        outcome.status = C0_RETURNED;
        outcome.has_result = run->has_result;
        outcome.result = run->result;
    }
    return outcome;
}

struct c0_outcome c0_machine_call_plain(struct c0_machine *machine,
                                        const struct c0_function *function,
                                        const uint32_t *arguments, uint64_t max_steps)
{
    struct c0_steps steps = {.run.machine = machine};
    c0_steps_begin(&steps, function, arguments);
    bool goes_on = !c0_steps_has_ended(&steps);
    while (goes_on && steps.outcome.steps < max_steps)
        goes_on = c0_steps_step(&steps);
    return c0_steps_outcome(&steps);
}

/* --- The configuration --- */

static const struct plain_frame *frame_at(const struct c0_steps *steps, size_t frame)
{
    require(frame < steps->run.frames.count, "a frame of the call");
    return &steps->run.frames.at[frame];
}

size_t c0_steps_depth(const struct c0_steps *steps)
{
    return steps->run.frames.count;
}

const struct c0_function *c0_steps_function(const struct c0_steps *steps, size_t frame)
{
    return frame_at(steps, frame)->function;
}

uint32_t c0_steps_node_number(const struct c0_steps *steps, size_t frame)
{
    return frame_at(steps, frame)->node;
}

const struct c0_flow_node *c0_steps_node(const struct c0_steps *steps, size_t frame)
{
    const struct plain_frame *at = frame_at(steps, frame);
    return &at->flow.nodes[at->node];
}

bool c0_steps_variable(const struct c0_steps *steps, size_t frame, uint32_t variable, uint32_t cell,
                       uint32_t *word)
{
    const struct plain_frame *at = frame_at(steps, frame);
    require(variable < at->function->variable_count &&
                cell < at->function->variables[variable]->type->size_cells,
            "a cell of a variable of the function");
    uint32_t number = at->first_cell + at->layout->first_cells[variable] + cell;
    *word = steps->run.machine->words[number];
    return steps->run.machine->unset[number] == 0;
}

/* --- The next step --- */

/* Expressions have no effects: they may be evaluated before their step is made. */
static bool look_ahead(const struct c0_steps *steps, const struct c0_expr *expr, uint32_t *word)
{
    struct plain_run run = steps->run;
    *word = plain_value(&run, expr);
    return !run.is_faulted;
}

static const struct c0_stmt *next_stmt(const struct c0_steps *steps, enum c0_flow_kind kind)
{
    const struct c0_flow_node *node = c0_steps_node(steps, c0_steps_depth(steps) - 1);
    require(node->kind == kind, "the next step is of the kind that is asked about");
    return node->stmt;
}

bool c0_steps_arguments(const struct c0_steps *steps, uint32_t *words)
{
    const struct c0_stmt *stmt = next_stmt(steps, C0_FLOW_CALL);
    for (uint32_t i = 0; i < stmt->argument_count; i++)
        if (!look_ahead(steps, stmt->arguments[i], &words[i]))
            return false;
    return true;
}

bool c0_steps_result(const struct c0_steps *steps, uint32_t *word)
{
    const struct c0_stmt *stmt = next_stmt(steps, C0_FLOW_RETURN);
    *word = 0;
    return stmt == NULL || look_ahead(steps, stmt->value, word);
}

uint32_t c0_steps_new_object(const struct c0_steps *steps)
{
    return c0_machine_next_object(steps->run.machine, next_stmt(steps, C0_FLOW_NEW)->allocated);
}
