#include "validator/check/stack.h"

#include "base/array.h"

enum colour { WHITE, GREY, BLACK };

struct visit {
    uint32_t routine;
    size_t next_call;
};

struct search {
    struct arena *arena;
    const struct stack_routine *routines;
    uint8_t *colours;
    uint64_t *depths;       /* of BLACK ones, in bytes */
    uint32_t *deepest;      /* the callee that makes the depth; UINT32_MAX: none */
    struct visit *path;
    size_t path_length;
};

static void finish(struct search *search, uint32_t number)
{
    const struct stack_routine *routine = &search->routines[number];
    uint64_t depth = routine->frame_bytes;
    search->deepest[number] = UINT32_MAX;
    for (size_t i = 0; i < routine->call_count; i++) {
        const struct stack_call *call = &routine->calls[i];
        /* A callee that is still GREY closes a cycle: its own frame at least is needed. */
        uint64_t callee = search->colours[call->callee] == BLACK
                              ? search->depths[call->callee]
                              : search->routines[call->callee].frame_bytes;
        uint64_t through = call->displacement_bytes + callee;
        if (through > depth) {
            depth = through;
            search->deepest[number] = call->callee;
        }
    }
    search->depths[number] = depth;
    search->colours[number] = BLACK;
}

/* The first cycle found is the one told. */
static void report_cycle(struct search *search, uint32_t callee, struct stack_finding *finding)
{
    if (!finding->is_bounded)
        return;
    ARRAY(const char *) chain = {0};
    size_t start = search->path_length;
    while (start > 0 && search->path[start - 1].routine != callee)
        start--;
    for (size_t i = start - 1; i < search->path_length; i++)
        ARRAY_PUSH(search->arena, &chain, search->routines[search->path[i].routine].name);
    ARRAY_PUSH(search->arena, &chain, search->routines[callee].name);
    finding->is_bounded = false;
    finding->chain = chain.at;
    finding->chain_count = chain.count;
}

/* Depth first without recursion of our own: call chains may be long. */
static void visit(struct search *search, uint32_t root, struct stack_finding *finding)
{
    search->path_length = 0;
    search->path[search->path_length++] = (struct visit){root, 0};
    search->colours[root] = GREY;
    while (search->path_length > 0) {
        struct visit *top = &search->path[search->path_length - 1];
        const struct stack_routine *routine = &search->routines[top->routine];
        if (top->next_call == routine->call_count) {
            finish(search, top->routine);
            search->path_length--;
            continue;
        }
        uint32_t callee = routine->calls[top->next_call++].callee;
        if (search->colours[callee] == GREY)
            report_cycle(search, callee, finding);
        if (search->colours[callee] == WHITE) {
            search->colours[callee] = GREY;
            search->path[search->path_length++] = (struct visit){callee, 0};
        }
    }
}

struct stack_finding stack_bound(struct arena *arena, const struct stack_routine *routines,
                                 size_t count, uint32_t limit_bytes)
{
    struct search search = {
        .arena = arena,
        .routines = routines,
        .colours = ARENA_ARRAY(arena, uint8_t, count),
        .depths = ARENA_ARRAY(arena, uint64_t, count),
        .deepest = ARENA_ARRAY(arena, uint32_t, count),
        .path = ARENA_ARRAY(arena, struct visit, count + 1),
    };
    struct stack_finding finding = {.is_bounded = true, .limit_bytes = limit_bytes};
    uint64_t most = 0;
    uint32_t from = UINT32_MAX;
    for (uint32_t i = 0; i < count; i++) {
        if (!routines[i].is_root)
            continue;
        if (search.colours[i] == WHITE)
            visit(&search, i, &finding);
        if (from == UINT32_MAX || search.depths[i] > most) {
            most = search.depths[i];
            from = i;
        }
    }
    finding.bound_bytes = most > UINT32_MAX ? UINT32_MAX : (uint32_t)most;
    if (!finding.is_bounded)
        return finding;
    ARRAY(const char *) chain = {0};
    for (uint32_t i = from; i != UINT32_MAX; i = search.deepest[i])
        ARRAY_PUSH(arena, &chain, routines[i].name);
    finding.chain = chain.at;
    finding.chain_count = chain.count;
    return finding;
}
