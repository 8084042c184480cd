/* What the machine keeps account of when it is asked to: begun steps, written cells. */
#include "semantics/c0/fast_code.h"

#include "base/require.h"

#include <string.h>

/* Code that was recorded before lacks the account: it is recorded anew. */
static void forget_code(struct c0_machine *machine)
{
    if (machine->fast != NULL)
        memset(machine->fast->codes, 0,
               machine->program->function_count * sizeof machine->fast->codes[0]);
}

void c0_machine_count_statements(struct c0_machine *machine)
{
    const struct c0_program *program = machine->program;
    machine->first_count = ARENA_ARRAY(machine->arena, uint32_t, program->function_count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < program->function_count; i++) {
        machine->first_count[i] = count;
        if (program->functions[i]->body != NULL)
            count += c0_machine_flow(machine, program->functions[i]).count;
    }
    machine->counts = ARENA_ARRAY(machine->arena, uint64_t, count);
    forget_code(machine);
}

uint64_t c0_machine_statement_count(const struct c0_machine *machine,
                                    const struct c0_function *function, const struct c0_stmt *stmt)
{
    require(machine->counts != NULL, "steps are counted");
    uint64_t sum = 0;
    const struct c0_flow *flow = &machine->flows[function->index];
    for (uint32_t i = 0; i < flow->count; i++)
        if (flow->nodes[i].stmt == stmt)
            sum += machine->counts[machine->first_count[function->index] + i];
    return sum;
}

void c0_machine_track_changes(struct c0_machine *machine)
{
    machine->changed = ARENA_ARRAY(machine->arena, uint8_t, machine->end / C0_CHANGE_CELLS + 1);
    forget_code(machine);
}

void c0_machine_each_change(struct c0_machine *machine,
                            void (*visit)(void *self, uint32_t first_cell, uint32_t cells),
                            void *self)
{
    require(machine->changed != NULL, "changes are tracked");
    uint32_t blocks = machine->heap_next / C0_CHANGE_CELLS + 1;
    uint8_t *end = machine->changed + blocks, *at = machine->changed;
    while ((at = memchr(at, 1, (size_t)(end - at))) != NULL) {
        uint32_t first = (uint32_t)(at - machine->changed) * C0_CHANGE_CELLS;
        *at = 0;
        uint32_t begin = first == 0 ? 1 : first; /* cell 0 is NULL */
        uint32_t left = machine->heap_next - first;
        uint32_t behind = first + (left < C0_CHANGE_CELLS ? left : C0_CHANGE_CELLS);
        if (behind > begin)
            visit(self, begin, behind - begin);
    }
}
