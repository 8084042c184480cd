#include "tests/generate/body.h"

/* A variable that the callee's result can go to; NULL if there is none. */
static struct variable *result_variable(struct body *body, const struct type *type)
{
    struct program *program = body->program;
    uint32_t count = (uint32_t)(body->variables.count + program->globals.count);
    for (int attempt = 0; attempt < 20; attempt++) {
        uint32_t number = random_below(&program->random, count);
        struct variable *variable = number < body->variables.count
                                        ? body->variables.at[number]
                                        : program->globals.at[number - body->variables.count];
        if (variable->type == type && !variable->facts.is_frozen && !variable->is_reserved)
            return variable;
    }
    return NULL;
}

/* `fuel` is the first argument of a recursive function, NULL for others. */
void write_call_of(struct body *body, const struct function *callee, const char *fuel)
{
    struct program *program = body->program;
    struct text_builder arguments = {.arena = program->arena};
    for (size_t i = 0; i < callee->parameters.count; i++) {
        const struct type *type = callee->parameters.at[i]->type;
        const char *value = i == 0 && fuel != NULL ? fuel : random_expression(body, type, 2).text;
        text_append(&arguments, "%s%s", i == 0 ? "" : ", ", value);
    }
    struct variable *result = NULL;
    if (callee->result != NULL && random_chance(&program->random, 90))
        result = result_variable(body, callee->result);
    if (result == NULL) {
        write_line(body, "%s(%s);", callee->name, text_built(&arguments));
        return;
    }
    write_line(body, "%s = %s(%s);", result->name, callee->name, text_built(&arguments));
    if (result->scope != SCOPE_GLOBAL) {
        result->facts.is_set = true;
        result->facts.is_not_null = false;
    }
}

/* Fuel for a recursive function: 0 to 3. */
static const char *random_fuel(struct body *body, const struct function *callee)
{
    struct random *random = &body->program->random;
    if (callee->kind == FUNCTION_PLAIN)
        return NULL;
    if (random_chance(random, 60))
        return arena_printf(body->program->arena, "%u", (unsigned)random_below(random, 4));
    return random_bounded(body, body->program->type_int, 4, 1);
}

bool write_call(struct body *body)
{
    struct program *program = body->program;
    if (program->functions.count == 0)
        return false;
    for (int attempt = 0; attempt < 6; attempt++) {
        const struct function *callee =
            program->functions
                .at[random_below(&program->random, (uint32_t)program->functions.count)];
        uint64_t cost = body->multiplier * (callee->cost + 1);
        if (body->cost + cost > body->budget)
            continue;
        body->cost += cost;
        write_call_of(body, callee, random_fuel(body, callee));
        return true;
    }
    return false;
}

/* A call of the function itself or of its partner, with less fuel. */
void write_recursion(struct body *body)
{
    const struct function *function = body->function;
    const struct function *callee =
        function->kind == FUNCTION_MUTUAL ? function->partner : function;
    const char *fuel =
        arena_printf(body->program->arena, "%s - 1", function->parameters.at[0]->name);
    write_call_of(body, callee, fuel);
}
