#include "validator/check/order.h"

enum colour { WHITE, GREY, BLACK };

struct frame {
    uint32_t node;
    unsigned next;
};

bool order_topological(struct arena *arena, const struct successors *graph, uint32_t count,
                       uint32_t start, uint32_t **order, uint32_t *order_count,
                       uint32_t *cycle_node)
{
    uint8_t *colours = ARENA_ARRAY(arena, uint8_t, count);
    struct frame *stack = ARENA_ARRAY(arena, struct frame, count);
    uint32_t *finished = ARENA_ARRAY(arena, uint32_t, count);
    uint32_t depth = 0, finished_count = 0;
    stack[depth++] = (struct frame){start, 0};
    colours[start] = GREY;
    while (depth > 0) {
        struct frame *top = &stack[depth - 1];
        if (top->next == 2) {
            colours[top->node] = BLACK;
            finished[finished_count++] = top->node;
            depth--;
            continue;
        }
        uint32_t to = graph[top->node].to[top->next++];
        if (to == ORDER_NONE || colours[to] == BLACK)
            continue;
        if (colours[to] == GREY) {
            *cycle_node = to;
            return false;
        }
        colours[to] = GREY;
        stack[depth++] = (struct frame){to, 0};
    }
    for (uint32_t i = 0; i < finished_count / 2; i++) {
        uint32_t other = finished[finished_count - 1 - i];
        finished[finished_count - 1 - i] = finished[i];
        finished[i] = other;
    }
    *order = finished;
    *order_count = finished_count;
    return true;
}
