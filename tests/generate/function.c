/* Functions: plain ones, recursive ones with a fuel, pairs that call one another, and builders of
 * linked structures. Each calls only those that were complete before it, so that the cost of a
 * call is known. */
#include "tests/generate/body.h"

enum { BUDGET = 1500, BUDGET_RECURSIVE = 60, BUDGET_RUN = 12000 };

static struct function *function_new(struct program *program, const char *prefix,
                                     enum function_kind kind, const struct type *result)
{
    struct function *function = ARENA_NEW(program->arena, struct function);
    function->kind = kind;
    function->result = result;
    function->name =
        arena_printf(program->arena, "%s%u", prefix, (unsigned)program->function_count++);
    return function;
}

static struct variable *add_parameter(struct program *program, struct function *function,
                                      const struct type *type, const char *prefix)
{
    struct variable *parameter = ARENA_NEW(program->arena, struct variable);
    parameter->name =
        arena_printf(program->arena, "%s%u", prefix, (unsigned)function->parameters.count);
    parameter->type = type;
    parameter->scope = SCOPE_PARAMETER;
    parameter->facts.is_set = true;
    ARRAY_PUSH(program->arena, &function->parameters, parameter);
    return parameter;
}

static const char *heading(struct program *program, const struct function *function)
{
    struct text_builder out = {.arena = program->arena};
    text_append(&out, "%s(", function->name);
    for (size_t i = 0; i < function->parameters.count; i++)
        text_append(
            &out, "%s%s", i == 0 ? "" : ", ",
            declare(program, function->parameters.at[i]->type, function->parameters.at[i]->name));
    text_append(&out, ")");
    const char *declarator = text_built(&out);
    const char *shown = function->result == NULL
                            ? arena_printf(program->arena, "void %s", declarator)
                            : declare(program, function->result, declarator);
    return arena_printf(program->arena, "%s%s", function->is_static ? "static " : "", shown);
}

/* --- A body --- */

static struct body body_start(struct program *program, struct function *function, uint64_t budget)
{
    struct body body = {.program = program,
                        .function = function,
                        .out = {.arena = program->arena},
                        .indent = 4,
                        .multiplier = 1,
                        .budget = budget};
    for (size_t i = 0; i < function->parameters.count; i++)
        ARRAY_PUSH(program->arena, &body.variables, function->parameters.at[i]);
    return body;
}

static void add_reserved(struct body *body)
{
    struct program *program = body->program;
    for (int i = 0; i < 4; i++)
        add_local(body, program->type_int, "i")->is_reserved = true;
    for (int i = 0; i < 2; i++)
        add_local(body, program->type_unsigned, "u")->is_reserved = true;
    add_local(body, program->type_bool, "done")->is_reserved = true;
}

static const struct type *random_local_type(struct program *program)
{
    struct random *random = &program->random;
    uint32_t kind = random_below(random, 100);
    if (kind < 10)
        return program->structs.at[random_below(random, (uint32_t)program->structs.count)];
    if (kind < 15)
        return type_array(program, random_scalar(program), random_between(random, 2, 8));
    if (kind < 18 && program->aliased.count != 0)
        return program->aliased.at[random_below(random, (uint32_t)program->aliased.count)];
    if (kind < 20)
        return type_array(
            program, program->structs.at[random_below(random, (uint32_t)program->structs.count)],
            2);
    if (kind < 40)
        return type_pointer(
            program, program->structs.at[random_below(random, (uint32_t)program->structs.count)]);
    return random_elementary(program);
}

/* A local with the name of a global hides it: to the end of the function the global counts as not
 * set and frozen, so nothing speaks of it. */
static void hide_global(struct body *body)
{
    struct program *program = body->program;
    uint32_t number = random_below(&program->random, (uint32_t)program->globals.count);
    if (number < 3)
        return; /* others count on these */
    struct variable *global = program->globals.at[number];
    struct variable *local = add_local(body, random_elementary(program), "x");
    local->name = global->name;
    global->facts = (struct facts){.is_frozen = true};
}

static void show_globals(struct program *program)
{
    for (size_t i = 0; i < program->globals.count; i++)
        program->globals.at[i]->facts = (struct facts){.is_set = true};
}

/* Locals, of which some get their first value in a later assignment. */
static void add_locals(struct body *body)
{
    struct program *program = body->program;
    size_t first = body->variables.count;
    uint32_t count = random_between(&program->random, 3, 8);
    add_local(body, program->type_int, "x");
    add_local(body, program->type_unsigned, "x");
    for (uint32_t i = 0; i < count; i++)
        add_local(body, random_local_type(program), "x");
    if (random_chance(&program->random, 15))
        hide_global(body);
    size_t end = body->variables.count;
    add_reserved(body);
    for (size_t i = first; i < end; i++) {
        struct variable *variable = body->variables.at[i];
        if (variable->type->cells > 40)
            continue; /* too long to be written out; it stays unused */
        if (!type_is_elementary(variable->type) || random_chance(&program->random, 75))
            write_initialisation(body, variable);
    }
}

/* Neighbours of one simple type now and then share a declaration. */
static void print_locals(struct body *body, struct text_builder *out)
{
    const struct type *open = NULL;
    for (size_t i = body->function->parameters.count; i < body->variables.count; i++) {
        const struct variable *variable = body->variables.at[i];
        if (variable->is_reserved && !variable->is_used)
            continue;
        bool is_shared = open == variable->type && open->cells == 1 && open->kind != TYPE_POINTER &&
                         random_chance(&body->program->random, 30);
        if (is_shared)
            text_append(out, ", %s", variable->name);
        else
            text_append(out, "%s    %s", open == NULL ? "" : ";\n",
                        declare(body->program, variable->type, variable->name));
        open = variable->type;
    }
    text_append(out, "%s", open == NULL ? "" : ";\n");
}

/* The whole text of a function whose result is `value`, if it has one. */
static void body_finish(struct body *body, const char *value)
{
    struct program *program = body->program;
    struct function *function = body->function;
    struct text_builder out = {.arena = program->arena};
    text_append(&out, "%s\n{\n", heading(program, function));
    print_locals(body, &out);
    text_append(&out, "\n%s", text_built(&body->out));
    if (function->result != NULL)
        text_append(&out, "    return %s;\n", value);
    text_append(&out, "}\n");
    function->text = text_built(&out);
    show_globals(program);
}

static const char *random_value(struct body *body)
{
    const struct type *result = body->function->result;
    return result == NULL ? NULL : random_expression(body, result, 2).text;
}

/* --- Plain and recursive functions --- */

static void add_parameters(struct program *program, struct function *function)
{
    uint32_t count = random_below(&program->random, 5);
    if (function->kind != FUNCTION_PLAIN)
        add_parameter(program, function, program->type_int, "fuel")->facts.is_frozen = true;
    for (uint32_t i = 0; i < count; i++)
        add_parameter(program, function, random_elementary(program), "a");
}

static const struct type *random_result(struct program *program)
{
    return random_chance(&program->random, 15) ? NULL : random_elementary(program);
}

static void write_plain(struct program *program, struct function *function)
{
    struct body body = body_start(program, function, BUDGET);
    add_locals(&body);
    uint32_t size = program->options.size;
    write_statements(&body, random_between(&program->random, size / 2 + 1, size));
    body_finish(&body, random_value(&body));
    function->cost = body.cost + 1;
}

/* A call with fuel f costs `own` and at most two calls with fuel f - 1; callers give at most 3. */
static uint64_t cost_of_recursion(uint64_t own, uint32_t calls)
{
    uint64_t cost = own;
    for (int fuel = 0; fuel < 3; fuel++)
        cost = own + calls * cost;
    return cost;
}

static uint64_t write_recursive(struct program *program, struct function *function, uint32_t *calls)
{
    struct body body = body_start(program, function, BUDGET_RECURSIVE);
    struct random *random = &program->random;
    add_locals(&body);
    body.budget += body.cost;
    write_statements(&body, random_between(random, 1, 3));
    write_line(&body, "if (%s > 0) {", function->parameters.at[0]->name);
    struct facts *saved = save_facts(&body);
    open_block(&body);
    *calls = random_between(random, 1, 2);
    for (uint32_t i = 0; i < *calls; i++) {
        write_statements(&body, random_between(random, 0, 2));
        write_recursion(&body);
    }
    write_statements(&body, random_between(random, 0, 2));
    close_block(&body);
    merge_facts(&body, saved);
    write_line(&body, "}");
    body_finish(&body, random_value(&body));
    return body.cost + 2;
}

static void make_recursive(struct program *program)
{
    struct function *function =
        function_new(program, "again", FUNCTION_RECURSIVE, random_result(program));
    uint32_t calls;
    function->is_static = random_chance(&program->random, 25);
    add_parameters(program, function);
    function->cost = cost_of_recursion(write_recursive(program, function, &calls), 2);
    ARRAY_PUSH(program->arena, &program->functions, function);
}

static void make_pair(struct program *program)
{
    struct function *first = function_new(program, "ping", FUNCTION_MUTUAL, random_result(program));
    struct function *second =
        function_new(program, "pong", FUNCTION_MUTUAL, random_result(program));
    uint32_t calls;
    first->partner = second;
    second->partner = first;
    first->has_prototype = second->has_prototype = true;
    second->is_static = random_chance(&program->random, 25);
    add_parameters(program, first);
    add_parameters(program, second);
    uint64_t own = write_recursive(program, first, &calls);
    own += write_recursive(program, second, &calls);
    first->cost = second->cost = cost_of_recursion(own, 2);
    ARRAY_PUSH(program->arena, &program->functions, first);
    ARRAY_PUSH(program->arena, &program->functions, second);
}

static void make_plain(struct program *program)
{
    struct function *function =
        function_new(program, "plain", FUNCTION_PLAIN, random_result(program));
    function->is_static = random_chance(&program->random, 25);
    function->has_prototype = random_chance(&program->random, 15);
    add_parameters(program, function);
    write_plain(program, function);
    ARRAY_PUSH(program->arena, &program->functions, function);
}

/* --- Linked structures --- */

/* The first struct has a link to its own type as its first field (types.c). */
static const struct type *linked_struct(struct program *program)
{
    return program->structs.at[0];
}

/* A list of n nodes, the last made in front. */
static void make_list_builder(struct program *program)
{
    const struct type *type = linked_struct(program);
    const struct type *pointer = type_pointer(program, type);
    struct function *function = function_new(program, "chain", FUNCTION_PLAIN, pointer);
    struct variable *count = add_parameter(program, function, program->type_int, "n");
    add_parameter(program, function, type->fields[1].type, "a");
    count->facts.is_frozen = true;
    struct body body = body_start(program, function, BUDGET);
    struct variable *head = add_local(&body, pointer, "x"), *node = add_local(&body, pointer, "x");
    struct variable *counter = add_local(&body, program->type_int, "i");
    head->facts = node->facts = (struct facts){.is_set = true, .is_frozen = true};
    counter->facts = (struct facts){.is_set = true, .is_frozen = true};
    write_line(&body, "%s = NULL;", head->name);
    write_line(&body, "%s = 0;", counter->name);
    write_line(&body, "while (%s < %s && %s < 8) {", counter->name, count->name, counter->name);
    body.multiplier = 8;
    open_block(&body);
    write_line(&body, "%s = new(%s);", node->name, declare(program, type, ""));
    write_line(&body, "if (%s != NULL) {", node->name);
    open_block(&body);
    node->facts.is_not_null = true;
    write_line(&body, "%s->%s = %s;", node->name, type->fields[0].name, head->name);
    write_line(&body, "%s->%s = %s;", node->name, type->fields[1].name,
               random_expression(&body, type->fields[1].type, 2).text);
    write_statements(&body, 1);
    write_line(&body, "%s = %s;", head->name, node->name);
    node->facts.is_not_null = false;
    close_block(&body);
    write_line(&body, "}");
    write_line(&body, "%s = %s + 1;", counter->name, counter->name);
    close_block(&body);
    write_line(&body, "}");
    body_finish(&body, head->name);
    function->cost = body.cost + 70;
    ARRAY_PUSH(program->arena, &program->functions, function);
}

/* The sum of a word of each node along the links, recursively. */
static void make_list_sum(struct program *program)
{
    const struct type *type = linked_struct(program);
    const struct field *link = &type->fields[0], *key = &type->fields[1];
    struct function *function = function_new(program, "sum", FUNCTION_RECURSIVE, key->type);
    add_parameter(program, function, program->type_int, "fuel");
    add_parameter(program, function, type_pointer(program, type), "p");
    const char *zero = key->type->kind == TYPE_INT ? "0" : "0u";
    function->text = arena_printf(
        program->arena,
        "%s\n{\n    %s;\n    %s;\n\n    total = %s;\n    if (p1 != NULL && fuel0 > 0) {\n"
        "        rest = %s(fuel0 - 1, p1->%s);\n        total = p1->%s + rest;\n    }\n"
        "    return total;\n}\n",
        heading(program, function), declare(program, key->type, "total"),
        declare(program, key->type, "rest"), zero, function->name, link->name, key->name);
    function->cost = 20;
    ARRAY_PUSH(program->arena, &program->functions, function);
}

/* --- The program's entry --- */

/* Calls every function and folds results into the first two globals, so that all of them count. */
static void make_run(struct program *program)
{
    struct function *run = ARENA_NEW(program->arena, struct function);
    size_t count = program->functions.count;
    run->name = "run";
    run->result = program->type_int;
    struct body body = body_start(program, run, BUDGET_RUN);
    add_locals(&body);
    struct variable *total = program->globals.at[1];
    for (size_t i = 0; i < count; i++) {
        const struct function *callee = program->functions.at[i];
        const char *fuel = callee->kind == FUNCTION_PLAIN ? NULL : "3";
        write_call_of(&body, callee, fuel);
        body.cost += callee->cost;
        if (random_chance(&program->random, 40))
            write_line(&body, "%s = %s * 31u + %s;", total->name, total->name,
                       random_operand(&body, program->type_unsigned, 2, LEVEL_PRODUCT));
    }
    body.budget = body.cost + 3000;
    write_statements(&body, program->options.size / 2);
    body_finish(&body, random_value(&body));
    ARRAY_PUSH(program->arena, &program->functions, run);
}

void make_functions(struct program *program)
{
    struct random *random = &program->random;
    make_list_builder(program);
    make_list_sum(program);
    while (program->functions.count < program->options.functions + 2) {
        uint32_t kind = random_below(random, 10);
        if (kind < 2)
            make_recursive(program);
        else if (kind < 3)
            make_pair(program);
        else
            make_plain(program);
    }
    make_run(program);
}
