#include "cosim/coverage_places.h"

#include "base/array.h"

#include <string.h>

/* --- Who is called --- */

struct calls {
    const struct c0_program *program;
    bool *is_called;  /* by function index */
    uint32_t *queue;  /* of functions that are called and not looked into yet */
    uint32_t waiting; /* so many */
};

static void add_call(struct calls *calls, const struct c0_function *callee)
{
    if (callee == NULL || calls->is_called[callee->index])
        return;
    calls->is_called[callee->index] = true;
    calls->queue[calls->waiting++] = callee->index;
}

static void add_calls(struct calls *calls, const struct c0_stmt *stmt)
{
    if (stmt == NULL)
        return;
    add_call(calls, stmt->callee);
    add_calls(calls, stmt->body);
    add_calls(calls, stmt->otherwise);
    for (uint32_t i = 0; i < stmt->stmt_count; i++)
        add_calls(calls, stmt->stmts[i]);
}

/* By function index: whether a call of `root` can lead to it. */
static const bool *called_from(struct arena *arena, const struct c0_program *program,
                               const char *root)
{
    struct calls calls = {.program = program,
                          .is_called = ARENA_ARRAY(arena, bool, program->function_count),
                          .queue = ARENA_ARRAY(arena, uint32_t, program->function_count)};
    add_call(&calls, c0_program_function(program, root, NULL));
    while (calls.waiting > 0)
        add_calls(&calls, program->functions[calls.queue[--calls.waiting]]->body);
    return calls.is_called;
}

/* --- Statements --- */

typedef ARRAY(struct coverage_place) place_array;

static void add_statements(struct arena *arena, place_array *places,
                           const struct c0_function *function, const struct c0_stmt *stmt,
                           bool is_counted)
{
    if (stmt == NULL)
        return;
    if (stmt->kind != C0_STMT_BLOCK)
        ARRAY_PUSH(arena, places,
                   (struct coverage_place){function, stmt, stmt->where, is_counted, 0, 0});
    add_statements(arena, places, function, stmt->body, is_counted);
    add_statements(arena, places, function, stmt->otherwise, is_counted);
    for (uint32_t i = 0; i < stmt->stmt_count; i++)
        add_statements(arena, places, function, stmt->stmts[i], is_counted);
}

static size_t count_statements(const struct c0_stmt *stmt)
{
    if (stmt == NULL)
        return 0;
    size_t count = stmt->kind != C0_STMT_BLOCK;
    count += count_statements(stmt->body) + count_statements(stmt->otherwise);
    for (uint32_t i = 0; i < stmt->stmt_count; i++)
        count += count_statements(stmt->stmts[i]);
    return count;
}

/* The function of the other program with the same definition; NULL: it has none. */
static const struct c0_function *counterpart(const struct c0_program *other,
                                             const struct c0_function *function)
{
    for (uint32_t i = 0; i < other->function_count; i++) {
        const struct c0_function *candidate = other->functions[i];
        if (candidate->body != NULL && strcmp(candidate->name, function->name) == 0 &&
            candidate->is_static == function->is_static &&
            (!function->is_static || strcmp(candidate->where.file, function->where.file) == 0))
            return candidate;
    }
    return NULL;
}

static void find_abstract(struct arena *arena, const struct c0_program *abstract,
                          const struct c0_program *concrete, const bool *by_kernel,
                          const bool *by_layer, struct coverage_part_places *part)
{
    place_array found = {0};
    for (uint32_t i = 0; i < abstract->function_count; i++) {
        const struct c0_function *function = abstract->functions[i];
        const struct c0_function *linked = counterpart(concrete, function);
        if (by_kernel[i])
            add_statements(arena, &found, function, function->body, true);
        else if (linked == NULL || !by_layer[linked->index])
            part->uncalled += count_statements(function->body);
    }
    part->at = found.at;
    part->count = found.count;
}

static void find_layer(struct arena *arena, const struct c0_program *abstract,
                       const struct c0_program *concrete, const bool *by_kernel,
                       const bool *by_layer, struct coverage_part_places *part)
{
    place_array found = {0};
    for (uint32_t i = 0; i < concrete->function_count; i++) {
        const struct c0_function *function = concrete->functions[i];
        const struct c0_function *seen = counterpart(abstract, function);
        bool is_abstract = seen != NULL && by_kernel[seen->index];
        add_statements(arena, &found, function, function->body, !is_abstract && by_layer[i]);
        if (seen == NULL && !by_layer[i])
            part->uncalled += count_statements(function->body);
    }
    part->at = found.at;
    part->count = found.count;
}

void coverage_find_statements(struct arena *arena, const struct cosim_kernel *kernel,
                              struct coverage_places *places)
{
    const struct c0_program *abstract = kernel->abstract, *concrete = kernel->concrete;
    const bool *by_kernel = called_from(arena, abstract, "kdispatch");
    const bool *by_layer = called_from(arena, concrete, "cvm_dispatch");
    find_abstract(arena, abstract, concrete, by_kernel, by_layer,
                  &places->parts[COVERAGE_ABSTRACT]);
    find_layer(arena, abstract, concrete, by_kernel, by_layer, &places->parts[COVERAGE_LAYER]);
}
