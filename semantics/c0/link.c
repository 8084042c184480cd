/* The files meet: structs of one tag and shape become one type, declarations of one name must
 * agree, and what is used must be defined. */
#include "base/array.h"
#include "base/require.h"
#include "semantics/c0/merge.h"
#include "semantics/c0/unit.h"

static const struct c0_type *canonical(struct c0_front *front, const struct c0_type *type)
{
    return c0_merge_type(&front->types, type);
}

static bool has_same_type(struct c0_front *front, const struct c0_symbol *left,
                          const struct c0_symbol *right)
{
    if (left->kind != right->kind || left->parameter_count != right->parameter_count ||
        canonical(front, left->type) != canonical(front, right->type))
        return false;
    for (uint32_t i = 0; i < left->parameter_count; i++) {
        if (canonical(front, left->parameters[i]) != canonical(front, right->parameters[i]))
            return false;
    }
    return true;
}

/* The tag of the struct that the type is made of, or NULL. Tags are interned. */
static const char *tag_below(const struct c0_type *type)
{
    while (type->kind == C0_TYPE_POINTER || type->kind == C0_TYPE_ARRAY)
        type = type->element;
    return type->tag;
}

/* The tag under which the two declarations mean different structs, or NULL. */
static const char *differing_tag(struct c0_front *front, const struct c0_symbol *left,
                                 const struct c0_symbol *right)
{
    if (left->kind != right->kind || left->parameter_count != right->parameter_count)
        return NULL;
    for (uint32_t i = 0; i <= left->parameter_count; i++) {
        const struct c0_type *one = i == 0 ? left->type : left->parameters[i - 1];
        const struct c0_type *other = i == 0 ? right->type : right->parameters[i - 1];
        if (canonical(front, one) != canonical(front, other) && tag_below(one) != NULL &&
            tag_below(one) == tag_below(other))
            return tag_below(one);
    }
    return NULL;
}

/* Each declaration of a name has the type of the first. */
static void check_declarations(struct c0_front *front)
{
    for (size_t i = 0; i < front->symbols.count; i++) {
        const struct c0_symbol *symbol = front->symbols.at[i];
        const struct c0_symbol *first = symbol->entity->first;
        if (symbol == first || has_same_type(front, symbol, first))
            continue;
        const char *tag = differing_tag(front, symbol, first);
        c0_diagnose(&front->diagnostics, symbol->where, "%s is declared differently at %s:%u%s%s%s",
                    symbol->name, first->where.file, (unsigned)first->where.line,
                    tag != NULL ? ", where struct " : "", tag != NULL ? tag : "",
                    tag != NULL ? " has another shape" : "");
    }
}

/* What is called, read, written or pointed to is defined somewhere; if another program may do
 * so, at least what is private to a file is. */
static void check_definition(struct c0_front *front, const struct c0_entity *entity)
{
    if (!entity->is_used || entity->definition != NULL)
        return;
    if (front->options->may_lack_definitions && !entity->first->is_static)
        return;
    c0_diagnose(&front->diagnostics, entity->first_use, "%s is declared but not defined%s",
                entity->first->name, entity->first->is_static ? " in this file" : " in any file");
}

static const struct c0_program *assemble(struct c0_front *front)
{
    struct c0_program *program = ARENA_NEW(front->arena, struct c0_program);
    const struct c0_function **functions =
        ARENA_ARRAY(front->arena, const struct c0_function *, front->functions.count);
    struct c0_variable **globals =
        ARENA_ARRAY(front->arena, struct c0_variable *, front->globals.count);
    for (size_t i = 0; i < front->functions.count; i++)
        functions[i] = front->functions.at[i]->function;
    for (size_t i = 0; i < front->globals.count; i++)
        globals[i] = front->globals.at[i]->variable;
    *program = (struct c0_program){
        .functions = functions,
        .function_count = (uint32_t)front->functions.count,
        .globals = globals,
        .global_count = (uint32_t)front->globals.count,
        .type_int = c0_type_basic(&front->types, C0_TYPE_INT),
        .type_unsigned = c0_type_basic(&front->types, C0_TYPE_UNSIGNED),
        .type_char = c0_type_basic(&front->types, C0_TYPE_CHAR),
        .type_bool = c0_type_basic(&front->types, C0_TYPE_BOOL),
        .type_void = c0_type_basic(&front->types, C0_TYPE_VOID),
    };
    return program;
}

const struct c0_program *c0_link(struct c0_front *front)
{
    bool has_files = front->unit_count > 1;
    if (has_files)
        c0_merge_structs(&front->types);
    check_declarations(front);
    for (size_t i = 0; i < front->functions.count; i++)
        check_definition(front, front->functions.at[i]);
    for (size_t i = 0; i < front->globals.count; i++)
        check_definition(front, front->globals.at[i]);
    if (front->diagnostics.count != 0)
        return NULL;
    for (size_t i = 0; has_files && i < front->functions.count; i++)
        c0_merge_in_function(&front->types, front->functions.at[i]->function);
    for (size_t i = 0; has_files && i < front->globals.count; i++)
        c0_merge_in_variable(&front->types, front->globals.at[i]->variable);
    return assemble(front);
}
