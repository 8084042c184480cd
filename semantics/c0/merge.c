#include "semantics/c0/merge.h"

#include "base/require.h"

/* A struct's class is a number; structs of one class look alike as far as was compared. */
struct classes {
    struct arena *arena;
    struct c0_names by_signature;
    uint32_t count;
};

static uint32_t class_of(struct classes *classes, struct text signature)
{
    uintptr_t class = (uintptr_t)c0_names_find(&classes->by_signature, signature);
    if (class == 0) {
        const char *kept = arena_copy(classes->arena, signature.at, signature.length);
        class = ++classes->count;
        *c0_names_at(&classes->by_signature, (struct text){kept, signature.length}) = (void *)class;
    }
    return (uint32_t) class;
}

/* A type with its structs as their classes. */
static void append_type(struct text_builder *signature, const struct c0_type *type)
{
    while (type->kind == C0_TYPE_POINTER || type->kind == C0_TYPE_ARRAY) {
        if (type->kind == C0_TYPE_POINTER)
            text_append(signature, "*");
        else
            text_append(signature, "[%u]", (unsigned)type->length);
        type = type->element;
    }
    if (type->kind == C0_TYPE_STRUCT)
        text_append(signature, "s%u;", (unsigned)c0_type_node(type)->class);
    else
        text_append(signature, "k%u;", (unsigned)type->kind);
}

/* The class so far, then the fields. */
static uint32_t refined(struct classes *classes, const struct c0_type_node *node)
{
    struct text_builder signature = {.arena = classes->arena};
    text_append(&signature, "%u:", (unsigned)node->class);
    for (uint32_t i = 0; i < node->type.field_count; i++) {
        text_append(&signature, "%s ", node->type.fields[i].name);
        append_type(&signature, node->type.fields[i].type);
    }
    return class_of(classes, (struct text){text_built(&signature), signature.length});
}

/* For each struct the one it is compared as: itself, or if it is only declared the first one of
 * its tag that is defined. The first classes are the tags. */
static struct c0_type_node **compared_as(struct c0_types *types, struct arena *arena)
{
    struct c0_type_node **as = ARENA_ARRAY(arena, struct c0_type_node *, types->struct_count);
    struct c0_names defined = {.arena = arena};
    struct classes tags = {.arena = arena, .by_signature = {.arena = arena}};
    for (size_t i = 0; i < types->struct_count; i++) {
        struct c0_type_node *node = types->structs[i];
        node->class = class_of(&tags, text_of(node->type.tag));
        void **slot = c0_names_at(&defined, text_of(node->type.tag));
        if (*slot == NULL && node->type.is_complete)
            *slot = node;
    }
    for (size_t i = 0; i < types->struct_count; i++) {
        struct c0_type_node *node = types->structs[i];
        struct c0_type_node *first = c0_names_find(&defined, text_of(node->type.tag));
        as[i] = node->type.is_complete || first == NULL ? node : first;
    }
    return as;
}

/* Splits the classes until no two structs of one differ in a field's type. */
static void classify(struct c0_types *types, struct arena *arena)
{
    struct c0_type_node **as = compared_as(types, arena);
    uint32_t *next = ARENA_ARRAY(arena, uint32_t, types->struct_count);
    for (uint32_t last = 0;;) {
        struct arena *round = arena_new();
        struct classes classes = {.arena = round, .by_signature = {.arena = round}};
        for (size_t i = 0; i < types->struct_count; i++)
            next[i] = refined(&classes, as[i]);
        for (size_t i = 0; i < types->struct_count; i++)
            types->structs[i]->class = next[i];
        arena_free(round);
        if (classes.count == last)
            return;
        last = classes.count;
    }
}

void c0_merge_structs(struct c0_types *types)
{
    struct arena *arena = arena_new();
    classify(types, arena);
    struct c0_type_node **first =
        ARENA_ARRAY(arena, struct c0_type_node *, types->struct_count + 1);
    for (size_t i = 0; i < types->struct_count; i++) {
        struct c0_type_node *node = types->structs[i];
        struct c0_type_node *known = first[node->class];
        if (known == NULL || (!known->type.is_complete && node->type.is_complete))
            first[node->class] = node;
    }
    for (size_t i = 0; i < types->struct_count; i++)
        types->structs[i]->canonical = first[types->structs[i]->class];
    for (size_t i = 0; i < types->struct_count; i++) {
        struct c0_type_node *node = types->structs[i];
        struct c0_field *fields = (struct c0_field *)node->type.fields;
        for (uint32_t k = 0; node->canonical == node && k < node->type.field_count; k++)
            fields[k].type = c0_merge_type(types, fields[k].type);
    }
    arena_free(arena);
}

const struct c0_type *c0_merge_type(struct c0_types *types, const struct c0_type *type)
{
    struct c0_type_node *node = c0_type_node(type);
    if (node->canonical == NULL) {
        const struct c0_type *merged = type;
        if (type->kind == C0_TYPE_POINTER)
            merged = c0_type_pointer(types, c0_merge_type(types, type->element));
        else if (type->kind == C0_TYPE_ARRAY)
            merged = c0_type_array(types, c0_merge_type(types, type->element), type->length);
        node->canonical = c0_type_node(merged);
    }
    return &node->canonical->type;
}

void c0_merge_in_variable(struct c0_types *types, struct c0_variable *variable)
{
    variable->type = c0_merge_type(types, variable->type);
}

/* The tree was made by this front end and is nobody else's yet: its nodes may be written. */
static void merge_in_expr(struct c0_types *types, const struct c0_expr *constant)
{
    struct c0_expr *expr = (struct c0_expr *)constant;
    if (expr == NULL)
        return;
    merge_in_expr(types, expr->base);
    merge_in_expr(types, expr->index);
    expr->type = c0_merge_type(types, expr->type);
    if (expr->operand_type != NULL)
        expr->operand_type = c0_merge_type(types, expr->operand_type);
    if (expr->field != NULL)
        expr->field = &expr->base->type->fields[expr->field->index];
}

static void merge_in_stmt(struct c0_types *types, const struct c0_stmt *constant)
{
    struct c0_stmt *stmt = (struct c0_stmt *)constant;
    if (stmt == NULL)
        return;
    merge_in_expr(types, stmt->place);
    merge_in_expr(types, stmt->value);
    for (uint32_t i = 0; i < stmt->argument_count; i++)
        merge_in_expr(types, stmt->arguments[i]);
    if (stmt->allocated != NULL)
        stmt->allocated = c0_merge_type(types, stmt->allocated);
    merge_in_stmt(types, stmt->body);
    merge_in_stmt(types, stmt->otherwise);
    for (uint32_t i = 0; i < stmt->stmt_count; i++)
        merge_in_stmt(types, stmt->stmts[i]);
}

void c0_merge_in_function(struct c0_types *types, struct c0_function *function)
{
    function->result = c0_merge_type(types, function->result);
    for (uint32_t i = 0; i < function->variable_count; i++)
        c0_merge_in_variable(types, function->variables[i]);
    merge_in_stmt(types, function->body);
}
