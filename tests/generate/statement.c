#include "tests/generate/body.h"

#include <stdarg.h>

void write_line(struct body *body, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *line = arena_vprintf(body->program->arena, format, arguments);
    va_end(arguments);
    text_append(&body->out, "%*s%s\n", (int)body->indent, "", line);
}

void open_block(struct body *body)
{
    body->indent += 4;
    body->nesting++;
}

void close_block(struct body *body)
{
    body->indent -= 4;
    body->nesting--;
}

/* --- What is known --- */

struct facts *save_facts(struct body *body)
{
    struct facts *saved = ARENA_ARRAY(body->program->arena, struct facts, body->variables.count);
    for (size_t i = 0; i < body->variables.count; i++)
        saved[i] = body->variables.at[i]->facts;
    return saved;
}

/* Locals that were added since then exist already where the block began, but are not set. */
void restore_facts(struct body *body, const struct facts *saved)
{
    for (size_t i = 0; i < body->variables.count; i++)
        body->variables.at[i]->facts = saved[i];
}

void merge_facts(struct body *body, const struct facts *saved)
{
    for (size_t i = 0; i < body->variables.count; i++) {
        bool was_not_null = body->variables.at[i]->facts.is_not_null;
        body->variables.at[i]->facts = saved[i];
        body->variables.at[i]->facts.is_not_null = saved[i].is_not_null && was_not_null;
    }
}

/* --- Locals --- */

/* All locals are made before the first statement, so that save_facts sees them all. */
struct variable *add_local(struct body *body, const struct type *type, const char *prefix)
{
    struct arena *arena = body->program->arena;
    struct variable *variable = ARENA_NEW(arena, struct variable);
    variable->name = arena_printf(arena, "%s%u", prefix, (unsigned)body->variables.count);
    variable->type = type;
    variable->scope = SCOPE_LOCAL;
    ARRAY_PUSH(arena, &body->variables, variable);
    return variable;
}

static void initialise_place(struct body *body, const struct type *type, const char *place)
{
    struct arena *arena = body->program->arena;
    if (type_is_elementary(type)) {
        body->cost += body->multiplier;
        write_line(body, "%s = %s;", place, random_expression(body, type, 1).text);
        return;
    }
    uint32_t count = type->kind == TYPE_ARRAY ? type->length : type->field_count;
    for (uint32_t i = 0; i < count; i++) {
        bool is_array = type->kind == TYPE_ARRAY;
        const char *part = is_array ? arena_printf(arena, "%s[%u]", place, (unsigned)i)
                                    : arena_printf(arena, "%s.%s", place, type->fields[i].name);
        initialise_place(body, is_array ? type->element : type->fields[i].type, part);
    }
}

void write_initialisation(struct body *body, struct variable *variable)
{
    struct expression place;

    if (!type_is_elementary(variable->type) && may_fault_here(body->program))
        return;
    if (variable->type->kind == TYPE_STRUCT && random_chance(&body->program->random, 50) &&
        random_place(body, variable->type, PLACE_READ, 1, &place)) {
        body->cost += body->multiplier;
        write_line(body, "%s = %s;", variable->name, place.text);
    } else {
        initialise_place(body, variable->type, variable->name);
    }
    variable->facts.is_set = true;
}

/* --- Assignments --- */

static struct variable *variable_named(struct body *body, const char *name)
{
    for (size_t i = 0; i < body->variables.count; i++) {
        if (text_is(text_of(name), body->variables.at[i]->name))
            return body->variables.at[i];
    }
    return NULL;
}

static uint32_t random_depth(struct body *body)
{
    return random_between(&body->program->random, 1, 3);
}

/* Whole variables are known better afterwards; parts of them and what is behind a pointer not. */
static bool write_assignment(struct body *body)
{
    struct program *program = body->program;
    const struct type *type = random_elementary(program);
    struct expression place;
    if (!random_place(body, type, PLACE_WRITE, 1, &place))
        return false;
    const char *value = random_expression(body, type, random_depth(body)).text;
    body->cost += body->multiplier;
    write_line(body, "%s = %s;", place.text, value);
    struct variable *variable = variable_named(body, place.text);
    if (variable != NULL) {
        variable->facts.is_set = true;
        variable->facts.is_not_null = value[0] == '&';
    }
    return true;
}

/* A whole struct, from anywhere to anywhere. */
static bool write_copy(struct body *body)
{
    struct program *program = body->program;
    const struct type *type =
        program->structs.at[random_below(&program->random, (uint32_t)program->structs.count)];
    struct expression to, from;
    if (!random_place(body, type, PLACE_WRITE, 1, &to) ||
        !random_place(body, type, PLACE_READ, 1, &from))
        return false;
    body->cost += body->multiplier;
    write_line(body, "%s = %s;", to.text, from.text);
    return true;
}

/* --- Heap --- */

static struct variable *random_pointer_local(struct body *body, bool must_be_set)
{
    struct random *random = &body->program->random;
    if (body->variables.count == 0)
        return NULL;
    for (int attempt = 0; attempt < 12; attempt++) {
        struct variable *variable =
            body->variables.at[random_below(random, (uint32_t)body->variables.count)];
        if (variable->type->kind == TYPE_POINTER && !variable->facts.is_frozen &&
            !variable->is_reserved && (variable->facts.is_set || !must_be_set))
            return variable;
    }
    return NULL;
}

/* p = new(T); if (p != NULL) { some of its parts are given values } */
static bool write_new(struct body *body)
{
    struct program *program = body->program;
    struct variable *pointer = random_pointer_local(body, false);
    if (pointer == NULL)
        return false;
    const struct type *type = pointer->type->element;
    body->cost += body->multiplier * 4;
    write_line(body, "%s = new(%s);", pointer->name, declare(program, type, ""));
    write_line(body, "if (%s != NULL) {", pointer->name);
    pointer->facts.is_set = true;
    pointer->facts.is_not_null = true;
    open_block(body);
    if (type->kind == TYPE_STRUCT) {
        for (uint32_t i = 0; i < type->field_count; i++) {
            const struct field *field = &type->fields[i];
            if (type_is_elementary(field->type) && random_chance(&program->random, 60))
                write_line(body, "%s->%s = %s;", pointer->name, field->name,
                           random_expression(body, field->type, 1).text);
        }
    } else if (type_is_elementary(type)) {
        write_line(body, "*%s = %s;", pointer->name, random_expression(body, type, 1).text);
    } else {
        write_line(body, "(*%s)[0] = %s;", pointer->name,
                   random_expression(body, type->element, 1).text);
    }
    close_block(body);
    write_line(body, "}");
    pointer->facts.is_not_null = false;
    return true;
}

/* if (p != NULL) { ... p->f ... } */
static bool write_guarded(struct body *body)
{
    struct program *program = body->program;
    struct variable *pointer = random_pointer_local(body, true);
    if (pointer == NULL)
        return false;
    body->cost += body->multiplier;
    write_line(body, "if (%s != NULL) {", pointer->name);
    struct facts *saved = save_facts(body);
    pointer->facts.is_not_null = true;
    open_block(body);
    write_statements(body, random_between(&program->random, 1, 3));
    close_block(body);
    merge_facts(body, saved);
    write_line(body, "}");
    return true;
}

/* What was set in a branch that ended with `other` stays set only if it is set here as well. */
static void intersect_facts(struct body *body, const struct facts *other)
{
    for (size_t i = 0; i < body->variables.count; i++) {
        struct facts *facts = &body->variables.at[i]->facts;
        facts->is_set = facts->is_set && other[i].is_set;
        facts->is_not_null = facts->is_not_null && other[i].is_not_null;
    }
}

static void write_branch(struct body *body)
{
    open_block(body);
    write_statements(body, random_between(&body->program->random, 1, 3));
    close_block(body);
}

/* From `opener`, "if" or "} else if", to before the last brace. */
static void write_branches(struct body *body, const char *opener)
{
    struct random *random = &body->program->random;
    uint32_t kind = random_below(random, 100);
    body->cost += body->multiplier;
    write_line(body, "%s (%s) {", opener,
               random_expression(body, body->program->type_bool, random_depth(body)).text);
    struct facts *saved = save_facts(body);
    write_branch(body);
    if (kind >= 55) {
        merge_facts(body, saved);
        return;
    }
    struct facts *after = save_facts(body);
    restore_facts(body, saved);
    if (kind < 15 && body->cost < body->budget) {
        write_branches(body, "} else if");
    } else {
        write_line(body, "} else {");
        write_branch(body);
    }
    intersect_facts(body, after);
}

static bool write_if(struct body *body)
{
    write_branches(body, "if");
    write_line(body, "}");
    return true;
}

static bool write_block(struct body *body)
{
    write_line(body, "{");
    open_block(body);
    write_statements(body, random_between(&body->program->random, 1, 2));
    close_block(body);
    write_line(body, "}");
    return true;
}

/* False: what was chosen is not possible here. */
static bool write_random(struct body *body)
{
    struct random *random = &body->program->random;
    uint32_t kind = random_below(random, 100);
    bool may_nest = body->nesting < 4;
    if (kind < 12 && may_nest)
        return write_if(body);
    if (kind < 22 && may_nest)
        return write_loop(body);
    if (kind < 30 && may_nest)
        return write_guarded(body);
    if (kind < 36)
        return write_new(body);
    if (kind < 46)
        return write_copy(body);
    if (kind < 60)
        return write_call(body);
    if (kind < 62 && may_nest)
        return write_block(body);
    return write_assignment(body);
}

void write_statements(struct body *body, uint32_t count)
{
    for (uint32_t i = 0; i < count && body->cost < body->budget; i++) {
        bool is_written = false;
        for (int attempt = 0; attempt < 5 && !is_written; attempt++)
            is_written = write_random(body);
    }
}
