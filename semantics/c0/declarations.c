#include "base/array.h"
#include "semantics/c0/front.h"
#include "semantics/c0/names.h"

#include <string.h>

/* The tags as they are printed: structs of one tag that differ get names of their own. */
struct printed_struct {
    const struct c0_type *type;
    const char *tag;
    bool is_printed;
};

struct printer {
    struct arena *arena;
    struct text_builder *out;
    struct c0_names structs; /* by the address of the type: printed_struct */
    struct c0_names tags;
    struct {
        struct printed_struct **at;
        size_t count, capacity;
    } order;
};

static struct printed_struct *struct_of(const struct printer *printer, const struct c0_type *type)
{
    return c0_names_find(&printer->structs, (struct text){(const char *)&type, sizeof type});
}

static const char *basic_name(const struct c0_type *type)
{
    switch (type->kind) {
    case C0_TYPE_VOID:
        return "void";
    case C0_TYPE_INT:
        return "int";
    case C0_TYPE_UNSIGNED:
        return "unsigned int";
    case C0_TYPE_CHAR:
        return "char";
    case C0_TYPE_BOOL:
        return "bool";
    case C0_TYPE_POINTER:
    case C0_TYPE_ARRAY:
    case C0_TYPE_STRUCT:
        break;
    }
    return "";
}

/* A declarator is read from the name outward, so it is built that way: each pointer and array
 * around the name, and the specifier last. `printer` (may be NULL) gives the tags. */
static void print_type(const struct printer *printer, const struct c0_type *type, const char *name,
                       struct text_builder *out)
{
    const char *declarator = name;
    while (type->kind == C0_TYPE_POINTER || type->kind == C0_TYPE_ARRAY) {
        if (type->kind == C0_TYPE_ARRAY)
            declarator = arena_printf(out->arena, "%s[%u]", declarator, (unsigned)type->length);
        else if (type->element->kind == C0_TYPE_ARRAY)
            declarator = arena_printf(out->arena, "(*%s)", declarator);
        else
            declarator = arena_printf(out->arena, "*%s", declarator);
        type = type->element;
    }
    if (type->kind == C0_TYPE_STRUCT) {
        const struct printed_struct *known = printer == NULL ? NULL : struct_of(printer, type);
        text_append(out, "struct %s", known == NULL ? type->tag : known->tag);
    } else {
        text_append(out, "%s", basic_name(type));
    }
    if (declarator[0] != '\0')
        text_append(out, "%s%s", declarator[0] == '[' ? "" : " ", declarator);
}

void c0_print_type(const struct c0_type *type, const char *name, struct text_builder *out)
{
    print_type(NULL, type, name, out);
}

/* A tag that no other printed struct has. */
static const char *free_tag(struct printer *printer, const char *tag)
{
    const char *free = tag;
    for (unsigned number = 2; *c0_names_at(&printer->tags, text_of(free)) != NULL; number++)
        free = arena_printf(printer->arena, "%s_%u", tag, number);
    *c0_names_at(&printer->tags, text_of(free)) = printer;
    return free;
}

/* Notes the struct that a type is made of, if it is new. Those its fields are made of are noted
 * when its turn comes. */
static void note_type(struct printer *printer, const struct c0_type *type)
{
    while (type->kind == C0_TYPE_POINTER || type->kind == C0_TYPE_ARRAY)
        type = type->element;
    if (type->kind != C0_TYPE_STRUCT || struct_of(printer, type) != NULL)
        return;
    struct printed_struct *noted = ARENA_NEW(printer->arena, struct printed_struct);
    const char *key = arena_copy(printer->arena, (const char *)&type, sizeof type);
    noted->type = type;
    noted->tag = free_tag(printer, type->tag);
    *c0_names_at(&printer->structs, (struct text){key, sizeof type}) = noted;
    ARRAY_PUSH(printer->arena, &printer->order, noted);
}

static void note_types(struct printer *printer, const struct c0_program *program)
{
    for (uint32_t i = 0; i < program->global_count; i++)
        note_type(printer, program->globals[i]->type);
    for (uint32_t i = 0; i < program->function_count; i++) {
        const struct c0_function *function = program->functions[i];
        note_type(printer, function->result);
        /* Locals too: what is allocated through them lies in the heap for all to see. */
        for (uint32_t k = 0; k < function->variable_count; k++)
            note_type(printer, function->variables[k]->type);
    }
    for (size_t i = 0; i < printer->order.count; i++) {
        const struct c0_type *type = printer->order.at[i]->type;
        for (uint32_t k = 0; k < type->field_count; k++)
            note_type(printer, type->fields[k].type);
    }
}

/* A struct's definition, behind those of the structs that it contains. */
static void print_struct(struct printer *printer, struct printed_struct *noted)
{
    const struct c0_type *type = noted->type;
    if (noted->is_printed || !type->is_complete)
        return;
    noted->is_printed = true;
    for (uint32_t i = 0; i < type->field_count; i++) {
        const struct c0_type *part = type->fields[i].type;
        while (part->kind == C0_TYPE_ARRAY)
            part = part->element;
        if (part->kind == C0_TYPE_STRUCT)
            print_struct(printer, struct_of(printer, part));
    }
    text_append(printer->out, "struct %s {\n", noted->tag);
    for (uint32_t i = 0; i < type->field_count; i++) {
        text_append(printer->out, "    ");
        print_type(printer, type->fields[i].type, type->fields[i].name, printer->out);
        text_append(printer->out, ";\n");
    }
    text_append(printer->out, "};\n");
}

static void print_function(struct printer *printer, const struct c0_function *function)
{
    struct text_builder head = {.arena = printer->arena};
    text_append(&head, "%s(", function->name);
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        text_append(&head, "%s", i == 0 ? "" : ", ");
        print_type(printer, function->variables[i]->type, function->variables[i]->name, &head);
    }
    text_append(&head, function->parameter_count == 0 ? "void)" : ")");
    print_type(printer, function->result, text_built(&head), printer->out);
    text_append(printer->out, ";\n");
}

/* The first of each name is printed: globals and functions share a name only across files. */
static bool is_first(struct c0_names *seen, const char *name)
{
    void **slot = c0_names_at(seen, text_of(name));
    bool is_new = *slot == NULL;
    *slot = seen;
    return is_new;
}

void c0_print_declarations(const struct c0_program *program, struct text_builder *out)
{
    struct arena *arena = out->arena;
    struct printer printer = {
        .arena = arena, .out = out, .structs = {.arena = arena}, .tags = {.arena = arena}};
    struct c0_names seen = {.arena = arena};
    note_types(&printer, program);
    for (size_t i = 0; i < printer.order.count; i++)
        text_append(out, "struct %s;\n", printer.order.at[i]->tag);
    for (size_t i = 0; i < printer.order.count; i++)
        print_struct(&printer, printer.order.at[i]);
    for (uint32_t i = 0; i < program->global_count; i++) {
        const struct c0_variable *global = program->globals[i];
        if (!is_first(&seen, global->name))
            continue;
        text_append(out, "extern ");
        print_type(&printer, global->type, global->name, out);
        text_append(out, ";\n");
    }
    for (uint32_t i = 0; i < program->function_count; i++) {
        if (is_first(&seen, program->functions[i]->name))
            print_function(&printer, program->functions[i]);
    }
}
