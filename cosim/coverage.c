#include "cosim/coverage.h"

#include "base/require.h"
#include "cosim/coverage_places.h"

const char *coverage_part_name(enum coverage_part part)
{
    static const char *const names[COVERAGE_PART_COUNT] = {
        [COVERAGE_ABSTRACT] = "kernel/abstract",
        [COVERAGE_LAYER] = "kernel/cvm",
    };
    return names[part];
}

static struct coverage_statements uncovered(struct arena *arena,
                                            const struct coverage_part_places *part)
{
    struct coverage_statements statements = {
        .at = ARENA_ARRAY(arena, struct coverage_statement, part->count),
        .count = part->count,
        .uncalled = part->uncalled,
        .without_code = part->without_code,
    };
    for (size_t i = 0; i < part->count; i++) {
        const struct coverage_place *place = &part->at[i];
        statements.at[i] = (struct coverage_statement){
            place->where.file, place->where.line, place->where.column, place->function->name, 0};
    }
    return statements;
}

struct cosim_coverage *cosim_coverage_new(struct arena *arena, const struct cosim_kernel *kernel,
                                          struct fault *fault)
{
    struct cosim_coverage *coverage = ARENA_NEW(arena, struct cosim_coverage);
    coverage->kernel = kernel;
    coverage->places = ARENA_NEW(arena, struct coverage_places);
    coverage_find_statements(arena, kernel, coverage->places);
    if (!coverage_find_code(arena, kernel, coverage->places, fault))
        return NULL;
    for (unsigned part = 0; part < COVERAGE_PART_COUNT; part++)
        coverage->parts[part] = uncovered(arena, &coverage->places->parts[part]);
    return coverage;
}

static bool was_executed(const struct coverage_places *places, const struct coverage_place *place,
                         const struct vamp_machine *processor)
{
    for (uint32_t i = 0; i < place->address_count; i++)
        if (!vamp_machine_was_executed(processor, places->addresses[place->first_address + i]))
            return false;
    return place->address_count > 0;
}

void cosim_coverage_add_machines(struct cosim_coverage *coverage, const struct c0_machine *kernel,
                                 const struct vamp_machine *processor,
                                 const struct cosim_counts *counts)
{
    const struct coverage_places *places = coverage->places;
    const struct coverage_place *abstract = places->parts[COVERAGE_ABSTRACT].at;
    const struct coverage_place *layer = places->parts[COVERAGE_LAYER].at;
    struct coverage_statements *parts = coverage->parts;
    for (size_t i = 0; i < parts[COVERAGE_ABSTRACT].count; i++)
        parts[COVERAGE_ABSTRACT].at[i].count +=
            c0_machine_statement_count(kernel, abstract[i].function, abstract[i].stmt);
    for (size_t i = 0; i < parts[COVERAGE_LAYER].count; i++)
        parts[COVERAGE_LAYER].at[i].count += was_executed(places, &layer[i], processor);
    for (unsigned i = 0; i < CVM_PRIMITIVE_COUNT; i++)
        coverage->primitives[i] += counts->primitives[i];
    for (unsigned i = 0; i < CVM_TRANSITION_COUNT; i++)
        coverage->transitions[i] += counts->transitions[i];
    coverage->runs++;
}

void cosim_coverage_add(struct cosim_coverage *coverage, struct cosim *cosim,
                        const struct cosim_result *result)
{
    cosim_coverage_add_machines(coverage, cvm_kernel(cosim_abstract(cosim)),
                                physical_processor(cosim_physical(cosim)), &result->counts);
}

size_t coverage_covered(const struct coverage_statements *statements)
{
    size_t covered = 0;
    for (size_t i = 0; i < statements->count; i++)
        covered += statements->at[i].count > 0;
    return covered;
}
