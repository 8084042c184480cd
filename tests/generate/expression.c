#include "tests/generate/body.h"

static struct expression at_level(const char *text, int level)
{
    return (struct expression){text, level};
}

static const char *in_parentheses(struct body *body, struct expression expression, int level)
{
    bool is_needed = expression.level < level;
    if (!is_needed &&
        (expression.level >= LEVEL_UNARY || random_chance(&body->program->random, 80)))
        return expression.text;
    return arena_printf(body->program->arena, "(%s)", expression.text);
}

const char *random_operand(struct body *body, const struct type *type, uint32_t depth, int level)
{
    return in_parentheses(body, random_expression(body, type, depth), level);
}

/* left operator right; operators of one level group to the left. */
static struct expression binary(struct body *body, const struct type *type, const char *operator,
                                int level, uint32_t depth)
{
    const char *left = random_operand(body, type, depth, level);
    const char *right = random_operand(body, type, depth, level + 1);
    return at_level(arena_printf(body->program->arena, "%s %s %s", left, operator, right), level);
}

/* A divisor that is not 0, and not -1 where the dividend may be INT_MIN. */
static const char *safe_divisor(struct body *body, const struct type *type, uint32_t depth)
{
    struct arena *arena = body->program->arena;
    struct random *random = &body->program->random;
    bool is_int = type->kind == TYPE_INT;
    if (may_fault_here(body->program))
        return random_operand(body, type, depth, LEVEL_UNARY);
    switch (random_below(random, 4)) {
    case 0:
        return arena_printf(arena, is_int ? "%u" : "%uu", (unsigned)random_between(random, 1, 300));
    case 1:
        if (is_int)
            return arena_printf(arena, "(-%u)", (unsigned)random_between(random, 2, 50));
        return arena_printf(arena, "(%s | 1u)", random_operand(body, type, depth, LEVEL_BIT_OR));
    default:
        return arena_printf(arena, is_int ? "((%s & %u) + 1)" : "((%s & %uu) + 1u)",
                            random_operand(body, type, depth, LEVEL_BIT_AND),
                            (1u << random_between(random, 1, 12)) - 1);
    }
}

static struct expression division(struct body *body, const struct type *type, uint32_t depth)
{
    const char *left = random_operand(body, type, depth, LEVEL_PRODUCT);
    const char *right = safe_divisor(body, type, depth);
    const char *operator= random_chance(&body->program->random, 50) ? "/" : "%";
    return at_level(arena_printf(body->program->arena, "%s %s %s", left, operator, right),
                    LEVEL_PRODUCT);
}

static const char *safe_amount(struct body *body, uint32_t depth)
{
    struct program *program = body->program;
    struct random *random = &program->random;
    bool is_int = random_chance(random, 40);
    if (may_fault_here(program))
        return random_operand(body, program->type_int, depth, LEVEL_SUM);
    if (random_chance(random, 50))
        return arena_printf(program->arena, is_int ? "%u" : "%uu",
                            (unsigned)random_below(random, 32));
    return arena_printf(
        program->arena, "(%s)",
        random_bounded(body, is_int ? program->type_int : program->type_unsigned, 32, depth));
}

static struct expression shift(struct body *body, const struct type *type, uint32_t depth)
{
    const char *left = random_operand(body, type, depth, LEVEL_SHIFT);
    const char *operator= random_chance(&body->program->random, 50) ? "<<" : ">>";
    return at_level(
        arena_printf(body->program->arena, "%s %s %s", left, operator, safe_amount(body, depth)),
        LEVEL_SHIFT);
}

const char *random_bounded(struct body *body, const struct type *type, uint32_t limit,
                           uint32_t depth)
{
    struct program *program = body->program;
    const char *suffix = type->kind == TYPE_INT ? "" : "u";
    bool is_power_of_two = (limit & (limit - 1)) == 0;
    if (is_power_of_two && random_chance(&program->random, 60))
        return arena_printf(program->arena, "%s & %u%s",
                            random_operand(body, type, depth, LEVEL_BIT_AND), (unsigned)limit - 1,
                            suffix);
    if (type->kind == TYPE_UNSIGNED)
        return arena_printf(program->arena, "%s %% %uu",
                            random_operand(body, type, depth, LEVEL_PRODUCT), (unsigned)limit);
    return arena_printf(program->arena, "(int)(%s %% %uu)",
                        random_operand(body, program->type_unsigned, depth, LEVEL_PRODUCT),
                        (unsigned)limit);
}

static struct expression leaf(struct body *body, const struct type *type, uint32_t depth)
{
    struct expression place;
    if (random_chance(&body->program->random, 75) &&
        random_place(body, type, PLACE_READ, depth, &place))
        return place;
    return at_level(random_constant(body->program, type), LEVEL_UNARY);
}

/* A minus before a minus would be another token. */
static struct expression unary(struct body *body, const struct type *type, const char *operator,
                               uint32_t depth)
{
    const char *operand = random_operand(body, type, depth, LEVEL_UNARY);
    const char *format = operand[0] == operator[0] ? "%s(%s)" : "%s%s";
    return at_level(arena_printf(body->program->arena, format, operator, operand), LEVEL_UNARY);
}

static struct expression cast(struct body *body, const struct type *to, const struct type *from,
                              uint32_t depth)
{
    const char *operand = random_operand(body, from, depth, LEVEL_UNARY);
    return at_level(
        arena_printf(body->program->arena, "(%s)%s", declare(body->program, to, ""), operand),
        LEVEL_UNARY);
}

static struct expression random_cast(struct body *body, const struct type *to, uint32_t depth)
{
    struct program *program = body->program;
    const struct type *from[] = {program->type_int, program->type_unsigned, program->type_char,
                                 program->type_bool};
    uint32_t count = to->kind == TYPE_INT ? 4 : 3;
    return cast(body, to, from[random_below(&program->random, count)], depth);
}

static struct expression size_of(struct body *body)
{
    struct program *program = body->program;
    const struct type *type =
        program->types.at[random_below(&program->random, (uint32_t)program->types.count)];
    if (!type_has_fixed_size(type))
        type = program->type_int;
    return at_level(arena_printf(program->arena, "sizeof(%s)", declare(program, type, "")),
                    LEVEL_UNARY);
}

static struct expression word_expression(struct body *body, const struct type *type, uint32_t depth)
{
    static const struct {
        const char *operator;
        int level;
    } operators[] = {{"+", LEVEL_SUM},     {"+", LEVEL_SUM},     {"-", LEVEL_SUM},
                     {"*", LEVEL_PRODUCT}, {"&", LEVEL_BIT_AND}, {"|", LEVEL_BIT_OR},
                     {"^", LEVEL_BIT_XOR}};
    struct random *random = &body->program->random;
    uint32_t kind = random_below(random, 100);
    if (kind < 45) {
        uint32_t which = random_below(random, sizeof operators / sizeof operators[0]);
        return binary(body, type, operators[which].operator, operators[which].level, depth - 1);
    }
    if (kind < 55)
        return division(body, type, depth - 1);
    if (kind < 64)
        return shift(body, type, depth - 1);
    if (kind < 72)
        return unary(body, type, random_chance(random, 50) ? "-" : "~", depth - 1);
    if (kind < 85)
        return random_cast(body, type, depth - 1);
    if (kind < 88 && type->kind == TYPE_UNSIGNED)
        return size_of(body);
    return leaf(body, type, depth);
}

static struct expression comparison(struct body *body, uint32_t depth)
{
    static const char *const less[] = {"<", "<=", ">", ">="};
    struct program *program = body->program;
    struct random *random = &program->random;
    const struct type *type = random_scalar(program);
    bool is_ordered = type->kind != TYPE_BOOL && random_chance(random, 60);
    if (!is_ordered && random_chance(random, 20))
        type = random_elementary(program);
    if (is_ordered)
        return binary(body, type, less[random_below(random, 4)], LEVEL_LESS, depth);
    const char *operator= random_chance(random, 50) ? "==" : "!=";
    if (type->kind != TYPE_POINTER)
        return binary(body, type, operator, LEVEL_EQUAL, depth);
    /* C wants a pointer on one side at least to know what NULL is. */
    struct expression left;
    if (!random_place(body, type, PLACE_READ, depth, &left))
        return binary(body, program->type_int, "<", LEVEL_LESS, depth);
    const char *right = random_operand(body, type, depth, LEVEL_UNARY);
    return at_level(arena_printf(program->arena, "%s %s %s", left.text, operator, right),
                    LEVEL_EQUAL);
}

/* What makes reading behind a pointer safe stands left of && or ||. */
static struct expression guarded_pointer(struct body *body, uint32_t depth)
{
    struct program *program = body->program;
    struct variable *variable = NULL;
    for (int attempt = 0; attempt < 10 && variable == NULL; attempt++) {
        uint32_t count = (uint32_t)(body->variables.count + program->globals.count);
        uint32_t number = random_below(&program->random, count);
        struct variable *candidate = number < body->variables.count
                                         ? body->variables.at[number]
                                         : program->globals.at[number - body->variables.count];
        if (candidate->type->kind == TYPE_POINTER && candidate->facts.is_set)
            variable = candidate;
    }
    if (variable == NULL)
        return comparison(body, depth);
    bool was_not_null = variable->facts.is_not_null, is_and = random_chance(&program->random, 60);
    int level = is_and ? LEVEL_AND : LEVEL_OR;
    variable->facts.is_not_null = true;
    const char *right = random_operand(body, program->type_bool, depth, level + 1);
    variable->facts.is_not_null = was_not_null;
    return at_level(arena_printf(program->arena, is_and ? "%s != NULL && %s" : "%s == NULL || %s",
                                 variable->name, right),
                    level);
}

/* i < n && a[i] ..., d != 0 && x / d ..., s < 32 && x << s ... with places of unsigned type. */
static struct expression guarded_word(struct body *body, uint32_t depth)
{
    struct program *program = body->program;
    struct random *random = &program->random;
    struct expression place, array;
    const struct type *word = program->type_unsigned;
    if (!random_place(body, word, PLACE_READ, 0, &place))
        return comparison(body, depth);
    const char *guarded = place.text, *left, *part;
    uint32_t kind = random_below(random, 3);
    const struct type *row = program->globals.at[2]->type; /* int[8], of which there is one */
    if (kind == 0 && random_place(body, row, PLACE_READ, 0, &array)) {
        left = arena_printf(program->arena, "%s < 8u", guarded);
        part = arena_printf(
            program->arena, array.level == LEVEL_UNARY ? "(%s)[%s] > %s" : "%s[%s] > %s",
            array.text, guarded, random_operand(body, program->type_int, depth, LEVEL_SHIFT));
    } else if (kind == 1) {
        left = arena_printf(program->arena, "%s < 32u", guarded);
        part = arena_printf(program->arena, "(%s >> %s & 1u) == 1u",
                            random_operand(body, word, depth, LEVEL_SHIFT), guarded);
    } else {
        left = arena_printf(program->arena, "%s != 0u", guarded);
        part = arena_printf(program->arena, "%s %s %s < %s",
                            random_operand(body, word, depth, LEVEL_PRODUCT),
                            random_chance(random, 50) ? "/" : "%", guarded,
                            random_operand(body, word, depth, LEVEL_SHIFT));
    }
    if (random_chance(random, 70))
        return at_level(arena_printf(program->arena, "%s && %s", left, part), LEVEL_AND);
    return at_level(arena_printf(program->arena, "!(%s) || %s", left, part), LEVEL_OR);
}

static struct expression bool_expression(struct body *body, uint32_t depth)
{
    const struct type *type = body->program->type_bool;
    uint32_t kind = random_below(&body->program->random, 100);
    if (kind < 45)
        return comparison(body, depth - 1);
    if (kind < 55)
        return binary(body, type, "&&", LEVEL_AND, depth - 1);
    if (kind < 65)
        return binary(body, type, "||", LEVEL_OR, depth - 1);
    if (kind < 75)
        return unary(body, type, "!", depth - 1);
    if (kind < 82)
        return guarded_pointer(body, depth - 1);
    if (kind < 90)
        return guarded_word(body, depth - 1);
    return leaf(body, type, depth);
}

static struct expression pointer_expression(struct body *body, const struct type *type,
                                            uint32_t depth)
{
    struct random *random = &body->program->random;
    struct expression place;
    uint32_t kind = random_below(random, 100);
    if (kind < 50 && random_place(body, type, PLACE_READ, depth, &place))
        return place;
    if (kind < 90 && random_place(body, type->element, PLACE_ADDRESS, depth, &place))
        return at_level(arena_printf(body->program->arena, "&%s", place.text), LEVEL_UNARY);
    return at_level("NULL", LEVEL_POSTFIX);
}

struct expression random_expression(struct body *body, const struct type *type, uint32_t depth)
{
    if (type->kind == TYPE_POINTER)
        return pointer_expression(body, type, depth);
    if (depth == 0)
        return leaf(body, type, 0);
    switch (type->kind) {
    case TYPE_INT:
    case TYPE_UNSIGNED:
        return word_expression(body, type, depth);
    case TYPE_BOOL:
        return bool_expression(body, depth);
    case TYPE_CHAR:
        return random_chance(&body->program->random, 50) ? random_cast(body, type, depth - 1)
                                                         : leaf(body, type, depth);
    case TYPE_POINTER:
    case TYPE_ARRAY:
    case TYPE_STRUCT:
        break;
    }
    return leaf(body, type, 0);
}
