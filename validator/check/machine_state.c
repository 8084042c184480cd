#include "validator/check/machine_parts.h"

#include <string.h>

/* ---- the unknown ---- */

term machine_junk(struct terms *terms, const char *name, uint32_t epoch, struct sort sort)
{
    char full[64];
    snprintf(full, sizeof full, "%s!%lu", name, (unsigned long)epoch);
    return term_variable(terms, full, sort);
}

/* ---- frame slots ---- */

static size_t slot_position(const struct machine_state *state, int32_t offset)
{
    size_t low = 0, high = state->slots.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (state->slots.at[middle].offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void machine_slot_set(struct arena *arena, struct machine_state *state, int32_t offset, term value)
{
    size_t i = slot_position(state, offset);
    if (i < state->slots.count && state->slots.at[i].offset == offset) {
        state->slots.at[i].value = value;
        return;
    }
    ARRAY_PUSH(arena, &state->slots, (struct frame_slot){0});
    memmove(&state->slots.at[i + 1], &state->slots.at[i],
            (state->slots.count - 1 - i) * sizeof *state->slots.at);
    state->slots.at[i] = (struct frame_slot){offset, value};
}

term machine_slot(struct arena *arena, struct terms *terms, struct machine_state *state,
                  int32_t offset)
{
    size_t i = slot_position(state, offset);
    if (i < state->slots.count && state->slots.at[i].offset == offset)
        return state->slots.at[i].value;
    char name[32];
    snprintf(name, sizeof name, "[%ld]", (long)offset);
    term unknown = machine_junk(terms, name, state->epoch, machine_word_sort());
    machine_slot_set(arena, state, offset, unknown);
    return unknown;
}

/* ---- states ---- */

struct machine_state machine_state_copy(struct machine_walk *walk,
                                        const struct machine_state *state)
{
    struct machine_state copy = *state;
    size_t homes = walk->input->relation->home_count;
    copy.blocks = ARENA_ARRAY(walk->arena, term, homes);
    if (homes != 0)
        memcpy(copy.blocks, state->blocks, homes * sizeof *copy.blocks);
    copy.slots.capacity = state->slots.count + 4;
    copy.slots.at = ARENA_ARRAY(walk->arena, struct frame_slot, copy.slots.capacity);
    if (state->slots.count != 0)
        memcpy(copy.slots.at, state->slots.at, state->slots.count * sizeof *copy.slots.at);
    return copy;
}

/* Every state learns a name for what only another one lists: then all list the same slots. */
static void list_same_slots(struct machine_walk *walk, struct reached *node)
{
    struct machine_edge *edges = node->edges.at;
    struct machine_state *first = &edges[0].state;
    for (size_t k = 1; k < node->edges.count; k++)
        for (size_t i = 0; i < edges[k].state.slots.count; i++)
            machine_slot(walk->arena, walk->terms, first, edges[k].state.slots.at[i].offset);
    for (size_t k = 1; k < node->edges.count; k++)
        for (size_t i = 0; i < first->slots.count; i++)
            machine_slot(walk->arena, walk->terms, &edges[k].state, first->slots.at[i].offset);
}

static void join_states(struct machine_walk *walk, struct reached *node, const struct merge *plan)
{
    struct terms *terms = walk->terms;
    struct machine_edge *edges = node->edges.at;
    uint32_t count = (uint32_t)node->edges.count;
    term *values = ARENA_ARRAY(walk->arena, term, count);
    struct machine_state *to = &node->state;
    unsigned registers = target_state_count(walk->target, walk->input->relation->has_blocks);
    for (unsigned r = 0; r < registers; r++) {
        for (uint32_t i = 0; i < count; i++)
            values[i] = edges[i].state.registers[r];
        to->registers[r] = merge_value(terms, plan, values);
    }
    for (size_t s = 0; s < to->slots.count; s++) {
        for (uint32_t i = 0; i < count; i++)
            values[i] = edges[i].state.slots.at[s].value;
        to->slots.at[s].value = merge_value(terms, plan, values);
    }
    for (size_t b = 0; b < walk->input->relation->home_count; b++) {
        for (uint32_t i = 0; i < count; i++)
            values[i] = edges[i].state.blocks[b];
        to->blocks[b] = merge_value(terms, plan, values);
    }
    for (uint32_t i = 0; i < count; i++)
        values[i] = edges[i].state.memory;
    to->memory = merge_value(terms, plan, values);
    bool has_target = true, same_epoch = true;
    for (uint32_t i = 0; i < count; i++) {
        values[i] = edges[i].state.target;
        has_target = has_target && !term_is_none(values[i]);
        same_epoch = same_epoch && edges[i].state.epoch == to->epoch;
    }
    to->target = has_target ? merge_value(terms, plan, values) : (term){0};
    if (!same_epoch)
        to->epoch = walk->next_epoch++;
}

void machine_join(struct machine_walk *walk, struct reached *node)
{
    uint32_t count = (uint32_t)node->edges.count;
    const struct path **paths = ARENA_ARRAY(walk->arena, const struct path *, count);
    for (uint32_t i = 0; i < count; i++)
        paths[i] = node->edges.at[i].path;
    const struct merge *plan = merge_plan(walk->arena, walk->terms, paths, count, &node->path);
    node->guard = path_guard(walk->terms, node->path);
    if (count == 1) {
        node->state = node->edges.at[0].state;
        return;
    }
    list_same_slots(walk, node);
    node->state = machine_state_copy(walk, &node->edges.at[0].state);
    join_states(walk, node, plan);
}
