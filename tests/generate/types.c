#include "tests/generate/model.h"

static struct type *type_new(struct program *program, enum type_kind kind, uint32_t cells)
{
    struct type *type = ARENA_NEW(program->arena, struct type);
    type->kind = kind;
    type->cells = cells;
    type->number = (uint32_t)program->types.count;
    ARRAY_PUSH(program->arena, &program->types, type);
    return type;
}

const struct type *type_pointer(struct program *program, const struct type *element)
{
    for (size_t i = 0; i < program->types.count; i++) {
        const struct type *type = program->types.at[i];
        if (type->kind == TYPE_POINTER && type->element == element)
            return type;
    }
    struct type *type = type_new(program, TYPE_POINTER, 1);
    type->element = element;
    return type;
}

const struct type *type_array(struct program *program, const struct type *element, uint32_t length)
{
    for (size_t i = 0; i < program->types.count; i++) {
        const struct type *type = program->types.at[i];
        if (type->kind == TYPE_ARRAY && type->element == element && type->length == length)
            return type;
    }
    struct type *type = type_new(program, TYPE_ARRAY, element->cells * length);
    type->element = element;
    type->length = length;
    return type;
}

bool type_is_elementary(const struct type *type)
{
    return type->kind != TYPE_ARRAY && type->kind != TYPE_STRUCT;
}

bool type_is_word(const struct type *type)
{
    return type->kind == TYPE_INT || type->kind == TYPE_UNSIGNED;
}

bool type_contains(const struct type *type, const struct type *part)
{
    if (type == part)
        return true;
    if (type->kind == TYPE_ARRAY)
        return type_contains(type->element, part);
    if (type->kind != TYPE_STRUCT)
        return false;
    for (uint32_t i = 0; i < type->field_count; i++) {
        if (type_contains(type->fields[i].type, part))
            return true;
    }
    return false;
}

bool type_has_fixed_size(const struct type *type)
{
    if (type->kind == TYPE_ARRAY)
        return type_has_fixed_size(type->element);
    if (type->kind != TYPE_STRUCT)
        return type_is_word(type);
    for (uint32_t i = 0; i < type->field_count; i++) {
        if (!type_has_fixed_size(type->fields[i].type))
            return false;
    }
    return true;
}

const struct type *random_scalar(struct program *program)
{
    switch (random_below(&program->random, 10)) {
    case 0:
    case 1:
    case 2:
    case 3:
        return program->type_int;
    case 4:
    case 5:
    case 6:
        return program->type_unsigned;
    case 7:
    case 8:
        return program->type_char;
    default:
        return program->type_bool;
    }
}

static const struct type *random_pointer(struct program *program)
{
    uint32_t kind = random_below(&program->random, 10);
    if (kind < 6)
        return type_pointer(
            program,
            program->structs.at[random_below(&program->random, (uint32_t)program->structs.count)]);
    if (kind == 6 && program->aliased.count != 0)
        return type_pointer(
            program,
            program->aliased.at[random_below(&program->random, (uint32_t)program->aliased.count)]);
    const struct type *element = random_scalar(program);
    if (kind == 9)
        element = type_pointer(program, element);
    return type_pointer(program, element);
}

const struct type *random_elementary(struct program *program)
{
    if (random_chance(&program->random, 20))
        return random_pointer(program);
    return random_scalar(program);
}

/* What stands before the declarator. */
static const char *specifier(const struct type *type)
{
    if (type->alias != NULL)
        return type->alias;
    switch (type->kind) {
    case TYPE_INT:
        return "int";
    case TYPE_UNSIGNED:
        return "unsigned int";
    case TYPE_CHAR:
        return "char";
    case TYPE_BOOL:
        return "bool";
    case TYPE_STRUCT:
        return type->tag;
    case TYPE_POINTER:
    case TYPE_ARRAY:
        break;
    }
    return "";
}

/* Pointers to arrays are written through the array's typedef, so a declarator is a row of stars, a
 * name and a row of brackets. */
const char *declare(struct program *program, const struct type *type, const char *name)
{
    const char *declarator = name;
    while (type->alias == NULL && type->kind == TYPE_ARRAY) {
        declarator = arena_printf(program->arena, "%s[%u]", declarator, (unsigned)type->length);
        type = type->element;
    }
    while (type->alias == NULL && type->kind == TYPE_POINTER) {
        declarator = arena_printf(program->arena, "*%s", declarator);
        type = type->element;
    }
    if (declarator[0] == '\0')
        return specifier(type);
    return arena_printf(program->arena, "%s %s", specifier(type), declarator);
}

/* --- Making the program's types --- */

static void make_enum(struct program *program)
{
    struct random *random = &program->random;
    uint32_t count = random_between(random, 2, 5), value = 0;
    text_append(&program->types_text, "enum {");
    for (uint32_t i = 0; i < count; i++) {
        const char *name = arena_printf(program->arena, "C%u", (unsigned)program->constants.count);
        text_append(&program->types_text, "%s%s", i == 0 ? " " : ", ", name);
        if (random_chance(random, 40)) {
            value = random_below(random, 200) - 50;
            text_append(&program->types_text, " = %d", (int)value);
        }
        ARRAY_PUSH(program->arena, &program->constants, name);
        ARRAY_PUSH(program->arena, &program->constant_values, value++);
    }
    text_append(&program->types_text, " };\n");
}

static const struct type *random_field_type(struct program *program, uint32_t made)
{
    struct random *random = &program->random;
    const struct type *type = random_scalar(program);
    uint32_t kind = random_below(random, 10);
    if (kind < 2) /* any struct, also the one being made or a later one */
        type = type_pointer(
            program, program->structs.at[random_below(random, (uint32_t)program->structs.count)]);
    else if (kind == 2)
        type = random_pointer(program);
    else if (kind == 3 && made > 0)
        type = program->structs.at[random_below(random, made)];
    if (random_chance(random, 25) && type->cells <= 8)
        type = type_array(program, type, random_between(random, 2, 5));
    return type;
}

static void make_struct(struct program *program, uint32_t number)
{
    struct type *type = program->structs.at[number];
    uint32_t count = random_between(&program->random, 2, 5), cells = 0;
    struct field *fields = ARENA_ARRAY(program->arena, struct field, count);
    text_append(&program->types_text, "%s {\n", type->tag);
    for (uint32_t i = 0; i < count; i++) {
        fields[i].name = arena_printf(program->arena, "f%u", (unsigned)i);
        fields[i].type = random_field_type(program, number);
        if (i == 0 && number % 2 == 0) /* linked structures need it */
            fields[i].type = type_pointer(program, type);
        if (i == 1)
            fields[i].type =
                random_chance(&program->random, 50) ? program->type_int : program->type_unsigned;
        cells += fields[i].type->cells;
        text_append(&program->types_text, "    %s;\n",
                    declare(program, fields[i].type, fields[i].name));
    }
    type->fields = fields;
    type->field_count = count;
    type->cells = cells;
    text_append(&program->types_text, "};\n");
    if (random_chance(&program->random, 30)) {
        const char *alias = arena_printf(program->arena, "record%u", (unsigned)number);
        text_append(&program->types_text, "typedef %s %s;\n", type->tag, alias);
        type->alias = alias;
    }
    if (random_chance(&program->random, 20)) {
        const char *alias = arena_printf(program->arena, "link%u", (unsigned)number);
        struct type *pointer = (struct type *)type_pointer(program, type);
        text_append(&program->types_text, "typedef %s;\n", declare(program, pointer, alias));
        pointer->alias = alias;
    }
}

/* A typedef of an array, so that there can be pointers to it. */
static void make_alias(struct program *program, uint32_t number)
{
    uint32_t length = random_between(&program->random, 2, 9);
    struct type *type = (struct type *)type_array(program, random_scalar(program), length);
    if (type->alias != NULL)
        return;
    const char *alias = arena_printf(program->arena, "row%u", (unsigned)number);
    text_append(&program->types_text, "typedef %s;\n", declare(program, type, alias));
    type->alias = alias;
    ARRAY_PUSH(program->arena, &program->aliased, type);
}

void make_types(struct program *program)
{
    struct random *random = &program->random;
    program->type_int = type_new(program, TYPE_INT, 1);
    program->type_unsigned = type_new(program, TYPE_UNSIGNED, 1);
    program->type_char = type_new(program, TYPE_CHAR, 1);
    program->type_bool = type_new(program, TYPE_BOOL, 1);
    make_enum(program);
    if (random_chance(random, 50)) {
        text_append(&program->types_text, "typedef unsigned int word;\n");
        ((struct type *)program->type_unsigned)->alias = "word";
    }
    uint32_t count = random_between(random, 2, 4);
    for (uint32_t i = 0; i < count; i++) {
        struct type *type = type_new(program, TYPE_STRUCT, 1);
        type->tag = arena_printf(program->arena, "struct s%u", (unsigned)i);
        ARRAY_PUSH(program->arena, &program->structs, type);
        text_append(&program->types_text, "%s;\n", type->tag);
    }
    make_alias(program, 0);
    make_alias(program, 1);
    for (uint32_t i = 0; i < count; i++)
        make_struct(program, i);
}
