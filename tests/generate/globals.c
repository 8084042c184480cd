#include "tests/generate/model.h"

#include <inttypes.h>

static const char *random_char_constant(struct program *program)
{
    struct random *random = &program->random;
    static const char *const escapes[] = {"'\\n'", "'\\t'", "'\\0'", "'\\\\'", "'\\''"};
    switch (random_below(random, 8)) {
    case 0:
        return escapes[random_below(random, 5)];
    case 1:
        return arena_printf(program->arena, "(char)%u", (unsigned)random_below(random, 128));
    case 2:
        return arena_printf(program->arena, "(char)(-%u)", (unsigned)random_below(random, 129));
    case 3: /* only the low 8 bits stay */
        return arena_printf(program->arena, "(char)%u", (unsigned)random_below(random, 100000));
    default:
        return arena_printf(program->arena, "'%c'", (int)('0' + random_below(random, 40)));
    }
}

/* A word whose value is often at an edge. */
static uint32_t random_edge(struct random *random)
{
    uint32_t word = random_word(random);
    switch (random_below(random, 6)) {
    case 0:
        return word;
    case 1:
        return word >> (word & 31);
    case 2:
        return (1u << (word & 31)) - (word >> 31);
    case 3:
        return 0u - (word & 0xff);
    default:
        return word % 20;
    }
}

static const char *random_int_constant(struct program *program)
{
    struct random *random = &program->random;
    if (random_chance(random, 15))
        return program->constants.at[random_below(random, (uint32_t)program->constants.count)];
    uint32_t word = random_edge(random);
    if (word == 0x80000000u)
        return "(-2147483647 - 1)";
    if (word > 0x80000000u)
        return arena_printf(program->arena, "(-%" PRIu32 ")", 0u - word);
    return arena_printf(program->arena, random_chance(random, 30) ? "0x%" PRIx32 : "%" PRIu32,
                        word);
}

/* The address of a part with the pointer's element type in an earlier global, or NULL. */
static const char *random_address(struct program *program, const struct type *wanted)
{
    struct random *random = &program->random;
    for (int attempt = 0; attempt < 6 && program->globals.count != 0; attempt++) {
        const struct variable *global =
            program->globals.at[random_below(random, (uint32_t)program->globals.count)];
        const struct type *type = global->type;
        const char *place = global->name;
        while (type != wanted && type_contains(type, wanted)) {
            if (type->kind == TYPE_ARRAY) {
                place = arena_printf(program->arena, "%s[%u]", place,
                                     (unsigned)random_below(random, type->length));
                type = type->element;
                continue;
            }
            const struct field *field = &type->fields[random_below(random, type->field_count)];
            if (!type_contains(field->type, wanted))
                continue;
            place = arena_printf(program->arena, "%s.%s", place, field->name);
            type = field->type;
        }
        if (type == wanted)
            return arena_printf(program->arena, "&%s", place);
    }
    return "NULL";
}

const char *random_constant(struct program *program, const struct type *type)
{
    struct random *random = &program->random;
    switch (type->kind) {
    case TYPE_INT:
        return random_int_constant(program);
    case TYPE_UNSIGNED:
        return arena_printf(program->arena,
                            random_chance(random, 30) ? "0x%" PRIx32 "u" : "%" PRIu32 "u",
                            random_edge(random));
    case TYPE_CHAR:
        return random_char_constant(program);
    case TYPE_BOOL:
        return random_chance(random, 50) ? "true" : "false";
    case TYPE_POINTER:
        return random_chance(random, 25) ? "NULL" : random_address(program, type->element);
    case TYPE_ARRAY:
    case TYPE_STRUCT:
        break;
    }
    return "0";
}

/* A constant expression; small operands, so that no C compiler complains of an overflow. */
static const char *constant_expression(struct program *program, const struct type *type)
{
    struct random *random = &program->random;
    unsigned a = random_below(random, 100), b = random_between(random, 1, 30);
    static const char *const operators[] = {"+", "-", "*", "/", "%", "&", "|", "^", "<<"};
    const char *operator= operators[random_below(random, 9)];
    if (type->kind == TYPE_INT && random_chance(random, 30))
        return arena_printf(program->arena, "%u %s %u", a, operator, b % 7 + 1);
    if (type->kind == TYPE_UNSIGNED && random_chance(random, 30))
        return arena_printf(program->arena, "%uu %s %uu", a, operator, b % 7 + 1);
    if (type->kind == TYPE_UNSIGNED && random_chance(random, 10))
        return "sizeof(int)";
    if (type->kind == TYPE_INT && random_chance(random, 10))
        return "(int)'x' - (int)'a'";
    return random_constant(program, type);
}

static void print_initial(struct program *program, const struct type *type,
                          struct text_builder *out)
{
    if (type_is_elementary(type)) {
        text_append(out, "%s", constant_expression(program, type));
        return;
    }
    uint32_t count = type->kind == TYPE_ARRAY ? type->length : type->field_count;
    if (random_chance(&program->random, 15)) /* what is not written is zero */
        count = random_between(&program->random, 1, count);
    text_append(out, "{");
    for (uint32_t i = 0; i < count; i++) {
        text_append(out, "%s", i == 0 ? "" : ", ");
        print_initial(program, type->kind == TYPE_ARRAY ? type->element : type->fields[i].type,
                      out);
    }
    text_append(out, "}");
}

static void make_global(struct program *program, const struct type *type)
{
    struct random *random = &program->random;
    struct variable *global = ARENA_NEW(program->arena, struct variable);
    global->name = arena_printf(program->arena, "g%u", (unsigned)program->globals.count);
    global->type = type;
    global->scope = SCOPE_GLOBAL;
    global->is_static = random_chance(random, 25);
    global->facts.is_set = true;
    struct text_builder *out = &program->globals_text;
    const char *declaration = declare(program, type, global->name);
    if (!global->is_static && random_chance(random, 15))
        text_append(out, "extern %s;\n", declaration);
    text_append(out, "%s%s", global->is_static ? "static " : "", declaration);
    if (random_chance(random, 70)) {
        text_append(out, " = ");
        print_initial(program, type, out);
    }
    text_append(out, ";\n");
    ARRAY_PUSH(program->arena, &program->globals, global);
}

static const struct type *random_aggregate(struct program *program)
{
    struct random *random = &program->random;
    const struct type *record =
        program->structs.at[random_below(random, (uint32_t)program->structs.count)];
    switch (random_below(random, 4)) {
    case 0:
        return type_array(program, random_elementary(program), random_between(random, 2, 16));
    case 1:
        return type_array(program, type_array(program, random_scalar(program), 3),
                          random_between(random, 2, 4));
    case 2:
        return type_array(program, record, random_between(random, 2, 4));
    default:
        return record;
    }
}

/* At least: a word of each kind, an array of a power of two, each struct, a pointer to each. */
void make_globals(struct program *program)
{
    make_global(program, program->type_int);
    make_global(program, program->type_unsigned);
    make_global(program, type_array(program, program->type_int, 8));
    for (size_t i = 0; i < program->structs.count; i++)
        make_global(program, program->structs.at[i]);
    for (size_t i = 0; i < program->structs.count; i++)
        make_global(program, type_pointer(program, program->structs.at[i]));
    for (size_t i = 0; i < program->aliased.count; i++)
        make_global(program, program->aliased.at[i]);
    uint32_t count = random_between(&program->random, 4, 10);
    for (uint32_t i = 0; i < count; i++)
        make_global(program, random_chance(&program->random, 50) ? random_elementary(program)
                                                                 : random_aggregate(program));
}
