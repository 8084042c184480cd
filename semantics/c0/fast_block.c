/* Functions as blocks of recorded nodes. */
#include "semantics/c0/fast_record.h"

#include "base/require.h"

enum {
    NO_BLOCK = 0x7fffffff,
    MOST_NODES = 60000, /* of a block: its steps fit their field */
    MOST_REPEATED = 4,  /* nodes after a join that a block repeats rather than jump to */
};

struct tracer {
    struct fast_recorder recorder;
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
        const struct c0_flow_node *at = &tracer->recorder.flow.nodes[node];
        bool goes_on = fast_record_node(&tracer->recorder, at);
        emitter->steps_done++;
        if (!goes_on)
            break;
        node = at->next;
        if (at->kind == C0_FLOW_CALL && at->stmt->callee->body != NULL) {
            first = after_call(tracer, first, node);
            if (first == NO_BLOCK)
                return;
        }
        bool is_end = tracer->recorder.flow.nodes[node].kind == C0_FLOW_BRANCH ||
                      tracer->recorder.flow.nodes[node].kind == C0_FLOW_RETURN;
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
    for (uint32_t i = 0; i < tracer->recorder.flow.count; i++) {
        const struct c0_flow_node *node = &tracer->recorder.flow.nodes[i];
        if (node->kind != C0_FLOW_RETURN)
            tracer->predecessors[node->next]++;
        if (node->kind == C0_FLOW_BRANCH)
            tracer->predecessors[node->otherwise]++;
    }
}

/* Entry: the marks of local structs and arrays say "uninitialised"; then node 0. */
static void record_entry(struct fast_recorder *recorder, const struct c0_function *function)
{
    fast_begin_node(&recorder->emitter, NULL);
    for (uint32_t i = 0; i < function->variable_count; i++) {
        const struct c0_type *type = function->variables[i]->type;
        struct c0_instr clear = {C0_FAST_CLEARF, .b = recorder->layout->first_cells[i],
                                 .c = type->size_cells};
        if (!c0_type_is_elementary(type))
            fast_emit(&recorder->emitter, clear);
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
    struct tracer tracer = {0};
    struct fast_recorder *recorder = &tracer.recorder;
    struct fast_emitter *emitter = &recorder->emitter;
    recorder->function = function;
    recorder->flow = c0_machine_flow(machine, function);
    recorder->layout = c0_machine_layout(machine, function);
    emitter->machine = machine;
    emitter->arena = scratch;
    emitter->open = NO_CONDITION;
    emitter->first_temporary = emitter->window_cells = recorder->layout->cells;
    tracer.blocks = ARENA_ARRAY(scratch, uint32_t, recorder->flow.count);
    tracer.predecessors = ARENA_ARRAY(scratch, uint32_t, recorder->flow.count);
    for (uint32_t i = 0; i < recorder->flow.count; i++)
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
