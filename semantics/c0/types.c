#include "semantics/c0/types.h"

#include "base/array.h"
#include "base/require.h"
#include "semantics/c0/front.h"

static struct c0_type_node *node_new(struct c0_types *types, enum c0_type_kind kind,
                                     uint32_t size_cells)
{
    struct c0_type_node *node = ARENA_NEW(types->arena, struct c0_type_node);
    node->type.kind = kind;
    node->type.size_cells = size_cells;
    node->type.is_complete = true;
    return node;
}

void c0_types_start(struct c0_types *types, struct arena *arena)
{
    *types = (struct c0_types){.arena = arena, .arrays = {.arena = arena}};
    for (int kind = C0_TYPE_VOID; kind <= C0_TYPE_BOOL; kind++)
        types->elementary[kind] =
            node_new(types, (enum c0_type_kind)kind, kind == C0_TYPE_VOID ? 0 : 1);
    types->null = node_new(types, C0_TYPE_POINTER, 1);
    types->null->type.element = c0_type_basic(types, C0_TYPE_VOID);
}

const struct c0_type *c0_type_pointer(struct c0_types *types, const struct c0_type *element)
{
    struct c0_type_node *node = c0_type_node(element);
    if (node->pointer_to == NULL) {
        node->pointer_to = node_new(types, C0_TYPE_POINTER, 1);
        node->pointer_to->type.element = element;
        /* Walks over a type do not follow pointers to structs, which may lead back. */
        node->pointer_to->nesting = element->kind == C0_TYPE_STRUCT ? 1 : node->nesting + 1;
    }
    return &node->pointer_to->type;
}

/* What array types are found by, without padding. */
struct array_key {
    const struct c0_type *element;
    uint64_t length;
};

const struct c0_type *c0_type_array(struct c0_types *types, const struct c0_type *element,
                                    uint32_t length)
{
    require(element->size_cells != 0 && length != 0 && length <= C0_MAX_CELLS / element->size_cells,
            "array type of checked size");
    struct array_key key = {element, length};
    void *known = c0_names_find(&types->arrays, (struct text){(const char *)&key, sizeof key});
    if (known != NULL)
        return known;
    struct c0_type_node *node = node_new(types, C0_TYPE_ARRAY, element->size_cells * length);
    node->type.element = element;
    node->type.length = length;
    node->nesting = c0_type_node(element)->nesting + 1;
    const char *kept = arena_copy(types->arena, (const char *)&key, sizeof key);
    *c0_names_at(&types->arrays, (struct text){kept, sizeof key}) = &node->type;
    return &node->type;
}

struct c0_type_node *c0_type_struct(struct c0_types *types, const char *tag, uint32_t unit,
                                    struct location where)
{
    struct c0_type_node *node = node_new(types, C0_TYPE_STRUCT, 0);
    node->type.tag = tag;
    node->field_names.arena = types->arena;
    node->type.is_complete = false;
    node->unit = unit;
    node->where = where;
    types->structs = array_grown(types->arena, types->structs, types->struct_count,
                                 &types->struct_capacity, sizeof *types->structs);
    types->structs[types->struct_count++] = node;
    return node;
}

void c0_type_complete(struct c0_type_node *node, struct c0_field *fields, uint32_t field_count)
{
    uint32_t offset_cells = 0;
    for (uint32_t i = 0; i < field_count; i++) {
        fields[i].index = i;
        fields[i].offset_cells = offset_cells;
        offset_cells += fields[i].type->size_cells;
        uint32_t nesting = c0_type_node(fields[i].type)->nesting + 1;
        node->nesting = nesting > node->nesting ? nesting : node->nesting;
    }
    node->type.fields = fields;
    node->type.field_count = field_count;
    node->type.size_cells = offset_cells;
    node->type.is_complete = true;
}

const struct c0_field *c0_type_field(const struct c0_type *type, const char *name)
{
    uintptr_t number = (uintptr_t)c0_names_find(&c0_type_node(type)->field_names, text_of(name));
    return number == 0 ? NULL : &type->fields[number - 1];
}

const char *c0_type_name(struct arena *arena, const struct c0_type *type)
{
    struct text_builder name = {.arena = arena};
    c0_print_type(type, "", &name);
    return text_built(&name);
}
