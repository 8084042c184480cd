#include "validator/check/path.h"

#include "base/require.h"

#include <string.h>

term path_guard(struct terms *terms, const struct path *path)
{
    return path == NULL ? term_true(terms) : path->guard;
}

bool path_extend(struct arena *arena, struct terms *terms, const struct path *path, term decision,
                 const struct path **longer)
{
    term before = path_guard(terms, path);
    term guard = term_and(terms, before, decision);
    if (term_is_false(terms, guard))
        return false;
    *longer = path;
    if (term_same(guard, before))
        return true; /* decided already */
    struct path *made = ARENA_NEW(arena, struct path);
    *made = (struct path){path, decision, guard, path == NULL ? 1 : path->length + 1};
    *longer = made;
    return true;
}

/* ---- plans ---- */

/* A path as the array of its decisions from `start` on. */
struct route {
    const term *decisions;
    uint32_t length;
    uint32_t leaf;
};

struct planner {
    struct arena *arena;
    struct terms *terms;
};

static term conjunction(const struct planner *planner, const struct route *route, uint32_t start,
                        uint32_t length)
{
    return term_and_all(planner->terms, route->decisions + start, length);
}

static uint32_t common_length(const struct route *routes, uint32_t count, uint32_t start)
{
    for (uint32_t i = start;; i++)
        for (uint32_t k = 0; k < count; k++)
            if (i >= routes[k].length ||
                !term_same(routes[k].decisions[i], routes[0].decisions[i]))
                return i - start;
}

/* Moves the routes that take the same decision at `start` as the first one to the front. */
static uint32_t gather(struct route *routes, uint32_t count, uint32_t start)
{
    uint32_t front = 1;
    for (uint32_t k = 1; k < count; k++)
        if (routes[k].length > start &&
            term_same(routes[k].decisions[start], routes[0].decisions[start])) {
            struct route moved = routes[k];
            memmove(&routes[front + 1], &routes[front], (k - front) * sizeof *routes);
            routes[front++] = moved;
        }
    return front;
}

static bool excludes(const struct planner *planner, term condition, const struct route *routes,
                     uint32_t count, uint32_t start)
{
    term opposite = term_not(planner->terms, condition);
    for (uint32_t k = 0; k < count; k++) {
        if (routes[k].length > start && term_same(routes[k].decisions[start], opposite))
            continue; /* the usual case, without a look at the rest */
        term rest = conjunction(planner, &routes[k], start, routes[k].length - start);
        if (!term_is_false(planner->terms, term_and(planner->terms, condition, rest)))
            return false;
    }
    return true;
}

static const struct merge *plan(const struct planner *planner, struct route *routes,
                                uint32_t count, uint32_t start);

static const struct merge *choose(const struct planner *planner, term condition,
                                  struct route *routes, uint32_t front, uint32_t count,
                                  uint32_t front_start, uint32_t start)
{
    struct merge *merge = ARENA_NEW(planner->arena, struct merge);
    merge->condition = condition;
    merge->then = plan(planner, routes, front, front_start);
    merge->otherwise = plan(planner, routes + front, count - front, start);
    return merge;
}

/* The decisions before `start` are common to all routes. */
static const struct merge *plan(const struct planner *planner, struct route *routes,
                                uint32_t count, uint32_t start)
{
    if (count == 1) {
        struct merge *leaf = ARENA_NEW(planner->arena, struct merge);
        leaf->leaf = routes[0].leaf;
        return leaf;
    }
    start += common_length(routes, count, start);
    if (routes[0].length == start) {
        /* Its decisions hold on all routes, which cannot be told apart by them: the others go
         * first, so that the last one needs no condition. */
        struct route first = routes[0];
        memmove(&routes[0], &routes[1], (count - 1) * sizeof *routes);
        routes[count - 1] = first;
        require(routes[0].length > start, "two paths to one point took the same decisions");
    }
    uint32_t front = gather(routes, count, start);
    uint32_t shared = common_length(routes, front, start);
    for (uint32_t length = 1; length <= shared; length++) {
        term condition = conjunction(planner, &routes[0], start, length);
        if (excludes(planner, condition, routes + front, count - front, start))
            return choose(planner, condition, routes, front, count, start + length, start);
    }
    term whole = conjunction(planner, &routes[0], start, routes[0].length - start);
    return choose(planner, whole, routes, 1, count, routes[0].length, start);
}

static struct route route_of(struct arena *arena, const struct path *path, uint32_t leaf)
{
    uint32_t length = path == NULL ? 0 : path->length;
    term *decisions = ARENA_ARRAY(arena, term, length);
    for (uint32_t i = length; i-- > 0; path = path->before)
        decisions[i] = path->decision;
    return (struct route){decisions, length, leaf};
}

const struct merge *merge_plan(struct arena *arena, struct terms *terms,
                               const struct path *const *paths, uint32_t count,
                               const struct path **joined)
{
    require(count > 0, "nothing to merge");
    struct planner planner = {arena, terms};
    struct route *routes = ARENA_ARRAY(arena, struct route, count);
    for (uint32_t i = 0; i < count; i++)
        routes[i] = route_of(arena, paths[i], i);
    if (count == 1) {
        *joined = paths[0];
        return plan(&planner, routes, 1, 0);
    }
    uint32_t common = common_length(routes, count, 0);
    const struct path *stem = paths[0];
    while (stem != NULL && stem->length > common)
        stem = stem->before;
    term any = term_false(terms);
    for (uint32_t i = 0; i < count; i++)
        any = term_or(terms, any,
                      conjunction(&planner, &routes[i], common, routes[i].length - common));
    bool is_possible = path_extend(arena, terms, stem, any, joined);
    require(is_possible, "joined paths that contradict themselves");
    return plan(&planner, routes, count, common);
}

term merge_value(struct terms *terms, const struct merge *plan, const term *values)
{
    if (term_is_none(plan->condition))
        return values[plan->leaf];
    term then = merge_value(terms, plan->then, values);
    term otherwise = merge_value(terms, plan->otherwise, values);
    return term_ite(terms, plan->condition, then, otherwise);
}
