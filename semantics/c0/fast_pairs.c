#include "semantics/c0/fast_code.h"

#include <string.h>

struct pair {
    uint16_t first, second, joined;
};

static const struct pair pairs[] = {
#define FAST_PAIR(kind, first, second)                                                             \
    {C0_FAST_##first, C0_FAST_##second, C0_FAST_##first##_THEN_##second},
#include "semantics/c0/fast.def"
};

enum { PAIR_COUNT = sizeof pairs / sizeof pairs[0] };

enum c0_fast_op c0_fast_first(enum c0_fast_op op)
{
    for (size_t i = 0; i < PAIR_COUNT; i++)
        if (pairs[i].joined == op)
            return (enum c0_fast_op)pairs[i].first;
    return op;
}

static uint16_t joined(uint16_t first, uint16_t second)
{
    for (size_t i = 0; i < PAIR_COUNT; i++)
        if (pairs[i].first == first && pairs[i].second == second)
            return pairs[i].joined;
    return first;
}

/* Only the first of a pair changes its name: the second keeps its slot, so that control may still
 * come to it from elsewhere, and a stop may be put between them. */
struct c0_code *c0_fast_finish(struct c0_machine *machine, const struct c0_instr *code,
                               const struct c0_site *sites, uint32_t count)
{
    struct c0_code *finished = ARENA_NEW(machine->arena, struct c0_code);
    struct c0_instr *at = ARENA_ARRAY(machine->arena, struct c0_instr, count);
    struct c0_site *kept = ARENA_ARRAY(machine->arena, struct c0_site, count);
    memcpy(at, code, count * sizeof *at);
    memcpy(kept, sites, count * sizeof *kept);
    for (uint32_t i = 0; i + 1 < count; i++)
        at[i].op = joined(code[i].op, code[i + 1].op);
    finished->at = at;
    finished->sites = kept;
    finished->count = count;
    return finished;
}
