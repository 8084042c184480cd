#include "validator/check/code_graph.h"

bool code_refuse(const struct subject *subject, struct fault *fault, uint32_t pc,
                 const char *message)
{
    char insn[96] = "no instruction";
    uint32_t word;
    if (image_word(subject->image, pc, &word))
        subject->target->print(subject->image, pc, insn, sizeof insn);
    return fault_at(fault, (struct location){0}, "at 0x%08lx (%s): %s", (unsigned long)pc, insn,
                    message);
}

uint32_t code_return_address(const struct target *target, const struct code_node *node)
{
    return target->has_delay_slot ? node->point.pc + 4 : node->point.next;
}

bool code_calls(const struct target *target, const struct code_node *node, uint32_t *callee)
{
    if (target->has_delay_slot) {
        *callee = node->point.next;
        return node->transfer == TRANSFER_CALL;
    }
    *callee = node->decoded.target;
    return node->decoded.control == CONTROL_CALL;
}

bool code_leaves_indirectly(const struct target *target, const struct code_node *node)
{
    return target->has_delay_slot ? node->transfer == TRANSFER_INDIRECT
                                  : node->decoded.control == CONTROL_JUMP_INDIRECT;
}

struct builder {
    struct arena *arena;
    const struct subject *subject;
    uint32_t code_start, code_end;
    const struct code_ends *ends; /* NULL: only returns and calls end the walk */
    struct code_graph *graph;
    bool passes_calls;      /* go on behind every call */
    bool may_stop_at_start; /* the start is a cut like any other */
    bool allows_system;     /* special registers, and leaving: the function has asm blocks */
    uint32_t *table; /* hash of nodes, number + 1 */
    uint32_t table_size;
    struct fault *fault;
};

static uint32_t node_hash(struct point point, enum pending_transfer transfer)
{
    uint64_t key = ((uint64_t)point.pc << 32 | point.next) ^ ((uint64_t)transfer << 62);
    return (uint32_t)((key * 0x9E3779B97F4A7C15u) >> 32);
}

static void insert(struct builder *builder, uint32_t number)
{
    const struct code_node *node = &builder->graph->nodes.at[number];
    uint32_t slot = node_hash(node->point, node->transfer);
    while (builder->table[slot & (builder->table_size - 1)] != 0)
        slot++;
    builder->table[slot & (builder->table_size - 1)] = number + 1;
}

static void grow_table(struct builder *builder)
{
    builder->table_size = builder->table_size == 0 ? 64 : builder->table_size * 2;
    builder->table = ARENA_ARRAY(builder->arena, uint32_t, builder->table_size);
    for (uint32_t i = 0; i < builder->graph->nodes.count; i++)
        insert(builder, i);
}

static bool is_listed(const struct point *points, size_t count, struct point point)
{
    for (size_t i = 0; i < count; i++)
        if (points[i].pc == point.pc && points[i].next == point.next)
            return true;
    return false;
}

static bool is_cut_point(const struct builder *builder, struct point point)
{
    return builder->ends != NULL &&
           is_listed(builder->ends->points, builder->ends->point_count, point);
}

bool code_ends_at_allocation(const struct code_ends *ends, struct point back)
{
    return ends != NULL && (ends->all_allocations ||
                            is_listed(ends->allocations, ends->allocation_count, back));
}

/* The node of a point; made if it is new. In a walk between cuts node 0, the start, is never found
 * again: a way back to it ends at a cut, or closes a cycle. */
static uint32_t node_at(struct builder *builder, struct point point,
                        enum pending_transfer transfer)
{
    struct code_graph *graph = builder->graph;
    if (graph->nodes.count * 2 >= builder->table_size)
        grow_table(builder);
    uint32_t slot = node_hash(point, transfer);
    for (;; slot++) {
        uint32_t number = builder->table[slot & (builder->table_size - 1)];
        if (number == 0)
            break;
        const struct code_node *node = &graph->nodes.at[number - 1];
        if ((number != 1 || builder->passes_calls) && node->point.pc == point.pc && node->point.next == point.next &&
            node->transfer == transfer)
            return number - 1;
    }
    struct code_node node = {.point = point, .transfer = transfer};
    node.is_cut = transfer == TRANSFER_NONE && is_cut_point(builder, point) &&
                  (graph->nodes.count != 0 || builder->may_stop_at_start);
    ARRAY_PUSH(builder->arena, &graph->nodes, node);
    insert(builder, (uint32_t)graph->nodes.count - 1);
    return (uint32_t)graph->nodes.count - 1;
}

static struct point sequential(uint32_t pc)
{
    return (struct point){pc, pc + 4};
}

static uint32_t plain(struct builder *builder, struct point point)
{
    return node_at(builder, point, TRANSFER_NONE);
}

/* After a call: control goes on behind it if the callee has a contract; a call of a source
 * function ends the walk. */
static struct successors after_call(struct builder *builder, const struct code_node *node,
                                    uint32_t callee)
{
    struct point back = sequential(code_return_address(builder->subject->target, node));
    const struct contract *contract = subject_contract_at(builder->subject, callee);
    bool ends = contract == NULL || (contract->kind == CONTRACT_NEW &&
                                     code_ends_at_allocation(builder->ends, back));
    if (ends && !builder->passes_calls)
        return (struct successors){{ORDER_NONE, ORDER_NONE}};
    return (struct successors){{plain(builder, back), ORDER_NONE}};
}

static struct successors successors_of(struct builder *builder, const struct code_node *node)
{
    const struct target *target = builder->subject->target;
    struct point at = node->point;
    uint32_t callee;
    if (code_calls(target, node, &callee))
        return after_call(builder, node, callee);
    if (code_leaves_indirectly(target, node))
        return (struct successors){{ORDER_NONE, ORDER_NONE}};
    /* With a delay slot, (next, target) executes the slot and then arrives at the target. */
    struct point taken = target->has_delay_slot ? (struct point){at.next, node->decoded.target}
                                                : sequential(node->decoded.target);
    switch (node->decoded.control) {
    case CONTROL_NEXT:
        return (struct successors){{plain(builder, sequential(at.next)), ORDER_NONE}};
    case CONTROL_BRANCH: {
        uint32_t yes = plain(builder, taken);
        return (struct successors){{yes, plain(builder, sequential(at.next))}};
    }
    case CONTROL_JUMP:
        return (struct successors){{plain(builder, taken), ORDER_NONE}};
    case CONTROL_JUMP_INDIRECT:
        return (struct successors){
            {node_at(builder, (struct point){at.next, 0}, TRANSFER_INDIRECT), ORDER_NONE}};
    case CONTROL_CALL:
        return (struct successors){{node_at(builder, taken, TRANSFER_CALL), ORDER_NONE}};
    case CONTROL_CALL_INDIRECT:
    case CONTROL_LEAVE:
    case CONTROL_REFUSED:
        break;
    }
    return (struct successors){{ORDER_NONE, ORDER_NONE}};
}

/* Decodes the node and refuses what the walk cannot follow. */
static bool examine(struct builder *builder, struct code_node *node)
{
    const struct subject *subject = builder->subject;
    uint32_t pc = node->point.pc;
    if (pc < builder->code_start || pc >= builder->code_end || pc % 4 != 0)
        return fault_at(builder->fault, (struct location){0},
                        "control leaves the function's code to 0x%08lx", (unsigned long)pc);
    if (!image_is_executable(subject->image, pc))
        return fault_at(builder->fault, (struct location){0},
                        "0x%08lx is not executable memory", (unsigned long)pc);
    node->decoded = subject->target->decode(subject->image, pc);
    if (node->decoded.control == CONTROL_REFUSED)
        return code_refuse(subject, builder->fault, pc, node->decoded.refusal);
    if (node->decoded.system != NULL && !builder->allows_system)
        return code_refuse(subject, builder->fault, pc, node->decoded.system);
    bool in_slot = node->transfer != TRANSFER_NONE || node->point.next != pc + 4;
    if (in_slot && node->decoded.control != CONTROL_NEXT)
        return code_refuse(subject, builder->fault, pc,
                           "a transfer of control in a delay slot");
    if (node->decoded.control == CONTROL_CALL_INDIRECT)
        return code_refuse(subject, builder->fault, pc, "a call through a register");
    return true;
}

static bool explore(struct builder *builder, struct point start)
{
    struct code_graph *graph = builder->graph;
    node_at(builder, start, TRANSFER_NONE);
    for (uint32_t i = 0; i < graph->nodes.count; i++) {
        struct code_node node = graph->nodes.at[i];
        node.successors = (struct successors){{ORDER_NONE, ORDER_NONE}};
        if (!node.is_cut) {
            if (!examine(builder, &node))
                return false;
            node.successors = successors_of(builder, &node);
        }
        graph->nodes.at[i] = node;
    }
    return true;
}

static struct successors *edges_of(struct arena *arena, const struct code_graph *graph)
{
    struct successors *edges = ARENA_ARRAY(arena, struct successors, graph->nodes.count);
    for (uint32_t i = 0; i < graph->nodes.count; i++)
        edges[i] = graph->nodes.at[i].successors;
    return edges;
}

bool code_graph_build(struct arena *arena, const struct subject *subject, uint32_t code_start,
                      uint32_t code_end, const struct code_ends *ends, struct point start,
                      bool may_stop_at_start, struct code_graph *graph, struct fault *fault)
{
    struct builder builder = {
        .arena = arena,
        .subject = subject,
        .code_start = code_start,
        .code_end = code_end,
        .ends = ends,
        .may_stop_at_start = may_stop_at_start,
        .allows_system = ends != NULL && ends->allows_system,
        .graph = graph,
        .fault = fault,
    };
    if (!explore(&builder, start))
        return false;
    /* A cycle without a cut is cut where it closes: the caller will find no relation there, unless
     * no run comes there. */
    struct successors *edges = edges_of(arena, graph);
    uint32_t count = (uint32_t)graph->nodes.count, cycle;
    while (!order_topological(arena, edges, count, 0, &graph->order, &graph->order_count,
                              &cycle)) {
        if (graph->nodes.at[cycle].transfer != TRANSFER_NONE || cycle == 0)
            return code_refuse(subject, fault, graph->nodes.at[cycle].point.pc,
                               "a loop of the code passes no cut");
        graph->nodes.at[cycle].is_cut = true;
        edges[cycle] = (struct successors){{ORDER_NONE, ORDER_NONE}};
    }
    return true;
}

bool code_graph_loop_heads(struct arena *arena, const struct subject *subject,
                           uint32_t code_start, uint32_t code_end, bool allows_system,
                           struct point **heads, size_t *count, struct fault *fault)
{
    struct code_graph graph = {0};
    struct builder builder = {
        .arena = arena,
        .subject = subject,
        .code_start = code_start,
        .code_end = code_end,
        .graph = &graph,
        .passes_calls = true,
        .allows_system = allows_system,
        .fault = fault,
    };
    if (!explore(&builder, sequential(code_start)))
        return false;
    struct successors *edges = edges_of(arena, &graph);
    uint32_t *targets;
    size_t target_count = order_cycle_heads(arena, edges, (uint32_t)graph.nodes.count, 0, &targets);
    ARRAY(struct point) found = {0};
    for (size_t i = 0; i < target_count; i++)
        ARRAY_PUSH(arena, &found, graph.nodes.at[targets[i]].point);
    *heads = found.at;
    *count = found.count;
    return true;
}
