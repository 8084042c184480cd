#include "tests/generate/body.h"

struct place {
    struct expression expression;
    const struct type *type;
};

static const char *random_index(struct body *body, uint32_t length, uint32_t depth)
{
    struct program *program = body->program;
    struct random *random = &program->random;
    if (may_fault_here(program))
        return random_expression(body, program->type_int, 1).text;
    for (size_t i = 0; i < body->variables.count; i++) { /* a loop's counter */
        const struct variable *variable = body->variables.at[i];
        const struct facts *facts = &variable->facts;
        if (facts->is_set && facts->below != 0 && facts->below <= length &&
            type_is_word(variable->type) && random_chance(random, 50))
            return variable->name;
    }
    if (depth == 0 || random_chance(random, 40))
        return arena_printf(program->arena, random_chance(random, 50) ? "%u" : "%uu",
                            (unsigned)random_below(random, length));
    const struct type *type =
        random_chance(random, 50) ? program->type_int : program->type_unsigned;
    return random_bounded(body, type, length, depth - 1);
}

/* Goes down to a part of type `wanted`, which `place` contains. */
static void descend(struct body *body, struct place *place, const struct type *wanted,
                    uint32_t depth)
{
    struct arena *arena = body->program->arena;
    struct random *random = &body->program->random;
    while (place->type != wanted) {
        const char *base = place->expression.text;
        bool is_deref = place->expression.level == LEVEL_UNARY;
        if (place->type->kind == TYPE_ARRAY) {
            const char *index = random_index(body, place->type->length, depth);
            place->expression.text =
                arena_printf(arena, is_deref ? "(%s)[%s]" : "%s[%s]", base, index);
            place->type = place->type->element;
        } else {
            const struct field *field;
            do {
                field = &place->type->fields[random_below(random, place->type->field_count)];
            } while (!type_contains(field->type, wanted));
            if (is_deref && random_chance(random, 85))
                place->expression.text = arena_printf(arena, "%s->%s", base + 1, field->name);
            else
                place->expression.text =
                    arena_printf(arena, is_deref ? "(%s).%s" : "%s.%s", base, field->name);
            place->type = field->type;
        }
        place->expression.level = LEVEL_POSTFIX;
    }
}

static bool can_start_at(const struct body *body, const struct variable *variable,
                         const struct type *wanted, enum place_use use)
{
    const struct facts *facts = &variable->facts;
    if (!type_contains(variable->type, wanted))
        return false;
    switch (use) {
    case PLACE_READ:
        return facts->is_set ||
               (variable->scope == SCOPE_LOCAL && !type_is_elementary(variable->type) &&
                may_fault_here(body->program));
    case PLACE_WRITE: /* aggregates only when set: their initialisation comes first */
        return !facts->is_frozen && !variable->is_reserved &&
               (facts->is_set || type_is_elementary(variable->type));
    case PLACE_ADDRESS:
        return variable->scope == SCOPE_GLOBAL && facts->is_set;
    }
    return false;
}

static bool can_start_behind(const struct body *body, const struct variable *variable,
                             const struct type *wanted)
{
    const struct facts *facts = &variable->facts;
    return variable->type->kind == TYPE_POINTER && facts->is_set &&
           (facts->is_not_null || may_fault_here(body->program)) &&
           type_contains(variable->type->element, wanted);
}

bool random_place(struct body *body, const struct type *type, enum place_use use, uint32_t depth,
                  struct expression *found)
{
    struct program *program = body->program;
    size_t local_count = body->variables.count;
    uint32_t count = (uint32_t)(local_count + program->globals.count);
    for (int attempt = 0; attempt < 24; attempt++) {
        uint32_t number = random_below(&program->random, count);
        if (local_count != 0 && random_chance(&program->random, 35))
            number = random_below(&program->random, (uint32_t)local_count);
        struct variable *variable = number < local_count
                                        ? body->variables.at[number]
                                        : program->globals.at[number - local_count];
        struct place place = {{variable->name, LEVEL_POSTFIX}, variable->type};
        if (can_start_behind(body, variable, type)) {
            place.expression.text = arena_printf(program->arena, "*%s", variable->name);
            place.expression.level = LEVEL_UNARY;
            place.type = variable->type->element;
        } else if (!can_start_at(body, variable, type, use)) {
            continue;
        }
        descend(body, &place, type, depth);
        *found = place.expression;
        return true;
    }
    return false;
}
