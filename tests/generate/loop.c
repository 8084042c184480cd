/* Loops. Each has a bound that nothing in its body can move: its counter, its flag and its bound
 * are locals reserved for it, frozen while the body is written. */
#include "tests/generate/body.h"

struct loop {
    struct facts *saved;
    uint64_t multiplier;
};

/* A pointer known not to be NULL stays so throughout the loop, or is forgotten at its start. */
static struct loop start(struct body *body, uint32_t trips)
{
    struct loop loop = {save_facts(body), body->multiplier};
    for (size_t i = 0; i < body->variables.count; i++) {
        struct facts *facts = &body->variables.at[i]->facts;
        if (!facts->is_not_null)
            continue;
        if (random_chance(&body->program->random, 50))
            facts->is_frozen = true;
        else if (!facts->is_frozen)
            facts->is_not_null = false;
    }
    body->multiplier *= trips;
    body->cost += body->multiplier * 2;
    open_block(body);
    return loop;
}

static void finish(struct body *body, struct loop loop)
{
    close_block(body);
    write_line(body, "}");
    body->multiplier = loop.multiplier;
    merge_facts(body, loop.saved);
}

/* A reserved local of that type that no loop around uses. */
static struct variable *take_reserved(struct body *body, const struct type *type)
{
    for (size_t i = 0; i < body->variables.count; i++) {
        struct variable *variable = body->variables.at[i];
        if (variable->is_reserved && variable->type == type && !variable->facts.is_frozen) {
            variable->facts.is_frozen = true;
            variable->is_used = true;
            return variable;
        }
    }
    return NULL;
}

/* The first value of a counter, bound or flag, which may be read from here on. */
static void write_first(struct body *body, struct variable *variable, const char *value)
{
    write_line(body, "%s = %s;", variable->name, value);
    variable->facts.is_set = true;
}

static const char *zero_of(const struct variable *counter)
{
    return counter->type->kind == TYPE_INT ? "0" : "0u";
}

/* The value that it has after the loop may be read. */
static void release_reserved(struct variable *variable)
{
    variable->facts.is_frozen = false;
    variable->facts.is_set = true;
    variable->facts.below = 0;
}

static void write_body(struct body *body)
{
    write_statements(body, random_between(&body->program->random, 1, 4));
}

static const char *suffix_of(const struct variable *counter)
{
    return counter->type->kind == TYPE_INT ? "" : "u";
}

/* i = 0; while (i < n) { ...; i = i + 1; } where n is a constant or `bound`, below `trips`. */
static void count_up(struct body *body, struct variable *counter, struct variable *bound,
                     uint32_t trips)
{
    struct program *program = body->program;
    const char *suffix = suffix_of(counter);
    const char *limit = arena_printf(program->arena, "%u%s", (unsigned)trips, suffix);
    if (bound != NULL) {
        write_first(body, bound, random_bounded(body, bound->type, trips + 1, 1));
        limit = bound->name;
    }
    write_first(body, counter, zero_of(counter));
    write_line(body, "while (%s < %s) {", counter->name, limit);
    struct loop loop = start(body, trips);
    counter->facts.below = trips;
    write_body(body);
    counter->facts.below = 0;
    write_line(body, "%s = %s + 1%s;", counter->name, counter->name, suffix);
    finish(body, loop);
}

/* i = n; while (i > 0) { i = i - 1; ... } */
static void count_down(struct body *body, struct variable *counter, uint32_t trips)
{
    const char *suffix = suffix_of(counter);
    bool is_unequal = random_chance(&body->program->random, 50);
    write_first(body, counter, arena_printf(body->program->arena, "%u%s", (unsigned)trips, suffix));
    write_line(body, "while (%s %s 0%s) {", counter->name, is_unequal ? "!=" : ">", suffix);
    struct loop loop = start(body, trips);
    write_line(body, "%s = %s - 1%s;", counter->name, counter->name, suffix);
    counter->facts.below = trips;
    write_body(body);
    finish(body, loop);
}

/* The early exit of C0: a flag in the condition. */
static void until_flag(struct body *body, struct variable *counter, struct variable *flag,
                       uint32_t trips)
{
    struct program *program = body->program;
    const char *suffix = suffix_of(counter);
    write_first(body, counter, zero_of(counter));
    write_first(body, flag, "false");
    write_line(body, "while (!%s && %s < %u%s) {", flag->name, counter->name, (unsigned)trips,
               suffix);
    struct loop loop = start(body, trips);
    counter->facts.below = trips;
    write_body(body);
    counter->facts.below = 0;
    write_line(body, "if (%s) {", random_expression(body, program->type_bool, 2).text);
    write_line(body, "    %s = true;", flag->name);
    write_line(body, "} else {");
    write_line(body, "    %s = %s + 1%s;", counter->name, counter->name, suffix);
    write_line(body, "}");
    finish(body, loop);
}

/* The counter moves by one or two, as the data wants. */
static void skipping(struct body *body, struct variable *counter, uint32_t trips)
{
    const char *suffix = suffix_of(counter);
    write_first(body, counter, zero_of(counter));
    write_line(body, "while (%s < %u%s) {", counter->name, (unsigned)trips, suffix);
    struct loop loop = start(body, trips);
    counter->facts.below = trips;
    write_body(body);
    counter->facts.below = 0;
    write_line(body, "if (%s) {", random_expression(body, body->program->type_bool, 2).text);
    write_line(body, "    %s = %s + 2%s;", counter->name, counter->name, suffix);
    write_line(body, "} else {");
    write_line(body, "    %s = %s + 1%s;", counter->name, counter->name, suffix);
    write_line(body, "}");
    finish(body, loop);
}

/* x = e; while (x != 0u) { ...; x = x / 4u; } : at most 8 or 16 turns */
static void shrinking(struct body *body, struct variable *counter)
{
    struct program *program = body->program;
    bool by_shift = random_chance(&program->random, 50);
    const char *value = random_operand(body, program->type_unsigned, 2, LEVEL_BIT_AND);
    write_first(body, counter, by_shift ? arena_printf(program->arena, "%s & 255u", value) : value);
    write_line(body, "while (%s != 0u) {", counter->name);
    struct loop loop = start(body, by_shift ? 8 : 16);
    write_body(body);
    write_line(body, "%s = %s %s;", counter->name, counter->name, by_shift ? ">> 1" : "/ 4u");
    finish(body, loop);
}

static const struct field *link_of(const struct type *type)
{
    if (type->kind != TYPE_STRUCT)
        return NULL;
    const struct type *self = NULL;
    for (uint32_t i = 0; i < type->field_count; i++) {
        self = type->fields[i].type;
        if (self->kind == TYPE_POINTER && self->element == type)
            return &type->fields[i];
    }
    return NULL;
}

/* Walks along a linked structure, which may be a ring: at most `trips` nodes. */
static bool walk(struct body *body, struct variable *counter, uint32_t trips)
{
    struct variable *pointer = NULL;
    for (size_t i = 0; i < body->variables.count && pointer == NULL; i++) {
        struct variable *variable = body->variables.at[i];
        if (variable->type->kind == TYPE_POINTER && link_of(variable->type->element) != NULL &&
            !variable->facts.is_frozen)
            pointer = variable;
    }
    if (pointer == NULL)
        return false;
    const char *suffix = suffix_of(counter);
    if (!pointer->facts.is_set || random_chance(&body->program->random, 50))
        write_line(body, "%s = %s;", pointer->name, random_expression(body, pointer->type, 1).text);
    pointer->facts.is_set = true;
    pointer->facts.is_not_null = false;
    write_first(body, counter, zero_of(counter));
    write_line(body, "while (%s != NULL && %s < %u%s) {", pointer->name, counter->name,
               (unsigned)trips, suffix);
    struct loop loop = start(body, trips);
    pointer->facts.is_frozen = true;
    pointer->facts.is_not_null = true;
    counter->facts.below = trips;
    write_body(body);
    write_line(body, "%s = %s->%s;", pointer->name, pointer->name,
               link_of(pointer->type->element)->name);
    write_line(body, "%s = %s + 1%s;", counter->name, counter->name, suffix);
    finish(body, loop);
    return true;
}

bool write_loop(struct body *body)
{
    struct program *program = body->program;
    struct random *random = &program->random;
    static const uint32_t trip_counts[] = {2, 3, 4, 5, 7, 8, 10};
    uint32_t trips = trip_counts[random_below(random, 7)];
    if (body->cost + body->multiplier * trips * 8 > body->budget)
        return false;
    const struct type *type =
        random_chance(random, 60) ? program->type_int : program->type_unsigned;
    struct variable *counter = take_reserved(body, type);
    if (counter == NULL)
        return false;
    struct variable *second = NULL;
    switch (random_below(random, 8)) {
    case 0:
        count_down(body, counter, trips);
        break;
    case 1:
    case 2:
        second = take_reserved(body, program->type_bool);
        if (second != NULL)
            until_flag(body, counter, second, trips);
        else
            skipping(body, counter, trips);
        break;
    case 3:
        skipping(body, counter, trips);
        break;
    case 4:
        if (type == program->type_unsigned) {
            shrinking(body, counter);
            break;
        }
        if (!walk(body, counter, trips))
            count_down(body, counter, trips);
        break;
    case 5:
        second = take_reserved(body, type);
        count_up(body, counter, second, trips);
        break;
    case 6:
        if (!walk(body, counter, trips))
            count_up(body, counter, NULL, trips);
        break;
    default:
        count_up(body, counter, NULL, trips);
        break;
    }
    release_reserved(counter);
    if (second != NULL)
        release_reserved(second);
    return true;
}
