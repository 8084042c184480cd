#include "validator/check/machine_walk.h"

#include "base/require.h"
#include "validator/check/machine_parts.h"

static void hand_on(struct machine_walk *walk, struct reached *to, const struct path *path,
                    const struct machine_state *state)
{
    ARRAY_PUSH(walk->arena, &to->edges, (struct machine_edge){path, *state});
}

/* Some special registers decide what code means: they stay as they are. */
static void write_register(struct machine_walk *walk, unsigned number, term value)
{
    const struct target *target = walk->target;
    if (number >= target->register_count &&
        target->special_stays_zero(number - target->register_count))
        machine_oblige(walk, "the special register stays 0",
                       term_eq(walk->terms, value, term_word(walk->terms, 0, 32)));
    walk->state->registers[number] = value;
}

static bool execute_instruction(struct machine_walk *walk, const struct code_node *node,
                                struct effect *effect)
{
    struct machine_state *state = walk->state;
    *effect =
        walk->target->step(walk->terms, walk->input->subject->image, node->point, state->registers);
    term value = effect->value;
    if (effect->access == ACCESS_LOAD && !machine_load(walk, effect, &value))
        return false;
    if (effect->access == ACCESS_STORE && !machine_store(walk, effect))
        return false;
    if (effect->writes_register && (int)effect->destination != walk->target->zero_register)
        write_register(walk, effect->destination, value);
    return true;
}

static bool execute(struct machine_walk *walk, const struct code_node *node, struct reached *nodes)
{
    struct effect effect;
    if (!execute_instruction(walk, node, &effect))
        return false;
    struct machine_state *state = walk->state;
    if (node->decoded.control == CONTROL_LEAVE) {
        struct machine_arrival arrival = {
            .kind = ARRIVAL_LEAVE, .pc = walk->pc, .guard = walk->guard, .state = *state};
        ARRAY_PUSH(walk->arena, &walk->segment->arrivals, arrival);
        return true;
    }
    const uint32_t *to = node->successors.to;
    uint32_t callee;
    if (code_calls(walk->target, node, &callee)) {
        bool goes_on;
        if (!machine_call(walk, node, callee, &goes_on))
            return false;
        if (goes_on)
            hand_on(walk, &nodes[to[0]], walk->path, state);
        return true;
    }
    if (node->decoded.control == CONTROL_JUMP_INDIRECT)
        state->target = effect.target;
    if (code_leaves_indirectly(walk->target, node)) {
        struct machine_arrival arrival = {
            .kind = ARRIVAL_EXIT, .pc = walk->pc, .guard = walk->guard, .state = *state};
        ARRAY_PUSH(walk->arena, &walk->segment->arrivals, arrival);
        return true;
    }
    if (node->decoded.control == CONTROL_BRANCH) {
        const struct path *path;
        if (path_extend(walk->arena, walk->terms, walk->path, effect.taken, &path)) {
            struct machine_state copy = machine_state_copy(walk, state);
            hand_on(walk, &nodes[to[0]], path, &copy);
        }
        if (path_extend(walk->arena, walk->terms, walk->path, term_not(walk->terms, effect.taken),
                        &path))
            hand_on(walk, &nodes[to[1]], path, state);
        return true;
    }
    require(to[0] != ORDER_NONE, "an instruction without a successor");
    hand_on(walk, &nodes[to[0]], walk->path, state);
    return true;
}

bool machine_walk(struct arena *arena, struct terms *terms, const struct machine_walk_input *input,
                  struct point start, const struct machine_state *state,
                  struct machine_segment *segment, struct fault *fault)
{
    struct machine_walk walk = {
        .arena = arena,
        .terms = terms,
        .input = input,
        .target = input->subject->target,
        .segment = segment,
        .fault = fault,
        .next_epoch = state->epoch + 1,
    };
    struct code_graph graph = {0};
    if (!code_graph_build(arena, input->subject, input->code_start, input->code_end, input->ends,
                          start, input->may_stop_at_start, &graph, fault))
        return false;
    struct reached *nodes = ARENA_ARRAY(arena, struct reached, graph.nodes.count);
    struct machine_state first = machine_state_copy(&walk, state);
    hand_on(&walk, &nodes[0], NULL, &first);
    for (uint32_t i = 0; i < graph.order_count; i++) {
        uint32_t number = graph.order[i];
        const struct code_node *node = &graph.nodes.at[number];
        struct reached *at = &nodes[number];
        if (at->edges.count == 0)
            continue;
        machine_join(&walk, at);
        walk.pc = node->point.pc;
        walk.path = at->path;
        walk.guard = at->guard;
        walk.state = &at->state;
        if (node->is_cut) {
            struct machine_arrival arrival = {
                .kind = ARRIVAL_LOOP,
                .point = node->point,
                .pc = node->point.pc,
                .guard = at->guard,
                .state = at->state,
            };
            ARRAY_PUSH(arena, &segment->arrivals, arrival);
            continue;
        }
        if (!execute(&walk, node, nodes))
            return false;
    }
    return true;
}
