/* Topological order of a small graph whose nodes have at most two successors. */
#ifndef VALIDATOR_CHECK_ORDER_H
#define VALIDATOR_CHECK_ORDER_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

#define ORDER_NONE UINT32_MAX

struct successors {
    uint32_t to[2]; /* ORDER_NONE: none */
};

/* The nodes reachable from `start`, each before its successors. False if there is a cycle:
 * `cycle_node` is one of its nodes. */
bool order_topological(struct arena *arena, const struct successors *graph, uint32_t count,
                       uint32_t start, uint32_t **order, uint32_t *order_count,
                       uint32_t *cycle_node);

/* The nodes at which a depth-first walk from `start` closes cycles, each once, in the order found:
 * every cycle passes through one. Returns their number. */
size_t order_cycle_heads(struct arena *arena, const struct successors *graph, uint32_t count,
                         uint32_t start, uint32_t **heads);

#endif
