#include "validator/check/order.h"

enum colour { WHITE, GREY, BLACK };

struct frame {
    uint32_t node;
    unsigned next;
};

/* Walks depth first; `meets_grey` is told each node that closes a cycle and answers whether to go
 * on. Returns false if it did not. */
static bool walk(struct arena *arena, const struct successors *graph, uint32_t count,
                 uint32_t start, bool (*meets_grey)(void *self, uint32_t node), void *self,
                 uint32_t *finished, uint32_t *finished_count)
{
    uint8_t *colours = ARENA_ARRAY(arena, uint8_t, count);
    struct frame *stack = ARENA_ARRAY(arena, struct frame, count);
    uint32_t depth = 0;
    *finished_count = 0;
    stack[depth++] = (struct frame){start, 0};
    colours[start] = GREY;
    while (depth > 0) {
        struct frame *top = &stack[depth - 1];
        if (top->next == 2) {
            colours[top->node] = BLACK;
            finished[(*finished_count)++] = top->node;
            depth--;
            continue;
        }
        uint32_t to = graph[top->node].to[top->next++];
        if (to == ORDER_NONE || colours[to] == BLACK)
            continue;
        if (colours[to] == GREY) {
            if (!meets_grey(self, to))
                return false;
            continue;
        }
        colours[to] = GREY;
        stack[depth++] = (struct frame){to, 0};
    }
    return true;
}

static bool stop_at_cycle(void *self, uint32_t node)
{
    *(uint32_t *)self = node;
    return false;
}

bool order_topological(struct arena *arena, const struct successors *graph, uint32_t count,
                       uint32_t start, uint32_t **order, uint32_t *order_count,
                       uint32_t *cycle_node)
{
    uint32_t *finished = ARENA_ARRAY(arena, uint32_t, count);
    if (!walk(arena, graph, count, start, stop_at_cycle, cycle_node, finished, order_count))
        return false;
    for (uint32_t i = 0; i < *order_count / 2; i++) {
        uint32_t other = finished[*order_count - 1 - i];
        finished[*order_count - 1 - i] = finished[i];
        finished[i] = other;
    }
    *order = finished;
    return true;
}

struct heads {
    bool *is_known;
    uint32_t *at;
    size_t count;
};

static bool note_head(void *self, uint32_t node)
{
    struct heads *heads = self;
    if (!heads->is_known[node])
        heads->at[heads->count++] = node;
    heads->is_known[node] = true;
    return true;
}

size_t order_cycle_heads(struct arena *arena, const struct successors *graph, uint32_t count,
                         uint32_t start, uint32_t **heads)
{
    struct heads found = {ARENA_ARRAY(arena, bool, count), ARENA_ARRAY(arena, uint32_t, count), 0};
    uint32_t *finished = ARENA_ARRAY(arena, uint32_t, count), finished_count;
    walk(arena, graph, count, start, note_head, &found, finished, &finished_count);
    *heads = found.at;
    return found.count;
}
