/* The interpreter of the fast machine. */
#include "semantics/c0/fast_code.h"

#include "base/require.h"
#include "semantics/c0/fast_ops.h"

/* Labels as values: the one place where the speed is worth an extension of the compilers. */
#pragma GCC diagnostic ignored "-Wpedantic"

enum { FIRST_CAPACITY_CELLS = 4096, FIRST_CONTROL_CAPACITY = 256 };

/* What a run keeps outside the interpreter's registers. */
struct fast_run {
    struct c0_machine *machine;
    uint64_t stack_used, depth;
    int64_t steps_left;
    const struct c0_instr *at; /* where it ended */
    /* The instructions that a STOP is written over. */
    struct c0_instr *stop;
    uint16_t stop_op, before_op;
};

/* --- Windows --- */

static void *grown(struct arena *arena, const void *at, size_t count, size_t larger,
                   size_t size_bytes)
{
    void *moved = arena_array(arena, larger, size_bytes);
    if (count != 0)
        memcpy(moved, at, count * size_bytes);
    return moved;
}

/* Makes room for `cells` cells of windows and `depth` returns. */
static void make_room(struct c0_machine *machine, uint64_t cells, uint64_t depth)
{
    struct c0_fast *fast = machine->fast;
    uint64_t capacity = fast->capacity_cells == 0 ? FIRST_CAPACITY_CELLS : fast->capacity_cells;
    while (capacity < cells)
        capacity *= 2;
    require(capacity <= UINT32_MAX, "the windows have room");
    if (capacity != fast->capacity_cells) {
        fast->words =
            grown(machine->arena, fast->words, fast->capacity_cells, capacity, sizeof *fast->words);
        fast->unset = grown(machine->arena, fast->unset, fast->capacity_cells, capacity, 1);
        fast->capacity_cells = (uint32_t)capacity;
    }
    capacity = fast->control_capacity == 0 ? FIRST_CONTROL_CAPACITY : fast->control_capacity;
    while (capacity < depth)
        capacity *= 2;
    if (capacity != fast->control_capacity) {
        fast->control = grown(machine->arena, fast->control, fast->control_capacity, capacity,
                              sizeof *fast->control);
        fast->control_capacity = (uint32_t)capacity;
    }
}

/* The code of function number `index`, or NULL if no frame of it fits the stack that is left. */
static struct c0_code *code_for_call(struct fast_run *run, uint32_t index)
{
    struct c0_machine *machine = run->machine;
    const struct c0_function *function = machine->program->functions[index];
    uint64_t left = machine->limits.stack_cells - run->stack_used;
    if (c0_machine_layout(machine, function)->stack_cells > left)
        return NULL;
    if (machine->fast->codes[index] == NULL)
        machine->fast->codes[index] = c0_fast_record(machine, function);
    return machine->fast->codes[index];
}

/* --- The limit of steps --- */

static const struct c0_code *code_with(const struct c0_machine *machine,
                                       const struct c0_instr *instr)
{
    for (uint32_t i = 0; i < machine->program->function_count; i++) {
        const struct c0_code *code = machine->fast->codes[i];
        if (code != NULL && instr >= code->at && instr < code->at + code->count)
            return code;
    }
    return NULL;
}

/* The block at `block` has more steps than are left: a STOP takes the place of the first
 * instruction that must not run. False if not even the first may. */
static bool place_stop(struct fast_run *run, const struct c0_instr *block)
{
    const struct c0_code *code = code_with(run->machine, block);
    require(code != NULL, "control is in recorded code");
    uint32_t first = (uint32_t)(block - code->at), at = first;
    int64_t left = run->steps_left + block->steps;
    while (code->sites[at].pending > block->steps - left)
        at++;
    if (at == first)
        return false;
    run->stop = &code->at[at];
    run->stop_op = run->stop[0].op;
    run->before_op = run->stop[-1].op;
    run->stop[0].op = C0_FAST_STOP;
    run->stop[-1].op = (uint16_t)c0_fast_first(run->before_op);
    return true;
}

static void remove_stop(struct fast_run *run)
{
    if (run->stop == NULL)
        return;
    run->stop[0].op = run->stop_op;
    run->stop[-1].op = run->before_op;
    run->stop = NULL;
}

/* --- The loop --- */

#define NEXT()                                                                                     \
    do {                                                                                           \
        pc++;                                                                                      \
        goto *labels[pc->op];                                                                      \
    } while (0)

/* To another block, or to an instruction with no steps: within the node. */
#define GO(distance)                                                                               \
    do {                                                                                           \
        pc += (int32_t)(distance);                                                                 \
        left -= pc->steps;                                                                         \
        if (__builtin_expect(left < 0, 0))                                                         \
            goto out_of_steps;                                                                     \
        goto *labels[pc->op];                                                                      \
    } while (0)

#define DO(name) fast_##name(machine, m, r, pc)
#define CHECK(name)                                                                                \
    do {                                                                                           \
        if (__builtin_expect(!DO(name), 0))                                                        \
            goto fault;                                                                            \
    } while (0)

/* Runs from the block at `pc` in the window `r` until the outermost call returns, a fault or the
 * limit of steps. */
static enum c0_status run_code(struct fast_run *run, const struct c0_instr *pc, uint32_t *r)
{
    static const void *const labels[] = {
#define FAST_WORD(name) &&do_##name, &&do_##name##K,
#define FAST_COMPARE(name, op, is_swapped, inverse, mirror)                                        \
    &&do_SET_##name, &&do_SETK_##name, &&do_BR_##name, &&do_BRK_##name,
#define FAST_PLAIN(name, has_result) &&do_##name,
#define FAST_CHECKED(name) &&do_##name,
#define FAST_TRANSFER(name) &&do_##name,
#define FAST_PAIR(kind, first, second) &&do_##first##_THEN_##second,
#include "semantics/c0/fast.def"
    };
    struct c0_machine *const machine = run->machine;
    struct c0_fast *const fast = machine->fast;
    uint32_t *const m = machine->words;
    int64_t left = run->steps_left;
    const struct c0_instr **control = fast->control + run->depth;
    GO(0);

#define FAST_WORD(name)                                                                            \
    do_##name : DO(name);                                                                          \
    NEXT();                                                                                        \
    do_##name##K : DO(name##K);                                                                    \
    NEXT();
#define FAST_COMPARE(name, op, is_swapped, inverse, mirror)                                        \
    do_SET_##name : DO(SET_##name);                                                                \
    NEXT();                                                                                        \
    do_SETK_##name : DO(SETK_##name);                                                              \
    NEXT();                                                                                        \
    do_BR_##name : GO(DO(BR_##name) ? pc->c : pc->d);                                              \
    do_BRK_##name : GO(DO(BRK_##name) ? pc->c : pc->d);
#define FAST_PLAIN(name, has_result)                                                               \
    do_##name : DO(name);                                                                          \
    NEXT();
#define FAST_CHECKED(name)                                                                         \
    do_##name : CHECK(name);                                                                       \
    NEXT();
#define FAST_PAIR_PP(first, second)                                                                \
    DO(first);                                                                                     \
    pc++;                                                                                          \
    DO(second);                                                                                    \
    NEXT();
#define FAST_PAIR_CP(first, second)                                                                \
    CHECK(first);                                                                                  \
    pc++;                                                                                          \
    DO(second);                                                                                    \
    NEXT();
#define FAST_PAIR_PC(first, second)                                                                \
    DO(first);                                                                                     \
    pc++;                                                                                          \
    CHECK(second);                                                                                 \
    NEXT();
#define FAST_PAIR_CC(first, second)                                                                \
    CHECK(first);                                                                                  \
    pc++;                                                                                          \
    CHECK(second);                                                                                 \
    NEXT();
#define FAST_PAIR_PB(first, second)                                                                \
    DO(first);                                                                                     \
    pc++;                                                                                          \
    GO(DO(second) ? pc->c : pc->d);
#define FAST_PAIR(kind, first, second) do_##first##_THEN_##second : FAST_PAIR_##kind(first, second)
#include "semantics/c0/fast.def"

do_JUMP:
    GO(pc->c);
do_CALL : {
    const struct c0_code *code = fast->codes[pc->a];
    if (code == NULL || code->stack_cells > machine->limits.stack_cells - run->stack_used) {
        code = code_for_call(run, pc->a);
        if (code == NULL)
            goto fault;
    }
    uint64_t base = (uint64_t)(r - fast->words) + pc->b;
    uint64_t depth = (uint64_t)(control - fast->control) + 1;
    if (base + code->window_cells > fast->capacity_cells || depth > fast->control_capacity) {
        make_room(machine, base + code->window_cells, depth);
        control = fast->control + depth - 1;
    }
    r = fast->words + base;
    *control++ = pc + 1;
    run->stack_used += code->stack_cells;
    pc = code->at;
    GO(0);
}
do_EXTERNAL : {
    const struct c0_external_call *call = &fast->externals.at[pc->a];
    uint32_t result = 0;
    switch (c0_machine_call_external(machine, call->stmt, call->caller, r + pc->b, &result)) {
    case C0_EXTERNAL_RETURNS:
        r[pc->c] = result;
        NEXT();
    case C0_EXTERNAL_FAULTS:
        goto fault;
    case C0_EXTERNAL_STOPS:
        break;
    }
    run->steps_left = left;
    run->at = pc;
    return C0_STOPPED;
}
do_RETURN : {
    uint32_t result = r[pc->a];
    run->stack_used -= pc->b;
    pc = *--control;
    r -= pc[-1].b;
    r[pc[-1].c] = result;
    GO(0);
}
do_RETURNV:
    run->stack_used -= pc->b;
    pc = *--control;
    r -= pc[-1].b;
    GO(0);
out_of_steps:
    /* With a STOP in place, only jumps within a node come here, on their way to it. */
    run->steps_left = left;
    if (run->stop != NULL || place_stop(run, pc))
        goto *labels[pc->op];
do_STOP:
    run->steps_left = 0;
    return C0_LIMIT;
fault:
    run->steps_left = left;
    run->at = pc;
    return C0_FAULTED;
do_HALT:
    run->steps_left = left;
    return C0_RETURNED;
}

/* --- A call from outside --- */

static void make_fast(struct c0_machine *machine)
{
    if (machine->fast != NULL)
        return;
    machine->fast = ARENA_NEW(machine->arena, struct c0_fast);
    machine->fast->codes =
        ARENA_ARRAY(machine->arena, struct c0_code *, machine->program->function_count);
    make_room(machine, FIRST_CAPACITY_CELLS, FIRST_CONTROL_CAPACITY);
}

/* The rule and the statement of the fault (or stop) at `run->at`; its block's steps that were
 * counted but not done count no more. */
static void report_end(struct fast_run *run, struct c0_outcome *outcome)
{
    const struct c0_code *code = code_with(run->machine, run->at);
    if (code == NULL) /* the call from outside */
        return;
    const struct c0_site *site = &code->sites[run->at - code->at];
    run->steps_left += site->pending;
    outcome->where = site->stmt->where;
    if (run->at->op != C0_FAST_CALL)
        outcome->rule = (enum c0_rule)run->at->d;
}

/* The call is made by two instructions: one that calls with its window from r[1] on and its result
 * into r[0], and one that ends the run. */
struct c0_outcome c0_machine_call(struct c0_machine *machine, const struct c0_function *function,
                                  const uint32_t *arguments, uint64_t max_steps)
{
    const struct c0_instr call[] = {{C0_FAST_CALL, 0, function->index, 1, 0, 0},
                                    {.op = C0_FAST_HALT}};
    int64_t most = max_steps > INT64_MAX ? INT64_MAX : (int64_t)max_steps;
    struct fast_run run = {.machine = machine, .steps_left = most};
    struct c0_outcome outcome = {.where = function->where, .rule = C0_RULE_STACK_EXHAUSTED};
    if (machine->has_assembly)
        return c0_machine_call_plain(machine, function, arguments, max_steps);
    c0_machine_require_arguments(machine, function, arguments);
    make_fast(machine);
    make_room(machine, (uint64_t)function->parameter_count + 1, 0);
    if (function->parameter_count != 0)
        memcpy(machine->fast->words + 1, arguments, function->parameter_count * sizeof *arguments);
    outcome.status = run_code(&run, call, machine->fast->words);
    if (outcome.status == C0_FAULTED || outcome.status == C0_STOPPED)
        report_end(&run, &outcome);
    remove_stop(&run);
    outcome.steps = (uint64_t)(most - run.steps_left);
    if (outcome.status == C0_RETURNED && function->result->kind != C0_TYPE_VOID) {
        outcome.has_result = true;
        outcome.result = machine->fast->words[0];
    }
    return outcome;
}
